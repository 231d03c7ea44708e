"""What people see of the dates of their modules, and what teachers still have to enter."""

from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import translation

from credpoints.outbox.models import OutboxMessage
from modules import actions, queries
from tests.modules.factories import make_enrolment, make_offering, make_session, make_version
from tests.people import BERLIN, World

FIRST = datetime(2027, 10, 11, 10, 0, tzinfo=BERLIN)
WEEK = timedelta(days=7)


def test_a_learner_sees_the_next_date_first_with_its_end_and_below_where_one_was(
    world: World, sign_in, time_machine
) -> None:
    time_machine.move_to("2027-10-01 10:00+02:00")
    enrolment = make_enrolment(world)
    first = make_session(enrolment.offering, FIRST)
    make_session(enrolment.offering, FIRST + WEEK)
    actions.mark_attendance(session=first, marks={enrolment.pk: "present"}, by=world.teacher)
    time_machine.move_to("2027-10-12 10:00+02:00")

    page = sign_in(world.rana).get(enrolment.get_absolute_url()).content.decode()

    next_date, over, last_date, mark = (
        page.find(words)
        for words in ("18. Oktober 2027, 10:00–12:00", "1 Termin ist vorbei", "11. Oktober", "anwesend")
    )
    assert 0 < next_date < over < last_date < mark


def test_a_session_is_over_when_it_ends_and_not_when_it_begins(world: World) -> None:
    session = make_session(make_offering(world), FIRST)

    running = queries.timetable([session], FIRST + timedelta(minutes=119))
    over = queries.timetable([session], FIRST + timedelta(minutes=120))

    assert (len(running.coming), len(running.past)) == (1, 0)
    assert (len(over.coming), len(over.past)) == (0, 1)


def test_a_teacher_is_asked_for_the_list_of_a_compulsory_session_until_it_is_there(world: World, time_machine) -> None:
    time_machine.move_to("2027-10-01 10:00+02:00")
    enrolment = make_enrolment(world)
    session = make_session(enrolment.offering, FIRST, attendance="compulsory")
    make_session(enrolment.offering, FIRST, attendance="recommended")
    make_session(enrolment.offering, FIRST, attendance="compulsory", cancelled_at=FIRST)
    make_session(enrolment.offering, FIRST - 5 * WEEK, attendance="compulsory")  # before anybody was enrolled
    make_session(make_offering(world, version=make_version(world, code="X")), FIRST, attendance="compulsory")
    time_machine.move_to("2027-10-12 10:00+02:00")
    address = reverse("modules:attendance", args=[session.uuid])

    before = [todo.url for todo in queries.todos(world.teacher) if "attendance" in todo.url]
    actions.mark_attendance(session=session, marks={enrolment.pk: "absent"}, by=world.teacher)
    after = [todo.url for todo in queries.todos(world.teacher) if "attendance" in todo.url]

    assert (before, after) == ([address], [])


def test_the_group_says_how_many_were_there(world: World, sign_in, time_machine) -> None:
    time_machine.move_to("2027-10-01 10:00+02:00")
    offering = make_offering(world)
    one, two = make_enrolment(world, offering=offering), make_enrolment(world, user=world.yusuf, offering=offering)
    session = make_session(offering, FIRST)
    make_session(offering, FIRST + WEEK)
    actions.mark_attendance(session=session, marks={one.pk: "present", two.pk: "absent"}, by=world.teacher)

    page = sign_in(world.teacher).get(reverse("modules:group", args=[offering.uuid])).content.decode()

    assert "1 von 2 anwesend" in page
    assert "1 von 1" in page  # of the lists that are there, not of all dates of the term


def test_groups_that_run_today_come_before_those_to_come_and_those_over(world: World, time_machine) -> None:
    over = make_offering(world, version=make_version(world, code="OVER"))
    over.term = None
    over.starts_on, over.ends_on = date(2027, 3, 1), date(2027, 6, 1)
    over.save()
    summer = make_offering(world, version=make_version(world, code="SUMMER"))
    summer.term = world.summer
    summer.save()
    winter = make_offering(world, version=make_version(world, code="WINTER"))
    time_machine.move_to("2027-11-01 10:00+01:00")

    found = [offering.pk for offering in queries.groups(world.teacher)]

    assert found == [winter.pk, summer.pk, over.pk]


def test_own_modules_stand_in_the_order_of_the_terms(world: World) -> None:
    later = make_offering(world, version=make_version(world, code="SUMMER"))
    later.term = world.summer
    later.save()
    summer = make_enrolment(world, offering=later)
    winter = make_enrolment(world, offering=make_offering(world, version=make_version(world, code="WINTER")))

    with translation.override("de"):
        found = queries.own_enrolments(world.rana)

    assert [enrolment.pk for enrolment in found] == [winter.pk, summer.pk]


def mails(template: str = "modules/email/session") -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(template=template).order_by("pk"))


def test_whoever_takes_part_is_mailed_when_a_date_is_cancelled(world: World, sign_in) -> None:
    offering = make_offering(world)
    make_enrolment(world, offering=offering)
    withdrawn = make_enrolment(world, user=world.yusuf, offering=offering)
    actions.withdraw(enrolment=withdrawn, by=world.yusuf)
    session, client = make_session(offering, FIRST), sign_in(world.petersen)
    address = reverse("modules:session_cancel", args=[session.uuid])

    shown = client.get(address).content.decode()
    client.post(address, {"tell": "1"})
    client.post(address, {"tell": "1"})

    [mail] = mails()
    assert mail.to == world.rana.email
    assert mail.subject == "Abgesagt: Regelungstechnik 1, Mo, 11. Oktober 2027, 10:00 (Ortszeit Berlin)"
    assert mail.subject in shown
    assert session.offering.enrolments.get(person=world.rana.person).get_absolute_url() in mail.body


def test_nobody_is_mailed_about_a_date_when_the_tick_is_taken_out(world: World, sign_in) -> None:
    session = make_session(make_enrolment(world).offering, FIRST)

    sign_in(world.petersen).post(reverse("modules:session_cancel", args=[session.uuid]))

    assert mails() == []


def test_a_moved_date_is_mailed_and_another_topic_is_not(world: World, sign_in) -> None:
    session = make_session(make_enrolment(world).offering, FIRST)
    client, address = sign_in(world.petersen), reverse("modules:session_edit", args=[session.uuid])
    facts = {"day": "2027-10-11", "begins": "10:00", "ends": "12:00", "mode": "onsite", "attendance": "recommended"}

    client.post(address, facts | {"title_de": "Regler", "tell": "1"})
    topic = len(mails())
    client.post(address, facts | {"begins": "11:00", "ends": "13:00", "place": "B 101", "tell": "1"})

    assert topic == 0
    [mail] = mails()
    assert "11. Oktober 2027, 11:00–13:00 (Ortszeit Berlin)" in mail.body
    assert "in Präsenz, B 101" in mail.body


def test_a_new_date_is_mailed_to_whoever_takes_part(world: World, sign_in) -> None:
    offering = make_enrolment(world).offering
    facts = {"day": "2027-10-11", "begins": "10:00", "ends": "12:00", "mode": "online", "attendance": "recommended"}

    sign_in(world.petersen).post(reverse("modules:session_new", args=[offering.uuid]), facts | {"tell": "1"})

    assert [mail.to for mail in mails()] == [world.rana.email]


def test_the_mail_about_an_enrolment_says_when_it_begins_and_which_dates_are_compulsory(
    world: World, time_machine
) -> None:
    time_machine.move_to("2027-10-15 10:00+02:00")
    offering = make_offering(world)
    make_session(offering, FIRST, attendance="compulsory")  # over already
    make_session(offering, FIRST + WEEK, mode="online")
    make_session(offering, FIRST + 2 * WEEK, attendance="compulsory")

    make_enrolment(world, offering=offering)

    [mail] = mails("modules/email/enrolment")
    assert "Es beginnt: Mo, 18. Oktober 2027, 10:00–12:00 (Ortszeit Berlin), online" in mail.body
    assert "- Mo, 25. Oktober 2027, 10:00–12:00 (Ortszeit Berlin)\n" in mail.body
    assert "11. Oktober" not in mail.body


def test_who_was_missing_is_marked_and_the_others_were_there(world: World, sign_in) -> None:
    offering = make_offering(world)
    one, two, three = (
        make_enrolment(world, user=user, offering=offering) for user in (world.rana, world.yusuf, world.aydin)
    )
    session = make_session(offering, FIRST)
    address = reverse("modules:attendance", args=[session.uuid])

    sign_in(world.teacher).post(address, {f"mark-{two.pk}": "absent", f"mark-{three.pk}": "", "others_present": "1"})

    marks = dict(session.attendance_records.values_list("enrolment", "status"))
    assert marks == {one.pk: "present", two.pk: "absent", three.pk: "present"}


def test_saving_without_that_word_leaves_the_others_unrecorded(world: World, sign_in) -> None:
    offering = make_offering(world)
    one, two = make_enrolment(world, offering=offering), make_enrolment(world, user=world.yusuf, offering=offering)
    session = make_session(offering, FIRST)

    sign_in(world.teacher).post(reverse("modules:attendance", args=[session.uuid]), {f"mark-{two.pk}": "absent"})

    assert list(session.attendance_records.values_list("enrolment", "status")) == [(two.pk, "absent")]
    assert one.attendance_records.count() == 0
