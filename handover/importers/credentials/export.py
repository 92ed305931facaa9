"""Credentials from a CSV: our own columns, or a password manager's export.

Role: reads the file into rows with places, turns an export that `handover.importers.credentials` recognises into our
columns, and counts what isn't taken. What a credential may be is `handover.project.vault.workbook`'s. No message holds
a value.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from handover.formats.sniff import kind_of, markup_of
from handover.importers.credentials import CsvFormat, NotTaken, fold, host, recognise
from handover.model.errors import SourceLocation
from handover.model.rows import CredentialRow
from handover.model.sources import shown
from handover.project.read.csv_table import said_delimiter
from handover.project.read.text import how_to_save, not_text
from handover.project.vault.workbook import COLUMNS, Findings, PlacedCell, PlacedRow, Reading, spoken

MAX_CSV_BYTES = 16 * 1024 * 1024
MAX_CELLS = 200_000
"""Cells of a file of credentials: 20,000 of them with all columns."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_ESCAPED = (
    "this password holds `&amp;`, `&lt;` or `&gt;`, as some exports write `&`, `<` and `>`",
    "compare it with the original, and correct it in the vault where it differs",
)


class Imported(NamedTuple):
    """Credentials from a CSV, everything wrong in it, and whose export it is (empty for our own columns)."""

    rows: tuple[CredentialRow, ...]
    findings: Findings
    title: str = ""


def import_csv(data: bytes, name: str) -> Imported:
    """Credentials from a CSV with our columns, in English or French, or from a password manager's own.

    UTF-8 with or without BOM, or UTF-16; comma, semicolon or tab; line breaks inside a cell are kept as one line feed.
    `name` is what locations call the file. With any error the rows are incomplete: import none of them.
    """
    reading = Reading(name)
    rows = _csv_grid(data, name, reading)
    header = next(rows, None)
    known = recognise([cell.text for cell in header.values()]) if header else None
    if header is not None:
        rows = _translated(known, header, rows, reading) if known else chain([header], rows)
    credentials = tuple(reading.credentials(rows))
    return Imported(credentials, tuple(sorted(reading.findings)), known.title if known else "")


def _translated(
    known: CsvFormat, header: PlacedRow, rows: Iterator[PlacedRow], reading: Reading
) -> Iterator[PlacedRow]:
    """The rows of a password manager's export in our columns; what isn't taken is counted and told."""
    names = {at: fold(cell.text) for at, cell in header.items()}
    place = next(iter(header.values())).location
    yield {at: PlacedCell(place, spoken(column)) for at, column in enumerate(COLUMNS, 1)}
    left: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    seen: dict[tuple[str, str], Mapping[str, str]] = {}
    for row in rows:
        reading.beside(row, names)
        cells = {names[at]: cell for at, cell in row.items() if at in names}
        unknown.update(name for name in known.unknown(set(cells)) if cells[name].text.strip())
        taken = known.take({name: cell.text for name, cell in cells.items()})
        if isinstance(taken, NotTaken):
            left[taken.what] += 1
            continue
        if known.escapes and _ENTITY.search(taken.values.get("password", "")):
            reading.warn(next(iter(row.values())).location, "vault.escaped", *_ESCAPED)
        values = _told_apart(taken.values, seen)
        if values is None:
            left["entries that are there twice"] += 1
            continue
        first = next(iter(row.values())).location
        at = {column: cells[source].location for column, source in taken.origin.items()}
        yield {
            number: PlacedCell(at.get(column, first), values[column].replace("\r\n", "\n").replace("\r", "\n"))
            for number, column in enumerate(COLUMNS, 1)
            if column in values
        }
    by_hand = "add by hand what the client needs of them"
    for what, count in left.items():
        reading.warn(
            place, "vault.not-taken", f"not taken: {count} {what}", "add by hand what the client needs of them"
        )
    for column, count in unknown.items():
        message = f"the column `{shown(column)}` isn't known of {known.title}: its {count} values aren't taken"
        reading.warn(place, "vault.not-taken", message, by_hand)


def _told_apart(values: Mapping[str, str], seen: dict[tuple[str, str], Mapping[str, str]]) -> Mapping[str, str] | None:
    """The values under a service name that no other row with this user name has; None where all is the same."""
    service, user = values["service"], values.get("user_name", "")
    named = (service, f"{service} ({host(values.get('url', ''))})", *(f"{service} ({n})" for n in range(2, 10_000)))
    for name in named:
        earlier = seen.setdefault((name, user), values)
        if earlier is values:
            return {**values, "service": name}
        if earlier == values:
            return None
    return None


def _csv_grid(data: bytes, name: str, reading: Reading) -> Iterator[PlacedRow]:
    text = _text(data, name, reading)
    if text is None:
        return
    if max(map(text.count, ",;\t")) + text.count("\n") > MAX_CELLS:
        reading.say(SourceLocation(name), "csv.too-large", f"has more than {MAX_CELLS:,} cells", "import it in parts")
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
        fault = "has a quotation mark that isn't closed or doubled, or a cell that is too long"
        reading.say(SourceLocation(name, start), "csv.malformed", fault, 'write a quotation mark in a cell as ""')


def _text(data: bytes, name: str, reading: Reading) -> str | None:
    """The file as text; None after saying why it isn't any, or no table."""
    whole = SourceLocation(name)
    if len(data) > MAX_CSV_BYTES:
        reading.say(whole, "csv.too-large", f"is larger than {MAX_CSV_BYTES // 2**20} MB", "import it in parts")
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
        what = "isn't valid UTF-16" if wide else "isn't UTF-8 text"
        reading.say(SourceLocation(name, line), "csv.not-utf8", what, how_to_save(name))
        return None
    if kind := markup_of(text):
        reading.say(whole, "csv.not-a-table", f"is {kind}, not a table", "export it as CSV")
        return None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        reading.say(SourceLocation(name, line), "csv.nul", "contains the character U+0000")
        return None
    return text
