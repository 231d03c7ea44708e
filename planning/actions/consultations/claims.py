"""Time that talks take out of two days. Two database constraints keep every path from booking anybody twice."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from credpoints.accounts.models import Person, User
from credpoints.workflow import NoLongerPossible
from planning import openings
from planning.models import (
    ACTIVE_STATES,
    Appointment,
    AppointmentCell,
    AppointmentState,
    ConsultationType,
    VisitorCell,
)
from planning.slots import Interval, cells
from planning.workflow import APPOINTMENT


class TimeTaken(Exception):
    """Somebody else was faster, or the time is not offered any more."""

    def __init__(self, kind: ConsultationType, starts_at: datetime) -> None:
        super().__init__(_("This time has just been taken."))
        self.kind = kind
        self.starts_at = starts_at


class TooLate(NoLongerPossible):
    """The person wanted to change a talk inside the notice time."""


def active_talk(kind: ConsultationType, person: Person) -> Appointment | None:
    """The talk of this kind that somebody holds, has asked for or has booked: there is one at most."""
    return Appointment.objects.filter(type=kind, person=person, state__in=ACTIVE_STATES).first()


def give_back(*, talk: Appointment, by: User | None) -> None:
    """The person leaves the form: the held time is free for others at once."""
    with APPOINTMENT.take("lapse", talk, by=by) as locked:
        free_cells(locked)


def lock_calendar(advisor: User) -> None:
    """Let bookings of one advisor queue up: the limit per day is counted, and nobody runs into a deadlock."""
    User.objects.select_for_update(no_key=True).get(pk=advisor.pk)


def place_talk(talk: Appointment, *, advisor: User, starts_at: datetime, now: datetime) -> None:
    """Put a talk to a time and an advisor, with the buffers it claims; saved by who calls."""
    claim = talk.type.rules.claim(starts_at)
    talk.advisor = advisor
    talk.starts_at, talk.ends_at = starts_at, starts_at + talk.type.rules.length
    talk.claim_begins, talk.claim_ends = claim.begins, claim.ends
    talk.changed_at = now


def claim_cells(talk: Appointment) -> None:
    """Write the five-minute cells; the unique constraints decide between two people who want the same."""
    free_cells(talk)
    length = Interval(talk.starts_at, talk.ends_at)
    try:
        with transaction.atomic():
            AppointmentCell.objects.bulk_create(
                AppointmentCell(appointment=talk, advisor=talk.advisor, begins_at=begins)
                for begins in cells(talk.claim)
            )
            VisitorCell.objects.bulk_create(
                VisitorCell(appointment=talk, person=talk.person, begins_at=begins) for begins in cells(length)
            )
    except IntegrityError:
        raise TimeTaken(talk.type, talk.starts_at) from None


def free_cells(talk: Appointment) -> None:
    """Let others have the time, of the advisor and of the person."""
    AppointmentCell.objects.filter(appointment=talk).delete()
    VisitorCell.objects.filter(appointment=talk).delete()


def free_lapsed_holds(*, advisor: User, person: Person, now: datetime) -> None:
    """Holds end by the clock and not by a job that may not run: whoever needs the time clears them away."""
    over = Appointment.objects.filter(state=AppointmentState.HELD, held_until__lte=now)
    lapsed: Iterable[Appointment] = over.filter(advisor=advisor) | over.filter(person=person)
    for hold in lapsed:
        give_back(talk=hold, by=None)


def end_talk(talk: Appointment, *, reason: str) -> None:
    """A talk that will not take place: why, since when, and its time is free; saved by who calls."""
    talk.reason = reason[:500]
    talk.ended_at = timezone.now()
    free_cells(talk)


def check_notice(talk: Appointment, now: datetime) -> None:
    """Inside the notice time the person calls instead of changing the talk."""
    if talk.is_too_late(now):
        message = _("It is too late to change this talk here. Please call: %(phone)s.")
        phone = talk.programme.contact_phone or talk.programme.contact_email
        raise TooLate(message % {"phone": phone}, talk)


def check_offered(talk: Appointment, starts_at: datetime, now: datetime) -> None:
    """A talk moves only to a time that its advisor offers and nobody has."""
    free = openings.advisors_free_at(talk.type, starts_at, talk.person, now=now, only=talk.advisor, ignoring=talk)
    if not free:
        raise TimeTaken(talk.type, starts_at)
