"""Duration of audio and video from their headers.

Role: MP4/MOV/M4A, WAV, FLAC, MP3, Ogg and Matroska/WebM, by a few bounded reads. It decodes nothing and
returns None where the length isn't stated; an MP3 without a Xing or VBRI header is taken to have a constant bit rate.
"""

import struct
from collections.abc import Callable
from typing import Final

from handover.formats.media.image import ReadAt, boxes

_LONGEST: Final = 10 * 365 * 86_400.0
_WAV_CHUNKS: Final = 64
_TAIL: Final = 64 * 1024
_EBML_HEAD: Final = 64 * 1024
# MPEG audio, ISO/IEC 11172-3 table 2.4.2.3 and 13818-3: kbit/s by layer III and version, Hz by version.
_KBITS: Final = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_HERTZ: Final = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


def duration(head: bytes, size: int, read: ReadAt) -> float | None:
    """Seconds, to the millisecond, or None. `head` is the file's first 4 KB."""
    reader = _reader(head)
    try:
        seconds = reader(head, size, read) if reader else None
    except (struct.error, IndexError, ValueError, ZeroDivisionError, OverflowError):
        return None  # shorter or stranger than its format says
    return round(seconds, 3) if seconds is not None and 0 < seconds < _LONGEST else None


def _reader(head: bytes) -> "Callable[[bytes, int, ReadAt], float | None] | None":
    for start, reader in ((b"RIFF", _wav), (b"fLaC", _flac), (b"OggS", _ogg), (b"\x1aE\xdf\xa3", _matroska)):
        if head.startswith(start):
            return reader
    if head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide"}:
        return _mp4
    return _mp3 if head.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa")) else None


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


def _ogg(head: bytes, size: int, read: ReadAt) -> float | None:
    # RFC 3533: the last page's granule position counts samples; Opus always at 48 kHz, of which the first are left
    # out (RFC 7845, 4 and 5.1).
    skipped = 0
    if (at := head.find(b"OpusHead", 0, 64)) >= 0:
        rate, skipped = 48_000, struct.unpack_from("<H", head, at + 10)[0]
    elif (at := head.find(b"\x01vorbis", 0, 64)) >= 0:
        rate = struct.unpack_from("<I", head, at + 12)[0]
    else:
        return None
    tail = read(max(size - _TAIL, 0), min(size, _TAIL))
    page = len(tail)
    while (page := tail.rfind(b"OggS", 0, page)) >= 0:
        samples, stream = struct.unpack_from("<qI", tail, page + 6)
        # Pages of another stream count otherwise, and -1 says that no packet ends here.
        if stream == struct.unpack_from("<I", head, 14)[0] and samples >= 0:
            return float((samples - skipped) / rate)
    return None


def _mp3(head: bytes, size: int, read: ReadAt) -> float | None:
    start = 0
    if head.startswith(b"ID3"):
        # ID3v2.4, 3.1: the size is four bytes of seven bits.
        start = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    frame = read(start, 256)
    version, layer = frame[1] >> 3 & 3, frame[1] >> 1 & 3
    if frame[0] != 0xFF or frame[1] & 0xE0 != 0xE0 or layer != 1 or version not in _HERTZ:
        return None
    rate = _HERTZ[version][frame[2] >> 2 & 3]
    for mark in (b"Xing", b"Info"):
        at = frame.find(mark, 0, 64)
        if at >= 0 and frame[at + 7] & 1:
            frames = struct.unpack_from(">I", frame, at + 8)[0]
            return float(frames * (1152 if version == 3 else 576) / rate)
    if frame[36:40] == b"VBRI":  # Fraunhofer's header, 32 bytes behind the frame's own
        return float(struct.unpack_from(">I", frame, 50)[0] * (1152 if version == 3 else 576) / rate)
    kbits = _KBITS[3 if version == 3 else 2][frame[2] >> 4]
    return float((size - start) * 8 / (kbits * 1000))


def _matroska(_head: bytes, size: int, read: ReadAt) -> float | None:
    # RFC 9559: Segment → Info (0x1549A966) → TimestampScale (0x2AD7B1), Duration (0x4489), near the start.
    data = read(0, min(size, _EBML_HEAD))
    info = data.find(b"\x15\x49\xa9\x66")
    if info < 0:
        return None
    scale_at = data.find(b"\x2a\xd7\xb1", info, info + 1024)
    at = data.find(b"\x44\x89", info, info + 1024)
    if at < 0:
        return None
    scale = int.from_bytes(data[scale_at + 4 : scale_at + 4 + (data[scale_at + 3] & 0x0F)], "big")
    length = data[at + 2] & 0x0F
    ticks = struct.unpack_from(">f" if length == 4 else ">d", data, at + 3)[0]
    return float(ticks * (scale if scale_at >= 0 else 1_000_000) / 1e9)
