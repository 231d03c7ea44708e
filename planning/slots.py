"""Free times: pure arithmetic over working hours, exceptions and what is already taken. All moments are UTC.

Working hours are wall-clock times at a place; a day's hours become moments only together with their date, so the hour
that a daylight-saving day loses or repeats is counted as the clocks there really run.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

CELL = timedelta(minutes=5)


@dataclass(frozen=True)
class Hours:
    """Weekly working hours at a place: Monday is 0."""

    weekday: int
    begins: time
    ends: time
    zone: str = "Europe/Berlin"
    valid_from: date | None = None
    valid_until: date | None = None

    def hold_on(self, day: date) -> bool:
        """Whether these hours are worked on this day."""
        return (
            day.weekday() == self.weekday
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day <= self.valid_until)
        )


@dataclass(frozen=True)
class Exceptional:
    """Days that differ from the week: closed (wholly, or between two times) or with extra hours."""

    first: date
    last: date
    kind: Literal["closed", "extra"]
    begins: time | None = None
    ends: time | None = None
    zone: str = "Europe/Berlin"

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, order=True)
class Interval:
    """From a moment up to, and not including, another."""

    begins: datetime
    ends: datetime

    def overlaps(self, other: "Interval") -> bool:
        return self.begins < other.ends and other.begins < self.ends

    def in_cells(self) -> "Interval":
        """The same stretch up to the ends of the five-minute cells it touches: what the database keeps from others."""
        cell = int(CELL.total_seconds())
        begins, ends = int(self.begins.timestamp()), -int(-self.ends.timestamp() // 1)
        return Interval(
            datetime.fromtimestamp(begins - begins % cell, UTC), datetime.fromtimestamp(ends + -ends % cell, UTC)
        )


@dataclass(frozen=True)
class TalkRules:
    """How long a talk is, what must stay free around it, and how early or late it may be booked."""

    length: timedelta
    before: timedelta = timedelta(0)
    after: timedelta = timedelta(0)
    step: timedelta = timedelta(minutes=30)
    notice: timedelta = timedelta(hours=24)
    horizon: timedelta = timedelta(days=60)
    most_per_day: int | None = None

    def claim(self, begins: datetime) -> Interval:
        """Everything a talk at this moment takes out of the advisor's day, buffers included."""
        return Interval(begins - self.before, begins + self.length + self.after)


def moment_at(day: date, clock: time, zone: str) -> datetime:
    """The moment when a clock at the place shows this time; an hour that is skipped means the hour after."""
    return datetime.combine(day, clock, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def free_times(
    *,
    hours: Iterable[Hours],
    exceptions: Iterable[Exceptional],
    busy: Iterable[Interval],
    rules: TalkRules,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[datetime]:
    """Moments at which a talk could begin, in order.

    `busy` are the claims of other talks, with their own buffers. The talk itself stays inside the working hours, its
    buffers may reach beyond them. `since` and `until` narrow the search to one page.
    """
    hours, busy = list(hours), list(busy)
    bookable = _bookable(rules, now, since or now, until or now + rules.horizon)
    full = _full_days(busy, hours, rules)
    windows = open_windows(hours=hours, exceptions=exceptions, since=bookable.begins, until=bookable.ends)
    starts = {begins for window in windows if window.day not in full for begins in _starts(window.interval, rules)}
    taken = merged(interval.in_cells() for interval in busy)
    return sorted(
        begins
        for begins in starts
        if bookable.begins <= begins < bookable.ends and not _hits(rules.claim(begins).in_cells(), taken)
    )


def _bookable(rules: TalkRules, now: datetime, since: datetime, until: datetime) -> Interval:
    """Between notice and horizon, as far as this page looks."""
    return Interval(max(now + rules.notice, since), min(now + rules.horizon, until))


@dataclass(frozen=True)
class Window:
    """Working hours of one day at the place, as moments."""

    day: date
    interval: Interval


def open_windows(
    *, hours: Iterable[Hours], exceptions: Iterable[Exceptional], since: datetime, until: datetime
) -> list[Window]:
    """The windows of working hours that touch a stretch of time, closed days taken out and extra hours put in."""
    hours, exceptions = list(hours), list(exceptions)
    windows: list[Window] = []
    # A day at the far east begins half a day before it does in UTC: look one day further on both sides.
    days = list(_days(since.date() - timedelta(days=1), until.date() + timedelta(days=1)))
    # Closed is closed, also for hours that were painted in another zone, where it may be another day.
    closed = merged(interval for day in days for interval in _closed_on(day, exceptions))
    for day in days:
        opened = merged([*_worked_on(day, hours), *_extra_on(day, exceptions)])
        windows += [Window(day, part) for part in without(opened, closed)]
    return [w for w in windows if w.interval.begins < until and since < w.interval.ends]


def _worked_on(day: date, hours: Iterable[Hours]) -> Iterator[Interval]:
    return (_interval(day, h.begins, h.ends, h.zone) for h in hours if h.hold_on(day))


def _extra_on(day: date, exceptions: Iterable[Exceptional]) -> Iterator[Interval]:
    for extra in exceptions:
        if extra.kind == "extra" and extra.covers(day) and extra.begins and extra.ends:
            yield _interval(day, extra.begins, extra.ends, extra.zone)


def _closed_on(day: date, exceptions: Iterable[Exceptional]) -> Iterator[Interval]:
    return (_closed_interval(day, e) for e in exceptions if e.kind == "closed" and e.covers(day))


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same stretches of time, sorted, without overlaps or empty ones."""
    result: list[Interval] = []
    for interval in sorted(i for i in intervals if i.begins < i.ends):
        if result and interval.begins <= result[-1].ends:
            result[-1] = Interval(result[-1].begins, max(result[-1].ends, interval.ends))
        else:
            result.append(interval)
    return result


def without(opened: list[Interval], closed: list[Interval]) -> list[Interval]:
    """What is left of sorted open stretches after taking the closed ones out."""
    rest: list[Interval] = []
    for interval in opened:
        begins = interval.begins
        for gap in (c for c in closed if c.overlaps(interval)):
            if begins < gap.begins:
                rest.append(Interval(begins, gap.begins))
            begins = max(begins, gap.ends)
        if begins < interval.ends:
            rest.append(Interval(begins, interval.ends))
    return rest


def cells(claim: Interval) -> list[datetime]:
    """The five-minute cells that a claim touches: what the database keeps unique per person and moment."""
    whole = claim.in_cells()
    return [whole.begins + CELL * place for place in range((whole.ends - whole.begins) // CELL)]


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def _interval(day: date, begins: time, ends: time, zone: str) -> Interval:
    return Interval(moment_at(day, begins, zone), moment_at(day, ends, zone))


def _closed_interval(day: date, exception: Exceptional) -> Interval:
    if exception.begins and exception.ends:
        return _interval(day, exception.begins, exception.ends, exception.zone)
    midnight = time(0)
    return Interval(
        moment_at(day, midnight, exception.zone), moment_at(day + timedelta(days=1), midnight, exception.zone)
    )


def _starts(window: Interval, rules: TalkRules) -> Iterator[datetime]:
    begins = window.begins
    while begins + rules.length <= window.ends:
        yield begins
        begins += rules.step


def _hits(claim: Interval, taken: list[Interval]) -> bool:
    # Binary search by hand keeps a year of talks cheap: only neighbours of the claim are compared.
    low, high = 0, len(taken)
    while low < high:
        middle = (low + high) // 2
        if taken[middle].ends <= claim.begins:
            low = middle + 1
        else:
            high = middle
    return low < len(taken) and taken[low].begins < claim.ends


def _full_days(busy: Iterable[Interval], hours: Iterable[Hours], rules: TalkRules) -> set[date]:
    """Days on which the advisor has as many talks as the rules allow."""
    most = rules.most_per_day
    return set() if most is None else {d for d, number in _talks_per_day(busy, hours, rules).items() if number >= most}


def _talks_per_day(busy: Iterable[Interval], hours: Iterable[Hours], rules: TalkRules) -> Counter[date]:
    zones = {h.zone for h in hours} or {"Europe/Berlin"}
    zone = ZoneInfo(sorted(zones)[0])
    return Counter((interval.begins + rules.before).astimezone(zone).date() for interval in busy)
