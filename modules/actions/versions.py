"""Modules and their versions: written as drafts, published once, never changed afterwards."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.workflow import NoLongerPossible
from modules.models import Module, ModuleVersion, VersionState
from modules.publishing import missing_for_publishing
from modules.workflow import VERSION

describe(
    {
        "module.created": gettext_lazy("Module created"),
        "module.version_added": gettext_lazy("Version %(number)s begun"),
        "module.draft_changed": gettext_lazy("Draft changed: %(fields)s"),
    }
)


class NotReady(ValidationError):
    """What a version still needs before it can be published, one message per missing element."""


def create_module(*, provider_id: int, by: User | None, facts: dict[str, Any], **identity: Any) -> ModuleVersion:
    """Begin a module with its first draft."""
    with transaction.atomic():
        module = Module.objects.create(provider_id=provider_id, **identity)
        version = ModuleVersion.objects.create(module=module, number=1, **facts)
        audit.record("module.created", module, by=by, code=module.code)
    return version


def add_version(*, version: ModuleVersion, by: User | None, facts: dict[str, Any]) -> ModuleVersion:
    """Begin the next version of a module as a draft; the published one stays until the new one is published."""
    with transaction.atomic():
        module = Module.objects.select_for_update(of=("self",)).get(pk=version.module_id)
        last = ModuleVersion.objects.filter(module=module).order_by("-number").values_list("number", flat=True)[0]
        added = ModuleVersion.objects.create(module=module, number=last + 1, **facts)
        audit.record("module.version_added", module, by=by, number=added.number)
    return added


def change_draft(*, version: ModuleVersion, by: User | None, facts: dict[str, Any]) -> ModuleVersion:
    """Change a draft; anything else is replaced by a new version, never changed."""
    with transaction.atomic():
        locked = ModuleVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if locked.state != VersionState.DRAFT:
            raise NoLongerPossible(VERSION.refusal(locked), locked)
        changed = sorted(name for name, value in facts.items() if getattr(locked, name) != value)
        for name in changed:
            setattr(locked, name, facts[name])
        locked.full_clean(exclude=["module"])
        locked.save()
        if changed:
            audit.record("module.draft_changed", locked.module, by=by, fields=", ".join(changed))
    return locked


def publish_version(*, version: ModuleVersion, by: User | None) -> None:
    """Put a version into the catalogue; an earlier published one is replaced by it."""
    missing = missing_for_publishing(version)
    if missing:
        raise NotReady(missing)
    with transaction.atomic():
        Module.objects.select_for_update(of=("self",)).get(pk=version.module_id)
        earlier = ModuleVersion.objects.published().filter(module=version.module_id).exclude(pk=version.pk).first()
        if earlier:
            with VERSION.take("supersede", earlier, by=by):
                pass
        with VERSION.take("publish", version, by=by) as locked:
            locked.published_at = timezone.now()


def submit_version(*, version: ModuleVersion, by: User) -> None:
    """Hand a draft in for review."""
    with VERSION.take("submit", version, by=by):
        pass


def return_version(*, version: ModuleVersion, by: User, reason: str) -> None:
    """Give a version back to its author, saying what is to be changed."""
    with VERSION.take("return", version, by=by, reason=reason):
        pass


def approve_version(*, version: ModuleVersion, by: User) -> None:
    """Approve a version; it can be published now."""
    with VERSION.take("approve", version, by=by):
        pass


def withdraw_version(*, version: ModuleVersion, by: User, reason: str) -> None:
    """Take a module out of the catalogue; what runs and what was certified keeps it."""
    with VERSION.take("withdraw", version, by=by, reason=reason) as locked:
        locked.withdrawn_at = timezone.now()
