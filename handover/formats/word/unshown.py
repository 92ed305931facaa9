"""Parts of a Word document that no page shows: headers that are switched off, notes that nothing refers to.

Role: finds them in a package, by its settings and sections. What hides inside a part that is shown is
`handover.formats.word.hidden`'s business.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Final

from lxml import etree

from handover.formats.package import opc
from handover.formats.word.appearance import has_text, number
from handover.formats.word.hidden import PICTURES, hidden_text
from handover.formats.word.ooxml import R, w
from handover.formats.word.styles import Styles, is_on
from handover.model.message import msg

_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_WORD: Final = re.compile("[A-Za-z]{4}")
_FARTHEST: Final = 10_000
"""Twips by which a list may be indented: most of a page's width."""
_NOTES: Final = {"footnotes": ("footnote", "footnoteReference"), "endnotes": ("endnote", "endnoteReference")}
"""Kind of part → its notes, and what refers to one (ECMA-376 Part 1, 17.11)."""


def unshown_text(
    package: opc.Package, main: str, place: str, styles: Styles
) -> Iterator[tuple[str, etree._Element, str]]:
    """Text that no page shows: the part, where it stands, and the way, in words that follow “has”.

    Headers and footers of first pages need `titlePg` in a section from theirs on, those of even ones a setting
    (17.10.1, 17.10.6).
    """
    related = {r.id: r for r in opc.relationships(package, main, place) if not r.external}
    roots = {
        r.type.rpartition("/")[2]: opc.parse_xml(package.parts[name], f"{place}: {name}")
        for r in related.values()
        if r.type.rpartition("/")[2] in {"settings", *_NOTES} and (name := opc.target_part(main, r)) in package.parts
    }
    document = opc.parse_xml(package.parts[main], f"{place}: {main}")
    for name, declared in package.types.items():
        kind = declared.rpartition(".")[2].removesuffix("+xml")
        if kind in _OF_SETTINGS:
            root = opc.parse_xml(package.parts[name], f"{place}: {name}")
            yield from ((name, element, how) for element, how in _OF_SETTINGS[kind](root, styles))
    shown = set(_shown(document, roots.get("settings")))
    for relationship in related.values():
        name, kind = opc.target_part(main, relationship), relationship.type.rpartition("/")[2]
        if kind in {"header", "footer"} and relationship.id not in shown and name in package.parts:
            root = opc.parse_xml(package.parts[name], f"{place}: {name}")
            if has_text(root):
                yield name, root, msg("a header or footer that no page shows")
        elif kind in _NOTES and kind in roots:
            yield from (
                (name, note, msg("a note that nothing refers to")) for note in _lost(document, kind, roots[kind])
            )


def _in_numbering(root: etree._Element, styles: Styles) -> Iterator[tuple[etree._Element, str]]:
    """Lists that lie off the page, and words in place of a number (17.9.11) that can't be read."""
    for indent in root.iter(w("ind")):
        if any(abs(number(value) or 0) > _FARTHEST for value in map(str, indent.attrib.values())):
            yield indent, msg("a line that lies off the page")
    for level in root.iter(w("lvl")):
        label, look = level.find(w("lvlText")), level.find(w("rPr"))
        if look is not None and label is not None and _WORD.search(label.get(w("val"), "")):
            run = etree.SubElement(etree.Element(w("p")), w("r"))
            run.append(deepcopy(look))
            etree.SubElement(run, w("t")).text = label.get(w("val"))
            yield from ((level, how) for _, how in hidden_text(run, styles))


def _versions(root: etree._Element, _: Styles) -> Iterator[tuple[etree._Element, str]]:
    """Styles or settings of which each program takes its own version (Part 3, 10.2)."""
    if next(root.iter(f"{_MC}AlternateContent"), None) is not None:
        yield root, msg("two versions of a text, of which each reader sees one")


def _in_fonts(root: etree._Element, _: Styles) -> Iterator[tuple[etree._Element, str]]:
    """Fonts for which others stand in (17.8.3.1) that show pictures."""
    for other in root.iter(w("altName")):
        if any(PICTURES.fullmatch(name.strip()) for name in other.get(w("val"), "").split(",")):
            holder = other.getparent()
            if holder is not None and not PICTURES.fullmatch(holder.get(w("name"), "")):
                yield other, msg("words in a font of pictures")


_OF_SETTINGS: Final[dict[str, Callable[[etree._Element, Styles], Iterator[tuple[etree._Element, str]]]]] = {
    "numbering": _in_numbering, "styles": _versions, "settings": _versions, "fontTable": _in_fonts,
}  # fmt: skip
"""Kind of part without text of its own → what in it hides the text of others."""


def _shown(document: etree._Element, settings: etree._Element | None) -> Iterator[str]:
    """The relationships of the headers and footers that some page shows."""
    even = None if settings is None else settings.find(w("evenAndOddHeaders"))
    first: dict[str, str] = {}
    for section in document.iter(w("sectPr")):
        title = section.find(w("titlePg"))
        for reference in section.iterchildren(w("headerReference"), w("footerReference")):
            kind, target = reference.get(w("type"), "default"), reference.get(f"{{{R}}}id", "")
            if kind == "first":
                first[str(reference.tag)] = target
            elif kind == "default" or (even is not None and is_on(even)):
                yield target
        if title is not None and is_on(title):
            yield from first.values()  # a section without its own shows the one before's


def _lost(document: etree._Element, kind: str, notes: etree._Element) -> Iterator[etree._Element]:
    """Notes without a reference where every program sees it, and texts for a note that goes on overleaf."""
    name, reference = _NOTES[kind]
    found = [one for one in document.iter(w(reference)) if next(one.iterancestors(f"{_MC}Fallback"), None) is None]
    known = {element.get(w("id")) for element in found}
    for note in notes.iterchildren(w(name)):
        usual = note.get(w("type"), "normal")
        is_shown = note.get(w("id")) in known if usual == "normal" else usual == "separator"
        if not is_shown and has_text(note):
            yield note
