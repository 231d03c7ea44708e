"""The look: themes, languages, strictness, with and without JavaScript; each single page is in test_every_page."""

import re

import pytest
from playwright.sync_api import expect

from tests.thoroughness import LOOKS


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_a_page_that_is_not_there_is_accessible(open_page, axe, no_sideways_scrolling, language, theme) -> None:
    page = open_page("/nowhere/", language=language, theme=theme)

    assert page.locator("html").get_attribute("lang") == language
    axe(page)
    no_sideways_scrolling(page, 320)


def test_theme_follows_the_system_until_somebody_chooses(world, open_page) -> None:
    def paper(page) -> str:
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    page = open_page("/", theme="auto")
    light = paper(page)
    page.emulate_media(color_scheme="dark")
    dark = paper(page)
    page.get_by_role("button", name="hell").click()
    chosen = paper(page)
    page.get_by_role("button", name="dunkel").click()
    page.emulate_media(media="print")
    printed = paper(page)

    assert (light, dark, chosen, printed) == (
        "rgb(251, 250, 247)", "rgb(20, 24, 31)", "rgb(251, 250, 247)", "rgb(255, 255, 255)"
    )  # fmt: skip


def test_language_and_theme_change_without_javascript(world, open_page) -> None:
    page = open_page("/how-it-works/", javascript=False)

    page.get_by_role("button", name="English").click()
    english = page.locator("h1").inner_text()
    page.get_by_role("button", name="dark").click()

    assert english == "How it works"
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert page.url.endswith("/how-it-works/")


def test_inline_code_is_refused_and_noticed(world, open_page, complaints: list[str]) -> None:
    page = open_page("/")

    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
    ran = page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = true';"
        " document.body.append(s); return window.ran === true }"
    )
    page.wait_for_timeout(100)
    noticed = [complaint for complaint in complaints if "Content Security Policy" in complaint]
    complaints.clear()

    assert (ran, len(noticed)) == (False, 2)


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_style_guide_is_accessible(open_page, axe, no_sideways_scrolling, settings, language, theme) -> None:
    settings.DEMO = True
    page = open_page("/styleguide/", language=language, theme=theme)

    axe(page)
    no_sideways_scrolling(page, 320)


def test_the_language_can_be_changed_on_the_verify_page(open_page) -> None:
    """Browsers send no origin from a page that hides its address too well, and its forms are refused as forged."""
    page = open_page("/verify/", language="de")
    page.get_by_role("button", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [320, 640])  # a small phone, and a wide window at 200 %
def test_the_menu_of_a_narrow_screen_is_one_row_and_opens_by_keyboard(world, open_page, javascript, width) -> None:
    page = open_page("/today/", user=world.petersen, width=width, javascript=javascript)
    row, opener = page.locator(".site-header__row"), page.get_by_role("button", name="Menü")
    menu = page.get_by_role("navigation", name="Hauptmenü")
    one_row = opener.bounding_box()["height"] + page.locator(".brand").bounding_box()["height"]

    assert row.bounding_box()["height"] < one_row
    expect(menu).to_be_hidden()

    opener.press("Enter")
    expect(page.get_by_role("button", name="Schließen")).to_be_focused()
    expect(menu.get_by_role("link", name="Heute")).to_have_attribute("aria-current", "page")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(opener).to_be_focused()

    opener.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/applications/$"))
    expect(menu).to_be_hidden()


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_the_opened_menu_is_accessible(world, open_page, axe, no_sideways_scrolling, language, theme) -> None:
    page = open_page("/today/", user=world.vogel, language=language, theme=theme, width=360)

    page.locator(".site-menu__open").click()

    axe(page)
    no_sideways_scrolling(page, 320)


def test_the_opened_menu_closes_when_the_focus_goes_on_behind_it(world, open_page) -> None:
    page = open_page("/today/", user=world.vogel, width=360)
    menu = page.get_by_role("navigation", name="Hauptmenü")
    page.locator("h1").click()
    page.keyboard.press("/")

    expect(menu).to_be_visible()
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.get_by_role("button", name="Abmelden").focus()
    page.keyboard.press("Tab")
    expect(menu).to_be_hidden()


def test_a_wide_screen_shows_the_menu_in_the_row(world, open_page) -> None:
    page = open_page("/today/", user=world.vogel)

    expect(page.get_by_role("button", name="Menü")).to_be_hidden()
    expect(page.get_by_role("button", name="Schließen")).to_be_hidden()
    expect(page.get_by_role("link", name="Bewerbungen", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Abmelden")).to_be_visible()
