"""How content is compressed: the encoder, and the choice between deflating and storing.

Role: `isal` (ISA-L's igzip, level 1) where its wheel exists, the standard library's zlib elsewhere; both
make raw deflate streams (RFC 1951). Whether deflating pays is asked of the content, never of the name.
It opens no file: callers hand in bytes or a function that reads a range.
"""

import zlib
from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple, Protocol

from handover.formats.media import ReadAt

Buffer = bytes | bytearray | memoryview

BLOCK: Final = 512 * 1024
"""Bytes of a large file that are handed over at a time: they fit a core's second-level cache. What isal makes also
depends on where its input is cut."""

SAMPLE: Final = 16 * 1024
SAMPLES: Final = 4
PAYS_BELOW: Final = 0.95
"""Deflate when the samples shrink below this share: what is left on the table by storing is under 5 % of the
file, and a file of which a part compresses (a PDF with images) is still caught."""

_ISAL_LEVEL: Final = 1  # 2 makes text 5 % smaller, a whole handover 0.4 %, and takes 15 % longer for it
_ZLIB_LEVEL: Final = 6
_RAW: Final = -15  # a raw deflate stream with a 32 KB window, as ZIP's method 8 wants
_ISAL_FIRST: Final = 289
"""Length of the first piece that isal gets of any content: one more than it looks ahead.

ISA-L takes the hash of a stream's third byte from the stream's address instead of the content (`write_first_byte` in
igzip_icf_body_h1_gr_bt.asm, 2.31 and later), so that a match of the first bytes is found or missed by chance. A call
that ends right behind the first byte makes it read both hashes anew from the content.
"""
SMALLEST_DEFLATED: Final = _ISAL_FIRST + 1
"""Shorter content is stored: deflating gains less than the entry's own headers take, and costs as much as reading."""


class Compressor(Protocol):
    """A raw deflate stream being made."""

    def compress(self, data: Buffer, /) -> bytes:
        """Take in more content; gives the bytes that are ready."""

    def flush(self) -> bytes:
        """End the stream; gives its last bytes."""


class _SteadyCompressor:
    """An isal stream that makes the same bytes of the same content; the first piece must exceed `_ISAL_FIRST`."""

    __slots__ = ("_begun", "_stream", "flush")

    def __init__(self, stream: Compressor) -> None:
        self._stream = stream
        self._begun = False
        self.flush = stream.flush

    def compress(self, data: Buffer, /) -> bytes:
        if self._begun:
            return self._stream.compress(data)
        self._begun = True
        view = memoryview(data)
        return self._stream.compress(view[:_ISAL_FIRST]) + self._stream.compress(view[_ISAL_FIRST:])


class Codec(NamedTuple):
    """An encoder.

    Files smaller than `alone_below` bytes are packed by one thread as fast as by two: reading and deflating them takes
    less than Python's own work, which only one thread can do at a time.
    """

    alone_below: int
    compress: Callable[[Buffer], bytes]
    compressor: Callable[[], Compressor]
    crc32: Callable[[Buffer, int], int]


def zlib_codec() -> Codec:
    """The standard library's encoder: slower by far, always there."""
    return Codec(
        alone_below=4 * 1024,
        compress=lambda data: zlib.compress(data, level=_ZLIB_LEVEL, wbits=_RAW),
        compressor=lambda: zlib.compressobj(level=_ZLIB_LEVEL, wbits=_RAW),
        crc32=zlib.crc32,
    )


@cache
def best_codec() -> Codec:
    """`isal` where it's installed, else zlib."""
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib_codec()

    def compressor() -> Compressor:
        return _SteadyCompressor(isal_zlib.compressobj(level=_ISAL_LEVEL, wbits=_RAW))

    def compress(data: Buffer) -> bytes:
        stream = compressor()
        return stream.compress(data) + stream.flush()

    return Codec(32 * 1024, compress, compressor, isal_zlib.crc32)


def deflating_pays(codec: Codec, size: int, read: ReadAt) -> bool:
    """Whether to deflate a file of `size` bytes, judged by four samples of 16 KB spread over it.

    The samples stand at the middle of each quarter: a photo's metadata at the very start would mislead.
    """
    if size < SMALLEST_DEFLATED:
        return False
    if size <= SAMPLE * SAMPLES:
        sample = read(0, size)
    else:
        quarter = size // SAMPLES
        sample = b"".join(read(quarter * i + (quarter - SAMPLE) // 2, SAMPLE) for i in range(SAMPLES))
    return len(codec.compress(sample)) < PAYS_BELOW * len(sample)


def shrink(codec: Codec, data: bytes) -> bytes | None:
    """`data` of at least `SMALLEST_DEFLATED` bytes deflated, or None when storing it is the better choice."""
    if len(data) > SAMPLE * SAMPLES and not deflating_pays(
        codec, len(data), lambda offset, length: data[offset : offset + length]
    ):
        return None
    deflated = codec.compress(data)
    return deflated if len(deflated) < len(data) else None
