"""Sign a plan: a signature names the hash of exactly what was read; the last one brings the plan into force."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.common.tokens import content_hash as hash_text
from credpoints.files import actions as files
from credpoints.jobs import actions as jobs
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible
from modules import actions as modules
from modules.models import Enrolment
from planning import rules
from planning.models import (
    Plan,
    PlanParty,
    PlanSignature,
    PlanVersion,
    PlanVersionState,
    SignatureMethod,
)
from planning.readers import readers_of
from planning.signals import plan_agreed
from planning.workflow import PLAN


class StaleVersion(Exception):
    """Somebody signed or edited what they saw, and the plan has changed since."""

    def __init__(self, version: PlanVersion, seen_hash: str) -> None:
        super().__init__(_("A newer version of this plan exists."))
        self.version = version
        self.seen_hash = seen_hash


def sign(*, version: PlanVersion, by: User, seen_hash: str) -> PlanVersion:
    """Sign what was read. The last signature makes the version agreed and enrols in its modules.

    Raises StaleVersion when the content is not what this person saw.
    """
    with transaction.atomic():
        lock_plan(version)
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
        lock_plan(version)
        with PLAN.take("sign_on_paper", version, by=by) as locked:
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
    """Say who signs for a party; corrected in place when the contact person was the wrong one.

    Nobody is named for the participant: whoever is named reads the whole plan.
    """
    if not rules.advises(by, party.plan.participation) or not party.can_be_named:
        raise PermissionDenied
    PlanParty.objects.filter(pk=party.pk).update(signer=signer, name=name, role_name=role_name)


def lock_plan(version: PlanVersion) -> None:
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
        for reader in readers_of(locked):
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
