"""Who takes part: a seat, the waiting list, and the ways out."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from credpoints.accounts.models import Person, User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from modules.actions.seats import check_open, end, lock_offering, next_queue_number, seat_or_queue, tell
from modules.models import Enrolment, EnrolmentState, Offering
from modules.workflow import ENROLMENT

describe(
    {
        "enrolment.made": gettext_lazy("Enrolment made"),
    }
)


def enrol(*, offering: Offering, person: Person, by: User | None, programme_id: int | None = None) -> Enrolment:
    """Give a person a seat, or a place on the waiting list when all seats are taken.

    Whoever is enrolled already gets the existing enrolment back, so a form sent twice enrols once. Rooms above check
    their own conditions (an agreed plan) first; callers with several offerings use `enrol_in_all`.
    Raises EnrolmentRefused with a sentence for people.
    """
    with transaction.atomic():
        locked = lock_offering(offering.pk)
        existing = Enrolment.objects.counting().filter(offering=locked, person=person).first()
        if existing:
            return existing
        check_open(locked)
        state = EnrolmentState.REQUESTED if locked.needs_confirmation else seat_or_queue(locked)
        enrolment = Enrolment.objects.create(
            person=person,
            offering=locked,
            programme_id=programme_id or locked.programme_id,
            state=state,
            queue_number=next_queue_number(locked) if state == EnrolmentState.WAITLISTED else None,
            enrolled_at=timezone.now() if state == EnrolmentState.ENROLLED else None,
        )
        audit.record("enrolment.made", enrolment, by=by, state=state)
        tell(enrolment)
    return enrolment


def enrol_in_all(
    *, offerings: Iterable[Offering], person: Person, by: User | None, programme_id: int | None = None
) -> list[Enrolment]:
    """Enrol in several offerings, all or none; in one fixed order, so that two people never wait for each other."""
    with transaction.atomic():
        return [
            enrol(offering=offering, person=person, by=by, programme_id=programme_id)
            for offering in sorted(offerings, key=lambda offering: offering.pk)
        ]


def confirm_enrolment(*, enrolment: Enrolment, by: User) -> None:
    """Accept a request: a seat, or the waiting list when all seats are taken."""
    with transaction.atomic():
        offering = lock_offering(enrolment.offering_id)
        if seat_or_queue(offering) == EnrolmentState.ENROLLED:
            with ENROLMENT.take("confirm", enrolment, by=by) as locked:
                locked.enrolled_at = timezone.now()
        else:
            with ENROLMENT.take("queue", enrolment, by=by) as locked:
                locked.queue_number = next_queue_number(offering)
        tell(enrolment)


def refuse_enrolment(*, enrolment: Enrolment, by: User, reason: str) -> None:
    """Refuse a request, with the reason in the mail."""
    end("refuse", enrolment, by=by, reason=reason)


def withdraw(*, enrolment: Enrolment, by: User | None, reason: str = "") -> None:
    """Leave an offering; a freed seat is offered to the next person on the waiting list."""
    end("withdraw", enrolment, by=by, reason=reason)


def cancel_enrolment(*, enrolment: Enrolment, by: User | None, reason: str) -> None:
    """Take somebody out of an offering from the provider's side."""
    end("cancel", enrolment, by=by, reason=reason)


def exempt(*, enrolment: Enrolment, by: User, reason: str) -> None:
    """Record that the person need not take part, because the outcomes are recognised; the seat becomes free."""
    end("exempt", enrolment, by=by, reason=reason)


def leave_incomplete(*, enrolment: Enrolment, by: User, reason: str) -> None:
    """End an enrolment without a result; the seat stays taken, because the place was used."""
    with ENROLMENT.take("leave_incomplete", enrolment, by=by, reason=reason) as locked:
        locked.ended_at = timezone.now()
        tell(locked, reason=reason)


def accept_place(*, enrolment: Enrolment, by: User) -> None:
    """Take the place that was offered."""
    if enrolment.offer_expires_at and enrolment.offer_expires_at < timezone.now():
        lapse_offer(enrolment_id=enrolment.pk)
        enrolment.refresh_from_db()
    with ENROLMENT.take("accept", enrolment, by=by) as locked:
        locked.offer_expires_at = None
        locked.enrolled_at = timezone.now()
        tell(locked)


def lapse_offer(*, enrolment_id: int) -> None:
    """Let an offer that nobody took in time go to the next; safe to call again."""
    with transaction.atomic():
        enrolment = Enrolment.objects.get(pk=enrolment_id)
        lock_offering(enrolment.offering_id)
        enrolment.refresh_from_db()
        if enrolment.state != EnrolmentState.OFFERED or (enrolment.offer_expires_at or timezone.now()) > timezone.now():
            return
        end("lapse", enrolment, by=None)
