"""Move a talk, hand it to another advisor, cancel it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Application
from credpoints.accounts.models import User
from credpoints.workflow import NoLongerPossible
from planning.actions.consultations.claims import (
    check_notice,
    check_offered,
    claim_cells,
    end_talk,
    free_lapsed_holds,
    give_back,
    lock_calendar,
    place_talk,
)
from planning.actions.consultations.earlier import offer_earlier
from planning.actions.consultations.telling import plan_reminders, tell_advisor, tell_person
from planning.models import Appointment, AppointmentState, EarlierWish
from planning.rules import is_visitor
from planning.workflow import APPOINTMENT


def reschedule_talk(
    *, talk: Appointment, starts_at: datetime, by: User, tell: bool = True, now: datetime | None = None
) -> None:
    """Move a talk: same row, same calendar UID, sequence one higher. Persons only before the notice time.

    The new cells are taken and the old ones given back in one transaction. Raises TimeTaken or TooLate.
    """
    now = now or timezone.now()
    with transaction.atomic():
        lock_calendar(talk.advisor)
        free_lapsed_holds(advisor=talk.advisor, person=talk.person, now=now)
        if Appointment.objects.filter(pk=talk.pk, starts_at=starts_at, state=AppointmentState.BOOKED).exists():
            return  # the button was pressed twice
        before = Appointment.objects.values_list("starts_at", flat=True).get(pk=talk.pk)
        with APPOINTMENT.take("reschedule", talk, by=by, moved_to=starts_at.isoformat()) as locked:
            if is_visitor(by, locked):
                check_notice(locked, now)
                check_offered(locked, starts_at, now)
            place_talk(locked, advisor=locked.advisor, starts_at=starts_at, now=now)
            locked.sequence += 1
            locked.save()
            claim_cells(locked)
            plan_reminders(locked, now)
            if tell:
                tell_person(locked, "talk_moved")
            tell_advisor(locked, "moved")
        offer_earlier(talk, before)


def substitute_advisor(
    *, talk: Appointment, advisor: User, by: User, tell: bool = True, now: datetime | None = None
) -> None:
    """Another advisor takes the talk over at the same time; both advisors are always told, the person with `tell`.

    Raises TimeTaken when the other advisor is busy.
    """
    now = now or timezone.now()
    with transaction.atomic():
        lock_calendar(advisor)
        free_lapsed_holds(advisor=advisor, person=talk.person, now=now)
        with APPOINTMENT.take("substitute", talk, by=by, advisor=advisor.name) as locked:
            former = locked.advisor
            place_talk(locked, advisor=advisor, starts_at=locked.starts_at, now=now)
            locked.sequence += 1
            locked.save()
            claim_cells(locked)
            plan_reminders(locked, now)
            if tell:
                tell_person(locked, "talk_moved")
            tell_advisor(locked, "moved")
            tell_advisor(locked, "handed_over", to=former)
        offer_earlier(talk, talk.starts_at, advisor=former)


def cancel_talk(
    *, talk: Appointment, by: User | None, reason: str, tell: bool = True, now: datetime | None = None
) -> None:
    """Cancel; the time becomes free and both calendars drop the entry. Persons only before the notice time."""
    now = now or timezone.now()
    with transaction.atomic():
        with APPOINTMENT.take("cancel", talk, by=by, reason=reason) as locked:
            if by is not None and is_visitor(by, locked):
                check_notice(locked, now)
            locked.sequence += 1
            locked.changed_at = now
            end_talk(locked, reason=reason)
            if tell:
                tell_person(locked, "talk_cancelled")
            tell_advisor(locked, "cancelled")
        EarlierWish.objects.filter(appointment=talk).delete()
        offer_earlier(talk, talk.starts_at)


def withdraw_talks(*, application: Application, by: User | None) -> None:
    """The application ended: its talks that have not taken place fall free, without notice time."""
    talks = Appointment.objects.filter(application=application)
    for talk in talks.filter(state=AppointmentState.HELD):
        give_back(talk=talk, by=None)
    for talk in talks.filter(state__in=[AppointmentState.REQUESTED, AppointmentState.BOOKED]):
        cancel_talk(talk=talk, by=None, reason=_("The application was withdrawn."))


def accept_earlier(*, talk: Appointment, by: User, now: datetime | None = None) -> None:
    """Take the earlier time that was offered, if it is still free."""
    now = now or timezone.now()
    wish = EarlierWish.objects.filter(appointment=talk, offered_start__isnull=False, offered_until__gt=now).first()
    if wish is None or wish.offered_start is None:
        raise NoLongerPossible(_("This offer has ended."), talk)
    reschedule_talk(talk=talk, starts_at=wish.offered_start, by=by, now=now)
    EarlierWish.objects.filter(pk=wish.pk).delete()
