"""Campaigns and milestones against time, as a native chart.

Role: turns a `Timeline` into chart XML and the rows of its workbook. Placing it in a document is `place`'s.
"""

import math
from decimal import Decimal

from handover.formats.chart.markup import (
    CATEGORY_AXIS,
    INVERT,
    UNSEEN,
    VALUE_AXIS,
    Column,
    Part,
    axis_text,
    bar_group,
    fill,
    line,
    month_format,
    names,
    series,
    shown,
    space,
)
from handover.formats.chart.model import Timeline
from handover.formats.chart.workbook import Cell, figure
from handover.formats.excel.rows import serial

_LABEL = 44
"""Characters of a campaign's name beside its bar, so that bars have most of the width; a table has it whole."""


def timeline_part(timeline: Timeline) -> Part:
    """The timeline as a stacked bar chart: an unseen bar up to each start, then the campaign or a diamond."""
    # Steps are of equal days, months are not: from the third on, every tick stays inside its month.
    first, last = serial(timeline.first) + 2, serial(timeline.last)
    starts = tuple(Decimal(serial(span.start)) for span in timeline.spans)
    marks = tuple(Decimal(1) if span.start == span.end else None for span in timeline.spans)
    lasting = tuple(
        Decimal((span.end - span.start).days + 1) if span.start != span.end else None for span in timeline.spans
    )
    heads = timeline.headings
    colour = fill(timeline.look.current)
    columns = [
        Column(heads[1], starts, True, UNSEEN + INVERT),
        Column(heads[2], lasting, True, f"<c:spPr>{colour}</c:spPr>{INVERT}"),
        # The label of a day's unseen bar: bars have no markers, and a bar of one day could hardly be seen.
        Column(heads[3], marks, True, f"{UNSEEN}{INVERT}{_diamonds(timeline)}"),
    ]
    labels = tuple(_short(span.label) for span in timeline.spans)
    rows: list[tuple[Cell, ...]] = [(heads[0], *(column.name for column in columns))]
    rows += [(name, *(column.values[at] for column in columns)) for at, name in enumerate(labels)]
    bars = "".join(series(names(labels), column, at) for at, column in enumerate(columns))
    plot = bar_group("bar", "stacked", bars, 60)
    plot += _name_axis(timeline)
    plot += _date_axis(timeline, first, last)
    return Part(space(timeline.language, plot, timeline.look.font), tuple(rows))


def _diamonds(timeline: Timeline) -> str:
    """Labels that print a diamond in the place of each value: the number format is the sign alone."""
    return (
        '<c:dLbls><c:numFmt formatCode="&quot;◆&quot;" sourceLinked="0"/>'
        f"{UNSEEN}"
        '<c:txPr><a:bodyPr wrap="none" anchor="ctr"/><a:lstStyle/><a:p><a:pPr>'
        f'<a:defRPr sz="1400" b="0">{fill(timeline.look.current)}</a:defRPr></a:pPr><a:endParaRPr/></a:p></c:txPr>'
        f'<c:dLblPos val="ctr"/>{shown(value=True)}</c:dLbls>'
    )


def _short(label: str) -> str:
    if len(label) <= _LABEL:
        return label
    cut = label[: _LABEL - 1]
    return f"{(cut.rpartition(' ')[0] or cut).rstrip(' ,;:-–')}…"


def _name_axis(timeline: Timeline) -> str:
    # A horizontal bar chart counts from the bottom: the first campaign belongs at the top.
    return (
        f'<c:catAx><c:axId val="{CATEGORY_AXIS}"/><c:scaling><c:orientation val="maxMin"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f"<c:spPr>{line(timeline.look.baseline, 0.75)}</c:spPr>{axis_text(timeline.look.text, timeline.language)}"
        f'<c:crossAx val="{VALUE_AXIS}"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
        '<c:lblOffset val="100"/><c:tickLblSkip val="1"/><c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _date_axis(timeline: Timeline, first: int, last: int) -> str:
    # A quarter, half a year or whole years of 365.25 days, so that ticks stay on their month.
    lengths = (Decimal("30.4375") * n for n in (1, 3, 6, 12, 24, 60) if last - first <= n * 31 * 7)
    step = next(lengths, Decimal("3652.5"))
    last = first + math.ceil(math.ceil((last - first) / step) * step)  # the last bar, too, ends before a tick
    months = f'<c:numFmt formatCode="{month_format(timeline.language)}" sourceLinked="0"/>'
    return (
        f'<c:valAx><c:axId val="{VALUE_AXIS}"/><c:scaling><c:orientation val="minMax"/><c:max val="{last}"/>'
        f'<c:min val="{first}"/></c:scaling><c:delete val="0"/><c:axPos val="b"/><c:majorGridlines><c:spPr>'
        f"{line(timeline.look.rule, 0.5)}</c:spPr></c:majorGridlines>"
        f'{months}<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="high"/>'
        f"<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{axis_text(timeline.look.text, timeline.language)}"
        f'<c:crossAx val="{CATEGORY_AXIS}"/><c:crosses val="autoZero"/>'
        f'<c:crossBetween val="between"/><c:majorUnit val="{figure(step)}"/></c:valAx>'
    )
