"""What differs between two versions of a module, field by field, in words that people read."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from credpoints.common.languages import language_name
from credpoints.common.pieces import Piece, compare
from credpoints.common.templatetags.words import day, plain_number
from modules.drafting import TEXTS, languages_of
from modules.models import ModuleVersion, OutcomeKind, TagKind
from modules.templatetags.modules_words import activity_name, assessment_name, supervision_name, tag_name
from modules.version_forms import GROUPS, DraftForm
from modules.version_rows import KINDS


@dataclass(frozen=True)
class Difference:
    """One field that reads differently, in one language if it is a text."""

    field: str
    label: str
    language: str
    pieces: list[Piece]

    @property
    def anchor(self) -> str:
        """Where the form of a draft asks for it."""
        return self.field if self.field in KINDS else f"div_id_{self.field}"


def differences(before: ModuleVersion, after: ModuleVersion) -> list[tuple[str, list[Difference]]]:
    """What differs, under the headings of the form; empty when both say the same."""
    found = [(str(group.title), list(_in_group(group.fields, group.rows, before, after))) for group in GROUPS]
    return [(title, changes) for title, changes in found if changes]


def _in_group(
    fields: Iterable[str], rows: Iterable[str], before: ModuleVersion, after: ModuleVersion
) -> Iterable[Difference]:
    for name in fields:
        if name in TEXTS:
            yield from _texts(name, before, after)
        elif name != "another_language":
            yield from _one(name, label_of(name), "", in_words(before, name), in_words(after, name))
    for key in rows:
        yield from _rows(key, rows_in_words(before, key), rows_in_words(after, key))


def _rows(key: str, old: list[str], new: list[str]) -> Iterable[Difference]:
    """The entries of a list that were changed, added or taken out; those that only moved along are left out."""
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for at, (was, now) in enumerate(zip_longest(old[i:j], new[k:m], fillvalue="")):
            number = (k if now else i) + at + 1
            yield from _one(key, f"{KINDS[key].one} {number}", "", was, now)


def _texts(name: str, before: ModuleVersion, after: ModuleVersion) -> Iterable[Difference]:
    for language in dict.fromkeys([*languages_of(before), *languages_of(after)]):
        old, new = getattr(before, name).get(language, ""), getattr(after, name).get(language, "")
        yield from _one(name, label_of(name), language, old, new)


def _one(field: str, label: str, language: str, old: str, new: str) -> Iterable[Difference]:
    # Browsers send line ends of their own; nobody sees a difference in them.
    old, new = ("\n".join(text.splitlines()) for text in (old, new))
    if old != new:
        yield Difference(field, label, language, _pieces(old, new))


def _pieces(old: str, new: str) -> list[Piece]:
    """Word by word where enough is the same; two different texts stand whole below each other."""
    pieces = compare(old, new)
    same = sum(len(piece.text.strip()) for piece in pieces if piece.kind == "same")
    if not (old and new) or same * 3 >= max(len(old), len(new)):
        return pieces
    between = [Piece("same", "\n")] if "\n" in old + new else []
    return [Piece("removed", old), *between, Piece("added", new)]


def label_of(name: str) -> str:
    """What the form calls a field."""
    if name in KINDS:
        return str(KINDS[name].title)
    label: str | Promise = DraftForm.base_fields[name].label or name
    return str(label)[:1].upper() + str(label)[1:]


def in_words(version: ModuleVersion, name: str) -> str:
    """The value of a field as people read it."""
    value = getattr(version, name)
    if isinstance(value, list):
        return ", ".join(language_name(key) if name == "languages" else tag_name(key) for key in value)
    display = getattr(version, f"get_{name}_display", None)
    if display:
        return str(display())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return plain_number(value) if value else ""
    if isinstance(value, date):
        return day(value)
    return "" if value is None else str(value)


def rows_in_words(version: ModuleVersion, key: str) -> list[str]:
    """A list of a version: for each entry its lines, one for each of its texts."""
    write = {
        "outcomes": _outcome, "assessments": _assessment, "workload": _work, "required_languages": _language,
        "tags": _tag, "market_evidence": _evidence,
    }[key]  # fmt: skip
    return ["\n".join(line for line in write(row) if line) for row in getattr(version, key)]


def _outcome(row: dict[str, Any]) -> Iterable[str]:
    kind = dict(OutcomeKind.choices).get(row.get("kind", ""), "")
    yield " · ".join(str(part) for part in (row.get("code"), kind) if part)
    yield from _per_language(row.get("text"))
    yield from row.get("esco") or []


def _assessment(row: dict[str, Any]) -> Iterable[str]:
    weight = f"{row['weight']} %" if row.get("weight") else ""
    supervision = supervision_name(row.get("supervision") or "")
    yield " · ".join(part for part in (assessment_name(row.get("type") or ""), weight, supervision) if part)
    yield from _per_language(row.get("text"))
    yield from (_("To pass, %(text)s") % {"text": line} for line in _per_language(row.get("criteria")))


def _work(row: dict[str, Any]) -> Iterable[str]:
    hours = plain_number(Decimal(row["hours"])) if row.get("hours") else "–"
    yield _("%(part)s: %(hours)s hours") % {"part": activity_name(row.get("activity") or ""), "hours": hours}


def _language(row: dict[str, Any]) -> Iterable[str]:
    yield f"{language_name(row.get('language') or '')} {row.get('level') or ''}".strip()


def _tag(row: dict[str, Any]) -> Iterable[str]:
    yield str(dict(TagKind.choices).get(row.get("kind", ""), ""))
    yield from _per_language(row.get("text"))


def _evidence(row: dict[str, Any]) -> Iterable[str]:
    facts = ("source", "when", "stakeholder", "region", "sector")
    yield " · ".join(row[name] for name in facts if row.get(name))
    yield from _per_language(row.get("finding"))
    yield from row.get("occupations") or []


def _per_language(texts: Any) -> Iterable[str]:
    for code, text in (texts or {}).items():
        if text:
            yield f"{language_name(code)}: {text}"
