"""The holder's links: made, opened, withdrawn."""

import uuid
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy

from certificates import rules
from certificates.models import Certificate, ShareLink
from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.common.tokens import new_token, token_hash

describe(
    {
        "certificate_link.made": gettext_lazy("Link made for “%(label)s”"),
        "certificate_link.withdrawn": gettext_lazy("Link withdrawn"),
    }
)


def share_certificate(
    *,
    certificate: Certificate,
    by: User,
    label: str,
    days: int,
    shows_parts: bool,
    shows_grades: bool,
    link_uuid: uuid.UUID,
) -> str:
    """Make a link that shows one reader what the holder chose. Returns its token, which is told once and never stored.

    `link_uuid` comes from the form, so that sending it twice makes one link: the second time the token is empty.
    """
    if not rules.is_holder(by, certificate) or not certificate.is_published:
        raise PermissionDenied
    token, now = new_token(), timezone.now()
    with transaction.atomic():
        link, created = ShareLink.objects.get_or_create(
            uuid=link_uuid,
            certificate=certificate,
            defaults={
                "label": label,
                "token_hash": token_hash(token),
                "shows_parts": shows_parts,
                "shows_grades": shows_parts and shows_grades,
                "created_at": now,
                "expires_at": now + timedelta(days=days),
            },
        )
        if created:
            audit.record("certificate_link.made", link, by=by, label=label)
    return token if created else ""


def withdraw_link(*, link: ShareLink, by: User) -> None:
    """Close a link at once for everybody who has it; doing it twice changes nothing."""
    if not rules.is_holder(by, link.certificate):
        raise PermissionDenied
    with transaction.atomic():
        locked = ShareLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        if locked.withdrawn_at is None:
            locked.withdrawn_at = timezone.now()
            locked.save(update_fields=["withdrawn_at"])
            audit.record("certificate_link.withdrawn", locked, by=by)


def note_opening(*, link: ShareLink) -> None:
    """Count an opening; who opened it is not kept."""
    ShareLink.objects.filter(pk=link.pk).update(opens=F("opens") + 1, last_opened_at=timezone.now())
