"""Practice in a company (story 6.1, step 20): arranged on a phone, asked for by the advisor, then confirmed."""

import re

import pytest
from playwright.sync_api import expect

from credpoints.outbox.models import OutboxMessage
from planning.models import Placement
from portfolios.models import Entry
from tests.browser.walker import Walker
from tests.people import build_world
from tests.planning.makers import practice_line

WAYS = [
    {"language": "de", "javascript": False, "width": 360},
    {"language": "en", "keyboard": True, "width": 1280, "theme": "dark"},
]


@pytest.fixture
def world(transactional_db):
    return build_world()


@pytest.mark.parametrize("way", WAYS, ids=["german-without-scripts", "english-keyboard"])
def test_from_the_company_s_name_to_its_word(world, open_page, axe, no_sideways_scrolling, way) -> None:
    way = dict(way)
    keyboard = way.pop("keyboard", False)

    def person(user) -> Walker:
        return Walker(open_page(user=user, **way), way["language"], keyboard=keyboard)

    line = practice_line(world)
    participation = line.version.plan.participation
    rana = person(world.rana)
    rana.go(participation.get_absolute_url())
    rana.press("Praxisphase")
    for name, text in (
        ("company", "Stromwerk Brandenburg GmbH"), ("place", "Potsdam"), ("tasks", "Schaltpläne prüfen"),
        ("supervisor", "Jens Krüger"), ("supervisor_email", "jens.krueger@stromwerk.example"),
    ):  # fmt: skip
        rana.fill_in(rana.page.locator(f"[name={name}]"), text)
    rana.fill_date(rana.page.locator("[name=starts_on]"), "2028-05-02")
    rana.fill_date(rana.page.locator("[name=ends_on]"), "2028-05-01")
    rana.press("Save")
    expect(rana.page.locator(".error-summary")).to_be_visible()
    expect(rana.page.locator("[name=company]")).to_have_value("Stromwerk Brandenburg GmbH")
    rana.fill_date(rana.page.locator("[name=ends_on]"), "2028-06-09")
    rana.press("Save")
    rana.sees("arranged")

    vogel = person(world.vogel)
    vogel.go(Placement.objects.get().get_absolute_url())
    vogel.press("Ask the company to confirm")
    vogel.press("Ask the company to confirm")
    vogel.sees("the company is asked to confirm")
    mail = OutboxMessage.objects.get(template="planning/email/practice_ask")
    assert mail.to == "jens.krueger@stromwerk.example"

    company = person(None)
    found = re.search(r"/practice/\S+", mail.body)
    assert found is not None
    company.go(found[0])
    if way.get("javascript", True):
        axe(company.page)
    no_sideways_scrolling(company.page, 320)
    company.fill_in(company.page.locator("[name=hours]"), "90")
    company.fill_in(company.page.locator("main form >> nth=0").locator("[name=name]"), "Jens Krüger")
    company.press("Confirm the practice")
    company.sees("Thank you, your answer has arrived")
    company.page.go_back()
    company.page.reload()
    company.sees("This link works no longer")

    rana.go(Placement.objects.get().get_absolute_url())
    rana.sees("confirmed by the company")
    rana.reads("90 h")
    assert Entry.objects.get(verified=True).portfolio.person == world.rana.person
