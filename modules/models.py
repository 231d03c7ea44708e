"""The catalogue and what happens in it: modules, their versions, offerings, sessions, enrolments, results."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import Person, Role, ScopeKind, User, check_time_zone
from credpoints.accounts.rules import assignments, scope_ids
from credpoints.common.translated import TranslatedField, text_in
from credpoints.organisations.models import Organisation, Programme, Term, programme_ids
from modules.grading import SCHEME_CHOICES, scheme_of, write_value
from modules.search import search_text_of


class ModuleKind(models.TextChoices):
    MODULE = "module", _("module")
    MICRO_CREDENTIAL = "micro_credential", _("micro-credential")
    UNIT = "unit", _("unit of learning outcomes")
    COURSE = "course", _("course")
    COACHING = "coaching", _("coaching")
    MENTORING = "mentoring", _("mentoring")
    PRACTICE = "practice", _("practice")
    BUNDLE = "bundle", _("bundle")


class VersionState(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("published")
    SUPERSEDED = "superseded", _("replaced by a newer version")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Mode(models.TextChoices):
    ONSITE = "onsite", _("on campus")
    ONLINE = "online", _("online")
    BLENDED = "blended", _("blended")


class CreditFramework(models.TextChoices):
    ECTS = "ects", _("ECTS")
    ECVET = "ecvet", _("ECVET points")
    NONE = "none", _("without credits")


class QualityAssurance(models.TextChoices):
    INTERNAL = "internal", _("internal quality assurance")
    ACCREDITED_PROGRAMME = "accredited_programme", _("part of an accredited programme")
    ACCREDITED = "accredited", _("accredited itself")
    EXTERNAL = "external", _("external review")


class Admission(models.TextChoices):
    UNSTATED = "", _("not stated")
    NONE = "none", _("none")
    RULES = "rules", _("conditions")


class Supervision(models.TextChoices):
    """The four values of the EU standard elements."""

    UNSUPERVISED = "unsupervised", _("unsupervised")
    SUPERVISED = "supervised", _("supervised without identity check")
    ONLINE_IDENTIFIED = "online_identified", _("supervised online with identity check")
    ONSITE_IDENTIFIED = "onsite_identified", _("supervised on site with identity check")


class OutcomeKind(models.TextChoices):
    KNOWLEDGE = "knowledge", _("knowledge")
    SKILL = "skill", _("skills")
    COMPETENCE = "competence", _("competence")


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
            models.CheckConstraint(condition=Q(kind__in=ModuleKind.values), name="module_kind_known"),
        ]
        indexes = [models.Index(fields=["provider", "code"])]

    def __str__(self) -> str:
        return self.code or str(self.uuid)

    def get_absolute_url(self) -> str:
        return reverse("modules:module", args=[self.uuid])


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
    # Lists of keys that later filters use: purposes, needs, sectors, target groups, themes.
    tags = models.JSONField(default=dict, blank=True)
    market_evidence = models.JSONField(default=list, blank=True)

    grading_scheme = models.CharField(_("grading scale"), max_length=10, choices=SCHEME_CHOICES, default="de")
    attempts_allowed = models.PositiveSmallIntegerField(_("attempts"), default=3)

    # What a source says beyond these fields, word for word, and what was odd about it.
    source = models.JSONField(default=dict, blank=True)
    source_hash = models.CharField(max_length=64, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    search_text = models.TextField(blank=True, editable=False)
    language_key = models.CharField(max_length=200, blank=True, editable=False)  # "|de|en|", to filter by
    created_at = models.DateTimeField(auto_now_add=True)
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
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        address = reverse("modules:module", args=[self.module.uuid])
        return address if self.state == VersionState.PUBLISHED else f"{address}?version={self.number}"

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
            "hours": _plain(self.hours),
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


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


PUBLIC_VERSION_STATES = frozenset({VersionState.PUBLISHED, VersionState.SUPERSEDED, VersionState.WITHDRAWN})


class OfferingState(models.TextChoices):
    CONCEPT = "concept", _("being prepared")
    ACTIVE = "active", _("open")
    INACTIVE = "inactive", _("paused")
    CANCELLED = "cancelled", _("cancelled")
    COMPLETED = "completed", _("finished")


class Access(models.TextChoices):
    PLAN = "plan", _("through an agreed plan")
    OPEN = "open", _("open to everybody")


class OfferingQuerySet(models.QuerySet["Offering"]):
    def visible_to(self, user: User | None) -> "OfferingQuerySet":
        """Offerings of published modules for everybody; those being prepared for their staff."""
        return self.filter(~Q(state=OfferingState.CONCEPT) | self.staff_scope(user))

    def taught_by(self, user: User | None) -> "OfferingQuerySet":
        """Offerings where the person teaches: named for it, or teacher of the whole programme."""
        return self.filter(
            Q(pk__in=scope_ids(user, ScopeKind.OFFERING, Role.TEACHER))
            | Q(programme__in=programme_ids(user, Role.TEACHER))
        )

    def staffed_by(self, user: User | None) -> "OfferingQuerySet":
        """Offerings where the person teaches or keeps the catalogue."""
        return self.filter(self.staff_scope(user))

    @staticmethod
    def staff_scope(user: User | None) -> Q:
        return (
            Q(pk__in=scope_ids(user, ScopeKind.OFFERING, Role.TEACHER))
            | Q(programme__in=programme_ids(user, Role.TEACHER, Role.PROGRAMME_ADMIN))
            | Q(version__module__provider__in=catalogue_organisations(user))
        )


class Offering(models.Model):
    """A module version as it is taught once: in a term, or in a window in which people learn at their own pace."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(ModuleVersion, on_delete=models.PROTECT, related_name="offerings")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    group = models.CharField(_("group"), max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=OfferingState.choices, default=OfferingState.CONCEPT)
    access = models.CharField(_("who may enrol"), max_length=10, choices=Access.choices, default=Access.PLAN)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.ONSITE)
    language = models.CharField(_("language"), max_length=10, default="de")
    time_zone = models.CharField(max_length=64, default="Europe/Berlin", validators=[check_time_zone])
    starts_on = models.DateField(_("begins on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    self_paced = models.BooleanField(_("at one's own pace"), default=False)
    fee = models.DecimalField(_("fee"), max_digits=8, decimal_places=2, default=Decimal(0))  # in euros
    places = models.PositiveIntegerField(_("places"), null=True, blank=True)
    seats_taken = models.PositiveIntegerField(default=0, editable=False)
    waiting_list_max = models.PositiveIntegerField(_("places on the waiting list"), null=True, blank=True)
    next_queue_number = models.PositiveIntegerField(default=1, editable=False)
    offer_hours = models.PositiveSmallIntegerField(_("hours to accept a freed place"), default=48)
    needs_confirmation = models.BooleanField(_("the provider confirms each enrolment"), default=False)
    enrolment_opens_at = models.DateTimeField(_("enrolment opens"), null=True, blank=True)
    enrolment_closes_at = models.DateTimeField(_("enrolment closes"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link to the online room"), blank=True, max_length=500)
    note = TranslatedField(_("remarks"))

    objects = OfferingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(places=None) | Q(seats_taken__lte=F("places")), name="offering_seats_within_places"
            ),
            models.CheckConstraint(condition=Q(seats_taken__gte=0), name="offering_seats_not_negative"),
            models.CheckConstraint(condition=Q(fee__gte=0), name="offering_fee_not_negative"),
            models.CheckConstraint(condition=Q(state__in=OfferingState.values), name="offering_state_known"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(starts_on__lte=F("ends_on")),
                name="offering_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(enrolment_opens_at=None)
                | Q(enrolment_closes_at=None)
                | Q(enrolment_opens_at__lt=F("enrolment_closes_at")),
                name="offering_enrolment_window",
            ),
        ]
        indexes = [models.Index(fields=["state", "version"])]

    def __str__(self) -> str:
        return " · ".join(part for part in (text_in(self.version.title), self.when, self.group) if part)

    def get_absolute_url(self) -> str:
        return reverse("modules:offering", args=[self.uuid])

    @property
    def when(self) -> str:
        """The term's name, else the window."""
        if self.term_id and self.term:
            return self.term.code
        return " – ".join(f"{day:%d.%m.%Y}" for day in (self.starts_on, self.ends_on) if day)

    @property
    def first_day(self) -> date | None:
        """The day it begins: its own, else the term's."""
        return self.starts_on or (self.term.starts_on if self.term else None)

    @property
    def last_day(self) -> date | None:
        return self.ends_on or (self.term.ends_on if self.term else None)

    @property
    def seats_free(self) -> int | None:
        """How many places are left; None when they are not limited."""
        return None if self.places is None else self.places - self.seats_taken

    def enrolment_is_open(self, now: datetime) -> bool:
        """Whether this moment lies in the enrolment period of an open offering."""
        if self.state != OfferingState.ACTIVE or (self.enrolment_opens_at and now < self.enrolment_opens_at):
            return False
        return not (self.enrolment_closes_at and now > self.enrolment_closes_at)


class Attendance(models.TextChoices):
    NONE = "none", _("attendance is not recorded")
    RECOMMENDED = "recommended", _("attendance recommended")
    COMPULSORY = "compulsory", _("attendance compulsory")


class Session(models.Model):
    """One meeting of an offering, online or at a place."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    offering = models.ForeignKey(Offering, on_delete=models.CASCADE, related_name="sessions")
    title = TranslatedField(_("subject"))
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(max_length=64, default="Europe/Berlin", validators=[check_time_zone])
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.ONSITE)
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link"), blank=True, max_length=500)
    attendance = models.CharField(
        _("attendance"), max_length=12, choices=Attendance.choices, default=Attendance.RECOMMENDED
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0)  # of the calendar file: rises with every change

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="session_begins_before_it_ends"),
            models.CheckConstraint(condition=Q(attendance__in=Attendance.values), name="session_attendance_known"),
        ]

    def __str__(self) -> str:
        return f"{self.offering_id} {self.starts_at.astimezone(ZoneInfo(self.time_zone)):%Y-%m-%d %H:%M}"

    @property
    def is_online(self) -> bool:
        return self.mode == Mode.ONLINE


class EnrolmentState(models.TextChoices):
    REQUESTED = "requested", _("requested")
    ENROLLED = "enrolled", _("enrolled")
    WAITLISTED = "waitlisted", _("on the waiting list")
    OFFERED = "offered", _("a place is offered")
    ACTIVE = "active", _("taking part")
    COMPLETED_PASSED = "completed_passed", _("passed")
    COMPLETED_FAILED = "completed_failed", _("not passed")
    NOT_COMPLETED = "not_completed", _("not completed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CANCELLED = "cancelled", _("cancelled by the provider")
    REFUSED = "refused", _("refused")
    LAPSED = "lapsed", _("offer of a place lapsed")
    EXEMPTED = "exempted", _("exempted")


# Who holds a seat; leaving these states frees it, entering them takes one.
SEATED = frozenset(
    {
        EnrolmentState.ENROLLED,
        EnrolmentState.OFFERED,
        EnrolmentState.ACTIVE,
        EnrolmentState.COMPLETED_PASSED,
        EnrolmentState.COMPLETED_FAILED,
        EnrolmentState.NOT_COMPLETED,
    }
)
# An enrolment that has come to nothing: the person may enrol in the same offering again.
ENDED_WITHOUT = frozenset(
    {EnrolmentState.WITHDRAWN, EnrolmentState.CANCELLED, EnrolmentState.REFUSED, EnrolmentState.LAPSED}
)
RUNNING = frozenset({EnrolmentState.ENROLLED, EnrolmentState.ACTIVE})


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def of_person(self, person: Person) -> "EnrolmentQuerySet":
        return self.filter(person=person)

    def counting(self) -> "EnrolmentQuerySet":
        """All but those that have come to nothing."""
        return self.exclude(state__in=ENDED_WITHOUT)

    def visible_to(self, user: User | None) -> "EnrolmentQuerySet":
        """The own ones; those of the programmes one advises or runs; those of the offerings one teaches."""
        if user is None or not user.is_authenticated:
            return self.none()
        staff = programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN, Role.MENTOR)
        return self.filter(
            Q(person__user=user)
            | Q(programme__in=staff)
            | Q(offering__in=Offering.objects.staffed_by(user).values("pk"))
        )


class Enrolment(models.Model):
    """One person in one offering."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="enrolments")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=20, choices=EnrolmentState.choices, default=EnrolmentState.REQUESTED)
    queue_number = models.PositiveIntegerField(null=True, blank=True)
    offer_expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    enrolled_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "offering"],
                condition=~Q(state__in=["withdrawn", "cancelled", "refused", "lapsed"]),
                name="enrolment_once_per_person_and_offering",
            ),
            models.UniqueConstraint(
                fields=["offering", "queue_number"],
                condition=Q(queue_number__isnull=False),
                name="enrolment_queue_number_once",
            ),
            models.CheckConstraint(condition=Q(state__in=EnrolmentState.values), name="enrolment_state_known"),
            models.CheckConstraint(
                condition=~Q(state="waitlisted") | Q(queue_number__isnull=False), name="enrolment_queued_has_number"
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(offer_expires_at__isnull=False), name="enrolment_offer_expires"
            ),
        ]
        indexes = [models.Index(fields=["offering", "state"]), models.Index(fields=["person", "state"])]

    def __str__(self) -> str:
        return f"{self.person}: {self.offering}"

    def get_absolute_url(self) -> str:
        return reverse("modules:enrolment", args=[self.uuid])

    @property
    def holds_seat(self) -> bool:
        return self.state in SEATED

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING


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
        word = _now("passed") if self.passed else _now("not passed")
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
            "credits": _plain(self.credits),
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


def catalogue_organisations(user: User | None) -> list[int]:
    """The organisations whose catalogue this person keeps: coordinators, and administrators of their programmes."""
    held = assignments(user)
    if user is None or not held:
        return []
    # Remembered together with the list of roles it was read from, so that a newly granted role counts at once.
    remembered = user.__dict__.get("_catalogue_organisations")
    if remembered is None or remembered[0] is not held:
        own = scope_ids(user, ScopeKind.ORGANISATION, Role.COORDINATOR, Role.PROGRAMME_ADMIN)
        programmes = scope_ids(user, ScopeKind.PROGRAMME, Role.PROGRAMME_ADMIN)
        if programmes:
            own += list(Programme.objects.filter(pk__in=programmes).values_list("organisation_id", flat=True))
        remembered = (held, sorted(set(own)))
        user.__dict__["_catalogue_organisations"] = remembered
    return list(remembered[1])
