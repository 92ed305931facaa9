"""Workbooks, written and read wholly in memory: every value exact, equal input giving equal bytes.

Role: `write_workbook` turns a `Book` into the bytes of an .xlsx; `read_workbook` gives back the text of a
workbook's cells. Neither knows a document, encrypts or opens a file: `documents.inventory` and `vault` say
what is in the sheets, `seal.encryption` encrypts them.
"""

from handover.formats.excel.book import Book, Cell, Column, Link, Look, Sheet, Value
from handover.formats.excel.number_format import Kind
from handover.formats.excel.read import ReadCell, ReadSheet, read_workbook
from handover.formats.palette import palette

__all__ = [
    "Book",
    "Cell",
    "Column",
    "Kind",
    "Link",
    "Look",
    "ReadCell",
    "ReadSheet",
    "Sheet",
    "Value",
    "read_workbook",
    "write_workbook",
]


def write_workbook(book: Book) -> bytes:
    """The workbook as the bytes of an .xlsx. Nothing touches the disk.

    Raises HandoverError, naming sheet and cell and never the value, for text that a cell can't hold exactly,
    for more rows than a sheet has, and for a list of words that Excel can't offer.
    """
    from openpyxl import Workbook

    from handover.formats.excel.frame import dress, package
    from handover.formats.excel.rows import Body, Strings
    from handover.formats.excel.style import Styles

    workbook = Workbook()
    (blank,) = workbook.worksheets
    styles = Styles(workbook, palette(book.colour), book)
    strings = Strings()
    bodies = []
    for sheet in book.sheets:
        body = Body(sheet, styles, strings, book.paper)
        bodies.append(body)
        worksheet = blank if sheet is book.sheets[0] else workbook.create_sheet()
        worksheet.title = sheet.name
        dress(worksheet, sheet, body, book, styles)
    workbook.active = 0
    return package(workbook, book, bodies, strings.part())
