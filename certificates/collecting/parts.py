"""The parts that every certificate is put together from: holder, awarding body, one line, and what lines add up to."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date
from typing import Any

from certificates import content as contents
from certificates.content import Content, Item, Outcome
from certificates.vocabularies import CREDITS
from credpoints.accounts.models import Person
from credpoints.common.translated import TextIn, text_in
from credpoints.organisations.models import Organisation, Programme
from modules.models import Result

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

Snapshot = dict[str, Any]  # as modules.ModuleVersion.snapshot() writes it


def new_content(programme: Programme, person: Person, kind: str) -> Content:
    """A certificate that says who, by whom and in which languages, and nothing yet about what."""
    rules = programme.room_settings("certificates")
    return {
        "format": contents.FORMAT,
        "kind": kind,
        "languages": list(rules.get("languages") or programme.languages or [programme.default_language]),
        "holder": holder_of(person),
        "title": {},
        "summary": {},
        "programme": dict(programme.title),
        "funding_note": dict(programme.funding_note),
        "issuer": issuer_of(programme.organisation),
        "items": [],
        "credit_framework": "ECTS",
        "credits": "0",
        "hours": "0",
        "level": None,
        "outcomes": [],
        "assessment": [],
        "mode": "",
        "quality": str(rules.get("quality") or ""),
        "quality_text": dict(rules.get("quality_text") or {}),
        "supervision": "",
        "prerequisites": {},
        "stackable": {},
        "starts_on": "",
        "ends_on": "",
        "valid_until": "",
        "signatories": list(rules.get("signatories") or []),
        "grader_ids": [],
    }


def add_up(content: Content, items: list[Item], snapshots: list[Snapshot]) -> None:
    """Put the lines in, with what follows from them: sums, level, assessment, mode, quality, supervision."""
    content["items"] = items
    content["credits"] = contents.total(item["credits"] for item in items)
    content["hours"] = contents.total(item["hours"] for item in items)
    content["credit_framework"] = framework_of(snapshots)
    content["level"] = highest_level(items)
    content["assessment"] = contents.kept_in_order(key for item in items for key in item["assessment"])
    content["mode"] = contents.most_common_mode(items)
    content["quality"] = content["quality"] or quality_of(snapshots)
    content["supervision"] = supervision_of(snapshots)


def item_of_module(snapshot: Snapshot, organisation: Organisation, *, kind: str, result: Result | None) -> Item:
    """One line from what the catalogue says and what came out. Credits are those awarded, else those announced."""
    provider = snapshot.get("provider") or {}
    item = {
        "kind": kind,
        "code": str(snapshot.get("code", "")),
        "title": dict(snapshot.get("title") or {}),
        "provider": provider.get("name") or dict(organisation.name),
        "country": str(provider.get("country") or organisation.country),
        "credits": plain(snapshot.get("credits", "0")),
        "hours": plain(snapshot.get("hours", "0")),
        "level": snapshot.get("level"),
        "language": next(iter(snapshot.get("language") or []), ""),
        "mode": str(snapshot.get("mode") or ""),
        "assessment": assessments_of(snapshot),
        "outcomes": [outcome_of(one) for one in snapshot.get("outcomes") or []],
        "isced_f": str(snapshot.get("isced_f", "")),
        "status": "own",
        "note": {},
    }
    return {**item, **came_out(result, announced=str(item["credits"]))}  # type: ignore[typeddict-item]


def came_out(result: Result | None, *, announced: str) -> dict[str, Any]:
    """Grade, day and awarded credits of a result; without one nothing is said about them."""
    if result is None:
        return {"grade": "", "scheme": "", "passed": None, "date": "", "credits": announced}
    return {
        "grade": plain(result.value) if result.value is not None else "",
        "scheme": result.scheme,
        "passed": result.passed,
        "date": result.examined_on.isoformat(),
        "credits": plain(result.credits) if result.is_final else announced,
    }


def assessments_of(snapshot: Snapshot) -> list[str]:
    """The kinds of assessment that the catalogue names; one that it leaves open is not guessed."""
    return contents.kept_in_order(ASSESSMENTS.get(str(one.get("type")), "") for one in snapshot.get("assessment") or [])


def outcome_of(entry: dict[str, Any]) -> Outcome:
    skills = [{"uri": str(uri), "name": text_in(entry.get("text", {}), "en")[:100]} for uri in entry.get("esco") or []]
    return {"text": dict(entry.get("text") or {}), "esco": skills}


def holder_of(person: Person) -> contents.Holder:
    """Who has earned it. By the salted hash a wallet recognises the holder's address, which nobody else can read."""
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


def graders_of(results: Iterable[Result | None]) -> list[int]:
    """Who has graded: they may not approve alone."""
    return sorted({result.examiner_id for result in results if result and result.examiner_id})


def framework_of(snapshots: list[Snapshot]) -> str:
    """ECTS, unless every part with credits counts in the same other framework; the catalogue writes small letters."""
    found = {str(snapshot.get("credit_framework") or "ECTS").upper() for snapshot in snapshots} & set(CREDITS)
    return found.pop() if len(found) == 1 else "ECTS"


def quality_of(snapshots: list[Snapshot]) -> str:
    """The first kind of quality assurance that the catalogue names."""
    kinds = [(snapshot.get("quality_assurance") or {}).get("type", "") for snapshot in snapshots]
    return next((QUALITY[kind] for kind in kinds if kind in QUALITY), "institutional")


def supervision_of(snapshots: list[Snapshot]) -> str:
    """The strictest supervision that any assessment had."""
    order = list(SUPERVISION)
    found = [one.get("supervision", "") for snapshot in snapshots for one in snapshot.get("assessment") or []]
    known = sorted((kind for kind in found if kind in order), key=order.index)
    return SUPERVISION[known[-1]] if known else ""


def highest_level(items: list[Item]) -> int | None:
    """The level of the whole: that of its highest line."""
    levels = [item["level"] for item in items if item["level"]]
    return max(levels) if levels else None


def day(found: date | None) -> str:
    return found.isoformat() if found else ""


def texts(value: Any) -> TextIn:
    """A text in several languages, whatever a snapshot has kept of it."""
    return dict(value) if isinstance(value, dict) else {}


def plain(number: Any) -> str:
    """A number as text without needless zeros."""
    return contents.total([str(number)])
