"""Some cells of a workbook set, and everything else in it left as it was.

Role: whoever keeps tables in a workbook has colours, widths, sheets and notes of their own in it, which no writer of
ours knows. So one sheet's part is edited and every other part is copied. It judges no value and opens no file. Clauses
are those of ECMA-376 Part 1.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from handover.formats.excel.container import Container
from handover.formats.excel.read import column_of, open_workbook
from handover.formats.excel.rows import as_string, cell_fault, serial
from handover.model.errors import OutputError, column_letters
from handover.model.message import msg

if TYPE_CHECKING:
    from lxml.etree import _Element

_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_MAX_PART: Final = 32 * 1024 * 1024
"""Bytes of a sheet of which a tree is made: half a million cells."""
_MAC_EPOCH: Final = 1_462
"""Days between the two ways of counting them (18.17.4.1)."""

_HEADER: Final = 1
"""The row whose look no other takes over."""

Places = Mapping[tuple[int, int], str | int | Decimal | dt.date]
"""Row and column, counted from 1 → what the cell is to hold."""


def with_cells(data: bytes, place: str, sheet: str, cells: Places) -> bytes:
    """The workbook with these cells in the sheet of that name; `place` names the file in messages.

    A new cell looks like the one above it, or as its column says. Raises DamagedFile for what isn't a workbook or is
    too large, and OutputError, with the cell and never the value, for text that no cell can hold.
    """
    from lxml import etree

    found = next(one for one in open_workbook(data, place) if one.name == sheet)
    container = Container(data, place)
    if len(container.xml(found.part)) > _MAX_PART:
        what = msg("has a sheet that is too large to be added to")
        raise container.damaged(what, msg("keep this table in data/, as CSV"))
    tree = container.tree(found.part)
    _Sheet(tree, f"{place}:{sheet}", since_1904=found.since_1904).fill(cells)
    part = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            name = entry.filename.replace("\\", "/").lstrip("/").lower()
            new.writestr(entry, part if name == found.part.lower() else old.read(entry), zipfile.ZIP_DEFLATED)
    return made.getvalue()


class _Sheet:
    """A worksheet's tree, edited in place."""

    def __init__(self, tree: "_Element", place: str, *, since_1904: bool) -> None:
        self._place, self._since_1904 = place, since_1904
        self._namespace = tree.tag.rpartition("}")[0] + "}"
        self._data = next(tree.iterchildren(f"{self._namespace}sheetData"))
        self._rows: dict[int, _Element] = {}
        for row in self._data.iterchildren(f"{self._namespace}row"):
            # Both numbers may be left out: then they count on (18.3.1.73, 18.3.1.4).
            number, column = int(row.get("r") or next(reversed(self._rows), 0) + 1), 0
            self._rows[number] = row
            row.set("r", str(number))
            for cell in row.iterchildren(f"{self._namespace}c"):
                column = column_of(cell.get("r")) or column + 1
                cell.set("r", f"{column_letters(column)}{number}")
        self._last = max(self._rows, default=0)
        self._columns = [
            (int(one.get("min", "0")), int(one.get("max", "0")), one.get("style"))
            for one in tree.iterfind(f"{self._namespace}cols/{self._namespace}col")
        ]
        for area in tree.iterchildren(f"{self._namespace}dimension"):
            tree.remove(area)  # a hint that may be left out (18.3.1.35), and would be wrong now

    def fill(self, cells: Places) -> None:
        for (row, column), value in sorted(cells.items()):
            cell = self._in(self._row(row), column)
            style = cell.get("s") or self._style(row, column)
            for child in list(cell):
                cell.remove(child)
            cell.attrib.clear()
            cell.set("r", f"{column_letters(column)}{row}")
            if style is not None:
                cell.set("s", style)
            self._put(cell, value)

    def _put(self, cell: "_Element", value: str | int | Decimal | dt.date) -> None:
        from lxml.etree import SubElement

        if isinstance(value, str):
            if fault := cell_fault(value):
                message = msg("{place}!{cell}: {fault}", place=self._place, cell=cell.get("r"), fault=fault)
                raise OutputError(message, hint=msg("correct the value where it was entered"))
            cell.set("t", "inlineStr")
            text = SubElement(SubElement(cell, f"{self._namespace}is"), f"{self._namespace}t")
            text.text = as_string(value)
            text.set(_SPACE, "preserve")
            return
        number = serial(value) - self._since_1904 * _MAC_EPOCH if isinstance(value, dt.date) else Decimal(value)
        SubElement(cell, f"{self._namespace}v").text = f"{number:f}"

    def _in(self, row: "_Element", column: int) -> "_Element":
        """The cell, made where there is none, in its place among the others."""
        from lxml.etree import SubElement

        places = [column_of(cell.get("r")) for cell in row]
        if column in places:
            return row[places.index(column)]
        made = SubElement(row, f"{self._namespace}c", {"r": f"{column_letters(column)}{row.get('r')}"})
        row.insert(sum(other < column for other in places), made)
        return made

    def _row(self, number: int) -> "_Element":
        from lxml.etree import SubElement

        if (row := self._rows.get(number)) is None:
            later = min(other for other in self._rows if other > number) if number < self._last else None
            row = self._rows[number] = SubElement(self._data, f"{self._namespace}row", {"r": str(number)})
            if later is not None:
                self._rows[later].addprevious(row)
            self._last = max(self._last, number)
        row.attrib.pop("spans", "")  # a hint (18.3.1.73), and wrong once there are more cells
        return row

    def _style(self, row: int, column: int) -> str | None:
        """The style of the cell above that isn't the header's, else the column's."""
        above = self._rows.get(row - 1, ()) if row > _HEADER + 1 else ()
        styles = [cell.get("s") for cell in above if column_of(cell.get("r")) == column]
        return next((style for style in styles if style is not None), None) or next(
            (style for first, last, style in self._columns if first <= column <= last), None
        )
