"""Small drawings that stand in a line of text: a series without axes, and a value then beside the value now.

Role: DrawingML shapes (ECMA-376 Part 1, 20.1; the group is [MS-DOCX] 2.6, `wpg` and `wps`), a twentieth of a chart's
bytes and without a workbook. Word and LibreOffice keep their alternative text. It places nothing in a document.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from handover.formats.chart.drawingml import WEIGHTS
from handover.formats.chart.markup import A, fill, line
from handover.formats.chart.model import Chart, Look

EMU_PER_MM = 36_000
WPG = "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"
WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
_EDGE = 1.0
"""Millimetres around what is drawn, for the thickness of lines and dots."""

_DOT = 0.8
_LEAST_SPREAD = Decimal("0.25")
"""The share of the largest value that a line's height is at least: noise must not look like mountains."""
Point = tuple[float, float]


def sparkline(chart: Chart, width: float, height: float) -> str:
    """The chart's series as a line of `width` × `height` mm: thick in both periods, a dot at the last value."""
    measured = [value for value in chart.values if value is not None]
    low, high = min(measured, default=Decimal(0)), max(measured, default=Decimal(0))
    spare = max(max(abs(low), abs(high)) * _LEAST_SPREAD - (high - low), Decimal(0)) / 2
    low, high = low - spare, high + spare
    across = (width - 2 * _EDGE) / max(1, len(chart.values) - 1)

    def place(at: int, value: Decimal) -> Point:
        share = float((value - low) / (high - low)) if high > low else 0.5
        up = 1 - share if chart.flipped else share
        return _EDGE + across * at, _EDGE + (height - 2 * _EDGE) * (1 - up)

    drawn = []
    for role, first, last in chart.runs:
        colour = chart.look.of_role(role)
        known = [(at, value) for at, value in enumerate(chart.values[first : last + 1], first)]
        for measured_here, run in groupby(known, lambda one: one[1] is not None):
            path = [place(at, value) for at, value in run if value is not None]
            if measured_here and len(path) > 1:
                drawn.append(_line(path, colour, WEIGHTS[role] * 0.7))
            elif measured_here and role is not None:
                drawn.append(_dot(path[0], _DOT / 2, colour))
    if chart.last is not None and (value := chart.values[chart.last]) is not None:
        drawn.append(_dot(place(chart.last, value), _DOT, chart.look.of_role(chart.role(chart.last))))
    return _group(drawn, width, height)


def dumbbell(then: Decimal, now: Decimal, look: Look, width: float, height: float) -> str:
    """Two values of zero or more on a line from zero to the larger of them: a ring then, a dot now."""
    most = max(then, now) or Decimal(1)
    middle, radius = height / 2, 1.1
    left, right = (_EDGE + radius + (width - 2 * (_EDGE + radius)) * float(x / most) for x in (then, now))
    track = _line([(_EDGE, middle), (width - _EDGE, middle)], look.rule, 0.5)
    between = _line([(left, middle), (right, middle)], look.baseline, 1.75)
    ring = _dot((left, middle), radius, "#FFFFFF", line(look.baseline, 1.5))
    return _group([track, between, ring, _dot((right, middle), radius, look.current)], width, height)


def _group(drawn: Sequence[str], width: float, height: float) -> str:
    extent = f'cx="{_emu(width)}" cy="{_emu(height)}"'
    frame = f'<a:off x="0" y="0"/><a:ext {extent}/>'
    child = f'<a:chOff x="0" y="0"/><a:chExt {extent}/>'
    # LibreOffice takes a group to be as large as what is in it, and would stretch the rest: this fills it.
    whole = _shape(
        (0, 0), (width, height), '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln>'
    )
    return (
        f'<wpg:wgp xmlns:wpg="{WPG}" xmlns:wps="{WPS}" xmlns:a="{A}"><wpg:cNvGrpSpPr/>'
        f"<wpg:grpSpPr><a:xfrm>{frame}{child}</a:xfrm></wpg:grpSpPr>{whole}{''.join(drawn)}</wpg:wgp>"
    )


def _line(path: Sequence[Point], colour: str, points: float) -> str:
    left, top = min(x for x, _ in path), min(y for _, y in path)
    wide, high = max(x for x, _ in path) - left, max(y for _, y in path) - top
    steps = "".join(
        f'<a:{step}><a:pt x="{_emu(x - left)}" y="{_emu(y - top)}"/></a:{step}>'
        for step, (x, y) in zip(("moveTo", *["lnTo"] * (len(path) - 1)), path, strict=True)
    )
    shape = (
        "<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        '<a:rect l="0" t="0" r="r" b="b"/>'
        f'<a:pathLst><a:path w="{_emu(wide)}" h="{_emu(high)}" fill="none">{steps}</a:path></a:pathLst></a:custGeom>'
    )
    return _shape((left, top), (wide, high), f"{shape}<a:noFill/>{line(colour, points, round_cap=True)}")


def _dot(middle: Point, radius: float, colour: str, outline: str = "<a:ln><a:noFill/></a:ln>") -> str:
    corner = middle[0] - radius, middle[1] - radius
    shape = '<a:prstGeom prst="ellipse"><a:avLst/></a:prstGeom>'
    return _shape(corner, (2 * radius, 2 * radius), f"{shape}{fill(colour)}{outline}")


def _shape(corner: Point, size: Point, properties: str) -> str:
    (x, y), (wide, high) = corner, size
    frame = f'<a:off x="{_emu(x)}" y="{_emu(y)}"/><a:ext cx="{_emu(wide)}" cy="{_emu(high)}"/>'
    return f"<wps:wsp><wps:cNvSpPr/><wps:spPr><a:xfrm>{frame}</a:xfrm>{properties}</wps:spPr><wps:bodyPr/></wps:wsp>"


def _emu(millimetres: float) -> int:
    return round(millimetres * EMU_PER_MM)
