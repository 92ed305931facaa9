"""What an importer of a foreign format is: the record that its module gives, and that everything shown derives from.

Role: a type alone. Which importers there are for a table, `handover.importers.registry` lists.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
"""What a table's importers are given besides the file."""

Made = TypeVar("Made")
"""What they make of it."""


@dataclass(frozen=True, slots=True)
class Importer(Generic[Asked, Made]):
    """One program's export, for one table."""

    name: str
    """What `--format` calls it: lower-case letters, digits and hyphens."""
    title: str
    """The program, as people know it."""
    help: str
    """How one gets such a file."""
    extensions: tuple[str, ...]
    """What such files are called; a hint for people, never what recognises them."""
    recognises: Callable[[bytes, str], bool]
    """Whether a file, of this name in messages, is one: by its content."""
    read: Callable[[bytes, str, Asked], Made]
    """What is in it."""
    lacks: Callable[[bytes, str], str] = lambda *_: ""
    """Which of its marks a file hasn't that was said to be one; empty where it has them all."""
