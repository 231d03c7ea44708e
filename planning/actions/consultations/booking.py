"""Hold a time, book it, and answer requests."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Application
from credpoints.accounts.models import Person, User
from credpoints.workflow import NoLongerPossible
from planning import openings
from planning.actions.consultations.claims import (
    TimeTaken,
    active_talk,
    check_offered,
    claim_cells,
    end_talk,
    free_lapsed_holds,
    lock_calendar,
    place_talk,
)
from planning.actions.consultations.earlier import offer_earlier
from planning.actions.consultations.telling import plan_reminders, tell_advisor, tell_person
from planning.models import Appointment, AppointmentState, ConsultationType, Mode
from planning.rules import is_visitor
from planning.workflow import APPOINTMENT

HOLD = timedelta(minutes=10)


def hold_time(
    *, kind: ConsultationType, starts_at: datetime, by: User, advisor: User | None = None, now: datetime | None = None
) -> Appointment:
    """Keep a time for ten minutes while the person fills the form in; choosing another time moves the hold.

    Whoever already has a talk of this kind gets that talk back. Raises TimeTaken.
    """
    now = now or timezone.now()
    person = by.person
    existing = active_talk(kind, person)
    if existing and existing.state != AppointmentState.HELD:
        return existing
    for candidate in openings.advisors_free_at(kind, starts_at, person, now=now, only=advisor, ignoring=existing):
        try:
            return _hold_with(kind=kind, starts_at=starts_at, advisor=candidate, person=person, now=now)
        except TimeTaken:
            continue
    # Pressed twice at the same moment: the other press has made the hold in the meantime.
    existing = active_talk(kind, person)
    if existing and existing.starts_at == starts_at:
        return existing
    raise TimeTaken(kind, starts_at)


def _hold_with(
    *, kind: ConsultationType, starts_at: datetime, advisor: User, person: Person, now: datetime
) -> Appointment:
    with transaction.atomic():
        lock_calendar(advisor)
        free_lapsed_holds(advisor=advisor, person=person, now=now)
        talk = active_talk(kind, person)
        if talk and talk.state != AppointmentState.HELD:
            return talk
        if not openings.advisors_free_at(kind, starts_at, person, now=now, only=advisor, ignoring=talk):
            raise TimeTaken(kind, starts_at)
        talk = talk or _new_talk(kind, person=person)
        talk.held_until = now + HOLD
        place_talk(talk, advisor=advisor, starts_at=starts_at, now=now)
        talk.save()
        claim_cells(talk)
    return talk


def _new_talk(kind: ConsultationType, *, person: Person) -> Appointment:
    application = Application.objects.filter(person=person, programme=kind.programme).running().first()
    return Appointment(
        type=kind,
        programme=kind.programme,
        person=person,
        application=application,
        place_zone=kind.programme.time_zone,
        visitor_zone=person.time_zone,
        mode=kind.mode_choices[0][0],
        place=kind.place,
        link=kind.link,
    )


def book_talk(
    *,
    talk: Appointment,
    by: User,
    mode: str = Mode.ONSITE,
    note: str = "",
    phone: str = "",
    answers: list[dict[str, Any]] | None = None,
    starts_at: datetime | None = None,
    now: datetime | None = None,
) -> Appointment:
    """Turn a hold into a talk: both sides get a mail with a calendar entry. Pressing the button twice books once.

    A hold that has lapsed in the meantime is taken again if the time is still free, else TimeTaken is raised.
    """
    now = now or timezone.now()
    step = "request" if talk.type.needs_confirmation and is_visitor(by, talk) else "book"
    with transaction.atomic():
        lock_calendar(talk.advisor)
        current = Appointment.objects.get(pk=talk.pk)
        if current.state in {AppointmentState.BOOKED, AppointmentState.REQUESTED}:
            return current
        free_lapsed_holds(advisor=talk.advisor, person=talk.person, now=now)
        other = active_talk(talk.type, talk.person)
        if other and other.pk != talk.pk:
            raise NoLongerPossible(_("You already have a talk of this kind."), other)
        _book(talk, step, by=by, mode=mode, note=note, phone=phone, answers=answers, starts_at=starts_at, now=now)
    return talk


def _book(talk: Appointment, step: str, *, by: User, starts_at: datetime | None, now: datetime, **facts: Any) -> None:
    with APPOINTMENT.take(step, talk, by=by) as locked:
        locked.mode, locked.note, locked.phone = facts["mode"], facts["note"], facts["phone"]
        locked.answers = facts["answers"] or []
        locked.booked_at = now if step == "book" else None
        wanted = starts_at or locked.starts_at
        if wanted != locked.starts_at or not locked.cells.exists():
            check_offered(locked, wanted, now)
            place_talk(locked, advisor=locked.advisor, starts_at=wanted, now=now)
            locked.save()
            claim_cells(locked)
        locked.held_until, locked.changed_at = None, now
        if step == "book":
            _settle_booking(locked, now=now)
        else:
            tell_advisor(locked, "requested")


def check_has_none(*, kind: ConsultationType, person: Person, now: datetime) -> None:
    """Refuse a second talk of a kind."""
    talk = active_talk(kind, person)
    if talk and not talk.hold_is_over(now):
        raise NoLongerPossible(_("This person already has a talk of this kind."))


def draft_talk(
    *, kind: ConsultationType, person: Person, advisor: User, starts_at: datetime, mode: str, now: datetime
) -> Appointment:
    """The talk as it would be booked, not saved yet: what the mails about it are written from."""
    talk = _new_talk(kind, person=person)
    talk.mode = mode
    place_talk(talk, advisor=advisor, starts_at=starts_at, now=now)
    return talk


def book_for(
    *, kind: ConsultationType, person: Person, advisor: User, starts_at: datetime, by: User, mode: str = Mode.ONSITE,
    tell: bool = True, now: datetime | None = None,
) -> Appointment:  # fmt: skip
    """Staff book for somebody, also outside the working hours; `tell` sends the mails. Raises TimeTaken."""
    now = now or timezone.now()
    with transaction.atomic():
        lock_calendar(advisor)
        free_lapsed_holds(advisor=advisor, person=person, now=now)
        existing = active_talk(kind, person)
        if existing and (existing.starts_at, existing.advisor_id) == (starts_at, advisor.pk):
            return existing  # the button was pressed twice
        check_has_none(kind=kind, person=person, now=now)
        talk = draft_talk(kind=kind, person=person, advisor=advisor, starts_at=starts_at, mode=mode, now=now)
        talk.held_until = now + HOLD
        talk.save()
        claim_cells(talk)
        with APPOINTMENT.take("book", talk, by=by) as locked:
            locked.held_until, locked.booked_at = None, now
            _settle_booking(locked, now=now, tell=tell)
    return talk


def confirm_talk(*, talk: Appointment, by: User, tell: bool = True, now: datetime | None = None) -> None:
    """Say yes to a request: the time has been kept since it was asked for, so it cannot be lost now."""
    with APPOINTMENT.take("confirm", talk, by=by) as locked:
        locked.changed_at = now or timezone.now()
        _settle_booking(locked, now=locked.changed_at, tell=tell)


def decline_talk(*, talk: Appointment, by: User, reason: str, tell: bool = True) -> None:
    """Say no to a request; its time becomes free and the person gets the reason."""
    with transaction.atomic():
        with APPOINTMENT.take("decline", talk, by=by, reason=reason) as locked:
            end_talk(locked, reason=reason)
            if tell:
                tell_person(locked, "talk_declined")
        offer_earlier(talk, talk.starts_at)


def _settle_booking(talk: Appointment, *, now: datetime, tell: bool = True) -> None:
    talk.booked_at = now
    plan_reminders(talk, now)
    if tell:
        tell_person(talk, "talk_booked")
        tell_advisor(talk, "booked")
