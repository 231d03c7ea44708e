"""Every write about organisations, programmes and terms."""

from typing import Any

from django.db import transaction

from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.organisations.models import Organisation, Programme
from credpoints.organisations.presets import PRESETS


def create_programme(*, organisation: Organisation, preset: str, slug: str, by: User | None, **facts: Any) -> Programme:
    """Begin a programme from one of the five presets; it stays a draft until it is published."""
    start = PRESETS[preset]
    with transaction.atomic():
        programme = Programme.objects.create(
            organisation=organisation,
            slug=slug,
            preset=preset,
            **{
                "stages": [stage.value for stage in start.stages],
                "languages": list(start.languages),
                "default_language": start.languages[0],
                "hours_per_credit": start.hours_per_credit,
                "certificate_approvals": start.certificate_approvals,
                "settings": start.settings,
                **facts,
            },
        )
        audit.record("programme.created", programme, by=by, programme_id=programme.pk, preset=preset)
    return programme


def change_programme(*, programme: Programme, by: User, **changes: Any) -> Programme:
    """Change the configuration; the history keeps which fields changed."""
    with transaction.atomic():
        locked = Programme.objects.select_for_update().get(pk=programme.pk)
        changed = sorted(name for name, value in changes.items() if getattr(locked, name) != value)
        for name in changed:
            setattr(locked, name, changes[name])
        locked.full_clean()
        locked.save()
        if changed:
            audit.record("programme.changed", locked, by=by, programme_id=locked.pk, fields=", ".join(changed))
    return locked
