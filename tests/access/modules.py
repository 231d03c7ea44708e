"""Access rows of the room modules."""

from tests.access.rows import Row

ROWS: list[Row] = []
