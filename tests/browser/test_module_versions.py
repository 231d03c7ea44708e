"""Drafts of modules in a browser: by pointer with scripts, without scripts, in both languages."""

import re

import pytest
from playwright.sync_api import expect

from modules.models import ModuleVersion
from tests.browser.walker import Walker, type_before_scripts
from tests.modules.factories import make_offering, make_version
from tests.people import build_world


@pytest.fixture
def world(transactional_db):
    return build_world()


def outcomes(page) -> list[str]:
    return [box.input_value() for box in page.locator("[id^=id_outcomes-][id$=text_0]").all()]


def test_a_new_version_is_written_kept_compared_and_published(world, open_page, axe, no_sideways_scrolling) -> None:
    first = make_version(world)
    make_offering(world, version=first)
    page = open_page(first.get_absolute_url(), user=world.petersen, language="en", theme="dark", width=360)
    jan = Walker(page, "en")
    jan.press("Begin a new version")

    # What is typed is kept at once, and the list of what is missing follows.
    page.locator("#id_hours").fill("200")
    expect(page.locator("#standing")).to_contain_text("say why")
    expect(page.locator("#standing")).to_contain_text("not saved yet")
    axe(page)
    no_sideways_scrolling(page, 320)

    # A new row takes the cursor; it moves and goes without the page being left.
    jan.control("Add: %(what)s", what="Learning outcome").click()
    expect(page.locator("#id_outcomes-1-text_0")).to_be_focused()
    page.keyboard.type("Regler auslegen")
    page.locator("[value='up:outcomes:1']").click()
    expect(page.locator("#id_outcomes-0-text_0")).to_have_value("Regler auslegen")
    page.locator("[value='remove:outcomes:1']").click()
    expect(page.locator("#rows-outcomes .entry")).to_have_count(1)
    expect(jan.control("Add: %(what)s", what="Learning outcome")).to_be_focused()
    page.reload()
    assert (outcomes(page), page.locator("#id_hours").input_value()) == (["Regler auslegen"], "200")

    page.locator("#id_hours").fill("two hundred")
    jan.activate(page.locator("#draft > .actions .btn-primary"))
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a").click()
    expect(page.locator("#id_hours")).to_be_focused()
    axe(page)
    page.locator("#id_hours").fill("140")
    jan.activate(page.get_by_role("button", name="Save, then: Publish …"))
    expect(page.locator(".consequence")).to_contain_text("Version 1 is replaced.")
    jan.press("Publish")

    expect(page.locator("main")).to_contain_text("after version 1")
    assert list(first.module.versions.values_list("number", "state")) == [(1, "superseded"), (2, "published")]
    jan.activate(page.get_by_role("link", name="what differs from the version before"))
    expect(page.locator("ins", has_text="140")).to_be_visible()
    axe(page)


def test_what_is_typed_before_the_scripts_have_arrived_is_kept(world, open_page) -> None:
    draft = make_version(world, publish=False)
    page = open_page("/", user=world.petersen, language="en")
    type_before_scripts(page, draft.get_edit_url(), "#id_hours", "200")
    expect(page.locator("#standing")).to_contain_text("not saved yet")


def test_what_did_not_arrive_is_said_and_sent_again(world, open_page, axe, settings, complaints) -> None:
    draft = make_version(world, publish=False)
    page = open_page(draft.get_edit_url(), user=world.petersen, language="en", width=360)
    note = page.locator("[data-not-arrived]")

    page.context.set_offline(True)
    page.locator("#id_hours").fill("200")
    expect(note).to_contain_text("no connection")
    axe(page)
    page.context.set_offline(False)
    expect(page.locator("#standing")).to_contain_text("not saved yet")
    expect(note).to_be_hidden()

    # Signed out meanwhile: the page stays whole, says so, and the text is there again after signing in.
    cookies = page.context.cookies()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator("#id_credits").fill("8")
    expect(note).to_contain_text("You are signed out")
    expect(page.locator("#standing")).to_be_visible()
    page.locator("#draft > .actions .btn-primary").click()
    expect(page).to_have_url(re.compile("/accounts/login"))
    page.context.add_cookies(cookies)
    page.goto(draft.get_edit_url())
    expect(page.locator("#id_credits")).to_have_value("8")

    # The draft was discarded by somebody else: what is typed cannot be kept, and the page says so.
    draft.delete()
    page.locator("#id_credits").fill("9")
    expect(note).to_contain_text("Not kept")
    complaints.clear()  # the browser notes that it was offline


def test_a_new_module_is_written_without_scripts(world, open_page) -> None:
    page = open_page("/catalogue/", user=world.petersen, language="de", javascript=False)
    jan = Walker(page, "de")
    jan.press("Our catalogue")
    page.locator("#id_code").fill("MT-1")
    page.locator("#id_title_0").fill("Messtechnik")
    jan.press("Begin")

    page.locator("#id_outcomes-0-text_0").fill("Messen können")
    page.get_by_role("button", name="Hinzufügen: Lernergebnis").click()
    page.locator("#id_outcomes-1-text_0").fill("Überflüssig")
    page.locator("[value='remove:outcomes:1']").click()
    assert outcomes(page) == ["Messen können"]
    page.locator("#id_assessments-0-type").select_option("written")
    page.locator("#id_assessments-0-criteria_0").fill("50 %")
    page.locator("#id_credits").fill("2,5")
    page.locator("#id_workload-0-activity").select_option("contact")
    page.locator("#id_workload-0-hours").fill("70")
    page.locator("#id_eqf_level").select_option("6")
    page.locator("#id_another_language").select_option("fr")
    page.locator("#id_admission").select_option("none")
    page.locator("#id_title_0").press("Enter")  # saves, and removes no row
    expect(page.locator("#messages")).to_contain_text("gespeichert")
    expect(page.get_by_role("checkbox", name="Französisch")).to_be_checked()

    jan.activate(page.get_by_role("button", name=re.compile("^Speichern, dann: Veröffentlichen")))
    jan.activate(page.get_by_role("link", name="Die Art der Qualitätssicherung fehlt."))
    page.locator("#id_quality_assurance").select_option("internal")
    jan.activate(page.get_by_role("button", name=re.compile("^Speichern, dann: Veröffentlichen")))
    jan.press("Publish")

    made = ModuleVersion.objects.get()
    assert (made.state, made.languages, str(made.hours)) == ("published", ["fr"], "70.00")


def test_two_people_in_one_draft_lose_no_word(world, open_page, axe) -> None:
    draft = make_version(world, publish=False)
    slow = open_page(draft.get_edit_url(), user=world.petersen)
    quick = open_page(draft.get_edit_url(), user=world.petersen)
    save = "#draft > .actions .btn-primary"
    quick.locator("#id_aim_0").fill("Schneller")
    Walker(quick, "de").activate(quick.locator(save))

    slow.locator("#id_title_0").fill("Langsamer")
    Walker(slow, "de").activate(slow.locator(save))
    expect(slow.locator(".error-summary")).to_be_focused()
    expect(slow.locator(".error-summary del", has_text="Schneller")).to_be_visible()
    axe(slow)
    slow.locator("#id_aim_0").fill("Schneller")
    Walker(slow, "de").activate(slow.locator(save))

    draft.refresh_from_db()
    assert (draft.title["de"], draft.aim["de"]) == ("Langsamer", "Schneller")
