"""Every page of the access table, as somebody who may see it: no fault in any language or theme, nothing too wide.

How many looks a page gets is written in `tests/thoroughness.py`.
"""

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.rows import Row
from tests.browser.conftest import as_a_worker
from tests.house.test_access import ROWS
from tests.people import World
from tests.thoroughness import EVERY_LOOK, LOOKS, Theme

# Whoever sees most of a page first.
FIRST = ("petersen", "vogel", "rana", "yusuf", "lorenz", "teacher", "aydin", "anonymous")
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


def looks(people: list[str]) -> list[tuple[str, str, Theme]]:
    """Who looks at a page in which language and theme: at the desk two people share the looks."""
    if EVERY_LOOK:
        return [(person, language, theme) for person in people for language, theme in LOOKS]
    return [(person, *look) for person, look in zip((people[0], people[-1]), LOOKS, strict=True)]


def is_html(client: Client, address: str) -> bool:
    """Whether the address answers with a page; downloads and pictures are none of axe's business."""
    return client.get(address).headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("row", [row for row in ROWS if is_page(row)], ids=lambda row: row.url)
def test_page_is_accessible(world: World, sign_in, read_page, axe, no_sideways_scrolling, row: Row) -> None:
    address = reverse(row.url, args=as_a_worker(lambda: row.args(world)))
    people = readers(row)
    if not as_a_worker(lambda: is_html(sign_in(world.user(people[0])), address)):
        return

    for persona, language, theme in looks(people):
        page = read_page(address, user=world.user(persona), language=language, theme=theme)

        axe(page)
        assert page.locator("h1").count() == 1 or page.locator("body > main").count() == 0, "one main heading"
        no_sideways_scrolling(page, 320)
