"""The comparison cases: what was measured, for `test_compare`; the expected words are in `golden/compare.toml`.

Each case is a sentence, rows, settings and periods. Helpers make monthly rows and the smallest valid settings.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from handover.compare.change import compare
from handover.compare.comparison import Comparison
from handover.compare.series import build_series
from handover.languages.words import Words
from handover.model.metrics import define, resolve
from handover.model.reporting import Annotation, Combine, Direction, Metric, Period, Periods, Unit
from handover.model.rows import MetricRow
from handover.model.settings import Settings

YEARS = (("2024-06-01", "2025-05-31"), ("2025-06-01", "2026-05-31"))
QUARTERS = (("2025-03-01", "2025-05-31"), ("2026-03-01", "2026-05-31"))
HALVES = (("2024-06-01", "2024-11-30"), ("2025-12-01", "2026-05-31"))
UNEQUAL = (("2024-06-01", "2024-11-30"), ("2025-06-01", "2026-05-31"))
MONTHS = (("2025-05-01", "2025-05-31"), ("2026-05-01", "2026-05-31"))

STEADY = (100, 104, 98, 110, 95, 101, 99, 103, 97, 102, 100, 91)
NOISY = (110, 90, 105, 92, 115, 99, 88, 120, 101, 97, 95, 108)


def month(text: str, offset: int = 0) -> dt.date:
    """The first day of a month, `offset` months after `text`."""
    year, number = (int(part) for part in text.split("-")[:2])
    count = year * 12 + number - 1 + offset
    return dt.date(count // 12, count % 12 + 1, 1)


def rows(metric: str, start: str, values: Sequence[Any], **more: Any) -> list[MetricRow]:
    """Monthly rows from `start` on; None leaves a month out."""
    return [
        MetricRow(date=month(start, at), metric=metric, value=Decimal(str(value)), **more)
        for at, value in enumerate(values)
        if value is not None
    ]


def daily(metric: str, start: str, values: Sequence[Any]) -> list[MetricRow]:
    """Daily rows from `start` on."""
    first = dt.date.fromisoformat(start)
    return [
        MetricRow(date=first + dt.timedelta(days=at), metric=metric, value=Decimal(str(value)))
        for at, value in enumerate(values)
        if value is not None
    ]


def times(factor: float, values: Sequence[int]) -> list[int]:
    """Whole values scaled."""
    return [round(value * factor) for value in values]


def periods(spans: Sequence[tuple[str, str]]) -> Periods:
    """Two periods from four ISO dates."""
    one, other = (Period(start=dt.date.fromisoformat(a), end=dt.date.fromisoformat(b)) for a, b in spans)
    return Periods(baseline=one, current=other)


def settings(metrics: Mapping[str, Metric] | None = None, **more: Any) -> Settings:
    """The smallest valid settings."""
    base = {
        "language": "en",
        "agency": {"name": "Harbour Lane", "address": ["1 Quay"], "email": "a@harbour.example"},
        "owners": [{"name": "Ann Shore", "title": "Director"}],
        "client": {
            "id": "dunes", "name": "Dunes Ltd", "address": ["2 Beach Road"],
            "contacts": [{"name": "Bob Sand", "email": "bob@dunes.example"}],
        },
        "contract": {
            "subject": "your web site", "start_date": "2022-01-01", "ended_by": "mutual",
            "last_working_day": "2026-11-30",
        },
        "letter": {"date": "2026-06-01", "place": "Bristol"},
        "periods": {
            "baseline": {"start": "2024-06-01", "end": "2025-05-31"},
            "current": {"start": "2025-06-01", "end": "2026-05-31"},
        },
    }  # fmt: skip
    return Settings.model_validate({**base, "metrics": dict(metrics or {}), **more})


def compared(
    metric: str,
    given: Sequence[MetricRow],
    spans: Sequence[tuple[str, str]] = YEARS,
    metrics: Mapping[str, Metric] | None = None,
    words: Words | None = None,
    today: dt.date | None = None,
) -> Comparison:
    """The comparison of one metric."""
    labels = {k.removeprefix("label."): v for k, v in words.texts.items() if k.startswith("label.")} if words else {}
    chosen = settings(metrics)
    shown = {d.id: d for d in resolve(chosen, given, labels)} | {metric: define(metric, chosen, labels)}
    hidden = [define(name, chosen, labels) for name in (*chosen.metrics, *(row.metric for row in given))]
    series = {s.definition.id: s for s in build_series(shown.values(), given, hidden, today=today)}
    return compare(series[metric], periods(spans))


@dataclass(frozen=True)
class Case:
    """One case; `name` is its key in the golden file."""

    name: str
    metric: str
    rows: Sequence[MetricRow]
    spans: Sequence[tuple[str, str]] = YEARS
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    today: dt.date | None = None
    """The day of the report."""


def own(unit: Unit, good: Direction = Direction.UP, combine: Combine = Combine.MEAN, **more: Any) -> Metric:
    """A project's own metric."""
    return Metric(label="Our figure", unit=unit, good=good, combine=combine, **more)


def two(then: Any, now: Any, metric: str = "ours") -> list[MetricRow]:
    """The same value in each month of a year, and another in each month of the next."""
    return rows(metric, "2024-06", [then] * 12 + [now] * 12)


def _break(day: str, text: str = "Spam is filtered out since then") -> Metric:
    return Metric(annotations=(Annotation(date=dt.date.fromisoformat(day), text=text, breaks_series=True),))


def _nps(then: tuple[int, int, int], now: tuple[int, int, int]) -> list[MetricRow]:
    found: list[MetricRow] = []
    for name, one, other in zip(("promoters", "detractors", "responses"), then, now, strict=True):
        found += rows(name, "2025-05", [one]) + rows(name, "2026-05", [other])
    return found


_DOWN = Direction.DOWN
_CTR = rows("impressions", "2024-06", [1000] * 12 + [10000] * 12)

CASES: tuple[Case, ...] = (
    # Growth and decline
    Case("a rise beyond variation", "leads", rows("leads", "2024-06", [*STEADY, *times(1.35, STEADY)])),
    Case("a fall is told as plainly as a rise", "leads", rows("leads", "2024-06", [*times(1.35, STEADY), *STEADY])),
    Case(
        "a fall in cost is an improvement",
        "customer_acquisition_cost",
        rows("customer_acquisition_cost", "2024-06", [84.5, 86, 83] * 4 + [72.25, 71, 74] * 4)
        + rows("new_customers", "2024-06", [10] * 24),
    ),
    Case(
        "a rise in cost is a deterioration",
        "cost_per_lead",
        rows("cost_per_lead", "2024-06", [20, 21, 19] * 4 + [31, 29, 30] * 4),
    ),
    Case(
        "a fall in cost over some months",
        "cost_per_lead",
        rows("cost_per_lead", "2024-06", [31, 29, 30] * 4 + [20, 21, 19] * 3),
    ),
    Case(
        "a rise in cost over some months",
        "cost_per_lead",
        rows("cost_per_lead", "2024-06", [20, 21, 19] * 4 + [31, 29, 30] * 3),
    ),
    Case("spend is neither good nor bad", "ad_spend", rows("ad_spend", "2024-06", [1000, 1100] * 6 + [1600, 1500] * 6)),
    Case("exactly twice is doubled", "leads", rows("leads", "2024-06", [*STEADY, *times(2, STEADY)])),
    Case("exactly half is halved", "leads", rows("leads", "2024-06", [*times(2, STEADY), *STEADY])),
    Case("exactly three times is tripled", "leads", rows("leads", "2024-06", [*STEADY, *times(3, STEADY)])),
    Case("nearly twice isn't doubled", "leads", rows("leads", "2024-06", [200] * 12 + [399] * 12)),
    Case("a little under half isn't halved", "leads", rows("leads", "2024-06", [200] * 12 + [101] * 12)),
    Case("a little over three times isn't tripled", "leads", rows("leads", "2024-06", [1000] * 12 + [3003] * 12)),
    Case("more than three times is a multiple", "leads", rows("leads", "2024-06", [*STEADY, *times(4.2, STEADY)])),
    Case("nothing changed", "leads", rows("leads", "2024-06", [*STEADY, *STEADY])),
    Case("noise isn't sold as progress", "leads", rows("leads", "2024-06", [*STEADY, *NOISY])),
    Case("a fall within variation isn't blamed either", "leads", rows("leads", "2024-06", [*NOISY, *STEADY])),
    # Percentages that can't be said
    Case("a zero baseline has no percentage", "leads", rows("leads", "2024-06", [*[0] * 12, *STEADY])),
    Case("zero to zero is no change", "leads", rows("leads", "2024-06", [0] * 24)),
    Case("down to zero is minus a hundred percent", "leads", rows("leads", "2024-06", [*STEADY, *[0] * 12])),
    Case("a count under ten is too small", "leads", rows("leads", "2024-06", [*[0] * 10, 1, 2, *STEADY])),
    Case(
        "under a twentieth of today is too small",
        "revenue",
        rows("revenue", "2024-06", [100, 90] * 6 + [9000, 9500] * 6),
    ),
    Case(
        "from a loss to a gain has no percentage",
        "revenue",
        rows("revenue", "2024-06", [-100, -90] * 6 + [100, 90] * 6),
    ),
    Case("a deeper loss has no percentage", "revenue", rows("revenue", "2024-06", [-100, -90] * 6 + [-200, -210] * 6)),
    Case(
        "a tiny rise never prints as zero percent",
        "page_views",
        rows("page_views", "2024-06", [100000] * 12 + [100001] * 12),
    ),
    Case("nearly all lost isn't all lost", "page_views", rows("page_views", "2024-06", [100000] * 12 + [1] * 12)),
    # Rates and scores
    Case(
        "a rate changes by percentage points",
        "conversion_rate",
        rows("visitors", "2024-06", [1000] * 24) + rows("leads", "2024-06", [*STEADY, *times(1.35, STEADY)]),
    ),
    Case(
        "a rate of the whole period, not of its months",
        "click_through_rate",
        _CTR + rows("clicks", "2024-06", [30] * 6 + [10] * 6 + [200] * 12),
    ),
    Case(
        "a rate without its weights is a plain mean",
        "bounce_rate",
        rows("bounce_rate", "2024-06", [50, 52] * 6 + [45, 46] * 6),
    ),
    Case(
        "a rate may change by one point",
        "retention_rate",
        rows("retention_rate", "2024-06", [80.1, 79.9] * 6 + [80.9, 81.1] * 6),
    ),
    Case("a score changes by points", "effort_score", rows("effort_score", "2024-06", [4.9, 5.1] * 6 + [5.8, 5.6] * 6)),
    Case(
        "a score that falls by points", "effort_score", rows("effort_score", "2024-06", [5.9, 6.1] * 6 + [4.8, 4.6] * 6)
    ),
    Case(
        "many metrics at once",
        "leads",
        tuple(
            row
            for name in (
                "leads",
                "visitors",
                "orders",
                "clicks",
                "followers",
                "bookings",
                "downloads",
                "sessions",
                "page_views",
                "new_customers",
                "newsletter_subscribers",
                "backlinks",
            )
            for row in rows(name, "2024-06", [*STEADY, *times(1.35, STEADY)])
        ),
    ),
    Case("a net score may be negative", "nps", rows("nps", "2024-06", [-12, -8] * 6 + [10, 6] * 6)),
    Case("few answers make a net score unsure", "nps", _nps((60, 20, 110), (75, 15, 120))),
    Case("many answers make it sure", "nps", _nps((600, 200, 1100), (750, 150, 1200))),
    Case(
        "a ratio is computed from its parts",
        "cltv_cac",
        rows("customer_lifetime_value", "2024-06", [300] * 12 + [360] * 12)
        + rows("customer_acquisition_cost", "2024-06", [100, 98] * 6 + [90, 92] * 6),
    ),
    Case(
        "places are gained and that is better",
        "average_position",
        rows("average_position", "2024-06", [18, 17.5] * 6 + [9, 8.8] * 6)
        + rows("impressions", "2024-06", [5000] * 24),
    ),
    Case(
        "places are lost and that is worse",
        "average_position",
        rows("average_position", "2024-06", [9, 8.8] * 6 + [18, 17.5] * 6)
        + rows("impressions", "2024-06", [5000] * 24),
    ),
    # Money, durations, stocks
    Case(
        "large sums have no cents", "revenue", rows("revenue", "2024-06", [5000.4, 5100.5] * 6 + [7400.2, 7300.1] * 6)
    ),
    Case("seconds keep a decimal", "page_load_time", rows("page_load_time", "2024-06", [4.4, 4.5] * 6 + [2, 1.9] * 6)),
    Case(
        "minutes are minutes and seconds",
        "average_session_duration",
        rows("average_session_duration", "2024-06", [125, 130] * 6 + [190, 185] * 6)
        + rows("sessions", "2024-06", [10] * 24),
    ),
    Case(
        "hours are hours and minutes",
        "response_time",
        rows("response_time", "2024-06", [86400, 90000] * 6 + [14400, 10800] * 6),
    ),
    Case(
        "a stock is its last value",
        "newsletter_subscribers",
        rows("newsletter_subscribers", "2024-06", [1000 + 10 * at for at in range(24)]),
    ),
    Case(
        "a stock whose last month lacked then",
        "followers",
        rows("followers", "2024-06", [*range(500, 510), None, None, *range(512, 524)]),
    ),
    Case("a stock whose last month lacks", "followers", rows("followers", "2024-06", [500 + at for at in range(20)])),
    Case(
        "people aren't added up over months", "visitors", rows("visitors", "2024-06", [*STEADY, *times(1.35, STEADY)])
    ),
    # Measured, or not
    Case("not measured at baseline", "leads", rows("leads", "2025-06", STEADY)),
    Case(
        "measured before, but not at baseline", "leads", rows("leads", "2024-03", [50, 51, 52, *[None] * 12, *STEADY])
    ),
    Case("no longer measured", "leads", rows("leads", "2024-06", STEADY)),
    Case("never measured in either period", "leads", rows("leads", "2023-01", [5, 6, 7])),
    Case(
        "a gap at the start leaves the same month out today",
        "leads",
        rows("leads", "2024-06", [None, *STEADY[1:], *times(1.35, STEADY)]),
    ),
    Case(
        "gaps in both periods",
        "leads",
        rows("leads", "2024-06", [None, *STEADY[1:], *times(1.35, STEADY[:5]), None, None, *times(1.35, STEADY[7:])]),
    ),
    Case(
        "measured once a quarter, both years",
        "satisfaction_score",
        rows(
            "satisfaction_score",
            "2024-06",
            [
                4.1,
                None,
                None,
                4.2,
                None,
                None,
                4.0,
                None,
                None,
                4.1,
                None,
                None,
                4.5,
                None,
                None,
                4.6,
                None,
                None,
                4.4,
                None,
                None,
                4.6,
                None,
                None,
            ],
        ),
    ),
    Case(
        "a month exported before its end isn't counted",
        "leads",
        rows("leads", "2024-06", [*STEADY, *times(1.35, STEADY[:11])], exported_on=dt.date(2026, 6, 3))
        + rows("leads", "2026-05", [40], exported_on=dt.date(2026, 5, 12)),
    ),
    # Periods
    Case(
        "three months are enough for an interval",
        "leads",
        rows("leads", "2025-03", [10, 20, 30, *[None] * 9, 40, 53, 57]),
        QUARTERS,
    ),
    Case("one month is too few", "leads", rows("leads", "2025-05", [40, *[None] * 11, 60]), MONTHS),
    Case(
        "other seasons use Welch's interval", "leads", rows("leads", "2024-06", [*STEADY, *times(1.35, STEADY)]), HALVES
    ),
    Case(
        "a gap in other seasons gives an average per month",
        "leads",
        rows("leads", "2024-06", [*STEADY[:3], None, *STEADY[4:], *times(1.35, STEADY)]),
        HALVES,
    ),
    Case(
        "unequal periods give an average per month",
        "leads",
        rows("leads", "2024-06", [*STEADY, *times(1.35, STEADY)]),
        UNEQUAL,
    ),
    Case(
        "days compare with days",
        "leads",
        daily("leads", "2025-05-10", [5, 6] * 10 + [None] * 345 + [8, 9] * 10),
        (("2025-05-10", "2025-05-29"), ("2026-05-10", "2026-05-29")),
    ),
    Case(
        "unequal days give an average per day",
        "leads",
        daily("leads", "2025-05-10", [5, 6] * 10 + [None] * 345 + [8, 9] * 10),
        (("2025-05-10", "2025-05-19"), ("2026-05-10", "2026-05-29")),
    ),
    Case(
        "days that lack don't lower an average per day",
        "leads",
        daily("leads", "2025-05-10", [5, 6] * 5 + [None] * 355 + [5, 6] * 5 + [None] * 8 + [5, 6]),
        (("2025-05-10", "2025-05-19"), ("2026-05-10", "2026-05-29")),
    ),
    Case(
        "a month cut by a period isn't counted",
        "leads",
        rows("leads", "2024-06", [*STEADY, *times(1.35, STEADY)]),
        (("2024-06-15", "2025-05-31"), ("2025-06-15", "2026-05-31")),
    ),
    # Breaks and outliers
    Case(
        "a change of definition between the periods",
        "leads",
        rows("leads", "2024-06", [*STEADY, *times(1.35, STEADY)]),
        YEARS,
        {"leads": _break("2025-06-01")},
    ),
    Case(
        "a change of definition inside the baseline",
        "leads",
        rows("leads", "2024-06", [*STEADY, *times(1.35, STEADY)]),
        YEARS,
        {"leads": _break("2025-03-12")},
    ),
    Case(
        "a change of definition before everything",
        "leads",
        rows("leads", "2024-06", [*STEADY, *times(1.35, STEADY)]),
        YEARS,
        {"leads": _break("2024-06-01")},
    ),
    Case(
        "a change of source",
        "sessions",
        rows("sessions", "2024-06", STEADY, source="Universal Analytics")
        + rows("sessions", "2025-06", times(1.35, STEADY), source="GA4"),
    ),
    Case(
        "what breaks a part breaks what is computed from it",
        "conversion_rate",
        rows("visitors", "2024-06", [1000] * 24) + rows("leads", "2024-06", [*STEADY, *times(1.35, STEADY)]),
        YEARS,
        {"leads": _break("2025-06-01")},
    ),
    Case(
        "one month makes the whole difference",
        "leads",
        rows("leads", "2024-06", [*STEADY, *STEADY[:5], 900, *STEADY[6:]]),
    ),
    Case(
        "one month makes a part of the difference",
        "leads",
        rows("leads", "2024-06", [*STEADY, *times(1.3, STEADY[:5]), 900, *times(1.3, STEADY[6:])]),
    ),
    # Days
    Case(
        "a month with a hole in its days doesn't count",
        "sessions",
        daily("sessions", "2025-03-01", [10, 11] * 15 + [9] * 11 + [None] * 10 + [12, 10] * 20 + [11])
        + daily("sessions", "2026-03-01", [13, 12] * 46),
        QUARTERS,
    ),
    Case(
        "weekdays alone leave no hole",
        "phone_calls",
        [
            row
            for row in daily("phone_calls", "2025-03-01", [5, 6, 7] * 31)
            + daily("phone_calls", "2026-03-01", [8, 7] * 46)
            if row.date.weekday() < 5
        ],
        QUARTERS,
    ),
    Case(
        "days without an event are no holes where most are",
        "bookings",
        daily("bookings", "2025-03-01", [4, *[None] * 12, 3, *[None] * 9] * 4)
        + daily("bookings", "2026-03-01", [6, *[None] * 12, 3, *[None] * 9] * 4),
        QUARTERS,
    ),
    Case(
        "days that lack on one side are left out of the other",
        "sessions",
        daily("sessions", "2025-05-05", [100] * 10 + [None] * 5 + [100] * 6)
        + daily("sessions", "2026-05-05", [100] * 10 + [400] * 5 + [100] * 6),
        (("2025-05-05", "2025-05-25"), ("2026-05-05", "2026-05-25")),
    ),
    Case(
        "people by day are averaged over the days",
        "visitors",
        daily("visitors", "2025-05-01", [250, 260] * 15 + [255])
        + daily("visitors", "2026-05-01", [300, 310] * 15 + [305]),
        MONTHS,
    ),
    Case(
        "people by month and people by day can't be compared",
        "visitors",
        rows("visitors", "2025-05", [8000]) + daily("visitors", "2026-05-01", [300] * 31),
        MONTHS,
    ),
    Case(
        "leads by month and visitors by day make no rate",
        "conversion_rate",
        [
            *rows("visitors", "2025-05", [8000]),
            *daily("visitors", "2026-05-01", [300] * 31),
            *rows("leads", "2025-05", [30, *[None] * 11, 38]),
        ],
        MONTHS,
    ),
    Case(
        "a day's impressions don't weigh a month's rate",
        "click_through_rate",
        [
            *rows("click_through_rate", "2025-03", [2, 2.2, 2.4, *[None] * 9, 3, 3.1, 3.6]),
            *daily("impressions", "2025-03-01", [1000, *[10] * 91]),
            *daily("impressions", "2026-03-01", [1000, *[10] * 91]),
        ],
        QUARTERS,
    ),
    Case(
        "sums by month and by day can",
        "sessions",
        rows("sessions", "2025-05", [8000]) + daily("sessions", "2026-05-01", [300] * 31),
        MONTHS,
    ),
    Case(
        "a baseline without a whole month",
        "leads",
        daily("leads", "2025-05-12", [5] * 20) + daily("leads", "2026-05-01", [6] * 31),
        MONTHS,
    ),
    Case(
        "a current period without a whole month",
        "leads",
        [*rows("leads", "2025-05", [300]), *rows("leads", "2026-05", [120], exported_on=dt.date(2026, 5, 12))],
        MONTHS,
    ),
    Case(
        "a leap year's February is a month like any other",
        "sessions",
        rows("sessions", "2023-03", [*STEADY, *times(1.1, STEADY)]),
        (("2023-03-01", "2024-02-29"), ("2024-03-01", "2025-02-28")),
    ),
    # What chance could do
    Case("ten answers prove nothing", "nps", _nps((2, 6, 10), (10, 0, 10)), MONTHS),
    Case(
        "a change that never varies has no interval",
        "leads",
        rows("leads", "2024-06", [*STEADY, *(x + 9 for x in STEADY)]),
    ),
    # Targets
    Case(
        "a target met",
        "leads",
        rows("leads", "2024-06", [*STEADY, *times(1.35, STEADY)]),
        YEARS,
        {"leads": Metric(target=Decimal(1500))},
    ),
    Case(
        "a target missed",
        "page_load_time",
        rows("page_load_time", "2024-06", [4.4, 4.5] * 6 + [3.1, 3] * 6),
        YEARS,
        {"page_load_time": Metric(target=Decimal(2))},
    ),
    Case(
        "an own metric",
        "tastings",
        rows("tastings", "2024-06", [20, 22] * 6 + [30, 31] * 6),
        YEARS,
        {
            "tastings": Metric(
                label="Cellar tastings", unit=Unit.COUNT, good=Direction.UP, combine=Combine.MEAN, decimals=1
            )
        },
    ),
    # Values that a rounded figure would hide
    Case("a rate far below one percent", "ours", two("0.020", "0.045"), YEARS, {"ours": own(Unit.PERCENT, _DOWN)}),
    Case("a ratio that isn't zero", "ours", two("0.025", "0.065"), YEARS, {"ours": own(Unit.RATIO, _DOWN)}),
    Case("a price below a cent", "ours", two("0.0045", "0.0085"), YEARS, {"ours": own(Unit.MONEY, _DOWN)}),
    Case("a price that rose by little", "ours", two("0.0442", "0.0458"), YEARS, {"ours": own(Unit.MONEY, _DOWN)}),
    Case("hundredths of a second", "ours", two("0.04", "0.02"), YEARS, {"ours": own(Unit.DURATION, _DOWN)}),
    Case("a score that moved by a hundredth", "ours", two("4.21", "4.22"), YEARS, {"ours": own(Unit.SCORE)}),
    Case(
        "decimals that were asked for, and too few",
        "ours",
        two("10.4", "11.6"),
        YEARS,
        {"ours": own(Unit.SCORE, decimals=0)},
    ),
    Case(
        "decimals that were asked for, and enough",
        "ours",
        two("101", "150.3"),
        YEARS,
        {"ours": own(Unit.SCORE, decimals=0)},
    ),
    Case("a rounded half would hide a fall", "ours", two("100.4", "99.6"), YEARS, {"ours": own(Unit.COUNT)}),
    Case(
        "cents of large sums, where they part the change",
        "revenue",
        rows("revenue", "2024-06", ["5000.04"] * 12 + ["5000.08"] * 12),
    ),
    Case(
        "a percentage that rounded values would get wrong",
        "ours",
        two("2.449", "2.551"),
        YEARS,
        {"ours": own(Unit.RATIO)},
    ),
    Case(
        "two that are printed alike to the first decimal",
        "ours",
        two("99.94", "99.95"),
        YEARS,
        {"ours": own(Unit.PERCENT)},
    ),
    Case("very small and very large", "ours", two("0.0001", "123456"), YEARS, {"ours": own(Unit.RATIO)}),
    Case(
        "a third is a third twice",
        "conversion_rate",
        [*rows("leads", "2024-06", [1] * 12 + [3] * 12), *rows("visitors", "2024-06", [3] * 12 + [9] * 12)],
    ),
    Case("a fall to nearly nothing", "ours", two("12.5", "0.0004"), YEARS, {"ours": own(Unit.RATIO)}),
    Case("a negative that grows", "ours", two("-0.004", "-0.001"), YEARS, {"ours": own(Unit.SCORE)}),
    # Durations
    Case("seconds beside minutes", "ours", two(59.6, 60.4), YEARS, {"ours": own(Unit.DURATION, _DOWN)}),
    Case("hours that differ by seconds", "ours", two(7230, 7250), YEARS, {"ours": own(Unit.DURATION, _DOWN)}),
    Case("hours beside seconds", "ours", two(86400, 20), YEARS, {"ours": own(Unit.DURATION, _DOWN)}),
    Case("hours beside half an hour", "ours", two(86400, 1800), YEARS, {"ours": own(Unit.DURATION, _DOWN)}),
    # Targets, to their last decimal
    Case(
        "a target missed by hundredths",
        "page_load_time",
        two(3, "2.04", "page_load_time"),
        YEARS,
        {"page_load_time": Metric(target=Decimal(2))},
    ),
    Case(
        "a target met by hundredths",
        "page_load_time",
        two(3, "1.96", "page_load_time"),
        YEARS,
        {"page_load_time": Metric(target=Decimal(2))},
    ),
    Case(
        "a target met exactly",
        "page_load_time",
        two(3, "2.00", "page_load_time"),
        YEARS,
        {"page_load_time": Metric(target=Decimal(2))},
    ),
    Case(
        "a target with more decimals than the metric",
        "ours",
        two(9, 10),
        YEARS,
        {"ours": own(Unit.PERCENT, target=Decimal("10.25"))},
    ),
    Case(
        "a target of minutes missed by less than a second",
        "ours",
        two(300, "125.4"),
        YEARS,
        {"ours": own(Unit.DURATION, _DOWN, target=Decimal(125))},
    ),
    Case(
        "a share missed by a hair",
        "uptime",
        two("99.2", "99.899", "uptime"),
        YEARS,
        {"uptime": Metric(target=Decimal("99.9"))},
    ),
    Case(
        "a target where neither way is good",
        "ad_spend",
        two(1000, 1200, "ad_spend"),
        YEARS,
        {"ad_spend": Metric(target=Decimal(15000))},
    ),
    # Computed from parts
    Case(
        "lifetime value per a computed acquisition cost",
        "cltv_cac",
        [
            *two(300, 360, "customer_lifetime_value"),
            *two(1000, 1200, "marketing_spend"),
            *rows("new_customers", "2024-06", [8, 12] * 6 + [14, 16] * 6),
        ],
    ),
    Case(
        "a computed acquisition cost",
        "customer_acquisition_cost",
        [*two(1000, 1200, "marketing_spend"), *rows("new_customers", "2024-06", [8, 12] * 6 + [14, 16] * 6)],
    ),
    Case(
        "spending in months without a lead counts",
        "cost_per_lead",
        [*two(100, 100, "ad_spend"), *rows("leads", "2024-06", [10, 0] * 6 + [10, 10] * 6)],
    ),
    Case(
        "a share of zero leads was measured",
        "leads_sourced_share",
        [*rows("leads", "2024-06", [0, 10] * 6 + [20] * 12), *rows("leads_sourced", "2024-06", [0, 4] * 6 + [12] * 12)],
    ),
    Case(
        "no leads at all at the baseline", "leads_sourced_share", [*two(0, 20, "leads"), *two(0, 12, "leads_sourced")]
    ),
    Case("no leads at all today", "leads_sourced_share", [*two(20, 0, "leads"), *two(12, 0, "leads_sourced")]),
    Case(
        "given rates stand where their parts mean something else",
        "conversion_rate",
        [*two("2.1", "2.6", "conversion_rate"), *two(81, 92, "leads"), *two(51, 62, "visitors")],
    ),
    Case(
        "a given rate that agrees is printed exactly",
        "conversion_rate",
        [*two("2.1", "2.6", "conversion_rate"), *two(21, 26, "leads"), *two(1004, 1003, "visitors")],
    ),
    Case(
        "clicks of advertisements have their own rate",
        "ad_click_through_rate",
        [*two(30, 45, "ad_clicks"), *two(1000, 1000, "ad_impressions"), *two(9000, 100, "clicks")],
    ),
    # Seasons, and months that lack
    Case("winter against summer", "leads", rows("leads", "2024-12", [50] * 3 + [None] * 3 + [200] * 3)),
    Case(
        "values after the current period alone", "leads", rows("leads", "2024-12", [50] * 3 + [None] * 15 + [200] * 3)
    ),
    Case("a stock isn't of a season", "followers", rows("followers", "2024-12", [50] * 6 + [None] * 6 + [200] * 6)),
    Case("one month in common", "leads", rows("leads", "2024-12", [50] * 4 + [None] * 11 + [60, *[200] * 3])),
    Case(
        "periods of other seasons with few months",
        "leads",
        rows("leads", "2024-06", [40, 41, 42, *[None] * 15, 60, 61, 62]),
        (("2024-06-01", "2024-08-31"), ("2025-12-01", "2026-02-28")),
    ),
    Case(
        "a year against two is of no other season",
        "leads",
        rows("leads", "2022-06", [*STEADY, *times(1.2, STEADY), *times(1.3, STEADY)]),
        (("2022-06-01", "2023-05-31"), ("2023-06-01", "2025-05-31")),
    ),
    Case(
        "half a year against a year where both have gaps",
        "leads",
        rows("leads", "2024-06", [None, 40, 41, None, 42, 43, *[None] * 6, *[60] * 9]),
        UNEQUAL,
    ),
    Case(
        "three of ten months",
        "leads",
        rows("leads", "2025-01", [*[None] * 7, 40, 41, 42, *[None] * 2, *[50] * 10]),
        (("2025-01-01", "2025-10-31"), ("2026-01-01", "2026-10-31")),
    ),
    # Time
    Case(
        "the running month isn't whole",
        "leads",
        rows("leads", "2024-06", [100] * 23 + [20]),
        YEARS,
        {},
        dt.date(2026, 5, 10),
    ),
    Case("nor on its last day", "leads", rows("leads", "2024-06", [100] * 23 + [96]), YEARS, {}, dt.date(2026, 5, 31)),
    Case("on the day after, it is", "leads", rows("leads", "2024-06", [100] * 24), YEARS, {}, dt.date(2026, 6, 1)),
    Case("a forecast isn't counted", "leads", rows("leads", "2024-06", [100] * 24), YEARS, {}, dt.date(2026, 2, 10)),
    Case(
        "the running month of a daily series",
        "sessions",
        daily("sessions", "2025-05-01", [10] * 31) + daily("sessions", "2026-05-01", [12] * 30),
        MONTHS,
        {},
        dt.date(2026, 5, 31),
    ),
    Case(
        "the stock of a running month",
        "followers",
        rows("followers", "2024-06", [100 + at for at in range(24)]),
        YEARS,
        {},
        dt.date(2026, 5, 20),
    ),
    Case(
        "a month that has only begun",
        "leads",
        rows("leads", "2026-05", [20]),
        YEARS,
        {},
        dt.date(2026, 5, 10),
    ),
    # Sources
    Case(
        "a source that the user names settles it",
        "sessions",
        rows("sessions", "2024-06", STEADY, source="GA4, old name")
        + rows("sessions", "2025-06", times(1.35, STEADY), source="GA4"),
        YEARS,
        {"sessions": Metric(source="Our shop's statistics")},
    ),
)
