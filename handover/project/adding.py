"""Rows added to a table where it is kept: below those of a CSV file, or of a workbook's sheet.

Role: pure functions from bytes to bytes that leave everything else as it was: headers in any language, order of
columns, separators, colours, other sheets. Which rows, and whether they may be added, their callers have judged.
"""

import csv
import datetime as dt
import io
from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from handover.formats.excel.edit import with_cells
from handover.languages.registry import Language
from handover.model.base import Model, Word
from handover.model.characters import folded
from handover.model.errors import InvalidInput, OutputError, Severity
from handover.model.life import LIFE_TABLES
from handover.model.message import msg
from handover.model.rows import TABLES
from handover.project.read.csv_table import delimiter_of, read_csv_records
from handover.project.read.table import known_headers
from handover.project.read.text import decode
from handover.project.read.xlsx_table import TableSheet
from handover.project.workbook import Row, cell_of, titled

_NONE: Final[Mapping[int, Row]] = MappingProxyType({})
_ALL: Final[Mapping[str, type[Model]]] = {**TABLES, **LIFE_TABLES}


def in_workbook(
    content: bytes,
    file: str,
    sheet: TableSheet,
    rows: Sequence[Row],
    languages: Sequence[Language],
    replaced: Mapping[int, Row] = _NONE,
) -> bytes:
    """The workbook with `rows` below those of a table's sheet, and the lines `replaced` with other values.

    A column that rows need and the sheet lacks is added. Raises OutputError where the sheet has no header row with the
    table's required columns, as a wide table of metrics.
    """
    header = sheet.rows[0] if sheet.rows else []
    known = known_headers(sheet.table, languages)
    columns = {known[folded(cell.text)]: cell.location.column for cell in header if folded(cell.text) in known}
    _refuse_lacking(sheet.table, columns, f"{file}:{sheet.sheet}")
    spoken = _spoken([cell.text for cell in header], sheet.table, languages)
    cells: dict[tuple[int, int], Any] = {}
    top, free = header[0].location.line, max(cell.location.column for cell in header) + 1
    placed = dict(enumerate(rows, start=sheet.rows[-1][0].location.line + 1))
    for line, row in {**replaced, **placed}.items():
        for column, value in row.items():
            if value is None:
                continue
            if column not in columns:
                columns[column], free = free, free + 1
                cells[top, columns[column]] = titled(spoken.header(sheet.table, column))
            cells[line, columns[column]] = cell_of(sheet.table, column, value, spoken)
    return with_cells(content, file, sheet.sheet, cells)


def in_csv(content: bytes, file: str, name: str, rows: Sequence[Row], languages: Sequence[Language]) -> bytes:
    """The file with `rows` at its end, in its own separator, headers, words and line ends; of no bytes a new table.

    What stands there stays as it is, to the byte where that is UTF-8.

    Raises OutputError where the header lacks a required column, or one that the rows need; InvalidInput for what isn't
    text.
    """
    new = languages[0].delimiter.join(languages[0].header(name, column) for column in _ALL[name].model_fields) + "\n"
    text, findings = decode(content, file) if content else (new, [])
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise InvalidInput(findings)  # what isn't text would be written back as something else
    end = "\r\n" if b"\r\n" in content else "\n"
    delimiter = delimiter_of(text, file, name, languages)
    records = [cells for cells, _ in read_csv_records(text, file, delimiter)]
    header = next((cells for cells in records if any(not cell.blank for cell in cells)), ())
    known = known_headers(name, languages)
    columns = [known.get(folded(cell.text), "") for cell in header]
    _refuse_lacking(name, columns, file, {column for row in rows for column, value in row.items() if value is not None})
    spoken = _spoken([cell.text for cell in header], name, languages)
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    mark = "," if delimiter == ";" else "."
    for row in rows:
        writer.writerow([_typed(row.get(column), spoken, mark) for column in columns])
    added = ("" if text.endswith("\n") or not text else "\n") + stream.getvalue()
    if content and _is_utf_8(content):
        return content + added.replace("\n", end).encode()
    # One in another encoding, or a new one, gets the mark that Excel needs.
    return BOM_UTF8 + (text + added).replace("\n", end).encode()


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _refuse_lacking(name: str, columns: Any, place: str, wanted: set[str] | None = None) -> None:
    needed = [column for column, field in _ALL[name].model_fields.items() if field.is_required()]
    if lacking := [column for column in dict.fromkeys([*needed, *sorted(wanted or ())]) if column not in columns]:
        said = msg("{place}: rows can't be added: it lacks {columns}", place=place, columns=", ".join(lacking))
        raise OutputError(said, hint=msg("give the table a header row with these columns, and a row for each value"))


def _spoken(header: Sequence[str], name: str, languages: Sequence[Language]) -> Language:
    """The language of most headers."""
    return max(languages, key=lambda one: sum(folded(text) in one.headers.get(name, {}) for text in header))


def _typed(value: Any, language: Language, mark: str) -> str:
    match value:
        case None:
            return ""
        case Word():
            return language.word(type(value), value)
        case Decimal():
            return f"{value:f}".replace(".", mark)
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)
