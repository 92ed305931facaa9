"""A workbook → raw rows whose cells know their sheet and address (ECMA-376 Part 1, 18).

Role: lets a table of `data/` be `.xlsx` instead of `.csv`, and gives the importers every sheet of an export. A formula
or an error value is never taken for the number that a spreadsheet last showed there. Dates and numbers become the text
that the models read. The workbook itself is `handover.formats.excel`'s.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from handover.formats.excel.container import Container
from handover.formats.excel.read import Kind, OpenSheet, ReadCell, sheets_of
from handover.formats.sniff import kind_of, markup_of
from handover.languages.registry import Language, ours
from handover.model.base import behind
from handover.model.characters import folded
from handover.model.did_you_mean import did_you_mean
from handover.model.errors import DamagedFile, Finding, Severity, SourceLocation
from handover.model.message import counted, msg, without_place
from handover.model.rows import TABLES
from handover.model.sources import UNREADABLE, Cell, Table, shown
from handover.project.check.currencies import sign_in, without_sign
from handover.project.check.days import serial_day
from handover.project.check.tables import MAX_FINDINGS, too_many
from handover.project.read.table import MAX_CHARACTERS, MAX_COLUMNS, MAX_ROWS, build_table, too_much

MAX_BYTES = 20 * 1024 * 1024

_SHOWN = 12
_IN_THOUSANDS = re.compile(r"\s*(?:[kKM]|[mM]io|[mM]r?d|bn)\.?\s*")
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"

Rows = list[list[Cell]]


class TableSheet(NamedTuple):
    """A sheet that is called like a table of the project: its filled rows, and what is wrong with their cells."""

    table: str
    sheet: str
    rows: Rows
    findings: list[Finding]
    since_1904: bool

    @property
    def holds_rows(self) -> bool:
        """Whether there is more than a header."""
        return len(self.rows) > 1

    def read(self, file: str, languages: Sequence[Language]) -> tuple[Table | None, list[Finding]]:
        """The table, written in any of the languages, and everything wrong with its form."""
        table, findings = build_table(self.table, file, self.rows, languages)
        if table is not None and self.since_1904:
            table = _from_1904(table)
        return table, [*self.findings, *findings]


def read_xlsx(
    content: bytes, file: str, name: str, languages: Sequence[Language] = ()
) -> tuple[Table | None, list[Finding]]:
    """The table `name`, written in any of the languages (ours), and everything wrong with its form; never raises.

    The sheet is the one called like the table, or the only one that holds anything.
    """
    sheet, findings = _read_sheet(content, file, name, languages)
    return sheet.read(file, languages) if sheet else (None, findings)


def read_xlsx_rows(content: bytes, file: str, name: str) -> tuple[Rows | None, list[Finding]]:
    """The filled rows of that sheet as they are, all of one width; never raises."""
    sheet, findings = _read_sheet(content, file, name, ())
    return (sheet.rows, sheet.findings) if sheet else (None, findings)


def _read_sheet(
    content: bytes, file: str, name: str, languages: Sequence[Language]
) -> tuple[TableSheet | None, list[Finding]]:
    try:
        sheets = _sheets(content, file)
        sheet = _sheet(sheets, name, languages or ours())
        if sheet is None:
            named = [shown(s.name) for s in sheets if not s.is_empty]
            titles = ", ".join(named[:_SHOWN]) + (" …" if len(named) > _SHOWN else "")
            hint = msg("keep one sheet, or call the table's sheet `{name}`", name=name)
            message = msg("the workbook has several sheets: {titles}", titles=titles)
            return None, [Finding(SourceLocation(file), "xlsx.which-sheet", message, hint)]
        return TableSheet(name, sheet.name, *_read(sheet, file), sheet.since_1904), []
    except DamagedFile as error:
        return None, [_damaged(error, content, file)]


def read_table_sheets(
    content: bytes, file: str, languages: Sequence[Language] = ()
) -> tuple[list[TableSheet], list[Finding]]:
    """The sheets that hold the project's tables, by their titles in any of the languages (ours); never raises.

    A sheet of another name that holds anything is told: in silence a misspelt one would be left out.
    """
    titles = {title: table for one in reversed(languages or ours()) for title, table in one.sheets.items()}
    titles |= {name: name for name in TABLES}
    found: list[TableSheet] = []
    findings: list[Finding] = []
    try:
        for sheet in _sheets(content, file):
            if (table := titles.get(folded(sheet.name))) is not None:
                found.append(TableSheet(table, sheet.name, *_read(sheet, file), sheet.since_1904))
            elif not sheet.is_empty:
                place = SourceLocation(file, 1, 1, sheet.name)
                guess = did_you_mean(folded(sheet.name), titles)
                shown_titles = ", ".join(dict.fromkeys(titles.values()))
                hint = guess or msg("the sheets that are read are called like the tables: {names}", names=shown_titles)
                message = msg("the sheet {name} is not read", name=shown(sheet.name))
                findings.append(Finding(place, "xlsx.unknown-sheet", message, hint, Severity.WARNING))
    except DamagedFile as error:
        return [], [_damaged(error, content, file)]
    return found, findings


def read_xlsx_sheets(content: bytes, file: str) -> tuple[dict[str, Rows], list[Finding]]:
    """The filled rows of every sheet that holds any, by its name; never raises."""
    found: dict[str, Rows] = {}
    findings: list[Finding] = []
    try:
        for sheet in _sheets(content, file):
            rows, more = _read(sheet, file)
            if rows:
                found[sheet.name] = rows
            findings += more
    except DamagedFile as error:
        return {}, [_damaged(error, content, file)]
    return found, findings


def _from_1904(table: Table) -> Table:
    """The table with the days that stand in it as numbers, of a workbook that counts them from 1904."""
    days = {name for name, field in TABLES[table.name].model_fields.items() if behind(field.annotation) is dt.date}

    def read(column: str, cell: Cell) -> Cell:
        day = serial_day(cell.text, since_1904=True) if cell.exact and column in days else None
        return cell._replace(text=day.isoformat()) if day else cell

    rows = (row._replace(cells={name: read(name, cell) for name, cell in row.cells.items()}) for row in table.rows)
    return table._replace(rows=tuple(rows))


def _sheets(content: bytes, file: str) -> Sequence[OpenSheet]:
    if not content.startswith(_ZIP):
        kind = kind_of(content) or markup_of(content[:1024].decode("utf-8", "replace"))
        raise DamagedFile.at(file, msg("is {kind}", kind=kind) if kind else msg("isn't a workbook"))
    container = Container(content, file)
    if container.has_macros:
        raise container.damaged(msg("contains macros"), msg("save it as .xlsx"))
    sheets = sheets_of(container)
    if len({sheet.part.lower() for sheet in sheets}) < len(sheets):
        # Cells are counted by part: named many times, one would be read many times.
        raise container.damaged(msg("is damaged: two of its sheets are one"))
    return sheets


def _damaged(error: DamagedFile, content: bytes, file: str) -> Finding:
    whole = SourceLocation(file)
    if content.startswith(_COMPOUND_FILE):
        kind = kind_of(content)
        hint = msg("save it without a password, as .xlsx; only vault.xlsx is encrypted")
        return Finding(whole, "xlsx.encrypted", msg("the file is {kind}", kind=kind), hint)
    if kind := kind_of(content) if not content.startswith(_ZIP) else "":
        message, hint = msg("the file is {kind}, not a workbook", kind=kind), msg("save it again as .xlsx")
        return Finding(whole, "xlsx.damaged", message, hint)
    message = msg("the file {message}", message=without_place(error.message, file))
    return Finding(whole, "xlsx.damaged", message, error.hint)


def _sheet(sheets: Sequence[OpenSheet], name: str, languages: Sequence[Language]) -> OpenSheet | None:
    """The sheet called like the table; else the only one with cells, those that people see before hidden ones."""
    wanted = {name, *(title for one in languages for title, table in one.sheets.items() if table == name)}
    called = next((sheet for sheet in sheets if folded(sheet.name) in wanted), None)
    if called is not None or len(sheets) == 1:
        return called or sheets[0]
    filled = [sheet for sheet in sheets if not sheet.is_empty]
    seen = [sheet for sheet in filled if not sheet.hidden] or filled
    return seen[0] if len(seen) == 1 else None if seen else next(iter(sheets), None)


def _read(sheet: OpenSheet, file: str) -> tuple[Rows, list[Finding]]:
    findings: list[Finding] = []
    rows = [row for row in _rows(sheet, file, findings) if any(cell.text for cell in row)]
    width = 0
    for row in rows:
        width = next((at for at in range(len(row), width, -1) if not row[at - 1].blank), width)
    if len(findings) >= MAX_FINDINGS:
        findings.append(too_many(findings[-1].location))
    return [_padded(row, width, file, sheet.name) for row in rows], findings


def _rows(sheet: OpenSheet, file: str, findings: list[Finding]) -> Iterator[list[Cell]]:
    """Each row that holds a cell, from its first column on."""
    row: list[Cell] = []
    line = count = characters = hidden = 0
    for raw in sheet.cells():
        # One text may stand in many cells: a workbook keeps it once, and whoever looks at them looks each time.
        characters += len(raw.text)
        if characters > MAX_CHARACTERS:
            findings.append(too_much(SourceLocation(file, raw.row, raw.column, sheet.name)))
            return
        if raw.row != line:
            if row:
                yield row
            row, line, count = [], raw.row, count + 1
            hidden += raw.hidden
        if count > MAX_ROWS + 1:
            message = msg("the table has more than {most:,} rows", most=MAX_ROWS)
            findings.append(Finding(SourceLocation(file), "table.too-large", message))
            return
        if raw.column > MAX_COLUMNS + 1 or raw.column <= len(row):
            continue
        while len(row) + 1 < raw.column:
            row.append(Cell(SourceLocation(file, line, len(row) + 1, sheet.name), ""))
        row.append(_cell(raw, SourceLocation(file, line, raw.column, sheet.name), findings))
        del findings[MAX_FINDINGS:]
    if row:
        yield row
    if hidden:
        message = counted("{count} hidden row is read with the others", "{count} hidden rows are read with the others",
                          hidden)  # fmt: skip
        hint = msg("show it (take filters off) and check that it belongs here, or delete it")
        findings.append(
            Finding(SourceLocation(file, 1, 1, sheet.name), "xlsx.hidden-rows", message, hint, Severity.WARNING)
        )


def _padded(row: list[Cell], width: int, file: str, sheet: str) -> list[Cell]:
    """Exactly `width` cells: a worksheet's rows end at their last cell, a table's don't."""
    if len(row) == width:
        return row
    line = row[0].location.line
    missing = range(len(row) + 1, width + 1)
    return [*row[:width], *(Cell(SourceLocation(file, line, column, sheet), "") for column in missing)]


def _cell(raw: ReadCell, location: SourceLocation, findings: list[Finding]) -> Cell:
    match raw.kind:
        case Kind.TEXT:
            # Many cells may share one long text: it is copied only where it must be.
            text = raw.text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in raw.text else raw.text
            return Cell(location, text)
        case Kind.NUMBER | Kind.PERCENT:
            return _number(raw, location)
        case Kind.DATE:
            return Cell(location, raw.text)
        case Kind.BOOLEAN:
            return Cell(location, "true" if raw.text == "1" else "false")
        case Kind.FORMULA:
            hint = msg("replace it by its value (copy, then paste special: values)")
            findings.append(Finding(location, "xlsx.formula", msg("this cell holds a formula"), hint))
        case Kind.ERROR:
            message = msg("this cell holds the error {text}", text=shown(raw.text))
            findings.append(Finding(location, "xlsx.error-value", message, msg("write the value itself")))
        case Kind.TIME:
            findings.append(_time(raw.text, location))
    return Cell(location, UNREADABLE)


def _time(text: str, location: SourceLocation) -> Finding:
    if text.startswith(("1899-", "1900-01-0", "1904-01-0")) or "T" not in text:
        hint = msg("write a date; of a duration, its seconds: 135")
        return Finding(location, "xlsx.time", msg("this cell holds a time of day"), hint)
    return Finding(location, "xlsx.time", msg("this cell holds a date with a time"), msg("keep the date alone"))


def _number(raw: ReadCell, location: SourceLocation) -> Cell:
    """Plain decimal text. A cell that shows 2.4 % stores 0.024, but tables write percentages as 2.4."""
    # Spreadsheets keep and show 15 significant digits; what binary fractions add behind them nobody typed.
    stored = raw.text
    if raw.kind is Kind.NUMBER and not raw.beside and stored.isdecimal() and stored[0] != "0":
        return Cell(location, stored, exact=True)
    number = Decimal(stored) if stored.lstrip("+-").isdigit() else Decimal(format(float(stored), ".15g"))
    if not number.is_finite():
        return Cell(location, UNREADABLE)
    if raw.kind is Kind.PERCENT:
        number *= 100
    sign = "%" if "%" in raw.beside else sign_in(raw.beside)
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if _IN_THOUSANDS.fullmatch(without_sign(raw.beside)):  # `0.0" k€"` shows 12.3 as 12.3 k€
        return Cell(location, f"{text} {raw.beside.strip()}")
    return Cell(location, text, exact=True, sign=sign)
