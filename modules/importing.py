"""Read a module handbook as JSON into plain data: what can be taken over, what is odd, what is wrong.

Nothing here touches the database, so a broken or hostile file has changed nothing when it is refused. Everything the
source says is kept word for word beside the fields, because handbooks say more than any form asks.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from credpoints.common.tokens import content_hash
from modules.oddities import Oddity, oddity

MAX_BYTES = 50 * 1024 * 1024
MAX_MODULES = 20_000
MAX_TEXT = 100_000
MAX_TERMS = 20
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})*")
_KEY = re.compile(r"[\w.:/-]{1,120}")
_HOURS = re.compile(r"(\d+(?:[.,]\d+)?)\s*h\b")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
Texts = dict[str, str]

# How German handbooks write the same five things.
FREQUENCIES: dict[str, str] = {
    "winter": r"(jedes )?(ws|wise|wintersem(ester)?)\.?",
    "summer": r"(jedes )?(ss|sose|sommersem(ester)?)\.?",
    "every_term": r"jedes sem(ester)?\.?",
    "irregular": r"unregelm(ä(ß|ss)|ae?ss)ig",
}
GRADING_BY_COUNTRY = {"DE": "de", "IT": "0-30", "BE": "0-20", "FR": "0-20"}


class FileRefused(Exception):
    """The file cannot be taken over; one sentence per reason, and nothing has changed."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class ProviderFacts:
    """The organisation that a row names."""

    name: str
    country: str


@dataclass
class ModuleFacts:
    """One module as read: its key, the provider, the fields of a version, and what is odd."""

    key: str
    code: str
    provider: ProviderFacts
    fields: dict[str, Any]
    oddities: list[Oddity] = field(default_factory=list)

    @property
    def title(self) -> str:
        titles: Texts = self.fields["title"]
        return next(iter(titles.values()))


def read_file(path: Path) -> list[ModuleFacts]:
    """Read a file whole. Raises FileRefused with every reason found."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FileRefused(_("The file is larger than %(limit)s MB.") % {"limit": MAX_BYTES // 1024**2})
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FileRefused(_("The file cannot be opened: %(reason)s.") % {"reason": error.strerror}) from None
    except UnicodeDecodeError:
        raise FileRefused(_("The file is not text in UTF-8.")) from None
    return read_modules(text)


def read_modules(text: str) -> list[ModuleFacts]:
    """Read the text of a file: an object with a list “modules”, or the list itself."""
    rows = _rows(text)
    problems: list[str] = []
    found: list[ModuleFacts] = []
    for number, row in enumerate(rows, start=1):
        try:
            found.append(read_module(row))
        except ValueError as error:
            key = row.get("id") if isinstance(row, dict) else None
            problems.append(
                _("Module %(number)s (%(key)s): %(problem)s")
                % {"number": number, "key": str(key or "?")[:60], "problem": error}
            )
    twice = [key for key, count in Counter(facts.key for facts in found).items() if count > 1]
    problems += [_("The id “%(key)s” occurs more than once.") % {"key": key} for key in twice]
    if problems:
        raise FileRefused(*problems)
    _note_duplicate_codes(found)
    return found


def _rows(text: str) -> list[Any]:
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise FileRefused(_("The file is nested too deeply.")) from None
    except ValueError as error:
        raise FileRefused(_("The file is not JSON: %(reason)s.") % {"reason": str(error)[:200]}) from None
    rows = data.get("modules") if isinstance(data, dict) else data
    if not isinstance(rows, list) or not rows:
        raise FileRefused(_("The file has no list “modules”."))
    if len(rows) > MAX_MODULES:
        raise FileRefused(_("The file has more than %(limit)s modules.") % {"limit": MAX_MODULES})
    return rows


def read_module(row: Any) -> ModuleFacts:
    """Read one row. Raises ValueError in words for people."""
    if not isinstance(row, dict):
        raise ValueError(_("this is not an object."))
    key = _text(row, "id", 120)
    if not _KEY.fullmatch(key):
        raise ValueError(_("the id is missing or has characters that an id cannot have."))
    provider = ProviderFacts(_text(row, "provider", 200), _text(row, "provider_country", 2).upper())
    if not provider.name or not re.fullmatch(r"[A-Z]{2}", provider.country):
        raise ValueError(_("provider or provider_country (two letters) is missing."))
    odd: list[Oddity] = []
    fields = _fields(row, provider, odd)
    if not fields["title"]:
        raise ValueError(_("the title is missing."))
    fields["source"] = row
    fields["source_hash"] = content_hash(json.dumps(row, sort_keys=True, ensure_ascii=False))
    code = _text(row, "code", 60)
    if not code:
        odd.append(oddity("empty_code"))
    return ModuleFacts(key, code, provider, fields, odd)


def _fields(row: dict[str, Any], provider: ProviderFacts, odd: list[Oddity]) -> dict[str, Any]:
    """The fields of a version. Every helper adds what it finds odd."""
    grading = GRADING_BY_COUNTRY.get(provider.country, "pass")
    title, aim = _texts(row, "title", 500), _texts(row, "learning_outcomes")
    credits, hours = _number(row, "ects", 60), _number(row, "workload_hours", 5000)
    if hours is None:
        hours = _number(row, "workload_hours_stated", 5000)
    languages = _strings(row, "language")
    if not all(_LANGUAGE.fullmatch(language) for language in languages):
        raise ValueError(_("a language is not a code such as “de”."))
    return {
        "title": title,
        "outcomes": _outcomes(aim, odd),
        "content": _texts(row, "content"),
        "assessments": _assessments(row, grading, odd),
        "award_condition": _texts(row, "award_condition"),
        "credits": credits or Decimal(0),
        "hours": hours or Decimal(0),
        "hours_reason": _hours_reason(credits or Decimal(0), hours or Decimal(0), odd),
        "workload": _workload(row, hours or Decimal(0), odd),
        "eqf_level": _level(row, odd),
        "isced_f": _isced(row, odd),
        "languages": languages,
        "teaching_forms": _texts(row, "teaching_forms"),
        "duration_terms": _duration(row, odd),
        "frequency": _frequency(row, odd),
        "prerequisites": _texts(row, "prerequisites"),
        "admission": "rules" if _texts(row, "prerequisites") else "none",
        "admission_text": _texts(row, "prerequisites"),
        "usability": _texts(row, "usability"),
        "notes": _texts(row, "notes"),
        "quality_assurance": "accredited_programme" if row.get("programmes") else "",
        "quality_text": _quality(row),
        "grading_scheme": grading,
    }


# --- Parts of a row -------------------------------------------------------------------------------------------------
def _outcomes(texts: Texts, odd: list[Oddity]) -> list[dict[str, Any]]:
    if not texts:
        odd.append(oddity("missing_outcomes"))
        return []
    return [{"code": "", "kind": "", "text": texts, "esco": []}]


def _assessments(row: dict[str, Any], grading: str, odd: list[Oddity]) -> list[dict[str, Any]]:
    texts, criteria = _texts(row, "assessment"), _texts(row, "award_condition")
    if not texts:
        odd.append(oddity("missing_assessment"))
        return []
    if not criteria:
        odd.append(oddity("missing_criteria"))
        criteria = _pass_mark(grading)
    return [{"type": "", "weight": 100, "text": texts, "criteria": criteria, "supervision": ""}]


def _pass_mark(grading: str) -> Texts:
    return {
        "de": {"de": "mindestens 4,0", "en": "at least 4.0"},
        "0-30": {"it": "almeno 18/30", "en": "at least 18 of 30", "de": "mindestens 18 von 30 Punkten"},
        "0-20": {"en": "at least 10 of 20", "de": "mindestens 10 von 20 Punkten"},
    }.get(grading, {"en": "passed", "de": "bestanden"})


def _hours_reason(credits: Decimal, hours: Decimal, odd: list[Oddity]) -> str:
    if not hours:
        odd.append(oddity("missing_workload"))
        return ""
    if not credits or 25 * credits <= hours <= 30 * credits:
        return ""
    ratio = (hours / credits).quantize(Decimal("0.1"))
    odd.append(oddity("hours_per_credit", hours=_plain(hours), credits=_plain(credits), ratio=_plain(ratio)))
    return _("as stated by the provider")


def _workload(row: dict[str, Any], hours: Decimal, odd: list[Oddity]) -> list[dict[str, str]]:
    contact = _part(row, "contact_hours", odd)
    written = _text(row, "contact_time", 200)
    if contact is None and written:
        match = _HOURS.search(written)
        contact = Decimal(match.group(1).replace(",", ".")) if match else None
        if contact is None:
            odd.append(oddity("odd_contact_time", text=written))
    study = _part(row, "self_study_hours", odd)
    parts = [("contact", contact), ("self_study", study)]
    total = sum((value for _name, value in parts if value is not None), Decimal(0))
    if contact is not None and study is not None and hours and total != hours:
        odd.append(oddity("parts_differ", parts=_plain(total), hours=_plain(hours)))
    return [{"activity": name, "hours": _plain(value)} for name, value in parts if value]


def _part(row: dict[str, Any], name: str, odd: list[Oddity]) -> Decimal | None:
    """Hours of one part of the work; handbooks have impossible ones (9086), which are noted and left out."""
    hours = _number(row, name, 1_000_000, lowest=-1_000_000)
    if hours is not None and not 0 <= hours <= 5000:
        odd.append(oddity("odd_hours", name=name, hours=_plain(hours)))
        return None
    return hours


def _level(row: dict[str, Any], odd: list[Oddity]) -> int | None:
    level = row.get("eqf_level")
    if level is None:
        return None
    if not isinstance(level, int) or isinstance(level, bool) or not 1 <= level <= 8:
        raise ValueError(_("eqf_level is not a number from 1 to 8."))
    if row.get("eqf_is_derived"):
        odd.append(oddity("derived_level"))
    return level


def _isced(row: dict[str, Any], odd: list[Oddity]) -> str:
    code = _text(row, "isced_f", 10)
    if not code:
        odd.append(oddity("missing_field"))
        return ""
    if not re.fullmatch(r"\d{2,4}", code):
        raise ValueError(_("isced_f is not a code of two to four digits."))
    if row.get("isced_f_is_derived"):
        odd.append(oddity("derived_field"))
    return code


def _duration(row: dict[str, Any], odd: list[Oddity]) -> int | None:
    terms = _number(row, "duration_semesters", 10_000)
    if terms is None or terms == 0:
        return None
    if terms > MAX_TERMS or terms != int(terms):
        odd.append(oddity("odd_duration", terms=_plain(terms)))
        return None
    return int(terms)


def frequency_key(written: str) -> str:
    folded = written.casefold().strip()
    for key, pattern in FREQUENCIES.items():
        if re.fullmatch(pattern, folded):
            return key
    return "other" if folded else ""


def _frequency(row: dict[str, Any], odd: list[Oddity]) -> Texts:
    written = _text(row, "frequency", 200)
    if frequency_key(written) == "other":
        odd.append(oddity("odd_frequency", text=written))
    return {"de": written} if written else {}


def _quality(row: dict[str, Any]) -> Texts:
    programmes = ", ".join(name[:200] for name in _strings(row, "programmes"))
    if not programmes:
        return {}
    rules = _text(row, "exam_regulation", 60)
    return {
        "de": f"Teil von: {programmes}" + (f", Prüfungsordnung {rules}" if rules else ""),
        "en": f"Part of: {programmes}" + (f", examination regulations {rules}" if rules else ""),
    }


def _note_duplicate_codes(found: list[ModuleFacts]) -> None:
    by_code: dict[tuple[str, str], list[ModuleFacts]] = {}
    for facts in found:
        if facts.code:
            by_code.setdefault((facts.provider.name, facts.code), []).append(facts)
    for (_provider, code), same in by_code.items():
        for facts in same if len(same) > 1 else []:
            others = ", ".join(other.key for other in same if other is not facts)
            facts.oddities.append(oddity("duplicate_code", code=code, others=others))


# --- Values ---------------------------------------------------------------------------------------------------------
def _text(row: dict[str, Any], name: str, limit: int) -> str:
    value = row.get(name) or ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError(_("%(name)s is not a text.") % {"name": name})
    return _clean(value, name, limit)


def _texts(row: dict[str, Any], name: str, limit: int = MAX_TEXT) -> Texts:
    """A text in several languages, without the empty ones; a plain text counts as the module's first language."""
    value = row.get(name)
    if not value:
        return {}
    if isinstance(value, str):
        languages = _strings(row, "language") or ["de"]
        value = {str(languages[0]): value}
    if not isinstance(value, dict):
        raise ValueError(_("%(name)s is not a text.") % {"name": name})
    texts = {}
    for language, text in value.items():
        if not _LANGUAGE.fullmatch(str(language)) or not isinstance(text, str):
            raise ValueError(_("%(name)s is not a table of language and text.") % {"name": name})
        clean = _clean(text, name, limit)
        if clean:
            texts[str(language)] = clean
    return texts


def _strings(row: dict[str, Any], name: str) -> list[str]:
    """The texts of a list; anything that is not a list has none."""
    value = row.get(name)
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _clean(text: str, name: str, limit: int) -> str:
    if len(text) > limit:
        raise ValueError(_("%(name)s is longer than %(limit)s characters.") % {"name": name, "limit": limit})
    return _CONTROL.sub("", text).strip()


def _number(row: dict[str, Any], name: str, limit: int, lowest: int = 0) -> Decimal | None:
    value = row.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(_("%(name)s is not a number.") % {"name": name})
    try:
        number = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        raise ValueError(_("%(name)s is not a number.") % {"name": name}) from None
    if not number.is_finite() or not lowest <= number <= limit:
        raise ValueError(
            _("%(name)s is not between %(lowest)s and %(limit)s.") % {"name": name, "lowest": lowest, "limit": limit}
        )
    return number


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")
