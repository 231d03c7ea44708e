"""What the administrator's pages read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from applicants.models import Application
from applicants.models import State as ApplicationState
from certificates.models import Certificate
from certificates.models import State as CertificateState
from credpoints.accounts.models import RoleAssignment, RoleAssignmentQuerySet, ScopeKind
from credpoints.organisations.models import Programme, Stage
from credpoints.outbox.models import MessageState, OutboxMessage
from modules.models import Enrolment
from planning.models import (
    Appointment,
    AppointmentState,
    Participation,
    ParticipationState,
    PlanVersion,
    PlanVersionState,
)
from portfolios.models import Entry


@dataclass(frozen=True)
class Reached:
    """How many people have come to a station; `percent` of the widest bar."""

    label: str
    people: int
    percent: int


@dataclass(frozen=True)
class Places:
    """Places of a programme; `total` is None without a limit."""

    total: int | None
    taken: int
    waiting: int

    @property
    def free(self) -> int | None:
        return None if self.total is None else max(0, self.total - self.taken)


@dataclass(frozen=True)
class Stuck:
    """One reason why people wait: how many, since when the first, and where to help."""

    reason: str
    count: int
    since: datetime | None
    url: str


def assignments(programme: Programme) -> RoleAssignmentQuerySet:
    """Everybody who works or worked in the programme, open roles first."""
    found = RoleAssignment.objects.filter(scope_kind=ScopeKind.PROGRAMME, scope_id=programme.pk)
    return found.select_related("user__person", "granted_by__person").order_by("-ends_on", "role", "pk")


def reached(programme: Programme) -> list[Reached]:
    """How many people have come to each station, for the picture (one query a station)."""
    counters = {
        Stage.APPLICATION: Application.objects.filter(programme=programme, submitted_at__isnull=False),
        Stage.CONSULTATION: Appointment.objects.filter(programme=programme, state=AppointmentState.COMPLETED),
        Stage.PLAN: PlanVersion.objects.filter(plan__participation__programme=programme, agreed_at__isnull=False),
        Stage.LEARNING: Enrolment.objects.counting().filter(programme=programme),
        Stage.PORTFOLIO: Entry.objects.filter(portfolio__person__in=people_of(programme)),
        Stage.CERTIFICATE: Certificate.objects.published().filter(programme=programme),
    }
    whose = {Stage.PLAN: "plan__participation__person", Stage.PORTFOLIO: "portfolio__person"}
    counts = {
        stage: found.aggregate(people=Count(whose.get(stage, "person"), distinct=True))["people"]
        for stage, found in counters.items()
        if programme.has_stage(stage)
    }
    most = max([*counts.values(), 1])
    return [Reached(str(stage.label), people, round(people * 100 / most)) for stage, people in counts.items()]


def people_of(programme: Programme) -> QuerySet[Participation, int]:
    """Everybody who takes or took part, as numbers for other queries."""
    return Participation.objects.filter(programme=programme).values_list("person", flat=True)


def standing(programme: Programme) -> list[tuple[str, int]]:
    """How many people stand in which state, in staff words; what nobody has reached is left out."""
    applications = Application.objects.filter(programme=programme).values_list("state")
    taking_part = Participation.objects.filter(programme=programme).values_list("state")
    certified = Certificate.objects.filter(programme=programme).values_list("state")
    told: list[tuple[str, int]] = []
    for station, found, states in (
        (_("Application"), applications, ApplicationState),
        (_("Participation"), taking_part, ParticipationState),
        (_("Certificate"), certified, CertificateState),
    ):
        counts = dict(found.annotate(people=Count("pk")).order_by())
        told += [(f"{station}: {state.label}", counts[state.value]) for state in states if counts.get(state.value)]
    return told


def places(programme: Programme) -> Places:
    """Places taken and asked for (two queries)."""
    taken = Participation.objects.filter(programme=programme).running().count()
    waiting = Application.objects.filter(programme=programme, state=ApplicationState.WAITLISTED).count()
    return Places(programme.places, taken, waiting)


def stuck(programme: Programme, now: datetime) -> list[Stuck]:
    """What has not moved for too long and why, the oldest first; a line for each reason that holds people up."""
    found = [_stuck(reason, rows, moment, url) for reason, rows, moment, url in _waiting(programme, now)]
    return sorted((line for line in found if line.count), key=lambda line: line.since or now)


Waiting = tuple[str, QuerySet[Any], str, str]


def _waiting(programme: Programme, now: datetime) -> list[Waiting]:
    week, fortnight = now - timedelta(days=7), now - timedelta(days=14)
    applications = Application.objects.filter(programme=programme)
    taking_part = Participation.objects.filter(programme=programme, state=ParticipationState.ACTIVE)
    versions = PlanVersion.objects.filter(plan__participation__programme=programme)
    intake = reverse("applicants:applications", args=[programme.slug])
    outbox, register = reverse("home:outbox"), reverse("certificates:register")
    people = reverse("planning:participations")
    return [
        (_("Mails that could not be sent"),
         OutboxMessage.objects.filter(programme_id=programme.pk, state=MessageState.FAILED), "created_at",
         f"{outbox}?state=failed"),
        (_("New applications that nobody has opened for a week"),
         applications.filter(state=ApplicationState.SUBMITTED, moved_at__lt=week), "moved_at",
         f"{intake}?state=submitted"),
        (_("Applications in review for more than two weeks"),
         applications.filter(state=ApplicationState.IN_REVIEW, moved_at__lt=fortnight), "moved_at",
         f"{intake}?state=in_review"),
        (_("Applicants who were asked for something two weeks ago"),
         applications.filter(state=ApplicationState.NEEDS_INFORMATION, moved_at__lt=fortnight), "moved_at",
         f"{intake}?state=needs_information"),
        (_("Invited people without a talk for two weeks"),
         applications.filter(state=ApplicationState.INVITED, moved_at__lt=fortnight), "moved_at",
         f"{intake}?state=invited"),
        (_("Talks of which nobody says whether they took place"),
         Appointment.objects.filter(programme=programme, state=AppointmentState.BOOKED,
                                    ends_at__lt=now - timedelta(days=2)), "ends_at", reverse("planning:talks")),
        (_("Participants without an advisor or a mentor"),
         taking_part.filter(Q(advisor=None) | Q(mentor=None)), "opened_at", people),
        (_("Plans that wait for a signature for more than two weeks"),
         versions.filter(state__in=[PlanVersionState.PROPOSED, PlanVersionState.PARTLY_SIGNED],
                         changed_at__lt=fortnight), "changed_at", f"{people}?plan=proposed"),
        (_("Certificates that could not be made"),
         Certificate.objects.filter(programme=programme, state=CertificateState.RENDER_FAILED), "created_at",
         f"{register}?state=render_failed"),
        (_("Certificates that wait for approval for more than a week"),
         Certificate.objects.filter(programme=programme, created_at__lt=week,
                                    state__in=[CertificateState.FROZEN, CertificateState.HALF_APPROVED]),
         "created_at", register),
    ]  # fmt: skip


def _stuck(reason: str, rows: QuerySet[Any], moment: str, url: str) -> Stuck:
    told = rows.aggregate(count=Count("pk"), since=Min(moment))
    return Stuck(reason, told["count"], told["since"], url)
