"""What Word needs in a filled part so that it can open it: a paragraph in each cell, and numbers that nothing shares.

Role: mends what conditions and loops leave behind (docs/templates.md, section 5). It fills nothing in.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from lxml import etree

from handover.formats.word.ooxml import w

_PARAGRAPH: Final = w("p")
_NEEDS_PARAGRAPH: Final = frozenset(w(name) for name in ("tc", "hdr", "ftr", "footnote", "endnote", "txbxContent"))
"""What Word can't open without a paragraph at its end (ECMA-376 Part 1, 17.4.65, 17.10, 17.11, 17.17.1)."""


def complete(made: etree._Element) -> None:
    """Give an element what Word needs in it, where conditions have left nothing."""
    if made.tag in _NEEDS_PARAGRAPH and (not len(made) or made[-1].tag != _PARAGRAPH):
        etree.SubElement(made, _PARAGRAPH)
    parent = made.getparent()
    needed = {w("tr"): w("tc"), w("tbl"): w("tr")}.get(str(made.tag))
    if needed and made.find(needed) is None and parent is not None:
        parent.remove(made)


def repaired(roots: Iterable[etree._Element]) -> None:
    """Give copies what must be theirs alone: bookmarks their own numbers and names, content controls no number.

    ECMA-376 Part 1, 17.13.6 and 17.5.2.18. A bookmark whose other end was left out goes.
    """
    number, names = 0, defaultdict[str, int](int)
    for root in roots:
        opened: dict[str, etree._Element] = {}
        kept: set[etree._Element] = set()
        for element in root.iter(w("bookmarkStart"), w("bookmarkEnd")):
            given = element.get(w("id"), "")
            if element.tag == w("bookmarkStart"):
                opened[given] = element
            elif (start := opened.pop(given, None)) is not None:
                number += 1
                kept |= {start, element}
                start.set(w("name"), _own_name(start.get(w("name"), ""), names))
                for one in (start, element):
                    one.set(w("id"), str(number))
        for element in list(root.iter(w("bookmarkStart"), w("bookmarkEnd"))):
            parent = element.getparent()
            if element not in kept and parent is not None:
                parent.remove(element)
        for element in list(root.iter(w("sdtPr"))):
            for identity in element.findall(w("id")):
                element.remove(identity)


def _own_name(name: str, taken: defaultdict[str, int]) -> str:
    """The name, or one made of it that no bookmark has yet; at most 40 characters, as Word has it.

    `taken` has every name, and under a beginning and `_` the last number that was put behind it.
    """
    own, start = name, f"{name[:32]}_"
    while own in taken:
        taken[start] = max(taken[start], 1) + 1
        own = f"{start}{taken[start]}"
    taken[own] = 1
    return own
