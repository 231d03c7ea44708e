"""The plan, its parties, its versions and their lines."""

import uuid
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import User
from credpoints.common.translated import text_in
from credpoints.files.models import StoredFile
from credpoints.organisations.models import Term
from modules.models import Offering
from planning.contents import Content
from planning.models.participations import Participation
from planning.models.records import Finding
from planning.workload import Line


class Plan(models.Model):
    """The plan of one participation; its versions say what is in it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    participation = models.OneToOneField(Participation, on_delete=models.PROTECT, related_name="plan")

    def __str__(self) -> str:
        return f"{self.participation}"

    @property
    def programme_id(self) -> int:
        return self.participation.programme_id


class Party(models.TextChoices):
    PARTICIPANT = "participant", _("participant")
    ADVISOR = "advisor", _("advisor")
    HOME = "home", _("home university")
    HOST = "host", _("host university")
    COMPANY = "company", _("company")


class PlanParty(models.Model):
    """Somebody who has to sign, in the order of `position`; equal positions may sign in any order."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="parties")
    party = models.CharField(max_length=15, choices=Party.choices)
    position = models.PositiveSmallIntegerField(default=1)
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    role_name = models.CharField(_("position"), max_length=200, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "party"], name="each_party_once_per_plan"),
            models.CheckConstraint(condition=Q(party__in=Party.values), name="party_known"),
        ]

    def __str__(self) -> str:
        return self.get_party_display()

    @property
    def can_be_named(self) -> bool:
        """Whether somebody says who signs for the party; the participant is known."""
        return self.party != Party.PARTICIPANT


class PlanVersionState(models.TextChoices):
    DRAFT = "draft", _("being drafted")
    PROPOSED = "proposed", _("proposed, ready to sign")
    CHANGES_REQUESTED = "changes_requested", _("changes asked for")
    PARTLY_SIGNED = "partly_signed", _("partly signed")
    AGREED = "agreed", _("agreed")
    SUPERSEDED = "superseded", _("replaced by a newer version")
    WITHDRAWN = "withdrawn", _("withdrawn")


OPEN_STATES = frozenset(
    {
        PlanVersionState.DRAFT,
        PlanVersionState.PROPOSED,
        PlanVersionState.CHANGES_REQUESTED,
        PlanVersionState.PARTLY_SIGNED,
    }
)


class ReasonCode(models.TextChoices):
    """Why a line changed after the agreement (the codes of digital learning agreements, and our own)."""

    NOT_AVAILABLE = "not-available", _("the course is not available")
    LANGUAGE = "language-mismatch", _("the course is in another language")
    TIMETABLE = "timetable-conflict", _("it clashes with the timetable")
    SUBSTITUTING = "substituting-deleted", _("it replaces a deleted line")
    EXTENDING = "extending-mobility", _("the participation is extended")
    VIRTUAL = "adding-virtual-component", _("a virtual component is added")
    CIRCUMSTANCES = "circumstances", _("work, family or health")
    OTHER = "other", _("another reason")


class PlanVersionQuerySet(models.QuerySet["PlanVersion"]):
    def visible_to(self, user: User | None) -> "PlanVersionQuerySet":
        """Versions of participations that the person may see, and those that wait for their signature."""
        if user is None or not user.is_authenticated:
            return self.none()
        seen = Participation.objects.visible_to(user)
        return self.filter(Q(plan__participation__in=seen) | Q(plan__parties__signer=user)).distinct()

    def open(self) -> "PlanVersionQuerySet":
        return self.filter(state__in=[state.value for state in OPEN_STATES])

    def for_pages(self) -> "PlanVersionQuerySet":
        return self.select_related(
            "plan__participation__programme",
            "plan__participation__person__user",
            "plan__participation__advisor__person",
            "plan__participation__mentor__person",
            "proposed_by__person",
            "based_on",
        ).prefetch_related("plan__parties__signer__person")


class PlanVersion(models.Model):
    """One version of a plan. Agreed and replaced versions never change."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=20, choices=PlanVersionState.choices, default=PlanVersionState.DRAFT)
    goals = models.TextField(_("goals"), blank=True)
    occupation = models.CharField(_("occupation aimed at"), max_length=200, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    reason_code = models.CharField(_("reason"), max_length=30, choices=ReasonCode.choices, blank=True)
    reason = models.TextField(_("reason in words"), blank=True)
    dropped = models.JSONField(default=list, blank=True)  # [{"key": "…", "title": "…", "reason": "not-available"}]
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_content = models.JSONField(null=True, blank=True)
    document = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_numbered_once"),
            models.UniqueConstraint(fields=["plan"], condition=Q(state="agreed"), name="one_agreed_version_per_plan"),
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(state__in=["draft", "proposed", "changes_requested", "partly_signed"]),
                name="one_open_version_per_plan",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "superseded"])
                | Q(agreed_at__isnull=False, agreed_content__isnull=False) & ~Q(content_hash=""),
                name="agreed_plan_has_time_and_content",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["proposed", "partly_signed"]) | ~Q(content_hash=""),
                name="proposed_plan_has_a_hash",
            ),
            models.CheckConstraint(condition=Q(state__in=PlanVersionState.values), name="plan_version_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} · {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("planning:plan_version", args=[self.uuid])

    @property
    def programme_id(self) -> int:
        return self.plan.participation.programme_id

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def can_be_edited(self) -> bool:
        return self.state == PlanVersionState.DRAFT

    @property
    def changes_agreed(self) -> bool:
        """Whether this version changes an agreed plan: then every line that changes says why."""
        return self.based_on is not None and self.based_on.agreed_content is not None

    def content(self) -> Content:
        """Everything people sign, as plain data: agreed versions read theirs from what was signed."""
        if self.agreed_content is not None:
            return dict(self.agreed_content)
        items = self.items.select_related("term", "finding").order_by("term__starts_on", "position", "pk")
        dropped = {"dropped": self.dropped} if self.dropped else {}
        return dropped | {
            "version": self.number,
            "goals": self.goals,
            "occupation": self.occupation,
            "lines": [item.content() for item in items],
        }


class ItemKind(models.TextChoices):
    SUBJECT = "subject", _("subject module")
    GERMAN = "german", _("German")
    ENGLISH = "english", _("English")
    MEDIA = "media", _("media literacy")
    RESEARCH = "research", _("research literacy")
    MENTORING = "mentoring", _("mentoring")
    COACHING = "coaching", _("language coaching")
    PRACTICE = "practice", _("practice in a company")
    PORTFOLIO = "portfolio", _("work on the portfolio")
    VALIDATION = "validation", _("validation")
    OTHER = "other", _("other")


class Recognition(models.TextChoices):
    AUTOMATIC = "automatic", _("recognised automatically")
    AGREED = "agreed", _("recognised as agreed in words")
    NONE = "none", _("not recognised")


class PlanItem(models.Model):
    """One line of a version. `key` stays the same over versions, so that differences follow the line."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="items")
    key = models.UUIDField(default=uuid.uuid4)
    kind = models.CharField(_("kind"), max_length=15, choices=ItemKind.choices, default=ItemKind.SUBJECT)
    title = models.CharField(_("title"), max_length=300)
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    snapshot = models.JSONField(default=dict, blank=True)
    term = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    hours = models.DecimalField(_("hours"), max_digits=7, decimal_places=2, default=Decimal(0))
    credits = models.DecimalField(_("credits (ECTS)"), max_digits=5, decimal_places=2, default=Decimal(0))
    fee = models.DecimalField(_("fee"), max_digits=8, decimal_places=2, default=Decimal(0))
    rationale = models.CharField(_("why"), max_length=500, blank=True)
    finding = models.ForeignKey(Finding, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    competences = models.TextField(_("what it gives"), blank=True)
    prerequisite_met_by = models.CharField(_("prerequisite fulfilled by"), max_length=300, blank=True)
    recognition = models.CharField(
        _("recognition at home"), max_length=10, choices=Recognition.choices, default=Recognition.AUTOMATIC
    )
    recognition_text = models.CharField(_("agreement on recognition"), max_length=500, blank=True)
    recognised_as = models.CharField(_("replaces at home"), max_length=300, blank=True)
    recognised_credits = models.DecimalField(
        _("credits at home"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    suggested = models.BooleanField(default=False)  # proposed by the first draft and not yet looked at
    reason_code = models.CharField(_("reason of the change"), max_length=30, choices=ReasonCode.choices, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="line_once_per_version"),
            models.CheckConstraint(condition=Q(kind__in=ItemKind.values), name="line_kind_known"),
            models.CheckConstraint(condition=Q(hours__gte=0, credits__gte=0, fee__gte=0), name="line_not_negative"),
            models.CheckConstraint(
                condition=Q(recognition="automatic") | ~Q(recognition_text=""),
                name="deviation_from_recognition_has_text",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def code(self) -> str:
        return str(self.snapshot.get("code", ""))

    @property
    def provider(self) -> str:
        return text_in(self.snapshot.get("provider", {}).get("name", "")) if self.snapshot else ""

    @property
    def prerequisites(self) -> str:
        return text_in(self.snapshot.get("prerequisites", ""))

    def content(self) -> dict[str, Any]:
        """What is signed of this line."""
        return {
            "key": str(self.key),
            "kind": self.kind,
            "title": self.title,
            "code": self.code,
            "term": self.term.code if self.term else "",
            "hours": plain(self.hours),
            "credits": plain(self.credits),
            "fee": plain(self.fee),
            "rationale": self.rationale,
            "finding": self.finding.text if self.finding else "",
            "competences": self.competences,
            "prerequisite_met_by": self.prerequisite_met_by,
            "reason": self.reason_code,
            "recognition": self.recognition,
            "recognition_text": self.recognition_text,
            "recognised_as": self.recognised_as,
            "recognised_credits": plain(self.recognised_credits) if self.recognised_credits is not None else "",
            "module": self.snapshot.get("module", ""),
            "offering": str(self.offering.uuid) if self.offering else "",
        }

    def line(self) -> Line:
        """The same line for counting."""
        return Line(kind=self.kind, term=self.term_id, hours=self.hours, credits=self.credits, fee=self.fee)


def plain(number: Decimal) -> str:
    """A number as the content keeps it: the same text for 5, 5.0 and 5.00."""
    return f"{Decimal(number).normalize():f}"
