"""What staff write while they review: questions back, comments, opinions, decisions, saved searches."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants.models.applications import Application
from credpoints.accounts.models import User
from credpoints.organisations.models import Programme


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
