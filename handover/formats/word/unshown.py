"""Parts of a Word document that no page shows: headers that are switched off, notes that nothing refers to.

Role: finds them in a package, by its settings and sections. What hides inside a part that is shown is
`handover.formats.word.hidden`'s business.
"""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from handover.formats.package import opc
from handover.formats.word.appearance import has_text, number
from handover.formats.word.ooxml import R, w
from handover.formats.word.styles import is_on
from handover.model.message import msg

_FARTHEST: Final = 10_000
"""Twips by which a list may be indented: most of a page's width."""
_NOTES: Final = {"footnotes": ("footnote", "footnoteReference"), "endnotes": ("endnote", "endnoteReference")}
"""Kind of part → its notes, and what refers to one (ECMA-376 Part 1, 17.11)."""


def unshown_text(package: opc.Package, main: str, place: str) -> Iterator[tuple[str, etree._Element, str]]:
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
        if declared.endswith("numbering+xml"):
            for indent in opc.parse_xml(package.parts[name], f"{place}: {name}").iter(w("ind")):
                if any(abs(number(value) or 0) > _FARTHEST for value in map(str, indent.attrib.values())):
                    yield name, indent, msg("a line that lies off the page")
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
    name, reference = _NOTES[kind]
    known = {element.get(w("id")) for element in document.iter(w(reference))}
    for note in notes.iterchildren(w(name)):
        if note.get(w("type"), "normal") == "normal" and note.get(w("id")) not in known and has_text(note):
            yield note
