"""What the reader of documents and archives tells of one file, piece by piece: a text with its place, a trace, a gap.

Role: the words in which `apart` answers from its child. They're keys here, which the parent puts into sentences: what
comes from a child isn't believed, so that nothing but these is understood.
"""

import json
from enum import StrEnum
from typing import Final

from handover.model.message import later


class Place(StrEnum):
    """Where a text stands; `{n}` counts pages and the like."""

    TEXT = later("in its text")
    PROPERTIES = later("in its properties")
    SHEET = later("sheet {n}")
    SLIDE = later("slide {n}")
    NOTES = later("notes {n}")
    PAGE = later("page {n}")
    BESIDE = later("in its properties, notes, fields or attachments")
    SOURCE = later("in its source")
    COMMENT = later("in its comment")
    UNPACKED = later("unpacked")


class Trace(StrEnum):
    """What else is told: counts of comments and changes, people, and what the file holds, whose pieces follow."""

    COMMENTS = "comments"
    CHANGES = "changes"
    PERSON = "person"
    HOLDS = "holds"
    SECRET = "secret"  # noqa: S105 — of which kind what it holds is, by its content


class Unread(StrEnum):
    """Why not all of it was read; `{shown}` is what it's about."""

    DAMAGED = later("it's damaged")
    PROTECTED = later("it's damaged or protected by a password")
    OLD = later("it's protected by a password, or of a format before 2007")
    PARTS = later("it has too many parts")
    FILES = later("it holds too many files")
    SIZE = later("it holds too much")
    OTHER = later("it isn't what its name says")
    DOCTYPE = later("it declares a document type, as no program writes it")
    EMBEDDED = later("a document that is embedded in it isn't looked into")
    CLOSED = later("{shown} in it isn't looked into")
    LOCKED = later("{shown} in it is encrypted, damaged or too large")
    PACKED = later("what it holds unpacked isn't looked into")


Piece = tuple[Place | Trace | Unread, int, str]
"""What it is; a number, where it needs one; a text or a name."""

_WORDS: Final[dict[str, Place | Trace | Unread]] = {word: word for kind in (Place, Trace, Unread) for word in kind}


def written(piece: Piece) -> bytes:
    """A piece as the child sends it."""
    return json.dumps(piece, ensure_ascii=False).encode("utf-8", "surrogatepass")


def read(sent: bytes) -> Piece:
    """A piece as it was sent. Raises ValueError for anything else."""
    try:
        what, number, text = json.loads(sent.decode("utf-8", "surrogatepass"))
        if isinstance(number, int) and isinstance(text, str):
            return _WORDS[what], number, text
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not a piece") from error
    raise ValueError("not a piece")
