"""Withdrawal, replacement and expiry of what was issued."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates import collecting, rules, signing
from certificates.actions.preparing import draft_certificate, with_languages_of
from certificates.content import Content
from certificates.models import (
    Certificate,
    NumberRegister,
    RegisterStatus,
    State,
    StatusEntry,
)
from certificates.workflow import CERTIFICATE
from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.jobs import actions as jobs
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible, NotAllowed
from portfolios import actions as portfolios

REMINDER = timedelta(days=60)

describe(
    {
        "certificate.replacement": gettext_lazy("A replacement was begun"),
    }
)


def revoke_certificate(
    *, certificate: Certificate, by: User, public_reason: str, internal_reason: str, mail: bool = True
) -> None:
    """Withdraw a certificate: the verify page, the register and the signed status list say so at once."""
    revoke_certificates(
        certificates=[certificate], by=by, public_reason=public_reason, internal_reason=internal_reason, mail=mail
    )


def revoke_certificates(
    *, certificates: Iterable[Certificate], by: User, public_reason: str, internal_reason: str, mail: bool = True
) -> int:
    """Withdraw many for one reason, all or none; each status list is signed once. Returns how many."""
    entries: list[StatusEntry] = []
    with transaction.atomic():
        for certificate in sorted(
            certificates, key=lambda one: one.pk
        ):  # one order, so that two cannot block each other
            with CERTIFICATE.take("revoke", certificate, by=by, reason=internal_reason or public_reason) as locked:
                _note_the_end(locked, RegisterStatus.REVOKED)
                locked.public_reason, locked.internal_reason = public_reason, internal_reason
                if locked.person:
                    portfolios.retire_verified_entry(person=locked.person, source_key=f"certificate:{locked.uuid}")
                if mail:
                    _tell_holder("revoked", locked)
            if certificate.status_entry:
                entries.append(certificate.status_entry)
        signing.withdraw_entries(entries, timezone.now())
    return len(entries)


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
    """Begin a replacement with what its source and the profile say today; without a source only the name is new."""
    found = collecting.collect_again(certificate)
    if found:
        content = with_languages_of(found.content, certificate)
    elif certificate.person:
        holder = {**certificate.data["holder"], "name": certificate.person.certificate_name}
        content = {**certificate.data, "holder": holder}  # type: ignore[typeddict-item]
    else:
        content = certificate.data
    return begin_replacement(certificate=certificate, content=content, by=by, reason=reason)


def plan_the_end(locked: Certificate) -> None:
    """For a certificate that expires: a reminder in good time, and the day itself."""
    if locked.valid_until is None:
        return
    after = datetime.combine(locked.valid_until + timedelta(days=1), time.min, ZoneInfo(locked.programme.time_zone))
    for name, moment in (("remind", after - REMINDER), ("expire", after)):
        jobs.enqueue(
            f"certificates.{name}", key=f"certificates.{name}:{locked.pk}", at=moment, certificate_id=locked.pk
        )


def remind_of_expiry(*, certificate_id: int) -> None:
    """Tell the holder that a certificate will expire; one that has ended, expired or was erased is left alone."""
    with transaction.atomic():
        locked = Certificate.objects.select_for_update(of=("self",)).filter(pk=certificate_id).first()
        if locked and locked.state == State.ISSUED and not locked.has_run_out(timezone.now()):
            _tell_holder("expires", locked)


def expire_certificate(*, certificate_id: int) -> None:
    """Mark a certificate whose last day is over: the verify page and the register say so. Safe to run twice."""
    certificate = Certificate.objects.select_related("programme").filter(pk=certificate_id).first()
    if certificate is None or certificate.state != State.ISSUED or not certificate.has_run_out(timezone.now()):
        return
    with CERTIFICATE.take("expire", certificate, by=None) as locked:
        _note_the_end(locked, RegisterStatus.EXPIRED)


def end_now(locked: Certificate, status: RegisterStatus) -> None:
    """What withdrawal and replacement have in common: the time, the register, the bit."""
    _note_the_end(locked, status)
    if locked.status_entry and locked.ended_at:
        signing.withdraw_entries([locked.status_entry], locked.ended_at)


def _note_the_end(locked: Certificate, status: RegisterStatus) -> None:
    locked.ended_at = timezone.now()
    NumberRegister.objects.filter(number=locked.number).update(status=status, ended_at=locked.ended_at)


def _tell_holder(what: str, locked: Certificate) -> None:
    """One mail of this kind, ever."""
    if locked.person:
        outbox.queue(
            f"certificates/email/{what}",
            to=locked.person,
            about=locked,
            key=f"certificates.{what}:{locked.pk}",
            certificate=locked,
        )
