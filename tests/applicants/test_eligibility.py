"""Rules against facts: the laws they keep, and the people of the story."""

import json
from dataclasses import replace
from datetime import date, timedelta

from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from applicants import eligibility
from applicants.default_form import default_rules
from applicants.eligibility import Degree, Facts, Rule, check, judge, overall, rank
from applicants.fields import FIELD_CODES
from applicants.survey import DEGREES, LEVELS, SKILLS

DAY = date(2027, 5, 10)
RULES = [Rule(r["key"], r["kind"], r["params"]) for r in default_rules()]
countries = st.sampled_from(["DE", "SY", "UA", "AT", ""])
degrees = st.builds(Degree, countries, st.sampled_from([*DEGREES, ""]), st.sampled_from([*FIELD_CODES, ""]))
levels = st.sampled_from([*LEVELS, "native", ""])
facts = st.builds(
    Facts,
    residence=countries,
    degrees=st.lists(degrees, max_size=3).map(tuple),
    languages=st.dictionaries(st.sampled_from(["de", "en"]), st.dictionaries(st.sampled_from(list(SKILLS)), levels)),
    birth_date=st.one_of(st.none(), st.dates(date(1900, 1, 1), DAY)),
)
B2 = dict.fromkeys(SKILLS, "B2")
RANA = Facts("DE", (Degree("SY", "bachelor", "0713"),), {"de": {**B2, "production": "B1", "writing": "B1"}})


def results(person: Facts) -> dict[str, str]:
    return {finding.key: finding.result for finding in check(RULES, person, on=DAY)}


@given(facts)
def test_every_rule_finds_something_and_can_say_why(person: Facts) -> None:
    for kind in eligibility.KINDS:
        finding = judge(Rule("x", kind), person, on=DAY)

        assert finding.result in {"met", "not_met", "manual"}
        assert isinstance(eligibility.explain(kind, finding.values), str)


@given(facts, degrees)
def test_a_further_degree_never_harms(person: Facts, degree: Degree) -> None:
    order = {"not_met": 0, "manual": 1, "met": 2}
    richer = Facts(person.residence, (*person.degrees, degree), person.languages)

    before, after = results(person), results(richer)

    assert all(order[after[key]] >= order[before[key]] for key in before)


@given(facts, st.sampled_from(list(SKILLS)), levels)
def test_a_better_level_never_harms(person: Facts, skill: str, level: str) -> None:
    mine = dict(person.languages.get("de", {}))
    if rank(level) < rank(mine.get(skill, "")):
        return
    better = Facts(person.residence, person.degrees, {**person.languages, "de": {**mine, skill: level}})

    assert not (results(person)["language"] == "met" and results(better)["language"] != "met")


@given(facts, st.randoms(use_true_random=False))
def test_the_order_of_degrees_and_rules_does_not_matter(person: Facts, chance) -> None:
    mixed = chance.sample(person.degrees, len(person.degrees))
    rules = chance.sample(RULES, len(RULES))

    found = {f.key: (f.result, f.values) for f in check(rules, replace(person, degrees=tuple(mixed)), on=DAY)}

    assert found == {f.key: (f.result, f.values) for f in check(RULES, person, on=DAY)}


@given(facts, st.lists(st.sampled_from(["DE", "SY"]), unique=True), st.integers(1, 99))
def test_each_rule_looks_only_at_its_own_facts(person: Facts, accepted: list[str], years: int) -> None:
    other = replace(RANA, residence=person.residence, birth_date=person.birth_date)

    for rule in (Rule("r", "residence_in", {"countries": accepted}), Rule("a", "age_min", {"years": years})):
        assert judge(rule, person, on=DAY) == judge(rule, other, on=DAY)


@given(st.dates(date(1900, 1, 1), DAY), st.integers(1, 99), st.integers(0, 20_000))
def test_nobody_becomes_too_young_by_waiting(born: date, years: int, later: int) -> None:
    rule, person = Rule("age", "age_min", {"years": years}), Facts(birth_date=born)
    before = judge(rule, person, on=DAY).result

    after = judge(rule, person, on=DAY + timedelta(days=later)).result

    assert (before, after) in {("met", "met"), ("not_met", "not_met"), ("not_met", "met")}


@given(facts)
def test_values_can_be_kept_and_explained_later_in_both_languages(person: Facts) -> None:
    for finding in check([Rule(kind, kind) for kind in eligibility.KINDS], person, on=DAY):
        kept = json.loads(json.dumps(finding.values))
        for language in ("de", "en"):
            with override(language):
                assert eligibility.explain(finding.kind, kept) == eligibility.explain(finding.kind, finding.values)


@given(st.lists(st.tuples(st.sampled_from(["must", "should"]), st.sampled_from(["met", "manual", "not_met"]))))
def test_the_sum_ignores_wishes_and_order(pairs: list[tuple[str, str]]) -> None:
    musts = [pair for pair in pairs if pair[0] == "must"]

    assert overall(pairs) == overall(musts) == overall(reversed(pairs))


def test_rana_meets_everything_although_she_speaks_at_b1() -> None:
    assert results(RANA) == dict.fromkeys(["degree_outside", "degree_type", "field", "residence", "language"], "met")


def test_oleksandr_misses_the_language() -> None:
    person = Facts("DE", (Degree("UA", "master", "0713"),), {"de": dict.fromkeys(SKILLS, "A2")})

    assert {key for key, result in results(person).items() if result != "met"} == {"language"}


def test_maria_has_no_degree_from_abroad() -> None:
    person = Facts("DE", (Degree("DE", "bachelor", "0715"),), {"de": dict.fromkeys(SKILLS, "native")})

    assert results(person)["degree_outside"] == "not_met"


def test_tariq_needs_a_look_at_his_field() -> None:
    person = Facts("DE", (Degree("AF", "diploma", "041"),), {"de": B2})

    assert results(person) == {**results(RANA), "field": "manual"}


def test_a_german_engineering_degree_does_not_lend_its_field_to_a_foreign_one() -> None:
    person = Facts("DE", (Degree("AF", "bachelor", "041"), Degree("DE", "bachelor", "0713")), {"de": B2})

    assert results(person)["field"] == "manual"


def test_a_birthday_today_counts() -> None:
    rule = Rule("age", "age_min", {"years": 18})

    assert judge(rule, Facts(birth_date=date(2009, 5, 10)), on=DAY).result == "met"
    assert judge(rule, Facts(birth_date=date(2009, 5, 11)), on=DAY).result == "not_met"
