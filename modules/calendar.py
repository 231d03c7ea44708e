"""Sessions as a calendar file."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from credpoints.common.translated import text_in
from modules.models import Attendance, Session


def calendar_of(sessions: Iterable[Session], *, now: datetime, base_url: str, with_links: bool) -> bytes:
    """Write sessions as iCalendar; the same session keeps its UID, its SEQUENCE rises when it changes.

    `with_links` adds the addresses of online rooms, which only people who take part get.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Credit Points//modules//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for session in sessions:
        calendar.add_component(_event(session, now=now, base_url=base_url, with_links=with_links))
    return bytes(calendar.to_ical())


def _event(session: Session, *, now: datetime, base_url: str, with_links: bool) -> Event:
    event = Event()
    host = base_url.rsplit("://", maxsplit=1)[-1].split(":", maxsplit=1)[0].split("/", maxsplit=1)[0]
    event.add("uid", f"session-{session.uuid}@{host}")
    event.add("sequence", session.sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", session.starts_at.astimezone(UTC))
    event.add("dtend", session.ends_at.astimezone(UTC))
    event.add("summary", " – ".join(part for part in (_title(session), text_in(session.title)) if part))
    place = session.place or (_("online") if session.is_online else "")
    event.add("location", place)
    event.add("status", "CANCELLED" if session.cancelled_at else "CONFIRMED")
    words = [str(session.get_mode_display())]
    if session.attendance == Attendance.COMPULSORY:
        words.append(str(session.get_attendance_display()))
    if with_links and (session.link or session.offering.link):
        words.append(session.link or session.offering.link)
    event.add("description", "\n".join(words))
    event.add("url", f"{base_url}{session.offering.get_absolute_url()}")
    return event


def _title(session: Session) -> str:
    return text_in(session.offering.version.title)
