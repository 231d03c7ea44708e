"""Reads over several models: where somebody stands, what is next, what waits for staff, lists."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.models import Application
from credpoints.accounts.models import Person, Role, RoleAssignment, ScopeKind, User, role_day
from credpoints.common.path import NextStep, Station, ToDo
from credpoints.common.translated import text_in
from credpoints.organisations.models import Programme, Stage, programme_ids
from modules.models import Enrolment, EnrolmentState
from planning import practice
from planning.dossier import degrees_in_words
from planning.models import (
    Appointment,
    AppointmentState,
    ConsultationRecord,
    ConsultationType,
    Finding,
    FindingKind,
    Participation,
    ParticipationState,
    PlanItem,
    PlanVersion,
    PlanVersionState,
    WhoMayBook,
)

A, V = AppointmentState, PlanVersionState
COMING = {A.BOOKED: gettext_lazy("Booked."), A.REQUESTED: gettext_lazy("Asked for; the advisor will answer.")}


# --- Where somebody stands ------------------------------------------------------------------------------------------
def station(person: Person, programme: Programme) -> Station | None:
    """The consultation station; `plan_station` is the second one of this room."""
    if not programme.has_stage(Stage.CONSULTATION):
        return None
    return _station_of_talk(person, programme) or _station_before_talk(person, programme)


def _station_of_talk(person: Person, programme: Programme) -> Station | None:
    """What the talks say: that one took place, else that one is booked or asked for."""
    talks = Appointment.objects.filter(person=person, programme=programme, state__in=[A.COMPLETED, *COMING])
    latest = {talk.state == A.COMPLETED: talk for talk in talks.select_related("programme").order_by("starts_at")}
    if done := latest.get(True):
        return _station(Stage.CONSULTATION, "done", _("The talk took place."), done.starts_at, done.get_absolute_url())
    if coming := latest.get(False):
        text = str(COMING[A(coming.state)])
        return _station(Stage.CONSULTATION, "current", text, coming.starts_at, coming.get_absolute_url())
    return None


def _station_before_talk(person: Person, programme: Programme) -> Station:
    """What the application says while there is no talk."""
    states = _application_states(person, programme)
    if "invited" in states:
        return _station(Stage.CONSULTATION, "current", _("You are invited: choose a time."), None, "")
    if states & {"consulted", "accepted"}:
        return Station(Stage.CONSULTATION, "done")
    return Station(Stage.CONSULTATION, "to_come")


def plan_station(person: Person, programme: Programme) -> Station | None:
    """The plan station."""
    if not programme.has_stage(Stage.PLAN):
        return None
    versions = list(
        PlanVersion.objects.filter(plan__participation__person=person, plan__participation__programme=programme)
        .exclude(state__in=[V.WITHDRAWN, V.SUPERSEDED])
        .order_by("number")
    )
    agreed = next((version for version in versions if version.state == V.AGREED), None)
    if agreed:
        text = _("Agreed, version %(number)s.") % {"number": agreed.number}
        return _station(Stage.PLAN, "done", text, agreed.agreed_at, agreed.get_absolute_url())
    if versions:
        text = str(versions[-1].get_state_display())
        return _station(Stage.PLAN, "current", text, None, versions[-1].get_absolute_url())
    running = Participation.objects.filter(person=person, programme=programme).running().first()
    if running:
        return _station(Stage.PLAN, "current", _("The plan can be begun."), None, running.get_absolute_url())
    return Station(Stage.PLAN, "to_come")


def stations(person: Person, programme: Programme) -> list[Station]:
    """Both stations of this room that the programme has."""
    return [s for s in (station(person, programme), plan_station(person, programme)) if s]


def _station(stage: Stage, status: Any, text: str, at: datetime | None, url: str) -> Station:
    return Station(stage.value, status, text, at, url)


def _application_states(person: Person, programme: Programme) -> set[str]:
    found = Application.objects.filter(person=person, programme=programme)
    return set(found.values_list("state", flat=True))


# --- What is next ---------------------------------------------------------------------------------------------------
def next_steps(user: User) -> list[NextStep]:
    """What this person can or should do now: book, read, sign."""
    person = getattr(user, "person", None)
    if person is None:
        return []
    return [
        *_talk_steps(user, person), *_summary_steps(user), *_plan_steps(user), *practice.next_steps_of_practice(user),
    ]  # fmt: skip


def _talk_steps(user: User, person: Person) -> list[NextStep]:
    now = timezone.now()
    coming = list(Appointment.objects.filter(person=person).upcoming(now).for_pages())
    steps = [
        NextStep(
            Stage.CONSULTATION, _("Your talk with %(name)s") % {"name": talk.advisor.name}, talk.where,
            _("See the talk"), talk.get_absolute_url(), due=talk.starts_at, order=20,
        )
        for talk in coming
    ]  # fmt: skip
    waiting = {talk.type_id for talk in coming}
    invited = Application.objects.filter(person=person, state="invited").select_related("programme")
    programmes = {application.programme_id: application for application in invited}
    kinds = ConsultationType.objects.filter(
        is_open=True, who_may_book=WhoMayBook.INVITED, programme__in=list(programmes)
    ).exclude(pk__in=waiting)
    booked = {talk.programme_id for talk in coming}
    steps += [
        NextStep(
            Stage.CONSULTATION, _("Choose a time for your talk"),
            _("You are invited. It takes half a minute; you can move the talk later."), _("Choose a time"),
            reverse("planning:times", args=[kind.pk]), by_whom=_("you"), order=10,
        )
        for kind in kinds
        if kind.programme_id not in booked
    ]  # fmt: skip
    return steps


def _summary_steps(user: User) -> list[NextStep]:
    records = ConsultationRecord.objects.filter(
        appointment__person__user=user, shared_at__isnull=False, confirmed_at=None
    ).select_related("appointment")
    return [
        NextStep(
            Stage.CONSULTATION, _("Read the summary of your talk"), _("Please say whether it is right."),
            _("Read the summary"), record.appointment.get_absolute_url(), by_whom=_("you"), order=30,
        )
        for record in records
    ]  # fmt: skip


def _plan_steps(user: User) -> list[NextStep]:
    versions = (
        PlanVersion.objects.open()
        .filter(plan__participation__person__user=user, plan__participation__state=ParticipationState.ACTIVE)
        .prefetch_related("signatures")
    )
    return [step for version in versions if (step := _plan_step(version))]


def _plan_step(version: PlanVersion) -> NextStep | None:
    signed = {s.party for s in version.signatures.all() if s.voided_at is None}
    url = version.get_absolute_url()
    if version.state in {V.PROPOSED, V.PARTLY_SIGNED} and "participant" not in signed:
        return NextStep(
            Stage.PLAN, _("Read and sign your plan"), _("You can also comment or ask for changes."),
            _("Open the plan"), url, by_whom=_("you"), order=15,
        )  # fmt: skip
    if version.state == V.PARTLY_SIGNED:
        return NextStep(Stage.PLAN, _("You have signed the plan"), _("The other side signs next."), "", url, order=60)
    return NextStep(
        Stage.PLAN, _("Shape your plan together with your advisor"), _("Both of you can change and comment."),
        _("Open the plan"), url, by_whom=_("you and your advisor"), order=40,
    )  # fmt: skip


# --- What waits for staff -------------------------------------------------------------------------------------------
def todos(user: User) -> list[ToDo]:
    """To-dos from states, oldest first, with since when somebody waits."""
    advised = programme_ids(user, Role.ADVISOR)
    arranged = programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN)
    if not arranged:
        return []
    found = [
        *_talk_todos(arranged, user), *_plan_todos(advised), *_place_todos(advised), *_people_todos(arranged),
        *practice.practice_todos(arranged),
    ]  # fmt: skip
    return sorted(found, key=lambda todo: todo.since)


def _talk_todos(programmes: list[int], user: User) -> list[ToDo]:
    now = timezone.now()
    talks = (
        Appointment.objects.filter(programme__in=programmes)
        .filter(Q(state=A.REQUESTED) | Q(state=A.BOOKED, ends_at__lt=now))
        .filter(Q(advisor=user) | Q(ends_at__lt=now - timedelta(days=2)) | Q(state=A.REQUESTED))
        .select_related("person")
    )
    return [
        ToDo(
            _("Answer the request for a talk") if talk.state == A.REQUESTED else _("Did the talk take place?"),
            talk.person.full_name,
            reverse("planning:consultation", args=[talk.uuid]),
            talk.created_at if talk.state == A.REQUESTED else talk.ends_at,
        )
        for talk in talks
    ]


def _plan_todos(programmes: list[int]) -> list[ToDo]:
    active = Participation.objects.filter(programme__in=programmes, state=ParticipationState.ACTIVE)
    empty = active.filter(~Exists(PlanVersion.objects.filter(plan__participation=OuterRef("pk"))))
    found = [
        ToDo(_("Begin the plan"), p.person.full_name, p.get_absolute_url(), p.opened_at)
        for p in empty.select_related("person")
    ]
    waiting = (
        PlanVersion.objects.filter(
            plan__participation__in=active, state__in=[V.PROPOSED, V.PARTLY_SIGNED, V.CHANGES_REQUESTED]
        )
        .select_related("plan__participation__person")
        .prefetch_related("signatures")
    )
    for version in waiting:
        signed = {s.party for s in version.signatures.all() if s.voided_at is None}
        if version.state != V.CHANGES_REQUESTED and "advisor" in signed:
            continue
        title = _("Changes are asked for") if version.state == V.CHANGES_REQUESTED else _("Read and sign the plan")
        person = version.plan.participation.person.full_name
        since = version.proposed_at or version.changed_at
        found.append(ToDo(title, person, version.get_absolute_url(), since))
    return found


def _place_todos(programmes: list[int]) -> list[ToDo]:
    """Courses of agreed plans in which the person has no place: full, closed or cancelled since."""
    enrolled = Enrolment.objects.counting().filter(
        person=OuterRef("version__plan__participation__person"), offering=OuterRef("offering")
    )
    lines = PlanItem.objects.filter(
        ~Exists(enrolled), version__state=V.AGREED, offering__isnull=False,
        version__plan__participation__programme__in=programmes,
        version__plan__participation__state=ParticipationState.ACTIVE,
    ).select_related("version__plan__participation__person")  # fmt: skip
    return [
        ToDo(
            _("No place in a course of the plan: %(title)s") % {"title": line.title},
            line.version.plan.participation.person.full_name,
            line.version.get_absolute_url(),
            line.version.agreed_at or line.version.changed_at,
        )
        for line in lines
    ]


def _people_todos(programmes: list[int]) -> list[ToDo]:
    missing = Participation.objects.filter(
        Q(mentor=None) | Q(advisor=None), programme__in=programmes, state=ParticipationState.ACTIVE
    ).select_related("person")
    return [
        ToDo(_("Assign advisor and mentor"), p.person.full_name, p.get_absolute_url(), p.opened_at) for p in missing
    ]


def talks_of_day(user: User, moment: datetime | None = None) -> list[Appointment]:
    """The talks of the day for the home page of staff, in order."""
    now = timezone.localtime(moment or timezone.now(), timezone=ZoneInfo(user.time_zone))
    begins = now.replace(hour=0, minute=0, second=0, microsecond=0)
    talks = Appointment.objects.filter(advisor=user, starts_at__gte=begins, starts_at__lt=begins + timedelta(days=1))
    shown = talks.filter(state__in=[A.REQUESTED, A.BOOKED, A.COMPLETED, A.NO_SHOW_PERSON, A.NO_SHOW_ADVISOR])
    return list(shown.for_pages().order_by("starts_at"))


# --- Lists and details ----------------------------------------------------------------------------------------------
def participations_for_list(user: User, filters: Mapping[str, str]) -> QuerySet[Participation]:
    """Participations with the state of their newest plan version, filtered by the address."""
    newest = PlanVersion.objects.filter(plan__participation=OuterRef("pk")).exclude(state=V.WITHDRAWN)
    found = (
        Participation.objects.visible_to(user)
        .exclude(person__user=user)
        .for_pages()
        .annotate(plan_state=Subquery(newest.order_by("-number").values("state")[:1]))
        .order_by("person__family_name", "person__given_name", "pk")
    )
    if filters.get("q"):
        for word in filters["q"][:100].split()[:5]:  # thousands of words would be a query that no database takes
            found = found.filter(Q(person__family_name__icontains=word) | Q(person__given_name__icontains=word))
    if filters.get("state") in ParticipationState.values:
        found = found.filter(state=filters["state"])
    if filters.get("plan") in V.values:
        found = found.filter(plan_state=filters["plan"])
    if filters.get("plan") == "none":
        found = found.filter(plan_state=None)
    if filters.get("mine"):
        found = found.filter(Q(advisor=user) | Q(mentor=user))
    return found


def participation_of(talk: Appointment) -> Participation | None:
    """The participation that followed from a talk's application."""
    return Participation.objects.filter(person=talk.person_id, programme=talk.programme_id).last()


def fulfilling(item: PlanItem) -> list[str]:
    """What could fulfil the prerequisite of a line: degrees, strengths, passed modules, other lines of the plan."""
    participation = item.version.plan.participation
    passed = Enrolment.objects.filter(person=participation.person_id, state=EnrolmentState.COMPLETED_PASSED)
    strengths = Finding.objects.filter(person=participation.person_id, kind=FindingKind.STRENGTH)
    found = [
        *degrees_in_words(participation.application),
        *(text_in(title) for title in passed.order_by("pk").values_list("offering__version__title", flat=True)),
        *strengths.values_list("text", flat=True),
        *item.version.items.exclude(pk=item.pk).values_list("title", flat=True),
    ]
    return list(dict.fromkeys(text[:300] for text in found))


def earlier_talks(talk: Appointment) -> list[Appointment]:
    """Other talks of the same person in the programme, newest first."""
    others = Appointment.objects.filter(person=talk.person_id, programme=talk.programme_id).exclude(pk=talk.pk)
    shown = others.exclude(state__in=[A.HELD, A.LAPSED]).select_related("type", "advisor__person")
    return list(shown.order_by("-starts_at")[:10])


def arranges_anything(user: User | None) -> bool:
    """Whether somebody has talks to arrange: advisors and administrators of any programme."""
    return bool(programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN))


def works_with_participations(user: User | None) -> bool:
    """Whether somebody has participants to look after: mentors too."""
    return bool(programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN, Role.MENTOR))


def staff_of(programme: Programme, role: Role) -> QuerySet[User]:
    """The people with a role in a programme, for choices."""
    held = RoleAssignment.objects.in_force(role_day()).filter(role=role)
    ids = held.filter(scope_kind=ScopeKind.PROGRAMME, scope_id=programme.pk).values("user_id")
    above = held.filter(scope_kind=ScopeKind.ORGANISATION, scope_id=programme.organisation_id).values("user_id")
    people = User.objects.filter(pk__in=ids) | User.objects.filter(pk__in=above)
    return people.select_related("person").order_by("email").distinct()
