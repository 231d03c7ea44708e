"""Withdrawal, replacement and expiry of what was issued."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates import collecting, rules, signing
from certificates.actions.preparing import draft_certificate
from certificates.content import Content
from certificates.models import (
    Certificate,
    NumberRegister,
    RegisterStatus,
    State,
)
from certificates.workflow import CERTIFICATE
from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible, NotAllowed
from portfolios import actions as portfolios

describe(
    {
        "certificate.replacement": gettext_lazy("A replacement was begun"),
    }
)


def revoke_certificate(
    *, certificate: Certificate, by: User, public_reason: str, internal_reason: str, mail: bool = True
) -> None:
    """Withdraw a certificate: the verify page, the register and the signed status list say so at once."""
    with CERTIFICATE.take("revoke", certificate, by=by, reason=internal_reason or public_reason) as locked:
        end_now(locked, RegisterStatus.REVOKED)
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


def end_now(locked: Certificate, status: RegisterStatus) -> None:
    """What withdrawal and replacement have in common: the time, the register, the bit."""
    locked.ended_at = timezone.now()
    NumberRegister.objects.filter(number=locked.number).update(status=status, ended_at=locked.ended_at)
    if locked.status_entry:
        signing.withdraw_entries([locked.status_entry], locked.ended_at)
