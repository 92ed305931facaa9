"""The bundle's content as a tree that fits 80 columns, in the order in which people read it."""

from collections.abc import Iterable, Iterator
from typing import Any

from handover.bundle.names import ASSETS_PREFIX
from handover.cli.report import human_size
from handover.model.artifact import EntryRecord
from handover.model.message import counted, msg

_MAX_FILES = 12
"""Files shown of one folder before "… and n more"."""

_Folder = dict[str, Any]


def tree_lines(entries: Iterable[EntryRecord], width: int = 78) -> Iterator[str]:
    """One line an entry, folders indented, sizes aligned at the right."""
    root: _Folder = {}
    for entry in sorted(entries, key=_reading_order):
        *folders, name = entry.name.split("/")
        place = root
        for folder in folders:
            place = place.setdefault(folder + "/", {})
        place[name] = entry.size
    yield from _lines(root, 0, width)


def _reading_order(entry: EntryRecord) -> tuple[int, str]:
    """The start page, the numbered documents, the client's files, the copies, then what seals them."""
    name = entry.name
    if name.startswith(ASSETS_PREFIX):
        return 2, name
    if "/" in name:
        return (4 if name.startswith("META-INF/") else 3), name
    if name.endswith(".html"):
        return 0, name
    return (1 if name[:1].isdigit() else 4), name


def _lines(folder: _Folder, depth: int, width: int) -> Iterator[str]:
    shown = 0
    files = [name for name, value in folder.items() if isinstance(value, int)]
    for name, value in folder.items():
        if isinstance(value, dict):
            yield _line(name, _files(_count(value)), depth, width)
            yield from _lines(value, depth + 1, width)
        elif depth == 0 or shown < _MAX_FILES:
            shown += 1
            yield _line(name, human_size(value), depth, width)
    if depth and len(files) > _MAX_FILES:
        yield "  " * depth + msg("… and {count} more", count=len(files) - _MAX_FILES)


def _line(name: str, note: str, depth: int, width: int) -> str:
    room = width - 2 * depth - len(note) - 1
    shown = name if len(name) <= room else name[: room - 1] + "…"
    return f"{'  ' * depth}{shown:<{room}} " + note


def _files(count: int) -> str:
    return counted("{count} file", "{count} files", count)


def _count(folder: _Folder) -> int:
    return sum(_count(value) if isinstance(value, dict) else 1 for value in folder.values())
