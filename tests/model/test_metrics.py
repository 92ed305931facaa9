"""The catalogue: what each name means, how settings change it, what is derived, and what contradicts."""

import datetime as dt
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from compare_cases import rows, settings
from handover.model.formulas import Ratio, months_given_whole
from handover.model.metrics import BUILTIN, define, resolve, rules_of
from handover.model.reporting import Combine, Direction, Metric, Unit
from handover.project.check.catalogue import problems

TEMPLATES = Path(__file__).parents[2] / "templates"
DAY = dt.date(2026, 1, 1)


def day(year: int, month: int, number: int = 1) -> dt.date:
    return dt.date(year, month, number)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_built_in_metric_has_a_name_and_every_formula_its_words(language: str) -> None:
    labels = tomllib.loads((TEMPLATES / language / "metrics.toml").read_text("utf-8"))["label"]
    formulas = tomllib.loads((TEMPLATES / language / "report.toml").read_text("utf-8"))["formula"]
    assert labels.keys() == BUILTIN.keys()
    assert formulas.keys() == {name for name, built in BUILTIN.items() if built.formula}


@pytest.mark.parametrize(
    "name",
    [
        "visitors", "leads", "conversion_rate", "customer_acquisition_cost", "customer_lifetime_value", "cltv_cac",
        "leads_sourced_share", "leads_influenced_share", "customers_sourced_share", "customers_influenced_share",
        "retention_rate", "effort_score", "nps",
    ],
)  # fmt: skip
def test_naming_one_of_these_is_enough(name: str) -> None:
    definition = define(name, settings(), {name: "A name"})
    assert (definition.label, definition.unit, definition.good) == ("A name", BUILTIN[name].unit, BUILTIN[name].good)


@pytest.mark.parametrize("name", sorted(BUILTIN))
def test_parts_and_weights_are_metrics_of_the_catalogue(name: str) -> None:
    built = BUILTIN[name]
    named = {*([built.weight] if built.weight else []), *(built.formula.parts if built.formula else ())}
    assert named <= BUILTIN.keys()
    assert (built.combine is Combine.WEIGHTED) == (built.weight is not None)


def test_settings_override_what_is_built_in() -> None:
    own = Metric(
        label="Prospects", good=Direction.NEITHER, combine=Combine.LAST, decimals=2, unit=Unit.MONEY, currency="CHF"
    )
    definition = define("leads", settings({"leads": own}), {"leads": "Leads"})
    assert (definition.label, definition.good, definition.combine) == ("Prospects", Direction.NEITHER, Combine.LAST)
    assert (definition.decimals, definition.currency) == (2, "CHF")


@pytest.mark.parametrize("unit", list(Unit))
def test_of_ones_own_metrics_counts_and_amounts_alone_add_up(unit: Unit) -> None:
    adds_up = unit in {Unit.COUNT, Unit.MONEY}
    assert define("ours", settings({"ours": Metric(unit=unit)}), {}).combine is (
        Combine.SUM if adds_up else Combine.MEAN
    )
    asked = settings({"ours": Metric(unit=unit, combine=Combine.SUM)})
    told = [problem.rule for problem in problems(asked, rows("ours", "2026-01", [1]))]
    assert told == ([] if adds_up or unit is Unit.DURATION else ["metric.sum"])


def test_a_metric_made_into_something_else_is_not_computed_by_the_built_in_formula() -> None:
    assert define("conversion_rate", settings({"conversion_rate": Metric(unit=Unit.RATIO)}), {}).formula is None


@pytest.mark.parametrize(
    ("given", "own", "shown"),
    [
        pytest.param(["leads"], {}, ["leads"], id="what has values is shown"),
        pytest.param(["leads", "visitors"], {}, ["leads", "visitors"], id="no rate is computed that nobody named"),
        pytest.param(["clicks", "impressions"], {}, ["clicks", "impressions"], id="nor one of clicks"),
        pytest.param(["leads", "visitors"], {"conversion_rate": Metric()}, ["conversion_rate", "leads", "visitors"],
                     id="one that the settings name is"),
        pytest.param(["leads", "visitors"], {"visitors": Metric()}, ["visitors", "leads"],
                     id="the settings' order comes first"),
        pytest.param(["leads", "leads_sourced"], {}, ["leads", "leads_sourced_share"],
                     id="a part that has no other use names its share"),
        pytest.param(["leads_sourced"], {}, ["leads_sourced"], id="alone, it is shown as it was given"),
        pytest.param(["customer_lifetime_value", "marketing_spend", "new_customers"], {"cltv_cac": Metric()},
                     ["cltv_cac", "customer_lifetime_value", "marketing_spend", "new_customers"],
                     id="a ratio of what is itself computed"),
        pytest.param(["promoters", "detractors", "responses"], {}, ["nps"], id="mere parts aren't shown"),
        pytest.param(["promoters", "detractors", "responses"], {"responses": Metric()}, ["responses", "nps"],
                     id="unless the settings name them"),
        pytest.param(["ad_spend", "leads"], {}, ["ad_spend", "leads"], id="a cost isn't computed unasked"),
        pytest.param(["ad_spend", "leads"], {"cost_per_lead": Metric()}, ["cost_per_lead", "ad_spend", "leads"],
                     id="but when it is named"),
    ],
)  # fmt: skip
def test_the_report_shows(given: list[str], own: dict[str, Metric], shown: list[str]) -> None:
    data = [row for name in given for row in rows(name, "2026-01", [1])]
    assert [definition.id for definition in resolve(settings(own), data, {})] == shown


def test_a_part_that_is_greater_than_its_whole_makes_no_share_and_is_shown_itself() -> None:
    data = rows("leads", "2026-01", [10]) + rows("leads_sourced", "2026-01", [12])
    assert [definition.id for definition in resolve(settings(), data, {})] == ["leads", "leads_sourced"]


def test_what_is_left_out_is_not_shown() -> None:
    chosen = settings(report={"left_out": [{"metric": "leads", "reason": "counted twice"}]})
    data = rows("leads", "2026-01", [1]) + rows("visitors", "2026-01", [10])
    assert "leads" not in [definition.id for definition in resolve(chosen, data, {})]


@pytest.mark.parametrize(
    ("name", "parts", "expected"),
    [
        pytest.param("conversion_rate", {"leads": 24, "visitors": 1000}, "2.4", id="a conversion rate is in percent"),
        pytest.param("cltv_cac", {"customer_lifetime_value": 300, "customer_acquisition_cost": 100}, "3", id="a ratio"),
        pytest.param(
            "nps", {"promoters": 50, "detractors": 20, "responses": 100}, "30", id="promoters less detractors"
        ),
        pytest.param("nps", {"promoters": 1, "detractors": 9, "responses": 10}, "-80", id="a negative net score"),
        pytest.param("conversion_rate", {"leads": 24, "visitors": 0}, None, id="nothing divided by zero"),
        pytest.param("conversion_rate", {"leads": 24}, None, id="nothing from one part"),
    ],
)
def test_a_derived_metric_is(name: str, parts: dict[str, int], expected: str | None) -> None:
    formula = BUILTIN[name].formula
    assert formula is not None
    found = Ratio.of(formula, {part: {DAY: Decimal(value)} for part, value in parts.items()}).values()
    assert found == ({} if expected is None else {DAY: Decimal(expected)})


@pytest.mark.parametrize(
    ("value", "contradicts"),
    [
        pytest.param("2.4", False, id="the exact rate"),
        pytest.param("2.40", False, id="with more decimals"),
        pytest.param("2", False, id="rounded to a whole percent"),
        pytest.param("2.5", False, id="rounded the other way"),
        pytest.param("2.6", True, id="off by more than its last digit"),
        pytest.param("24", True, id="ten times too much"),
        pytest.param("0.024", True, id="a share written as a fraction"),
    ],
)
def test_a_given_rate_against_its_parts(value: str, contradicts: bool) -> None:
    data = (
        rows("visitors", "2026-01", [1000])
        + rows("leads", "2026-01", [24])
        + rows("conversion_rate", "2026-01", [value])
    )
    found = problems(settings(), data)
    assert [(problem.rule, problem.row) for problem in found] == ([("metric.contradiction", 2)] if contradicts else [])


def test_a_contradiction_says_both_figures_and_what_to_do() -> None:
    data = (
        rows("visitors", "2026-01", [1000]) + rows("leads", "2026-01", [24]) + rows("conversion_rate", "2026-01", [9])
    )
    problem = problems(settings(), data)[0]
    assert problem.message == "conversion_rate is 9, but leads and visitors of the same date give 2.4"
    assert problem.hint == "correct one of them; as long as they differ, the given values are printed"


def test_contradictions_of_one_metric_are_told_once_with_how_many_there_are() -> None:
    data = rows("visitors", "2026-01", [1000] * 5) + rows("leads", "2026-01", [24] * 5)
    (problem,) = problems(settings(), data + rows("conversion_rate", "2026-01", [2.4, 9, 2, 8, 7]))
    assert problem.message == "conversion_rate is 9, but leads and visitors of the same date give 2.4"
    assert "as for 2 other dates" in problem.hint


@pytest.mark.parametrize(
    ("own", "rule"),
    [
        pytest.param({"leads": Metric()}, "metric.no-values", id="a metric without values"),
        pytest.param({"visitors": Metric(combine=Combine.WEIGHTED)}, "metric.weight", id="weighted by nothing"),
        pytest.param({"visitors": Metric(combine=Combine.WEIGHTED, weight="leads")}, "metric.weight",
                     id="weighted by what has no values"),
    ],
)  # fmt: skip
def test_a_definition_is_a_finding_where(own: dict[str, Metric], rule: str) -> None:
    found = problems(settings(own), rows("visitors", "2026-01", [1]))
    assert [problem.rule for problem in found] == [rule]
    assert all(problem.keys[0] == "metrics" for problem in found)


@pytest.mark.parametrize(("combine", "expected"), [(None, "3.25"), (Combine.LAST, "3.5")])
def test_a_period_is_divided_as_its_parts_are_printed(combine: Combine | None, expected: str) -> None:
    chosen = settings({"customer_lifetime_value": Metric(combine=combine)})
    given = {"customer_lifetime_value": [600, 700], "customer_acquisition_cost": [200, 200]}
    values = {name: {day(2026, at): Decimal(one) for at, one in enumerate(found, 5)} for name, found in given.items()}
    ratio = Ratio.of(BUILTIN["cltv_cac"].formula, values, rules_of(chosen))
    assert ratio.over([day(2026, 6), day(2026, 5)]) == Decimal(expected)


def test_a_months_value_is_never_divided_by_a_days() -> None:
    leads = {day(2026, 5): Decimal(38), day(2026, 6): Decimal(40)}
    visitors = {day(2026, 5, number): Decimal(300) for number in range(1, 32)} | {day(2026, 6): Decimal(8000)}
    # The first of June follows the last of May: it is a day like the others.
    assert Ratio.of(BUILTIN["conversion_rate"].formula, {"leads": leads, "visitors": visitors}).values() == {}
    del visitors[day(2026, 5, 31)]
    found = Ratio.of(BUILTIN["conversion_rate"].formula, {"leads": leads, "visitors": visitors}).values()
    assert found == {day(2026, 6): Decimal("0.5")}


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param([day(2026, 5), day(2026, 6)], [day(2026, 5), day(2026, 6)], id="months"),
        pytest.param([day(2026, 5), day(2026, 5, 2)], [], id="days"),
        pytest.param([day(2026, 5, 31), day(2026, 6)], [], id="a first after the day before"),
        pytest.param([dt.date.min], [dt.date.min], id="the first day there is"),
    ],
)
def test_months_given_whole(days: list[dt.date], expected: list[dt.date]) -> None:
    assert months_given_whole(days) == frozenset(expected)
