"""What nobody sees in a Word document, though it's in it: nobody can have read it, so it isn't signed.

Role: `hidden_text` finds every way in which text is there and not seen, for templates as for finished documents. It
changes nothing and chooses no wording but the name of each way.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from lxml import etree

from handover.formats.word.appearance import Look, number
from handover.formats.word.colours import can_be_told
from handover.formats.word.ooxml import W14, w
from handover.formats.word.position import unseen_places
from handover.formats.word.styles import Styles, is_on
from handover.model.message import msg

SMALLEST: Final = 8
"""Half-points (4 points): what is smaller can't be read on paper."""
NARROWEST: Final = 33
"""Percent of their width below which letters can't be read (ECMA-376 Part 1, 17.3.2.43)."""
LOWEST: Final = 80
"""Twips (4 points) of an exact line or row, below which its text is cut off (17.3.1.33, 17.4.80)."""

_HIDING: Final = frozenset({w("vanish"), w("specVanish")})
_STYLED: Final = frozenset({w("rStyle"), w("pStyle"), w("tblStyle")})
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_W16: Final = "{http://schemas.microsoft.com/office/word/2015/wordml/symex}"
_TEXTS: Final = (w("t"), f"{_MATH}t", w("sym"), f"{_W16}symEx")
_LONGEST_NUMBER: Final = 8
"""Characters of a page's number, as in `xxxviii` or `A-12`."""
_OPAQUE: Final = 90_000
"""Thousandths of a percent of transparency from which on text isn't seen ([MS-DOCX] 2.6.1)."""


def hidden_text(root: etree._Element, styles: Styles) -> Iterator[tuple[etree._Element, str]]:
    """What hides text, as the element where it stands and the way, in words that follow “has”.

    A style that hides counts wherever it is used, even where a run shows its text again: nobody sees that in Word at a
    glance. Of the paragraphs without a style the first stands for all.
    """
    yield from _switched_off(root, styles)
    yield from _hidden_rows(root)
    yield from _unreadable_runs(root, styles)
    yield from _without_height(root, styles)
    yield from unseen_places(root)
    yield from _alternatives(root)
    yield from _behind_fields(root)


def _switched_off(root: etree._Element, styles: Styles) -> Iterator[tuple[etree._Element, str]]:
    for element in root.iter(*_HIDING, w("webHidden"), *_STYLED):
        if element.tag in _HIDING and is_on(element) and _is_runs(element):
            yield element, msg("hidden text")
        elif element.tag == w("webHidden") and is_on(element) and not _is_page_number(element):
            yield element, msg("text that a browser's view hides")
        elif element.tag in _STYLED and styles.hides(element.get(w("val"), "")):
            yield element, msg("text in a style that hides it")
    if styles.hides_by_default:
        nameless = (p for p in root.iter(w("p")) if p.find(f"{w('pPr')}/{w('pStyle')}") is None)
        yield from ((paragraph, msg("text in a style that hides it")) for paragraph in islice(nameless, 1))


def _is_runs(element: etree._Element) -> bool:
    """Whether a property belongs to a run with text, or to a formula's: a hidden paragraph mark hides nothing."""
    properties = element.getparent()
    run = None if properties is None else properties.getparent()
    return run is not None and isinstance(run.tag, str) and etree.QName(run).localname == "r"


def _is_page_number(element: etree._Element) -> bool:
    """Word hides the numbers and dots of a table of contents where there are no pages: in a browser's view."""
    run = next(element.iterancestors(w("r")), None)
    text = "" if run is None else _text(run).strip()
    return len(text) <= _LONGEST_NUMBER and not re.search(r"\s", text)


def _hidden_rows(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Rows that are switched off (17.4.20), and cells that a merged one covers (17.4.84)."""
    for row in root.iter(w("hidden")):
        holder = row.getparent()
        if holder is not None and holder.tag == w("trPr") and is_on(row):
            yield row, msg("a hidden row")
    for merge in root.iter(w("vMerge"), w("hMerge")):
        cell = next(merge.iterancestors(w("tc")), None)
        if cell is not None and merge.get(w("val"), "continue") == "continue" and _text(cell).strip():
            yield cell, msg("text in a cell that a merged one covers")


def _unreadable_runs(root: etree._Element, styles: Styles) -> Iterator[tuple[etree._Element, str]]:
    look = Look(root, styles)
    for run in root.iter(w("r"), f"{_MATH}r"):
        if not _text(run).strip():
            continue
        given = look.of(run)
        if given.size is not None and given.size < SMALLEST:
            yield run, msg("text smaller than 4 points")
        elif given.scale and given.scale < NARROWEST:
            yield run, msg("text squeezed until nobody can read it")
        elif _is_transparent(run):
            yield run, msg("transparent text")
        elif given.colour and given.colour[0] and not can_be_told(given.colour[0], look.behind(run, given)):
            yield run, msg("text in the colour of what is behind it")


def _is_transparent(run: etree._Element) -> bool:
    fill = run.find(f"{w('rPr')}/{W14}textFill")
    if fill is None:
        return False
    alphas = (number(alpha.get(f"{W14}val", "")) or 0 for alpha in fill.iter(f"{W14}alpha"))
    outlined = run.find(f"{w('rPr')}/{W14}textOutline/{W14}solidFill") is not None
    return (fill.find(f"{W14}noFill") is not None and not outlined) or any(alpha >= _OPAQUE for alpha in alphas)


def _without_height(root: etree._Element, styles: Styles) -> Iterator[tuple[etree._Element, str]]:
    """Lines and rows whose exact height cuts their text off."""
    look = Look(root, styles)
    for paragraph in root.iter(w("p")):
        if not _text(paragraph).strip():
            continue
        spacings = (found.find(w("spacing")) for found in look.paragraph_properties(paragraph))
        spacing = next((one for one in spacings if one is not None and one.get(w("line")) is not None), None)
        exact = spacing is not None and spacing.get(w("lineRule")) == "exact"
        if spacing is not None and exact and _is_low(spacing.get(w("line"))):
            yield paragraph, msg("text on a line without height")
    for height in root.iter(w("trHeight")):
        row = next(height.iterancestors(w("tr")), None)
        if (
            height.get(w("hRule")) == "exact"
            and _is_low(height.get(w("val")))
            and row is not None
            and _text(row).strip()
        ):
            yield row, msg("text in a row without height")


def _is_low(text: str | None) -> bool:
    value = number(text or "")
    return value is not None and abs(value) < LOWEST


def _alternatives(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Two versions of the same place (ECMA-376 Part 3, 10.2): what one program shows, another doesn't."""
    for element in root.iter(f"{_MC}AlternateContent"):
        versions = [" ".join(_text(version).split()) for version in element.iterchildren(etree.Element)]
        if any(text and text != versions[0] for text in versions[1:]):
            yield element, msg("two versions of a text, of which each reader sees one")


def _behind_fields(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Text between a field's beginning and its result, where only instructions belong (17.16.18)."""
    depth: list[bool] = []
    for element in root.iter(w("fldChar"), w("t")):
        if element.tag == w("t"):
            if any(depth) and (element.text or "").strip():
                yield element, msg("text behind a field")
            continue
        state = element.get(w("fldCharType"))
        if state == "begin":
            depth.append(True)
        elif state == "separate" and depth:
            depth[-1] = False
        elif state == "end" and depth:
            depth.pop()


def _text(element: etree._Element) -> str:
    """The text of a run or of what holds some, a symbol by its code."""
    return "".join(_symbol(found) or found.text or "" for found in element.iter(*_TEXTS))


def _symbol(element: etree._Element) -> str:
    """The character of a `w:sym` (17.3.3.30), or of Word's own form for those beyond the first plane."""
    try:
        return chr(int(element.get(w("char")) or element.get(f"{_W16}char") or "", 16))
    except (ValueError, OverflowError):
        return ""
