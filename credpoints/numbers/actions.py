"""Take the next number of a series."""

from django.db import transaction
from django.db.models import F

from credpoints.numbers.models import NumberSeries


def next_number(*, series: str) -> int:
    """Return the next number of this series: 1, 2, 3 … without gap, also under parallel use.

    Must run inside the transaction that stores the number: a rollback gives it back, and the row's lock makes
    everybody else wait, which is what keeps the series without gaps.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise RuntimeError("next_number needs the transaction that stores the number")
    if not NumberSeries.objects.filter(key=series).update(last=F("last") + 1):
        NumberSeries.objects.bulk_create([NumberSeries(key=series)], ignore_conflicts=True)
        NumberSeries.objects.filter(key=series).update(last=F("last") + 1)
    return NumberSeries.objects.get(key=series).last


def write_number(prefix: str, year: int, number: int, digits: int = 6) -> str:
    """Write a human number: APP-2027-000007."""
    return f"{prefix}-{year}-{number:0{digits}d}"
