"""What is left out of a folder whose files stay where they are, as patterns of `options.assets.exclude`.

Role: paths → patterns, so that the same files are delivered as would have been copied. It looks at no file.
"""

from collections.abc import Iterable, Sequence

from handover.intake.seen import File
from handover.model.selection import place_of


def left_places(files: Iterable[File], left_out: Sequence[str]) -> list[str]:
    """The patterns that leave out these paths and none of the `files`; a folder without any of these is one pattern."""
    delivered = {file.path for file in files}
    needed = {folder for path in delivered for folder in _above(path)}
    found: dict[str, None] = {}
    for path in sorted(left_out):
        if path not in delivered:
            top = next((folder for folder in _above(path) if folder not in needed), path)
            found.setdefault(place_of(top))
    return list(found)


def _above(path: str) -> list[str]:
    """The folders that a path lies in, the outermost first, each ending in a slash."""
    parts = path.rstrip("/").split("/")
    return [f"{'/'.join(parts[:count])}/" for count in range(1, len(parts))]
