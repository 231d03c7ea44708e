"""The combobox of universities: by keyboard alone, by finger, with late answers, without names, without script."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, Request, Route, expect

from applicants.models import Application, Institution
from tests.applicants.make import make_draft, make_form
from tests.browser.conftest import PHONE
from tests.browser.survey import address_of, saved, value
from tests.people import World

PLACE = "education.n1.institution"
MUNICH = "Universität München (DE)"
OpenEducation = Callable[..., tuple[Page, Locator]]


@pytest.fixture
def application(world: World) -> Application:
    for name in ("Universität München", "Technische Universität München", "Technische Universität Wien"):
        Institution.objects.create(name=name, country="DE", searched=Institution.fold(name))
    return make_draft(world, **{PLACE: None})


@pytest.fixture
def open_education(world: World, application: Application, open_page) -> OpenEducation:
    """The page that asks for degrees, and its field for the university."""

    def open_one(**who: object) -> tuple[Page, Locator]:
        page = open_page(address_of(application, "education"), user=world.rana, **who)
        return page, page.locator(f'[name="{PLACE}"]')

    return open_one


def suggested(page: Page) -> Locator:
    return page.get_by_role("listbox").get_by_role("option")


def names(page: Page) -> list[str]:
    return suggested(page).all_inner_texts()


def test_a_name_is_found_without_diacritics_and_chosen_by_keyboard_alone(
    application: Application, open_education: OpenEducation, axe
) -> None:
    page, field = open_education()

    field.focus()
    page.keyboard.type("Universitat Munchen")
    expect(suggested(page)).to_have_count(2)
    assert names(page) == [MUNICH, "Technische Universität München (DE)"]
    expect(page.locator("[data-suggest-said]")).to_contain_text("2 Vorschläge")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")  # beyond the last stands what was typed
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox").get_by_role("option", selected=True)).to_have_text(MUNICH)
    axe(page)
    page.keyboard.press("Enter")

    expect(field).to_have_value(MUNICH)
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-expanded", "false")
    saved(page)
    assert value(application, PLACE) == MUNICH
    page.reload()
    expect(field).to_have_value(MUNICH)
    assert names(page) == []


def test_escape_and_tab_keep_what_was_typed(application: Application, open_education: OpenEducation) -> None:
    page, field = open_education()

    field.focus()
    page.keyboard.type("munchen")
    expect(suggested(page)).to_have_count(2)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(suggested(page)).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")

    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("munchen")
    saved(page)
    assert value(application, PLACE) == "munchen"


def test_a_name_is_chosen_by_finger_on_a_phone(
    application: Application, open_education: OpenEducation, no_sideways_scrolling
) -> None:
    page, field = open_education(width=PHONE, has_touch=True)

    field.tap()
    page.keyboard.type("wien")
    no_sideways_scrolling(page, PHONE)
    suggested(page).tap()

    expect(field).to_have_value("Technische Universität Wien (DE)")
    saved(page)
    assert value(application, PLACE) == "Technische Universität Wien (DE)"


def test_a_name_that_is_not_in_the_list_counts(application: Application, open_education: OpenEducation, axe) -> None:
    page, field = open_education(language="en")

    field.focus()
    page.keyboard.type("Ukrainische Freie Universität")

    expect(page.get_by_text("No name in our list fits. What you have written counts as it stands.")).to_be_visible()
    expect(page.get_by_role("listbox")).to_be_hidden()
    axe(page)
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("/education/$"))
    assert value(application, PLACE) == "Ukrainische Freie Universität"


def test_an_answer_that_comes_late_does_not_replace_a_newer_one(open_education: OpenEducation) -> None:
    page, field = open_education()
    held: list[Route] = []
    page.route(re.compile(r"institutions/\?q=Tec"), lambda route: held.append(route))  # noqa: PLW0108 - it looks at the function

    with page.expect_request(re.compile(r"institutions/\?q=Tec")):
        field.fill("Tec")
    with page.expect_response(re.compile(r"institutions/\?q=Wien")):
        field.fill("Wien")
    expect(suggested(page)).to_have_text("Technische Universität Wien (DE)")
    with page.expect_response(re.compile(r"institutions/\?q=Tec")):
        held[0].continue_()

    page.wait_for_load_state("networkidle")
    assert names(page) == ["Technische Universität Wien (DE)"]


def test_an_answer_that_comes_after_the_field_was_left_shows_nothing(open_education: OpenEducation) -> None:
    page, field = open_education()
    held: list[Route] = []
    page.route(re.compile(r"institutions/"), lambda route: held.append(route))  # noqa: PLW0108 - it looks at the function

    with page.expect_request(re.compile(r"institutions/")):
        field.fill("Wien")
    field.press("Tab")
    with page.expect_response(re.compile(r"institutions/")):
        held[0].continue_()

    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_letters_typed_in_a_row_are_one_question(open_education: OpenEducation) -> None:
    page, field = open_education()
    asked: list[str] = []

    def note(request: Request) -> None:
        if "institutions" in request.url:
            asked.append(request.url)

    page.on("request", note)
    field.focus()
    page.keyboard.type("universitat wien")

    expect(suggested(page)).to_have_text("Technische Universität Wien (DE)")
    assert len(asked) < len("universitat wien")


def test_without_script_it_is_a_plain_field(application: Application, open_education: OpenEducation) -> None:
    page, field = open_education(javascript=False)

    expect(field).not_to_have_attribute("role", "combobox")
    field.fill("Uni ohne Skript")
    page.locator(".survey__end button[value=next]").click()

    assert value(application, PLACE) == "Uni ohne Skript"


def test_administrators_see_the_suggestions_in_the_preview_too(world: World, open_page) -> None:
    form = make_form(world.programme)
    name = "Universität München"
    Institution.objects.create(name=name, country="DE", searched=Institution.fold(name))
    address = reverse("applicants:form_preview", args=[world.programme.slug, form.number, "education"])
    page = open_page(address, user=world.petersen)

    page.locator(f'[name="{PLACE}"]').fill("munchen")

    expect(suggested(page)).to_have_text(MUNICH)
