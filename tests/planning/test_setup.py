"""Setting consultations up: kinds of talks, public holidays from a file, booking for somebody who calls."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from credpoints.outbox.models import OutboxMessage
from planning import holidays, openings
from planning.actions import consultations, types
from planning.holidays import ClosedDays
from planning.models import Appointment, AvailabilityException, ConsultationType
from tests.planning.makers import MONDAY_TEN, NOW, make_application, make_hours, make_talk, make_type

CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Example//EN\r
BEGIN:VEVENT\r
UID:1\r
DTSTART;VALUE=DATE:20270712\r
DTEND;VALUE=DATE:20270714\r
SUMMARY:Betriebsfeier\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:2\r
DTSTART:20271224T000000Z\r
SUMMARY:Heiligabend\r
RRULE:FREQ=YEARLY\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:3\r
SUMMARY:Ohne Tag\r
END:VEVENT\r
END:VCALENDAR\r
"""
KIND = {
    "title_de": "Zweitgespräch", "title_en": "Second talk", "is_open": "on", "who_may_book": "participant",
    "assignment": "chosen", "minutes": "30", "minutes_before": "5", "minutes_after": "10", "step_minutes": "15",
    "notice_hours": "12", "horizon_days": "30", "modes": ["onsite", "phone"], "place": "B 501",
    "question_0_de": "Worüber?", "question_0_en": "About what?",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _first_of_july():
    with time_machine.travel(NOW, tick=False):
        yield


def test_calendar_file_is_read_with_its_exclusive_ends_and_every_doubt_is_named() -> None:
    found = holidays.read_file(CALENDAR.encode())

    assert found.days == [
        ClosedDays(date(2027, 7, 12), date(2027, 7, 13), "Betriebsfeier"),
        ClosedDays(date(2027, 12, 24), date(2027, 12, 24), "Heiligabend"),
    ]
    assert len(found.problems) == 2


def test_table_is_read_in_both_spellings_of_a_day_and_bad_lines_are_named() -> None:
    text = "Tag;bis;Name\n03.10.2027;Tag der Deutschen Einheit\n2027-12-24;2027-12-31;Pause\n99.99.2027;x\n"

    found = holidays.read_file(text.encode("cp1252"))

    assert found.days == [
        ClosedDays(date(2027, 10, 3), date(2027, 10, 3), "Tag der Deutschen Einheit"),
        ClosedDays(date(2027, 12, 24), date(2027, 12, 31), "Pause"),
    ]
    assert len(found.problems) == 1
    assert "99.99.2027" in found.problems[0]


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: f"BEGIN:VCALENDAR\n{t}".encode()))
def test_any_file_is_read_or_refused_in_words(content: bytes) -> None:
    found = holidays.read_file(content)

    assert found.days or found.problems
    assert all(holidays.from_value(days.value) == days for days in found.days)


def test_days_of_a_file_are_shown_first_and_closed_only_when_they_stay_ticked(world, sign_in) -> None:
    admin = sign_in(world.petersen)
    address = reverse("planning:import_holidays", args=[world.programme.slug])
    page = admin.post(address, {"file": SimpleUploadedFile("frei.ics", CALENDAR.encode())}).content.decode()
    before = AvailabilityException.objects.count()
    sent = {"apply": "1", "day": ["2027-07-12/2027-07-13/Betriebsfeier", "nonsense", "2027-07-13/2027-07-12/x"]}
    for _press in range(2):
        admin.post(address, sent)

    rows = AvailabilityException.objects.values_list("first_day", "last_day", "note", "advisor")
    assert (before, 'value="2027-07-12/2027-07-13/Betriebsfeier"' in page) == (0, True)
    assert list(rows) == [(date(2027, 7, 12), date(2027, 7, 13), "Betriebsfeier", None)]
    assert (
        "disabled" in admin.post(address, {"file": SimpleUploadedFile("frei.ics", CALENDAR.encode())}).content.decode()
    )


def test_unreadable_file_is_refused_and_changes_nothing(world, sign_in) -> None:
    address = reverse("planning:import_holidays", args=[world.programme.slug])

    answer = sign_in(world.petersen).post(address, {"file": SimpleUploadedFile("x.csv", b"\x00\xff")})

    assert (answer.status_code, AvailabilityException.objects.count()) == (422, 0)


def test_imported_holiday_takes_the_times_out_of_the_booking_page(world) -> None:
    kind = make_type(world.programme)
    make_hours(world.vogel, world.programme)
    day = MONDAY_TEN.date()
    types.import_closed_days(programme=world.programme, by=world.petersen, days=[ClosedDays(day, day, "Frei")])

    found = openings.openings(kind, None, now=NOW, since=MONDAY_TEN, until=MONDAY_TEN + timedelta(days=1, hours=4))

    assert {o.starts_at.date() for o in found} == {day + timedelta(days=1)}


def test_administrator_makes_and_changes_a_kind_of_talk(world, sign_in) -> None:
    admin = sign_in(world.petersen)
    made = admin.post(reverse("planning:new_type", args=[world.programme.slug]), KIND)
    kind = ConsultationType.objects.get()
    changed = admin.post(reverse("planning:edit_type", args=[world.programme.slug, kind.pk]), {**KIND, "minutes": "45"})
    kind.refresh_from_db()

    assert (made.status_code, changed.status_code) == (302, 302)
    assert (kind.title["en"], kind.minutes, kind.modes, kind.step_minutes) == (
        "Second talk", 45, ["onsite", "phone"], 15,
    )  # fmt: skip
    assert kind.questions == [{"de": "Worüber?", "en": "About what?"}]


def test_impossible_kind_of_talk_is_refused_and_keeps_what_was_typed(world, sign_in) -> None:
    address = reverse("planning:new_type", args=[world.programme.slug])

    for wrong in ({"minutes": "0"}, {"step_minutes": "1"}, {"modes": []}, {"title_de": "", "title_en": ""}):
        answer = sign_in(world.petersen).post(address, {**KIND, **wrong})
        assert (answer.status_code, "B 501" in answer.content.decode()) == (422, True)

    assert ConsultationType.objects.count() == 0


def test_advisors_do_not_change_kinds_or_closed_days(world) -> None:
    kind = make_type(world.programme)

    for user in (world.vogel, world.other_admin, world.rana):
        with pytest.raises(PermissionDenied):
            types.save_type(programme=world.programme, by=user, kind=kind, minutes=5)
        with pytest.raises(PermissionDenied):
            types.import_closed_days(programme=world.programme, by=user, days=[])


def test_staff_book_for_somebody_who_calls(world, sign_in) -> None:
    kind, application = make_type(world.programme), make_application(world.yusuf, world.programme)
    typed = {"person": application.pk, "kind": kind.pk, "advisor": world.vogel.pk, "day": "2027-07-12",
             "clock": "18:00", "mode": "onsite"}  # fmt: skip

    client, address = sign_in(world.petersen), reverse("planning:book_for")
    asked = client.post(address, typed)
    before = Appointment.objects.count()
    answers = [client.post(address, typed | {"confirmed": "1"}) for _press in range(2)]

    talk = Appointment.objects.get()
    assert (asked.status_code, before) == (200, 0)
    assert [answer.url for answer in answers] == [reverse("planning:consultation", args=[talk.uuid])] * 2
    assert (talk.state, talk.starts_at, talk.person) == ("booked", MONDAY_TEN + timedelta(hours=8), world.yusuf.person)
    assert OutboxMessage.objects.count() == 0  # the tick was taken out


def test_staff_booking_of_a_taken_time_is_refused_with_the_next_free_ones(world, sign_in) -> None:
    talk = make_talk(world)
    application = make_application(world.yusuf, world.programme)
    typed = {"person": application.pk, "kind": talk.type_id, "advisor": world.vogel.pk, "day": "2027-07-12",
             "clock": "10:30", "mode": "onsite"}  # fmt: skip

    for confirmed in ({}, {"confirmed": "1"}):
        answer = sign_in(world.vogel).post(reverse("planning:book_for"), typed | confirmed)

        assert (answer.status_code, Appointment.objects.count()) == (422, 1)
        assert "11:00" in answer.content.decode()
        assert 'value="10:30"' in answer.content.decode()


def test_staff_booking_offers_free_times_of_the_chosen_advisor_only(world, sign_in) -> None:
    talk = make_talk(world)
    make_hours(world.aydin, world.programme)  # free at ten, but not who was asked for
    application = make_application(world.yusuf, world.programme)
    typed = {"person": application.pk, "kind": talk.type_id, "advisor": world.vogel.pk, "day": "2027-07-12",
             "clock": "10:00", "mode": "onsite"}  # fmt: skip

    answer = sign_in(world.vogel).post(reverse("planning:book_for"), typed)

    offered = re.findall(r"12. Juli 2027, (\d\d:\d\d)", answer.content.decode())
    assert offered == ["09:00", "11:00", "11:30", "12:00", "12:30"]


def test_staff_booking_for_somebody_who_has_a_talk_says_so_and_keeps_the_form(world, sign_in) -> None:
    talk = make_talk(world)
    typed = {"person": talk.application_id, "kind": talk.type_id, "advisor": world.vogel.pk, "day": "2027-07-13",
             "clock": "12:00", "mode": "onsite"}  # fmt: skip

    for confirmed in ({}, {"confirmed": "1"}):
        answer = sign_in(world.vogel).post(reverse("planning:book_for"), typed | confirmed)

        assert answer.status_code == 422
        assert "hat bereits ein Gespräch dieser Art" in answer.content.decode()
        assert 'value="12:00"' in answer.content.decode()


def test_steps_mail_the_person_only_with_the_tick(world, sign_in) -> None:
    kind = make_type(world.programme, needs_confirmation=True)
    talk = make_talk(world, kind=kind)
    OutboxMessage.objects.all().delete()
    address = reverse("planning:talk_step", args=[talk.uuid, "confirm"])

    page = sign_in(world.vogel).get(address).content.decode()
    sign_in(world.vogel).post(address)
    talk.refresh_from_db()

    assert 'name="tell"' in page
    assert "rana@example.org" in page  # whom the mail goes to is read before the click
    assert (talk.state, OutboxMessage.objects.count()) == ("booked", 0)


def test_absence_of_the_advisor_is_told_to_the_programme_and_the_person_is_invited_again(world, sign_in) -> None:
    talk = make_talk(world)
    OutboxMessage.objects.all().delete()
    with time_machine.travel(MONDAY_TEN + timedelta(hours=1), tick=False):
        sign_in(world.petersen).post(reverse("planning:talk_step", args=[talk.uuid, "no_show_advisor"]), {"tell": "1"})
        sign_in(world.petersen).post(reverse("planning:invite_again", args=[talk.uuid]))

    told = OutboxMessage.objects.order_by("pk").values_list("template", "to")
    assert list(told) == [
        ("planning/email/talk_missed", "rana@example.org"),
        ("planning/email/advisor_missed", "petersen@bht.example"),
        ("planning/email/talk_again", "rana@example.org"),
    ]


def test_booked_talk_needs_no_second_invitation(world, sign_in) -> None:
    talk = make_talk(world)

    answer = sign_in(world.vogel).post(reverse("planning:invite_again", args=[talk.uuid]))

    assert (answer.status_code, OutboxMessage.objects.filter(template="planning/email/talk_again").count()) == (409, 0)


def test_second_reminder_comes_an_hour_before(world, run_jobs) -> None:
    make_talk(world)
    run_jobs()
    for before in (timedelta(hours=23), timedelta(minutes=50)):
        with time_machine.travel(MONDAY_TEN - before, tick=False):
            run_jobs()
            run_jobs()

    assert OutboxMessage.objects.filter(template="planning/email/talk_reminder").count() == 2


def test_talk_booked_within_a_day_is_reminded_of_once(world, run_jobs) -> None:
    kind = make_type(world.programme, notice_hours=2)
    make_hours(world.vogel, world.programme)
    make_application(world.rana, world.programme)
    with time_machine.travel(MONDAY_TEN - timedelta(hours=3), tick=False):
        held = consultations.hold_time(kind=kind, starts_at=MONDAY_TEN, by=world.rana)
        consultations.book_talk(talk=held, by=world.rana)
    with time_machine.travel(MONDAY_TEN - timedelta(minutes=50), tick=False):
        run_jobs()

    assert OutboxMessage.objects.filter(template="planning/email/talk_reminder").count() == 1
