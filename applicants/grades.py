"""Grades from abroad in the German scale: the modified Bavarian formula with an explicit rounding policy.

x = 1 + 3 · (best − grade) / (best − pass). The original grade and the method are always shown beside the result;
a grade below the pass mark is not converted.
"""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GERMAN_STEPS = tuple(Decimal(step) for step in (["1.0", "1.3", "1.7", "2.0", "2.3", "2.7", "3.0", "3.3", "3.7", "4.0"]))
ROUNDINGS: dict[str, str | Promise] = {
    "half_up_1": _("to one decimal, half up"),
    "truncate_1": _("cut after one decimal"),
    "nearest_step_better": _("to the nearest German grade, in a tie the better one"),
}


class NotConvertible(ValueError):
    """The three numbers do not make a conversion; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Conversion:
    """A converted grade with everything needed to explain it."""

    grade: Decimal
    best: Decimal
    passing: Decimal
    exact: Decimal
    german: Decimal
    rounding: str


def convert(*, grade: Decimal, best: Decimal, passing: Decimal, rounding: str) -> Conversion:
    """Convert a grade. Raises NotConvertible ("scale", "below_pass", "above_best")."""
    if best == passing:
        raise NotConvertible("scale")
    # Fractions keep ties exact: 1 + 3·(30-27)/12 is 1.75 and must not become 1.7499….
    share = (Fraction(best) - Fraction(grade)) / (Fraction(best) - Fraction(passing))
    if share > 1:
        raise NotConvertible("below_pass")
    if share < 0:
        raise NotConvertible("above_best")
    exact = 1 + 3 * share
    return Conversion(grade, best, passing, _decimal(exact), round_grade(exact, rounding), rounding)


def round_grade(exact: Fraction, rounding: str) -> Decimal:
    """Round an exact German grade by the policy."""
    if rounding == "nearest_step_better":
        # min() keeps the first of equals, and the better steps come first.
        return min(GERMAN_STEPS, key=lambda step: abs(Fraction(step) - exact))
    tenths = exact * 10
    whole = tenths.numerator // tenths.denominator
    if rounding == "half_up_1" and tenths - whole >= Fraction(1, 2):
        whole += 1
    return (Decimal(whole) / 10).quantize(Decimal("0.1"), rounding=ROUND_DOWN)


def _decimal(number: Fraction) -> Decimal:
    value = Decimal(number.numerator) / Decimal(number.denominator)
    return value.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
