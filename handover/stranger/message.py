"""What goes to the child and what comes back: a JSON header, then bytes, each with its length.

Role: one format for both directions, without pickle or anything else that could carry code. It opens nothing: it works
on bytes.
"""

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from handover.brand import Palette
from handover.office.docx import Finish
from handover.office.pictures import Picture
from handover.stranger.limits import Limits
from handover.stranger.values import decoded, encoded

_LENGTH: Final = struct.Struct(">Q")
HEADER_BYTES: Final = 64 * 1024
"""The most that the child's header may take: an error message and little else."""


@dataclass(frozen=True, slots=True)
class Request:
    """One template to fill: what `handover.office.docx.render` takes, and the limits."""

    template: bytes = field(repr=False)
    context: Mapping[str, object] = field(repr=False)
    finish: Finish = field(repr=False)
    place: str
    limits: Limits


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of it: a document, or the code, the message and the hint of an error."""

    content: bytes = field(default=b"", repr=False)
    code: str = ""
    message: str = ""
    hint: str = ""
    enforced: tuple[str, ...] = ()
    """What the child could give up, as `confine` names it."""


def write_request(request: Request) -> bytes:
    """The request as bytes. Raises TypeError where the context holds anything but views."""
    finish = request.finish
    given = {name: picture for name, picture in finish.pictures.items() if picture is not None}
    header = {
        "place": request.place,
        "limits": asdict(request.limits),
        "context": {name: encoded(value) for name, value in request.context.items()},
        "finish": {
            "language": finish.language,
            "paper": finish.paper,
            "palette": asdict(finish.palette),
            "draft": finish.draft,
            "title": finish.title,
        },
        "pictures": {name: picture.description for name, picture in given.items()},
        "no_pictures": [name for name in finish.pictures if name not in given],
    }
    return _joined(header, [request.template, *(picture.content for picture in given.values())])


def read_request(data: bytes) -> Request:
    """The inverse of `write_request`; the views in the context are read-only copies."""
    header, blobs = _parted(data)
    described: dict[str, str] = header["pictures"]
    pictures: dict[str, Picture | None] = dict.fromkeys(header["no_pictures"])
    for (name, description), content in zip(described.items(), blobs[1:], strict=True):
        pictures[name] = Picture(content, description)
    settings: dict[str, Any] = header["finish"]
    settings["palette"] = Palette(**settings["palette"])
    return Request(
        template=blobs[0],
        context={name: decoded(value) for name, value in header["context"].items()},
        finish=Finish(**settings, pictures=pictures),
        place=header["place"],
        limits=Limits(**header["limits"]),
    )


def write_reply(reply: Reply) -> bytes:
    """The reply as bytes."""
    header = {"code": reply.code, "message": reply.message, "hint": reply.hint, "enforced": reply.enforced}
    return _joined(header, [reply.content])


def read_reply(data: bytes) -> Reply:
    """The inverse of `write_reply`. Raises ValueError for anything else: a child isn't believed."""
    header, blobs = _parted(data)
    texts = [header.get(name) for name in ("code", "message", "hint")]
    enforced = header.get("enforced")
    if len(blobs) != 1 or not all(isinstance(text, str) for text in texts) or not isinstance(enforced, list):
        raise ValueError("not a reply")
    code, message, hint = (str(text) for text in texts)
    return Reply(blobs[0], code, message, hint, tuple(str(name) for name in enforced))


def _joined(header: Mapping[str, Any], blobs: Sequence[bytes]) -> bytes:
    # Lone surrogates survive as escapes: the child must refuse them just as we do.
    encoded_header = json.dumps({**header, "sizes": [len(blob) for blob in blobs]}).encode("ascii")
    return b"".join([_LENGTH.pack(len(encoded_header)), encoded_header, *blobs])


def _parted(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    try:
        (length,) = _LENGTH.unpack_from(data)
        at = _LENGTH.size + length
        header = json.loads(data[_LENGTH.size : at])
        blobs = []
        for size in header.pop("sizes"):
            blobs.append(data[at : at + size])
            at += size
    except (struct.error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError("not a message") from None
    if at != len(data):
        raise ValueError("not a message: its length is wrong")
    return header, blobs
