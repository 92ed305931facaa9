"""A metric's months as a native chart: DrawingML (ECMA-376 Part 1, 21.2) written as text.

Role: turns a `Chart` into chart XML and the rows of its workbook, with the markup of `markup`. Placing it in a
document is `place`'s.

A chart holds, in this order: the values, parted by period where they are a line, the level of each period, the target,
the events with a dashed line down to the axis, and the last value's label. All but the values are helper columns of the
workbook, named as what they are.
"""

from decimal import Decimal
from html import escape

from handover.formats.chart.markup import (
    CATEGORY_AXIS,
    INVERT,
    VALUE_AXIS,
    Column,
    Part,
    axis_text,
    bar_group,
    fill,
    line,
    month_format,
    series,
    shown,
    space,
)
from handover.formats.chart.model import Chart, Kind, Role
from handover.formats.chart.workbook import SHEET, Cell, figure
from handover.formats.excel.rows import serial

EVENT_HEIGHT = Decimal("0.95")
"""Where the events stand, as a share of the plot's height."""

WEIGHTS = {Role.BASELINE: 2.25, Role.CURRENT: 2.5, None: 1.0}
"""Points of a line in each period and outside both."""


def chart_part(chart: Chart) -> Part:
    """The chart as a part with its workbook rows: category, values, then the helper columns."""
    columns = [*_values(chart), *_levels(chart), *_target(chart), *_events(chart), *_last(chart)]
    rows: list[tuple[Cell, ...]] = [(chart.category_name, *(column.name for column in columns))]
    rows += [(month, *(column.values[at] for column in columns)) for at, month in enumerate(chart.months)]
    months = _months(chart)
    drawn = [(column, series(months, column, at)) for at, column in enumerate(columns)]
    bars = "".join(xml for column, xml in drawn if column.bar)
    lines = "".join(xml for column, xml in drawn if not column.bar)
    plot = bar_group("col", "clustered", bars, 35) if bars else ""
    if lines:
        plot += (
            f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{lines}<c:marker val="1"/>'
            f'<c:axId val="{CATEGORY_AXIS}"/><c:axId val="{VALUE_AXIS}"/></c:lineChart>'
        )
    plot += _month_axis(chart) + _value_axis(chart)
    return Part(space(chart.language, plot, chart.look.font, _layout(chart)), tuple(rows))


# Series


_NO_MARKER = '<c:marker><c:symbol val="none"/></c:marker>'
_WIDE_MONTH = 6.5
"""Millimetres of a month whose bar a text beside its middle would lie on: such texts stay above."""

_HIDDEN_LINE = '<c:spPr><a:ln w="12700"><a:noFill/></a:ln></c:spPr>'


def _only(chart: Chart, first: int, last: int, value: Decimal | None = None) -> tuple[Decimal | None, ...]:
    """A column that has the chart's values, or one value, from one month to another, and nothing elsewhere."""
    return tuple(
        (own if value is None else value) if first <= at <= last else None for at, own in enumerate(chart.values)
    )


def _values(chart: Chart) -> list[Column]:
    if chart.kind is Kind.BAR:
        return [Column(chart.name, chart.values, True, _bars(chart))]
    columns: list[Column] = []
    for role, first, last in chart.runs:
        colour = chart.look.of_role(role)
        values = _only(chart, first, last)
        name = chart.name if not columns else f"{chart.name} ({chart.months[first]:%Y-%m} –)"
        drawn = f"<c:spPr>{line(colour, WEIGHTS[role], round_cap=True)}</c:spPr>{_points(chart, values, colour)}"
        columns.append(Column(name, values, False, drawn))
    return columns


def _points(chart: Chart, values: tuple[Decimal | None, ...], colour: str) -> str:
    """No markers on a line, but where a value stands alone: nothing else would show it."""
    around = (None, *values, None)
    lonely = any(around[at] is around[at + 2] is None is not value for at, value in enumerate(values))
    if not lonely:
        return _NO_MARKER
    size = 4 if chart.small else 5
    return (
        f'<c:marker><c:symbol val="circle"/><c:size val="{size}"/><c:spPr>{fill(colour)}{line(colour, 0.75)}</c:spPr>'
        "</c:marker>"
    )


def _bars(chart: Chart) -> str:
    fills = {role: fill(chart.look.of_role(role)) for role in Role}
    points = [
        f'<c:dPt><c:idx val="{at}"/>{INVERT}<c:bubble3D val="0"/><c:spPr>{fills[role]}</c:spPr></c:dPt>'
        for at, value in enumerate(chart.values)
        if value is not None and (role := chart.role(at))
    ]
    # Months outside both periods are hollow: told apart by more than a shade of grey.
    return f"<c:spPr><a:noFill/>{line(chart.look.baseline, 0.75)}</c:spPr>{INVERT}{''.join(points)}"


def _levels(chart: Chart) -> list[Column]:
    """The level that each period is compared by, as a dashed line; bars show theirs by themselves."""
    if chart.kind is Kind.BAR:
        return []
    return [
        Column(
            " – ".join(band.lines),
            _only(chart, band.first, band.last, band.level),
            False,
            f"<c:spPr>{line(chart.look.of_role(band.role), 1, dash='sysDash')}</c:spPr>{_NO_MARKER}",
        )
        for band in chart.bands
        if band.level is not None
    ]


def _target(chart: Chart) -> list[Column]:
    """The target across the current period; what it is, the document's key says."""
    band = next((band for band in chart.bands if band.role is Role.CURRENT), None)
    if chart.target is None or band is None:
        return []
    drawn = f"<c:spPr>{line(chart.look.text, 1.25, dash='dash')}</c:spPr>{_NO_MARKER}"
    return [Column(chart.target.text, _only(chart, band.first, band.last, chart.target.level), False, drawn)]


def _events(chart: Chart) -> list[Column]:
    """Marks in the headroom with a dashed line down to the axis, a series for each month: names or numbers."""
    if chart.small:
        return []
    height = _plain(chart.at(EVENT_HEIGHT))
    marks: dict[int, tuple[str, str]] = {}
    for event, side in chart.named:
        before = marks.get(event.at, ("", ""))[0]
        marks[event.at] = (event.name, side) if side else (", ".join(filter(None, (before, str(event.number)))), "r")
    colour = chart.look.text
    end = chart.scale.high if chart.flipped else chart.scale.low
    drop = (
        f'<c:errBars><c:errDir val="y"/><c:errBarType val="{"plus" if chart.flipped else "minus"}"/>'
        f'<c:errValType val="fixedVal"/><c:noEndCap val="1"/><c:val val="{figure(abs(height - end))}"/>'
        f"<c:spPr>{line(colour, 0.75, dash='sysDash')}</c:spPr></c:errBars>"
    )
    marker = (
        f'<c:marker><c:symbol val="diamond"/><c:size val="6"/><c:spPr>{fill(colour)}'
        "<a:ln><a:noFill/></a:ln></c:spPr></c:marker>"
    )
    return [
        Column(
            name,
            _only(chart, month, month, height),
            False,
            f"{_HIDDEN_LINE}{marker}{_name_label(chart, colour, side)}{drop}",
        )
        for month, (name, side) in sorted(marks.items())
    ]


def _last(chart: Chart) -> list[Column]:
    """The last value, printed at its point."""
    if chart.last is None or not chart.last_text:
        return []
    own = chart.role(chart.last) is Role.CURRENT
    colour = chart.look.current if own else chart.look.text
    marker = (
        f'<c:marker><c:symbol val="circle"/><c:size val="5"/><c:spPr>{fill(colour)}'
        "<a:ln><a:noFill/></a:ln></c:spPr></c:marker>"
    )
    shape = _NO_MARKER if chart.kind is Kind.BAR else marker
    label = _name_label(chart, colour, _free_side(chart, chart.last))
    return [Column(chart.last_text, _only(chart, chart.last, chart.last), False, f"{_HIDDEN_LINE}{shape}{label}")]


def _free_side(chart: Chart, at: int) -> str:
    """Above or below the last value: away from the line that comes to it, else from the period's level.

    Beside its bar, where it would lie on a higher one before it.
    """
    value, before = chart.values[at], next((v for v in reversed(chart.values[:at]) if v is not None), None)
    if value is None:
        return "t"
    if chart.kind is Kind.BAR:
        wide, _, letter = _millimetres(chart)
        month = wide / len(chart.months)
        reached = int(letter * len(chart.last_text) / 2 / month + 0.6) if month < _WIDE_MONTH else 0
        return "r" if any(v is not None and v > value for v in chart.values[max(0, at - reached) : at]) else "t"
    level = next((band.level for band in chart.bands if band.first <= at <= band.last), None)
    others = [other for other in (level, before) if other is not None]
    above = all(value >= other for other in others) or (
        any(value > other for other in others) and level is not None and value >= level
    )
    return "t" if above is not chart.flipped else "b"


def _months(chart: Chart) -> str:
    points = "".join(f'<c:pt idx="{i}"><c:v>{serial(day)}</c:v></c:pt>' for i, day in enumerate(chart.months))
    return (
        f"<c:numRef><c:f>{SHEET}!$A$2:$A${len(chart.months) + 1}</c:f><c:numCache>"
        f"<c:formatCode>{month_format(chart.language)}</c:formatCode>"
        f'<c:ptCount val="{len(chart.months)}"/>{points}</c:numCache></c:numRef>'
    )


def _plain(value: Decimal) -> Decimal:
    # Six significant digits place a label well enough and keep the workbook readable.
    return Decimal(f"{value:.6g}")


# Labels


def _name_label(chart: Chart, colour: str, position: str) -> str:
    """Labels that print the series' name: text that stays in the workbook, in a colour every program honours."""
    return (
        "<c:dLbls><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        '<c:txPr><a:bodyPr wrap="none" anchor="ctr"/><a:lstStyle/><a:p><a:pPr>'
        f'<a:defRPr sz="{_size(chart)}" b="1">{fill(colour)}</a:defRPr></a:pPr><a:endParaRPr/></a:p></c:txPr>'
        f'<c:dLblPos val="{position}"/>{shown(name=True)}</c:dLbls>'
    )


def _size(chart: Chart) -> int:
    """The size of a chart's text in hundredths of a point."""
    return 750 if chart.small else 850


# Groups, axes and the whole


def _millimetres(chart: Chart) -> tuple[float, float, float]:
    """Width and height of a chart, and the width of one letter in it."""
    return (77.0, 43.0, 1.45) if chart.small else (160.0, 72.0, 1.6)


def _layout(chart: Chart) -> str:
    """Where the plot lies in the chart: beside the longest tick, with room at the right for the last value, or half.

    Shares of the chart's width and height (21.2.2.88).
    """
    wide, high, letter = _millimetres(chart)
    beside = chart.last is not None and _free_side(chart, chart.last) == "r"
    left = (2.5 + letter * max(map(len, chart.tick_texts), default=1)) / wide
    right = (2.0 + letter * len(chart.last_text) / (1 if beside else 2)) / wide
    shares = {"x": left, "y": 0.02, "w": 1 - left - right, "h": 1 - 0.02 - 7.5 / high}
    inner = "".join(f'<c:{name} val="{share:.4f}"/>' for name, share in shares.items())
    return (
        '<c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        f"{inner}</c:manualLayout></c:layout>"
    )


def _month_axis(chart: Chart) -> str:
    # Upside down, the axis' far end is at the bottom, where months belong.
    side, crosses = ("high", "max") if chart.flipped else ("low", "autoZero")
    return (
        f'<c:dateAx><c:axId val="{CATEGORY_AXIS}"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="b"/>'
        f'<c:numFmt formatCode="{month_format(chart.language)}" sourceLinked="0"/>'
        f'<c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="{side}"/>'
        f"<c:spPr>{line(chart.look.baseline, 0.75)}</c:spPr>{axis_text(chart.look.text, chart.language, _size(chart))}"
        f'<c:crossAx val="{VALUE_AXIS}"/><c:crosses val="{crosses}"/><c:auto val="0"/><c:lblOffset val="100"/>'
        f'<c:baseTimeUnit val="months"/><c:majorUnit val="{chart.every}"/><c:majorTimeUnit val="months"/></c:dateAx>'
    )


def _value_axis(chart: Chart) -> str:
    axis, way = chart.scale, "maxMin" if chart.flipped else "minMax"
    return (
        f'<c:valAx><c:axId val="{VALUE_AXIS}"/><c:scaling><c:orientation val="{way}"/>'
        f'<c:max val="{figure(_plain(axis.high))}"/><c:min val="{figure(axis.low)}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="l"/><c:majorGridlines><c:spPr>{line(chart.look.rule, 0.5)}</c:spPr></c:majorGridlines>'
        f'<c:numFmt formatCode="{escape(chart.axis_format)}" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f"<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{axis_text(chart.look.text, chart.language, _size(chart))}"
        f'<c:crossAx val="{CATEGORY_AXIS}"/><c:crosses val="autoZero"/><c:crossBetween val="between"/>'
        f'<c:majorUnit val="{figure(axis.step)}"/></c:valAx>'
    )
