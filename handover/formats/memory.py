"""How Python and its allocator deal with memory while very much of it comes and goes.

Role: two settings that packing, listing and verifying share. Neither changes a result.
"""

import contextlib
import gc
from collections.abc import Iterator
from typing import Final

_KEPT: Final = 8 * 1024 * 1024


def keep_freed_memory() -> None:
    """Let blocks be allocated from memory that others left, instead of fresh pages from the system each time.

    GNU's allocator hands freed memory of any size back to the system until it has seen a block of that size go: then
    it keeps up to twice as much (mallopt(3), M_MMAP_THRESHOLD). This one costs nothing: `bytes` takes memory that is
    zero already, and never touches it. Without, page faults took an eighth of verifying and a thirtieth of packing.
    Other allocators don't mind.
    """
    block = bytes(_KEPT)
    del block


@contextlib.contextmanager
def many_records() -> Iterator[None]:
    """Put off looking for reference cycles while very many small records are made.

    They form none, but each of Python's full collections would visit all of them: a fifth of the time that 100,000
    tiny files take, and a third of that of a table of 100,000 rows.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
