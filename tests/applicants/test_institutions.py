"""The list that the survey suggests universities from."""

import pytest
from django.urls import reverse

from applicants.models import Institution
from tests.people import World

NAMES = (
    "Hochschule Łódź",
    "Işık Üniversitesi",
    "Københavns Universitet",
    "Technische Universität Berlin",
    "Universität Berlin",
    "University of Aleppo",
)


@pytest.fixture
def listed(db) -> None:
    Institution.objects.bulk_create(
        Institution(name=name, country="XX", searched=Institution.fold(name)) for name in NAMES
    )


def suggested(typed: str) -> list[str]:
    return [institution.name for institution in Institution.objects.suggested(typed)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("universitat berlin", ["Universität Berlin", "Technische Universität Berlin"]),  # what begins so comes first
        ("Berlin  Technische", ["Technische Universität Berlin"]),
        ("aleppo univ", ["University of Aleppo"]),
        ("lodz", ["Hochschule Łódź"]),
        ("ŁÓDŹ", ["Hochschule Łódź"]),
        ("isik", ["Işık Üniversitesi"]),
        ("kobenhavn", ["Københavns Universitet"]),
        ("be", []),
        ("%%%", []),
        ("berlin hamburg", []),
    ],
)
def test_names_are_found_as_people_write_them(listed, typed: str, found: list[str]) -> None:
    assert suggested(typed) == found


@pytest.mark.django_db
def test_ten_names_are_suggested_of_ten_thousand_in_two_queries(
    world: World, sign_in, django_assert_max_num_queries
) -> None:
    names = [f"{'Hochschule' if n % 2 else 'Universität'} {n:05d} Nord" for n in range(10_000)]
    Institution.objects.bulk_create(
        [Institution(name=name, country="DE", searched=Institution.fold(name)) for name in names], batch_size=1000
    )

    with django_assert_max_num_queries(2):
        assert suggested("hochschule") == [name for name in sorted(names) if name.startswith("H")][:10]
    with django_assert_max_num_queries(2):
        assert suggested("nord 09999") == ["Hochschule 09999 Nord"]
    answer = sign_in(world.rana).get(reverse("applicants:institutions"), {"q": "nirgendwo"})
    assert answer.json() == {"names": []}
