"""Braces outside tags, where the renderer would take them for a tag: in other places than text, or across an edge.

Role: the renderer finds tags in a part's XML, whatever stands between two braces, and looks for tags that are left in
all that it has made. So braces are reported here that `tags`, which reads paragraph by paragraph, can't see or rightly
takes for text. It knows no variable.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from lxml import etree

from handover.lint.document import Paragraph, Piece, Story
from handover.lint.report import Report
from handover.lint.tags import Tag
from handover.office.docx_check import TAG_MARK
from handover.office.tree import w

_READ: Final = frozenset({w("t"), w("instrText"), w("delText")})
"""Elements whose text other rules read."""

_HALVES: Final = re.compile(r"\{<[{%#]|[%}#]<\}")
"""The last character of one text and the first of the next, which the renderer would join to a tag's edge."""

_ESCAPES: Final = re.compile(r"\{_[{%]|[%}]_\}")
"""What the renderer turns into a tag's edges after all tags are filled in."""

_BARRED: Final = re.compile("[%}]")


def check_braces(story: Story, tags: dict[Paragraph, list[Tag]], report: Report) -> None:
    """Report what looks like a tag, or a tag's edge, to the renderer alone."""
    pieces = {piece.element: (piece, paragraph) for paragraph in story.paragraphs for piece in paragraph.pieces}
    last: tuple[str, etree._Element] = ("", story.root)
    for text, element in _texts(story.root):
        if element.tag not in _READ and TAG_MARK.search(text):
            name = etree.QName(element).localname
            _say(element, pieces, f"“{_shown(text)}” stands in an element ({name}), not in the text", report)
        if _HALVES.fullmatch(f"{last[0][-1:]}<{text[:1]}") and not _adjacent(last[1], element, pieces):
            message = (
                f"“{last[0][-1:]}” and “{text[:1]}” stand side by side with an edge, a tab or a picture between them"
            )
            _say(element, pieces, message, report)
        last = (text, element)
    for paragraph, found in tags.items():
        _check_left(paragraph, found, report)


def _texts(root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Every stretch of character data in XML order, with its element; what follows an element's end is its parent's."""
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start" and element.text and isinstance(element.tag, str):
            yield element.text, element
        elif event == "end" and element is not root and element.tail:
            parent = element.getparent()
            yield element.tail, root if parent is None else parent


def _adjacent(
    left: etree._Element, right: etree._Element, pieces: dict[etree._Element, tuple[Piece, Paragraph]]
) -> bool:
    """Whether two texts follow each other in a paragraph, so that `tags` reads them as one."""
    if left not in pieces or right not in pieces:
        return False
    (first, paragraph), (second, other) = pieces[left], pieces[right]
    return paragraph is other and first.start + len(first.text) == second.start


def _say(
    element: etree._Element, pieces: dict[etree._Element, tuple[Piece, Paragraph]], message: str, report: Report
) -> None:
    near = [pieces[one] for one in element.iter(etree.Element) if one in pieces]
    if near:
        piece, paragraph = near[0]
        report.at("tag.not-filled", paragraph, message, "delete them", (piece.start, piece.start + len(piece.text)))
    else:
        report.whole("tag.not-filled", message, "delete it")


def _check_left(paragraph: Paragraph, tags: Sequence[Tag], report: Report) -> None:
    """Text around tags that would be joined to something like a tag when these are filled in."""
    around, at = [], 0
    for tag in tags:
        around.append(paragraph.text[at : tag.start])
        at = tag.end
        if tag.level and tag.keyword != "comment" and _BARRED.search(tag.source[2:-2]):
            message = f"“{tag}” has a % or }} inside, which a tag that begins with {{%{tag.level} can't have"
            report.at("tag.not-allowed", paragraph, message, "compare with a value that is `set` before", tag.span)
    around.append(paragraph.text[at:])
    if _ESCAPES.search("".join(around)):
        report.at("tag.not-filled", paragraph, "an underscore stands between two braces", "delete it")
    # Whatever stands between is one choice away from being nothing.
    if any(text.startswith("}") for text in around[1:]) and any(text[-1:] in {"}", "%", "#"} for text in around[:-1]):
        report.at("tag.not-filled", paragraph, "a brace follows a tag, where it may end up beside another", "delete it")


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:38]} …"
