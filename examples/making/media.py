"""Sound, moving pictures and small images: a radio jingle, a silent film, a banner, an icon.

Role: writers of WAV, MP4, GIF, ICO and WebP that need no encoder beyond Pillow. The film is H.264 (ITU-T H.264,
baseline profile) made of uncompressed macroblocks (I_PCM, 7.3.5) and skipped ones, so that any player shows it.
"""

import io
import math
import struct
import wave
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from making.pdf import FONTS

_RATE = 16_000


def jingle(notes: Sequence[tuple[float, float]], *, beat: float = 0.3) -> bytes:
    """A mono WAV, 16 kHz, 16 bits: notes as (semitones from A4, beats), plucked, with a fifth below."""
    samples: list[float] = [0.0] * round(_RATE * (sum(length for _, length in notes) * beat + 0.9))
    start = 0.0
    for semitone, length in notes:
        for shift, share in ((0, 1.0), (12, 0.22), (-5, 0.35)):
            pitch = 440 * 2 ** ((semitone + shift) / 12)
            first = round(start * _RATE)
            for step in range(min(round(1.1 * _RATE), len(samples) - first)):
                t = step / _RATE
                samples[first + step] += (
                    share * min(1.0, t * 90) * math.exp(-3.6 * t) * math.sin(2 * math.pi * pitch * t)
                )
        start += length * beat
    peak = max(abs(sample) for sample in samples)
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_RATE)
        sound.writeframes(b"".join(struct.pack("<h", round(sample / peak * 24_000)) for sample in samples))
    return out.getvalue()


def banner(size: tuple[int, int], frames: Sequence[tuple[str, str, str]], font: str) -> bytes:
    """An animated GIF: each frame a text with its colour on a ground, two seconds long, for ever."""
    pictures = []
    face = ImageFont.truetype(str(FONTS / font), round(size[1] * 0.36))
    for text, colour, ground in frames:
        picture = Image.new("RGB", size, ground)
        draw = ImageDraw.Draw(picture)
        draw.rectangle((6, 6, size[0] - 7, size[1] - 7), outline=colour, width=2)
        draw.text((size[0] / 2, size[1] / 2), text, font=face, fill=colour, anchor="mm")
        pictures.append(picture.quantize(32))
    out = io.BytesIO()
    pictures[0].save(out, "GIF", save_all=True, append_images=pictures[1:], duration=2000, loop=0)
    return out.getvalue()


def poster(
    size: tuple[int, int], picture: Image.Image, lines: Sequence[tuple[str, str, int]], ground: str, ink: str
) -> Image.Image:
    """A poster: a picture above, lines of text (text, font, size) centred below."""
    sheet = Image.new("RGB", size, ground)
    height = round(size[0] * picture.size[1] / picture.size[0])
    sheet.paste(picture.resize((size[0], height), Image.Resampling.LANCZOS), (0, 0))
    draw = ImageDraw.Draw(sheet)
    y = height + (size[1] - height - sum(round(points * 1.5) for *_, points in lines)) / 2
    for text, font, points in lines:
        draw.text(
            (size[0] / 2, y + points * 0.75),
            text,
            font=ImageFont.truetype(str(FONTS / font), points),
            fill=ink,
            anchor="mm",
        )
        y += round(points * 1.5)
    return sheet


def icon(mark: Image.Image) -> bytes:
    """A favicon of 16, 32 and 48 pixels."""
    out = io.BytesIO()
    mark.save(out, "ICO", sizes=[(16, 16), (32, 32), (48, 48)])
    return out.getvalue()


def webp(image: Image.Image) -> bytes:
    """A WebP photograph."""
    out = io.BytesIO()
    image.save(out, "WEBP", quality=76, method=6)
    return out.getvalue()


class _Bits:
    """A bit string with H.264's codes (9.1: Exp-Golomb)."""

    def __init__(self) -> None:
        self.bits: list[str] = []

    def put(self, value: int, width: int) -> None:
        self.bits.append(f"{value:0{width}b}")

    def golomb(self, value: int) -> None:
        body = f"{value + 1:b}"
        self.bits.append("0" * (len(body) - 1) + body)

    def aligned(self, *, stop: bool) -> bytes:
        text = "".join(self.bits) + ("1" if stop else "")
        text += "0" * (-len(text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big")


def _unit(kind: int, body: bytes) -> bytes:
    """A NAL unit with its emulation prevention bytes (7.3.1, 7.4.1)."""
    out = bytearray([kind])
    zeros = 0
    for byte in body:
        if zeros >= 2 and byte <= 3:
            out.append(3)
            zeros = 0
        out.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(out)


def _parameter_sets(columns: int, rows: int) -> tuple[bytes, bytes]:
    sequence = _Bits()
    sequence.put(66, 8)  # baseline
    sequence.put(0b11000000, 8)
    sequence.put(30, 8)  # level 3.0
    # id, log2_max_frame_num − 4, order count type 2 (output order is decoding order), one reference frame
    for value in (0, 0, 2, 1):
        sequence.golomb(value)
    sequence.put(0, 1)
    sequence.golomb(columns - 1)
    sequence.golomb(rows - 1)
    sequence.put(0b1100, 4)  # frames only, direct 8×8 inference, no cropping, no VUI
    picture = _Bits()
    picture.golomb(0)
    picture.golomb(0)
    picture.put(0, 2)  # CAVLC, no field order
    for value in (0, 0, 0):
        picture.golomb(value)
    picture.put(0, 3)
    for value in (0, 0, 0):
        picture.golomb(value)
    picture.put(0b100, 3)  # deblocking may be switched off
    return _unit(0x67, sequence.aligned(stop=True)), _unit(0x68, picture.aligned(stop=True))


def _still(picture: Image.Image, number: int) -> bytes:
    """A picture that needs no other one: every macroblock as raw samples."""
    luma, blue, red = picture.convert("YCbCr").split()
    width, height = picture.size
    half = (width // 2, height // 2)
    # Pillow's samples span 0-255; players expect 16-235 and 16-240 (ITU-R BT.601).
    planes = [luma.point([round(16 + level * 219 / 255) for level in range(256)]).tobytes()]
    for plane in (blue, red):
        narrow = plane.point([round(128 + (level - 128) * 224 / 255) for level in range(256)])
        planes.append(narrow.resize(half, Image.Resampling.BOX).tobytes())
    head = _Bits()
    for value in (0, 7, 0):
        head.golomb(value)
    head.put(0, 4)
    head.golomb(number % 2)
    head.put(0, 2)
    head.golomb(0)
    head.golomb(1)
    head.golomb(25)  # I_PCM
    body = bytearray(head.aligned(stop=False))
    for row in range(height // 16):
        for column in range(width // 16):
            if row or column:
                start = _Bits()
                start.golomb(25)
                body += start.aligned(stop=False)
            for samples, side in zip(planes, (16, 8, 8), strict=True):
                stride = width * side // 16
                for line in range(side):
                    at = (row * side + line) * stride + column * side
                    body += samples[at : at + side]
    return _unit(0x65, bytes(body) + b"\x80")


def _repeat(count: int, frame: int) -> bytes:
    """A picture in which all `count` macroblocks are those of the one before."""
    head = _Bits()
    for value in (0, 5, 0):
        head.golomb(value)
    head.put(frame % 16, 4)
    head.put(0, 3)
    head.golomb(0)
    head.golomb(1)
    head.golomb(count)
    return _unit(0x41, head.aligned(stop=True))


def _box(kind: str, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind.encode()) + body


def film(stills: Sequence[Image.Image], *, seconds: int = 2, rate: int = 8) -> bytes:
    """An MP4 (ISO/IEC 14496-12 and -15) that shows each still for some seconds; sizes are multiples of 16."""
    width, height = stills[0].size
    blocks = width * height // 256
    samples: list[bytes] = []
    keys: list[int] = []
    for index, still in enumerate(stills):
        keys.append(len(samples) + 1)
        samples.append(_still(still, index))
        samples += [_repeat(blocks, frame) for frame in range(1, seconds * rate)]
    samples = [struct.pack(">I", len(sample)) + sample for sample in samples]
    kind = _box("ftyp", b"isom", struct.pack(">I", 512), b"isomiso2avc1mp41")
    head = len(kind) + len(_movie(width, height, samples, keys, rate, 0)) + 8
    return kind + _movie(width, height, samples, keys, rate, head) + _box("mdat", *samples)


_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
"""The transformation that leaves a picture as it is."""


def _sample_entry(width: int, height: int) -> bytes:
    sequence, picture = _parameter_sets(width // 16, height // 16)
    config = bytes([1, 66, 0xC0, 30, 0xFF, 0xE1]) + struct.pack(">H", len(sequence)) + sequence
    config += b"\x01" + struct.pack(">H", len(picture)) + picture
    fixed = struct.pack(">6xH16xHHIIIH32xHh", 1, width, height, 0x480000, 0x480000, 0, 1, 24, -1)
    return _box("avc1", fixed, _box("avcC", config))


def _sample_table(entry: bytes, sizes: Sequence[int], keys: Sequence[int], offset: int) -> bytes:
    length = len(sizes)
    return _box(
        "stbl",
        _box("stsd", struct.pack(">II", 0, 1), entry),
        _box("stts", struct.pack(">IIII", 0, 1, length, 1)),
        _box("stss", struct.pack(f">II{len(keys)}I", 0, len(keys), *keys)),
        _box("stsc", struct.pack(">IIIII", 0, 1, 1, length, 1)),
        _box("stsz", struct.pack(f">III{length}I", 0, 0, length, *sizes)),
        _box("stco", struct.pack(">III", 0, 1, offset)),
    )


def _movie(width: int, height: int, samples: Sequence[bytes], keys: Sequence[int], rate: int, offset: int) -> bytes:
    length = len(samples)
    table = _sample_table(_sample_entry(width, height), [len(sample) for sample in samples], keys, offset)
    here = _box("dinf", _box("dref", struct.pack(">II", 0, 1), _box("url ", struct.pack(">I", 1))))
    media = _box(
        "mdia",
        _box("mdhd", struct.pack(">IIIIIHH", 0, 0, 0, rate, length, 0x55C4, 0)),
        _box("hdlr", bytes(8), b"vide", bytes(12), b"video\0"),
        _box("minf", _box("vmhd", struct.pack(">IHHHH", 1, 0, 0, 0, 0)), here, table),
    )
    size = struct.pack(">II", width << 16, height << 16)
    track = _box("trak", _box("tkhd", struct.pack(">IIIIII16x", 7, 0, 0, 1, 0, length), _MATRIX, size), media)
    clock = struct.pack(">IIIIIIH10x", 0, 0, 0, rate, length, 0x10000, 0x100)
    return _box("moov", _box("mvhd", clock, _MATRIX, bytes(24), struct.pack(">I", 2)), track)
