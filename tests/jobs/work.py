"""Jobs that only tests know; a worker of the tests includes this module."""

import time

from django.db import transaction

from credpoints.jobs import actions
from credpoints.jobs.registry import job
from credpoints.numbers.actions import next_number
from credpoints.numbers.models import NumberSeries

gave_up: list[tuple[str, str]] = []


def note_failure(series: str, error: str) -> None:
    gave_up.append((series, error))


def count(series: str) -> int:
    """How often the effect has happened."""
    row = NumberSeries.objects.filter(key=series).first()
    return row.last if row else 0


@job("tests.effect", max_attempts=20, lease=2)
def effect(series: str, seconds: float = 0.0) -> None:
    """An effect that counts itself and may not happen twice; `seconds` of work come before it."""
    time.sleep(seconds)
    with transaction.atomic():
        next_number(series=series)
        actions.finish()


@job("tests.fails", max_attempts=3, on_failure=note_failure)
def fails(series: str) -> None:
    raise OSError("the printer is on fire")


@job("tests.slow", lease=30)
def slow(series: str) -> None:
    actions.progress(1, 4)
    with transaction.atomic():
        next_number(series=series)
