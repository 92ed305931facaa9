"""What hides in the text: fields that act, tracked changes, hidden text, objects; and what is missing from it.

Role: reports, paragraph by paragraph, what a document of ours may not hold or should have: safe fields, alternative
texts, a language, fonts that the client has. Fonts follow the styles that are really used, as in Word (ECMA-376 Part 1,
17.7.2), Latin faces alone: those for other scripts are a matter of the client's system. It reads no tag.
"""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from handover.formats.word.contents import DOCUMENT, EMBEDDED_FONT, UNEMBED
from handover.formats.word.ooxml import WP, w
from handover.formats.word.styles import Styles
from handover.formats.word.unshown import unshown_text
from handover.formats.word.unwanted import SHOW, faults, field_name, instructions, tracked_changes
from handover.model.message import msg
from handover.templating.report import Report
from handover.templating.stories import Document, Story

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


PLACEHOLDERS: Final = frozenset({"logo", "signature"})
"""Names of drawings that stand for a picture of the project's (docs/rules.md, picture.alt)."""

_DECORATIVE: Final = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"


def check_text(document: Document, report: Report, *, signed: bool = False) -> None:
    """Report what stands in the stories, in reading order, then the document's language and fonts; also what a document
    that is `signed` may not hold.
    """
    for story in document.stories:
        for rule, element, message in _faults(story, document.styles, signed=signed):
            if (paragraph := story.paragraph_of(element)) is not None:
                report.at(rule, paragraph, message)
            else:
                report.whole(rule, message, place=msg("in its {name}", name=story.name) if story.name else "")
    for name, _, how in unshown_text(document.package, DOCUMENT, document.place, document.styles):
        report.whole(
            "word.hidden-text", msg("has {how}", how=how), SHOW, msg("in its {kind}", kind=document.kinds[name])
        )
    for name, kind in document.kinds.items():
        root = document.root(name) if kind in {"styles", "numbering"} else None
        if root is not None and next(tracked_changes(root), None) is not None:
            report.whole("word.tracked-changes", msg("has a tracked change"), place=msg("in its {kind}", kind=kind))
    if not document.styles.default_language():
        report.whole("word.language", msg("doesn't say its language"))
    if signed and "font" in document.kinds.values():
        report.whole("word.embedded-font", EMBEDDED_FONT, UNEMBED)
    check_fonts(document, report)


def _faults(story: Story, styles: Styles, *, signed: bool) -> Iterator[tuple[str, etree._Element, str]]:
    """What is wrong in a story: the rule, the element where it stands, and in words."""
    tagged = {element for element, instruction in instructions(story.root) if "{" in field_name(instruction)}
    for rule, element, message, _ in faults(story.root, styles, signed=signed):
        if rule != "field" or element not in tagged:  # tags in fields have a rule of their own
            yield f"word.{rule}", element, message
    for element in story.root.iter(f"{{{WP}}}docPr"):
        if _is_mute(element):
            shown = element.get("name", "")
            yield "picture.alt", element, msg("the picture “{element}” has no alternative text", element=shown)


def _is_mute(element: etree._Element) -> bool:
    """Whether a picture (its `docPr`) says nothing to those who don't see it, and isn't marked as decorative."""
    texts = [element.get(name, "").strip() for name in ("descr", "title")]
    named = {text.casefold() for text in (*texts, element.get("name", "").strip())}
    holder = element.getparent()
    if holder is not None and next(holder.iter(w("txbxContent")), None) is not None:
        return False  # a text box reads itself
    decorative = element.find(f".//{_DECORATIVE}")
    return not any(texts) and not named & PLACEHOLDERS and (decorative is None or decorative.get("val") == "0")
