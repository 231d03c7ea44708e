"""Kinds of talks and closed days of a programme, as its administrators set them up."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy

from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.common.translated import text_in
from credpoints.organisations.models import Programme
from credpoints.organisations.rules import is_admin
from planning.holidays import ClosedDays
from planning.models import AvailabilityException, ConsultationType, ExceptionKind

describe(
    {
        "consultation_type.saved": gettext_lazy("Kind of talk saved: %(title)s"),
        "availability.imported": gettext_lazy("%(count)s closed days imported"),
    }
)


def save_type(
    *, programme: Programme, by: User, kind: ConsultationType | None = None, **facts: Any
) -> ConsultationType:
    """Make a kind of talk or change one; talks that are booked keep the length and time they have."""
    if not is_admin(by, programme.pk):
        raise PermissionDenied
    kind = kind or ConsultationType(programme=programme)
    for name, value in facts.items():
        setattr(kind, name, value)
    kind.full_clean()
    with transaction.atomic():
        locked = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
        kind.save()
        audit.record("consultation_type.saved", locked, by=by, programme_id=locked.pk, title=text_in(kind.title))
    return kind


def import_closed_days(*, programme: Programme, by: User, days: Iterable[ClosedDays]) -> int:
    """Close these days for everybody in the programme; days that are closed already are left out. Returns how many."""
    if not is_admin(by, programme.pk):
        raise PermissionDenied
    with transaction.atomic():
        locked = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
        known = known_closed_days(locked)
        fresh = [row for row in sorted(set(days)) if (row.first, row.last) not in known]
        AvailabilityException.objects.bulk_create(
            AvailabilityException(
                programme=locked, kind=ExceptionKind.CLOSED, first_day=row.first, last_day=row.last, note=row.name,
                zone=locked.time_zone,
            )
            for row in fresh
        )  # fmt: skip
        if fresh:
            audit.record("availability.imported", locked, by=by, programme_id=locked.pk, count=len(fresh))
    return len(fresh)


def known_closed_days(programme: Programme) -> set[tuple[Any, Any]]:
    """First and last day of what is closed for the whole programme."""
    closed = AvailabilityException.objects.filter(programme=programme, advisor=None, kind=ExceptionKind.CLOSED)
    return set(closed.values_list("first_day", "last_day"))
