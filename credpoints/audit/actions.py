"""Record what happened and prove that nobody changed the record."""

import json
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from credpoints.accounts.models import User
from credpoints.audit.models import AuditEvent
from credpoints.common.tokens import content_hash


def record(
    action: str, thing: models.Model, *, by: User | None, programme_id: int | None = None, **detail: Any
) -> AuditEvent:
    """Add one line to the history of a thing, in the transaction of its change. `by=None` is the system itself.

    Call it while the thing's row is locked, so that the chain has one next place.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.record belongs into the transaction of the change")
    last = AuditEvent.objects.about(thing).last()
    event = AuditEvent(
        at=timezone.now(),
        actor=by if by and by.is_authenticated else None,
        action=action,
        object_type=thing._meta.label_lower,
        object_id=thing.pk,
        sequence=last.sequence + 1 if last else 1,
        programme_id=programme_id if programme_id is not None else getattr(thing, "programme_id", None),
        detail=detail,
        previous_hash=last.hash if last else "",
    )
    event.hash = _hash_of(event)
    event.save()
    return event


def broken_link(thing: models.Model) -> AuditEvent | None:
    """Return the first event of a thing whose hash does not fit, or None when the history is whole."""
    previous = ""
    for place, event in enumerate(AuditEvent.objects.about(thing), start=1):
        if event.sequence != place or event.previous_hash != previous or event.hash != _hash_of(event):
            return event
        previous = event.hash
    return None


def _hash_of(event: AuditEvent) -> str:
    facts = [
        event.at.isoformat(), event.actor_id, event.action, event.object_type, event.object_id,
        event.sequence, event.programme_id, event.detail, event.previous_hash,
    ]  # fmt: skip
    return content_hash(json.dumps(facts, sort_keys=True, ensure_ascii=False))
