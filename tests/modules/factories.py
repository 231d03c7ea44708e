"""Things of the catalogue, made with the least that a test needs."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from credpoints.accounts.models import Person, User
from modules import actions
from modules.models import Enrolment, Module, ModuleVersion, Offering, Result, Session
from tests.people import World

COMPLETE: dict[str, Any] = {
    "title": {"de": "Regelungstechnik 1", "en": "Control Engineering 1"},
    "aim": {"de": "Regelkreise verstehen.", "en": "Understand control loops."},
    "outcomes": [{"code": "K1", "kind": "knowledge", "text": {"de": "Regelkreise beschreiben"}, "esco": []}],
    "assessments": [{"type": "written", "weight": 100, "text": {"de": "Klausur"}, "criteria": {"de": "50 %"}}],
    "credits": Decimal(5),
    "hours": Decimal(150),
    "eqf_level": 6,
    "isced_f": "0714",
    "languages": ["de"],
    "admission": "none",
    "quality_assurance": "accredited_programme",
}


def make_version(world: World, *, code: str = "EB-RT1", publish: bool = True, **facts: Any) -> ModuleVersion:
    """A module of the world's organisation with one version, published unless told otherwise."""
    same = Module.objects.filter(provider=world.organisation, code__startswith=code).count()
    code = f"{code}-{same + 1}" if code and same else code  # a provider gives each code once
    version = actions.create_module(provider_id=world.organisation.pk, by=None, code=code, facts={**COMPLETE, **facts})
    if publish:
        actions.publish_version(version=version, by=None)
    return version


def make_offering(
    world: World, *, version: ModuleVersion | None = None, places: int | None = 10, state: str = "active", **facts: Any
) -> Offering:
    """An offering of the winter term in the world's programme, open for enrolment."""
    return Offering.objects.create(
        version=version or make_version(world),
        programme=world.programme,
        term=world.winter,
        places=places,
        state=state,
        **facts,
    )


def make_session(offering: Offering, starts_at: datetime, hours: int = 2, **facts: Any) -> Session:
    return Session.objects.create(
        offering=offering, starts_at=starts_at, ends_at=starts_at + timezone.timedelta(hours=hours), **facts
    )


def make_person(number: int) -> Person:
    """Somebody with an account, numbered."""
    user = User.objects.create_user(f"person{number}@example.org", language="de")
    return Person.objects.create(user=user, email=user.email, given_name="Person", family_name=str(number))


def make_enrolment(world: World, *, user: User | None = None, offering: Offering | None = None) -> Enrolment:
    """Rana (or somebody else) enrolled."""
    return actions.enrol(offering=offering or make_offering(world), person=(user or world.rana).person, by=world.vogel)


def make_result(enrolment: Enrolment, by: User, value: str = "1.7", final: bool = True) -> Result:
    """A result in German grades, final unless told otherwise."""
    result = actions.record_result(enrolment=enrolment, value=Decimal(value), examined_on=date(2028, 2, 10), by=by)
    if final:
        actions.finalise_result(result=result, by=by)
    return result


__all__ = ["Module", "make_enrolment", "make_offering", "make_person", "make_result", "make_session", "make_version"]
