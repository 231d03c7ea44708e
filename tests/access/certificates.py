"""Access rows of the room certificates."""

from tests.access.rows import Row

ROWS: list[Row] = []
