"""Credentials from a table in text: its rows with their places, and whose export it is, by its header.

Role: reads a CSV once into rows, and the rows of a password manager's export into entries. Which of them come along is
`handover.importers.credentials.reading`'s, what a credential may be `handover.project.vault.workbook`'s. No message
holds a value.
"""

import csv
import html
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from handover.formats.sniff import kind_of, markup_of
from handover.importers.credentials import CsvFormat, ForeignEntry, fold, recognise
from handover.model.errors import SourceLocation
from handover.model.message import msg
from handover.model.sources import shown
from handover.project.read.csv_table import said_delimiter
from handover.project.read.text import how_to_save, not_text
from handover.project.vault.workbook import Findings, PlacedCell, PlacedRow, Reading

MAX_CSV_BYTES = 16 * 1024 * 1024
MAX_CELLS = 200_000
"""Cells of a file of credentials: 20,000 of them with all columns."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_IN_A_PAGE = re.compile(r"<pre[^<>]{0,200}>\s{0,200}(?=url,username,password,)", re.IGNORECASE)
"""LastPass shows its export as a page, which people save as it is."""


class Table(NamedTuple):
    """The rows of a CSV that aren't blank, its header first, and what is wrong with it as a table."""

    lines: tuple[PlacedRow, ...]
    known: CsvFormat | None
    findings: Findings


def read_csv(data: bytes, name: str) -> Table:
    """A CSV with the vault's columns, in any language, or with a password manager's.

    UTF-8 with or without BOM, or UTF-16; comma, semicolon or tab; line breaks inside a cell are kept as one line feed.
    `name` is what locations call the file.
    """
    reading = Reading(name)
    lines = tuple(_csv_grid(data, name, reading))
    known = recognise([cell.text for cell in lines[0].values()]) if lines else None
    if known is not None:
        headed = lines[0]
        if fold(headed[max(headed)].text) in known.spills:
            lines = (headed, *(_gathered(row, max(headed)) for row in lines[1:]))
        for row in lines[1:]:
            reading.beside(row, headed)
    return Table(lines, known, tuple(reading.findings))


def _gathered(row: PlacedRow, last: int) -> PlacedRow:
    """The row with what stands beyond the last column in that column, a line each."""
    within = {at: cell for at, cell in row.items() if at < last}
    beyond = [cell for at, cell in row.items() if at >= last]
    if not beyond:
        return row
    return {**within, last: replace(beyond[0], text="\n".join(cell.text for cell in beyond))}


def entries_of(table: Table) -> Iterator[ForeignEntry]:
    """The rows of a password manager's export. What stands under a header that isn't known of it counts as left."""
    known = table.known
    if known is None:
        return
    names = {at: fold(cell.text) for at, cell in table.lines[0].items()}
    for row in table.lines[1:]:
        cells = {names[at]: cell for at, cell in row.items() if at in names}
        entry = known.take(
            {header: cell.text for header, cell in cells.items()},
            next(iter(row.values())).location,
            {header: cell.location for header, cell in cells.items()},
        )
        strange = [header for header in sorted(known.unknown(set(cells))) if cells[header].text.strip()]
        told = (
            msg(
                "values of the column `{header}`, which isn't known of {title}", header=shown(header), title=known.title
            )
            for header in strange
        )
        yield replace(entry, left=(*entry.left, *told))


def _csv_grid(data: bytes, name: str, reading: Reading) -> Iterator[PlacedRow]:
    text = _text(data, name, reading)
    if text is None:
        return
    if max(map(text.count, ",;\t")) + text.count("\n") > MAX_CELLS:
        reading.say(
            SourceLocation(name),
            "csv.too-large",
            msg("has more than {most:,} cells", most=MAX_CELLS),
            msg("import it in parts"),
        )
        return
    said = said_delimiter(text)
    text = text.partition("\n")[2] if said else text
    above = 1 if said else 0
    delimiter = said or max(",;\t", key=text.partition("\n")[0].count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = above + 1
    try:
        for values in lines:
            cells = (value.replace("\r\n", "\n").replace("\r", "\n") for value in values)
            row = {at: PlacedCell(SourceLocation(name, start, at), cell) for at, cell in enumerate(cells, 1) if cell}
            start = above + lines.line_num + 1
            if row:
                yield row
    except csv.Error:
        fault = msg("has a quotation mark that isn't closed or doubled, or a cell that is too long")
        reading.say(SourceLocation(name, start), "csv.malformed", fault, msg('write a quotation mark in a cell as ""'))


def _text(data: bytes, name: str, reading: Reading) -> str | None:
    """The file as text; None after saying why it isn't any, or no table."""
    whole = SourceLocation(name)
    if len(data) > MAX_CSV_BYTES:
        reading.say(
            whole,
            "csv.too-large",
            msg("is larger than {most} MB", most=MAX_CSV_BYTES // 2**20),
            msg("import it in parts"),
        )
        return None
    wide = data.startswith(_UTF16)
    if kind := kind_of(data) if not wide else "":
        found = not_text(name, kind)
        reading.say(whole, "csv.not-utf8", found.message, found.hint)
        return None
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = 0 if wide else data.count(b"\n", 0, error.start) + 1
        # From None, and not chained: the error holds the whole file. Nothing is guessed: a password would be wrong.
        what = msg("isn't valid UTF-16") if wide else msg("isn't UTF-8 text")
        reading.say(SourceLocation(name, line), "csv.not-utf8", what, how_to_save(name))
        return None
    if page := _IN_A_PAGE.search(text):
        text = html.unescape(text[page.end() :].partition("</pre>")[0])
    if kind := markup_of(text):
        reading.say(whole, "csv.not-a-table", msg("is {kind}, not a table", kind=kind), msg("export it as CSV"))
        return None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        reading.say(SourceLocation(name, line), "csv.nul", msg("contains the character U+0000"))
        return None
    return text
