"""Story 6.1, steps 8 to 12, in several browsers at once: from the invitation to the confirmed record of the talk."""

import re
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import time_machine
from playwright.sync_api import expect

from credpoints.outbox.models import OutboxMessage
from planning.actions import availability
from planning.models import Appointment
from tests.browser.walker import Walker
from tests.people import build_world
from tests.planning.makers import MONDAY_TEN, NOW, make_application, make_hours, make_talk, make_type

WEEK = "?week=2027-07-12"
TEN, ELEVEN = "2027-07-12T08:00Z", "2027-07-12T09:00Z"


@pytest.fixture
def world(transactional_db):
    return build_world()


@pytest.fixture
def kind(world):
    """A first talk with Dr. Vogel, Monday to Friday from 9 to 16, closed on Wednesday."""
    make_hours(world.vogel, world.programme)
    for user in (world.rana, world.yusuf):
        make_application(user, world.programme)
    wednesday = datetime(2027, 7, 14, tzinfo=UTC).date()
    availability.note_exception(
        programme=world.programme, advisor=None, by=world.petersen, kind="closed", first_day=wednesday,
        last_day=wednesday,
    )  # fmt: skip
    return make_type(world.programme, questions=[{"de": "Worüber?", "en": "About what?"}])


@pytest.fixture
def walker(open_page):
    def open_one(user, language: str = "de", **how) -> Walker:
        return Walker(open_page(user=user, language=language, **how), language)

    return open_one


def offered(walker: Walker) -> list[str]:
    return [str(button.get_attribute("value")) for button in walker.page.locator("button.time").all()]


def calendar_entry(template: str) -> icalendar.Event:
    sent = OutboxMessage.objects.filter(template=f"planning/email/{template}").latest("pk")
    return icalendar.Calendar.from_ical(sent.attachments[0]["content"]).walk("VEVENT")[0]


def mailed_link(template: str) -> str:
    body = OutboxMessage.objects.filter(template=f"planning/email/{template}").latest("pk").body
    found = re.search(r"http://[^/]+(/talk/\S+)", body)
    assert found, body
    return found.group(1)


def test_two_browsers_want_the_same_time_and_nobody_loses_what_was_typed(world, kind, walker) -> None:
    address = f"/consultations/{kind.pk}/times/{WEEK}"
    with time_machine.travel(NOW, tick=True):
        rana, yusuf = walker(world.rana), walker(world.yusuf, "en", width=360)
        rana.go(address)
        yusuf.go(address)
        assert {value[:10] for value in offered(rana)} == {f"2027-07-{day}" for day in (12, 13, 15, 16)}
        assert {value[11:16] for value in offered(rana)} == {f"{n // 2:02}:{30 * (n % 2):02}" for n in range(14, 27)}
        # 10:00 in Berlin is 11:00 in Damascus; both are read before the click.
        expect(yusuf.page.locator(f'button[value="{TEN}"]')).to_have_text(re.compile(r"10:00\s*11:00"))

        yusuf.activate(yusuf.page.locator(f'button[value="{TEN}"]'))
        yusuf.fill("About what?", "My degree")
        # The same time in another browser, while it is kept: told kindly, with what is free.
        rana.activate(rana.page.locator(f'button[value="{TEN}"]'))
        rana.sees("This time has just been taken")
        assert TEN not in offered(rana)
        assert ELEVEN in offered(rana)
    with time_machine.travel(NOW + timedelta(minutes=11), tick=True):
        # Yusuf's ten minutes are over, and Rana is faster now.
        rana.go(address)
        rana.activate(rana.page.locator(f'button[value="{TEN}"]'))
        rana.press("Book this talk")
        rana.sees("Your talk is booked")
        yusuf.press("Book this talk")
        yusuf.sees("This time has just been taken")
        expect(yusuf.field("About what?")).to_have_value("My degree")
        # With the quarter of an hour after the talk: 9:00 stays, 9:30 and 10:30 are gone, 11:00 is there.
        assert {TEN, "2027-07-12T07:30Z", "2027-07-12T08:30Z"}.isdisjoint(offered(yusuf))
        yusuf.activate(yusuf.page.locator(f'button[value="{ELEVEN}"]'))
        yusuf.sees("Your talk is booked")

    states = Appointment.objects.order_by("starts_at").values_list("person__given_name", "state", "starts_at")
    assert list(states) == [("Rana", "booked", MONDAY_TEN), ("Yusuf", "booked", MONDAY_TEN + timedelta(hours=1))]
    assert Appointment.objects.get(person=world.yusuf.person).answers[0]["answer"] == "My degree"
    entry = calendar_entry("talk_booked")
    assert (entry["SEQUENCE"], entry["DTSTART"].to_ical()) == (0, b"20270712T090000Z")


def test_the_link_of_the_mail_moves_the_talk_without_signing_in(world, walker, run_jobs) -> None:
    with time_machine.travel(NOW, tick=True):
        talk = make_talk(world)
        uid = str(calendar_entry("talk_booked")["UID"])
        stranger, other = walker(None), walker(world.yusuf)
        make_application(world.yusuf, world.programme)
        stranger.go(mailed_link("talk_booked"))
        stranger.press("Choose another time")
        stranger.activate(stranger.page.locator('button[value="2027-07-13T09:00Z"]'))
        stranger.sees("The talk has been moved.")
        entry = calendar_entry("talk_moved")
        assert (str(entry["UID"]), entry["SEQUENCE"], entry["DTSTART"].to_ical()) == (uid, 1, b"20270713T090000Z")
        other.go(f"/consultations/{talk.type_id}/times/{WEEK}")
        assert TEN in offered(other)
    with time_machine.travel(NOW + timedelta(days=11, hours=8), tick=True):
        stranger.go(mailed_link("talk_moved"))
        stranger.reads("+49 30 1234567")
        expect(stranger.control("Choose another time")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False])
def test_the_record_of_the_talk_is_shared_read_and_confirmed(world, walker, javascript: bool) -> None:
    talk = make_talk(world)
    vogel, rana = walker(world.vogel, javascript=javascript), walker(world.rana, "en", javascript=javascript)
    vogel.go(f"/advising/talks/{talk.uuid}/")
    vogel.fill("Present situation", "Arbeitet im Verkauf.")
    vogel.fill("Summary that the person reads", "Regelungstechnik, Python, technisches Deutsch.")
    vogel.fill("Internal note", "Sehr motiviert.")
    vogel.press("Save and give the summary to the person")
    for text, kind in (("Regelungstechnik auffrischen", "gap"), ("Arbeit als Ingenieurin", "goal")):
        vogel.pick("Kind", kind)
        vogel.fill_in(vogel.page.locator("main").get_by_label("In Worten").first, text)
        vogel.press("Note it")
        vogel.reads(text)
    rana.go(talk.get_absolute_url())
    rana.reads("technisches Deutsch")
    expect(rana.page.locator("body")).not_to_contain_text("Sehr motiviert.")
    rana.press("I have read this")
    vogel.go(f"/advising/talks/{talk.uuid}/")
    vogel.sees("confirmed by the person")
