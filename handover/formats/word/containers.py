"""Where text may stand in a Word document so that every program shows it.

Role: what isn't in this list of places is shown by no program, or by some. It knows no text and no look.
"""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from handover.formats.word.ooxml import VML, WP, A, W
from handover.model.message import msg

_MC: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_MATH: Final = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_MS: Final = "http://schemas.microsoft.com/office/word/2010/wordprocessing"
_HOLDERS: Final = {
    W: "document body hdr ftr footnotes footnote endnotes endnote p r hyperlink sdt sdtContent smartTag customXml "
    "fldSimple ruby rt rubyBase dir bdo tbl tr tc txbxContent pict drawing object ins del moveFrom moveTo",
    WP: "anchor inline",
    A: "graphic graphicData",
    f"{_MS}Shape": "wsp txbx",
    f"{_MS}Group": "wgp grpSp",
    f"{_MS}Canvas": "wpc",
    VML[1:-1]: "group shape rect roundrect oval line polyline arc curve image textbox",
    _MC: "AlternateContent Choice Fallback",
}
"""Elements that show what is in them (ECMA-376 Part 1, 17.2 to 17.17, 20.4; Part 4, 19.1; [MS-ODRAWXML] 2.7), by
namespace; of formulas all."""
_SHOWING: Final = frozenset(f"{{{space}}}{name}" for space, names in _HOLDERS.items() for name in names.split())
_TEXTS: Final = frozenset({f"{{{W}}}t", f"{{{_MATH}}}t", f"{{{W}}}instrText", f"{{{W}}}delText"})
_DELETED: Final = (f"{{{W}}}del", f"{{{W}}}moveFrom")
"""Tracked changes, which are refused as such."""
_OTHER: Final = frozenset({f"{{{WP}}}posOffset", f"{{{WP}}}align"})
_WORD: Final = re.compile(r"-?[0-9.%]{1,12}|[A-Za-z]{1,12}")
_KEPT: Final = re.compile(r"[A-Za-z0-9+/=\s]*")
_MICROSOFT: Final = (
    "http://schemas.microsoft.com/office/",
    "urn:schemas-microsoft-com:",
    "http://schemas.openxmlformats.org/",
)


def is_known(namespace: str | None) -> bool:
    """Whether a namespace is one of Office's, which programs know: what another demands is shown nowhere."""
    return namespace is not None and namespace.startswith(_MICROSOFT)


def misplaced_text(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Text outside of the elements for text, and elements for text in others that don't show it."""
    shown: dict[etree._Element, bool] = {}
    for element in root.iter(etree.Element):
        inside, after = (element.text or "").strip(), (element.tail or "").strip()
        if element.tag in _TEXTS:
            deleted = element.tag == f"{{{W}}}delText" and next(element.iterancestors(*_DELETED), None) is None
            lost = bool(inside) and (deleted or not _is_shown(element.getparent(), shown))
        else:
            lost = bool(inside) and element.tag not in _OTHER and not _is_setting(element)
        if lost or after:
            yield element, msg("text that no program shows")


def _is_setting(element: etree._Element) -> bool:
    """Numbers and words of drawings ([MS-ODRAWXML] 2.3), and what Word keeps of a field: no text that people read."""
    pattern = _KEPT if element.tag == f"{{{W}}}fldData" else _WORD
    return element.tag not in _SHOWING and pattern.fullmatch((element.text or "").strip()) is not None


def _is_shown(element: etree._Element | None, shown: dict[etree._Element, bool]) -> bool:
    if element is None:
        return True
    if element not in shown:
        tag = str(element.tag)
        known = tag in _SHOWING or tag.startswith(f"{{{_MATH}}}")
        shown[element] = known and _is_shown(element.getparent(), shown)
    return shown[element]
