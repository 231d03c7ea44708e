"""What a programme sets for its plans; presets give a beginning, administrators change it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from credpoints.organisations.models import Programme
from planning.models import ItemKind, Party

BOTH_SIDES = (Party.PARTICIPANT.value, Party.ADVISOR.value)


@dataclass(frozen=True)
class PlanRules:
    """What drafts always hold, how many credits are recommended, and who signs.

    A programme that sets nothing puts nothing in and recommends nothing; participant and advisor sign in any order.
    """

    mentoring_each_term: bool = False
    practice_phases: int = 0
    minimum_credits: Mapping[str, Decimal] = field(default_factory=dict)  # by kind of line
    parties: tuple[str, ...] = BOTH_SIDES
    fixed_order: bool = False

    def as_settings(self) -> dict[str, Any]:
        """As they are kept with the programme."""
        return {
            "mentoring_each_term": self.mentoring_each_term,
            "practice_phases": self.practice_phases,
            "minimum_credits": {kind: str(least) for kind, least in self.minimum_credits.items()},
            "parties": list(self.parties),
            "signing_order": "fixed" if self.fixed_order else "any",
        }


def plan_rules(programme: Programme) -> PlanRules:
    """The rules of a programme's plans as they stand now."""
    settings = programme.room_settings("planning")
    minima: Mapping[str, Any] = settings.get("minimum_credits", {})
    return PlanRules(
        mentoring_each_term=bool(settings.get("mentoring_each_term")),
        practice_phases=int(settings.get("practice_phases") or 0),
        minimum_credits={kind: Decimal(str(least)) for kind, least in minima.items() if kind in ItemKind.values},
        parties=tuple(name for name in settings.get("parties", BOTH_SIDES) if name in Party.values),
        fixed_order=settings.get("signing_order") == "fixed",
    )
