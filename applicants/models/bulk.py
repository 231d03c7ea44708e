"""One step for many applications: a run that the database keeps, and what came of each."""

import uuid

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants.models.applications import Application
from credpoints.accounts.models import Role, User
from credpoints.organisations.models import Programme, programme_ids


class BulkStep(models.TextChoices):
    START_REVIEW = "start_review", _("Start the review")
    TAKE_OVER = "take_over", _("Look after them myself")
    RELEASE = "release", _("Release prepared decisions")


class BulkRunQuerySet(models.QuerySet["BulkRun"]):
    def visible_to(self, user: User | None) -> "BulkRunQuerySet":
        """The runs of the programmes whose applications somebody handles, colleagues' too."""
        return self.filter(programme__in=programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN))


class BulkRun(models.Model):
    """A step that somebody asked for, with the applications it was asked for."""

    # The confirmation page draws it: sending that page twice asks for one run.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=20, choices=BulkStep.choices)
    chosen = models.JSONField()  # in this order: [application, prepared decision or null]
    total = models.PositiveIntegerField()
    left_out = models.PositiveIntegerField(default=0)  # chosen too, but the step did not concern them
    sends_mail = models.BooleanField(default=True)  # False: nobody is told, whatever was prepared
    query = models.CharField(max_length=500, blank=True)  # the list's filter, to lead back
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = BulkRunQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["programme", "-asked_at"], name="bulk_runs_by_time")]
        constraints = [
            models.CheckConstraint(condition=Q(step__in=BulkStep.values), name="known_bulk_step"),
            models.CheckConstraint(condition=Q(total__gt=0), name="bulk_run_has_items"),
        ]

    def __str__(self) -> str:
        return str(BulkStep(self.step).label)

    def get_absolute_url(self) -> str:
        return reverse("applicants:bulk_run", args=[self.programme.slug, self.uuid])

    @property
    def job_key(self) -> str:
        """The job that works on this run."""
        return f"applicants.bulk:{self.pk}"

    def counts(self) -> dict[str, int]:
        """How many were done, refused and failed (one query)."""
        found = dict(self.items.order_by().values_list("outcome").annotate(Count("pk")))
        return {outcome.value: found.get(outcome.value, 0) for outcome in BulkOutcome}


class BulkOutcome(models.TextChoices):
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")
    FAILED = "failed", _("did not work")


class BulkItem(models.Model):
    """What came of one application of a run; written in the transaction of its step, so each is done once."""

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="items")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=10, choices=BulkOutcome.choices)
    why = models.TextField(blank=True)  # in the words and the language of who asked
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "application"], name="one_result_per_application"),
            models.CheckConstraint(condition=Q(outcome__in=BulkOutcome.values), name="known_bulk_outcome"),
            models.CheckConstraint(condition=Q(outcome="done") | ~Q(why=""), name="refusal_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.get_outcome_display()}"
