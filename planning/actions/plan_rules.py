"""What a programme's administrators set for its plans."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from credpoints.accounts.models import User
from credpoints.organisations import actions as organisations
from credpoints.organisations.models import Programme
from credpoints.organisations.rules import is_admin
from planning.plan_rules import PlanRules


def change_plan_rules(*, programme: Programme, by: User, rules: PlanRules) -> None:
    """Set what plans begin with from now on; plans that exist already stay as they are."""
    if not is_admin(by, programme.pk):
        raise PermissionDenied
    with transaction.atomic():
        # Other rooms keep their rules in the same field, so it is read under the lock.
        locked = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
        planning = {**locked.room_settings("planning"), **rules.as_settings()}
        organisations.change_programme(programme=locked, by=by, settings={**locked.settings, "planning": planning})
