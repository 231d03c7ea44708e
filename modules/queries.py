"""Reads over several models, in a constant number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credpoints.accounts.models import Person, Role, RoleAssignment, ScopeKind, User, role_day
from credpoints.common.moments import write_day, write_span
from credpoints.common.path import NextStep, Station, ToDo
from credpoints.common.translated import text_in
from credpoints.organisations.models import Programme, Stage
from modules.models import (
    RUNNING,
    SEATED,
    Attendance,
    Enrolment,
    EnrolmentQuerySet,
    EnrolmentState,
    Module,
    ModuleVersion,
    Offering,
    OfferingQuerySet,
    OfferingState,
    Result,
    ResultState,
    Session,
    VersionState,
    catalogue_organisations,
    keeping_roles,
)

ENDED = frozenset({EnrolmentState.COMPLETED_PASSED, EnrolmentState.COMPLETED_FAILED, EnrolmentState.NOT_COMPLETED}) | {
    EnrolmentState.EXEMPTED
}
SOON = timedelta(days=14)


def enrolments_for_pages() -> EnrolmentQuerySet:
    """Enrolments with everything that pages show of them: three queries for any number."""
    return Enrolment.objects.select_related(
        "person__user", "offering__version__module__provider", "offering__term", "offering__programme"
    ).prefetch_related(
        Prefetch("results", Result.objects.standing().order_by("attempt"), to_attr="standing_results"),
        Prefetch(
            "offering__sessions",
            Session.objects.filter(cancelled_at=None).select_related("offering__version__module"),
            to_attr="coming_sessions",
        ),
    )


def own_enrolments(user: User) -> list[Enrolment]:
    """The person's enrolments: running ones first, each part in the order of the terms."""
    found = enrolments_for_pages().filter(person__user=user).order_by("pk")
    return sorted(found, key=lambda row: (not row.is_running, row.offering.first_day or date.max))


def own_sessions(user: User, since: datetime) -> list[Session]:
    """The sessions that the person takes part in, from a moment on."""
    return list(
        Session.objects.filter(
            offering__enrolments__person__user=user, offering__enrolments__state__in=RUNNING, ends_at__gte=since
        )
        .select_related("offering__version__module")
        .order_by("starts_at")
        .distinct()
    )


@dataclass(frozen=True)
class SessionLine:
    """One session and what is to be said about it: the own mark, or how many were there."""

    session: Session
    note: str


@dataclass(frozen=True)
class Timetable:
    """The sessions of an offering: those to come in their order, and those that are over, the latest first."""

    coming: list[SessionLine]
    past: list[SessionLine]


def timetable(sessions: Iterable[Session], now: datetime, notes: Mapping[int, str] | None = None) -> Timetable:
    """Divide sessions, which come in order, by what is over."""
    lines = [SessionLine(session, (notes or {}).get(session.pk, "")) for session in sessions]
    past = [line for line in lines if line.session.ends_at <= now]
    return Timetable([line for line in lines if line.session.ends_at > now], past[::-1])


# --- The path -------------------------------------------------------------------------------------------------------
def station(person: Person, programme: Programme) -> Station | None:
    """Where the person stands with learning in this programme (one query)."""
    if not programme.has_stage(Stage.LEARNING):
        return None
    found = Enrolment.objects.counting().filter(person=person, programme=programme)
    return learning_station(list(found.values_list("state", "ended_at")))


def learning_station(enrolments: Sequence[tuple[str, datetime | None]]) -> Station:
    """The station of these enrolments: to come without any, done when all have ended."""
    url = reverse("modules:enrolments")
    ended = [at for state, at in enrolments if state in ENDED]
    if not enrolments:
        return Station(stage=Stage.LEARNING, status="to_come")
    text = _("%(done)s of %(total)s modules completed") % {"done": len(ended), "total": len(enrolments)}
    if len(ended) < len(enrolments):
        return Station(stage=Stage.LEARNING, status="current", text=text, url=url)
    at = max((moment for moment in ended if moment), default=None)
    return Station(stage=Stage.LEARNING, status="done", text=text, at=at, url=url)


def next_steps(user: User) -> list[NextStep]:
    """A freed place that waits for an answer, and the next session (three queries)."""
    now = timezone.now()
    offered = enrolments_for_pages().filter(person__user=user, state=EnrolmentState.OFFERED, offer_expires_at__gt=now)
    steps = [_take_the_place(enrolment) for enrolment in offered]
    coming = [session for session in own_sessions(user, now) if session.starts_at <= now + SOON]
    return steps + [_attend(session) for session in coming[:1]]


def _take_the_place(enrolment: Enrolment) -> NextStep:
    return NextStep(
        stage=Stage.LEARNING,
        title=_("A place in “%(title)s” is free for you") % {"title": text_in(enrolment.offering.version.title)},
        text=_("If you do not take it in time, it goes to the next person on the waiting list."),
        button=gettext_lazy("Take the place"),
        url=reverse("modules:enrolment_step", args=[enrolment.uuid, "accept"]),
        by_whom=gettext_lazy("you"),
        due=enrolment.offer_expires_at,
        order=5,
    )


def _attend(session: Session) -> NextStep:
    where = session.get_mode_display() if session.is_online else session.place or session.get_mode_display()
    return NextStep(
        stage=Stage.LEARNING,
        title=_("Next session: %(title)s") % {"title": text_in(session.offering.version.title)},
        text=f"{write_span(session.starts_at, session.ends_at, session.time_zone)} · {where}",
        button=gettext_lazy("Open my modules"),
        url=reverse("modules:enrolments"),
        by_whom=gettext_lazy("you"),
        order=60,
    )


# --- Staff ----------------------------------------------------------------------------------------------------------
def groups(user: User) -> OfferingQuerySet:
    """The offerings that somebody teaches or runs, with the numbers of people and open results (one query).

    What runs today comes first, then what is to come, then what is over.
    """
    today = timezone.localdate()
    begins, ends = Coalesce("starts_on", "term__starts_on"), Coalesce("ends_on", "term__ends_on")
    turn = Case(When(last_on__lt=today, then=Value(2)), When(first_on__gt=today, then=Value(1)), default=Value(0))
    return (
        Offering.objects.staffed_by(user)
        .select_related("version__module__provider", "term")
        .annotate(
            participants=Count("enrolments", filter=Q(enrolments__state__in=SEATED), distinct=True),
            waiting=Count("enrolments", filter=Q(enrolments__state=EnrolmentState.WAITLISTED), distinct=True),
            asking=Count("enrolments", filter=Q(enrolments__state=EnrolmentState.REQUESTED), distinct=True),
            without_result=Count("enrolments", filter=Q(enrolments__state__in=RUNNING), distinct=True),
        )
        .annotate(first_on=begins, last_on=ends)
        .annotate(turn=turn)
        .order_by("turn", "-first_on", "pk")
    )


@dataclass(frozen=True)
class Participant:
    """One line of a group: the enrolment, its results, and the attempt that would be marked next."""

    enrolment: Enrolment
    results: list[Result]
    attendance: dict[int, str]

    @property
    def provisional(self) -> Result | None:
        return next((result for result in self.results if result.state == ResultState.PROVISIONAL), None)

    @property
    def present(self) -> int:
        return sum(1 for status in self.attendance.values() if status == "present")


def participants(offering: Offering) -> list[Participant]:
    """Everybody in an offering with results and attendance (three queries)."""
    found = (
        Enrolment.objects.filter(offering=offering)
        .counting()
        .select_related("person__user", "offering__version")
        .prefetch_related(
            Prefetch("results", Result.objects.standing().order_by("attempt"), to_attr="standing_results"),
            Prefetch("attendance_records", to_attr="marks"),
        )
        .order_by("person__family_name", "person__given_name", "pk")
    )
    lines = [
        Participant(row, row.standing_results, {mark.session_id: mark.status for mark in row.marks})  # type: ignore[attr-defined]
        for row in found
    ]
    # People with a seat by name; behind them those who wait, in the order of the list.
    return sorted(lines, key=lambda line: (not line.enrolment.holds_seat, line.enrolment.queue_number or 0))


def attendance_words(lines: Iterable[Participant]) -> dict[int, str]:
    """How many were there, for each session whose list has been filled in."""
    marks: dict[int, list[str]] = {}
    for line in lines:
        for session, status in line.attendance.items():
            marks.setdefault(session, []).append(status)
    words = _("%(present)s of %(total)s present")
    return {
        session: words % {"present": statuses.count("present"), "total": len(statuses)}
        for session, statuses in marks.items()
    }


def todos(user: User) -> list[ToDo]:
    """Lists and results to finish, enrolments to confirm, versions to review, oldest first (five queries)."""
    found = [
        *_lists_missing(user),
        *_results_to_finish(user),
        *_results_missing(user),
        *_enrolments_to_confirm(user),
        *_versions_to_review(user),
    ]
    return sorted(found, key=lambda todo: todo.since)


def _lists_missing(user: User) -> list[ToDo]:
    """Compulsory sessions that are over, with people who were enrolled by then and no list of who was there."""
    rows = (
        Session.objects.filter(
            offering__in=Offering.objects.taught_by(user),
            attendance=Attendance.COMPULSORY,
            cancelled_at=None,
            ends_at__lt=timezone.now(),
            attendance_records=None,
            offering__enrolments__state__in=RUNNING,
            offering__enrolments__enrolled_at__lt=F("starts_at"),
        )
        .select_related("offering__version", "offering__term")
        .distinct()
    )
    return [
        ToDo(
            title=_("Enter who was there on %(day)s")
            % {"day": write_day(row.starts_at.astimezone(ZoneInfo(row.time_zone)))},
            person=str(row.offering),
            url=reverse("modules:attendance", args=[row.uuid]),
            since=row.ends_at,
        )
        for row in rows
    ]


def _results_to_finish(user: User) -> list[ToDo]:
    rows = (
        Offering.objects.taught_by(user)
        .filter(enrolments__results__state=ResultState.PROVISIONAL)
        .annotate(open=Count("enrolments__results"), since=Min("enrolments__results__recorded_at"))
        .select_related("version", "term")
    )
    return [_group_todo(row, _("Make %(number)s results final"), row.since) for row in annotated(rows)]


def _group_todo(row: Any, title: str, since: datetime) -> ToDo:
    return ToDo(
        title=title % {"number": row.open},
        person=str(row),
        url=reverse("modules:group", args=[row.uuid]),
        since=since,
    )


def annotated(rows: Iterable[Any]) -> list[Any]:
    """Rows with annotations, which the type checker does not know."""
    return list(rows)


def _results_missing(user: User) -> list[ToDo]:
    """Offerings whose last session is over and where people still wait for a result."""
    last = Subquery(
        Session.objects.filter(offering=OuterRef("pk"), cancelled_at=None)
        .order_by()
        .values("offering")
        .annotate(last=Max("ends_at"))
        .values("last")
    )
    rows = (
        Offering.objects.taught_by(user)
        .annotate(over=last, open=Count("enrolments", filter=Q(enrolments__state__in=RUNNING)))
        .filter(open__gt=0, over__lt=timezone.now())
        .select_related("version", "term")
    )
    return [_group_todo(row, _("Enter results: %(number)s people wait"), row.over) for row in annotated(rows)]


def _enrolments_to_confirm(user: User) -> list[ToDo]:
    rows = Enrolment.objects.filter(
        state=EnrolmentState.REQUESTED, offering__version__module__provider__in=catalogue_organisations(user)
    ).select_related("person__user", "offering__version", "offering__term")
    return [
        ToDo(
            title=_("Confirm an enrolment"),
            person=str(row.person),
            text=str(row.offering),
            url=row.get_absolute_url(),
            since=row.created_at,
        )
        for row in rows
    ]


def _versions_to_review(user: User) -> list[ToDo]:
    """What somebody else handed in; one's own only where nobody else could look at it."""
    others = keeping_roles(OuterRef("module__provider")).exclude(user=user)
    rows = (
        ModuleVersion.objects.filter(state=VersionState.IN_REVIEW, module__provider__in=catalogue_organisations(user))
        .filter(~Q(handed_in_by=user) | ~Exists(others))
        .select_related("module", "handed_in_by__person")
    )
    return [
        ToDo(
            title=_("Review a module: %(title)s") % {"title": text_in(row.title) or row.module.code},
            person=row.handed_in_by.name if row.handed_in_by else "",
            text=_("Version %(number)s was handed in. Approve it, or return it with a reason.")
            % {"number": row.number},
            url=row.get_absolute_url(),
            since=row.handed_in_at or row.created_at,
        )
        for row in rows
    ]


def open_offerings(version: ModuleVersion) -> list[Offering]:
    """The offerings that a page of the catalogue shows, the next first.

    The present version shows those of earlier versions too: what is on goes on after a new version is published.
    """
    shown = (OfferingState.ACTIVE, OfferingState.INACTIVE)
    is_present = version.state == VersionState.PUBLISHED
    of_page = Q(version__module=version.module_id) if is_present else Q(version=version)
    return list(
        Offering.objects.filter(of_page, state__in=shown)
        .select_related("version__module", "term")
        .order_by("term__starts_on", "starts_on", "pk")
    )


def offerings_of(module: Module) -> list[Offering]:
    """Every offering of a module, also those that are being prepared or over, the newest first."""
    found = Offering.objects.filter(version__module=module).select_related("version__module", "term")
    return list(found.order_by("-term__starts_on", "-starts_on", "-pk"))


def teachers_of(offering: Offering) -> list[User]:
    """Who is named as teacher of this offering."""
    named = RoleAssignment.objects.in_force(role_day()).filter(
        role=Role.TEACHER, scope_kind=ScopeKind.OFFERING, scope_id=offering.pk
    )
    return list(User.objects.filter(pk__in=named.values("user")).select_related("person").order_by("pk"))


def results_with_corrections(enrolment: Enrolment) -> list[Result]:
    """Every result of an enrolment, corrected ones too, in the order of their making."""
    return list(Result.objects.filter(enrolment=enrolment).select_related("examiner__person").order_by("attempt", "pk"))


def marks_of(enrolment: Enrolment) -> dict[int, str]:
    """The person's attendance by session."""
    return {mark.session_id: mark.get_status_display() for mark in enrolment.attendance_records.all()}
