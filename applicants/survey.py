"""What a survey is, as plain data: sections, questions, conditions, and what is still missing.

A form version keeps one document (JSON). `Survey.read` turns it into these frozen classes; nothing here knows the
database, so conditions, requiredness and completeness are proved by property-based tests.

An answer has an address: `goal` in a plain section, `education.k3f.country` in the item `k3f` of a repeatable one,
`languages.a1.level.reading` for one part of a question with parts. The order of items is itself an answer, stored
under the section's key as a list of item keys. Values are what people typed, as text, also when it is not valid yet:
nothing typed is refused, it is only not complete.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from applicants.fields import FIELD_CODES
from credpoints.common.translated import TextIn, missing_languages, text_in

Answers = Mapping[str, Any]

QUESTION_TYPES = {
    "text": gettext_lazy("Short text"),
    "longtext": gettext_lazy("Long text"),
    "choice": gettext_lazy("One choice"),
    "multi": gettext_lazy("Several choices"),
    "date": gettext_lazy("Date"),
    "month": gettext_lazy("Month"),
    "number": pgettext_lazy("type of question", "Number"),
    "country": gettext_lazy("Country"),
    "institution": gettext_lazy("University or school"),
    "degree": gettext_lazy("Degree"),
    "field": gettext_lazy("Field of study"),
    "language": gettext_lazy("Language"),
    "cefr": gettext_lazy("Language level in five skills"),
    "file": gettext_lazy("Files"),
    "consent": gettext_lazy("Consent"),
    "info": gettext_lazy("Information only"),
}
OPERATORS = {
    "is_one_of": gettext_lazy("is one of"),
    "is_none_of": gettext_lazy("is none of"),
    "is_filled": gettext_lazy("is answered"),
    "is_empty": gettext_lazy("is not answered"),
}
SKILLS = {
    "listening": gettext_lazy("Listening"),
    "reading": gettext_lazy("Reading"),
    "interaction": gettext_lazy("Taking part in conversations"),
    "production": gettext_lazy("Speaking at length"),
    "writing": gettext_lazy("Writing"),
}
LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
DEGREES = {
    "bachelor": gettext_lazy("Bachelor"),
    "master": gettext_lazy("Master"),
    "diploma": gettext_lazy("Diploma (university)"),
    "doctorate": gettext_lazy("Doctorate"),
    "vocational": gettext_lazy("Vocational qualification"),
    "other": gettext_lazy("Another, comparable degree"),
}
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
ITEM = re.compile(r"[a-z0-9]{1,12}\Z")
MAX_TEXT = 20_000


class BrokenForm(ValueError):
    """A form document that cannot be read; the text says where."""


@dataclass(frozen=True)
class Test:
    """One comparison of a condition."""

    question: str
    operator: str
    values: tuple[str, ...] = ()

    def holds(self, value: Any) -> bool:
        given = set(value) if isinstance(value, list) else {str(value)} if value not in (None, "") else set()
        if self.operator == "is_one_of":
            return bool(given & set(self.values))
        if self.operator == "is_none_of":
            return not given & set(self.values)
        return bool(given) == (self.operator == "is_filled")


@dataclass(frozen=True)
class Condition:
    """When something is asked: all or any of the tests hold. Without tests it always is."""

    tests: tuple[Test, ...] = ()
    match: str = "all"

    @classmethod
    def read(cls, document: Any, where: str) -> "Condition":
        if not document:
            return cls()
        if not isinstance(document, dict) or document.get("match", "all") not in {"all", "any"}:
            raise BrokenForm(f"{where}: a condition is {{match, tests}}")
        tests = []
        for test in document.get("tests", []):
            if test.get("operator") not in OPERATORS:
                raise BrokenForm(f"{where}: unknown operator {test.get('operator')!r}")
            tests.append(Test(str(test["question"]), test["operator"], tuple(map(str, test.get("values", [])))))
        return cls(tuple(tests), document.get("match", "all"))

    def holds(self, values: Mapping[str, Any]) -> bool:
        results = [test.holds(values.get(test.question)) for test in self.tests]
        return not results or (all(results) if self.match == "all" else any(results))


@dataclass(frozen=True)
class Option:
    value: str
    label: TextIn


@dataclass(frozen=True)
class Question:
    """One thing that is asked."""

    key: str
    type: str
    label: TextIn
    help: TextIn = field(default_factory=dict)
    required: bool = False
    required_after: str = ""  # a day: required only from then on
    options: tuple[Option, ...] = ()
    visible_if: Condition = field(default_factory=Condition)
    maps_to: str = ""
    personal: bool = False
    staff_only: bool = False
    max_words: int | None = None
    minimum: str = ""
    maximum: str = ""
    max_files: int = 3

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(SKILLS) if self.type == "cefr" else ("",)

    @property
    def is_asked(self) -> bool:
        return self.type != "info"

    @property
    def kind(self) -> str:
        """The type in words."""
        return str(QUESTION_TYPES[self.type])

    def is_required(self, on: date) -> bool:
        return self.required and (not self.required_after or on.isoformat() >= self.required_after)


@dataclass(frozen=True)
class Section:
    """A page of the survey; a repeatable one is answered once per item (degree, job, language)."""

    key: str
    title: TextIn
    questions: tuple[Question, ...]
    text: TextIn = field(default_factory=dict)
    repeatable: bool = False
    item_label: TextIn = field(default_factory=dict)
    min_items: int = 0
    max_items: int = 10
    visible_if: Condition = field(default_factory=Condition)
    maps_to: str = ""

    def question(self, key: str) -> Question | None:
        return next((question for question in self.questions if question.key == key), None)


@dataclass(frozen=True)
class Field:
    """One place where something is typed: a question, in an item if the section repeats, and its part."""

    section: Section
    question: Question
    item: str = ""
    part: str = ""

    @property
    def address(self) -> str:
        place = [self.section.key, self.item] if self.item else []
        return ".".join([*place, self.question.key, *([self.part] if self.part else [])])


@dataclass(frozen=True)
class Problem:
    """What still stands in the way of submitting, in words, at its place."""

    section: str
    address: str
    label: str
    message: str


@dataclass(frozen=True)
class Survey:
    """A whole form version."""

    languages: tuple[str, ...]
    sections: tuple[Section, ...]

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> "Survey":
        """Read a document; raises BrokenForm with the place when it is not one."""
        try:
            sections = tuple(_read_section(section) for section in document["sections"])
            survey = cls(tuple(document["languages"]), sections)
        except (KeyError, TypeError, AttributeError) as error:
            raise BrokenForm(f"the form is not complete: {error}") from error
        survey._check_keys()
        return survey

    def _check_keys(self) -> None:
        seen: set[str] = set()
        for key in [k for s in self.sections for k in (s.key, *(q.key for q in s.questions))]:
            if not KEY.match(key):
                raise BrokenForm(f"{key!r} is not a key: small letters, digits and _")
            if key in seen:
                raise BrokenForm(f"the key {key!r} is used twice")
            seen.add(key)

    def section(self, key: str) -> Section | None:
        return next((section for section in self.sections if section.key == key), None)

    def field(self, address: str) -> Field | None:
        """Return the field of an address, or None when the form has no such place."""
        places = address.split(".")
        for section in self.sections:
            if section.repeatable and places[0] == section.key and len(places) > 2 and ITEM.match(places[1]):
                return _field_in(section, places[2:], places[1])
            if not section.repeatable and section.question(places[0]):
                return _field_in(section, places, "")
        return None

    def items(self, section: Section, answers: Answers) -> list[str]:
        """Return the items of a repeatable section in their order, at least as many as the form demands."""
        kept = answers.get(section.key)
        items = [str(item) for item in kept] if isinstance(kept, list) else []
        # Names that depend on nothing but their place, so that an entry keeps its name before the list is stored.
        names = (f"n{number}" for number in range(1, section.min_items + len(items) + 1))
        fresh = [name for name in names if name not in items]
        return items + fresh[: max(0, section.min_items - len(items))]

    def fields_of(self, section: Section, answers: Answers) -> list[Field]:
        """Every field of a section, visible or not, in order."""
        items = self.items(section, answers) if section.repeatable else [""]
        return [
            Field(section, question, item, part)
            for item in items
            for question in section.questions
            if question.is_asked
            for part in question.parts
        ]

    def fields(self, answers: Answers) -> Iterator[Field]:
        for section in self.sections:
            yield from self.fields_of(section, answers)

    def shows_section(self, section: Section, answers: Answers) -> bool:
        return section.visible_if.holds(self._seen_values(section, "", answers))

    def shows(self, section: Section, question: Question, item: str, answers: Answers) -> bool:
        """Is this question asked, given the answers? A hidden question counts as not answered for others."""
        return self.shows_section(section, answers) and question.visible_if.holds(
            self._seen_values(section, item, answers, before=question)
        )

    def visible_fields(self, answers: Answers, *, staff: bool = False) -> list[Field]:
        """The fields that are asked now; staff-only ones only when `staff`."""
        shown: dict[tuple[str, str], bool] = {}
        found = []
        for place in self.fields(answers):
            key = (place.question.key, place.item)
            if key not in shown:
                shown[key] = self.shows(place.section, place.question, place.item, answers)
            if shown[key] and place.question.staff_only == staff:
                found.append(place)
        return found

    def _seen_values(
        self, section: Section, item: str, answers: Answers, before: Question | None = None
    ) -> dict[str, Any]:
        """What conditions at this place can see: visible answers that stand before it."""
        values: dict[str, Any] = {}
        for earlier in self.sections:
            is_here = earlier.key == section.key
            if is_here and before is None:
                break
            if not earlier.visible_if.holds(values) or (earlier.repeatable and not is_here):
                continue
            place = f"{earlier.key}.{item}." if earlier.repeatable else ""
            for question in earlier.questions:
                if is_here and before is not None and question.key == before.key:
                    break
                if question.visible_if.holds(values):
                    values[question.key] = answers.get(place + question.key)
            if is_here:
                break
        return values

    def problems(self, answers: Answers, *, on: date) -> list[Problem]:
        """Everything that stands in the way of submitting, in the order of the survey."""
        found = []
        for section in self.sections:
            found += self.problems_of(section, answers, on=on)
        return found

    def problems_of(self, section: Section, answers: Answers, *, on: date) -> list[Problem]:
        """What stands in the way in one section."""
        if not self.shows_section(section, answers):
            return []
        found = []
        items = self.items(section, answers)
        if section.repeatable and len(items) > section.max_items:
            message = ngettext("At most %(count)s entry is possible.", "At most %(count)s entries are possible.",
                               section.max_items) % {"count": section.max_items}  # fmt: skip
            found.append(Problem(section.key, section.key, text_in(section.title), message))
        for place in self.fields_of(section, answers):
            if place.question.staff_only or not self.shows(section, place.question, place.item, answers):
                continue
            message = complaint(place.question, answers.get(place.address), part=place.part, on=on)
            if message:
                found.append(Problem(section.key, place.address, label_of(place), message))
        return found

    def submitted(self, answers: Answers) -> dict[str, Any]:
        """What is handed in: the visible answers and the order of items; hidden ones are kept but not submitted."""
        kept = {place.address: answers[place.address] for place in self.visible_fields(answers)
                if answers.get(place.address) not in (None, "", [])}  # fmt: skip
        for section in self.sections:
            if section.repeatable and self.shows_section(section, answers):
                kept[section.key] = self.items(section, answers)
        return kept

    def status(self, section: Section, answers: Answers, *, on: date) -> str:
        """How far a section is: "empty", "begun" or "complete"."""
        places = self.fields_of(section, answers)
        if not self.problems_of(section, answers, on=on) and (
            any(answers.get(p.address) for p in places) or not any(p.question.required for p in places)
        ):
            return "complete"
        return "begun" if any(answers.get(p.address) for p in places) else "empty"


def _field_in(section: Section, names: list[str], item: str) -> Field | None:
    question = section.question(names[0])
    part = names[1] if len(names) == 2 else ""
    if question is None or not question.is_asked or len(names) > 2 or part not in question.parts:
        return None
    return Field(section, question, item, part)


def label_of(place: Field) -> str:
    """The question in the reader's language, with the skill when it has parts."""
    label = text_in(place.question.label)
    return f"{label}: {SKILLS[place.part]}" if place.part else label


def count_words(text: str) -> int:
    return len(text.split())


def read_number(text: Any) -> Decimal | None:
    """Read 71.3 and 71,3; None when it is no number."""
    try:
        number = Decimal(str(text).strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def read_month(text: str) -> str | None:
    """Read 09/2005, 9.2005 and 2005-09 as 2005-09, and a year alone as it is; None when it is neither."""
    text = text.strip()
    if re.fullmatch(r"(19|20)\d\d", text):
        return text
    match = re.fullmatch(r"(\d{1,2})\s*[./-]\s*((?:19|20)\d\d)", text)
    month, year = (int(match[1]), match[2]) if match else (0, "")
    if not match:
        match = re.fullmatch(r"((?:19|20)\d\d)-(\d{1,2})", text)
        month, year = (int(match[2]), match[1]) if match else (0, "")
    return f"{year}-{month:02d}" if 1 <= month <= 12 else None


def read_date(text: str) -> date | None:
    """Read 31.12.1985, 31/12/1985 and 1985-12-31; None when there is no such day."""
    match = re.fullmatch(r"(\d{1,2})\s*[./]\s*(\d{1,2})\s*[./]\s*(\d{4})", text.strip())
    day, month, year = (int(match[1]), int(match[2]), int(match[3])) if match else (0, 0, 0)
    try:
        return date(year, month, day) if match else date.fromisoformat(text.strip())
    except ValueError:
        return None


def complaint(question: Question, value: Any, *, part: str = "", on: date) -> str:
    """Say in plain words what is wrong with an answer, or nothing."""
    if value in (None, "", []) or (isinstance(value, str) and not value.strip()):
        return _missing(question) if question.is_required(on) else ""
    check = _CHECKS.get(question.type)
    return check(question, value) if check else ""


def _missing(question: Question) -> str:
    if question.type == "consent":
        return _("Please tick this box: without it we cannot look at your application.")
    if question.type == "file":
        return _("Please add a file.")
    if question.type in {"choice", "multi", "country", "degree", "field", "language", "cefr"}:
        return _("Please choose an answer.")
    return _("Please answer this question.")


def _check_longtext(question: Question, value: Any) -> str:
    words = count_words(str(value))
    if question.max_words and words > question.max_words:
        return _("This text has %(words)s words; please shorten it to %(limit)s.") % {
            "words": words, "limit": question.max_words}  # fmt: skip
    return ""


def _check_choice(question: Question, value: Any) -> str:
    known = {option.value for option in question.options}
    given = set(value) if isinstance(value, list) else {value}
    return "" if given <= known else _("Please choose one of the answers.")


def _check_number(question: Question, value: Any) -> str:
    number = read_number(value)
    if number is None:
        return _("Please write a number, for example 15 or 71.3.")
    low, high = read_number(question.minimum or "x"), read_number(question.maximum or "x")
    if (low is not None and number < low) or (high is not None and number > high):
        if low is not None and high is not None:
            return _("Please write a number between %(low)s and %(high)s.") % {"low": low, "high": high}
        return (_("Please write a number of at least %(low)s.") % {"low": low} if low is not None
                else _("Please write a number of at most %(high)s.") % {"high": high})  # fmt: skip
    return ""


def _check_month(question: Question, value: Any) -> str:
    return "" if read_month(str(value)) else _("Please write month and year, for example 09/2005.")


def _check_date(question: Question, value: Any) -> str:
    return "" if read_date(str(value)) else _("Please write day, month and year, for example 31.12.1985.")


def _check_level(question: Question, value: Any) -> str:
    return "" if value in LEVELS else _("Please choose one of the levels.")


def _check_degree(question: Question, value: Any) -> str:
    return "" if value in DEGREES else _("Please choose one of the answers.")


def _check_field(question: Question, value: Any) -> str:
    return "" if value in FIELD_CODES else _("Please choose one of the answers.")


def _check_files(question: Question, value: Any) -> str:
    if isinstance(value, list) and len(value) > question.max_files:
        return ngettext("At most %(count)s file is possible here.", "At most %(count)s files are possible here.",
                        question.max_files) % {"count": question.max_files}  # fmt: skip
    return ""


_CHECKS = {
    "longtext": _check_longtext, "text": _check_longtext, "choice": _check_choice, "multi": _check_choice,
    "number": _check_number, "month": _check_month, "date": _check_date, "cefr": _check_level,
    "degree": _check_degree, "field": _check_field, "file": _check_files,
}  # fmt: skip


def clean_value(question: Question, value: Any) -> Any:
    """Bring what a browser sends into the form that is stored; nothing is refused but what is far too long."""
    if question.type == "multi":
        return [str(v)[:200] for v in value if v][:100] if isinstance(value, list) else []
    if question.type == "consent":
        return "yes" if value in {"yes", "on", "true"} else ""
    text = str(value or "").replace("\r\n", "\n").replace("\x00", "")
    return text[:MAX_TEXT]


# --- Reading and checking a form that somebody designs ---------------------------------------------------------------


def _read_section(document: Mapping[str, Any]) -> Section:
    where = str(document.get("key", "?"))
    known = {f.name for f in fields(Section)}
    plain = {k: v for k, v in document.items() if k in known - {"questions", "visible_if"}}
    return Section(
        **plain,
        questions=tuple(_read_question(question) for question in document["questions"]),
        visible_if=Condition.read(document.get("visible_if"), where),
    )


def _read_question(document: Mapping[str, Any]) -> Question:
    where = str(document.get("key", "?"))
    if document.get("type") not in QUESTION_TYPES:
        raise BrokenForm(f"{where}: unknown type {document.get('type')!r}")
    known = {f.name for f in fields(Question)}
    plain = {k: v for k, v in document.items() if k in known - {"options", "visible_if"}}
    return Question(
        **plain,
        options=tuple(Option(str(o["value"]), dict(o["label"])) for o in document.get("options", [])),
        visible_if=Condition.read(document.get("visible_if"), where),
    )


def design_problems(survey: Survey) -> list[str]:
    """Everything that keeps a form from being published: dead conditions, missing options and translations."""
    found = []
    earlier: dict[str, Question] = {}
    dead: set[str] = set()
    for section in survey.sections:
        found += _condition_problems(section.key, section.visible_if, earlier, dead)
        local = dict(earlier)
        for question in section.questions:
            found += _condition_problems(question.key, question.visible_if, local, dead)
            if question.type in {"choice", "multi"} and not question.options:
                found.append(_("“%(key)s” offers nothing to choose from.") % {"key": question.key})
            local[question.key] = question
        if not section.repeatable:
            earlier = local
    return found + _translation_problems(survey)


def _condition_problems(key: str, condition: Condition, earlier: Mapping[str, Question], dead: set[str]) -> list[str]:
    unknown = [test.question for test in condition.tests if test.question not in earlier]
    if unknown:
        dead.add(key)
        return [_("“%(key)s” depends on “%(other)s”, which is not asked before it.") % {"key": key, "other": name}
                for name in unknown]  # fmt: skip
    if not is_reachable(condition, earlier, dead):
        dead.add(key)
        return [_("“%(key)s” can never be reached: no answer fulfils its condition.") % {"key": key}]
    return []


def is_reachable(condition: Condition, earlier: Mapping[str, Question], dead: set[str]) -> bool:
    """Can any answers fulfil the condition?"""
    if not condition.tests:
        return True
    if condition.match == "any":
        return any(_satisfiable([test], earlier[test.question], dead) for test in condition.tests)
    names = {test.question for test in condition.tests}
    return all(_satisfiable([t for t in condition.tests if t.question == name], earlier[name], dead) for name in names)


def _satisfiable(tests: list[Test], question: Question, dead: set[str]) -> bool:
    """Can one answer to this question pass all the tests? Options are tried, free text by what the tests name."""
    if question.key in dead:
        return all(test.holds(None) for test in tests)
    if question.type == "multi":
        return _satisfiable_set(tests, {option.value for option in question.options})
    values: set[Any] = {None, "something else"} | {value for test in tests for value in test.values}
    if question.type == "choice":
        values = {None} | {option.value for option in question.options}
    elif question.type == "degree":
        values = {None, *DEGREES}
    elif question.type == "consent":
        values = {None, "yes"}
    return any(all(test.holds(value) for test in tests) for value in values)


def _satisfiable_set(tests: list[Test], options: set[str]) -> bool:
    """The largest set that no “none of” forbids passes if any set does; the empty one is tried too."""
    forbidden = {value for test in tests if test.operator == "is_none_of" for value in test.values}
    return any(all(test.holds(value) for test in tests) for value in (sorted(options - forbidden), []))


def _translation_problems(survey: Survey) -> list[str]:
    found = []
    languages = list(survey.languages)
    for section in survey.sections:
        texts = [(section.key, section.title)] + ([(section.key, section.text)] if section.text else [])
        for question in section.questions:
            texts.append((question.key, question.label))
            texts += [(question.key, question.help)] if question.help else []
            texts += [(f"{question.key} = {option.value}", option.label) for option in question.options]
        for key, text in texts:
            missing = missing_languages(text, languages)
            if missing:
                found.append(_("“%(key)s” has no text in: %(languages)s") % {
                    "key": key, "languages": ", ".join(missing)})  # fmt: skip
    return found
