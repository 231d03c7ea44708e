"""Free times of real advisors: reads hours, exceptions and talks, and leaves the arithmetic to `slots`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from credpoints.accounts.models import Person, User
from planning.models import (
    Appointment,
    AppointmentState,
    Assignment,
    AvailabilityException,
    AvailabilityRule,
    ConsultationType,
)
from planning.slots import Exceptional, Hours, Interval, free_times

NEXT = 5


@dataclass(frozen=True)
class Opening:
    """A moment at which a talk can begin, with the advisors who are free then."""

    starts_at: datetime
    advisors: tuple[User, ...]


def openings(
    kind: ConsultationType,
    person: Person | None,
    *,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    only: User | None = None,
    ignoring: Appointment | None = None,
) -> list[Opening]:
    """Every free time of a kind of talk, four queries whatever the number of advisors and talks.

    `ignoring` is the talk about to be moved: its own time counts as free.
    """
    hours, advisors = _hours(kind, only)
    if not advisors:
        return []
    reach_from = max(since or now, now) - timedelta(days=1)
    reach_to = min(until or now + kind.rules.horizon, now + kind.rules.horizon) + timedelta(days=1)
    exceptions = _exceptions(kind, reach_from, reach_to)
    busy, own = _busy(advisors, person, Interval(reach_from, reach_to), now=now, ignoring=ignoring)
    found: dict[datetime, list[User]] = defaultdict(list)
    for advisor in advisors:
        for starts_at in free_times(
            hours=hours[advisor.pk],
            exceptions=[*exceptions[None], *exceptions[advisor.pk]],
            busy=busy[advisor.pk],
            rules=kind.rules,
            now=now,
            since=since,
            until=until,
        ):
            if not _clashes(starts_at, kind, own):
                found[starts_at].append(advisor)
    return [Opening(starts_at, tuple(found[starts_at])) for starts_at in sorted(found)]


def next_openings(
    kind: ConsultationType,
    person: Person | None,
    *,
    now: datetime,
    only: User | None = None,
    ignoring: Appointment | None = None,
) -> list[Opening]:
    """The next free times: first those of two weeks, then of the whole horizon if there are none."""
    two_weeks = now + kind.rules.notice + timedelta(days=14)
    soon = openings(kind, person, now=now, until=two_weeks, only=only, ignoring=ignoring)
    return (soon or openings(kind, person, now=now, only=only, ignoring=ignoring))[:NEXT]


def openings_near(
    kind: ConsultationType, person: Person | None, wanted: datetime, *, now: datetime, only: User | None = None
) -> list[Opening]:
    """What is free around a time that somebody else got: the nearest ones, in order; else the next of all.

    `only` asks for the times of one advisor.
    """
    around = timedelta(days=4)
    found = openings(kind, person, now=now, since=wanted - around, until=wanted + around, only=only)
    nearest = sorted(found, key=lambda opening: abs(opening.starts_at - wanted))[:NEXT]
    return sorted(nearest, key=lambda opening: opening.starts_at) or next_openings(kind, person, now=now, only=only)


def advisors_free_at(
    kind: ConsultationType,
    starts_at: datetime,
    person: Person,
    *,
    now: datetime,
    only: User | None = None,
    ignoring: Appointment | None = None,
) -> list[User]:
    """Who could take a talk at this moment: the person's own advisor first, then whoever has fewest talks."""
    minute = timedelta(minutes=1)
    found = openings(kind, person, now=now, since=starts_at, until=starts_at + minute, only=only, ignoring=ignoring)
    free = [advisor for opening in found if opening.starts_at == starts_at for advisor in opening.advisors]
    if len(free) < 2:
        return free
    own = _own_advisor(person, kind)
    load = _load(free, now)
    return sorted(free, key=lambda advisor: (advisor.pk != own, load[advisor.pk], advisor.pk))


def is_free(kind: ConsultationType, starts_at: datetime, *, advisor: User, person: Person, now: datetime) -> bool:
    """Whether neither side has another talk then; whether it lies in the working hours is not asked."""
    claim = kind.rules.claim(starts_at).in_cells()
    busy, own = _busy([advisor], person, claim, now=now, ignoring=None)
    return not _clashes(starts_at, kind, own) and not any(claim.overlaps(b.in_cells()) for b in busy[advisor.pk])


def advisors_of(kind: ConsultationType) -> list[User]:
    """Who offers times for this kind of talk, for the choice of an advisor."""
    return _hours(kind, None)[1] if kind.assignment == Assignment.CHOSEN else []


def _hours(kind: ConsultationType, only: User | None) -> tuple[dict[int, list[Hours]], list[User]]:
    rules = AvailabilityRule.objects.filter(programme=kind.programme_id).select_related("advisor__person")
    hours: dict[int, list[Hours]] = defaultdict(list)
    advisors: dict[int, User] = {}
    for rule in rules:
        if only is None or rule.advisor_id == only.pk:
            hours[rule.advisor_id].append(rule.hours)
            advisors[rule.advisor_id] = rule.advisor
    return hours, [advisors[pk] for pk in sorted(advisors)]


def _exceptions(kind: ConsultationType, since: datetime, until: datetime) -> dict[int | None, list[Exceptional]]:
    rows = AvailabilityException.objects.filter(
        programme=kind.programme_id, last_day__gte=since.date(), first_day__lte=until.date()
    )
    found: dict[int | None, list[Exceptional]] = defaultdict(list)
    for row in rows:
        found[row.advisor_id].append(row.exceptional)
    return found


def _busy(
    advisors: Iterable[User], person: Person | None, reach: Interval, *, now: datetime, ignoring: Appointment | None
) -> tuple[dict[int, list[Interval]], list[Interval]]:
    who = Q(advisor__in=list(advisors))
    if person:
        who |= Q(person=person)
    talks = (
        Appointment.objects.claiming()
        .filter(who, claim_ends__gt=reach.begins, claim_begins__lt=reach.ends)
        .exclude(state=AppointmentState.HELD, held_until__lte=now)
        .exclude(pk=ignoring.pk if ignoring and ignoring.pk else 0)
        .values_list("advisor_id", "person_id", "claim_begins", "claim_ends", "starts_at", "ends_at")
    )
    busy: dict[int, list[Interval]] = defaultdict(list)
    own: list[Interval] = []
    for advisor_id, person_id, claim_begins, claim_ends, starts_at, ends_at in talks:
        busy[advisor_id].append(Interval(claim_begins, claim_ends))
        if person and person_id == person.pk:
            own.append(Interval(starts_at, ends_at))
    return busy, own


def _clashes(starts_at: datetime, kind: ConsultationType, own: list[Interval]) -> bool:
    wanted = Interval(starts_at, starts_at + kind.rules.length).in_cells()
    return any(wanted.overlaps(other.in_cells()) for other in own)


def _own_advisor(person: Person, kind: ConsultationType) -> int | None:
    earlier = Appointment.objects.filter(person=person, programme=kind.programme_id)
    return earlier.exclude(state=AppointmentState.LAPSED).order_by("-pk").values_list("advisor_id", flat=True).first()


def _load(advisors: list[User], now: datetime) -> dict[int, int]:
    talks = Appointment.objects.claiming().filter(advisor__in=advisors, starts_at__gt=now)
    load: dict[int, int] = dict.fromkeys((advisor.pk for advisor in advisors), 0)
    for advisor_id in talks.values_list("advisor_id", flat=True):
        load[advisor_id] += 1
    return load
