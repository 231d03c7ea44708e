"""Bundles, units of learning outcomes and validated learning: what another room or house hands over as plain data.

A handed-over whole looks like this; what is not marked as needed may be left out:

    {
      "key": "unit:7d2f…",                       # needed: the same whole is certified once
      "title": {"de": "…", "en": "…"},           # needed
      "summary": {…}, "prerequisites": {…}, "stackable": {…},
      "credits": "10",                           # of the whole; the parts have to add up to it
      "hours": "120", "level": 4, "credit_framework": "ECVET", "mode": "blended",
      "assessment": ["practical"], "supervision": "supervised_onsite_id",
      "starts_on": "2028-02-01", "ends_on": "2028-06-20",
      "outcomes": [{"code": "K1", "text": {…}, "esco": ["http://…"], "met": true}],
      "parts": [{"module": {…}, "status": "own", "grade": "13", "scheme": "0-20", "passed": true,
                 "credits": "6", "date": "2028-08-28", "source": {"en": "credit certificate, 2025"}}],
      "recognitions": [{"country": "RS", "state": "recognised", "reference": "2027-114", "until": "2030-12-31"}],
      "assessors": [{"name": "Dragan Ilić", "user": 12}]
    }

`module` is a snapshot as the catalogue writes it.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from certificates import content as contents
from certificates.collecting import parts
from certificates.collecting.found import Collected, finding
from certificates.content import Content, Item
from certificates.models import Kind
from certificates.vocabularies import ASSESSMENTS, CREDITS, MODES, SUPERVISION
from credpoints.accounts.models import Person
from credpoints.common.translated import TextIn, text_in
from credpoints.organisations.models import Organisation, Programme

Handed = dict[str, Any]


def collect_bundle(handed: Handed, person: Person, programme: Programme) -> Collected:
    """Several modules that belong together: every part passed or exempted, and the sum that was announced."""
    content = _begin(handed, person, programme, Kind.BUNDLE)
    items = [_part(one, programme.organisation) for one in handed.get("parts", [])]
    parts.add_up(content, items, [one["module"] for one in handed.get("parts", [])])
    _put_facts(content, handed)
    wanted = contents.total([str(handed.get("credits", content["credits"]))])
    missing = [text_in(item["title"]) for item in items if item["status"] == "own" and item["passed"] is not True]
    checks = [
        finding("all_passed", not missing, ", ".join(missing)),
        finding("parts_add_up", content["credits"] == wanted, f"{content['credits']} / {wanted}"),
    ]
    return Collected(content, checks, source_key=str(handed["key"]))


def collect_unit(handed: Handed, person: Person, programme: Programme) -> Collected:
    """A unit of learning outcomes: only whoever has shown every one of them gets its certificate."""
    content = _of_outcomes(handed, person, programme, Kind.UNIT)
    open_ones = [_name(one) for one in handed.get("outcomes", []) if not one.get("met")]
    checks = [*_judged(handed), finding("outcomes_met", not open_ones, ", ".join(open_ones))]
    return Collected(content, checks, source_key=str(handed["key"]))


def collect_validation(handed: Handed, person: Person, programme: Programme) -> Collected:
    """Learning from outside formal education: the outcomes that were shown, and no others."""
    content = _of_outcomes(handed, person, programme, Kind.VALIDATION)
    shown = [one for one in handed.get("outcomes", []) if one.get("met")]
    total = len(handed.get("outcomes", []))
    words = _("%(shown)s of %(total)s") % {"shown": len(shown), "total": total}
    return Collected(content, [*_judged(handed), finding("outcomes_shown", bool(shown), words)], str(handed["key"]))


COLLECTORS = {Kind.BUNDLE: collect_bundle, Kind.UNIT: collect_unit, Kind.VALIDATION: collect_validation}


def collect_handed(kind: str, handed: Handed, person: Person, programme: Programme) -> Collected:
    """Collect what was handed over. Raises ValidationError, naming everything in it that cannot be read."""
    faults = faults_of(kind, handed)
    if faults:
        raise ValidationError(faults)
    return COLLECTORS[Kind(kind)](handed, person, programme)


def faults_of(kind: str, handed: Handed) -> list[str]:
    """What is wrong with something handed over, in words; nothing of it is guessed."""
    faults = []
    if kind not in COLLECTORS:
        faults.append(_("This kind of certificate is not made from handed-over data."))
    if not str(handed.get("key", "")).strip():
        faults.append(_("It has no key."))
    if not any(str(text).strip() for text in parts.texts(handed.get("title")).values()):
        faults.append(_("It has no title."))
    known = (("mode", MODES), ("supervision", SUPERVISION), ("credit_framework", CREDITS))
    faults += [
        _("“%(value)s” is unknown as %(name)s.") % {"value": handed[name], "name": name}
        for name, table in known
        if handed.get(name) and handed[name] not in table
    ]
    faults += [
        _("“%(value)s” is unknown as %(name)s.") % {"value": key, "name": "assessment"}
        for key in handed.get("assessment", [])
        if key not in ASSESSMENTS
    ]
    if not all(isinstance(one, dict) and isinstance(one.get("module"), dict) for one in handed.get("parts", [])):
        faults.append(_("A part has no module."))
    return faults


def _begin(handed: Handed, person: Person, programme: Programme, kind: Kind) -> Content:
    content = parts.new_content(programme, person, kind.value)
    for name in ("title", "summary", "prerequisites", "stackable"):
        content[name] = parts.texts(handed.get(name))
    content["starts_on"], content["ends_on"] = str(handed.get("starts_on", "")), str(handed.get("ends_on", ""))
    content["quality_text"] = content["quality_text"] or _recognised(handed, content["languages"])
    assessors = [one for one in handed.get("assessors", []) if one.get("user")]
    content["grader_ids"] = sorted({int(one["user"]) for one in assessors})
    return content


def _put_facts(content: Content, handed: Handed) -> None:
    """What was handed over about the whole goes before what its parts add up to."""
    content["level"] = handed.get("level") or content["level"]
    content["credit_framework"] = handed.get("credit_framework") or content["credit_framework"]
    content["mode"] = handed.get("mode") or content["mode"]
    content["assessment"] = list(handed.get("assessment") or content["assessment"])
    content["supervision"] = handed.get("supervision") or content["supervision"]


def _of_outcomes(handed: Handed, person: Person, programme: Programme, kind: Kind) -> Content:
    """One line that stands for the whole, with the outcomes that were met."""
    content = _begin(handed, person, programme, kind)
    item = parts.item_of_module(
        {**handed, "language": [], "assessment": [], "outcomes": []},
        programme.organisation,
        kind="subject",
        result=None,
    )
    item |= {
        "mode": str(handed.get("mode", "")),
        "assessment": list(handed.get("assessment", [])),
        "passed": True,
        "date": str(handed.get("ends_on", "")),
    }
    parts.add_up(content, [item], [])
    _put_facts(content, handed)
    content["outcomes"] = [parts.outcome_of(one) for one in handed.get("outcomes", []) if one.get("met")]
    return content


def _part(one: Handed, organisation: Organisation) -> Item:
    item = parts.item_of_module(one["module"], organisation, kind="subject", result=None)
    item |= {
        "status": str(one.get("status", "own")),
        "grade": str(one.get("grade", "")),
        "scheme": str(one.get("scheme", "")),
        "passed": one.get("passed"),
        "date": str(one.get("date", "")),
        "note": parts.texts(one.get("source")),
    }
    if "credits" in one:
        item["credits"] = parts.plain(one["credits"])
    return item


def _judged(handed: Handed) -> list[dict[str, Any]]:
    names = [str(one.get("name", "")) for one in handed.get("assessors", [])]
    return [finding("assessed", bool(names), ", ".join(names))]


def _name(outcome: Handed) -> str:
    return str(outcome.get("code") or text_in(outcome.get("text", {})))


def _recognised(handed: Handed, languages: list[str]) -> TextIn:
    """What authorities have recognised and what holds today; a recognition that has ended is not printed."""
    today = date.today().isoformat()  # noqa: DTZ011 - a day more or less of a recognition that lasts for years
    holding = [
        one
        for one in handed.get("recognitions", [])
        if one.get("state") == "recognised" and not ("" < str(one.get("until") or "") < today)
    ]
    written: TextIn = {}
    for language in languages if holding else []:
        with translation.override(language):
            written[language] = "; ".join(
                _("recognised in %(country)s, reference %(reference)s")
                % {"country": one.get("country", ""), "reference": one.get("reference", "")}
                for one in holding
            )
    return written
