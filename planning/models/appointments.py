"""Talks: who meets whom and when, the minutes this takes, links and wishes."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants.models import Application
from credpoints.accounts.models import Person, Role, User, check_time_zone
from credpoints.organisations.models import Programme, programme_ids
from planning.models.availability import ConsultationType, Mode
from planning.slots import Interval


class AppointmentState(models.TextChoices):
    HELD = "held", _("held for you")
    REQUESTED = "requested", _("waiting for confirmation")
    BOOKED = "booked", _("booked")
    DECLINED = "declined", _("declined")
    COMPLETED = "completed", _("took place")
    NO_SHOW_PERSON = "no_show_person", _("the person did not come")
    NO_SHOW_ADVISOR = "no_show_advisor", _("the advisor did not come")
    CANCELLED = "cancelled", _("cancelled")
    LAPSED = "lapsed", _("given up before booking")


ACTIVE_STATES = frozenset({AppointmentState.HELD, AppointmentState.REQUESTED, AppointmentState.BOOKED})


_ACTIVE = ["held", "requested", "booked"]


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def visible_to(self, user: User | None) -> "AppointmentQuerySet":
        """Own talks, and all talks of the programmes that somebody advises or administers now."""
        if user is None or not user.is_authenticated:
            return self.none()
        staffed = programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN)
        return self.filter(Q(programme__in=staffed) | Q(person__user=user))

    def arranged_by(self, user: User | None) -> "AppointmentQuerySet":
        """Talks of the programmes that somebody advises or administers: those whose staff pages open."""
        return self.filter(programme__in=programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN))

    def claiming(self) -> "AppointmentQuerySet":
        """Talks that take time out of somebody's day."""
        return self.filter(state__in=_ACTIVE)

    def upcoming(self, now: datetime) -> "AppointmentQuerySet":
        """Agreed talks that have not ended yet, soonest first."""
        return self.filter(state__in=["requested", "booked"], ends_at__gt=now).order_by("starts_at")

    def for_pages(self) -> "AppointmentQuerySet":
        return self.select_related("type", "programme", "advisor__person", "person__user", "application")


class Appointment(models.Model):
    """One talk between a person and an advisor; moving it keeps the row and its calendar UID."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    type = models.ForeignKey(ConsultationType, on_delete=models.PROTECT, related_name="appointments")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    advisor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=20, choices=AppointmentState.choices, default=AppointmentState.HELD)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    claim_begins = models.DateTimeField()
    claim_ends = models.DateTimeField()
    place_zone = models.CharField(max_length=64, default="Europe/Berlin", validators=[check_time_zone])
    visitor_zone = models.CharField(max_length=64, default="Europe/Berlin", validators=[check_time_zone])
    mode = models.CharField(_("way of meeting"), max_length=10, choices=Mode.choices, default=Mode.ONSITE)
    place = models.CharField(_("place and room"), max_length=200, blank=True)
    link = models.URLField(_("link"), blank=True, max_length=500)
    phone = models.CharField(_("telephone number"), max_length=50, blank=True)
    answers = models.JSONField(default=list, blank=True)  # [{"question": {…}, "answer": "…"}]
    note = models.TextField(_("what should we know before?"), blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    booked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="talk_begins_before_it_ends"),
            models.CheckConstraint(
                condition=Q(claim_begins__lte=F("starts_at"), claim_ends__gte=F("ends_at")),
                name="talk_claims_its_buffers",
            ),
            models.CheckConstraint(condition=Q(state__in=AppointmentState.values), name="talk_state_known"),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(held_until__isnull=False), name="held_talk_has_an_end"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["booked", "completed"]) | Q(booked_at__isnull=False),
                name="booked_talk_has_a_time",
            ),
            models.UniqueConstraint(
                fields=["type", "person"], condition=Q(state__in=_ACTIVE), name="one_active_talk_per_person_and_type"
            ),
        ]
        indexes = [
            models.Index(fields=["advisor", "starts_at"]),
            models.Index(fields=["programme", "state", "starts_at"]),
            models.Index(fields=["person", "starts_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.starts_at.astimezone(ZoneInfo(self.place_zone)):%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("planning:appointment", args=[self.uuid])

    @property
    def claim(self) -> Interval:
        """What the talk takes out of the advisor's day, buffers included."""
        return Interval(self.claim_begins, self.claim_ends)

    @property
    def calendar_uid(self) -> str:
        return f"{self.uuid}@credit-points"

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_STATES

    @property
    def where(self) -> str:
        """The place, link or number in one line."""
        if self.mode == Mode.ONLINE:
            return self.link
        return self.phone if self.mode == Mode.PHONE else self.place

    def is_too_late(self, now: datetime) -> bool:
        """Whether the time has passed in which the person may still change or cancel alone."""
        return now > self.starts_at - timedelta(hours=self.type.notice_hours)

    def hold_is_over(self, now: datetime) -> bool:
        return self.state == AppointmentState.HELD and self.held_until is not None and self.held_until <= now


class AppointmentCell(models.Model):
    """Five minutes of an advisor's day. Unique, so that no path can ever book them twice."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="cells")
    advisor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begins_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["advisor", "begins_at"], name="advisor_in_one_talk_at_a_time")]

    def __str__(self) -> str:
        return f"{self.advisor_id} {self.begins_at:%Y-%m-%d %H:%M}"


class VisitorCell(models.Model):
    """Five minutes of a visitor's day: nobody is in two talks at once."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="visitor_cells")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    begins_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "begins_at"], name="visitor_in_one_talk_at_a_time")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.begins_at:%Y-%m-%d %H:%M}"


class AppointmentLink(models.Model):
    """A secret link of a mail with which the person manages the talk without signing in; only its hash is kept."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"link of talk {self.appointment_id}"


class EarlierWish(models.Model):
    """Somebody would like to come earlier: a freed time is offered to one person after the other."""

    appointment = models.OneToOneField(Appointment, on_delete=models.CASCADE, related_name="earlier_wish")
    wished_at = models.DateTimeField(default=timezone.now)
    offered_start = models.DateTimeField(null=True, blank=True)
    offered_until = models.DateTimeField(null=True, blank=True)
    declined_starts = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(offered_start=None, offered_until=None)
                | Q(offered_start__isnull=False, offered_until__isnull=False),
                name="earlier_offer_has_an_end",
            )
        ]

    def __str__(self) -> str:
        return f"earlier than talk {self.appointment_id}"


class CalendarFeed(models.Model):
    """A private calendar address of one person; a new address makes the old one dead."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"
