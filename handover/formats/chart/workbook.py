"""The workbook inside a chart: what Word opens at "Edit data".

Role: writes a minimal SpreadsheetML package (ECMA-376 Part 1, 18) with one sheet of a heading row and columns, in
canonical bytes. Numbers are written exactly as the chart caches them. It is for charts only: what people get as
a workbook of its own is `handover.formats.excel`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

from handover.formats.package.opc import (
    RELATIONSHIPS_TYPE,
    XML_DECLARATION,
    Package,
    Relationship,
    write_package,
    write_relationships,
)
from handover.model.errors import column_letters

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


_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_THEME = (
    '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Data"><a:themeElements>'
    '<a:clrScheme name="Data"><a:dk1><a:srgbClr val="000000"/></a:dk1><a:lt1><a:srgbClr val="FFFFFF"/></a:lt1>'
    + "".join(
        f'<a:{slot}><a:srgbClr val="{value}"/></a:{slot}>'
        for slot, value in (("dk2", "44546A"), ("lt2", "E7E6E6"), *((f"accent{n}", "44546A") for n in range(1, 7)))
    )
    + '<a:hlink><a:srgbClr val="0563C1"/></a:hlink><a:folHlink><a:srgbClr val="954F72"/></a:folHlink></a:clrScheme>'
    '<a:fontScheme name="Data">'
    + "".join(
        f'<a:{kind}Font><a:latin typeface="Calibri"/><a:ea typeface=""/><a:cs typeface=""/></a:{kind}Font>'
        for kind in ("major", "minor")
    )
    + f'</a:fontScheme><a:fmtScheme name="Data"><a:fillStyleLst>{_FILL * 3}</a:fillStyleLst><a:lnStyleLst>'
    + f"<a:ln>{_FILL}</a:ln>" * 3
    + "</a:lnStyleLst><a:effectStyleLst>"
    + "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3
    + f"</a:effectStyleLst><a:bgFillStyleLst>{_FILL * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
)
"""Not used by any cell, but readers expect a workbook to have a theme."""


def figure(value: Decimal | int) -> str:
    """A number as both the workbook and the chart's cache write it: plain digits, no exponent, no trailing zeros."""
    text = format(Decimal(value), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) if value else "0"


def serial(day: dt.date) -> int:
    """A day as SpreadsheetML counts it."""
    return day.toordinal() - _EXCEL_EPOCH


def workbook(rows: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet; the first row is its heading. None leaves a cell empty."""
    columns = max(map(len, rows))
    texts = {value: at for at, value in enumerate(dict.fromkeys(v for row in rows for v in row if isinstance(v, str)))}
    body = "".join(
        f'<row r="{at}">{"".join(_cell(at, column, value, texts) for column, value in enumerate(row, 1))}</row>'
        for at, row in enumerate(rows, 1)
    )
    sheet = (
        f'<worksheet xmlns="{_MAIN}"><dimension ref="A1:{column_letters(columns)}{len(rows)}"/><sheetViews>'
        '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f'</sheetView></sheetViews><cols><col min="1" max="{columns}" width="{_WIDTH}" customWidth="1"/></cols>'
        f"<sheetData>{body}</sheetData></worksheet>"
    )
    book = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews><sheets>'
        f'<sheet name="{SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    return _package(sheet, book, _shared(tuple(texts)))


def _package(sheet: str, book: str, shared: str) -> bytes:
    links = {"worksheet": "worksheets/sheet1.xml", "styles": "styles.xml", "sharedStrings": "sharedStrings.xml"}
    links["theme"] = "theme/theme1.xml"
    parts = {
        "/_rels/.rels": write_relationships([Relationship("rId1", f"{_OFFICE}/officeDocument", "xl/workbook.xml")]),
        "/xl/workbook.xml": _part(book),
        "/xl/_rels/workbook.xml.rels": write_relationships(
            [
                Relationship(f"rId{at}", f"{_OFFICE}/{kind}", target)
                for at, (kind, target) in enumerate(links.items(), 1)
            ]
        ),
        "/xl/worksheets/sheet1.xml": _part(sheet),
        "/xl/styles.xml": _part(_STYLES),
        "/xl/sharedStrings.xml": _part(shared),
        "/xl/theme/theme1.xml": _part(_THEME),
    }
    types = {
        "/_rels/.rels": RELATIONSHIPS_TYPE,
        "/xl/workbook.xml": f"{_TYPES}.sheet.main+xml",
        "/xl/_rels/workbook.xml.rels": RELATIONSHIPS_TYPE,
        "/xl/worksheets/sheet1.xml": f"{_TYPES}.worksheet+xml",
        "/xl/styles.xml": f"{_TYPES}.styles+xml",
        "/xl/sharedStrings.xml": f"{_TYPES}.sharedStrings+xml",
        "/xl/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
    }
    return write_package(Package(parts, types))


def _part(xml: str) -> bytes:
    return XML_DECLARATION + xml.encode()


def _shared(texts: Sequence[str]) -> str:
    # `_x0041_` is an escape in SpreadsheetML strings (ECMA-376 Part 1, 22.9.2.19): as typed, it needs one itself.
    items = "".join(f'<si><t xml:space="preserve">{escape(text.replace("_x", "_x005F_x"))}</t></si>' for text in texts)
    return f'<sst xmlns="{_MAIN}" uniqueCount="{len(texts)}">{items}</sst>'


def _cell(row: int, column: int, value: Cell, texts: Mapping[str, int]) -> str:
    if value is None:
        return ""
    style = ' s="1"' if row == 1 else ""
    place = f'r="{column_letters(column)}{row}"{style}'
    if isinstance(value, str):
        return f'<c {place} t="s"><v>{texts[value]}</v></c>'
    if isinstance(value, dt.date):
        # Built-in format 17 is month and year, in the language of whoever opens it.
        return f'<c r="{column_letters(column)}{row}" s="2"><v>{serial(value)}</v></c>'
    return f"<c {place}><v>{figure(value)}</v></c>"
