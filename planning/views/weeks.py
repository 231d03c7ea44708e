"""One week of free times, as the pages for booking and for moving a talk show it."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from credpoints.accounts.models import Person, User
from planning import openings, timetable
from planning.models import Appointment, ConsultationType


def week_page(
    kind: ConsultationType,
    person: Person | None,
    asked: str,
    *,
    reader_zone: str,
    only: User | None = None,
    ignoring: Appointment | None = None,
) -> dict[str, Any]:
    """One week of free times; without a wish, the first week that has some. `only` asks for one advisor's times."""
    now = timezone.now()
    zone = kind.programme.time_zone
    week = _asked_week(asked, zone)
    following: list[openings.Opening] = []
    if week is None:
        following = openings.next_openings(kind, person, now=now, only=only, ignoring=ignoring)
        first = following[0].starts_at if following else now
        week = timetable.week_of(timezone.localtime(first, timezone=ZoneInfo(zone)).date(), zone)
    found = openings.openings(kind, person, now=now, since=week.begins, until=week.ends, only=only, ignoring=ignoring)
    if not found and not following:
        following = openings.next_openings(kind, person, now=now, only=only, ignoring=ignoring)
    return {
        "kind": kind,
        "week": week,
        "days": timetable.days(found, zone, reader_zone),
        "next_days": [] if found else timetable.days(following, zone, reader_zone),
        "has_previous": week.begins > now,
        "has_next": week.ends < now + kind.rules.horizon,
        "place_zone": zone,
        "reader_zone": reader_zone,
        "zones_differ": zone != reader_zone,
    }


def _asked_week(asked: str, zone: str) -> timetable.Week | None:
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return None
    return timetable.week_of(day, zone) if 2000 < day.year < 2200 else None
