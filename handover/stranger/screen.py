"""Pictures that a template brings along: none that would fill a reader's memory.

Role: looks at the headers of a package's pictures and decodes none of them. A bomb does no harm here, where pictures
pass through as they are, but it would in the client's Word.
"""

from functools import partial
from typing import Final

from handover.errors import TemplateError
from handover.office.opc import Package, read_package
from handover.properties.image import image_size

_MAX_PIXELS: Final = 50_000_000
_HEAD: Final = 4096


def check_images(template: bytes, place: str) -> None:
    """Raise TemplateError, naming the part, for a picture of more than 50 megapixels; DamagedFile for no .docx."""
    check_pictures(read_package(template, place), place)


def check_pictures(package: Package, place: str) -> None:
    """The same for a template that has been read."""
    for name, content in package.parts.items():
        if not package.types[name].startswith("image/"):
            continue
        size = image_size(content[:_HEAD], len(content), partial(_slice, content))
        if size and size[0] * size[1] > _MAX_PIXELS:
            raise TemplateError(
                f"{place}: the picture {name} has {size[0]} × {size[1]} pixels; 50 megapixels are the limit",
                hint="put a smaller one into the template",
            )


def _slice(content: bytes, offset: int, length: int) -> bytes:
    return content[offset : offset + length]
