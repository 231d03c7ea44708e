"""The public catalogue: what is found, what it costs, what machines read."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from icalendar import Calendar
from jsonschema import Draft202012Validator

from modules import actions
from modules.models import Access, Mode, Module, ModuleVersion, Session
from tests.modules.factories import COMPLETE, make_enrolment, make_offering, make_session, make_version
from tests.people import World


def titles(answer) -> list[str]:
    return [str(version) for version in answer.context["page"]]


def test_search_and_filters_find_what_they_say(world) -> None:
    make_version(world, code="A1", title={"de": "Übertragungstechnik"}, languages=["de"], credits=5, hours=150)
    make_version(world, code="B2", title={"en": "Robotics"}, languages=["en"], mode=Mode.ONLINE, credits=3, hours=90)
    make_version(world, code="C3", title={"de": "Entwurf, geheim"}, publish=False)
    client = Client(headers={"accept-language": "de"})

    found = {
        query: titles(client.get(f"/catalogue/?{query}"))
        for query in (
            "",
            "q=ÜBERTRAGUNG",
            "q=b2",
            "language=en",
            "mode=online",
            "credits=4",
            "q=geheim",
            "level=x&sort=y",
        )
    }

    both = ["Robotics", "Übertragungstechnik"]
    assert found == {
        "": both, "q=ÜBERTRAGUNG": both[1:], "q=b2": both[:1], "language=en": both[:1], "mode=online": both[:1],
        "credits=4": both[:1], "q=geheim": [], "level=x&sort=y": both,
    }  # fmt: skip


def test_a_draft_is_shown_to_nobody_but_its_keepers(world, sign_in) -> None:
    version = make_version(world, publish=False)

    found = {
        user: sign_in(world.user(user)).get(version.get_absolute_url()).status_code
        for user in ("anonymous", "rana", "teacher", "other_admin", "petersen")
    }

    assert found == {"anonymous": 404, "rana": 404, "teacher": 404, "other_admin": 404, "petersen": 200}


def test_publishing_names_everything_that_is_missing(world, sign_in) -> None:
    version = actions.create_module(provider_id=world.organisation.pk, by=None, facts={"title": {"de": "Leer"}})

    answer = sign_in(world.petersen).post(f"/catalogue/{version.module.uuid}/1/publish/")

    assert answer.status_code == 422
    assert len(answer.context["problems"]) == 7
    version.refresh_from_db()
    assert version.state == "draft"


def test_hours_outside_25_to_30_need_a_reason(world) -> None:
    version = make_version(world, publish=False, hours=180)

    with pytest.raises(actions.NotReady):
        actions.publish_version(version=version, by=None)
    actions.change_draft(version=version, by=None, facts={"hours_reason": "national rule"})
    version.refresh_from_db()
    actions.publish_version(version=version, by=None)

    assert version.state == "published"


def test_a_module_without_credits_says_so_and_tells_its_hours(world) -> None:
    offering = make_offering(world, version=make_version(world, code="MENT", credits=0, hours=20))
    client = Client(headers={"accept-language": "de"})

    for page in (offering.get_absolute_url(), offering.version.get_absolute_url()):
        assert "<dd>ohne Leistungspunkte · 20 Stunden Arbeitsaufwand" in client.get(page).content.decode()


def test_a_title_that_means_harm_stays_text_in_page_and_linked_data(world) -> None:
    version = make_version(world, title={"de": "</script><script>alert(1)</script>"})

    page = Client().get(version.get_absolute_url()).content.decode()

    assert "<script>alert" not in page
    block = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert json.loads(block)["name"] == "</script><script>alert(1)</script>"


def test_the_calendar_hides_rooms_from_strangers(world, sign_in) -> None:
    offering = make_offering(world)
    make_session(offering, datetime(2027, 10, 11, 8, tzinfo=UTC), mode=Mode.ONLINE, link="https://room.example/secret")
    make_enrolment(world, offering=offering)

    own = sign_in(world.rana).get(f"/offerings/{offering.uuid}/calendar.ics").content
    foreign = sign_in(world.yusuf).get(f"/offerings/{offering.uuid}/calendar.ics").content

    assert (b"secret" in own.replace(b"\r\n ", b""), b"secret" in foreign.replace(b"\r\n ", b"")) == (True, False)
    (event,) = Calendar.from_ical(own).walk("VEVENT")
    session = Session.objects.get()
    assert (str(event["UID"]).split("@")[0], event["SEQUENCE"], event["DTSTART"].dt) == (
        f"session-{session.uuid}", 0, datetime(2027, 10, 11, 8, tzinfo=UTC),
    )  # fmt: skip


def test_enrolling_twice_takes_one_place_and_a_full_list_is_refused_in_words(world, sign_in) -> None:
    offering = make_offering(world, access=Access.OPEN, places=1, waiting_list_max=0)
    address = f"/offerings/{offering.uuid}/enrol/"

    for _ in range(2):
        sign_in(world.rana).post(address)
    answer = sign_in(world.yusuf).post(address, follow=True)

    offering.refresh_from_db()
    assert offering.seats_taken == 1
    assert [str(message) for message in answer.context["messages"]] == [
        "All places are taken and the waiting list is full."
    ]


def test_an_offering_for_plans_takes_nobody_directly(world, sign_in) -> None:
    offering = make_offering(world)

    assert sign_in(world.rana).post(f"/offerings/{offering.uuid}/enrol/").status_code == 404


def test_a_freed_place_is_offered_and_goes_on_when_nobody_takes_it(world, run_jobs, time_machine) -> None:
    time_machine.move_to("2027-10-01 10:00+02:00")
    offering = make_offering(world, places=1)
    first, second, third = (
        make_enrolment(world, user=u, offering=offering) for u in (world.rana, world.yusuf, world.aydin)
    )

    actions.withdraw(enrolment=first, by=world.rana)
    run_jobs()
    second.refresh_from_db()
    before = second.state
    time_machine.move_to(datetime(2027, 10, 1, 8, tzinfo=UTC) + timedelta(hours=49))
    run_jobs()

    second.refresh_from_db()
    third.refresh_from_db()
    offering.refresh_from_db()
    assert (before, second.state, third.state, offering.seats_taken) == ("offered", "lapsed", "offered", 1)


def test_more_places_go_to_the_waiting_list_and_fewer_than_taken_are_refused(world) -> None:
    offering = make_offering(world, places=1)
    make_enrolment(world, offering=offering)
    waiting = make_enrolment(world, user=world.yusuf, offering=offering)

    actions.change_places(offering=offering, places=2, by=world.petersen)

    waiting.refresh_from_db()
    assert waiting.state == "offered"
    with pytest.raises(ValidationError):
        actions.change_places(offering=offering, places=1, by=world.petersen)


@pytest.mark.django_db
def test_the_feed_of_the_real_catalogue_is_valid_moochub(shared: Path) -> None:
    call_command("import_catalogue", str(shared / "data" / "modules_unipv.json"), brief=True, verbosity=0)
    check = Draft202012Validator(json.loads((shared / "data" / "moochub-schema.v3.json").read_text()))

    answer = Client().get("/catalogue/moochub.json").json()

    assert [error.message for error in check.iter_errors(answer)] == []
    assert len(answer["data"]) == 27


def test_the_feed_of_own_modules_is_valid_moochub(world, shared: Path) -> None:
    esco = "http://data.europa.eu/esco/skill/bf1f763e-c505-46e7-8af3-e48f13ec5f44"
    make_version(world, outcomes=[{"code": "K1", "kind": "knowledge", "text": {"de": "Regeln"}, "esco": [esco, esco]}])
    check = Draft202012Validator(json.loads((shared / "data" / "moochub-schema.v3.json").read_text()))

    answer = Client().get("/catalogue/moochub.json?page=999").json()

    assert [error.message for error in check.iter_errors(answer)] == []


def fill(world: World, number: int) -> None:
    """Many published modules at once."""
    modules = Module.objects.bulk_create(
        Module(provider=world.organisation, code=f"M{n}", source_key=f"m-{n}") for n in range(number)
    )
    now = datetime(2027, 1, 1, tzinfo=UTC)
    ModuleVersion.objects.bulk_create(
        [
            ModuleVersion(
                module=module, state="published", published_at=now, search_text=f"m{n} modul", language_key="|de|",
                **{**COMPLETE, "title": {"de": f"Modul {n}"}},
            )
            for n, module in enumerate(modules)
        ],
        batch_size=500,
    )  # fmt: skip


@pytest.mark.parametrize("number", [1, 3, 10_000])
def test_the_catalogue_needs_the_same_queries_for_any_number(world, django_assert_num_queries, number: int) -> None:
    fill(world, number)

    with django_assert_num_queries(5):
        answer = Client().get("/catalogue/?q=modul")

    assert answer.context["page"].paginator.count == number


@pytest.mark.parametrize("number", [1, 3])
def test_a_group_needs_the_same_queries_for_one_and_three_people(
    world, sign_in, django_assert_num_queries, number: int
) -> None:
    offering = make_offering(world)
    for user in (world.rana, world.yusuf, world.aydin)[:number]:
        make_enrolment(world, user=user, offering=offering)
    client = sign_in(world.teacher)

    with django_assert_num_queries(9):
        client.get(f"/groups/{offering.uuid}/")
