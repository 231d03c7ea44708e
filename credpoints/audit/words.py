"""How history reads: each app says in plain words what its actions mean."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from credpoints.audit.models import AuditEvent

_sentences: dict[str, Any] = {}


def describe(sentences: Mapping[str, Any]) -> None:
    """Register what actions are called in the History tab, e.g. {"outbox.sent": _("Mail sent: %(subject)s")}.

    Placeholders are filled from the event's details. Steps of workflows register themselves.
    """
    _sentences.update(sentences)


@dataclass(frozen=True)
class Line:
    """One line of the History tab."""

    event: AuditEvent
    who: str
    what: str
    reason: str


def history(thing: models.Model, *, after: int = 0) -> list[Line]:
    """Return the history of a thing as lines that people can read, newest first (one query).

    `after` is the place of the last event that is known already.
    """
    events = AuditEvent.objects.about(thing).filter(sequence__gt=after)
    return lines_of(events.select_related("actor__person").order_by("-sequence"))


def lines_of(events: Iterable[AuditEvent]) -> list[Line]:
    """Write events as lines, in their order: for a history that takes several things together."""
    return [_line(event) for event in events]


def _line(event: AuditEvent) -> Line:
    sentence = _sentences.get(event.action, event.action)
    try:
        what = str(sentence) % event.detail
    except (KeyError, ValueError):
        what = str(sentence)
    who = event.actor.name if event.actor else _("The system")
    return Line(event=event, who=who, what=what, reason=str(event.detail.get("reason", "")))
