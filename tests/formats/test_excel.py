"""Workbooks: every value exact, nothing on disk, the same bytes each time; and read back from any program."""

import datetime as dt
import io
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.formats.excel import Book, Cell, Column, Kind, Link, Look, Sheet, Value, read_workbook, write_workbook
from handover.formats.excel.fit import lines_needed, width_of
from handover.model.errors import DamagedFile, HandoverError
from handover.model.secret import Secret

writable = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="".join(map(chr, range(32))) + "\ufffe\uffff")
    | st.sampled_from("\n\t_x0045F=+-@' "),
    max_size=60,
)


def book(*rows: tuple[Value, ...], columns: tuple[Column, ...] = (), **changes: object) -> Book:
    columns = columns or tuple(Column(f"Column {at}") for at in range(len(rows[0]) if rows else 1))
    sheet = Sheet("Sheet & 1", columns, rows, **changes)  # type: ignore[arg-type]  # keywords of Sheet
    return Book((sheet,))


def texts(data: bytes) -> list[str]:
    return [cell.text for cell in read_workbook(data, "x.xlsx")[0].cells]


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


@given(st.lists(writable.filter(bool), min_size=1, max_size=8))
def test_any_text_comes_back_exactly(values: list[str]) -> None:
    written = write_workbook(book(tuple(values)))
    assert texts(written)[len(values) :] == values


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("=1+1", id="what looks like a formula"),
        pytest.param("'quoted", id="an apostrophe in front"),
        pytest.param(" a ", id="spaces at both ends"),
        pytest.param("a\nb\n", id="line breaks, one of them last"),
        pytest.param("_x0041_", id="what looks like an escape"),
        pytest.param("_x005F_x0041_", id="an escaped escape"),
        pytest.param("_x0041_x0041_", id="overlapping escapes"),
        pytest.param("007", id="zeros in front"),
        pytest.param("🙂" * 16_383, id="the longest text, in characters that count twice"),
        pytest.param("x" * 32_767, id="the longest text"),
        pytest.param("a\r\nb", id="a carriage return, which XML would drop"),
    ],
)
def test_awkward_text_comes_back_exactly(value: str) -> None:
    assert texts(write_workbook(book((value,))))[-1] == value
    assert texts(write_workbook(book((Secret(value),))))[-1] == value


def test_another_reader_finds_text_that_is_shown_with_its_quote_prefix() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_workbook(book(("=1+1", "_x0041_", "007")))))["Sheet & 1"]
    row = list(sheet[2])
    assert [cell.value for cell in row] == ["=1+1", "_x0041_", "007"]
    assert all(cell.data_type == "s" and cell.quotePrefix and cell.number_format == "@" for cell in row)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param("canary\x07", "U+0007", id="a control character"),
        pytest.param("canary\ud800", "U+D800", id="a lone surrogate"),
        pytest.param("canary\uffff", "U+FFFF", id="a noncharacter"),
        pytest.param("canary" + "x" * 32_767, "32,767", id="one character too many"),
        pytest.param("canary" + "🙂" * 16_381, "32,767", id="too long when counted as Excel does"),
    ],
)
def test_what_no_cell_can_hold_is_refused_by_cell_and_never_shown(value: str, reason: str) -> None:
    with pytest.raises(HandoverError) as caught:
        write_workbook(book(("fine", Secret(value))))
    assert str(caught.value).startswith("Sheet & 1!B2: ")
    assert reason in str(caught.value)
    assert "canary" not in str(caught.value) + str(caught.value.hint)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_nothing_is_written_to_the_temporary_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opened: list[object] = []

    def refuse(*arguments: object, **_: object) -> None:
        opened.append(arguments)
        raise AssertionError("a temporary file")

    for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp", "mkdtemp", "SpooledTemporaryFile"):
        monkeypatch.setattr(tempfile, name, refuse)
    monkeypatch.setattr("openpyxl.worksheet._writer.create_temporary_file", refuse)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    written = write_workbook(book(("canary", 3, dt.date(2026, 1, 2))))
    assert written.startswith(b"PK")
    assert opened == []
    assert list(tmp_path.iterdir()) == []


def test_equal_books_give_equal_bytes_without_times_people_or_paths() -> None:
    rows = ((Link("assets/é.pdf", "assets/%C3%A9.pdf"), 5, dt.date(2026, 1, 2)),)
    columns = (Column("File", Look.LINK), Column("Size", Look.NUMBER), Column("Date", Look.DATE))
    written = write_workbook(book(*rows, columns=columns))
    assert written == write_workbook(book(*rows, columns=columns))
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert sorted(archive.namelist()) == [
            "[Content_Types].xml",
            "_rels/.rels",
            "docProps/app.xml",
            "docProps/core.xml",
            "xl/_rels/workbook.xml.rels",
            "xl/sharedStrings.xml",
            "xl/styles.xml",
            "xl/theme/theme1.xml",
            "xl/workbook.xml",
            "xl/worksheets/_rels/sheet1.xml.rels",
            "xl/worksheets/sheet1.xml",
        ]
    for trace in (b"openpyxl", b"dcterms:created", b"dcterms:modified", b"lastModifiedBy", str(Path.cwd()).encode()):
        assert trace not in everything


def test_numbers_and_dates_are_numbers_and_links_are_links() -> None:
    rows = (
        (
            Link("assets/a b.pdf", "assets/a%20b.pdf"),
            1_234_567,
            dt.datetime(2026, 11, 30, 23, 59, tzinfo=dt.UTC),
            Cell(Link("To B", "#'Sheet & 1'!B1"), Look.PAGE_LINK),
        ),
    )
    columns = (Column("File", Look.LINK), Column("Size", Look.NUMBER), Column("Date", Look.DATE), Column("More"))
    written = write_workbook(Book((Sheet("Sheet & 1", columns, rows),), date_format="yyyy", number_format="0.0"))
    sheet = openpyxl.load_workbook(io.BytesIO(written))["Sheet & 1"]
    assert sheet["B2"].value == 1_234_567
    assert sheet["B2"].number_format == "0.0"
    assert sheet["C2"].value == dt.datetime(2026, 11, 30)  # noqa: DTZ001 — a workbook knows no zones
    assert sheet["C2"].number_format == "yyyy"
    assert sheet["A2"].hyperlink.target == "assets/a%20b.pdf"
    assert sheet["D2"].hyperlink.location == "'Sheet & 1'!B1"


def test_a_table_has_a_frozen_filtered_repeated_header_and_opens_at_a1() -> None:
    columns = (Column("One"), Column("Two", choices=("Yes", "No")))
    data = write_workbook(
        Book(
            (
                Sheet("Front", (Column("", least=20, most=20),), ((Cell("Hello", Look.TITLE),),), table=False),
                Sheet("Table", columns, (("a", "Yes"), ("b", "No")), notices=("DRAFT",)),
            ),
            paper="Letter",
            footer=("A & B", "today", "Page {page} of {pages}"),
        )
    )
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    assert workbook.active is not None
    assert workbook.active.title == "Front"
    front, table = workbook["Front"], workbook["Table"]
    assert (table.freeze_panes, table.auto_filter.ref, table.print_title_rows) == ("B3", "A2:B4", "$1:$2")
    assert front.freeze_panes is None
    assert [view.tabSelected for view in (front.sheet_view, table.sheet_view)] == [True, False]
    assert {s.activeCell for sheet in (front, table) for s in sheet.sheet_view.selection} == {"A1"}
    assert table.page_setup.orientation == "landscape"
    assert (table.page_setup.paperSize, table.page_setup.fitToWidth, table.page_setup.fitToHeight) == (1, 1, 0)
    assert table.sheet_properties.pageSetUpPr.fitToPage
    validation = table.data_validations.dataValidation[0]
    assert (str(validation.sqref), validation.formula1) == ("B3:B4", '"Yes,No"')
    assert "<oddFooter>&amp;LA &amp;&amp; B&amp;Ctoday&amp;RPage &amp;P of &amp;N</oddFooter>" in part(
        data, "xl/worksheets/sheet2.xml"
    )


def test_columns_are_as_wide_as_their_content_within_limits_and_rows_as_high() -> None:
    columns = (Column("A", least=10, most=30), Column("B", least=10, most=30), Column("C", least=10, most=30))
    rows = (("x", "x" * 20, "word " * 40), ("x", "x", "x"))
    sheet = openpyxl.load_workbook(io.BytesIO(write_workbook(book(*rows, columns=columns))))["Sheet & 1"]
    narrow, middle, wide = (sheet.column_dimensions[letter].width for letter in "ABC")
    assert narrow == 10
    assert 15 < middle < 30
    assert wide == 30
    assert sheet.row_dimensions[2].height > 4 * sheet.row_dimensions[3].height


def test_a_page_that_needs_typing_in_keeps_text_as_text() -> None:
    columns = (Column("Password", Look.MONO), Column("Change", choices=("Yes", "No")))
    sheet = openpyxl.load_workbook(io.BytesIO(write_workbook(book(columns=columns, spare_rows=50))))["Sheet & 1"]
    assert sheet["A1"].value == "Password"
    assert sheet.column_dimensions["A"].number_format == "@"
    assert sheet.column_dimensions["A"].quotePrefix
    assert str(sheet.data_validations.dataValidation[0].sqref) == "B2:B52"


def test_a_table_without_rows_is_a_sentence() -> None:
    data = write_workbook(book(columns=(Column("A"), Column("B")), notices=("Nothing to list.",)))
    assert texts(data) == ["Nothing to list."]
    assert "autoFilter" not in part(data, "xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    "choices",
    [
        pytest.param(("a,b", "c"), id="a comma parts words"),
        pytest.param(('a"b',), id="a quotation mark ends the list"),
        pytest.param(("x" * 130, "y" * 130), id="more than 255 characters"),
    ],
)
def test_a_list_that_excel_cannot_offer_is_refused(choices: tuple[str, ...]) -> None:
    with pytest.raises(HandoverError, match="don't fit a list"):
        write_workbook(book(("a",), columns=(Column("A", choices=choices),)))


def test_a_long_client_name_gives_way_in_the_footer_and_the_page_number_stays() -> None:
    data = write_workbook(Book((Sheet("S", (Column("A"),), (("x",),)),), footer=("&" * 300, "today", "{page}/{pages}")))
    footer = openpyxl.load_workbook(io.BytesIO(data))["S"].oddFooter
    assert footer.right.text == "&P/&N"
    code = part(data, "xl/worksheets/sheet1.xml").partition("<oddFooter>")[2].partition("</oddFooter>")[0]
    assert len(code.replace("&amp;", "&")) <= 255


def test_links_beyond_excels_limit_are_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.formats.excel.rows.MAX_LINKS", 2)
    rows = tuple((Link(f"f{at}", f"f{at}"),) for at in range(4))
    sheet = openpyxl.load_workbook(io.BytesIO(write_workbook(book(*rows))))["Sheet & 1"]
    assert [sheet.cell(at, 1).hyperlink is not None for at in range(2, 6)] == [True, True, False, False]
    assert sheet["A5"].value == "f3"


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.formats.excel.rows.MAX_ROWS", 3)
    with pytest.raises(HandoverError, match="Sheet & 1: 3 rows are more than a sheet holds"):
        write_workbook(book(("a",), ("b",), ("c",)))


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        pytest.param("", 10, 1, id="nothing is one line"),
        pytest.param("aaaa bbbb", 12, 1, id="what fits is one line"),
        pytest.param("aaaa bbbb cccc", 10, 2, id="wrapped at a space"),
        pytest.param("0" * 25, 10, 3, id="a word wider than the column is broken"),
        pytest.param("a\n\nb", 10, 3, id="line breaks count, empty lines too"),
        pytest.param("漢" * 10, 10, 2, id="ideographs are two wide"),
    ],
)
def test_lines_are_counted_as_a_spreadsheet_wraps_them(text: str, room: float, lines: int) -> None:
    assert lines_needed(text, Look.TEXT, room) == lines
    assert width_of("0", Look.TEXT) == 1


def test_a_secret_wider_than_its_column_gets_a_spare_line() -> None:
    # LibreOffice breaks an address after its slashes first, and needs a line more than its characters would.
    uri = "otpauth://totp/Cidrerie%20Trehorel:claire%40trehorel.example?secret=JBSWY3DPEHPK3PXP&issuer=Colombe"
    assert lines_needed(uri, Look.MONO, 39) == 5
    assert lines_needed("0" * 20, Look.MONO, 39) == 1


# Reading


def edited(sheet_data: str, strings: str = "") -> bytes:
    """A workbook whose first sheet has this `sheetData`, as another program might write it."""
    with zipfile.ZipFile(io.BytesIO(write_workbook(book(("x",))))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    before, after = sheet.partition("<sheetData>")[0], sheet.partition("</sheetData>")[2]
    parts["xl/worksheets/sheet1.xml"] = f"{before}<sheetData>{sheet_data}</sheetData>{after}".encode()
    if strings:
        head = parts["xl/sharedStrings.xml"].decode().partition("<si>")[0]
        parts["xl/sharedStrings.xml"] = f"{head}{strings}</sst>".encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("cell", "kind", "text"),
    [
        pytest.param('<c r="A1"><v>7</v></c>', Kind.NUMBER, "7", id="a number without a type"),
        pytest.param('<c r="A1" t="b"><v>1</v></c>', Kind.BOOLEAN, "1", id="a truth value"),
        pytest.param('<c r="A1" t="e"><v>#N/A</v></c>', Kind.ERROR, "#N/A", id="an error"),
        pytest.param('<c r="A1"><f>1+1</f><v>2</v></c>', Kind.FORMULA, "2", id="a formula with its result"),
        pytest.param('<c r="A1" t="str"><f>A2</f></c>', Kind.FORMULA, "", id="a formula without result"),
        pytest.param('<c r="A1" t="inlineStr"><is><t>_x0041_b</t></is></c>', Kind.TEXT, "Ab", id="text in the cell"),
        pytest.param('<c t="s"><v>1</v></c>', Kind.TEXT, "x", id="a cell that doesn't say where it is"),
    ],
)
def test_each_kind_of_cell_is_told_apart(cell: str, kind: Kind, text: str) -> None:
    (found,) = read_workbook(edited(f"<row>{cell}</row>"), "x.xlsx")[0].cells
    assert (found.row, found.column, found.kind, found.text) == (1, 1, kind, text)
    assert "text=" not in repr(found)


def test_rich_text_is_read_without_its_phonetic_hints() -> None:
    strings = "<si><r><t>pass</t></r><r><rPr/><t>word</t></r><rPh sb='0' eb='1'><t>no</t></rPh></si>"
    assert texts(edited('<row><c t="s"><v>0</v></c></row>', strings)) == ["password"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"PK\x03\x04 canary", id="a broken zip"),
        pytest.param(edited('<row><c t="s"><v>9</v></c></row>'), id="a text that isn't there"),
        pytest.param(edited("<row><c>"), id="markup that doesn't end"),
        pytest.param(edited("</sheetData>").replace(b"<?xml", b"<!DOCTYPE a><?xml"), id="a document type"),
    ],
)
def test_what_is_no_workbook_is_refused_without_showing_anything_of_it(data: bytes) -> None:
    with pytest.raises(DamagedFile) as caught:
        read_workbook(data, "vault.xlsx")
    assert str(caught.value).startswith(("vault.xlsx: is ", "vault.xlsx: has "))
    assert "canary" not in str(caught.value)


@given(st.integers(0, 20_000), st.integers(0, 255))
def test_a_flipped_byte_never_gives_anything_but_a_refusal_or_a_workbook(at: int, value: int) -> None:
    data = bytearray(edited('<row><c t="s"><v>0</v></c></row>'))
    data[at % len(data)] = value
    try:
        sheets = read_workbook(bytes(data), "x.xlsx")
    except DamagedFile:
        return
    assert all(isinstance(sheet.name, str) for sheet in sheets)
