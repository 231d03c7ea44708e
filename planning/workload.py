"""How much a plan asks of somebody: hours per week per term against the own choice, credits by kind, warnings.

Warnings and never walls: the participant decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

TENTH = Decimal("0.1")
Level = Literal["within", "above", "open"]


@dataclass(frozen=True)
class Line:
    """What counting needs of a plan line."""

    kind: str
    term: int | None
    hours: Decimal
    credits: Decimal
    fee: Decimal = Decimal(0)


@dataclass(frozen=True)
class TermPlan:
    """A term with its teaching weeks and the weekly hours somebody chose for it."""

    term: int
    weeks: int
    chosen: Decimal | None = None


@dataclass(frozen=True)
class TermLoad:
    """What the plan asks in one term."""

    term: int
    hours: Decimal
    weekly: Decimal
    credits: Decimal
    chosen: Decimal | None
    fee: Decimal = Decimal(0)

    @property
    def above(self) -> Decimal:
        """Weekly hours above the own choice; 0 when there is none."""
        if self.chosen is None:
            return Decimal(0)
        return max(Decimal(0), self.weekly - self.chosen)

    @property
    def level(self) -> Level:
        if self.chosen is None:
            return "open"
        return "above" if self.above > 0 else "within"

    @property
    def percent(self) -> int:
        """Share of the chosen hours, for the bar; more than 100 when above."""
        if not self.chosen:
            return 0
        return int((self.weekly / self.chosen * 100).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True)
class Workload:
    """The sums of a plan."""

    terms: list[TermLoad]
    hours: Decimal
    credits: Decimal
    fee: Decimal
    credits_by_kind: dict[str, Decimal] = field(default_factory=dict)
    hours_by_kind: dict[str, Decimal] = field(default_factory=dict)
    below_minimum: dict[str, Decimal] = field(default_factory=dict)


def weekly(hours: Decimal, weeks: int) -> Decimal:
    """Hours per teaching week, rounded half up to a tenth."""
    return (hours / max(weeks, 1)).quantize(TENTH, ROUND_HALF_UP)


def workload(lines: Iterable[Line], terms: Iterable[TermPlan], minima: Mapping[str, Decimal] | None = None) -> Workload:
    """Add a plan up. `minima` are credits per kind that a programme recommends."""
    lines = list(lines)
    credits_by_kind = _by_kind((line.kind, line.credits) for line in lines)
    return Workload(
        terms=[_load(term, [line for line in lines if line.term == term.term]) for term in terms],
        hours=_sum(line.hours for line in lines),
        credits=_sum(line.credits for line in lines),
        fee=_sum(line.fee for line in lines),
        credits_by_kind=credits_by_kind,
        hours_by_kind=_by_kind((line.kind, line.hours) for line in lines),
        below_minimum=_missing(credits_by_kind, minima or {}),
    )


def _by_kind(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """The sum of each kind, in the order of the kinds' names."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for kind, amount in amounts:
        sums[kind] += amount
    return dict(sorted(sums.items()))


def _missing(credits_by_kind: Mapping[str, Decimal], minima: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What is missing to the recommended credits, of each kind that has too few."""
    gaps = {kind: least - credits_by_kind.get(kind, Decimal(0)) for kind, least in minima.items()}
    return {kind: gap for kind, gap in gaps.items() if gap > 0}


def _load(term: TermPlan, lines: list[Line]) -> TermLoad:
    hours = _sum(line.hours for line in lines)
    return TermLoad(
        term=term.term,
        hours=hours,
        weekly=weekly(hours, term.weeks),
        credits=_sum(line.credits for line in lines),
        chosen=term.chosen,
        fee=_sum(line.fee for line in lines),
    )


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))
