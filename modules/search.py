"""The searchable text of a module version: what the search box of the catalogue looks through."""

from collections.abc import Iterable
from typing import Protocol


class Searchable(Protocol):
    """What the search reads of a module version."""

    title: dict[str, str]
    aim: dict[str, str]
    content: dict[str, str]
    outcomes: list[dict[str, object]]

    @property
    def module(self) -> "HasCode": ...


class HasCode(Protocol):
    """A module as far as the search needs it."""

    code: str


def folded(text: str) -> str:
    """Fold a text so that databases compare it alike: SQLite knows upper and lower case only in ASCII."""
    return " ".join(text.casefold().split())


def search_text_of(version: Searchable) -> str:
    """Everything people search a module by, folded: code, titles, aim, content, outcomes, in all languages."""
    parts: list[str] = [version.module.code]
    for field in (version.title, version.aim, version.content):
        parts += _texts(field)
    for outcome in version.outcomes:
        parts += _texts(outcome.get("text"))
    return folded(" \n ".join(parts))


def words_of(question: str) -> list[str]:
    """The words of a search, each of which has to be found; at most eight."""
    return folded(question).split()[:8]


def _texts(value: object) -> Iterable[str]:
    return [str(text) for text in value.values()] if isinstance(value, dict) else []
