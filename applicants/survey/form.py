"""A whole form version: which places it has, which of them are asked now, and what is still missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import ngettext

from applicants.survey.complaints import complaint
from applicants.survey.conditions import BrokenForm
from applicants.survey.questions import Field, Problem, Section, label_of
from applicants.survey.reading import read_section
from applicants.survey.showing import Shown, walk
from applicants.survey.words import ITEM, KEY, Answers
from credpoints.common.translated import text_in


@dataclass(frozen=True)
class Survey:
    """A whole form version."""

    languages: tuple[str, ...]
    sections: tuple[Section, ...]

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> "Survey":
        """Read a document; raises BrokenForm with the place when it is not one."""
        try:
            sections = tuple(read_section(section) for section in document["sections"])
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

    def places_of(self, section: Section, answers: Answers) -> list[str]:
        """The items of a repeatable section, and one without a name for a plain one."""
        return self.items(section, answers) if section.repeatable else [""]

    def fields_of(self, section: Section, answers: Answers) -> list[Field]:
        """Every field of a section, visible or not, in order."""
        return [
            Field(section, question, item, part)
            for item in self.places_of(section, answers)
            for question in section.questions
            if question.is_asked
            for part in question.parts
        ]

    def fields(self, answers: Answers) -> Iterator[Field]:
        for section in self.sections:
            yield from self.fields_of(section, answers)

    def shown(self, answers: Answers) -> Shown:
        """What is asked, given the answers."""
        return walk(self.sections, answers, lambda section: self.places_of(section, answers))

    def shown_sections(self, answers: Answers) -> list[Section]:
        """The pages that are asked now, in order."""
        shown = self.shown(answers)
        return [section for section in self.sections if shown.section(section)]

    def visible_fields(self, answers: Answers, *, staff: bool = False) -> list[Field]:
        """The fields that are asked now; staff-only ones only when `staff`."""
        shown = self.shown(answers)
        return [
            place
            for place in self.fields(answers)
            if place.question.staff_only == staff and shown.question(place.question, place.item)
        ]

    def problems(self, answers: Answers, *, on: date) -> list[Problem]:
        """Everything that stands in the way of submitting, in the order of the survey."""
        shown = self.shown(answers)
        return [problem for section in self.sections for problem in self._problems(section, answers, shown, on)]

    def problems_of(self, section: Section, answers: Answers, *, on: date) -> list[Problem]:
        """What stands in the way in one section."""
        return self._problems(section, answers, self.shown(answers), on)

    def _problems(self, section: Section, answers: Answers, shown: Shown, on: date) -> list[Problem]:
        if not shown.section(section):
            return []
        found = self._too_many_items(section, answers)
        items = self.items(section, answers) if section.repeatable else []
        for place in self.fields_of(section, answers):
            if place.question.staff_only or not shown.question(place.question, place.item):
                continue
            message = complaint(place.question, answers.get(place.address), on=on)
            if message:
                # Of several entries a reader has to know which one.
                entry = f"{text_in(section.item_label)} {items.index(place.item) + 1}: " if len(items) > 1 else ""
                found.append(Problem(section.key, place.address, entry + label_of(place), message))
        return found

    def _too_many_items(self, section: Section, answers: Answers) -> list[Problem]:
        if not section.repeatable or len(self.items(section, answers)) <= section.max_items:
            return []
        message = ngettext("At most %(count)s entry is possible.", "At most %(count)s entries are possible.",
                           section.max_items) % {"count": section.max_items}  # fmt: skip
        return [Problem(section.key, section.key, text_in(section.title), message)]

    def submitted(self, answers: Answers) -> dict[str, Any]:
        """What is handed in: the visible answers and the order of items; hidden ones are kept but not submitted."""
        kept = {place.address: answers[place.address] for place in self.visible_fields(answers)
                if answers.get(place.address) not in (None, "", [])}  # fmt: skip
        for section in self.shown_sections(answers):
            if section.repeatable:
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
