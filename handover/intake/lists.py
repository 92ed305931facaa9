"""What the lists of boards mean, remembered in the workspace: asked once, for all clients.

Role: `lists.csv` beside `agency.yaml`, a list's name and its status a line; `-` for one whose tasks are left out. It
asks nobody, and takes nothing from a file that says something else.
"""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from handover.bundle.publish import write_file
from handover.formats.opener import Folder
from handover.languages.registry import meant, ours
from handover.model.agency import AGENCY_FILE
from handover.model.characters import folded
from handover.model.rows import PendingStatus

FILE: Final = "lists.csv"
LEFT_OUT: Final = "-"
_HEADER: Final = ("list", "status")
_MAX: Final = 256 * 1024


def remembered(workspace: Path) -> Mapping[str, str]:
    """List, folded → status, or `LEFT_OUT`. Empty without a workspace, and for lines that say no status."""
    if not (workspace / AGENCY_FILE).is_file() or not (workspace / FILE).is_file():
        return {}
    with Folder(workspace, follow=True) as folder:
        rows = csv.reader(io.StringIO(folder.read(FILE, _MAX).decode("utf-8-sig", "replace")))
        said = [(row[0], meant(PendingStatus, row[1].strip(), ours())) for row in rows if len(row) > 1]
    return {folded(name): status for name, status in said if status == LEFT_OUT or status in set(PendingStatus)}


def remember(workspace: Path, meanings: Mapping[str, str]) -> bool:
    """Keep what the lists mean, beside what was kept before; whether there is a workspace to keep it in."""
    if not meanings or not (workspace / AGENCY_FILE).is_file():
        return False
    kept = dict(remembered(workspace)) | {folded(name): status for name, status in meanings.items()}
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_HEADER, *sorted(kept.items())])
    write_file(workspace / FILE, text.getvalue().encode(), replace=True)
    return True
