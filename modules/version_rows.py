"""The lists inside a version (outcomes, assessments, parts of the work, languages asked for) as rows of a form."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from modules.models import OutcomeKind, Supervision, TagKind
from modules.templatetags.modules_words import ACTIVITIES, ASSESSMENTS
from modules.version_fields import AddressesField, NumberField, TextField, language_choices, tidy

Entry = dict[str, Any]
CEFR = ("A1", "A2", "B1", "B2", "C1", "C2")


class RowForm(forms.Form):
    """One row. What stands in it and is on no list of ours (from an import) can be kept."""

    lines: tuple[str, ...]  # the fields that stand beside each other

    def __init__(self, *args: Any, languages: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = languages

    def offer(self, name: str, label: Any, choices: Any, known: set[str]) -> None:
        choices = [(key, capfirst(word)) for key, word in choices]
        others = [(key, key) for key in sorted(known - dict(choices).keys() - {""})]
        self.fields[name] = forms.ChoiceField(label=label, choices=[("", "–"), *choices, *others], required=False)

    @property
    def field_lines(self) -> list[list[forms.BoundField]]:
        return [[self[name] for name in line.split()] for line in self.lines]

    def entry(self) -> Entry:
        """The row as a version keeps it."""
        return {name: self.cleaned_data[name] for name in self.fields}

    @property
    def is_empty(self) -> bool:
        return not any(self.entry().values())


class OutcomeRow(RowForm):
    """What somebody knows or can do afterwards."""

    lines = ("text", "kind code", "esco")

    def __init__(self, *args: Any, known: list[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"] = TextField(label=_("In words"), languages=self.languages, most=3000, rows=2)
        self.offer("kind", _("Kind"), OutcomeKind.choices, _known(known, "kind"))
        self.fields["code"] = forms.CharField(label=_("Short name"), max_length=20, required=False)
        self.fields["esco"] = AddressesField(
            label=_("Skills in ESCO"), help_text=_("Addresses from the ESCO portal, one per line.")
        )


class AssessmentRow(RowForm):
    """How it is examined, and what has to be shown to pass."""

    lines = ("type weight", "text", "criteria", "supervision")

    def __init__(self, *args: Any, known: list[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("type", _("Type"), ASSESSMENTS.items(), _known(known, "type"))
        self.fields["weight"] = forms.IntegerField(
            label=_("Share of the grade in percent"), min_value=0, max_value=100, required=False,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        )  # fmt: skip
        for name, label in (("text", _("In words")), ("criteria", _("To pass"))):
            self.fields[name] = TextField(label=label, languages=self.languages, most=3000, rows=2)
        self.offer("supervision", _("Supervision and identity"), Supervision.choices, _known(known, "supervision"))

    def entry(self) -> Entry:
        found = super().entry()
        return found | {"weight": 0 if found["weight"] is None else found["weight"]}


class WorkRow(RowForm):
    """A part of the work."""

    lines = ("activity hours",)

    def __init__(self, *args: Any, known: list[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("activity", _("Part of the work"), ACTIVITIES.items(), _known(known, "activity"))
        self.fields["hours"] = NumberField(label=_("Hours"), max_digits=7)
        stored = str(self.initial.get("hours", ""))
        if re.fullmatch(r"\d{1,5}(\.\d{1,4})?", stored):
            self.initial["hours"] = Decimal(stored)

    def entry(self) -> Entry:
        hours = self.cleaned_data["hours"]
        return {"activity": self.cleaned_data["activity"], "hours": f"{hours.normalize():f}" if hours else ""}


class LanguageRow(RowForm):
    """A language that people need, and how well."""

    lines = ("language level",)

    def __init__(self, *args: Any, known: list[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = _known(known, "language")
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), choices=[("", "–"), *language_choices(codes)], required=False
        )
        self.offer("level", _("Level"), [(level, level) for level in CEFR], _known(known, "level"))

    @property
    def is_empty(self) -> bool:
        return not self.cleaned_data["language"]


class TagRow(RowForm):
    """A word that people look for it by: a theme, a sector, a target group."""

    lines = ("text", "kind")

    def __init__(self, *args: Any, known: list[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"] = TextField(label=_("In words"), languages=self.languages, most=60)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind"), choices=[(kind.value, capfirst(kind.label)) for kind in TagKind], required=False
        )

    def entry(self) -> Entry:
        found = super().entry()
        return found | {"kind": found["kind"] or TagKind.THEME.value}

    @property
    def is_empty(self) -> bool:
        return not self.cleaned_data["text"]


class EvidenceRow(RowForm):
    """What shows that it is needed: who was asked where and when, and what they said."""

    lines = ("source when", "stakeholder", "finding", "region sector", "occupations")

    def __init__(self, *args: Any, known: list[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._line("source", _("Source"), 300, _("For example: survey of 14 companies."))
        self._line("when", _("When"), 60, _("For example: March 2027."))
        self._line("stakeholder", _("Who was asked"), 200)
        self.fields["finding"] = TextField(label=_("What it found"), languages=self.languages, most=3000, rows=2)
        self._line("region", _("Region"), 120)
        self._line("sector", _("Sector"), 120)
        self.fields["occupations"] = AddressesField(
            label=_("Occupations in ESCO"), help_text=_("Addresses from the ESCO portal, one per line.")
        )

    def _line(self, name: str, label: Any, most: int, help_text: Any = "") -> None:
        self.fields[name] = forms.CharField(label=label, max_length=most, required=False, help_text=help_text)


def _known(rows: list[Entry], name: str) -> set[str]:
    return {str(row.get(name) or "") for row in rows}


@dataclass(frozen=True)
class RowKind:
    """One of the lists: how it is called, what a row is, how many there may be."""

    key: str
    title: str | Promise
    one: str | Promise
    form: Callable[..., RowForm]
    empty: Entry
    most: int

    @property
    def is_short(self) -> bool:
        """Whether a row fits into one line with its buttons; a text in several languages does not."""
        return len(self.empty) <= SHORT and {} not in self.empty.values()


SHORT = 2
KINDS = {
    kind.key: kind
    for kind in (
        RowKind("workload", _("Parts of the work"), _("Part of the work"), WorkRow, {"activity": "", "hours": ""}, 12),
        RowKind(
            "required_languages", _("Languages that people need"), _("Language"), LanguageRow,
            {"language": "", "level": ""}, 10,
        ),
        RowKind(
            "outcomes", _("Learning outcomes"), _("Learning outcome"), OutcomeRow,
            {"text": {}, "kind": "", "code": "", "esco": []}, 60,
        ),
        RowKind(
            "assessments", _("Assessments"), _("Assessment"), AssessmentRow,
            {"type": "", "weight": 0, "text": {}, "criteria": {}, "supervision": ""}, 20,
        ),
        RowKind(
            "tags", _("Themes, sectors and target groups"), _("Word"), TagRow, {"text": {}, "kind": "theme"}, 30,
        ),
        RowKind(
            "market_evidence", _("Evidence of the need"), _("Piece of evidence"), EvidenceRow,
            {"source": "", "when": "", "stakeholder": "", "finding": {}, "region": "", "sector": "", "occupations": []},
            20,
        ),
    )
}  # fmt: skip


class Rows:
    """A list of a version in a form: as it is stored, or as it was sent."""

    begins_at_add = False  # whether somebody goes on with the button that adds a row

    def __init__(self, kind: RowKind, stored: list[Entry], data: QueryDict | None, languages: list[str]) -> None:
        self.kind, self.stored = kind, stored
        most = max(kind.most, len(stored))
        count = _count(data, kind.key, most) if data is not None else max(1, len(stored))
        self.may_add = count < most
        self.forms = [
            kind.form(
                data, prefix=f"{kind.key}-{at}", languages=languages, known=stored,
                initial=_initial(kind, stored[at]) if at < len(stored) else None,
            )
            for at in range(count)
        ]  # fmt: skip

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self.forms])

    def value(self) -> list[Entry]:
        """The rows that say something; word for word as they were stored when nobody has changed them."""
        found = [form.entry() for form in self.forms if not form.is_empty]
        return self.stored if found == [_filled(self.kind, row) for row in self.stored] else found


def _filled(kind: RowKind, row: Entry) -> Entry:
    found = {name: row.get(name) or empty for name, empty in kind.empty.items()}
    return {name: tidy(value) if isinstance(value, dict) else value for name, value in found.items()}


def _initial(kind: RowKind, row: Entry) -> Entry:
    return {name: value if value not in (0, "0") else "" for name, value in _filled(kind, row).items()}


def _count(data: QueryDict, key: str, most: int) -> int:
    text = data.get(f"{key}-count", "")
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def rearranged(data: QueryDict, do: str) -> tuple[QueryDict, str]:
    """What was sent, with a row added, removed or moved ("remove:outcomes:2"); and where to go on writing."""
    what, _colon, rest = do.partition(":")
    key, _colon, place = rest.partition(":")
    if key not in KINDS:
        return data, ""
    count = _count(data, key, 999)
    order: list[int | None] = list(range(count))
    at = int(place) if place.isascii() and place.isdigit() and len(place) < 5 else count
    if what == "add":
        order.append(None)
        return _ordered(data, key, order), f"{key}-{count}"
    if at >= count:
        return data, ""
    if what == "remove":
        del order[at]
        return _ordered(data, key, order), f"{key}-add"
    to = at - 1 if what == "up" else at + 1
    if what in {"up", "down"} and 0 <= to < count:
        order[at], order[to] = order[to], order[at]
        return _ordered(data, key, order), f"{key}-{to}"
    return data, ""


def _ordered(data: QueryDict, key: str, order: list[int | None]) -> QueryDict:
    """The same answers with the rows of one list in another order; None is a new, empty one."""
    of_row = re.compile(rf"{key}-(\d+)-(.+)")
    found: QueryDict = QueryDict(mutable=True)
    places = {old: new for new, old in enumerate(order) if old is not None}
    values: MultiValueDict[str, Any] = data
    for name, sent in values.lists():
        match = of_row.fullmatch(name)
        if match is None:
            found.setlist(name, sent)
        elif int(match[1]) in places:
            found.setlist(f"{key}-{places[int(match[1])]}-{match[2]}", sent)
    found[f"{key}-count"] = str(len(order))
    return found
