"""One metric's values in time: given and derived readings, by day and by month.

Role: `build_series` joins rows, formulas and weights into a `Series` per metric; `combine` makes one value of
several readings. It compares nothing.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from handover.compare.coverage import change_of_step, unfinished, with_holes
from handover.compare.periods import month_of
from handover.metrics import MetricDefinition, by_metric, derive, months_given_whole
from handover.model import Combine, MetricRow


@dataclass(frozen=True, slots=True)
class Reading:
    """One value at one date, with the weight that it has in a weighted mean, if that is known."""

    day: dt.date
    value: Decimal
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """From `day` on, values can't be compared with those before: the definition or the source changed."""

    day: dt.date
    text: str
    source: tuple[str, str] | None = None
    """The sources before and after, where the break is a change of source."""
    step: bool = False
    """Whether values by month and values by day meet here, of what can't be added up."""


@dataclass(frozen=True, slots=True)
class Series:
    """All the readings of one metric, ascending by date."""

    definition: MetricDefinition
    readings: tuple[Reading, ...]
    daily: bool
    """False when every date is the first of a month: each value then stands for its month."""
    breaks: tuple[Break, ...] = ()
    partial: frozenset[int] = frozenset()
    """Months whose data ended before the month did."""
    holes: frozenset[int] = frozenset()
    """Months of a daily series in which more days in a row lack than a holiday has."""
    sources: tuple[str, ...] = ()
    """Where the values come from, in order of appearance."""
    exported_on: dt.date | None = None
    """The last day on which values were taken from their source."""
    derived: bool = False
    parts: Mapping[str, Mapping[dt.date, Decimal]] = field(default_factory=dict, repr=False)
    """The formula's parts by date, for a derived metric."""

    @property
    def weighted(self) -> bool:
        """Whether every reading that a weighted mean needs has its weight."""
        return self.definition.combine is Combine.WEIGHTED and all(r.weight is not None for r in self.readings)

    def monthly(self) -> dict[int, Decimal]:
        """Month → value, ascending; a month without a value isn't there."""
        if not self.daily:
            return {month_of(reading.day): reading.value for reading in self.readings}
        months: dict[int, list[Reading]] = {}
        for reading in self.readings:
            months.setdefault(month_of(reading.day), []).append(reading)
        combined = {month: combine(found, self.definition.combine) for month, found in months.items()}
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
    definitions: Iterable[MetricDefinition], rows: Sequence[MetricRow], hidden: Iterable[MetricDefinition] = ()
) -> tuple[Series, ...]:
    """A series per definition, in their order. `hidden` are metrics that aren't shown but may be parts of shown ones.

    Where a formula's parts are given, its exact value replaces the given rounded one, so that a reader who
    divides the printed totals finds the printed rate.
    """
    values = by_metric(rows)
    rows_of: dict[str, list[MetricRow]] = {}
    for row in sorted(rows, key=lambda row: row.date):
        rows_of.setdefault(row.metric, []).append(row)
    shown = {definition.id: definition for definition in definitions}
    known = {**{definition.id: definition for definition in hidden}, **shown}
    return tuple(_series(definition, values, rows_of, known) for definition in shown.values())


def _series(
    definition: MetricDefinition,
    values: Mapping[str, Mapping[dt.date, Decimal]],
    rows_of: Mapping[str, Sequence[MetricRow]],
    known: Mapping[str, MetricDefinition],
) -> Series:
    formula = definition.formula
    own = rows_of.get(definition.id, ())
    computed = derive(formula, values) if formula and (formula.automatic or not own) else {}
    merged = {**values.get(definition.id, {}), **computed}
    weights = _weights(merged, values.get(definition.weight or "", {}))
    readings = tuple(Reading(day, merged[day], weights.get(day)) for day in sorted(merged))
    parts = tuple(formula.parts) if formula and computed else ()
    daily = any(reading.day.day != 1 for reading in readings)
    told = [row for part in dict.fromkeys((definition.id, *parts)) for row in rows_of.get(part, ())]
    breaks = _breaks(definition, own)
    for part in parts:
        # What breaks a part breaks what is computed from it.
        breaks += _breaks(known.get(part), rows_of.get(part, ()))
        met = change_of_step(known[part], sorted(values.get(part, {}))) if part in known else None
        breaks += [Break(met, "", step=True)] if met else []
    days = [reading.day for reading in readings]
    meets = change_of_step(definition, days)
    breaks += [Break(meets, "", step=True)] if meets else []
    partial = unfinished(days, told, daily=daily)
    return Series(
        definition=definition,
        readings=readings,
        daily=daily,
        breaks=tuple(sorted(dict.fromkeys(breaks), key=lambda b: b.day)),
        partial=partial,
        holes=with_holes(days) - partial if daily else frozenset(),
        sources=_sources(definition, told, [known[part] for part in parts if part in known]),
        exported_on=max((row.exported_on for row in told if row.exported_on), default=None),
        derived=bool(computed),
        parts={part: values.get(part, {}) for part in parts},
    )


def _weights(own: Collection[dt.date], weights: Mapping[dt.date, Decimal]) -> Mapping[dt.date, Decimal]:
    """The weights that belong to a metric's dates: a day's never weighs a month's value, nor the reverse."""
    mine, others = months_given_whole(own), months_given_whole(weights)
    return {day: weight for day, weight in weights.items() if (day in mine) is (day in others)}


def _breaks(definition: MetricDefinition | None, rows: Sequence[MetricRow]) -> list[Break]:
    notes = definition.annotations if definition else ()
    found = [Break(note.date, note.text) for note in notes if note.breaks_series]
    before: str | None = None
    for row in rows:
        source = row.source or (definition.source if definition else None)
        if before and source and source != before:
            found.append(Break(row.date, "", (before, source)))
        before = source or before
    return found


def _sources(
    definition: MetricDefinition, rows: Sequence[MetricRow], parts: Sequence[MetricDefinition]
) -> tuple[str, ...]:
    of_metric = {part.id: part.source for part in parts}
    named = [row.source or of_metric.get(row.metric) or definition.source for row in rows]
    return tuple(dict.fromkeys(source for source in (*named, definition.source) if source))
