"""Names of jobs and the functions behind them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Function = Callable[..., None]


@dataclass(frozen=True)
class Kind:
    """How one kind of job runs: how often it is tried and how long a worker may be silent (seconds)."""

    name: str
    function: Function
    max_attempts: int
    lease: int
    on_failure: Callable[..., None] | None


_kinds: dict[str, Kind] = {}


def job(
    name: str, *, max_attempts: int = 5, lease: int = 30, on_failure: Callable[..., None] | None = None
) -> Callable[[Function], Function]:
    """Register a function as the job of this name, in an app's `tasks.py`.

    The function takes identifiers only and may safely run twice. `lease` is the number of seconds after which a silent
    worker counts as dead (`jobs.progress` renews it), which is no failed attempt; `on_failure` is called with the same
    arguments and `error` when the last attempt has failed.
    """

    def register(function: Function) -> Function:
        _kinds[name] = Kind(name, function, max_attempts, lease, on_failure)
        return function

    return register


def kind(name: str) -> Kind:
    """Return the kind of this name; an unknown name is a programming error."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"no job is registered as {name!r}; is it in the app's tasks.py?") from None


def kind_or_unknown(name: str) -> Kind:
    """Return the kind of a row that lies in the table; one that this version no longer knows fails like any other."""

    def unknown(**_arguments: Any) -> None:
        kind(name)

    return _kinds.get(name) or Kind(name, unknown, max_attempts=1, lease=30, on_failure=None)


def names() -> list[str]:
    return sorted(_kinds)


def arguments_of(job_row: Any) -> dict[str, Any]:
    return dict(job_row.arguments)
