"""Talks: what can be booked, when advisors are there, what was booked and what was said."""

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants.models import Application
from credpoints.accounts.models import Person, Role, User, check_time_zone
from credpoints.common.translated import TranslatedField, text_in
from credpoints.organisations.models import Programme, programme_ids
from planning.models.participations import Participation
from planning.slots import Exceptional, Hours, Interval, TalkRules


class Mode(models.TextChoices):
    ONSITE = "onsite", _("on site")
    ONLINE = "online", _("online")
    PHONE = "phone", _("by telephone")


class WhoMayBook(models.TextChoices):
    INVITED = "invited", _("invited applicants")
    PARTICIPANT = "participant", _("participants")


class Assignment(models.TextChoices):
    CHOSEN = "chosen", _("the person may choose the advisor")
    FAIR = "fair", _("distributed fairly among advisors")


class ConsultationTypeQuerySet(models.QuerySet["ConsultationType"]):
    def visible_to(self, user: User | None) -> "ConsultationTypeQuerySet":
        """Types of programmes that somebody advises or administers, and types they may book themselves."""
        if user is None or not user.is_authenticated:
            return self.none()
        staffed = programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN)
        invited = Application.objects.filter(person__user=user, state__in=["invited", "consulted"])
        taking_part = Participation.objects.filter(person__user=user, state="active")
        mine = Q(who_may_book=WhoMayBook.INVITED, programme__in=invited.values("programme"))
        mine |= Q(who_may_book=WhoMayBook.PARTICIPANT, programme__in=taking_part.values("programme"))
        return self.filter(Q(programme__in=staffed) | mine & Q(is_open=True)).distinct()


class ConsultationType(models.Model):
    """A kind of talk that can be booked in a programme."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    title = TranslatedField(_("title"))
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=45)
    minutes_before = models.PositiveSmallIntegerField(_("minutes kept free before"), default=0)
    minutes_after = models.PositiveSmallIntegerField(_("minutes kept free after"), default=15)
    step_minutes = models.PositiveSmallIntegerField(_("a talk may begin every … minutes"), default=30)
    notice_hours = models.PositiveSmallIntegerField(_("hours before a talk for booking and changing"), default=24)
    horizon_days = models.PositiveSmallIntegerField(_("bookable how many days ahead"), default=60)
    most_per_day = models.PositiveSmallIntegerField(_("most talks per day and advisor"), null=True, blank=True)
    modes = models.JSONField(_("ways of meeting"), default=list)
    place = models.CharField(_("place and room"), max_length=200, blank=True)
    link = models.URLField(_("link of the online room"), blank=True, max_length=500)
    bring = TranslatedField(_("what to bring"))
    questions = models.JSONField(_("questions asked when booking"), default=list, blank=True)  # [{"de": …, "en": …}]
    needs_confirmation = models.BooleanField(_("the advisor confirms each booking"), default=False)
    who_may_book = models.CharField(
        _("who may book"), max_length=15, choices=WhoMayBook.choices, default=WhoMayBook.INVITED
    )
    assignment = models.CharField(_("advisor"), max_length=10, choices=Assignment.choices, default=Assignment.CHOSEN)
    is_open = models.BooleanField(_("can be booked"), default=True)

    objects = ConsultationTypeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=5), name="talk_has_a_length"),
            models.CheckConstraint(condition=Q(step_minutes__gte=5), name="talk_step_at_least_a_cell"),
        ]

    def __str__(self) -> str:
        return text_in(self.title)

    @property
    def rules(self) -> TalkRules:
        """The same facts as plain data for the arithmetic of free times."""
        return TalkRules(
            length=timedelta(minutes=self.minutes),
            before=timedelta(minutes=self.minutes_before),
            after=timedelta(minutes=self.minutes_after),
            step=timedelta(minutes=self.step_minutes),
            notice=timedelta(hours=self.notice_hours),
            horizon=timedelta(days=self.horizon_days),
            most_per_day=self.most_per_day,
        )

    @property
    def mode_choices(self) -> list[tuple[str, Any]]:
        """The ways of meeting that this kind of talk allows."""
        return [(value, label) for value, label in Mode.choices if value in (self.modes or [Mode.ONSITE])]


class AvailabilityRule(models.Model):
    """Weekly hours in which an advisor can be booked."""

    advisor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField(_("day of the week"))
    begins = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))
    zone = models.CharField(max_length=64, default="Europe/Berlin", validators=[check_time_zone])
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        ordering = ["weekday", "begins"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="availability_known_weekday"),
            models.CheckConstraint(condition=Q(begins__lt=F("ends")), name="availability_begins_before_it_ends"),
        ]
        indexes = [models.Index(fields=["programme", "advisor"])]

    def __str__(self) -> str:
        return f"{self.weekday} {self.begins:%H:%M}–{self.ends:%H:%M}"

    @property
    def hours(self) -> Hours:
        return Hours(self.weekday, self.begins, self.ends, self.zone, self.valid_from, self.valid_until)


class ExceptionKind(models.TextChoices):
    CLOSED = "closed", _("closed")
    EXTRA = "extra", _("extra hours")


class AvailabilityException(models.Model):
    """Days that differ from the week, for one advisor or (without advisor) for the whole programme."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("what"), max_length=10, choices=ExceptionKind.choices, default=ExceptionKind.CLOSED)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    begins = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("to"), null=True, blank=True)
    zone = models.CharField(max_length=64, default="Europe/Berlin", validators=[check_time_zone])
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["first_day", "begins"]
        constraints = [
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="exception_days_in_order"),
            models.CheckConstraint(
                condition=Q(begins=None, ends=None) | Q(begins__lt=F("ends")), name="exception_times_in_order"
            ),
            models.CheckConstraint(
                condition=Q(kind="closed") | Q(begins__isnull=False, ends__isnull=False, advisor__isnull=False),
                name="extra_hours_name_times_and_advisor",
            ),
        ]
        indexes = [models.Index(fields=["programme", "last_day"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first_day}–{self.last_day}"

    @property
    def exceptional(self) -> Exceptional:
        kind = "extra" if self.kind == ExceptionKind.EXTRA else "closed"
        return Exceptional(self.first_day, self.last_day, kind, self.begins, self.ends, self.zone)  # type: ignore[arg-type]


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
        """Own talks, and all talks of the programmes that somebody advises or administers."""
        if user is None or not user.is_authenticated:
            return self.none()
        staffed = programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN)
        return self.filter(Q(programme__in=staffed) | Q(person__user=user) | Q(advisor=user))

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
