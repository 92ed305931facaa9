"""The fonts that a template's text is set in, and which of them a client may not have.

Role: follows the styles that are really used, as Word does (ECMA-376 Part 1, 17.7.2): a font that only an unused style
names disturbs nobody. Latin faces only; those for other scripts are a matter of the client's system.
"""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from handover.formats.word.ooxml import w
from handover.model.message import msg
from handover.templating.report import Report
from handover.templating.stories import Document

COMMON_FONTS: Final = frozenset(
    name.casefold()
    for name in (
        "Aptos", "Aptos Display", "Arial", "Arial Black", "Arial Narrow", "Baskerville Old Face", "Book Antiqua",
        "Bookman Old Style", "Calibri", "Calibri Light", "Cambria", "Cambria Math", "Candara", "Century",
        "Century Gothic", "Century Schoolbook", "Comic Sans MS", "Consolas", "Constantia", "Corbel", "Courier New",
        "Franklin Gothic Book", "Franklin Gothic Medium", "Garamond", "Georgia", "Gill Sans MT", "Impact",
        "Lucida Console", "Lucida Sans Unicode", "MS Gothic", "Palatino Linotype", "Rockwell", "Segoe UI", "Symbol",
        "Tahoma", "Times New Roman", "Trebuchet MS", "Tw Cen MT", "Verdana", "Webdings", "Wingdings", "Wingdings 2",
        "Wingdings 3",
    )
)  # fmt: skip
"""Faces that Word has on Windows and on macOS (Microsoft's lists of fonts installed with Office on each system)."""

_STYLED: Final = (w("pStyle"), w("rStyle"), w("tblStyle"))


def check_fonts(document: Document, report: Report) -> None:
    """Report each font that text is set in and that is neither common nor embedded."""
    known = COMMON_FONTS | frozenset(
        font.get(w("name"), "").casefold()
        for name, kind in document.kinds.items()
        if kind == "fontTable" and (root := document.root(name)) is not None
        for font in root
        if font.find(w("embedRegular")) is not None
    )
    told: set[str] = set()
    for font in _used(document):
        if font.casefold() not in known | told:
            told.add(font.casefold())
            hint = msg("choose a common one, or embed it (File, Options, Save)")
            report.whole("word.font", msg("uses the font {font}, which the client may not have", font=font), hint)


def _used(document: Document) -> Iterator[str]:
    """The faces of the text's own properties, of the styles it uses, and of text without a style."""
    styles = document.styles
    names: dict[str, None] = dict.fromkeys(styles.defaults())
    for story in document.stories:
        for fonts in story.root.iter(w("rFonts")):
            yield from _faces(fonts, document)
        names |= dict.fromkeys(element.get(w("val"), "") for element in story.root.iter(*_STYLED))
    for given in [styles.default_fonts(), *(styles.fonts(name) for name in names)]:
        if given is not None:
            yield from _faces(given, document)


def _faces(fonts: etree._Element, document: Document) -> Iterator[str]:
    for attribute in ("ascii", "hAnsi"):
        # The theme's face comes before the one named beside it (17.3.2.26).
        theme = fonts.get(w(f"{attribute}Theme"), "")[:5]
        if face := document.styles.faces.get(theme, "") if theme in {"major", "minor"} else fonts.get(w(attribute), ""):
            yield face
