"""What anybody writes where a number is expected."""

import pytest

from credpoints.common.numbers import whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("007", 7), ("999999999", 999_999_999)])
def test_a_whole_number_is_read(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", "²", "٣", "-1", "1.5", " 1", "1e5", "NaN", "x", "9" * 10, "9" * 5000])
def test_anything_else_is_no_number(text: str) -> None:
    assert whole_number(text) is None
