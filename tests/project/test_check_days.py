"""Dates in our own tables as spreadsheets save them: read where they mean one day, refused where they may mean two."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ProjectCopy
from handover.project.check import validate
from handover.project.check.days import read_days
from handover.project.read import load_project


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(["30/11/2026", "01/12/2026"], ["2026-11-30", "2026-12-01"], id="French, told by the first"),
        pytest.param(["11/30/2026", "12/01/2026"], ["2026-11-30", "2026-12-01"], id="American, told by the first"),
        pytest.param(["30/11/26", "01/12/26"], ["2026-11-30", "2026-12-01"], id="years of two digits"),
        pytest.param(["30.11.2026"], ["2026-11-30"], id="German"),
        pytest.param(["30-nov-26", "1 décembre 2026"], ["2026-11-30", "2026-12-01"], id="names of months"),
        pytest.param(["2026-11-30", "", "30/11/2026"], ["2026-11-30", "", "2026-11-30"], id="ours among them"),
        pytest.param(["03/04/2026", "05/06/2026"], ["03/04/2026", "05/06/2026"], id="two meanings"),
        pytest.param(["nov-26", "11/2026", "soon", "31/02/2026"], ["nov-26", "11/2026", "soon", "31/02/2026"],
                     id="no days"),
    ],
)  # fmt: skip
def test_days_are_read_together(texts: list[str], expected: list[str]) -> None:
    assert read_days(texts, [False] * len(texts)).texts == expected


def test_months_are_read_where_months_are_meant() -> None:
    assert read_days(["janv-24", "févr-24", "03/2024", "2024-04"], [True] * 4).texts == [
        "2024-01-01", "2024-02-01", "2024-03-01", "2024-04",
    ]  # fmt: skip


@given(st.lists(st.dates(dt.date(1970, 1, 1), dt.date(2069, 12, 31)), min_size=1, max_size=8), st.booleans())
def test_a_column_never_becomes_other_days(days: list[dt.date], day_first: bool) -> None:
    texts = [f"{day:%d/%m/%y}" if day_first else f"{day:%m/%d/%y}" for day in days]

    found = read_days(texts, [False] * len(texts)).texts
    assert all(one in (text, str(day)) for one, text, day in zip(found, texts, days, strict=True))


def test_invoices_that_went_through_excel_are_read(project: ProjectCopy) -> None:
    table = "number;issued_on;due_date;amount\nF-1;01/10/2026;31/10/2026;1 240,50\nF-2;02/10/2026;15/11/2026;3\n"
    project.write("data/invoices.csv", table.encode("cp1252"))
    found, _ = validate(load_project(project.root))

    assert found is not None
    assert [str(row.due_date) for row in found.invoices] == ["2026-10-31", "2026-11-15"]


def test_metrics_that_went_through_excel_are_read(project: ProjectCopy) -> None:
    project.write("data/metrics.csv", "sep=;\ndate;metric;value\njanv-24;visitors;100\nfévr-24;visitors;120\n")
    found, _ = validate(load_project(project.root))

    assert found is not None
    assert [str(row.date) for row in found.metrics] == ["2024-01-01", "2024-02-01"]


def test_a_wide_table_that_went_through_excel_is_read(project: ProjectCopy) -> None:
    project.write("data/metrics.csv", "month;visitors;leads\njanv-24;100;3\nfévr-24;120;4\n")
    found, _ = validate(load_project(project.root))

    assert found is not None
    assert [(str(row.date), row.metric, int(row.value)) for row in found.metrics] == [
        ("2024-01-01", "visitors", 100), ("2024-01-01", "leads", 3),
        ("2024-02-01", "visitors", 120), ("2024-02-01", "leads", 4),
    ]  # fmt: skip


def test_days_that_may_be_two_are_a_question(project: ProjectCopy) -> None:
    project.write("data/invoices.csv", "number,issued_on,due_date,amount\nF-1,03/04/2026,05/06/2026,3\n")

    assert {f.rule for f in project.findings()} == {"date.ambiguous"}
