"""Conditions, completeness and the designer's checks, by property and by example."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applicants.default_form import default_form
from applicants.facts import facts_of
from applicants.fingerprints import fingerprint
from applicants.survey import (
    BrokenForm,
    Condition,
    Survey,
    Test,
    complaint,
    read_date,
    read_month,
    read_number,
)
from tests.applicants.forms import chained_forms, form, question, when
from tests.applicants.make import ANSWERS

DAY = date(2027, 5, 10)
Test.__test__ = False  # not a test of pytest
SURVEY = Survey.read(default_form())
values = st.one_of(st.none(), st.sampled_from(["a", "b", "c"]), st.lists(st.sampled_from(["a", "b", "c"]), unique=True))
tests = st.builds(
    Test,
    st.just("q"),
    st.sampled_from(["is_one_of", "is_none_of", "is_filled", "is_empty"]),
    st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, unique=True).map(tuple),
)
answers = st.dictionaries(
    st.sampled_from([place.address for place in SURVEY.fields(ANSWERS)]), st.text(max_size=30), max_size=15
)


@given(tests, values)
def test_opposite_operators_never_agree(test: Test, value) -> None:
    opposite = {"is_one_of": "is_none_of", "is_none_of": "is_one_of", "is_filled": "is_empty", "is_empty": "is_filled"}

    assert test.holds(value) != Test(test.question, opposite[test.operator], test.values).holds(value)


@given(st.lists(tests, min_size=1, max_size=4), values)
def test_all_implies_any(several: list[Test], value) -> None:
    together = Condition(tuple(several), "all").holds({"q": value})

    assert not together or Condition(tuple(several), "any").holds({"q": value})


@given(answers)
def test_what_is_submitted_is_what_was_typed_and_is_shown(typed: dict[str, str]) -> None:
    given_answers = {**ANSWERS, **typed}
    submitted = SURVEY.submitted(given_answers)
    shown = {place.address for place in SURVEY.visible_fields(given_answers)} | {s.key for s in SURVEY.sections}

    assert set(submitted) <= shown
    assert all(given_answers.get(a, v) == v for a, v in submitted.items())


@given(answers)
def test_hiding_an_answer_never_creates_a_problem_for_it(typed: dict[str, str]) -> None:
    given_answers = {**ANSWERS, **typed}
    shown = {place.address for place in SURVEY.visible_fields(given_answers)}

    assert {p.address for p in SURVEY.problems(given_answers, on=DAY)} <= shown


@given(answers)
def test_facts_can_be_read_from_anything_that_was_typed(typed: dict[str, str]) -> None:
    facts_of(SURVEY, {**ANSWERS, **typed}, email="x@example.org")


def test_complete_answers_have_no_problem() -> None:
    assert SURVEY.problems(ANSWERS, on=DAY) == []


def test_every_required_question_is_missed_when_it_is_empty() -> None:
    missed = {p.address for p in SURVEY.problems({}, on=DAY)}

    assert "given_name" in missed
    assert "education.n1.institution" in missed
    assert "education.n1.grade_best" not in missed  # hidden until a grade is given


def test_a_hidden_question_hides_what_depends_on_it() -> None:
    survey = form(
        question(
            "a", "choice", options=[{"value": "yes", "label": {"en": "yes"}}, {"value": "no", "label": {"en": "no"}}]
        ),
        question("b", visible_if=when("a", "yes")),
        question("c", visible_if=when("b", operator="is_filled"), required=True),
    )

    shown = {p.question.key for p in survey.visible_fields({"a": "no", "b": "kept"})}

    assert shown == {"a"}


@settings(max_examples=150)
@given(chained_forms(), st.lists(st.sampled_from([None, "a", "b"]), min_size=4, max_size=4), st.integers(0, 3))
def test_an_answer_changes_only_what_stands_after_it(survey: Survey, typed: list[str | None], at: int) -> None:
    def shown(values: list[str | None]) -> list[bool]:
        section = survey.sections[0]
        given_answers = {q.key: value for q, value in zip(section.questions, values, strict=True)}
        return [survey.shown(given_answers).question(q) for q in section.questions]

    other = [*typed[:at], "b" if typed[at] != "b" else None, *typed[at + 1 :]]

    assert shown(typed)[: at + 1] == shown(other)[: at + 1]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"languages": ["en"], "sections": [{"key": "Bad Key", "title": {}, "questions": []}]},
        {"languages": ["en"], "sections": [{"key": "a", "title": {}, "questions": [question("a")]}]},
        {"languages": ["en"], "sections": [{"key": "a", "title": {}, "questions": [question("b", "magic")]}]},
    ],
)
def test_a_broken_form_is_refused_in_words(document: dict) -> None:
    with pytest.raises(BrokenForm):
        Survey.read(document)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("09/2005", "2005-09"), ("9.2005", "2005-09"), ("2005-09", "2005-09"), ("2005", "2005"), ("13/2005", None),
     ("September", None)],
)  # fmt: skip
def test_months_are_read_as_people_write_them(typed: str, read: str | None) -> None:
    assert read_month(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [("31.12.1985", date(1985, 12, 31)), ("1985-12-31", date(1985, 12, 31)), ("31.2.1985", None), ("x", None)],
)
def test_days_are_read_as_people_write_them(typed: str, read: date | None) -> None:
    assert read_date(typed) == read


@given(st.decimals(min_value=-1000, max_value=1000, places=3))
def test_numbers_are_read_with_comma_and_point(number) -> None:
    assert read_number(str(number).replace(".", ",")) == number == read_number(str(number))


def test_a_question_can_be_required_only_from_a_day_on() -> None:
    survey = form(question("a", required=True, required_after="2027-06-01"))
    asked = survey.sections[0].questions[0]

    assert complaint(asked, "", on=date(2027, 5, 31)) == ""
    assert complaint(asked, "", on=date(2027, 6, 1)) != ""


@given(st.one_of(st.text(), st.lists(st.text())), st.one_of(st.text(), st.lists(st.text())))
def test_fingerprints_tell_answers_apart(one, other) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (one == other or (not one and not other))
