"""Tables in workbooks: values become the text that the models read; formulas, bombs and riddles are refused."""

import datetime as dt
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from handover.model.sources import Table
from handover.project.read.xlsx_table import read_xlsx

HEADER = ["number", "issued_on", "due_date", "amount"]


def workbook(
    *rows: list[object], title: str = "Sheet1", more: tuple[str, ...] = (), formats: dict[str, str] | None = None
) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for address, number_format in (formats or {}).items():
        sheet[address].number_format = number_format
    for name in more:
        book.create_sheet(name)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_sheets(*titles: str, hidden: tuple[str, ...] = (), empty: tuple[str, ...] = ()) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title in titles:
        sheet = book.create_sheet(title)
        if title not in empty:
            sheet.append(HEADER)
            sheet.append([title, "2026-10-31", "2026-11-30", 1])
        if title in hidden:
            sheet.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def repacked(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The same package with one part's bytes changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            assert name != part or old in data
            target.writestr(name, data.replace(old, new) if name == part else data)
    return buffer.getvalue()


def read(content: bytes, name: str = "invoices") -> tuple[Table | None, list[str]]:
    table, findings = read_xlsx(content, f"data/{name}.xlsx", name)
    return table, [f"{f.location} {f.rule}" for f in findings]


def values(table: Table | None) -> list[list[str]]:
    assert table is not None
    return [[cell.text for cell in row.cells.values()] for row in table.rows]


@pytest.mark.parametrize("mark", [b'hidden="1"', b'hidden="true"', b'hidden="0"'])
def test_hidden_rows_are_read_and_told(mark: bytes) -> None:
    made = workbook(HEADER, *(["F-1", "2026-10-31", "2026-11-30", amount] for amount in (1, 2, 3)))
    made = repacked(made, "xl/worksheets/sheet1.xml", b'<row r="3"', b'<row r="3" ' + mark)
    table, findings = read(made)
    assert [row[3] for row in values(table)] == ["1", "2", "3"]
    assert findings == (["data/invoices.xlsx:Sheet1!A1 xlsx.hidden-rows"] if b"0" not in mark else [])


def test_dates_and_numbers_become_plain_text_with_their_cell() -> None:
    table, findings = read(workbook(HEADER, ["F-1", dt.date(2026, 10, 31), dt.datetime(2026, 11, 30), 1240.5]))  # noqa: DTZ001 — cells have no zone

    assert findings == []
    assert values(table) == [["F-1", "2026-10-31", "2026-11-30", "1240.5"]]
    assert table is not None
    cell = table.rows[0].cells["amount"]
    assert (str(cell.location), cell.exact) == ("data/invoices.xlsx:Sheet1!D2", True)


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        pytest.param(42, "General", "42", id="a whole number"),
        pytest.param(0.1 + 0.2, "General", "0.3", id="what binary fractions add is dropped"),
        pytest.param(1e15, "General", "1000000000000000", id="no exponent"),
        pytest.param(0.024, "0.0%", "2.4", id="a percentage as tables write it"),
        pytest.param(12.0, "0.00", "12", id="no trailing zeros"),
        pytest.param("1 234,5", "@", "1 234,5", id="a number typed as text is left for the column to decide"),
        pytest.param("a_x000D_\nb", "@", "a\nb", id="a carriage return that Excel escaped"),
        pytest.param("_x005F_x0041_", "@", "_x0041_", id="an escaped escape"),
    ],
)
def test_a_value_becomes_text(value: object, number_format: str, text: str) -> None:
    table, findings = read(workbook(HEADER, ["F-1", "2026-10-31", "2026-11-30", value], formats={"D2": number_format}))

    assert findings == []
    assert values(table)[0][3] == text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(workbook(HEADER, ["F-1", "2026-10-31", "2026-11-30", "=1+1"]),
                     ["data/invoices.xlsx:Sheet1!D2 xlsx.formula"], id="a formula"),
        pytest.param(workbook(HEADER, ["F-1", "2026-10-31", "2026-11-30", "#N/A"]),
                     ["data/invoices.xlsx:Sheet1!D2 xlsx.error-value"], id="an error value"),
        pytest.param(workbook(HEADER, ["F-1", dt.datetime(2026, 10, 31, 9, 30), "2026-11-30", 1]),  # noqa: DTZ001 — cells have no zone
                     ["data/invoices.xlsx:Sheet1!B2 xlsx.time"], id="a date with a time"),
        pytest.param(workbook(HEADER, ["F-1", dt.time(9, 30), "2026-11-30", 1]),
                     ["data/invoices.xlsx:Sheet1!B2 xlsx.time"], id="a time of day"),
        pytest.param(workbook(HEADER, ["F-1", "2026-10-31", "2026-11-30", 1, "x"]),
                     ["data/invoices.xlsx:Sheet1!E1 table.unnamed-column"], id="a cell beside the table"),
        pytest.param(with_sheets("Sheet1", "Sheet2"), ["data/invoices.xlsx xlsx.which-sheet"], id="several sheets"),
        pytest.param(workbook(), ["data/invoices.xlsx table.empty"], id="an empty workbook"),
        pytest.param(b"", ["data/invoices.xlsx xlsx.damaged"], id="an empty file"),
        pytest.param(b"PK\x03\x04 and so on", ["data/invoices.xlsx xlsx.damaged"], id="not a zip"),
        pytest.param(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512, ["data/invoices.xlsx xlsx.encrypted"],
                     id="an encrypted workbook"),
        pytest.param(repacked(workbook(HEADER), "xl/workbook.xml", b"<workbook", b'<!DOCTYPE x><workbook'),
                     ["data/invoices.xlsx xlsx.damaged"], id="a document type declaration"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_cell(content: bytes, expected: list[str]) -> None:
    assert read(content)[1] == expected


def test_of_a_workbook_of_formulas_the_first_5000_are_told_and_that_there_are_more() -> None:
    table, findings = read_xlsx(workbook(HEADER, *[["=1", "=2", "=3", "=4"]] * 1_300), "data/invoices.xlsx", "invoices")
    assert table is not None
    assert [finding.rule for finding in findings] == [*["xlsx.formula"] * 5_000, "table.too-many"]


def test_text_that_looks_like_a_formula_is_text() -> None:
    content = workbook(HEADER, ["placeholder", "2026-10-31", "2026-11-30", 1])

    table, findings = read(repacked(content, "xl/worksheets/sheet1.xml", b"placeholder", b"=1+1"))

    assert findings == []
    assert values(table)[0][0] == "=1+1"


def test_the_sheet_called_like_the_table_is_taken_in_either_language() -> None:
    for title in ("Invoices", "factures"):
        table, findings = read(workbook(HEADER, ["F-1", "2026-10-31", "2026-11-30", 1], title=title, more=("Notes",)))

        assert findings == []
        assert len(values(table)) == 1


@pytest.mark.parametrize(
    ("content", "first"),
    [
        pytest.param(with_sheets("Sheet1", "Sheet2", "Sheet3", empty=("Sheet2", "Sheet3")), "Sheet1",
                     id="the further sheets that Excel made until 2010"),
        pytest.param(with_sheets("Feuil1", "Feuil2", empty=("Feuil1",)), "Feuil2", id="an empty sheet in front"),
        pytest.param(with_sheets("Lists", "Table", hidden=("Lists",)), "Table", id="a hidden sheet of lists"),
        pytest.param(with_sheets("Notes", " Factures "), " Factures ", id="a name with spaces around it"),
    ],
)  # fmt: skip
def test_the_only_sheet_with_something_in_it_is_taken(content: bytes, first: str) -> None:
    table, findings = read(content)

    assert findings == []
    assert values(table)[0][0] == first


def test_a_part_that_unpacks_to_gigabytes_is_refused_before_it_is_parsed() -> None:
    bomb = repacked(workbook(HEADER), "xl/worksheets/sheet1.xml", b"<sheetData>", b"<sheetData>" + b" " * 60_000_000)

    table, findings = read_xlsx(bomb, "data/invoices.xlsx", "invoices")

    assert table is None
    assert [f.rule for f in findings] == ["xlsx.damaged"]
    assert "a part that is too large" in findings[0].message


def test_a_forged_dimension_doesnt_widen_the_rows() -> None:
    content = workbook(HEADER, ["F-1", "2026-10-31", "2026-11-30", 1])
    forged = repacked(content, "xl/worksheets/sheet1.xml", b'ref="A1:D2"', b'ref="A1:XFD1048576"')

    table, findings = read(forged)

    assert findings == []
    assert len(values(table)[0]) == 4


GOOD = workbook(HEADER, ["F-1", dt.date(2026, 10, 31), "2026-11-30", 1240.5])


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_a_flipped_byte_never_raises(position: int, mask: int) -> None:
    damaged = bytearray(GOOD)
    damaged[position] ^= mask

    table, findings = read_xlsx(bytes(damaged), "data/invoices.xlsx", "invoices")

    assert table is not None or findings
