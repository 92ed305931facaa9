"""A strange folder, file by file: what is there, without following a link, and what its names alone tell.

Role: names, sizes and first bytes. What lands in folders without anybody's doing is told by the table that a delivery
uses too (`handover.model.selection`), secrets by name by `handover.project.leaks`. It reads no file beyond its head.
"""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from handover.bundle.names import as_text
from handover.formats.opener import Folder, kind_of
from handover.intake.seen import File, Kind
from handover.model.errors import UsageError
from handover.model.message import literal, msg, system_reason
from handover.model.selection import BY_DEFAULT

MAX_FILES: Final = 200_000
MAX_DEPTH: Final = 64


def opened(root: Path) -> Folder:
    """The folder that a person named. Raises UsageError where it can't be opened."""
    try:
        return Folder(root, follow=True)
    except OSError as error:
        raise UsageError.at(
            root,
            msg("can't be opened ({reason})", reason=system_reason(error)),
            hint=msg("name the folder that holds the client's papers and files"),
        ) from None


def walked(folder: Folder, skip: Path | None, root: Path) -> Iterator[File]:
    """Every file in the order of the names, and each folder of junk as a whole; `skip` is a folder not to look into.

    Raises UsageError for more files than anybody keeps of one client.
    """
    waiting, count = [""], 0
    while waiting:
        place = waiting.pop()
        try:
            entries = sorted((entry.name, entry.stat(follow_symlinks=False)) for entry in folder.scan(place))
        except OSError as error:
            yield File(f"{place}/", 0, Kind.UNREADABLE, msg("can't be opened ({reason})", reason=system_reason(error)))
            continue
        below = []
        for name, facts in entries:
            path = f"{place}/{name}" if place else name
            is_folder = stat.S_ISDIR(facts.st_mode)
            reason = BY_DEFAULT.judge(path, name, folder=is_folder)
            count += 1
            if count > MAX_FILES:
                raise UsageError.at(
                    as_text(str(root)),
                    msg("holds more than {most} files", most=MAX_FILES),
                    hint=msg("name the folder of one client"),
                )
            if reason is not None:
                yield File(f"{path}/" if is_folder else path, facts.st_size, Kind.JUNK, literal(reason))
            elif is_folder and path.count("/") < MAX_DEPTH:
                if skip is None or (root / path).resolve() != skip:
                    below.append(path)
            elif stat.S_ISREG(facts.st_mode):
                yield File(path, facts.st_size)
            else:
                yield File(path, 0, Kind.IRREGULAR, kind_of(facts.st_mode))
        waiting += reversed(below)
