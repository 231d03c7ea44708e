"""Bundles, units, validated learning and partners' micro-credentials: what was handed over, as `handed_shape` shows."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from babel import Locale, UnknownLocaleError
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from certificates import content as contents
from certificates.collecting import handed_shape, parts, shapes
from certificates.collecting.found import Collected, finding
from certificates.content import Content, Item
from certificates.models import Kind
from credpoints.accounts.models import Person
from credpoints.common.translated import TextIn, text_in
from credpoints.organisations.models import Organisation, Programme

Handed = dict[str, Any]


def collect_bundle(handed: Handed, person: Person, programme: Programme) -> Collected:
    """Several modules that belong together: every part passed or exempted, and the sum that was announced."""
    return _of_parts(handed, person, programme, Kind.BUNDLE)


def collect_micro_credential(handed: Handed, person: Person, programme: Programme) -> Collected:
    """A micro-credential of one or more parts that another house has taught or examined."""
    return _of_parts(handed, person, programme, Kind.MICRO_CREDENTIAL)


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


COLLECTORS: dict[str, Callable[[Handed, Person, Programme], Collected]] = {
    Kind.BUNDLE: collect_bundle,
    Kind.MICRO_CREDENTIAL: collect_micro_credential,
    Kind.UNIT: collect_unit,
    Kind.VALIDATION: collect_validation,
}


def collect_handed(kind: str, handed: Handed, person: Person, programme: Programme) -> Collected:
    """Collect what was handed over. Raises ValidationError, naming everything in it that cannot be read."""
    faults = list(faults_of(kind, handed))
    if faults:
        raise ValidationError(faults)
    return COLLECTORS[Kind(kind)](shapes.without_nothing(handed), person, programme)


def faults_of(kind: str, handed: Handed) -> Iterator[str]:
    """What is wrong with something handed over, in words; nothing of it is guessed."""
    if kind not in COLLECTORS:
        yield _("This kind of certificate is not made from handed-over data.")
    whole = shapes.without_nothing(handed)
    faults = list(shapes.faults(whole, handed_shape.WHOLE))
    yield from faults
    if not faults and "" < whole.get("ends_on", "") < whole.get("starts_on", ""):
        yield _("It ends before it begins.")


def _begin(handed: Handed, person: Person, programme: Programme, kind: Kind) -> Content:
    content = parts.new_content(programme, person, kind.value)
    if languages := contents.kept_in_order(handed.get("languages", [])):
        content["languages"], content["own_languages"] = languages, True
    for name in ("title", "summary", "prerequisites", "stackable"):
        content[name] = parts.texts(handed.get(name))
    content["valid_until"] = str(handed.get("valid_until", ""))
    content["starts_on"], content["ends_on"] = str(handed.get("starts_on", "")), str(handed.get("ends_on", ""))
    content["quality_text"] = content["quality_text"] or _recognised(handed, _languages(handed, content))
    assessors = [one for one in handed.get("assessors", []) if one.get("user")]
    content["grader_ids"] = sorted({int(one["user"]) for one in assessors})
    return content


def _languages(handed: Handed, content: Content) -> list[str]:
    """Those in which our own words are written: the certificate's, and those that it may be printed in later."""
    return contents.kept_in_order([*content["languages"], *handed["title"]])


def _put_facts(content: Content, handed: Handed) -> None:
    """What was handed over about the whole goes before what its parts add up to."""
    content["level"] = handed.get("level") or content["level"]
    content["credit_framework"] = handed.get("credit_framework") or content["credit_framework"]
    content["mode"] = handed.get("mode") or content["mode"]
    content["assessment"] = list(handed.get("assessment") or content["assessment"])
    content["supervision"] = handed.get("supervision") or content["supervision"]


def _of_parts(handed: Handed, person: Person, programme: Programme, kind: Kind) -> Collected:
    content = _begin(handed, person, programme, kind)
    found = handed.get("parts", [])
    items = [_part(one, programme.organisation, _languages(handed, content)) for one in found]
    parts.add_up(content, items, [one["module"] for one in found])
    _put_facts(content, handed)
    content["outcomes"] = [parts.outcome_of(one) for one in handed.get("outcomes", []) if one.get("met", True)]
    wanted = contents.total([str(handed.get("credits", content["credits"]))])
    missing = [text_in(item["title"]) for item in items if item["status"] == "own" and item["passed"] is not True]
    checks = [
        finding("all_passed", not missing, ", ".join(missing)),
        finding("parts_add_up", content["credits"] == wanted, f"{content['credits']} / {wanted}"),
    ]
    return Collected(content, checks, source_key=str(handed["key"]))


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


def _part(one: Handed, organisation: Organisation, languages: list[str]) -> Item:
    item = parts.item_of_module(one["module"], organisation, kind="subject", result=None)
    item |= {
        "status": str(one.get("status") or "own"),
        "grade": str(one.get("grade", "")),
        "scheme": str(one.get("scheme", "")),
        "passed": one.get("passed"),
        "date": str(one.get("date", "")),
        "note": _note(one, languages),
    }
    if one.get("credits"):
        item["credits"] = parts.plain(one["credits"])
    return item


def _note(part: Handed, languages: list[str]) -> TextIn:
    """Where an exemption comes from, and where somebody was for it."""
    source, mobility = parts.texts(part.get("source")), part.get("mobility")
    if not mobility:
        return source
    written: TextIn = {}
    for language in languages:
        with translation.override(language):
            where = _mobility(mobility["kind"]) % {"country": _country(mobility["host"], language)}
        written[language] = "; ".join(one for one in (text_in(source, language), where) if one)
    return written


def _mobility(kind: str) -> str:
    return {
        "virtual": _("virtual mobility, host country %(country)s"),
        "physical": _("mobility on site, host country %(country)s"),
        "blended": _("blended mobility, host country %(country)s"),
    }[kind]


def _country(code: str, language: str) -> str:
    """The name of a country, for a sentence; its code where nobody knows a name."""
    try:
        return str(Locale.parse(language, sep="-").territories.get(code, code))
    except (UnknownLocaleError, ValueError):
        return code


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
                % {"country": _country(one.get("country", ""), language), "reference": one.get("reference", "")}
                for one in holding
            )
    return written
