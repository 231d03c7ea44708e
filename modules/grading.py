"""Grading scales: what a value may be, when it is passed, how it is written."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Scheme:
    """One scale. `best` may be the smallest value (1.0 in Germany) or the largest (30 in Italy)."""

    key: str
    label: str | Promise
    best: Decimal | None = None
    pass_from: Decimal | None = None
    worst: Decimal | None = None
    decimals: int = 0
    steps: tuple[Decimal, ...] = ()

    @property
    def is_graded(self) -> bool:
        return self.best is not None


class NotOnTheScale(ValueError):
    """A value that this scale does not have; the message is for people."""


def _steps(*values: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(value) for value in values)


SCHEMES: dict[str, Scheme] = {
    scheme.key: scheme
    for scheme in (
        Scheme(
            "de",
            gettext_lazy("German grades, 1.0 to 5.0"),
            Decimal("1.0"),
            Decimal("4.0"),
            Decimal("5.0"),
            1,
            _steps("1.0", "1.3", "1.7", "2.0", "2.3", "2.7", "3.0", "3.3", "3.7", "4.0", "5.0"),
        ),
        Scheme("0-20", gettext_lazy("Points, 0 to 20"), Decimal(20), Decimal(10), Decimal(0)),
        Scheme("0-30", gettext_lazy("Points, 0 to 30"), Decimal(30), Decimal(18), Decimal(0)),
        Scheme("pass", gettext_lazy("Passed or not passed")),
    )
}
SCHEME_CHOICES = [(scheme.key, scheme.label) for scheme in SCHEMES.values()]


def scheme_of(key: str) -> Scheme:
    """The scale of this key; an unknown one reads as passed or not passed."""
    return SCHEMES.get(key, SCHEMES["pass"])


def read_value(text: str, scheme: Scheme) -> Decimal | None:
    """Read what somebody typed: 1,7 and 1.7 are the same. Raises NotOnTheScale in words for people."""
    text = text.strip().replace(",", ".")
    if not text or not scheme.is_graded:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise NotOnTheScale(_("“%(value)s” is not a number.") % {"value": text}) from None
    check_value(value, scheme)
    return value


def check_value(value: Decimal, scheme: Scheme) -> None:
    """Refuse a value outside the scale or between its steps."""
    if not value.is_finite() or scheme.best is None or scheme.worst is None:
        raise NotOnTheScale(_("This scale has no values."))
    low, high = sorted((scheme.best, scheme.worst))
    # The range first: rounding a number such as 1e9999 would be an error of its own.
    in_range = low <= value <= high
    if not in_range or not (value in scheme.steps if scheme.steps else value == round(value, scheme.decimals)):
        raise NotOnTheScale(
            _("%(value)s is not on the scale. Possible are: %(possible)s.")
            % {"value": write_value(value, scheme) if in_range else value, "possible": possible_values(scheme)}
        )


def possible_values(scheme: Scheme) -> str:
    """The values of a scale as one line: each step, or from worst to best."""
    if scheme.steps:
        return " · ".join(write_value(step, scheme) for step in scheme.steps)
    low, high = sorted((scheme.best or Decimal(0), scheme.worst or Decimal(0)))
    return _("%(low)s to %(high)s") % {"low": write_value(low, scheme), "high": write_value(high, scheme)}


def is_pass(value: Decimal, scheme: Scheme) -> bool:
    """Whether the value passes: on the better side of the threshold, which itself passes."""
    if scheme.best is None or scheme.pass_from is None or scheme.worst is None:
        raise NotOnTheScale(_("This scale has no values."))
    return value <= scheme.pass_from if scheme.best < scheme.worst else value >= scheme.pass_from


def write_value(value: Decimal, scheme: Scheme) -> str:
    """Write a grade in local form with the decimals of its scale: 1,7 / 1.7, 27."""
    return number_format(value, decimal_pos=scheme.decimals)
