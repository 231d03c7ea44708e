"""One's own talk: read, move, cancel it, with an account or by the link of a mail."""

from collections.abc import Callable
from datetime import datetime
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
from planning import invitations, letters
from planning.actions import consultations, records
from planning.actions.consultations import TimeTaken
from planning.forms import CancelForm, ChooseForm, ConfirmSummaryForm
from planning.models import Appointment, AppointmentLink, AppointmentState
from planning.rules import is_visitor
from planning.views.loading import own_talk
from planning.views.weeks import week_page
from planning.workflow import APPOINTMENT


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
    talk = own_talk(request, uuid)
    form = ConfirmSummaryForm(request.POST)
    if not form.is_valid():
        page = {**_talk_page(request, talk, request.user, ""), "confirm_form": form}
        return render(request, "planning/appointment.html", page, status=422)
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
    if not _may_change(talk, user, "reschedule"):
        return redirect(_back(talk, user, token))
    if request.method == "GET":
        return _times_to_move_to(request, talk, user, token)
    form = ChooseForm(request.POST)
    if not form.is_valid():
        return _times_to_move_to(request, talk, user, token, status=422)
    return _move_to(request, talk, user, token, form.cleaned_data["starts_at"])


def _may_change(talk: Appointment, user: User, step: str) -> bool:
    """Staff always, the person alone only before the notice time."""
    in_time = not is_visitor(user, talk) or not talk.is_too_late(timezone.now())
    return in_time and APPOINTMENT.may(step, talk, user)


def _times_to_move_to(
    request: HttpRequest, talk: Appointment, user: User, token: str, *, status: int = 200, taken: datetime | None = None
) -> HttpResponse:
    week = request.GET.get("week", "") or talk.starts_at.date().isoformat()
    zone = talk.person.time_zone if is_visitor(user, talk) else user.time_zone
    page = week_page(talk.type, talk.person, week, reader_zone=zone, only=talk.advisor, ignoring=talk)
    page |= {"talk": talk, "taken": taken, "back": _back(talk, user, token), "for_other": not is_visitor(user, talk)}
    return render(request, "planning/move.html", page, status=status)


def _move_to(request: HttpRequest, talk: Appointment, user: User, token: str, starts_at: datetime) -> HttpResponse:
    visitor = is_visitor(user, talk)
    if not visitor and "confirmed" not in request.POST:
        return _ask_before_moving(request, talk, starts_at)
    tell = visitor or "tell" in request.POST
    try:
        consultations.reschedule_talk(talk=talk, starts_at=starts_at, by=user, tell=tell)
    except TimeTaken:
        return _times_to_move_to(request, talk, user, token, status=409, taken=starts_at)
    messages.info(request, _("The talk has been moved."))
    return redirect(_back(talk, user, token))


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
    if not _may_change(talk, user, "cancel"):
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
