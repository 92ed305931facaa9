"""The workbook inside a chart: what Word opens at "Edit data".

Role: the chart's rows as one sheet, a heading row and columns, made by the one writer of workbooks
(`handover.formats.excel`). It knows no chart.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from handover.formats.excel import Book, Column, Look, Sheet, write_workbook
from handover.formats.excel import Cell as Dressed

SHEET = "Data"
Cell = str | Decimal | int | dt.date | None


def figure(value: Decimal | int) -> str:
    """A number as the chart's cache writes it: plain digits, no exponent, no trailing zeros."""
    text = format(Decimal(value), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) if value else "0"


def workbook(rows: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet; the first row is its heading. None leaves a cell empty.

    Raises HandoverError for a text that no cell can hold: none that a project may have.
    """
    heading, *body = rows
    columns = tuple(Column(str(name), Look.FIGURE) for name in heading)
    dressed = [[_dressed(value) for value in row] for row in body]
    return write_workbook(Book((Sheet(SHEET, columns, dressed),), date_format="mmm yyyy"))


def _dressed(value: Cell) -> Cell | Dressed:
    look = Look.DATE if isinstance(value, dt.date) else Look.TEXT if isinstance(value, str) else None
    return Dressed(value, look) if look else value
