"""Which sections and questions can come up at all, over every combination of answers that makes a difference.

Each page and question is a stop on one line. To know whether a stop can be reached, only the stops that its condition
names matter, and those that their conditions name in turn. These are walked from the first to the last with the set of
all situations that answers can bring about; answers that no later condition tells apart are one, and what no later
condition looks at is forgotten. So the sets stay small, and where they would not, the answer is “too many”.

What is called unreachable, no answers bring up; the rest some answers do. Whether an answer is required plays no
part: while somebody fills a survey in, everything can still be empty.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

from applicants.survey.conditions import Condition, Test
from applicants.survey.form import Survey
from applicants.survey.possible import can_be_several, possible_values
from applicants.survey.questions import Question, Section

MOST_SITUATIONS = 5_000
MOST_CHOICES = 2_000  # combinations of the answers to one question
Value = Any  # None, a text, or a tuple of texts
Situation = frozenset[tuple[str, Value]]


class TooMany(Exception):
    """More combinations than can be tried while somebody waits."""


@dataclass(frozen=True)
class Stop:
    """A page or a question, and what it looks back at."""

    section: Section
    question: Question | None
    before: tuple["Stop", ...]  # everything whose answer it can see, in order

    @property
    def key(self) -> str:
        return self.question.key if self.question else self.section.key

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """A question comes up when its page does and its own condition holds."""
        if self.question is None:
            return (self.section.visible_if,)
        return (Condition((Test(self.section.key, "is_filled"),)), self.question.visible_if)

    @cached_property
    def tests(self) -> tuple[Test, ...]:
        """The tests that look at something; the others see an empty answer."""
        known = {stop.key for stop in self.before}
        return tuple(test for condition in self.conditions for test in condition.tests if test.question in known)

    def comes_up(self, situation: Situation) -> bool:
        values = dict(situation)
        return all(condition.holds(values) for condition in self.conditions)


def stops_of(survey: Survey) -> list[Stop]:
    """All pages and questions in order; answers of a repeatable page are seen only within it."""
    found: list[Stop] = []
    plain: tuple[Stop, ...] = ()
    for section in survey.sections:
        page = Stop(section, None, plain)
        here = (*plain, page)
        found.append(page)
        for question in section.questions:
            stop = Stop(section, question, here)
            here = (*here, stop)
            found.append(stop)
        plain = plain if section.repeatable else here
    return found


def can_be_reached(goal: Stop) -> bool:
    """Do any answers bring this stop up? Raises TooMany when there are too many to try."""
    way = [*_way_to(goal), goal]
    situations: set[Situation] = {frozenset()}
    for place, stop in enumerate(way[:-1]):
        tests = [test for later in way[place + 1 :] for test in later.tests]
        looked_at = {test.question for test in tests}
        values = _telling_values(stop, [test for test in tests if test.question == stop.key])
        situations = _go_on(situations, stop, values, looked_at)
    return any(goal.comes_up(situation) for situation in situations)


def _way_to(goal: Stop) -> list[Stop]:
    """The stops before the goal whose answers decide whether it comes up, in order."""
    needed = {test.question for test in goal.tests}
    way: list[Stop] = []
    for stop in reversed(goal.before):
        if stop.key in needed:
            needed |= {test.question for test in stop.tests}
            way.append(stop)
    return way[::-1]


def _go_on(situations: set[Situation], stop: Stop, values: list[Value], looked_at: set[str]) -> set[Situation]:
    """All situations behind a stop: each of its answers where it comes up, none where it does not."""
    behind: set[Situation] = set()
    for situation in situations:
        kept = frozenset(pair for pair in situation if pair[0] in looked_at)
        behind |= {kept | {(stop.key, value)} for value in (values if stop.comes_up(situation) else [None])}
        if len(behind) > MOST_SITUATIONS:
            raise TooMany
    return behind


def _telling_values(stop: Stop, tests: list[Test]) -> list[Value]:
    """One answer for each outcome that the tests can have."""
    if stop.question is None:
        return ["shown"]
    mentioned = [value for test in tests for value in test.values]
    values: Iterable[Value] = [None, *possible_values(stop.question, mentioned)]
    if most := can_be_several(stop.question):
        values = _combinations([value for value in values if value], most)
    return list({tuple(test.holds(value) for test in tests): value for value in values}.values())


def _combinations(values: list[str], most: int) -> list[tuple[str, ...]]:
    """Every choice of at most so many; the order plays no part."""
    found: list[tuple[str, ...]] = []
    for size in range(min(len(values), most) + 1):
        for choice in combinations(values, size):
            found.append(choice)
            if len(found) > MOST_CHOICES:
                raise TooMany
    return found
