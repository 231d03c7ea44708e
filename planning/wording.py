"""A difference between two plans in words that people read."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from credpoints.common.templatetags.words import plain_number
from planning.contents import Difference, FieldChange, LineChange
from planning.models import ItemKind, ReasonCode, Recognition

NAMES = {
    "kind": gettext_lazy("Kind"),
    "title": gettext_lazy("Title"),
    "code": pgettext_lazy("module", "Code"),
    "term": gettext_lazy("Term"),
    "hours": gettext_lazy("Hours"),
    "credits": gettext_lazy("ECTS"),
    "fee": gettext_lazy("Fee"),
    "rationale": gettext_lazy("Why"),
    "reason": gettext_lazy("Reason of the change"),
    "finding": gettext_lazy("Goal or gap"),
    "competences": gettext_lazy("What it gives"),
    "prerequisite_met_by": gettext_lazy("Prerequisite fulfilled by"),
    "recognition": gettext_lazy("Recognition at home"),
    "recognition_text": gettext_lazy("Agreement on recognition"),
    "recognised_as": gettext_lazy("Replaces at home"),
    "recognised_credits": gettext_lazy("Credits at home"),
    "goals": gettext_lazy("Goals"),
    "occupation": gettext_lazy("Occupation aimed at"),
}
NUMBERS = frozenset({"hours", "credits", "fee", "recognised_credits"})
HIDDEN = frozenset({"key", "module", "offering"})
CHANGES = {
    "inserted": gettext_lazy("new"),
    "deleted": gettext_lazy("taken out"),
    "changed": gettext_lazy("changed"),
}
TONES = {"inserted": "good", "deleted": "bad", "changed": "warning"}
VALUES = {"kind": dict(ItemKind.choices), "recognition": dict(Recognition.choices), "reason": dict(ReasonCode.choices)}


@dataclass(frozen=True)
class Words:
    """One changed field."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class LineWords:
    """One changed line."""

    title: str
    change: str
    tone: str
    facts: str
    fields: list[Words]


@dataclass(frozen=True)
class DifferenceWords:
    head: list[Words]
    lines: list[LineWords]

    @property
    def is_empty(self) -> bool:
        return not self.head and not self.lines


def difference_words(found: Difference) -> DifferenceWords:
    """Say a difference in words; unchanged lines are left out."""
    return DifferenceWords(_words(found.head), [_line(line) for line in found.changed_lines])


def _line(line: LineChange) -> LineWords:
    now = line.after or line.before
    facts = _("%(term)s · %(hours)s h · %(credits)s ECTS") % {
        "term": now.get("term") or _("not yet placed"),
        "hours": _value("hours", now.get("hours", "0")),
        "credits": _value("credits", now.get("credits", "0")),
    }
    return LineWords(line.title, str(CHANGES[line.change]), TONES[line.change], facts, _words(line.fields))


def _words(fields: Iterable[FieldChange]) -> list[Words]:
    return [
        Words(str(NAMES.get(f.name, f.name)), _value(f.name, f.before), _value(f.name, f.after))
        for f in fields
        if f.name not in HIDDEN
    ]


def _value(name: str, value: object) -> str:
    if value in (None, ""):
        return "–"
    if name in NUMBERS:
        return plain_number(Decimal(str(value)))
    return str(VALUES.get(name, {}).get(str(value), value))
