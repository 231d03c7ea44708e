"""The designer's check for questions that no answers bring up, against trying every answer."""

from itertools import product

from django.utils.translation import override
from hypothesis import given, settings

from applicants.default_form import default_form
from applicants.survey import Remark, Review, Survey, review_design
from tests.applicants.forms import OPTIONS, chained_forms, choose, form, paged_forms, question, when

CHOICES = {"choice": (None, "a", "b"), "multi": ((), ("a",), ("b",), ("a", "b"))}


def look(survey: Survey) -> Review:
    with override("en"):
        return review_design(survey)


def named(remarks: list[Remark]) -> list[str]:
    """What the sentences are about."""
    return [remark.key for remark in remarks]


def brought_up(survey: Survey) -> set[str]:
    """Which pages and questions any answers at all bring up, by trying them all."""
    found: set[str] = set()
    places = [place for place in survey.fields({})]
    for values in product(*(CHOICES[place.question.type] for place in places)):
        typed = {place.address: list(v) if isinstance(v, tuple) else v for place, v in zip(places, values, strict=True)}
        shown = survey.shown(typed)
        found |= shown.sections | {key for key, _item in shown.questions}
    return found


def all_keys(survey: Survey) -> set[str]:
    return {key for section in survey.sections for key in (section.key, *(q.key for q in section.questions))}


@settings(max_examples=60)
@given(chained_forms())
def test_exactly_what_no_answers_bring_up_is_called_unreachable(survey: Survey) -> None:
    review = look(survey)

    assert set(named(review.problems)) == all_keys(survey) - brought_up(survey)
    assert review.notes == []


@settings(max_examples=30)
@given(paged_forms())
def test_pages_and_entries_are_judged_like_single_questions(survey: Survey) -> None:
    never = all_keys(survey) - brought_up(survey)
    # A page that never comes up is named alone, without its questions.
    behind = {q.key for section in survey.sections if section.key in never for q in section.questions}

    assert set(named(look(survey).problems)) == never - behind


def test_conditions_that_contradict_each_other_over_a_third_are_found() -> None:
    survey = form(
        choose("first", "a", "b"),
        choose("second", "a", "b", visible_if=when("first", "a")),
        question("third", visible_if={"match": "all", "tests": [
            {"question": "first", "operator": "is_one_of", "values": ["b"]},
            {"question": "second", "operator": "is_filled"},
        ]}),
    )  # fmt: skip

    assert list(map(str, look(survey).problems)) == [
        "“third” can never be reached: no answers to “first”, “second”, taken together, fulfil its condition."
    ]


def test_unreachable_questions_are_named_with_what_stands_in_the_way() -> None:
    survey = form(
        choose("a", "x"),
        question("b", visible_if=when("a", "y")),
        question("c", visible_if=when("b", operator="is_filled")),
        question("d", visible_if=when("later", "x")),
        choose("later", "x"),
        question("empty", "choice"),
    )

    assert named(look(survey).problems) == ["b", "c", "d", "empty"]


def test_an_answer_that_cannot_be_given_brings_nothing_up() -> None:
    survey = form(
        question("land", "country"),
        question("hours", "number", minimum="1", maximum="20"),
        question("hint", "info"),
        question("levels", "cefr"),
        question("proof", "file"),
        question("good", visible_if=when("land", "DE")),
        question("words", visible_if=when("land", "Germany")),
        question("many", visible_if=when("hours", "200")),
        question("told", visible_if=when("hint", operator="is_filled")),
        question("able", visible_if=when("levels", "B2")),
        question("proved", visible_if=when("proof", operator="is_filled")),
    )

    assert named(look(survey).problems) == ["words", "many", "told"]


def test_an_answer_that_is_lost_is_named_also_where_the_rest_brings_the_question_up() -> None:
    survey = form(
        choose("shift", "day"),
        question("land", "country"),
        question("hours", "number", maximum="20"),
        question("words"),
        question("levels", "cefr"),
        choose("days", "monday", "friday", kind="multi"),
        question("fine", visible_if=when("shift", "day")),
        question("some", visible_if=when("shift", "day", "night")),
        question("none", visible_if=when("shift", "night", operator="is_none_of")),
        question("any", visible_if=when("shift", "night", operator="is_filled")),  # does not look at what is answered
        question("away", visible_if=when("land", "DE", "XX")),
        question("long", visible_if=when("hours", "12", "40")),
        question("free", visible_if=when("words", "whatever")),
        question("able", visible_if=when("levels", "B2", "B7")),
        question("weekend", visible_if=when("days", "monday", "sunday")),
    )
    review = look(survey)

    assert (review.problems, named(review.doubts)) == ([], ["some", "none", "away", "long", "able", "weekend"])
    assert str(review.doubts[0]) == "The condition of “some” names “night”, which is not among the answers to “shift”."


def test_too_many_combinations_are_said_and_do_not_forbid_publishing() -> None:
    values = [f"v{number}" for number in range(14)]
    survey = form(
        choose("many", *values, kind="multi"),
        question("rare", visible_if={"match": "all", "tests": [
            {"question": "many", "operator": "is_one_of", "values": [value]} for value in values
        ]}),
    )  # fmt: skip
    review = look(survey)

    assert (review.problems, named(review.notes)) == ([], ["rare"])


def test_a_long_form_is_checked_while_somebody_waits() -> None:
    """Sixty questions, each depending on the two before it: only what is still looked at is kept apart."""
    made = [choose("q0", *OPTIONS), choose("q1", *OPTIONS)]
    for number in range(2, 60):
        made.append(choose(f"q{number}", *OPTIONS, visible_if={"match": "any", "tests": [
            {"question": f"q{number - back}", "operator": "is_one_of", "values": ["a"]} for back in (1, 2)
        ]}))  # fmt: skip

    assert look(form(*made)) == Review()


def test_the_default_form_has_no_design_problem() -> None:
    assert look(Survey.read(default_form())) == Review()
