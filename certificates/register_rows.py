"""The register as rows for a spreadsheet: what the list shows, and the numbers whose content was erased."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from certificates.days import day_at
from certificates.models import Certificate, NumberRegister
from credpoints.common.cells import safe_cell

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = list[Any]


def rows(certificates: Iterable[Certificate], erased: Iterable[NumberRegister]) -> Iterator[Row]:
    """A row of headings, then one for each certificate, then one for each number that alone remains."""
    yield [
        _("Number"), _("Holder"), _("Title"), _("Kind"), _("State"), _("Issued on"), _("Valid until"), _("Ended on"),
        "SHA-256 (PDF)", "SHA-256 (Open Badge)",
    ]  # fmt: skip
    for one in certificates:
        yield [
            one.number or "", one.holder_name, one.title, one.get_kind_display(), one.get_state_display(),
            one.issued_on, one.valid_until, one.ended_at and day_at(one.programme, one.ended_at),
            one.pdf_sha256, one.credential_sha256,
        ]  # fmt: skip
    for entry in erased:
        gone = _("content erased")
        yield [
            entry.number, gone, gone, "", entry.get_status_display(),
            entry.issued_on, None, entry.ended_at and timezone.localtime(entry.ended_at).date(),
            entry.pdf_sha256, entry.credential_sha256,
        ]  # fmt: skip


def as_csv(table: Iterable[Row]) -> bytes:
    """For spreadsheets that read text: semicolons, and a mark that says UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerows([_written(cell) for cell in row] for row in table)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_spreadsheet(table: Iterable[Row]) -> bytes:
    """A workbook with real dates."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Certificates"))
    for row in table:
        sheet.append([safe_cell(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# By the ending of the address.
FORMATS = {"csv": ("text/csv; charset=utf-8", as_csv), "xlsx": (SPREADSHEET, as_spreadsheet)}


def _written(cell: Any) -> str:
    return str(safe_cell("" if cell is None else str(cell)))
