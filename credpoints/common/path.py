"""Plain data about where somebody stands: what every room tells the home pages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.functional import Promise

Words = str | Promise
Status = Literal["done", "current", "to_come", "skipped"]


@dataclass(frozen=True)
class Station:
    """One station of the path for one person: its status, a sentence about it, and where it can be opened."""

    stage: str  # a value of organisations.Stage
    status: Status
    text: Words = ""
    at: datetime | None = None
    url: str = ""


@dataclass(frozen=True)
class NextStep:
    """What happens next, who acts, and by when; `button` is empty when the person only waits.

    `order` decides between several: the smallest is the one clear card, the others stand below it.
    """

    stage: str
    title: Words
    text: Words = ""
    button: Words = ""
    url: str = ""
    by_whom: Words = ""
    due: datetime | None = None
    order: int = 100


@dataclass(frozen=True)
class ToDo:
    """Something staff have to do, since when somebody has waited for it, and where to do it."""

    title: Words
    person: str
    url: str
    since: datetime
    text: Words = ""
