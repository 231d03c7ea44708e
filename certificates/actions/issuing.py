"""The number, the files, and what follows when a certificate is issued."""

import json
import logging
from datetime import date, datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from certificates import codes, credentials, keys, rendering, sealing, signing, storing, typesetting
from certificates.actions.ending import end_now, plan_the_end
from certificates.content import workload
from certificates.days import day_at
from certificates.models import (
    Certificate,
    NumberRegister,
    RegisterStatus,
)
from certificates.workflow import CERTIFICATE
from credpoints.accounts.models import User
from credpoints.common.tokens import content_hash
from credpoints.common.translated import text_in
from credpoints.files.models import StoredFile
from credpoints.jobs import actions as jobs
from credpoints.numbers.actions import next_number, write_number
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible
from planning.actions import participations
from planning.models import ParticipationState
from portfolios import actions as portfolios
from portfolios.models import EntryKind

log = logging.getLogger(__name__)


def number_certificate(*, certificate: Certificate, by: User | None) -> None:
    """Give the next number of the year, without gap, and start the making. The number is never given again."""
    now = timezone.now().replace(microsecond=0)
    with CERTIFICATE.take("number", certificate, by=by) as locked:
        issuer = locked.programme.organisation
        day = day_at(locked.programme, now)
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
            issuer=issuer,
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
    related = ("programme__organisation", "status_entry__status_list", "replaces")
    certificate = (
        Certificate.objects.select_related(*related).defer("status_entry__status_list__document").get(pk=certificate_id)
    )
    try:
        with CERTIFICATE.take("begin_rendering", certificate, by=None) as locked:
            locked.attempts += 1
    except NoLongerPossible:
        return
    with typesetting.collecting_later():
        signed, jwt = signed_forms(certificate)
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


def _issue(certificate: Certificate, *, path: str, pdf: bytes, credential: str, jwt: str) -> None:
    now = timezone.now()
    with CERTIFICATE.take("issue", certificate, by=None) as locked:
        put_files(locked, path=path, pdf=pdf, credential=credential, jwt=jwt, status=RegisterStatus.ISSUED)
        locked.completed_at, locked.render_error = now, ""
        plan_the_end(locked)
        if locked.replaces:
            _replace(locked.replaces)
        _tell_holder(locked)
        _add_to_portfolio(locked)
        _complete_participation(locked)


def put_files(
    locked: Certificate, *, path: str, pdf: bytes, credential: str, jwt: str, **register: RegisterStatus
) -> None:
    """Name the stored file and the credential in the locked row, and their hashes and more in the register."""
    if not storing.is_there(path):  # this worker slept for so long that its file was cleared away
        raise FileNotFoundError(path)
    locked.pdf_sha256, locked.credential_sha256 = content_hash(pdf), content_hash(credential)
    locked.pdf = StoredFile.objects.create(
        owner=locked.person.user if locked.person else None,
        purpose="certificates.document",
        name=f"{locked.number}.pdf",
        media_type="application/pdf",
        size=len(pdf),
        sha256=locked.pdf_sha256,
        path=path,
        object_type=locked._meta.label_lower,
        object_id=locked.pk,
    )
    locked.credential, locked.jwt = credential, jwt
    NumberRegister.objects.filter(number=locked.number).update(
        pdf_sha256=locked.pdf_sha256, credential_sha256=locked.credential_sha256, **register
    )


def signed_forms(certificate: Certificate, created: datetime | None = None) -> tuple[str, str]:
    """Both signed forms of the credential, from the same snapshot as the pages. `created` is when it was signed."""
    issuer = certificate.programme.organisation
    unsigned = credentials.credential(
        certificate.data, certificate.issuance(), base=keys.credentials_base(), did=keys.did_of(issuer.slug)
    )
    created = created or datetime.fromisoformat(unsigned["validFrom"])
    signed, jwt = signing.sign_both(unsigned, credentials.as_claims(unsigned), issuer, created=created)
    return json.dumps(signed, ensure_ascii=False, indent=1), jwt


def _tell_holder(certificate: Certificate) -> None:
    """One mail, ever; none when the issue run was told to stay silent."""
    if not certificate.person or not certificate.tells_holder:
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
        end_now(locked, RegisterStatus.REPLACED)


def _ask_for_files(locked: Certificate, attempt: str) -> None:
    jobs.enqueue("certificates.render", key=f"certificates.render:{locked.pk}:{attempt}", certificate_id=locked.pk)


def _complete_participation(certificate: Certificate) -> None:
    """With the certificate the participation is complete."""
    participation = certificate.participation
    if participation and participation.state == ParticipationState.ACTIVE:
        participations.complete_participation(participation=participation, by=None)
