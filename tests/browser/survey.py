"""Filling the survey in: by pointer, or by Tab, arrows, Space and letters only."""

import re
from pathlib import Path

from django.urls import reverse
from playwright.sync_api import Page, expect

from applicants.models import Answer, Application

SECTIONS = ("person", "education", "work", "languages", "goals", "consent")
FILE = {"name": "urkunde.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 " + b"x" * 1_200_000}


def large_file(folder: Path) -> Path:
    """30 MB on the disk: handed to the browser as bytes, they would take the driver half a minute."""
    path = folder / "gross.pdf"
    with path.open("wb") as file:
        file.write(b"%PDF")
        file.truncate(30_000_000)
    return path


def value(application: Application, address: str):
    answer = Answer.objects.filter(application=application, address=address).first()
    return answer.value if answer else None


def address_of(application: Application, key: str) -> str:
    return reverse("applicants:section", args=[application.uuid, key])


def saved(page: Page) -> None:
    """Wait until the page says that everything is saved."""
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")


def fill_in(page: Page, answers: dict) -> None:
    """Answer what this page asks, in its order."""
    for address, typed in answers.items():
        fields = page.locator(f'[name="{address}"]')
        if fields.count() == 0:
            continue
        kind = fields.first.evaluate("element => element.type")
        if kind in {"radio", "checkbox"}:
            for one in typed if isinstance(typed, list) else [typed]:
                page.locator(f'[name="{address}"][value="{one}"]').check()
        elif kind == "select-one":
            fields.first.select_option(typed)
        else:
            if not fields.first.is_visible():
                saved(page)
            fields.first.fill(typed)


ACTIVE = """() => {
  const e = document.activeElement;
  const isNext = e.matches(".survey__end [value=next]");
  return { name: e.name || "", type: e.type || "", value: e.value || "", isNext };
}"""
WORDS_OF_OPTION = "(value) => [...document.activeElement.options].find((one) => one.value === value).text"


def type_by_keyboard(page: Page, answers: dict) -> None:
    """Answer by Tab, arrows, Space and letters only, in the order in which Tab reaches the fields."""
    for _tab in range(160):
        page.keyboard.press("Tab")
        active = page.evaluate(ACTIVE)
        if active["isNext"]:
            page.keyboard.press("Enter")
            return
        if active["name"] in answers:
            answer_by_keyboard(page, active["type"], active["value"], answers[active["name"]])
            # What depends on an answer is asked as soon as the answer is saved.
            expect(page.locator("[data-saved]")).not_to_have_attribute("data-state", "waiting")
    raise AssertionError(f"the end of the page was not reached; last {page.evaluate(ACTIVE)}")


def answer_by_keyboard(page: Page, kind: str, shown: str, wanted) -> None:
    """Answer the question that has the focus."""
    if kind in {"text", "textarea"}:
        page.keyboard.type(wanted)
    elif kind == "select-one":
        # The beginning of the words, as far as the driver's keyboard has the letters.
        page.keyboard.type(re.split(r"[^ -~]", page.evaluate(WORDS_OF_OPTION, wanted))[0])
    elif kind == "checkbox" and shown in wanted:
        page.keyboard.press("Space")
    elif kind == "radio":
        # One stop per group: Space takes the first, arrows go on.
        page.keyboard.press("Space")
        while page.evaluate("document.activeElement.value") != wanted:
            page.keyboard.press("ArrowDown")
