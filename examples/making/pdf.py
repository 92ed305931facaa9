"""A small PDF writer (PDF 1.7, ISO 32000-1): pages of text in embedded fonts, lines, shapes and photographs.

Role: enough for contracts and reports that look like an office made them; fonts are subset, text can be searched
and copied. It has no forms, links, tags or encryption. Lengths are in points, from the page's top left corner.
"""

import hashlib
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
A4 = (595.28, 841.89)
Point = tuple[float, float]


class Face:
    """One font (OpenType with CFF outlines) and the characters that the document uses of it."""

    def __init__(self, file: str) -> None:
        self.path = FONTS / file
        font = TTFont(self.path)
        self.cmap: dict[int, str] = font.getBestCmap()
        self.advances: dict[str, float] = {
            name: advance * 1000 / font["head"].unitsPerEm for name, (advance, _) in font["hmtx"].metrics.items()
        }
        self.used: set[str] = {" "}

    def clean(self, text: str) -> str:
        """The text with spaces that the font has: no-break spaces are drawn as plain ones."""
        return text.replace("\u00a0", " ").replace("\u202f", " ")

    def width(self, text: str, size: float) -> float:
        """How wide the text is at this size."""
        missing = [character for character in self.clean(text) if ord(character) not in self.cmap]
        if missing:
            raise ValueError(f"{self.path.name} has no {missing}")
        return sum(self.advances[self.cmap[ord(character)]] for character in self.clean(text)) * size / 1000


@dataclass
class Page:
    """One page: drawing commands in the order in which they are painted."""

    size: Point
    parts: list[str | tuple[Face, str]] = field(default_factory=list)
    images: list[bytes] = field(default_factory=list)

    def _y(self, y: float) -> float:
        return self.size[1] - y

    def text(self, at: Point, text: str, face: Face, size: float, colour: str = "#222222") -> None:
        """Set one line with its baseline at `at`."""
        face.width(text, size)
        face.used.update(face.clean(text))
        self.parts.append(f"BT {_rgb(colour)} rg")
        self.parts.append((face, f"{size:.2f} Tf {at[0]:.2f} {self._y(at[1]):.2f} Td|{face.clean(text)}"))
        self.parts.append("ET")

    def text_right(self, at: Point, text: str, face: Face, size: float, colour: str = "#222222") -> None:
        """Set one line that ends at `at`."""
        self.text((at[0] - face.width(text, size), at[1]), text, face, size, colour)

    def box(self, at: Point, width: float, height: float, colour: str) -> None:
        """Fill a rectangle whose top left corner is at `at`."""
        self.parts.append(f"{_rgb(colour)} rg {at[0]:.2f} {self._y(at[1] + height):.2f} {width:.2f} {height:.2f} re f")

    def line(self, points: Sequence[Point], colour: str, width: float = 0.6, dash: str = "") -> None:
        """Stroke a line through the points."""
        moves = " ".join(f"{x:.2f} {self._y(y):.2f} {'l' if index else 'm'}" for index, (x, y) in enumerate(points))
        self.parts.append(f"q {_rgb(colour)} RG {width:.2f} w 1 J 1 j [{dash}] 0 d {moves} S Q")

    def shape(self, curves: str, colour: str, at: Point, scale: float) -> None:
        """Fill an outline given in PDF operators (see `making.outline`), y upward, placed with its origin at `at`."""
        self.parts.append(
            f"q {_rgb(colour)} rg {scale:.5f} 0 0 {scale:.5f} {at[0]:.2f} {self._y(at[1]):.2f} cm {curves} f* Q"
        )

    def picture(self, jpeg: bytes, at: Point, width: float, height: float) -> None:
        """Place an RGB JPEG."""
        self.images.append(jpeg)
        name = f"I{len(self.images)}"
        self.parts.append(f"q {width:.2f} 0 0 {height:.2f} {at[0]:.2f} {self._y(at[1] + height):.2f} cm /{name} Do Q")


def paragraph(
    page: Page,
    at: Point,
    text: str,
    face: Face,
    size: float,
    width: float,
    leading: float = 1.38,
    colour: str = "#222222",
) -> float:
    """Set a left-aligned paragraph; gives the y below its last line."""
    x, y = at
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and face.width(longer, size) > width:
            page.text((x, y), line, face, size, colour)
            y += size * leading
            line = word
        else:
            line = longer
    page.text((x, y), line, face, size, colour)
    return y + size * leading


def write(pages: Sequence[Page], *, title: str, author: str, language: str, date: str) -> bytes:
    """The whole document. `date` is `YYYYMMDD`; equal pages give equal bytes."""
    file = _File()
    faces = list(dict.fromkeys(part[0] for page in pages for part in page.parts if isinstance(part, tuple)))
    fonts = {face: _font(file, face, index) for index, face in enumerate(faces)}
    names = {face: f"F{index}" for index, face in enumerate(faces)}
    listed = " ".join(f"/{names[face]} {number} 0 R" for face, (number, _) in fonts.items())
    tree = file.reserve()
    kids = []
    for page in pages:
        content = "\n".join(
            part if isinstance(part, str) else _show(part, names[part[0]], fonts[part[0]][1]) for part in page.parts
        )
        body = file.stream("", content.encode())
        pictures = " ".join(f"/I{i} {_image(file, jpeg)} 0 R" for i, jpeg in enumerate(page.images, 1))
        kids.append(
            file.add(
                f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {page.size[0]:.2f} {page.size[1]:.2f}] "
                f"/Resources << /Font << {listed} >> /XObject << {pictures} >> >> /Contents {body} 0 R >>"
            )
        )
    file.put(tree, f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>")
    root = file.add(
        f"<< /Type /Catalog /Pages {tree} 0 R /Lang ({language}) /ViewerPreferences << /DisplayDocTitle true >> >>"
    )
    info = file.add(
        f"<< /Title {_utf16(title)} /Author {_utf16(author)} "
        f"/CreationDate (D:{date}090000Z) /ModDate (D:{date}090000Z) >>"
    )
    return file.finish(root, info)


class _File:
    """Numbered objects and their offsets (ISO 32000-1, 7.5)."""

    def __init__(self) -> None:
        self.objects: list[bytes] = []

    def reserve(self) -> int:
        self.objects.append(b"")
        return len(self.objects)

    def put(self, number: int, body: str) -> None:
        self.objects[number - 1] = body.encode("latin-1")

    def add(self, body: str) -> int:
        number = self.reserve()
        self.put(number, body)
        return number

    def stream(self, keys: str, data: bytes, *, deflate: bool = True) -> int:
        number = self.reserve()
        if deflate:
            data, keys = zlib.compress(data, 9), f"{keys} /Filter /FlateDecode"
        head = f"<< {keys} /Length {len(data)} >>\nstream\n".encode("latin-1")
        self.objects[number - 1] = head + data + b"\nendstream"
        return number

    def finish(self, root: int, info: int) -> bytes:
        out = io.BytesIO()
        out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        offsets = []
        for number, body in enumerate(self.objects, 1):
            offsets.append(out.tell())
            out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
        start = out.tell()
        identity = hashlib.sha256(out.getvalue()).hexdigest()[:32]
        out.write(f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n".encode())
        out.write(b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets))
        out.write(
            f"trailer\n<< /Size {len(offsets) + 1} /Root {root} 0 R /Info {info} 0 R "
            f"/ID [<{identity}> <{identity}>] >>\nstartxref\n{start}\n%%EOF\n".encode()
        )
        return out.getvalue()


def _rgb(colour: str) -> str:
    return " ".join(f"{int(colour[i : i + 2], 16) / 255:.3f}" for i in (1, 3, 5))


def _utf16(text: str) -> str:
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


def _show(part: tuple[Face, str], name: str, glyphs: dict[str, int]) -> str:
    setup, _, text = part[1].partition("|")
    return f"/{name} {setup} <{''.join(f'{glyphs[character]:04X}' for character in text)}> Tj"


def _image(file: _File, jpeg: bytes) -> int:
    from PIL import Image

    width, height = Image.open(io.BytesIO(jpeg)).size
    keys = (
        f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB "
        "/BitsPerComponent 8 /Filter /DCTDecode"
    )
    return file.stream(keys, jpeg, deflate=False)


def _font(file: _File, face: Face, index: int) -> tuple[int, dict[str, int]]:
    """Embed the used glyphs as a composite font (ISO 32000-1, 9.7): its object and character → glyph number."""
    font = TTFont(face.path, recalcTimestamp=False)
    options = Options(layout_features=[], hinting=False, desubroutinize=True, notdef_outline=True, name_IDs=[])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(character) for character in face.used])
    subsetter.subset(font)
    buffer = io.BytesIO()
    font.save(buffer)
    font = TTFont(io.BytesIO(buffer.getvalue()))
    # A bare CFF without CID operators maps character identifiers straight to glyph numbers (9.7.4.2).
    program = file.stream("/Subtype /CIDFontType0C", font.reader["CFF "])
    glyphs = {character: font.getGlyphID(face.cmap[ord(character)]) for character in sorted(face.used)}
    tag = "".join(chr(ord("A") + (index * 7 + step * 5) % 26) for step in range(6))
    name = f"{tag}+{face.path.stem}"
    upem = font["head"].unitsPerEm
    head, hhea = font["head"], font["hhea"]
    box = " ".join(str(round(v * 1000 / upem)) for v in (head.xMin, head.yMin, head.xMax, head.yMax))
    descriptor = file.add(
        f"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{box}] /ItalicAngle 0 "
        f"/Ascent {round(hhea.ascent * 1000 / upem)} /Descent {round(hhea.descent * 1000 / upem)} /CapHeight 700 "
        f"/StemV 80 /FontFile3 {program} 0 R >>"
    )
    widths = " ".join(
        f"{glyph} [{face.advances[face.cmap[ord(character)]]:.1f}]" for character, glyph in glyphs.items()
    )
    descendant = file.add(
        f"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /{name} /CIDSystemInfo << /Registry (Adobe) /Ordering "
        f"(Identity) /Supplement 0 >> /FontDescriptor {descriptor} 0 R /W [{widths}] >>"
    )
    unicode_map = file.stream("", _to_unicode(glyphs))
    number = file.add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts "
        f"[{descendant} 0 R] /ToUnicode {unicode_map} 0 R >>"
    )
    return number, glyphs


def _to_unicode(glyphs: dict[str, int]) -> bytes:
    entries = [f"<{glyph:04X}> <{character.encode('utf-16-be').hex().upper()}>" for character, glyph in glyphs.items()]
    blocks = []
    for start in range(0, len(entries), 100):
        block = entries[start : start + 100]
        blocks.append(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar")
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Adobe-Identity-UCS def "
        "/CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        + "\n".join(blocks)
        + "\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()
