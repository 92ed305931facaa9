"""Dates, amounts and words as people write them in tables: the value that they mean, or a question with both."""

from typing import Any

import pytest

from conftest import ProjectCopy
from handover.model.errors import Finding
from handover.model.rows import TABLES
from handover.project.check.tables import read_rows
from handover.project.read.csv_table import read_csv

DATES = [
    "2026-03-15", "2026-3-15", "2026/03/15", "20260315", "15/03/2026", "15/3/2026", "15/03/26", "15.03.2026",
    "15. 3. 2026", "15-03-2026", "15 / 03 / 2026", "3/15/2026", "15/03/2026 00:00", "2026-03-15T00:00:00",
    "2026-03-15 00:00:00", "46096", "15 mars 2026", "le 15 mars 2026", "15 mars 26", "15-mars-26", "15-Mar-2026",
    "15 Mar 2026", "15th March 2026", "15th of March 2026", "March 15, 2026", "Mar. 15th, 2026",
    "Sunday, March 15, 2026", "dimanche 15 mars 2026", "dim. 15 mars 2026", "15\u00a0mars\u00a02026", "15 MARS 2026",
    "15. März 2026", "dim. 15/03/2026", "dimanche 15/03/2026", "Sun 2026-03-15", "le 15/03/2026", "'15/03/2026",
    "15/mars/2026",
    "2026.03.15", "15.3.26", "15-mar-26", "3/15/2026 12:00:00 AM", "2026-03-15T00:00:00.000Z",
]  # fmt: skip

AMOUNTS = [
    "1234.50", "1234,50", "1 234,50", "1\u00a0234,50", "1\u202f234,50", "1,234.50", "1.234,50", "1'234.50",
    "1\u2019234.50", "1 234,50 €", "1\u00a0234,50\u00a0€", "1234,50€", "€1,234.50", "€ 1.234,50", "1 234,50 EUR",
    "EUR 1234.50", "+1 234,50 €", "1.234,5 €", "1 234,50€ ", "1234.500",
    "1 234,50 euros", "1 234,50 Euro", "1234.50 eur", "1\u2009234,50", "01234,50",
]  # fmt: skip


def rows(table: str, text: str) -> tuple[list[Any], list[Finding]]:
    """The rows of a table written so, and what is wrong with it."""
    read, findings = read_csv(text.encode(), f"data/{table}.csv", table)
    assert read is not None
    return [row.value for row in read_rows(read, TABLES[table], findings)], findings


def invoice(*, due: str = "2026-12-15", amount: str = "5", currency: str = "", more: str = "") -> Any:
    """What becomes of an invoice with these cells: its row, or the findings."""
    header = "number;issued_on;due_date;amount;currency\n"
    found, findings = rows("invoices", f"{header}F-1;2019-12-31;{due};{amount};{currency}\n{more}")
    return findings or found[0]


@pytest.mark.parametrize("text", DATES)
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert str(invoice(due=text).due_date) == "2026-03-15"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param("1er mars 2026", "2026-03-01", id="the first in French"),
        pytest.param("2 déc. 2026", "2026-12-02", id="a short month in French"),
        pytest.param("2 Dec 2026", "2026-12-02", id="a short month in English"),
        pytest.param("1 juill. 2026", "2026-07-01", id="a short month that CLDR lacks in this form"),
        pytest.param("mar. 3 mars 2026", "2026-03-03", id="a weekday that looks like a month"),
        pytest.param("04/04/2026", "2026-04-04", id="the same in both orders"),
    ],
)
def test_other_days(text: str, day: str) -> None:
    assert str(invoice(due=text).due_date) == day


def test_a_day_that_can_be_two_is_a_question_that_gives_both() -> None:
    (question,) = invoice(due="03/04/2026")

    assert question.rule == "date.ambiguous"
    assert question.message.startswith("`due_date` can be 2026-04-03 or 2026-03-04")
    assert question.hint == "write 2026-04-03 or 2026-03-04"


def test_another_row_settles_which_day_is_meant() -> None:
    row = invoice(due="03/04/2026", more="F-2;2019-12-31;25/12/2026;1;\n")

    assert str(row.due_date) == "2026-04-03"


@pytest.mark.parametrize(
    "text", ["15 mars", "mars 2026", "Q1 2026", "29/02/2026", "32/01/2026", "soon", "15-03-26", "99999"]
)
def test_what_is_no_day_is_told(text: str) -> None:
    assert [f.rule for f in invoice(due=text)] == ["date.format"]


@pytest.mark.parametrize("text", AMOUNTS)
def test_an_amount_is_read_however_it_is_written(text: str) -> None:
    assert float(invoice(amount=text).amount) == 1234.5


@pytest.mark.parametrize(
    ("text", "currency", "value"),
    [
        pytest.param("£1,234.50", "GBP", 1234.5, id="pounds"),
        pytest.param("CHF 1'234.50", "CHF", 1234.5, id="Swiss francs"),
        pytest.param("Fr. 120.\u2013", "CHF", 120, id="whole francs"),
        pytest.param("SFr. 1'234.50", "CHF", 1234.5, id="Swiss francs of old"),
        pytest.param("1 234,50 $\u00a0CA", "CAD", 1234.5, id="dollars as Québec writes them abroad"),
        pytest.param("$1,234.50", "USD", 1234.5, id="dollars, whose row says which"),
        pytest.param("\u22121 234,50 €", "€", -1234.5, id="a credit note, and a sign for the currency"),
        pytest.param("(1 234,50 €)", "", -1234.5, id="less than 0 as accountants write it"),
        pytest.param("(£1,234.50)", "GBP", -1234.5, id="the same in pounds"),
        pytest.param("-€5.25", "eur", -5.25, id="a minus before the sign, and a code in small letters"),
    ],
)
def test_amounts_in_other_currencies(text: str, currency: str, value: float) -> None:
    assert float(invoice(amount=text, currency=currency).amount) == value


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        pytest.param("1.234 €", "number.ambiguous", id="thousands or decimals"),
        pytest.param("12€50", "number.format", id="a sign inside the number"),
        pytest.param("1 234,50 € TTC", "number.format", id="a word beside it"),
        pytest.param("1 234,50-", "number.format", id="a minus behind"),
        pytest.param("(1 234,50", "number.format", id="half a bracket"),
        pytest.param("ABC 12", "number.format", id="letters that are no currency"),
    ],
)
def test_doubtful_amounts_are_told(text: str, rule: str) -> None:
    assert [f.rule for f in invoice(amount=text)] == [rule]


def test_a_sign_that_is_not_the_currency_s_is_told(project: ProjectCopy) -> None:
    table = "number,issued_on,due_date,amount\nF-1,2026-01-01,2026-12-15,£5\n"

    assert [f.rule for f in project.write("data/invoices.csv", table).findings()] == ["invoice.currency"]


@pytest.mark.parametrize(
    ("status", "meant"),
    [
        ("à faire", "not-started"), ("To do", "not-started"), ("doing", "in-progress"), ("En cours", "in-progress"),
        ("en pause", "waiting"), ("on hold", "waiting"), ("à valider", "in-review"), ("Terminée", "done"),
        ("livré", "done"), ("stuck", "blocked"), ("IN_PROGRESS", "in-progress"),
    ],
)  # fmt: skip
def test_everyday_words_of_states_are_understood(status: str, meant: str) -> None:
    (row,), _ = rows("pending", f"project,status,decision\nSite,{status},transmettre\n")

    assert (str(row.status), str(row.decision)) == (meant, "hand-over")


@pytest.mark.parametrize(("text", "meant"), [("oui", "yes"), ("Sous condition", "conditions"), ("no", "no")])
def test_everyday_answers_are_understood(text: str, meant: str) -> None:
    (row,), _ = rows("assets", f"path,transferable\nlogo,{text}\n")

    assert str(row.transferable) == meant
