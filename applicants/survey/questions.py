"""The parts of a form as plain data: questions, sections, and the places where something is typed."""

from dataclasses import dataclass, field
from datetime import date

from applicants.survey.conditions import Condition
from applicants.survey.words import QUESTION_TYPES, SKILLS
from credpoints.common.translated import TextIn, text_in


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

    @property
    def anchor(self) -> str:
        """Where the field stands on its page."""
        return "f-" + self.address.replace(".", "-")

    def __str__(self) -> str:
        """The question and what is wrong, as one line."""
        return (
            f"{self.label} {self.message}" if self.label.endswith(("?", ".", "!")) else f"{self.label}: {self.message}"
        )


def label_of(place: Field) -> str:
    """The question in the reader's language, with the skill when it has parts."""
    label = text_in(place.question.label)
    return f"{label}: {SKILLS[place.part]}" if place.part else label
