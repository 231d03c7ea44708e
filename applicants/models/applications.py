"""One person's application to one programme: states, words for them, and whose it is."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants.models.forms import FormVersion
from applicants.names import country_name
from credpoints.accounts.models import Person, Role, User
from credpoints.organisations.models import Programme, programme_ids


class State(models.TextChoices):
    """States as staff read them; `words_for_applicant` says the same to applicants."""

    DRAFT = "draft", _("being filled in")
    SUBMITTED = "submitted", _("new")
    IN_REVIEW = "in_review", _("in review")
    NEEDS_INFORMATION = "needs_information", _("waiting for information")
    INVITED = "invited", _("invited")
    CONSULTED = "consulted", _("consultation done")
    ACCEPTED = "accepted", _("accepted")
    WAITLISTED = "waitlisted", _("on the waiting list")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")


FOR_APPLICANTS = {
    State.DRAFT: _("not sent yet"),
    State.SUBMITTED: _("received"),
    State.IN_REVIEW: _("being read by our advisors"),
    State.NEEDS_INFORMATION: _("we need something from you"),
    State.INVITED: _("you are invited to a consultation"),
    State.CONSULTED: _("consultation done, decision to come"),
    State.ACCEPTED: _("accepted"),
    State.WAITLISTED: _("on the waiting list"),
    State.REJECTED: _("not accepted"),
    State.WITHDRAWN: _("withdrawn by you"),
    State.EXPIRED: _("expired without being sent"),
}
TONES = {
    State.SUBMITTED: "current",
    State.IN_REVIEW: "current",
    State.NEEDS_INFORMATION: "warning",
    State.INVITED: "current",
    State.CONSULTED: "current",
    State.ACCEPTED: "good",
    State.WAITLISTED: "warning",
    State.REJECTED: "bad",
}
FINAL = frozenset({State.ACCEPTED, State.REJECTED, State.WITHDRAWN, State.EXPIRED})
ENDED = frozenset({State.REJECTED, State.WITHDRAWN, State.EXPIRED})


class Overall(models.TextChoices):
    """The sum of the eligibility check."""

    MET = "met", _("all rules met")
    MANUAL = "manual", _("needs a look")
    NOT_MET = "not_met", _("a rule is not met")


class ApplicationQuerySet(models.QuerySet["Application"]):
    def owned_by(self, user: User | None) -> "ApplicationQuerySet":
        """The applicant's own."""
        if user is None or not user.is_authenticated:
            return self.none()
        return self.filter(person__user=user)

    def handled_by(self, user: User | None) -> "ApplicationQuerySet":
        """What the staff of a programme work with: everything that has been handed in."""
        mine = programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN)
        return self.filter(programme__in=mine, submitted_at__isnull=False)

    def visible_to(self, user: User | None) -> "ApplicationQuerySet":
        """One's own, and for staff those of their programmes that have been handed in."""
        if user is None or not user.is_authenticated:
            return self.none()
        mine = programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN)
        return self.filter(Q(person__user=user) | Q(programme__in=mine, submitted_at__isnull=False))

    def running(self) -> "ApplicationQuerySet":
        """Neither rejected, withdrawn nor expired."""
        return self.exclude(state__in=ENDED)


class Application(models.Model):
    """One person's application to one programme, on the form version that was current when it began."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=30, unique=True, null=True, blank=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    begun_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(null=True, blank=True)
    last_section = models.CharField(max_length=40, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(default=timezone.now)  # since when the state is what it is
    snapshot = models.JSONField(default=dict, blank=True)  # the answers as handed in
    snapshot_hash = models.CharField(max_length=64, blank=True)
    overall = models.CharField(max_length=10, choices=Overall.choices, blank=True)
    country_of_degree = models.CharField(max_length=2, blank=True)
    field_of_study = models.CharField(max_length=4, blank=True)
    advisor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    waiting_rank = models.PositiveIntegerField(null=True, blank=True)
    reason_for_applicant = models.TextField(blank=True)
    delete_after = models.DateField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    place_returned_at = models.DateTimeField(null=True, blank=True)  # accepted, but left the programme later

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "programme"],
                condition=~Q(state__in=["rejected", "withdrawn", "expired"]),
                name="one_running_application_per_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn", "expired"])
                | Q(submitted_at__isnull=False, number__isnull=False),
                name="handed_in_has_time_and_number",
            ),
            models.CheckConstraint(
                condition=Q(state="waitlisted", waiting_rank__isnull=False)
                | ~Q(state="waitlisted") & Q(waiting_rank__isnull=True),
                name="waiting_means_a_rank",
            ),
            models.UniqueConstraint(fields=["programme", "waiting_rank"], name="one_application_per_rank"),
        ]
        indexes = [
            models.Index(fields=["programme", "state", "submitted_at"], name="applications_by_state"),
            models.Index(fields=["programme", "submitted_at"], name="applications_by_time"),
            models.Index(fields=["programme", "moved_at", "id"], name="applications_by_waiting"),
            models.Index(fields=["programme", "overall"], name="applications_by_result"),
        ]

    def __str__(self) -> str:
        return self.number or f"{_('Draft')} ({self.begun_at:%Y-%m-%d})"

    def get_absolute_url(self) -> str:
        return reverse("applicants:application", args=[self.uuid])

    @property
    def dossier_url(self) -> str:
        """Where staff read it."""
        return reverse("applicants:dossier", args=[self.uuid])

    @property
    def degree_country(self) -> str:
        """The country of the degree, by name."""
        return country_name(self.country_of_degree) if self.country_of_degree else ""

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def words_for_applicant(self) -> Any:
        return FOR_APPLICANTS[State(self.state)]

    @property
    def tone(self) -> str:
        return TONES.get(State(self.state), "neutral")

    @property
    def answer_due(self) -> datetime | None:
        """Until when we promised to answer."""
        if not self.submitted_at:
            return None
        return self.submitted_at + timedelta(days=self.programme.answer_within_days)

    @property
    def waits_for_us(self) -> bool:
        return self.state in {State.SUBMITTED, State.IN_REVIEW, State.CONSULTED}
