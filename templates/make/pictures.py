"""The picture block: a placeholder in the template, whose place the picture of its name takes.

Role: draws it and names it. Which picture comes, and whether, is decided when a document is written.
"""

import io
from typing import Any

from docx.shared import Mm
from PIL import Image, ImageDraw

_DOTS_PER_MM = 4


def placeholder(part: Any, number: int, name: str, width: float, height: float, description: str) -> Any:
    """An inline picture of `width` × `height` mm, related to the part: pale grey with a thin frame, so that a person
    sees in Word where the real one will be.
    """
    size = (round(width * _DOTS_PER_MM), round(height * _DOTS_PER_MM))
    picture, stream = Image.new("RGB", size, "#EEF0F3"), io.BytesIO()
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] - 1, size[1] - 1), outline="#B4BAC2")
    picture.save(stream, "PNG", optimize=True)
    inline = part.new_pic_inline(stream, Mm(width), Mm(height))
    inline.docPr.set("id", str(number))
    inline.docPr.set("name", name)
    inline.docPr.set("descr", description)
    inline.graphic.graphicData.pic.nvPicPr.cNvPr.set("name", name)
    for side in "TBLR":
        # Where nothing is said, LibreOffice leaves some room.
        inline.set(f"dist{side}", "0")
    return inline
