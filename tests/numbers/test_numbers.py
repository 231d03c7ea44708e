"""Numbers without gaps, also when fifty people ask at once."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from credpoints.numbers.actions import next_number, write_number


@pytest.mark.django_db
def test_each_series_counts_for_itself() -> None:
    taken = [next_number(series="A"), next_number(series="A"), next_number(series="B")]

    assert taken == [1, 2, 1]


@pytest.mark.django_db
def test_a_rollback_gives_the_number_back() -> None:
    next_number(series="A")

    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        next_number(series="A")
        raise ZeroDivisionError

    assert next_number(series="A") == 2


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        next_number(series="A")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_fifty_threads_get_fifty_consecutive_numbers() -> None:
    def take(number: int) -> int | None:
        try:
            with transaction.atomic():
                taken = next_number(series="RACE")
                if number % 10 == 0:
                    raise ZeroDivisionError  # some give theirs back
            return taken
        except ZeroDivisionError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as threads:
        numbers = list(threads.map(take, range(1, 56)))

    assert sorted(n for n in numbers if n is not None) == list(range(1, 51))


def test_numbers_are_written_so_that_they_sort() -> None:
    assert write_number("CERT", 2028, 7) == "CERT-2028-000007"
