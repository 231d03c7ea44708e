"""Tables and other files that staff take away."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

from credpoints.common.cells import safe_cell


def csv_file(rows: Iterable[Iterable[Any]], name: str) -> HttpResponse:
    """Rows as a CSV file that German spreadsheets open with the right letters and columns."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([[safe_cell(value) for value in row] for row in rows])
    # The mark tells spreadsheets that this is UTF-8.
    return download(("\ufeff" + text.getvalue()).encode(), "text/csv; charset=utf-8", name)


def download(content: bytes, media_type: str, name: str) -> HttpResponse:
    """A file that no browser or proxy keeps."""
    return HttpResponse(
        content,
        headers={
            "Content-Type": media_type,
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
