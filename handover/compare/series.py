"""One metric's values in time: given and derived readings, by day and by month.

Role: `build_series` joins rows, formulas and weights into a `Series` per metric; `combine` makes one value of
several readings. It compares nothing, and rounds nothing.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from functools import cached_property
from typing import NamedTuple

from handover.compare.coverage import change_of_step, not_over, unfinished, with_holes
from handover.compare.periods import month_of
from handover.compare.rounding import EXACT
from handover.model.formulas import Ratio, Rules, leaves, months_given_whole
from handover.model.metrics import MetricDefinition, by_metric, ratio_of, rules_among
from handover.model.reporting import Combine
from handover.model.rows import MetricRow


class Reading(NamedTuple):
    """One value at one date, with the weight that it has in a weighted mean, if that is known."""

    day: dt.date
    value: Decimal
    weight: Decimal | None = None


class Break(NamedTuple):
    """From `day` on, values can't be compared with those before: the definition or the source changed."""

    day: dt.date
    text: str
    source: tuple[str, str] | None = None
    """The sources before and after, where the break is a change of source."""
    step: bool = False
    """Whether values by month and values by day meet here, of what can't be added up."""


@dataclass(frozen=True)
class Series:
    """All the readings of one metric, ascending by date."""

    definition: MetricDefinition
    readings: tuple[Reading, ...]
    daily: bool
    """False when every date is the first of a month: each value then stands for its month."""
    breaks: tuple[Break, ...] = ()
    partial: frozenset[int] = frozenset()
    """Months whose data ended before the month did."""
    running: frozenset[int] = frozenset()
    """Months with values that weren't over on the day of the report."""
    holes: frozenset[int] = frozenset()
    """Months of a daily series in which more days in a row lack than a holiday has."""
    sources: tuple[str, ...] = ()
    """Where the values come from, in order of appearance."""
    exported_on: dt.date | None = None
    """The last day on which values were taken from their source."""
    ratio: Ratio | None = field(default=None, repr=False)
    """What the metric is computed from, where it is."""
    parts: Mapping[str, Mapping[dt.date, Decimal]] = field(default_factory=dict, repr=False)
    """The given metrics that a computed one rests on, by date."""
    today: dt.date | None = None
    """The day of the report, where it is known."""

    @property
    def derived(self) -> bool:
        """Whether values are computed from other metrics."""
        return self.ratio is not None

    @cached_property
    def nothing(self) -> frozenset[dt.date]:
        """Dates at which the parts were measured and there was nothing to divide by: a share of zero leads."""
        computed = {reading.day for reading in self.readings}
        return frozenset(self.ratio.terms.keys() - computed) if self.ratio else frozenset()

    @property
    def measured(self) -> frozenset[int]:
        """The months that have a value, or a share of nothing."""
        return frozenset(map(month_of, (*(reading.day for reading in self.readings), *self.nothing)))

    def weighs(self, readings: Iterable[Reading]) -> bool:
        """Whether these readings make one rate of their whole time: computed, or each with its weight."""
        several = list(readings)
        return self._is_computed(several) or all(reading.weight is not None for reading in several)

    def together(self, readings: Sequence[Reading], how: Combine, nothing: Collection[dt.date] = ()) -> Decimal | None:
        """One value for several readings; a computed rate is that of their days and of those with `nothing`."""
        if self.ratio and how is Combine.WEIGHTED and self._is_computed(readings):
            return self.ratio.over({*(reading.day for reading in readings), *nothing})
        return combine(readings, how)

    def _is_computed(self, readings: Iterable[Reading]) -> bool:
        return self.ratio is not None and all(reading.day in self.ratio.terms for reading in readings)

    @cached_property
    def monthly(self) -> Mapping[int, Decimal]:
        """Month → value, ascending; a month without a value isn't there."""
        months: dict[int, list[Reading]] = {}
        for reading in self.readings:
            months.setdefault(month_of(reading.day), []).append(reading)
        how = self.definition.combine
        combined = {
            month: self.together(found, how, [day for day in self.nothing if month_of(day) == month])
            for month, found in months.items()
        }
        return {month: value for month, value in combined.items() if value is not None}


def combine(readings: Sequence[Reading], how: Combine) -> Decimal | None:
    """One value for several readings, ascending by date; None without readings or with weights that sum to 0.

    A weighted mean with a weight missing anywhere falls back to the plain mean; the caller prints that caveat.
    """
    if not readings:
        return None
    if how is Combine.SUM:
        return sum((reading.value for reading in readings), Decimal(0))
    if how is Combine.LAST:
        return readings[-1].value
    if how is Combine.WEIGHTED:
        weights = [reading.weight for reading in readings if reading.weight is not None]
        if len(weights) == len(readings):
            total = sum(weights, Decimal(0))
            products = (reading.value * weight for reading, weight in zip(readings, weights, strict=True))
            return sum(products, Decimal(0)) / total if total > 0 else None
    return sum((reading.value for reading in readings), Decimal(0)) / len(readings)


def build_series(
    definitions: Iterable[MetricDefinition],
    rows: Sequence[MetricRow],
    hidden: Iterable[MetricDefinition] = (),
    *,
    today: dt.date | None = None,
) -> tuple[Series, ...]:
    """A series per definition, in their order. `hidden` are metrics that aren't shown but may be parts of shown ones.

    Where a formula's parts are given, its exact value replaces the given rounded one, so that a reader who
    divides the printed totals finds the printed rate. A month that isn't over on `today` isn't whole.
    """
    rows_of: dict[str, list[MetricRow]] = {}
    for row in sorted(rows, key=lambda row: row.date):
        rows_of.setdefault(row.metric, []).append(row)
    shown = {definition.id: definition for definition in definitions}
    known = {**{definition.id: definition for definition in hidden}, **shown}
    with localcontext(EXACT):
        given = _Given(by_metric(rows), rows_of, known, rules_among(known), today)
        return tuple(_series(definition, given) for definition in shown.values())


class _Given(NamedTuple):
    """What all series are built from."""

    values: Mapping[str, Mapping[dt.date, Decimal]]
    rows: Mapping[str, Sequence[MetricRow]]
    known: Mapping[str, MetricDefinition]
    rules: Rules
    today: dt.date | None


def _series(definition: MetricDefinition, given: _Given) -> Series:
    values, known = given.values, given.known
    own = given.rows.get(definition.id, ())
    ratio = ratio_of(definition, values, given.rules)
    merged = {**values.get(definition.id, {}), **(ratio.values() if ratio else {})}
    weights = _weights(merged, values.get(definition.weight or "", {}))
    readings = tuple(Reading(day, merged[day], weights.get(day)) for day in sorted(merged))
    parts = leaves(ratio.formula, values, given.rules) if ratio else ()
    days = sorted({*merged, *(ratio.terms if ratio else ())})
    daily = any(day.day != 1 for day in days)
    told = [row for part in dict.fromkeys((definition.id, *parts)) for row in given.rows.get(part, ())]
    breaks = _breaks(definition, own)
    for part in parts:
        # What breaks a part breaks what is computed from it.
        breaks += _breaks(known.get(part), given.rows.get(part, ()))
        met = change_of_step(known[part], sorted(values.get(part, {}))) if part in known else None
        breaks += [Break(met, "", step=True)] if met else []
    meets = change_of_step(definition, days)
    breaks += [Break(meets, "", step=True)] if meets else []
    running = not_over(days, given.today)
    partial = unfinished(days, told, daily=daily) - running
    return Series(
        definition=definition,
        readings=readings,
        daily=daily,
        breaks=tuple(sorted(dict.fromkeys(breaks), key=lambda b: b.day)),
        partial=partial,
        running=running,
        holes=with_holes(days) - partial - running if daily else frozenset(),
        sources=_sources(definition, told, [known[part] for part in parts if part in known]),
        exported_on=max((row.exported_on for row in told if row.exported_on), default=None),
        ratio=ratio,
        parts={part: values.get(part, {}) for part in parts},
        today=given.today,
    )


def _weights(own: Collection[dt.date], weights: Mapping[dt.date, Decimal]) -> Mapping[dt.date, Decimal]:
    """The weights that belong to a metric's dates: a day's never weighs a month's value, nor the reverse."""
    mine, others = months_given_whole(own), months_given_whole(weights)
    return {day: weight for day, weight in weights.items() if (day in mine) is (day in others)}


def _breaks(definition: MetricDefinition | None, rows: Sequence[MetricRow]) -> list[Break]:
    notes = definition.annotations if definition else ()
    found = [Break(note.date, note.text) for note in notes if note.breaks_series]
    if definition and definition.source:
        return found  # one source for all of it, as the user says
    before: str | None = None
    for row in rows:
        if before and row.source and row.source != before:
            found.append(Break(row.date, "", (before, row.source)))
        before = row.source or before
    return found


def _sources(
    definition: MetricDefinition, rows: Sequence[MetricRow], parts: Sequence[MetricDefinition]
) -> tuple[str, ...]:
    if definition.source:
        return (definition.source,)
    of_metric = {part.id: part.source for part in parts}
    named = [of_metric.get(row.metric) or row.source for row in rows]
    return tuple(dict.fromkeys(source for source in named if source))
