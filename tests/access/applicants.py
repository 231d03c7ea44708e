"""Access rows of the room applicants."""

from tests.access.rows import Row

ROWS: list[Row] = []
