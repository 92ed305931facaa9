"""The workbook inside a chart: what Word opens at "Edit data".

Role: the chart's rows as a `Book` of one sheet, a heading row and columns, which `handover.formats.excel` writes.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from handover.formats.excel import Book, Column, Look, Sheet, write_workbook

SHEET = "Data"
Cell = str | Decimal | int | dt.date | None

_WIDTH = 22


def figure(value: Decimal | int) -> str:
    """A number as both the workbook and the chart's cache write it: plain digits, no exponent, no trailing zeros."""
    text = format(Decimal(value), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) if value else "0"


def workbook(rows: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet; the first row is its heading. None leaves a cell empty."""
    first = Look.DATE if any(isinstance(row[0], dt.date) for row in rows[1:]) else Look.TEXT
    looks = (first, *(Look.NUMBER for _ in rows[0][1:]))
    columns = tuple(Column(str(name), look, _WIDTH, _WIDTH) for name, look in zip(rows[0], looks, strict=True))
    # The format is the built-in one of month and year, in the language of whoever opens it.
    return write_workbook(Book((Sheet(SHEET, columns, rows[1:]),), date_format="mmm-yy", number_format="General"))
