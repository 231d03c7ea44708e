"""Counts for the funder, without names: small cells are suppressed, and never recoverable from the sum."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.fields import field_name
from applicants.models import Application, State
from applicants.names import country_name
from credpoints.organisations.models import Programme

SMALLEST = 5
_participations: list[Callable[[Programme], list[tuple[str, int]]]] = []


def count_participations_by(teller: Callable[[Programme], list[tuple[str, int]]]) -> None:
    """Say how many participations are in which state: they belong to a room above, which registers itself here."""
    _participations[:] = [teller]


TITLES = {
    "states": gettext_lazy("By state"),
    "countries": gettext_lazy("By country of the degree"),
    "fields": gettext_lazy("By field of study"),
    "accepted_countries": gettext_lazy("Accepted, by country of the degree"),
    "completion": gettext_lazy("Participations and completion"),
}


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
        "completion": suppress([row for teller in _participations for row in teller(programme)]),
        "accepted_countries": suppress(_by(sent.filter(state=State.ACCEPTED), "country_of_degree", country_name)),
    }


def hidden_in_words(cells: list[Cell]) -> str:
    """The lines whose numbers are too small, in one sentence instead of one line each."""
    return ", ".join(cell.label for cell in cells if cell.count is None)


def as_rows(found: dict[str, Any]) -> list[list[Any]]:
    """The report as rows of a table; what is hidden on the page is hidden here."""
    rows: list[list[Any]] = [
        [_("Table"), _("Line"), _("Count")],
        [_("Applications"), _("all"), _written(found["total"])],
    ]
    for name, title in TITLES.items():
        rows += [[str(title), cell.label, _written(cell.count)] for cell in found[name]]
    return rows


def _written(count: int | None) -> Any:
    return f"< {SMALLEST}" if count is None else count


def _by(found: Any, column: str, name: Any) -> list[tuple[str, int]]:
    rows = found.order_by().values_list(column).annotate(count=Count("pk"))
    return sorted(((name(code) if code else "–", count) for code, count in rows), key=lambda row: (-row[1], row[0]))
