"""What a file's own content says about it, where that's cheap: kind, pixels, pages, seconds.

Role: fills `AssetProperties` for the inventory from a few small reads. It never raises for what a file
contains, never reads more than about 1 MB whatever the file claims, and judges nothing: a wrong extension or a
damaged file gives fewer facts, not an error.
"""

from collections.abc import Callable

from handover.formats.media.duration import duration
from handover.formats.media.image import image_size
from handover.formats.media.kind import broad_kind
from handover.formats.media.pdf import page_count
from handover.model.artifact import AssetProperties

ReadAt = Callable[[int, int], bytes]
"""`read(offset, length)` gives at most `length` bytes of a file from `offset`."""

__all__ = ["ReadAt", "describe", "describe_content"]

_HEAD = 4096
_DEEPER = {"image", "photo", "vector", "audio", "video", "pdf"}


def describe(name: str, size: int, read: ReadAt) -> AssetProperties:
    """Kind and, where cheap, pixels, pages or seconds of a file of `size` bytes named `name`.

    Only what reading raises (`OSError`) comes out; nothing that the content says makes it fail.
    """
    head = read(0, min(size, _HEAD))
    kind = broad_kind(name, head)
    return _deeper(kind, head, size, read) if kind in _DEEPER else _plain(kind)


def describe_content(name: str, content: bytes) -> AssetProperties:
    """The same of a file that is in memory."""
    head = content[:_HEAD]
    kind = broad_kind(name, head)
    if kind not in _DEEPER:
        return _plain(kind)
    return _deeper(kind, head, len(content), lambda offset, length: content[offset : offset + length])


def _deeper(kind: str, head: bytes, size: int, read: ReadAt) -> AssetProperties:
    try:
        return _measured(kind, head, size, read)
    except OSError:
        raise  # the disk's, not the file's
    except Exception:  # noqa: BLE001 — whatever a file holds, it must stop no build: it has fewer properties then
        return _plain(kind)


def _measured(kind: str, head: bytes, size: int, read: ReadAt) -> AssetProperties:
    def inside(offset: int, length: int) -> bytes:
        if 0 <= offset <= len(head) - length:
            return head[offset : offset + length]
        # A damaged file may point anywhere, beyond what the system takes for an offset.
        return read(offset, length) if 0 <= offset < size else b""

    if kind == "pdf":
        return AssetProperties(kind, pages=page_count(size, inside))
    if kind in {"audio", "video"}:
        return AssetProperties(kind, duration=duration(head, size, inside))
    dimensions = image_size(head, size, inside)
    return AssetProperties(kind, width=dimensions[0], height=dimensions[1]) if dimensions else _plain(kind)


_PLAIN: dict[str, AssetProperties] = {}


def _plain(kind: str) -> AssetProperties:
    # One object for each kind, however many files there are of it.
    if (properties := _PLAIN.get(kind)) is None:
        properties = _PLAIN[kind] = AssetProperties(kind)
    return properties
