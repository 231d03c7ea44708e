"""What a programme sets for its plans; presets give a beginning, administrators change it."""

from dataclasses import asdict, dataclass
from typing import Any

from credpoints.organisations.models import Programme


@dataclass(frozen=True)
class PlanRules:
    """What the draft of a plan always holds; a programme that sets nothing puts nothing in."""

    mentoring_each_term: bool = False
    practice_phases: int = 0

    def as_settings(self) -> dict[str, Any]:
        """As they are kept with the programme."""
        return asdict(self)


def plan_rules(programme: Programme) -> PlanRules:
    """The rules of a programme's plans as they stand now."""
    settings = programme.room_settings("planning")
    return PlanRules(
        mentoring_each_term=bool(settings.get("mentoring_each_term")),
        practice_phases=int(settings.get("practice_phases") or 0),
    )
