"""Two administrators on the page of rules at the same time: each gets what they typed, and nothing is lost."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from applicants.models import EligibilityRule
from credpoints.accounts.actions import grant_role
from credpoints.accounts.models import Role, ScopeKind
from tests.applicants.make import make_in_review
from tests.applicants.rules import all_sent
from tests.people import World

pytestmark = pytest.mark.django_db


@dataclass
class Desk:
    """An administrator with the page open: what was typed is sent with each click."""

    client: Client
    page: HttpResponse = field(init=False)

    def open(self) -> "Desk":
        self.page = self.client.get(reverse("applicants:rules", args=["credit-points"]))
        return self

    def click(self, do: str, **typed: Any) -> HttpResponse:
        new = self.page.context["new"]
        data = all_sent(self.page.context["rows"]) | {"asked_with": new["asked_with"].value(), "do": do, **typed}
        self.page = self.client.post(reverse("applicants:rules", args=["credit-points"]), data)
        if self.page.status_code == 302:
            self.open()
        return self.page

    @property
    def opened(self) -> list[str]:
        return [row.rule.key for row in self.page.context["rows"] if row.is_open]

    @property
    def said(self) -> str:
        return " ".join(str(message) for message in self.page.context["messages"])


@pytest.fixture
def desks(world: World, sign_in) -> tuple[Desk, Desk]:
    """Both have opened the same page."""
    make_in_review(world)
    grant_role(user=world.other_admin, role=Role.PROGRAMME_ADMIN, scope_kind=ScopeKind.PROGRAMME,
               scope_id=world.programme.pk, by=None)  # fmt: skip
    return Desk(sign_in(world.petersen)).open(), Desk(sign_in(world.other_admin)).open()


def written(key: str, years: str, text: str) -> dict[str, str]:
    return {f"{key}-is_active": "on", f"{key}-years": years, f"{key}-message_de": text}


def saved(key: str) -> tuple[bool, Any, Any]:
    rule = EligibilityRule.objects.get(key=key)
    return rule.is_active, rule.params, rule.message.get("de")


def test_two_who_add_a_rule_of_the_same_kind_at_once_get_one_each(desks: tuple[Desk, Desk]) -> None:
    first, second = desks

    first.click("add", kind="age_min")
    second.click("add", kind="age_min")
    assert (first.opened, second.opened) == (["age_min"], ["age_min-2"])
    assert "Jemand anderes hat eben eine Regel derselben Art hinzugefügt" not in first.page.content.decode()
    assert "Jemand anderes hat eben eine Regel derselben Art hinzugefügt" in second.page.content.decode()

    first.click("save", **written("age_min", "18", "Volljährig."))
    second.click("save", **written("age_min-2", "21", "Einundzwanzig."))
    assert saved("age_min") == (True, {"years": 18}, "Volljährig.")
    assert saved("age_min-2") == (True, {"years": 21}, "Einundzwanzig.")


def test_the_second_one_keeps_its_own_also_when_the_first_is_saved_already(desks: tuple[Desk, Desk]) -> None:
    first, second = desks
    first.click("add", kind="age_min")
    first.click("save", **written("age_min", "18", "Volljährig."))

    second.click("add", kind="age_min")

    assert second.opened == ["age_min-2"]
    assert saved("age_min") == (True, {"years": 18}, "Volljährig.")
    assert saved("age_min-2") == (False, {}, None)


def test_saving_one_rule_leaves_alone_what_somebody_else_has_saved_in_another(desks: tuple[Desk, Desk]) -> None:
    first, second = desks

    first.click("save", **{"residence-countries": "Österreich"})
    second.click("save", **{"language-reading": "C2"})

    assert EligibilityRule.objects.get(key="residence").params == {"countries": ["AT"]}
    assert EligibilityRule.objects.get(key="language").params["levels"]["reading"] == "C2"
    assert "Österreich" in second.page.content.decode()


def test_the_same_rule_is_not_overwritten_unseen(desks: tuple[Desk, Desk]) -> None:
    first, second = desks
    first.click("save", **{"residence-countries": "Österreich"})

    refused = second.click("save", **{"residence-countries": "Schweiz", "language-reading": "C2"})
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "Wohnt in: Österreich." in page
    assert "Schweiz</textarea>" in page
    assert [row.rule.key for row in refused.context["contested"]] == ["residence"]
    assert EligibilityRule.objects.get(key="residence").params == {"countries": ["AT"]}
    assert EligibilityRule.objects.get(key="language").params["levels"]["reading"] == "B2"

    assert second.click("save").status_code == 200  # seen now, and wanted all the same
    assert EligibilityRule.objects.get(key="residence").params == {"countries": ["CH"]}
    assert EligibilityRule.objects.get(key="language").params["levels"]["reading"] == "C2"


def test_trying_first_hides_no_change_of_somebody_else(desks: tuple[Desk, Desk]) -> None:
    first, second = desks
    first.click("save", **{"residence-countries": "Österreich"})

    second.click("try", **{"residence-countries": "Schweiz"})

    assert second.click("save").status_code == 409
    assert EligibilityRule.objects.get(key="residence").params == {"countries": ["AT"]}


def test_two_who_write_the_same_do_not_quarrel(desks: tuple[Desk, Desk]) -> None:
    first, second = desks

    first.click("save", **{"residence-countries": "Österreich"})

    assert second.click("save", **{"residence-countries": "Österreich"}).status_code == 200
    assert "gespeichert" in second.said


def test_what_was_typed_into_a_rule_that_is_removed_meanwhile_is_told(desks: tuple[Desk, Desk]) -> None:
    first, second = desks
    first.click("remove:residence")

    second.click("save", **{"residence-countries": "Schweiz", "language-reading": "C2"})

    assert "hat die Regel „Wohnsitzland“ inzwischen entfernt" in second.said
    assert "Schweiz" in second.said
    assert EligibilityRule.objects.get(key="language").params["levels"]["reading"] == "C2"
    assert second.open().said == ""


def test_nobody_is_told_of_removed_rules_in_which_they_have_written_nothing(desks: tuple[Desk, Desk]) -> None:
    first, second = desks
    first.click("remove:residence", **{"residence-countries": "Schweiz"})

    second.click("save", **{"language-reading": "C2"})

    assert "entfernt" not in first.said + second.said
