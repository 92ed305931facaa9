"""What `validate` says of metrics whose values can't mean what they seem to: one project, one doubt each."""

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

import openpyxl
import pytest

from conftest import ProjectCopy
from handover.model.errors import Severity
from handover.project.check import validate
from handover.project.read import load_project

TABLE = "data/metrics.csv"


def said(project: ProjectCopy, rule: str, today: dt.date | None = None) -> list[tuple[str, str, Severity]]:
    """Place, message and severity of each finding of one rule."""
    _, findings = validate(load_project(project.root), today=today)
    return [(str(f.location), f.message, f.severity) for f in findings if f.rule == rule]


def defined(project: ProjectCopy, text: str) -> None:
    """More metrics in the settings."""
    project.replace("handover.yaml", "report:\n  headline", f"{text}report:\n  headline")


def as_workbook(project: ProjectCopy, rows: list[list[Any]], formats: Mapping[str, str]) -> None:
    project.remove(TABLE)
    book = openpyxl.Workbook()
    for row in [["date", "metric", "value"], ["2026-02", "newsletter_readers", 1873], *rows]:
        book.active.append(row)
    for address, code in formats.items():
        book.active[address].number_format = code
    stream = io.BytesIO()
    book.save(stream)
    project.write("data/metrics.xlsx", stream.getvalue())


# Shares for percentages


@pytest.mark.parametrize("metric", ["conversion_rate", "retention_rate", "ours"])
@pytest.mark.parametrize(
    ("values", "asks"),
    [
        pytest.param(["0.021", "0.034"], True, id="shares"),
        pytest.param(["0.021", "3.4"], False, id="a value above one"),
        pytest.param(["0,021 %", "0,034 %"], False, id="with their sign"),
        pytest.param(["0", "0"], False, id="zeros"),
    ],
)
def test_shares_where_percentages_are_meant(project: ProjectCopy, metric: str, values: list[str], asks: bool) -> None:
    defined(project, "  ours: {label: Ours, unit: percent}\n")
    project.append(TABLE, "".join(f'2026-0{at},{metric},"{value}",\n' for at, value in enumerate(values, 1)))
    message = f"{metric}: no value is above 1, and percentages are written 0–100: 2.4 means 2.4 %"
    assert said(project, "metric.share") == (
        [(f"{TABLE}:8:{10 + len(metric)}", message, Severity.WARNING)] if asks else []
    )


@pytest.mark.parametrize(("code", "asks"), [("0.000", True), ("0.0%", False), ("0.0\\%", False), ('0.0" %"', False)])
def test_a_workbooks_percent_sign_is_one(project: ProjectCopy, code: str, asks: bool) -> None:
    as_workbook(project, [["2026-02", "bounce_rate", 0.4]], {"C3": code})
    assert bool(said(project, "metric.share")) is asks
    project_, _ = validate(load_project(project.root))
    assert project_ is not None
    assert [float(row.value) for row in project_.metrics if row.metric == "bounce_rate"] == [
        40 if code == "0.0%" else 0.4
    ]


def test_a_target_that_is_a_share(project: ProjectCopy) -> None:
    defined(project, "  bounce_rate: {target: 0.4}\n")
    project.append(TABLE, "2026-02,bounce_rate,45,\n")
    assert [place for place, _, _ in said(project, "metric.share")] == ["handover.yaml:50:17"]


# Shares that can't be


@pytest.mark.parametrize("metric", ["conversion_rate", "open_rate", "leads_sourced_share"])
@pytest.mark.parametrize(("value", "wrong"), [("149.2", True), ("-3", True), ("100", False), ("0", False)])
def test_no_share_is_above_a_hundred(project: ProjectCopy, metric: str, value: str, wrong: bool) -> None:
    project.append(TABLE, f"2026-02,{metric},{value},\n")
    found = said(project, "metric.over-hundred")
    assert [severity for _, _, severity in found] == ([Severity.ERROR] if wrong else [])


@pytest.mark.parametrize(("answers", "wrong"), [(100, True), (119, True), (120, False), (300, False)])
def test_there_are_no_more_voices_than_answers(project: ProjectCopy, answers: int, wrong: bool) -> None:
    project.append(TABLE, f"2026-02,promoters,80,\n2026-02,detractors,40,\n2026-02,responses,{answers},\n")
    message = f"promoters and detractors of 2026-02 are 120, and the answers {answers}"
    assert [text for _, text, _ in said(project, "metric.over-hundred")] == [message] * wrong


@pytest.mark.parametrize(
    ("label", "more", "asks"),
    [
        ("Coût par vue", "", True), ("Cost per view", "", True), ("Panier moyen", "", True),
        ("Dépense moyenne", "", True),
        ("Cost per view", ", combine: mean", False), ("Cost per view", ", combine: sum", False),
        ("Ventes par mois", "", False), ("Revenue per month", "", False), ("Dépenses", "", False),
    ],
)  # fmt: skip
def test_what_one_costs_is_added_up_only_when_somebody_says_so(
    project: ProjectCopy, label: str, more: str, asks: bool
) -> None:
    defined(project, f"  ours: {{label: {label}, unit: money{more}}}\n")
    project.append(TABLE, "2026-02,ours,0.0045,\n")
    assert [text for _, text, _ in said(project, "metric.added-up")] == [
        f"“{label}” would be added up over the months"
    ] * asks


def test_a_percentage_of_ones_own_may_be(project: ProjectCopy) -> None:
    defined(project, "  growth: {label: Growth, unit: percent}\n")
    project.append(TABLE, "2026-02,growth,149.2,\n")
    assert said(project, "metric.over-hundred") == []


def test_a_named_rate_that_would_be_above_a_hundred_isnt_computed(project: ProjectCopy) -> None:
    defined(project, "  conversion_rate:\n")
    project.append(TABLE, "2026-02,leads,12000,\n")
    message = "conversion_rate isn't computed: leads of 2026-02 can't be a share of visitors"
    assert said(project, "metric.no-share") == [("handover.yaml:50:3", message, Severity.WARNING)]


def test_a_share_that_would_be_above_a_hundred_is_told_though_nobody_named_it(project: ProjectCopy) -> None:
    project.append(TABLE, "2026-02,leads,10,\n2026-02,leads_sourced,12,\n")
    message = "leads_sourced_share isn't computed: leads_sourced of 2026-02 can't be a share of leads"
    assert [(text, severity) for _, text, severity in said(project, "metric.no-share")] == [(message, Severity.WARNING)]


@pytest.mark.parametrize(("value", "wrong"), [("0", True), ("0.9", True), ("1", False), ("3.4", False)])
@pytest.mark.parametrize("metric", ["average_position", "our_place"])
def test_no_place_is_before_the_first(project: ProjectCopy, metric: str, value: str, wrong: bool) -> None:
    defined(project, "  our_place: {label: Our place, unit: rank}\n")
    project.append(TABLE, f"2026-02,{metric},{value},\n")
    found = said(project, "metric.negative")
    assert [severity for _, _, severity in found] == ([Severity.ERROR] if wrong else [])


@pytest.mark.parametrize(
    ("dates", "wrong"),
    [
        pytest.param(["2026-01", "2026-01-02"], True, id="a month and one of its days"),
        pytest.param(["janv. 2026", "2026-01-02"], True, id="a month by its name"),
        pytest.param(["2026-01-01", "2026-01-02"], False, id="days alone"),
        pytest.param(["2026-01", "2026-02-02"], False, id="a day of another month"),
    ],
)
@pytest.mark.parametrize("metric", ["leads", "bounce_rate"])
def test_a_month_beside_its_days_would_be_added_to_them(
    project: ProjectCopy, metric: str, dates: list[str], wrong: bool
) -> None:
    project.append(TABLE, "".join(f"{date},{metric},4,\n" for date in dates))
    errors = [severity for _, _, severity in said(project, "metric.steps") if severity is Severity.ERROR]
    assert errors == ([Severity.ERROR] if wrong else [])


# Currencies, months


@pytest.mark.parametrize(
    ("named", "given", "wrong"),
    [
        pytest.param("cltv_cac", "customer_lifetime_value", True, id="dollars per euro"),
        pytest.param("cltv_cac", "marketing_spend", True, id="through a cost that is computed itself"),
        pytest.param("cltv_cac", "", False, id="all in one"),
        pytest.param("cltv_cac", "customer_lifetime_value marketing_spend", False, id="all in one other"),
        pytest.param("customer_acquisition_cost", "marketing_spend", True, id="dollars that would be called euros"),
        pytest.param("customer_acquisition_cost", "marketing_spend customer_acquisition_cost", False, id="as named"),
        pytest.param("leads", "marketing_spend", False, id="nothing is computed of them"),
    ],
)
def test_amounts_in_two_currencies_make_no_figure(project: ProjectCopy, named: str, given: str, wrong: bool) -> None:
    values = {"customer_lifetime_value": 600, "marketing_spend": 2000, "new_customers": 10, "leads": 4}
    own = {**dict.fromkeys([named], "{}"), **dict.fromkeys(given.split(), "{currency: USD}")}
    defined(project, "".join(f"  {metric}: {keys}\n" for metric, keys in own.items()))
    project.append(TABLE, "".join(f"2026-02,{metric},{value},\n" for metric, value in values.items()))
    found = said(project, "metric.currency")
    assert [severity for _, _, severity in found] == ([Severity.ERROR] if wrong else [])


@pytest.mark.parametrize(("code", "wrong"), [("$#,##0", True), ("[$£-809]0", True), ("0.00 €", False), ("0.00", False)])
def test_a_workbook_in_another_currency(project: ProjectCopy, code: str, wrong: bool) -> None:
    as_workbook(project, [["2026-02", "revenue", 1234.5], ["2026-02", "leads", 3]], {"C3": code, "C4": "$0"})
    found = said(project, "metric.currency")
    assert [(place, severity) for place, _, severity in found] == (
        [("data/metrics.xlsx:Sheet!C3", Severity.ERROR)] if wrong else []
    )


@pytest.mark.parametrize(
    ("metric", "value", "wrong"),
    [
        pytest.param("leads", "€12", True, id="a count"),
        pytest.param("conversion_rate", "2.4 USD", True, id="a percentage"),
        pytest.param("revenue", "€12", False, id="money"),
        pytest.param("leads", "12", False, id="no sign"),
    ],
)
def test_a_currency_stands_beside_money_alone(project: ProjectCopy, metric: str, value: str, *, wrong: bool) -> None:
    project.append(TABLE, f"2026-02,{metric},{value},\n")
    assert [severity for _, _, severity in said(project, "metric.currency")] == ([Severity.ERROR] if wrong else [])


@pytest.mark.parametrize(
    ("metric", "wrong"),
    [
        pytest.param("return_on_ad_spend", True, id="a ratio"),
        pytest.param("leads", True, id="a count"),
        pytest.param("revenue", True, id="money"),
        pytest.param("conversion_rate", False, id="a percentage"),
    ],
)
def test_a_percent_sign_stands_beside_percentages_alone(project: ProjectCopy, metric: str, *, wrong: bool) -> None:
    project.append(TABLE, f"2026-02,{metric},24 %,\n")
    assert [severity for _, _, severity in said(project, "metric.percent")] == ([Severity.ERROR] if wrong else [])


def test_a_ratio_that_a_workbook_shows_in_percent_is_told(project: ProjectCopy) -> None:
    as_workbook(project, [["2026-02", "return_on_ad_spend", 2.4]], {"C2": "0%", "C3": "0%"})
    assert [place for place, _, _ in said(project, "metric.percent")] != []


def test_the_metrics_own_currency_is_another(project: ProjectCopy) -> None:
    defined(project, "  revenue: {currency: USD}\n")
    as_workbook(project, [["2026-02", "revenue", 1234.5]], {"C3": "$#,##0"})
    assert said(project, "metric.currency") == []


@pytest.mark.parametrize(
    ("today", "message"),
    [
        pytest.param(dt.date(2026, 3, 1), None, id="the day after"),
        pytest.param(dt.date(2026, 2, 28), "2026-02 isn't over on 2026-02-28", id="its last day"),
        pytest.param(dt.date(2026, 2, 10), "2026-02 isn't over on 2026-02-10", id="in the month"),
        pytest.param(dt.date(2026, 1, 20), "2026-01, 2026-02 aren't over on 2026-01-20", id="two months before"),
        pytest.param(None, None, id="on a day that isn't known"),
    ],
)
def test_a_month_that_isnt_over(project: ProjectCopy, today: dt.date | None, message: str | None) -> None:
    found = said(project, "periods.running", today)
    assert [(place, severity) for place, _, severity in found] == (
        [("handover.yaml:43:5", Severity.WARNING)] if message else []
    )
    if message:
        assert found[0][1] == f"the current period ends on 2026-02-28; {message}, and won't be counted"


@pytest.mark.parametrize(
    ("target", "asks"),
    [("165.000", True), ("1.500", True), ("165000", False), ("165.00", False), ("1650.000", False), ("0.125", False)],
)
def test_a_target_with_three_decimals_is_a_question(project: ProjectCopy, target: str, asks: bool) -> None:
    project.replace("handover.yaml", "  visitors:\n", f"  visitors:\n    target: {target}\n")

    assert [finding.rule for finding in project.findings() if finding.rule == "metric.target"] == [
        "metric.target"
    ] * asks


@pytest.mark.parametrize(
    ("metric", "value", "told"), [("visitors", "-5", 1), ("visitors", "0", 0), ("net_growth", "-5", 0)]
)
def test_a_known_count_below_zero_is_a_warning(project: ProjectCopy, metric: str, value: str, told: int) -> None:
    project.append("data/metrics.csv", f"2026-07,{metric},{value},\n")

    assert [finding.rule for finding in project.findings()].count("metric.negative") == told
