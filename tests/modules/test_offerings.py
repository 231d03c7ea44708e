"""Staff pages of an offering: made, changed, dated, taught; and what is refused in kind words."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from icalendar import Calendar

from credpoints.workflow import NoLongerPossible
from modules import actions, queries
from modules.models import Offering, Session
from tests.modules.factories import make_enrolment, make_offering, make_person, make_session, make_version

OCTOBER = datetime(2027, 10, 11, 8, tzinfo=UTC)
TYPED = {
    "mode": "blended", "language": "de", "place": "Haus Gauß", "fee": "375,50", "places": "25", "offer_hours": "48",
    "access": "plan", "group": "Abend", "enrolment_opens_at": "2027-09-01T08:00",
    "enrolment_closes_at": "2027-09-30T23:59",
}  # fmt: skip
DATE = {"day": "2027-10-11", "begins": "10:00", "ends": "12:00", "mode": "onsite", "attendance": "recommended"}


def typed_for(world, **changes: str) -> dict[str, str]:
    return {**TYPED, "programme": str(world.programme.pk), "term": str(world.winter.pk), **changes}


def test_an_offering_is_made_hidden_with_its_fee_and_moments_of_the_place(world, sign_in) -> None:
    version = make_version(world)
    world.petersen.time_zone = "Asia/Tbilisi"
    world.petersen.save()

    answer = sign_in(world.petersen).post(reverse("modules:offering_new", args=[version.module.uuid, 1]),
                                          typed_for(world))  # fmt: skip

    made = Offering.objects.get()
    assert answer.url == made.get_absolute_url()
    assert (made.state, made.fee, made.places, made.group, made.term) == (
        "concept", Decimal("375.50"), 25, "Abend", world.winter
    )  # fmt: skip
    assert made.enrolment_opens_at == datetime(2027, 9, 1, 6, tzinfo=UTC)  # 8:00 in Berlin
    assert sign_in(world.rana).get(made.get_absolute_url()).status_code == 404


def test_fee_and_moments_come_back_as_they_were_typed(world, sign_in) -> None:
    offering = make_offering(world, fee=Decimal("375.50"), enrolment_opens_at=datetime(2027, 9, 1, 6, tzinfo=UTC))
    world.petersen.time_zone = "Asia/Tbilisi"
    world.petersen.save()
    address = reverse("modules:offering_edit", args=[offering.uuid])

    page = sign_in(world.petersen).get(address).content.decode()
    sign_in(world.petersen).post(address, typed_for(world, fee="380"))
    offering.refresh_from_db()

    assert 'value="375,50"' in page
    assert 'value="2027-09-01T08:00"' in page
    assert (offering.fee, offering.enrolment_opens_at) == (Decimal(380), datetime(2027, 9, 1, 6, tzinfo=UTC))
    assert "380 €" in sign_in(world.rana).get(offering.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"fee": "-1"}, "Ein Entgelt ist nicht kleiner als 0."),
        ({"term": ""}, "Wählen Sie ein Semester"),
        ({"starts_on": "2027-10-10", "ends_on": "2027-10-01"}, "kann nicht enden"),
        ({"enrolment_closes_at": "2027-08-01T00:00"}, "kann nicht schließen"),
        ({"places": "1"}, "2 Plätze sind schon vergeben"),
    ],
)
def test_what_cannot_be_is_refused_beside_the_field_and_nothing_typed_is_lost(world, sign_in, wrong, words) -> None:
    offering = make_offering(world)
    for number in (1, 2):
        actions.enrol(offering=offering, person=make_person(number), by=None)

    answer = sign_in(world.petersen).post(
        reverse("modules:offering_edit", args=[offering.uuid]), typed_for(world, **wrong)
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Haus Gauß" in page
    assert words in page
    offering.refresh_from_db()
    assert (offering.places, offering.fee, offering.place) == (10, 0, "")


def test_more_places_are_offered_to_the_waiting_list(world, sign_in) -> None:
    offering = make_offering(world, places=1)
    first, second = (actions.enrol(offering=offering, person=make_person(n), by=None) for n in (1, 2))

    sign_in(world.petersen).post(reverse("modules:offering_edit", args=[offering.uuid]), typed_for(world, places="2"))
    first.refresh_from_db()
    second.refresh_from_db()

    assert (first.state, second.state) == ("enrolled", "offered")


def test_places_below_what_is_taken_are_refused_by_the_action_too(world) -> None:
    offering = make_enrolment(world).offering

    with pytest.raises(ValidationError, match="vergeben"):
        actions.change_offering(offering=offering, by=world.petersen, places=0)


def test_a_date_is_fixed_at_the_clock_of_the_place(world, sign_in) -> None:
    offering = make_offering(world)
    client = sign_in(world.petersen)

    client.post(reverse("modules:session_new", args=[offering.uuid]), DATE)

    session = Session.objects.get()
    assert (session.starts_at, session.ends_at) == (OCTOBER, OCTOBER.replace(hour=10))
    edit = client.get(reverse("modules:session_edit", args=[session.uuid])).content.decode()
    assert 'value="10:00"' in edit
    assert 'value="2027-10-11"' in edit


def test_a_changed_and_a_cancelled_date_update_calendars(world, sign_in) -> None:
    session = make_session(make_offering(world), OCTOBER)
    client = sign_in(world.petersen)

    client.post(reverse("modules:session_edit", args=[session.uuid]), DATE | {"begins": "11:00", "ends": "13:00"})
    moved = Session.objects.get()
    client.post(reverse("modules:session_cancel", args=[session.uuid]))
    client.post(reverse("modules:session_cancel", args=[session.uuid]))

    assert (moved.starts_at.hour, moved.sequence) == (9, 1)
    calendar = client.get(reverse("modules:offering_calendar", args=[session.offering.uuid])).content
    [event] = Calendar.from_ical(calendar).walk("VEVENT")
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 2)
    again = client.post(reverse("modules:session_edit", args=[session.uuid]), DATE)
    assert again.status_code == 409


def test_a_compulsory_date_after_the_first_enrolment_is_asked_about(world, sign_in) -> None:
    offering = make_offering(world)
    client, address = sign_in(world.petersen), reverse("modules:session_new", args=[offering.uuid])
    compulsory = DATE | {"attendance": "compulsory"}

    before_anybody = client.post(address, compulsory).status_code
    make_enrolment(world, offering=offering)
    warned = client.post(address, compulsory | {"day": "2027-10-18"})
    count = Session.objects.count()
    sure = client.post(address, compulsory | {"day": "2027-10-18", "sure": "1"}).status_code

    assert (before_anybody, warned.status_code, count, sure) == (302, 422, 1, 302)
    assert "1 Person ist angemeldet" in warned.content.decode()
    assert 'value="2027-10-18"' in warned.content.decode()
    assert client.post(address, DATE).status_code == 302  # nobody has to come


def test_only_new_facts_of_a_compulsory_date_are_asked_about(world, sign_in) -> None:
    offering = make_offering(world)
    session = make_session(offering, OCTOBER, attendance="compulsory")
    make_enrolment(world, offering=offering)
    client, address = sign_in(world.petersen), reverse("modules:session_edit", args=[session.uuid])
    compulsory = DATE | {"attendance": "compulsory"}

    assert client.post(address, compulsory | {"place": "B 101"}).status_code == 302
    assert client.post(address, compulsory | {"begins": "09:00"}).status_code == 422


def test_teachers_are_named_by_address_and_end(world, sign_in) -> None:
    offering = make_offering(world)
    client, address = sign_in(world.petersen), reverse("modules:teachers", args=[offering.uuid])

    unknown = client.post(address, {"email": "nobody@example.org"})
    client.post(address, {"email": world.yusuf.email.upper()})
    named = queries.teachers_of(offering)
    teaches = sign_in(world.yusuf).get(reverse("modules:group", args=[offering.uuid])).status_code
    client.post(reverse("modules:teacher_end", args=[offering.uuid, world.yusuf.pk]))

    assert (unknown.status_code, "kein Konto" in unknown.content.decode()) == (422, True)
    assert (named, teaches, queries.teachers_of(offering)) == ([world.yusuf], 200, [])


def test_others_change_nothing_and_a_finished_offering_stays_as_it_was(world) -> None:
    offering, version = make_offering(world), make_version(world, code="X")
    session = make_session(offering, OCTOBER)
    facts = {"starts_at": OCTOBER, "ends_at": OCTOBER.replace(hour=9)}
    calls = [
        lambda by: actions.change_offering(offering=offering, by=by, fee=Decimal(1)),
        lambda by: actions.add_session(offering=offering, by=by, **facts),
        lambda by: actions.change_session(session=session, by=by, place="anderswo"),
        lambda by: actions.cancel_session(session=session, by=by),
        lambda by: actions.name_teacher(offering=offering, user=world.yusuf, by=by),
        lambda by: actions.end_teacher(offering=offering, user=world.teacher, by=by),
    ]

    for user in (world.rana, world.teacher, world.vogel, world.other_admin):
        for call in [*calls, lambda by: actions.create_offering(version=version, by=by, term=world.winter)]:
            with pytest.raises(PermissionDenied):
                call(user)
    actions.complete_offering(offering=offering, by=world.petersen)
    for call in calls:
        with pytest.raises(NoLongerPossible):
            call(world.petersen)
    assert (Session.objects.count(), Offering.objects.get(pk=offering.pk).fee) == (1, 0)
