"""What came out: results and attendance."""

import uuid
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import User
from modules.grading import SCHEME_CHOICES, scheme_of, write_value
from modules.models.enrolments import Enrolment
from modules.models.offerings import Session
from modules.models.versions import plain_number


class ResultState(models.TextChoices):
    PROVISIONAL = "provisional", _("provisional")
    FINAL = "final", _("final")
    SUPERSEDED = "superseded", _("corrected by a later entry")


class ResultQuerySet(models.QuerySet["Result"]):
    def standing(self) -> "ResultQuerySet":
        """Results that have not been replaced by a correction."""
        return self.exclude(state=ResultState.SUPERSEDED)

    def final(self) -> "ResultQuerySet":
        return self.filter(state=ResultState.FINAL)

    def visible_to(self, user: User | None) -> "ResultQuerySet":
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user).values("pk"))


class Result(models.Model):
    """What came out of one attempt. Final ones never change; a correction is a new row that points back."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="results")
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    state = models.CharField(max_length=15, choices=ResultState.choices, default=ResultState.PROVISIONAL)
    scheme = models.CharField(_("grading scale"), max_length=10, choices=SCHEME_CHOICES)
    value = models.DecimalField(_("grade"), max_digits=5, decimal_places=2, null=True, blank=True)
    passed = models.BooleanField(_("passed"))
    examined_on = models.DateField(_("date of the examination"))
    examiner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    credits = models.DecimalField(_("credits awarded"), max_digits=5, decimal_places=2, default=Decimal(0))
    comment = models.CharField(_("remark"), max_length=500, blank=True)
    edition = models.PositiveIntegerField(default=1)  # rises with every change while provisional
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    reason = models.CharField(_("reason of the correction"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    final_at = models.DateTimeField(null=True, blank=True)

    objects = ResultQuerySet.as_manager()

    class Meta:
        ordering = ["enrolment_id", "attempt", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "attempt"], condition=~Q(state="superseded"), name="result_once_per_attempt"
            ),
            models.CheckConstraint(condition=Q(state__in=ResultState.values), name="result_state_known"),
            models.CheckConstraint(
                condition=Q(credits=0) | (Q(passed=True) & ~Q(state="provisional")), name="result_credits_when_final"
            ),
            models.CheckConstraint(
                condition=Q(state="provisional") | Q(final_at__isnull=False), name="result_final_has_moment"
            ),
            models.CheckConstraint(condition=Q(supersedes=None) | ~Q(reason=""), name="result_correction_has_reason"),
            models.CheckConstraint(condition=Q(attempt__gt=0) & Q(credits__gte=0), name="result_attempt_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}, {self.attempt}: {self.written}"

    def get_absolute_url(self) -> str:
        return self.enrolment.get_absolute_url()

    @property
    def programme_id(self) -> int | None:
        """The audit trail files results under the enrolment's programme."""
        return self.enrolment.programme_id

    @property
    def is_final(self) -> bool:
        return self.state == ResultState.FINAL

    @property
    def final(self) -> bool:
        """The same under the name that plans and certificates use."""
        return self.is_final

    @property
    def grade(self) -> str:
        """The grade in local form (1,7 / 1.7), or nothing where the scale has none."""
        return write_value(self.value, scheme_of(self.scheme)) if self.value is not None else ""

    @property
    def written(self) -> str:
        """The result as people say it: passed, 1,7 / not passed."""
        word = gettext("passed") if self.passed else gettext("not passed")
        return f"{word}, {self.grade}" if self.grade else word

    @property
    def credits_written(self) -> str:
        return number_format(self.credits.normalize())

    def snapshot(self) -> dict[str, Any]:
        """What certificates and portfolios keep of a result."""
        return {
            "result": str(self.uuid),
            "attempt": self.attempt,
            "scheme": self.scheme,
            "value": f"{self.value:.{scheme_of(self.scheme).decimals}f}" if self.value is not None else None,
            "passed": self.passed,
            "credits": plain_number(self.credits),
            "date": self.examined_on.isoformat(),
            "offering": str(self.enrolment.offering.uuid),
            "module": self.enrolment.offering.version.snapshot(),
        }


class AttendanceState(models.TextChoices):
    PRESENT = "present", _("present")
    ABSENT = "absent", _("absent")
    EXCUSED = "excused", _("excused")


class AttendanceRecord(models.Model):
    """Whether one person was at one session."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendance_records")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attendance_records")
    status = models.CharField(max_length=10, choices=AttendanceState.choices)
    recorded_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "enrolment"], name="attendance_once"),
            models.CheckConstraint(condition=Q(status__in=AttendanceState.values), name="attendance_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.enrolment_id} {self.status}"
