"""The project's figures: compared, put into words, and ready to be drawn, for every document that shows them.

Role: `analyse` takes a project's metrics to comparisons and their wording; `chart` makes one comparison's chart and
`timeline` the campaigns'. What stands where in the report is `report`'s business, and on the start page `start_here`'s.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from handover.compare.change import compare_all
from handover.compare.comparison import Basis, Comparison, Outcome, Side
from handover.compare.periods import first_day, month_of, period_caveats, whole_months
from handover.compare.rounding import enough, rounded, target_decimals, visible
from handover.compare.series import build_series
from handover.compare.wording import Wording
from handover.formats.chart.markup import locale_code
from handover.formats.chart.model import Band, Chart, Event, Kind, Look, Role, Span, Target, Timeline
from handover.formats.chart.workbook import figure
from handover.languages.typography import NO_BREAK_SPACE
from handover.languages.words import MINUS, Words
from handover.model.metrics import MetricDefinition, define, resolve
from handover.model.project import Project
from handover.model.reporting import Campaign, Combine, Unit

HEADLINES = 4
"""Headline figures when the settings name none."""

_MINUTES_FROM, _HOURS_FROM = 180, 10_800
_EXTRA_DECIMALS = 2
_LABEL = "label."


class Analysis(NamedTuple):
    """All comparisons of a project, in the report's order, and the words for them."""

    wording: Wording
    comparisons: tuple[Comparison, ...]
    headlines: tuple[Comparison, ...]
    notes: tuple[str, ...]
    """Caveats that hold for every figure, as sentences."""


def report_words(words: Words) -> Words:
    """The words of the report and of the metrics in the language and locale of `words`."""
    return words.other("metrics", "report")


def analyse(project: Project, words: Words, today: dt.date) -> Analysis:
    """Compare every metric of the project as of `today`; `words` must hold `metrics.toml` and `report.toml`."""
    settings, wording = project.settings, Wording(words)
    if settings.periods is None:
        return Analysis(wording, (), (), ())
    labels = {key.removeprefix(_LABEL): text for key, text in words.texts.items() if key.startswith(_LABEL)}
    shown = resolve(settings, project.metrics, labels)
    given = dict.fromkeys((*settings.metrics, *(row.metric for row in project.metrics)))
    hidden = (define(name, settings, labels) for name in given)
    comparisons = compare_all(build_series(shown, project.metrics, hidden, today=today), settings.periods)
    by_id = {comparison.definition.id: comparison for comparison in comparisons}
    wanted = settings.report.headline or tuple(by_id)[:HEADLINES]
    return Analysis(
        wording,
        comparisons,
        tuple(by_id[name] for name in wanted if name in by_id),
        tuple(wording.caveat(caveat) for caveat in period_caveats(settings.periods)),
    )


def targets_met(project: Project, words: Words, today: dt.date) -> tuple[bool, ...]:
    """Of each figure that had a target and can be compared with it, whether it was met."""
    found = analyse(project, report_words(words), today).comparisons
    return tuple(one.target_met for one in found if one.target_met is not None)


def chart(wording: Wording, comparison: Comparison, look: Look, *, small: bool = False) -> Chart:
    """The monthly series of one metric with both periods, target, annotations and breaks; `small` for one of six."""
    definition, words = comparison.definition, wording.words
    monthly = comparison.series.monthly
    months = _months(comparison, monthly)
    axis = _axis(definition, monthly, words)
    values = tuple(_scaled(monthly.get(month), comparison, axis) for month in months)
    breaks = {month_of(b.day) - months[0] for b in comparison.series.breaks}
    decimals = visible(definition, comparison.decimals, monthly.values())
    last = monthly[max(monthly)] if monthly else None
    sides = ((Role.BASELINE, comparison.baseline), (Role.CURRENT, comparison.current))
    drawn = Chart(
        kind=Kind.BAR if definition.combine is Combine.SUM else Kind.LINE,
        name=axis.name,
        description=_description(wording, comparison, monthly),
        language=words.tag,
        months=tuple(first_day(month) for month in months),
        values=values,
        look=look,
        category_name=words.text("chart.month"),
        bands=tuple(
            Band(
                role=role,
                first=month_of(side.period.start) - months[0],
                last=month_of(side.period.end) - months[0],
                lines=(wording.period(side), value_of(wording, comparison, side)),
                # A last value is no level of the months before it.
                level=None
                if side.value is None or comparison.basis is Basis.LAST
                else _scaled(side.level, comparison, axis),
            )
            for role, side in sides
        ),
        events=_events(comparison, months, words),
        breaks=tuple(sorted(at for at in breaks if 0 < at < len(months))),
        target=_target(wording, comparison, axis),
        last_text="" if last is None else wording.value(definition, last, enough(definition, last, decimals)),
        flipped=definition.is_rank,
        small=small,
        axis_format=axis.format,
    )
    return _with_ticks(drawn, definition, wording, axis)


def campaigns_until(project: Project, today: dt.date) -> list[Campaign]:
    """The campaigns that had begun by `today`, in order of their start: of later ones nothing was done."""
    begun = (campaign for campaign in project.settings.report.campaigns if campaign.start <= today)
    return sorted(begun, key=lambda campaign: campaign.start)


def timeline(campaigns: Sequence[Campaign], words: Words, look: Look) -> Timeline | None:
    """The campaigns on a time axis, in the order given; None without any."""
    if not campaigns:
        return None
    spans = tuple(Span(c.name, c.start, c.end or c.start, when(words, c.start, c.end)) for c in campaigns)
    first = dt.date(spans[0].start.year, 1, 1)
    last = first_day(month_of(max(span.end for span in spans)) + 1)
    listed = words.list([f"{span.label} ({span.when})" for span in spans])
    return Timeline(
        name=words.text("timeline.name"),
        description=words.text("timeline.description", campaigns=listed),
        language=words.tag,
        spans=spans,
        first=first,
        last=last,
        look=look,
        headings=(
            words.text("timeline.campaign"),
            words.text("timeline.start"),
            words.text("timeline.days"),
            words.text("timeline.milestone"),
        ),
    )


def when(words: Words, start: dt.date, end: dt.date | None) -> str:
    """One day, or from one to another."""
    return words.date(start) if end is None or end == start else words.between(start, end)


def sparkline_text(wording: Wording, comparison: Comparison) -> str:
    """What a line of a few millimetres shows, for who can't see it."""
    words, months = wording.words, _months(comparison, comparison.series.monthly)
    said = {
        "label": comparison.definition.label,
        "first": words.month(first_day(months[0])),
        "last": words.month(first_day(months[-1])),
    }
    if comparison.change is None:
        return words.text("spark_alone", **said)
    then, now = (
        wording.value(comparison.definition, side.value, comparison.decimals)
        for side in (comparison.baseline, comparison.current)
    )
    return words.text("spark", then=then, now=now, **said)


# Parts of a chart


class _Axis(NamedTuple):
    name: str
    format: str
    divisor: int = 1
    suffix: str = ""
    """After each tick, for a duration."""


def _months(comparison: Comparison, monthly: Mapping[int, Decimal]) -> tuple[int, ...]:
    sides = (comparison.baseline.period, comparison.current.period)
    known = [month_of(day) for period in sides for day in (period.start, period.end)]
    first, last = min([*known, *monthly]), max([*known, *monthly])
    # A few empty months put a tick of the axis, which counts from its first month, at the baseline's start.
    before = -(known[0] - first) % 6
    first -= before if before <= (last - first) // 12 else 0
    return tuple(range(first, last + 1))


def _axis(definition: MetricDefinition, monthly: Mapping[int, Decimal], words: Words) -> _Axis:
    label = definition.label
    if definition.unit is Unit.PERCENT:
        sample = words.percent(0)
        unit = sample.removeprefix("0")
        return _Axis(f"{label} (%)", f'#,##0"{unit}"')
    if definition.unit is Unit.MONEY:
        before, _, after = words.money(0, definition.currency, 0).partition("0")
        return _Axis(f"{label} ({(before + after).strip()})", f"{_quoted(before)}#,##0{_quoted(after)}")
    if definition.unit is Unit.DURATION:
        longest = max((abs(value) for value in monthly.values()), default=Decimal(0))
        unit, divisor = ("h", 3600) if longest >= _HOURS_FROM else ("min", 60) if longest >= _MINUTES_FROM else ("s", 1)
        return _Axis(f"{label} ({unit})", f'#,##0"{NO_BREAK_SPACE}{unit}"', divisor, f"{NO_BREAK_SPACE}{unit}")
    return _Axis(label, "#,##0")


def _quoted(text: str) -> str:
    return f'"{text}"' if text else ""


def _scaled(value: Decimal | None, comparison: Comparison, axis: _Axis) -> Decimal | None:
    if value is None:
        return None
    extra = _EXTRA_DECIMALS if axis.divisor == 1 else 4
    # A given value stays as it was given; a computed one is cut where nobody looks any more.
    short = value if -_exponent(value) <= 6 else rounded(value, comparison.decimals + extra) or Decimal(0)
    return short if axis.divisor == 1 else rounded(value / axis.divisor, extra)


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _target(wording: Wording, comparison: Comparison, axis: _Axis) -> Target | None:
    """The target as the chart's months have it: that of a total is the share of each of its months."""
    definition, side = comparison.definition, comparison.current
    if definition.target is None or (definition.combine is Combine.SUM and comparison.basis is not Basis.TOTAL):
        return None
    months = len(whole_months(side.period)) if definition.combine is Combine.SUM else 1
    if not months:
        return None
    level = definition.target / months
    text = wording.value(definition, level, target_decimals(definition, comparison.decimals))
    if definition.combine is not Combine.SUM:
        text = wording.words.text(f"chart.{comparison.basis}", value=text)
    return Target(
        _scaled(level, comparison, axis) or Decimal(0),
        wording.words.text("target.line-month" if months > 1 else "target.line", target=text),
    )


def value_of(wording: Wording, comparison: Comparison, side: Side) -> str:
    """A period's value with what it is, `11,588 on average`, or that it has none."""
    if side.value is None:
        return wording.words.text("chart.none" if comparison.outcome is not Outcome.BROKEN else "empty")
    value = wording.value(comparison.definition, side.value, comparison.decimals)
    return wording.words.text(f"chart.{comparison.basis}", value=value)


def _events(comparison: Comparison, months: Sequence[int], words: Words) -> tuple[Event, ...]:
    inside = [note for note in comparison.definition.annotations if months[0] <= month_of(note.date) <= months[-1]]
    return tuple(
        Event(
            month_of(note.date) - months[0],
            number,
            note.text,
            words.text("chart.event", number=str(number), date=words.date(note.date), text=note.text),
        )
        for number, note in enumerate(inside, 1)
    )


def _description(wording: Wording, comparison: Comparison, monthly: Mapping[int, Decimal]) -> str:
    words, definition = wording.words, comparison.definition
    sentence = wording.sentence(comparison)
    if not monthly:
        return words.text("chart.empty_description", label=definition.label, sentence=sentence)
    decimals = visible(definition, comparison.decimals, monthly.values())
    low, high = min(monthly, key=lambda m: (monthly[m], m)), max(monthly, key=lambda m: (monthly[m], -m))
    return words.text(
        "chart.description",
        label=definition.label,
        first=words.month(first_day(min(monthly))),
        last=words.month(first_day(max(monthly))),
        low=wording.value(definition, monthly[low], decimals),
        low_month=words.month(first_day(low)),
        high=wording.value(definition, monthly[high], decimals),
        high_month=words.month(first_day(high)),
        sentence=sentence,
    )


def _with_ticks(drawn: Chart, definition: MetricDefinition, wording: Wording, axis: _Axis) -> Chart:
    scale, words, money = drawn.scale, wording.words, definition.unit is Unit.MONEY
    first = scale.low if drawn.flipped else scale.top
    currency = words.money(0, definition.currency, 0).replace("0", "") if money else ""
    texts = []
    for tick in scale.ticks:
        if tick != first:
            # As the locale groups amounts, which Switzerland has its own way for.
            said = words.money(tick, definition.currency, scale.decimals) if money else None
            texts.append(said.replace(currency, "") if said else words.number(tick, scale.decimals))
        elif axis.suffix:
            texts.append(words.number(tick, scale.decimals) + axis.suffix)
        else:
            texts.append(wording.value(definition, tick, scale.decimals))
    decimals = "." + "0" * scale.decimals if scale.decimals else ""
    plain, full = f"#,##0{decimals}", drawn.axis_format.replace("#,##0", f"#,##0{decimals}")
    return replace(drawn, tick_texts=tuple(texts), axis_format=_tick_format(plain, full, drawn, words, money=money))


def _apostrophes(drawn: Chart, locale: str) -> str:
    """A format that writes Swiss amounts with the apostrophe of the text, for which LibreOffice has a straight one.

    It is a text between the digits, so that each size of number needs a section of the three that a format can have
    conditions for; empty where these are too few, or something is below zero.
    """
    *others, top = drawn.scale.ticks
    sizes = sorted({_thousands(tick) for tick in others})
    if len(sizes) > 2 or min(others) < 0:
        return ""
    tail = "." + "0" * drawn.scale.decimals if drawn.scale.decimals else ""
    digits = [f"#{'’###' * (size - 1)}’##0" if size else "0" for size in range(_thousands(top) + 1)]
    digits = [code.replace("’", '"’"') + tail for code in digits]
    full = drawn.axis_format.replace("#,##0", digits[-1])
    found = [f"{locale}[>{figure(top - drawn.scale.step / 2)}]{full}"]
    found += [f"{locale}[>={1000 ** sizes[1]}]{digits[sizes[1]]}"] if len(sizes) > 1 else []
    return ";".join([*found, locale + digits[sizes[0]]])


def _thousands(value: Decimal) -> int:
    """How often a number's digits are parted in threes."""
    return (len(str(abs(int(value)))) - 1) // 3


def _tick_format(plain: str, full: str, drawn: Chart, words: Words, *, money: bool) -> str:
    """A format code whose unit stands at the topmost tick alone, with a real minus (U+2212) below zero.

    ECMA-376 Part 1, 18.8.31: a section may begin with a condition; the last one is for every other number. A section
    for negative numbers writes no sign of its own; text stands in quotation marks.
    """
    # LibreOffice takes separators from the locale in brackets, Word from the computer that it runs on. LibreOffice
    # groups Belgium's French with points, as no text does, and Switzerland's as no plain number is.
    locale = locale_code("fr-FR" if words.tag in {"fr-BE", "fr-CH"} else words.tag)
    if money and words.tag == "fr-CH" and (own := _apostrophes(drawn, locale_code(words.tag))):
        return own
    # Texts side by side become one: programs disagree about two quotation marks in a row.
    scale, half = drawn.scale, drawn.scale.step / 2
    at_top = f"[<{figure(scale.low + half)}]" if drawn.flipped else f"[>{figure(scale.top - half)}]"
    top = f'"{MINUS}"{full}'.replace('""', "") if scale.top < 0 else full
    below = f'{locale}[<0]"{MINUS}"{plain}'
    if plain == full:
        return f'{locale}{plain};{locale}"{MINUS}"{plain}'
    return f"{locale}{at_top}{top};{below};{locale}{plain}"
