"""Linear: issues as CSV; a day in `Completed`, `Canceled` or `Archived` says that one isn't open.

Role: the columns that both of Linear's exports have; rows may be shorter than the header.
"""

from typing import Final

from handover.importers.importer import Importer
from handover.importers.pending.base import Columns, has_header, table_reader

_NEEDS: Final = frozenset({"id", "team", "title", "status", "completed", "canceled"})
_recognises = has_header(_NEEDS)

IMPORTER: Final = Importer(
    name="linear",
    title="Linear",
    help="The view's menu, Export issues as CSV; or Settings, Workspace, Export data.",
    extensions=("csv",),
    recognises=_recognises,
    lacks=lambda content, file: "" if _recognises(content, file) else "the columns ID, Team, Title, Status",
    read=table_reader(
        _NEEDS,
        Columns(["title"], ["status"], ["description"], ["assignee"], ["due date"]),
        done=lambda row: "completed" in row or "canceled" in row,
        archived=lambda row: "archived" in row,
    ),
)
