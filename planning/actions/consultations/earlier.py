"""The list of those who would come earlier: a freed time is offered to one person after the other."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from credpoints.accounts.models import User
from credpoints.jobs import actions as jobs
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible
from planning.actions.consultations.telling import new_link
from planning.models import Appointment, AppointmentState, EarlierWish
from planning.rules import is_visitor
from planning.workflow import APPOINTMENT

OFFER = timedelta(hours=12)


def wish_earlier(*, talk: Appointment, by: User) -> EarlierWish:
    """Join the list of those who would come earlier; whoever has waited longest is asked first."""
    if not is_visitor(by, talk):
        raise PermissionDenied
    if talk.state != AppointmentState.BOOKED:
        raise NoLongerPossible(APPOINTMENT.refusal(talk), talk)
    wish, _created = EarlierWish.objects.get_or_create(appointment=talk)
    return wish


def forget_wish(*, talk: Appointment, by: User) -> None:
    """Leave the list; a time on offer goes to the next person."""
    if not is_visitor(by, talk):
        raise PermissionDenied
    with transaction.atomic():
        wish = EarlierWish.objects.select_for_update().filter(appointment=talk).first()
        if wish is None:
            return
        offered = wish.offered_start
        wish.delete()
        if offered:
            offer_earlier(talk, offered)


def lapse_earlier(wish_id: int, starts_at: str) -> None:
    """Nobody answered in time: ask the next person. Safe to run twice."""
    with transaction.atomic():
        wish = EarlierWish.objects.select_for_update(of=("self",)).filter(pk=wish_id).first()
        if wish is None or wish.offered_start is None or wish.offered_start.isoformat() != starts_at:
            return
        offered = wish.offered_start
        wish.declined_starts = [*wish.declined_starts, starts_at]
        wish.offered_start = wish.offered_until = None
        wish.save()
        offer_earlier(wish.appointment, offered)


def offer_earlier(freed: Appointment, starts_at: datetime) -> None:
    """Offer a freed time to one person: the longest waiting who has a later talk of this kind with this advisor.

    The time stays bookable for everybody meanwhile; whoever takes it first has it.
    """
    now = timezone.now()
    if starts_at - freed.type.rules.notice <= now:
        return
    waiting = EarlierWish.objects.select_for_update(of=("self",)).filter(
        appointment__type=freed.type_id, appointment__advisor=freed.advisor_id, offered_start=None,
        appointment__state=AppointmentState.BOOKED, appointment__starts_at__gt=starts_at,
    )  # fmt: skip
    for wish in waiting.select_related("appointment").order_by("wished_at", "pk"):
        if starts_at.isoformat() not in wish.declined_starts and wish.appointment_id != freed.pk:
            wish.offered_start, wish.offered_until = starts_at, min(now + OFFER, starts_at - freed.type.rules.notice)
            wish.save()
            key = f"planning.lapse_earlier:{wish.pk}:{starts_at.isoformat()}"
            jobs.enqueue("planning.lapse_earlier", key=key, at=wish.offered_until, wish_id=wish.pk,
                         starts_at=starts_at.isoformat())  # fmt: skip
            talk = Appointment.objects.for_pages().get(pk=wish.appointment_id)
            outbox.queue("planning/email/earlier_offer", to=talk.person, about=talk, key=f"earlier:{key}", talk=talk,
                         wish=wish, address=new_link(talk))  # fmt: skip
            return
