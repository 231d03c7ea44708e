"""What a row of the access table is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.people import PERSONAS, World

# Short names for what people get: 200 page, 302 sent on (or to sign-in), 403 refused, 404 as if it did not exist.
Codes = dict[str, int]


def codes(default: int, **exceptions: int) -> Codes:
    """One status per persona: the default, and the named exceptions."""
    unknown = set(exceptions) - set(PERSONAS)
    assert not unknown, f"unknown personas {unknown}"
    return {name: exceptions.get(name, default) for name in PERSONAS}


@dataclass(frozen=True)
class Row:
    """One address: its name, how to build its arguments in a fresh world, what each persona gets."""

    url: str  # "applicants:programme"
    expect: Codes
    args: Callable[[World], list[Any]] = field(default=lambda world: [])
    method: str = "get"
    data: Callable[[World], dict[str, Any]] = field(default=lambda world: {})
