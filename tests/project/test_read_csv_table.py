"""The strict reading of CSV: columns, places, and every liberty that spreadsheets take."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.model.sources import Table
from handover.project.read import csv_table
from handover.project.read.csv_table import read_csv, read_csv_rows

HEADER = "service,current_owner,status\n"


def read(content: str | bytes, name: str = "accounts") -> tuple[Table | None, list[str]]:
    raw = content.encode() if isinstance(content, str) else content
    table, findings = read_csv(raw, f"data/{name}.csv", name)
    return table, [f"{f.location.line}:{f.location.column} {f.rule}" for f in findings]


def values(table: Table | None) -> list[list[str]]:
    assert table is not None
    return [[cell.text for cell in row.cells.values()] for row in table.rows]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("service,current_owner,status\na,b,c\n", id="commas"),
        pytest.param("service;current_owner;status\na;b;c\n", id="semicolons"),
        pytest.param("service\tcurrent_owner\tstatus\na\tb\tc\n", id="tabs"),
        pytest.param("\ufeffservice,current_owner,status\r\na,b,c\r\n", id="a byte order mark and CRLF"),
        pytest.param("service,current_owner,status\ra,b,c", id="bare carriage returns and no last line end"),
        pytest.param("\n,,\nservice,current_owner,status\n\n,,\na,b,c\n , ,\n", id="blank rows anywhere"),
        pytest.param('"service","current_owner","status"\n"a","b","c"\n', id="every cell in quotes"),
        pytest.param("SERVICE, Current Owner ,Status\na,b,c\n", id="capitals and spaces in headers"),
        pytest.param("service;propriétaire actuel;statut\na;b;c\n", id="French headers"),
        pytest.param("service;proprie\u0301taire actuel;statut\na;b;c\n", id="French headers with separate accents"),
        pytest.param("service,current_owner,status,,\na,b,c,,\n", id="delimiters that a spreadsheet left at the end"),
        pytest.param("service,current_owner,status\na,b,c,,,\n", id="more of them than in the header"),
        pytest.param("sep=;\nservice;current_owner;status\na;b;c\n", id="Excel's hint of the separator"),
        pytest.param("\ufeffsep=,\r\nservice,current_owner,status\r\na,b,c\r\n", id="the hint after a mark"),
        pytest.param("sep=\t\nservice\tcurrent_owner\tstatus\na\tb\tc\n", id="the hint of a tab"),
        pytest.param('"sep=|"\nservice|current_owner|status\na|b|c\n', id="bars, and the hint in quotes"),
        pytest.param("service;propriétaire actuel;statut\na;b;c\n".encode("utf-16"), id="UTF-16 with its mark"),
    ],
)
def test_what_spreadsheets_write_is_accepted(content: str | bytes) -> None:
    table, findings = read(content)

    assert findings == []
    assert values(table) == [["a", "b", "c"]]
    assert table is not None
    assert table.columns == ("service", "current_owner", "status")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(HEADER + 'a,"b\n', ["2:3 csv.unclosed-quote"], id="an unclosed quote, where it opened"),
        pytest.param(HEADER + 'a,"b\nc,d,e\nf,"g",h\n', ["2:3 csv.text-after-quote"],
                     id="an unclosed quote that a later one closes"),
        pytest.param(HEADER + "c,d,e,f\n", ["2:1 table.cell-count"], id="a row with a cell too many"),
        pytest.param(HEADER + "a,b,c\x00\n", ["2:5 text.control-character"], id="a NUL"),
        pytest.param(HEADER + "a,b,\u2028\n", ["2:5 text.control-character"], id="an invisible line separator"),
        pytest.param(HEADER.encode() + b"a,\xe9,c\n", ["2:3 text.encoding"], id="Latin-1"),
        pytest.param(b"\xef\xbb\xbf" + HEADER.encode() + b"a,\xe9,c\n", ["2:3 text.encoding"],
                     id="Latin-1 behind a byte order mark"),
        pytest.param(HEADER + f"a,{'x' * 32_768},c\n", ["2:3 table.cell-too-long"], id="a cell that no sheet holds"),
        pytest.param("service,status\na,b\n", ["1:1 table.missing-column"], id="a missing column"),
        pytest.param("service,current_ownr,status\na,b,c\n", ["1:9 table.unknown-column"], id="a misspelt column"),
        pytest.param("service,current_owner,status,mood\na,b,c,d\n", ["1:30 table.unknown-column"], id="an extra one"),
        pytest.param("service,current_owner,status,\na,b,c,d\n", ["1:30 table.unnamed-column"],
                     id="cells under no name"),
        pytest.param("service,current_owner,statut,status\na,b,c,d\n", ["1:30 table.duplicate-column"],
                     id="one column under two names"),
        pytest.param("", ["0:0 table.empty"], id="nothing at all"),
        pytest.param(b"PK\x03\x04rest", ["0:0 text.encoding"], id="a workbook called .csv"),
        pytest.param(HEADER.strip() + ",x" * 100 + "\n",
                     ["1:224 table.too-wide"] + [f"1:{30 + 2 * i} table.unknown-column" for i in range(97)],
                     id="too many columns"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_where(content: str | bytes, expected: list[str]) -> None:
    assert read(content)[1] == expected


SHORT = """project;status;decision;due_date;held_by;takeover
A;idea;finish;2026-11-25;Ann;x
B;idea;cancel
C;idea;finish;;Bob
"""


def test_cells_that_excel_leaves_out_at_the_end_of_a_row_are_empty() -> None:
    table, findings = read(SHORT, "pending")

    assert findings == []
    assert values(table)[1:] == [["B", "idea", "cancel", "", "", ""], ["C", "idea", "finish", "", "Bob", ""]]


@pytest.mark.parametrize(
    ("word", "encoding", "told"),
    [
        pytest.param("Créé à Nîmes", "cp1252", "warning", id="French from Excel"),
        pytest.param("Zürich – Größe", "cp1252", "warning", id="German"),
        pytest.param("Año: 20 €", "cp1252", "warning", id="Spanish with a euro"),
        pytest.param("Créé", "mac-roman", "error", id="an old Mac"),
        pytest.param("Créé", "cp850", "error", id="DOS"),
        pytest.param("Łódź", "cp1250", "error", id="Polish"),
        pytest.param("Рига", "cp1251", "error", id="Russian"),
    ],
)
def test_a_table_in_windows_1252_is_read_and_told_and_no_other_is_guessed(word: str, encoding: str, told: str) -> None:
    table, findings = read_csv(HEADER.encode() + f"{word},b,c\n".encode(encoding), "data/accounts.csv", "accounts")

    assert [(finding.rule, str(finding.severity)) for finding in findings] == [("text.encoding", told)]
    assert (values(table)[0][0] == word) is (told == "warning")


def test_a_byte_that_isnt_utf_8_in_a_file_that_is_stays_an_error() -> None:
    _, findings = read_csv(HEADER.encode() + "é,b,".encode() + b"\xe9\n", "data/accounts.csv", "accounts")

    assert [(finding.rule, str(finding.severity)) for finding in findings] == [("text.encoding", "error")]


def test_bytes_that_are_no_text_at_all_are_told_once_and_no_cell_of_them_is_judged() -> None:
    _, findings = read_csv(bytes(range(14, 256)) * 8 + b"\n\n", "data/accounts.csv", "accounts")

    assert [finding.message for finding in findings] == ["the file is binary data, not a text file"]


def test_lines_are_counted_from_the_hint_of_the_separator() -> None:
    assert read("sep=;\n" + HEADER.replace(",", ";") + "a;b;c;d\n")[1] == ["3:1 table.cell-count"]


def test_too_many_rows_are_told_once_and_the_rest_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.project.read.table.MAX_ROWS", 50)
    table, findings = read(HEADER + "a,b,c\n" * 55)

    assert findings == ["52:1 table.too-large"]
    assert table is not None
    assert len(table.rows) == 50


def test_a_cell_after_a_line_break_in_quotes_knows_its_line() -> None:
    table, _ = read(HEADER + 'a,"b\nbb",c\n')

    assert table is not None
    assert [str(cell.location) for cell in table.rows[0].cells.values()] == [
        "data/accounts.csv:2:1",
        "data/accounts.csv:2:3",
        "data/accounts.csv:3:5",
    ]


@pytest.mark.parametrize(
    "header", ["Mot de passe", "password", "API key", "apiKey", "PIN", "TOTP", "code", "ftpPassword"]
)
def test_a_column_of_secrets_is_refused_without_showing_one(header: str) -> None:
    _, findings = read_csv(f"service,current_owner,status,{header}\na,b,c,hunter2\n".encode(), "f", "accounts")

    assert [f.rule for f in findings] == ["secret.column"]
    assert "handover vault" in findings[0].hint
    assert "hunter2" not in repr(findings)


@given(st.binary(max_size=300))
def test_any_bytes_never_raise(content: bytes) -> None:
    table, findings = read_csv(content, "data/accounts.csv", "accounts")

    assert table is not None or findings


@given(
    st.lists(
        st.lists(st.text(alphabet="ab\",;\n\r\t é='", min_size=1, max_size=8), min_size=3, max_size=3).filter(
            lambda row: any(cell.strip() for cell in row)
        ),
        max_size=6,
    )
)
def test_what_the_standard_writer_writes_is_read_back(rows: list[list[str]]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["service", "current_owner", "status"], *rows])

    table, findings = read(buffer.getvalue())

    assert findings == []
    assert values(table) == [[cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in rows]


@pytest.mark.parametrize(
    "text", ["", "a", "a,b", "a,b\n", "a,\n,b\n\n", "\n\na,,\n", "sep=,\na,b\nc", "a, b ,é\n1,2", "a" * 9 + ","]
)
def test_lines_without_quotes_are_read_at_once_as_cell_by_cell(text, monkeypatch):
    at_once = read_csv_rows(text, "t.csv", ",")
    monkeypatch.setattr(csv_table._Reader, "_unquoted", lambda _: None)
    assert read_csv_rows(text, "t.csv", ",") == at_once
