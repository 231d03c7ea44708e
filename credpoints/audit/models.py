"""What happened, for ever: rows are only added, in the transaction of the change they tell about."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone


class AppendOnly(Exception):
    """Raised when somebody tries to change or delete what has been recorded."""


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def about(self, thing: models.Model) -> "AuditEventQuerySet":
        """Events of one object, oldest first."""
        return self.filter(object_type=thing._meta.label_lower, object_id=thing.pk).order_by("sequence")

    def update(self, **_values: Any) -> NoReturn:
        raise AppendOnly("audit events are never changed")

    def delete(self) -> NoReturn:
        raise AppendOnly("audit events are never deleted")


class AuditEvent(models.Model):
    """One line of history: who did what to which object, with the hash of the line before.

    The chain runs per object and not over the whole table, so that two people never wait for each other.
    """

    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=100)
    object_type = models.CharField(max_length=100)
    object_id = models.PositiveBigIntegerField()
    sequence = models.PositiveIntegerField()
    programme_id = models.PositiveBigIntegerField(null=True)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["object_type", "object_id", "sequence"], name="one_event_per_place")
        ]
        indexes = [models.Index(fields=["programme_id", "at"])]

    def __str__(self) -> str:
        return f"{self.action} ({self.object_type} {self.object_id})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise AppendOnly("audit events are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("audit events are never deleted")
