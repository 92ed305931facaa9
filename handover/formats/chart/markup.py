"""The DrawingML that all charts share: series, groups, the text of axes, the whole part.

Role: small functions from values to chart XML (ECMA-376 Part 1, 21.2), and the part that they make. What a chart
shows is `drawingml`'s and `timeline`'s. Every fill and line is explicit and every value is cached, so that programs
which don't recalculate, or read a document without its theme, draw the same.
"""

from collections.abc import Sequence
from decimal import Decimal
from html import escape
from locale import windows_locale
from typing import NamedTuple

from handover.formats.chart.workbook import SHEET, Cell, figure
from handover.formats.package.opc import XML_DECLARATION
from handover.formats.palette import office_hex
from handover.model.errors import column_letters

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORKBOOK_RELATIONSHIP = "rId1"
CATEGORY_AXIS, VALUE_AXIS = 111111111, 222222222

INVERT = '<c:invertIfNegative val="0"/>'
UNSEEN = "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"

_POINT = 12_700
"""English metric units in a point."""


class Part(NamedTuple):
    """A chart part and the workbook's rows behind it."""

    xml: bytes
    rows: tuple[tuple[Cell, ...], ...]


class Column(NamedTuple):
    """A series: its workbook column and what makes it look as it does."""

    name: str
    values: tuple[Decimal | None, ...]
    bar: bool
    before: str
    """Elements between `c:tx` and `c:cat`."""


def series(categories: str, column: Column, at: int) -> str:
    """One series (21.2.2.170), at its place among the workbook's columns after the categories."""
    letter, count = column_letters(at + 2), len(column.values)
    points = "".join(
        f'<c:pt idx="{i}"><c:v>{figure(value)}</c:v></c:pt>'
        for i, value in enumerate(column.values)
        if value is not None
    )
    smooth = "" if column.bar else '<c:smooth val="0"/>'
    return (
        f'<c:ser><c:idx val="{at}"/><c:order val="{at}"/><c:tx><c:strRef><c:f>{SHEET}!${letter}$1</c:f><c:strCache>'
        f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{escape(column.name, quote=False)}</c:v></c:pt></c:strCache>'
        "</c:strRef></c:tx>"
        f"{column.before}<c:cat>{categories}</c:cat>"
        f"<c:val><c:numRef><c:f>{SHEET}!${letter}$2:${letter}${count + 1}</c:f><c:numCache>"
        f'<c:formatCode>General</c:formatCode><c:ptCount val="{count}"/>{points}</c:numCache></c:numRef></c:val>'
        f"{smooth}</c:ser>"
    )


def names(labels: Sequence[str]) -> str:
    """Categories that are names."""
    points = "".join(f'<c:pt idx="{i}"><c:v>{escape(name, quote=False)}</c:v></c:pt>' for i, name in enumerate(labels))
    return (
        f"<c:strRef><c:f>{SHEET}!$A$2:$A${len(labels) + 1}</c:f><c:strCache>"
        f'<c:ptCount val="{len(labels)}"/>{points}</c:strCache></c:strRef>'
    )


def shown(*, name: bool = False, value: bool = False) -> str:
    """What a data label prints."""
    return (
        f'<c:showLegendKey val="0"/><c:showVal val="{int(value)}"/><c:showCatName val="0"/>'
        f'<c:showSerName val="{int(name)}"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
    )


def bar_group(direction: str, grouping: str, drawn: str, gap: int) -> str:
    """A `barChart`: `direction` is `col` or `bar`."""
    return (
        f'<c:barChart><c:barDir val="{direction}"/><c:grouping val="{grouping}"/><c:varyColors val="0"/>{drawn}'
        f'<c:gapWidth val="{gap}"/><c:overlap val="100"/><c:axId val="{CATEGORY_AXIS}"/><c:axId val="{VALUE_AXIS}"/>'
        "</c:barChart>"
    )


def locale_code(tag: str) -> str:
    """What fixes a number format's language: `[$-40C]` for `fr-FR` (ECMA-376 Part 1, 18.8.31; identifiers: [MS-LCID]).

    Empty for a language that has none.
    """
    return next((f"[$-{code:X}]" for code, name in windows_locale.items() if name == tag.replace("-", "_")), "")


def month_format(language: str) -> str:
    """The number format of a month."""
    # The locale in brackets keeps the months in the client's language on any computer.
    return f"{locale_code(language)}mmm\\ yyyy"


def axis_text(colour: str, language: str, size: int = 850) -> str:
    """The look of an axis' labels; `size` in hundredths of a point."""
    return (
        '<c:txPr><a:bodyPr rot="0" vert="horz"/><a:lstStyle/><a:p><a:pPr>'
        f'<a:defRPr lang="{language}" sz="{size}" b="0">{fill(colour)}</a:defRPr></a:pPr>'
        f'<a:endParaRPr lang="{language}"/></a:p></c:txPr>'
    )


def space(language: str, plot: str, font: str, layout: str = "<c:layout/>") -> bytes:
    """The whole part around its plot area."""
    xml = (
        f'<c:chartSpace xmlns:c="{C}" xmlns:a="{A}" xmlns:r="{R}"><c:date1904 val="0"/><c:lang val="{language}"/>'
        '<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/>'
        f"<c:plotArea>{layout}{plot}<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr></c:plotArea>"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr><a:latin typeface="{font}"/></a:defRPr></a:pPr>'
        f'<a:endParaRPr lang="{language}"/></a:p></c:txPr>'
        f'<c:externalData r:id="{WORKBOOK_RELATIONSHIP}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )
    return XML_DECLARATION + xml.encode()


def fill(colour: str) -> str:
    """A solid fill of one colour."""
    return f'<a:solidFill><a:srgbClr val="{office_hex(colour)}"/></a:solidFill>'


def line(colour: str, points: float, *, dash: str = "", round_cap: bool = False) -> str:
    """A line of one colour; its width in points."""
    cap = ' cap="rnd"' if round_cap else ""
    pattern = f'<a:prstDash val="{dash}"/>' if dash else ""
    return f'<a:ln w="{round(points * _POINT)}"{cap}>{fill(colour)}{pattern}{"<a:round/>" if round_cap else ""}</a:ln>'
