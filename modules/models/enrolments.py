"""Who takes part in what."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import Person, Role, User
from credpoints.organisations.models import Programme, programme_ids
from modules.models.offerings import Offering


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
