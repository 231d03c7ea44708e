"""Modules and their versions: written as drafts, published once, never changed afterwards."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible
from modules import rules
from modules.drafting import OPEN_STATES, content_of, fingerprint
from modules.models import Module, ModuleVersion, VersionState
from modules.publishing import missing_for_publishing
from modules.workflow import VERSION

describe(
    {
        "module.created": gettext_lazy("Module created"),
        "module.version_added": gettext_lazy("Version %(number)s begun"),
        "module.identity_changed": gettext_lazy("Code and kind changed: from %(was)s to %(now)s"),
        "module.draft_changed": gettext_lazy("Version %(number)s changed: %(fields)s"),
        "module.draft_discarded": gettext_lazy("Draft of version %(number)s discarded"),
    }
)


OUTCOME = "modules/email/version_outcome"


class NotReady(ValidationError):
    """What a version still needs before it can be published, one message per missing element."""


class CodeTaken(ValidationError):
    """The provider has another module of this code."""

    def __init__(self) -> None:
        super().__init__(_("Another module of this provider has this code already."))


class DraftChanged(Exception):
    """Somebody else has saved the draft while the form was open."""

    def __init__(self, version: ModuleVersion) -> None:
        super().__init__(_("Somebody else has changed this draft in the meantime."))
        self.version = version


def create_module(*, provider_id: int, by: User | None, facts: dict[str, Any], **identity: Any) -> ModuleVersion:
    """Begin a module with its first draft."""
    if by is not None and not rules.keeps_catalogue(by, provider_id):
        raise PermissionDenied
    with transaction.atomic():
        module = Module(provider_id=provider_id, **identity)
        _keep_identity(module)
        version = ModuleVersion.objects.create(module=module, number=1, **facts)
        audit.record("module.created", module, by=by, code=module.code)
    return version


def change_identity(*, module: Module, by: User, code: str, kind: str) -> None:
    """Correct the code and the kind of a module, as long as nothing of it has ever been published."""
    with transaction.atomic():
        # Publishing locks the same row first: a module is either renamed before or not any more.
        locked = Module.objects.select_for_update(of=("self",)).get(pk=module.pk)
        if not rules.can_edit_module(by, locked):
            raise PermissionDenied
        if locked.was_published:
            raise NoLongerPossible(_("This module has been published: it keeps its code and its kind."), locked)
        code_was, kind_was = locked.code, locked.kind
        locked.code, locked.kind = code, kind
        _keep_identity(locked)
        for version in locked.versions.select_related("module"):
            version.save(update_fields=["search_text"])
        audit.record(
            "module.identity_changed", locked, by=by, code=code, kind=kind, code_was=code_was, kind_was=kind_was
        )


def _keep_identity(module: Module) -> None:
    """Save a module; a code that the provider has given already is refused in words, also when two give it at once."""
    others = Module.objects.filter(provider=module.provider_id, code=module.code).exclude(pk=module.pk)
    if module.code and not module.source_key and others.exists():
        raise CodeTaken
    try:
        with transaction.atomic():
            module.save()
    except IntegrityError as refusal:
        if module.code and others.exists():
            raise CodeTaken from refusal
        raise


def add_version(*, version: ModuleVersion, by: User | None, facts: dict[str, Any]) -> ModuleVersion:
    """Begin the next version of a module as a draft; the published one stays until the new one is published."""
    with transaction.atomic():
        module = Module.objects.select_for_update(of=("self",)).get(pk=version.module_id)
        last = ModuleVersion.objects.filter(module=module).order_by("-number").values_list("number", flat=True)[0]
        added = ModuleVersion.objects.create(module=module, number=last + 1, **facts)
        audit.record("module.version_added", module, by=by, number=added.number)
    return added


def begin_version(*, module: Module, by: User) -> ModuleVersion:
    """Begin the next version as a copy of the published one (else of the last); one that is being written is kept."""
    with transaction.atomic():
        locked = Module.objects.select_for_update(of=("self",)).get(pk=module.pk)
        if not rules.can_edit_module(by, locked):
            raise PermissionDenied
        versions = ModuleVersion.objects.filter(module=locked).order_by("-number")
        begun = versions.filter(state__in=OPEN_STATES).first()
        if begun:
            return begun
        source = versions.published().first() or versions[0]
        return add_version(version=source, by=by, facts=content_of(source))


def discard_draft(*, version: ModuleVersion, by: User) -> None:
    """Throw a draft away for good; a module that has no other version goes with it."""
    with transaction.atomic():
        module = Module.objects.select_for_update(of=("self",)).get(pk=version.module_id)
        locked = _own_draft(version, by)
        if locked.offerings.exists():
            raise NoLongerPossible(_("An offering was prepared with this version already."), locked)
        audit.record("module.draft_discarded", module, by=by, number=locked.number)
        locked.delete()
        if not ModuleVersion.objects.filter(module=module).exists():
            module.delete()


def _own_draft(version: ModuleVersion, by: User | None) -> ModuleVersion:
    """The locked row of a draft that this person may change (the system may always)."""
    locked = ModuleVersion.objects.select_for_update(of=("self",)).select_related("module").get(pk=version.pk)
    if by is not None and not rules.can_edit_version(by, locked):
        raise PermissionDenied
    if locked.state != VersionState.DRAFT:
        raise NoLongerPossible(VERSION.refusal(locked), locked)
    return locked


def change_draft(*, version: ModuleVersion, by: User | None, facts: dict[str, Any], seen: str = "") -> ModuleVersion:
    """Change a draft; anything else is replaced by a new version, never changed.

    `seen` is the fingerprint of what stood in the form: raises DraftChanged when somebody has saved in between, unless
    the draft says by now what this form says too.
    """
    with transaction.atomic():
        locked = _own_draft(version, by)
        changed = sorted(name for name, value in facts.items() if getattr(locked, name) != value)
        if changed and seen and seen != fingerprint(locked):
            raise DraftChanged(locked)
        for name in changed:
            setattr(locked, name, facts[name])
        locked.full_clean(exclude=["module"])
        locked.save()
        if changed:
            audit.record("module.draft_changed", locked.module, by=by, number=locked.number, fields=", ".join(changed))
    return locked


def publish_version(*, version: ModuleVersion, by: User | None) -> None:
    """Put a version into the catalogue; an earlier published one is replaced by it."""
    with transaction.atomic():
        Module.objects.select_for_update(of=("self",)).get(pk=version.module_id)
        earlier = ModuleVersion.objects.published().filter(module=version.module_id).exclude(pk=version.pk).first()
        if earlier:
            with VERSION.take("supersede", earlier, by=by):
                pass
        with VERSION.take("publish", version, by=by) as locked:
            missing = missing_for_publishing(locked)
            if missing:
                raise NotReady(missing)
            locked.published_at = timezone.now()
            _tell_outcome(locked, by)


def submit_version(*, version: ModuleVersion, by: User) -> None:
    """Hand a draft in for review; whoever else keeps the catalogue finds it on Today."""
    with VERSION.take("submit", version, by=by) as locked:
        locked.handed_in_by, locked.handed_in_at = by, timezone.now()


def return_version(*, version: ModuleVersion, by: User, reason: str) -> None:
    """Give a version back to its author, saying what is to be changed."""
    with VERSION.take("return", version, by=by, reason=reason) as locked:
        _tell_outcome(locked, by, reason)
        locked.handed_in_by = locked.handed_in_at = None


def approve_version(*, version: ModuleVersion, by: User) -> None:
    """Approve a version; it can be published now."""
    with VERSION.take("approve", version, by=by) as locked:
        _tell_outcome(locked, by)


def hears_outcome(version: ModuleVersion, by: User | None) -> User | None:
    """Who is mailed what became of a version that was handed in: nobody where the same person decides."""
    return version.handed_in_by if version.handed_in_by_id and version.handed_in_by != by else None


def _tell_outcome(version: ModuleVersion, by: User | None, reason: str = "") -> None:
    reader = hears_outcome(version, by)
    if reader:
        outbox.queue(OUTCOME, to=reader, about=version.module, version=version, reason=reason)


def withdraw_version(*, version: ModuleVersion, by: User, reason: str) -> None:
    """Take a module out of the catalogue; what runs and what was certified keeps it."""
    with VERSION.take("withdraw", version, by=by, reason=reason) as locked:
        locked.withdrawn_at = timezone.now()
