"""What would come of handed-over wholes, before anybody says yes: whose they are, what is open or cannot be read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from applicants.models import Application
from certificates import actions, collecting
from certificates.actions.sources import STANDS
from certificates.checking import Check
from certificates.models import Certificate
from credpoints.accounts.models import Person, User
from credpoints.organisations.models import Programme
from modules.models import Enrolment
from planning.models import Participation

Handed = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One whole: the certificate as it would be, not saved, and the one that is there already."""

    whole: Handed
    certificate: Certificate
    there_already: Certificate | None
    open_points: list[Check]


@dataclass
class HandedPlan:
    rows: list[Row] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def new_ones(self) -> list[Row]:
        return [row for row in self.rows if row.there_already is None]


def people_of(programme: Programme) -> QuerySet[Person]:
    """Whoever has applied, takes part, is enrolled or has a certificate here: nobody else can be named."""
    courses = Enrolment.objects.filter(Q(programme=programme) | Q(programme=None, offering__programme=programme))
    sources = (
        Application.objects.filter(programme=programme),
        Participation.objects.filter(programme=programme),
        Certificate.objects.filter(programme=programme, person__isnull=False),
        courses,
    )
    known = Q()
    for source in sources:
        known |= Q(pk__in=source.values("person"))
    return Person.objects.filter(known)


def plan(*, kind: str, wholes: list[Handed], named: str, programme: Programme, by: User) -> HandedPlan:
    """Read every whole as it would be prepared. Nothing is saved.

    `named` is the address of the person whose wholes name nobody.
    """
    made = HandedPlan()
    people = _people(programme, [_address(whole, named) for whole in wholes])
    seen: set[tuple[int, str]] = set()
    for number, whole in enumerate(wholes, start=1):
        address = _address(whole, named)
        person, facts = people.get(address), {name: value for name, value in whole.items() if name != "person"}
        faults = [*_faults_of_person(address, person, by), *collecting.faults_of(kind, facts)]
        if person and not faults:
            faults += _faults_of_repetition(seen, person, facts)
        made.faults += [f"{_place(number, whole, len(wholes))}{fault}" for fault in faults]
        if person and not faults:
            made.rows.append(_row(kind, facts, person, programme))
    return made


def _row(kind: str, whole: Handed, person: Person, programme: Programme) -> Row:
    found = collecting.collect_handed(kind, whole, person, programme)
    certificate = Certificate(kind=kind, person=person, programme=programme, content=found.content, checks=found.checks)
    own = Certificate.objects.filter(person=person, source_key=found.source_key, kind=kind, replaces=None)
    present = own.filter(state__in=STANDS).order_by("pk").last()
    open_points = [check for check in actions.checks_of(certificate) if not check.ok]
    return Row(whole, certificate, present, open_points)


def _people(programme: Programme, addresses: list[str]) -> dict[str, Person | None]:
    """The people of the programme by their address in small letters; nobody where two have the same."""
    wanted = {address for address in addresses if address}
    found: dict[str, Person | None] = {}
    matching = Q()
    for address in wanted:
        matching |= Q(user__email__iexact=address) | Q(user=None, email__iexact=address)
    for person in people_of(programme).filter(matching).select_related("user") if wanted else ():
        address = person.mail_address.casefold()
        found[address] = None if address in found else person
    return found


def _faults_of_person(address: str, person: Person | None, by: User) -> Iterator[str]:
    if not address:
        yield _("It does not say whose it is: name the person by e-mail address.")
    elif person is None:
        yield _(
            "Nobody of this programme has the address “%(address)s”, or more than one person. "
            "Whoever has applied, takes part or is enrolled can be named."
        ) % {"address": address[:100]}
    elif person.user_id == by.pk:
        yield _("Nobody prepares the own certificate.")


def _faults_of_repetition(seen: set[tuple[int, str]], person: Person, whole: Handed) -> Iterator[str]:
    key = (person.pk, str(whole["key"]))
    if key in seen:
        yield _("The same key stands here twice for this person.")
    seen.add(key)


def _address(whole: Handed, named: str) -> str:
    written = whole.get("person") or named
    return written.strip().casefold() if isinstance(written, str) else ""


def _place(number: int, whole: Handed, count: int) -> str:
    """Which of them is meant; nothing when there is only one."""
    if count == 1:
        return ""
    return _("Entry %(number)s (%(key)s)") % {"number": number, "key": str(whole.get("key", "–"))[:60]} + ": "
