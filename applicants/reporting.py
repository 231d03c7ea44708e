"""Counts for the funder, without names: small cells are suppressed, and never recoverable from the sum."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from applicants.fields import field_name
from applicants.models import Application, State
from applicants.names import country_name
from credpoints.organisations.models import Programme

SMALLEST = 5


@dataclass(frozen=True)
class Cell:
    """One line: None instead of a number that would be too small to publish."""

    label: str
    count: int | None


def suppress(counts: Iterable[tuple[str, int]], smallest: int = SMALLEST) -> list[Cell]:
    """Hide counts below the limit; when exactly one is hidden, hide the next smallest too, or the sum would tell it."""
    rows = list(counts)
    hidden = {place for place, (_label, count) in enumerate(rows) if 0 < count < smallest}
    if len(hidden) == 1:
        others = [(count, place) for place, (_label, count) in enumerate(rows) if place not in hidden and count > 0]
        hidden |= {min(others)[1]} if others else set()
    return [Cell(label, None if place in hidden else count) for place, (label, count) in enumerate(rows)]


def report(programme: Programme) -> dict[str, Any]:
    """Applications by state, country of degree and field (four queries)."""
    sent = Application.objects.filter(programme=programme, submitted_at__isnull=False)
    states = dict(sent.order_by().values_list("state").annotate(Count("pk")))
    total = sum(states.values())
    return {
        "total": total if total == 0 or total >= SMALLEST else None,
        "states": suppress([(str(s.label), states.get(s.value, 0)) for s in State if states.get(s.value)]),
        "countries": suppress(_by(sent, "country_of_degree", country_name)),
        "fields": suppress(_by(sent, "field_of_study", field_name)),
        "accepted_countries": suppress(_by(sent.filter(state=State.ACCEPTED), "country_of_degree", country_name)),
    }


def _by(found: Any, column: str, name: Any) -> list[tuple[str, int]]:
    rows = found.order_by().values_list(column).annotate(count=Count("pk"))
    return sorted(((name(code) if code else "–", count) for code, count in rows), key=lambda row: (-row[1], row[0]))
