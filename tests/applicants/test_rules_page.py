"""Rules of eligibility as administrators set them: in words, tried before they are saved."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from applicants import actions
from applicants.actions.designing import add_rule, put_rule_before
from applicants.default_form import default_rules
from applicants.eligibility import KINDS, Facts, Rule, explain, judge
from applicants.fields import FIELD_CODES, FIELDS
from applicants.models import EligibilityRule
from applicants.rule_forms import rule_form
from applicants.rule_words import rule_in_words
from applicants.survey import DEGREES, LEVELS, SKILLS
from credpoints.workflow import NotAllowed
from tests.applicants.make import make_in_review
from tests.applicants.rules import all_sent, sent
from tests.people import World

KINDS_OF_DEGREE = st.sampled_from(list(DEGREES))
COUNTRIES = st.sampled_from(["DE", "AT", "SY", "UA", "TR"])
WORDS = st.from_regex(r"[A-Z]{2,5}-[0-9]{1,3}", fullmatch=True)
DOMAINS = st.from_regex(r"[a-z]{1,8}\.(de|it|example)", fullmatch=True)


def some(values: Any, **size: int) -> Any:
    return st.lists(values, unique=True, **{"min_size": 1, "max_size": 4, **size})


PARAMS = {
    "degree_outside": st.fixed_dictionaries({"country": COUNTRIES}),
    "degree_type": st.fixed_dictionaries(
        {"accepted": some(KINDS_OF_DEGREE), "comparable": some(KINDS_OF_DEGREE, min_size=0)},
        optional={"outside": COUNTRIES},
    ),
    "field_in": st.fixed_dictionaries(
        {"fields": some(st.sampled_from(list(FIELDS))) | some(st.sampled_from(list(FIELD_CODES)))},
        optional={"outside": COUNTRIES},
    ),
    "residence_in": st.fixed_dictionaries({"countries": some(COUNTRIES)}),
    "language_min": st.fixed_dictionaries({
        "language": st.sampled_from(["de", "en", "it"]),
        "levels": st.dictionaries(st.sampled_from(list(SKILLS)), st.sampled_from(LEVELS), min_size=1),
    }),
    "student_of_partner": st.fixed_dictionaries({"domains": some(DOMAINS)}),
    "holds_credential": st.fixed_dictionaries({"credentials": some(WORDS)}),
    "module_passed": st.fixed_dictionaries({"modules": some(WORDS)}),
    "age_min": st.fixed_dictionaries({"years": st.integers(1, 120)}),
    "manual": st.just({}),
}  # fmt: skip
RULES = st.sampled_from(list(KINDS)).flatmap(lambda kind: st.tuples(st.just(kind), PARAMS[kind]))


def unordered(params: dict[str, Any]) -> dict[str, Any]:
    return {name: sorted(value) if isinstance(value, list) else value for name, value in params.items()}


@given(RULES)
def test_a_rule_that_is_opened_and_saved_stays_what_it_was(drawn: tuple[str, dict[str, Any]]) -> None:
    kind, params = drawn
    rule = EligibilityRule(key="a", kind=kind, params=params, message={"de": "x"})
    form = rule_form(rule, sent(rule))

    assert form.is_valid(), form.errors
    assert unordered(form.params()) == unordered(params)
    assert rule_in_words(kind, params)
    assert judge(Rule("a", kind, form.params()), Facts(), on=date(2027, 5, 10)).key == "a"


@pytest.mark.parametrize(
    ("kind", "name", "typed", "said"),
    [
        ("residence_in", "countries", "Deutschland\nNirgendwo", "Nirgendwo"),
        ("student_of_partner", "domains", "kein Ende", "kein Ende"),
        ("age_min", "years", "viele", ""),
        ("degree_type", "accepted", [], ""),
    ],
)
def test_what_cannot_be_read_is_refused_beside_its_field(kind: str, name: str, typed: Any, said: str) -> None:
    rule = EligibilityRule(key="a", kind=kind, params={"domains": ["hsbi.de"]}, message={"de": "x"})
    form = rule_form(rule, {**sent(rule), f"a-{name}": typed})

    assert not form.is_valid()
    assert list(form.errors) == [name]
    assert said in str(form.errors[name])


def test_countries_are_read_in_german_and_english() -> None:
    rule = EligibilityRule(key="a", kind="residence_in", params={}, message={"de": "x"})
    form = rule_form(rule, {**sent(rule), "a-countries": "germany\nÖsterreich\nIT\nDeutschland"})

    assert form.is_valid(), form.errors
    assert form.params() == {"countries": ["DE", "AT", "IT"]}


def test_a_checked_rule_needs_words_and_an_unchecked_one_may_be_unfinished() -> None:
    rule = EligibilityRule(key="a", kind="language_min", params={}, message={}, is_active=False)

    assert rule_form(rule, sent(rule)).is_valid()
    assert set(rule_form(rule, {**sent(rule), "a-is_active": "on"}).errors) == {"message", "listening"}


def add(kind: str) -> dict[str, str]:
    """One click on “Add a rule”."""
    return {"do": "add", "kind": kind, "asked_with": str(uuid4())}


def page_of(world: World) -> str:
    return reverse("applicants:rules", args=[world.programme.slug])


@pytest.mark.django_db
def test_what_if_shows_the_effect_and_saves_nothing(world: World, sign_in) -> None:
    application = make_in_review(world)
    client = sign_in(world.petersen)
    data = {name: "C1" if value == "B2" else value for name, value in all_sent().items()}

    tried = client.post(page_of(world), {**data, "do": "try"})
    assert tried.context["effect"]["rows"] == [("alle Regeln erfüllt", "eine Regel ist nicht erfüllt", 1, True)]
    assert EligibilityRule.objects.get(key="language").params["levels"]["reading"] == "B2"

    client.post(page_of(world), {**data, "do": "save"})
    application.refresh_from_db()
    assert application.overall == "met"
    client.post(reverse("applicants:recheck", args=[application.uuid]))
    application.refresh_from_db()
    assert application.overall == "not_met"


@pytest.mark.django_db
def test_what_an_advisor_has_accepted_stays_accepted_in_what_if(world: World, sign_in) -> None:
    application = make_in_review(world)
    rule = EligibilityRule.objects.get(programme=world.programme, key="language")
    rule.params["levels"]["reading"] = "C2"
    rule.save()
    actions.recheck(application=application, by=world.vogel)
    actions.override_check(check=application.checks.get(key="language"), reason="Studium auf Deutsch", by=world.vogel)

    tried = sign_in(world.petersen).post(page_of(world), {**all_sent(), "do": "try"})

    assert tried.context["effect"]["rows"] == [("alle Regeln erfüllt", "alle Regeln erfüllt", 1, False)]


@pytest.mark.django_db
def test_a_programme_without_rules_gets_its_first_one(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    adding = add("age_min")

    for _click in range(2):  # a double click adds one
        client.post(page_of(world), adding)
    rule = EligibilityRule.objects.get(programme=world.programme)
    assert (rule.key, rule.is_active) == ("age_min", False)
    data = {"known": "age_min", "age_min-is_active": "on", "age_min-severity": "must", "age_min-years": "18",
            "age_min-message_de": "Sie sind mindestens 18 Jahre alt."}  # fmt: skip
    client.post(page_of(world), {**data, "do": "save"})

    rule.refresh_from_db()
    assert (rule.is_active, rule.params, rule.message) == (
        True,
        {"years": 18},
        {"de": "Sie sind mindestens 18 Jahre alt."},
    )


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_offered_worded_opened_judged_and_explained(world, sign_in, kind: str, language: str) -> None:
    client = sign_in(world.petersen)
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language

    page = client.post(page_of(world), add(kind))

    (row,) = page.context["rows"]
    assert (row.rule.kind, row.is_open) == (kind, True)
    assert row.words
    assert row.form.own or kind == "manual"
    with translation.override(language):
        finding = judge(row.rule.as_data, Facts(), on=date(2027, 3, 1))
        assert finding.result in {"met", "not_met", "manual"}
        assert explain(kind, finding.values) or kind == "manual"


@pytest.mark.django_db
def test_adding_and_removing_keeps_what_is_typed_elsewhere(world: World, sign_in) -> None:
    make_in_review(world)
    client = sign_in(world.petersen)
    data = {**all_sent(), "residence-countries": "Österreich"}

    added = client.post(page_of(world), {**data, **add("manual")})
    removed = client.post(page_of(world), {**data, "do": "remove:language"})

    for page in (added, removed):
        assert "Österreich" in page.content.decode()
    assert EligibilityRule.objects.get(key="residence").params == {"countries": ["DE"]}
    keys = [rule["key"] for rule in default_rules() if rule["key"] != "language"]
    assert list(EligibilityRule.objects.values_list("key", flat=True)) == [*keys, "manual"]


def keys_in_order() -> list[str]:
    return list(EligibilityRule.objects.values_list("key", flat=True))


@pytest.mark.django_db
def test_loading_the_answer_again_adds_no_second_rule(world: World, sign_in) -> None:
    make_in_review(world)
    client = sign_in(world.petersen)
    adding = {**all_sent(), **add("residence_in")}  # of a kind that is there already
    before = keys_in_order()

    client.post(page_of(world), adding)
    EligibilityRule.objects.filter(key="residence_in").update(is_active=True, message={"de": "Österreich"})
    client.post(page_of(world), adding)
    assert keys_in_order() == [*before, "residence_in"]

    client.post(page_of(world), {**all_sent(), **add("residence_in")})
    assert keys_in_order() == [*before, "residence_in", "residence_in-2"]


@pytest.mark.django_db
def test_rules_move_up_and_down_once_and_keep_what_is_typed(world: World, sign_in) -> None:
    make_in_review(world)
    client = sign_in(world.petersen)
    first, second, third, *others = keys_in_order()
    data = {**all_sent(), "residence-countries": "Österreich"}

    for _loaded_again in range(2):
        page = client.post(page_of(world), {**data, "do": f"before:{second}:{first}"})
        assert keys_in_order() == [second, first, third, *others]
    assert "Österreich" in page.content.decode()
    assert [row.rule.key for row in page.context["rows"] if row.is_open] == ["residence"]
    unchanged = client.post(page_of(world), {**all_sent(), "do": f"before:{second}:{first}"})
    assert [row.rule.key for row in unchanged.context["rows"] if row.is_open] == []

    client.post(page_of(world), {**data, "do": f"before:{third}:{first}"})
    assert keys_in_order() == [second, third, first, *others]
    for nonsense in (f"before:{first}:{first}", f"before:{first}:nowhere", "before:nowhere", "before"):
        client.post(page_of(world), {**data, "do": nonsense})
    assert keys_in_order() == [second, third, first, *others]


@pytest.mark.django_db
def test_only_administrators_change_rules(world: World) -> None:
    with pytest.raises(NotAllowed):
        add_rule(programme=world.programme, kind="manual", by=world.vogel, asked_with=uuid4())
    with pytest.raises(NotAllowed):
        put_rule_before(programme=world.programme, key="residence", other="language", by=world.vogel)
