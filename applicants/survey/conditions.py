"""When something is asked: tests on the answers that stand before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from applicants.survey.words import OPERATORS


class BrokenForm(ValueError):
    """A form document that cannot be read; the text says where."""


@dataclass(frozen=True)
class Test:
    """One comparison of a condition."""

    question: str
    operator: str
    values: tuple[str, ...] = ()

    def holds(self, value: Any) -> bool:
        given = set(value) if isinstance(value, (list, tuple)) else {str(value)} if value not in (None, "") else set()
        if self.operator == "is_one_of":
            return bool(given & set(self.values))
        if self.operator == "is_none_of":
            return not given & set(self.values)
        return bool(given) == (self.operator == "is_filled")


@dataclass(frozen=True)
class Condition:
    """When something is asked: all or any of the tests hold. Without tests it always is."""

    tests: tuple[Test, ...] = ()
    match: str = "all"

    @classmethod
    def read(cls, document: Any, where: str) -> "Condition":
        if not document:
            return cls()
        if not isinstance(document, dict) or document.get("match", "all") not in {"all", "any"}:
            raise BrokenForm(f"{where}: a condition is {{match, tests}}")
        tests = []
        for test in document.get("tests", []):
            if test.get("operator") not in OPERATORS:
                raise BrokenForm(f"{where}: unknown operator {test.get('operator')!r}")
            tests.append(Test(str(test["question"]), test["operator"], tuple(map(str, test.get("values", [])))))
        return cls(tuple(tests), document.get("match", "all"))

    def holds(self, values: Mapping[str, Any]) -> bool:
        results = [test.holds(values.get(test.question)) for test in self.tests]
        return not results or (all(results) if self.match == "all" else any(results))
