"""Things of the planning room for tests: set only what matters."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from applicants.models import Application, FormVersion
from credpoints.accounts.models import User
from credpoints.organisations.models import Programme
from modules.models import Module, ModuleVersion, Offering
from planning.actions import consultations, participations, placements, plans
from planning.actions.placements import Answer
from planning.models import (
    Appointment,
    AvailabilityRule,
    ConsultationType,
    Participation,
    Placement,
    PlanItem,
    PlanVersion,
)
from tests.people import World

NOW = datetime(2027, 7, 1, 8, 0, tzinfo=UTC)  # a Thursday
MONDAY_TEN = datetime(2027, 7, 12, 8, 0, tzinfo=UTC)  # 12 July 2027, 10:00 in Berlin


def make_type(programme: Programme, **facts: Any) -> ConsultationType:
    """A first talk: 45 minutes, 15 minutes kept free after, every half hour."""
    return ConsultationType.objects.create(
        programme=programme,
        **{
            "title": {"de": "Erstgespräch", "en": "First talk"},
            "modes": ["onsite", "online"],
            "place": "Haus Gauß, B 501",
            "horizon_days": 365,
            **facts,
        },
    )


def make_hours(advisor: User, programme: Programme, begins: int = 9, ends: int = 16) -> None:
    """Monday to Friday."""
    for weekday in range(5):
        AvailabilityRule.objects.create(
            advisor=advisor, programme=programme, weekday=weekday, begins=time(begins), ends=time(ends)
        )


def make_application(user: User, programme: Programme, state: str = "invited", **facts: Any) -> Application:
    """A handed-in application without answers."""
    form, _created = FormVersion.objects.get_or_create(
        programme=programme,
        number=1,
        defaults={"state": "published", "content": {"sections": []}, "published_at": NOW},
    )
    return Application.objects.create(
        programme=programme,
        person=user.person,
        form_version=form,
        state=state,
        submitted_at=NOW,
        **{"number": f"APP-{user.pk}", **facts},
    )


def make_talk(world: World, user: User | None = None, starts_at: datetime = MONDAY_TEN, **facts: Any) -> Appointment:
    """A booked talk of an invited applicant with Dr. Vogel."""
    user = user or world.rana
    kind = facts.pop("kind", None) or make_type(world.programme)
    make_hours(world.vogel, world.programme)
    make_application(user, world.programme)
    held = consultations.hold_time(kind=kind, starts_at=starts_at, by=user, now=NOW)
    return consultations.book_talk(talk=held, by=user, now=NOW, **facts)


def make_participation(world: World, user: User | None = None) -> Participation:
    """An accepted applicant, with Dr. Vogel as advisor and 15 hours a week."""
    application = make_application(user or world.rana, world.programme, state="accepted", advisor=world.vogel)
    return participations.open_participation(application=application, by=None)


def make_version(world: World, participation: Participation | None = None) -> PlanVersion:
    """A draft with one line per term."""
    participation = participation or make_participation(world)
    version = plans.begin_version(plan=participation.plan, by=world.vogel)
    for term, title in ((world.winter, "Regelungstechnik 1"), (world.summer, "Programmieren in Python")):
        plans.add_line(
            version=version, by=world.vogel, title=title, kind="subject", term=term, hours=Decimal(150),
            credits=Decimal(5),
        )  # fmt: skip
    return version


def practice_facts(**changes: Any) -> dict[str, Any]:
    """What people say of a practice in a company."""
    return {
        "company": "Stromwerk Brandenburg GmbH", "place": "Potsdam", "tasks": "Schaltpläne prüfen",
        "starts_on": date(2028, 5, 2), "ends_on": date(2028, 6, 9), "hours": Decimal(120),
        "supervisor": "Jens Krüger", "supervisor_email": "jens.krueger@stromwerk.example", "supervisor_phone": "",
        "language": "de", **changes,
    }  # fmt: skip


def practice_line(world: World, version: PlanVersion | None = None) -> PlanItem:
    """A practice line in the second term of a draft."""
    return plans.add_line(
        version=version or make_version(world), by=world.vogel, title="Praxisphase", kind="practice",
        term=world.summer, hours=Decimal(120), credits=Decimal(4),
    )  # fmt: skip


def make_placement(world: World, line: PlanItem | None = None, **changes: Any) -> Placement:
    """A practice that the participant has arranged; nobody has been asked yet."""
    line = line or practice_line(world)
    return placements.arrange(
        participation=line.version.plan.participation, line=line, by=world.rana, facts=practice_facts(**changes)
    )


def ask(world: World, placement: Placement) -> str:
    """Ask the company; gives the token of its link."""
    return placements.ask_company(placement=placement, by=world.vogel).rstrip("/").rsplit("/", 1)[-1]


def make_confirmed_placement(world: World, **changes: Any) -> Placement:
    """A practice that the company has confirmed by its link."""
    placement = make_placement(world, **changes)
    answer = Answer(hours=Decimal(120), name="Jens Krüger", position="Meister")
    placements.confirm(placement=placement, token=ask(world, placement), answer=answer)
    return placement


def proposed_version(world: World) -> PlanVersion:
    version = make_version(world)
    plans.propose(version=version, by=world.vogel)
    return version


def make_offering(world, code: str = "EB-RT1", places: int = 30) -> Offering:
    module = Module.objects.create(provider=world.organisation, code=code)
    version = ModuleVersion.objects.create(
        module=module, title={"de": "Regelungstechnik 1"}, credits=Decimal(5), hours=Decimal(150), state="published",
        published_at=MONDAY_TEN,
        prerequisites={"de": "Mathematik 1"},
    )  # fmt: skip
    return Offering.objects.create(version=version, term=world.winter, state="active", places=places)


def agree(world: World, version: PlanVersion) -> PlanVersion:
    """Sign for both sides."""
    for signer in (world.rana, world.vogel):
        plans.sign(version=version, by=signer, seen_hash=version.content_hash)
    return version


HALF_HOUR = timedelta(minutes=30)
