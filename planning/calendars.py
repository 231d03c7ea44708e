"""Calendar files: one UID for the life of a talk, a higher SEQUENCE with every change, moments in UTC.

Moments are written in UTC and not with a VTIMEZONE: every calendar shows them in its owner's own zone, and no file can
disagree with the time zone database about a daylight-saving day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

PRODUCT = "-//Credit Points//Consultations//EN"
ALARM_BEFORE = timedelta(hours=1)


@dataclass(frozen=True)
class Attendee:
    name: str
    email: str


@dataclass(frozen=True)
class CalendarTalk:
    """What a calendar file says about one talk."""

    uid: str
    sequence: int
    begins: datetime
    ends: datetime
    title: str
    description: str
    place: str
    url: str
    organiser: Attendee
    attendee: Attendee
    changed_at: datetime
    cancelled: bool = False
    tentative: bool = False


def invitation(talk: CalendarTalk) -> str:
    """A file for a mail: REQUEST puts or moves the entry, CANCEL takes it out."""
    calendar = _calendar("CANCEL" if talk.cancelled else "REQUEST")
    calendar.add_component(_event(talk))
    return str(calendar.to_ical().decode())


def feed(talks: Iterable[CalendarTalk], *, name: str) -> str:
    """A calendar to subscribe to: all talks of one person."""
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for talk in talks:
        calendar.add_component(_event(talk))
    return str(calendar.to_ical().decode())


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _event(talk: CalendarTalk) -> Event:
    event = Event()
    event.add("uid", talk.uid)
    event.add("sequence", talk.sequence)
    event.add("dtstamp", talk.changed_at.astimezone(UTC))
    event.add("last-modified", talk.changed_at.astimezone(UTC))
    event.add("dtstart", talk.begins.astimezone(UTC))
    event.add("dtend", talk.ends.astimezone(UTC))
    event.add("summary", talk.title)
    event.add("description", talk.description)
    event.add("location", talk.place)
    if talk.url:
        event.add("url", talk.url)
    event.add("status", _status(talk))
    event.add("organizer", _address(talk.organiser))
    attendee = _address(talk.attendee)
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    event.add("attendee", attendee, encode=False)
    if not talk.cancelled:
        event.add_component(_alarm(talk.title))
    return event


def _status(talk: CalendarTalk) -> str:
    if talk.cancelled:
        return "CANCELLED"
    return "TENTATIVE" if talk.tentative else "CONFIRMED"


def _address(attendee: Attendee) -> vCalAddress:
    address = vCalAddress(f"mailto:{attendee.email}")
    address.params["CN"] = vText(attendee.name)
    return address


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -ALARM_BEFORE)
    return alarm
