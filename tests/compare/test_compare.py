"""Then and now: the table of cases in both languages, the arithmetic, and what no input may ever print."""

import datetime as dt
import math
import re
import tomllib
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare_cases import (
    CASES,
    MONTHS,
    QUARTERS,
    STEADY,
    UNEQUAL,
    YEARS,
    Case,
    compared,
    daily,
    month,
    own,
    periods,
    rows,
    times,
    two,
)
from handover.compare.comparison import Basis, Comparison, Outcome, Trend
from handover.compare.coverage import with_holes
from handover.compare.periods import (
    CaveatKind,
    equal_length,
    month_of,
    paired_months,
    period_caveats,
    period_problems,
    runs,
    same_season,
    whole_months,
)
from handover.compare.rounding import decimals_for, rounded
from handover.compare.series import Reading, combine
from handover.compare.spread import T_95, Verdict, is_season, net_score, outliers, paired, t_95, welch
from handover.compare.wording import Wording
from handover.languages.words import MINUS, Words
from handover.model.metrics import MetricDefinition
from handover.model.reporting import Combine, Direction, Metric, Unit
from handover.model.rows import MetricRow

GOLDEN = tomllib.loads((Path(__file__).parents[1] / "golden" / "compare.toml").read_text("utf-8"))
WORDINGS = {
    "en": Wording(Words.load("en", "en_GB", "report", "metrics")),
    "fr": Wording(Words.load("fr", "fr_FR", "report", "metrics")),
}


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_comparison_says(case: Case, language: str) -> None:
    wording, expected = WORDINGS[language], GOLDEN[case.name][language]
    comparison = compared(case.metric, case.rows, case.spans, case.metrics, wording.words, case.today)
    reading = (wording.basis(comparison), wording.direction(comparison), wording.judgement(comparison),
               wording.verdict(comparison))  # fmt: skip
    said = {
        "title": wording.title(comparison),
        "change": wording.change(comparison),
        "reading": "; ".join(part for part in reading if part),
        "sentence": wording.sentence(comparison),
        "interval": wording.interval(comparison),
        "target": wording.target(comparison),
        "caveats": list(wording.caveats(comparison)),
    }
    assert {key: value for key, value in said.items() if value} == expected
    unjudged = re.sub(r" \((better|worse|favorable|défavorable)\)$", "", said["title"])
    assert "; " in said["title"] or wording.title(comparison, judged=False) == unjudged


def test_every_golden_case_is_a_case() -> None:
    assert [case.name for case in CASES] == list(GOLDEN)


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.value) for kind in CaveatKind])
def test_every_caveat_is_met_by_a_case_or_belongs_to_the_periods(kind: CaveatKind) -> None:
    assert kind in _met() or kind in {CaveatKind.UNEQUAL_LENGTH, CaveatKind.OTHER_SEASON}


@cache
def _met() -> frozenset[CaveatKind]:
    return frozenset(caveat.kind for case in CASES for caveat in _comparison(case).caveats)


def _comparison(case: Case) -> Comparison:
    return compared(case.metric, case.rows, case.spans, case.metrics, today=case.today)


# Periods


@pytest.mark.parametrize(
    ("spans", "equal", "season"),
    [
        pytest.param(YEARS, True, True, id="the same twelve months of two years"),
        pytest.param((("2024-01-01", "2024-12-31"), ("2025-07-01", "2026-06-30")), True, True,
                     id="whole years are of no season"),
        pytest.param((("2024-02-01", "2024-02-29"), ("2025-02-01", "2025-02-28")), True, True,
                     id="a leap February is a February"),
        pytest.param((("2024-06-01", "2024-08-31"), ("2024-09-01", "2024-11-30")), True, False,
                     id="summer and autumn are of equal length but of other seasons"),
        pytest.param(UNEQUAL, False, False, id="six months and twelve"),
        pytest.param((("2024-02-10", "2024-03-10"), ("2025-02-10", "2025-03-10")), True, True,
                     id="the same dates around a leap day are equal"),
    ],
)  # fmt: skip
def test_periods_are_equal_and_of_one_season(
    spans: tuple[tuple[str, str], tuple[str, str]], equal: bool, season: bool
) -> None:
    chosen = periods(spans)
    assert (equal_length(chosen), same_season(chosen)) == (equal, season)
    rules = {rule for rule, *_ in period_problems(chosen)}
    assert ("periods.unequal-length" in rules, "periods.season" in rules) == (not equal, not season)


def test_a_day_more_is_no_other_season() -> None:
    chosen = periods((("2024-05-02", "2024-05-31"), ("2025-05-01", "2025-05-31")))
    assert (equal_length(chosen), same_season(chosen)) == (False, False)
    assert [rule for rule, *_ in period_problems(chosen)] == ["periods.unequal-length"]


def test_caveats_of_the_periods_are_sentences_in_both_languages() -> None:
    said = {name: [w.caveat(c) for c in period_caveats(periods(UNEQUAL))] for name, w in WORDINGS.items()}
    assert said["en"] == ["The periods differ in length (183 and 365\u00a0days): averages are compared, not totals."]
    assert said["fr"][0].endswith("on compare des moyennes, non des totaux.")


def test_months_pair_with_the_same_month_in_order() -> None:
    first = month_of(dt.date(2022, 1, 1))
    assert paired_months(range(first, first + 24), range(first + 36, first + 60)) == {
        first + at: first + 36 + at for at in range(24)
    }


def test_runs_join_what_follows_each_other() -> None:
    assert runs([5, 3, 4, 9]) == [(3, 5), (9, 9)]


def test_whole_months_leave_out_what_a_period_cuts() -> None:
    chosen = periods((("2025-01-15", "2025-03-30"), YEARS[1])).baseline
    assert whole_months(chosen) == (month_of(dt.date(2025, 2, 1)),)


# Arithmetic

VALUES = st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=1, max_size=40)


@given(VALUES)
def test_sums_and_means_are_those_of_plain_arithmetic(values: list[Decimal]) -> None:
    readings = [Reading(dt.date(2025, 1, 1), value) for value in values]
    exact = sum((Fraction(value) for value in values), Fraction(0))
    assert Fraction(combine(readings, Combine.SUM) or 0) == exact
    mean = combine(readings, Combine.MEAN) or Decimal(0)
    assert abs(Fraction(mean) - exact / len(values)) <= abs(exact) / 10**20 + Fraction(1, 10**15)
    assert combine(readings, Combine.LAST) == values[-1]


@given(st.lists(st.tuples(st.decimals(0, 100, places=1), st.integers(0, 10**6)), min_size=1, max_size=40))
def test_a_weighted_mean_is_the_rate_of_the_whole(pairs: list[tuple[Decimal, int]]) -> None:
    readings = [Reading(dt.date(2025, 1, 1), value, Decimal(weight)) for value, weight in pairs]
    total = sum(weight for _, weight in pairs)
    found = combine(readings, Combine.WEIGHTED)
    if total == 0:
        assert found is None
    else:
        exact = sum((Fraction(value) * weight for value, weight in pairs), Fraction(0)) / total
        assert abs(Fraction(found or 0) - exact) < Fraction(1, 10**15)


def test_nothing_combines_to_nothing() -> None:
    assert [combine([], how) for how in Combine] == [None] * len(Combine)


@pytest.mark.parametrize("degrees", sorted(T_95))
def test_the_tabulated_points_cut_off_95_percent_of_students_t(degrees: int) -> None:
    point = float(T_95[degrees])
    constant = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(degrees * math.pi)
    steps = 4000
    width = point / steps
    density = [constant * (1 + (at * width) ** 2 / degrees) ** (-(degrees + 1) / 2) for at in range(steps + 1)]
    inside = sum(d * (1 if at in {0, steps} else 4 if at % 2 else 2) for at, d in enumerate(density)) * width / 3 * 2
    assert inside == pytest.approx(0.95, abs=3e-4)


def test_between_tabulated_degrees_the_interval_is_the_wider() -> None:
    assert [t_95(n) for n in (30, 39, 59, 500)] == [T_95[30], T_95[30], T_95[40], T_95[120]]


def test_a_paired_interval_by_hand() -> None:
    # Differences 1, 2, 3: mean 2, deviation 1, half width 4.303 ÷ √3.
    found = paired([Decimal(10)] * 3, [Decimal(11), Decimal(12), Decimal(13)])
    assert found is not None
    assert float(found.low) == pytest.approx(2 - 4.303 / math.sqrt(3))
    assert float(found.high) == pytest.approx(2 + 4.303 / math.sqrt(3))


@pytest.mark.parametrize("interval", [paired, welch])
@pytest.mark.parametrize(("then", "now"), [(Fraction(1000, 300), Fraction(6)), (Fraction(7, 3), Fraction(22, 7))])
def test_a_quotient_that_stays_the_same_doesnt_vary(interval: Any, then: Fraction, now: Fraction) -> None:
    one, other = (Decimal(each.numerator) / Decimal(each.denominator) for each in (then, now))
    found = interval([one] * 12, [other] * 12)
    assert (found.low, found.baseline, found.current) == (found.high, 0, 0)
    assert outliers(dict.fromkeys(range(12), one)) == ()


def test_a_welch_interval_by_hand() -> None:
    then, now = [Decimal(n) for n in (1, 2, 3)], [Decimal(n) for n in (11, 12, 13, 14)]
    found = welch(then, now)
    assert found is not None
    error = 1 / 3 + (5 / 3) / 4
    degrees = int(error**2 / ((1 / 3) ** 2 / 2 + (5 / 12) ** 2 / 3))
    assert float(found.high - found.low) == pytest.approx(2 * float(t_95(degrees)) * math.sqrt(error))


def test_a_net_score_interval_by_hand() -> None:
    found = net_score((Decimal(50), Decimal(20), Decimal(100)), (Decimal(60), Decimal(10), Decimal(100)))
    assert found is not None
    half = 1.96 * math.sqrt((0.7 - 0.09) / 100 + (0.7 - 0.25) / 100) * 100
    assert float(found.low) == pytest.approx(20 - half)
    assert net_score((Decimal(90), Decimal(20), Decimal(100)), (Decimal(1), Decimal(1), Decimal(10))) is None


@pytest.mark.parametrize(
    ("month", "told"),
    [pytest.param(106, False, id="that changes nothing isn't told"), pytest.param(900, True, id="that does is")],
)
def test_a_month_that_stands_out(month: int, told: bool) -> None:
    steady = [100, 101, 99, 100, 101, 99, 100, 101, 99, 100, 101, 99]
    before, after = ([factor * one for one in steady] for factor in (10, 11))
    found = compared("leads", rows("leads", "2024-06", [*before, *after[:11], 11 * month]))
    assert (CaveatKind.OUTLIER in {caveat.kind for caveat in found.caveats}) is told


@pytest.mark.parametrize(
    ("decembers", "told"),
    [
        pytest.param([100, 310], True, id="unlike the one other December"),
        pytest.param([300, 310], False, id="both Decembers stand out"),
        pytest.param([280, 300, 310], False, id="every December stands out"),
        pytest.param([280, 300, 900], True, id="and one of them far more"),
        pytest.param([280, 300, 10], True, id="one that stands out the other way"),
        pytest.param([101, 99, 310], True, id="unlike other Decembers"),
    ],
)
def test_a_month_of_a_season_is_not_unusual(decembers: list[int], told: bool) -> None:
    values = [value for december in decembers for value in (*STEADY[:11], december)]
    first = 2026 - len(decembers)
    found = compared(
        "leads", rows("leads", f"{first}-01", values), (("2024-01-01", "2024-12-31"), ("2025-01-01", "2025-12-31"))
    )
    unusual = {month for caveat in found.caveats if caveat.kind is CaveatKind.OUTLIER for month in caveat.months}
    assert (2025 * 12 + 11 in unusual) is told


def test_an_outlier_is_found_and_a_season_is_not() -> None:
    steady = {at: Decimal(value) for at, value in enumerate(STEADY)}
    assert outliers(steady) == ()
    assert outliers({**steady, 5: Decimal(900)}) == (5,)
    assert outliers(dict.fromkeys(range(12), Decimal(3))) == ()


@pytest.mark.parametrize(
    ("values", "month", "season"),
    [
        pytest.param([300, *STEADY[1:]] * 2, 12, True, id="the first month of both years is high"),
        pytest.param([*STEADY[:11], 300] * 2, 11, True, id="the last month of both years is high"),
        pytest.param([55, 70, 85, 95, 104, 110, 115, 118, 119, 118, 120, 119,
                      60, 118, 121, 119, 122, 120, 117, 123, 119, 121, 120, 118],
                     12, False, id="an outage a year after the first month of a rise"),
        pytest.param([*STEADY[:11], 300, 119, 118, 120, 119, 118, 115, 110, 104, 95, 85, 70, 155],
                     23, True, id="a smaller peak a year after a peak"),
    ],
)  # fmt: skip
def test_a_season_returns_with_its_year(values: list[int], month: int, season: bool) -> None:
    assert is_season({at: Decimal(value) for at, value in enumerate(values)}, month) is season


@pytest.mark.parametrize(
    ("metric", "now", "said"),
    [
        pytest.param(own(Unit.DURATION, Direction.DOWN, target=Decimal(3)), "6.02",
                     ("6.0 s", "Target of 3.0 s missed by 100%."), id="a share of what is printed"),
        pytest.param(own(Unit.PERCENT, target=Decimal(60)), "47.75",
                     ("47.8%", "Target of 60.0% missed by 12.2\u00a0points."), id="points from what is printed"),
        pytest.param(own(Unit.COUNT, target=Decimal(100_000)), "1",
                     ("1", "Target of 100,000 missed by over 99.9%."), id="something reached isn't nothing"),
        pytest.param(own(Unit.COUNT, target=Decimal(100_000)), "0",
                     ("0", "Target of 100,000 missed by 100%."), id="nothing is nothing"),
    ],
)  # fmt: skip
def test_a_target_is_missed_by_what_the_printed_value_lacks(metric: Metric, now: str, said: tuple[str, str]) -> None:
    found, english = compared("ours", two(9, now), YEARS, {"ours": metric}), WORDINGS["en"]
    assert (english.value(found.definition, found.current.value, found.decimals), english.target(found)) == said


@pytest.mark.parametrize(
    ("unit", "then", "now", "target", "printed"),
    [
        pytest.param(Unit.DURATION, "4.4042", "2.0575", "2", ("4.40", "2.06"), id="a miss is seen with two"),
        pytest.param(Unit.DURATION, "4.3917", "2.04", "2", ("4.39", "2.04"), id="a near miss, too"),
        pytest.param(Unit.DURATION, "2.1", "2.058", "2", ("2.100", "2.058"), id="2.0 % of little needs three"),
        pytest.param(Unit.DURATION, "4.4", "1.8", "2", ("4.4", "1.8"), id="what one decimal shows has one"),
        pytest.param(Unit.COUNT, "11587.6", "17690.4", None, ("11587.6", "17690.4"), id="a mean whose change adds up"),
        pytest.param(Unit.MONEY, "60605.40", "88201.80", None, ("60605.40", "88201.80"), id="an amount has cents"),
        pytest.param(Unit.RATIO, "0.0442", "0.0458", None, ("0.0442", "0.0458"), id="3.6 %, not 25 %"),
        pytest.param(Unit.PERCENT, "0.020", "0.045", None, ("0.020", "0.045"), id="what is little isn't nothing"),
    ],
)
def test_a_figure_has_as_many_decimals_as_its_change_needs(
    unit: Unit, then: str, now: str, target: str | None, printed: tuple[str, str]
) -> None:
    wanted = MetricDefinition(
        "x", "X", unit, "EUR", Direction.UP, Combine.MEAN, None if unit in {Unit.COUNT, Unit.MONEY} else 1,
        target=Decimal(target) if target else None,
    )  # fmt: skip
    values = Decimal(then), Decimal(now)
    decimals = decimals_for(wanted, *values)

    assert tuple(str(rounded(value, decimals)) for value in values) == printed


# What no input may print

UNITS = st.sampled_from(list(Unit))
SIZES = st.one_of(
    st.decimals(-(10**6), 10**6, places=2),
    st.decimals(0, 1, places=4),
    st.integers(0, 12).map(Decimal),
    st.just(Decimal(0)),
    st.decimals(10**12, 10**15, places=0),
)
MONTHLY = st.lists(st.none() | SIZES, min_size=24, max_size=24)
SPANS = st.sampled_from([YEARS, UNEQUAL, MONTHS, (("2024-06-15", "2025-02-10"), ("2025-06-15", "2026-02-10"))])
OWN = st.builds(
    Metric,
    unit=UNITS,
    good=st.sampled_from(list(Direction)),
    combine=st.sampled_from([Combine.SUM, Combine.MEAN, Combine.LAST]),
    decimals=st.none() | st.integers(0, 3),
    target=st.none() | st.decimals(-1000, 1000, places=1),
)
_ZERO = re.compile(r"[+\u2212]0(?:[.,]0+)?(?![\d.,])")
_NUMBER = re.compile(r"(?i)\b(?:nan|infinity|infini)\b|∞")


@given(MONTHLY, OWN, SPANS)
def test_no_input_prints_nonsense(
    values: list[Decimal | None], own: Metric, spans: tuple[tuple[str, str], ...]
) -> None:
    _prints_sense(rows("own", "2024-06", values), own, spans)


DAYS_OF = st.lists(st.none() | SIZES, max_size=70)
DAILY_SPANS = st.sampled_from([QUARTERS, MONTHS, (("2025-03-05", "2025-04-20"), ("2026-03-05", "2026-04-20"))])


@given(DAYS_OF, DAYS_OF, st.lists(st.none() | SIZES, max_size=4), OWN, DAILY_SPANS)
def test_no_days_print_nonsense(
    then: list[Decimal | None],
    now: list[Decimal | None],
    between: list[Decimal | None],
    own: Metric,
    spans: tuple[tuple[str, str], ...],
) -> None:
    data = daily("own", "2025-03-03", then) + rows("own", "2025-08", between) + daily("own", "2026-03-03", now)
    _prints_sense(data, own, spans)


def _prints_sense(data: list[MetricRow], own: Metric, spans: tuple[tuple[str, str], ...]) -> None:
    comparison = compared("own", data, spans, {"own": own})
    for wording in WORDINGS.values():
        change, title, sentence = wording.change(comparison), wording.title(comparison), wording.sentence(comparison)
        every = [change, title, sentence, wording.interval(comparison), *wording.caveats(comparison)]
        assert not any(_NUMBER.search(text) for text in every)
        assert not _ZERO.match(change)
        assert "(+0" not in change.replace("(+0.", "").replace("(+0,", "")
        if own.unit in {Unit.PERCENT, Unit.SCORE, Unit.RANK}:
            assert "%" not in change
        _agree(comparison, wording, change, sentence)


def _agree(comparison: Comparison, wording: Wording, change: str, sentence: str) -> None:
    """Sign, word and arithmetic say the same."""
    words = {trend: wording.words.text(f"trend.{trend}") for trend in Trend}
    if comparison.change is None:
        assert change == wording.words.text("empty")
        assert comparison.percent is None
        return
    assert comparison.baseline.value is not None
    assert comparison.current.value is not None
    assert comparison.change == comparison.current.value - comparison.baseline.value
    sign = {"+": Trend.UP, MINUS: Trend.DOWN}.get(change[0], Trend.SAME)
    assert comparison.direction is sign
    assert wording.direction(comparison) == words[sign]
    if sign is not Trend.SAME:
        keys = ("gained", "lost") if comparison.definition.unit is Unit.RANK else ("up", "down")
        said, other = keys if sign is Trend.UP else reversed(keys)
        assert wording.words.texts[f"sentence.{said}"].partition("{")[0] in sentence
        assert wording.words.texts[f"sentence.{other}"].partition("{")[0] not in sentence
    if comparison.percent is not None:
        assert comparison.percent.is_finite()
        assert (comparison.percent > 0) == (comparison.change > 0)
        assert comparison.baseline.value > 0
    if comparison.verdict is Verdict.WITHIN:
        assert comparison.better is None


# What is printed, against exact arithmetic

MAGNITUDES = st.integers(-6, 9)
DIGITS = st.integers(1, 99999)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Decimal, Decimal]:
    """Two values of any size, often nearly the same."""
    first = Decimal(draw(DIGITS)).scaleb(draw(MAGNITUDES) - 4)
    if draw(st.booleans()):
        step = Decimal(draw(DIGITS)).scaleb(draw(st.integers(-9, -5)))
        second = first * (1 + step * draw(st.sampled_from([1, -1])))
        second = second.quantize(Decimal(1).scaleb(first.adjusted() - 9))
    else:
        second = Decimal(draw(DIGITS)).scaleb(draw(MAGNITUDES) - 4)
    return first, second


def figure_in(text: str, unit: Unit) -> Decimal:
    """What a reader reads: the number that a printed English value is."""
    sign = -1 if text.startswith(MINUS) else 1
    if unit is Unit.DURATION:
        parts = {
            name: Decimal(number.replace(",", "")) for number, name in re.findall(r"([0-9,.]+)\s(h|min|s)\b", text)
        }
        return sign * (
            parts.get("h", Decimal(0)) * 3600 + parts.get("min", Decimal(0)) * 60 + parts.get("s", Decimal(0))
        )
    return sign * Decimal(re.sub("[^0-9.]", "", text.split(" ")[0].split("\u00a0")[0]))


@given(
    pairs(),
    st.sampled_from(list(Unit)),
    st.sampled_from(list(Direction)),
    st.none() | st.integers(0, 4),
    st.none() | pairs(),
    st.sampled_from([1, 3, 12]),
)
def test_what_is_printed_agrees_with_exact_arithmetic(
    values: tuple[Decimal, Decimal],
    unit: Unit,
    good: Direction,
    decimals: int | None,
    goal: tuple[Decimal, Decimal] | None,
    spread: int,
) -> None:
    then, now = (Fraction(value) for value in values)
    target = None if goal is None else values[1] if spread == 3 else goal[0]
    own = Metric(unit=unit, good=good, combine=Combine.MEAN, decimals=decimals, target=target)
    # Means of months whose sum isn't a round number: a third more in one month, as much less in the next.
    wobble = [Decimal(0)] * 12 if spread == 1 else [Decimal(1), Decimal(-1)] * 6
    size = min(values).scaleb(-3)
    data = [*rows("own", "2024-06", [values[0] + size * w for w in wobble]),
            *rows("own", "2025-06", [values[1] + size * w for w in wobble])]  # fmt: skip
    comparison = compared("own", data, YEARS, {"own": own})
    for wording in WORDINGS.values():
        _says_what_is_so(comparison, wording, then, now)
    english = WORDINGS["en"]
    shown = [figure_in(english.value(comparison.definition, side.value, comparison.decimals), unit)
             for side in (comparison.baseline, comparison.current)]  # fmt: skip
    _can_be_checked(comparison, english, (then, now), (Fraction(shown[0]), Fraction(shown[1])))
    if target is not None and good is not Direction.NEITHER:
        met = now >= target if good is Direction.UP else now <= target
        assert comparison.target_met is met
        printed = Fraction(figure_in(english.target(comparison).partition("arget of ")[2], unit))
        assert printed == Fraction(target)
        assert (shown[1] >= printed if good is Direction.UP else shown[1] <= printed) is met


def _says_what_is_so(comparison: Comparison, wording: Wording, then: Fraction, now: Fraction) -> None:
    """Words, signs, arrows and verdicts follow from the values as they are."""
    trend = Trend.UP if now > then else Trend.DOWN if now < then else Trend.SAME
    assert comparison.trend is trend
    way = trend
    if comparison.definition.unit is Unit.RANK and trend is not Trend.SAME:
        way = Trend.DOWN if trend is Trend.UP else Trend.UP
    assert wording.direction(comparison) == wording.words.text(f"trend.{way}")
    change = wording.change(comparison)
    assert change[0] == {Trend.UP: "+", Trend.DOWN: MINUS}.get(way, wording.words.text("change.none")[0])
    better = {Direction.UP: now > then, Direction.DOWN: now < then}.get(comparison.definition.good)
    if trend is Trend.SAME or comparison.verdict is Verdict.WITHIN:
        better = None
    assert comparison.better is better
    assert wording.judgement(comparison) == (
        "" if better is None else wording.words.text("judgement.better" if better else "judgement.worse")
    )
    title = wording.title(comparison)
    for name, factor in (("doubled", 2), ("tripled", 3), ("halved", Fraction(1, 2))):
        if title == wording.words.text(f"title.{name}", label=comparison.definition.label):
            assert abs(now / then - factor) <= Fraction(1, 2000)


def _can_be_checked(
    comparison: Comparison, wording: Wording, exact: tuple[Fraction, Fraction], shown: tuple[Fraction, Fraction]
) -> None:
    """A reader who takes the printed values finds the printed change, and the percentage to its last digit."""
    (then, now), (shown_then, shown_now) = exact, shown
    assert (shown_then == shown_now) is (then == now)
    assert all((figure == 0) is (value == 0) for figure, value in zip(shown, exact, strict=True))
    if then == now:
        return
    unit, change = comparison.definition.unit, comparison.change
    assert change is not None
    last = Fraction(60) if comparison.decimals < 0 else Fraction(10) ** -comparison.decimals
    said = Fraction(figure_in(wording.amount(comparison.definition, comparison.difference, comparison.decimals), unit))
    assert said == abs(shown_now - shown_then)
    assert abs(said - abs(now - then)) <= last
    assert abs(abs(shown_now - shown_then) - abs(now - then)) <= abs(now - then) / 20
    if comparison.percent is None:
        return
    percent = Fraction(comparison.percent)
    assert abs(percent - (now - then) / then * 100) < Fraction(1, 10**6) * max(1, abs(percent))
    found = (shown_now - shown_then) / shown_then * 100
    ulp = Fraction(1, 10) if abs(percent) < 10 or Fraction(-100) < percent <= Fraction(-199, 2) else Fraction(1)
    assert abs(found - percent) <= ulp


@given(MONTHLY)
def test_a_comparison_turned_round_turns_its_sign(values: list[Decimal | None]) -> None:
    there = compared("own", rows("own", "2024-06", values), YEARS, {"own": Metric(combine=Combine.MEAN)})
    back = compared(
        "own", rows("own", "2024-06", values[12:] + values[:12]), YEARS, {"own": Metric(combine=Combine.MEAN)}
    )
    if there.change is not None and back.change is not None:
        assert there.change == -back.change


# Rules one by one


def test_matched_months_are_the_same_on_both_sides() -> None:
    comparison = compared("leads", rows("leads", "2024-06", [None, *STEADY[1:], *times(2, STEADY)]))
    assert [m % 12 for m in comparison.baseline.months] == [m % 12 for m in comparison.current.months]
    assert comparison.change == sum(STEADY[1:])


def test_a_gap_never_makes_growth() -> None:
    full = compared("leads", rows("leads", "2024-06", [*STEADY, *STEADY]))
    gapped = compared("leads", rows("leads", "2024-06", [None, None, *STEADY[2:], *STEADY]))
    assert full.change == gapped.change == 0


def test_a_value_of_another_month_than_the_first_makes_a_daily_series() -> None:
    data = daily("leads", "2025-05-01", [1] * 31)
    comparison = compared("leads", data, (("2025-05-01", "2025-05-15"), ("2025-05-16", "2025-05-30")))
    assert (comparison.basis, comparison.change, comparison.outcome) == (Basis.TOTAL, 0, Outcome.COMPARED)


def test_the_last_days_missing_of_a_daily_month_make_it_partial() -> None:
    data = daily("leads", "2025-05-01", [1] * 31) + daily("leads", "2026-05-01", [1] * 20)
    comparison = compared("leads", data, MONTHS)
    assert comparison.outcome is Outcome.NOT_NOW
    assert CaveatKind.PARTIAL_MONTHS in {caveat.kind for caveat in comparison.caveats}


def test_months_beyond_the_limit_are_counted_instead_of_listed() -> None:
    every_other = [month_of(month("2024-01", at)) for at in range(0, 12, 2)]
    assert WORDINGS["en"].months(every_other) == "6 months"


# Days


def test_days_that_lack_are_never_a_change() -> None:
    whole = daily("sessions", "2025-03-01", [100] * 92) + daily("sessions", "2026-03-01", [100] * 92)
    holed = [row for row in whole if not (row.date.year == 2025 and row.date.month == 4 and 5 <= row.date.day <= 17)]
    change = compared("sessions", holed, QUARTERS).change
    assert (len(whole) - len(holed), change) == (13, 0)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(range(1, 31), False, id="every day"),
        pytest.param([day for day in range(1, 31) if day % 7 not in {0, 6}], False, id="five days a week"),
        pytest.param([*range(1, 11), *range(18, 31)], False, id="a week away"),
        pytest.param([*range(1, 11), *range(19, 31)], True, id="more than a week away"),
        pytest.param(range(9, 31), True, id="a late beginning"),
        pytest.param(range(1, 22), True, id="an early end"),
        pytest.param([3, 30], False, id="two events"),
        pytest.param([1], False, id="a month's value"),
    ],
)
def test_holes_in_a_month(days: Sequence[int], expected: bool) -> None:
    found = with_holes([dt.date(2025, 4, day) for day in days])
    assert found == (frozenset([month_of(dt.date(2025, 4, 1))]) if expected else frozenset())


def test_few_answers_may_still_say_chance() -> None:
    chance = rows("promoters", "2025-05", [6, *[None] * 11, 7]) + rows("detractors", "2025-05", [2, *[None] * 11, 2])
    comparison = compared("nps", chance + rows("responses", "2025-05", [10, *[None] * 11, 10]), MONTHS)
    assert (comparison.verdict, comparison.better) == (Verdict.WITHIN, None)


def test_two_bounds_that_differ_never_print_alike() -> None:
    values = [1000, 1001, 1002, 1000, 1001, 1003]
    wording = WORDINGS["en"]
    comparison = compared("leads", rows("leads", "2024-06", [*values, *values, *(x + 200 for x in values), *values]))
    assert comparison.spread is not None
    close = comparison._replace(spread=comparison.spread._replace(low=Decimal("9.61"), high=Decimal("9.98")))
    assert wording.interval(close) == "+9.6 to +10.0 a month"
