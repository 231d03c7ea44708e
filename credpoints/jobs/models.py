"""Work that may fail later: the row is the truth, the broker is only a doorbell."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import User


class JobState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: User | None) -> "JobQuerySet":
        """What somebody asked for themselves; what the system began has no reader."""
        if user is None or not user.is_authenticated:
            return self.none()
        return self.filter(asked_by=user)


class Job(models.Model):
    """One piece of work, written in the transaction that wants it, done by a worker after the commit."""

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    # Of the attempts, those that ended because the worker died: no fault of the work, so they are counted apart.
    deaths = models.PositiveSmallIntegerField(default=0)
    available_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    rung_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["available_at"], condition=Q(state="waiting"), name="jobs_waiting"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="jobs_running"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="known_job_state"),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False), name="running_job_has_lease"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"

    @property
    def percent(self) -> int:
        return 100 if self.state == JobState.DONE else (100 * self.done // self.total if self.total else 0)


class Message(models.Model):
    """One message of the embedded broker: leased while a worker holds it, deleted when it is acknowledged."""

    queue = models.CharField(max_length=100)
    tag = models.CharField(max_length=64, unique=True)
    payload = models.TextField()
    visible_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["queue", "visible_at", "id"])]

    def __str__(self) -> str:
        return f"{self.queue}: {self.tag}"
