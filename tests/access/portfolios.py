"""Access rows of the room portfolios."""

from tests.access.rows import Row

ROWS: list[Row] = []
