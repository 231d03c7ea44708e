"""Collect a certificate from the plan and the results of a participation: the only file that reads those rooms."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from certificates import content as contents
from certificates.content import Content, Item, Outcome
from certificates.models import Kind
from credpoints.accounts.models import Person
from credpoints.common.translated import TextIn, text_in
from credpoints.organisations.models import Organisation, Programme
from modules.models import Enrolment, EnrolmentState, Result
from planning.models import Participation, PlanItem, PlanVersion, PlanVersionState

# The words of the catalogue in front of the keys of the European vocabularies.
ASSESSMENTS = {
    "written": "written_exam",
    "exam": "written_exam",
    "oral": "oral_exam",
    "project": "project",
    "portfolio": "portfolio",
    "practical": "practical",
    "assignment": "assignment",
    "homework": "assignment",
    "continuous": "continuous",
    "group": "group",
    "attendance": "attendance",
    "quiz": "quiz",
    "report": "assignment",
    "presentation": "oral_exam",
    "confirmation": "attendance",
}
QUALITY = {
    "internal": "institutional",
    "accredited_programme": "programme",
    "accredited": "programme",
    "external": "institutional",
}
SUPERVISION = {
    "unsupervised": "unsupervised",
    "supervised": "supervised",
    "online_identified": "supervised_online_id",
    "onsite_identified": "supervised_onsite_id",
}
# Lines without an offering: how somebody took part.
MODES = {"practice": "work_based", "mentoring": "onsite", "coaching": "onsite", "portfolio": "online"}


@dataclass
class Collected:
    """What was found: the content, and the findings of the check list."""

    content: Content
    checks: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """A line of the plan with what came out of it."""

    item: PlanItem
    enrolment: Enrolment | None
    result: Result | None

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
    items = [item_of(line, programme) for line in lines]
    snapshots = [line.item.snapshot for line in lines if line.item.snapshot]
    dates = [line.item.term for line in lines if line.item.term]
    content: Content = {
        "format": contents.FORMAT,
        "kind": Kind.PROGRAMME_INDIVIDUAL.value,
        "languages": list(rules.get("languages") or programme.languages or [programme.default_language]),
        "holder": holder_of(participation.person),
        "title": rules.get("title") or dict(programme.title),
        "summary": rules.get("summary") or dict(programme.aim),
        "programme": dict(programme.title),
        "funding_note": dict(programme.funding_note),
        "issuer": issuer_of(programme.organisation),
        "items": items,
        "credit_framework": "ECTS",
        "credits": contents.total(item["credits"] for item in items),
        "hours": contents.total(item["hours"] for item in items),
        "level": rules.get("level") or highest_level(items),
        "outcomes": [],
        "assessment": contents.kept_in_order(key for item in items for key in item["assessment"]),
        "mode": contents.most_common_mode(items),
        "quality": rules.get("quality") or quality_of(snapshots),
        "quality_text": rules.get("quality_text") or {},
        "supervision": supervision_of(snapshots),
        "prerequisites": dict(programme.eligibility_text),
        "stackable": {},
        "starts_on": min((term.starts_on for term in dates), default=participation.opened_at.date()).isoformat(),
        "ends_on": last_day(participation, lines).isoformat(),
        "valid_until": "",
        "signatories": list(rules.get("signatories") or signatories_of(participation)),
        "grader_ids": sorted({line.result.examiner_id for line in lines if line.result and line.result.examiner_id}),
    }
    return Collected(content, checks_of(version, lines))


def agreed_version(participation: Participation) -> PlanVersion | None:
    return PlanVersion.objects.filter(plan__participation=participation, state=PlanVersionState.AGREED).first()


def lines_of(participation: Participation, version: PlanVersion) -> list[Line]:
    """The lines of the plan, each with its enrolment and its standing final or latest result (three queries)."""
    items = list(version.items.select_related("term", "offering__version__module__provider").order_by("position", "pk"))
    enrolments = Enrolment.objects.filter(person=participation.person, offering__in=[i.offering_id for i in items])
    by_offering = {enrolment.offering_id: enrolment for enrolment in enrolments.order_by("pk")}
    results = Result.objects.standing().filter(enrolment__in=by_offering.values()).order_by("attempt", "pk")
    by_enrolment = {result.enrolment_id: result for result in results}
    found = []
    for item in items:
        enrolment = by_offering.get(item.offering_id) if item.offering_id else None
        found.append(Line(item, enrolment, by_enrolment.get(enrolment.pk) if enrolment else None))
    return found


def checks_of(version: PlanVersion | None, lines: list[Line]) -> list[dict[str, Any]]:
    """What plan and results say about readiness; details name the lines that are open."""
    courses = [line for line in lines if line.needs_result]
    not_final = [line.item.title for line in courses if not (line.result and line.result.is_final)]
    not_passed = [
        line.item.title for line in courses if line.result and line.result.is_final and not line.result.passed
    ]
    return [
        {"key": "plan_agreed", "ok": version is not None, "detail": ""},
        {"key": "results_final", "ok": not not_final, "detail": ", ".join(not_final)},
        {"key": "all_passed", "ok": not not_passed, "detail": ", ".join(not_passed)},
    ]


def lines_to_confirm(participation: Participation) -> list[str]:
    """The lines that no course finishes (practice, mentoring, work on the portfolio): a person confirms them."""
    version = agreed_version(participation)
    if version is None:
        return []
    return [item.title for item in version.items.filter(offering=None).order_by("position", "pk")]


def is_ready(participation: Participation) -> bool:
    """Whether every course of the agreed plan has ended with a final, passed result."""
    version = agreed_version(participation)
    lines = lines_of(participation, version) if version else []
    courses = [line for line in lines if line.needs_result]
    return bool(courses) and all(line.result and line.result.is_final and line.result.passed for line in courses)


def item_of(line: Line, programme: Programme) -> Item:
    """One line of the certificate, from the plan's snapshot and the result."""
    item, result, snapshot = line.item, line.result, line.item.snapshot or {}
    provider = snapshot.get("provider") or {}
    return {
        "kind": str(item.kind),
        "code": str(snapshot.get("code", "")),
        "title": title_of(item),
        "provider": provider.get("name") or dict(programme.organisation.name),
        "country": str(provider.get("country") or programme.organisation.country),
        "credits": plain(result.credits) if result and result.is_final else plain(item.credits),
        "hours": plain(item.hours),
        "level": snapshot.get("level"),
        "language": next(iter(snapshot.get("language") or []), ""),
        "mode": str(snapshot.get("mode") or MODES.get(str(item.kind), "")),
        "assessment": [
            ASSESSMENTS.get(str(one.get("type")), "written_exam") for one in snapshot.get("assessment") or []
        ],
        "outcomes": [outcome_of(one) for one in snapshot.get("outcomes") or []],
        "isced_f": str(snapshot.get("isced_f", "")),
        "grade": plain(result.value) if result and result.value is not None else "",
        "scheme": result.scheme if result else "",
        "passed": result.passed if result else None,
        "status": "exempt" if line.is_exempt else "own",
        "date": result.examined_on.isoformat() if result else "",
        "note": {},
    }


def title_of(item: PlanItem) -> TextIn:
    """The module's title in all its languages; a line without module has the one that people agreed on."""
    title = (item.snapshot or {}).get("title")
    return dict(title) if title else {"de": item.title}


def outcome_of(entry: dict[str, Any]) -> Outcome:
    skills = [{"uri": str(uri), "name": text_in(entry.get("text", {}), "en")[:100]} for uri in entry.get("esco") or []]
    return {"text": dict(entry.get("text") or {}), "esco": skills}


def holder_of(person: Person) -> contents.Holder:
    salt = secrets.token_hex(8)
    address = person.mail_address.strip().lower()
    return {
        "uuid": str(person.uuid),
        "name": person.certificate_name,
        "native_name": person.native_name,
        "birth_date": "",
        "email_hash": hashlib.sha256(f"{address}{salt}".encode()).hexdigest() if address else "",
        "email_salt": salt if address else "",
    }


def issuer_of(organisation: Organisation) -> contents.Issuer:
    return {
        "slug": organisation.slug,
        "name": dict(organisation.name),
        "country": organisation.country,
        "region": organisation.region,
        "city": organisation.city,
        "website": organisation.website,
        "email": organisation.email,
        "identifiers": [dict(entry) for entry in organisation.identifiers],
    }


def signatories_of(participation: Participation) -> list[contents.Signatory]:
    """The advisor who led through the plan, when the programme names nobody."""
    if participation.advisor is None:
        return []
    return [{"name": participation.advisor.name, "position": {"de": "Studienberatung", "en": "Academic advisor"}}]


def quality_of(snapshots: list[dict[str, Any]]) -> str:
    kinds = [(snapshot.get("quality_assurance") or {}).get("type", "") for snapshot in snapshots]
    return next((QUALITY[kind] for kind in kinds if kind in QUALITY), "institutional")


def supervision_of(snapshots: list[dict[str, Any]]) -> str:
    """The strictest supervision that any assessment had."""
    order = list(SUPERVISION)
    found = [one.get("supervision", "") for snapshot in snapshots for one in snapshot.get("assessment") or []]
    known = sorted((kind for kind in found if kind in order), key=order.index)
    return SUPERVISION[known[-1]] if known else ""


def highest_level(items: list[Item]) -> int | None:
    levels = [item["level"] for item in items if item["level"]]
    return max(levels) if levels else None


def last_day(participation: Participation, lines: list[Line]) -> date:
    """When the work ended: the last examination, else the end of the participation, else the end of the last term."""
    examined = [line.result.examined_on for line in lines if line.result]
    if examined:
        return max(examined)
    if participation.ended_at:
        return participation.ended_at.date()
    terms = [line.item.term.ends_on for line in lines if line.item.term]
    return max(terms, default=participation.opened_at.date())


def plain(number: Any) -> str:
    """A number as text without needless zeros."""
    return contents.total([str(number)])
