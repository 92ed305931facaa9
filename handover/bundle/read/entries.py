"""What is said of an entry, and how much a bundle may cost its reader.

Role: the values that the other modules of `archive` hand on. They are as the headers state them: whether the
contents agree is `content`'s to find out. Nothing here reads a file.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

STORED: Final = 0  # APPNOTE 6.3.10, 4.4.5
DEFLATED: Final = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """What a bundle may cost its reader, checked before inflating (docs/format.md, 2.9).

    Contents may total `free_total` bytes, or `ratio` times the zip's own size when that is more.
    """

    entries: int = 1_000_000
    free_total: int = 256 * 1024**2
    ratio: int = 100


class ArchiveEntry(NamedTuple):
    """One entry as its headers state it: sizes in bytes, `data` the offset of its first stored byte.

    A named tuple, as a bundle may have a million of them: it takes a third of a frozen dataclass's time to make.
    """

    name: str
    method: int
    crc: int
    compressed: int
    size: int
    data: int

    @property
    def is_stored(self) -> bool:
        """Whether the content stands in the zip as it is."""
        return self.method == STORED
