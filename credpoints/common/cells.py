"""Cells of tables that people open in a spreadsheet."""

import re
from typing import Any

# Characters that no workbook can hold; one in a name would break the table of everybody.
_IMPOSSIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: Any) -> Any:
    """A text that a spreadsheet would read as a formula gets an apostrophe; everything else stays what it is."""
    if not isinstance(value, str):
        return value
    text = _IMPOSSIBLE.sub("", value)
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text
