"""What hides in the text: fields that act, tracked changes, hidden text, objects; and what is missing from it.

Role: reports, paragraph by paragraph, what a document of ours may not hold or should have: safe fields, alternative
texts, a language, fonts that the client has. It reads no tag.
"""

from typing import Final

from lxml import etree

from handover.formats.word.ooxml import WP, W, w
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
        _Story(story, document, report).check()
    for name, kind in document.kinds.items():
        root = document.root(name) if kind in {"styles", "numbering"} else None
        if root is not None and next(tracked_changes(root), None) is not None:
            report.whole("word.tracked-changes", msg("has a tracked change"), place=msg("in its {kind}", kind=kind))
    if not document.styles.default_language():
        report.whole("word.language", msg("doesn't say its language"))
    check_fonts(document, report)


class _Story:
    """One part's elements, each with the paragraph it belongs to."""

    def __init__(self, story: Story, document: Document, report: Report) -> None:
        self.story = story
        self.document = document
        self.report = report

    def check(self) -> None:
        for element in self.story.root.iter(etree.Element):
            self._element(element)
        for element, how in hidden_text(self.story.root, self.document.styles):
            self._say("word.hidden-text", element, msg("has {how}", how=how))
        for element, target in references(self.story.root):
            self._say(
                "word.external", element, msg("refers to something outside the document: {target}", target=target)
            )
        for element, instruction in instructions(self.story.root):
            self._field(element, instruction)

    def _element(self, element: etree._Element) -> None:
        namespace, _, name = str(element.tag)[1:].partition("}")
        if namespace == W:
            if element.tag in TRACKED:
                self._say("word.tracked-changes", element, msg("has a tracked change"))
            elif name in OBJECTS:
                rule, message = OBJECTS[name]
                self._say(f"word.{rule}", element, message)
        elif namespace == WP and name == "docPr":
            self._alternative(element)

    def _alternative(self, element: etree._Element) -> None:
        texts = [element.get(name, "").strip() for name in ("descr", "title")]
        named = {text.casefold() for text in (*texts, element.get("name", "").strip())}
        holder = element.getparent()
        if holder is not None and next(holder.iter(w("txbxContent")), None) is not None:
            return  # a text box reads itself
        decorative = element.find(f".//{_DECORATIVE}")
        if not any(texts) and not named & PLACEHOLDERS and (decorative is None or decorative.get("val") == "0"):
            self._say(
                "picture.alt",
                element,
                msg("the picture “{element}” has no alternative text", element=element.get("name", "")),
            )

    def _field(self, element: etree._Element, instruction: str) -> None:
        name = field_name(instruction)
        if not is_safe_field(instruction) and "{" not in name:
            message = msg(
                "has the field {name}, which isn't a page number, a reference or a link", name=name or "(empty)"
            )
            if name.upper() == "HYPERLINK":
                message = msg(
                    "has a link that leads where none may, or says more than its address (a tip that nobody sees)"
                )
            self._say("word.field", element, message)

    def _say(self, rule: str, element: etree._Element, message: str) -> None:
        paragraph = self.story.paragraph_of(element)
        if paragraph is None:
            self.report.whole(
                rule, message, place=msg("in its {name}", name=self.story.name) if self.story.name else ""
            )
        else:
            self.report.at(rule, paragraph, message)
