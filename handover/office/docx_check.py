"""The finished document, looked at once more: no tag is left in it that people would read.

Role: tells a template's braces from a value's. While tags are filled, a value's `{`, `}` and `%` travel as
noncharacters, which no text of a project may hold; so whatever looks like a tag afterwards stood in the template and
wasn't filled: in a part that isn't rendered, cut in two by a table or a text box, or misspelt. It changes no text but
those stand-ins.
"""

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from lxml import etree

from handover.errors import TemplateError
from handover.office.tree import w

STAND_INS: Final = MappingProxyType({"{": "\ufdd1", "}": "\ufdd2", "%": "\ufdd3"})
"""What travels for a value's characters that tags are made of."""

TAG_MARK: Final = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
"""A tag's beginning or end: what may not be left anywhere."""

_SHOWN: Final = 80


def refuse_left_tags(root: etree._Element, place: str) -> None:
    """Raise TemplateError, quoting what stands there, for a tag in a paragraph or an attribute of a part."""
    for text in _readable(root):
        if TAG_MARK.search(text):
            shown = given_back(" ".join(text.split()).encode()).decode()[:_SHOWN]
            raise TemplateError(
                f"{place}: “{shown}” holds a tag that wasn't filled in",
                hint="a tag must begin and end in one paragraph of the text, a header, a footer or a note",
            )


def given_back(xml: bytes) -> bytes:
    """A serialised part (UTF-8) with the values' own characters again."""
    for character, stand_in in STAND_INS.items():
        xml = xml.replace(stand_in.encode(), character.encode())
    return xml


def _readable(root: etree._Element) -> Iterator[str]:
    for paragraph in root.iter(w("p")):
        yield "".join(text.text or "" for text in paragraph.iter(w("t"), w("instrText"), w("delText")))
    for element in root.iter(etree.Element):
        yield from (str(value) for value in element.attrib.values())
