"""What was typed, what stood there before, and the mailed ways back to it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from applicants.models.applications import Application
from credpoints.organisations.models import Programme


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
    email = models.EmailField()  # where it was mailed; it opens the account as long as that is the account's address
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
