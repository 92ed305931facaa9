"""Comments at cells as the two parts that Excel wants: their text, and the boxes in which they are shown.

Role: what openpyxl makes of comments, without its way to save. A box is hidden until one points at its cell.
Clauses are those of ECMA-376 Part 1 (18.7) and Part 4 (19.4, VML).
"""

from collections.abc import Iterable
from typing import Any, Final

COMMENTS: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
DRAWING_ID: Final = "boxes"
"""The id of the relationship from a sheet to the boxes of its comments."""

_WIDTH, _LINE, _CHARACTERS = 280, 17, 40
"""Pixels of a box and of a line in it, and the characters that a line takes at least."""


def comment_parts(notes: Iterable[tuple[str, str]]) -> tuple[bytes, bytes]:
    """The comments' part and the part of their boxes, for places (`B1`) and texts."""
    from openpyxl.comments.comment_sheet import CommentRecord, CommentSheet
    from openpyxl.xml.functions import tostring

    records = []
    for place, text in notes:
        lines = sum(1 + len(line) // _CHARACTERS for line in text.split("\n"))
        record = CommentRecord(place, author="", width=_WIDTH, height=(lines + 1) * _LINE)
        record.text.t = text
        records.append(record)
    sheet: Any = CommentSheet
    sheet = sheet.from_comments(records)
    return tostring(sheet.to_tree()), sheet.write_shapes()
