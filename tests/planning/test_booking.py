"""Booking, moving and cancelling talks: nobody is ever booked twice."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from credpoints.outbox.models import OutboxMessage
from planning import openings
from planning.actions import availability, consultations
from planning.actions.consultations import TimeTaken, TooLate
from planning.models import Appointment, AppointmentCell
from tests.people import build_world, make_user
from tests.planning.makers import MONDAY_TEN, NOW, make_application, make_hours, make_talk, make_type


def test_book_an_offered_time(world) -> None:
    talk = make_talk(world)

    assert (talk.state, talk.starts_at, talk.advisor) == ("booked", MONDAY_TEN, world.vogel)
    assert AppointmentCell.objects.filter(appointment=talk).count() == 12
    assert [m.to for m in OutboxMessage.objects.order_by("pk")] == ["rana@example.org", "vogel@bht.example"]


def test_book_twice_gives_one_talk_and_one_mail(world) -> None:
    talk = make_talk(world)

    again = consultations.book_talk(talk=talk, by=world.rana, now=NOW)

    assert (again.pk, Appointment.objects.count(), OutboxMessage.objects.count()) == (talk.pk, 1, 2)


def test_buffer_keeps_neighbours_free_as_the_story_says(world) -> None:
    talk = make_talk(world)
    make_application(world.yusuf, world.programme)

    free = {
        o.starts_at
        for o in openings.openings(
            talk.type, world.yusuf.person, now=NOW, since=MONDAY_TEN - timedelta(hours=1),
            until=MONDAY_TEN + timedelta(minutes=90),
        )
    }  # fmt: skip

    assert sorted(t.strftime("%H:%M") for t in free) == ["07:00", "09:00"]


def test_hold_of_a_taken_time_is_refused(world) -> None:
    talk = make_talk(world)
    make_application(world.yusuf, world.programme)

    with pytest.raises(TimeTaken):
        consultations.hold_time(kind=talk.type, starts_at=MONDAY_TEN, by=world.yusuf, now=NOW)


def test_hold_lapses_by_the_clock(world) -> None:
    kind = make_type(world.programme)
    make_hours(world.vogel, world.programme)
    make_application(world.rana, world.programme)
    make_application(world.yusuf, world.programme)
    first = consultations.hold_time(kind=kind, starts_at=MONDAY_TEN, by=world.rana, now=NOW)

    later = NOW + timedelta(minutes=11)
    second = consultations.hold_time(kind=kind, starts_at=MONDAY_TEN, by=world.yusuf, now=later)
    first.refresh_from_db()

    assert (first.state, second.state) == ("lapsed", "held")
    with pytest.raises(TimeTaken):
        consultations.book_talk(talk=first, by=world.rana, now=later)


def test_lapsed_hold_is_booked_when_the_time_is_still_free(world) -> None:
    kind = make_type(world.programme)
    make_hours(world.vogel, world.programme)
    make_application(world.rana, world.programme)
    held = consultations.hold_time(kind=kind, starts_at=MONDAY_TEN, by=world.rana, now=NOW)

    talk = consultations.book_talk(talk=held, by=world.rana, now=NOW + timedelta(hours=1))

    assert (talk.state, AppointmentCell.objects.count()) == ("booked", 12)


@pytest.mark.parametrize("why", ["closed", "too near"])
def test_lapsed_hold_is_not_booked_when_the_time_is_no_longer_offered(world, why: str) -> None:
    """The minutes are free, but nobody works then any more, or it is too late to book."""
    kind = make_type(world.programme, notice_hours=24)
    make_hours(world.vogel, world.programme)
    make_application(world.rana, world.programme)
    held = consultations.hold_time(kind=kind, starts_at=MONDAY_TEN, by=world.rana, now=NOW)
    later = NOW + timedelta(hours=1)
    if why == "closed":
        day = MONDAY_TEN.date()
        availability.note_exception(programme=world.programme, advisor=None, by=world.petersen, kind="closed",
                                    first_day=day, last_day=day)  # fmt: skip
    else:
        later = MONDAY_TEN - timedelta(hours=23)

    with pytest.raises(TimeTaken):
        consultations.book_talk(talk=held, by=world.rana, now=later)

    assert not AppointmentCell.objects.filter(appointment__state="booked").exists()


def test_choosing_another_time_moves_the_hold(world) -> None:
    kind = make_type(world.programme)
    make_hours(world.vogel, world.programme)
    make_application(world.rana, world.programme)
    first = consultations.hold_time(kind=kind, starts_at=MONDAY_TEN, by=world.rana, now=NOW)

    other = consultations.hold_time(kind=kind, starts_at=MONDAY_TEN + timedelta(minutes=30), by=world.rana, now=NOW)

    assert (other.pk, Appointment.objects.count(), AppointmentCell.objects.count()) == (first.pk, 1, 12)


def test_reschedule_keeps_the_calendar_entry_and_frees_the_old_time(world) -> None:
    talk = make_talk(world)
    uid = talk.calendar_uid

    consultations.reschedule_talk(talk=talk, starts_at=MONDAY_TEN + timedelta(days=1), by=world.rana, now=NOW)

    assert (talk.calendar_uid, talk.sequence, talk.state) == (uid, 1, "booked")
    free = openings.openings(talk.type, None, now=NOW, since=MONDAY_TEN, until=MONDAY_TEN + timedelta(minutes=1))
    assert [o.starts_at for o in free] == [MONDAY_TEN]


def test_reschedule_within_notice_is_refused_for_the_person_and_open_to_staff(world) -> None:
    talk = make_talk(world)
    late = MONDAY_TEN - timedelta(hours=23)
    tuesday = MONDAY_TEN + timedelta(days=1, hours=2)

    with pytest.raises(TooLate, match=r"\+49 30 1234567"):
        consultations.reschedule_talk(talk=talk, starts_at=tuesday, by=world.rana, now=late)
    consultations.reschedule_talk(talk=talk, starts_at=tuesday, by=world.vogel, now=late)

    assert (talk.starts_at, talk.sequence) == (tuesday, 1)


def test_cancel_frees_the_time_and_sends_cancel(world) -> None:
    talk = make_talk(world)

    consultations.cancel_talk(talk=talk, by=world.rana, reason="krank", now=NOW)

    mail = OutboxMessage.objects.get(template="planning/email/talk_cancelled")
    assert AppointmentCell.objects.count() == 0
    assert "METHOD:CANCEL" in mail.attachments[0]["content"]
    assert "SEQUENCE:1" in mail.attachments[0]["content"]


def test_staff_booking_meets_the_same_constraint(world) -> None:
    talk = make_talk(world)

    with pytest.raises(TimeTaken):
        consultations.book_for(
            kind=talk.type, person=world.yusuf.person, advisor=world.vogel, by=world.petersen,
            starts_at=MONDAY_TEN + timedelta(minutes=30), now=NOW,
        )  # fmt: skip


def test_visitor_is_not_in_two_talks_at_once(world) -> None:
    talk = make_talk(world)
    other = make_type(world.programme, title={"en": "Second talk"})

    with pytest.raises(TimeTaken):
        consultations.book_for(
            kind=other, person=world.rana.person, advisor=world.aydin, by=world.petersen, starts_at=talk.starts_at,
            now=NOW,
        )  # fmt: skip


def test_database_refuses_a_cell_twice(world) -> None:
    talk = make_talk(world)

    with pytest.raises(IntegrityError), transaction.atomic():
        AppointmentCell.objects.create(appointment=talk, advisor=world.vogel, begins_at=MONDAY_TEN)


def test_substitute_keeps_the_talk(world) -> None:
    talk = make_talk(world)

    consultations.substitute_advisor(talk=talk, advisor=world.aydin, by=world.petersen, now=NOW)

    cells = AppointmentCell.objects.filter(appointment=talk)
    assert (talk.advisor, talk.starts_at, talk.sequence) == (world.aydin, MONDAY_TEN, 1)
    assert {cell.advisor_id for cell in cells} == {world.aydin.pk}


def test_confirmation_holds_the_time_while_it_waits(world) -> None:
    kind = make_type(world.programme, needs_confirmation=True)
    talk = make_talk(world, kind=kind)
    make_application(world.yusuf, world.programme)

    assert talk.state == "requested"
    with pytest.raises(TimeTaken):
        consultations.hold_time(kind=kind, starts_at=MONDAY_TEN, by=world.yusuf, now=NOW)
    consultations.confirm_talk(talk=talk, by=world.vogel, now=NOW)
    assert talk.state == "booked"


def test_most_per_day_counts_talks_of_the_day(world) -> None:
    kind = make_type(world.programme, most_per_day=1)
    make_talk(world, kind=kind)

    day = openings.openings(kind, None, now=NOW, since=MONDAY_TEN, until=MONDAY_TEN + timedelta(hours=10))
    next_day = openings.openings(kind, None, now=NOW, since=MONDAY_TEN + timedelta(hours=20),
                                 until=MONDAY_TEN + timedelta(hours=34))  # fmt: skip

    assert (day, bool(next_day)) == ([], True)


def test_reminder_is_sent_once_and_only_for_the_talk_as_it_stands(world) -> None:
    talk = make_talk(world)
    consultations.reschedule_talk(talk=talk, starts_at=MONDAY_TEN + timedelta(days=1), by=world.rana, now=NOW)

    for _round in range(2):
        consultations.remind(talk.pk, 0)
        consultations.remind(talk.pk, 1)

    assert OutboxMessage.objects.filter(template="planning/email/talk_reminder").count() == 1


def _race(count: int, work) -> list[str]:
    """Run the same work in threads that start together; returns what each of them met."""
    barrier, met = threading.Barrier(count), []

    def run(place: int) -> None:
        try:
            barrier.wait()
            met.append(work(place))
        except TimeTaken:
            met.append("taken")
        except Exception as error:
            met.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(met)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("count", [16, 50])
def test_race_for_one_slot_has_one_winner(count: int) -> None:
    world = build_world()
    kind = make_type(world.programme)
    make_hours(world.vogel, world.programme)
    users = [make_user(f"person{n}@example.org", "Person", str(n)) for n in range(count)]
    for user in users:
        make_application(user, world.programme)

    def book(place: int) -> str:
        held = consultations.hold_time(kind=kind, starts_at=MONDAY_TEN, by=users[place], now=NOW)
        return consultations.book_talk(talk=held, by=users[place], now=NOW).state

    assert _race(count, book) == ["booked"] + ["taken"] * (count - 1)
    assert AppointmentCell.objects.count() == 12


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_fifty_browsers_race_for_one_slot_and_the_others_read_what_is_free() -> None:
    world = build_world()
    kind = make_type(world.programme)
    make_hours(world.vogel, world.programme)
    start = (timezone.now() + timedelta(days=14)).replace(hour=10, minute=0, second=0, microsecond=0)
    start += timedelta(days=(7 - start.weekday()) % 7)  # a Monday, at 11 or 12 in Berlin
    users = [make_user(f"person{n}@example.org", "Person", str(n), language="en") for n in range(50)]
    for user in users:
        make_application(user, world.programme)
    value = f"{start:%Y-%m-%dT%H:%MZ}"

    def press(place: int) -> str:
        client = Client()
        client.force_login(users[place], backend="django.contrib.auth.backends.ModelBackend")
        answer = client.post(reverse("planning:choose", args=[kind.pk]), {"starts_at": value})
        if answer.status_code == 302:
            answer = client.post(answer.url, {"mode": "onsite"})
            return "booked" if "booked=1" in answer.url else answer.url
        text = answer.content.decode()
        offers = f'value="{value}"' not in text and 'name="starts_at"' in text
        return "told what is free" if (answer.status_code, offers) == (409, True) else text

    assert _race(50, press) == ["booked"] + ["told what is free"] * 49
    assert Appointment.objects.filter(state="booked").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_race_of_reschedules_into_one_slot_has_one_winner() -> None:
    world = build_world()
    kind = make_type(world.programme)
    make_hours(world.vogel, world.programme)
    talks = []
    for place in range(8):
        user = make_user(f"person{place}@example.org", "Person", str(place))
        make_application(user, world.programme)
        held = consultations.hold_time(
            kind=kind, starts_at=MONDAY_TEN + timedelta(days=1, hours=place - 1), by=user, now=NOW
        ) if place < 7 else None  # fmt: skip
        if held:
            talks.append(consultations.book_talk(talk=held, by=user, now=NOW))

    def move(place: int) -> str:
        consultations.reschedule_talk(talk=talks[place], starts_at=MONDAY_TEN, by=talks[place].person.user, now=NOW)
        return "moved"

    assert _race(7, move) == ["moved"] + ["taken"] * 6
    assert AppointmentCell.objects.count() == 7 * 12


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_race_of_one_person_pressing_the_button_often_gives_one_talk() -> None:
    world = build_world()
    kind = make_type(world.programme)
    make_hours(world.vogel, world.programme)
    make_application(world.rana, world.programme)

    def book(place: int) -> str:
        held = consultations.hold_time(kind=kind, starts_at=MONDAY_TEN, by=world.rana, now=NOW)
        return consultations.book_talk(talk=held, by=world.rana, now=NOW).state

    assert _race(8, book) == ["booked"] * 8
    assert Appointment.objects.count() == 1
