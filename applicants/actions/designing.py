"""Designing the survey and the rules: drafts, publishing, import."""

from collections.abc import Mapping
from datetime import datetime
from itertools import chain, count
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.default_form import default_form
from applicants.models import EligibilityRule, FormState, FormVersion
from applicants.survey import BrokenForm, Survey, check_shape, review_design
from applicants.workflow import FORM
from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.organisations.models import Programme
from credpoints.organisations.rules import is_admin
from credpoints.workflow import NoLongerPossible, NotAllowed

Facts = Mapping[str, Any]

describe(
    {
        "form.begun": gettext_lazy("New version of the survey begun"),
        "form.changed": gettext_lazy("Survey changed"),
        "programme.rule_added": gettext_lazy("Rule of eligibility added: %(rules)s"),
        "programme.rule_removed": gettext_lazy("Rule of eligibility removed: %(rules)s"),
        "programme.rules_changed": gettext_lazy("Rules of eligibility changed: %(rules)s"),
        "programme.rules_ordered": gettext_lazy("Order of the rules of eligibility changed: %(rules)s"),
    }
)


def begin_form_draft(*, programme: Programme, by: User, content: Mapping[str, Any] | None = None) -> FormVersion:
    """Begin the next version: from a file, else from the published one, else from the survey that comes along."""
    if content is not None:
        check_shape(content)
        Survey.read(content)
    with transaction.atomic():
        _lock(programme, by)
        versions = FormVersion.objects.filter(programme=programme)
        if versions.filter(state=FormState.DRAFT).exists():
            raise NoLongerPossible(_("There is a draft already. Please publish or discard it first."), programme)
        form = FormVersion.objects.create(
            programme=programme,
            number=(versions.aggregate(last=Max("number"))["last"] or 0) + 1,
            content=content or content_to_begin_with(programme),
        )
        audit.record("form.begun", form, by=by)
    return form


def content_to_begin_with(programme: Programme) -> dict[str, Any]:
    """What the next version begins as when no file is brought in."""
    published = FormVersion.objects.filter(programme=programme).published().first()
    return published.content if published else default_form()


def change_form(*, form: FormVersion, content: Mapping[str, Any], seen: Mapping[str, Any], by: User) -> None:
    """Change a draft. Raises BrokenForm when the new content cannot be read.

    `seen` is the content that the new one was made from, as a whole: where something else is saved by now, saving
    would take it back, so NoLongerPossible is raised.
    """
    Survey.read(content)
    with transaction.atomic():
        locked = _lock_version(form, by)
        if locked.state != FormState.DRAFT:
            raise NoLongerPossible(_("A published survey is not changed any more; please begin a new version."), locked)
        if locked.content != seen:
            raise NoLongerPossible(_("Somebody else has changed the survey in the meantime."), locked)
        locked.content, locked.changed_at = dict(content), timezone.now()
        locked.save()
        audit.record("form.changed", locked, by=by)


def discard_form_draft(*, form: FormVersion, by: User) -> None:
    """Throw a draft away; nobody has applied with it."""
    with transaction.atomic():
        locked = _lock_version(form, by)
        if locked.state != FormState.DRAFT:
            raise NoLongerPossible(FORM.refusal(locked), locked)
        locked.delete()


def publish_form(*, form: FormVersion, by: User, now: datetime | None = None) -> None:
    """Freeze a draft and use it for new applications; the version before is replaced, running applications keep it."""
    now = now or timezone.now()
    with transaction.atomic():
        _lock(form.programme, by)
        present = _lock_version(form, by)
        found = review_design(Survey.read(present.content)).problems
        if found:
            raise NoLongerPossible(
                _("The survey cannot be published yet: %(problem)s") % {"problem": found[0].text}, form
            )
        before = FormVersion.objects.published().filter(programme=form.programme_id).exclude(pk=form.pk).first()
        if before:
            with FORM.take("retire", before, by=by):
                pass
        with FORM.take("publish", form, by=by) as locked:
            locked.published_at = now


class RulesChanged(Exception):
    """Somebody else has changed these rules since the page was opened; nothing is saved."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__(_("Somebody else has changed a rule in the meantime."))
        self.keys = keys


def change_rules(*, programme: Programme, changes: Mapping[str, Facts], by: User, seen: Mapping[str, Facts]) -> None:
    """Change the rules of a programme; applications already checked keep their result until they are checked again.

    `seen` is what the page showed of each rule: where something else is saved by now, RulesChanged is raised.
    """
    with transaction.atomic():
        locked = _lock(programme, by)
        changed = [
            rule
            for rule in EligibilityRule.objects.filter(programme=locked, key__in=list(changes))
            if rule.facts != changes[rule.key]
        ]
        if contested := [rule.key for rule in changed if rule.facts != seen[rule.key]]:
            raise RulesChanged(contested)
        for rule in changed:
            for name, value in changes[rule.key].items():
                setattr(rule, name, value)
            rule.save()
        if changed:
            keys = ", ".join(rule.key for rule in changed)
            audit.record("programme.rules_changed", locked, by=by, programme_id=locked.pk, rules=keys)


def add_rule(*, programme: Programme, kind: str, by: User, asked_with: UUID) -> EligibilityRule:
    """Add a rule that is not checked before somebody has written it.

    `asked_with` names the click: however often its answer is loaded again, it adds one rule. Another click adds
    another one, also of the same kind and at the same moment.
    """
    with transaction.atomic():
        locked = _lock(programme, by)
        rules = EligibilityRule.objects.filter(programme=locked)
        there = rules.filter(kind=kind, asked_with=asked_with).first()
        if there:
            return there
        taken = set(rules.values_list("key", flat=True))
        key = next(name for name in chain([kind], (f"{kind}-{n}" for n in count(2))) if name not in taken)
        last = rules.aggregate(last=Max("position"))["last"]
        rule = EligibilityRule.objects.create(
            programme=locked, key=key, kind=kind, is_active=False, asked_with=asked_with,
            position=0 if last is None else last + 1,
        )  # fmt: skip
        audit.record("programme.rule_added", locked, by=by, programme_id=locked.pk, rules=key)
    return rule


def put_rule_before(*, programme: Programme, key: str, other: str, by: User) -> None:
    """Put a rule right before another one; it stays there however often this is asked."""
    with transaction.atomic():
        locked = _lock(programme, by)
        rules = list(EligibilityRule.objects.filter(programme=locked))
        keys = [rule.key for rule in rules]
        if key == other or not {key, other} <= set(keys):
            return
        ordered = [name for name in keys if name != key]
        ordered.insert(ordered.index(other), key)
        if ordered == keys:
            return
        for rule in rules:
            rule.position = ordered.index(rule.key)
        EligibilityRule.objects.bulk_update(rules, ["position"])
        audit.record("programme.rules_ordered", locked, by=by, programme_id=locked.pk, rules=", ".join(ordered))


def remove_rule(*, programme: Programme, key: str, by: User) -> None:
    """Take a rule out; applications already checked keep what it found until they are checked again."""
    with transaction.atomic():
        locked = _lock(programme, by)
        if EligibilityRule.objects.filter(programme=locked, key=key).delete()[0]:
            audit.record("programme.rule_removed", locked, by=by, programme_id=locked.pk, rules=key)


def _lock_version(form: FormVersion, by: User) -> FormVersion:
    """The version as it stands now; a draft that somebody else has discarded is no longer there."""
    if not is_admin(by, form.programme_id):
        raise NotAllowed(FORM.steps["publish"])
    locked = FormVersion.objects.select_for_update(of=("self",)).filter(pk=form.pk).first()
    if locked is None:
        raise NoLongerPossible(_("Somebody else has discarded this draft in the meantime."), form)
    return locked


def _lock(programme: Programme, by: User) -> Programme:
    if not is_admin(by, programme.pk):
        raise NotAllowed(FORM.steps["publish"])
    return Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)


__all__ = [
    "BrokenForm",
    "RulesChanged",
    "add_rule",
    "begin_form_draft",
    "change_form",
    "change_rules",
    "content_to_begin_with",
    "discard_form_draft",
    "publish_form",
    "put_rule_before",
    "remove_rule",
]
