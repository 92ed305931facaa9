"""What stands around the rows: views, widths, filters, lists, print set-up, and the package.

Role: lets openpyxl write the frame of each sheet, into memory, and puts our rows into it. openpyxl's own way to
save is not used: it writes every sheet in clear into the temporary folder, and the date of the day into the
properties. Clauses are those of ECMA-376 Part 1.
"""

import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from handover.formats.excel.book import Book, Look, Sheet
from handover.formats.excel.fit import width_of
from handover.formats.excel.paper import MARGIN, Fit, room
from handover.formats.excel.rows import Body
from handover.formats.excel.style import Styles
from handover.formats.package import opc
from handover.formats.palette import office_hex, palette
from handover.model.errors import HandoverError, column_letters
from handover.model.message import msg

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_SHEET_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_EMPTY_ROWS = re.compile(rb"<sheetData\s*/>|<sheetData></sheetData>")
_PAPER = {"A4": 9, "Letter": 1}
"""18.3.1.63, paperSize."""

_MARGIN = MARGIN / 25.4
_FOOT = 10 / 25.4
"""Inches."""

_LAST_ROW = 1_048_575
"""The last row of a sheet, counted from 0 as breaks do (18.3.1.3)."""

_MAX_LIST = 255
_MAX_FOOTER = 255
"""Characters of a list of words and of a printed footer, beyond which Excel calls the file damaged."""

_GAP = 2.0
"""Digits between the footer's left and middle."""

_MISSING = "FFF4B6B6"
"""Red enough to be found, light enough to be written on."""

_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_BOXES = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_BOXES_ID = "boxes"
"""The id of the relationship from a sheet to the boxes of its comments."""

_BOX_WIDTH, _BOX_LINE, _BOX_CHARACTERS = 280, 17, 40
"""Pixels of a box and of a line in it, and the characters that a line takes at least."""

_FONT = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
    *("sz", "color", "name", "family", "charset", "scheme"),
)
"""The order in which Excel writes a font, and validators ask for it (18.8.22); openpyxl has one of its own."""


def dress(worksheet: "Worksheet", sheet: Sheet, body: Body, book: Book, styles: Styles) -> None:
    """Set widths, view and print set-up of one sheet, and the table's header, filter and lists."""
    from openpyxl.worksheet.page import PageMargins
    from openpyxl.worksheet.properties import PageSetupProperties

    worksheet.sheet_view.showGridLines = False
    worksheet.sheet_view.tabSelected = sheet is book.sheets[0]
    for at, column in enumerate(sheet.columns, start=1):
        dimension = worksheet.column_dimensions[column_letters(at)]
        dimension.width = body.widths[at - 1]
        if sheet.spare_rows:
            styles.apply(dimension, column.look)
    worksheet.sheet_properties.tabColor = styles.tab_colour
    setup = worksheet.page_setup
    setup.orientation = "landscape" if sheet.table else "portrait"
    setup.paperSize = _PAPER[book.paper]
    worksheet.page_margins = PageMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN, header=_FOOT, footer=_FOOT)
    printed = body.printed
    for cells in body.merged:
        worksheet.merged_cells.add(cells)
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=printed.scale is None)
    if printed.scale is None:
        setup.fitToWidth, setup.fitToHeight = 1, 0
    else:
        _part(worksheet, printed)
    if body.header:
        _table(worksheet, sheet, body)


def _part(worksheet: "Worksheet", printed: Fit) -> None:
    """Part a wide table between columns; the pages of the same rows follow each other."""
    from openpyxl.worksheet.pagebreak import Break

    setup = worksheet.page_setup
    setup.scale, setup.pageOrder = printed.scale, "overThenDown"
    worksheet.print_title_cols = "A:A"
    for column in printed.breaks:
        worksheet.col_breaks.append(Break(id=column, max=_LAST_ROW))


def _table(worksheet: "Worksheet", sheet: Sheet, body: Body) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    first, last = body.header + 1, max(body.last, body.header + 1)
    end = column_letters(len(sheet.columns))
    worksheet.freeze_panes = f"B{first}"
    for selection in worksheet.sheet_view.selection:
        selection.activeCell = selection.sqref = "A1"
    worksheet.auto_filter.ref = f"A{body.header}:{end}{last}"
    if body.shown < len(sheet.columns):
        worksheet.print_area = f"A1:{column_letters(body.shown)}{last}"
    # What stands above the header, that this is a draft, belongs on every page.
    worksheet.print_title_rows = f"1:{body.header}"
    for at, column in enumerate(sheet.columns, start=1):
        if column.needed:
            _red_while_empty(worksheet, column_letters(at), end, first, last + sheet.spare_rows)
        if not column.choices:
            continue
        # One literal, parted by commas (18.3.1.32).
        words = ",".join(column.choices)
        if len(words) > _MAX_LIST or any(set(word) & set(',"') for word in column.choices):
            raise HandoverError.at(
                sheet.name, msg("the words offered in column {header!r} don't fit a list", header=column.header)
            )
        offered = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True, showErrorMessage=True)
        # A stop would refuse the client's own words; a warning lets them insist.
        offered.errorStyle = "warning"
        offered.add(f"{column_letters(at)}{first}:{column_letters(at)}{last + sheet.spare_rows}")
        worksheet.add_data_validation(offered)


def _red_while_empty(worksheet: "Worksheet", letters: str, end: str, first: int, last: int) -> None:
    """Colour the column's blank cells in rows that hold anything: a rule for the eye, which vanishes with the blank."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import PatternFill

    blank = f"AND(COUNTA($A{first}:${end}{first})>0,LEN(TRIM({letters}{first}))=0)"
    fill = PatternFill("solid", start_color=_MISSING, end_color=_MISSING)
    rule: Any = FormulaRule
    worksheet.conditional_formatting.add(f"{letters}{first}:{letters}{last}", rule([blank], fill=fill))


def package(workbook: "Workbook", book: Book, bodies: Sequence[Body], strings: bytes) -> bytes:
    """The whole workbook as a zip: a function of its parts, and of the machine's zlib."""
    from openpyxl.workbook._writer import WorkbookWriter

    parts: dict[str, bytes] = {}
    types: dict[str, str] = {}
    inside: list[opc.Relationship] = []

    def add(name: str, kind: str, content: bytes, content_type: str) -> None:
        parts[f"/xl/{name}"], types[f"/xl/{name}"] = content, content_type
        # openpyxl's workbook part names its sheets rId1, rId2 … in order.
        inside.append(opc.Relationship(f"rId{len(inside) + 1}", f"{_OFFICE}/relationships/{kind}", name))

    worksheet: Any
    for number, (worksheet, body) in enumerate(zip(workbook.worksheets, bodies, strict=True), start=1):
        worksheet._id = number  # noqa: SLF001 — names the part; openpyxl's own save sets it in the same way
        name = f"worksheets/sheet{number}.xml"
        add(name, "worksheet", _worksheet(worksheet, body, book), f"{_SHEET_ML}.worksheet+xml")
        beside = [
            opc.Relationship(f"rId{at}", opc.HYPERLINK, target, external=True)
            for at, (_, target) in enumerate(body.links)
            if not target.startswith("#")
        ]
        if body.notes:
            comments, drawing = f"/xl/comments{number}.xml", f"/xl/drawings/vmlDrawing{number}.vml"
            parts[comments], parts[drawing] = _comment_parts(body.notes)
            types[comments], types[drawing] = _COMMENTS, _BOXES
            kinds = ((_BOXES_ID, "vmlDrawing", drawing), ("comments", "comments", comments))
            beside += [opc.Relationship(i, f"{_OFFICE}/relationships/{kind}", part) for i, kind, part in kinds]
        if beside:
            parts[opc.rels_name(f"/xl/{name}")] = opc.write_relationships(beside)
    add("styles.xml", "styles", _styles_part(workbook), f"{_SHEET_ML}.styles+xml")
    add("theme/theme1.xml", "theme", _theme(book).encode(), "application/vnd.openxmlformats-officedocument.theme+xml")
    add("sharedStrings.xml", "sharedStrings", strings, f"{_SHEET_ML}.sharedStrings+xml")
    writer: Any = WorkbookWriter(workbook)
    parts["/xl/workbook.xml"], types["/xl/workbook.xml"] = writer.write(), f"{_SHEET_ML}.sheet.main+xml"
    parts[opc.rels_name("/xl/workbook.xml")] = opc.write_relationships(inside)
    parts[opc.rels_name("/")] = opc.write_relationships(opc.package_relationships("xl/workbook.xml"))
    parts |= opc.fixed_docprops()
    types |= opc.DOCPROPS_TYPES | {name: opc.RELATIONSHIPS_TYPE for name in parts if name.endswith(".rels")}
    return opc.write_package(opc.Package(parts, types))


def _styles_part(workbook: Any) -> bytes:
    from openpyxl.styles.stylesheet import write_stylesheet
    from openpyxl.xml.functions import tostring

    written = write_stylesheet(workbook)
    for font in written.find("{*}fonts"):
        font[:] = sorted(font, key=lambda element: _FONT.index(element.tag.rpartition("}")[2]))
    return bytes(tostring(written))


def _comment_parts(notes: Iterable[tuple[str, str]]) -> tuple[bytes, bytes]:
    """Comments at cells, for places (`B1`) and texts: the part of their text, and that of their boxes (Part 4, 19.4).

    A box is hidden until one points at its cell.
    """
    from openpyxl.comments.comment_sheet import CommentRecord, CommentSheet
    from openpyxl.xml.functions import tostring

    records = []
    for place, text in notes:
        lines = sum(1 + len(line) // _BOX_CHARACTERS for line in text.split("\n"))
        record = CommentRecord(place, author="", width=_BOX_WIDTH, height=(lines + 1) * _BOX_LINE)
        record.text.t = text
        records.append(record)
    sheet: Any = CommentSheet
    sheet = sheet.from_comments(records)
    return tostring(sheet.to_tree()), sheet.write_shapes()


def _theme(book: Book) -> str:
    """Office's theme with links in the brand's colour, for programs that take it from there (20.1.6.2)."""
    from openpyxl.writer.theme import theme_xml

    link, followed = office_hex(palette(book.colour).text), office_hex(palette(book.colour).dark)
    return theme_xml.replace('"0000FF"', f'"{link}"').replace('"800080"', f'"{followed}"')


def _worksheet(worksheet: "Worksheet", body: Body, book: Book) -> bytes:
    """One sheet's part: openpyxl's frame with our rows in it."""
    from openpyxl.worksheet._writer import WorksheetWriter
    from openpyxl.xml.functions import Element, SubElement

    area = f"A1:{column_letters(len(body.widths))}{max(body.last, 1)}"
    lying = worksheet.page_setup.orientation == "landscape"

    class Frame(WorksheetWriter):
        """openpyxl's writer, in its own order of elements (18.3.1.99), with five of them ours."""

        def write_dimensions(self) -> None:
            self.xf.send(Element("dimension", {"ref": area}))

        def write_format(self) -> None:
            # Rows have heights of their own; a default would also be that of rows typed in later.
            return

        def write_hyperlinks(self) -> None:
            if body.links:
                self.xf.send(_hyperlinks(body.links))

        def write_legacy(self) -> None:
            if body.notes:
                self.xf.send(Element("legacyDrawing", {f"{{{_OFFICE}/relationships}}id": _BOXES_ID}))

        def write_header(self) -> None:
            if any(book.footer):
                # A foot that shrank with its table could not be read.
                element = Element("headerFooter", {"scaleWithDoc": "0"})
                SubElement(element, "oddFooter").text = _footer_code(book.footer, room(book.paper, lying=lying))
                self.xf.send(element)

        def write_breaks(self) -> None:
            super().write_breaks()
            # A password of digits is no mistake: no green corners.
            element = Element("ignoredErrors")
            SubElement(element, "ignoredError", {"sqref": area, "numberStoredAsText": "1"})
            self.xf.send(element)

    stream = io.BytesIO()
    Frame(worksheet, stream).write()
    markup = body.markup()
    return _EMPTY_ROWS.sub(lambda _: markup, stream.getvalue(), count=1)


def _hyperlinks(links: Sequence[tuple[str, str]]) -> Any:
    from openpyxl.xml.functions import Element, SubElement

    element = Element("hyperlinks")
    for at, (place, target) in enumerate(links):
        if target.startswith("#"):
            SubElement(element, "hyperlink", {"ref": place, "location": target[1:]})
        else:
            SubElement(element, "hyperlink", {"ref": place, f"{{{_OFFICE}/relationships}}id": f"rId{at}"})
    return element


def _footer_code(footer: tuple[str, str, str], line: float) -> str:
    """Left, centre and right in Excel's codes (18.3.1.46): `&&` is an ampersand, `&P` of `&N` the page.

    `line` is the width of the printed line in digits.
    """
    left, middle, right = footer
    numbered = right.replace("&", "&&").replace("{page}", "&P").replace("{pages}", "&N")
    codes = f"&C{middle.replace('&', '&&')}&R{numbered}"
    # A long client's name gives way: never the page number, and never the date in the middle of the line.
    half = (line - width_of(middle, Look.TEXT)) / 2 - _GAP
    while width_of(left, Look.TEXT) > half or len(f"&L{left.replace('&', '&&')}{codes}") > _MAX_FOOTER:
        left = left.rstrip("… ")[:-1].rstrip() + "…"
    return f"&L{left.replace('&', '&&')}{codes}"
