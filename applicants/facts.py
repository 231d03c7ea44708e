"""From answers to facts: what the form's mapping says each answer means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from applicants.eligibility import Degree, Facts
from applicants.grades import Conversion, NotConvertible, convert
from applicants.survey import SKILLS, Answers, Section, Shown, Survey, read_date, read_month, read_number

# What a question or section can be mapped to, offered by the designer.
PERSON = ("given_name", "family_name", "native_name", "residence", "birth_date", "phone")
DEGREE = ("country", "kind", "field", "institution", "title", "title_translated", "from", "to", "grade", "grade_best",
          "grade_pass", "documents", "recognition")  # fmt: skip
EXPERIENCE = ("kind", "title", "organisation", "country", "from", "to", "tasks", "hours")
LANGUAGE = ("language", "first_language", "levels", "evidence")
OTHER = ("motives", "goal", "weekly_hours", "constraints")
SECTIONS = {"degrees": DEGREE, "experiences": EXPERIENCE, "languages": LANGUAGE}


@dataclass(frozen=True)
class Mapped:
    """The answers by meaning: single ones by name, repeatable ones as a list per kind."""

    single: dict[str, Any]
    lists: dict[str, list[dict[str, Any]]]


def mapped(survey: Survey, answers: Answers) -> Mapped:
    """Sort visible answers by what they mean."""
    single: dict[str, Any] = {}
    lists: dict[str, list[dict[str, Any]]] = {}
    shown = survey.shown(answers)
    for section in survey.sections:
        if not shown.section(section):
            continue
        if section.repeatable and section.maps_to:
            rows = [_item(shown, section, item, answers) for item in survey.items(section, answers)]
            lists.setdefault(section.maps_to, []).extend(row for row in rows if row)
        elif not section.repeatable:
            single |= _item(shown, section, "", answers)
    return Mapped(single, lists)


def _item(shown: Shown, section: Section, item: str, answers: Answers) -> dict[str, Any]:
    row: dict[str, Any] = {}
    prefix = f"{section.key}.{item}." if item else ""
    for question in section.questions:
        if not question.maps_to or question.staff_only or not shown.question(question, item):
            continue
        if question.type == "cefr":
            levels = {skill: answers.get(f"{prefix}{question.key}.{skill}", "") for skill in SKILLS}
            row[question.maps_to] = {skill: level for skill, level in levels.items() if level}
        elif answers.get(prefix + question.key) not in (None, "", []):
            row[question.maps_to] = answers[prefix + question.key]
    return row


def facts_of(survey: Survey, answers: Answers, *, email: str) -> Facts:
    """What rules need to know."""
    found = mapped(survey, answers)
    languages: dict[str, Mapping[str, str]] = {}
    for row in found.lists.get("languages", []):
        native = row.get("first_language") == "yes"
        languages[row.get("language", "")] = dict.fromkeys(SKILLS, "native") if native else row.get("levels", {})
    return Facts(
        residence=found.single.get("residence", ""),
        degrees=tuple(
            Degree(row.get("country", ""), row.get("kind", ""), row.get("field", ""))
            for row in found.lists.get("degrees", [])
        ),
        languages=languages,
        email_domain=email.rpartition("@")[2],
        birth_date=_birth(found.single.get("birth_date", "")),
    )


def _birth(text: str) -> date | None:
    return read_date(text) if text else None


@dataclass(frozen=True)
class ConvertedGrade:
    """A degree's grade with its conversion, or the reason why there is none."""

    title: str
    original: str
    conversion: Conversion | None
    problem: str = ""


def converted_grades(rows: list[dict[str, Any]], *, rounding: str) -> list[ConvertedGrade]:
    """Convert the grade of every degree that states one."""
    return [convert_row(row, rounding=rounding) for row in rows if row.get("grade")]


def convert_row(row: Mapping[str, Any], *, rounding: str) -> ConvertedGrade:
    """Convert one degree's grade from the texts that were typed."""
    title = str(row.get("title_translated") or row.get("title") or "")
    numbers = [read_number(row.get(name, "")) for name in ("grade", "grade_best", "grade_pass")]
    grade, best, passing = numbers
    if grade is None or best is None or passing is None:
        return ConvertedGrade(title, str(row.get("grade", "")), None, "scale")
    try:
        return ConvertedGrade(title, str(row["grade"]), _convert(grade, best, passing, rounding))
    except NotConvertible as refusal:
        return ConvertedGrade(title, str(row["grade"]), None, refusal.code)


def _convert(grade: Decimal, best: Decimal, passing: Decimal, rounding: str) -> Conversion:
    return convert(grade=grade, best=best, passing=passing, rounding=rounding)


def years(row: Mapping[str, Any]) -> str:
    """From and to as people read it: 09/2005–07/2010."""
    return "–".join(_written(str(row.get(name, ""))) for name in ("from", "to") if row.get(name))


def _written(text: str) -> str:
    month = read_month(text)
    return f"{month[5:]}/{month[:4]}" if month and len(month) == 7 else (month or text)
