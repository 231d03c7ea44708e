"""Places and the waiting list: who moves up, and places that fall free."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy

from applicants import rules
from applicants.actions.locking import lock_application, lock_programme
from applicants.models import Application, State
from applicants.workflow import APPLICATION
from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.workflow import NotAllowed

describe(
    {
        "application.moved": gettext_lazy("Moved on the waiting list to rank %(rank)s"),
        "application.place_returned": gettext_lazy("The place is free again: participation ended"),
    }
)


def move_on_waiting_list(*, application: Application, up: bool, by: User) -> None:
    """Change places with the neighbour on the waiting list."""
    with transaction.atomic():
        programme = lock_programme(application)
        locked = lock_application(application)
        if not rules.may_decide(by, locked) or locked.waiting_rank is None:
            raise NotAllowed(APPLICATION.steps["waitlist"])
        waiting = Application.objects.filter(programme=programme, waiting_rank__isnull=False)
        neighbour = (
            waiting.filter(waiting_rank__lt=locked.waiting_rank).order_by("-waiting_rank").first()
            if up
            else waiting.filter(waiting_rank__gt=locked.waiting_rank).order_by("waiting_rank").first()
        )
        if neighbour is None or neighbour.waiting_rank is None:
            return
        mine, theirs = locked.waiting_rank, neighbour.waiting_rank
        # Ranks are unique: step aside behind everybody before taking the neighbour's.
        aside = (waiting.aggregate(last=Max("waiting_rank"))["last"] or 0) + 1
        for pk, rank in ((locked.pk, aside), (neighbour.pk, mine), (locked.pk, theirs)):
            Application.objects.filter(pk=pk).update(waiting_rank=rank)
        audit.record("application.moved", locked, by=by, rank=theirs)


def return_place(*, application: Application, by: User | None, now: datetime | None = None) -> None:
    """Give the place of somebody free who has left the programme; the waiting list can move up. Twice is once.

    Called by the room that knows participations, inside its transaction.
    """
    with transaction.atomic():
        lock_programme(application)
        locked = lock_application(application)
        if locked.state != State.ACCEPTED or locked.place_returned_at:
            return
        locked.place_returned_at = now or timezone.now()
        locked.save(update_fields=["place_returned_at"])
        audit.record("application.place_returned", locked, by=by)
