"""Shape a plan together, propose it, sign it: a signature names the hash of exactly what was read."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.common.tokens import content_hash as hash_text
from credpoints.common.translated import text_in
from credpoints.files import actions as files
from credpoints.jobs import actions as jobs
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible
from modules import actions as modules
from modules.models import Enrolment, Offering
from planning import rules
from planning.contents import hash_of
from planning.models import (
    Finding,
    Plan,
    PlanComment,
    PlanItem,
    PlanParty,
    PlanSignature,
    PlanVersion,
    PlanVersionState,
    ProposedContent,
    SignatureMethod,
)
from planning.signals import plan_agreed
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


class StaleVersion(Exception):
    """Somebody signed or edited what they saw, and the plan has changed since."""

    def __init__(self, version: PlanVersion, seen_hash: str) -> None:
        super().__init__(_("A newer version of this plan exists."))
        self.version = version
        self.seen_hash = seen_hash


class LineChanged(Exception):
    """The line was changed by somebody else while the form was open."""

    def __init__(self, item: PlanItem) -> None:
        super().__init__(_("Somebody else has changed this line in the meantime."))
        self.item = item


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


@contextmanager
def editing(version: PlanVersion, by: User) -> Iterator[PlanVersion]:
    """Lock a draft for one change: edits wait for each other, and nothing is edited once it is proposed."""
    with transaction.atomic():
        locked = PlanVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if not rules.may_edit_plan(by, locked):
            raise PermissionDenied
        if not locked.can_be_edited:
            raise NoLongerPossible(PLAN.refusal(locked), locked)
        yield locked
        locked.changed_at = timezone.now()
        locked.save()


def set_goals(*, version: PlanVersion, by: User, goals: str, occupation: str) -> None:
    """Say what the plan is for."""
    with editing(version, by) as locked:
        locked.goals, locked.occupation = goals.strip(), occupation.strip()
        audit.record("plan.goals", locked, by=by)


def add_line(*, version: PlanVersion, by: User | None, offering: Offering | None = None, **facts: Any) -> PlanItem:
    """Put a line into the plan, from the catalogue (its facts are kept as they are now) or free."""
    with editing(version, by) as locked:  # type: ignore[arg-type]
        item = PlanItem(version=locked, position=locked.items.count(), **(_facts_of(offering, locked) | facts))
        item.full_clean(exclude=["version"])
        item.save()
        audit.record("plan.line_added", locked, by=by, title=item.title)
    return item


def _facts_of(offering: Offering | None, plan: PlanVersion) -> dict[str, Any]:
    if offering is None:
        return {}
    version = offering.version
    language = plan.plan.participation.programme.default_language  # what is signed reads the same for everybody
    return {
        "offering": offering,
        "snapshot": version.snapshot(),
        "title": text_in(version.title, language)[:300],
        "hours": version.hours,
        "credits": version.credits,
        "term": offering.term,
    }


def change_line(*, item: PlanItem, by: User, seen: str = "", **facts: Any) -> PlanItem:
    """Change a line. `seen` is the fingerprint of what stood in the form: raises LineChanged when it is out of date."""
    with editing(item.version, by) as locked:
        fresh = locked.items.filter(pk=item.pk).first()
        if fresh is None:
            raise NoLongerPossible(_("This line is no longer in the plan."), locked)
        if seen and seen != fingerprint(fresh):
            raise LineChanged(fresh)
        for name, value in facts.items():
            setattr(fresh, name, value)
        fresh.suggested = False
        fresh.full_clean(exclude=["version"])
        fresh.save()
        audit.record("plan.line_changed", locked, by=by, title=fresh.title)
    return fresh


def fingerprint(item: PlanItem) -> str:
    """What a form remembers about the line it was filled from."""
    return hash_of(item.content())


def move_line(*, item: PlanItem, by: User, term_id: int | None) -> None:
    """Put a line into another term."""
    if term_id is not None and not item.version.plan.participation.programme.terms.filter(pk=term_id).exists():
        raise ValidationError(_("This term does not belong to the programme."))
    change_line(item=item, by=by, term_id=term_id)


def drop_line(*, item: PlanItem, by: User, reason_code: str = "") -> None:
    """Take a line out; a line of an agreed plan leaves its title and the reason in the version that people sign."""
    with editing(item.version, by) as locked:
        found = locked.items.filter(pk=item.pk).first()
        if found is None:
            return
        if _was_agreed(locked, found):
            if not reason_code:
                raise ValidationError(_("Please say why this line of the agreed plan should go."))
            locked.dropped = [*locked.dropped, {"key": str(found.key), "title": found.title, "reason": reason_code}]
        found.delete()
        audit.record("plan.line_dropped", locked, by=by, title=item.title, reason=reason_code)


def _was_agreed(version: PlanVersion, item: PlanItem) -> bool:
    return (
        version.based_on is not None and version.changes_agreed and version.based_on.items.filter(key=item.key).exists()
    )


def comment(*, version: PlanVersion, by: User, text: str, line_key: uuid.UUID | None = None) -> PlanComment:
    """Say something about the plan or one line; the other side gets a mail."""
    if not rules.may_comment(by, version):
        raise PermissionDenied
    with transaction.atomic():
        locked = PlanVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        remark = PlanComment.objects.create(version=locked, author=by, text=text, line_key=line_key)
        audit.record("plan.commented", locked, by=by)
        for reader in _others(version, by):
            outbox.queue("planning/email/plan_comment", to=reader, about=version, version=version, remark=remark)
    return remark


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
            for reader in _signers(locked, but=by):
                outbox.queue("planning/email/plan_proposed", to=reader, about=locked, version=locked)


def edit_again(*, version: PlanVersion, by: User) -> None:
    """Open a proposal for changes; signatures given so far are void, because they name another content."""
    with PLAN.take("edit_again", version, by=by) as locked:
        locked.signatures.filter(voided_at=None).update(voided_at=timezone.now())
        locked.content_hash = ""
        locked.proposed_by, locked.proposed_at = None, None


def refuse(*, version: PlanVersion, by: User, reason: str) -> None:
    """Ask for changes: the text stands on the plan for everybody."""
    with PLAN.take("refuse", version, by=by, reason=reason) as locked:
        locked.signatures.filter(voided_at=None).update(voided_at=timezone.now())
        remark = PlanComment.objects.create(version=locked, author=by, text=reason, is_refusal=True)
        for reader in _others(locked, by):
            outbox.queue("planning/email/plan_comment", to=reader, about=locked, version=locked, remark=remark)


def withdraw_version(*, version: PlanVersion, by: User) -> None:
    """Take a proposal back; an agreed earlier version stays in force."""
    with PLAN.take("withdraw", version, by=by) as locked:
        locked.signatures.filter(voided_at=None).update(voided_at=timezone.now())


def sign(*, version: PlanVersion, by: User, seen_hash: str) -> PlanVersion:
    """Sign what was read. The last signature makes the version agreed and enrols in its modules.

    Raises StaleVersion when the content is not what this person saw.
    """
    with transaction.atomic():
        _lock_plan(version)
        with PLAN.take("sign", version, by=by) as locked:
            if locked.content_hash != seen_hash:
                raise StaleVersion(locked, seen_hash)
            party = _whose_turn(locked, by)
            _add_signature(locked, party, by, method=SignatureMethod.CLICK)
        _agree_if_complete(version, by)
    return version


def record_scanned_signature(
    *, version: PlanVersion, party: PlanParty, name: str, position: str, scan: UploadedFile[Any], by: User,
    seen_hash: str,
) -> PlanVersion:  # fmt: skip
    """An advisor keeps the scan of a signature on paper; it is shown as such for ever."""
    if not rules.advises(by, version.plan.participation):
        raise PermissionDenied
    stored = files.store_upload(upload=scan, purpose="planning.signature", by=by, about=version)
    with transaction.atomic():
        _lock_plan(version)
        with PLAN.take("sign", version, by=by) as locked:
            if locked.content_hash != seen_hash:
                raise StaleVersion(locked, seen_hash)
            if party not in waiting_parties(locked):
                raise NoLongerPossible(_("This party has signed already or is not next."), locked)
            _add_signature(locked, party, by, method=SignatureMethod.SCANNED, name=name, position=position, scan=stored)
        _agree_if_complete(version, by)
    return version


def waiting_parties(version: PlanVersion) -> list[PlanParty]:
    """The parties whose turn it is: the lowest place in the order that has not signed completely."""
    signed = set(version.signatures.filter(voided_at=None).values_list("party", flat=True))
    missing = [party for party in version.plan.parties.all() if party.party not in signed]
    first = min((party.position for party in missing), default=0)
    return [party for party in missing if party.position == first]


def name_signer(*, party: PlanParty, by: User, signer: User | None, name: str, role_name: str) -> None:
    """Say who signs for a party; corrected in place when the contact person was the wrong one."""
    if not rules.advises(by, party.plan.participation):
        raise PermissionDenied
    PlanParty.objects.filter(pk=party.pk).update(signer=signer, name=name, role_name=role_name)


def _lock_plan(version: PlanVersion) -> None:
    """Everybody who signs, edits or begins versions of one plan queues up here."""
    Plan.objects.select_for_update(of=("self",)).get(pk=version.plan_id)


def _whose_turn(version: PlanVersion, by: User) -> PlanParty:
    mine = {party.pk for party in rules.parties_of(by, version)}
    now = [party for party in waiting_parties(version) if party.pk in mine]
    if not now:
        raise NoLongerPossible(_("You have signed already, or others sign before you."), version)
    return now[0]


def _add_signature(
    version: PlanVersion, party: PlanParty, by: User, *, method: SignatureMethod, name: str = "", position: str = "",
    scan: Any = None,
) -> None:  # fmt: skip
    PlanSignature.objects.create(
        version=version,
        party=party.party,
        signer=by if method == SignatureMethod.CLICK else None,
        signer_name=name or by.name,
        signer_position=position or party.role_name,
        signer_email=by.email if method == SignatureMethod.CLICK else "",
        content_hash=version.content_hash,
        method=method,
        scan=scan,
    )
    audit.record("plan.signed_by", version, by=by, name=name or by.name, hash=version.content_hash)


def _agree_if_complete(version: PlanVersion, by: User) -> None:
    if waiting_parties(version):
        return
    previous = PlanVersion.objects.filter(plan=version.plan_id, state=PlanVersionState.AGREED).first()
    if previous:
        with PLAN.take("supersede", previous, by=None):
            pass
    with PLAN.take("agree", version, by=None) as locked:
        locked.agreed_at = timezone.now()
        locked.agreed_content = locked.proposed_contents.get(content_hash=locked.content_hash).content
        locked.save()
        _enrol(locked, previous, by)
        plan_agreed.send(sender=PlanVersion, version=locked, by=by)
        jobs.enqueue("planning.print_plan", key=f"planning.print_plan:{locked.pk}", version_id=locked.pk)
        for reader in _signers(locked):
            outbox.queue("planning/email/plan_agreed", to=reader, about=locked, version=locked)


def _enrol(version: PlanVersion, previous: PlanVersion | None, by: User) -> None:
    """Enrol in what the plan says now and leave what it no longer says. A full course is noted and stops nothing."""
    lines = version.items.exclude(offering=None).select_related("offering__version__module")
    wanted = {item.offering: item for item in lines if item.offering}
    before = set(previous.items.values_list("offering_id", flat=True)) if previous else set()
    person = version.plan.participation.person
    for offering, item in sorted(wanted.items(), key=lambda pair: pair[0].pk):
        try:
            with transaction.atomic():
                modules.enrol(offering=offering, person=person, by=by, programme_id=version.programme_id)
        except (ValidationError, NoLongerPossible) as refusal:
            audit.record("plan.not_enrolled", version, by=None, title=item.title, why=_words(refusal))
    dropped = before - {offering.pk for offering in wanted} - {None}
    for enrolment in Enrolment.objects.counting().filter(person=person, offering__in=dropped).order_by("offering_id"):
        try:
            with transaction.atomic():
                modules.withdraw(enrolment=enrolment, by=by, reason=_("The plan has changed."))
        except (NoLongerPossible, PermissionDenied) as refusal:
            audit.record("plan.not_enrolled", version, by=None, title=str(enrolment.offering), why=str(refusal))


def _words(refusal: Exception) -> str:
    return " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)


def _signers(version: PlanVersion, but: User | None = None) -> list[Any]:
    """Who is told about proposals and agreements: the person, the own advisor, and named signers of other parties."""
    participation = version.plan.participation
    readers: list[Any] = [participation.person]
    readers += [participation.advisor] if participation.advisor else []
    readers += [party.signer for party in version.plan.parties.all() if party.signer]
    skipped = {but.email} if but else set()
    found: dict[str, Any] = {}
    for reader in readers:
        address = reader.email if isinstance(reader, User) else reader.mail_address
        if address and address not in skipped:
            found.setdefault(address, reader)
    return list(found.values())


def _others(version: PlanVersion, by: User) -> list[Any]:
    return _signers(version, but=by)


def store_document(*, version: PlanVersion, pdf: bytes) -> None:
    """Keep the printed plan; printed once, it never changes."""
    with transaction.atomic():
        locked = PlanVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if locked.document_id is None:
            name = f"plan-{locked.number}-{hash_text(locked.content_hash)[:8]}.pdf"
            locked.document = files.store_bytes(
                content=pdf, name=name, media_type="application/pdf", purpose="planning.document",
                owner=locked.plan.participation.person.user, about=locked,
            )  # fmt: skip
            locked.save(update_fields=["document"])


def findings_of(plan: Plan) -> list[Finding]:
    """Goals and gaps that lines can point to."""
    return list(Finding.objects.filter(person=plan.participation.person_id).order_by("kind", "position"))
