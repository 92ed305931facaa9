"""What holds for many rows alike is told once, with its lines; nothing else is left out."""

import json

import pytest

from building import make_project
from handover.cli import run
from handover.cli.grouping import MAX_RUNS, grouped
from handover.model.errors import Finding, Severity, SourceLocation


def at(line: int, message: str = "`owner` is empty", **changes) -> Finding:
    place = {"file": "data/accounts.csv", "line": line, "column": 3} | changes
    return Finding(SourceLocation(**place), "table.empty-cell", message, "Who owns it.")


def told(findings) -> list[tuple[str, str]]:
    return [(str(one.finding.location), one.also) for one in grouped(findings)]


@pytest.mark.parametrize(
    ("lines", "also"),
    [
        pytest.param([2, 3, 4, 5], "and 3 more times, on lines 3–5", id="neighbours"),
        pytest.param([2, 4, 6, 9, 10], "and 4 more times, on lines 4, 6 and 9–10", id="single lines and a run"),
        pytest.param([2, 3, 4, 5, 5], "and 4 more times, on lines 3–5", id="twice on one line"),
        pytest.param([2, *range(100, 20_100)], "and 20,000 more times, on lines 100–20099", id="very many"),
    ],
)
def test_the_same_on_many_lines_is_one_with_all_its_lines(lines, also):
    assert told(at(line) for line in lines) == [("data/accounts.csv:2:3", also)]


def test_scattered_lines_beyond_the_limit_are_counted():
    ((_, also),) = told(at(line) for line in range(2, 2 * MAX_RUNS + 24, 2))
    assert also.startswith(f"and {MAX_RUNS + 10} more times, on lines 4, 6, 8, ")
    assert also.endswith(f"{2 * MAX_RUNS + 2} and 10 further ones")


def test_rows_of_a_sheet_are_called_rows():
    ((where, also),) = told(at(line, sheet="Accounts") for line in range(2, 7))
    assert where == "data/accounts.csv:Accounts!C2"
    assert also == "and 4 more times, on rows 3–6"


@pytest.mark.parametrize(
    "findings",
    [
        pytest.param([at(2), at(3), at(9)], id="three times"),
        pytest.param([at(line, f"there is no assets/{line}") for line in range(2, 9)], id="another message each"),
        pytest.param([at(2, file=f"data/{name}.csv") for name in "abcdef"], id="another file each"),
        pytest.param([at(0, file="x.docx", place=f"paragraph {n}") for n in range(9)], id="places in a document"),
        pytest.param([at(0, column=0) for _ in range(9)], id="files as a whole"),
    ],
)
def test_other_findings_stay_single(findings):
    assert told(findings) == [(str(finding.location), "") for finding in findings]


def test_errors_and_warnings_that_say_the_same_are_kept_apart_and_in_order():
    warning = Finding(SourceLocation("data/accounts.csv", 3, 1), "a.b", "m", severity=Severity.WARNING)
    findings = [at(2), warning, *map(at, range(4, 8))]
    assert told(findings) == [
        ("data/accounts.csv:2:3", "and 4 more times, on lines 4–7"),
        ("data/accounts.csv:3:1", ""),
    ]


def test_a_hundred_rows_without_an_owner_are_one_entry_for_people_and_a_hundred_for_programs(tmp_path, capfd):
    root = make_project(tmp_path / "acme")
    rows = "".join(f"Service {n},,,,,to-close,\n" for n in range(100))
    path = root / "data" / "accounts.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n" + rows, encoding="utf-8")
    assert run(["validate", str(root)]) == 1
    text = "".join(capfd.readouterr())
    assert text.count("`current_owner` is empty") == 1
    assert "and 99 more times, on lines 3–101" in text
    assert "100 errors" in text
    assert run(["validate", str(root), "--json"]) == 1
    assert len(json.loads(capfd.readouterr().out)["findings"]) == 100
    assert run(["validate", str(root), "--format", "github"]) == 1
    assert capfd.readouterr().out.count("`current_owner` is empty") == 200  # an annotation each, and the full list
