"""Pictures in Word documents: put where a placeholder stands, inside its box, without what they tell about people.

Role: a drawing whose name or alternative text is `logo` or `signature` stands for that picture; it is marked before
values are filled in, so no template tag can reach an image. PNG and JPEG only. It knows no template and no project.
"""

import io
import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial

from lxml import etree

from handover.formats.media.image import image_size
from handover.formats.package.opc import Package
from handover.formats.word.ooxml import PIC, WP, A, R, detach, detach_paragraph, w
from handover.model.errors import TemplateError
from handover.model.message import msg

EMU_PER_PIXEL = 9525
"""At 96 pixels an inch: a picture is never shown larger than that, or its pixels would be seen."""

_LOGOS = frozenset({"logo", "client-logo"})
_LOGO_AREA = 1_200 * 36_000**2
"""1,200 mm² in square EMU: wide and tall logos weigh the same to the eye."""

_MAX_PIXELS = 12_500_000
_MOST_PIXELS = 50_000_000
"""Of a template's own pictures, which pass through as they are."""

_HEAD = 4096
MARK = "{urn:handover:tag}picture"
"""The attribute of a drawing that stands for a picture: the picture's name."""

_PLACES = ("name", "title", "descr")
_SIZE = re.compile("[0-9]{1,10}")
_KEPT_PNG = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"sRGB", b"gAMA", b"cHRM", b"iCCP"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to place: the file's bytes, and what it shows, in the document's language."""

    content: bytes = field(repr=False)
    description: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture ready for a document: bytes without metadata, file extension, size in pixels."""

    content: bytes = field(repr=False)
    extension: str
    width: int
    height: int


def refuse_large(package: Package, place: str) -> None:
    """Raise TemplateError, naming the part, for a picture of more than 50 megapixels that a template brings along.

    Only headers are read: a bomb does no harm here, where pictures pass through as they are, but in the client's Word.
    """
    for name, content in package.parts.items():
        if not package.types[name].startswith("image/"):
            continue
        size = image_size(content[:_HEAD], len(content), partial(_slice, content))
        if size and size[0] * size[1] > _MOST_PIXELS:
            message = msg(
                "{place}: the picture {name} has {size} × {size_2} pixels; 50 megapixels are the limit",
                place=place,
                name=name,
                size=size[0],
                size_2=size[1],
            )
            raise TemplateError(message, hint=msg("put a smaller one into the template"))


def _slice(content: bytes, offset: int, length: int) -> bytes:
    return content[offset : offset + length]


@lru_cache(maxsize=4)
def prepared(picture: Picture, name: str) -> Prepared:
    """The picture upright and without metadata (camera, place, author); pixels stay as they are.

    Raises TemplateError when it isn't a PNG or JPEG that can be read, or is beyond 12.5 megapixels.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(picture.content), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise TemplateError(msg("the picture {name!r} has more than 12.5 megapixels", name=name))
            turned = image.getexif().get(0x0112, 1) != 1
            if image.format == "PNG" and not turned:
                image.load()
                return Prepared(_plain_png(picture.content), "png", image.width, image.height)
            upright = ImageOps.exif_transpose(image)
            stream = io.BytesIO()
            # Only what JPEG can hold: a picture with transparency was a PNG.
            upright.convert("RGB").save(stream, "JPEG", quality=92, icc_profile=image.info.get("icc_profile"))
            return Prepared(stream.getvalue(), "jpeg", upright.width, upright.height)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise TemplateError(msg("the picture {name!r} isn't a PNG or JPEG that can be read", name=name)) from None


def _plain_png(content: bytes) -> bytes:
    """The same pixels without text, time and EXIF chunks (PNG, third edition, clause 11.3)."""
    kept, at = [content[:8]], 8
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        if content[at + 4 : at + 8] in _KEPT_PNG:
            kept.append(content[at : at + 12 + length])
        at += 12 + length
    return b"".join(kept)


def remember(root: etree._Element, names: Container[str]) -> None:
    """Mark every placeholder in a part of a template, before values are filled in: no value can become one later."""
    others, described = [], dict[str, str]()
    for drawing in root.iter(w("drawing")):
        told = called(drawing)
        if name := next((name for name in told if name in names), None):
            drawing.set(MARK, name)
            described |= dict.fromkeys(told, name)
        elif told:
            others.append((drawing, told))
    # LibreOffice renames a second picture of one name when it saves; what describes it stays.
    for drawing, told in others:
        if name := next((described[text] for text in told if text and text in described), None):
            drawing.set(MARK, name)


def place(root: etree._Element, pictures: Mapping[str, Picture | None], add: Callable[[Prepared, str], str]) -> None:
    """Fill every marked placeholder in a part; one whose picture is None goes, with its paragraph if that held no more.

    `add` stores a prepared picture under a name and gives its relationship id.
    """
    for drawing in list(root.iter(w("drawing"))):
        name = drawing.get(MARK)
        if name is None:
            continue
        del drawing.attrib[MARK]
        picture = pictures[name]
        if picture is None:
            run = next(drawing.iterancestors(w("r")), drawing)
            paragraph = next(run.iterancestors(w("p")), None)
            detach(run)
            if paragraph is not None and paragraph.find(f".//{w('r')}") is None:
                detach_paragraph(paragraph)
            continue
        ready = prepared(picture, name)
        _fill(drawing, ready, picture.description, name, add(ready, name))


def called(drawing: etree._Element) -> tuple[str, ...]:
    """What a picture is called, in small letters, in the three places where people write it; nothing for a text box, a
    chart, or a picture without a size (ECMA-376 Part 1, 20.4.2.7)."""
    extent = drawing.find(f".//{{{WP}}}extent")
    sized = extent is not None and all(_SIZE.fullmatch(extent.get(side, "")) for side in ("cx", "cy"))
    if not sized or drawing.find(f".//{{{A}}}blip") is None:
        return ()
    names = (element.get(place, "") for element in drawing.iter(f"{{{WP}}}docPr") for place in _PLACES)
    return tuple(name.strip().lower() for name in names)


def _fill(drawing: etree._Element, ready: Prepared, description: str, name: str, relationship: str) -> None:
    extent = drawing.find(f".//{{{WP}}}extent")
    blip = drawing.find(f".//{{{A}}}blip")
    if extent is None or blip is None:
        raise AssertionError("only a picture is marked")
    box = int(extent.get("cx", "0")), int(extent.get("cy", "0"))
    width, height = fitted(ready.width, ready.height, *box, area=_LOGO_AREA if name in _LOGOS else None)
    for element in (extent, *drawing.iter(f"{{{A}}}ext")):
        if element.get("cx") is not None:
            element.set("cx", str(width))
            element.set("cy", str(height))
    for attribute in list(blip.attrib):
        del blip.attrib[attribute]
    for child in list(blip):
        # An effect or an SVG twin of the placeholder would show the placeholder again.
        blip.remove(child)
    blip.set(f"{{{R}}}embed", relationship)
    for crop in list(drawing.iter(f"{{{A}}}srcRect")):
        detach(crop)
    for element in drawing.iter(f"{{{WP}}}docPr", f"{{{PIC}}}cNvPr"):
        element.set("name", name)
        element.set("descr", description)
        if "title" in element.attrib:
            del element.attrib["title"]


def fitted(
    pixels_wide: int, pixels_high: int, box_wide: int, box_high: int, *, area: int | None = None
) -> tuple[int, int]:
    """The size in EMU at which a picture fills a box, and no more than an area, without being stretched or blown up."""
    scale = min(box_wide / pixels_wide, box_high / pixels_high, EMU_PER_PIXEL)
    if area is not None:
        scale = min(scale, (area / (pixels_wide * pixels_high)) ** 0.5)
    return max(1, round(pixels_wide * scale)), max(1, round(pixels_high * scale))
