"""The rules of a programme, and what each found about an application."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants import eligibility
from applicants.models.applications import Application
from credpoints.accounts.models import User
from credpoints.common.translated import TranslatedField, text_in
from credpoints.organisations.models import Programme


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
    asked_with = models.UUIDField(
        null=True, editable=False
    )  # the click that added it: sent again, it adds no second one

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="one_rule_per_key"),
            models.UniqueConstraint(fields=["programme", "kind", "asked_with"], name="one_rule_per_click"),
        ]

    def __str__(self) -> str:
        return text_in(self.message)

    @property
    def facts(self) -> dict[str, Any]:
        """What administrators set."""
        return {name: getattr(self, name) for name in ("is_active", "severity", "message", "params")}

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
