"""Which answers a question can have, as far as conditions can tell them apart."""

from collections.abc import Callable, Iterable
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from applicants.fields import FIELD_CODES
from applicants.names import countries, languages
from applicants.survey.complaints import complaint
from applicants.survey.questions import Question
from applicants.survey.words import DEGREES, LEVELS, SKILLS
from credpoints.common.translated import text_in

Choices = list[tuple[str, str]]
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
    choices = choices_of(question)
    if choices is not None:
        return [value for value, _words in choices]
    return [value for value in named if not complaint(question, value, on=date.min)] + [SOMETHING_ELSE]


def impossible_values(question: Question, mentioned: Iterable[str]) -> list[str]:
    """What is mentioned and can be no answer: an option taken away, a number out of range."""
    named = list(mentioned)
    possible = set(possible_values(question, named))
    return [value for value in named if value not in possible]


def can_be_several(question: Question) -> int:
    """How many answers one can give at the same time, or 0 when it is always one."""
    return {"multi": len(question.options), "cefr": len(SKILLS), "file": question.max_files}.get(question.type, 0)


def choices_of(question: Question) -> Choices | None:
    """Everything there is to choose from, as value and words, or None when anything can be written."""
    if question.type in {"choice", "multi"}:
        return [(option.value, text_in(option.label)) for option in question.options]
    offers = _CHOICES.get(question.type)
    return [(value, str(words)) for value, words in offers()] if offers else None


_CHOICES: dict[str, Callable[[], Iterable[tuple[str, str | Promise]]]] = {
    "country": countries,
    "language": languages,
    "degree": DEGREES.items,
    "field": FIELD_CODES.items,
    "cefr": lambda: [(level, level) for level in LEVELS],
    "consent": lambda: [("yes", _("yes"))],
}
