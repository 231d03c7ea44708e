"""Seats and the waiting list: the parts that enrolments and offerings share.

Locks are always taken in the same order: offering, then enrolment, then result. That keeps a freed place, a late
withdrawal and a cancelled offering from waiting for each other.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from credpoints.accounts.models import User
from credpoints.jobs.actions import enqueue
from credpoints.outbox import actions as outbox
from modules.letters import enrolment_facts
from modules.models import SEATED, Enrolment, EnrolmentState, Offering
from modules.signals import enrolment_changed
from modules.workflow import ENROLMENT


class EnrolmentRefused(ValidationError):
    """Why somebody cannot be enrolled, in words for people; `code` is one of closed, full, period."""


def lock_offering(offering_id: int) -> Offering:
    """Make everybody else who wants a seat of this offering wait until the running transaction ends."""
    return Offering.objects.select_for_update(of=("self",)).select_related("version__module").get(pk=offering_id)


def check_open(offering: Offering) -> None:
    now = timezone.now()
    if offering.state != "active":
        raise EnrolmentRefused(_("This offering is not open for enrolment."), code="closed")
    if offering.enrolment_opens_at and now < offering.enrolment_opens_at:
        raise EnrolmentRefused(_("Enrolment has not begun yet."), code="period")
    if offering.enrolment_closes_at and now > offering.enrolment_closes_at:
        raise EnrolmentRefused(_("The enrolment period is over."), code="period")


def seat_or_queue(offering: Offering) -> EnrolmentState:
    """Take a seat if one is free and nobody waits for it; else say that the person has to queue."""
    waiting = Enrolment.objects.filter(offering=offering, state=EnrolmentState.WAITLISTED)
    if not waiting.exists() and take_seat(offering):
        return EnrolmentState.ENROLLED
    if offering.waiting_list_max is not None and waiting.count() >= offering.waiting_list_max:
        raise EnrolmentRefused(_("All places are taken and the waiting list is full."), code="full")
    return EnrolmentState.WAITLISTED


def take_seat(offering: Offering) -> bool:
    """One conditional UPDATE decides, also where somebody forgot the lock."""
    free = Q(places=None) | Q(seats_taken__lt=F("places"))
    return bool(Offering.objects.filter(free, pk=offering.pk).update(seats_taken=F("seats_taken") + 1))


def next_queue_number(offering: Offering) -> int:
    Offering.objects.filter(pk=offering.pk).update(next_queue_number=F("next_queue_number") + 1)
    return Offering.objects.values_list("next_queue_number", flat=True).get(pk=offering.pk) - 1


def end(step: str, enrolment: Enrolment, *, by: User | None, reason: str = "") -> None:
    """Take a step that leaves the offering, free the seat if there was one, and let the next person have it."""
    with transaction.atomic():
        offering = lock_offering(enrolment.offering_id)
        # Read again under the lock: an offer may have been accepted in between.
        had_seat = Enrolment.objects.filter(pk=enrolment.pk, state__in=SEATED).exists()
        with ENROLMENT.take(step, enrolment, by=by, reason=reason) as locked:
            locked.ended_at = timezone.now()
            locked.offer_expires_at = None
            locked.queue_number = None
        if had_seat:
            Offering.objects.filter(pk=offering.pk).update(seats_taken=F("seats_taken") - 1)
            offer_free_seats(offering.pk)
        tell(enrolment, reason=reason)


def offer_free_seats(offering_id: int) -> None:
    """Offer each free seat to the person who has waited longest; called under the offering's lock."""
    offering = Offering.objects.get(pk=offering_id)
    waiting = Enrolment.objects.filter(offering=offering, state=EnrolmentState.WAITLISTED).order_by("queue_number")
    for enrolment in waiting if offering.state == "active" else []:
        if not take_seat(offering):
            return
        expires = timezone.now() + timedelta(hours=offering.offer_hours)
        with ENROLMENT.take("offer", enrolment, by=None) as locked:
            locked.offer_expires_at = expires
        enqueue(
            "modules.lapse_offer",
            key=f"modules.lapse_offer:{enrolment.pk}:{expires.timestamp():.0f}",
            at=expires + timedelta(seconds=1),
            enrolment_id=enrolment.pk,
        )
        tell(enrolment)


def tell(enrolment: Enrolment, *, reason: str = "") -> None:
    """Mail the person about the new state, and tell the rooms above."""
    outbox.queue("modules/email/enrolment", to=enrolment.person, about=enrolment, **enrolment_facts(enrolment, reason))
    enrolment_changed.send(sender=Enrolment, enrolment=enrolment)
