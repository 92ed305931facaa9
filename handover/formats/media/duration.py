"""Duration of audio and video from their headers.

Role: MP4/MOV/M4A, WAV and FLAC, which state it in one place, by a few bounded reads. It decodes nothing and returns
None for anything else: an MP3's or an Ogg file's length would have to be guessed from its rate or sought at its end.
"""

import struct
from typing import Final

from handover.formats.media.image import ReadAt, boxes

_LONGEST: Final = 10 * 365 * 86_400.0
_WAV_CHUNKS: Final = 64


def duration(head: bytes, size: int, read: ReadAt) -> float | None:
    """Seconds, to the millisecond, or None. `head` is the file's first 4 KB."""
    starts = {b"RIFF": _wav, b"fLaC": _flac}
    reader = _mp4 if head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide"} else starts.get(head[:4])
    try:
        seconds = reader(head, size, read) if reader else None
    except (struct.error, IndexError, ValueError, ZeroDivisionError, OverflowError):
        return None  # shorter or stranger than its format says
    return round(seconds, 3) if seconds is not None and 0 < seconds < _LONGEST else None


def _mp4(_head: bytes, size: int, read: ReadAt) -> float | None:
    for start, end in boxes(read, 0, size, b"moov"):
        for at, _ in boxes(read, start, end, b"mvhd"):  # ISO/IEC 14496-12, 8.2.2
            if read(at, 1) == b"\x01":
                scale, length = struct.unpack(">IQ", read(at + 20, 12))
            else:
                scale, length = struct.unpack(">II", read(at + 12, 8))
            return float(length / scale)
    return None


def _wav(head: bytes, size: int, read: ReadAt) -> float | None:
    if head[8:12] != b"WAVE":
        return None
    at, rate = 12, 0
    for _ in range(_WAV_CHUNKS):
        kind, length = struct.unpack("<4sI", read(at, 8))
        if kind == b"fmt ":
            rate = struct.unpack("<I", read(at + 16, 4))[0]  # bytes a second
        elif kind == b"data":
            return float(min(length, size - at - 8) / rate)
        at += 8 + length + length % 2
    return None


def _flac(head: bytes, _size: int, _read: ReadAt) -> float:
    # RFC 9639, 8.2: 20 bits of rate, 3 of channels, 5 of depth, 36 of samples.
    packed = int.from_bytes(head[18:26], "big")
    return float((packed & (1 << 36) - 1) / (packed >> 44))
