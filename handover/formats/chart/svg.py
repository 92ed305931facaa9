"""The same charts as SVG, for a page without scripts: one self-contained `<svg>` element.

Role: draws a `Chart` with the colours, scale and labels of the Word chart. Text stays text, with a
title and a description for those who don't see it; nothing refers to anything outside. Sizes are in the units of
the view box, which the page scales.
"""

from decimal import Decimal
from html import escape
from typing import NamedTuple

from handover.formats.chart.drawingml import EVENT_HEIGHT, WEIGHTS
from handover.formats.chart.model import Chart, Kind, Role

WIDTH, HEIGHT = 640, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 12, 44, 30
_SIZE = 12
_BAR_SHARE = 0.74
_LETTER = 8.0
"""Width of a letter where letters are largest, on a narrow screen."""

_FONTS = "Calibri, Carlito, 'Segoe UI', Helvetica, Arial, sans-serif"


class _Plane(NamedTuple):
    """From categories and values to the view box."""

    chart: Chart

    def x(self, at: float) -> float:
        return _LEFT + self.step * (at + 0.5)

    @property
    def step(self) -> float:
        return (WIDTH - _LEFT - _RIGHT) / len(self.chart.months)

    def y(self, value: Decimal) -> float:
        axis = self.chart.scale
        share = float((axis.high - value) / (axis.high - axis.low))
        return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - share if self.chart.flipped else share)


def svg(chart: Chart, title: str, identifier: str) -> str:
    """An `<svg>` of the chart; `identifier` makes its title's and description's ids unique in the page."""
    plane = _Plane(chart)
    body = [_grid(chart, plane), _bars(chart, plane) if chart.kind is Kind.BAR else _lines(chart, plane)]
    body += [_levels(chart, plane), _events(chart, plane), _labels(chart, plane), _last(chart, plane)]
    body += [_categories(chart, plane)]
    ids = f"{identifier}-title {identifier}-desc"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="100%" role="img" '
        f'lang="{chart.language}" aria-labelledby="{ids}" font-family="{_FONTS}" font-size="{_SIZE}">'
        f'<title id="{identifier}-title">{escape(title, quote=False)}</title>'
        f'<desc id="{identifier}-desc">{escape(chart.description, quote=False)}</desc>{"".join(body)}</svg>'
    )


def _grid(chart: Chart, plane: _Plane) -> str:
    lines = "".join(
        _rule(_LEFT, plane.y(tick), WIDTH - _RIGHT, plane.y(tick), chart.look.rule)
        + _write(text, _LEFT - 6, plane.y(tick) + 4, chart.look.text, anchor="end")
        for tick, text in zip(chart.scale.ticks, chart.tick_texts, strict=False)
    )
    base = HEIGHT - _BOTTOM if chart.flipped else plane.y(max(chart.scale.low, min(Decimal(0), chart.scale.top)))
    return lines + _rule(_LEFT, base, WIDTH - _RIGHT, base, chart.look.baseline)


def _bars(chart: Chart, plane: _Plane) -> str:
    zero, width = plane.y(Decimal(0)), plane.step * _BAR_SHARE
    drawn: list[str] = []
    for at, value in enumerate(chart.values):
        if value is None:
            continue
        end, role = plane.y(value), chart.role(at)
        fill = f'fill="{chart.look.of_role(role)}"' if role else f'fill="none" stroke="{chart.look.baseline}"'
        drawn.append(
            f'<rect x="{_n(plane.x(at) - width / 2)}" y="{_n(min(zero, end))}" width="{_n(width)}" '
            f'height="{_n(abs(end - zero))}" {fill}/>'
        )
    return "".join(drawn)


def _lines(chart: Chart, plane: _Plane) -> str:
    drawn: list[str] = []
    for role, first, last in chart.runs:
        colour = chart.look.of_role(role)
        points: list[list[tuple[float, float]]] = [[]]
        for at in range(first, last + 1):
            value = chart.values[at]
            if value is None:
                points.append([])
            else:
                points[-1].append((plane.x(at), plane.y(value)))
        drawn += [
            f'<polyline points="{" ".join(f"{_n(x)},{_n(y)}" for x, y in path)}" fill="none" stroke="{colour}" '
            f'stroke-width="{_n(WEIGHTS[role])}" stroke-linejoin="round" stroke-linecap="round"/>'
            for path in points
            if len(path) > 1
        ]
        drawn += [_dot(*path[0], colour) for path in points if len(path) == 1]
    return "".join(drawn)


def _levels(chart: Chart, plane: _Plane) -> str:
    levels = [
        (b, b.level, chart.look.of_role(b.role)) for b in chart.bands if b.level is not None and chart.kind is Kind.LINE
    ]
    if chart.target is not None:
        levels += [(b, chart.target.level, chart.look.text) for b in chart.bands if b.role is Role.CURRENT]
    return "".join(
        _rule(
            plane.x(band.first - 0.5), plane.y(level), plane.x(band.last + 0.5), plane.y(level), colour,
            width=1.5, dashed=True,
        )
        for band, level, colour in levels
    )  # fmt: skip


def _events(chart: Chart, plane: _Plane) -> str:
    top, bottom = plane.y(chart.at(EVENT_HEIGHT)), HEIGHT - _BOTTOM
    numbers: dict[int, list[str]] = {}
    for event in chart.events:
        numbers.setdefault(event.at, []).append(str(event.number))
    return "".join(
        _rule(plane.x(at), top, plane.x(at), bottom, chart.look.text, dashed=True)
        + f'<path d="M{_n(plane.x(at))} {_n(top - 4)}l4 4l-4 4l-4 -4z" fill="{chart.look.text}"/>'
        + _write(", ".join(found), plane.x(at) + 7, top + 4, chart.look.text, anchor="start", bold=True)
        for at, found in sorted(numbers.items())
    )


def _labels(chart: Chart, plane: _Plane) -> str:
    """What each period is called and its value, above the plot: the earlier from the left, the later to the right."""
    earlier = min((band.first for band in chart.bands), default=0)
    colours = {Role.BASELINE: chart.look.text, Role.CURRENT: chart.look.current}
    return "".join(
        # Lines are parted in letters' own size, which a narrow screen sets larger.
        _write(line, plane.x(b.first - 0.5) if b.first == earlier else plane.x(b.last + 0.5), 14, colours[b.role],
               down=f"{_n(1.15 * at)}em", anchor="start" if b.first == earlier else "end", bold=at > 0)
        for b in chart.bands
        for at, line in enumerate(b.lines)
    )  # fmt: skip


def _last(chart: Chart, plane: _Plane) -> str:
    value = None if chart.last is None else chart.values[chart.last]
    if chart.last is None or value is None or chart.kind is Kind.BAR:
        return ""
    return _dot(plane.x(chart.last), plane.y(value), chart.look.of_role(chart.role(chart.last)))


def _dot(x: float, y: float, colour: str) -> str:
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="3" fill="{colour}"/>'


def _categories(chart: Chart, plane: _Plane) -> str:
    drawn: list[str] = []
    for at, name in enumerate(chart.month_texts):
        if at % chart.every == 0:
            # The last label ends with the plot where it would run off the right edge.
            late = plane.x(at) + len(name) * _LETTER / 2 > WIDTH
            place, anchor = (WIDTH, "end") if late else (plane.x(at), "middle")
            drawn.append(_write(name, place, HEIGHT - 10, chart.look.text, anchor=anchor))
    return "".join(drawn)


def _rule(x1: float, y1: float, x2: float, y2: float, stroke: str, *, width: float = 1, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return (
        f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="{stroke}" '
        f'stroke-width="{_n(width)}"{dash}/>'
    )


def _write(text: str, x: float, y: float, colour: str, *, anchor: str, bold: bool = False, down: str = "") -> str:
    weight = ' font-weight="bold"' if bold else ""
    shift = f' dy="{down}"' if down else ""
    given = f'x="{_n(x)}" y="{_n(y)}"{shift} text-anchor="{anchor}" fill="{colour}"{weight}'
    return f"<text {given}>{escape(text, quote=False)}</text>"


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
