"""What the agency noted about files (`data/assets.csv`), found for each packed file.

Role: joins notes to files for the inventory and for `data/assets.csv`'s copy. A note names a file or a folder; a
folder's note holds for every file below it, and the nearer note wins, column by column. It reads and checks
nothing: that a note's path exists is `handover.project.check`'s business.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields

from handover.model.rows import AssetRow, YesNo


@dataclass(frozen=True, slots=True)
class AssetNote:
    """The notes that hold for one file; each None where nobody said anything."""

    owner: str | None = None
    licence: str | None = None
    transferable: YesNo | None = None
    rights: str | None = None
    expires_on: dt.date | None = None
    note: str | None = None


_COLUMNS = tuple(column.name for column in fields(AssetNote))


class AssetNotes:
    """The notes of a project, by path."""

    def __init__(self, rows: Iterable[AssetRow]) -> None:
        self._rows: dict[str, AssetRow] = {}
        for row in rows:
            self._rows.setdefault(normal_path(row.path), row)
        self._folders: dict[str, AssetNote] = {}

    def of(self, path: str) -> AssetNote:
        """The notes that hold for the file at `path`, relative to the assets' folder."""
        wanted = normal_path(path)
        row = self._rows.get(wanted)
        inherited = self._of_folder(wanted.rpartition("/")[0])
        return _merged(row, inherited) if row else inherited

    def _of_folder(self, folder: str) -> AssetNote:
        if (known := self._folders.get(folder)) is not None:
            return known
        inherited = self._of_folder(folder.rpartition("/")[0]) if folder else AssetNote()
        row = self._rows.get(folder)
        note = _merged(row, inherited) if row else inherited
        self._folders[folder] = note
        return note


def normal_path(path: str) -> str:
    """A path as notes and files are compared: NFC, without `assets/` in front or a slash at either end."""
    normal = unicodedata.normalize("NFC", path).removeprefix("./").strip("/")
    return "" if normal in {"assets", "."} else normal.removeprefix("assets/")


def _merged(row: AssetRow, inherited: AssetNote) -> AssetNote:
    own = {name: getattr(row, name) for name in _COLUMNS}
    return AssetNote(**{name: getattr(inherited, name) if own[name] is None else own[name] for name in _COLUMNS})
