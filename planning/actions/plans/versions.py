"""Begin, shape, discuss, propose, refuse and take back versions of a plan."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible
from planning import rules
from planning.actions.plans.lines import editing
from planning.contents import hash_of
from planning.models import (
    Finding,
    Plan,
    PlanComment,
    PlanItem,
    PlanVersion,
    PlanVersionState,
    ProposedContent,
)
from planning.readers import readers_of
from planning.workflow import PLAN

describe(
    {
        "plan.begun": gettext_lazy("Version %(number)s begun"),
        "plan.line_added": gettext_lazy("Line added: %(title)s"),
        "plan.line_changed": gettext_lazy("Line changed: %(title)s"),
        "plan.line_dropped": gettext_lazy("Line taken out: %(title)s"),
        "plan.goals": gettext_lazy("Goals changed"),
        "plan.commented": gettext_lazy("Commented"),
        "plan.signed_by": gettext_lazy("Signed by %(name)s"),
        "plan.not_enrolled": gettext_lazy("No enrolment for %(title)s: %(why)s"),
    }
)


COPIED = (
    "key", "kind", "title", "offering_id", "snapshot", "term_id", "hours", "credits", "fee", "rationale", "finding_id",
    "competences", "prerequisite_met_by", "recognition", "recognition_text", "recognised_as", "recognised_credits",
    "position",
)  # fmt: skip


def begin_version(*, plan: Plan, by: User, reason_code: str = "", reason: str = "") -> PlanVersion:
    """Begin the next version, as a copy of the agreed one; while one is open, that one is the version to work on."""
    with transaction.atomic():
        locked = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        _check_editor(locked, by)
        existing = locked.versions.open().first()
        if existing:
            return existing
        last = locked.versions.order_by("-number").first()
        agreed = locked.versions.filter(state=PlanVersionState.AGREED).first()
        if agreed and not (reason_code and reason.strip()):
            raise ValidationError(_("Please say why the agreed plan should change."))
        base = agreed or last
        version = PlanVersion.objects.create(
            plan=locked,
            number=last.number + 1 if last else 1,
            based_on=base,
            goals=base.goals if base else "",
            occupation=base.occupation if base else "",
            reason_code=reason_code,
            reason=reason,
            created_by=by,
        )
        if base:
            _copy_items(base, version)
        audit.record("plan.begun", version, by=by, number=version.number, reason=reason)
    return version


def _copy_items(source: PlanVersion, target: PlanVersion) -> None:
    PlanItem.objects.bulk_create(
        PlanItem(version=target, **{name: getattr(item, name) for name in COPIED}) for item in source.items.all()
    )


def _check_editor(plan: Plan, by: User) -> None:
    participation = plan.participation
    if not (rules.is_participant(by, participation) or rules.advises(by, participation)):
        raise PermissionDenied
    if not participation.is_running:
        raise NoLongerPossible(_("The participation has ended; its plan no longer changes."), participation)


def set_goals(*, version: PlanVersion, by: User, goals: str, occupation: str) -> None:
    """Say what the plan is for."""
    with editing(version, by) as locked:
        locked.goals, locked.occupation = goals.strip(), occupation.strip()
        audit.record("plan.goals", locked, by=by)


def comment(
    *, version: PlanVersion, by: User, text: str, line_key: uuid.UUID | None = None, tell: bool = True
) -> PlanComment:
    """Say something about the plan or one line; `tell` mails the others."""
    if not rules.may_comment(by, version):
        raise PermissionDenied
    with transaction.atomic():
        locked = PlanVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        remark = PlanComment.objects.create(version=locked, author=by, text=text, line_key=line_key)
        audit.record("plan.commented", locked, by=by)
        if tell:
            _send_remark(remark, version)
    return remark


def _send_remark(remark: PlanComment, version: PlanVersion) -> None:
    for reader in readers_of(version, but=remark.author):
        outbox.queue("planning/email/plan_comment", to=reader, about=version, version=version, remark=remark)


def resolve_comment(*, remark: PlanComment, by: User) -> None:
    """Mark a comment as dealt with."""
    if not rules.may_comment(by, remark.version):
        raise PermissionDenied
    PlanComment.objects.filter(pk=remark.pk, resolved_at=None).update(resolved_at=timezone.now(), resolved_by=by)


def propose(*, version: PlanVersion, by: User, tell: bool = True) -> None:
    """Fix the content under its hash and ask everybody to sign."""
    with PLAN.take("propose", version, by=by) as locked:
        if not locked.items.exists():
            raise NoLongerPossible(_("The plan has no lines yet."), locked)
        content = locked.content()
        locked.content_hash = hash_of(content)
        locked.proposed_by, locked.proposed_at = by, timezone.now()
        ProposedContent.objects.get_or_create(
            version=locked, content_hash=locked.content_hash, defaults={"content": content}
        )
        if tell:
            for reader in readers_of(locked, but=by):
                outbox.queue("planning/email/plan_proposed", to=reader, about=locked, version=locked)


def edit_again(*, version: PlanVersion, by: User) -> None:
    """Open a proposal for changes; signatures given so far are void, because they name another content."""
    with PLAN.take("edit_again", version, by=by) as locked:
        locked.signatures.filter(voided_at=None).update(voided_at=timezone.now())
        locked.content_hash = ""
        locked.proposed_by, locked.proposed_at = None, None


def refuse(*, version: PlanVersion, by: User, reason: str, tell: bool = True) -> None:
    """Ask for changes: the text stands on the plan for everybody; `tell` mails it to them."""
    with PLAN.take("refuse", version, by=by, reason=reason) as locked:
        locked.signatures.filter(voided_at=None).update(voided_at=timezone.now())
        remark = PlanComment.objects.create(version=locked, author=by, text=reason, is_refusal=True)
        if tell:
            _send_remark(remark, locked)


def withdraw_version(*, version: PlanVersion, by: User) -> None:
    """Take a proposal back; an agreed earlier version stays in force."""
    with PLAN.take("withdraw", version, by=by) as locked:
        locked.signatures.filter(voided_at=None).update(voided_at=timezone.now())


def findings_of(plan: Plan) -> list[Finding]:
    """Goals and gaps that lines can point to."""
    return list(Finding.objects.filter(person=plan.participation.person_id).order_by("kind", "position"))
