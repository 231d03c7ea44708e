"""Somebody takes part in a programme: with whom, how many hours a week, under which conditions."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants.models import Application
from credpoints.accounts.models import Person, Role, User
from credpoints.organisations.models import Programme, Term, programme_ids


class ParticipationState(models.TextChoices):
    ACTIVE = "active", _("taking part")
    PAUSED = "paused", _("paused")
    COMPLETED = "completed", _("completed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXCLUDED = "excluded", _("excluded")


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, user: User | None) -> "ParticipationQuerySet":
        """One's own, those one mentors, and all of the programmes one advises or administers.

        The name of a mentor stays on the row when the role has ended; it opens nothing any more.
        """
        if user is None or not user.is_authenticated:
            return self.none()
        staffed = programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN)
        mentored = Q(mentor=user, programme__in=programme_ids(user, Role.MENTOR))
        return self.filter(Q(programme__in=staffed) | Q(person__user=user) | mentored)

    def running(self) -> "ParticipationQuerySet":
        return self.filter(state__in=["active", "paused"])

    def for_pages(self) -> "ParticipationQuerySet":
        return self.select_related("programme", "person__user", "advisor__person", "mentor__person", "application")


class Participation(models.Model):
    """One person in one programme, from acceptance to certificate."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=15, choices=ParticipationState.choices, default=ParticipationState.ACTIVE)
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    days = models.JSONField(_("possible days"), default=list, blank=True)  # weekdays, Monday is 0
    place_note = models.CharField(_("place"), max_length=200, blank=True)
    private_note = models.TextField(_("what limits my time"), blank=True)  # only the person and advisors read it
    opened_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "programme"],
                condition=Q(state__in=["active", "paused"]),
                name="one_running_participation_per_person_and_programme",
            ),
            models.CheckConstraint(condition=Q(state__in=ParticipationState.values), name="participation_state_known"),
        ]
        indexes = [models.Index(fields=["programme", "state"])]

    def __str__(self) -> str:
        return f"{self.person} · {self.programme}"

    def get_absolute_url(self) -> str:
        return reverse("planning:participation", args=[self.uuid])

    @property
    def is_running(self) -> bool:
        return self.state in {ParticipationState.ACTIVE, ParticipationState.PAUSED}


class TermChoice(models.Model):
    """The weekly hours a participant has chosen for one term."""

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="term_choices")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    weekly_hours = models.DecimalField(_("hours per week"), max_digits=4, decimal_places=1, default=Decimal(15))

    class Meta:
        ordering = ["term__starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["participation", "term"], name="one_choice_per_term"),
            models.CheckConstraint(condition=Q(weekly_hours__range=(0, 80)), name="weekly_hours_possible"),
        ]

    def __str__(self) -> str:
        return f"{self.term_id}: {self.weekly_hours}"


class MentoringKind(models.TextChoices):
    CAREER = "career", _("career-related mentoring")
    LANGUAGE = "language", _("language coaching")
    SUBJECT = "subject", _("subject mentoring")


class MentoringSession(models.Model):
    """A meeting of mentor and participant: topic, agreement, next date."""

    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="mentoring_sessions")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=MentoringKind.choices, default=MentoringKind.CAREER)
    held_on = models.DateField(_("date"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    topic = models.CharField(_("topic"), max_length=300)
    agreement = models.TextField(_("agreed"), blank=True)
    next_on = models.DateField(_("next date"), null=True, blank=True)
    logged_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__range=(1, 600)), name="mentoring_minutes_possible"),
            models.CheckConstraint(condition=Q(kind__in=MentoringKind.values), name="mentoring_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.topic}"
