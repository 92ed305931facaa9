"""The chart part: DrawingML charts (ECMA-376 Part 1, 21.2) written as text.

Role: turns a `Chart` or `Timeline` into chart XML and the rows of its workbook. Every fill and line is explicit and
every value is cached, so that programs which don't recalculate, or read a document without its theme, draw the
same. Placing it in a document is `place`'s.

A chart holds, in this order: the values, the periods' bands (line charts; bars are drawn behind lines), the
periods' levels, the events with a dashed line down to the axis, and the periods' labels at the top. All but the
values are helper columns of the workbook, named as what they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from handover.brand import office_hex
from handover.errors import column_letters
from handover.office.chart.model import Band, Chart, Kind, Role, Timeline
from handover.office.chart.workbook import SHEET, Cell, figure, serial
from handover.office.opc import XML_DECLARATION

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORKBOOK_RELATIONSHIP = "rId1"

LABEL_HEIGHT = Decimal("0.93")
EVENT_HEIGHT = Decimal("0.77")
"""Where the periods' labels and the events stand, as shares of the value axis' height."""

_POINT = 12_700
"""English metric units in a point."""
_PAPER = "#ffffff"
_CATEGORY_AXIS, _VALUE_AXIS = 111111111, 222222222
_LCID = {"fr": "40C", "en": "409"}


@dataclass(frozen=True, slots=True)
class Part:
    """A chart part and the workbook's rows behind it."""

    xml: bytes
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """A series: its workbook column and what makes it look as it does."""

    name: str
    values: tuple[Decimal | None, ...]
    bar: bool
    before: str
    """Elements between `c:tx` and `c:cat`."""


def chart_part(chart: Chart) -> Part:
    """The chart as a part with its workbook rows: category, values, then the helper columns."""
    columns = [*_values(chart), *_bands(chart), *_levels(chart), *_events(chart), *_labels(chart)]
    rows: list[tuple[Cell, ...]] = [(chart.category_name, *(column.name for column in columns))]
    rows += [(month, *(column.values[at] for column in columns)) for at, month in enumerate(chart.months)]
    months = _months(chart)
    series = [(column, _series(months, column, at)) for at, column in enumerate(columns)]
    bars = "".join(xml for column, xml in series if column.bar)
    lines = "".join(xml for column, xml in series if not column.bar)
    gap = 35 if chart.kind is Kind.BAR else 0
    plot = _bar_group("col", "clustered", bars, gap) if bars else ""
    plot += _line_group(lines) if lines else ""
    plot += _month_axis(chart) + _value_axis(chart)
    return Part(_space(chart.language, plot, chart.look.font), tuple(rows))


def timeline_part(timeline: Timeline) -> Part:
    """The timeline as a stacked bar chart: an unseen bar up to each start, then the campaign."""
    # Steps are of equal days, months are not: from the third on, every tick stays inside its month.
    first, last = serial(timeline.first) + 2, serial(timeline.last)
    least = max(1, (last - first) // 90)
    starts = tuple(Decimal(serial(span.start)) for span in timeline.spans)
    marks = tuple(Decimal(least) if span.start == span.end else None for span in timeline.spans)
    lasting = tuple(
        Decimal((span.end - span.start).days + 1) if span.start != span.end else None for span in timeline.spans
    )
    heads = timeline.headings
    shown = _fill(timeline.look.current)
    columns = [
        _Column(heads[1], starts, True, "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>" + _INVERT),
        _Column(heads[2], lasting, True, f"<c:spPr>{shown}</c:spPr>{_INVERT}"),
        _Column(heads[3], marks, True, f"<c:spPr>{shown}</c:spPr>{_INVERT}"),
    ]
    names = tuple(span.label for span in timeline.spans)
    rows: list[tuple[Cell, ...]] = [(heads[0], *(column.name for column in columns))]
    rows += [(name, *(column.values[at] for column in columns)) for at, name in enumerate(names)]
    bars = "".join(_series(_names(names), column, at) for at, column in enumerate(columns))
    plot = _bar_group("bar", "stacked", bars, 60)
    plot += _name_axis(timeline)
    plot += _date_axis(timeline, first, last)
    return Part(_space(timeline.language, plot, timeline.look.font), tuple(rows))


# Series


_INVERT = '<c:invertIfNegative val="0"/>'
_NO_MARKER = '<c:marker><c:symbol val="none"/></c:marker>'
_HIDDEN_LINE = '<c:spPr><a:ln w="12700"><a:noFill/></a:ln></c:spPr>'


def _values(chart: Chart) -> list[_Column]:
    if chart.kind is Kind.BAR:
        return [_Column(chart.name, chart.values, True, _bars(chart))]
    limits = [0, *sorted({at for at in chart.breaks if 0 < at < len(chart.values)}), len(chart.values)]
    look = chart.look.current
    marker = (
        f'<c:marker><c:symbol val="circle"/><c:size val="{5 if len(chart.values) <= 30 else 4}"/>'
        f"<c:spPr>{_fill(look)}{_line(look, 0.75)}</c:spPr></c:marker>"
    )
    columns: list[_Column] = []
    for start, end in pairwise(limits):
        values = tuple(value if start <= at < end else None for at, value in enumerate(chart.values))
        name = chart.name if start == 0 else f"{chart.name} ({chart.months[start]:%Y-%m} –)"
        columns.append(_Column(name, values, False, f"<c:spPr>{_line(look, 2.25, round_cap=True)}</c:spPr>{marker}"))
    return columns


def _bars(chart: Chart) -> str:
    fills = {Role.BASELINE: chart.look.baseline, Role.CURRENT: chart.look.current}
    points: list[str] = []
    for band in sorted(chart.bands, key=lambda band: band.first):
        fill = _fill(fills[band.role])
        points += [
            f'<c:dPt><c:idx val="{at}"/>{_INVERT}<c:bubble3D val="0"/><c:spPr>{fill}</c:spPr></c:dPt>'
            for at in range(band.first, band.last + 1)
            if chart.values[at] is not None
        ]
    return f"<c:spPr>{_fill(chart.look.other)}</c:spPr>{_INVERT}{''.join(points)}"


def _bands(chart: Chart) -> list[_Column]:
    """Shaded columns behind a line, from the axis' end to end; below zero they need a second column."""
    if chart.kind is Kind.BAR:
        return []
    fills = {Role.BASELINE: chart.look.baseline_band, Role.CURRENT: chart.look.current_band}
    ends = [chart.scale.high] + ([chart.scale.low] if chart.scale.low < 0 else [])
    return [
        _Column(
            band.name if end > 0 else f"{band.name} (−)",
            tuple(end if band.first <= at <= band.last else None for at in range(len(chart.values))),
            True,
            f"<c:spPr>{_fill(fills[band.role])}</c:spPr>{_INVERT}",
        )
        for band in chart.bands
        for end in ends
    ]


def _levels(chart: Chart) -> list[_Column]:
    """The level that each period is compared by, as a dashed line; bars show theirs by themselves."""
    if chart.kind is Kind.BAR:
        return []
    colours = {Role.BASELINE: chart.look.baseline_text, Role.CURRENT: chart.look.current}
    return [
        _Column(
            f"{band.name} – {band.lines[-1]}" if band.lines else band.name,
            tuple(band.level if band.first <= at <= band.last else None for at in range(len(chart.values))),
            False,
            f"<c:spPr>{_line(colours[band.role], 1.25, dash='sysDash')}</c:spPr>{_NO_MARKER}",
        )
        for band in chart.bands
        if band.level is not None
    ]


def _labels(chart: Chart) -> list[_Column]:
    """An unseen point per period in the headroom; its series' name is the period's label, centred on it."""
    height = _plain(chart.scale.at(LABEL_HEIGHT))
    colours = {Role.BASELINE: chart.look.baseline_text, Role.CURRENT: chart.look.current}
    # A gridline in the headroom would run through the text: the label stands on the colour of what is behind it.
    bands = {Role.BASELINE: chart.look.baseline_band, Role.CURRENT: chart.look.current_band}
    behind = bands if chart.kind is Kind.LINE else dict.fromkeys(Role, _PAPER)
    return [
        _Column(
            "\n".join(band.lines),
            tuple(height if at == band.middle else None for at in range(len(chart.values))),
            False,
            f"{_HIDDEN_LINE}{_NO_MARKER}{_name_label(colours[band.role], _side(chart, band), behind[band.role])}",
        )
        for band in chart.bands
    ]


def _side(chart: Chart, band: Band) -> str:
    # Labels that would touch: the earlier one ends at its month instead of standing over it.
    return "l" if chart.crowded and band.role is Role.BASELINE else "ctr"


def _events(chart: Chart) -> list[_Column]:
    """Numbered marks in the headroom with a dashed line down to the axis' low end, a series for each month."""
    height = _plain(chart.scale.at(EVENT_HEIGHT))
    numbers: dict[int, list[str]] = {}
    for event in chart.events:
        numbers.setdefault(event.at, []).append(str(event.number))
    colour = chart.look.text
    drop = (
        '<c:errBars><c:errDir val="y"/><c:errBarType val="minus"/><c:errValType val="fixedVal"/><c:noEndCap val="1"/>'
        f'<c:val val="{figure(height - chart.scale.low)}"/><c:spPr>{_line(colour, 0.75, dash="sysDash")}</c:spPr>'
        "</c:errBars>"
    )
    marker = (
        f'<c:marker><c:symbol val="diamond"/><c:size val="6"/><c:spPr>{_fill(colour)}'
        "<a:ln><a:noFill/></a:ln></c:spPr></c:marker>"
    )
    return [
        _Column(
            ", ".join(found),
            tuple(height if at == month else None for at in range(len(chart.values))),
            False,
            f"{_HIDDEN_LINE}{marker}{_name_label(colour, 'r')}{drop}",
        )
        for month, found in sorted(numbers.items())
    ]


def _series(categories: str, column: _Column, at: int) -> str:
    letter, count = column_letters(at + 2), len(column.values)
    points = "".join(
        f'<c:pt idx="{i}"><c:v>{figure(value)}</c:v></c:pt>'
        for i, value in enumerate(column.values)
        if value is not None
    )
    smooth = "" if column.bar else '<c:smooth val="0"/>'
    return (
        f'<c:ser><c:idx val="{at}"/><c:order val="{at}"/><c:tx><c:strRef><c:f>{SHEET}!${letter}$1</c:f><c:strCache>'
        f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{escape(column.name)}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
        f"{column.before}<c:cat>{categories}</c:cat>"
        f"<c:val><c:numRef><c:f>{SHEET}!${letter}$2:${letter}${count + 1}</c:f><c:numCache>"
        f'<c:formatCode>General</c:formatCode><c:ptCount val="{count}"/>{points}</c:numCache></c:numRef></c:val>'
        f"{smooth}</c:ser>"
    )


def _months(chart: Chart) -> str:
    points = "".join(f'<c:pt idx="{i}"><c:v>{serial(day)}</c:v></c:pt>' for i, day in enumerate(chart.months))
    return (
        f"<c:numRef><c:f>{SHEET}!$A$2:$A${len(chart.months) + 1}</c:f><c:numCache>"
        f"<c:formatCode>{_month_format(chart.language)}</c:formatCode>"
        f'<c:ptCount val="{len(chart.months)}"/>{points}</c:numCache></c:numRef>'
    )


def _names(names: Sequence[str]) -> str:
    points = "".join(f'<c:pt idx="{i}"><c:v>{escape(name)}</c:v></c:pt>' for i, name in enumerate(names))
    return (
        f"<c:strRef><c:f>{SHEET}!$A$2:$A${len(names) + 1}</c:f><c:strCache>"
        f'<c:ptCount val="{len(names)}"/>{points}</c:strCache></c:strRef>'
    )


def _plain(value: Decimal) -> Decimal:
    # Six significant digits place a label well enough and keep the workbook readable.
    return Decimal(f"{value:.6g}")


# Labels


def _shown(*, name: bool) -> str:
    return (
        '<c:showLegendKey val="0"/><c:showVal val="0"/><c:showCatName val="0"/>'
        f'<c:showSerName val="{int(name)}"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
    )


def _name_label(colour: str, position: str, behind: str = "") -> str:
    """Labels that print the series' name: text that stays in the workbook, in a colour every program honours."""
    return (
        f"<c:dLbls><c:spPr>{_fill(behind) if behind else '<a:noFill/>'}<a:ln><a:noFill/></a:ln></c:spPr>"
        '<c:txPr><a:bodyPr wrap="none" anchor="ctr"/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="900" b="1">'
        f'{_fill(colour)}</a:defRPr></a:pPr><a:endParaRPr/></a:p></c:txPr><c:dLblPos val="{position}"/>'
        f"{_shown(name=True)}</c:dLbls>"
    )


# Groups, axes and the whole


def _bar_group(direction: str, grouping: str, series: str, gap: int) -> str:
    return (
        f'<c:barChart><c:barDir val="{direction}"/><c:grouping val="{grouping}"/><c:varyColors val="0"/>{series}'
        f'<c:gapWidth val="{gap}"/><c:overlap val="100"/><c:axId val="{_CATEGORY_AXIS}"/><c:axId val="{_VALUE_AXIS}"/>'
        "</c:barChart>"
    )


def _line_group(series: str) -> str:
    return (
        f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{series}<c:marker val="1"/>'
        f'<c:axId val="{_CATEGORY_AXIS}"/><c:axId val="{_VALUE_AXIS}"/></c:lineChart>'
    )


def _month_format(language: str) -> str:
    # The locale in brackets keeps the months in the client's language on any computer.
    return f"[$-{_LCID.get(language[:2], '409')}]mmm\\ yyyy"


def _month_axis(chart: Chart) -> str:
    return (
        f'<c:dateAx><c:axId val="{_CATEGORY_AXIS}"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="b"/>'
        f'<c:numFmt formatCode="{_month_format(chart.language)}" sourceLinked="0"/>'
        '<c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f"<c:spPr>{_line(chart.look.baseline, 0.75)}</c:spPr>{_axis_text(chart.look.text, chart.language)}"
        f'<c:crossAx val="{_VALUE_AXIS}"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblOffset val="100"/>'
        f'<c:baseTimeUnit val="months"/><c:majorUnit val="{chart.every}"/><c:majorTimeUnit val="months"/></c:dateAx>'
    )


def _name_axis(timeline: Timeline) -> str:
    # A horizontal bar chart counts from the bottom: the first campaign belongs at the top.
    return (
        f'<c:catAx><c:axId val="{_CATEGORY_AXIS}"/><c:scaling><c:orientation val="maxMin"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f"<c:spPr>{_line(timeline.look.baseline, 0.75)}</c:spPr>{_axis_text(timeline.look.text, timeline.language)}"
        f'<c:crossAx val="{_VALUE_AXIS}"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
        '<c:lblOffset val="100"/><c:tickLblSkip val="1"/><c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _value_axis(chart: Chart) -> str:
    axis = chart.scale
    return (
        f'<c:valAx><c:axId val="{_VALUE_AXIS}"/><c:scaling><c:orientation val="minMax"/>'
        f'<c:max val="{figure(_plain(axis.high))}"/><c:min val="{figure(axis.low)}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="l"/><c:majorGridlines><c:spPr>{_line(chart.look.rule, 0.5)}</c:spPr></c:majorGridlines>'
        f'<c:numFmt formatCode={quoteattr(chart.axis_format)} sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f"<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{_axis_text(chart.look.text, chart.language)}"
        f'<c:crossAx val="{_CATEGORY_AXIS}"/><c:crosses val="autoZero"/><c:crossBetween val="between"/>'
        f'<c:majorUnit val="{figure(axis.step)}"/></c:valAx>'
    )


def _date_axis(timeline: Timeline, first: int, last: int) -> str:
    step = date_step(last - first)
    months = f'<c:numFmt formatCode="{_month_format(timeline.language)}" sourceLinked="0"/>'
    return (
        f'<c:valAx><c:axId val="{_VALUE_AXIS}"/><c:scaling><c:orientation val="minMax"/><c:max val="{last}"/>'
        f'<c:min val="{first}"/></c:scaling><c:delete val="0"/><c:axPos val="b"/><c:majorGridlines><c:spPr>'
        f"{_line(timeline.look.rule, 0.5)}</c:spPr></c:majorGridlines>"
        f'{months}<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="high"/>'
        f"<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{_axis_text(timeline.look.text, timeline.language)}"
        f'<c:crossAx val="{_CATEGORY_AXIS}"/><c:crosses val="autoZero"/>'
        f'<c:crossBetween val="between"/><c:majorUnit val="{figure(step)}"/></c:valAx>'
    )


def date_step(days: int) -> Decimal:
    """Days between ticks: a quarter, half a year or whole years of 365.25 days, so that ticks stay on their month."""
    for months in (1, 3, 6, 12, 24, 60):
        if days <= months * 31 * 7:
            return Decimal("30.4375") * months
    return Decimal("3652.5")


def _axis_text(colour: str, language: str) -> str:
    return (
        '<c:txPr><a:bodyPr rot="0" vert="horz"/><a:lstStyle/><a:p><a:pPr>'
        f'<a:defRPr lang="{language}" sz="800" b="0">{_fill(colour)}</a:defRPr></a:pPr>'
        f'<a:endParaRPr lang="{language}"/></a:p></c:txPr>'
    )


def _space(language: str, plot: str, font: str) -> bytes:
    xml = (
        f'<c:chartSpace xmlns:c="{C}" xmlns:a="{A}" xmlns:r="{R}"><c:date1904 val="0"/><c:lang val="{language}"/>'
        '<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/>'
        f"<c:plotArea><c:layout/>{plot}<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr></c:plotArea>"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr><a:latin typeface="{font}"/></a:defRPr></a:pPr>'
        f'<a:endParaRPr lang="{language}"/></a:p></c:txPr>'
        f'<c:externalData r:id="{WORKBOOK_RELATIONSHIP}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )
    return XML_DECLARATION + xml.encode()


def _fill(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{office_hex(colour)}"/></a:solidFill>'


def _line(colour: str, points: float, *, dash: str = "", round_cap: bool = False) -> str:
    cap = ' cap="rnd"' if round_cap else ""
    pattern = f'<a:prstDash val="{dash}"/>' if dash else ""
    return f'<a:ln w="{round(points * _POINT)}"{cap}>{_fill(colour)}{pattern}{"<a:round/>" if round_cap else ""}</a:ln>'
