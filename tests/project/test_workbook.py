"""The tables as one workbook: what is written is read back, in either language, nothing hidden and nothing lost."""

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from conftest import ProjectCopy
from handover.languages import registry
from handover.languages.words import Words
from handover.model.base import Word, behind
from handover.model.errors import InvalidInput, OutputError
from handover.model.rows import OPTIONAL_TABLES, TABLES, AccountStatus, Decision, PendingStatus
from handover.model.sources import Table
from handover.project.adding import in_csv, in_workbook
from handover.project.check import validate
from handover.project.check.tables import cell_values, read_rows
from handover.project.read import load_project
from handover.project.read.csv_table import read_csv
from handover.project.read.xlsx_table import TableSheet, read_table_sheets
from handover.project.workbook import write_tables

LANGUAGES = [("en", "en_GB"), ("fr", "fr_FR")]
ROWS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "metrics": [{"date": dt.date(2026, 3, 1), "metric": "leads", "value": Decimal("12.125"), "source": "CRM"}],
    "pending": [
        {"project": "Refonte", "status": PendingStatus.IN_PROGRESS, "decision": Decision.HAND_OVER, "percent_done": 40},
        {"project": "=1+1", "description": "a\nb", "status": PendingStatus.IDEA, "decision": Decision.CANCEL,
         "due_date": dt.date(2026, 12, 2), "client": "acme"},
    ],
    "assets": [{"path": "logo/0299", "note": "_x0041_", "expires_on": dt.date(2027, 1, 31)}],
    "accounts": [{"service": "Google Ads", "account": "0123", "current_owner": "Ours", "status": "to-transfer"}],
    "invoices": [{"number": "007", "issued_on": dt.date(2026, 1, 2), "due_date": dt.date(2026, 2, 1),
                  "amount": Decimal("-1234.5678")}],
}  # fmt: skip


def words(language: str, locale: str) -> Words:
    return Words.load(language, locale, "inventory", "tables")


def read_back(content: bytes) -> dict[str, Table]:
    sheets, findings = read_table_sheets(content, "handover.xlsx")
    assert findings == []
    found = {}
    for sheet in sheets:
        table, wrong = sheet.read("handover.xlsx", registry.ours())
        assert wrong == []
        assert table is not None
        found[sheet.table] = table
    return found


@pytest.mark.parametrize(("language", "locale"), LANGUAGES)
def test_every_table_is_read_back_as_it_was_written(language: str, locale: str) -> None:
    found = read_back(write_tables(ROWS, words(language, locale)))

    assert set(found) == set(TABLES)
    for name, rows in ROWS.items():
        assert [dict(row) for row in cell_values(found[name])] == [dict(row) for row in rows]


@pytest.mark.parametrize(("language", "locale"), LANGUAGES)
def test_an_empty_workbook_has_every_table_and_no_row(language: str, locale: str) -> None:
    found = read_back(write_tables({}, words(language, locale)))

    assert {name: len(table.rows) for name, table in found.items()} == dict.fromkeys(TABLES, 0)


def test_sheets_and_headers_are_in_the_project_s_language() -> None:
    book = load_workbook(io.BytesIO(write_tables({}, words("fr", "fr_FR"))))

    assert book.sheetnames == [
        "Projets",
        "Fichiers",
        "Comptes",
        "Factures",
        "Jalons",
        "Routines",
        "Formations",
        "Indicateurs",
    ]
    assert [cell.value for cell in book["Factures"][1]] == [
        "Numéro", "Libellé", "Émise le", "Échéance", "Montant", "Devise", "Payée le",
    ]  # fmt: skip


def test_lists_notes_and_red_are_where_they_belong() -> None:
    book = load_workbook(io.BytesIO(write_tables(ROWS, words("fr", "fr_FR"))))
    sheet = book["Projets"]

    lists = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    assert lists["K2:K503"] == '"terminer,transmettre,abandonner"'
    assert all(cell.comment and cell.comment.text for one in book for cell in one[1])
    assert sheet["K1"].comment is not None
    assert sheet["K1"].comment.text.endswith("Au choix\u00a0: terminer, transmettre ou abandonner.\nÀ remplir.")
    red = {str(area.sqref): rule.formula for area in sheet.conditional_formatting for rule in area.rules}
    assert red == {
        f"{letter}2:{letter}503": [f"AND(COUNTA($A2:$M2)>0,LEN(TRIM({letter}2))=0)"] for letter in ("A", "C", "K")
    }


def test_nothing_is_hidden_or_locked() -> None:
    content = write_tables(ROWS, words("en", "en_GB"))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        book = package.read("xl/workbook.xml").decode()

    assert len(sheets) == len(TABLES)
    assert not [text for text in sheets if "hidden" in text or "Protection" in text]
    assert 'state="visible"' in book
    assert not any(sign in book for sign in ('state="hidden"', "veryHidden", "lockStructure"))


def test_it_is_the_same_bytes_twice() -> None:
    assert write_tables(ROWS, words("fr", "fr_FR")) == write_tables(ROWS, words("fr", "fr_FR"))


def test_text_that_means_a_value_becomes_one() -> None:
    row = {"number": "007", "issued_on": "2026-01-02", "due_date": "03/04/2026", "amount": "12.50", "paid_on": None}
    book = load_workbook(
        io.BytesIO(write_tables({"invoices": [row], "accounts": [{"status": "closed"}]}, words("fr", "fr_FR")))
    )

    cells = [cell.value for cell in book["Factures"][2]]
    assert cells == ["007", None, dt.datetime(2026, 1, 2), "03/04/2026", 12.5, None, None]  # noqa: DTZ001 — cells have no zone
    assert book["Comptes"]["G2"].value == "fermé"


def test_real_dates_and_numbers_are_in_the_cells() -> None:
    book = load_workbook(io.BytesIO(write_tables(ROWS, words("en", "en_GB"))))

    row = [cell.value for cell in book["Invoices"][2]]
    assert row[:5] == ["007", None, dt.datetime(2026, 1, 2), dt.datetime(2026, 2, 1), -1234.5678]  # noqa: DTZ001 — cells have no zone


# Values in a column, through both kinds of file

_TEXTS = st.text(st.sampled_from("aé0=+-' ;,\"€x_\n"), min_size=1, max_size=12).filter(lambda text: text.strip() != "")
_LINES = _TEXTS.filter(lambda text: "\n" not in text)


def _values(table: str, column: str) -> st.SearchStrategy[Any]:
    field = TABLES[table].model_fields[column]
    kind: Any = behind(field.annotation)
    if kind is dt.date:
        return st.dates(dt.date(1970, 1, 1), dt.date(2069, 12, 31))
    if kind is int:
        return st.integers(1, 100)
    if kind is Decimal:
        return st.decimals(-(10**9), 10**9, places=2)
    if issubclass(kind, Word):
        return st.sampled_from(list(kind))
    if "pattern=" in repr((field.metadata, field.annotation)):
        return st.just("EUR" if column == "currency" else "acme")
    return _LINES if "_line" in repr((field.metadata, field.annotation)) else _TEXTS


@pytest.mark.parametrize("table", TABLES)
@settings(max_examples=3)
@given(data=st.data())
def test_csv_and_workbook_give_the_same_values(table: str, data: st.DataObject) -> None:
    columns = list(TABLES[table].model_fields)
    rows = data.draw(st.lists(st.fixed_dictionaries({c: _values(table, c) for c in columns}), min_size=1, max_size=4))
    text = ",".join(columns) + "\n"
    text += "".join(",".join('"{}"'.format(str(row[c]).replace('"', '""')) for c in columns) + "\n" for row in rows)

    written, wrong = read_csv(text.encode(), "x.csv", table)
    kept = read_back(write_tables({table: rows}, words("fr", "fr_FR"), spare_rows=1))[table]

    assert wrong == []
    assert written is not None
    model: Any = TABLES[table]
    first, second = ([row.value for row in read_rows(one, model, wrong)] for one in (written, kept))
    assert wrong == []
    assert first == second


# In a project


def with_workbook(project: ProjectCopy, *tables: str, name: str = "handover.xlsx") -> ProjectCopy:
    """The project with some of its tables in a workbook instead of data/."""
    rows = {}
    for table in tables:
        file = f"data/{table}.csv"
        if not (project.root / file).exists():
            continue
        read, _ = read_csv((project.root / file).read_bytes(), file, table)
        assert read is not None
        rows[table] = list(cell_values(read))
        project.remove(file)
    return project.write(name, write_tables(rows, words("en", "en_GB")))


def placed(project: ProjectCopy) -> list[str]:
    return [f"{f.location} {f.rule}" for f in project.findings(draft=True)]


@pytest.mark.parametrize("name", ["handover.xlsx", "dossier.xlsx"])
def test_a_project_with_a_workbook_is_the_one_with_text_files(project: ProjectCopy, name: str) -> None:
    before, findings = validate(load_project(project.root))
    after, others = validate(load_project(with_workbook(project, *TABLES, name=name).root))

    assert before is not None
    assert after is not None
    for table in ("metrics", "pending", "accounts", "invoices", "asset_notes"):
        assert getattr(after, table) == getattr(before, table)
    assert [(f.rule, f.message) for f in others] == [(f.rule, f.message) for f in findings]


def test_tables_may_be_in_either_place(project: ProjectCopy) -> None:
    before = validate(load_project(project.root))[0]
    after = validate(load_project(with_workbook(project, "pending", "invoices").root))[0]

    assert before is not None
    assert after is not None
    assert (after.pending, after.metrics) == (before.pending, before.metrics)


def test_a_table_in_two_places_is_an_error_that_names_both(project: ProjectCopy) -> None:
    text = (project.root / "data/pending.csv").read_bytes()
    (twice,) = with_workbook(project, "pending").write("data/pending.csv", text).findings()

    assert (str(twice.location), twice.rule) == ("handover.xlsx:Pending!A1", "table.twice")
    assert "data/pending.csv" in twice.message


def test_a_table_in_two_workbooks_is_an_error(project: ProjectCopy) -> None:
    content = with_workbook(project, *TABLES).root.joinpath("handover.xlsx").read_bytes()

    assert set(placed(project.write("dossier.xlsx", content))) == {
        f"dossier.xlsx:{name.title()}!A1 table.twice" for name in TABLES if name not in OPTIONAL_TABLES - {"assets"}
    }


def test_a_wrong_cell_is_named_by_file_sheet_and_cell(project: ProjectCopy) -> None:
    rows = [{"service": "Ads", "current_owner": "Ours", "status": "perhaps"}, {"service": "Search"}]
    project.remove("data/accounts.csv").write("dossier.xlsx", write_tables({"accounts": rows}, words("fr", "fr_FR")))

    assert placed(project) == [
        "dossier.xlsx:Comptes!G2 value.word",
        "dossier.xlsx:Comptes!D3 table.empty-cell",
        "dossier.xlsx:Comptes!G3 table.empty-cell",
    ]


def test_a_sheet_of_another_name_is_told(project: ProjectCopy) -> None:
    book = load_workbook(io.BytesIO(write_tables({}, words("en", "en_GB"))))
    book.create_sheet("Invoiced").append(["number"])
    book.create_sheet("Sheet1")
    buffer = io.BytesIO()
    book.save(buffer)

    assert placed(project.write("handover.xlsx", buffer.getvalue())) == ["handover.xlsx:Invoiced!A1 xlsx.unknown-sheet"]


def test_a_table_that_is_in_neither_place_is_told_at_the_workbook(project: ProjectCopy) -> None:
    book = load_workbook(io.BytesIO(write_tables({}, words("fr", "fr_FR"))))
    del book["Comptes"]
    buffer = io.BytesIO()
    book.save(buffer)
    (missing,) = project.remove("data/accounts.csv").write("dossier.xlsx", buffer.getvalue()).findings()

    assert (str(missing.location), missing.rule) == ("dossier.xlsx", "file.missing")
    assert missing.hint == "add a sheet called comptes, with a header row; without rows it means none"


def test_sheets_that_are_one_part_are_refused(project: ProjectCopy) -> None:
    content = write_tables({}, words("en", "en_GB"))
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(
                name, data.replace(b"sheet2.xml", b"sheet1.xml") if name.endswith("workbook.xml.rels") else data
            )

    assert placed(project.write("handover.xlsx", made.getvalue())) == ["handover.xlsx xlsx.damaged"]


def test_a_workbook_saved_in_another_format_is_told(project: ProjectCopy) -> None:
    assert placed(project.write("dossier.ods", b"x")) == ["dossier.ods file.unknown"]


def test_a_workbook_that_cannot_be_read_is_the_only_thing_told(project: ProjectCopy) -> None:
    for table in ("pending", "accounts"):
        project.remove(f"data/{table}.csv")

    assert placed(project.write("handover.xlsx", b"PK not a workbook")) == ["handover.xlsx xlsx.damaged"]


def test_a_number_that_is_a_day_counts_from_where_its_workbook_does(project: ProjectCopy) -> None:
    for since_1904, day in ((False, "2026-03-15"), (True, "2030-03-16")):
        book = load_workbook(io.BytesIO(write_tables({}, words("en", "en_GB"))))
        book["Invoices"].append(["F-1", None, dt.date(2019, 12, 31), None, 5])
        book["Invoices"]["D2"].value = 46096
        book["Invoices"]["D2"].number_format = "General"
        book.epoch = CALENDAR_MAC_1904 if since_1904 else book.epoch
        buffer = io.BytesIO()
        book.save(buffer)
        table = read_back(buffer.getvalue())["invoices"]

        assert [str(row["due_date"]) for row in cell_values(table)] == [day]


# Rows added to one that people keep


def kept_by_people() -> bytes:
    """A workbook as people leave it: a colour, a sheet of their own, a column moved, a comment, a blank row."""
    book = load_workbook(io.BytesIO(write_tables(ROWS, words("fr", "fr_FR"), spare_rows=3)))
    sheet = book["Projets"]
    sheet.move_range("B1:B3", cols=20)
    sheet["A2"].fill = PatternFill("solid", start_color="FFFFEE00")
    sheet.row_dimensions[3].height = 44
    book.create_sheet("Mes notes").append(["ne pas perdre", dt.date(2026, 1, 2)])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def table_sheet(content: bytes, name: str) -> TableSheet:
    return next(sheet for sheet in read_table_sheets(content, "dossier.xlsx")[0] if sheet.table == name)


def test_rows_are_added_below_and_nothing_else_changes() -> None:
    before = kept_by_people()
    rows = [
        {"project": "Blog _x0041_", "description": "a\nb", "status": PendingStatus.BLOCKED, "decision": Decision.FINISH,
         "due_date": dt.date(2027, 5, 6), "percent_done": 5},
        {"project": "Shop", "status": "Doing", "decision": None},
    ]  # fmt: skip
    after = in_workbook(before, "dossier.xlsx", table_sheet(before, "pending"), rows, registry.ours())

    (first, second, *added) = cell_values(read_sheet(after, "pending"))
    assert [first, second] == list(cell_values(read_sheet(before, "pending")))
    assert added == [rows[0], {"project": "Shop", "status": PendingStatus.IN_PROGRESS}]
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        changed = [name for name in old.namelist() if old.read(name) != new.read(name)]
        assert new.namelist() == old.namelist()
    assert changed == ["xl/worksheets/sheet1.xml"]
    opened = load_workbook(io.BytesIO(after))["Projets"]
    assert opened["H4"].number_format == opened["H3"].number_format
    assert opened.row_dimensions[3].height == 44


def read_sheet(content: bytes, name: str) -> Table:
    table, findings = table_sheet(content, name).read("dossier.xlsx", registry.ours())
    assert findings == []
    assert table is not None
    return table


def test_values_of_a_line_are_replaced_where_they_stand() -> None:
    before = write_tables(ROWS, words("en", "en_GB"))
    row = {"value": Decimal("99.5"), "exported_on": dt.date(2026, 4, 1)}
    after = in_workbook(before, "x", table_sheet(before, "metrics"), [], registry.ours(), {2: row})

    (found,) = cell_values(read_sheet(after, "metrics"))
    assert found == {**ROWS["metrics"][0], **row}


def test_a_column_that_a_row_needs_is_added() -> None:
    before = write_tables({}, words("fr", "fr_FR"))
    row = {"service": "Ads", "current_owner": "x", "status": AccountStatus.CLOSED, "client": "acme"}
    after = in_workbook(before, "x", table_sheet(before, "accounts"), [row], registry.ours())

    assert list(cell_values(read_sheet(after, "accounts"))) == [row]


def test_a_wide_table_takes_no_rows() -> None:
    book = Workbook()
    sheet = book.create_sheet("Metrics")
    sheet.append(["month", "visitors"])
    sheet.append(["2026-03", 5])
    buffer = io.BytesIO()
    book.save(buffer)
    content = buffer.getvalue()

    with pytest.raises(OutputError, match="it lacks date, metric, value"):
        in_workbook(content, "x", table_sheet(content, "metrics"), [dict(ROWS["metrics"][0])], registry.ours())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"project,status,decision\nA,done,finish\n",
                     b"project,status,decision\nA,done,finish\n\"B, b\",in progress,hand over\n", id="English"),
        pytest.param("\ufeffprojet;décision;statut\r\nA;terminer;fait\r\n".encode(),
                     "\ufeffprojet;décision;statut\r\nA;terminer;fait\r\nB, b;transmettre;en cours\r\n".encode(),
                     id="French, from Windows, in another order"),
        pytest.param("projet;décision;statut\nÉ;terminer;fait".encode("cp1252"),
                     "\ufeffprojet;décision;statut\nÉ;terminer;fait\nB, b;transmettre;en cours\n".encode(),
                     id="in another encoding, without a last line end"),
        pytest.param(b'project,status,decision\r\n"A\nA",done,finish',
                     b'project,status,decision\r\n"A\nA",done,finish\r\n"B, b",in progress,hand over\r\n',
                     id="with a line end of its own in a cell"),
    ],
)  # fmt: skip
def test_rows_are_added_to_text_as_it_is_written(before: bytes, after: bytes) -> None:
    row = {"project": "B, b", "status": PendingStatus.IN_PROGRESS, "decision": Decision.HAND_OVER}

    assert in_csv(before, "data/pending.csv", "pending", [row], registry.ours()) == after


def test_rows_are_added_to_nothing_that_isnt_text() -> None:
    with pytest.raises(InvalidInput):
        in_csv(b"project,status,decision\nA \x81\xff,done,finish\n", "data/pending.csv", "pending", [], registry.ours())
