"""Credentials from a table in text: its rows with their places, and whose export it is, by its header.

Role: reads a CSV once into rows, and the rows of a password manager's export into entries. Which of them come along is
`handover.importers.credentials.reading`'s, what a credential may be `handover.project.vault.rows`'s. No message
holds a value.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from handover.formats.sniff import markup_of
from handover.importers.credentials import recognise
from handover.importers.credentials.base import CsvFormat, ForeignEntry
from handover.importers.credentials.formats import FORMATS as CSV_FORMATS
from handover.model.characters import folded
from handover.model.errors import Finding, SourceLocation
from handover.model.message import later, msg
from handover.model.sources import shown
from handover.project.read.csv_table import delimiter_in, read_csv_rows
from handover.project.read.text import decode
from handover.project.vault.rows import Findings, PlacedCell, PlacedRow, Reading

MAX_CSV_BYTES = 16 * 1024 * 1024
MAX_CELLS = 200_000
"""Cells of a file of credentials: 20,000 of them with all columns."""

_LOOKED_AT = 40
_SITE = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?[^\s/]+\.[^\s]+|https?://\S+", re.IGNORECASE)
_MIXED = re.compile(r"(?=.*[^\W\d_])(?=.*(?:\d|[^\w\s-]))\S{6,}")
_TOTP = "otpauth://"
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
    if known is None and _is_unheaded(lines):
        known = next(one for one in CSV_FORMATS if one.unheaded)
        lines = tuple(_headed(lines, known))
    if known is not None:
        headed = lines[0]
        if folded(headed[max(headed)].text) in known.spills:
            lines = (headed, *(_gathered(row, max(headed)) for row in lines[1:]))
        for row in lines[1:]:
            reading.beside(row, headed)
    return Table(lines, known, tuple(reading.findings))


def _is_unheaded(lines: Sequence[PlacedRow]) -> bool:
    """Whether rows are folder, title, login, password and address, in most with all of these, and none is a header.

    A password shows by what no other column between a name and an address has: letters together with digits or signs.
    """
    looked = [{at: cell.text.strip() for at, cell in row.items()} for row in lines[:_LOOKED_AT]]
    whole = [row for row in looked if {2, 3, 4, 5} <= row.keys() and _MIXED.search(row[4])]
    return (
        bool(looked)
        and all(2 in row and _SITE.fullmatch(row.get(5, "a.b")) for row in looked)
        and any("://" in row[5] for row in whole)
        and len(whole) * 2 >= len(looked)
    )


def _headed(lines: Sequence[PlacedRow], known: CsvFormat) -> Iterator[PlacedRow]:
    """The rows below the header that the program leaves out; pairs of names and values behind as one cell of fields."""
    place, width = lines[0][min(lines[0])].location, len(known.unheaded)
    names = (*known.unheaded, known.fields, known.columns["totp_secret"][0])
    yield {at: PlacedCell(place, name) for at, name in enumerate(names, 1)}
    for row in lines:
        named = [(row[at].text, row[at + 1]) for at in range(width + 1, max(row), 2) if at in row and at + 1 in row]
        fields = "\n".join(f"{name}: {cell.text}" for name, cell in named if not cell.text.startswith(_TOTP))
        totp = [cell for _, cell in named if cell.text.startswith(_TOTP)]
        more = {width + 1: PlacedCell(named[0][1].location, fields)} if fields else {}
        kept = {at: cell for at, cell in row.items() if at <= width}
        yield {**kept, **more, **({width + 2: totp[0]} if totp else {})}


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
    names = {at: folded(cell.text) for at, cell in table.lines[0].items()}
    for row in table.lines[1:]:
        cells = {names[at]: cell for at, cell in row.items() if at in names}
        entry = known.take(
            {header: cell.text for header, cell in cells.items()},
            next(iter(row.values())).location,
            {header: cell.location for header, cell in cells.items()},
        )
        strange = [header for header in sorted(known.unknown(set(cells))) if cells[header].text.strip()]
        said = later("values of the column `{header}`, which isn't known of {title}")
        told = (msg(said, header=shown(header), title=known.title) for header in strange)
        yield replace(entry, left=(*entry.left, *told))


def _csv_grid(data: bytes, name: str, reading: Reading) -> Iterator[PlacedRow]:
    text = _text(data, name, reading)
    if max(map(text.count, ",;\t")) + text.count("\n") > MAX_CELLS:
        message = msg("has more than {most:,} cells", most=MAX_CELLS)
        reading.say(SourceLocation(name), "csv.too-large", message, msg("import it in parts"))
        return
    rows, findings = read_csv_rows(text, name, delimiter_in(text))
    reading.findings += _by_line(findings)
    for row in rows:
        cells = enumerate(row, 1)
        if placed := {at: PlacedCell(replace(cell.location, column=at), cell.text) for at, cell in cells if cell.text}:
            yield placed


def _by_line(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by line and cell: the character at which one stands tells how long the password before it is."""
    return [replace(one, location=replace(one.location, column=0)) for one in findings]


def _text(data: bytes, name: str, reading: Reading) -> str:
    """The file as text; empty after saying why it isn't any, or no table."""
    if len(data) > MAX_CSV_BYTES:
        message = msg("is larger than {most} MB", most=MAX_CSV_BYTES // 2**20)
        reading.say(SourceLocation(name), "csv.too-large", message, msg("import it in parts"))
        return ""
    text, findings = decode(data, name, secret=True)
    reading.findings += _by_line(findings)
    if page := _IN_A_PAGE.search(text):
        text = html.unescape(text[page.end() :].partition("</pre>")[0])
    if kind := markup_of(text):
        message = msg("is {kind}, not a table", kind=kind)
        reading.say(SourceLocation(name), "csv.kind", message, msg("export it as CSV"))
    return "" if reading.findings else text
