"""The survey of a programme, version by version."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from applicants.survey import Survey
from credpoints.accounts.models import Role, User
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

    def draft_of(self, programme: Programme) -> "FormVersion | None":
        """The one version that is being written."""
        return self.filter(programme=programme, state=FormState.DRAFT).first()


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
