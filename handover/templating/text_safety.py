"""What hides in the text: fields that act, tracked changes, hidden text, objects; and what is missing from it.

Role: reports, paragraph by paragraph, what a document of ours may not hold or should have: safe fields, alternative
texts, a language, fonts that the client has. It reads no tag.
"""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from handover.formats.word.ooxml import WP, W, w
from handover.formats.word.styles import Styles
from handover.formats.word.unwanted import (
    OBJECTS,
    TRACKED,
    field_name,
    hidden_text,
    instructions,
    is_safe_field,
    references,
    tracked_changes,
)
from handover.model.message import msg
from handover.templating.fonts import check_fonts
from handover.templating.report import Report
from handover.templating.stories import Document, Story

PLACEHOLDERS: Final = frozenset({"logo", "signature"})
"""Names of drawings that stand for a picture of the project's (docs/rules.md, picture.alt)."""

_DECORATIVE: Final = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"


def check_text(document: Document, report: Report) -> None:
    """Report what stands in the stories, in reading order, then the document's language and fonts."""
    for story in document.stories:
        for rule, element, message in _faults(story, document.styles):
            if (paragraph := story.paragraph_of(element)) is not None:
                report.at(rule, paragraph, message)
            else:
                report.whole(rule, message, place=msg("in its {name}", name=story.name) if story.name else "")
    for name, kind in document.kinds.items():
        root = document.root(name) if kind in {"styles", "numbering"} else None
        if root is not None and next(tracked_changes(root), None) is not None:
            report.whole("word.tracked-changes", msg("has a tracked change"), place=msg("in its {kind}", kind=kind))
    if not document.styles.default_language():
        report.whole("word.language", msg("doesn't say its language"))
    check_fonts(document, report)


def _faults(story: Story, styles: Styles) -> Iterator[tuple[str, etree._Element, str]]:
    """What is wrong in a story: the rule, the element where it stands, and in words."""
    for element in story.root.iter(etree.Element):
        namespace, _, name = str(element.tag)[1:].partition("}")
        if element.tag in TRACKED:
            yield "word.tracked-changes", element, msg("has a tracked change")
        elif namespace == W and name in OBJECTS:
            rule, message = OBJECTS[name]
            yield f"word.{rule}", element, message
        elif namespace == WP and name == "docPr" and _is_mute(element):
            shown = element.get("name", "")
            yield "picture.alt", element, msg("the picture “{element}” has no alternative text", element=shown)
    for element, how in hidden_text(story.root, styles):
        yield "word.hidden-text", element, msg("has {how}", how=how)
    for element, target in references(story.root):
        yield "word.external", element, msg("refers to something outside the document: {target}", target=target)
    for element, instruction in instructions(story.root):
        if not is_safe_field(instruction) and "{" not in (name := field_name(instruction)):
            yield "word.field", element, _of_field(name)


def _is_mute(element: etree._Element) -> bool:
    """Whether a picture (its `docPr`) says nothing to those who don't see it, and isn't marked as decorative."""
    texts = [element.get(name, "").strip() for name in ("descr", "title")]
    named = {text.casefold() for text in (*texts, element.get("name", "").strip())}
    holder = element.getparent()
    if holder is not None and next(holder.iter(w("txbxContent")), None) is not None:
        return False  # a text box reads itself
    decorative = element.find(f".//{_DECORATIVE}")
    return not any(texts) and not named & PLACEHOLDERS and (decorative is None or decorative.get("val") == "0")


def _of_field(name: str) -> str:
    if name.upper() == "HYPERLINK":
        return msg("has a link that leads where none may, or says more than its address (a tip that nobody sees)")
    return msg("has the field {name}, which isn't a page number, a reference or a link", name=name or "(empty)")
