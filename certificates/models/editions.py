"""Files that were valid once and have been made anew, because the key that had signed them is no longer believed."""

from django.db import models
from django.utils import timezone

from certificates.models.certificates import Certificate
from credpoints.files.models import StoredFile


class FormerEdition(models.Model):
    """An earlier PDF and credential of a certificate: the same content, signed with a key that is withdrawn."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="former_editions")
    pdf = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    pdf_sha256 = models.CharField(max_length=64, unique=True)
    credential = models.TextField()
    credential_sha256 = models.CharField(max_length=64, unique=True)
    jwt = models.TextField(blank=True)
    ended_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.certificate_id} until {self.ended_at:%Y-%m-%d}"
