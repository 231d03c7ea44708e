"""Choosing, booking, moving and cancelling a talk: with an account, or by the link of a mail."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from credpoints.accounts.models import Person, User
from credpoints.common.moments import write_moment
from credpoints.common.tokens import token_hash
from credpoints.http.requests import SignedInRequest
from planning import invitations, letters, openings, timetable
from planning.actions import consultations, records
from planning.actions.consultations import TimeTaken
from planning.forms import BookForm, CancelForm, ChooseForm, ConfirmSummaryForm
from planning.models import Appointment, AppointmentLink, AppointmentState, ConsultationType
from planning.rules import is_visitor
from planning.workflow import APPOINTMENT


def week_page(
    kind: ConsultationType,
    person: Person | None,
    asked: str,
    *,
    reader_zone: str,
    only: User | None = None,
    ignoring: Appointment | None = None,
) -> dict[str, Any]:
    """One week of free times; without a wish, the first week that has some."""
    now = timezone.now()
    zone = kind.programme.time_zone
    week = _asked_week(asked, zone)
    following: list[openings.Opening] = []
    if week is None:
        following = openings.next_openings(kind, person, now=now)
        first = following[0].starts_at if following else now
        week = timetable.week_of(timezone.localtime(first, timezone=ZoneInfo(zone)).date(), zone)
    found = openings.openings(kind, person, now=now, since=week.begins, until=week.ends, only=only, ignoring=ignoring)
    if not found and not following:
        following = openings.next_openings(kind, person, now=now)
    return {
        "kind": kind,
        "week": week,
        "days": timetable.days(found, zone, reader_zone),
        "next_days": [] if found else timetable.days(following, zone, reader_zone),
        "has_previous": week.begins > now,
        "has_next": week.ends < now + kind.rules.horizon,
        "place_zone": zone,
        "reader_zone": reader_zone,
        "zones_differ": zone != reader_zone,
    }


def _asked_week(asked: str, zone: str) -> timetable.Week | None:
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return None
    return timetable.week_of(day, zone) if 2000 < day.year < 2200 else None


@require_GET
@login_required
def times(request: SignedInRequest, pk: int) -> HttpResponse:
    """The free times of a kind of talk, week by week."""
    kind = _kind(request, pk)
    person = _person(request.user)
    talk = _active(kind, person)
    if talk and talk.state != AppointmentState.HELD:
        return redirect(talk)
    only = _wanted_advisor(kind, request.GET.get("advisor", ""))
    page = week_page(
        kind, person, request.GET.get("week", ""), reader_zone=request.user.time_zone, only=only, ignoring=talk
    )
    return render(request, "planning/times.html", page | {"advisors": openings.advisors_of(kind), "only": only})


@require_POST
@login_required
def choose(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep the chosen time for ten minutes and show the short form."""
    kind = _kind(request, pk)
    form = ChooseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose one of the times."))
        return redirect("planning:times", pk=pk)
    starts_at = form.cleaned_data["starts_at"]
    only = _wanted_advisor(kind, str(form.cleaned_data["advisor"] or ""))
    try:
        talk = consultations.hold_time(kind=kind, starts_at=starts_at, by=request.user, advisor=only)
    except TimeTaken:
        page = week_page(kind, _person(request.user), starts_at.date().isoformat(), reader_zone=request.user.time_zone)
        taken = {"taken": starts_at, "advisors": openings.advisors_of(kind), "only": only}
        return render(request, "planning/times.html", page | taken, status=409)
    return redirect("planning:book", uuid=talk.uuid)


@require_http_methods(["GET", "POST"])
@login_required
def book(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The short form with the held time; pressing the button twice books once."""
    talk = _own_talk(request, uuid)
    if talk.state not in {AppointmentState.HELD, AppointmentState.LAPSED}:
        return redirect(talk)
    form = BookForm(request.POST or None, talk=talk)
    if request.method == "GET":
        return render(request, "planning/book.html", _book_page(talk, form))
    if not form.is_valid():
        return render(request, "planning/book.html", _book_page(talk, form), status=422)
    try:
        consultations.book_talk(talk=talk, by=request.user, **form.facts())
    except TimeTaken as refusal:
        again = BookForm(request.POST, talk=talk, auto_id=False)  # the same answers, hidden: no second id on the page
        page = _book_page(talk, form)
        page |= {"taken": refusal.starts_at, "next_days": _next_days(talk, refusal.starts_at), "again": again}
        return render(request, "planning/book.html", page, status=409)
    return redirect(f"{talk.get_absolute_url()}?booked=1")


def _book_page(talk: Appointment, form: BookForm) -> dict[str, Any]:
    now = timezone.now()
    held_until = talk.held_until if talk.held_until and talk.held_until > now else None
    return {"talk": talk, "form": form, "held_until": held_until, "step": _booking_step(talk)}


def _booking_step(talk: Appointment) -> Any:
    return APPOINTMENT.steps["request" if talk.type.needs_confirmation else "book"]


def _next_days(talk: Appointment, wanted: datetime) -> list[timetable.Day]:
    found = openings.openings_near(talk.type, talk.person, wanted, now=timezone.now())
    own = [opening for opening in found if talk.advisor in opening.advisors] or found
    return timetable.days(own, talk.place_zone, talk.person.time_zone)


@require_POST
@login_required
def give_back(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Leave the form: the time is free for others again."""
    talk = _own_talk(request, uuid)
    if talk.state == AppointmentState.HELD:
        consultations.give_back(talk=talk, by=request.user)
    return redirect("planning:times", pk=talk.type_id)


@require_GET
@login_required
def appointment(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """One's own talk: when, where, what to bring, and the summary once it is shared."""
    talk = get_object_or_404(Appointment.objects.visible_to(request.user).for_pages(), uuid=uuid)
    if not is_visitor(request.user, talk):
        return redirect("planning:consultation", uuid=talk.uuid)
    if talk.state == AppointmentState.HELD:
        return redirect("planning:book", uuid=talk.uuid)
    return render(request, "planning/appointment.html", _talk_page(request, talk, request.user, ""))


def _talk_page(request: HttpRequest, talk: Appointment, user: User | None, token: str) -> dict[str, Any]:
    record = getattr(talk, "record", None)
    return {
        "talk": talk,
        "steps": {step.name for step in APPOINTMENT.available(talk, user)},
        "too_late": talk.is_too_late(timezone.now()),
        "record": record if record and record.shared_at and not token else None,
        "confirm_form": ConfirmSummaryForm(),
        "just_booked": "booked" in request.GET,
        "wish": getattr(talk, "earlier_wish", None),
        "token": token,
        "move_url": _address(talk, token, "move"),
        "cancel_url": _address(talk, token, "cancel"),
        "calendar_url": _address(talk, token, "calendar"),
    }


def _address(talk: Appointment, token: str, what: str) -> str:
    return reverse(f"planning:manage_{what}", args=[token]) if token else reverse(f"planning:{what}", args=[talk.uuid])


@require_POST
@login_required
def confirm_summary(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The person has read the summary."""
    talk = _own_talk(request, uuid)
    form = ConfirmSummaryForm(request.POST)
    if form.is_valid():
        records.confirm_summary(talk=talk, by=request.user, comment=form.cleaned_data["comment"])
        messages.info(request, _("Thank you. The advisor sees that you have read the summary."))
    return redirect(talk)


@require_http_methods(["GET", "POST"])
@login_required
def move(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Choose another time for a booked talk."""
    talk = get_object_or_404(Appointment.objects.visible_to(request.user).for_pages(), uuid=uuid)
    return _move(request, talk, request.user, "")


@require_http_methods(["GET", "POST"])
@login_required
def cancel(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Cancel a booked talk."""
    talk = get_object_or_404(Appointment.objects.visible_to(request.user).for_pages(), uuid=uuid)
    return _cancel(request, talk, request.user, "")


@require_GET
@login_required
def calendar(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The calendar file of a talk."""
    talk = get_object_or_404(Appointment.objects.visible_to(request.user).for_pages(), uuid=uuid)
    return _calendar(talk, request.user)


# --- By the link of a mail: no signing in, the token stands for the person -------------------------------------------
def by_token(view: Callable[[HttpRequest, Appointment, str], HttpResponse]) -> Callable[..., HttpResponse]:
    """Find the talk of a mailed link; unknown links are not found, and no browser or proxy keeps the page."""

    def found(request: HttpRequest, token: str) -> HttpResponse:
        link = AppointmentLink.objects.filter(token_hash=token_hash(token)).first()
        if link is None:
            raise Http404
        talk = Appointment.objects.for_pages().get(pk=link.appointment_id)
        with timezone.override(ZoneInfo(talk.person.time_zone)):
            response = view(request, talk, token)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return found


@require_GET
@by_token
def manage(request: HttpRequest, talk: Appointment, token: str) -> HttpResponse:
    """The talk as the mail's reader manages it."""
    return render(request, "planning/appointment.html", _talk_page(request, talk, talk.person.user, token))


@require_http_methods(["GET", "POST"])
@by_token
def manage_move(request: HttpRequest, talk: Appointment, token: str) -> HttpResponse:
    return _move(request, talk, _visitor(talk), token)


@require_http_methods(["GET", "POST"])
@by_token
def manage_cancel(request: HttpRequest, talk: Appointment, token: str) -> HttpResponse:
    return _cancel(request, talk, _visitor(talk), token)


@require_GET
@by_token
def manage_calendar(request: HttpRequest, talk: Appointment, token: str) -> HttpResponse:
    return _calendar(talk, talk.person, invitations.manage_address(token))


def _visitor(talk: Appointment) -> User:
    if talk.person.user is None:
        raise Http404
    return talk.person.user


def _back(talk: Appointment, user: User, token: str) -> str:
    if token:
        return reverse("planning:manage", args=[token])
    if is_visitor(user, talk):
        return talk.get_absolute_url()
    return reverse("planning:consultation", args=[talk.uuid])


def _move(request: HttpRequest, talk: Appointment, user: User, token: str) -> HttpResponse:
    back = _back(talk, user, token)
    visitor = is_visitor(user, talk)
    if not APPOINTMENT.may("reschedule", talk, user) or (visitor and talk.is_too_late(timezone.now())):
        return redirect(back)
    status, taken = 200, None
    if request.method == "POST":
        form = ChooseForm(request.POST)
        if form.is_valid():
            starts_at: datetime = form.cleaned_data["starts_at"]
            try:
                if not visitor and "confirmed" not in request.POST:
                    return _ask_before_moving(request, talk, starts_at)
                tell = visitor or "tell" in request.POST
                consultations.reschedule_talk(talk=talk, starts_at=starts_at, by=user, tell=tell)
            except TimeTaken:
                status, taken = 409, starts_at
            else:
                messages.info(request, _("The talk has been moved."))
                return redirect(back)
        else:
            status = 422
    page = week_page(
        talk.type, talk.person, request.GET.get("week", "") or talk.starts_at.date().isoformat(),
        reader_zone=talk.person.time_zone if visitor else user.time_zone, only=talk.advisor, ignoring=talk,
    )  # fmt: skip
    page |= {"talk": talk, "taken": taken, "back": back}
    return render(request, "planning/move.html", page, status=status)


def _ask_before_moving(request: HttpRequest, talk: Appointment, starts_at: datetime) -> HttpResponse:
    """Staff read what the person is told, and may take the tick out."""
    page = {
        "talk": talk,
        "step": APPOINTMENT.steps["reschedule"],
        "change": _("New time: %(when)s") % {"when": write_moment(starts_at, talk.place_zone)},
        "hidden": {"starts_at": f"{starts_at:%Y-%m-%dT%H:%MZ}", "confirmed": "1"},
        "letters": letters.of_talk(talk, "reschedule", starts_at=starts_at),
        "back": reverse("planning:move", args=[talk.uuid]),
    }
    return render(request, "planning/step.html", page)


def _cancel(request: HttpRequest, talk: Appointment, user: User, token: str) -> HttpResponse:
    back = _back(talk, user, token)
    visitor = is_visitor(user, talk)
    if not APPOINTMENT.may("cancel", talk, user) or (visitor and talk.is_too_late(timezone.now())):
        return redirect(back)
    form = CancelForm(request.POST or None)
    if not visitor:
        form.fields["reason"].required = True
        form.fields["reason"].label = _("Reason, as the person reads it")
    if request.method == "POST" and form.is_valid():
        tell = visitor or "tell" in request.POST
        consultations.cancel_talk(talk=talk, by=user, reason=form.cleaned_data["reason"], tell=tell)
        messages.info(request, _("The talk is cancelled; the time is free again."))
        return redirect(back)
    status = 422 if request.method == "POST" else 200
    page = {"talk": talk, "form": form, "back": back, "step": APPOINTMENT.steps["cancel"], "for_other": not visitor}
    page["letters"] = [] if visitor else letters.of_talk(talk, "cancel")
    return render(request, "planning/cancel.html", page, status=status)


def _calendar(talk: Appointment, reader: User | Person, address: str = "") -> HttpResponse:
    response = HttpResponse(invitations.calendar_file(talk, reader, address), content_type="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="talk.ics"'
    return response


def _kind(request: SignedInRequest, pk: int) -> ConsultationType:
    kinds = ConsultationType.objects.visible_to(request.user).select_related("programme")
    return get_object_or_404(kinds.filter(is_open=True), pk=pk)


def _person(user: User) -> Person:
    person: Person | None = getattr(user, "person", None)
    if person is None:
        raise Http404
    return person


def _active(kind: ConsultationType, person: Person) -> Appointment | None:
    talks = Appointment.objects.claiming().filter(type=kind, person=person)
    return talks.exclude(state=AppointmentState.HELD, held_until__lte=timezone.now()).first()


def _own_talk(request: SignedInRequest, uuid: UUID) -> Appointment:
    talk = get_object_or_404(Appointment.objects.visible_to(request.user).for_pages(), uuid=uuid)
    if not is_visitor(request.user, talk):
        raise Http404
    return talk


def _wanted_advisor(kind: ConsultationType, asked: str) -> User | None:
    if not asked.isdigit():
        return None
    return next((advisor for advisor in openings.advisors_of(kind) if advisor.pk == int(asked)), None)
