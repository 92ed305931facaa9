"""Names and small moves in the XML of Word documents, shared by the modules that look inside one.

Role: the namespaces (ECMA-376 Part 1, Annex A) and how an element leaves its tree. It knows no document.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from lxml import etree

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
WP: Final = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
W14: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
VML: Final = "{urn:schemas-microsoft-com:vml}"
PIC: Final = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_FEW: Final = 64
"""Elements whose square is nothing."""


@lru_cache(maxsize=1024)  # asked for tens of thousands of times a document
def w(name: str) -> str:
    """The qualified name of a WordprocessingML element or attribute."""
    return f"{{{W}}}{name}"


def serialised(root: etree._Element) -> bytes:
    """A part as Office writes it: declared UTF-8, standalone."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def detach(element: etree._Element) -> None:
    """Take an element out of its tree; a root stays. White space after it goes along: Office parts mean none by it."""
    parent = element.getparent()
    if parent is not None:
        emptied(element)
        parent.remove(element)


def emptied(element: etree._Element) -> etree._Element:
    """The element without anything in it: what leaves its tree for good must be, or a stranger's part costs hours.

    libxml2 looks up the namespaces of all that is taken out, in time that grows with its square; from the innermost
    outwards it takes out single elements.
    """
    inside = list(element.iter(etree.Element))
    for inner in reversed(inside) if len(inside) > _FEW else ():
        del inner[:]
    return element


def detach_all(root: etree._Element, names: Iterable[str]) -> None:
    """Take every WordprocessingML element of these names out of the tree."""
    for element in list(root.iter(*(w(name) for name in names))):
        detach(element)


def detach_paragraph(paragraph: etree._Element) -> None:
    """Take a paragraph out, unless its cell would be left without one (ECMA-376 Part 1, 17.4.65)."""
    parent = paragraph.getparent()
    if parent is not None and (parent.tag != w("tc") or len(parent.findall(w("p"))) > 1):
        detach(paragraph)
