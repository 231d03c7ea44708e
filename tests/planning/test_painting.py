"""The painted week: several days at once, by keyboard and without script, and nothing is saved unseen."""

import re

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from planning.actions import availability
from planning.models import AvailabilityRule
from planning.painting import with_copied_day, with_hours, without_hours
from planning.views.availability import painted_cells

MONDAY_MORNING = {(0, half) for half in range(18, 24)}
weeks = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 47)), max_size=40)
days = st.sets(st.integers(0, 6))


def address(world) -> str:
    return reverse("planning:availability", args=[world.programme.slug])


def shown(page: str) -> set[tuple[int, int]]:
    found = re.findall(r'value="(\d)-(\d+)" aria-label="[^"]*" checked', page)
    return {(int(day), int(half)) for day, half in found}


def sent(cells, **facts) -> dict:
    chosen = {"several-begins": 18, "several-ends": 24, "several-source": 0, **facts}
    return {"cell": [f"{day}-{half}" for day, half in cells], **chosen}


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("copy", MONDAY_MORNING | {(day, half) for day in (1, 4) for half in range(18, 24)}),
        ("fill", MONDAY_MORNING | {(day, half) for day in (1, 4) for half in range(18, 24)} | {(1, 40)}),
        ("clear", MONDAY_MORNING | {(1, 40)}),
    ],
)
def test_several_days_are_drawn_and_saved_only_when_asked(world, sign_in, what: str, expected) -> None:
    client = sign_in(world.vogel)
    posted = sent(MONDAY_MORNING | {(1, 40)}, **{"several-days": [1, 4], "draw": what})

    page = client.post(address(world), posted).content.decode()
    before = AvailabilityRule.objects.count()
    client.post(address(world), {"cell": [f"{day}-{half}" for day, half in shown(page)]})

    assert (shown(page), before) == (expected, 0)
    assert painted_cells(AvailabilityRule.objects.all()) == expected


@pytest.mark.parametrize("wrong", [{}, {"several-days": [1], "several-ends": 18}, {"several-days": [9]}])
def test_impossible_drawing_is_refused_and_keeps_what_was_painted(world, sign_in, wrong) -> None:
    availability.paint_week(programme=world.programme, advisor=world.vogel, by=world.vogel, cells=[(3, 30)])

    answer = sign_in(world.vogel).post(address(world), sent(MONDAY_MORNING, draw="fill", **wrong))

    assert (answer.status_code, shown(answer.content.decode())) == (422, MONDAY_MORNING)
    assert painted_cells(AvailabilityRule.objects.all()) == {(3, 30)}


@given(weeks, days, st.integers(0, 6))
def test_copied_days_look_as_their_model_and_others_stay(cells, chosen, source) -> None:
    found = with_copied_day(cells, source, chosen)

    halves = {day: {half for d, half in found if d == day} for day in range(7)}
    model = {half for day, half in cells if day == source}
    assert all(halves[day] == model for day in chosen)
    assert {cell for cell in found if cell[0] not in chosen} == {cell for cell in cells if cell[0] not in chosen}


@given(weeks, days, st.integers(0, 23), st.integers(24, 48))
def test_painting_and_leaving_free_are_opposites(cells, chosen, first, last) -> None:
    painted = with_hours(cells, chosen, first, last)

    assert painted >= cells
    assert without_hours(painted, chosen, first, last) == without_hours(cells, chosen, first, last)
