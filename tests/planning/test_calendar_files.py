"""Calendar files as two strangers' parsers read them, and as a calendar keeps them: an update replaces the entry."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import time_machine
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from credpoints.outbox.models import OutboxMessage
from planning.actions import consultations
from planning.calendars import Attendee, CalendarTalk, feed, invitation
from tests.planning.makers import MONDAY_TEN, NOW, make_talk

AUTUMN = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)  # 2:30 in Berlin, an hour that is there twice
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=120)
moments = st.integers(0, 10**8).map(lambda seconds: NOW + timedelta(seconds=seconds))


@pytest.fixture(autouse=True)
def _first_of_july():
    with time_machine.travel(NOW, tick=False):
        yield


def calendar_talk(**facts) -> CalendarTalk:
    given_facts = {
        "uid": "1@credit-points", "sequence": 0, "begins": MONDAY_TEN, "ends": MONDAY_TEN + timedelta(minutes=45),
        "title": "Erstgespräch mit Katrin Vogel", "description": "Mo 12. Juli 2027\nHaus Gauß, B 501; bitte klingeln",
        "place": "Haus Gauß, B 501", "url": "https://example.org/talk/x/",
        "organiser": Attendee("Katrin Vogel", "vogel@bht.example"),
        "attendee": Attendee('Rana "R." Al-Khatib', "rana@example.org"), "changed_at": NOW,
    }  # fmt: skip
    return CalendarTalk(**{**given_facts, **facts})


def read_by_both(text: str) -> list[dict]:
    """The entry as icalendar and as vobject understand it."""
    event = icalendar.Calendar.from_ical(text).walk("VEVENT")[0]
    other = vobject.readOne(text).vevent
    return [
        {"uid": str(event["UID"]), "begins": event.decoded("DTSTART"), "ends": event.decoded("DTEND"),
         "title": str(event["SUMMARY"]), "text": str(event["DESCRIPTION"]), "status": str(event["STATUS"]),
         "sequence": int(event["SEQUENCE"])},
        {"uid": other.uid.value, "begins": other.dtstart.value, "ends": other.dtend.value,
         "title": other.summary.value, "text": other.description.value, "status": other.status.value,
         "sequence": int(other.sequence.value)},
    ]  # fmt: skip


@settings(max_examples=60)
@given(title=texts, description=texts, begins=moments, minutes=st.integers(5, 600), sequence=st.integers(0, 500))
def test_both_parsers_read_what_was_written(title, description, begins, minutes, sequence) -> None:
    talk = calendar_talk(
        title=title, description=description, begins=begins, ends=begins + timedelta(minutes=minutes), sequence=sequence
    )
    text = invitation(talk)

    ours, theirs = read_by_both(text)
    assert ours == theirs
    assert (ours["begins"], ours["ends"], ours["sequence"]) == (talk.begins, talk.ends, sequence)
    assert (ours["title"], ours["text"]) == (title, description)
    assert all(len(line) <= 75 for line in text.encode().split(b"\r\n"))  # RFC 5545, 3.1


@pytest.mark.parametrize("begins", [AUTUMN, AUTUMN + timedelta(hours=1), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)])
def test_hours_of_a_day_when_clocks_change_stay_apart(begins: datetime) -> None:
    for read in read_by_both(invitation(calendar_talk(begins=begins, ends=begins + timedelta(minutes=45)))):
        assert read["begins"] == begins


def test_feed_is_read_whole_by_both() -> None:
    text = feed([calendar_talk(uid=str(n)) for n in range(3)], name="Gespräche von Rana, Berlin")

    assert len(icalendar.Calendar.from_ical(text).walk("VEVENT")) == len(vobject.readOne(text).vevent_list) == 3


class StrangersCalendar:
    """What RFC 5546 asks of a calendar: a higher SEQUENCE replaces the entry of the same UID, CANCEL takes it out."""

    def __init__(self) -> None:
        self.entries: dict[str, vobject.base.Component] = {}

    def take(self, text: str) -> None:
        calendar = vobject.readOne(text)
        event = calendar.vevent
        known = self.entries.get(event.uid.value)
        if known is not None and int(event.sequence.value) <= int(known.sequence.value):
            return
        if calendar.method.value == "CANCEL":
            self.entries.pop(event.uid.value, None)
        else:
            self.entries[event.uid.value] = event


def test_moving_a_talk_replaces_its_entry_and_cancelling_takes_it_out(world) -> None:
    talk, calendar, seen = make_talk(world), StrangersCalendar(), []
    consultations.reschedule_talk(talk=talk, starts_at=MONDAY_TEN + timedelta(days=1, hours=1), by=world.rana)
    consultations.substitute_advisor(talk=talk, advisor=world.aydin, by=world.petersen)
    consultations.cancel_talk(talk=talk, by=world.rana, reason="")

    for mail in OutboxMessage.objects.filter(to="rana@example.org").order_by("pk"):
        calendar.take(mail.attachments[0]["content"])
        seen.append([entry.dtstart.value for entry in calendar.entries.values()])

    tuesday = MONDAY_TEN + timedelta(days=1, hours=1)
    assert seen == [[MONDAY_TEN], [tuesday], [tuesday], []]
