"""Closed days from a file: a calendar (.ics) as states and universities publish them, or a table (CSV)."""

import csv
import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Component

MOST_DAYS = 400
LARGEST_FILE = 1024 * 1024  # bytes
FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y")


@dataclass(frozen=True, order=True)
class ClosedDays:
    """From a day up to and with another day."""

    first: date
    last: date
    name: str = ""

    @property
    def value(self) -> str:
        """How a form sends it back."""
        return f"{self.first.isoformat()}/{self.last.isoformat()}/{self.name}"


@dataclass
class Found:
    """What a file says, and what in it could not be read."""

    days: list[ClosedDays] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_file(content: bytes) -> Found:
    """Read closed days from a calendar or a table, whichever the content is; each unreadable part is named."""
    if len(content) > LARGEST_FILE:
        return Found(problems=[_("The file is larger than 1 MB. A list of closed days is much smaller.")])
    text = _decoded(content)
    found = _calendar(text) if "BEGIN:VCALENDAR" in text[:1000] else _table(text)
    found.days = sorted(set(found.days))
    if len(found.days) > MOST_DAYS:
        return Found(problems=[_("The file names more than %(most)s days.") % {"most": MOST_DAYS}])
    if not found.days and not found.problems:
        found.problems.append(_("No days were found in this file."))
    return found


def from_value(value: str) -> ClosedDays | None:
    """The days that a form sends back; None for anything else."""
    first, _slash, rest = value.partition("/")
    last, _slash, name = rest.partition("/")
    try:
        days = ClosedDays(date.fromisoformat(first), date.fromisoformat(last), name[:200])
    except ValueError:
        return None
    return days if days.first <= days.last else None


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")  # what spreadsheets in Germany still write


def _calendar(text: str) -> Found:
    try:
        calendar = Calendar.from_ical(text)
    except (ValueError, IndexError, KeyError):
        return Found(problems=[_("This calendar file cannot be read.")])
    found = Found()
    for event in calendar.walk("VEVENT"):
        name = str(event.get("SUMMARY", ""))[:200]
        days = _event_days(event, name)
        if days is None:
            found.problems.append(_("“%(name)s” has no day that can be read.") % {"name": name or "?"})
        else:
            found.days.append(days)
            if "RRULE" in event:
                found.problems.append(_("“%(name)s” repeats: only its first date is taken.") % {"name": name or "?"})
    return found


def _event_days(event: Component, name: str) -> ClosedDays | None:
    """A whole day ends before its DTEND (RFC 5545, 3.6.1); without one it is a single day."""
    try:
        begins, ends = event.decoded("DTSTART"), event.decoded("DTEND", None)
    except (ValueError, KeyError):
        return None
    first = begins.date() if isinstance(begins, datetime) else begins
    if isinstance(ends, datetime):
        last = (ends - timedelta(seconds=1)).date()
    else:
        last = ends - timedelta(days=1) if ends else first
    return ClosedDays(first, max(first, last), name)


def _table(text: str) -> Found:
    found = Found()
    delimiter = max(";,\t", key=text[:5000].count)
    for number, row in enumerate(_rows(text, delimiter), start=1):
        cells = [cell.strip() for cell in row if cell.strip()]
        if not cells:
            continue
        days = _row_days(cells)
        if days:
            found.days.append(days)
        elif number > 1 or any(character.isdigit() for character in cells[0]):  # the first line may be a heading
            problem = _("Line %(number)s: “%(text)s” does not begin with a day such as 2027-12-24 or 24.12.2027.")
            found.problems.append(problem % {"number": number, "text": cells[0][:60]})
    return found


def _rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:  # not a table at all
        return [[text[:60] or "0"]]


def _row_days(cells: list[str]) -> ClosedDays | None:
    first = _day(cells[0])
    if first is None:
        return None
    last = _day(cells[1]) if len(cells) > 1 else None
    name = " ".join(cells[2:] if last else cells[1:])[:200]
    if last and last < first:
        return None
    return ClosedDays(first, last or first, name)


def _day(text: str) -> date | None:
    for pattern in FORMATS:
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None
