"""Every page of the access table, as somebody who may see it: no fault in any language or theme, nothing too wide.

A theme changes colours and nothing else, a language words and nothing else. So both languages get a full look, and
contrast, which takes most of the time, is measured in the light for one and in the dark for the other. With
EVERY_LOOK=1, as in `.ci/run`, every page gets everything in both languages and both themes.
"""

import os

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.rows import Row
from tests.browser.conftest import as_a_worker
from tests.house.test_access import ROWS
from tests.people import World

# Whoever sees most of a page first.
FIRST = ("petersen", "vogel", "rana", "yusuf", "lorenz", "teacher", "aydin", "anonymous")
LANGUAGES = ("de", "en")
EVERY_LOOK = bool(os.environ.get("EVERY_LOOK"))
CONTRAST = "color-contrast"
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


def is_html(client: Client, address: str) -> bool:
    """Whether the address answers with a page; downloads and pictures are none of axe's business."""
    return client.get(address).headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("row", [row for row in ROWS if is_page(row)], ids=lambda row: row.url)
def test_page_is_accessible(world: World, sign_in, read_page, axe, no_sideways_scrolling, row: Row) -> None:
    address = reverse(row.url, args=as_a_worker(lambda: row.args(world)))
    people = readers(row)
    if not as_a_worker(lambda: is_html(sign_in(world.user(people[0])), address)):
        return

    for persona in people:
        for language in LANGUAGES:
            page = read_page(address, user=world.user(persona), language=language)

            axe(page, without=[] if EVERY_LOOK or language == LANGUAGES[0] else [CONTRAST])
            assert page.locator("h1").count() == 1 or page.locator("body > main").count() == 0, "one main heading"
            no_sideways_scrolling(page, 320)
            if EVERY_LOOK or language != LANGUAGES[0]:
                page.emulate_media(color_scheme="dark")
                axe(page, only=None if EVERY_LOOK else [CONTRAST])
