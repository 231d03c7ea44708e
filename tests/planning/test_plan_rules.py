"""What a programme sets for its plans, and what follows from it."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import override

from credpoints.organisations.presets import PRESETS
from planning import drafting
from planning.actions import participations, plans, records
from planning.actions.plan_rules import change_plan_rules
from planning.dossier import SurveyFacts
from planning.models import Finding
from planning.plan_rules import PlanRules, plan_rules
from tests.people import World
from tests.planning.makers import make_offering, make_participation, make_talk


def drafted_kinds(world: World) -> list[str]:
    """The kinds of lines that a fresh draft begins with."""
    version = plans.begin_version(plan=make_participation(world).plan, by=world.vogel)
    drafting.derive_lines(version=version, by=world.vogel)
    return sorted(version.items.values_list("kind", flat=True))


def test_a_programme_without_rules_gets_neither_mentoring_nor_practice(world: World) -> None:
    world.programme.settings = {}
    world.programme.save()

    assert drafted_kinds(world) == []


def test_the_draft_holds_what_the_programme_always_gives(world: World) -> None:
    change_plan_rules(programme=world.programme, by=world.petersen, rules=PlanRules(practice_phases=2))
    world.programme.refresh_from_db()

    assert drafted_kinds(world) == ["practice", "practice"]


def test_a_practice_phase_that_the_talk_asks_for_is_one_of_them() -> None:
    talk = [Finding(kind="gap", topic="practice", text="Praxis in der Netztechnik")]
    always = PlanRules(mentoring_each_term=True, practice_phases=2)

    needs = drafting.needs_of(SurveyFacts({}, [], [], []), talk, always, terms=[1, 2])

    assert [need.kind for need in needs] == ["practice", "mentoring", "mentoring", "practice"]


def test_each_preset_begins_with_rules_of_its_own(world: World) -> None:
    rules = {}
    for key, preset in PRESETS.items():
        world.programme.settings = preset.settings
        rules[key] = plan_rules(world.programme)

    assert rules == {
        "credit_points": PlanRules(mentoring_each_term=True, practice_phases=1),
        "network": PlanRules(),
        "partner_catalogue": PlanRules(parties=("participant", "home", "host"), fixed_order=True),
        "vocational": PlanRules(),
        "short_programme": PlanRules(),
    }


def test_an_administrator_changes_the_rules_and_those_of_other_rooms_stay(world: World, sign_in) -> None:
    address = reverse("planning:plan_rules", args=[world.programme.slug])
    client = sign_in(world.petersen)
    world.programme.settings |= {"certificates": {"needs_payment": True}}
    world.programme.save()

    answer = client.post(address, {
        "practice_phases": "0", "parties": ["company", "participant"], "fixed_order": "on", "least_german": "4",
    })  # fmt: skip

    assert answer.status_code == 302
    world.programme.refresh_from_db()
    assert plan_rules(world.programme) == PlanRules(
        minimum_credits={"german": Decimal(4)}, parties=("participant", "company"), fixed_order=True
    )
    assert world.programme.room_settings("certificates") == {"needs_payment": True}
    assert 'name="practice_phases" value="0"' in client.get(address).content.decode()


@pytest.mark.parametrize("parties", [[], ["participant"], ["advisor", "company"]])
def test_a_plan_is_signed_by_the_participant_and_somebody_else(world: World, sign_in, parties: list[str]) -> None:
    address = reverse("planning:plan_rules", args=[world.programme.slug])

    answer = sign_in(world.petersen).post(address, {"practice_phases": "1", "parties": parties})

    assert (answer.status_code, plan_rules(world.programme).parties) == (422, ("participant", "advisor"))


def test_rules_without_any_word_of_the_programme_are_those_of_both_sides(world: World) -> None:
    world.programme.settings = {"planning": PlanRules().as_settings()}

    assert plan_rules(world.programme) == PlanRules()


def test_a_wrong_number_is_refused_and_changes_nothing(world: World, sign_in) -> None:
    before = plan_rules(world.programme)

    answer = sign_in(world.petersen).post(
        reverse("planning:plan_rules", args=[world.programme.slug]), {"practice_phases": "-1"}
    )

    assert answer.status_code == 422
    world.programme.refresh_from_db()
    assert plan_rules(world.programme) == before


def test_advisors_do_not_change_the_rules(world: World) -> None:
    with pytest.raises(PermissionDenied):
        change_plan_rules(programme=world.programme, by=world.vogel, rules=PlanRules())


def test_draft_answers_gaps_with_courses_and_says_why(world) -> None:
    offering = make_offering(world)
    talk = make_talk(world)
    records.add_finding(talk=talk, by=world.vogel, kind="gap", text="Regelungstechnik auffrischen", topic="subject")
    records.add_finding(talk=talk, by=world.vogel, kind="gap", text="Fachdeutsch", topic="german")
    participation = participations.open_participation(application=talk.application, by=None)
    version = plans.begin_version(plan=participation.plan, by=world.vogel)

    with override("en"):  # the advisor reads English; what is signed stays in the programme's language
        count = drafting.derive_lines(version=version, by=world.vogel)
    again = drafting.derive_lines(version=version, by=world.vogel)

    lines = {(i.kind, i.offering_id, i.rationale.partition(": ")[2]) for i in version.items.all()}
    assert ("subject", offering.pk, "Regelungstechnik auffrischen") in lines
    assert ("german", None, "Fachdeutsch") in lines
    assert version.items.get(kind="german").title == "Berufsbezogenes Deutsch"
    assert version.items.get(kind="german").rationale == "Gespräch: Fachdeutsch"
    assert (count, again) == (version.items.count(), 0)
    assert all(i.suggested and i.rationale for i in version.items.all())
