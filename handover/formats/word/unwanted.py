"""What the text of a Word document of ours may not hold: hidden text, tracked changes, objects, fields that act.

Role: the one place that knows what is refused. The check of a template names every such place (`handover.templating`),
making of a document stops at the first (`contents`): both ask here, so that what one refuses the other does too. It
changes nothing.
"""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from handover.formats.word.hidden import hidden_text as hidden_text
from handover.formats.word.ooxml import W, w
from handover.formats.word.styles import Styles
from handover.model.message import msg

SAFE_LINK: Final = re.compile(r"(https?://|mailto:|tel:)[^\s]+", re.IGNORECASE)
"""Where a link may lead: a web page, an e-mail address, a phone number."""

_VALUE: Final = re.compile(r"(\{|%7b){2}((?!(\{|%7b){2}).)*?(\}|%7d){2}", re.IGNORECASE)
"""A place for a value in a template's link, as people type it and as Word stores it."""

TRACKED: Final = frozenset(
    w(name)
    for name in (
        "ins", "del", "moveFrom", "moveTo", "moveFromRangeStart", "moveToRangeStart", "cellIns", "cellDel",
        "cellMerge", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange", "tblGridChange",
        "trPrChange", "tcPrChange", "numberingChange", "customXmlInsRangeStart", "customXmlDelRangeStart",
        "customXmlMoveFromRangeStart", "customXmlMoveToRangeStart",
    )
)  # fmt: skip
"""Revisions: ECMA-376 Part 1, 17.13.5."""

OBJECTS: Final = {
    "object": ("embedded-object", msg("holds an embedded object")),
    "control": ("activex", msg("holds an ActiveX control")),
    "altChunk": ("inserted-document", msg("holds another document that Word would insert (altChunk)")),
    "subDoc": ("inserted-document", msg("refers to a subdocument")),
}
"""Elements that are refused (ECMA-376 Part 1, 17.3.3.19, 17.3.3.3, 17.17.2, 17.17.2.1): by which rule, without its
family, and what to say."""

_FIELDS: Final = frozenset(
    {"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "PAGEREF", "REF", "TOC", "SEQ", "STYLEREF", "NOTEREF", "FORMTEXT"}
)
_CHANGING: Final = frozenset({"REF", "STYLEREF", "NOTEREF", "SEQ", "TOC"})
"""Fields that print texts of other places, as they are when somebody's program renews them."""
_LONGEST_FIELD: Final = 200
_COUNTS: Final = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "FORMTEXT", "TOC"})
"""Fields without an argument of their own."""
_ARGUMENTS: Final = re.compile(
    r'((?P<name>"[^"\\]{0,60}"|[^\s"\\]{1,60})(\s+|\Z))?'
    r'(\\(\*\s*[A-Za-z]{1,12}|#\s*"?[0#x.,+\- ]{1,20}"?|[a-z](\s+("[^"\\]{0,80}"|[^\s"\\]{1,30}))?)(\s+|\Z))*',
    re.IGNORECASE,
)
"""What a field may say besides its name (17.16.2): a bookmark or a style, switches with a word each. Longer texts, a
number's "form" in words among them, are read by nobody, or printed instead of the number."""
_LINK_FIELD: Final = re.compile(
    r'("(?P<address>[^"\s]+)"\s*)?(\\l\s+("[^"]*"|[^\s"\\]+)\s*)?'
    r"(\\[nth]\s*|\\o\s+\"\"\s*|\\\*\s+MERGEFORMAT\s*)*",
    re.IGNORECASE,
)
"""HYPERLINK's arguments (17.16.5.25): an address, a bookmark, where to open. A tip is text that nobody sees,
unless it's empty."""


def leads_safely(address: str) -> bool:
    """Whether a link leads where one may; an address that is all a value's is judged once it is filled in."""
    return bool(_VALUE.fullmatch(address) or SAFE_LINK.fullmatch(_VALUE.sub("x", address)))


def tracked_changes(root: etree._Element) -> Iterator[etree._Element]:
    """Every mark of a tracked change."""
    yield from (element for element in root.iter(etree.Element) if element.tag in TRACKED)


def faults(
    root: etree._Element, styles: Styles, *, signed: bool = False
) -> Iterator[tuple[str, etree._Element, str, str]]:
    """All of these in a part: the rule without its family, the element where it stands, what to say, what to do.

    With `signed`, also what may not be in a letter that is signed, since it would say something else one day.
    """
    for element in root.iter(etree.Element):
        namespace, _, name = str(element.tag)[1:].partition("}")
        if element.tag in TRACKED:
            yield "tracked-changes", element, msg("has a tracked change"), msg("accept or reject it in Word (Review)")
        elif namespace == W and name in OBJECTS:
            yield OBJECTS[name][0], element, OBJECTS[name][1], msg("delete it")
    for element, how in hidden_text(root, styles):
        yield "hidden-text", element, msg("has {how}", how=how), SHOW
    for element, target in references(root):
        said = msg("refers to something outside the document: {target}", target=target)
        yield "external", element, said, msg("embed the picture")
    for element, instruction in instructions(root):
        name = field_name(instruction)
        if not is_safe_field(instruction):
            yield "field", element, _of_field(name), msg("delete it")
        elif signed and name.upper() in _CHANGING:
            said = msg("has the field {name}, whose text can be another after signing", name=name)
            yield "field", element, said, msg("type what it prints (in Word: Ctrl+Shift+F9 turns it into text)")


SHOW: Final = msg("show it in Word (Home, ¶, and Ctrl+A with a plain style), then delete it or make it readable")


def _of_field(name: str) -> str:
    if name.upper() in _FIELDS:
        return msg("has the field {name} with more than a reference and its form: nobody reads that", name=name)
    if name.upper() == "HYPERLINK":
        return msg("has a link that leads where none may, or says more than its address (a tip that nobody sees)")
    return msg("has the field {name}, which isn't a page number, a reference or a link", name=name or "(empty)")


def references(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Addresses outside the document that stand in VML's own attributes, not in a relationship, and may not be there.

    ECMA-376 Part 4, 19.1.2: a shape's `href` is a link; `src` and Office's `href` say where a picture comes from.
    """
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            local, target = etree.QName(str(name)).localname, str(value).strip()
            leads = local == "src" or (local == "href" and not target.startswith("#"))
            if leads and target and not (name == "href" and SAFE_LINK.fullmatch(target)):
                yield element, target


def instructions(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """The instructions of all fields with where they begin; one may be spread over runs (ECMA-376 Part 1, 17.16.18)."""
    for simple in root.iter(w("fldSimple")):
        yield simple, simple.get(w("instr"), "")
    opened: list[tuple[etree._Element, list[str]]] = []
    for element in root.iter(w("fldChar"), w("instrText")):
        if element.tag == w("instrText"):
            if opened:
                opened[-1][1].append(element.text or "")
            continue
        state = element.get(w("fldCharType"))
        if state == "begin":
            opened.append((element, []))
        elif state in {"separate", "end"} and opened:
            start, parts = opened[-1]
            if parts:
                yield start, "".join(parts)
                parts.clear()
            if state == "end":
                opened.pop()


def field_name(instruction: str) -> str:
    """The name of a field: the first word of its instruction."""
    return instruction.strip().partition(" ")[0]


def is_safe_field(instruction: str) -> bool:
    """Whether a field is a page number, a reference inside the document, a link or an empty form's text.

    ECMA-376 Part 1, 17.16.5. A link may lead where any other may, or to a bookmark.
    """
    name, _, rest = instruction.strip().partition(" ")
    if name.upper() != "HYPERLINK":
        said = _ARGUMENTS.fullmatch(rest.strip()) if len(rest) <= _LONGEST_FIELD else None
        return name.upper() in _FIELDS and said is not None and not (said["name"] and name.upper() in _COUNTS)
    found = _LINK_FIELD.fullmatch(rest.strip())
    return found is not None and (found["address"] is None or bool(SAFE_LINK.fullmatch(found["address"])))
