"""Every write about organisations, programmes and terms."""

import json
from collections.abc import Iterable
from copy import deepcopy
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from credpoints.accounts import actions as accounts
from credpoints.accounts.models import Role, RoleAssignment, ScopeKind, User, role_day
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.common.tokens import content_hash
from credpoints.organisations.models import Organisation, Programme, ProgrammeState, Term
from credpoints.organisations.presets import PRESETS
from credpoints.organisations.rules import is_admin

describe(
    {
        "programme.created": _("Created the programme"),
        "programme.changed": _("Changed the settings: %(fields)s"),
        "programme.terms": _("Changed the terms: %(terms)s"),
        "programme.published": _("Published the programme"),
        "programme.role_given": _("Gave %(name)s the role “%(role)s”"),
        "programme.role_ended": _("Ended the role “%(role)s” of %(name)s"),
    }
)


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
                "settings": deepcopy(start.settings),  # the programme changes its own, never the preset
                **facts,
            },
        )
        audit.record("programme.created", programme, by=by, programme_id=programme.pk, preset=preset)
    return programme


def _locked_for(by: User, programme: Programme) -> Programme:
    """Lock the programme for an administrator; a colleague may have ended the role since the page was drawn."""
    locked = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    if not is_admin(User.objects.get(pk=by.pk), locked.pk):
        raise PermissionDenied
    return locked


def change_programme(*, programme: Programme, by: User, **changes: Any) -> Programme:
    """Change the configuration; the history keeps which fields changed."""
    with transaction.atomic():
        locked = _locked_for(by, programme)
        changed = sorted(name for name, value in changes.items() if getattr(locked, name) != value)
        for name in changed:
            setattr(locked, name, changes[name])
        locked.full_clean()
        locked.save()
        if changed:
            audit.record("programme.changed", locked, by=by, programme_id=locked.pk, fields=", ".join(changed))
    return locked


class SettingsChanged(Exception):
    """Somebody else has saved the settings since the form was opened; nothing was saved."""

    def __init__(self, programme: Programme) -> None:
        super().__init__("the settings were changed meanwhile")
        self.programme = programme


def settings_fingerprint(programme: Programme, names: Iterable[str]) -> str:
    """The same for the same settings and terms: a form that began from others is out of date."""
    facts = [getattr(programme, name) for name in sorted(names)]
    terms = list(programme.terms.values_list("pk", "code", "starts_on", "ends_on", "teaching_weeks"))
    return content_hash(json.dumps([facts, terms], sort_keys=True, default=str))


def change_settings(
    *, programme: Programme, by: User, seen: str, facts: dict[str, Any], terms: Iterable[Term]
) -> Programme:
    """Change the configuration and add or change terms, all or nothing. Raises SettingsChanged for a stale form."""
    with transaction.atomic():
        locked = _locked_for(by, programme)
        if seen != settings_fingerprint(locked, facts):
            raise SettingsChanged(locked)
        changed = change_programme(programme=locked, by=by, **facts)
        saved = [_saved_term(term, locked) for term in terms]
        if saved:
            audit.record("programme.terms", locked, by=by, programme_id=locked.pk, terms=", ".join(saved))
    return changed


def _saved_term(term: Term, programme: Programme) -> str:
    term.programme = programme
    term.full_clean()
    term.save()
    return term.code


def publish_programme(*, programme: Programme, by: User) -> None:
    """Show the programme to everybody."""
    with transaction.atomic():
        locked = _locked_for(by, programme)
        if locked.state != ProgrammeState.DRAFT:
            return
        Programme.objects.filter(pk=locked.pk).update(state=ProgrammeState.OPEN)
        audit.record("programme.published", locked, by=by, programme_id=locked.pk)
    programme.refresh_from_db()


def give_role(*, programme: Programme, user: User, role: Role, by: User) -> RoleAssignment:
    """Let somebody work in this programme from today on."""
    with transaction.atomic():
        locked = _locked_for(by, programme)
        assignment = accounts.grant_role(
            user=user, role=role, scope_kind=ScopeKind.PROGRAMME, scope_id=locked.pk, by=by
        )
        audit.record(
            "programme.role_given", locked, by=by, programme_id=locked.pk, name=user.name, role=str(role.label)
        )
    return assignment


def end_role(*, programme: Programme, assignment: RoleAssignment, by: User) -> None:
    """End a role at once; the row stays as history. Nobody ends their own: so one administrator always remains."""
    with transaction.atomic():
        locked = _locked_for(by, programme)
        if assignment.user_id == by.pk:
            raise PermissionDenied(gettext("You cannot end your own role. Ask another administrator."))
        yesterday = role_day() - timedelta(days=1)
        ended = RoleAssignment.objects.filter(pk=assignment.pk, ends_on=None).update(ends_on=yesterday)
        if ended:
            audit.record(
                "programme.role_ended",
                locked,
                by=by,
                programme_id=locked.pk,
                name=assignment.user.name,
                role=assignment.get_role_display(),
            )
