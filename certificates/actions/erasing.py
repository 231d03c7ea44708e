"""Erasure of what a person's certificates say. The register of numbers stays, and so stays every index of a list."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.models import (
    OPEN,
    UNNUMBERED,
    Certificate,
    CertificateApproval,
    FormerEdition,
    IssueRunItem,
    NumberRegister,
)
from certificates.workflow import CERTIFICATE
from credpoints.accounts.models import Person, User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.files.actions import delete_file
from credpoints.files.models import StoredFile
from credpoints.organisations.models import Programme
from credpoints.organisations.rules import is_admin
from credpoints.outbox.models import OutboxMessage
from credpoints.workflow import NoLongerPossible, NotAllowed
from portfolios import actions as portfolios

describe({"certificates.erased": gettext_lazy("Content of %(count)s certificates of one person erased: %(numbers)s")})


def erase_certificates(*, person: Person, programme: Programme, by: User, reason: str) -> int:
    """Delete content, files, links, approvals and mails of all certificates of one person in this programme.

    Number, hashes and state stay in the register; whoever checks a number or an old file reads that it is genuine and
    that its content is gone. Refused while a file is being made. This cannot be undone. Returns how many were erased.
    """
    if not is_admin(by, programme.pk) or person.user_id == by.pk:
        raise NotAllowed(CERTIFICATE.steps["void"])
    with transaction.atomic():
        found = list(
            Certificate.objects.select_for_update(of=("self",))
            .filter(person=person, programme=programme)
            .order_by("-pk")  # a replacement goes before what it replaces
        )
        being_made = [one for one in found if one.state in OPEN and one.state not in UNNUMBERED]
        if being_made:
            raise NoLongerPossible(_("A certificate is just being made. Wait until it is issued, or make it void."))
        numbers = [one.number for one in found if one.number]
        for certificate in found:
            _erase(certificate)
        if found:
            audit.record(
                "certificates.erased", programme, by=by, reason=reason, count=len(found), numbers=", ".join(numbers)
            )
    return len(found)


def _erase(certificate: Certificate) -> None:
    """One certificate with everything that hangs on it."""
    about = Q(object_type=certificate._meta.label_lower, object_id=certificate.pk)
    if certificate.person:
        portfolios.retire_verified_entry(person=certificate.person, source_key=f"certificate:{certificate.uuid}")
    files = list(StoredFile.objects.filter(about, purpose="certificates.document"))
    for rows in (CertificateApproval, FormerEdition, IssueRunItem):
        rows.objects.filter(certificate=certificate).delete()
    OutboxMessage.objects.filter(about).delete()
    NumberRegister.objects.filter(certificate=certificate).update(certificate=None)
    certificate.delete()
    for file in files:
        delete_file(file=file)
