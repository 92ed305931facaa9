"""A logo as people have it → the PNG or JPEG that Word shows, and the colour that it suggests.

Role: pictures stay as they are; an SVG is drawn apart, once nothing in it refers to what is outside it. It chooses a
colour and judges no taste. It writes nothing.
"""

import io
import re
from typing import Any, Final

from handover.formats.confined import Confined, Ending, Limits
from handover.formats.package.opc import parse_xml
from handover.model.errors import DamagedFile, UsageError
from handover.model.message import msg

_DRAWING: Final = Limits(seconds=6.0, memory=256 * 1024 * 1024)
_COLOURFUL: Final = 0.25
"""Saturation (HSV) below which a colour counts as a grey."""
_SEEN: Final = 200
"""Of 255: the opacity above which a pixel counts."""
_SHARE: Final = 0.01
"""Of what is to be seen: a colour that covers less is an accident of smoothing."""
_REFERS: Final = re.compile(rb"@import|url\(\s*['\"]?\s*(?!#|['\"]?data:image/(png|jpeg);)", re.IGNORECASE)
"""What leads a style sheet out of its file (CSS 2.2, 4.3.4 and 6.3)."""
_INSIDE: Final = re.compile(r"\s*(#|data:image/(png|jpeg);)", re.IGNORECASE)
_REFUSED: Final = frozenset({"script", "foreignObject"})


def as_picture(content: bytes, name: str) -> bytes:
    """The logo as PNG or JPEG.

    Raises UsageError for an SVG that can't be drawn here or refers to other files, saying what to do; any other bytes
    are given back unjudged.
    """
    if not content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or b"<svg" not in content[:65_536]:
        return content
    _refuse_outside(content, name)
    try:
        import resvg_py  # noqa: F401 — drawing is the child's
    except ImportError:
        hint = msg("install it with `pip install 'handover-kit[svg]'`, or export the logo as PNG, 1,600 pixels wide")
        raise UsageError.at(name, msg("drawing an SVG needs the package resvg-py"), hint=hint) from None
    with Confined("handover.formats.media.svg:draw", _DRAWING) as child:
        drawn = child.ask(content)
    if drawn.ending is not Ending.WHOLE:
        raise _unusable(name, msg("it can't be drawn") if drawn.ending is Ending.FAILED else msg(drawn.ending))
    return b"".join(drawn.pieces)


def _refuse_outside(content: bytes, name: str) -> None:
    """An SVG can name files and addresses: what is drawn must be in it."""
    from lxml import etree

    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise _unusable(name, msg("it declares entities"))
    if b"<?xml-stylesheet" in content:
        raise _unusable(name, msg("it brings a style sheet along"))
    try:
        root: Any = parse_xml(content, name)
    except DamagedFile:
        raise _unusable(name, msg("it isn't XML that can be read")) from None
    for element in root.iter():
        if not isinstance(element.tag, str):  # a comment
            continue
        if etree.QName(element).localname in _REFUSED:
            raise _unusable(name, msg("it holds a script or another document"))
        for key, value in element.attrib.items():
            if etree.QName(key).localname in {"href", "src"} and not _INSIDE.match(str(value)):
                raise _unusable(name, msg("it refers to another file or address"))
        texts = [*element.attrib.values(), element.text or ""]
        if any(_REFERS.search(str(text).encode()) for text in texts):
            raise _unusable(name, msg("it refers to another file or address"))


def _unusable(name: str, reason: str) -> UsageError:
    hint = msg("export it again with all that it shows inside it, or as PNG")
    return UsageError.at(name, msg("this SVG can't be used: {reason}", reason=reason), hint=hint)


def accent_of(picture: bytes) -> str | None:
    """The colour, `#RRGGBB`, of which a logo shows most, greys aside; None for one in black, white and grey."""
    import colorsys

    from PIL import Image

    with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG")) as opened:
        small = opened.convert("RGBA")
    small.thumbnail((200, 200))
    shades: Any = small.getcolors(maxcolors=small.width * small.height) or ()
    seen = b"".join(bytes(shade[:3]) * count for count, shade in shades if shade[3] > _SEEN)
    if not seen:
        return None
    few = Image.frombytes("RGB", (len(seen) // 3, 1), seen).quantize(12).convert("RGB")
    counted: Any = sorted(few.getcolors(maxcolors=256) or (), reverse=True)
    for count, (red, green, blue) in counted:
        _, saturation, value = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
        if count >= _SHARE * few.width and saturation >= _COLOURFUL and value > 0.15:
            return f"#{red:02X}{green:02X}{blue:02X}"
    return None
