"""What a table of the workflow matrix is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.people import World


@dataclass(frozen=True)
class Table:
    """The expected truth about one workflow.

    `make` builds a thing in the world; the test puts it into every state in memory and asks for every persona.
    `steps` maps a step's name to (states it starts from, people who may take it); "system" is `by=None`.
    """

    workflow: str
    make: Callable[[World], Any]
    steps: dict[str, tuple[set[str], set[str]]]
