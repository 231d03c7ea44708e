"""Private files: sniffed, hashed, and served only through a permission check."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from credpoints.accounts.models import User
from credpoints.common.tokens import new_token


class StoredFile(models.Model):
    """A file that somebody handed in or the application made. Its bytes never change."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=60)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=300, unique=True)
    object_type = models.CharField(max_length=100, blank=True)
    object_id = models.PositiveBigIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["object_type", "object_id"])]
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="stored_file_not_empty")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("files:download", args=[self.uuid])


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: User | None) -> "UploadQuerySet":
        """One's own uploads that are still running."""
        if user is None or not user.is_authenticated:
            return self.none()
        return self.filter(owner=user)


def new_upload_token() -> str:
    return new_token()[:40]


class Upload(models.Model):
    """A file on its way in pieces, so that a broken connection costs one piece and not the file."""

    token = models.CharField(max_length=64, unique=True, default=new_upload_token)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=60)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    stored_file = models.OneToOneField(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = UploadQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(received__lte=F("size")), name="upload_within_its_size")]

    def __str__(self) -> str:
        return f"{self.name} ({self.received}/{self.size})"
