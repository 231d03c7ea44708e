"""Choosing a time and booking a talk."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from credpoints.accounts.models import Person, User
from credpoints.common.numbers import whole_number
from credpoints.http.requests import SignedInRequest
from planning import openings, timetable
from planning.actions import consultations
from planning.actions.consultations import TimeTaken
from planning.forms import BookForm, ChooseForm
from planning.models import Appointment, AppointmentState, ConsultationType
from planning.views.loading import own_talk
from planning.views.weeks import week_page
from planning.workflow import APPOINTMENT


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
        week, zone = starts_at.date().isoformat(), request.user.time_zone
        page = week_page(kind, _person(request.user), week, reader_zone=zone, only=only)
        taken = {"taken": starts_at, "advisors": openings.advisors_of(kind), "only": only}
        return render(request, "planning/times.html", page | taken, status=409)
    return redirect("planning:book", uuid=talk.uuid)


@require_http_methods(["GET", "POST"])
@login_required
def book(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The short form with the held time; pressing the button twice books once."""
    talk = own_talk(request, uuid)
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
    talk = own_talk(request, uuid)
    if talk.state == AppointmentState.HELD:
        consultations.give_back(talk=talk, by=request.user)
    return redirect("planning:times", pk=talk.type_id)


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


def _wanted_advisor(kind: ConsultationType, asked: str) -> User | None:
    wanted = whole_number(asked)
    return next((advisor for advisor in openings.advisors_of(kind) if advisor.pk == wanted), None)
