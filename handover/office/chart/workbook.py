"""The workbook inside a chart: what Word opens at "Edit data".

Role: writes a minimal SpreadsheetML package (ECMA-376 Part 1, 18) with one sheet of a heading row and columns, in
canonical bytes. Numbers are written exactly as the chart caches them. It is for charts only: what people get as
a workbook of its own is `handover.office.xlsx`.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

from handover.errors import column_letters
from handover.office.opc import (
    RELATIONSHIPS_TYPE,
    XML_DECLARATION,
    Package,
    Relationship,
    write_package,
    write_relationships,
)

SHEET = "Data"
Cell = str | Decimal | int | dt.date | None

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_WIDTH = 22
_EXCEL_EPOCH = 693_594
"""`date.toordinal()` of day 0 of the 1900 date system, for days from 1 March 1900 on (ECMA-376 Part 1, 18.17.4.1)."""

_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="17" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def figure(value: Decimal | int) -> str:
    """A number as both the workbook and the chart's cache write it: plain digits, no exponent, no trailing zeros."""
    text = format(Decimal(value), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) if value else "0"


def serial(day: dt.date) -> int:
    """A day as SpreadsheetML counts it."""
    return day.toordinal() - _EXCEL_EPOCH


def workbook(rows: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet; the first row is its heading. Texts are inline strings, None leaves a cell empty."""
    columns = max(map(len, rows))
    body = "".join(
        f'<row r="{at}">{"".join(_cell(at, column, value) for column, value in enumerate(row, 1))}</row>'
        for at, row in enumerate(rows, 1)
    )
    sheet = (
        f'<worksheet xmlns="{_MAIN}"><dimension ref="A1:{column_letters(columns)}{len(rows)}"/><sheetViews>'
        '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f'</sheetView></sheetViews><cols><col min="1" max="{columns}" width="{_WIDTH}" customWidth="1"/></cols>'
        f"<sheetData>{body}</sheetData></worksheet>"
    )
    book = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    parts = {
        "/_rels/.rels": write_relationships([Relationship("rId1", f"{_OFFICE}/officeDocument", "xl/workbook.xml")]),
        "/xl/workbook.xml": _part(book),
        "/xl/_rels/workbook.xml.rels": write_relationships(
            [
                Relationship("rId1", f"{_OFFICE}/worksheet", "worksheets/sheet1.xml"),
                Relationship("rId2", f"{_OFFICE}/styles", "styles.xml"),
            ]
        ),
        "/xl/worksheets/sheet1.xml": _part(sheet),
        "/xl/styles.xml": _part(_STYLES),
    }
    types = {
        "/_rels/.rels": RELATIONSHIPS_TYPE,
        "/xl/workbook.xml": f"{_TYPES}.sheet.main+xml",
        "/xl/_rels/workbook.xml.rels": RELATIONSHIPS_TYPE,
        "/xl/worksheets/sheet1.xml": f"{_TYPES}.worksheet+xml",
        "/xl/styles.xml": f"{_TYPES}.styles+xml",
    }
    return write_package(Package(parts, types))


def _part(xml: str) -> bytes:
    return XML_DECLARATION + xml.encode()


def _cell(row: int, column: int, value: Cell) -> str:
    if value is None:
        return ""
    style = ' s="1"' if row == 1 else ""
    place = f'r="{column_letters(column)}{row}"{style}'
    if isinstance(value, str):
        # `_x0041_` is an escape in SpreadsheetML strings (ECMA-376 Part 1, 22.9.2.19): as typed, it needs one itself.
        text = escape(value.replace("_x", "_x005F_x"))
        return f'<c {place} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    if isinstance(value, dt.date):
        # Built-in format 17 is month and year, in the language of whoever opens it.
        return f'<c r="{column_letters(column)}{row}" s="2"><v>{serial(value)}</v></c>'
    return f"<c {place}><v>{figure(value)}</v></c>"
