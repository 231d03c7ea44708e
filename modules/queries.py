"""Reads over several models, in a constant number of queries."""

from django.db.models import Prefetch

from credpoints.accounts.models import Person, User
from credpoints.common.path import NextStep, Station, ToDo
from credpoints.organisations.models import Programme, Stage
from modules.models import Enrolment, EnrolmentQuerySet, Result, Session


def enrolments_for_pages() -> EnrolmentQuerySet:
    """Enrolments with everything that pages show of them: four queries for any number."""
    return Enrolment.objects.select_related(
        "person__user", "offering__version__module__provider", "offering__term", "offering__programme"
    ).prefetch_related(
        Prefetch("results", Result.objects.standing().order_by("attempt"), to_attr="standing_results"),
        Prefetch("offering__sessions", Session.objects.filter(cancelled_at=None)),
    )


def own_enrolments(user: User) -> list[Enrolment]:
    """The person's enrolments, running ones first, then the newest."""
    found = enrolments_for_pages().filter(person__user=user).order_by("-pk")
    return sorted(found, key=lambda enrolment: not enrolment.is_running)


def station(person: Person, programme: Programme) -> Station | None:
    """Where the person stands with learning in this programme (one query)."""
    if not programme.has_stage(Stage.LEARNING):
        return None
    states = list(
        Enrolment.objects.counting().filter(person=person, programme=programme).values_list("state", flat=True)
    )
    return learning_station(states)


def learning_station(states: list[str]) -> Station:
    """The station of these enrolments; without any, learning is still to come."""
    return Station(stage=Stage.LEARNING, status="to_come")


def next_steps(user: User) -> list[NextStep]:
    return []


def todos(user: User) -> list[ToDo]:
    return []
