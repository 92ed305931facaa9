"""JSON exports of strangers: parsed strictly, and looked at without trusting their shape.

Role: bytes → values, refusing what two programs could read differently, and three ways to look into them that never
fail. It knows no format, and no message holds a value.
"""

import json
import zlib
from collections.abc import Callable
from typing import Any, Final

from handover.formats.zips import UNREADABLE, open_zip
from handover.model.errors import DamagedFile

MAX_JSON: Final = 32 * 1024 * 1024
_MAX_VALUES: Final = 1_000_000
"""Values of a JSON, counted by the marks before them: 20,000 entries of fifty."""


def read_json(data: bytes, name: str) -> Any:
    """The value in `data`, UTF-8. Raises DamagedFile, also where a key stands twice."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    if len(data) > MAX_JSON or sum(map(data.count, (b"[", b"{", b",", b":"))) > _MAX_VALUES:
        most = f"{MAX_JSON >> 20} MB, or {_MAX_VALUES:,} values"
        raise DamagedFile(f"{name}: holds more than {most}", hint="export the client's entries alone")
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=unique)
    except (ValueError, RecursionError):
        # From None: the error holds the whole text.
        raise DamagedFile(f"{name}: isn't whole", hint="export it again") from None


def looks_like(*keys: bytes) -> Callable[[bytes], bool]:
    """Whether a file is a JSON object in which these keys stand."""
    return lambda data: (
        data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and all(b'"%s"' % key in data for key in keys)
    )


def member(data: bytes, name: str, inner: str) -> bytes:
    """The file called `inner` in a zip. Raises DamagedFile."""
    try:
        with open_zip(data) as archive, archive.open(inner) as stream:
            content = stream.read(MAX_JSON + 1)
    except (*UNREADABLE, KeyError, zlib.error):
        raise DamagedFile(f"{name}: isn't whole: {inner} can't be read", hint="export it again") from None
    if len(content) > MAX_JSON:
        raise DamagedFile(
            f"{name}: {inner} is larger than {MAX_JSON >> 20} MB", hint="export the client's entries alone"
        )
    return content


def zip_with(inner: str) -> Callable[[bytes], bool]:
    """Whether a file is a zip with a file called `inner`."""

    def holds(data: bytes) -> bool:
        if not data.startswith(b"PK\x03\x04"):
            return False
        try:
            with open_zip(data) as archive:
                return inner in archive.namelist()
        except UNREADABLE:
            return False

    return holds


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
