"""Numbers that rendering reckons with: a table's columns, a page's size. Word writes them always; others may not.

Role: reports what would stop the making of a document although no tag is wrong. It changes nothing.
"""

import re
from typing import Final

from lxml import etree

from handover.lint.document import Document, Paragraph, Story
from handover.lint.report import Report
from handover.office.docx_guard import DOCUMENT
from handover.office.tree import w

_NUMBER: Final = re.compile(r"-?\d{1,9}(\.\d{1,9})?")
_WHOLE: Final = re.compile(r"-?\d{1,9}")
_SAVE: Final = "open it in Word and save it again"


def check_measures(document: Document, report: Report) -> None:
    """Report tables without a grid of columns, and measures that aren't numbers (ECMA-376 Part 1, 17.4.48, 17.6.13)."""
    for story in document.stories:
        if story.part == DOCUMENT:
            for table in story.root.iter(w("tbl")):
                _check_table(table, story, report)
    body = document.root(DOCUMENT)
    for section in () if body is None else body.iter(w("sectPr")):
        measures = [section.find(w(name)) for name in ("pgSz", "pgMar")]
        wanted = (("w", "h"), ("left", "right"))
        for element, names in zip(measures, wanted, strict=True):
            if element is not None and not all(_WHOLE.fullmatch(element.get(w(name), "0")) for name in names):
                report.whole("word.damaged", "has a page's measure that isn't a whole number of twips", _SAVE)


def _check_table(table: etree._Element, story: Story, report: Report) -> None:
    grid = table.find(w("tblGrid"))
    columns = [] if grid is None else grid.findall(w("gridCol"))
    spans = table.iter(w("gridSpan"))
    if grid is None:
        message = "a table doesn't say its columns (tblGrid)"
    elif not all(_NUMBER.fullmatch(column.get(w("w"), "")) for column in columns):
        message = "a table's column has no width"
    elif not all(_WHOLE.fullmatch(span.get(w("val"), "")) for span in spans):
        message = "a table's cell doesn't say how many columns it spans"
    else:
        return
    inside = {paragraph.element: paragraph for paragraph in story.paragraphs}
    first: Paragraph | None = next((inside[p] for p in table.iter(w("p")) if p in inside), None)
    if first is None:
        report.whole("word.damaged", message, _SAVE)
    else:
        report.at("word.damaged", first, message, _SAVE)
