"""Designing the survey and the rules: drafts, publishing, import."""

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import chain, count
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.default_form import default_form
from applicants.models import EligibilityRule, FormState, FormVersion
from applicants.survey import BrokenForm, Survey, review_design
from applicants.workflow import FORM
from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.organisations.models import Programme
from credpoints.organisations.rules import is_admin
from credpoints.workflow import NoLongerPossible, NotAllowed

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
        Survey.read(content)
    with transaction.atomic():
        _lock(programme, by)
        versions = FormVersion.objects.filter(programme=programme)
        if versions.filter(state=FormState.DRAFT).exists():
            raise NoLongerPossible(_("There is a draft already. Please publish or discard it first."), programme)
        published = versions.published().first()
        form = FormVersion.objects.create(
            programme=programme,
            number=(versions.aggregate(last=Max("number"))["last"] or 0) + 1,
            content=content or (published.content if published else default_form()),
        )
        audit.record("form.begun", form, by=by)
    return form


def change_form(*, form: FormVersion, content: Mapping[str, Any], by: User) -> None:
    """Change a draft. Raises BrokenForm when the new content cannot be read."""
    Survey.read(content)
    with transaction.atomic():
        locked = FormVersion.objects.select_for_update(of=("self",)).get(pk=form.pk)
        if not is_admin(by, locked.programme_id):
            raise NotAllowed(FORM.steps["publish"])
        if locked.state != FormState.DRAFT:
            raise NoLongerPossible(_("A published survey is not changed any more; please begin a new version."), locked)
        locked.content, locked.changed_at = dict(content), timezone.now()
        locked.save()
        audit.record("form.changed", locked, by=by)


def discard_form_draft(*, form: FormVersion, by: User) -> None:
    """Throw a draft away; nobody has applied with it."""
    with transaction.atomic():
        locked = FormVersion.objects.select_for_update(of=("self",)).get(pk=form.pk)
        if not is_admin(by, locked.programme_id):
            raise NotAllowed(FORM.steps["publish"])
        if locked.state != FormState.DRAFT:
            raise NoLongerPossible(FORM.refusal(locked), locked)
        locked.delete()


def publish_form(*, form: FormVersion, by: User, now: datetime | None = None) -> None:
    """Freeze a draft and use it for new applications; the version before is replaced, running applications keep it."""
    now = now or timezone.now()
    with transaction.atomic():
        _lock(form.programme, by)
        found = review_design(Survey.read(form.content)).problems
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


def change_rules(*, programme: Programme, changes: Mapping[str, Mapping[str, Any]], by: User) -> None:
    """Change the rules of a programme; applications already checked keep their result until they are checked again."""
    with transaction.atomic():
        locked = _lock(programme, by)
        changed = []
        for rule in EligibilityRule.objects.filter(programme=locked, key__in=list(changes)):
            facts = changes[rule.key]
            if any(getattr(rule, name) != value for name, value in facts.items()):
                for name, value in facts.items():
                    setattr(rule, name, value)
                rule.save()
                changed.append(rule.key)
        if changed:
            audit.record("programme.rules_changed", locked, by=by, programme_id=locked.pk, rules=", ".join(changed))


def add_rule(*, programme: Programme, kind: str, by: User, known: Collection[str] = ()) -> EligibilityRule:
    """Add a rule that is not checked before somebody has written it; an unwritten one of its kind is not doubled.

    `known` are the rules on the page that asked: another one of this kind is what the same click has added already,
    however often its answer is loaded again.
    """
    with transaction.atomic():
        locked = _lock(programme, by)
        rules = EligibilityRule.objects.filter(programme=locked)
        unwritten = Q(is_active=False, message={})
        there = rules.filter(unwritten | ~Q(key__in=list(known)), kind=kind).last()
        if there:
            return there
        taken = set(rules.values_list("key", flat=True))
        key = next(name for name in chain([kind], (f"{kind}-{n}" for n in count(2))) if name not in taken)
        last = rules.aggregate(last=Max("position"))["last"]
        rule = EligibilityRule.objects.create(
            programme=locked, key=key, kind=kind, is_active=False, position=0 if last is None else last + 1
        )
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


def _lock(programme: Programme, by: User) -> Programme:
    if not is_admin(by, programme.pk):
        raise NotAllowed(FORM.steps["publish"])
    return Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)


__all__ = [
    "BrokenForm",
    "add_rule",
    "begin_form_draft",
    "change_form",
    "change_rules",
    "discard_form_draft",
    "publish_form",
    "put_rule_before",
    "remove_rule",
]
