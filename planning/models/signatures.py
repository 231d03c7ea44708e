"""What was proposed word for word, who signed it, and what was said about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credpoints.files.models import StoredFile
from planning.models.plans import Party, PlanVersion


class ProposedContent(models.Model):
    """What a version said when it was proposed: the page of a stale tab is compared with it."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="proposed_contents")
    content_hash = models.CharField(max_length=64)
    content = models.JSONField()
    proposed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "content_hash"], name="proposed_content_once")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.content_hash[:8]}"


class SignatureMethod(models.TextChoices):
    CLICK = "click", _("signed here")
    SCANNED = "scanned", _("signed on paper, scan kept")


class PlanSignature(models.Model):
    """One party signed exactly this content; an edit voids it and keeps it as history."""

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=15, choices=Party.choices)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signer_name = models.CharField(max_length=200)
    signer_position = models.CharField(max_length=200, blank=True)
    signer_email = models.EmailField(blank=True)
    content_hash = models.CharField(max_length=64)
    method = models.CharField(max_length=10, choices=SignatureMethod.choices, default=SignatureMethod.CLICK)
    scan = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(default=timezone.now)
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "party"], condition=Q(voided_at=None), name="one_valid_signature_per_party"
            ),
            models.CheckConstraint(condition=~Q(content_hash=""), name="signature_names_its_content"),
            models.CheckConstraint(
                condition=Q(method="click", signer__isnull=False) | Q(method="scanned", scan__isnull=False),
                name="signature_has_its_proof",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signer_name} ({self.get_party_display()})"


class PlanComment(models.Model):
    """A remark about a version or about one of its lines."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="comments")
    line_key = models.UUIDField(null=True, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("comment"))
    is_refusal = models.BooleanField(default=False)
    written_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]
