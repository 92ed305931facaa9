"""Workbooks as other programs write them: what LibreOffice reads is read, what isn't a workbook is named."""

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from handover.formats.excel import Kind, read_workbook
from handover.formats.excel.number_format import moment, section
from handover.model.errors import DamagedFile

Parts = dict[str, bytes]


def plain() -> Parts:
    """A workbook with the text "a" in A1, 0.5 as a percentage in B1 and 1 March 2026 in C1, part by part."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["a", 0.5, 46082])
    sheet["B1"].number_format = "0%"
    sheet["C1"].number_format = "dd/mm/yyyy"
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Parts) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def strict(parts: Parts) -> Parts:
    """The same in the namespaces of ISO/IEC 29500-1 Strict."""
    main, relations = (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    )
    return {
        name: data.replace(main, b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            relations, b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        )
        for name, data in parts.items()
    }


def without_styles(parts: Parts) -> Parts:
    return {name: data for name, data in parts.items() if name != "xl/styles.xml"}


def without_cell_formats(parts: Parts) -> Parts:
    return parts | {"xl/styles.xml": re.sub(rb"<cellXfs.*?</cellXfs>", b"", parts["xl/styles.xml"])}


def utf_16(parts: Parts) -> Parts:
    def encoded(data: bytes) -> bytes:
        text = re.sub(r"<\?xml[^>]*\?>", "", data.decode())
        return f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode("utf-16")

    return {name: encoded(data) if name.startswith("xl/worksheets/") else data for name, data in parts.items()}


READ_WHOLE: list[Callable[[Parts], Parts]] = [
    strict,
    utf_16,
    lambda parts: parts | {"customXml/item1.xml": "<?xml version='1.0' encoding='utf-16'?><a/>".encode("utf-16")},
    lambda parts: parts | {"docProps/thumbnail.jpeg": b"\xff\xd8", "docProps/thumbnail.xml": b"\xff\xd8"},
    lambda parts: parts | {"[trash]/0000.dat": b"\0" * 9, "xl/drawings/drawing1.xml": b"<broken"},
    lambda parts: {name.replace("/", "\\"): data for name, data in parts.items()},
    lambda parts: {name.upper() if "sheet1" in name else name: data for name, data in parts.items()},
    lambda parts: {name: data for name, data in parts.items() if not name.startswith(("[Content", "docProps"))},
    lambda parts: {name: data for name, data in parts.items() if name != "_rels/.rels"},
    lambda parts: parts | {f"xl/media/image{number}.png": b"\x89PNG" for number in range(2_500)},
]


@pytest.mark.parametrize("change", READ_WHOLE, ids=[
    "Strict Open XML", "a sheet in UTF-16", "customXml in UTF-16", "thumbnails", "trash and a broken drawing",
    "backslashes in names", "another letter case", "no content types", "no relationships of the package",
    "thousands of pictures",
])  # fmt: skip
def test_what_libreoffice_reads_is_read(change: Callable[[Parts], Parts]) -> None:
    cells = [(cell.kind, cell.text) for cell in read_workbook(zipped(change(plain())), "x.xlsx")[0].cells]

    assert cells == [(Kind.TEXT, "a"), (Kind.PERCENT, "0.5"), (Kind.DATE, "2026-03-01")]


@pytest.mark.parametrize("change", [without_styles, without_cell_formats])
def test_a_number_whose_style_isnt_there_is_a_number(change: Callable[[Parts], Parts]) -> None:
    cells = [(cell.kind, cell.text) for cell in read_workbook(zipped(change(plain())), "x.xlsx")[0].cells]

    assert cells == [(Kind.TEXT, "a"), (Kind.NUMBER, "0.5"), (Kind.NUMBER, "46082")]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        pytest.param({"word/document.xml": b"<a/>"}, "is a Word document", id="a Word document"),
        pytest.param({"mimetype": b"x", "META-INF/manifest.xml": b"<a/>"}, "is an OpenDocument file", id="an .ods"),
        pytest.param({"xl/workbook.bin": b"x"}, "is an Excel binary workbook (.xlsb)", id="an .xlsb"),
        pytest.param({"Index/Document.iwa": b"x"}, "is an iWork file (Numbers, Pages or Keynote)", id="Numbers"),
        pytest.param({"a.txt": b"x"}, "is a zip file", id="another zip"),
        pytest.param({"xl/worksheets/sheet1.xml": b"<a/>"}, "is a workbook without its main part", id="a part only"),
        pytest.param({"xl/workbook.xml": b"<html/>"}, "isn't a workbook", id="another root"),
    ],
)
def test_what_isnt_a_workbook_is_called_what_it_is(parts: Parts, said: str) -> None:
    with pytest.raises(DamagedFile) as caught:
        read_workbook(zipped(parts), "x.xlsx")

    assert str(caught.value) == f"x.xlsx: {said}"


@pytest.mark.parametrize(
    ("code", "value", "meant"),
    [
        ("", 1, Kind.NUMBER), ("General", 1, Kind.NUMBER), ("@", 1, Kind.NUMBER), ("0.00E+00", 1, Kind.NUMBER),
        ("0%", 1, Kind.PERCENT), ("0.0 %", 1, Kind.PERCENT), ("[Red]0%;[Blue]-0%", -1, Kind.PERCENT),
        ("0.0\\%", 1, Kind.NUMBER), ('0" %"', 1, Kind.NUMBER), ('0.0"%"', 1, Kind.NUMBER), ("0_%", 1, Kind.NUMBER),
        ("0%;0.0", -1, Kind.NUMBER), ("0%;-0%;0", 0, Kind.NUMBER), ('#,##0 "days"', 1, Kind.NUMBER),
        ('#,##0.00 "€";[Red]-#,##0.00 "€"', 1, Kind.NUMBER), ("#,##0 [$USD]", 1, Kind.NUMBER),
        ("mmm-yy", 1, Kind.DATE), ("[$-40C]mmm\\-yy;@", 1, Kind.DATE), ("d/m/yyyy h:mm", 1, Kind.DATE),
        ("[$-F800]dddd, mmmm dd, yyyy", 1, Kind.DATE), ("mmmm", 1, Kind.DATE), ("yyyy", 1, Kind.DATE),
        ("h:mm AM/PM", 1, Kind.TIME), ("mm:ss", 1, Kind.TIME), ("[h]:mm", 1, Kind.TIME), ("[ss]", 1, Kind.TIME),
    ],
)  # fmt: skip
def test_a_format_says_what_a_number_is(code: str, value: float, meant: Kind) -> None:
    assert section(code, value).shows is meant


@pytest.mark.parametrize(
    ("code", "value", "shows", "beside"),
    [
        pytest.param("General", 0.024, Kind.NUMBER, "General", id="no format"),
        pytest.param("0.0%", 0.024, Kind.PERCENT, "%", id="a percentage"),
        pytest.param("0.0\\%", 2.4, Kind.NUMBER, "%", id="an escaped percent sign is text"),
        pytest.param('0.0" %"', 2.4, Kind.NUMBER, " %", id="a quoted one too"),
        pytest.param('0.0"%', 2.4, Kind.NUMBER, "%", id="with a quotation mark never closed"),
        pytest.param("0.0_%", 2.4, Kind.NUMBER, "", id="a space as wide as one"),
        pytest.param("0.0*%", 2.4, Kind.NUMBER, "", id="a cell filled with them"),
        pytest.param("[Red]0.0%", 0.024, Kind.PERCENT, "%", id="in colour"),
        pytest.param("0.0%;-0.0", -2.4, Kind.NUMBER, "-", id="of two sections the second is for numbers below zero"),
        pytest.param("0.0%;-0.0", 0.024, Kind.PERCENT, "%", id="and the first for the others"),
        pytest.param("0.0%;-0.0", 0, Kind.PERCENT, "%", id="zero among them"),
        pytest.param("0.0%;-0.0%;0", 0, Kind.NUMBER, "", id="a third is for zero"),
        pytest.param("[<1]0.0%;0.0", 0.024, Kind.PERCENT, "%", id="a condition that holds"),
        pytest.param("[<1]0.0%;0.0", 2.4, Kind.NUMBER, "", id="and one that doesn't"),
        pytest.param("$#,##0.00", 12, Kind.NUMBER, "$", id="dollars"),
        pytest.param("[$$-409]#,##0.00", 12, Kind.NUMBER, "$", id="dollars of a locale"),
        pytest.param("#,##0.00\\ [$€-40C]", 12, Kind.NUMBER, "€", id="euros of a locale"),
        pytest.param('#,##0.00" USD"', 12, Kind.NUMBER, " USD", id="a code as text"),
        pytest.param("[$CHF]\\ #,##0.00", 12, Kind.NUMBER, "CHF", id="a code in brackets"),
        pytest.param("[$-409]mmm yy", 45000, Kind.DATE, "mmm yy", id="a locale without a currency"),
        pytest.param('#,##0.00\\ "€"', 12, Kind.NUMBER, " €", id="a quoted sign"),
        pytest.param('0.0" k€"', 12, Kind.NUMBER, " k€", id="thousands that are text"),
        pytest.param('[$£-809]0.0"k"', 12, Kind.NUMBER, "k £", id="thousands beside a locale's sign"),
        pytest.param('#,##0," k€"', 12345, Kind.NUMBER, "€", id="thousands that a comma makes of the whole number"),
        pytest.param('0" kg"', 12, Kind.NUMBER, " kg", id="a unit that begins alike"),
    ],
)
def test_a_format_says_what_is_beside_a_number(code: str, value: float, shows: Kind, beside: str) -> None:
    found = section(code, value)
    assert (found.shows, found.beside) == (shows, beside)


@pytest.mark.parametrize(
    ("serial", "since_1904", "day"),
    [(1, False, "1900-01-01"), (59, False, "1900-02-28"), (61, False, "1900-03-01"), (46082, False, "2026-03-01"),
     (44620, True, "2026-03-01"), (0, True, "1904-01-01")],
)  # fmt: skip
def test_a_serial_number_is_the_day_that_excel_shows(serial: float, since_1904: bool, day: str) -> None:
    found = moment(serial, since_1904=since_1904)
    assert found is not None
    assert found.date().isoformat() == day


@given(st.floats(allow_nan=True, allow_infinity=True), st.booleans())
def test_no_number_makes_a_serial_date_fail(serial: float, since_1904: bool) -> None:
    moment(serial, since_1904=since_1904)


@given(st.text(max_size=40), st.floats())
def test_no_format_code_fails(code: str, value: float) -> None:
    assert section(code, value).shows in Kind
