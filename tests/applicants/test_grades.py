"""The modified Bavarian formula against published cases and by its own laws."""

import csv
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applicants.grades import GERMAN_STEPS, ROUNDINGS, NotConvertible, convert

numbers = st.decimals(min_value=0, max_value=1000, places=2)


@st.composite
def scales(draw, grades: int = 1):
    """Best and lowest passing grade, either way round, and grades between them."""
    low, high = sorted(draw(st.lists(numbers, min_size=2, max_size=2, unique=True)))
    between = [draw(st.decimals(min_value=low, max_value=high, places=2)) for _ in range(grades)]
    return (high, low, *between) if draw(st.booleans()) else (low, high, *between)


roundings = st.sampled_from(sorted(ROUNDINGS))


def test_published_cases(shared) -> None:
    wrong = []
    for row in csv.DictReader((shared / "data" / "grade_conversion_cases.csv").open()):
        for rounding, column in (
            ("half_up_1", "x_round_half_up_1"),
            ("truncate_1", "x_truncated_1"),
            ("nearest_step_better", "x_nearest_german_step_tie_to_better"),
        ):
            made = convert(
                grade=Decimal(row["nd"]), best=Decimal(row["nmax"]), passing=Decimal(row["nmin"]), rounding=rounding
            )
            if (made.german, made.exact) != (Decimal(row[column]), Decimal(row["x_unrounded"])):
                wrong.append((row["case"], rounding, made.german, made.exact))

    assert wrong == []


@given(scales(), roundings)
def test_every_passed_grade_lies_between_one_and_four(scale, rounding) -> None:
    best, passing, grade = scale

    made = convert(grade=grade, best=best, passing=passing, rounding=rounding)

    assert Decimal(1) <= made.german <= Decimal(4)
    assert abs(made.german - made.exact) <= Decimal("0.2")


@given(scales(grades=2), roundings)
def test_a_better_grade_never_becomes_worse(scale, rounding) -> None:
    best, passing, one, other = scale
    better, worse = (one, other) if abs(best - one) <= abs(best - other) else (other, one)

    made = [convert(grade=g, best=best, passing=passing, rounding=rounding).german for g in (better, worse)]

    assert made[0] <= made[1]


@given(scales(), roundings, st.integers(1, 50), st.integers(-500, 500))
def test_another_way_to_count_the_same_grades_changes_nothing(scale, rounding, stretch: int, shift: int) -> None:
    best, passing, grade = scale
    counted = [number * stretch + shift for number in (best, passing, grade)]

    made = convert(grade=grade, best=best, passing=passing, rounding=rounding)
    again = convert(best=counted[0], passing=counted[1], grade=counted[2], rounding=rounding)

    assert (made.german, made.exact) == (again.german, again.exact)


@given(scales(), roundings)
def test_the_ends_of_every_scale_are_one_and_four(scale, rounding) -> None:
    best, passing, _grade = scale

    ends = [convert(grade=end, best=best, passing=passing, rounding=rounding).german for end in (best, passing)]

    assert ends == [Decimal(1), Decimal(4)]


@given(scales(), roundings, st.decimals(min_value="0.01", max_value=100, places=2))
def test_beyond_either_end_nothing_is_converted(scale, rounding, beyond: Decimal) -> None:
    best, passing, _grade = scale
    outwards = beyond if best > passing else -beyond

    codes = []
    for grade in (best + outwards, passing - outwards):
        with pytest.raises(NotConvertible) as refusal:
            convert(grade=grade, best=best, passing=passing, rounding=rounding)
        codes.append(refusal.value.code)

    assert codes == ["above_best", "below_pass"]


@given(scales())
def test_the_nearest_step_is_a_german_step_and_none_is_nearer(scale) -> None:
    best, passing, grade = scale
    exact = 1 + 3 * (Fraction(best) - Fraction(grade)) / (Fraction(best) - Fraction(passing))

    made = convert(grade=grade, best=best, passing=passing, rounding="nearest_step_better")

    distance = abs(Fraction(made.german) - exact)
    assert made.german in GERMAN_STEPS
    assert all(distance < abs(Fraction(s) - exact) or s >= made.german for s in GERMAN_STEPS
               if abs(Fraction(s) - exact) <= distance)  # fmt: skip


@pytest.mark.parametrize(
    ("grade", "best", "passing", "code"),
    [(59, 100, 60, "below_pass"), (101, 100, 60, "above_best"), (1, 5, 5, "scale")],
)
def test_what_cannot_be_converted_says_why(grade: int, best: int, passing: int, code: str) -> None:
    with pytest.raises(NotConvertible) as refusal:
        convert(grade=Decimal(grade), best=Decimal(best), passing=Decimal(passing), rounding="half_up_1")

    assert refusal.value.code == code
