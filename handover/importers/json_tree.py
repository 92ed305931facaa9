"""JSON exports of strangers: parsed strictly, and looked at without trusting their shape.

Role: bytes → values, refusing what two programs could read differently, and three ways to look into them that never
fail. It knows no format, and no message holds a value.
"""

import json
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final

from handover.formats.zips import UNREADABLE, open_zip
from handover.model.errors import DamagedFile
from handover.model.message import msg

MAX_JSON: Final = 64 * 1024 * 1024
_FREE, _RATIO = 4 * 1024 * 1024, 16
_LESS: Final = msg("export the client's entries alone")
_MAX_VALUES, _FREE_VALUES = 2_000_000, 500_000


def read_json(data: bytes, name: str, size: int | None = None) -> Any:
    """The value in `data`, UTF-8, which came out of a file of `size` bytes.

    Raises DamagedFile, also where a key stands twice, and for more values than such a file has.
    """
    most = min(_MAX_VALUES, _FREE_VALUES + (len(data) if size is None else size) // 4)
    if len(data) > MAX_JSON:
        raise DamagedFile.at(name, msg("holds more than {most} MB", most=MAX_JSON >> 20), hint=_LESS)
    if sum(map(data.count, (b",", b"[", b"{"))) > most:
        raise DamagedFile.at(name, msg("has more than {most:,} values", most=most), hint=_LESS)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=unique)
    except (ValueError, RecursionError):
        # From None: the error holds the whole text.
        raise DamagedFile.at(name, msg("isn't whole"), hint=msg("export it again")) from None


def looks_like(*keys: bytes) -> Callable[[bytes, str], bool]:
    """Whether a file is a JSON object in which these keys stand."""
    return lambda data, _file: (
        data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and all(b'"%s"' % key in data for key in keys)
    )


def member(data: bytes, name: str, inner: str) -> bytes:
    """The file called `inner` in a zip. Raises DamagedFile, also for more than 16 times the zip's size and 4 MB."""
    for _, content in members(data, name, inner.__eq__):
        return content
    raise _damaged(name, inner)


def members(data: bytes, name: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    """The files of a zip whose names are wanted, one after another.

    Raises DamagedFile for one that can't be read, or where all hold more than 16 times the zip's size and 4 MB.
    """
    left = most = min(MAX_JSON, _FREE + _RATIO * len(data))
    inner = ""
    try:
        with open_zip(data) as archive:
            for entry in archive.infolist():
                inner = entry.filename
                if not wanted(inner):
                    continue
                with archive.open(entry) as stream:
                    content = stream.read(left + 1)
                left -= len(content)
                if left < 0:
                    break
                yield inner, content
    except (*UNREADABLE, KeyError, zlib.error):
        raise _damaged(name, inner) from None
    if left < 0:
        message = msg("{inner} is larger than {most} MB", inner=inner, most=most >> 20)
        raise DamagedFile.at(name, message, hint=_LESS)


def _damaged(name: str, inner: str) -> DamagedFile:
    message = msg("{name}: isn't whole: {inner} can't be read", name=name, inner=inner)
    return DamagedFile(message, hint=msg("export it again"))


def names_in(data: bytes) -> list[str]:
    """The names of a zip's files; none for anything else."""
    if not data.startswith(b"PK\x03\x04"):
        return []
    try:
        with open_zip(data) as archive:
            return [name for name in archive.namelist() if not name.endswith("/")]
    except UNREADABLE:
        return []


def zip_with(*inner: str) -> Callable[[bytes, str], bool]:
    """Whether a file is a zip with a file of one of these names."""
    return lambda data, _file: not {*inner}.isdisjoint(names_in(data))


def at(value: Any, *keys: str) -> Any:
    """What stands under these keys, one in the other; None where nothing does."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def text(value: Any, *keys: str) -> str:
    """The text under these keys; numbers and truth values as JSON writes them; empty for anything else."""
    found = at(value, *keys)
    if isinstance(found, str):
        return found
    return json.dumps(found) if isinstance(found, bool | int | float) else ""


def objects(value: Any, *keys: str) -> list[dict[str, Any]]:
    """The objects in the list under these keys."""
    found = at(value, *keys)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def texts(value: Any, *keys: str) -> list[str]:
    """The texts in the list under these keys."""
    found = at(value, *keys)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
