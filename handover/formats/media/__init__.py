"""What a file's own content says about it, where that's cheap: kind, pixels, seconds.

Role: fills `AssetProperties` for the inventory from a few small reads. It never raises for what a file
contains, never reads more than about 1 MB whatever the file claims, and judges nothing: a wrong extension or a
damaged file gives fewer facts, not an error.
"""

from functools import cache

from handover.formats.media.duration import duration
from handover.formats.media.image import ReadAt, image_size
from handover.formats.media.kind import broad_kind
from handover.model.artifact import AssetProperties

__all__ = ["ReadAt", "describe", "describe_content"]

_HEAD = 4096


def describe(name: str, size: int, read: ReadAt) -> AssetProperties:
    """Kind and, where cheap, pixels or seconds of a file of `size` bytes named `name`.

    Only what reading raises (`OSError`) comes out; nothing that the content says makes it fail.
    """
    head = read(0, min(size, _HEAD))
    kind = broad_kind(name, head)
    try:
        return _measured(kind, head, size, read)
    except OSError:
        raise  # the disk's, not the file's
    except Exception:  # noqa: BLE001 — whatever a file holds, it must stop no build: it has fewer properties then
        return _plain(kind)


def describe_content(name: str, content: bytes) -> AssetProperties:
    """The same of a file that is in memory."""
    return describe(name, len(content), lambda offset, length: content[offset : offset + length])


def _measured(kind: str, head: bytes, size: int, read: ReadAt) -> AssetProperties:
    def inside(offset: int, length: int) -> bytes:
        if 0 <= offset <= len(head) - length:
            return head[offset : offset + length]
        # A damaged file may point anywhere, beyond what the system takes for an offset.
        return read(offset, length) if 0 <= offset < size else b""

    match kind:
        case "audio" | "video":
            return AssetProperties(kind, duration=duration(head, size, inside))
        case "image" | "photo" if dimensions := image_size(head, size, inside):
            return AssetProperties(kind, width=dimensions[0], height=dimensions[1])
    return _plain(kind)


@cache
def _plain(kind: str) -> AssetProperties:
    """One object for each kind, however many files there are of it."""
    return AssetProperties(kind)
