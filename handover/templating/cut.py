"""Tags cut out of a part's XML: each becomes a mark among the nodes that it decides about.

Role: puts in place of each tag, or of the paragraph, row or cell that it takes away, one element of our own. Runs are
cut where a tag begins and ends; what isn't a tag keeps its formatting. Afterwards nothing looks for tags in text again,
so no value can ever be taken for one. It fills nothing in.
"""

from copy import deepcopy
from typing import Final

from lxml import etree

from handover.office.tree import w
from handover.templating.stories import Piece, within
from handover.templating.tags import Tag

MARK: Final = "{urn:handover:tag}tag"
"""Stands for a tag; its one child is the run whose formatting the value takes."""

_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_BARE: Final = (w("rPr"),)


def cut(tags: list[Tag]) -> dict[etree._Element, Tag]:
    """Put a mark in place of every tag, last first; each mark with its tag."""
    marks: dict[etree._Element, Tag] = {}
    # From the end: what stands before keeps its offsets.
    for tag in sorted(tags, key=lambda tag: tag.order, reverse=True):
        if tag.level:
            container = within(tag.paragraph.element, [tag.level])
            mark = etree.Element(MARK)
            _replace(container, mark)
        else:
            mark = _inline(tag)
        marks[mark] = tag
    return marks


def _replace(container: etree._Element | None, mark: etree._Element) -> None:
    parent = None if container is None else container.getparent()
    if parent is None or container is None:
        raise AssertionError("a tag's place was checked before")
    mark.tail = container.tail
    parent.replace(container, mark)


def _inline(tag: Tag) -> etree._Element:
    pieces = [piece for piece in tag.paragraph.between(tag.start, tag.end) if piece.text]
    last, first = pieces[-1], pieces[0]
    own = first.element.getparent()
    whole = first is last and first.text == tag.source
    if own is not None and whole and all(child is first.element or child.tag in _BARE for child in own):
        return _replaced(own, first.element)
    after = split(last, tag.end - last.start)
    inside = split(first, tag.start - first.start)
    run, mark = inside.getparent(), etree.Element(MARK)
    if run is None:
        raise AssertionError("text stands in a run")
    run.addprevious(mark)
    look = etree.SubElement(mark, w("r"))
    if (properties := run.find(w("rPr"))) is not None:
        look.append(deepcopy(properties))
    # Between the first piece of a tag and its last there is nothing but more of it, and marks without text.
    for text in (inside, *(piece.element for piece in pieces[1:])):
        _drop(text)
    for text in (first.element, after):
        if not text.text:
            _drop(text)
    return mark


def _replaced(run: etree._Element, text: etree._Element) -> etree._Element:
    """The mark in place of a run that holds nothing but the tag."""
    mark, holder = etree.Element(MARK), run.getparent()
    run.remove(text)
    if holder is not None:
        holder.replace(run, mark)
    mark.append(run)
    return mark


def split(piece: Piece, offset: int) -> etree._Element:
    """Cut the piece's run at this character; the text with which the run after it begins."""
    text, run = piece.element, piece.element.getparent()
    if run is None:
        raise AssertionError("text stands in a run")
    right = etree.Element(run.tag, dict(run.items()))  # type: ignore[arg-type]  # the stubs allow bytes
    if (properties := run.find(w("rPr"))) is not None:
        right.append(deepcopy(properties))
    content = text.text or ""
    rest = etree.SubElement(right, w("t"))
    rest.text, text.text = content[offset:], content[:offset]
    for element in (text, rest):
        element.set(_SPACE, "preserve")
    for sibling in list(text.itersiblings()):
        right.append(sibling)
    run.addnext(right)
    return rest


def _drop(text: etree._Element) -> None:
    """Take a text out, and its run when nothing else is in it."""
    run = text.getparent()
    if run is None:
        return
    run.remove(text)
    holder = run.getparent()
    if holder is not None and all(child.tag in _BARE for child in run):
        holder.remove(run)
