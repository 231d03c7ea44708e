"""Courses: the certificate of one passed module, a confirmation of attendance, a transcript of all results."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from certificates import content as contents
from certificates.collecting import parts
from certificates.collecting.found import Collected, finding
from certificates.content import Content, Item
from certificates.models import Kind
from credpoints.accounts.models import Person
from credpoints.organisations.models import Programme
from modules.models import AttendanceState, Enrolment, EnrolmentState, Offering, Result, Session

COURSE_KINDS = (Kind.MODULE, Kind.MICRO_CREDENTIAL, Kind.ATTENDANCE)
ATTENDANCE_SHARE = 75  # per cent of the meetings, when the programme names no other share
NOT_PASSED = {"de": "nicht bestanden", "en": "not passed"}


def collect_course(enrolment: Enrolment, programme: Programme, kind: str) -> Collected:
    """One course for one person, as a certificate of this kind says it."""
    if kind == Kind.ATTENDANCE:
        return collect_attendance(enrolment, programme)
    return collect_passed(enrolment, programme, kind)


def collect_passed(enrolment: Enrolment, programme: Programme, kind: str) -> Collected:
    """A module or micro-credential from its final result, with everything that the catalogue says about it."""
    version = enrolment.offering.version
    snapshot, result = version.snapshot(), latest(enrolment)
    content = _of_course(enrolment, programme, kind)
    item = parts.item_of_module(snapshot, programme.organisation, kind="subject", result=result)
    item["mode"] = enrolment.offering.mode or item["mode"]
    item["language"] = enrolment.offering.language or item["language"]
    parts.add_up(content, [item], [snapshot])
    content["summary"] = dict(version.aim)
    content["prerequisites"] = dict(version.prerequisites)
    content["stackable"] = dict(version.usability)
    content["quality_text"] = content["quality_text"] or parts.texts(version.quality_text)
    content["ends_on"] = item["date"] or content["ends_on"]
    content["grader_ids"] = parts.graders_of([result])
    title = str(version)
    is_final = result is not None and result.is_final
    return Collected(
        content,
        [
            finding("results_final", is_final, "" if is_final else title),
            finding("all_passed", bool(result and result.passed), "" if result and result.passed else title),
        ],
        source_key=course_key(enrolment),
    )


def collect_attendance(enrolment: Enrolment, programme: Programme) -> Collected:
    """Presence alone: the hours of the meetings where somebody was, without credits, grades or assessed outcomes."""
    content = _of_course(enrolment, programme, Kind.ATTENDANCE)
    version = enrolment.offering.version
    present, total = presence(enrolment)
    item = parts.item_of_module(version.snapshot(), programme.organisation, kind="subject", result=None)
    item |= {
        "credits": "0",
        "hours": _hours(present),
        "mode": enrolment.offering.mode,
        "assessment": [],
        "outcomes": [],
        "level": None,
        "date": content["ends_on"],
    }
    parts.add_up(content, [item], [])
    content["summary"] = dict(version.aim)
    wanted = int(programme.room_settings("certificates").get("attendance_share", ATTENDANCE_SHARE))
    share = int(100 * present / total) if total else 0
    words = _("%(share)s of %(wanted)s per cent") % {"share": share, "wanted": wanted}
    return Collected(
        content,
        [
            finding("attendance_recorded", bool(total), "" if total else str(version)),
            finding("attendance_enough", bool(total) and share >= wanted, words),
        ],
        source_key=course_key(enrolment),
    )


def collect_transcript(person: Person, programme: Programme) -> Collected:
    """All final results of one person in this programme, the failed ones too, and what was exempted."""
    content = parts.new_content(programme, person, Kind.TRANSCRIPT.value)
    rows, snapshots, graders = [], [], []
    for enrolment, result in with_results(person, programme):
        snapshot = enrolment.offering.version.snapshot()
        rows.append(_row(enrolment, result, snapshot, programme))
        snapshots.append(snapshot)
        graders.append(result)
    rows.sort(key=lambda row: row["date"])
    parts.add_up(content, rows, snapshots)
    days = [row["date"] for row in rows if row["date"]]
    content["title"] = dict(programme.title)
    content["starts_on"], content["ends_on"] = (days[0], days[-1]) if days else ("", "")
    content["outcomes"], content["grader_ids"] = [], parts.graders_of(graders)
    return Collected(content, [finding("results_there", bool(rows))], source_key=transcript_key(person))


def with_results(person: Person, programme: Programme) -> list[tuple[Enrolment, Result | None]]:
    """The person's enrolments in this programme that have come to something, each with its last final result."""
    enrolments = Enrolment.objects.filter(person=person, programme=programme).select_related(
        "offering__version__module__provider"
    )
    results = Result.objects.standing().final().filter(enrolment__in=enrolments).order_by("attempt", "pk")
    last = {result.enrolment_id: result for result in results}
    return [
        (enrolment, last.get(enrolment.pk))
        for enrolment in enrolments.order_by("pk")
        if enrolment.pk in last or enrolment.state == EnrolmentState.EXEMPTED
    ]


def latest(enrolment: Enrolment) -> Result | None:
    """What stands: the last attempt that was not replaced by a correction."""
    return enrolment.results.standing().order_by("attempt", "pk").last()


def presence(enrolment: Enrolment) -> tuple[timedelta, timedelta]:
    """How long somebody was there, and how long all meetings were that took place and were recorded for anybody."""
    held = Session.objects.filter(offering=enrolment.offering_id, cancelled_at=None)
    recorded = held.filter(attendance_records__isnull=False).distinct()
    there = held.filter(attendance_records__enrolment=enrolment, attendance_records__status=AttendanceState.PRESENT)
    return _length(there), _length(recorded)


def course_key(enrolment: Enrolment) -> str:
    return f"enrolment:{enrolment.uuid}"


def transcript_key(person: Person) -> str:
    return f"results:{person.uuid}"


def _of_course(enrolment: Enrolment, programme: Programme, kind: str) -> Content:
    offering: Offering = enrolment.offering
    content = parts.new_content(programme, enrolment.person, str(kind))
    content["title"] = dict(offering.version.title)
    content["starts_on"], content["ends_on"] = parts.day(offering.first_day), parts.day(offering.last_day)
    return content


def _row(enrolment: Enrolment, result: Result | None, snapshot: parts.Snapshot, programme: Programme) -> Item:
    row = parts.item_of_module(snapshot, programme.organisation, kind="subject", result=result)
    if result is None:
        return {**row, "status": "exempt"}
    if not result.passed:
        return {**row, "note": dict(NOT_PASSED), "hours": ""}  # its hours are in no sum
    return row


def _length(sessions: Iterable[Session]) -> timedelta:
    return sum((one.ends_at - one.starts_at for one in sessions), timedelta())


def _hours(length: timedelta) -> str:
    hours = Decimal(int(length.total_seconds() // 60)) / 60
    return contents.total([f"{hours:.1f}"])
