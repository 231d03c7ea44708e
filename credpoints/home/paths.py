"""Where somebody stands, put together from what every room tells: My path and Today."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from applicants import queries as applicants
from applicants.models import Application
from certificates import lasting_queries
from certificates import queries as certificates
from credpoints.accounts.models import Person, User
from credpoints.common.path import NextStep, Station, ToDo
from credpoints.home.days import hours_of
from credpoints.organisations.models import Programme
from modules import queries as modules
from planning import queries as planning
from planning.board import Column
from portfolios import queries as portfolios

Teller = Callable[[Person, Programme], Station | None]

STATION_TELLERS: tuple[Teller, ...] = (
    applicants.station,
    planning.station,
    planning.plan_station,
    modules.station,
    portfolios.station,
    certificates.station,
)
NEXT_STEP_TELLERS: tuple[Callable[[User], Sequence[NextStep]], ...] = (
    applicants.next_steps,
    planning.next_steps,
    modules.next_steps,
    portfolios.next_steps,
    certificates.next_steps,
)
TODO_TELLERS: tuple[Callable[[User], Sequence[ToDo]], ...] = (
    applicants.todos,
    planning.todos,
    modules.todos,
    portfolios.todos,
    certificates.todos,
    lasting_queries.todos,
)


@dataclass(frozen=True)
class OwnPath:
    """One programme's path of one person."""

    programme: Programme
    stations: list[Station]
    hours: list[Column]


def own_paths(user: User) -> list[OwnPath]:
    """The paths of everything the user applied for, newest first."""
    person = getattr(user, "person", None)
    if person is None:
        return []
    programmes = Programme.objects.filter(pk__in=Application.objects.filter(person=person).values("programme"))
    return [
        OwnPath(programme, stations(person, programme), hours_of(user, programme))
        for programme in programmes.order_by("-pk")
    ]


def stations(person: Person, programme: Programme) -> list[Station]:
    """The stations of a programme's path as this person sees them; a station nobody knows of is still to come."""
    told = {s.stage: s for s in (tell(person, programme) for tell in STATION_TELLERS) if s is not None}
    return [told.get(stage.value, Station(stage.value, "to_come")) for stage in programme.open_stages]


def next_steps(user: User) -> list[NextStep]:
    """What the user can do or waits for, the most urgent first: things to do before things to wait for."""
    steps = chain.from_iterable(tell(user) for tell in NEXT_STEP_TELLERS)
    return sorted(steps, key=lambda step: (not step.button, step.order))


def todos(user: User) -> list[ToDo]:
    """What waits for this member of staff, oldest first."""
    return sorted(chain.from_iterable(tell(user) for tell in TODO_TELLERS), key=lambda todo: todo.since)
