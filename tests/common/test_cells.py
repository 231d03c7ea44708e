"""Cells of tables: what somebody has typed neither counts in a spreadsheet nor breaks one."""

import io
from datetime import date

import pytest
from openpyxl import Workbook

from credpoints.common.cells import safe_cell


@pytest.mark.parametrize("typed", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "\x01=1"])
def test_no_text_becomes_a_formula(typed: str) -> None:
    assert safe_cell(typed).startswith("'")


@pytest.mark.parametrize("value", ["Rana", "5 - 3", "", 5, None, date(2027, 7, 1)])
def test_everything_else_stays_what_it_is(value: object) -> None:
    assert safe_cell(value) == value


def test_every_character_fits_into_a_workbook() -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()

    sheet.append([safe_cell(f"Ra{chr(code)}na") for code in range(256)] + [safe_cell("Ra\ufffena")])

    book.save(io.BytesIO())
