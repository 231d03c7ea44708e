"""New keys, keys that nobody shall believe any more, and files that are signed anew because of them."""

import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates import rendering, rules, sealing, signing, storing
from certificates.actions.issuing import put_files, signed_forms
from certificates.models import Certificate, FormerEdition, SigningKey, State
from certificates.workflow import CERTIFICATE
from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.jobs import actions as jobs
from credpoints.organisations.models import Organisation
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible, NotAllowed

describe(
    {
        "signing_key.rotated": gettext_lazy("New signing key %(fragment)s"),
        "signing_key.compromised": gettext_lazy("Signing key %(fragment)s no longer trusted"),
        "certificate.signed_again": gettext_lazy("Signed again, because the former key is no longer trusted"),
    }
)
log = logging.getLogger(__name__)


def rotate_key(*, issuer: Organisation, algorithm: str, by: User) -> SigningKey:
    """Sign with a new key from now on; what the old one has signed stays valid."""
    if not rules.may_manage_keys(by, issuer.pk):
        raise NotAllowed(CERTIFICATE.steps["number"])
    with transaction.atomic():
        key = signing.register_new_key(issuer, algorithm, now=timezone.now(), retire=True)
        audit.record("signing_key.rotated", issuer, by=by, fragment=key.fragment)
    return key


def distrust_key(*, key: SigningKey, by: User, reason: str) -> int:
    """Believe nothing this key has signed: drop it, make a new one, sign status lists and valid certificates anew.

    The certificates are signed one by one by jobs; until then strangers' software refuses them. Returns how many.
    """
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
        signing.publish_all_lists(locked.issuer)
        waiting = list(signing.signed_with(locked).filter(state=State.ISSUED).values_list("pk", flat=True))
        for certificate_id in waiting:
            jobs.enqueue(
                "certificates.sign_again",
                key=f"certificates.sign_again:{certificate_id}:{locked.pk}",
                certificate_id=certificate_id,
            )
    return len(waiting)


def sign_again(*, certificate_id: int) -> None:
    """Make the files of a valid certificate anew with today's key, from the same snapshot; tell the holder.

    The number, the code and the content stay; the former files are kept and their hashes stay known. Safe to run twice:
    a certificate whose keys are trusted is left alone.
    """
    found = Certificate.objects.for_pages().select_related("status_entry__status_list", "replaces")
    certificate = found.filter(pk=certificate_id).first()  # it may have been erased meanwhile
    if certificate is None or certificate.state != State.ISSUED or signing.is_believed(certificate):
        return
    credential, jwt = signed_forms(certificate, created=timezone.now())
    pages = rendering.render_pdf(
        certificate.data, certificate.issuance(), credential=credential, address=certificate.verify_address
    )
    pdf = sealing.seal(pages, number=certificate.number or "")
    path = storing.write_once(pdf)
    try:
        changed = _put_new_edition(certificate, path=path, pdf=pdf, credential=credential, jwt=jwt)
    except BaseException:
        storing.throw_away(path)
        raise
    if not changed:
        storing.throw_away(path)


def _put_new_edition(certificate: Certificate, *, path: str, pdf: bytes, credential: str, jwt: str) -> bool:
    """Exchange the files in one transaction. False when another worker was faster or the certificate has ended."""
    with transaction.atomic():
        locked = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
        if locked.state != State.ISSUED or locked.credential != certificate.credential or locked.pdf is None:
            log.info("certificate %s was signed again by another worker", certificate.pk)
            return False
        FormerEdition.objects.create(
            certificate=locked,
            pdf=locked.pdf,
            pdf_sha256=locked.pdf_sha256,
            credential=locked.credential,
            credential_sha256=locked.credential_sha256,
            jwt=locked.jwt,
        )
        put_files(locked, path=path, pdf=pdf, credential=credential, jwt=jwt)
        locked.save(update_fields=["pdf", "pdf_sha256", "credential", "credential_sha256", "jwt"])
        audit.record("certificate.signed_again", locked, by=None)
        if locked.person:
            outbox.queue(
                "certificates/email/signed_again",
                to=locked.person,
                about=locked,
                key=f"certificates.signed_again:{locked.pk}:{locked.credential_sha256}",
                certificate=locked,
            )
    return True
