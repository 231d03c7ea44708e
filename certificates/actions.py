"""Every write of the room: from the first draft to the register."""

import json
import logging
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates import checking, codes, collecting, credentials, keys, rendering, rules, sealing, signing, storing
from certificates.content import Content, hash_of, workload
from certificates.models import (
    OPEN,
    PUBLISHED,
    Certificate,
    CertificateApproval,
    Kind,
    NumberRegister,
    RegisterStatus,
    SigningKey,
    State,
    VerificationLog,
)
from certificates.workflow import CERTIFICATE
from credpoints.accounts.models import Person, User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.common.tokens import content_hash
from credpoints.common.translated import text_in
from credpoints.files.models import StoredFile
from credpoints.jobs import actions as jobs
from credpoints.numbers.actions import next_number, write_number
from credpoints.organisations.models import Organisation, Programme
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible, NotAllowed
from planning.actions import participations
from planning.models import Participation, ParticipationState
from portfolios import actions as portfolios
from portfolios.models import EntryKind

log = logging.getLogger(__name__)

describe(
    {
        "certificate.drafted": gettext_lazy("Certificate prepared"),
        "certificate.collected": gettext_lazy("Content collected anew"),
        "certificate.confirmed": gettext_lazy("Practice and mentoring confirmed"),
        "certificate.replacement": gettext_lazy("A replacement was begun"),
        "signing_key.rotated": gettext_lazy("New signing key %(fragment)s"),
        "signing_key.compromised": gettext_lazy("Signing key %(fragment)s no longer trusted"),
    }
)


def draft_certificate(
    *,
    person: Person,
    programme: Programme,
    kind: str = Kind.PROGRAMME_INDIVIDUAL,
    content: Content,
    checks: list[dict[str, Any]] | None = None,
    by: User | None,
    replaces: Certificate | None = None,
    **links: Any,
) -> Certificate:
    """Begin a certificate from its content; nothing is promised yet, and nobody is mailed."""
    with transaction.atomic():
        certificate = Certificate.objects.create(
            person=person,
            programme=programme,
            kind=kind,
            content=content,
            checks=checks or [],
            approvals_needed=programme.certificate_approvals,
            created_by=by,
            replaces=replaces,
            **links,
        )
        audit.record("certificate.drafted", certificate, by=by)
    return certificate


def collect_certificate(*, participation: Participation, by: User | None) -> Certificate:
    """Collect plan and results into a draft; the one that is open already stays the only one."""
    with transaction.atomic():
        Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
        present = Certificate.objects.filter(participation=participation, replaces=None, state__in=(*OPEN, *PUBLISHED))
        existing = present.order_by("pk").last()
        if existing:
            return existing
        found = collecting.collect(participation)
        return draft_certificate(
            person=participation.person,
            programme=participation.programme,
            kind=Kind.PROGRAMME_INDIVIDUAL,
            content=found.content,
            checks=found.checks,
            by=by,
            participation=participation,
        )


def collect_when_ready(*, person: Person, programme_id: int | None, by: User | None) -> None:
    """After a final result: prepare the certificate as soon as every course of the plan is finished."""
    running = Participation.objects.running().filter(person=person, programme=programme_id)
    for participation in running.select_related("programme__organisation", "person__user", "advisor__person"):
        if collecting.is_ready(participation):
            collect_certificate(participation=participation, by=by)


def collect_anew(*, certificate: Certificate, by: User) -> None:
    """Collect a draft again, because results, plan or name have changed since."""
    if certificate.participation is None:
        raise NoLongerPossible(_("This certificate was not collected from a plan."), certificate)
    found = collecting.collect(certificate.participation)
    change_draft(certificate=certificate, by=by, content=found.content, checks=found.checks)


def confirm_lines(*, certificate: Certificate, by: User) -> None:
    """Confirm practice, mentoring and whatever else no course finishes."""
    with transaction.atomic():
        locked = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
        if not rules.may_prepare(by, locked):
            raise NotAllowed(CERTIFICATE.steps["freeze"])
        if locked.state != State.DRAFT:
            raise NoLongerPossible(CERTIFICATE.refusal(locked), locked)
        locked.confirmed_by, locked.confirmed_at = by, timezone.now()
        locked.save(update_fields=["confirmed_by", "confirmed_at"])
        audit.record("certificate.confirmed", locked, by=by)


def freeze_certificate(*, certificate: Certificate, by: User) -> None:
    """Fix the content for approval. Refused with the open points while the check list is not complete."""
    with CERTIFICATE.take("freeze", certificate, by=by) as locked:
        open_points = checking.problems(checks_of(locked))
        if open_points:
            raise ValidationError(open_points, code="not_ready")
        locked.content_hash = hash_of(locked.content)
        locked.frozen_at = timezone.now()
        locked.approvals_needed = locked.programme.certificate_approvals
        locked.first_approver = None


def approve_certificate(*, certificate: Certificate, by: User, content_hash: str) -> None:
    """Approve exactly the content that was shown. The last approval gives the number and starts the making.

    One or two different people, never the holder, never graders alone.
    """
    first = certificate.state == State.FROZEN and certificate.approvals_needed == 2
    with transaction.atomic():
        with CERTIFICATE.take("approve_first" if first else "approve", certificate, by=by) as locked:
            if content_hash != locked.content_hash:
                raise NoLongerPossible(_("The content has changed since you opened the page. Read it again."), locked)
            CertificateApproval.objects.create(certificate=locked, approver=by, content_hash=locked.content_hash)
            if first:
                locked.first_approver = by
            else:
                locked.approved_at = timezone.now()
        if not first and _issues_at_once(certificate.programme):
            number_certificate(certificate=certificate, by=None)


def reopen_certificate(*, certificate: Certificate, by: User, reason: str) -> None:
    """Take a certificate back for changes; approvals given so far no longer count."""
    with CERTIFICATE.take("reopen", certificate, by=by, reason=reason) as locked:
        locked.content_hash, locked.frozen_at, locked.first_approver, locked.approved_at = "", None, None, None


def discard_certificate(*, certificate: Certificate, by: User, reason: str) -> None:
    """Give up a certificate that has no number yet."""
    with CERTIFICATE.take("discard", certificate, by=by, reason=reason):
        pass


def number_certificate(*, certificate: Certificate, by: User | None) -> None:
    """Give the next number of the year, without gap, and start the making. The number is never given again."""
    now = timezone.now().replace(microsecond=0)
    with CERTIFICATE.take("number", certificate, by=by) as locked:
        issuer = locked.programme.organisation
        day = now.astimezone(ZoneInfo(locked.programme.time_zone)).date()
        series = f"CERT-{day.year}"
        entry = signing.take_status_entry(issuer, now)
        place = next_number(series=series)
        locked.number, locked.code = write_number("CERT", day.year, place, digits=5), codes.new_code()
        locked.issued_at, locked.issued_on, locked.status_entry = now, day, entry
        locked.valid_until = (
            date.fromisoformat(locked.content["valid_until"]) if locked.content["valid_until"] else None
        )
        NumberRegister.objects.create(
            number=locked.number,
            series=series,
            place=place,
            code=locked.code,
            issuer_name=text_in(locked.data["issuer"]["name"], locked.data["languages"][0]),
            content_hash=locked.content_hash,
            given_at=now,
            issued_on=day,
            certificate=locked,
        )
        _ask_for_files(locked, "first")


def render_certificate(*, certificate_id: int) -> None:
    """Make, sign and store the files, then issue. Safe to run twice: the second result is thrown away.

    Nothing slow happens inside a transaction; the attempt is counted before it begins.
    """
    certificate = (
        Certificate.objects.for_pages().select_related("status_entry__status_list", "replaces").get(pk=certificate_id)
    )
    try:
        with CERTIFICATE.take("begin_rendering", certificate, by=None) as locked:
            locked.attempts += 1
    except NoLongerPossible:
        return
    signed, jwt = _credential_of(certificate)
    pages = rendering.render_pdf(
        certificate.data, certificate.issuance(), credential=signed, address=certificate.verify_address
    )
    pdf = sealing.seal(pages, number=certificate.number or "")
    path = storing.write_once(pdf)
    try:
        _issue(certificate, path=path, pdf=pdf, credential=signed, jwt=jwt)
    except BaseException as error:
        storing.throw_away(path)
        if not isinstance(error, NoLongerPossible):
            raise


def give_up_rendering(*, certificate_id: int, error: str) -> None:
    """Show staff that the files could not be made; the number stays."""
    certificate = Certificate.objects.get(pk=certificate_id)
    try:
        with CERTIFICATE.take("fail", certificate, by=None) as locked:
            locked.render_error = error[:2000]
    except NoLongerPossible:
        log.info("certificate %s was finished by another worker", certificate_id)


def retry_rendering(*, certificate: Certificate, by: User) -> None:
    """Try to make the files once more; the number stays the same."""
    with CERTIFICATE.take("retry", certificate, by=by) as locked:
        locked.render_error = ""
        _ask_for_files(locked, str(locked.attempts))


def void_certificate(*, certificate: Certificate, by: User, reason: str) -> None:
    """Give up after the number was given: it stays in the register as void."""
    with CERTIFICATE.take("void", certificate, by=by, reason=reason) as locked:
        now = timezone.now()
        locked.ended_at, locked.internal_reason = now, reason
        NumberRegister.objects.filter(number=locked.number).update(status=RegisterStatus.VOID, ended_at=now)
        if locked.status_entry:
            signing.withdraw_entries([locked.status_entry], now)


def revoke_certificate(
    *, certificate: Certificate, by: User, public_reason: str, internal_reason: str, mail: bool = True
) -> None:
    """Withdraw a certificate: the verify page, the register and the signed status list say so at once."""
    with CERTIFICATE.take("revoke", certificate, by=by, reason=internal_reason or public_reason) as locked:
        _end(locked, RegisterStatus.REVOKED)
        if locked.person:
            portfolios.retire_verified_entry(person=locked.person, source_key=f"certificate:{locked.uuid}")
        locked.public_reason, locked.internal_reason = public_reason, internal_reason
        if mail and locked.person:
            outbox.queue(
                "certificates/email/revoked",
                to=locked.person,
                about=locked,
                key=f"certificates.revoked:{locked.pk}",
                certificate=locked,
            )


def begin_replacement(*, certificate: Certificate, content: Content, by: User, reason: str) -> Certificate:
    """Begin a corrected certificate. The old one stays valid until the new one is issued, then says “replaced”."""
    if not rules.may_issue(by, certificate):
        raise NotAllowed(CERTIFICATE.steps["revoke"])
    with transaction.atomic():
        locked = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
        running = locked.replacements.exclude(state__in=[State.DISCARDED, State.VOID]).exists()
        if locked.state != State.ISSUED or running or not locked.person:
            raise NoLongerPossible(_("A replacement is on its way already, or the certificate is not valid."), locked)
        draft = draft_certificate(
            person=locked.person,
            programme=locked.programme,
            kind=locked.kind,
            content=content,
            by=by,
            replaces=locked,
            checks=locked.checks,
            participation=locked.participation,
            confirmed_by=locked.confirmed_by,
            confirmed_at=locked.confirmed_at,
        )
        audit.record("certificate.replacement", locked, by=by, reason=reason)
    return draft


def replace_certificate(*, certificate: Certificate, by: User, reason: str) -> Certificate:
    """Begin a replacement with what plan, results and profile say today; without a plan only the name is taken anew."""
    if certificate.participation:
        content = collecting.collect(certificate.participation).content
    elif certificate.person:
        holder = {**certificate.data["holder"], "name": certificate.person.certificate_name}
        content = {**certificate.data, "holder": holder}  # type: ignore[typeddict-item]
    else:
        content = certificate.data
    return begin_replacement(certificate=certificate, content=content, by=by, reason=reason)


def expire_certificates(*, on: date) -> int:
    """Mark what is no longer valid; called once a day."""
    due = Certificate.objects.filter(state=State.ISSUED, valid_until__lt=on)
    for certificate in due.iterator():
        with CERTIFICATE.take("expire", certificate, by=None) as locked:
            locked.ended_at = timezone.now()
            NumberRegister.objects.filter(number=locked.number).update(
                status=RegisterStatus.EXPIRED, ended_at=locked.ended_at
            )
    return due.count()


def change_draft(*, certificate: Certificate, by: User, content: Content, checks: list[dict[str, Any]]) -> None:
    """Put new content into a draft (collected anew, or corrected)."""
    with transaction.atomic():
        locked = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
        if not rules.may_prepare(by, locked):
            raise NotAllowed(CERTIFICATE.steps["freeze"])
        if locked.state != State.DRAFT:
            raise NoLongerPossible(CERTIFICATE.refusal(locked), locked)
        locked.content, locked.checks = dict(content), checks
        locked.save(update_fields=["content", "checks"])
        audit.record("certificate.collected", locked, by=by)
    certificate.content, certificate.checks = locked.content, locked.checks


def rotate_key(*, issuer: Organisation, algorithm: str, by: User) -> SigningKey:
    """Sign with a new key from now on; what the old one has signed stays valid."""
    if not rules.may_manage_keys(by, issuer.pk):
        raise NotAllowed(CERTIFICATE.steps["number"])
    with transaction.atomic():
        key = signing.register_new_key(issuer, algorithm, now=timezone.now(), retire=True)
        audit.record("signing_key.rotated", issuer, by=by, fragment=key.fragment)
    return key


def distrust_key(*, key: SigningKey, by: User, reason: str) -> int:
    """Believe nothing this key has signed: drop it, make a new one, and sign its credentials anew. Returns how many."""
    if not rules.may_manage_keys(by, key.issuer_id):
        raise NotAllowed(CERTIFICATE.steps["number"])
    with transaction.atomic():
        locked = SigningKey.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=key.pk)
        if locked.compromised_at:
            raise NoLongerPossible(_("This key is not trusted any more already."))
        locked.compromised_at, locked.reason = timezone.now(), reason
        locked.save(update_fields=["compromised_at", "reason"])
        signing.register_new_key(locked.issuer, locked.algorithm, now=timezone.now())
        audit.record("signing_key.compromised", locked.issuer, by=by, fragment=locked.fragment, reason=reason)
        return signing.publish_all_lists(locked.issuer)


def log_verification(*, way: str, result: str, certificate: Certificate | None) -> None:
    """Count that somebody checked a certificate; nothing about who."""
    VerificationLog.objects.create(way=way, result=result, certificate=certificate)


def _issue(certificate: Certificate, *, path: str, pdf: bytes, credential: str, jwt: str) -> None:
    now = timezone.now()
    with CERTIFICATE.take("issue", certificate, by=None) as locked:
        digest = content_hash(pdf)
        locked.pdf = StoredFile.objects.create(
            owner=locked.person.user if locked.person else None,
            purpose="certificates.document",
            name=f"{locked.number}.pdf",
            media_type="application/pdf",
            size=len(pdf),
            sha256=digest,
            path=path,
            object_type=locked._meta.label_lower,
            object_id=locked.pk,
        )
        locked.pdf_sha256, locked.credential, locked.jwt = digest, credential, jwt
        locked.credential_sha256 = content_hash(credential)
        locked.completed_at, locked.render_error = now, ""
        NumberRegister.objects.filter(number=locked.number).update(
            status=RegisterStatus.ISSUED, pdf_sha256=digest, credential_sha256=locked.credential_sha256
        )
        if locked.replaces:
            _replace(locked.replaces)
        _tell_holder(locked)
        _add_to_portfolio(locked)
        _complete_participation(locked)


def _credential_of(certificate: Certificate) -> tuple[str, str]:
    """Both signed forms of the credential, from the same snapshot as the pages."""
    issuer = certificate.programme.organisation
    unsigned = credentials.credential(
        certificate.data, certificate.issuance(), base=keys.credentials_base(), did=keys.did_of(issuer.slug)
    )
    created = datetime.fromisoformat(unsigned["validFrom"])
    signed = signing.sign_credential(unsigned, issuer, created=created)
    return json.dumps(signed, ensure_ascii=False, indent=1), signing.sign_jwt(credentials.as_claims(unsigned), issuer)


def _tell_holder(certificate: Certificate) -> None:
    """One mail, ever."""
    if not certificate.person:
        return
    outbox.queue(
        "certificates/email/issued",
        to=certificate.person,
        about=certificate,
        key=f"certificates.issued:{certificate.pk}",
        certificate=certificate,
    )


def _add_to_portfolio(certificate: Certificate) -> None:
    """The certificate as a verified entry that the holder may show and nobody can edit."""
    if not certificate.person:
        return
    language = certificate.data["languages"][0]
    with translation.override(language):
        portfolios.add_verified_entry(
            person=certificate.person,
            kind=EntryKind.CREDENTIAL,
            title=certificate.title,
            body=_("%(workload)s. Certificate %(number)s, can be checked at %(address)s")
            % {
                "workload": workload(certificate.data),
                "number": certificate.number,
                "address": certificate.verify_address,
            },
            source={"kind": "certificate", "id": str(certificate.uuid), "number": certificate.number},
            language=language,
            occurred_on=certificate.issued_on,
            replaces=f"certificate:{certificate.replaces.uuid}" if certificate.replaces else "",
        )


def _replace(old: Certificate) -> None:
    with CERTIFICATE.take("replace", old, by=None) as locked:
        _end(locked, RegisterStatus.REPLACED)


def _end(locked: Certificate, status: RegisterStatus) -> None:
    """What withdrawal and replacement have in common: the time, the register, the bit."""
    locked.ended_at = timezone.now()
    NumberRegister.objects.filter(number=locked.number).update(status=status, ended_at=locked.ended_at)
    if locked.status_entry:
        signing.withdraw_entries([locked.status_entry], locked.ended_at)


def _ask_for_files(locked: Certificate, attempt: str) -> None:
    jobs.enqueue("certificates.render", key=f"certificates.render:{locked.pk}:{attempt}", certificate_id=locked.pk)


def checks_of(certificate: Certificate) -> list[checking.Check]:
    """The whole check list of a certificate as it is now."""
    confirmed: list[dict[str, Any]] = []
    if certificate.participation:
        lines = collecting.lines_to_confirm(certificate.participation)
        if lines:
            ok = certificate.confirmed_at is not None
            confirmed = [{"key": "practice_confirmed", "ok": ok, "detail": ", ".join(lines)}]
    return checking.all_checks(certificate.data, [*certificate.checks, *confirmed])


def _complete_participation(certificate: Certificate) -> None:
    """With the certificate the participation is complete."""
    participation = certificate.participation
    if participation and participation.state == ParticipationState.ACTIVE:
        participations.complete_participation(participation=participation, by=None)


def _issues_at_once(programme: Programme) -> bool:
    """Whether the last approval issues, or an issue run does."""
    return bool(programme.room_settings("certificates").get("issue", "at_once") == "at_once")
