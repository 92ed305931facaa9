"""Workbooks, written and read wholly in memory: every value exact, equal input giving equal bytes.

Role: `write_workbook` turns a `Book` into the bytes of an .xlsx; `read_workbook` gives back the text of a
workbook's cells. Neither knows a document, encrypts or opens a file: `deliverables.inventory` and `vault` say
what is in the sheets, `seal.agile` encrypts them.
"""

from handover.brand import palette
from handover.office.xlsx.book import Book, Cell, Column, Link, Look, Sheet, Value
from handover.office.xlsx.read import Kind, ReadCell, ReadSheet, read_workbook

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

    from handover.office.xlsx.frame import dress, package
    from handover.office.xlsx.rows import Body, Strings
    from handover.office.xlsx.style import Styles

    workbook = Workbook()
    for blank in workbook.worksheets:
        workbook.remove(blank)
    styles = Styles(workbook, palette(book.colour), book)
    strings = Strings()
    bodies = []
    for sheet in book.sheets:
        body = Body(sheet, styles, strings, book.paper)
        bodies.append(body)
        dress(workbook.create_sheet(sheet.name), sheet, body, book, styles)
    workbook.active = 0
    return package(workbook, book, bodies, strings.part())
