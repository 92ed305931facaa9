"""Whether a committed file says the same as a freshly made one.

Role: behind `make_examples.py --check`. With the locked versions the bytes are equal; another build of a compressor
may pack the same content differently, and that isn't a reason to call a file outdated. So where bytes differ,
contents are compared: pixels, members of archives, and the decompressed streams of a PDF.
"""

import io
import re
import zipfile
import zlib

from PIL import Image, ImageChops, ImageStat

_STREAM = re.compile(rb"<<[^\n]*?/Length \d+ >>\nstream\n(.*?)\nendstream", re.DOTALL)
_PLACES = re.compile(rb"/Length \d+|\d{10} \d{5} n|/ID \[[^\]]*\]|startxref\n\d+")
_PHOTO_TOLERANCE = 1.5
"""Mean difference of a channel, of 255, that two builds of a lossy encoder may leave."""


def same(name: str, first: bytes, second: bytes) -> bool:
    """True when both files have the same content."""
    if first == second:
        return True
    kind = name.rsplit(".", 1)[-1].lower()
    if kind in {"png", "jpg", "webp", "gif", "ico"}:
        return _same_picture(first, second, _PHOTO_TOLERANCE if kind in {"jpg", "webp"} else 0.0)
    if kind in {"zip", "docx", "xlsx"}:
        return _same_archive(first, second)
    if kind == "pdf":
        return _same_pdf(first, second)
    return False


def _same_pdf(first: bytes, second: bytes) -> bool:
    (one, streams), (two, others) = _plain_pdf(first), _plain_pdf(second)
    if one != two or len(streams) != len(others):
        return False
    return all(same("x.jpg" if a.startswith(b"\xff\xd8") else "x", a, b) for a, b in zip(streams, others, strict=True))


def _same_picture(first: bytes, second: bytes, tolerance: float) -> bool:
    with Image.open(io.BytesIO(first)) as one, Image.open(io.BytesIO(second)) as two:
        if one.size != two.size or getattr(one, "n_frames", 1) != getattr(two, "n_frames", 1):
            return False
        difference = ImageChops.difference(one.convert("RGBA"), two.convert("RGBA"))
        return max(ImageStat.Stat(difference).mean) <= tolerance


def _same_archive(first: bytes, second: bytes) -> bool:
    if not (zipfile.is_zipfile(io.BytesIO(first)) and zipfile.is_zipfile(io.BytesIO(second))):
        return False
    with zipfile.ZipFile(io.BytesIO(first)) as one, zipfile.ZipFile(io.BytesIO(second)) as two:
        if one.namelist() != two.namelist():
            return False
        return all(same(name, one.read(name), two.read(name)) for name in one.namelist())


def _plain_pdf(data: bytes) -> tuple[bytes, list[bytes]]:
    streams = []
    for match in _STREAM.finditer(data):
        try:
            streams.append(zlib.decompress(match[1]))
        except zlib.error:
            streams.append(match[1])
    return _PLACES.sub(b"", _STREAM.sub(b"", data)), streams
