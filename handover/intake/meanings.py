"""What boards' lists and tables' columns mean, remembered in the workspace: asked once, for all clients.

Role: `lists.csv` and `columns.csv` beside `agency.yaml`, a name and its meaning a line; `-` for what is left out. It
asks nobody, and takes nothing from a file that says something else.
"""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from handover.bundle.publish import write_file
from handover.formats.opener import Folder
from handover.intake.exports import metric_meant
from handover.languages.registry import meant, ours
from handover.model.agency import AGENCY_FILE
from handover.model.characters import folded
from handover.model.rows import Decision, PendingStatus

LEFT_OUT: Final = "-"
_MAX: Final = 256 * 1024


class Memory(NamedTuple):
    """One kind of what is remembered."""

    file: str
    header: tuple[str, str]
    meant: Callable[[str], str]
    """A text of the file → what it means; empty where it means nothing."""


def _status(said: str) -> str:
    """`status` or `status,decision`, as `--map` takes it."""
    status, comma, decision = (text.strip() for text in said.partition(","))
    status, decision = meant(PendingStatus, status, ours()), meant(Decision, decision, ours())
    known = status in set(PendingStatus) and (not comma or decision in set(Decision))
    return f"{status}{comma}{decision}" if known else ""


LISTS: Final = Memory("lists.csv", ("list", "status"), _status)
COLUMNS: Final = Memory("columns.csv", ("column", "metric"), metric_meant)


def remembered(memory: Memory, workspace: Path) -> Mapping[str, str]:
    """Name, folded → meaning, or `LEFT_OUT`. Empty without a workspace, and for lines that mean nothing."""
    if not (workspace / AGENCY_FILE).is_file() or not (workspace / memory.file).is_file():
        return {}
    with Folder(workspace, follow=True) as folder:
        rows = csv.reader(io.StringIO(folder.read(memory.file, _MAX).decode("utf-8-sig", "replace")))
        said = {folded(row[0]): row[1].strip() for row in list(rows)[1:] if len(row) > 1}
    told = {name: text if text == LEFT_OUT else memory.meant(text) for name, text in said.items()}
    return {name: text for name, text in told.items() if text}


def remember(memory: Memory, workspace: Path, meanings: Mapping[str, str]) -> Path | None:
    """Keep what the names mean, beside what was kept before; the file, or None where nothing is new or kept."""
    kept = remembered(memory, workspace)
    new = {folded(name): text for name, text in meanings.items() if kept.get(folded(name)) != text}
    if not new or not (workspace / AGENCY_FILE).is_file():
        return None
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([memory.header, *sorted({**kept, **new}.items())])
    write_file(workspace / memory.file, text.getvalue().encode(), replace=True)
    return workspace / memory.file
