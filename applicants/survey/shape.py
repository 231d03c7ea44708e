"""Is a document that comes from outside built like a survey? Read before anything is kept of it.

What the designer writes has this shape already; a file can hold anything.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from applicants.survey.conditions import BrokenForm

Document = Mapping[str, Any]
TEXTS = ("title", "text", "item_label", "label", "help")
LINES = ("key", "type", "maps_to", "minimum", "maximum", "required_after")
FLAGS = ("repeatable", "required", "personal", "staff_only")
LIMITS = {"min_items": (0, 20), "max_items": (1, 50), "max_files": (1, 10), "max_words": (1, 100_000)}


def check_shape(document: Any) -> None:
    """Raise BrokenForm, with the place, when something in it is not what a survey has there."""
    try:
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
        for part in _parts(document):
            _check_part(part)
    except (KeyError, TypeError, AttributeError) as error:
        raise BrokenForm(f"the form is not complete: {error}") from error
    except BrokenForm:
        raise
    except ValueError as error:  # half a character, or a number without end
        raise BrokenForm("it holds something that is neither text nor number") from error


def _parts(document: Document) -> Iterator[Document]:
    """The pages, questions and answers to choose from."""
    if not isinstance(document["languages"], list) or not all(isinstance(code, str) for code in document["languages"]):
        raise BrokenForm("languages: a list of codes")
    for section in document["sections"]:
        yield section
        for question in section["questions"]:
            yield question
            yield from question.get("options", [])


def _check_part(part: Document) -> None:
    where = str(part.get("key", part.get("value", "?")))
    _check_texts(part, where)
    for names, kind in ((LINES, str), (FLAGS, bool)):
        _check_kind(part, names, kind, where)
    _check_numbers(part, where)


def _check_texts(part: Document, where: str) -> None:
    for name in TEXTS:
        text = part.get(name) or {}
        if not isinstance(text, dict) or not all(isinstance(line, str) for line in text.values()):
            raise BrokenForm(f"{where}: {name} is a text for each language")


def _check_kind(part: Document, names: Iterable[str], kind: type, where: str) -> None:
    for name in names:
        if part.get(name) and not isinstance(part[name], kind):
            raise BrokenForm(f"{where}: {name} is no {kind.__name__}")


def _check_numbers(part: Document, where: str) -> None:
    for name, (low, high) in LIMITS.items():
        number = part.get(name)
        if number is not None and (type(number) is not int or not low <= number <= high):
            raise BrokenForm(f"{where}: {name} is a number from {low} to {high}")
