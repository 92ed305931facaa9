"""Wide tables of metrics are read like long ones, each cell at its place; what isn't plainly wide is left alone."""

import pytest

from handover.project.read.csv_table import read_csv


def read(text: str) -> tuple[list[tuple[str, str, str, str]], list[tuple[str, str]]]:
    """Date, metric, value and the value's place of each row; place and rule of each finding."""
    table, findings = read_csv(text.encode(), "m.csv", "metrics")
    rows = table.rows if table else ()
    cells = [(row.cells["date"], row.cells["metric"], row.cells["value"]) for row in rows if len(row.cells) == 3]
    found = [(day.text, name.text, value.text, str(value.location)) for day, name, value in cells]
    return found, [(str(finding.location), finding.rule) for finding in findings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "month,visitors,leads\n2026-01,8214,12\n2026-02,,14\n",
            [
                ("2026-01", "visitors", "8214", "m.csv:2:9"),
                ("2026-01", "leads", "12", "m.csv:2:14"),
                ("2026-02", "leads", "14", "m.csv:3:10"),
            ],
            id="months down",
        ),
        pytest.param(
            "Indicateur;2026-01;2026-02\nvisitors;8 214;9 000\n",
            [("2026-01", "visitors", "8 214", "m.csv:2:10"), ("2026-02", "visitors", "9 000", "m.csv:2:16")],
            id="months across",
        ),
        pytest.param(
            "metric,2026-01,2026-02,Total\nvisitors,5,6,11\n",  # the date that isn't one is told as such
            [
                ("2026-01", "visitors", "5", "m.csv:2:10"),
                ("2026-02", "visitors", "6", "m.csv:2:12"),
                ("Total", "visitors", "11", "m.csv:2:14"),
            ],
            id="a sum beside the months",
        ),
        pytest.param("date,visitors\n2026-01-15,5\n", [("2026-01-15", "visitors", "5", "m.csv:2:12")], id="days down"),
        pytest.param(
            "date,metric,value\n2026-01,visitors,5\n", [("2026-01", "visitors", "5", "m.csv:2:18")], id="a long one"
        ),
        pytest.param("month,visitors\n", [], id="a header alone"),
    ],
)
def test_a_table_of_metrics_is_read(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert read(text)[0] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("date,metrix,value\n2026-01,visitors,5\n", [("m.csv:1:6", "table.unknown-column")], id="a slip"),
        pytest.param(
            "date,name,amount\n2026-01,visitors,5\n",
            [
                ("m.csv:1:1", "table.missing-column"),
                ("m.csv:1:1", "table.missing-column"),
                ("m.csv:1:6", "table.unknown-column"),
                ("m.csv:1:11", "table.unknown-column"),
            ],
            id="words where a wide table has numbers",
        ),
        pytest.param("month,visitors\n2026-01,5,7\n", [("m.csv:2:1", "table.cell-count")], id="a cell too many"),
    ],
)
def test_what_is_wrong_with_its_shape_is_said(text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(read(text)[1]) == sorted(expected)


def test_a_wide_table_with_a_password_says_so() -> None:
    assert ("m.csv:1:16", "secret.column") in read("month,visitors,password\n2026-01,5,123\n")[1]
