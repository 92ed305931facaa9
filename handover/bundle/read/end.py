"""The end of a zip: where its central directory is, and how many entries that lists.

Role: reads the end record and, where there is one, the ZIP64 end record and its locator, and refuses every form but
the one of docs/format.md, 2.4 and 2.5. It reads no entry.
"""

import struct
from dataclasses import dataclass
from typing import Final

from handover.bundle.read.contents import Limits
from handover.bundle.read.source import Source
from handover.model.errors import BundleError
from handover.model.message import msg

_END: Final = struct.Struct("<IHHHHIIH")  # APPNOTE 6.3.10, 4.3.16
_END_64: Final = struct.Struct("<IQHHIIQQQQ")  # 4.3.14
_LOCATOR_64: Final = struct.Struct("<IIQI")  # 4.3.15
_END_SIGNATURE: Final = 0x06054B50
_END_64_SIGNATURE: Final = 0x06064B50
_LOCATOR_SIGNATURE: Final = 0x07064B50
_VERSION_64: Final = 45  # 4.4.3.2: what ZIP64 needs
_MADE_BY_UNIX: Final = 0x0300
_IN_ZIP64: Final = 0xFFFFFFFF
_COUNT_IN_ZIP64: Final = 0xFFFF
_LONGEST_RECORD: Final = 46 + 3 * 200 + 28
"""A central record's bytes: its fixed part, the grammar's 200 UTF-16 units in UTF-8, three ZIP64 fields."""


@dataclass(frozen=True, slots=True)
class End:
    """How many entries the central directory lists, and its size and offset in bytes."""

    count: int
    size: int
    offset: int


def read_end(source: Source, limits: Limits) -> End:
    """Find the central directory, which must reach up to the end records.

    Raises `BundleError` for anything else, and for more entries than `limits` allows.
    """
    if source.size < _END.size:
        raise BundleError(msg("it isn't a zip file: too short"), clause="2.1")
    signature, *fields = _END.unpack(source.read(source.size - _END.size, _END.size))
    disk, central_disk, count_here, count, size, offset, comment = fields
    if signature != _END_SIGNATURE or comment:
        raise BundleError(
            msg("it doesn't end as a bundle's zip does: it was cut short, something was appended, or it's no zip"),
            clause="2.5",
        )
    if disk or central_disk or count_here != count:
        raise BundleError(msg("it claims to be part of a zip in several volumes"), clause="2.5")
    end, start = End(count, size, offset), source.size - _END.size
    if count == _COUNT_IN_ZIP64 or _IN_ZIP64 in {size, offset}:
        end, start = _read_end_64(source, end)
    if end.count > limits.entries:
        raise BundleError(
            msg("it has {count:,} entries, at most {entries:,} are accepted", count=end.count, entries=limits.entries),
            clause="2.9",
        )
    if end.size > end.count * _LONGEST_RECORD or end.offset + end.size != start:
        raise BundleError(
            msg("its central directory isn't where or as long as stated: something was inserted or cut"), clause="2.5"
        )
    return end


def _read_end_64(source: Source, short: End) -> tuple[End, int]:
    """The true values, and where the ZIP64 end record starts. It must agree with the `short` end record."""
    start = source.size - _END.size - _LOCATOR_64.size - _END_64.size
    if start < 0:
        raise BundleError(msg("its ZIP64 end record is missing"), clause="2.4")
    records = source.read(start, _END_64.size + _LOCATOR_64.size)
    count, size, offset = _END_64.unpack_from(records)[7:]
    made_by = _MADE_BY_UNIX | _VERSION_64
    expected = _END_64.pack(
        _END_64_SIGNATURE, _END_64.size - 12, made_by, _VERSION_64, 0, 0, count, count, size, offset
    ) + _LOCATOR_64.pack(_LOCATOR_SIGNATURE, 0, start, 1)
    shortened = End(min(count, _COUNT_IN_ZIP64), min(size, _IN_ZIP64), min(offset, _IN_ZIP64))
    if records != expected or shortened != short:
        raise BundleError(msg("its ZIP64 end record doesn't agree with the rest"), clause="2.4")
    return End(count, size, offset), start
