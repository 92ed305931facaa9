"""The rows of a sheet as markup: text exact, links noted, widths measured.

Role: the part of a workbook that holds values. openpyxl's own row writer is slower by an order of magnitude,
cuts long text silently and prints a refused value in its error; here text is checked first, and no message
holds a value. Clauses are those of ECMA-376 Part 1.
"""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from html import escape

from handover.formats.excel.book import Cell, Link, Look, Sheet, Value
from handover.formats.excel.fit import CELL, INDENT, MAX_HEIGHT, height_of, lines_needed, width_of
from handover.formats.excel.paper import fit
from handover.formats.excel.style import HEADLINES, NUMBERS, Styles
from handover.model.errors import HandoverError, column_letters
from handover.model.message import msg
from handover.model.secret import Secret

MAX_CHARACTERS = 32_767
MAX_ROWS = 1_048_576
MAX_LINKS = 65_530
"""Characters a cell, rows a sheet, links a sheet ("Excel specifications and limits"); with more links than
this, Excel calls the file damaged."""

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_EPOCH = dt.date(1899, 12, 30)
"""Day 0 of the 1900 date system, as it counts every date after February 1900 (18.17.4.1)."""

_STYLE = re.compile(r' s="([0-9]+)"')
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 (clause 2.2) has no way to write."""


_PADDING = 2 + INDENT
"""Digits beyond the text: the cell's own padding, its indent and the filter's arrow."""

_KEPT = ' xml:space="preserve"'
"""Readers drop white space at either end unless told."""
_DATE_LENGTH = 11
_TALL = HEADLINES | {Look.HEADER, Look.NUMBER_HEADER}
_BLANK = height_of(1, Look.TEXT)
_WIDEST = 1.2
"""Digits that a character of ordinary text takes at most, on average."""


def escaped(text: str) -> str:
    """Text as `ST_Xstring` writes it, as markup."""
    return escape(as_string(text), quote=False)


def as_string(text: str) -> str:
    """Text as `ST_Xstring` writes it (22.9.2.19): `_x0041_` would be read back as `A`."""
    return _LIKE_AN_ESCAPE.sub("_x005F_", text).replace("\r", "_x000D_")


def cell_fault(text: str) -> str:
    """Why a cell can't hold this text exactly, or an empty string; the answer never holds the text."""
    if bad := _UNWRITABLE.search(text):
        return msg("contains the character U+{bad:04X}, which no workbook can hold", bad=ord(bad[0]))
    # Excel counts UTF-16 code units; only text near the limit is worth the exact count.
    if len(text) * 2 > MAX_CHARACTERS and len(text.encode("utf-16-le")) // 2 > MAX_CHARACTERS:
        return msg("is longer than the {most:,} characters that a cell holds", most=MAX_CHARACTERS)
    return ""


class Strings:
    """The shared strings of a workbook (18.4.9), in the order of their first use."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {}

    def index(self, text: str) -> int:
        """The number of this text in the table. Raises ValueError, with the reason, if no cell can hold it."""
        if (found := self._index.get(text)) is not None:
            return found
        if fault := cell_fault(text):
            raise ValueError(fault)
        return self._index.setdefault(text, len(self._index))

    def part(self) -> bytes:
        """The shared strings' part."""
        pairs = ((_KEPT if text != text.strip() else "", text) for text in self._index)
        items = "".join(f"<si><t{kept}>{escaped(text)}</t></si>" for kept, text in pairs)
        return f'{XML}<sst xmlns="{SPREADSHEET}" uniqueCount="{len(self._index)}">{items}</sst>'.encode()


class Body:
    """The rows of one sheet: markup, links (cell, target), merged cells, widths in characters, where the table is."""

    def __init__(self, sheet: Sheet, styles: Styles, strings: Strings, paper: str) -> None:
        """Write all rows. Raises HandoverError naming sheet and cell where a value can't be held exactly."""
        self.links: list[tuple[str, str]] = []
        self.merged: list[str] = []
        self.notes: list[tuple[str, str]] = []
        """Place and text of each comment."""
        self.header = 0
        """Row of the header; 0 where there is none."""
        self.last = 0
        """Last row with content."""
        self._sheet = sheet
        self._rows: list[str] = []
        self._heights: list[float] = []
        self._asked: list[float] = [0] * len(sheet.columns)
        self._long: list[tuple[int, int, Look, str]] = []
        """Row, column, look and text of what may need more than one line."""
        self._headlines: list[tuple[int, Look, str]] = []
        self._style, self._from_top, self._wrapped = styles, styles.from_top, styles.wrapped
        self._strings = strings
        self._columns = [(column_letters(at), column.look) for at, column in enumerate(sheet.columns, start=1)]
        self._write(sheet)
        self.widths = [
            min(max(asked + _PADDING, column.least), column.most) if sheet.table else column.most
            for column, asked in zip(sheet.columns, self._asked, strict=True)
        ]
        self.shown = len(sheet.columns) - (len(sheet.columns) > 1 and sheet.columns[-1].look is Look.DIGEST)
        """How many columns are printed: digests, which nobody reads on paper, aren't where they come last."""
        self.printed = fit(self.widths[: self.shown], paper, lying=sheet.table)
        self._fit_heights()
        self._fit_headlines()

    def markup(self) -> bytes:
        """The element `sheetData` (18.3.1.80)."""
        rows = (
            # Without customHeight the height stays the program's to adapt when somebody edits the row.
            f'<row r="{number}" ht="{height:g}">{cells}</row>'
            for number, (height, cells) in enumerate(zip(self._heights, self._rows, strict=True), start=1)
        )
        return f"<sheetData>{''.join(rows)}</sheetData>".encode()

    def _write(self, sheet: Sheet) -> None:
        blanks = (None,) * (len(sheet.columns) - 1)
        for notice in sheet.notices:
            self._add((Cell(notice, Look.NOTICE), *blanks), measured=False)
        if self.last + 1 + len(sheet.rows) + sheet.spare_rows > MAX_ROWS:
            message = msg("{count:,} rows are more than a sheet holds ({most:,})", count=len(sheet.rows), most=MAX_ROWS)
            raise HandoverError.at(sheet.name, message)
        if sheet.table and (sheet.rows or sheet.spare_rows):
            self.header = self.last + 1
            looks = (Look.NUMBER_HEADER if column.look in NUMBERS else Look.HEADER for column in sheet.columns)
            self._add([Cell(column.header, look) for column, look in zip(sheet.columns, looks, strict=True)])
            notes = ((f"{column_letters(at)}{self.header}", c.note) for at, c in enumerate(sheet.columns, start=1))
            self.notes = [(place, note) for place, note in notes if note]
        for row in sheet.rows:
            self._add(row, measured=sheet.table)

    def _add(self, row: Sequence[Value], *, measured: bool = True) -> None:
        self.last += 1
        number, styles = self.last, self._style
        cells = []
        height = _BLANK
        for at, value in enumerate(row):
            letters, look = self._columns[at]
            if isinstance(value, Cell):
                look = value.look
                value = value.value
            place = f"{letters}{number}"
            if value is None:
                # A styled blank keeps the rule under the row; a page has no rules.
                cells.append(f'<c r="{place}" s="{styles[look]}"/>' if self.header else "")
            elif isinstance(value, int | Decimal):
                cells.append(f'<c r="{place}" s="{styles[look]}"><v>{Decimal(value):f}</v></c>')
                self._asked[at] = max(self._asked[at], len(f"{value:,}"))
            elif isinstance(value, dt.date):
                cells.append(f'<c r="{place}" s="{styles[look]}"><v>{serial(value)}</v></c>')
                self._asked[at] = max(self._asked[at], _DATE_LENGTH)
            else:
                if isinstance(value, Link) and len(self.links) < MAX_LINKS:
                    self.links.append((place, value.target))
                text = value.text if isinstance(value, Link) else value.reveal() if isinstance(value, Secret) else value
                cells.append(f'<c r="{place}" s="{styles[look]}" t="s"><v>{self._index(text, place)}</v></c>')
                self._measure(text, at, look, widening=measured)
                if look in _TALL:
                    height = max(height, height_of(1, look))
        self._rows.append("".join(cells))
        self._heights.append(height)

    def _index(self, text: str, place: str) -> int:
        try:
            return self._strings.index(text)
        except ValueError as fault:
            hint = msg("correct the value where it was entered")
            raise HandoverError(
                msg("{name}!{place}: {fault}", name=self._sheet.name, place=place, fault=fault), hint=hint
            ) from None

    def _measure(self, text: str, at: int, look: Look, *, widening: bool) -> None:
        several = "\n" in text
        # Counting is cheap, measuring is not: short texts are never measured.
        if not several and len(text) * _WIDEST <= self._sheet.columns[at].least - _PADDING:
            return
        if widening and self._asked[at] < self._sheet.columns[at].most:
            self._asked[at] = max(self._asked[at], *(width_of(line, look) for line in text.split("\n")))
        if look in HEADLINES:
            self._headlines.append((self.last, look, text))
        else:
            self._long.append((self.last, at, look, text))

    def _fit_heights(self) -> None:
        # Owners, licences and notes repeat on thousands of rows: each text is measured once for its column.
        known: dict[tuple[int, Look, str], float] = {}
        for number, at, look, text in self._long:
            key = (at, look, text)
            if (height := known.get(key)) is None:
                room = self.widths[at] - CELL - (INDENT if self._sheet.table else 0)
                height = known[key] = height_of(lines_needed(text, look, room), look)
            if height > self._heights[number - 1]:
                self._heights[number - 1] = height
                if height == MAX_HEIGHT:
                    # All of its text can't be shown: from the first line on, and not its middle.
                    self._rows[number - 1] = _STYLE.sub(
                        lambda style: f' s="{self._from_top.get(int(style[1]), style[1])}"', self._rows[number - 1]
                    )
        self._long.clear()

    def _fit_headlines(self) -> None:
        """Wrap what would run out of its page, which would be printed smaller for it, or be cut."""
        parted = bool(self.printed.breaks)
        room = (self.widths[0] if parted else sum(self.widths)) - CELL
        for number, look, text in self._headlines:
            # A table's sentences may run on beyond its columns, unless the page of the next columns cuts them.
            if width_of(text, look) <= room or (self._sheet.table and not parted):
                continue
            if not parted and len(self.widths) > 1:
                self.merged.append(f"A{number}:{column_letters(len(self.widths))}{number}")
            self._heights[number - 1] = height_of(lines_needed(text, look, room), look)
            row, style = self._rows[number - 1], f' s="{self._style[look]}"'
            self._rows[number - 1] = row.replace(style, f' s="{self._wrapped[look]}"', 1)


def serial(value: dt.date) -> int:
    """The number of a day in the 1900 date system (18.17.4.1)."""
    day = value.date() if isinstance(value, dt.datetime) else value
    return (day - _EPOCH).days
