"""A freed time is offered to one person at a time; the calendar address is private and can be changed."""

from datetime import timedelta

import icalendar
import pytest
import time_machine
from django.urls import reverse

from credpoints.outbox.models import OutboxMessage
from planning.actions import consultations, feeds
from planning.models import ConsultationType, EarlierWish
from tests.people import make_user
from tests.planning.makers import MONDAY_TEN, NOW, make_application, make_talk


@pytest.fixture(autouse=True)
def _first_of_july():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def talks(world):
    """Rana on Monday; two others on Tuesday and Wednesday who would come earlier, the second asked first."""
    first = make_talk(world)
    later = []
    for day in (1, 2):
        user = make_user(f"later{day}@example.org", "Later", str(day))
        make_application(user, world.programme)
        held = consultations.hold_time(kind=first.type, starts_at=MONDAY_TEN + timedelta(days=day), by=user)
        later.append(consultations.book_talk(talk=held, by=user))
    for minutes, talk in enumerate(reversed(later)):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            consultations.wish_earlier(talk=talk, by=talk.person.user)
    return [first, *later]


def offers() -> list[str]:
    return list(
        OutboxMessage.objects.filter(template="planning/email/earlier_offer")
        .order_by("pk")
        .values_list("to", flat=True)
    )


def test_freed_time_goes_to_the_longest_waiting_and_then_to_the_next(world, talks, run_jobs) -> None:
    consultations.cancel_talk(talk=talks[0], by=world.rana, reason="")
    first = offers()
    with time_machine.travel(NOW + timedelta(hours=13), tick=False):
        run_jobs()
        run_jobs()

    assert first == ["later2@example.org"]
    assert offers() == ["later2@example.org", "later1@example.org"]


def test_a_time_that_somebody_took_meanwhile_is_not_offered_to_the_next(world, talks, run_jobs) -> None:
    consultations.cancel_talk(talk=talks[0], by=world.rana, reason="")
    make_application(world.yusuf, world.programme)
    held = consultations.hold_time(kind=talks[0].type, starts_at=MONDAY_TEN, by=world.yusuf)
    consultations.book_talk(talk=held, by=world.yusuf)

    with time_machine.travel(NOW + timedelta(hours=13), tick=False):
        run_jobs()
        run_jobs()

    assert offers() == ["later2@example.org"]


def test_a_lapsed_hold_does_not_skip_the_offer(world, talks, run_jobs) -> None:
    """Nobody is asked while somebody fills the form in; the question comes when the ten minutes are over."""
    consultations.cancel_talk(talk=talks[0], by=world.rana, reason="")
    make_application(world.yusuf, world.programme)
    with time_machine.travel(NOW + timedelta(hours=11, minutes=55), tick=False):
        consultations.hold_time(kind=talks[0].type, starts_at=MONDAY_TEN, by=world.yusuf)
    with time_machine.travel(NOW + timedelta(hours=12, minutes=1), tick=False):
        run_jobs()
        while_held = offers()
    with time_machine.travel(NOW + timedelta(hours=12, minutes=6), tick=False):
        run_jobs()
        run_jobs()

    assert while_held == ["later2@example.org"]
    assert offers() == ["later2@example.org", "later1@example.org"]


def test_declining_a_request_and_handing_a_talk_over_free_time_too(world, talks) -> None:
    make_application(world.yusuf, world.programme)
    consultations.substitute_advisor(talk=talks[0], advisor=world.aydin, by=world.vogel)
    after_handing_over = offers()
    ConsultationType.objects.filter(pk=talks[0].type_id).update(needs_confirmation=True)
    EarlierWish.objects.update(offered_start=None, offered_until=None)
    OutboxMessage.objects.all().delete()
    kind = ConsultationType.objects.get(pk=talks[0].type_id)
    held = consultations.hold_time(kind=kind, starts_at=MONDAY_TEN, by=world.yusuf, advisor=world.vogel)
    request = consultations.book_talk(talk=held, by=world.yusuf)
    consultations.decline_talk(talk=request, by=world.vogel, reason="krank")

    assert after_handing_over == ["later2@example.org"]
    assert (request.state, offers()) == ("declined", ["later2@example.org"])


def test_accepting_moves_the_talk_and_frees_its_own_time_for_the_next(world, talks) -> None:
    consultations.cancel_talk(talk=talks[0], by=world.rana, reason="")

    consultations.accept_earlier(talk=talks[2], by=talks[2].person.user)
    talks[2].refresh_from_db()

    assert (talks[2].starts_at, talks[2].sequence) == (MONDAY_TEN, 1)
    assert [wish.appointment_id for wish in EarlierWish.objects.all()] == [talks[1].pk]


def test_calendar_address_shows_own_talks_and_a_new_one_ends_the_old(world, sign_in) -> None:
    talk = make_talk(world)
    old = feeds.new_address(user=world.rana)
    new = feeds.new_address(user=world.rana)

    answer = sign_in(None).get(reverse("planning:feed", args=[new]))
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")

    assert sign_in(None).get(reverse("planning:feed", args=[old])).status_code == 404
    assert [str(event["UID"]) for event in events] == [talk.calendar_uid]
