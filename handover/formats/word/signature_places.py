"""Where owners sign a letter by hand: places for their pictures, and the mark that says that nobody has signed yet.

Role: gives each owner a place of their own in a rendered letter, which is blank until the owner's key signs; puts an
owner's picture there; and takes the mark "for signature" away, which `handover.formats.word.watermark` made. It signs
nothing and knows no key. Each place has its final size from the start, so that a picture changes no other part of the
letter: whoever signed before has signed the same text.
"""

import io
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from lxml import etree

from handover.formats.package import opc
from handover.formats.package.opc import Package, Relationship
from handover.formats.word import pictures, watermark
from handover.formats.word.contents import STORY_TYPE, main_part
from handover.formats.word.ooxml import PIC, WP, A, R, detach, serialised, w
from handover.formats.word.pictures import Picture
from handover.model.errors import SigningError, TemplateError
from handover.model.message import msg

BLANK: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000001e0000000b4010300000076726d8300000003504c5445ffffffa7c41bc80000"
    "000174524e530040e6d866000000224944415478daedc13101000000c2a0f54f6d0d0fa000000000000000000000e0cb002a"
    "e40001d6729cbf0000000049454e44ae426082"
)
"""A transparent PNG of 480 by 180 pixels: the room for a signature, eight units wide and three high."""

_PLACEHOLDER = "signature"
_WIDE, _HIGH = 8, 3
_LEAST_WIDTH = 184
"""Pixels of the place's width at 96 an inch: a small picture isn't blown up."""
_MOST_WIDTH = 1920
_PARAGRAPH_END = {w("p"), w("br"), w("cr"), w("tab"), w("tc")}


def place_part(number: int) -> str:
    """The part with the picture of the owner of that number, from 1."""
    return f"/word/media/signature-{number}.png"


def with_places(docx: bytes, descriptions: Sequence[str], *, place: str) -> bytes:
    """A rendered letter in which each drawing called `signature` is the place of one owner, in their order.

    `descriptions` are the places' alternative texts, one an owner; more drawings than owners show the last one's again.
    A letter without such a drawing stays as it is.
    """
    package = opc.read_package(docx, place)
    main = main_part(package, place)
    root = opc.parse_xml(package.parts[main], f"{place}: {main}")
    names = f"{{{WP}}}docPr[@name='{_PLACEHOLDER}']"
    drawings = [drawing for drawing in root.iter(w("drawing")) if drawing.find(f".//{names}") is not None]
    if not drawings:
        return docx
    relations = list(opc.relationships(package, main, place))
    parts, types = dict(package.parts), dict(package.types)
    for at, drawing in enumerate(drawings):
        number = min(at, len(descriptions) - 1) + 1
        parts[place_part(number)], types[place_part(number)] = BLANK, "image/png"
        for blip in drawing.iter(f"{{{A}}}blip"):
            blip.set(f"{{{R}}}embed", f"rIdSignature{number}")
        for element in drawing.iter(f"{{{WP}}}docPr", f"{{{PIC}}}cNvPr"):
            element.set("descr", descriptions[number - 1])
        relation = Relationship(f"rIdSignature{number}", f"{R}/image", f"media/signature-{number}.png")
        relations += [relation] if relation not in relations else []
    used = {value for element in root.iter(etree.Element) for value in element.attrib.values()}
    gone = [r for r in relations if r.type == f"{R}/image" and r.id not in used]
    parts[main] = serialised(root)
    parts[opc.rels_name(main)] = opc.write_relationships([r for r in relations if r not in gone])
    for relation in gone:
        parts.pop(opc.target_part(main, relation), None)
    return opc.write_package(Package(parts, {name: types[name] for name in parts}))


def has_place(package: Package, number: int) -> bool:
    """Whether the letter has a place for that owner's picture, and it is still blank.

    Raises `SigningError` where a picture stands there already, before the owner has signed.
    """
    content = package.parts.get(place_part(number))
    if content is not None and content != BLANK:
        hint = msg("don't sign it: have the bundle built again, and find out who put it there")
        raise SigningError(
            msg("the letter holds a picture in place of a signature that hasn't been given yet"), hint=hint
        )
    return content is not None


def with_picture(package: Package, number: int, picture: bytes) -> Package:
    """The letter with a picture in that owner's place, which must be there; `picture` is a PNG or JPEG."""
    return Package({**package.parts, place_part(number): fitted(picture)}, package.types)


def fitted(picture: bytes) -> bytes:
    """A picture as its place shows it: a PNG of the place's shape, the picture at its lower left, nothing else in it.

    Raises `SigningError` for what isn't a PNG or JPEG that can be read.
    """
    from PIL import Image

    try:
        ready = pictures.prepared(Picture(picture, ""), _PLACEHOLDER)
    except TemplateError as error:
        raise SigningError(error.message, hint=msg("export it as PNG; 2,000 pixels are plenty")) from None
    with Image.open(io.BytesIO(ready.content), formats=("PNG", "JPEG")) as opened:
        image = opened.convert("RGBA")
    image.thumbnail((_MOST_WIDTH, _MOST_WIDTH * _HIGH // _WIDE))
    units = max(-(-image.width // _WIDE), -(-image.height // _HIGH), _LEAST_WIDTH // _WIDE)
    canvas = Image.new("RGBA", (units * _WIDE, units * _HIGH), (255, 255, 255, 0))
    canvas.paste(image, (0, canvas.height - image.height))
    stream = io.BytesIO()
    canvas.save(stream, "PNG")
    return stream.getvalue()


def unmarked(package: Package, *, place: str) -> Package:
    """The letter without the mark "for signature": headers that held nothing else go with it."""
    main = main_part(package, place)
    root = opc.parse_xml(package.parts[main], f"{place}: {main}")
    parts, kept = dict(package.parts), []
    for relation in opc.relationships(package, main, place):
        name = "" if relation.external else opc.target_part(main, relation)
        if relation.type != f"{R}/header" or name not in parts:
            kept.append(relation)
            continue
        header = opc.parse_xml(parts[name], f"{place}: {name}")
        if not watermark.unmark(header):
            kept.append(relation)
        elif len(header):
            parts[name] = serialised(header)
            kept.append(relation)
        else:
            del parts[name]
            for reference in list(root.iter(w("headerReference"))):
                if reference.get(f"{{{R}}}id") == relation.id:
                    detach(reference)
    parts[main] = serialised(root)
    parts[opc.rels_name(main)] = opc.write_relationships(kept)
    return Package(parts, {name: package.types[name] for name in parts})


_TEXT: Final = frozenset({w("t"), "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"})


def visible_text(docx: bytes, *, place: str, everywhere: bool = False) -> str:
    """The letter's own text, folded for searching: one space for any gap, capitals, widths and apostrophes alike.

    `everywhere` takes headers, footers and notes along. Formulas and signs of symbol fonts belong to it: digits can be
    set in both (ECMA-376 Part 1, 17.3.3.30, 22.1.2.116).
    """
    package = opc.read_package(docx, place)
    main = main_part(package, place)
    stories = (
        name for name, kind in sorted(package.types.items()) if STORY_TYPE.search(kind) and name in package.parts
    )
    pieces = [
        element.text or "" if element.tag in _TEXT else " " if element.tag in _PARAGRAPH_END else _symbol(element)
        for name in (stories if everywhere else [main])
        for element in opc.parse_xml(package.parts[name], f"{place}: {name}").iter(etree.Element)
    ]
    return folded("".join(pieces))


def _symbol(element: etree._Element) -> str:
    """The character that a sign of a symbol font stands for, where it is one of ASCII's."""
    code = element.get(w("char"), "") if element.tag == w("sym") else ""
    return chr(int(code, 16) & 0xFF) if re.fullmatch("[Ff]0[2-7][0-9A-Fa-f]", code) else ""


def folded(text: str) -> str:
    """A text as `visible_text` gives it."""
    alike = unicodedata.normalize("NFKC", text).replace("\u2019", "'").replace("\u2018", "'")
    return re.sub(r"\s+", " ", alike).strip().casefold()
