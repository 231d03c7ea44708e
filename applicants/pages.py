"""What the survey's templates draw: questions with values, errors and choices, in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from applicants.facts import convert_row, years
from applicants.fields import FIELDS, field_name
from applicants.fingerprints import fingerprint
from applicants.grades import ROUNDINGS
from applicants.models import Application
from applicants.names import countries, country_name, languages
from applicants.survey import (
    DEGREES,
    LEVELS,
    SKILLS,
    Answers,
    Field,
    Question,
    Section,
    Shown,
    Survey,
    complaint,
    label_of,
)
from credpoints.common.languages import language_name
from credpoints.common.translated import text_in

Choice = tuple[str, str]


@dataclass(frozen=True)
class Document:
    """A file of an answer, as people see it before they open it."""

    uuid: str
    name: str
    size: int
    kind: str
    at: datetime | None
    is_picture: bool = False


def documents(value: Any) -> list[Document]:
    """The files of an answer; those of old answers have no time."""
    kinds = {"application/pdf": "PDF", "image/jpeg": _("picture"), "image/png": _("picture")}
    return [
        Document(
            str(entry.get("uuid", "")), str(entry.get("name", "")), int(entry.get("size") or 0),
            kinds.get(str(entry.get("type", "")), ""), parse_datetime(str(entry.get("at", ""))),
            str(entry.get("type", "")).startswith("image/"),
        )
        for entry in (value if isinstance(value, list) else [])
    ]  # fmt: skip


@dataclass
class Control:
    """One input: where it is, what it holds, what is wrong with it."""

    address: str
    label: str
    value: Any
    was: str
    error: str = ""

    @property
    def id(self) -> str:
        return "f-" + self.address.replace(".", "-")


@dataclass
class Asked:
    """One question on a page."""

    question: Question
    controls: list[Control]
    is_shown: bool
    is_open: bool  # may be changed now
    choices: list[Choice] = field(default_factory=list)
    groups: list[tuple[str, list[Choice]]] = field(default_factory=list)
    note: str = ""

    @property
    def label(self) -> str:
        return text_in(self.question.label)

    @property
    def help(self) -> str:
        return text_in(self.question.help)

    @property
    def control(self) -> Control:
        return self.controls[0] if self.controls else Control("", "", "", "")

    @property
    def id(self) -> str:
        return self.control.id if self.controls else f"q-{self.question.key}"

    @property
    def error(self) -> str:
        return next((control.error for control in self.controls if control.error), "")

    @property
    def is_full(self) -> bool:
        """No further file can be added; one can still be replaced."""
        return len(self.control.value) >= self.question.max_files

    @property
    def template(self) -> str:
        kind = self.question.type
        simple = {"text", "date", "month", "number", "institution"}
        select = {"country", "degree", "field", "language"}
        name = "line" if kind in simple else "select" if kind in select else kind
        return f"applicants/questions/{name}.html"


@dataclass
class Item:
    """One entry of a repeatable section, or the whole of a plain one."""

    key: str
    number: int
    questions: list[Asked]
    is_first: bool = True
    is_last: bool = True


def draw(
    survey: Survey, section: Section, answers: Answers, *, on: date, checked: bool, open_now: set[str] | None,
    rounding: str, staff: bool = False,
) -> list[Item]:  # fmt: skip
    """Draw a section: `checked` shows what is wrong, `open_now` what may be changed, `staff` their own questions."""
    keys = survey.items(section, answers) if section.repeatable else [""]
    shown = survey.shown(answers)
    items = []
    for number, key in enumerate(keys, start=1):
        asked = [
            _ask(shown, Field(section, question, key), answers, on=on, checked=checked, open_now=open_now)
            for question in section.questions
            if question.staff_only == staff
        ]
        _note_grade(asked, rounding)
        items.append(Item(key, number, asked, number == 1, number == len(keys)))
    return items


def _ask(shown: Shown, where: Field, answers: Answers, *, on: date, checked: bool, open_now: set[str] | None) -> Asked:
    question = where.question
    is_shown = shown.question(question, where.item)
    controls = []
    for part in question.parts if question.is_asked else ():
        place = Field(where.section, question, where.item, part)
        value = answers.get(place.address)
        error = complaint(question, value, on=on) if checked and is_shown else ""
        controls.append(
            Control(place.address, str(SKILLS[part]) if part else text_in(question.label),
                    documents(value) if question.type == "file" else value if value is not None else "",
                    fingerprint(value), error)
        )  # fmt: skip
    is_open = open_now is None or any(control.address in open_now for control in controls)
    return Asked(question, controls, is_shown, is_open, choices_of(question), _groups_of(question))


def choices_of(question: Question) -> list[Choice]:
    """What can be chosen, in the reader's language."""
    if question.type in {"choice", "multi"}:
        return [(option.value, text_in(option.label)) for option in question.options]
    if question.type == "country":
        return countries()
    if question.type == "language":
        return languages()
    if question.type == "degree":
        return [(code, str(name)) for code, name in DEGREES.items()]
    if question.type == "cefr":
        return [(level, level) for level in LEVELS]
    return []


def _groups_of(question: Question) -> list[tuple[str, list[Choice]]]:
    if question.type != "field":
        return []
    return [(str(label), [(code, str(name)) for code, name in names.items()]) for label, names in FIELDS.values()]


def _note_grade(asked: Iterable[Asked], rounding: str) -> None:
    """Write the converted grade under the original one."""
    by_meaning = {a.question.maps_to: a for a in asked if a.question.maps_to and a.controls}
    if "grade" not in by_meaning:
        return
    names = [name for name in ("grade", "grade_best", "grade_pass") if name in by_meaning]
    row: dict[str, Any] = {name: by_meaning[name].control.value for name in names}
    by_meaning[names[-1]].note = grade_text(row, rounding)


def grade_text(row: Mapping[str, Any], rounding: str) -> str:
    """Say what a grade from abroad is about in the German scale, with the method."""
    if not all(row.get(name) for name in ("grade", "grade_best", "grade_pass")):
        return ""
    made = convert_row(row, rounding=rounding)
    if made.conversion is None:
        return {
            "below_pass": _("The grade is below the lowest grade to pass; it is not converted."),
            "above_best": _("The grade is better than the best possible grade. Please check the three numbers."),
        }.get(made.problem, "")
    from_scale = made.conversion
    return _(
        "%(original)s is about %(german)s in Germany (modified Bavarian formula: %(exact)s; rounding: %(how)s)."
    ) % {
        "original": made.original,
        "german": local_number(from_scale.german),
        "exact": local_number(from_scale.exact.normalize()),
        "how": ROUNDINGS[from_scale.rounding],
    }


def local_number(number: Any) -> str:
    """1.7 in English, 1,7 in German."""
    return _("%(whole)s.%(decimals)s") % {
        "whole": f"{number:f}".partition(".")[0], "decimals": f"{number:f}".partition(".")[2] or "0"}  # fmt: skip


# --- Answers as text: review page, dossier, exports ------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One answered (or unanswered) question in words."""

    address: str
    question: Question
    label: str
    text: str
    files: list[Document] = field(default_factory=list)
    error: str = ""

    @property
    def anchor(self) -> str:
        return "f-" + self.address.replace(".", "-")


@dataclass(frozen=True)
class Block:
    """The lines of one section, or of one entry of it."""

    section: Section
    title: str
    lines: list[Line]


def blocks(survey: Survey, answers: Answers, *, on: date | None = None, staff: bool = False) -> list[Block]:
    """All visible answers in order, with what is wrong when `on` is given; `staff` adds the staff-only ones."""
    shown = survey.shown(answers)
    found = []
    for section in survey.sections:
        if not shown.section(section):
            continue
        for number, item in enumerate(survey.items(section, answers) if section.repeatable else [""], start=1):
            title = text_in(section.title)
            if section.repeatable:
                title = f"{text_in(section.item_label) or title} {number}"
            lines = [
                _line(section, question, item, answers, on)
                for question in section.questions
                if question.is_asked and (staff or not question.staff_only)
                and shown.question(question, item)
            ]  # fmt: skip
            found.append(Block(section, title, lines))
    return found


def _line(section: Section, question: Question, item: str, answers: Answers, on: date | None) -> Line:
    places = [Field(section, question, item, part) for part in question.parts]
    texts, error = [], ""
    for place in places:
        value = answers.get(place.address)
        text = in_words(question, value)
        if text:
            texts.append(f"{SKILLS[place.part]} {text}" if place.part else text)
        if on is not None and not error:
            error = complaint(question, value, on=on)
    files = documents(answers.get(places[0].address)) if question.type == "file" else []
    return Line(places[0].address, question, text_in(question.label), ", ".join(texts), files, error)


def in_words(question: Question, value: Any) -> str:
    """An answer as people read it."""
    if value in (None, "", []):
        return ""
    if question.type in {"choice", "multi", "degree"}:
        names = dict(choices_of(question))
        # Choices are often sentences: between them a comma would stand after a full stop.
        return " · ".join(str(names.get(v, v)) for v in (value if isinstance(value, list) else [value]))
    if question.type == "file":
        return ", ".join(str(entry.get("name", "")) for entry in value) if isinstance(value, list) else ""
    if question.type == "consent":
        return _("yes")
    reader = {"country": country_name, "language": language_name, "field": field_name}.get(question.type)
    return reader(str(value)) if reader else str(value)


def rounding_of(application: Application) -> str:
    """The programme's rounding policy for grades."""
    chosen = application.programme.room_settings("applicants").get("rounding", "nearest_step_better")
    return chosen if chosen in ROUNDINGS else "nearest_step_better"


def degree_lines(rows: list[dict[str, Any]], rounding: str) -> list[dict[str, str]]:
    """The degrees in one line each, for head and dossier."""
    return [
        {
            "title": str(row.get("title_translated") or row.get("title") or ""),
            "original": str(row.get("title", "")),
            "institution": str(row.get("institution", "")),
            "country": country_name(str(row.get("country", ""))),
            "field": field_name(str(row.get("field", ""))),
            "years": years(row),
            "grade": grade_text(row, rounding),
        }
        for row in rows
    ]


__all__ = ["Asked", "Block", "Item", "Line", "blocks", "draw", "grade_text", "in_words", "label_of"]
