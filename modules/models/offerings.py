"""Offerings and their sessions."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import Role, ScopeKind, User, check_time_zone
from credpoints.accounts.rules import scope_ids
from credpoints.common.translated import TranslatedField, text_in
from credpoints.organisations.models import Programme, Term, programme_ids
from modules.models.keeping import catalogue_organisations
from modules.models.versions import ModuleVersion
from modules.models.words import Mode


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
