"""Applications, the survey they answer, and what is decided about them."""

import unicodedata
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from applicants import eligibility
from applicants.names import country_name
from applicants.survey import Survey
from credpoints.accounts.models import Person, Role, User
from credpoints.common.translated import TranslatedField, text_in
from credpoints.organisations.models import Programme, programme_ids


class FormState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("replaced")


class FormVersionQuerySet(models.QuerySet["FormVersion"]):
    def visible_to(self, user: User | None) -> "FormVersionQuerySet":
        """The forms of the programmes that somebody administers."""
        return self.filter(programme__in=programme_ids(user, Role.PROGRAMME_ADMIN))

    def published(self) -> "FormVersionQuerySet":
        return self.filter(state=FormState.PUBLISHED)


class FormVersion(models.Model):
    """One version of a programme's survey. Publishing freezes it; running applications keep theirs."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=FormState.choices, default=FormState.DRAFT)
    content = models.JSONField()
    changed_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = FormVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="one_form_per_number"),
            models.UniqueConstraint(
                fields=["programme"], condition=Q(state="published"), name="one_published_form_per_programme"
            ),
            models.UniqueConstraint(fields=["programme"], condition=Q(state="draft"), name="one_draft_form"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False), name="published_form_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme}: {_('survey')} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to change the content of a frozen version."""
        if self.pk and FormVersion.objects.exclude(state=FormState.DRAFT).filter(pk=self.pk).exists():
            kept = FormVersion.objects.values_list("content", flat=True).get(pk=self.pk)
            if kept != self.content:
                raise ValueError("a published form is never changed; make a new version")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("applicants:form", args=[self.programme.slug])

    @cached_property
    def survey(self) -> Survey:
        return Survey.read(self.content)


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


class Answer(models.Model):
    """What was typed at one place of the survey, as typed."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="answers")
    address = models.CharField(max_length=120)
    value = models.JSONField(null=True)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "address"], name="one_answer_per_address")]

    def __str__(self) -> str:
        return self.address


class AnswerRevision(models.Model):
    """What stood at a place before: nothing typed is lost, also when two windows disagree."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="revisions")
    value = models.JSONField(null=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.at:%Y-%m-%d %H:%M}"


class ResumeLink(models.Model):
    """A way back into a survey by mail: a link for any device, a code for the one in use. Used once, then dead."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at:%Y-%m-%d %H:%M}"


class Severity(models.TextChoices):
    MUST = "must", _("must")
    SHOULD = "should", _("should")


class EligibilityRule(models.Model):
    """One rule of a programme, as the administrator wrote it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    key = models.SlugField(max_length=40)
    kind = models.CharField(max_length=30, choices=eligibility.KINDS.items())
    params = models.JSONField(default=dict, blank=True)
    message = TranslatedField(_("the rule in plain words"))
    severity = models.CharField(max_length=10, choices=Severity.choices, default=Severity.MUST)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["programme", "key"], name="one_rule_per_key")]

    def __str__(self) -> str:
        return text_in(self.message)

    @property
    def as_data(self) -> eligibility.Rule:
        return eligibility.Rule(self.key, self.kind, self.params, self.severity)


class CheckResult(models.TextChoices):
    MET = "met", _("met")
    NOT_MET = "not_met", _("not met")
    MANUAL = "manual", _("to be looked at")
    OVERRIDDEN = "overridden", _("accepted by an advisor")


class EligibilityCheck(models.Model):
    """What one rule found about one application, with the values used; an advisor may override it with a reason."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="checks")
    key = models.SlugField(max_length=40)
    kind = models.CharField(max_length=30)
    message = TranslatedField()
    severity = models.CharField(max_length=10, choices=Severity.choices)
    position = models.PositiveSmallIntegerField(default=0)
    found = models.CharField(max_length=12, choices=CheckResult.choices)
    result = models.CharField(max_length=12, choices=CheckResult.choices)
    values = models.JSONField(default=dict)
    checked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "key"], name="one_check_per_rule"),
            models.CheckConstraint(
                condition=~Q(result="overridden") | (~Q(reason="") & Q(decided_by__isnull=False)),
                name="override_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.result}"

    @property
    def explanation(self) -> str:
        return eligibility.explain(self.kind, self.values)

    @property
    def tone(self) -> str:
        return {"met": "good", "overridden": "good", "manual": "warning", "not_met": "bad"}[self.result]


class InformationRequest(models.Model):
    """A question back to the applicant, on named answers."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="information_requests")
    addresses = models.JSONField(default=list)  # the only answers that may change
    text = models.TextField(_("what is missing"))
    due_on = models.DateField(null=True, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(answered_at=None), name="one_open_information_request"
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class CommentVisibility(models.TextChoices):
    TEAM = "team", _("the team only")
    APPLICANT = "applicant", _("the team and the applicant")


class Comment(models.Model):
    """A note about an application; who reads it is said beside it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("text"))
    visibility = models.CharField(max_length=10, choices=CommentVisibility.choices, default=CommentVisibility.TEAM)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Recommendation(models.TextChoices):
    YES = "yes", _("I would take this person")
    UNSURE = "unsure", _("I am not sure")
    NO = "no", _("I would not take this person")


class SecondOpinion(models.Model):
    """What a colleague thinks about an application when somebody asked; only staff ever read it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="opinions")
    asked = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    question = models.TextField(_("question"), blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    recommendation = models.CharField(max_length=10, choices=Recommendation.choices, blank=True)
    text = models.TextField(_("opinion"), blank=True)
    given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "asked"], condition=Q(given_at=None), name="one_open_opinion_per_colleague"
            ),
            models.CheckConstraint(
                condition=Q(given_at=None, text="", recommendation="")
                | Q(given_at__isnull=False) & ~Q(text="") & Q(recommendation__in=["yes", "unsure", "no"]),
                name="opinion_given_has_text",
            ),
            models.CheckConstraint(condition=~Q(asked=models.F("asked_by")), name="opinion_is_another_persons"),
        ]

    def __str__(self) -> str:
        return f"{self.asked}: {self.recommendation or '–'}"


class DecisionKind(models.TextChoices):
    INVITE = "invite", _("invite")
    ACCEPT = "accept", _("accept")
    WAITLIST = "waitlist", _("put on the waiting list")
    REJECT = "reject", _("reject")


class Decision(models.Model):
    """A decision with its letter. Until it is released nothing of it can be seen by the applicant."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=10, choices=DecisionKind.choices)
    reason = models.TextField(_("reason for the applicant"), blank=True)
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("letter"))
    language = models.CharField(max_length=10)
    sends_mail = models.BooleanField(_("send the letter by mail"), default=True)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application"], condition=Q(released_at=None), name="one_pending_decision"),
            models.CheckConstraint(condition=~Q(kind="reject") | ~Q(reason=""), name="rejection_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.application_id})"


class SavedSearch(models.Model):
    """A filter of the list that somebody uses again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=500)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "programme", "name"], name="one_search_per_name")]

    def __str__(self) -> str:
        return self.name


class Institution(models.Model):
    """A university or school of the importable list; applicants may always write another name."""

    name = models.CharField(max_length=300)
    country = models.CharField(max_length=2)
    domains = models.JSONField(default=list)
    website = models.URLField(max_length=300, blank=True)
    searched = models.CharField(max_length=320, db_index=True)  # the name folded: no case, no accents

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["name", "country"], name="one_institution_per_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.country})"

    @staticmethod
    def fold(text: str) -> str:
        """Without case, accents and double spaces: how names are searched."""
        plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        return " ".join(plain.casefold().split())[:320]
