"""What hides in the text: fields that act, tracked changes, hidden text, objects; and what is missing from it.

Role: reports, paragraph by paragraph, what a document of ours may not hold or should have: safe fields, alternative
texts, a language, fonts that the client has. It reads no tag but to say where one can't be filled.
"""

from typing import Final

from lxml import etree

from handover.lint.document import Document, Paragraph, Story
from handover.lint.fonts import check_fonts
from handover.lint.report import Report
from handover.lint.tags import raw_tags
from handover.office.docx_story import (
    TRACKED,
    field_name,
    hidden_text,
    instructions,
    is_safe_field,
    noncharacters,
    references,
)
from handover.office.tree import WP, W, w

PLACEHOLDERS: Final = frozenset({"logo", "signature"})
"""Names of drawings that stand for a picture of the project's (docs/rules.md, picture.alt)."""

_OBJECTS: Final = {
    "object": ("word.embedded-object", "holds an embedded object"),
    "control": ("word.activex", "holds an ActiveX control"),
    "altChunk": ("word.inserted-document", "holds another document that Word would insert (altChunk)"),
    "subDoc": ("word.inserted-document", "refers to a subdocument"),
}
_DECORATIVE: Final = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"


def check_text(document: Document, report: Report) -> None:
    """Report what stands in the stories, in reading order, then the document's language and fonts."""
    for story in document.stories:
        _Story(story, document, report).check()
    _check_unfilled(document, report)
    if not document.styles.default_language():
        report.whole("word.language", "doesn't say its language")
    check_fonts(document, report)


class _Story:
    """One part's elements, each with the paragraph it belongs to."""

    def __init__(self, story: Story, document: Document, report: Report) -> None:
        self.story = story
        self.document = document
        self.report = report
        self.paragraphs = {paragraph.element: paragraph for paragraph in story.paragraphs}

    def check(self) -> None:
        for element in self.story.root.iter(etree.Element):
            self._element(element)
        for element, how in hidden_text(self.story.root, self.document.styles):
            self._say("word.hidden-text", element, f"has {how}")
        for element, target in references(self.story.root):
            self._say("word.external", element, f"refers to something outside the document: {target}")
        for element, shown in noncharacters(self.story.root):
            self._say("word.character", element, f"has the character {shown}, which stands for nothing")
        for element, instruction in instructions(self.story.root):
            self._field(element, instruction)

    def _element(self, element: etree._Element) -> None:
        namespace, _, name = str(element.tag)[1:].partition("}")
        if namespace == W:
            if element.tag in TRACKED:
                self._say("word.tracked-changes", element, "has a tracked change")
            elif name in _OBJECTS:
                rule, message = _OBJECTS[name]
                self._say(rule, element, message)
        elif namespace == WP and name == "docPr":
            self._alternative(element)
        for attribute, value in element.attrib.items():
            if ("{" in str(value) or "}" in str(value)) and (tag := next(raw_tags(str(value)), "")):
                where = etree.QName(str(attribute)).localname
                self._say("tag.not-filled", element, f"“{tag}” stands in a property ({where}), not in the text")

    def _alternative(self, element: etree._Element) -> None:
        texts = [element.get(name, "").strip() for name in ("descr", "title")]
        named = {text.casefold() for text in (*texts, element.get("name", "").strip())}
        holder = element.getparent()
        if holder is not None and next(holder.iter(w("txbxContent")), None) is not None:
            return  # a text box reads itself
        decorative = element.find(f".//{_DECORATIVE}")
        if not any(texts) and not named & PLACEHOLDERS and (decorative is None or decorative.get("val") == "0"):
            self._say("picture.alt", element, f"the picture “{element.get('name', '')}” has no alternative text")

    def _field(self, element: etree._Element, instruction: str) -> None:
        for tag in raw_tags(instruction):
            self._say("tag.not-filled", element, f"“{tag}” stands in a field")
        name = field_name(instruction)
        if not is_safe_field(instruction) and "{" not in name:
            self._say(
                "word.field", element, f"has the field {name or '(empty)'}, which isn't a page number or a reference"
            )

    def _say(self, rule: str, element: etree._Element, message: str) -> None:
        paragraph = self._paragraph_of(element)
        if paragraph is None:
            self.report.whole(rule, message, place=f"in its {self.story.name}" if self.story.name else "")
        else:
            self.report.at(rule, paragraph, message)

    def _paragraph_of(self, element: etree._Element) -> Paragraph | None:
        for ancestor in (element, *element.iterancestors()):
            if ancestor in self.paragraphs:
                return self.paragraphs[ancestor]
        inner = next((p for p in element.iter(w("p")) if p in self.paragraphs), None)
        return None if inner is None else self.paragraphs[inner]


def _check_unfilled(document: Document, report: Report) -> None:
    """Tags in parts that rendering leaves alone."""
    for name, kind in document.kinds.items():
        root = document.root(name) if kind in {"chart", "diagramData"} else None
        text = "" if root is None else "".join(str(part) for part in root.itertext())
        for tag in raw_tags(text):
            report.whole("tag.not-filled", f"“{tag}” stands in a {kind.removesuffix('Data')}", place=f"in {name}")
