"""Walk pages as a person does: by pointer, by keyboard alone, or without JavaScript, in German or English.

Names of buttons and fields are given in the source language and looked up in the catalogue, so one story runs in both.
"""

import re
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import Locator, Page, expect

MAX_TABS = 250


class Walker:
    """One person in one browser. `keyboard=True` never touches the pointer."""

    def __init__(self, page: Page, base: str, language: str, *, keyboard: bool = False) -> None:
        self.page, self.base, self.language, self.keyboard = page, base.rstrip("/"), language, keyboard

    def words(self, text: str, context: str = "", **values: Any) -> str:
        """The text in this walker's language."""
        with translation.override(self.language):
            found = pgettext(context, text) if context else gettext(text)
        return found % values if values else found

    def go(self, path: str) -> None:
        """Open an address."""
        response = self.page.goto(path if path.startswith("http") else f"{self.base}{path}")
        assert response is not None
        assert response.status < 500, f"{path} answered {response.status}"

    def press(self, text: str, *, within: str = "", **values: Any) -> None:
        """Press the button or link with these words (exactly) and wait for the page behind it."""
        self.activate(self.control(text, within=within, **values))

    def control(self, text: str, *, within: str = "", **values: Any) -> Locator:
        """The button or link with these words."""
        name = self.words(text, **values)
        root = self.page.locator(within) if within else self.page.locator("main")
        return (
            root.get_by_role("button", name=name, exact=True).or_(root.get_by_role("link", name=name, exact=True)).first
        )

    def activate(self, target: Locator) -> None:
        """Click, or reach by the Tab key and press Enter."""
        expect(target).to_be_visible()
        if not self.keyboard:
            target.click()
        else:
            self.focus(target)
            self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def focus(self, target: Locator) -> None:
        """Reach a control by the Tab key alone."""
        handle = target.element_handle()
        for _tab in range(MAX_TABS):
            if handle.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"not reachable by keyboard: {target}")

    def fill(self, label: str, value: str, *, nth: int = 0, **values: Any) -> None:
        """Type into the field with this label."""
        self.fill_in(self.field(label, nth=nth, **values), value)

    def field(self, label: str, *, nth: int = 0, **values: Any) -> Locator:
        """The field with this label; a mark for required or optional fields may follow it."""
        name = re.escape(self.words(label, **values))
        return self.page.locator("main").get_by_label(re.compile(rf"^\s*{name}(\s*\*|\s*\(.*\))?\s*$")).nth(nth)

    def fill_in(self, target: Locator, value: str) -> None:
        """Type into a field, replacing what stands there."""
        if not self.keyboard:
            target.fill(value)
            return
        self.focus(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(value) if value else self.page.keyboard.press("Delete")

    def fill_date(self, target: Locator, iso: str) -> None:
        """Dates are typed in the browser's own order; `fill` is what Playwright offers for it."""
        if self.keyboard:
            self.focus(target)
        target.fill(iso)

    def choose(self, label: str, option: str, *, nth: int = 0, **values: Any) -> None:
        """Choose an option of a drop-down list by its words."""
        target = self.field(label, nth=nth, **values)
        wanted = self.words(option)
        if not self.keyboard:
            target.select_option(label=wanted)
            return
        self.focus(target)
        # The keyboard chooses by typing the beginning of the words.
        self.page.keyboard.type(wanted)

    def check(self, label: str, *, nth: int = 0, **values: Any) -> None:
        """Tick a box or a radio button."""
        target = self.field(label, nth=nth, **values)
        if not self.keyboard:
            target.check()
            return
        self.focus(target)
        if not target.is_checked():
            self.page.keyboard.press("Space")

    def sees(self, text: str, **values: Any) -> None:
        """These words stand on the page."""
        expect(self.page.locator("body")).to_contain_text(self.words(text, **values))

    def reads(self, literal: str) -> None:
        """This very text stands on the page, whatever the language."""
        expect(self.page.locator("body")).to_contain_text(literal)
