"""What files say about themselves: right for real files, harmless for any bytes."""

import io
import struct
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from handover.formats.media import describe
from handover.model.artifact import AssetProperties


def of(name: str, data: bytes) -> AssetProperties:
    return describe(name, len(data), lambda offset, length: data[offset : offset + length])


def image(kind: str, size=(321, 123), mode="RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 128).save(out, kind, **options)
    return out.getvalue()


def exif(length: int) -> bytes:
    return b"Exif\0\0" + bytes(length)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        pytest.param("a.png", image("PNG"), "image", id="PNG"),
        pytest.param("a.gif", image("GIF", mode="P"), "image", id="GIF"),
        pytest.param("a.jpg", image("JPEG"), "photo", id="JPEG"),
        pytest.param("a.jpg", image("JPEG", progressive=True), "photo", id="progressive JPEG"),
        pytest.param("a.jpeg", image("JPEG", exif=exif(60_000)), "photo", id="JPEG with much metadata first"),
        pytest.param("a.bmp", image("BMP"), "image", id="BMP"),
        pytest.param("a.tif", image("TIFF"), "image", id="TIFF"),
        pytest.param("a.webp", image("WEBP"), "image", id="lossy WebP"),
        pytest.param("a.webp", image("WEBP", lossless=True), "image", id="lossless WebP"),
        pytest.param("a.webp", image("WEBP", mode="RGBA", exif=exif(10)), "image", id="extended WebP"),
        pytest.param("a.avif", image("AVIF"), "image", id="AVIF"),
        pytest.param("a.psd", b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 123, 321, 8, 3), "image", id="PSD"),
        pytest.param("wrong.txt", image("PNG"), "image", id="a PNG by another name"),
    ],
)  # fmt: skip
def test_images(name, data, kind):
    assert of(name, data) == AssetProperties(kind, width=321, height=123)


def wav(seconds: float) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(int(seconds * 8000) * 4))
    return out.getvalue()


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def mp4(version: int, brand: bytes = b"isom") -> bytes:
    header = struct.pack(">B3xQQIQ" if version else ">B3xIIII", version, 0, 0, 600, 7500)
    media = struct.pack(">I4sQ", 1, b"mdat", 16 + 5000) + bytes(5000)  # a box with a 64-bit length
    return box(b"ftyp", brand + bytes(4)) + media + box(b"moov", box(b"mvhd", header))


def flac() -> bytes:
    packed = (44_100 << 44) | (1 << 41) | (15 << 36) | int(12.5 * 44_100)
    return b"fLaC\x00\x00\x00\x22" + bytes(10) + packed.to_bytes(8, "big") + bytes(16)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_a_picture_on_its_side_is_as_programs_show_it(kind: str, orientation: int) -> None:
    if kind == "TIFF":
        data = image(kind, tiffinfo={274: orientation})
    else:
        tags = Image.Exif()
        tags[274] = orientation
        data = image(kind, exif=tags)
    found = of(f"a.{kind.lower()}", data)

    assert (found.width, found.height) == ((123, 321) if orientation > 4 else (321, 123))


@pytest.mark.parametrize(
    ("name", "data", "kind", "seconds"),
    [
        pytest.param("a.wav", wav(12.5), "audio", 12.5, id="WAV"),
        pytest.param("a.mp4", mp4(0), "video", 12.5, id="MP4"),
        pytest.param("a.mov", mp4(1, b"qt  "), "video", 12.5, id="QuickTime with 64-bit times"),
        pytest.param("a.m4a", mp4(0, b"M4A "), "audio", 12.5, id="M4A"),
        pytest.param("a.flac", flac(), "audio", 12.5, id="FLAC"),
        pytest.param("a.mp3", b"ID3\x04\0\0" + bytes(500), "audio", None, id="MP3, which would have to be counted"),
        pytest.param("a.opus", b"OggS\0\2" + bytes(500), "audio", None, id="Ogg too"),
        pytest.param("a.webm", b"\x1a\x45\xdf\xa3" + bytes(500), "video", None, id="WebM too"),
        pytest.param("a.mp4", b"nothing", "video", None, id="a video by name only"),
    ],
)
def test_media(name, data, kind, seconds):
    assert of(name, data) == AssetProperties(kind, duration=seconds)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("assets/fonts/Inter.woff2", b"wOF2....", "font"),
        ("font.ttf", b"\0\1\0\0\0\x0f", "font"),
        ("site.zip", b"PK\3\4", "archive"),
        ("site.wacz", b"PK\3\4", "archive"),
        ("backup", b"\x1f\x8b\x08", "archive"),
        ("logo.ai", b"%PDF-1.5 ...", "vector"),
        ("contract.docx", b"PK\3\4", "document"),
        ("costs.xlsx", b"PK\3\4", "spreadsheet"),
        ("pitch.key", b"PK\3\4", "presentation"),
        ("index.html", b"<!doctype html>", "web"),
        ("notes.md", b"# x", "text"),
        ("LICENSE", b"MIT", "other"),
        ("empty", b"", "other"),
        ("IMG_1.CR2", b"II*\0\x10\0\0\0CR\2\0", "photo"),
        (".htaccess", b"", "other"),
        ("folder.d/plain", b"", "other"),
    ],
)
def test_kinds(name, data, kind):
    assert of(name, data).kind == kind


def test_a_drawing_has_no_pixels():
    assert of("logo.svg", b"<svg width='321px' height='123' viewBox='0 0 1e999 10'/>") == AssetProperties("vector")


SAMPLES = [
    image("PNG"), image("GIF", mode="P"), image("JPEG", exif=exif(100)), image("TIFF"), image("WEBP"), image("AVIF"),
    b"%PDF-1.4\n", wav(0.1), mp4(0), mp4(1), flac(),
]  # fmt: skip


@given(st.sampled_from(SAMPLES), st.data())
def test_damage_never_raises_and_never_reads_much(sample, data):
    mutated = bytearray(sample)
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(mutated)))
        mutated[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    content = bytes(mutated)
    amount = 0

    def read(offset: int, length: int) -> bytes:
        nonlocal amount
        assert 0 <= offset < max(1, len(content))  # an empty file is asked for nothing at its beginning
        assert length >= 0
        amount += len(content[offset : offset + length])
        return content[offset : offset + length]

    found = describe("x", len(content), read)
    assert found.kind
    assert amount <= 40 * 1024 * 1024


@given(st.binary(max_size=200))
def test_any_bytes_are_described(data):
    assert of("x.pdf", data).kind
