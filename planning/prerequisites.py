"""What a line asks for beforehand, and what fulfils it: another line in an earlier term, a passed module, or words.

Pure functions over plain data. A verdict is a warning and never a wall.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

SHORTEST = 4  # names of three letters stand in too many sentences


@dataclass(frozen=True)
class Wanting:
    """A line as prerequisites see it."""

    key: str
    title: str
    names: tuple[str, ...]  # title and code, in every language there is
    place: int | None  # of its term among the terms; None while it is in none
    needs: str  # what the catalogue says
    met_by: str  # what somebody wrote


@dataclass(frozen=True)
class Verdict:
    """How it stands with a prerequisite: fulfilled, only promised for too late, or open; and by what."""

    state: Literal["met", "late", "open"]
    by: str = ""


def verdicts(lines: Iterable[Wanting], passed: Iterable[str] = ()) -> dict[str, Verdict]:
    """The verdict of every line that has a prerequisite; `passed` are titles of modules that were passed before."""
    lines, passed = list(lines), list(passed)
    return {line.key: _verdict(line, lines, passed) for line in lines if line.needs or line.met_by}


def _verdict(line: Wanting, lines: list[Wanting], passed: list[str]) -> Verdict:
    """What the plan itself gives comes first, then what somebody wrote, then what was passed before."""
    named = _named_by(line, lines)
    earlier = [other for other in named if _before(other, line)]
    if earlier:
        return Verdict("met", line.met_by or earlier[0].title)
    if named:
        return Verdict("late", named[0].title)
    if line.met_by:
        return Verdict("met", line.met_by)
    known = [title for title in passed if _names((title,), line.needs)]
    return Verdict("met", known[0]) if known else Verdict("open")


def _named_by(line: Wanting, lines: list[Wanting]) -> list[Wanting]:
    """The other lines of the plan that a line speaks of; what somebody wrote counts more than the catalogue."""
    text = line.met_by or line.needs
    return [other for other in lines if other.key != line.key and _names(other.names, text)]


def _before(other: Wanting, line: Wanting) -> bool:
    """Whether the other line's term ends before this one's begins; a line in no term is before nothing."""
    return other.place is not None and line.place is not None and other.place < line.place


def _names(names: Iterable[str], text: str) -> bool:
    """Whether a text speaks of one of these names, as whole words."""
    text = text.casefold()
    return any(_stands_in(name.casefold(), text) for name in names if len(name) >= SHORTEST)


def _stands_in(name: str, text: str) -> bool:
    at = text.find(name)
    while at >= 0:
        around = text[max(at - 1, 0) : at] + text[at + len(name) : at + len(name) + 1]
        if not any(letter.isalnum() for letter in around):
            return True
        at = text.find(name, at + 1)
    return False
