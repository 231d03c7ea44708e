"""A certificate from the first draft to its end, and who approved it."""

import uuid
from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from certificates.content import Content, Issuance
from certificates.days import day_at
from certificates.models.kinds import Kind
from certificates.models.signing import StatusEntry
from certificates.models.templates import TemplateVersion
from credpoints.accounts.models import Person, Role, User
from credpoints.common.translated import text_in
from credpoints.files.models import StoredFile
from credpoints.organisations.models import Programme, programme_ids
from planning.models import Participation


class State(models.TextChoices):
    DRAFT = "draft", _("being prepared")
    FROZEN = "frozen", _("waiting for approval")
    HALF_APPROVED = "half_approved", _("waiting for a second approval")
    APPROVED = "approved", _("approved")
    NUMBERED = "numbered", _("numbered, waiting to be made")
    RENDERING = "rendering", _("being made")
    RENDER_FAILED = "render_failed", _("could not be made")
    ISSUED = "issued", _("valid")
    REVOKED = "revoked", pgettext_lazy("certificate", "withdrawn")
    REPLACED = "replaced", _("replaced")
    EXPIRED = "expired", _("expired")
    VOID = "void", _("number void")
    DISCARDED = "discarded", _("discarded")


UNNUMBERED = (State.DRAFT, State.FROZEN, State.HALF_APPROVED, State.APPROVED, State.DISCARDED)


OPEN = (
    State.DRAFT,
    State.FROZEN,
    State.HALF_APPROVED,
    State.APPROVED,
    State.NUMBERED,
    State.RENDERING,
    State.RENDER_FAILED,
)


PUBLISHED = (State.ISSUED, State.REVOKED, State.REPLACED, State.EXPIRED)


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: User | None) -> "CertificateQuerySet":
        """All of the programmes that somebody advises or administers; a learner sees the own ones once made."""
        if user is None or not user.is_authenticated:
            return self.none()
        staffed = programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN)
        return self.filter(Q(programme__in=staffed) | Q(person__user=user, state__in=PUBLISHED))

    def managed_by(self, user: User | None) -> "CertificateQuerySet":
        """The register of the programmes where the person works."""
        return self.filter(programme__in=programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN))

    def published(self) -> "CertificateQuerySet":
        """Those that were issued once, whatever became of them since."""
        return self.filter(state__in=PUBLISHED)

    def for_pages(self) -> "CertificateQuerySet":
        """With programme, people and file, in one query."""
        return self.select_related("programme__organisation", "person__user", "pdf", "first_approver__person")


class Certificate(models.Model):
    """One certificate. After the number is given, its content and files never change; corrections are new rows."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=25, choices=Kind.choices, default=Kind.PROGRAMME_INDIVIDUAL)
    state = models.CharField(max_length=15, choices=State.choices, default=State.DRAFT)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Where it was collected from, when that is no participation: "enrolment:<uuid>", "results:<uuid of the person>" …
    source_key = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    content = models.JSONField(default=dict)
    template_version = models.ForeignKey(
        TemplateVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    checks = models.JSONField(default=list)  # what the collector found: [{"key", "ok", "detail"}]
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)  # practice and whatever has no course
    fee_settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    fee_settled_at = models.DateTimeField(null=True, blank=True)
    fee_reason = models.CharField(max_length=300, blank=True)  # how it is known: receipt, exemption …
    content_hash = models.CharField(max_length=64, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    tells_holder = models.BooleanField(default=True)  # by mail, when it is issued
    approvals_needed = models.PositiveSmallIntegerField(default=2)
    first_approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    number = models.CharField(_("number"), max_length=30, null=True, blank=True, unique=True)
    code = models.CharField(max_length=30, null=True, blank=True, unique=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    status_entry = models.OneToOneField(StatusEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    attempts = models.PositiveSmallIntegerField(default=0)
    render_error = models.TextField(blank=True)
    pdf = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    credential = models.TextField(blank=True)  # exactly what was signed
    credential_sha256 = models.CharField(max_length=64, blank=True)
    jwt = models.TextField(blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    valid_until = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # withdrawn, replaced or expired
    public_reason = models.CharField(_("reason for the public"), max_length=300, blank=True)
    internal_reason = models.CharField(_("reason for the file"), max_length=1000, blank=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replacements")

    objects = CertificateQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["programme", "state", "-created_at"]),
            models.Index(fields=["person", "state"]),
            models.Index(fields=["pdf_sha256"]),
            models.Index(fields=["credential_sha256"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="certificate_state_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="certificate_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "discarded"]) | ~Q(content_hash=""),
                name="frozen_certificate_has_a_hash",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in UNNUMBERED])
                | Q(
                    number__isnull=False, code__isnull=False, issued_at__isnull=False, issued_on__isnull=False,
                    status_entry__isnull=False,
                ),
                name="numbered_certificate_has_number_and_code",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[s.value for s in PUBLISHED])
                | Q(pdf__isnull=False) & ~Q(pdf_sha256="") & ~Q(credential="") & Q(completed_at__isnull=False),
                name="issued_certificate_has_its_files",
            ),
            models.CheckConstraint(
                condition=~Q(state="revoked") | Q(ended_at__isnull=False) & ~Q(public_reason=""),
                name="withdrawn_certificate_has_a_reason",
            ),
            models.UniqueConstraint(
                fields=["participation", "kind"],
                condition=Q(state__in=[s.value for s in OPEN], replaces=None),
                name="one_open_certificate_per_participation",
            ),
            models.CheckConstraint(
                condition=Q(fee_settled_at=None) | Q(fee_settled_by__isnull=False) & ~Q(fee_reason=""),
                name="settled_fee_has_person_and_reason",
            ),
            # One certificate for one source; of results that grow there may be many transcripts, one after the other.
            models.UniqueConstraint(
                fields=["person", "source_key", "kind"],
                condition=~Q(source_key="")
                & Q(replaces=None)
                & (
                    Q(state__in=[s.value for s in OPEN])
                    | Q(state__in=["issued", "replaced", "expired"]) & ~Q(kind="transcript")
                ),
                name="one_certificate_per_source",
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=Q(state__in=[s.value for s in (*OPEN, *PUBLISHED)]),
                name="one_replacement_per_certificate",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number or str(_("certificate without number"))

    def get_absolute_url(self) -> str:
        return reverse("certificates:certificate", args=[self.uuid])

    @property
    def data(self) -> Content:
        """The content with its type."""
        content: Content = self.content
        return content

    @property
    def holder_name(self) -> str:
        return str(self.content.get("holder", {}).get("name", ""))

    @property
    def title(self) -> str:
        return text_in(self.content.get("title", {}))

    @property
    def verify_path(self) -> str:
        return reverse("certificates:verify_code", args=[self.code])

    @property
    def verify_address(self) -> str:
        """What the QR code says, and what stands beside it."""
        return f"{settings.BASE_URL}{self.verify_path}"

    @property
    def is_published(self) -> bool:
        return self.state in PUBLISHED

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def issuance(self) -> Issuance:
        """What the number added to the content."""
        if not (self.number and self.code and self.issued_at and self.issued_on and self.status_entry):
            raise ValueError("this certificate has no number yet")
        return {
            "number": self.number,
            "uuid": str(self.uuid),
            "code": self.code,
            "issued_at": self.issued_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "issued_on": self.issued_on.isoformat(),
            "status_list": self.status_entry.status_list.number,
            "status_index": self.status_entry.index,
            "replaces": (self.replaces.number or "") if self.replaces else "",
        }

    def expires_before(self, day: date) -> bool:
        """Whether its last day lies before this one; a certificate without end never expires."""
        return self.valid_until is not None and self.valid_until < day

    def has_run_out(self, now: datetime) -> bool:
        """Whether its last day is over where the programme is; the job that writes this down may be late."""
        return self.expires_before(day_at(self.programme, now))


class CertificateApproval(models.Model):
    """Who approved which content; stays when the certificate was opened again."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="approvals")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.approver_id} {self.at:%Y-%m-%d}"
