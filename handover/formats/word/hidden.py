"""What nobody sees in a Word document, though it's in it: nobody can have read it, so it isn't signed.

Role: `hidden_text` finds every way in which text is there and not seen, for templates as for finished documents. It
changes nothing and chooses no wording but the name of each way.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from lxml import etree

from handover.formats.word.appearance import (
    HIDING,
    USUAL,
    Look,
    Properties,
    has_text,
    is_cut_off,
    number,
    own_text,
    value,
)
from handover.formats.word.colours import can_be_told
from handover.formats.word.containers import is_known, misplaced_text
from handover.formats.word.ooxml import W, w
from handover.formats.word.position import unseen_places
from handover.formats.word.styles import Styles, is_on
from handover.model.message import msg

SMALLEST: Final = 8
"""Half-points (4 points): what is smaller can't be read on paper."""
NARROWEST: Final = 33
"""Percent of their width below which letters can't be read (ECMA-376 Part 1, 17.3.2.43)."""
LOWEST: Final = 80
"""Twips (4 points) of an exact line or row, below which its text is cut off (17.3.1.33, 17.4.80)."""

_COMPLEX: Final = re.compile(r"[\u0590-\u109F\u1780-\u17FF\uFB1D-\uFDFF\uFE70-\uFEFC]")
"""Letters whose size is that of complex scripts (17.3.2.39): Hebrew to Myanmar, Khmer."""
_FLAG: Final = re.compile(r"\U0001F3F4[\U000E0020-\U000E007E]{1,6}\U000E007F")
_TAGS: Final = re.compile(
    r"[\U000E0001-\U000E007F]|[\U000E0100-\U000E01EF]{2}|[\uFE00-\uFE0F]{2}"
    r"|[\u180E\u200B-\u200D\u2060-\u2064\u3164\uFEFF\uFFA0]{4}"
)
"""Characters without a form, which can spell a text that nobody sees; those of a flag (UTS 51, annex C) are no text."""
_TURNED: Final = re.compile("[\u202d\u202e]")
"""Overrides of the direction (UAX 9, 2.2), by which a text is read otherwise than it's written."""
_FROM_RIGHT: Final = re.compile("[\u202b\u2067]")
"""Embeddings that run from right to left (UAX 9, 2.1, 2.4): without letters of such a script, they exchange figures."""
PICTURES: Final = re.compile(
    r"(wingdings|webdings|symbol|zapf ?dingbats|itc zapf.*|marlett|adobe blank|(adobe )?notdef|mt extra|opensymbol|"
    r"starsymbol|bookshelf symbol|segoe (mdl2|fluent|ui symbol)|material (icons|symbols)|font ?awesome|redacted|blokk|"
    r"flow (block|circular|rounded)|.*\bbar ?code|code ?(39|128)|idautomation.*)\b.*",
    re.IGNORECASE,
)
"""Fonts in which words can't be read."""
_WORD: Final = re.compile(r"[A-Za-z]{5}")
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT: Final = "{http://purl.oclc.org/ooxml/"
"""Namespaces of the strict form (ECMA-376 Part 1, Annex A), which a document of the usual form has no use for."""
_COLLAPSED: Final = "{http://schemas.microsoft.com/office/word/2012/wordml}collapsed"
_MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_W16: Final = "{http://schemas.microsoft.com/office/word/2015/wordml/symex}"
_TEXTS: Final = (w("t"), f"{_MATH}t", w("sym"), f"{_W16}symEx")
_LONGEST_NUMBER: Final = 8
"""Characters of a page's number, as in `xxxviii` or `A-12`."""
_RESULT: Final = "\0"
"""Ends a field's instructions: what follows is its result."""
_COUNTED: Final = re.compile(r"\s*(PAGE|NUMPAGES|SECTION|SECTIONPAGES|PAGEREF|SEQ)\b", re.IGNORECASE)
_NOT_SHOWN: Final = {
    f"{_MATH}show": ("e", False), f"{_MATH}degHide": ("deg", True), f"{_MATH}subHide": ("sub", True),
    f"{_MATH}supHide": ("sup", True),
}  # fmt: skip
"""A formula's property → the part that it's about, and whether it hides that when it's on."""
_SMALL: Final = 0.67
"""Share of its size that super- and subscript has, as Word and LibreOffice show it."""
_ONCE: Final = tuple(
    map(w, [*HIDING, "color", "sz", "szCs", "rFonts", "shd", "highlight", "position", "spacing", "w", "ind", "framePr"])
)
"""Properties that hide, and that a run or paragraph has once (17.3.1.26, 17.3.2.28): of two, programs take either."""
_DEEPEST: Final = 8
"""Versions in versions, each of which is read once more."""
_FAR: Final = 3
"""Sizes of its own by which text may be raised or lowered."""
_SQUEEZED: Final = 4.0
"""Twips for each half-point of size by which letters may stand closer: less than half of one's width is left."""
_NARROW: Final = 20
"""Twips (1 point) that a letter needs of a width into which a run is fitted (17.3.2.14)."""
_CUT: Final = 0.4
"""Share of its own height below which a line is cut off."""
_LINE: Final = 240


def hidden_text(root: etree._Element, styles: Styles) -> Iterator[tuple[etree._Element, str]]:
    """What hides text, as the element where it stands and the way, in words that follow “has”."""
    look = Look(root, styles)
    yield from _hidden_rows(root, styles)
    for run in root.iter(w("r"), f"{_MATH}r"):
        found = look.of(run)
        if how := _switched_off(run, found) or _unreadable(run, found, look):
            yield run, how
    yield from _without_height(root, look)
    yield from unseen_places(root, look)
    yield from _alternatives(root)
    yield from misplaced_text(root)
    yield from _behind_fields(root)
    yield from _in_formulas(root)
    if styles.other is not None:
        yield from hidden_text(root, styles.other)


def _switched_off(run: etree._Element, found: Properties) -> str:
    """Whether a run is hidden: by itself or by its styles, always or in a browser's view (17.3.2.41, 36, 44).

    Word hides the numbers and dots of a table of contents where there are no pages: in a browser's view.
    """
    for name in HIDING:
        if name not in found or not is_on(found[name]):
            continue
        text = _text(run).strip()
        if name == "webHidden" and len(text) <= _LONGEST_NUMBER and not re.search(r"\s", text):
            continue
        if (properties := found[name].getparent()) is None or properties.getparent() is not run:
            return msg("text in a style that hides it")
        return msg("text that a browser's view hides") if name == "webHidden" else msg("hidden text")
    return ""


def _hidden_rows(root: etree._Element, styles: Styles) -> Iterator[tuple[etree._Element, str]]:
    """Rows that are switched off (17.4.20), and cells that a merged one covers (17.4.84)."""
    for row in root.iter(w("hidden")):
        holder = row.getparent()
        if holder is not None and holder.tag == w("trPr") and is_on(row):
            yield row, msg("a hidden row")
    for named in root.iter(w("tblStyle")):  # whichever of its rows and cells are meant: programs differ in that
        parts = list(styles.conditional(named.get(w("val"), ""), ()))
        if any(is_on(row) for part in parts for row in part.iterfind(f"{w('trPr')}/{w('hidden')}")):
            yield named, msg("a hidden row")
        heights = (height for part in parts for height in part.iterfind(f"{w('trPr')}/{w('trHeight')}"))
        if any(height.get(w("hRule")) == "exact" and _is_low(height.get(w("val"))) for height in heights):
            yield named, msg("text in a row without height")
        if any(is_on(mark) for part in parts for mark in part.iter(*map(w, HIDING))):
            yield named, msg("text in a style that hides it")
    for merge in root.iter(w("vMerge"), w("hMerge")):
        cell = next(merge.iterancestors(w("tc")), None)
        if cell is not None and merge.get(w("val"), "continue") == "continue" and has_text(cell):
            yield cell, msg("text in a cell that a merged one covers")


def _unreadable(run: etree._Element, found: Properties, look: Look) -> str:
    text = _own(run).strip()
    if not text:
        return ""
    is_complex = any(name in found and is_on(found[name]) for name in ("cs", "rtl")) or bool(_COMPLEX.search(text))
    if _size_of(run, found, is_complex=is_complex) < SMALLEST:
        return msg("text smaller than 4 points")
    size = value(found, "sz") or USUAL
    scale, spacing, width = value(found, "w"), value(found, "spacing", 20), value(found, "fitText", 20)
    squeezed = (scale and scale < NARROWEST) or (spacing or 0) <= -size * _SQUEEZED
    if squeezed or (width is not None and width < len(text) * _NARROW):
        return msg("text squeezed until nobody can read it")
    if abs(value(found, "position") or 0) > size * _FAR:
        return msg("text moved away from its line")
    if _TAGS.search(_FLAG.sub("", text)):
        return msg("characters without a form")
    if _TURNED.search(text) or next(run.iterancestors(w("bdo")), None) is not None or _runs_from_right(run, text):
        return msg("text that is turned round")
    font = look.face(found.get("rFonts"), "cs" if is_complex else "ascii")
    if PICTURES.fullmatch(font) and _WORD.search(text):
        return msg("words in a font of pictures")
    shown = look.letters(run, found)
    if not shown:
        return msg("transparent text")
    behind = look.behind(run, found)
    if any(all(one is not None and not can_be_told(one, other) for one in shown) for other in behind):
        return msg("text in the colour of what is behind it")
    return ""


def _size_of(run: etree._Element, found: Properties, *, is_complex: bool) -> float:
    """Half-points of a run's letters as they are shown: raised ones, two lines in one, and those beside a word less."""
    size = value(found, "szCs" if is_complex else "sz")
    size = USUAL if size is None else size
    note = next(run.iterancestors(w("rt")), None)
    told = None if note is None else note.find(f"../{w('rubyPr')}/{w('hps')}")  # the whole's (17.3.3.12)
    if told is not None:
        size = min(size, number(told.get(w("val"), ""), 2) or 0)
    if "vertAlign" in found and found["vertAlign"].get(w("val")) != "baseline":
        return size * _SMALL
    return size / 2 if "eastAsianLayout" in found and found["eastAsianLayout"].get(w("combine")) else size


def _runs_from_right(run: etree._Element, text: str) -> bool:
    """Whether figures are read in another order than they're written, though no script runs that way."""
    if not _FROM_RIGHT.search(text) and not any(one.get(w("val")) == "rtl" for one in run.iterancestors(w("dir"))):
        return False
    return not _COMPLEX.search(_text(next(run.iterancestors(w("p")), run)))


def _without_height(root: etree._Element, look: Look) -> Iterator[tuple[etree._Element, str]]:
    """Lines and rows whose exact height cuts their text off, and headings that fold theirs away."""
    for paragraph in root.iter(w("p")):
        folds = (found.find(_COLLAPSED) for found in look.paragraph_properties(paragraph))
        if (fold := next((one for one in folds if one is not None), None)) is not None and is_on(fold):
            yield paragraph, msg("a heading that folds its text away")
        if own_text(paragraph) and _is_flat(paragraph, look):
            yield paragraph, msg("text on a line without height")
    for height in root.iter(w("trHeight")):
        row = next(height.iterancestors(w("tr")), None)
        if height.get(w("hRule")) != "exact" or row is None or not has_text(row):
            continue
        if _is_low(height.get(w("val"))):
            yield row, msg("text in a row without height")
        elif any(
            is_cut_off(cell, look, abs(number(height.get(w("val"), "")) or 0)) for cell in row.iterchildren(w("tc"))
        ):
            yield row, msg("more text than its row is high")


def _is_flat(paragraph: etree._Element, look: Look) -> bool:
    spacing: dict[str, str] = {}
    for found in reversed(look.paragraph_properties(paragraph)):  # each attribute is inherited by itself
        spacing |= {str(name): str(value) for one in found.iterfind(w("spacing")) for name, value in one.attrib.items()}
    value, rule = number(spacing.get(w("line"), "")), spacing.get(w("lineRule"), "auto")
    if value is None or rule == "atLeast":
        return False
    if rule == "exact":
        return abs(value) < max(LOWEST, look.height(paragraph) * _CUT)
    return 0 < value < _LINE * _CUT  # of a line's own height, in 240ths (17.3.1.33)


def _is_low(text: str | None) -> bool:
    value = number(text or "")
    return value is not None and abs(value) < LOWEST


def _alternatives(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Two versions of the same place (ECMA-376 Part 3, 10.2): what one program shows, another doesn't."""
    for properties in root.iter(w("rPr"), w("pPr")):
        told = list(properties.iterchildren(*_ONCE))
        kinds = {(one.tag, *sorted(one.attrib.items())) for one in told}
        again = next(properties.itersiblings(properties.tag), None)
        chosen = properties.find(f"{_MC}AlternateContent")
        if len(kinds) != len({one.tag for one in told}) or again is not None or chosen is not None:
            yield properties, msg("two versions of a text, of which each reader sees one")
    for element in root.iter(etree.Element):
        if f"{_MC}ProcessContent" in element.attrib or str(element.tag).startswith(_STRICT):
            yield element, msg("two versions of a text, of which each reader sees one")
            return
    for element in root.iter(f"{_MC}AlternateContent"):
        if _is_of_settings(element):
            yield element, msg("two versions of a text, of which each reader sees one")
        if sum(1 for _ in element.iterancestors(element.tag)) > _DEEPEST:
            yield element, msg("two versions of a text, of which each reader sees one")
            return
        versions = [" ".join(_text(version).split()) for version in element.iterchildren(etree.Element)]
        unknown = [
            text
            for version, text in zip(element.iterchildren(etree.Element), versions, strict=True)
            if not all(is_known(version.nsmap.get(prefix)) for prefix in version.get("Requires", "").split())
        ]
        if any(text and text != versions[0] for text in versions[1:]) or any(unknown):
            yield element, msg("two versions of a text, of which each reader sees one")


def _is_of_settings(element: etree._Element) -> bool:
    """Whether versions differ in properties; a number's own form is all that Word writes so (17.9.17)."""
    inside = [str(one.tag) for version in element.iterchildren(etree.Element) for one in version.iterchildren()]
    holder = str(getattr(element.getparent(), "tag", ""))
    is_setting = holder.startswith(f"{{{W}}}") and holder.endswith("Pr")
    return (is_setting or any(one.endswith("Pr") for one in inside)) and any(one != w("numFmt") for one in inside)


def _behind_fields(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Text between a field's beginning and its result, where only instructions belong (17.16.18), and text as the
    result of a page number, which Word counts itself."""
    depth: list[str] = []
    for element in root.iter(w("fldChar"), w("t"), w("instrText")):
        if element.tag == w("fldChar"):
            _follow(depth, element.get(w("fldCharType"), ""))
        elif depth and element.tag == w("instrText"):
            depth[-1] += element.text or ""
        elif depth and (text := (element.text or "").strip()):
            if not all(one.endswith(_RESULT) for one in depth):
                yield element, msg("text behind a field")
            elif len(text) > _LONGEST_NUMBER and "{%" not in text and _COUNTED.match(depth[-1]):
                yield element, msg("text in place of a page number")
    for field in root.iter(w("fldSimple")):
        if _COUNTED.match(field.get(w("instr"), "")) and len(_text(field).strip()) > _LONGEST_NUMBER:
            yield field, msg("text in place of a page number")


def _follow(fields: list[str], state: str) -> None:
    """Keep the instructions of the fields that stand open, innermost last."""
    if state == "begin":
        fields.append("")
    elif state == "separate" and fields:
        fields[-1] += _RESULT
    elif state == "end" and fields:
        fields.pop()


def _in_formulas(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """What a formula keeps room for without showing it (22.1.2.81), and limits that are switched off (22.1.2.27)."""
    for mark in root.iter(*_NOT_SHOWN):
        value = mark.get(f"{_MATH}val", "1").casefold() in {"1", "true", "on"}
        name, hides = _NOT_SHOWN[str(mark.tag)]
        holder = next(islice(mark.iterancestors(), 1, None), None)
        part = None if holder is None else holder.find(f"{_MATH}{name}")
        if value is hides and part is not None and _text(part).strip():
            yield part, msg("a part of a formula that is switched off")


def _own(run: etree._Element) -> str:
    """The text of a run itself, not of a box that is anchored in it."""
    versions = run.iterfind(f"{_MC}AlternateContent/*")
    texts = (found for holder in (run, *versions) for found in holder.iterchildren(*_TEXTS))
    return "".join(_symbol(found) or found.text or "" for found in texts)


def _text(element: etree._Element) -> str:
    """The text of a run or of what holds some, a symbol by its code."""
    return "".join(_symbol(found) or found.text or "" for found in element.iter(*_TEXTS))


def _symbol(element: etree._Element) -> str:
    """The character of a `w:sym` (17.3.3.30), or of Word's own form for those beyond the first plane."""
    try:
        return chr(int(element.get(w("char")) or element.get(f"{_W16}char") or "", 16))
    except (ValueError, OverflowError):
        return ""
