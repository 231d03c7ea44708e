"""When advisors can be booked: the week, single days, closed periods of the whole programme."""

from collections.abc import Iterable
from datetime import date, time

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.organisations.models import Programme
from credpoints.organisations.rules import is_admin, is_advisor
from planning.models import AvailabilityException, AvailabilityRule, ExceptionKind

describe(
    {
        "availability.week": gettext_lazy("Weekly hours of %(name)s changed"),
        "availability.exception": gettext_lazy("Other hours or closed days noted: %(days)s"),
    }
)
HALF_HOURS = 48


def paint_week(*, programme: Programme, advisor: User, by: User, cells: Iterable[tuple[int, int]]) -> None:
    """Replace an advisor's week by painted half hours, each (weekday, half hour of the day); booked talks stay."""
    _check(programme, advisor, by)
    with transaction.atomic():
        AvailabilityRule.objects.filter(programme=programme, advisor=advisor).delete()
        AvailabilityRule.objects.bulk_create(
            AvailabilityRule(
                programme=programme, advisor=advisor, weekday=weekday, begins=begins, ends=ends,
                zone=programme.time_zone,
            )
            for weekday, begins, ends in stretches(cells)
        )  # fmt: skip
        audit.record("availability.week", programme, by=by, programme_id=programme.pk, name=advisor.name)


def stretches(cells: Iterable[tuple[int, int]]) -> list[tuple[int, time, time]]:
    """Join neighbouring half hours: [(0, 18), (0, 19)] → Monday 9:00 to 10:00."""
    found: list[tuple[int, int, int]] = []
    for weekday, half in sorted(set(cells)):
        if found and found[-1][0] == weekday and found[-1][2] == half:
            found[-1] = (weekday, found[-1][1], half + 1)
        else:
            found.append((weekday, half, half + 1))
    return [(weekday, _clock(begins), _clock(ends)) for weekday, begins, ends in found]


def _clock(half: int) -> time:
    if half >= HALF_HOURS:
        return time(23, 59)  # the last half hour of a day ends a minute early: a day has no 24:00
    return time(half // 2, 30 * (half % 2))


def note_exception(
    *, programme: Programme, advisor: User | None, by: User, kind: str, first_day: date, last_day: date,
    begins: time | None = None, ends: time | None = None, note: str = "",
) -> AvailabilityException:  # fmt: skip
    """Close days, or open extra hours; without an advisor the whole programme is closed."""
    _check(programme, advisor, by)
    row = AvailabilityException(
        programme=programme, advisor=advisor, kind=kind, first_day=first_day, last_day=last_day, begins=begins,
        ends=ends, note=note, zone=programme.time_zone,
    )  # fmt: skip
    if kind == ExceptionKind.EXTRA and advisor is None:
        raise ValidationError(_("Extra hours belong to one advisor."))
    row.full_clean()
    with transaction.atomic():
        row.save()
        days = f"{first_day:%d.%m.%Y}–{last_day:%d.%m.%Y}"
        audit.record("availability.exception", programme, by=by, programme_id=programme.pk, days=days)
    return row


def drop_exception(*, exception: AvailabilityException, by: User) -> None:
    """The days are as usual again."""
    _check(exception.programme, exception.advisor, by)
    exception.delete()


def _check(programme: Programme, advisor: User | None, by: User) -> None:
    """Everybody paints the own week; closed days of the programme and other people's weeks are the admin's."""
    own = advisor is not None and advisor.pk == by.pk and is_advisor(by, programme.pk)
    if not (own or is_admin(by, programme.pk)):
        raise PermissionDenied
