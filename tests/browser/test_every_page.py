"""Every page of the access table, as somebody who may see it: no fault in any language or theme, nothing too wide.

A theme changes colours and nothing else. So each language gets one full look in the light theme, and one at the
contrast of the same page when the system turns dark.
"""

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.access.rows import Row
from tests.browser.conftest import as_a_worker
from tests.house.test_access import ROWS
from tests.people import World

# Whoever sees most of a page first.
FIRST = ("petersen", "vogel", "rana", "yusuf", "lorenz", "teacher", "aydin", "anonymous")
LANGUAGES = ("de", "en")
# Answers for machines, and a part of a page.
NO_PAGE = {"home:health", "home:job_progress"}


def is_page(row: Row) -> bool:
    return row.method == "get" and 200 in row.expect.values() and row.url not in NO_PAGE


def readers(row: Row) -> list[str]:
    """One person of the staff, one learner, or whoever else may see the page."""
    able = [name for name in FIRST if row.expect[name] == 200]
    able += [name for name, status in row.expect.items() if status == 200 and name not in able]
    learner = next((name for name in able if name in {"rana", "yusuf"}), None)
    return list(dict.fromkeys([able[0], *([learner] if learner else [])]))


def is_html(page: Page, address: str) -> bool:
    """Whether the address answers with a page; downloads and pictures are none of axe's business."""
    answer = page.request.get(address)
    return answer.headers.get("content-type", "").startswith("text/html")


@pytest.mark.parametrize("row", [row for row in ROWS if is_page(row)], ids=lambda row: row.url)
def test_page_is_accessible(world: World, open_page, axe, no_sideways_scrolling, row: Row) -> None:
    address = reverse(row.url, args=as_a_worker(lambda: row.args(world)))

    for persona in readers(row):
        for language in LANGUAGES:
            page = open_page(user=world.user(persona), language=language, theme="auto")
            if language == LANGUAGES[0] and not is_html(page, address):
                return
            page.goto(address)

            axe(page)
            assert page.locator("h1").count() == 1 or page.locator("body > main").count() == 0, "one main heading"
            no_sideways_scrolling(page, 320)
            page.emulate_media(color_scheme="dark")
            axe(page, only=["color-contrast"])
            page.context.close()
