"""The workbook inside a chart: what Word opens at "Edit data".

Role: the chart's rows as one plain sheet, a heading row and columns. Nobody prints or filters it, and a report holds a
dozen: what `handover.formats.excel` does for sheets that people read isn't done. Clauses are those of ECMA-376 Part 1.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from handover.formats.excel.rows import SPREADSHEET, XML, Strings, serial
from handover.formats.package import opc
from handover.model.errors import column_letters

SHEET = "Data"
Cell = str | Decimal | int | dt.date | None

_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_MAIN: Final = "/xl/workbook.xml"
_THEME: Final = "application/vnd.openxmlformats-officedocument.theme+xml"
"""Office's own, which every workbook of a spreadsheet program has (18.2; 14.2.7): its validator misses another."""
_BOOK: Final = (
    f'{XML}<workbook xmlns="{SPREADSHEET}" xmlns:r="{_OFFICE}">'
    f'<sheets><sheet name="{SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>'
).encode()
# The second format is the built-in one of month and year, in the language of whoever opens it (18.8.30).
_STYLES: Final = (
    f'{XML}<styleSheet xmlns="{SPREADSHEET}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf xfId="0"/><xf numFmtId="17" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
).encode()


def figure(value: Decimal | int) -> str:
    """A number as both the workbook and the chart's cache write it: plain digits, no exponent, no trailing zeros."""
    text = format(Decimal(value), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) if value else "0"


def workbook(rows: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet; the first row is its heading. None leaves a cell empty.

    Raises ValueError for a text that no cell can hold: none that a project may have.
    """
    from openpyxl.writer.theme import theme_xml  # here, since whoever only checks a template needs no workbook

    strings = Strings()
    lines = "".join(_row(number, row, strings) for number, row in enumerate(rows, start=1))
    sheet = (
        f'{XML}<worksheet xmlns="{SPREADSHEET}"><cols><col min="1" max="{len(rows[0])}" width="22" customWidth="1"/>'
        f"</cols><sheetData>{lines}</sheetData></worksheet>"
    ).encode()
    held = {"worksheet": sheet, "styles": _STYLES, "sharedStrings": strings.part(), "theme": theme_xml.encode()}
    names = {kind: f"{kind}.xml" for kind in held}
    inside = [opc.Relationship(f"rId{at}", f"{_OFFICE}/{kind}", names[kind]) for at, kind in enumerate(held, start=1)]
    parts = {_MAIN: _BOOK, **{f"/xl/{names[kind]}": content for kind, content in held.items()}}
    parts[opc.rels_name(_MAIN)] = opc.write_relationships(inside)
    parts[opc.rels_name("/")] = opc.write_relationships(opc.package_relationships(_MAIN))
    types = {_MAIN: f"{_TYPE}.sheet.main+xml", **{f"/xl/{name}": f"{_TYPE}.{kind}+xml" for kind, name in names.items()}}
    types[f"/xl/{names['theme']}"] = _THEME
    types |= opc.DOCPROPS_TYPES | {name: opc.RELATIONSHIPS_TYPE for name in parts if name.endswith(".rels")}
    return opc.write_package(opc.Package(parts | opc.fixed_docprops(), types))


def _row(number: int, row: Sequence[Cell], strings: Strings) -> str:
    cells = (_cell(value, f"{column_letters(at)}{number}", strings) for at, value in enumerate(row, start=1))
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(value: Cell, place: str, strings: Strings) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return f'<c r="{place}" s="1"><v>{serial(value)}</v></c>'
    if isinstance(value, str):
        return f'<c r="{place}" t="s"><v>{strings.index(value)}</v></c>'
    return f'<c r="{place}"><v>{figure(value)}</v></c>'
