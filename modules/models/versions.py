"""Modules and their versions."""

import uuid
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import User
from credpoints.common.translated import TranslatedField, text_in
from credpoints.organisations.models import Organisation, Programme
from modules.grading import SCHEME_CHOICES
from modules.models.keeping import catalogue_organisations
from modules.models.words import (
    Admission,
    CreditFramework,
    Mode,
    ModuleKind,
    OutcomeKind,
    QualityAssurance,
    VersionState,
)
from modules.search import search_text_of, tag_key_of

PUBLIC_VERSION_STATES = frozenset({VersionState.PUBLISHED, VersionState.SUPERSEDED, VersionState.WITHDRAWN})


class ModuleQuerySet(models.QuerySet["Module"]):
    def edited_by(self, user: User | None) -> "ModuleQuerySet":
        """Modules of the organisations whose catalogue this person keeps."""
        return self.filter(provider__in=catalogue_organisations(user))


class Module(models.Model):
    """A module of a provider's catalogue; what it says stands in its versions."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=ModuleKind.choices, default=ModuleKind.MODULE)
    code = models.CharField(_("code"), max_length=60, blank=True)
    # The number under which another system knows it. Codes repeat and are empty in real handbooks, these are not.
    source_key = models.CharField(max_length=120, blank=True)

    objects = ModuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "source_key"], condition=~Q(source_key=""), name="module_source_key_once"
            ),
            # A code that people give names one module of a provider; imported handbooks have the same one twice.
            models.UniqueConstraint(
                fields=["provider", "code"], condition=~Q(code="") & Q(source_key=""), name="module_code_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=ModuleKind.values), name="module_kind_known"),
        ]
        indexes = [models.Index(fields=["provider", "code"])]

    def __str__(self) -> str:
        return self.code or str(self.uuid)

    def get_absolute_url(self) -> str:
        return reverse("modules:module", args=[self.uuid])

    @cached_property
    def needs_evidence(self) -> bool:
        """Whether it is published only with evidence of the need: its programme says so, or all of the provider's."""
        of_provider = Programme.objects.filter(organisation=self.provider_id)
        asked = [self.programme] if self.programme else list(of_provider)
        return bool(asked) and all(one.room_settings("modules").get("needs_market_evidence") for one in asked)

    @property
    def was_published(self) -> bool:
        """Whether people have ever read it in the catalogue: from then on it keeps its code and its kind."""
        return self.versions.filter(state__in=PUBLIC_VERSION_STATES).exists()


class ModuleVersionQuerySet(models.QuerySet["ModuleVersion"]):
    def published(self) -> "ModuleVersionQuerySet":
        """The versions that the public catalogue shows: at most one per module."""
        return self.filter(state=VersionState.PUBLISHED)

    def visible_to(self, user: User | None) -> "ModuleVersionQuerySet":
        """What has ever been published for everybody; drafts for those who keep the catalogue."""
        public = Q(state__in=PUBLIC_VERSION_STATES)
        return self.filter(public | Q(module__provider__in=catalogue_organisations(user)))


class ModuleVersion(models.Model):
    """What a module says, in one version; once published it never changes again."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=15, choices=VersionState.choices, default=VersionState.DRAFT)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)

    title = TranslatedField(_("title"))
    aim = TranslatedField(_("aim"))
    content = TranslatedField(_("content"))
    # [{"code": "K1", "kind": "knowledge", "text": {"de": "…"}, "esco": ["http://data.europa.eu/esco/skill/…"]}]
    outcomes = models.JSONField(_("learning outcomes"), default=list, blank=True)
    # [{"type": "written", "weight": 100, "text": {"de": "…"}, "criteria": {"de": "…"}, "supervision": "supervised"}]
    assessments = models.JSONField(_("assessments"), default=list, blank=True)
    # [{"activity": "contact", "hours": "60"}]; the sum is `hours`
    workload = models.JSONField(_("parts of the workload"), default=list, blank=True)

    credits = models.DecimalField(_("credits"), max_digits=5, decimal_places=2, default=Decimal(0))
    credit_framework = models.CharField(max_length=10, choices=CreditFramework.choices, default=CreditFramework.ECTS)
    hours = models.DecimalField(_("hours of work"), max_digits=7, decimal_places=2, default=Decimal(0))
    hours_reason = models.CharField(_("why the hours differ from 25 to 30 per credit"), max_length=300, blank=True)
    eqf_level = models.PositiveSmallIntegerField(_("EQF level"), null=True, blank=True)
    level_not_applicable = models.BooleanField(_("a level does not apply"), default=False)
    isced_f = models.CharField(_("field (ISCED-F 2013)"), max_length=4, blank=True)
    languages = models.JSONField(_("languages of teaching"), default=list, blank=True)
    required_languages = models.JSONField(default=list, blank=True)  # [{"language": "de", "level": "B2"}]
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.ONSITE)
    teaching_forms = TranslatedField(_("forms of teaching"))
    duration_terms = models.PositiveSmallIntegerField(_("duration in terms"), null=True, blank=True)
    frequency = TranslatedField(_("how often it is offered"))

    admission = models.CharField(_("admission"), max_length=10, choices=Admission.choices, blank=True)
    admission_text = TranslatedField(_("conditions of admission"))
    prerequisites = TranslatedField(_("prerequisites"))
    usability = TranslatedField(_("where the module can be used"))
    award_condition = TranslatedField(_("conditions for the award of credits"))
    literature = TranslatedField(_("literature"))
    notes = TranslatedField(_("remarks"))

    quality_assurance = models.CharField(max_length=25, choices=QualityAssurance.choices, blank=True)
    quality_text = TranslatedField(_("quality assurance"))
    homepage = models.URLField(_("homepage"), blank=True, max_length=500)
    licence = models.CharField(_("licence of the text"), max_length=100, blank=True)
    purposes = models.JSONField(_("purposes"), default=list, blank=True)
    needs = models.JSONField(_("needs that it serves"), default=list, blank=True)
    contexts = models.JSONField(_("where it can be used"), default=list, blank=True)
    # [{"kind": "theme", "text": {"de": "Digitalisierung"}}]
    tags = models.JSONField(_("themes, sectors and target groups"), default=list, blank=True)
    # [{"source": "…", "when": "March 2027", "region": "", "sector": "", "stakeholder": "", "finding": {"de": "…"},
    #   "occupations": ["http://data.europa.eu/esco/occupation/…"]}]
    market_evidence = models.JSONField(_("evidence of the need"), default=list, blank=True)

    grading_scheme = models.CharField(_("grading scale"), max_length=10, choices=SCHEME_CHOICES, default="de")
    attempts_allowed = models.PositiveSmallIntegerField(_("attempts"), default=3)

    # What a source says beyond these fields, word for word, and what was odd about it.
    source = models.JSONField(default=dict, blank=True)
    source_hash = models.CharField(max_length=64, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    search_text = models.TextField(blank=True, editable=False)
    language_key = models.CharField(max_length=200, blank=True, editable=False)  # "|de|en|", to filter by
    tag_key = models.TextField(blank=True, editable=False)  # "|purpose:broaden|theme:climate|", to filter by
    created_at = models.DateTimeField(auto_now_add=True)
    # Who handed it in for review last, and when: reviewers see since when it waits, the person hears the outcome.
    handed_in_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    handed_in_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ModuleVersionQuerySet.as_manager()

    class Meta:
        ordering = ["module_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["module", "number"], name="module_version_number_once"),
            models.UniqueConstraint(
                fields=["module"], condition=Q(state="published"), name="module_one_published_version"
            ),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="module_version_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "superseded", "withdrawn"]) | Q(published_at__isnull=False),
                name="module_version_published_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_review") | Q(handed_in_by__isnull=False, handed_in_at__isnull=False),
                name="module_version_handed_in_when",
            ),
            models.CheckConstraint(condition=Q(credits__gte=0) & Q(hours__gte=0), name="module_version_not_negative"),
            models.CheckConstraint(
                condition=Q(eqf_level=None) | Q(eqf_level__range=(1, 8)), name="module_version_eqf_level"
            ),
            models.CheckConstraint(condition=Q(attempts_allowed__gt=0), name="module_version_attempts"),
        ]
        indexes = [models.Index(fields=["state", "module"])]

    def __str__(self) -> str:
        return text_in(self.title)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the searchable text in step; the database refuses other changes of a published version."""
        if self.state not in PUBLIC_VERSION_STATES or self._state.adding:
            self.search_text = search_text_of(self)
            self.language_key = f"|{'|'.join(self.languages)}|" if self.languages else ""
            self.tag_key = tag_key_of(self)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        address = reverse("modules:module", args=[self.module.uuid])
        return address if self.state == VersionState.PUBLISHED else f"{address}?version={self.number}"

    def get_edit_url(self) -> str:
        return reverse("modules:version_edit", args=[self.module.uuid, self.number])

    def get_step_url(self, step: str) -> str:
        return reverse("modules:version_step", args=[self.module.uuid, self.number, step])

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC_VERSION_STATES

    @property
    def hours_per_credit(self) -> Decimal | None:
        """Hours of one credit, or None where there are no credits."""
        return (self.hours / self.credits).quantize(Decimal("0.1")) if self.credits else None

    @property
    def outcomes_by_kind(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Learning outcomes under the headings knowledge, skills, competence; outcomes of no kind come first."""
        groups: list[tuple[str, list[dict[str, Any]]]] = [
            ("", [o for o in self.outcomes if o.get("kind") not in OutcomeKind.values])
        ]
        for kind in OutcomeKind:
            groups.append((str(kind.label), [o for o in self.outcomes if o.get("kind") == kind.value]))
        return [(label, found) for label, found in groups if found]

    def snapshot(self) -> dict[str, Any]:
        """Everything that a plan line or a certificate keeps of this version, as plain JSON."""
        provider = self.module.provider
        return {
            "module": str(self.module.uuid),
            "version": self.number,
            "kind": self.module.kind,
            "code": self.module.code,
            "title": self.title,
            "provider": {"uuid": str(provider.uuid), "name": provider.name, "country": provider.country},
            "credits": str(self.credits.normalize()) if self.credits else "0",
            "credit_framework": self.credit_framework,
            "hours": plain_number(self.hours),
            "level": self.eqf_level,
            "isced_f": self.isced_f,
            "outcomes": self.outcomes,
            "mode": self.mode,
            "language": self.languages,
            "assessment": self.assessments,
            "prerequisites": self.prerequisites,
            "quality_assurance": {"type": self.quality_assurance, "text": self.quality_text},
            "grading_scheme": self.grading_scheme,
            "homepage": self.homepage,
        }


def plain_number(number: Decimal) -> str:
    """A number without zeros behind the comma, as snapshots keep it."""
    return f"{number.normalize():f}"
