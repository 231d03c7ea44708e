"""Story 6.1, steps 1 to 6, as one journey: from the programme page to the receipt, on a phone and by keyboard alone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from applicants.models import Application, Institution
from credpoints.outbox.models import OutboxMessage
from tests.applicants.make import ANSWERS, make_form
from tests.browser.conftest import PHONE
from tests.browser.survey import FILE, fill_in, large_file, saved, type_by_keyboard, value
from tests.browser.walker import Walker
from tests.people import World

EMAIL = "rana.neu@example.org"
SKILLS = ("listening", "reading", "interaction", "production", "writing")
JOBS = [("Netzwerktechnik", "01/2010", "12/2014"), ("Verkauf", "03/2019", "")]


def answer(walker: Walker, answers: dict) -> None:
    """Answer a page from its top and go on to the next one."""
    walker.page.goto(walker.page.url.partition("#")[0])
    if walker.keyboard:
        type_by_keyboard(walker.page, answers)
        return
    fill_in(walker.page, answers)
    walker.activate(walker.page.locator(".survey__end button[value=next]"))


def entries(walker: Walker, wanted: int) -> list[str]:
    """Add entries until there are as many as wanted; returns their keys."""
    while walker.page.locator("section.entry").count() < wanted:
        walker.activate(walker.page.locator('button[value^="add:"]'))
    return [id_.removeprefix("item-") for id_ in walker.page.locator("section.entry").evaluate_all(
        "all => all.map((one) => one.id)")]  # fmt: skip


def begin(walker: Walker, page: Page) -> None:
    """1 and 2: an English visitor reads, changes to German and begins with an address only."""
    walker.reads("30 June 2037, 23:59")
    walker.sees("The way")
    walker.activate(page.get_by_role("button", name="Deutsch"))
    walker.language = "de"
    walker.press("Apply")
    walker.fill_in(page.locator("input[type=email]"), EMAIL)
    walker.press("Begin")
    expect(page.locator(".page-header__kicker")).to_contain_text("Seite 1 von 6")


def education(walker: Walker, page: Page, folder: Path) -> None:
    """3: the university is suggested, the grade is converted, a file of 30 MB is refused and costs nothing else."""
    institution = page.locator('[name="education.n1.institution"]')
    walker.fill_in(institution, "Alep")
    suggested = page.get_by_role("option", name="University of Aleppo (SY)")
    expect(suggested).to_be_visible()
    if walker.keyboard:
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    else:
        suggested.click()
    expect(institution).to_have_value("University of Aleppo (SY)")
    saved(page)
    chooser = page.locator("[data-upload-add] input")
    if walker.keyboard:
        walker.focus(chooser)
    else:
        chooser.set_input_files(large_file(folder))
        expect(page.locator(".file-field")).to_contain_text("10,0")
    chooser.set_input_files(FILE)
    expect(page.locator(".file-field")).to_contain_text("urkunde.pdf")
    answer(walker, {a: typed for a, typed in ANSWERS.items() if a != "education.n1.institution"})
    expect(page).to_have_url(re.compile("/work/$"))


def work(walker: Walker) -> None:
    """4: two jobs."""
    jobs = {}
    for key, (title, begun, ended) in zip(entries(walker, 2), JOBS, strict=True):
        jobs |= {f"work.{key}.work_title": title, f"work.{key}.work_from": begun, f"work.{key}.work_to": ended}
    answer(walker, {address: typed for address, typed in jobs.items() if typed})


def languages(walker: Walker) -> None:
    """4: her first language stands already; German in five skills, and English."""
    first, german, english = entries(walker, 3)
    levels = dict(zip(SKILLS, ("B2", "B2", "B2", "B1", "B1"), strict=True))
    typed = {}
    for key, language, own in ((german, "de", levels), (english, "en", dict.fromkeys(SKILLS, "B1"))):
        typed |= {f"languages.{key}.language": language, f"languages.{key}.first_language": "no"}
        typed |= {f"languages.{key}.levels.{skill}": level for skill, level in own.items()}
    answer(walker, typed)
    assert first == "n1"


@pytest.mark.parametrize("keyboard", [pytest.param(False, id="phone"), pytest.param(True, id="keyboard")])
def test_from_the_programme_page_to_the_receipt(
    world: World, open_context, last_mail, axe, no_sideways_scrolling, tmp_path: Path, keyboard: bool
) -> None:
    make_form(world.programme)
    Institution.objects.create(
        name="University of Aleppo", country="SY", searched=Institution.fold("University of Aleppo")
    )
    width = 1280 if keyboard else PHONE
    first_device = open_context(language="en", width=width)
    page = first_device.new_page()
    walker = Walker(page, "en", keyboard=keyboard)

    def look() -> None:
        if not keyboard:
            axe(page)
            no_sideways_scrolling(page, PHONE)

    walker.go(world.programme.get_absolute_url())
    look()
    begin(walker, page)
    answer(walker, ANSWERS)
    expect(page).to_have_url(re.compile("/education/$"))
    education(walker, page, tmp_path)
    work(walker)

    # 5: on page 4 she changes to English, closes the browser, and goes on from the mail on another device.
    expect(page.locator(".page-header__kicker")).to_contain_text("Seite 4 von 6")
    walker.pick("Welche Sprache?", "ar")
    walker.check("ja")
    saved(page)
    look()
    walker.activate(page.get_by_role("button", name="English"))
    expect(page.locator("h1")).to_have_text("Languages")
    first_device.close()
    link = re.search(r"/applications/continue/[^\s]+", last_mail(EMAIL).body)
    assert link
    device = open_context(language="en", width=PHONE)
    page = device.new_page()
    walker = Walker(page, "en", keyboard=keyboard)
    walker.go(link[0])
    walker.press("Continue")
    expect(page).to_have_url(re.compile("/languages/$"))
    expect(page.locator('[name="languages.n1.language"]')).to_have_value("ar")
    languages(walker)
    expect(page).to_have_url(re.compile("/goals/$"))
    answer(walker, ANSWERS)
    expect(page).to_have_url(re.compile("/consent/$"))
    answer(walker, ANSWERS)

    # 6: sent twice, arrived once.
    expect(page).to_have_url(re.compile("/review/$"))
    look()
    again = device.new_page()
    again.goto(page.url)
    walker.press("Send the application")
    again.locator("button.btn-lg").click()
    application = Application.objects.get()
    expect(page.locator("h1")).to_contain_text(application.number)
    expect(again.locator("main")).to_contain_text(application.number)
    look()
    expect(page.locator(".task-list__item")).to_have_count(5)
    assert [check.result for check in application.checks.all()] == ["met"] * 5
    assert OutboxMessage.objects.filter(template="applicants/email/submitted").count() == 1
    copy = device.request.get(f"{application.get_absolute_url()}copy.pdf")
    assert copy.headers["content-type"] == "application/pdf"
    assert {a: value(application, a) for a in ANSWERS if not a.startswith("languages")} == {
        a: typed for a, typed in ANSWERS.items() if not a.startswith("languages")
    }
    assert [len(application.snapshot[group]) for group in ("work", "languages")] == [2, 3]
