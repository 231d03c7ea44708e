"""“Could this be for me?” asks what the rules look at, and judges by the very same rules."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from applicants.eligibility import Rule, check
from applicants.models import EligibilityRule
from applicants.quick_check import QuickCheckForm
from tests.applicants.make import make_form
from tests.people import World

DAY = date(2028, 2, 29)
ITALIAN = Rule("l", "language_min", {"language": "it", "levels": {"reading": "B1"}})


def asked(*rules: Rule) -> list[str]:
    return list(QuickCheckForm(rules=rules).fields)


def test_only_what_the_rules_look_at_is_asked() -> None:
    assert asked() == []
    assert asked(Rule("r", "residence_in")) == ["residence"]
    assert asked(Rule("f", "field_in"), Rule("d", "degree_outside")) == ["country", "field"]
    assert asked(Rule("l", "language_min", {"language": "it"}), Rule("a", "age_min")) == ["language_it", "age"]


@pytest.mark.parametrize(
    ("rule", "typed", "result"),
    [
        (ITALIAN, {"language_it": "B2"}, "met"),
        (ITALIAN, {"language_it": "none"}, "not_met"),
        (Rule("a", "age_min", {"years": 18}), {"age": "18"}, "met"),
        (Rule("a", "age_min", {"years": 18}), {"age": "17"}, "not_met"),
        (Rule("p", "student_of_partner", {"domains": ["hsbi.de"]}), {"email": "jo@hsbi.de"}, "met"),
        (Rule("p", "student_of_partner", {"domains": ["hsbi.de"]}), {"email": ""}, "manual"),
    ],
)  # fmt: skip
def test_the_answers_are_judged_by_the_rule(rule: Rule, typed: dict[str, Any], result: str) -> None:
    form = QuickCheckForm(typed, rules=[rule])

    assert form.is_valid(), form.errors
    assert [finding.result for finding in check([rule], form.facts(on=DAY), on=DAY)] == [result]


@pytest.mark.django_db
def test_a_visitor_of_another_programme_is_asked_about_its_own_language(world: World, client) -> None:
    make_form(world.programme)
    EligibilityRule.objects.filter(programme=world.programme).delete()
    EligibilityRule.objects.create(
        programme=world.programme, key="l", kind="language_min", message={"de": "Englisch B1"},
        params={"language": "en", "levels": {"reading": "B1"}},
    )  # fmt: skip
    address = reverse("applicants:quick_check", args=[world.programme.slug])

    asked_page = client.get(address).content.decode()
    answered = client.post(address, {"language_en": "B2"})

    assert "How good are you in this language: English?" in asked_page
    assert "1 question, one minute" in asked_page
    assert (answered.status_code, answered.context["overall"]) == (200, "met")
