"""What can be booked, and when advisors are there."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applicants.models import Application
from credpoints.accounts.models import Role, User, check_time_zone
from credpoints.common.translated import TranslatedField, text_in
from credpoints.organisations.models import Programme, programme_ids
from planning.models.participations import Participation
from planning.slots import Exceptional, Hours, TalkRules


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
