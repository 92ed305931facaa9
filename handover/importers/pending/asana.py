"""Asana: a project's tasks as CSV, its section or column being the state.

Role: the columns that Asana writes. A task is done where `Completed At` is filled; through a spreadsheet three rows
stand above the header.
"""

from typing import Final

from handover.importers.importer import Importer
from handover.importers.pending.base import Columns, has_header, table_reader

_NEEDS: Final = frozenset({"task id", "name", "section/column", "completed at"})
_recognises = has_header(_NEEDS)

IMPORTER: Final = Importer(
    name="asana",
    title="Asana",
    help="Project menu, Export/Print, CSV.",
    extensions=("csv",),
    recognises=_recognises,
    lacks=lambda content, file: "" if _recognises(content, file) else "the columns Task ID, Name, Section/Column",
    read=table_reader(
        _NEEDS,
        Columns(["name"], ["section/column"], ["notes"], ["assignee"], ["due date"]),
        done=lambda row: "completed at" in row,
    ),
)
