"""Mentoring and practice in a draft: the catalogue's course where exactly one fits, a choice where several do."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from credpoints.organisations.models import Term
from credpoints.workflow import NoLongerPossible
from modules.models import Module, ModuleVersion, Offering
from planning import drafting
from planning.actions import plans
from planning.courses import courses_for
from planning.models import PlanVersion
from tests.people import World
from tests.planning.makers import MONDAY_TEN, make_participation


def offer(world: World, code: str, kind: str, term: Term | None, **facts: Any) -> Offering:
    """A course of the catalogue of this kind, open in a term."""
    module = Module.objects.create(provider=world.organisation, code=code, kind=kind)
    version = ModuleVersion.objects.create(
        module=module, title={"de": code}, credits=Decimal(1), hours=Decimal(25), state="published",
        published_at=MONDAY_TEN,
    )  # fmt: skip
    return Offering.objects.create(version=version, term=term, **{"state": "active", **facts})


def drafted(world: World) -> PlanVersion:
    version = plans.begin_version(plan=make_participation(world).plan, by=world.vogel)
    drafting.derive_lines(version=version, by=world.vogel)
    return version


def lines(version: PlanVersion, kind: str) -> list[tuple[str, str, int | None]]:
    found = version.items.filter(kind=kind).order_by("term__starts_on", "pk")
    return [(item.title, item.term.code if item.term else "", item.offering_id) for item in found]


def test_the_only_course_of_a_kind_is_taken(world: World) -> None:
    first = offer(world, "Mentoring W", "mentoring", world.winter)
    second = offer(world, "Mentoring S", "mentoring", world.summer)
    practice = offer(world, "Betrieb", "practice", world.summer)
    offer(world, "Zu", "mentoring", world.winter, state="inactive")

    version = drafted(world)

    assert lines(version, "mentoring") == [
        ("Mentoring W", "WS 2027/28", first.pk), ("Mentoring S", "SS 2028", second.pk),
    ]  # fmt: skip
    assert lines(version, "practice") == [("Betrieb", "SS 2028", practice.pk)]
    assert all(item.rationale.startswith("Regel des Programms") for item in version.items.all())


def test_without_a_course_the_lines_are_free_and_one_in_every_term(world: World) -> None:
    offer(world, "Etwas anderes", "module", world.winter)

    version = drafted(world)

    assert lines(version, "mentoring") == [("Mentoring", "WS 2027/28", None), ("Mentoring", "SS 2028", None)]


def test_a_course_without_a_term_stands_for_one_line_only(world: World) -> None:
    course = offer(world, "Mentoring", "mentoring", None)

    version = drafted(world)

    assert lines(version, "mentoring") == [("Mentoring", "WS 2027/28", course.pk), ("Mentoring", "SS 2028", None)]


def test_where_several_fit_people_choose(world: World, sign_in) -> None:
    small, large = (offer(world, code, "practice", world.winter) for code in ("Klein", "Groß"))
    version = drafted(world)
    (item,) = version.items.filter(kind="practice")
    client = sign_in(world.vogel)

    board = client.get(version.get_absolute_url()).content.decode()
    page = client.get(reverse("planning:change_line", args=[item.pk])).context["course_form"]
    offered = set(page.fields["offering"].queryset)
    answer = client.post(reverse("planning:take_course", args=[item.pk]), {"offering": large.pk})

    before, key = item.rationale, item.key
    item.refresh_from_db()
    assert "2 Kurse des Katalogs passen" in board
    assert offered == {small, large}
    assert answer.status_code == 302
    assert (item.title, item.offering, item.hours, item.snapshot["code"]) == ("Groß", large, Decimal(25), "Groß")
    assert (item.rationale, item.key, item.kind, item.suggested) == (before, key, "practice", False)
    another = plans.add_line(version=version, by=world.vogel, kind="practice", title="Noch eine", hours=Decimal(10),
                             credits=Decimal(0), term=item.term)  # fmt: skip
    assert list(courses_for(another)) == [small]
    assert "Kurse des Katalogs passen" not in client.get(version.get_absolute_url()).content.decode()


def test_what_does_not_fit_or_is_gone_cannot_be_taken(world: World, sign_in) -> None:
    other = offer(world, "Kurs", "module", world.winter)
    fits = [offer(world, code, "practice", world.winter) for code in ("Klein", "Groß")]
    version = drafted(world)
    (item,) = version.items.filter(kind="practice")
    client = sign_in(world.vogel)
    address = reverse("planning:take_course", args=[item.pk])

    codes = [client.post(address, {"offering": pk}).status_code for pk in (other.pk, "x", "", "99999")]
    Offering.objects.filter(pk=fits[0].pk).update(state="inactive")

    assert codes == [409, 302, 302, 302]
    with pytest.raises(NoLongerPossible):
        plans.take_course(item=item, by=world.vogel, offering=fits[0])
    item.refresh_from_db()
    assert (item.offering, item.title) == (None, "Praxisphase")


@pytest.mark.parametrize("number", [1, 3])
def test_the_board_needs_one_query_for_any_number_of_free_lines(
    world: World, sign_in, django_assert_max_num_queries, number: int
) -> None:
    for n in range(2):
        offer(world, f"Betrieb {n}", "practice", world.winter)
    version = drafted(world)
    (item,) = version.items.filter(kind="practice")
    for _ in range(number - 1):
        plans.add_line(version=version, by=world.vogel, kind="practice", title="Noch eine", suggested=True,
                       hours=Decimal(10), credits=Decimal(0), term=item.term)  # fmt: skip
    client = sign_in(world.vogel)

    with django_assert_max_num_queries(60) as counted:
        client.get(version.get_absolute_url())

    assert sum("module__kind" in q["sql"] or '"kind" IN' in q["sql"] for q in counted.captured_queries) == 1
