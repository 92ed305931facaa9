"""What rendering one stranger's template may cost.

Role: the numbers, with their reasons. Enforcing them is `confine`'s in the child and `parent`'s outside it.
"""

from dataclasses import dataclass
from typing import Final

_MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one rendering. Our own letter takes 65 MB, 0.2 s and 10 KB."""

    memory: int = 1024 * _MEGABYTE
    """Address space in bytes. A photograph of 50 megapixels that has to be turned needs about half of it."""
    cpu_seconds: int = 10
    """Computing time, in whole seconds as the system counts them."""
    wall_seconds: float = 60.0
    """Time on the clock: generous, for machines that do other work meanwhile."""
    output_bytes: int = 64 * _MEGABYTE
    """The finished .docx: a template and two pictures as large as a project may have them, and some text."""
    part_bytes: int = 48 * _MEGABYTE
    """One part of the finished .docx, inflated: a photograph that had to be turned, and is kept at high quality."""
    text_bytes: int = 16 * _MEGABYTE
    """One part of it that is XML, inflated; a report over sixty months has less than 1 MB."""


LIMITS: Final = Limits()
