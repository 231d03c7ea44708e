"""From a document (JSON) to a form, and in words what is wrong with a document that is none."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from applicants.survey.conditions import BrokenForm, Condition
from applicants.survey.questions import Option, Question, Section
from applicants.survey.words import QUESTION_TYPES


def read_section(document: Mapping[str, Any]) -> Section:
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
