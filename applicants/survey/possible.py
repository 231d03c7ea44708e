"""Which answers a question can have, as far as conditions can tell them apart."""

from collections.abc import Iterable
from datetime import date

from applicants.fields import FIELD_CODES
from applicants.names import countries, languages
from applicants.survey.complaints import complaint
from applicants.survey.questions import Question
from applicants.survey.words import DEGREES, LEVELS, SKILLS

SOMETHING_ELSE = "\N{WHITE SQUARE}"  # stands for every text that no condition names


def possible_values(question: Question, mentioned: Iterable[str]) -> list[str]:
    """The answers besides none: all there are to choose from, or of free text what is mentioned and anything else."""
    named = dict.fromkeys(mentioned)
    if question.type == "info":
        return []
    if question.type == "multi":
        # Of the options that nobody names, one stands for all.
        options = [option.value for option in question.options]
        return [o for o in options if o in named] + [o for o in options if o not in named][:1]
    choices = _choices(question)
    if choices is not None:
        return choices
    return [value for value in named if not complaint(question, value, on=date.min)] + [SOMETHING_ELSE]


def can_be_several(question: Question) -> int:
    """How many answers one can give at the same time, or 0 when it is always one."""
    return {"multi": len(question.options), "cefr": len(SKILLS), "file": question.max_files}.get(question.type, 0)


def _choices(question: Question) -> list[str] | None:
    """Everything there is to choose from, or None when anything can be written."""
    if question.type == "choice":
        return [option.value for option in question.options]
    if question.type == "consent":
        return ["yes"]
    if question.type == "country":
        return [code for code, _name in countries()]
    if question.type == "language":
        return [code for code, _name in languages()]
    return {"degree": list(DEGREES), "field": list(FIELD_CODES), "cefr": list(LEVELS)}.get(question.type)
