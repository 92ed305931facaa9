"""The catalogue of metrics: what each built-in one is, how a project's own settings change it, what is computed.

Role: `resolve` turns the settings and the rows into `MetricDefinition`s, in the report's order; `ratio_of` says whether
a metric is computed from others; `problems` lists what contradicts. It compares nothing (`handover.compare` does) and
holds no words: labels come from `templates/<language>/metrics.toml` through the caller.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from handover.model.formulas import HUNDRED, Formula, Ratio, Rules, Values, computable
from handover.model.reporting import Annotation, Combine, Direction, Metric, Unit
from handover.model.rows import MetricRow
from handover.model.settings import Settings


class BuiltIn(NamedTuple):
    """What is known of a metric from its name alone."""

    unit: Unit
    good: Direction
    combine: Combine
    decimals: int | None = None
    weight: str | None = None
    formula: Formula | None = None
    part_only: bool = False
    """True for counts that exist to compute another metric; they are shown only when the settings name them."""


class MetricDefinition(NamedTuple):
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
    title: str | None = None
    """The agency's own words for what is seen."""
    comment: str | None = None

    @property
    def is_rank(self) -> bool:
        """Whether it is a place among others, of which the first is the best: a lower number is a rise."""
        return self.unit is Unit.RANK


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
    # In search: an advertisement's clicks are others, counted by another tool.
    "impressions": _count(),
    "clicks": _count(),
    "click_through_rate": _rate("impressions", _ratio("clicks", "impressions", 100), decimals=2),
    "average_position": BuiltIn(Unit.RANK, _DOWN, Combine.WEIGHTED, 1, "impressions"),
    "top_ten_keywords": BuiltIn(Unit.COUNT, _UP, Combine.LAST),
    "backlinks": BuiltIn(Unit.COUNT, _UP, Combine.LAST),
    "ad_impressions": _count(),
    "ad_clicks": _count(),
    "ad_click_through_rate": _rate("ad_impressions", _ratio("ad_clicks", "ad_impressions", 100), decimals=2),
    "ad_spend": BuiltIn(Unit.MONEY, _NEITHER, Combine.SUM),
    "ad_revenue": BuiltIn(Unit.MONEY, _UP, Combine.SUM),
    "return_on_ad_spend": BuiltIn(
        Unit.RATIO, _UP, Combine.WEIGHTED, 1, "ad_spend", _ratio("ad_revenue", "ad_spend", automatic=False)
    ),
    "cost_per_click": _cost("ad_spend", "ad_clicks"),
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
    """Every metric that the report shows, in its order: the settings' first, then as rows bring them.

    `labels` gives the built-in metrics' names in the client's language. Metrics in `report.left_out` and parts that
    only serve another metric are not among them. A metric without any label is named by its identifier. No rate is
    computed that nobody named: in `metrics`, in `report.headline`, or by giving a part that has no other use.
    """
    values, rules = by_metric(rows), rules_of(settings)
    shown = dict.fromkeys(settings.metrics)
    shown |= {name: None for name in values if not _known(name).part_only}
    shown |= {name: None for name in settings.report.headline if name in values or computable(name, values, rules)}
    shown |= dict.fromkeys(named_by_parts(values, rules))
    no_share = {name for name in shown if name not in values and impossible(name, settings, values) is not None}
    definitions = [define(name, settings, labels) for name in shown if name not in no_share]
    serving = {part for found in definitions if found.formula for part in found.formula.parts}
    serving |= {found.weight for found in definitions if found.weight}
    # A part that serves nothing shown has its own line: nothing that was given is dropped in silence.
    definitions += [define(name, settings, labels) for name in values if name not in shown and name not in serving]
    hidden = {item.metric for item in settings.report.left_out}
    return tuple(found for found in definitions if found.id not in hidden)


def named_by_parts(values: Values, rules: Rules) -> list[str]:
    """The metrics that are computed since a count was given that has no other use."""
    formulas = ((name, built.formula) for name, built in BUILTIN.items() if built.formula)
    return [
        name
        for name, formula in formulas
        if any(_known(part).part_only and part in values for part in formula.parts) and computable(name, values, rules)
    ]


def define(name: str, settings: Settings, labels: Mapping[str, str]) -> MetricDefinition:
    """The definition of one metric: the settings' own keys over the built-in ones."""
    built, own = _known(name), settings.metrics.get(name, Metric())
    unit = own.unit or built.unit
    combine = own.combine or (built.combine if unit is built.unit else _usual_combine(unit))
    weight = own.weight or (built.weight if combine is Combine.WEIGHTED else None)
    return MetricDefinition(
        id=name,
        label=own.label or labels.get(name) or name.replace("_", " "),
        unit=unit,
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
        title=own.title,
        comment=own.comment,
    )


def rules_of(settings: Settings) -> Rules:
    """How parts of formulas are computed and weighed in a project."""
    return _rules(lambda name: define(name, settings, {}))


def rules_among(definitions: Mapping[str, MetricDefinition]) -> Rules:
    """The same by definitions that are there; what isn't among them is as the catalogue has it."""

    def known(name: str) -> MetricDefinition | BuiltIn:
        return definitions.get(name) or _known(name)

    return _rules(known)


def _rules(known: Callable[[str], MetricDefinition | BuiltIn]) -> Rules:
    return Rules(
        lambda name: known(name).formula,
        lambda name: known(name).weight,
        lambda name: known(name).combine is Combine.LAST,
    )


def ratio_of(definition: MetricDefinition, values: Values, rules: Rules) -> Ratio | None:
    """What a metric is computed from; None where its given values stand, or where it can't be what it claims.

    Given values stand where the parts don't agree with them: then the parts mean something else.
    """
    formula, own = definition.formula, values.get(definition.id, {})
    if formula is None or (own and not formula.automatic):
        return None
    ratio = Ratio.of(formula, values, rules)
    computed = ratio.values()
    agrees = all(_agrees(own[day], computed[day]) for day in own.keys() & computed.keys())
    return ratio if ratio.terms and agrees and ratio.is_possible() else None


def contradicting(definition: MetricDefinition, values: Values, rules: Rules) -> dict[date, Decimal]:
    """The computed values, by date, that a metric's given ones don't agree with."""
    formula, own = definition.formula, values.get(definition.id, {})
    if formula is None or not formula.automatic or not own:
        return {}
    computed = Ratio.of(formula, values, rules).values()
    return {day: value for day, value in computed.items() if day in own and not _agrees(own[day], value)}


def impossible(name: str, settings: Settings, values: Values) -> date | None:
    """The first date at which a computed share would be below 0 or above 100 %; None for what is in order."""
    formula = define(name, settings, {}).formula
    if formula is None or not formula.is_share:
        return None
    computed = Ratio.of(formula, values, rules_of(settings)).values()
    return min((day for day, value in computed.items() if not 0 <= value <= HUNDRED), default=None)


def by_metric(rows: Iterable[MetricRow]) -> dict[str, dict[date, Decimal]]:
    """Metric → date → value."""
    values: dict[str, dict[date, Decimal]] = {}
    for row in rows:
        values.setdefault(row.metric, {})[row.date] = row.value
    return values


def _known(name: str) -> BuiltIn:
    return BUILTIN.get(name, _UNKNOWN)


def _usual_combine(unit: Unit) -> Combine:
    """How values of a unit combine where nobody says: counts and amounts add up, nothing else does."""
    return Combine.SUM if unit in {Unit.COUNT, Unit.MONEY} else Combine.MEAN


def _agrees(given: Decimal, computed: Decimal) -> bool:
    """Whether two values differ by no more than the last digit that was given."""
    exponent = given.as_tuple().exponent
    return abs(given - computed) <= Decimal(1).scaleb(min(0, exponent if isinstance(exponent, int) else 0))
