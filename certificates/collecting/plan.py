"""The individual certificate: an agreed plan and what came of its lines."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from certificates import content as contents
from certificates.collecting import parts
from certificates.collecting.found import Collected, finding
from certificates.content import Item
from certificates.days import day_at
from certificates.models import Kind
from credpoints.common.translated import TextIn
from credpoints.organisations.models import Programme
from modules.models import Enrolment, EnrolmentState, Result
from planning.models import Participation, Placement, PlacementState, PlanItem, PlanVersion, PlanVersionState

# Lines without an offering: how somebody took part.
MODES = {"practice": "work_based", "mentoring": "onsite", "coaching": "onsite", "portfolio": "online"}


@dataclass(frozen=True)
class Line:
    """A line of the plan with what came out of it."""

    item: PlanItem
    enrolment: Enrolment | None
    result: Result | None
    practice: Placement | None = None  # confirmed by the company

    @property
    def needs_result(self) -> bool:
        return self.item.offering_id is not None and not self.is_exempt

    @property
    def is_exempt(self) -> bool:
        return self.enrolment is not None and self.enrolment.state == EnrolmentState.EXEMPTED


def collect(participation: Participation) -> Collected:
    """Put the agreed plan and its results together, as they are now."""
    version = agreed_version(participation)
    lines = lines_of(participation, version) if version else []
    programme = participation.programme
    rules = programme.room_settings("certificates")
    content = parts.new_content(programme, participation.person, Kind.PROGRAMME_INDIVIDUAL.value)
    snapshots = [line.item.snapshot for line in lines if line.item.snapshot]
    parts.add_up(content, [item_of(line, programme) for line in lines], snapshots)
    content["title"] = rules.get("title") or dict(programme.title)
    content["summary"] = rules.get("summary") or dict(programme.aim)
    content["prerequisites"] = dict(programme.eligibility_text)
    content["level"] = rules.get("level") or content["level"]
    content["starts_on"] = first_day(participation, lines).isoformat()
    content["ends_on"] = last_day(participation, lines).isoformat()
    content["signatories"] = content["signatories"] or signatories_of(participation)
    content["grader_ids"] = parts.graders_of(line.result for line in lines)
    return Collected(content, checks_of(version, lines))


def agreed_version(participation: Participation) -> PlanVersion | None:
    return PlanVersion.objects.filter(plan__participation=participation, state=PlanVersionState.AGREED).first()


def lines_of(participation: Participation, version: PlanVersion) -> list[Line]:
    """The lines of the plan, each with enrolment, standing final or latest result and practice (four queries)."""
    items = list(version.items.select_related("term", "offering__version__module__provider").order_by("position", "pk"))
    enrolments = Enrolment.objects.filter(person=participation.person, offering__in=[i.offering_id for i in items])
    by_offering = {enrolment.offering_id: enrolment for enrolment in enrolments.order_by("pk")}
    results = Result.objects.standing().filter(enrolment__in=by_offering.values()).order_by("attempt", "pk")
    by_enrolment = {result.enrolment_id: result for result in results}
    practice = confirmed_practice(participation)
    found = []
    for item in items:
        enrolment = by_offering.get(item.offering_id) if item.offering_id else None
        result = by_enrolment.get(enrolment.pk) if enrolment else None
        found.append(Line(item, enrolment, result, practice.get(item.key)))
    return found


def confirmed_practice(participation: Participation) -> dict[UUID, Placement]:
    """What companies have confirmed, by the key of the plan's line."""
    confirmed = Placement.objects.filter(participation=participation, state=PlacementState.CONFIRMED)
    return {placement.line_key: placement for placement in confirmed}


def checks_of(version: PlanVersion | None, lines: list[Line]) -> list[dict[str, Any]]:
    """What plan and results say about readiness; details name the lines that are open."""
    courses = [line for line in lines if line.needs_result]
    not_final = [line.item.title for line in courses if not (line.result and line.result.is_final)]
    not_passed = [
        line.item.title for line in courses if line.result and line.result.is_final and not line.result.passed
    ]
    return [
        finding("plan_agreed", version is not None),
        finding("results_final", not not_final, ", ".join(not_final)),
        finding("all_passed", not not_passed, ", ".join(not_passed)),
    ]


def agreed_fees(participation: Participation) -> Decimal:
    """What the lines of the agreed plan cost together."""
    version = agreed_version(participation)
    lines = version.items.all() if version else []
    return sum((line.fee for line in lines), Decimal(0))


def lines_to_confirm(participation: Participation) -> list[str]:
    """The lines that neither a course nor a company finishes, such as mentoring: a person confirms them."""
    version = agreed_version(participation)
    if version is None:
        return []
    practice = confirmed_practice(participation)
    items = version.items.filter(offering=None).order_by("position", "pk")
    return [item.title for item in items if item.key not in practice]


def is_ready(participation: Participation) -> bool:
    """Whether every course of the agreed plan has ended with a final, passed result."""
    version = agreed_version(participation)
    lines = lines_of(participation, version) if version else []
    courses = [line for line in lines if line.needs_result]
    return bool(courses) and all(line.result and line.result.is_final and line.result.passed for line in courses)


def item_of(line: Line, programme: Programme) -> Item:
    """One line of the certificate, from the plan's snapshot and the result.

    Hours are those that were agreed on; of practice, those that the company has confirmed.
    """
    planned = line.item
    item = parts.item_of_module(
        planned.snapshot or {}, programme.organisation, kind=str(planned.kind), result=line.result
    )
    item["title"] = title_of(planned)
    item["hours"] = parts.plain(planned.hours)
    if line.practice and line.practice.confirmed_hours:
        item["hours"] = parts.plain(line.practice.confirmed_hours)
        item["note"] = practice_note(line.practice)
    item["mode"] = item["mode"] or MODES.get(str(planned.kind), "")
    if line.is_exempt:
        item["status"] = "exempt"
    if not (line.result and line.result.is_final):
        item["credits"] = parts.plain(planned.credits)
    return item


def practice_note(practice: Placement) -> TextIn:
    """Where the practice took place, and that the company vouches for it; never the name of a person."""
    written: TextIn = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            where = {"company": practice.company, "place": practice.place}
            written[language] = _("at %(company)s, %(place)s; confirmed by the company") % where
    return written


def title_of(item: PlanItem) -> TextIn:
    """The module's title in all its languages; a line without module has the one that people agreed on."""
    title = (item.snapshot or {}).get("title")
    return dict(title) if title else {"de": item.title}


def signatories_of(participation: Participation) -> list[contents.Signatory]:
    """The advisor who led through the plan, when the programme names nobody."""
    if participation.advisor is None:
        return []
    return [{"name": participation.advisor.name, "position": {"de": "Studienberatung", "en": "Academic advisor"}}]


def first_day(participation: Participation, lines: list[Line]) -> date:
    starts = [line.item.term.starts_on for line in lines if line.item.term]
    return min(starts, default=day_at(participation.programme, participation.opened_at))


def last_day(participation: Participation, lines: list[Line]) -> date:
    """When the work ended: the last examination, else the end of the participation, else the end of the last term."""
    examined = [line.result.examined_on for line in lines if line.result]
    if examined:
        return max(examined)
    if participation.ended_at:
        return day_at(participation.programme, participation.ended_at)
    terms = [line.item.term.ends_on for line in lines if line.item.term]
    return max(terms, default=day_at(participation.programme, participation.opened_at))
