"""The pages of consultations: the applicant's thirty seconds, the mailed link, the advisor's screen."""

import re
from datetime import date, time, timedelta

import icalendar
import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from credpoints.outbox.models import OutboxMessage
from planning import queries
from planning.actions import availability, consultations, participations, records
from planning.models import Appointment, AppointmentState, AvailabilityException, AvailabilityRule
from tests.planning.makers import (
    MONDAY_TEN,
    NOW,
    make_application,
    make_hours,
    make_participation,
    make_talk,
    make_type,
    proposed_version,
)

TEN = "2027-07-12T08:00Z"


@pytest.fixture(autouse=True)
def _first_of_july():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def kind(world):
    make_hours(world.vogel, world.programme)
    for user in (world.rana, world.yusuf):
        make_application(user, world.programme)
    return make_type(world.programme)


def link_of(template: str) -> str:
    body = OutboxMessage.objects.filter(template=f"planning/email/{template}").latest("pk").body
    return re.search(r"http://[^/]+(/talk/\S+)", body).group(1)


def test_invited_applicant_books_in_two_steps(world, kind, sign_in, run_jobs) -> None:
    client = sign_in(world.rana)
    page = client.get(reverse("planning:times", args=[kind.pk]), {"week": "2027-07-12"})
    chosen = client.post(reverse("planning:choose", args=[kind.pk]), {"starts_at": TEN})
    booked = client.post(chosen.url, {"mode": "online", "note": "Anerkennung"})
    run_jobs()

    talk = Appointment.objects.get()
    assert 'value="2027-07-12T08:00Z"' in page.content.decode()
    assert (talk.state, talk.mode, talk.note) == ("booked", "online", "Anerkennung")
    assert booked.url == f"{talk.get_absolute_url()}?booked=1"
    assert sorted(m.to[0] for m in mail.outbox) == ["rana@example.org", "vogel@bht.example"]
    kinds = [str(part.get_content_type()) for part in mail.outbox[0].message().walk()]
    assert "text/calendar" in kinds
    assert "method=REQUEST" in mail.outbox[0].message().as_string().replace('"', "")


def test_visitor_in_another_zone_reads_both_clocks(world, kind, sign_in) -> None:
    page = sign_in(world.yusuf).get(reverse("planning:times", args=[kind.pk]), {"week": "2027-07-12"})

    text = page.content.decode()
    assert "Asia/Damascus" in text
    assert re.search(r'time__clock">10:00</span>\s*<span class="time__own">11:00<', text)


def test_taken_time_is_refused_kindly_with_the_next_times(world, kind, sign_in) -> None:
    consultations.hold_time(kind=kind, starts_at=MONDAY_TEN, by=world.rana)

    answer = sign_in(world.yusuf).post(reverse("planning:choose", args=[kind.pk]), {"starts_at": TEN})

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "2027-07-12T09:00Z" in text
    assert 'value="2027-07-12T08:00Z"' not in text


def test_week_without_times_of_the_chosen_advisor_offers_no_others(world, kind, sign_in) -> None:
    AvailabilityRule.objects.create(
        advisor=world.aydin, programme=world.programme, weekday=5, begins=time(9), ends=time(12)
    )
    AvailabilityException.objects.create(
        programme=world.programme, advisor=world.aydin, first_day=date(2027, 7, 12), last_day=date(2027, 7, 18)
    )

    page = sign_in(world.rana).get(
        reverse("planning:times", args=[kind.pk]), {"week": "2027-07-12", "advisor": world.aydin.pk}
    )

    offered = re.findall(r'value="(2027-\d\d-\d\d)T', page.content.decode())
    assert {date.fromisoformat(day).isoweekday() for day in offered} == {6}


def test_lapsed_form_keeps_what_was_typed_and_books_another_time(world, kind, sign_in) -> None:
    held = consultations.hold_time(kind=kind, starts_at=MONDAY_TEN, by=world.rana)
    client = sign_in(world.rana)
    address = reverse("planning:book", args=[held.uuid])
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        other = consultations.hold_time(kind=kind, starts_at=MONDAY_TEN, by=world.yusuf)
        consultations.book_talk(talk=other, by=world.yusuf)
        refused = client.post(address, {"mode": "onsite", "note": "Getippt"})
        booked = client.post(address, {"mode": "onsite", "note": "Getippt", "starts_at": "2027-07-12T09:00Z"})

    talk = Appointment.objects.get(person=world.rana.person)
    assert (refused.status_code, "Getippt" in refused.content.decode()) == (409, True)
    assert (booked.status_code, talk.state, talk.note) == (302, "booked", "Getippt")
    assert talk.starts_at == MONDAY_TEN + timedelta(hours=1)


def test_nonsense_time_is_refused(world, kind, sign_in) -> None:
    for value in ("", "nonsense", "2027-07-12T08:07Z", "2027-07-11T08:00Z"):
        sign_in(world.rana).post(reverse("planning:choose", args=[kind.pk]), {"starts_at": value})

    assert Appointment.objects.count() == 0


def test_link_of_the_mail_moves_and_cancels_without_signing_in(world, sign_in) -> None:
    talk = make_talk(world)
    client, address = sign_in(None), link_of("talk_booked")

    page = client.get(address)
    client.post(f"{address}move/", {"starts_at": "2027-07-13T09:00Z"})
    talk.refresh_from_db()
    moved = (talk.starts_at.isoformat(), talk.sequence)
    client.post(f"{address}cancel/", {"reason": "krank"})
    talk.refresh_from_db()

    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    # With "no-referrer" browsers send "Origin: null", and every form of the page would be refused as forged.
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert moved == ("2027-07-13T09:00:00+00:00", 1)
    assert (talk.state, talk.reason) == (AppointmentState.CANCELLED, "krank")


def test_link_within_notice_says_please_call(world, sign_in) -> None:
    talk = make_talk(world)
    address = link_of("talk_booked")

    with time_machine.travel(MONDAY_TEN - timedelta(hours=23), tick=False):
        page = sign_in(None).get(address)
        sign_in(None).post(f"{address}cancel/", {"reason": ""})
    talk.refresh_from_db()

    assert "+49 30 1234567" in page.content.decode()
    assert talk.state == AppointmentState.BOOKED


def test_forged_link_is_not_found(world, sign_in) -> None:
    make_talk(world)

    assert sign_in(None).get("/talk/forged/").status_code == 404


def test_calendar_file_updates_the_same_entry(world) -> None:
    talk = make_talk(world)
    consultations.reschedule_talk(talk=talk, starts_at=MONDAY_TEN + timedelta(days=1, hours=1), by=world.rana)
    consultations.cancel_talk(talk=talk, by=world.rana, reason="")
    files = [
        icalendar.Calendar.from_ical(m.attachments[0]["content"])
        for m in OutboxMessage.objects.filter(to="rana@example.org").order_by("pk")
    ]

    events = [f.walk("VEVENT")[0] for f in files]
    assert [str(f["METHOD"]) for f in files] == ["REQUEST", "REQUEST", "CANCEL"]
    assert {str(e["UID"]) for e in events} == {talk.calendar_uid}
    assert [e["SEQUENCE"] for e in events] == [0, 1, 2]
    assert [e["DTSTART"].to_ical() for e in events] == [b"20270712T080000Z", b"20270713T090000Z", b"20270713T090000Z"]
    assert [bool(e.walk("VALARM")) for e in events] == [True, True, False]


def test_reminder_goes_out_once_a_day_before(world, run_jobs) -> None:
    make_talk(world)
    run_jobs()
    with time_machine.travel(MONDAY_TEN - timedelta(hours=23), tick=False):
        run_jobs()
        run_jobs()

    reminders = OutboxMessage.objects.filter(template="planning/email/talk_reminder")
    subjects = [reminder.subject for reminder in reminders]
    assert [(r.to, r.state) for r in reminders] == [("rana@example.org", "sent")]
    assert [m.subject for m in mail.outbox if m.subject in subjects] == subjects


def test_advisor_sees_the_record_and_the_person_only_the_summary(world, sign_in) -> None:
    talk = make_talk(world)
    advisor, person = sign_in(world.vogel), sign_in(world.rana)
    address = reverse("planning:consultation", args=[talk.uuid])
    advisor.post(address, {"topic_goals": "Ingenieurin", "shared_summary": "Wir sprachen über Regelungstechnik.",
                           "internal_note": "Nur für uns", "share": "1", "tell": "1"})  # fmt: skip

    page = person.get(talk.get_absolute_url()).content.decode()
    person.post(reverse("planning:confirm_summary", args=[talk.uuid]), {"comment": ""})
    talk.record.refresh_from_db()

    assert "Wir sprachen über Regelungstechnik." in page
    assert "Nur für uns" not in page
    assert talk.record.topics["goals"] == {"text": "Ingenieurin", "source": "talk"}
    assert talk.record.confirmed_at is not None
    assert "Nur für uns" not in "".join(OutboxMessage.objects.values_list("body", flat=True))


def test_completing_the_talk_moves_the_application_on(world, sign_in) -> None:
    talk = make_talk(world)

    sign_in(world.vogel).post(reverse("planning:talk_step", args=[talk.uuid, "complete"]))
    talk.application.refresh_from_db()

    assert talk.application.state == "consulted"


def test_no_show_is_refused_before_the_talk_and_noted_after_it(world, sign_in) -> None:
    talk = make_talk(world)
    address = reverse("planning:talk_step", args=[talk.uuid, "no_show_person"])

    page = reverse("planning:consultation", args=[talk.uuid])

    early = sign_in(world.vogel).post(address)
    offered = [address in sign_in(world.vogel).get(page).content.decode()]
    with time_machine.travel(MONDAY_TEN + timedelta(hours=1), tick=False):
        offered.append(address in sign_in(world.vogel).get(page).content.decode())
        sign_in(world.vogel).post(address)
    talk.refresh_from_db()

    assert (early.status_code, talk.state) == (409, AppointmentState.NO_SHOW_PERSON)
    assert offered == [False, True]


def test_person_is_told_what_is_next(world, kind) -> None:
    first = queries.next_steps(world.rana)
    assert [step.url for step in first] == [reverse("planning:times", args=[kind.pk])]
    before = queries.station(world.rana.person, world.programme).status
    held = consultations.hold_time(kind=kind, starts_at=MONDAY_TEN, by=world.rana)
    consultations.book_talk(talk=held, by=world.rana)

    after = queries.next_steps(world.rana)
    assert (before, after[0].due) == ("current", MONDAY_TEN)
    records.save_record(talk=held, by=world.vogel, topics={}, shared_summary="Kurz", internal_note="")
    consultations.complete_talk(talk=held, by=world.vogel)
    records.share_summary(talk=held, by=world.vogel)
    assert [step.url for step in queries.next_steps(world.rana)] == [held.get_absolute_url()]
    assert queries.station(world.rana.person, world.programme).status == "done"


def test_todos_come_from_states(world) -> None:
    proposed_version(world)
    titles = [todo.url for todo in queries.todos(world.vogel)]

    assert len(titles) == 2  # sign the plan, assign a mentor
    assert queries.todos(world.rana) == []
    assert queries.todos(world.other_advisor) == []


def test_painted_week_becomes_hours(world, sign_in) -> None:
    address = reverse("planning:availability", args=[world.programme.slug])
    sign_in(world.vogel).post(address, {"cell": ["0-18", "0-19", "0-21", "9-1", "x"]})

    rules = [(r.weekday, f"{r.begins:%H:%M}", f"{r.ends:%H:%M}") for r in AvailabilityRule.objects.all()]
    assert rules == [(0, "09:00", "10:00"), (0, "10:30", "11:00")]


def test_hours_outside_the_usual_day_are_shown_so_that_saving_keeps_them(world, sign_in) -> None:
    availability.paint_week(programme=world.programme, advisor=world.vogel, by=world.vogel, cells=[(0, 10), (4, 43)])

    page = sign_in(world.vogel).get(reverse("planning:availability", args=[world.programme.slug])).content.decode()

    assert re.findall(r'value="(\d+-\d+)" aria-label="[^"]*" checked', page) == ["0-10", "4-43"]


def test_advisor_cannot_paint_another_week(world) -> None:
    with pytest.raises(PermissionDenied):
        availability.paint_week(programme=world.programme, advisor=world.aydin, by=world.vogel, cells=[(0, 18)])


def test_participation_page_hides_the_private_note_from_mentor_and_admin(world, sign_in) -> None:
    participation = make_participation(world)
    participation.private_note, participation.mentor = "Pflege der Mutter", world.lorenz
    participation.save()
    address = participation.get_absolute_url()

    seen = {name: "Pflege der Mutter" in sign_in(world.user(name)).get(address).content.decode()
            for name in ("rana", "vogel", "lorenz", "petersen")}  # fmt: skip

    assert seen == {"rana": True, "vogel": True, "lorenz": False, "petersen": False}


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_database_as_often_for_any_length(world, sign_in, django_assert_num_queries, count) -> None:
    make_talk(world)
    make_participation(world, world.teacher)
    for number, user in enumerate((world.yusuf, world.lorenz)[: count - 1], start=1):
        make_application(user, world.programme)
        kind = Appointment.objects.first().type
        held = consultations.hold_time(kind=kind, starts_at=MONDAY_TEN + timedelta(days=number), by=user)
        consultations.book_talk(talk=held, by=user)
        make_participation_of(world, user)
    client = sign_in(world.vogel)

    for url, queries_expected in ((reverse("planning:talks"), TALKS), (reverse("planning:participations"), PEOPLE)):
        client.get(url)
        with django_assert_num_queries(queries_expected):
            client.get(url)


TALKS, PEOPLE = 7, 6


def make_participation_of(world, user) -> None:
    application = Appointment.objects.get(person=user.person).application
    participations.open_participation(application=application, by=None)


NO_NUMBERS = ["²", "٣", "9" * 5000, "-1", "x"]


@pytest.mark.parametrize("written", NO_NUMBERS)
def test_times_bear_anything_where_a_number_is_expected(world, kind, sign_in, written: str) -> None:
    times = sign_in(world.rana).get(reverse("planning:times", args=[kind.pk]), {"advisor": written})
    week = sign_in(world.petersen).get(
        reverse("planning:availability", args=[world.programme.slug]), {"advisor": written}
    )

    assert (times.status_code, week.status_code) == (200, 200)


@pytest.mark.parametrize("written", NO_NUMBERS)
def test_plans_bear_anything_where_a_number_is_expected(world, sign_in, written: str) -> None:
    client, version = sign_in(world.vogel), proposed_version(world)
    news = client.get(reverse("planning:plan_news", args=[version.uuid]), {"seen": written})
    other = client.get(reverse("planning:compare", args=[version.uuid]), {"with": written})

    assert (news.status_code, other.status_code) == (204, 200)


def test_the_list_of_participants_bears_a_search_for_thousands_of_words(world, sign_in) -> None:
    make_participation(world)

    answer = sign_in(world.vogel).get(reverse("planning:participations"), {"q": "a " * 1900})

    assert answer.status_code == 200


def test_a_summary_that_nobody_has_written_cannot_be_confirmed(world, sign_in) -> None:
    talk = make_talk(world)

    answer = sign_in(world.rana).post(reverse("planning:confirm_summary", args=[talk.uuid]), {"comment": "Ja"})

    assert answer.status_code == 409


def test_a_comment_that_is_too_long_comes_back_with_the_reason(world, sign_in) -> None:
    talk = make_talk(world)
    records.save_record(talk=talk, by=world.vogel, topics={}, shared_summary="Wir haben gesprochen.", internal_note="")
    records.share_summary(talk=talk, by=world.vogel)
    comment = "Zu lang. " * 400

    answer = sign_in(world.rana).post(reverse("planning:confirm_summary", args=[talk.uuid]), {"comment": comment})

    assert answer.status_code == 422
    assert "Zu lang. Zu lang." in answer.content.decode()
    assert "error-summary" in answer.content.decode()
    talk.record.refresh_from_db()
    assert talk.record.confirmed_at is None
