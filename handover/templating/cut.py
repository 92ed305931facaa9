"""Tags cut out of a part's XML: each gets an element of its own among the nodes that it decides about.

Role: finds for each tag the paragraph, row or cell that it takes away, or makes a run that holds nothing else. Runs are
cut where a tag begins and ends; what isn't a tag keeps its formatting. Afterwards nothing looks for tags in text again,
so no value can ever be taken for one. It fills nothing in.
"""

from copy import deepcopy
from typing import Final

from lxml import etree

from handover.formats.word.ooxml import w
from handover.templating.stories import Piece, within
from handover.templating.tags import Tag

_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_PROPERTIES: Final = w("rPr")
_TEXT: Final = w("t")


def cut(tags: list[Tag]) -> dict[etree._Element, Tag]:
    """Give every tag an element of its own: the paragraph, row or cell that it takes away, or a bare run."""
    # From the end: what stands before keeps its offsets.
    ordered = sorted(tags, key=lambda tag: tag.order, reverse=True)
    found: dict[etree._Element, Tag] = {}
    for tag in ordered:
        place = within(tag.paragraph, tag.level) if tag.level else _run(tag)
        if place is None:
            raise AssertionError("a tag's place was checked before")
        found[place] = tag
    return found


def _run(tag: Tag) -> etree._Element:
    """The run that stands for a tag: its formatting is that of the tag's first character."""
    pieces = [piece for piece in tag.paragraph.between(tag.start, tag.end) if piece.text]
    first, last = pieces[0], pieces[-1]
    if tag.end - last.start < len(last.element.text or "") or last.element.getnext() is not None:
        split(last, tag.end - last.start)
    run, before = first.element.getparent(), first.element.getprevious()
    if tag.start > first.start or (before is not None and before.tag != _PROPERTIES):
        run = split(first, tag.start - first.start).getparent()
    if run is None:
        raise AssertionError("text stands in a run")
    # Between the first piece of a tag and its last there is nothing but more of it, and marks without text.
    for piece in pieces[1:]:
        _drop(piece.element, run)
    for child in [child for child in run if child.tag != _PROPERTIES]:
        run.remove(child)
    return run


def split(piece: Piece, offset: int) -> etree._Element:
    """Cut the piece's run at this character; the text with which the run after it begins."""
    text, run = piece.element, piece.element.getparent()
    holder = None if run is None else run.getparent()
    if run is None or holder is None:
        raise AssertionError("text stands in a run")
    content = text.text or ""
    if run[-1] is text and (
        len(run) == 1 or (len(run) == 2 and run[0].tag == _PROPERTIES)
    ):  # the usual one: its formatting and a text
        run.addnext(right := deepcopy(run))
        rest = right[-1]
    else:
        # Made in its place's own document: an element from another one is moved node by node.
        right = etree.SubElement(holder, run.tag, dict(run.items()))  # type: ignore[arg-type]  # the stubs allow bytes
        run.addnext(right)
        if (properties := run.find(_PROPERTIES)) is not None:
            right.append(deepcopy(properties))
        rest = etree.SubElement(right, _TEXT)
        while (sibling := text.getnext()) is not None:
            right.append(sibling)
    rest.text, text.text = content[offset:], content[:offset]
    for one in (text, rest):
        if one is rest or one.get(_SPACE) is None:
            one.set(_SPACE, "preserve")
    return rest


def _drop(text: etree._Element, keep: etree._Element) -> None:
    """Take a text out, and its run when nothing else is in it, unless that is the one to keep."""
    run = text.getparent()
    if run is None:
        return
    run.remove(text)
    holder = run.getparent()
    if holder is not None and run is not keep and all(child.tag == _PROPERTIES for child in run):
        holder.remove(run)
