"""Free times as a page shows them: by day at the place, with the reader's own clock beside it where it differs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from credpoints.common.moments import write_day
from planning.openings import Opening
from planning.slots import moment_at


@dataclass(frozen=True)
class Choice:
    """One time that can be chosen."""

    value: str  # what the form sends
    clock: str  # at the place
    own_clock: str  # the reader's, empty when it is the same
    advisors: str


@dataclass(frozen=True)
class Day:
    """One day at the place with its times."""

    day: date
    label: str
    choices: list[Choice] = field(default_factory=list)


def days(found: Iterable[Opening], place_zone: str, reader_zone: str) -> list[Day]:
    """Group free times by the day at the place."""
    place, reader = ZoneInfo(place_zone), ZoneInfo(reader_zone)
    grouped: dict[date, Day] = {}
    for opening in found:
        there = opening.starts_at.astimezone(place)
        day = grouped.setdefault(there.date(), Day(there.date(), write_day(there)))
        day.choices.append(
            Choice(
                value=opening.starts_at.strftime("%Y-%m-%dT%H:%MZ"),
                clock=f"{there:%H:%M}",
                own_clock=_own_clock(opening.starts_at, there, reader),
                advisors=", ".join(advisor.name for advisor in opening.advisors),
            )
        )
    return list(grouped.values())


def _own_clock(moment: datetime, there: datetime, reader: ZoneInfo) -> str:
    here = moment.astimezone(reader)
    if here.replace(tzinfo=None) == there.replace(tzinfo=None):
        return ""
    return f"{here:%H:%M}" if here.date() == there.date() else f"{write_day(here)}, {here:%H:%M}"


@dataclass(frozen=True)
class Week:
    """Seven days from a Monday, with its neighbours."""

    monday: date
    zone: str

    @property
    def begins(self) -> datetime:
        return moment_at(self.monday, time(0), self.zone)

    @property
    def ends(self) -> datetime:
        return moment_at(self.monday + timedelta(days=7), time(0), self.zone)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def next(self) -> date:
        return self.monday + timedelta(days=7)

    @property
    def previous(self) -> date:
        return self.monday - timedelta(days=7)


def week_of(day: date, zone: str) -> Week:
    """The week in which a day lies."""
    return Week(day - timedelta(days=day.weekday()), zone)
