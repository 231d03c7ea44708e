"""Walk pages as a person does: by pointer, by keyboard alone, or without JavaScript, in German or English.

Names of buttons and fields are given in the source language and looked up in the catalogue, so one story runs in both.
"""

import re
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import Locator, Page, Route, expect

MAX_TABS = 250
IS_FOCUSED = "element => element === document.activeElement"


class Walker:
    """One person in one browser. `keyboard=True` never touches the pointer."""

    def __init__(self, page: Page, language: str, *, keyboard: bool = False) -> None:
        self.page, self.language, self.keyboard = page, language, keyboard

    def words(self, text: str, context: str = "", **values: Any) -> str:
        """The text in this walker's language."""
        with translation.override(self.language):
            found = pgettext(context, text) if context else gettext(text)
        return found % values if values else found

    def go(self, path: str) -> None:
        """Open an address."""
        response = self.page.goto(path)
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
        if self.keyboard:
            self.focus(target)
        # The old page is marked, so that nothing is done on it while the next one is still on its way.
        self.page.evaluate("document.documentElement.dataset.left = 'yes'")
        if self.keyboard:
            self.page.keyboard.press("Enter")
        else:
            target.click()
        expect(self.page.locator("html:not([data-left])")).to_be_attached(timeout=20_000)

    def focus(self, target: Locator) -> None:
        """Reach a control by the Tab key alone."""
        handle = target.element_handle()
        for _tab in range(MAX_TABS):
            if handle.evaluate(IS_FOCUSED):
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

    def pick(self, label: str, value: str, *, nth: int = 0, **values: Any) -> None:
        """Choose an option of a drop-down list by its value, when its words do not matter."""
        target = self.field(label, nth=nth, **values)
        if not self.keyboard:
            target.select_option(value=value)
            return
        words = target.locator(f'option[value="{value}"]').inner_text().strip()
        self.focus(target)
        self.page.keyboard.type(words)

    def tick(self, selector: str) -> None:
        """Tick the box or radio button at this CSS selector."""
        self._tick(self.page.locator(selector))

    def check(self, label: str, *, nth: int = 0, **values: Any) -> None:
        """Tick a box or a radio button."""
        self._tick(self.field(label, nth=nth, **values))

    def _tick(self, target: Locator) -> None:
        if not self.keyboard:
            target.check()
            return
        if target.is_checked():
            return
        if target.get_attribute("type") == "radio":
            self._choose_radio(target)
            return
        self.focus(target)
        self.page.keyboard.press("Space")

    def _choose_radio(self, target: Locator) -> None:
        """The Tab key stops at one radio button of a group; the arrow keys reach the others."""
        group = self.page.locator(f'input[type="radio"][name="{target.get_attribute("name")}"]')
        first = group.first
        handle, wanted = first.element_handle(), target.element_handle()
        for _tab in range(MAX_TABS):
            if handle.evaluate("e => e.name === document.activeElement.name"):
                break
            self.page.keyboard.press("Tab")
        if wanted.evaluate("e => e === document.activeElement"):
            self.page.keyboard.press("Space")
        for _arrow in range(group.count()):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        assert target.is_checked()

    def sees(self, text: str, **values: Any) -> None:
        """These words stand on the page."""
        expect(self.page.locator("body")).to_contain_text(self.words(text, **values))

    def reads(self, literal: str) -> None:
        """This very text stands on the page, whatever the language."""
        expect(self.page.locator("body")).to_contain_text(literal)


def type_before_scripts(page: Page, address: str, selector: str, text: str) -> None:
    """Open a page and type into it while its scripts are still on their way; then they arrive."""
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    page.route("**/*.js", hold)
    page.goto(address, wait_until="commit")
    page.locator(selector).fill(text)
    for route in late:
        route.continue_()
