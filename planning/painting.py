"""A painted week as half hours, each (weekday, half hour of the day): several days drawn at once."""

from collections.abc import Iterable

Cell = tuple[int, int]


def with_hours(cells: Iterable[Cell], days: Iterable[int], first: int, last: int) -> set[Cell]:
    """The week with the half hours from `first` up to and not including `last` painted on these days."""
    return {*cells, *_block(days, first, last)}


def without_hours(cells: Iterable[Cell], days: Iterable[int], first: int, last: int) -> set[Cell]:
    """The week with these half hours left free on these days."""
    return set(cells) - _block(days, first, last)


def with_copied_day(cells: Iterable[Cell], source: int, days: Iterable[int]) -> set[Cell]:
    """The week in which these days look exactly as another one does."""
    cells, days = set(cells), set(days)
    halves = {half for day, half in cells if day == source}
    return {cell for cell in cells if cell[0] not in days} | {(day, half) for day in days for half in halves}


def _block(days: Iterable[int], first: int, last: int) -> set[Cell]:
    return {(day, half) for day in days for half in range(first, last)}
