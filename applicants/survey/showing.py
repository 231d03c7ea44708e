"""Which sections and questions are asked, given the answers: one walk from the first to the last."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from applicants.survey.questions import Question, Section
from applicants.survey.words import Answers


@dataclass(frozen=True)
class Shown:
    """What is asked now; a hidden question counts as not answered for everything after it."""

    sections: frozenset[str]
    questions: frozenset[tuple[str, str]]  # (question, item)

    def section(self, section: Section) -> bool:
        return section.key in self.sections

    def question(self, question: Question, item: str = "") -> bool:
        return (question.key, item) in self.questions


def walk(sections: Iterable[Section], answers: Answers, items_of: Callable[[Section], list[str]]) -> Shown:
    """Find what is asked. Answers of a repeatable section count only within their own entry."""
    shown_sections: set[str] = set()
    shown_questions: set[tuple[str, str]] = set()
    seen: dict[str, Any] = {}
    for section in sections:
        if not section.visible_if.holds(seen):
            continue
        shown_sections.add(section.key)
        for item in items_of(section):
            here = dict(seen) if section.repeatable else seen
            for question in section.questions:
                if question.visible_if.holds(here):
                    shown_questions.add((question.key, item))
                    here[question.key] = value_of(section, question, item, answers)
    return Shown(frozenset(shown_sections), frozenset(shown_questions))


def value_of(section: Section, question: Question, item: str, answers: Answers) -> Any:
    """What a condition sees of an answer: for parts the levels given, for files their names."""
    address = f"{section.key}.{item}.{question.key}" if item else question.key
    if question.parts != ("",):
        return [answers[f"{address}.{part}"] for part in question.parts if answers.get(f"{address}.{part}")]
    value = answers.get(address)
    if question.type == "file" and isinstance(value, list):
        return [str(entry.get("name", "")) if isinstance(entry, dict) else str(entry) for entry in value]
    return value
