"""The list of those who would come earlier: a freed time is offered to one person after the other."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from credpoints.accounts.models import User
from credpoints.jobs import actions as jobs
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible
from planning import openings
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


def offer_earlier(freed: Appointment, starts_at: datetime, *, advisor: User | None = None) -> None:
    """Offer a freed time to one person: the longest waiting who has a later talk of this kind with this advisor.

    The time stays bookable for everybody meanwhile; whoever takes it first has it. While somebody keeps it with a form
    open, nobody is asked: the question comes when that hold is over.
    """
    now, advisor = timezone.now(), advisor or freed.advisor
    if starts_at - freed.type.rules.notice <= now:
        return
    held_until = _held_until(freed, starts_at, advisor, now)
    if held_until:
        key = f"planning.offer_earlier:{freed.pk}:{starts_at.isoformat()}:{held_until.isoformat()}"
        jobs.enqueue("planning.offer_earlier", key=key, at=held_until + timedelta(seconds=1), talk_id=freed.pk,
                     advisor_id=advisor.pk, starts_at=starts_at.isoformat())  # fmt: skip
        return
    for wish in _waiting(freed, starts_at, advisor):
        talk = Appointment.objects.for_pages().get(pk=wish.appointment_id)
        if openings.advisors_free_at(talk.type, starts_at, talk.person, now=now, only=advisor, ignoring=talk):
            _offer(wish, talk, starts_at, now)
            return


def offer_again(*, talk_id: int, advisor_id: int, starts_at: str) -> None:
    """The hold on a freed time is over: ask now. Safe to run twice, because whoever has an offer is not asked again."""
    freed = Appointment.objects.for_pages().get(pk=talk_id)
    moment = datetime.fromisoformat(starts_at)
    with transaction.atomic():
        if not EarlierWish.objects.filter(appointment__advisor=advisor_id, offered_start=moment).exists():
            offer_earlier(freed, moment, advisor=User.objects.get(pk=advisor_id))


def _held_until(freed: Appointment, starts_at: datetime, advisor: User, now: datetime) -> datetime | None:
    claim = freed.type.rules.claim(starts_at)
    holds = Appointment.objects.filter(
        advisor=advisor, state=AppointmentState.HELD, held_until__gt=now, claim_begins__lt=claim.ends,
        claim_ends__gt=claim.begins,
    )  # fmt: skip
    return holds.order_by("-held_until").values_list("held_until", flat=True).first()


def _waiting(freed: Appointment, starts_at: datetime, advisor: User) -> list[EarlierWish]:
    waiting = EarlierWish.objects.select_for_update(of=("self",)).filter(
        appointment__type=freed.type_id, appointment__advisor=advisor, offered_start=None,
        appointment__state=AppointmentState.BOOKED, appointment__starts_at__gt=starts_at,
    )  # fmt: skip
    in_turn = waiting.exclude(appointment=freed).order_by("wished_at", "pk")
    return [wish for wish in in_turn if starts_at.isoformat() not in wish.declined_starts]


def _offer(wish: EarlierWish, talk: Appointment, starts_at: datetime, now: datetime) -> None:
    wish.offered_start, wish.offered_until = starts_at, min(now + OFFER, starts_at - talk.type.rules.notice)
    wish.save()
    key = f"planning.lapse_earlier:{wish.pk}:{starts_at.isoformat()}"
    jobs.enqueue("planning.lapse_earlier", key=key, at=wish.offered_until, wish_id=wish.pk,
                 starts_at=starts_at.isoformat())  # fmt: skip
    outbox.queue("planning/email/earlier_offer", to=talk.person, about=talk, key=f"earlier:{key}", talk=talk,
                 wish=wish, address=new_link(talk))  # fmt: skip
