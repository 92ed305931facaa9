"""Values that are easily lost or misread: placeholders, decimals of currencies, files beside the tables."""

import pytest

from conftest import ProjectCopy
from handover.model.errors import SourceLocation
from handover.model.sources import Cell, Row, Table
from handover.project.check.currencies import minor_units
from handover.project.check.placeholders import check_placeholders

HEADER = "number,issued_on,due_date,amount,currency,paid_on\n"


def placeholders(text: str) -> list[str]:
    place = SourceLocation("data/accounts.csv", 2, 1)
    table = Table("accounts", place, ("new_owner",), (Row(place, {"new_owner": Cell(place, text)}),))
    return [finding.message for finding in check_placeholders(None, [table])]


@pytest.mark.parametrize(
    "text",
    ["?", "??", "? / ?", "???", "(?)", "TBD", "tbc", "TODO", "xxx", "…", "...", "____", "to be confirmed", "à définir",
     "À compléter", "encore à confirmer", "a preciser".replace("preciser", "préciser"), "[à venir]", "not known yet"],
)  # fmt: skip
def test_a_placeholder_is_told_with_its_column(text: str) -> None:
    assert placeholders(text) == [f"`new_owner` is only “{text}”: the client would read it so"]


@pytest.mark.parametrize(
    "text",
    ["Acme", "–", "-", "n/a", "none", "aucun", "Why?", "Ann (?)", "XL", "à définir avec Ann", "TBD Ltd", "", "a", "0",
     "X", "todo list"],
)  # fmt: skip
def test_what_says_something_is_no_placeholder(text: str) -> None:
    assert placeholders(text) == []


def test_a_placeholder_in_the_settings_is_told_with_its_key(project: ProjectCopy) -> None:
    project.replace("handover.yaml", "place: Whitby", 'place: "?"')

    assert [f.message for f in project.findings()] == ["`letter.place` is only “?”: the client would read it so"]


@pytest.mark.parametrize(
    ("amount", "currency", "told"),
    [
        ("120000.5", "JPY", "`amount` has 1 decimal, and amounts in JPY have no decimals: 120000.5"),
        ("1000.25", "KRW", "`amount` has 2 decimals, and amounts in KRW have no decimals: 1000.25"),
        ("1.005", "EUR", "`amount` has 3 decimals, and amounts in EUR have 2 decimals: 1.005"),
        ("1.0005", "KWD", "`amount` has 4 decimals, and amounts in KWD have 3 decimals: 1.0005"),
        ("120000.00", "JPY", None), ("120000", "JPY", None), ("1.50", "EUR", None), ("1.500", "EUR", None),
        ("1.005", "TND", None), ("-3.20", "EUR", None),
        ("120000.50", "JPY", "`amount` has 2 decimals, and amounts in JPY have no decimals: 120000.50"),
        ("150.5", "XPF", "`amount` has 1 decimal, and amounts in XPF have no decimals: 150.5"),
    ],
)  # fmt: skip
def test_an_amount_has_the_decimals_of_its_currency(
    project: ProjectCopy, amount: str, currency: str, told: str | None
) -> None:
    rows = f"F-1,2026-07-01,2026-08-30,5000.50,EUR,\nF-2,2026-07-01,2026-08-30,{amount},{currency},\n"
    project.write("data/invoices.csv", HEADER + rows)

    assert [f.message for f in project.findings()] == ([told] if told else [])


def test_currencies_have_the_minor_units_of_iso_4217() -> None:
    assert [minor_units(code) for code in ("EUR", "JPY", "BHD", "CLF", "XPF", "HUF", "ISK")] == [2, 0, 3, 4, 0, 2, 0]


@pytest.mark.parametrize("name", ["orders.json", "metrics.tsv", "pending.ods", "notes.txt", "invoice.pdf", "old"])
def test_a_file_in_data_that_isnt_read_is_told(project: ProjectCopy, name: str) -> None:
    project.write(f"data/{name}", "[]")

    assert [(f.rule, f.location.file) for f in project.findings()] == [("file.unknown", f"data/{name}")]


@pytest.mark.parametrize("name", [".DS_Store", "~$metrics.xlsx", ".~lock.metrics.csv#", "Thumbs.db", "desktop.ini"])
def test_what_programs_leave_in_data_is_passed_over(project: ProjectCopy, name: str) -> None:
    project.write(f"data/{name}", "x")

    assert project.findings() == []


@pytest.mark.parametrize(
    ("rows", "accepted"),
    [
        pytest.param("F-1,2026-07-31,2026-08-30,500,EUR,\nA-1,2026-08-01,2026-08-30,-120,EUR,\n", True, id="less"),
        pytest.param("F-1,2026-07-31,2026-08-30,500,EUR,\nA-1,2026-08-01,2026-08-30,-500,EUR,\n", True, id="all"),
        pytest.param(
            "F-1,2026-07-31,2026-08-30,500,EUR,\nA-1,2026-08-01,2026-08-30,-120,USD,\n", False, id="elsewhere"
        ),
        pytest.param("A-1,2026-08-01,2026-08-30,-120,EUR,2026-08-02\n", True, id="paid back"),
    ],
)
def test_a_credit_note_is_accepted_where_one_currency_tells_what_is_left(
    project: ProjectCopy, rows: str, accepted: bool
) -> None:
    project.write("data/invoices.csv", HEADER + rows)

    assert [f.rule for f in project.findings()] == ([] if accepted else ["invoice.credit"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('[\n{"date": "2026-01", "metric": "leads", "value": 3}]', "JSON"),
        ('{"rows": []}', "JSON"),
        ("<!DOCTYPE html><table></table>", "a web page or XML"),
    ],
)
def test_a_file_that_holds_no_table_is_called_what_it_is(project: ProjectCopy, text: str, kind: str) -> None:
    project.write("data/metrics.csv", text)

    found = [finding for finding in project.findings() if finding.location.file == "data/metrics.csv"]

    assert [(f.rule, f.message) for f in found] == [("csv.kind", f"the file is {kind}, not a table")]


def test_no_day_is_proposed_that_doesnt_exist(project: ProjectCopy) -> None:
    project.replace("data/pending.csv", "2026-11-20", "31/11/2026")

    assert [f.hint for f in project.findings() if f.rule == "date.format"] == ["write year-month-day: 2026-11-30"]


@pytest.mark.parametrize(
    ("key", "value", "wrong"),
    [
        ("letter.reference", "We will gladly serve as a reference.", True),
        ("letter.reference", "For any project, we will gladly be your reference.", True),
        ("letter.reference", "Nous vous recommanderons volontiers", True),
        ("letter.reference", "to any agency or client who asks", False),
        ("letter.reference", "auprès de tout prestataire que vous rencontrerez", False),
        ("contract.subject", "We look after your shop", True), ("contract.subject", "Nous gérons votre site.", True),
        ("contract.subject", "la maintenance que vous nous avez confiée", False),
        ("contract.subject", "Weymouth's illustrations", False),
    ],
)  # fmt: skip
def test_what_ends_a_sentence_of_ours_is_no_sentence(project: ProjectCopy, key: str, value: str, wrong: bool) -> None:
    group, name = key.split(".")
    old = "  subject: the care of your web shop\n" if name == "subject" else f"{group}:\n"
    project.replace("handover.yaml", old, f'{"" if name == "subject" else old}  {name}: "{value}"\n')
    found = [one for one in project.findings() if one.rule == "text.sentence"]
    assert [one.message.startswith(f"`{key}` is a sentence of its own") for one in found] == [True] * wrong
