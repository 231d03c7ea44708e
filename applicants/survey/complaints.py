"""What is wrong with an answer, in plain words."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applicants.fields import FIELD_CODES
from applicants.survey.questions import Question
from applicants.survey.typed import count_words, read_date, read_month, read_number
from applicants.survey.words import DEGREES, LEVELS


def complaint(question: Question, value: Any, *, on: date) -> str:
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
