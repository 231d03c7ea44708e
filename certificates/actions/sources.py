"""Drafts from other sources than a plan: the results of a course, all results of a person, what was handed over."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from certificates import collecting
from certificates.actions.preparing import draft_certificate
from certificates.collecting import Collected
from certificates.models import OPEN, Certificate, Kind, State
from credpoints.accounts.models import Person, User
from credpoints.organisations.models import Programme
from credpoints.organisations.rules import is_advisor_or_admin
from modules.models import Enrolment

STANDS = (*OPEN, State.ISSUED, State.REPLACED, State.EXPIRED)


@dataclass
class Prepared:
    """What came of preparing many: the new drafts, and whose certificate was there already."""

    drafts: list[Certificate] = field(default_factory=list)
    there_already: list[Certificate] = field(default_factory=list)


def prepare_for_course(*, enrolments: Iterable[Enrolment], programme: Programme, kind: str, by: User) -> Prepared:
    """Begin one certificate of this kind for everybody named; who has one already is left alone. Nobody is mailed."""
    if kind not in collecting.COURSE_KINDS:
        raise ValueError(kind)
    _check_staff(by, programme)
    prepared = Prepared()
    with transaction.atomic():
        for enrolment in enrolments:
            if enrolment.person.user_id == by.pk:
                continue  # nobody prepares the own certificate
            found = collecting.collect_course(enrolment, programme, kind)
            certificate, is_new = _draft_once(found, enrolment.person, programme, kind, by)
            (prepared.drafts if is_new else prepared.there_already).append(certificate)
    return prepared


def prepare_transcript(*, person: Person, programme: Programme, by: User) -> Certificate:
    """Begin a list of all results of one person; the one that is open already stays the only one."""
    _check_staff(by, programme, person)
    found = collecting.collect_transcript(person, programme)
    return _draft_once(found, person, programme, Kind.TRANSCRIPT, by)[0]


def prepare_handed(*, kind: str, handed: dict[str, Any], person: Person, programme: Programme, by: User) -> Certificate:
    """Begin the certificate of a bundle, a unit or validated learning from plain data, as `collecting.snapshots` says.

    Raises ValidationError when something in it cannot be read. The same key gives the same certificate.
    """
    _check_staff(by, programme, person)
    found = collecting.collect_handed(kind, handed, person, programme)
    return _draft_once(found, person, programme, kind, by)[0]


def prepare_all_handed(
    *, kind: str, handed: Iterable[tuple[Person, dict[str, Any]]], programme: Programme, by: User
) -> Prepared:
    """Begin the certificates of many, all or none; who has one of the same key already is left alone."""
    prepared = Prepared()
    with transaction.atomic():
        for person, whole in handed:
            _check_staff(by, programme, person)
            found = collecting.collect_handed(kind, whole, person, programme)
            certificate, is_new = _draft_once(found, person, programme, kind, by)
            (prepared.drafts if is_new else prepared.there_already).append(certificate)
    return prepared


def _draft_once(
    found: Collected, person: Person, programme: Programme, kind: str, by: User
) -> tuple[Certificate, bool]:
    """The certificate of this source, and whether it is new. The person's row is locked: two clicks make one."""
    with transaction.atomic():
        Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        states = OPEN if kind == Kind.TRANSCRIPT else STANDS
        own = Certificate.objects.filter(person=person, source_key=found.source_key, kind=kind)
        present = own.filter(replaces=None, state__in=states)
        existing = present.order_by("pk").last()
        if existing:
            return existing, False
        draft = draft_certificate(
            person=person,
            programme=programme,
            kind=kind,
            content=found.content,
            checks=found.checks,
            by=by,
            source_key=found.source_key,
        )
    return draft, True


def _check_staff(by: User, programme: Programme, person: Person | None = None) -> None:
    """Advisors and administrators of the programme, and nobody for themselves."""
    if not is_advisor_or_admin(by, programme.pk) or (person and person.user_id == by.pk):
        raise PermissionDenied
