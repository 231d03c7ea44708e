"""Story 6.1, steps 7, 8 and 13: three others, the deadline, the advisor's list, and one more than there are places."""

from datetime import datetime

import pytest
from playwright.sync_api import expect

from applicants.models import Answer, Application
from credpoints.organisations.models import Programme
from tests.applicants.make import make_consulted, make_draft, make_submitted
from tests.browser.conftest import PHONE
from tests.browser.walker import Walker
from tests.people import BERLIN, World, make_user

WAYS = [pytest.param("de", PHONE, False, id="phone"), pytest.param("en", 1280, True, id="keyboard")]
A2 = dict.fromkeys(
    (f"languages.n1.levels.{skill}" for skill in ("listening", "reading", "interaction", "production", "writing")), "A2"
)


def apply_as(world: World, name: str, **changes: str) -> Application:
    user = make_user(f"{name[:20].lower()}@example.org", name, "Muster")
    return make_submitted(world, user, given_name=name, family_name="Muster", **changes)


@pytest.mark.parametrize(("language", "width", "keyboard"), WAYS)
def test_the_advisor_finds_who_meets_all_rules(world: World, open_page, language, width, keyboard) -> None:
    rana = make_submitted(world)
    others = {
        "Oleksandr": (apply_as(world, "Oleksandr", **A2), "language", "not_met"),
        "Maria": (apply_as(world, "Maria", **{"education.n1.institution_country": "DE"}), "degree_outside", "not_met"),
        "Tariq": (apply_as(world, "Tariq", **{"education.n1.study_field": "041"}), "field", "manual"),
    }
    for application, key, result in others.values():
        assert application.checks.get(key=key).result == result

    page = open_page("/programmes/credit-points/applications/", user=world.vogel, language=language, width=width)
    advisor = Walker(page, language, keyboard=keyboard)
    for name in ("Rana", *others):
        advisor.reads(name)
    advisor.pick("Eligibility", "met")
    advisor.press("Show")

    advisor.reads(rana.number)
    assert page.locator("tbody tr").count() == 1
    advisor.activate(page.get_by_role("link", name="Rana Al-Khatib"))
    advisor.check("entspricht")
    advisor.activate(page.locator("#staff button[type=submit]"))

    expect(page.get_by_label("entspricht")).to_be_checked()
    assert Answer.objects.get(application=rana, address="education.n1.anabin_degree").value == "corresponds"


@pytest.mark.parametrize(("language", "width", "keyboard"), WAYS)
def test_after_midnight_in_berlin_the_survey_is_closed(world: World, open_page, language, width, keyboard) -> None:
    application = make_draft(world)
    Programme.objects.update(applications_close_at=datetime(2025, 7, 1, tzinfo=BERLIN))

    visitor = Walker(open_page("/programmes/credit-points/", language=language, width=width), language)
    assert visitor.control("Apply").count() == 0
    page = open_page(f"/applications/{application.uuid}/review/", user=world.rana, language=language, width=width)
    applicant = Walker(page, language, keyboard=keyboard)

    assert applicant.control("Send the application").count() == 0
    applicant.sees("The deadline has passed: your answers are kept, but they can no longer be sent.")


@pytest.mark.parametrize(("language", "width", "keyboard"), WAYS)
def test_one_more_than_there_are_places_waits(world: World, open_page, language, width, keyboard) -> None:
    seated = [make_consulted(world, make_user(f"p{n}@example.org", f"P{n}", "X")) for n in range(2)]
    Programme.objects.filter(pk=world.programme.pk).update(places=1)
    page = open_page(seated[0].dossier_url, user=world.petersen, language=language, width=width)
    head = Walker(page, language, keyboard=keyboard)

    for application in seated:
        head.go(application.dossier_url)
        head.press("Accept")
        head.press("Accept")

    head.sees("All %(places)s places are taken: the application is on the waiting list.", places=1)
    states = [Application.objects.get(pk=a.pk) for a in seated]
    assert [(a.state, a.waiting_rank) for a in states] == [("accepted", None), ("waitlisted", 1)]


@pytest.mark.parametrize("width", [320, PHONE, 1280])
def test_the_list_bears_names_without_a_gap(world: World, open_page, no_sideways_scrolling, width: int) -> None:
    apply_as(world, "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunternehmen")

    page = open_page("/programmes/credit-points/applications/", user=world.vogel)

    no_sideways_scrolling(page, width)
