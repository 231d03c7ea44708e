"""Who runs programmes, and the programmes themselves: configuration that an administrator edits."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import Role, ScopeKind, User, check_time_zone
from credpoints.accounts.rules import scope_ids
from credpoints.common.translated import TranslatedField, text_in


class OrganisationKind(models.TextChoices):
    UNIVERSITY = "university", _("university")
    VET_PROVIDER = "vet_provider", _("vocational provider")
    TRAINING_CENTRE = "training_centre", _("training centre")
    AUTHORITY = "authority", _("qualification authority")
    COMPANY = "company", _("company")
    COORDINATOR = "coordinator", _("coordinator")
    OTHER = "other", _("other")


class Organisation(models.Model):
    """A university, provider, authority or company."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(unique=True)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    name = TranslatedField(_("name"))
    short_name = models.CharField(_("short name"), max_length=50, blank=True)
    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("region"), max_length=100, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    website = models.URLField(_("website"), blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    mail_domains = models.JSONField(default=list, blank=True)
    identifiers = models.JSONField(default=list, blank=True)  # [{"scheme": "ROR", "value": "https://ror.org/…"}]

    def __str__(self) -> str:
        return text_in(self.name)


class Stage(models.TextChoices):
    """The six stations of the path; a programme may switch stations off."""

    APPLICATION = "application", _("Application")
    CONSULTATION = "consultation", _("Consultation")
    PLAN = "plan", _("Plan")
    LEARNING = "learning", _("Learning")
    PORTFOLIO = "portfolio", _("Portfolio")
    CERTIFICATE = "certificate", _("Certificate")


def all_stages() -> list[str]:
    return list(Stage.values)


class ProgrammeState(models.TextChoices):
    DRAFT = "draft", _("draft")
    OPEN = "open", _("published")
    ARCHIVED = "archived", _("archived")


class ApplicationWindow(models.TextChoices):
    """What the public page says about applying."""

    NOT_YET_OPEN = "not_yet_open", _("not yet open")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: User | None) -> "ProgrammeQuerySet":
        """Published programmes for everybody, drafts and archived ones for their own administrators."""
        own = programme_ids(user, Role.PROGRAMME_ADMIN)
        return self.filter(Q(state=ProgrammeState.OPEN) | Q(pk__in=own))

    def administered_by(self, user: User | None) -> "ProgrammeQuerySet":
        """Programmes whose settings and people the user may change."""
        return self.filter(pk__in=programme_ids(user, Role.PROGRAMME_ADMIN))

    def staffed_by(self, user: User | None, *roles: Role) -> "ProgrammeQuerySet":
        """Programmes where the user holds one of the roles (default: any)."""
        return self.filter(pk__in=programme_ids(user, *(roles or tuple(Role))))


class Programme(models.Model):
    """A micro-credential programme: stages, languages, dates, places and rules as data."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="programmes")
    slug = models.SlugField(unique=True)
    preset = models.CharField(max_length=30, blank=True)
    title = TranslatedField(_("title"))
    aim = TranslatedField(_("aim"))
    eligibility_text = TranslatedField(_("eligibility in plain words"))
    funding_note = TranslatedField(_("funding note"))
    state = models.CharField(max_length=10, choices=ProgrammeState.choices, default=ProgrammeState.DRAFT)
    stages = models.JSONField(default=all_stages)
    languages = models.JSONField(default=list)
    default_language = models.CharField(max_length=10, default="de")
    time_zone = models.CharField(max_length=64, default="Europe/Berlin", validators=[check_time_zone])
    hours_per_credit = models.DecimalField(max_digits=4, decimal_places=1, default=Decimal(30))
    places = models.PositiveIntegerField(_("places"), null=True, blank=True)
    applications_open_at = models.DateTimeField(null=True, blank=True)
    applications_close_at = models.DateTimeField(null=True, blank=True)
    answer_within_days = models.PositiveSmallIntegerField(default=21)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=50, blank=True)
    certificate_approvals = models.PositiveSmallIntegerField(default=2)
    settings = models.JSONField(default=dict, blank=True)  # rules of the rooms, by room: {"planning": {…}}
    is_demo = models.BooleanField(default=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(applications_open_at=None)
                | Q(applications_close_at=None)
                | Q(applications_open_at__lt=F("applications_close_at")),
                name="applications_open_before_they_close",
            ),
            models.CheckConstraint(condition=Q(hours_per_credit__gt=0), name="hours_per_credit_positive"),
            models.CheckConstraint(condition=Q(certificate_approvals__range=(1, 2)), name="one_or_two_approvals"),
        ]

    def __str__(self) -> str:
        return text_in(self.title)

    def get_absolute_url(self) -> str:
        return reverse("applicants:programme", args=[self.slug])

    @property
    def open_stages(self) -> list[Stage]:
        """The stations of this programme's path, in order."""
        return [stage for stage in Stage if stage.value in self.stages]

    def has_stage(self, stage: Stage) -> bool:
        return stage.value in self.stages

    def window(self, now: datetime) -> ApplicationWindow:
        """Whether people can apply at this moment."""
        if self.applications_open_at and now < self.applications_open_at:
            return ApplicationWindow.NOT_YET_OPEN
        if self.applications_close_at and now > self.applications_close_at:
            return ApplicationWindow.CLOSED
        return ApplicationWindow.OPEN

    def room_settings(self, room: str) -> dict[str, Any]:
        """The rules of one room (app), as the administrator set them."""
        return dict(self.settings.get(room, {}))


class TermQuerySet(models.QuerySet["Term"]):
    def current(self, on: date) -> "TermQuerySet":
        return self.filter(starts_on__lte=on, ends_on__gte=on)


class Term(models.Model):
    """A semester of a programme, with the weeks that are taught."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="terms")
    code = models.CharField(max_length=30)
    starts_on = models.DateField()
    ends_on = models.DateField()
    teaching_weeks = models.PositiveSmallIntegerField(default=20)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="one_term_per_code"),
            models.CheckConstraint(condition=Q(starts_on__lt=F("ends_on")), name="term_starts_before_it_ends"),
            models.CheckConstraint(condition=Q(teaching_weeks__gt=0), name="term_has_teaching_weeks"),
        ]

    def __str__(self) -> str:
        return self.code


def programme_ids(user: User | None, *roles: Role) -> list[int]:
    """Return the programmes where the user holds one of the roles, directly or through the organisation.

    Read once per user object and set of roles (so once per request), because rules ask it for every row of a list.
    """
    if user is None or not user.is_authenticated:
        return []
    cache: dict[frozenset[Role], list[int]] = user.__dict__.setdefault("_programme_ids", {})
    wanted = frozenset(roles)
    if wanted not in cache:
        ids = scope_ids(user, ScopeKind.PROGRAMME, *roles)
        organisations = scope_ids(user, ScopeKind.ORGANISATION, *roles)
        if organisations:
            ids += list(Programme.objects.filter(organisation__in=organisations).values_list("pk", flat=True))
        cache[wanted] = ids
    return cache[wanted]
