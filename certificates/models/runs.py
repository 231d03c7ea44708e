"""Issue runs: many certificates checked, approved and issued together."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from certificates.models.certificates import Certificate, State
from certificates.models.kinds import Kind
from credpoints.accounts.models import Role, User
from credpoints.organisations.models import Programme, programme_ids


class RunState(models.TextChoices):
    CHECKING = "checking", _("being checked")
    WAITING = "waiting", pgettext_lazy("issue run", "waiting for approval")
    HALF_APPROVED = "half_approved", pgettext_lazy("issue run", "waiting for a second approval")
    APPROVED = "approved", pgettext_lazy("issue run", "approved, not started")
    RUNNING = "running", pgettext_lazy("issue run", "issuing")
    PAUSED = "paused", _("paused")
    FINISHED = "finished", _("finished")
    DISCARDED = "discarded", pgettext_lazy("issue run", "discarded")


class Outcome(models.TextChoices):
    OPEN = "open", _("not checked yet")
    READY = "ready", _("ready")
    HELD_BACK = "held_back", _("held back")
    NUMBERED = "numbered", _("number given")
    REFUSED = "refused", _("refused")
    LEFT = "left", _("left out")


class IssueRunQuerySet(models.QuerySet["IssueRun"]):
    def visible_to(self, user: User | None) -> "IssueRunQuerySet":
        """Those of the programmes that somebody advises or administers."""
        return self.filter(programme__in=programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN))


class IssueRun(models.Model):
    """A batch of certificates on its way. Each keeps its own state; the run says what was decided for all."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=25, choices=Kind.choices)
    state = models.CharField(max_length=15, choices=RunState.choices, default=RunState.CHECKING)
    finished_from = models.DateField(_("finished from"), null=True, blank=True)
    finished_until = models.DateField(_("finished until"), null=True, blank=True)
    tells_holders = models.BooleanField(_("tell the holders by mail"), default=True)
    approvals_needed = models.PositiveSmallIntegerField(default=2)
    turn = models.PositiveIntegerField(default=0)  # only the jobs of the newest turn work on the run
    digest = models.CharField(max_length=64, blank=True)  # of all that is approved together
    first_approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    last_approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = IssueRunQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["programme", "-created_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="issue_run_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["checking", "waiting", "half_approved", "discarded"])
                | Q(last_approver__isnull=False) & ~Q(digest=""),
                name="approved_run_has_its_approver",
            ),
            models.CheckConstraint(
                condition=Q(first_approver=None) | ~Q(first_approver=models.F("last_approver")) | Q(last_approver=None),
                name="run_approved_by_two_different_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("certificates:run", args=[self.uuid])

    def failed(self) -> "models.QuerySet[IssueRunItem]":
        """What has its number, but whose files could not be made."""
        return self.items.filter(outcome=Outcome.NUMBERED, certificate__state=State.RENDER_FAILED)

    def counts(self) -> dict[str, int]:
        """How many items have which outcome, and how many of the numbered ones are issued or failed (two queries)."""
        found = {row["outcome"]: row["n"] for row in self.items.values("outcome").annotate(n=Count("pk"))}
        made = self.items.filter(outcome=Outcome.NUMBERED).values("certificate__state").annotate(n=Count("pk"))
        states = {row["certificate__state"]: row["n"] for row in made}
        failed = states.get(State.RENDER_FAILED, 0)
        under_way = sum(states.get(state, 0) for state in (State.NUMBERED, State.RENDERING))
        counted = {outcome.value: found.get(outcome.value, 0) for outcome in Outcome}
        return counted | {
            "total": sum(found.values()),
            "failed": failed,
            "under_way": under_way,
            "issued": counted["numbered"] - failed - under_way,
        }


class IssueRunItem(models.Model):
    """One certificate in a run, and what came of it."""

    run = models.ForeignKey(IssueRun, on_delete=models.CASCADE, related_name="items")
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    content_hash = models.CharField(max_length=64, blank=True)  # what the run's approvals are for
    findings = models.JSONField(default=list, blank=True)  # what held it back: [{"key": …, "detail": …}]
    refusal = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["run", "pk"]
        indexes = [models.Index(fields=["run", "outcome"])]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="run_outcome_known"),
            models.UniqueConstraint(fields=["run", "certificate"], name="certificate_once_in_a_run"),
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(outcome__in=["open", "ready"]),
                name="certificate_in_one_open_run",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.certificate_id}"
