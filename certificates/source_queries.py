"""From what certificates can be prepared beside plans: courses with results, people with results."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet

from certificates.actions.sources import STANDS
from certificates.collecting.results import ATTENDANCE_SHARE, course_key
from certificates.models import Certificate, Kind
from credpoints.accounts.models import Person, Role, User
from credpoints.organisations.models import Programme, programme_ids
from modules.models import (
    ENDED_WITHOUT,
    AttendanceRecord,
    AttendanceState,
    Enrolment,
    EnrolmentState,
    Offering,
    Result,
    ResultState,
    Session,
)


def enrolments_of(user: User | None) -> QuerySet[Enrolment]:
    """Enrolments of the programmes where the person prepares certificates, but never the own ones."""
    staffed = programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN)
    mine = Q(programme__in=staffed) | Q(programme=None, offering__programme__in=staffed)
    return Enrolment.objects.filter(mine).exclude(state__in=ENDED_WITHOUT).exclude(person__user=user)


def courses_of(user: User | None) -> QuerySet[Offering]:
    """Courses with people of these programmes, with how many there are and how many have passed; newest first."""
    enrolments = enrolments_of(user)
    own = Q(enrolments__in=enrolments)
    found = Offering.objects.filter(pk__in=enrolments.values("offering")).annotate(
        people=Count("enrolments", filter=own, distinct=True),
        passed=Count(
            "enrolments", filter=own & Q(enrolments__state=EnrolmentState.COMPLETED_PASSED.value), distinct=True
        ),
    )
    return found.select_related("version__module__provider", "term").order_by("-passed", "-pk")


@dataclass(frozen=True)
class CourseRow:
    """One person in a course: what came of it, whether a certificate can be begun, and the one that is there."""

    enrolment: Enrolment
    result: Result | None
    share: int | None  # per cent of the recorded meetings
    certificate: Certificate | None
    is_ready: bool


def course_rows(user: User, offering: Offering, kind: str) -> list[CourseRow]:
    """Everybody in one course, for one kind of certificate (at most five queries, however many they are)."""
    enrolments = list(
        enrolments_of(user)
        .filter(offering=offering)
        .select_related("person__user", "programme__organisation", "offering__version__module__provider")
        .select_related("offering__programme__organisation", "offering__term")
        .order_by("person__family_name", "person__given_name", "pk")
    )
    results = _results(enrolments)
    made = _certificates(enrolments, kind)
    shares = _shares(offering) if kind == Kind.ATTENDANCE else {}
    rows = []
    for one in enrolments:
        result, certificate = results.get(one.pk), made.get(course_key(one))
        rows.append(CourseRow(one, result, shares.get(one.pk), certificate, _is_ready(one, result, shares, kind)))
    return rows


def programme_of(enrolment: Enrolment) -> Programme:
    """The programme that certifies: through which the person enrolled, else the course's own."""
    programme = enrolment.programme or enrolment.offering.programme
    if programme is None:
        raise ValueError("an enrolment without programme reaches no page of certificates")
    return programme


@dataclass(frozen=True)
class WithResults:
    """Somebody of whom results can be listed, in one programme."""

    person: Person
    programme: Programme
    count: int


def people_with_results(user: User, text: str, most: int = 20) -> list[WithResults]:
    """People with final results, whose name has these words (three queries)."""
    found = enrolments_of(user).filter(results__state=ResultState.FINAL, programme__isnull=False)
    for word in text.split()[:8]:
        found = found.filter(Q(person__family_name__icontains=word) | Q(person__given_name__icontains=word))
    counted = found.values("person", "programme").annotate(n=Count("pk", distinct=True))
    pairs = list(counted.order_by("person__family_name", "person__given_name", "person", "programme")[:most])
    people = Person.objects.select_related("user").in_bulk([pair["person"] for pair in pairs])
    programmes = Programme.objects.in_bulk([pair["programme"] for pair in pairs])
    return [WithResults(people[pair["person"]], programmes[pair["programme"]], pair["n"]) for pair in pairs]


def _is_ready(enrolment: Enrolment, result: Result | None, shares: dict[int, int], kind: str) -> bool:
    if kind == Kind.ATTENDANCE:
        settings = programme_of(enrolment).room_settings("certificates")
        return shares.get(enrolment.pk, 0) >= int(settings.get("attendance_share", ATTENDANCE_SHARE))
    return bool(result and result.is_final and result.passed)


def _results(enrolments: Iterable[Enrolment]) -> dict[int, Result]:
    standing = Result.objects.standing().filter(enrolment__in=enrolments).order_by("attempt", "pk")
    return {result.enrolment_id: result for result in standing}


def _certificates(enrolments: Iterable[Enrolment], kind: str) -> dict[str, Certificate]:
    keys = [course_key(one) for one in enrolments]
    found = Certificate.objects.filter(source_key__in=keys, kind=kind, replaces=None, state__in=STANDS)
    return {one.source_key: one for one in found}


def _shares(offering: Offering) -> dict[int, int]:
    """Per cent of the recorded meetings at which each enrolled person was (two queries)."""
    held = Session.objects.filter(offering=offering, cancelled_at=None)
    lengths = {one.pk: one.ends_at - one.starts_at for one in held}
    records = list(AttendanceRecord.objects.filter(session__in=lengths))
    total = sum((lengths[pk] for pk in {record.session_id for record in records}), timedelta())
    there: dict[int, timedelta] = {record.enrolment_id: timedelta() for record in records}
    for record in records:
        if record.status == AttendanceState.PRESENT:
            there[record.enrolment_id] += lengths[record.session_id]
    return {enrolment: int(100 * length / total) for enrolment, length in there.items()} if total else {}
