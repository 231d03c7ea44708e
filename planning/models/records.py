"""What was said in a talk: topics, the summary for the person, the note that stays with staff, goals and tasks."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import Person
from planning.models.appointments import Appointment


class ConsultationRecord(models.Model):
    """What was said: topics with their source, the shared summary, and a note that never leaves staff pages."""

    TOPICS = ("situation", "education", "occupation", "experience", "goals", "recognition")

    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="record")
    topics = models.JSONField(default=dict)  # {"situation": {"text": "…", "source": "survey" | "talk"}}
    shared_summary = models.TextField(_("summary for the person"), blank=True)
    internal_note = models.TextField(_("internal note"), blank=True)
    shared_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    person_comment = models.TextField(_("comment"), blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(shared_at__isnull=False), name="only_shared_summaries_are_confirmed"
            )
        ]

    def __str__(self) -> str:
        return f"record of {self.appointment}"

    @property
    def programme_id(self) -> int:
        return self.appointment.programme_id


class FindingKind(models.TextChoices):
    GOAL = "goal", _("goal")
    GAP = "gap", _("gap")
    STRENGTH = "strength", _("strength")


class Finding(models.Model):
    """A goal, gap or strength that came up; plan lines point to it and so say why they are there."""

    record = models.ForeignKey(ConsultationRecord, on_delete=models.CASCADE, related_name="findings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=FindingKind.choices)
    topic = models.CharField(_("needs"), max_length=20, blank=True)  # an ItemKind the first draft looks for
    text = models.CharField(_("in words"), max_length=300)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=FindingKind.values), name="finding_kind_known")]

    def __str__(self) -> str:
        return self.text


class FollowUp(models.Model):
    """A task agreed in a talk: who does what by when."""

    record = models.ForeignKey(ConsultationRecord, on_delete=models.CASCADE, related_name="follow_ups")
    text = models.CharField(_("task"), max_length=300)
    for_person = models.BooleanField(_("the person does it"), default=False)
    due_on = models.DateField(_("by"), null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.text
