"""Compulsory dates at the same time: of the plan's courses, of courses taken besides, of agreed talks."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from credpoints.common.translated import text_in
from modules.models import Attendance, Enrolment, Session
from planning.models import Appointment, PlanItem, PlanVersion


@dataclass(frozen=True)
class Meeting:
    """A date that cannot be missed, and what it belongs to; `line` is the key of the plan's line, if it is one."""

    what: str
    begins: datetime
    ends: datetime
    zone: str
    line: str = ""


@dataclass(frozen=True)
class Clash:
    """Two things that have compulsory dates at the same time: the first such date, and how many more there are."""

    first: Meeting
    second: Meeting
    begins: datetime
    more: int = 0


def clashes(meetings: Iterable[Meeting]) -> list[Clash]:
    """Pairs that overlap, in order of their first common date; only those in which the plan has a part."""
    found: dict[tuple[str, str], Clash] = {}
    running: list[Meeting] = []
    for meeting in sorted(meetings, key=lambda m: (m.begins, m.ends, m.what)):
        running = [other for other in running if other.ends > meeting.begins]
        for other in running:
            if other.line or meeting.line:
                _count(found, other, meeting)
        running.append(meeting)
    return list(found.values())


def _count(found: dict[tuple[str, str], Clash], one: Meeting, another: Meeting) -> None:
    first, second = sorted((one, another), key=lambda m: (m.what, m.line))
    pair = (first.line or first.what, second.line or second.what)
    known = found.get(pair)
    found[pair] = replace(known, more=known.more + 1) if known else Clash(first, second, another.begins)


def meetings_of(version: PlanVersion, items: Iterable[PlanItem], now: datetime) -> list[Meeting]:
    """The compulsory dates of a plan's courses, of the person's other courses, and the person's talks to come."""
    person = version.plan.participation.person_id
    lines = {item.offering_id: item for item in items if item.offering_id}
    known = {*lines, *_left_behind(version)}
    besides = {
        enrolment.offering_id: text_in(enrolment.offering.version.title)
        for enrolment in Enrolment.objects.counting().filter(person=person).select_related("offering__version")
        if enrolment.offering_id not in known
    }
    sessions = Session.objects.filter(
        offering__in=[*lines, *besides], attendance=Attendance.COMPULSORY, cancelled_at=None
    ).order_by("starts_at")
    talks = Appointment.objects.filter(person=person).upcoming(now).select_related("type")
    return [
        Meeting(lines[s.offering_id].title, s.starts_at, s.ends_at, s.time_zone, str(lines[s.offering_id].key))
        if s.offering_id in lines
        else Meeting(besides[s.offering_id], s.starts_at, s.ends_at, s.time_zone)
        for s in sessions
    ] + [
        Meeting(_("Talk: %(kind)s") % {"kind": text_in(talk.type.title)}, talk.starts_at, talk.ends_at, talk.place_zone)
        for talk in talks
    ]


def _left_behind(version: PlanVersion) -> set[int]:
    """Courses of the agreed plan that this version changes: those no longer in it are left when all have signed."""
    if version.based_on is None:
        return set()
    return {pk for pk in version.based_on.items.values_list("offering_id", flat=True) if pk}
