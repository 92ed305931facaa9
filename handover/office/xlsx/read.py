"""The text of a workbook's cells, from any program, exactly as it is stored.

Role: reads a workbook that people edited in Excel or LibreOffice, for `handover.vault`. openpyxl's reader isn't
used: it undoes `_x005F_` by cutting it out, and says of a number that it is text. A number, date, formula or
error is told as such, never guessed at. Reads bytes, opens nothing, changes nothing; input may be hostile:
`office.opc` has the limits. Clauses are those of ECMA-376 Part 1.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from handover.errors import DamagedFile
from handover.office import opc

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_CELLS = 2_000_000

_LIMITS = opc.Limits(part_bytes=128 * 1024 * 1024)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class Kind(StrEnum):
    """What a cell holds (18.18.11, ST_CellType; `formula` for any cell with one)."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    ERROR = "error"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell that isn't empty: row and column counted from 1, what it holds, and its text (never printed)."""

    row: int
    column: int
    kind: Kind
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """A sheet's name and its cells in reading order."""

    name: str
    cells: tuple[ReadCell, ...] = field(repr=False)


def read_workbook(data: bytes, place: str) -> tuple[ReadSheet, ...]:
    """The sheets of an .xlsx in the order of their tabs; `place` names the file in messages.

    Raises DamagedFile, with nothing of the content in it, for what isn't a workbook or is too large.
    """
    # The package reader's own words speak of Word documents, and may quote names from the file.
    try:
        package = opc.read_package(data, place, _LIMITS)
        return tuple(_Reader(package, place).sheets())
    except DamagedFile:
        hint = "open it in Excel or LibreOffice and save it again as an Excel workbook (.xlsx)"
        raise DamagedFile(f"{place}: isn't a workbook that can be read, or it is too large", hint=hint) from None


class _Reader:
    def __init__(self, package: opc.Package, place: str) -> None:
        self._package = package
        self._place = place
        self._cells = 0

    def sheets(self) -> Iterator[ReadSheet]:
        main = next((opc.target_part("/", item) for item in self._related("/") if _kind(item) == "officeDocument"), "")
        targets = {item.id: (_kind(item), opc.target_part(main, item)) for item in self._related(main)}
        strings = self._strings(targets)
        for sheet in self._part(main).iter(f"{_MAIN}sheet"):
            kind, target = targets.get(sheet.get(_RELATION, ""), ("", ""))
            if kind == "worksheet":
                yield ReadSheet(sheet.get("name", ""), tuple(self._sheet(self._part(target), strings)))

    def _related(self, part: str) -> list[opc.Relationship]:
        return [item for item in opc.relationships(self._package, part, self._place) if not item.external]

    def _part(self, name: str) -> "_Element":
        if name not in self._package.parts:
            raise DamagedFile(f"{self._place}: a part that it names is missing")
        return opc.parse_xml(self._package.parts[name], self._place)

    def _strings(self, targets: dict[str, tuple[str, str]]) -> list[str]:
        for kind, target in targets.values():
            if kind == "sharedStrings":
                return [_rich_text(item) for item in self._part(target).iter(f"{_MAIN}si")]
        return []

    def _sheet(self, tree: "_Element", strings: list[str]) -> Iterator[ReadCell]:
        row = 0
        for line in tree.iter(f"{_MAIN}row"):
            # Both numbers may be left out: then they count on (18.3.1.73, 18.3.1.4).
            row = _number(line.get("r")) or row + 1
            column = 0
            for cell in line.iter(f"{_MAIN}c"):
                column = _column(cell.get("r")) or column + 1
                self._cells += 1
                if self._cells > MAX_CELLS:
                    raise DamagedFile(f"{self._place}: has more than {MAX_CELLS:,} cells")
                kind, text = _content(cell, strings)
                if text or kind is Kind.FORMULA:
                    yield ReadCell(row, column, kind, text)


def _content(cell: "_Element", strings: list[str]) -> tuple[Kind, str]:
    value = cell.findtext(f"{_MAIN}v") or ""
    kind = cell.get("t", "n")
    if cell.find(f"{_MAIN}f") is not None:
        return Kind.FORMULA, value
    if kind == "s":
        number = _number(value)
        if number is None or number >= len(strings):
            raise DamagedFile("a cell names a text that isn't there")
        return Kind.TEXT, strings[number]
    if kind == "inlineStr":
        inline = cell.find(f"{_MAIN}is")
        return Kind.TEXT, _rich_text(inline) if inline is not None else ""
    if kind == "str":
        return Kind.TEXT, _unescaped(value)
    kinds = {"b": Kind.BOOLEAN, "e": Kind.ERROR}
    return kinds.get(kind, Kind.NUMBER), value


def _rich_text(item: "_Element") -> str:
    """The text of a string and of its runs, without phonetic hints (18.4.8, 18.4.4, 18.4.6)."""
    pieces = []
    for child in item:
        found = child if child.tag == f"{_MAIN}t" else child.find(f"{_MAIN}t") if child.tag == f"{_MAIN}r" else None
        if found is not None and found.text:
            pieces.append(_unescaped(found.text))
    return "".join(pieces)


def _unescaped(text: str) -> str:
    """`ST_Xstring` read back (22.9.2.19)."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _kind(relationship: opc.Relationship) -> str:
    # Only the last word: strict workbooks use another address before it.
    return relationship.type.rpartition("/")[2]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _column(place: str | None) -> int:
    match = _PLACE.fullmatch(place or "")
    column = 0
    for letter in match[1] if match else "":
        column = column * 26 + ord(letter) - ord("A") + 1
    return column
