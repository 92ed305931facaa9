"""What a workbook is made of: sheets of columns and rows, and a look for each cell.

Role: the plain values that a document builds and `write_workbook` writes. No markup here, no openpyxl, and no
meaning: that a column holds passwords is the document's business, which asks for `Look.MONO`.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from handover.model.secret import Secret


class Look(StrEnum):
    """How a cell is set. `TEXT`, `MONO`, `DIGEST` and `LINK` hold text exactly and are never run as formulas."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    LABEL = "label"
    BODY = "body"
    PAGE_LINK = "page-link"
    NOTICE = "notice"
    HEADER = "header"
    NUMBER_HEADER = "number-header"
    TEXT = "text"
    MONO = "mono"
    """Monospaced, in a face that tells 0 from O and 1 from l and I."""
    DIGEST = "digest"
    LINK = "link"
    DATE = "date"
    NUMBER = "number"
    AMOUNT = "amount"
    FIGURE = "figure"
    """A number with as many decimals as it has."""


class Link(NamedTuple):
    """A cell that leads somewhere: `target` is a relative URI, or `#'Sheet'!A1` inside the workbook."""

    text: str
    target: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with a look of its own, where the column's doesn't fit."""

    value: "str | Secret | int | Decimal | dt.date | Link | None" = field(repr=False)
    look: Look


Value = str | Secret | int | Decimal | dt.date | Link | Cell | None


class Column(NamedTuple):
    """One column: its header, the look of its cells, its width in characters, and the words it may hold."""

    header: str
    look: Look = Look.TEXT
    least: float = 8
    most: float = 40
    choices: tuple[str, ...] = ()
    """Offered as a list in each cell: words of ours, without commas or quotation marks, 255 characters in all."""
    note: str = ""
    """A comment at the header."""
    needed: bool = False
    """Whether its empty cells are red in every row that holds anything."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: a table with a frozen, filtered header row, or (`table=False`) a page of rows as they come."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]] = field(repr=False)
    notices: tuple[str, ...] = ()
    """Sentences above everything else: that it is a draft, or why there is nothing to list."""
    table: bool = True
    spare_rows: int = 0
    """Empty rows below, set up to be typed in; with them a table without rows still has its header."""


class Book(NamedTuple):
    """A workbook: its sheets, and what is the same on all of them."""

    sheets: tuple[Sheet, ...]
    colour: str = "#1F4E79"
    paper: str = "A4"
    """`A4` or `Letter`."""
    date_format: str = "yyyy-mm-dd"
    """Number formats are Excel's format codes (ECMA-376 Part 1, 18.8.31)."""
    number_format: str = "#,##0"
    amount_format: str = "#,##0.00"
    footer: tuple[str, str, str] = ("", "", "")
    """Left, centre and right of the printed foot; `{page}` and `{pages}` in the last become the numbers."""
