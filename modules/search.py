"""The searchable text of a module version: what the search box of the catalogue looks through."""

from collections.abc import Iterable
from typing import Protocol


class Searchable(Protocol):
    """What the search reads of a module version."""

    title: dict[str, str]
    aim: dict[str, str]
    content: dict[str, str]
    outcomes: list[dict[str, object]]
    tags: list[dict[str, object]]

    @property
    def module(self) -> "HasCode": ...


class HasCode(Protocol):
    """A module as far as the search needs it."""

    code: str


def folded(text: str) -> str:
    """Fold a text so that databases compare it alike: SQLite knows upper and lower case only in ASCII."""
    return " ".join(text.casefold().split())


def search_text_of(version: Searchable) -> str:
    """Everything people search a module by, folded: code, titles, aim, content, outcomes, tags, in all languages."""
    parts: list[str] = [version.module.code]
    for field in (version.title, version.aim, version.content):
        parts += _texts(field)
    for row in [*version.outcomes, *version.tags]:
        parts += _texts(row.get("text"))
    return folded(" \n ".join(parts))


class Tagged(Protocol):
    """What the filters read of a module version."""

    purposes: list[str]
    contexts: list[str]
    tags: list[dict[str, object]]


def tag_of(kind: str, word: str) -> str:
    """One entry of the key that filters look for: the word folded, so that it is found however it is written."""
    return f"{kind}:{folded(word).replace('|', ' ')}"


def tag_key_of(version: Tagged) -> str:
    """What a version is tagged with, its words in all their languages, for the filters of the catalogue."""
    found = [tag_of("purpose", word) for word in version.purposes]
    found += [tag_of("context", word) for word in version.contexts]
    found += [tag_of(str(row.get("kind")), word) for row in version.tags for word in _texts(row.get("text"))]
    return f"|{'|'.join(dict.fromkeys(found))}|" if found else ""


def words_of(question: str) -> list[str]:
    """The words of a search, each of which has to be found; at most eight."""
    return folded(question).split()[:8]


def _texts(value: object) -> Iterable[str]:
    return [str(text) for text in value.values()] if isinstance(value, dict) else []
