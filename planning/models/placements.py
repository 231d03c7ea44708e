"""Practice in a company: where it takes place, and what the company has confirmed of it."""

import uuid
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import Person, User
from credpoints.files.models import StoredFile
from planning.models.participations import Participation

DAYS_TO_ANSWER = 60  # how long the link in a company's mail works
MOST_HOURS = Decimal(2000)  # a year's work


class PlacementState(models.TextChoices):
    ARRANGED = "arranged", _("arranged")
    ASKED = "asked", _("the company is asked to confirm")
    CONFIRMED = "confirmed", _("confirmed by the company")
    CANCELLED = "cancelled", _("does not take place")
    SET_ASIDE = "set_aside", _("the confirmation was set aside")


# Of each line one placement counts; those that ended otherwise stay to be read.
COUNTING = (PlacementState.ARRANGED.value, PlacementState.ASKED.value, PlacementState.CONFIRMED.value)


class PlacementQuerySet(models.QuerySet["Placement"]):
    def visible_to(self, user: User | None) -> "PlacementQuerySet":
        """Those of participations that the person may see."""
        return self.filter(participation__in=Participation.objects.visible_to(user))

    def counting(self) -> "PlacementQuerySet":
        return self.filter(state__in=COUNTING)

    def open_to(self, token_hash: str, on: date) -> "PlacementQuerySet":
        """The one that a company's link opens on this day."""
        return self.filter(state=PlacementState.ASKED, token_hash=token_hash, asked_until__gte=on)

    def for_pages(self) -> "PlacementQuerySet":
        return self.select_related(
            "participation__programme__organisation",
            "participation__person__user",
            "participation__advisor__person",
            "agreement",
            "proof",
        )


class Placement(models.Model):
    """The practice of one line of a plan. `line_key` is the line's key, the same in all versions of the plan.

    The company answers by a link without an account; only the link's hash is kept, and only while it works.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="+")
    line_key = models.UUIDField()
    title = models.CharField(max_length=300)  # of the line, as it was called when the practice was arranged
    state = models.CharField(max_length=10, choices=PlacementState.choices, default=PlacementState.ARRANGED)
    edition = models.PositiveIntegerField(default=1)  # rises with every save, so a stale form is noticed
    changed_at = models.DateTimeField(default=timezone.now)

    company = models.CharField(_("name of the company"), max_length=200)
    place = models.CharField(_("town or region"), max_length=200)
    tasks = models.TextField(_("tasks"), max_length=4000)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    hours = models.DecimalField(_("hours in all"), max_digits=6, decimal_places=2)
    supervisor = models.CharField(_("name of the supervisor"), max_length=200)
    supervisor_email = models.EmailField(_("e-mail address of the supervisor"))
    supervisor_phone = models.CharField(_("telephone of the supervisor"), max_length=50, blank=True)
    language = models.CharField(_("language of the mail"), max_length=10, choices=settings.LANGUAGES, default="de")
    agreement = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    token_hash = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_until = models.DateField(null=True, blank=True)
    objection = models.TextField(_("what is not right"), max_length=2000, blank=True)
    objected_at = models.DateTimeField(null=True, blank=True)

    confirmed_hours = models.DecimalField(_("hours worked"), max_digits=6, decimal_places=2, null=True, blank=True)
    evaluation = models.TextField(_("how it went"), max_length=4000, blank=True)
    confirmed_by = models.CharField(_("your name"), max_length=200, blank=True)
    confirmed_position = models.CharField(_("your position"), max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    proof = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "line_key"], condition=Q(state__in=COUNTING), name="one_placement_per_line"
            ),
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="placement_link_once"),
            models.CheckConstraint(condition=Q(state__in=PlacementState.values), name="placement_state_known"),
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="placement_days_in_order"),
            models.CheckConstraint(condition=Q(hours__gt=0, hours__lte=MOST_HOURS), name="placement_hours_possible"),
            models.CheckConstraint(
                condition=Q(state="asked", asked_at__isnull=False, asked_until__isnull=False) & ~Q(token_hash="")
                | ~Q(state="asked") & Q(token_hash=""),
                name="placement_link_works_only_while_asked",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "set_aside"])
                | Q(confirmed_at__isnull=False, confirmed_hours__gt=0, confirmed_hours__lte=MOST_HOURS)
                & ~Q(confirmed_by=""),
                name="confirmed_placement_says_who_and_how_long",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.company}"

    def get_absolute_url(self) -> str:
        return reverse("planning:practice", args=[self.participation.uuid, self.line_key])

    @property
    def programme_id(self) -> int:
        return self.participation.programme_id

    @property
    def can_be_edited(self) -> bool:
        return self.state == PlacementState.ARRANGED

    @property
    def is_over(self) -> bool:
        """Whether the last day has passed."""
        return self.ends_on < timezone.localdate()

    @property
    def has_link_run_out(self) -> bool:
        """Whether the company was asked and its link works no longer."""
        return self.asked_until is not None and self.asked_until < timezone.localdate()

    def supervisor_as_person(self) -> Person:
        """Whom mails to the company go to: nobody with an account, and no row of their own."""
        return Person(email=self.supervisor_email, given_name=self.supervisor)
