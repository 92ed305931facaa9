"""A workbook → raw rows whose cells know their sheet and address (ECMA-376 Part 1, 18).

Role: lets a table of `data/` be `.xlsx` instead of `.csv`. The container is checked before anything is
inflated for good: number and size of parts, no document type declaration. A formula or an error value is never
taken for the number that a spreadsheet last showed there. Dates and numbers become the text that the models read.
"""

import datetime as dt
import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from handover.errors import DamagedFile, Finding, SourceLocation
from handover.load.number_format import beside
from handover.load.table import MAX_CHARACTERS, MAX_COLUMNS, MAX_ROWS, build_table, too_much
from handover.office.opc import check_xml
from handover.office.opc_zip import Limits, read_items
from handover.office.xlsx.count import check_count
from handover.sources import UNREADABLE, Cell, Table, shown

MAX_BYTES = 20 * 1024 * 1024
_LIMITS = Limits(parts=500, part_bytes=100 * 1024 * 1024, total_bytes=100 * 1024 * 1024)
# About ten times what 100,000 full rows need.

_SHOWN = 12
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_FRENCH_SHEETS = {
    "metrics": "indicateurs",
    "pending": "projets",
    "assets": "fichiers",
    "accounts": "comptes",
    "invoices": "factures",
}
_MALFORMED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    SyntaxError,  # lxml's XMLSyntaxError
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    OSError,
)
"""What zipfile, lxml and openpyxl raise on files that aren't what they claim."""


def read_xlsx(content: bytes, file: str, name: str) -> tuple[Table | None, list[Finding]]:
    """The table `name` and everything wrong with its form; never raises.

    The sheet is the only one, or the one called like the table.
    """
    rows, findings = read_xlsx_rows(content, file, name)
    if rows is None:
        return None, findings
    table, more = build_table(name, file, rows)
    return table, findings + more


def read_xlsx_rows(content: bytes, file: str, name: str) -> tuple[list[list[Cell]] | None, list[Finding]]:
    """The filled rows of that sheet as they are, all of one width; never raises."""
    whole = SourceLocation(file)
    if content.startswith(_COMPOUND_FILE):
        hint = "save it without a password, as .xlsx; only vault.xlsx is encrypted"
        return None, [Finding(whole, "xlsx.encrypted", "the workbook is encrypted or in the old .xls format", hint)]
    try:
        check_count(content, file)
        _check_container(content, file)
        return _read(content, file, name)
    except DamagedFile as error:
        message = error.message.removeprefix(f"{file}: ").replace(".docx", ".xlsx")
        return None, [Finding(whole, "xlsx.damaged", message, "save it again from your spreadsheet program")]
    except _MALFORMED:
        # No cause: openpyxl's own messages quote cells.
        return None, [Finding(whole, "xlsx.damaged", "this is not a readable workbook", "save it again as .xlsx")]


def _check_container(content: bytes, file: str) -> None:
    """Raise DamagedFile for a container that no spreadsheet program writes (handover.office.opc says which)."""
    for part, data in read_items(content, file, _LIMITS).items():
        if "vbaproject" in part.casefold():
            raise DamagedFile(f"{file}: contains macros", hint="save it as .xlsx")
        if part.endswith((".xml", ".rels")):
            check_xml(data, f"{file}: {part}")


def _read(content: bytes, file: str, name: str) -> tuple[list[list[Cell]] | None, list[Finding]]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # Warns of extensions that it drops (conditional formats, validations); no value is among them.
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            sheet = _sheet(book.worksheets, name)
            if sheet is None:
                titles = ", ".join(shown(s.title) for s in book.worksheets[:_SHOWN])
                titles += " …" if len(book.worksheets) > _SHOWN else ""
                hint = f"keep one sheet, or call the table's sheet `{name}`"
                return None, [
                    Finding(
                        SourceLocation(file), "xlsx.which-sheet", f"the workbook has several sheets: {titles}", hint
                    )
                ]
            findings: list[Finding] = []
            # A forged dimension would make every row 16,384 cells wide.
            sheet.reset_dimensions()
            rows = [row for row in _rows(sheet, file, findings) if any(cell.text for cell in row)]
        finally:
            book.close()
    width = max((_filled(row) for row in rows), default=0)
    title = sheet.title
    return [_padded(row, width, file, title) for row in rows], findings


def _sheet(sheets: Sequence[Any], name: str) -> Any:
    if len(sheets) == 1:
        return sheets[0]
    wanted = {name, _FRENCH_SHEETS.get(name)}
    return next((s for s in sheets if s.title.casefold() in wanted), None)


def _rows(sheet: Any, file: str, findings: list[Finding]) -> Iterator[list[Cell]]:
    characters = 0
    for number, row in enumerate(sheet.rows, start=1):
        # One text may stand in many cells: a workbook keeps it once, and whoever looks at them looks each time.
        characters += sum(len(raw.value) for raw in row if isinstance(raw.value, str))
        if characters > MAX_CHARACTERS:
            findings.append(too_much(SourceLocation(file, number, 1, sheet.title)))
            return
        if number > MAX_ROWS + 1:
            findings.append(
                Finding(SourceLocation(file), "table.too-large", f"the table has more than {MAX_ROWS:,} rows")
            )
            return
        yield [
            _cell(raw, SourceLocation(file, number, column, sheet.title), findings)
            for column, raw in enumerate(row[: MAX_COLUMNS + 1], start=1)
        ]


def _filled(row: list[Cell]) -> int:
    return max((index for index, cell in enumerate(row, start=1) if not cell.blank), default=0)


def _padded(row: list[Cell], width: int, file: str, sheet: str) -> list[Cell]:
    """Exactly `width` cells: a worksheet's rows end at their last cell, a table's don't."""
    line = row[0].location.line
    missing = range(len(row) + 1, width + 1)
    return [*row[:width], *(Cell(SourceLocation(file, line, column, sheet), "") for column in missing)]


def _cell(raw: Any, location: SourceLocation, findings: list[Finding]) -> Cell:
    value = raw.value
    if value is None:
        return Cell(location, "")
    if raw.data_type == "f":
        hint = "replace it by its value (copy, then paste special: values)"
        findings.append(Finding(location, "xlsx.formula", "this cell holds a formula", hint))
        return Cell(location, UNREADABLE)
    if raw.data_type == "e":
        findings.append(
            Finding(location, "xlsx.error-value", f"this cell holds the error {value}", "write the value itself")
        )
        return Cell(location, UNREADABLE)
    if isinstance(value, bool):
        return Cell(location, "true" if value else "false")
    if isinstance(value, int | float):
        return _number(value, str(raw.number_format or ""), location)
    if isinstance(value, dt.datetime | dt.date):
        return _date(value, location, findings)
    if isinstance(value, str):
        return Cell(location, _unescape(value))
    findings.append(
        Finding(location, "xlsx.time", "this cell holds a time of day", "write a date, or format the cell as text")
    )
    return Cell(location, UNREADABLE)


def _date(value: dt.datetime | dt.date, location: SourceLocation, findings: list[Finding]) -> Cell:
    if isinstance(value, dt.datetime):
        if value.time() != dt.time():
            findings.append(Finding(location, "xlsx.time", "this cell holds a date with a time", "keep the date alone"))
            return Cell(location, UNREADABLE)
        value = value.date()
    return Cell(location, value.isoformat())


def _number(value: float, code: str, location: SourceLocation) -> Cell:
    """Plain decimal text. A cell that shows 2.4 % stores 0.024, but tables write percentages as 2.4."""
    # Spreadsheets keep and show 15 significant digits; what binary fractions add behind them nobody typed.
    number = Decimal(format(value, ".15g") if isinstance(value, float) else value)
    if not number.is_finite():
        return Cell(location, str(number), exact=True)
    shows = beside(code, number)
    if shows.percent:
        number *= 100
    text = f"{number:f}"
    return Cell(location, text.rstrip("0").rstrip(".") if "." in text else text, exact=True, sign=shows.sign)


def _unescape(text: str) -> str:
    """ST_Xstring (ECMA-376 Part 1, 22.9.2.19): `_x000D_` stands for the character U+000D."""
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n")
