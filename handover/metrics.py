"""The catalogue of metrics: what each built-in one is, how a project's own settings change it, what is derived.

Role: `resolve` turns the settings and the rows into `MetricDefinition`s, in the report's order; `derive` computes
rates and ratios whose parts are given; `problems` lists what contradicts. It compares nothing (`handover.compare`
does) and holds no words: labels come from `templates/<language>/metrics.toml` through the caller.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from handover.model import Combine, Direction, Metric, MetricRow, Settings, Unit
from handover.model.settings import Annotation

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Formula:
    """`scale` × (signed sum of the numerator's metrics) ÷ the denominator's metric, date by date."""

    numerator: tuple[tuple[int, str], ...]
    """Pairs of a sign (+1 or −1) and a metric."""
    denominator: str
    scale: Decimal = Decimal(1)
    automatic: bool = True
    """True: computed, and checked against given values, whenever the parts are there. False: computed only
    when the settings name the metric and no values are given, because the parts often mean something else."""

    @property
    def parts(self) -> tuple[str, ...]:
        """Every metric that the formula needs."""
        return (*(name for _, name in self.numerator), self.denominator)


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """What is known of a metric from its name alone."""

    unit: Unit
    good: Direction
    combine: Combine
    decimals: int | None = None
    weight: str | None = None
    formula: Formula | None = None
    part_only: bool = False
    """True for counts that exist to compute another metric; they are shown only when the settings name them."""


@dataclass(frozen=True, slots=True)
class MetricDefinition:
    """One metric with every question answered: built-in knowledge overridden by the project's settings."""

    id: str
    label: str
    unit: Unit
    currency: str
    """ISO 4217 code; meaningful for `money` only."""
    good: Direction
    combine: Combine
    decimals: int | None = None
    """Decimals printed; None leaves the choice to the size of the values."""
    weight: str | None = None
    target: Decimal | None = None
    source: str | None = None
    annotations: tuple[Annotation, ...] = ()
    formula: Formula | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the metrics: the index of its row in `data/metrics.csv`, or the keys in the YAML."""

    rule: str
    message: str
    hint: str
    row: int | None = None
    keys: tuple[str, ...] = ()


def _ratio(top: str, bottom: str, scale: int = 1, *, automatic: bool = True) -> Formula:
    return Formula(((1, top),), bottom, Decimal(scale), automatic)


def _count(good: Direction = Direction.UP, *, part_only: bool = False) -> BuiltIn:
    return BuiltIn(Unit.COUNT, good, Combine.SUM, part_only=part_only)


def _rate(weight: str, formula: Formula | None = None, good: Direction = Direction.UP, decimals: int = 1) -> BuiltIn:
    return BuiltIn(Unit.PERCENT, good, Combine.WEIGHTED, decimals, weight, formula)


def _cost(top: str, per: str) -> BuiltIn:
    formula = _ratio(top, per, automatic=False)
    return BuiltIn(Unit.MONEY, Direction.DOWN, Combine.WEIGHTED, None, per, formula)


_UP, _DOWN, _NEITHER = Direction.UP, Direction.DOWN, Direction.NEITHER

BUILTIN: Mapping[str, BuiltIn] = {
    # Monthly visitors are people: the same one counts again each month, so that a sum over months would be false.
    "visitors": BuiltIn(Unit.COUNT, _UP, Combine.MEAN),
    "new_visitors": _count(),
    "organic_visitors": BuiltIn(Unit.COUNT, _UP, Combine.MEAN),
    "sessions": _count(),
    "organic_sessions": _count(),
    "page_views": _count(),
    "leads": _count(),
    "new_customers": _count(),
    "conversion_rate": _rate("visitors", _ratio("leads", "visitors", 100)),
    "marketing_spend": BuiltIn(Unit.MONEY, _NEITHER, Combine.SUM),
    "customer_acquisition_cost": _cost("marketing_spend", "new_customers"),
    "customer_lifetime_value": BuiltIn(Unit.MONEY, _UP, Combine.MEAN),
    "cltv_cac": BuiltIn(
        Unit.RATIO, _UP, Combine.WEIGHTED, 1, "customer_acquisition_cost",
        _ratio("customer_lifetime_value", "customer_acquisition_cost"),
    ),
    "leads_sourced": _count(part_only=True),
    "leads_influenced": _count(part_only=True),
    "customers_sourced": _count(part_only=True),
    "customers_influenced": _count(part_only=True),
    "leads_sourced_share": _rate("leads", _ratio("leads_sourced", "leads", 100)),
    "leads_influenced_share": _rate("leads", _ratio("leads_influenced", "leads", 100)),
    "customers_sourced_share": _rate("new_customers", _ratio("customers_sourced", "new_customers", 100)),
    "customers_influenced_share": _rate("new_customers", _ratio("customers_influenced", "new_customers", 100)),
    "customers_at_start": _count(_NEITHER, part_only=True),
    "customers_retained": _count(part_only=True),
    "retention_rate": _rate("customers_at_start", _ratio("customers_retained", "customers_at_start", 100)),
    "churn_rate": _rate("customers_at_start", good=_DOWN),
    # CES 2.0 asks how far "the company made it easy" is true: higher is easier.
    "effort_score": BuiltIn(Unit.SCORE, _UP, Combine.MEAN, 1),
    "nps": BuiltIn(
        Unit.SCORE, _UP, Combine.WEIGHTED, 0, "responses",
        Formula(((1, "promoters"), (-1, "detractors")), "responses", HUNDRED),
    ),
    "promoters": _count(part_only=True),
    "detractors": _count(_DOWN, part_only=True),
    "responses": _count(_NEITHER, part_only=True),
    "satisfaction_score": BuiltIn(Unit.SCORE, _UP, Combine.MEAN, 1),
    "revenue": BuiltIn(Unit.MONEY, _UP, Combine.SUM),
    "orders": _count(),
    "average_order_value": BuiltIn(
        Unit.MONEY, _UP, Combine.WEIGHTED, None, "orders", _ratio("revenue", "orders", automatic=False)
    ),
    "impressions": _count(),
    "clicks": _count(),
    "click_through_rate": _rate("impressions", _ratio("clicks", "impressions", 100), decimals=2),
    "average_position": BuiltIn(Unit.SCORE, _DOWN, Combine.WEIGHTED, 1, "impressions"),
    "top_ten_keywords": BuiltIn(Unit.COUNT, _UP, Combine.LAST),
    "backlinks": BuiltIn(Unit.COUNT, _UP, Combine.LAST),
    "ad_spend": BuiltIn(Unit.MONEY, _NEITHER, Combine.SUM),
    "ad_revenue": BuiltIn(Unit.MONEY, _UP, Combine.SUM),
    "return_on_ad_spend": BuiltIn(
        Unit.RATIO, _UP, Combine.WEIGHTED, 1, "ad_spend", _ratio("ad_revenue", "ad_spend", automatic=False)
    ),
    "cost_per_click": _cost("ad_spend", "clicks"),
    "cost_per_lead": _cost("ad_spend", "leads"),
    "bounce_rate": _rate("sessions", good=_DOWN),
    "engagement_rate": _rate("sessions"),
    "average_session_duration": BuiltIn(Unit.DURATION, _UP, Combine.WEIGHTED, None, "sessions"),
    "page_load_time": BuiltIn(Unit.DURATION, _DOWN, Combine.MEAN, 1),
    "response_time": BuiltIn(Unit.DURATION, _DOWN, Combine.MEAN),
    "uptime": BuiltIn(Unit.PERCENT, _UP, Combine.MEAN, 2),
    "newsletter_subscribers": BuiltIn(Unit.COUNT, _UP, Combine.LAST),
    "open_rate": BuiltIn(Unit.PERCENT, _UP, Combine.MEAN, 1),
    "followers": BuiltIn(Unit.COUNT, _UP, Combine.LAST),
    "phone_calls": _count(),
    "bookings": _count(),
    "downloads": _count(),
}  # fmt: skip
"""Metrics that need no definition: naming one in `data/metrics.csv` is enough."""

_UNKNOWN = BuiltIn(Unit.COUNT, Direction.UP, Combine.SUM)


def resolve(settings: Settings, rows: Sequence[MetricRow], labels: Mapping[str, str]) -> tuple[MetricDefinition, ...]:
    """Every metric that the report shows, in its order: the settings' first, then as rows and formulas bring them.

    `labels` gives the built-in metrics' names in the client's language. Metrics in `report.left_out` and parts
    that only serve another metric are not among them. A metric without any label is named by its identifier.
    """
    shown = dict.fromkeys(settings.metrics)
    given = dict.fromkeys(row.metric for row in rows)
    shown |= {name: None for name in given if not _known(name).part_only}
    available = set(given)
    for name, built in BUILTIN.items():
        if (formula := built.formula) and formula.automatic and available.issuperset(formula.parts):
            shown.setdefault(name)
    hidden = {item.metric for item in settings.report.left_out}
    return tuple(define(name, settings, labels) for name in shown if name not in hidden)


def define(name: str, settings: Settings, labels: Mapping[str, str]) -> MetricDefinition:
    """The definition of one metric: the settings' own keys over the built-in ones."""
    built, own = _known(name), settings.metrics.get(name, Metric())
    combine = own.combine or built.combine
    weight = own.weight or (built.weight if combine is Combine.WEIGHTED else None)
    return MetricDefinition(
        id=name,
        label=own.label or labels.get(name) or name.replace("_", " "),
        unit=own.unit or built.unit,
        currency=own.currency or settings.options.currency,
        good=own.good or built.good,
        combine=combine,
        decimals=own.decimals if own.decimals is not None else (built.decimals if own.unit is None else None),
        weight=weight,
        target=own.target,
        source=own.source,
        annotations=tuple(sorted(own.annotations, key=lambda note: note.date)),
        # A metric that the settings turn into something else isn't computed by the built-in formula.
        formula=built.formula if own.unit in {None, built.unit} else None,
    )


def derive(formula: Formula, values: Mapping[str, Mapping[date, Decimal]]) -> dict[date, Decimal]:
    """The derived metric's value at each date where every part has one; a zero denominator gives no value.

    A part's value for a month is never divided by another's for the first day of that month.
    """
    below = values.get(formula.denominator, {})
    whole = [months_given_whole(values.get(part, {})) for part in formula.parts]
    found: dict[date, Decimal] = {}
    for day, divisor in below.items():
        if len({day in firsts for firsts in whole}) > 1:
            continue
        tops = [(sign, values.get(part, {}).get(day)) for sign, part in formula.numerator]
        if divisor > 0 and all(top is not None for _, top in tops):
            found[day] = (
                formula.scale * sum((sign * top for sign, top in tops if top is not None), Decimal(0)) / divisor
            )
    return found


def months_given_whole(days: Collection[date]) -> frozenset[date]:
    """The first days of months that have a value on that day alone, which then stands for the month.

    The first of a month that follows a value of the day before is a day of a daily series, and stands for itself.
    """
    given = set(days)
    count = Counter((day.year, day.month) for day in given)
    firsts = (day for day in given if day.day == 1 and count[day.year, day.month] == 1)
    return frozenset(day for day in firsts if day == date.min or day - timedelta(days=1) not in given)


def by_metric(rows: Iterable[MetricRow]) -> dict[str, dict[date, Decimal]]:
    """Metric → date → value."""
    values: dict[str, dict[date, Decimal]] = {}
    for row in rows:
        values.setdefault(row.metric, {})[row.date] = row.value
    return values


def problems(settings: Settings, rows: Sequence[MetricRow]) -> list[Problem]:
    """What contradicts: given values against their parts, metrics without values, weights that nobody gives."""
    values = by_metric(rows)
    return [*_contradictions(settings, rows, values), *_without_values(settings, values), *_weights(settings, values)]


def _known(name: str) -> BuiltIn:
    return BUILTIN.get(name, _UNKNOWN)


def _contradictions(
    settings: Settings, rows: Sequence[MetricRow], values: Mapping[str, Mapping[date, Decimal]]
) -> list[Problem]:
    derived: dict[str, dict[date, Decimal]] = {}
    for name in values:
        formula = define(name, settings, {}).formula
        if formula and formula.automatic:
            derived[name] = derive(formula, values)
    found: list[Problem] = []
    for index, row in enumerate(rows):
        expected = derived.get(row.metric, {}).get(row.date)
        if expected is None or abs(row.value - expected) <= _last_place(row.value):
            continue
        formula = _known(row.metric).formula
        shown = expected.quantize(Decimal(1).scaleb(-4)).normalize()
        parts = " and ".join(dict.fromkeys(formula.parts)) if formula else ""
        found.append(
            Problem(
                "metric.contradiction",
                f"{row.metric} is {row.value}, but {parts} of the same date give {shown:f}",
                "correct one of them, or leave this value out: it is computed",
                row=index,
            )
        )
    return found


def _last_place(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(min(0, exponent if isinstance(exponent, int) else 0))


def _without_values(settings: Settings, values: Mapping[str, Mapping[date, Decimal]]) -> list[Problem]:
    found: list[Problem] = []
    for name in settings.metrics:
        formula = _known(name).formula
        if name in values or (formula and values.keys() >= set(formula.parts)):
            continue
        found.append(
            Problem(
                "metric.no-values",
                f"the metric {name} has no values in data/metrics",
                "add its rows, or remove its definition",
                keys=("metrics", name),
            )
        )
    return found


def _weights(settings: Settings, values: Mapping[str, Mapping[date, Decimal]]) -> list[Problem]:
    found: list[Problem] = []
    for name, own in settings.metrics.items():
        definition = define(name, settings, {})
        if definition.combine is not Combine.WEIGHTED or name not in values:
            continue
        if definition.weight is None:
            message, hint = f"the metric {name} is weighted by nothing", "name the weighing metric in `weight`"
        elif own.weight is not None and own.weight not in values:
            message, hint = f"the metric {name} is weighted by {own.weight}, which has no values", "add its rows"
        else:
            continue
        found.append(Problem("metric.weight", message, hint, keys=("metrics", name)))
    return found
