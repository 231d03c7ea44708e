"""The lines of a draft: put in, change, move, take out. Nobody overwrites what somebody else has just typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.common.translated import text_in
from credpoints.workflow import NoLongerPossible
from modules.models import Offering
from planning import rules
from planning.contents import hash_of
from planning.courses import courses_for
from planning.models import (
    PlanItem,
    PlanVersion,
)
from planning.workflow import PLAN


class LineChanged(Exception):
    """The line was changed by somebody else while the form was open."""

    def __init__(self, item: PlanItem) -> None:
        super().__init__(_("Somebody else has changed this line in the meantime."))
        self.item = item


@contextmanager
def editing(version: PlanVersion, by: User) -> Iterator[PlanVersion]:
    """Lock a draft for one change: edits wait for each other, and nothing is edited once it is proposed."""
    with transaction.atomic():
        locked = PlanVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if not rules.may_edit_plan(by, locked):
            raise PermissionDenied
        if not locked.can_be_edited:
            raise NoLongerPossible(PLAN.refusal(locked), locked)
        yield locked
        locked.changed_at = timezone.now()
        locked.save()


def add_line(*, version: PlanVersion, by: User | None, offering: Offering | None = None, **facts: Any) -> PlanItem:
    """Put a line into the plan, from the catalogue (its facts are kept as they are now) or free."""
    with editing(version, by) as locked:  # type: ignore[arg-type]
        item = PlanItem(version=locked, position=locked.items.count(), **(_facts_of(offering, locked) | facts))
        item.full_clean(exclude=["version"])
        item.save()
        audit.record("plan.line_added", locked, by=by, title=item.title)
    return item


def _facts_of(offering: Offering | None, plan: PlanVersion) -> dict[str, Any]:
    if offering is None:
        return {}
    version = offering.version
    language = plan.plan.participation.programme.default_language  # what is signed reads the same for everybody
    return {
        "offering": offering,
        "snapshot": version.snapshot(),
        "title": text_in(version.title, language)[:300],
        "hours": version.hours,
        "credits": version.credits,
        "fee": offering.fee,
        "term": offering.term,
    }


def take_course(*, item: PlanItem, by: User, offering: Offering) -> PlanItem:
    """Let a course of the catalogue take the place of a free line; why the line is there stays as it was."""
    if not courses_for(item).filter(pk=offering.pk).exists():
        raise NoLongerPossible(_("This course can no longer be chosen for this line."), item.version)
    return change_line(item=item, by=by, **_facts_of(offering, item.version))


def change_line(*, item: PlanItem, by: User, seen: str = "", **facts: Any) -> PlanItem:
    """Change a line. `seen` is the fingerprint of what stood in the form: raises LineChanged when it is out of date."""
    with editing(item.version, by) as locked:
        fresh = locked.items.filter(pk=item.pk).first()
        if fresh is None:
            raise NoLongerPossible(_("This line is no longer in the plan."), locked)
        if seen and seen != fingerprint(fresh):
            raise LineChanged(fresh)
        for name, value in facts.items():
            setattr(fresh, name, value)
        fresh.suggested = False
        fresh.full_clean(exclude=["version"])
        fresh.save()
        audit.record("plan.line_changed", locked, by=by, title=fresh.title)
    return fresh


def fingerprint(item: PlanItem) -> str:
    """What a form remembers about the line it was filled from."""
    return hash_of(item.content())


def move_line(*, item: PlanItem, by: User, term_id: int | None) -> None:
    """Put a line into another term."""
    if term_id is not None and not item.version.plan.participation.programme.terms.filter(pk=term_id).exists():
        raise ValidationError(_("This term does not belong to the programme."))
    change_line(item=item, by=by, term_id=term_id)


def drop_line(*, item: PlanItem, by: User, reason_code: str = "") -> None:
    """Take a line out; a line of an agreed plan leaves its title and the reason in the version that people sign."""
    with editing(item.version, by) as locked:
        found = locked.items.filter(pk=item.pk).first()
        if found is None:
            return
        if _was_agreed(locked, found):
            if not reason_code:
                raise ValidationError(_("Please say why this line of the agreed plan should go."))
            locked.dropped = [*locked.dropped, {"key": str(found.key), "title": found.title, "reason": reason_code}]
        found.delete()
        audit.record("plan.line_dropped", locked, by=by, title=item.title, reason=reason_code)


def _was_agreed(version: PlanVersion, item: PlanItem) -> bool:
    return (
        version.based_on is not None and version.changes_agreed and version.based_on.items.filter(key=item.key).exists()
    )
