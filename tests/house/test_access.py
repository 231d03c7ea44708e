"""House test 2: every address × person gives exactly the status written down in `tests/access`."""

import importlib

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.rows import Row
from tests.people import PERSONAS, World

FILES = ("home", "applicants", "planning", "modules", "portfolios", "certificates")
ROWS: list[Row] = [row for file in FILES for row in importlib.import_module(f"tests.access.{file}").ROWS]
FOREIGN = {"admin"}  # Django's own pages, closed to everybody without is_staff


def own_addresses() -> set[str]:
    """Every named address of our own rooms."""
    names = set()

    def walk(patterns: list[URLPattern | URLResolver], namespace: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                inner = pattern.namespace or namespace
                if inner not in FOREIGN:
                    walk(pattern.url_patterns, inner)
            elif namespace:
                names.add(f"{namespace}:{pattern.name}")

    walk(get_resolver().url_patterns, "")
    return names


def test_every_address_has_a_row() -> None:
    assert own_addresses() == {row.url for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.url}")
def test_each_person_gets_what_the_table_says(world: World, sign_in, row: Row) -> None:
    assert set(row.expect) == set(PERSONAS)
    address = reverse(row.url, args=row.args(world))
    data = row.data(world)

    found = {}
    for persona in PERSONAS:
        client = sign_in(world.user(persona))
        client.raise_request_exception = False
        found[persona] = getattr(client, row.method)(address, data).status_code

    assert found == row.expect
