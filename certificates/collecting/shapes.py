"""Whether plain data has the shape that is written down: every fault in words, with the place where it stands.

A shape is a function that says what is wrong with one value ("" when nothing is), a `Table` of named values, or a
`ListOf` things of one shape.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

MOST_LETTERS = 2000
MOST_ENTRIES = 200
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")

Rule = Callable[[Any], str]


@dataclass(frozen=True)
class Table:
    """Named values. What is not named is a fault, unless the table is `open` to what others have put in it."""

    fields: dict[str, "Shape"]
    needed: tuple[str, ...] = ()
    open: bool = False


@dataclass(frozen=True)
class ListOf:
    entry: "Shape"


Shape = Rule | Table | ListOf


def faults(value: Any, shape: Shape, place: str = "") -> Iterator[str]:
    """Everything that is wrong with a value."""
    if isinstance(shape, Table):
        yield from _faults_of_table(value, shape, place)
    elif isinstance(shape, ListOf):
        yield from _faults_of_list(value, shape, place)
    elif wrong := shape(value):
        yield f"{place}: {wrong}"


def _faults_of_table(value: Any, shape: Table, place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield _at(place, _("a table of names and values is expected"))
        return
    for name in shape.needed:
        if value.get(name) in (None, "", [], {}):
            yield _at(_inside(place, name), _("is missing"))
    for name, inner in value.items():
        if name in shape.fields:
            yield from faults(inner, shape.fields[name], _inside(place, name))
        elif not shape.open:
            yield _at(_inside(place, str(name)[:60]), _("this name is unknown"))


def _faults_of_list(value: Any, shape: ListOf, place: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield _at(place, _("a list is expected"))
    elif len(value) > MOST_ENTRIES:
        yield _at(place, _("at most %(most)s entries are read") % {"most": MOST_ENTRIES})
    else:
        for number, entry in enumerate(value, start=1):
            yield from faults(entry, shape.entry, f"{place} {number}".strip())


def _inside(place: str, name: str) -> str:
    return f"{place}, {name}" if place else name


def _at(place: str, wrong: str) -> str:
    return f"{place}: {wrong}" if place else wrong


def without_nothing(value: Any) -> Any:
    """The same without what is null, which means the same as left out."""
    if isinstance(value, dict):
        return {name: without_nothing(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [without_nothing(inner) for inner in value if inner is not None]
    return value


def text(value: Any) -> str:
    if not isinstance(value, str):
        return _("a text is expected")
    if len(value) > MOST_LETTERS:
        return _("a text of at most %(most)s letters is expected") % {"most": MOST_LETTERS}
    return ""


def language(value: Any) -> str:
    right = isinstance(value, str) and LANGUAGE.fullmatch(value)
    return "" if right else _("a language is expected, such as de or sr-latn")


def words(value: Any) -> str:
    """A text in one or more languages."""
    if not isinstance(value, dict) or not all(isinstance(one, str) and LANGUAGE.fullmatch(one) for one in value):
        return _('a table of languages and texts is expected, such as {"de": "…", "en": "…"}')
    return next((wrong for wrong in map(text, value.values()) if wrong), "")


def title(value: Any) -> str:
    """A text that must not be empty in every language."""
    wrong = words(value)
    return wrong or ("" if any(one.strip() for one in value.values()) else _("is missing"))


def amount(value: Any) -> str:
    """Credits or hours."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return _("a number is expected")
    if value == "":
        return ""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return _("“%(value)s” is no number; write 2.5 with a point") % {"value": str(value)[:40]}
    return "" if number.is_finite() and 0 <= number < 100_000 else _("a number from 0 to 99999 is expected")


def level(value: Any) -> str:
    right = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 8
    return "" if right else _("a whole number from 1 to 8 is expected")


def number(value: Any) -> str:
    right = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
    return "" if right else _("a whole number is expected")


def yes_or_no(value: Any) -> str:
    return "" if isinstance(value, bool) else _("yes or no is expected (true or false)")


def day(value: Any) -> str:
    if value == "":
        return ""
    try:
        right = isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        right = False
    return "" if right else _("a day such as 2028-06-20 is expected")


def country(value: Any) -> str:
    right = isinstance(value, str) and (value == "" or re.fullmatch(r"[A-Z]{2}", value))
    return "" if right else _("a country of two letters is expected, such as RS")


def one_of(known: Collection[str]) -> Rule:
    """A word of a list; the empty one leaves it open."""

    def check(value: Any) -> str:
        if isinstance(value, str) and (value == "" or value in known):
            return ""
        return _("“%(value)s” is unknown; known are %(known)s") % {"value": str(value)[:60], "known": ", ".join(known)}

    return check
