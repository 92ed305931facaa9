"""How cells look: one registered style per `Look`, in the brand's colours.

Role: the only place with fonts, fills, borders and number formats of workbooks. Calibri and Consolas come with
Excel on Windows and macOS; both carry their family (18.8.18), so that other programs pick a like face: Consolas,
and DejaVu or Liberation Mono in its stead, tell 0 from O and 1 from l and I.
Clauses are those of ECMA-376 Part 1.
"""

from collections.abc import Mapping
from copy import copy
from functools import lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal

from handover.formats.excel.book import Book, Look
from handover.formats.palette import GREY, INK, RULE, WHITE, Palette, office_hex

if TYPE_CHECKING:
    from openpyxl.styles import Font
    from openpyxl.workbook import Workbook

TEXT_FONT = "Calibri"
MONO_FONT = "Consolas"
_SWISS, _MODERN = 2, 3
"""Font families: proportional sans serif, monospaced (18.18.94)."""

_AS_TEXT = frozenset([Look.TEXT, Look.MONO, Look.DIGEST, Look.LINK])
_HEADERS = frozenset([Look.HEADER, Look.NUMBER_HEADER])
HEADLINES = frozenset([Look.TITLE, Look.SUBTITLE, Look.NOTICE])
"""Looks that run on over the empty cells to their right as long as there is room."""
NUMBERS = frozenset([Look.NUMBER, Look.AMOUNT, Look.FIGURE])
_ROWS = _AS_TEXT | NUMBERS | {Look.DATE}


class Styles(dict[Look, int]):
    """The number that a cell names for each look; a look is registered when it's first asked for.

    Most workbooks need few of them, and a report has a workbook for each chart.
    """

    def __init__(self, workbook: "Workbook", shades: Palette, book: Book) -> None:
        super().__init__()
        self.tab_colour = office_hex(shades.line)
        self.from_top: dict[int, int] = {}
        """The style of a row's cell when the row is higher than a sheet shows: its text then begins where it begins."""
        self.wrapped: dict[Look, int] = {}
        """The style of a headline that takes more than one line."""
        self._workbook, self._shades, self._fonts = workbook, shades, _fonts(shades)
        self._formats = {Look.DATE: book.date_format, Look.NUMBER: book.number_format, Look.AMOUNT: book.amount_format}
        self._arrays: dict[Look, Any] = {}
        self.__missing__(Look.TEXT)

    def __missing__(self, look: Look) -> int:
        from openpyxl.styles import Alignment, Border, PatternFill, Side
        from openpyxl.styles.styleable import StyleableObject

        owner: Any = SimpleNamespace(parent=self._workbook)
        cell: Any = StyleableObject(owner)
        cell.font = self._fonts.get(look) or self._fonts[Look.TEXT]
        cell.alignment = _alignment(look)
        cell.number_format = "@" if look in _AS_TEXT else self._formats.get(look, "General")
        if look in _HEADERS:
            cell.fill = PatternFill("solid", fgColor=office_hex(self._shades.dark))
        elif look in _ROWS:
            cell.border = Border(bottom=Side(style="thin", color=office_hex(RULE)))
        # Excel then shows, edits and keeps the value as text whatever it begins with (18.8.45, quotePrefix).
        cell.quotePrefix = look in _AS_TEXT
        self._arrays[look] = cell._style  # noqa: SLF001 — openpyxl has no public way to share a style
        self[look] = cell.style_id
        if look in _ROWS:
            # openpyxl keeps the very object that it registered: another style needs one of its own.
            topped: Any = StyleableObject(owner, copy(cell._style))  # noqa: SLF001 — as above
            topped.alignment = _alignment(look, "top")
            self.from_top[self[look]] = topped.style_id
        if look in HEADLINES:
            wrapped: Any = StyleableObject(owner, copy(cell._style))  # noqa: SLF001 — as above
            wrapped.alignment = Alignment(vertical="center", wrap_text=True)
            self.wrapped[look] = wrapped.style_id
        return self[look]

    def apply(self, dimension: Any, look: Look) -> None:
        """Give a whole column this look, so that what is typed below the table has it too."""
        if look not in self:
            self.__missing__(look)
        dimension._style = copy(self._arrays[look])  # noqa: SLF001 — as above


@lru_cache(maxsize=8)  # a report has a workbook for each chart
def _fonts(shades: Palette) -> "Mapping[Look, Font]":
    from openpyxl.styles import Font

    def text(size: float, colour: str = INK, *, bold: bool = False, line: Literal["single"] | None = None) -> Font:
        return Font(name=TEXT_FONT, family=_SWISS, size=size, bold=bold, u=line, color=office_hex(colour), charset=None)

    return {
        Look.TEXT: text(11),
        Look.TITLE: text(22, shades.dark, bold=True),
        Look.SUBTITLE: text(12, GREY),
        Look.LABEL: text(11, shades.dark, bold=True),
        Look.PAGE_LINK: text(11, shades.text, bold=True, line="single"),
        Look.NOTICE: text(12, shades.dark, bold=True),
        Look.HEADER: text(11, WHITE, bold=True),
        Look.NUMBER_HEADER: text(11, WHITE, bold=True),
        Look.LINK: text(11, shades.text, line="single"),
        Look.MONO: Font(name=MONO_FONT, family=_MODERN, size=11, color=office_hex(INK)),
        Look.DIGEST: Font(name=MONO_FONT, family=_MODERN, size=8, color=office_hex(GREY)),
    }


def _alignment(look: Look, vertical: Literal["center", "top"] = "center") -> Any:
    from openpyxl.styles import Alignment

    if look in HEADLINES:
        return Alignment(vertical=vertical)
    if look in NUMBERS | {Look.NUMBER_HEADER}:
        return Alignment(horizontal="right", vertical=vertical, indent=1, wrap_text=look in _HEADERS)
    if look in _HEADERS | _ROWS:
        # The indent keeps a text off the edge of its fill, and off the number to its left.
        return Alignment(horizontal="left", vertical=vertical, indent=1, wrap_text=True)
    return Alignment(horizontal="left", vertical="top", wrap_text=True)
