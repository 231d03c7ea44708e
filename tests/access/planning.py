"""Access rows of the room planning."""

from tests.access.rows import Row

ROWS: list[Row] = []
