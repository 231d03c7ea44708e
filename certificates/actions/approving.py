"""Frozen content and the one or two people who approve it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates import checking, designs
from certificates.actions.issuing import number_certificate
from certificates.actions.preparing import checks_of
from certificates.content import hash_of, months_later
from certificates.days import day_at
from certificates.models import (
    Certificate,
    CertificateApproval,
    State,
)
from certificates.workflow import CERTIFICATE
from credpoints.accounts.models import User
from credpoints.organisations.models import Programme
from credpoints.workflow import NoLongerPossible


def freeze_certificate(*, certificate: Certificate, by: User) -> None:
    """Fix the content for approval. Refused with the open points while the check list is not complete."""
    with CERTIFICATE.take("freeze", certificate, by=by) as locked:
        version = designs.version_for(locked.programme_id, locked.kind)
        locked.content = designs.with_design(locked.data, version)
        locked.template_version = version
        locked.content["valid_until"] = locked.content["valid_until"] or _last_day(locked.programme)
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


def _last_day(programme: Programme) -> str:
    """How long certificates of the programme are valid, counted from the day they are submitted; empty is for ever."""
    months = programme.room_settings("certificates").get("valid_months")
    if not months:
        return ""
    return months_later(day_at(programme, timezone.now()), int(months)).isoformat()


def _issues_at_once(programme: Programme) -> bool:
    """Whether the last approval issues, or an issue run does."""
    return bool(programme.room_settings("certificates").get("issue", "at_once") == "at_once")
