"""Story 6.1, steps 8 to 12, in several browsers at once: from the invitation to the confirmed record of the talk."""

import re
from datetime import UTC, datetime, time, timedelta
from urllib.parse import parse_qs, urlsplit

import icalendar
import pytest
import time_machine
from django.conf import settings
from playwright.sync_api import Locator, expect

from credpoints.outbox.models import OutboxMessage
from planning.actions import availability
from planning.models import Appointment, AvailabilityRule
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


def press_at_the_same_moment(*buttons: Locator) -> None:
    """Every browser presses its button by its own clock, and nobody waits for the others."""
    at = buttons[0].page.evaluate("Date.now() + 500")
    for button in buttons:
        button.evaluate(
            "(button, at) => { document.documentElement.dataset.left = 'yes';"
            " setTimeout(() => button.click(), at - Date.now()); }",
            at,
        )
    for button in buttons:
        expect(button.page.locator("html:not([data-left])")).to_be_attached()


def winner_and_loser(taken: str, *walkers: Walker) -> list[Walker]:
    """Who has got it, and who is told that it has just been taken."""
    told = [walker.page.locator("body").inner_text().count(walker.words(taken)) > 0 for walker in walkers]
    assert sorted(told) == [False, True]
    return [walker for _told, walker in sorted(zip(told, walkers, strict=True), key=lambda pair: pair[0])]


def question(walker: Walker) -> Locator:
    """What the programme asks before the talk, in the reader's language."""
    return walker.page.get_by_label({"de": "Worüber?", "en": "About what?"}[walker.language])


def test_two_browsers_race_for_one_time_and_nobody_loses_what_was_typed(world, kind, walker) -> None:
    address = f"/consultations/{kind.pk}/times/{WEEK}"
    taken = "This time has just been taken"
    with time_machine.travel(NOW, tick=True):
        rana, yusuf = walker(world.rana), walker(world.yusuf, "en", width=360)
        for one in (rana, yusuf):
            one.go(address)
        assert {value[:10] for value in offered(rana)} == {f"2027-07-{day}" for day in (12, 13, 15, 16)}
        assert {value[11:16] for value in offered(rana)} == {f"{n // 2:02}:{30 * (n % 2):02}" for n in range(14, 27)}
        # 10:00 in Berlin is 11:00 in Damascus; both are read before the click.
        expect(yusuf.page.locator(f'button[value="{TEN}"]')).to_have_text(re.compile(r"10:00\s*11:00"))

        press_at_the_same_moment(*(one.page.locator(f'button[value="{TEN}"]') for one in (rana, yusuf)))
        first, second = winner_and_loser(taken, rana, yusuf)
        first.fill_in(question(first), "My degree")
        assert TEN not in offered(second)
        assert ELEVEN in offered(second)
    with time_machine.travel(NOW + timedelta(minutes=11), tick=True):
        # The first ten minutes are over, and so the other one gets the time now.
        second.go(address)
        second.activate(second.page.locator(f'button[value="{TEN}"]'))
        second.fill_in(question(second), "My work")
    with time_machine.travel(NOW + timedelta(minutes=22), tick=True):
        # Both forms are open, filled, and past their ten minutes.
        press_at_the_same_moment(*(one.control("Book this talk") for one in (first, second)))
        winner, loser = winner_and_loser(taken, first, second)
        winner.sees("Your talk is booked")
        words = {first: "My degree", second: "My work"}
        expect(question(loser)).to_have_value(words[loser])
        # With the quarter of an hour after the talk: 9:00 stays, 9:30 and 10:30 are gone, 11:00 is there.
        assert {TEN, "2027-07-12T07:30Z", "2027-07-12T08:30Z"}.isdisjoint(offered(loser))
        loser.activate(loser.page.locator(f'button[value="{ELEVEN}"]'))
        loser.sees("Your talk is booked")

    names = {rana: world.rana.person, yusuf: world.yusuf.person}
    states = Appointment.objects.filter(state="booked").order_by("starts_at").values_list("person", "starts_at")
    assert list(states) == [(names[winner].pk, MONDAY_TEN), (names[loser].pk, MONDAY_TEN + timedelta(hours=1))]
    answers = Appointment.objects.filter(state="booked").order_by("starts_at").values_list("answers", flat=True)
    assert [answer[0]["answer"] for answer in answers] == [words[winner], words[loser]]
    entry = calendar_entry("talk_booked")
    assert (entry["SEQUENCE"], entry["DTSTART"].to_ical()) == (0, b"20270712T090000Z")


def test_the_week_is_painted_with_the_keyboard_alone(world, walker) -> None:
    make_type(world.programme)
    vogel = walker(world.vogel)
    vogel.go(f"/advising/availability/{world.programme.slug}/")
    cell = vogel.page.locator('[name=cell][value="0-18"]')
    keyboard = vogel.page.keyboard
    cell.focus()

    keyboard.press("Space")  # Monday 9:00
    for _half_hour in range(3):
        keyboard.press("Shift+ArrowDown")  # to 11:00
    keyboard.press("ArrowRight")  # Tuesday, only moved
    keyboard.press("ArrowRight")
    keyboard.press("Space")  # Wednesday 10:30
    keyboard.press("Shift+ArrowUp")  # and 10:00
    keyboard.press("Shift+ArrowUp")
    keyboard.press("Space")  # not 9:30
    keyboard.press("ArrowLeft")
    focused = vogel.page.evaluate("document.activeElement.value")
    painted = [box.get_attribute("value") for box in vogel.page.locator("[name=cell]:checked").all()]
    vogel.focus(vogel.control("Save the week"))
    vogel.activate(vogel.control("Save the week"))

    assert focused == "1-19"
    assert sorted(painted) == ["0-18", "0-19", "0-20", "0-21", "2-20", "2-21"]
    rules = AvailabilityRule.objects.order_by("weekday").values_list("weekday", "begins", "ends")
    assert list(rules) == [(0, time(9), time(11)), (2, time(10), time(11))]


def test_arrow_keys_stop_at_the_edge_of_the_week(world, walker) -> None:
    vogel = walker(world.vogel)
    vogel.go(f"/advising/availability/{world.programme.slug}/")
    cells = vogel.page.locator("[name=cell]")
    for edge, keys in ((cells.first, ("ArrowUp", "ArrowLeft")), (cells.last, ("ArrowDown", "ArrowRight"))):
        edge.focus()
        before = vogel.page.evaluate("document.activeElement.value")
        for key in keys:
            vogel.page.keyboard.press(key)
            assert vogel.page.evaluate("document.activeElement.value") == before


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


def test_a_record_sent_after_the_session_has_ended_comes_back_as_it_was_typed(world, walker) -> None:
    talk = make_talk(world)
    vogel = walker(world.vogel)
    vogel.go(f"/advising/talks/{talk.uuid}/")
    vogel.fill("Present situation", "Arbeitet im Verkauf.")
    cookies = vogel.page.context.cookies()
    vogel.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    vogel.press("Save")
    expect(vogel.page).to_have_url(re.compile("/accounts/login/"))

    vogel.page.context.add_cookies(cookies)  # signed in again
    vogel.go(parse_qs(urlsplit(vogel.page.url).query)["next"][0])
    vogel.sees("Your session had ended. What you had typed is back; it is not saved yet.")
    expect(vogel.field("Present situation")).to_have_value("Arbeitet im Verkauf.")
    vogel.press("Save")
    expect(vogel.page.locator("[data-brought-back]")).to_be_hidden()
    expect(vogel.field("Present situation")).to_have_value("Arbeitet im Verkauf.")
