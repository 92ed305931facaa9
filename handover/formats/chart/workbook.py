"""The workbook inside a chart: what Word opens at "Edit data".

Role: the chart's rows as a workbook of one plain sheet. It's written here and not by `handover.formats.excel`, since a
report has one for each chart and none is read before it's edited. Clauses are those of ECMA-376 Part 1.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from handover.formats.excel.rows import SPREADSHEET, XML, cell_fault, escaped, serial
from handover.formats.package import opc
from handover.model.errors import HandoverError, column_letters

SHEET = "Data"
Cell = str | Decimal | int | dt.date | None

_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BOOK: Final = (
    f'{XML}<workbook xmlns="{SPREADSHEET}" xmlns:r="{_OFFICE}"><sheets>'
    f'<sheet name="{SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_PLAIN: Final = 'numFmtId="0" fontId="0" fillId="0" borderId="0"'
_NUMBER, _TEXT, _MONTH, _HEADING = range(4)
_STYLES: Final = (
    f'{XML}<styleSheet xmlns="{SPREADSHEET}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders>'
    f'<cellStyleXfs count="1"><xf {_PLAIN}/></cellStyleXfs><cellXfs count="4"><xf {_PLAIN} xfId="0"/>'
    # Kept as text when it's edited, whatever it begins with; month and year as whoever opens it writes them (18.8.30).
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>'
    '<xf numFmtId="17" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def figure(value: Decimal | int) -> str:
    """A number as both the workbook and the chart's cache write it: plain digits, no exponent, no trailing zeros."""
    text = format(Decimal(value), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) if value else "0"


def workbook(rows: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet; the first row is its heading. None leaves a cell empty.

    Raises HandoverError for a text that no cell can hold.
    """
    lines = "".join(
        f'<row r="{y}">{"".join(_cell(value, x, y) for x, value in enumerate(row, 1) if value is not None)}</row>'
        for y, row in enumerate(rows, 1)
    )
    sheet = (
        f'{XML}<worksheet xmlns="{SPREADSHEET}"><cols><col min="1" max="{len(rows[0])}" width="22" customWidth="1"/>'
        f"</cols><sheetData>{lines}</sheetData></worksheet>"
    )
    parts, types = dict(opc.fixed_docprops()), dict(opc.DOCPROPS_TYPES)
    for name, kind, content in (
        ("workbook", "sheet.main", _BOOK), ("worksheets/sheet1", "worksheet", sheet), ("styles", "styles", _STYLES)
    ):  # fmt: skip
        parts[f"/xl/{name}.xml"], types[f"/xl/{name}.xml"] = content.encode(), f"{_TYPE}.{kind}+xml"
    inside = (("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"))
    links = [opc.Relationship(f"rId{n}", f"{_OFFICE}/{kind}", part) for n, (kind, part) in enumerate(inside, 1)]
    parts[opc.rels_name("/xl/workbook.xml")] = opc.write_relationships(links)
    parts[opc.rels_name("/")] = opc.write_relationships(opc.package_relationships("xl/workbook.xml"))
    types |= {name: opc.RELATIONSHIPS_TYPE for name in parts if name.endswith(".rels")}
    return opc.write_package(opc.Package(parts, types))


def _cell(value: str | Decimal | int | dt.date, column: int, row: int) -> str:
    place = f"{column_letters(column)}{row}"
    if isinstance(value, str):
        if fault := cell_fault(value):
            raise HandoverError.at(f"{SHEET}!{place}", fault)
        style = _TEXT if row > 1 else _HEADING
        return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escaped(value)}</t></is></c>'
    if isinstance(value, dt.date):
        return f'<c r="{place}" s="{_MONTH}"><v>{serial(value)}</v></c>'
    return f'<c r="{place}" s="{_NUMBER}"><v>{figure(value)}</v></c>'
