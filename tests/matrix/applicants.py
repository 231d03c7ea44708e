"""Who may take which step of the room applicants, written down by hand and compared with the tables."""

from tests.matrix.tables import Table

TABLES: list[Table] = []
