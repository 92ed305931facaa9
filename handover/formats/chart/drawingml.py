"""A metric's months as a native chart: DrawingML (ECMA-376 Part 1, 21.2) written as text.

Role: turns a `Chart` into chart XML and the rows of its workbook, with the markup of `markup`. Placing it in a
document is `place`'s.

A chart holds, in this order: the values, the periods' bands (line charts; bars are drawn behind lines), the
periods' levels, the events with a dashed line down to the axis, and the periods' labels at the top. All but the
values are helper columns of the workbook, named as what they are.
"""

from decimal import Decimal
from itertools import pairwise
from xml.sax.saxutils import quoteattr

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
from handover.formats.chart.model import Band, Chart, Kind, Role
from handover.formats.chart.workbook import SHEET, Cell, figure, serial

LABEL_HEIGHT = Decimal("0.93")
EVENT_HEIGHT = Decimal("0.77")
"""Where the periods' labels and the events stand, as shares of the value axis' height."""

_PAPER = "#ffffff"


def chart_part(chart: Chart) -> Part:
    """The chart as a part with its workbook rows: category, values, then the helper columns."""
    columns = [*_values(chart), *_bands(chart), *_levels(chart), *_events(chart), *_labels(chart)]
    rows: list[tuple[Cell, ...]] = [(chart.category_name, *(column.name for column in columns))]
    rows += [(month, *(column.values[at] for column in columns)) for at, month in enumerate(chart.months)]
    months = _months(chart)
    drawn = [(column, series(months, column, at)) for at, column in enumerate(columns)]
    bars = "".join(xml for column, xml in drawn if column.bar)
    lines = "".join(xml for column, xml in drawn if not column.bar)
    gap = 35 if chart.kind is Kind.BAR else 0
    plot = bar_group("col", "clustered", bars, gap) if bars else ""
    plot += _line_group(lines) if lines else ""
    plot += _month_axis(chart) + _value_axis(chart)
    return Part(space(chart.language, plot, chart.look.font), tuple(rows))


# Series


_NO_MARKER = '<c:marker><c:symbol val="none"/></c:marker>'
_HIDDEN_LINE = '<c:spPr><a:ln w="12700"><a:noFill/></a:ln></c:spPr>'


def _values(chart: Chart) -> list[Column]:
    if chart.kind is Kind.BAR:
        return [Column(chart.name, chart.values, True, _bars(chart))]
    limits = [0, *sorted({at for at in chart.breaks if 0 < at < len(chart.values)}), len(chart.values)]
    look = chart.look.current
    marker = (
        f'<c:marker><c:symbol val="circle"/><c:size val="{5 if len(chart.values) <= 30 else 4}"/>'
        f"<c:spPr>{fill(look)}{line(look, 0.75)}</c:spPr></c:marker>"
    )
    columns: list[Column] = []
    for start, end in pairwise(limits):
        values = tuple(value if start <= at < end else None for at, value in enumerate(chart.values))
        name = chart.name if start == 0 else f"{chart.name} ({chart.months[start]:%Y-%m} –)"
        columns.append(Column(name, values, False, f"<c:spPr>{line(look, 2.25, round_cap=True)}</c:spPr>{marker}"))
    return columns


def _bars(chart: Chart) -> str:
    fills = {Role.BASELINE: chart.look.baseline, Role.CURRENT: chart.look.current}
    points: list[str] = []
    for band in sorted(chart.bands, key=lambda band: band.first):
        solid = fill(fills[band.role])
        points += [
            f'<c:dPt><c:idx val="{at}"/>{INVERT}<c:bubble3D val="0"/><c:spPr>{solid}</c:spPr></c:dPt>'
            for at in range(band.first, band.last + 1)
            if chart.values[at] is not None
        ]
    return f"<c:spPr>{fill(chart.look.other)}</c:spPr>{INVERT}{''.join(points)}"


def _bands(chart: Chart) -> list[Column]:
    """Shaded columns behind a line, from the axis' end to end; below zero they need a second column."""
    if chart.kind is Kind.BAR:
        return []
    fills = {Role.BASELINE: chart.look.baseline_band, Role.CURRENT: chart.look.current_band}
    ends = [chart.scale.high] + ([chart.scale.low] if chart.scale.low < 0 else [])
    return [
        Column(
            band.name if end > 0 else f"{band.name} (−)",
            tuple(end if band.first <= at <= band.last else None for at in range(len(chart.values))),
            True,
            f"<c:spPr>{fill(fills[band.role])}</c:spPr>{INVERT}",
        )
        for band in chart.bands
        for end in ends
    ]


def _levels(chart: Chart) -> list[Column]:
    """The level that each period is compared by, as a dashed line; bars show theirs by themselves."""
    if chart.kind is Kind.BAR:
        return []
    colours = {Role.BASELINE: chart.look.baseline_text, Role.CURRENT: chart.look.current}
    return [
        Column(
            f"{band.name} – {band.lines[-1]}" if band.lines else band.name,
            tuple(band.level if band.first <= at <= band.last else None for at in range(len(chart.values))),
            False,
            f"<c:spPr>{line(colours[band.role], 1.25, dash='sysDash')}</c:spPr>{_NO_MARKER}",
        )
        for band in chart.bands
        if band.level is not None
    ]


def _labels(chart: Chart) -> list[Column]:
    """An unseen point per period in the headroom; its series' name is the period's label, centred on it."""
    height = _plain(chart.scale.at(LABEL_HEIGHT))
    colours = {Role.BASELINE: chart.look.baseline_text, Role.CURRENT: chart.look.current}
    # A gridline in the headroom would run through the text: the label stands on the colour of what is behind it.
    bands = {Role.BASELINE: chart.look.baseline_band, Role.CURRENT: chart.look.current_band}
    behind = bands if chart.kind is Kind.LINE else dict.fromkeys(Role, _PAPER)
    return [
        Column(
            "\n".join(band.lines),
            tuple(height if at == chart.label_at(band) else None for at in range(len(chart.values))),
            False,
            f"{_HIDDEN_LINE}{_NO_MARKER}{_name_label(colours[band.role], _side(chart, band), behind[band.role])}",
        )
        for band in chart.bands
    ]


def _side(chart: Chart, band: Band) -> str:
    # Labels that would touch: the earlier one ends at its month instead of standing over it.
    return "l" if chart.crowded and band.role is Role.BASELINE else "ctr"


def _events(chart: Chart) -> list[Column]:
    """Numbered marks in the headroom with a dashed line down to the axis' low end, a series for each month."""
    height = _plain(chart.scale.at(EVENT_HEIGHT))
    numbers: dict[int, list[str]] = {}
    for event in chart.events:
        numbers.setdefault(event.at, []).append(str(event.number))
    colour = chart.look.text
    drop = (
        '<c:errBars><c:errDir val="y"/><c:errBarType val="minus"/><c:errValType val="fixedVal"/><c:noEndCap val="1"/>'
        f'<c:val val="{figure(height - chart.scale.low)}"/><c:spPr>{line(colour, 0.75, dash="sysDash")}</c:spPr>'
        "</c:errBars>"
    )
    marker = (
        f'<c:marker><c:symbol val="diamond"/><c:size val="6"/><c:spPr>{fill(colour)}'
        "<a:ln><a:noFill/></a:ln></c:spPr></c:marker>"
    )
    return [
        Column(
            ", ".join(found),
            tuple(height if at == month else None for at in range(len(chart.values))),
            False,
            f"{_HIDDEN_LINE}{marker}{_name_label(colour, 'r')}{drop}",
        )
        for month, found in sorted(numbers.items())
    ]


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


def _name_label(colour: str, position: str, behind: str = "") -> str:
    """Labels that print the series' name: text that stays in the workbook, in a colour every program honours."""
    return (
        f"<c:dLbls><c:spPr>{fill(behind) if behind else '<a:noFill/>'}<a:ln><a:noFill/></a:ln></c:spPr>"
        '<c:txPr><a:bodyPr wrap="none" anchor="ctr"/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="900" b="1">'
        f'{fill(colour)}</a:defRPr></a:pPr><a:endParaRPr/></a:p></c:txPr><c:dLblPos val="{position}"/>'
        f"{shown(name=True)}</c:dLbls>"
    )


# Groups, axes and the whole


def _line_group(drawn: str) -> str:
    return (
        f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{drawn}<c:marker val="1"/>'
        f'<c:axId val="{CATEGORY_AXIS}"/><c:axId val="{VALUE_AXIS}"/></c:lineChart>'
    )


def _month_axis(chart: Chart) -> str:
    return (
        f'<c:dateAx><c:axId val="{CATEGORY_AXIS}"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="b"/>'
        f'<c:numFmt formatCode="{month_format(chart.language)}" sourceLinked="0"/>'
        '<c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f"<c:spPr>{line(chart.look.baseline, 0.75)}</c:spPr>{axis_text(chart.look.text, chart.language)}"
        f'<c:crossAx val="{VALUE_AXIS}"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblOffset val="100"/>'
        f'<c:baseTimeUnit val="months"/><c:majorUnit val="{chart.every}"/><c:majorTimeUnit val="months"/></c:dateAx>'
    )


def _value_axis(chart: Chart) -> str:
    axis = chart.scale
    return (
        f'<c:valAx><c:axId val="{VALUE_AXIS}"/><c:scaling><c:orientation val="minMax"/>'
        f'<c:max val="{figure(_plain(axis.high))}"/><c:min val="{figure(axis.low)}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="l"/><c:majorGridlines><c:spPr>{line(chart.look.rule, 0.5)}</c:spPr></c:majorGridlines>'
        f'<c:numFmt formatCode={quoteattr(chart.axis_format)} sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f"<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{axis_text(chart.look.text, chart.language)}"
        f'<c:crossAx val="{CATEGORY_AXIS}"/><c:crosses val="autoZero"/><c:crossBetween val="between"/>'
        f'<c:majorUnit val="{figure(axis.step)}"/></c:valAx>'
    )
