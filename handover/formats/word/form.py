"""A Word form that comes back: its boxes and fields by their tags, and its text.

Role: bytes → what was ticked and written (ECMA-376 Part 1, 17.5.2; [MS-DOCX] 2.6.1.5 for boxes), whichever program
saved it. It knows no form: which tags there should be is its caller's business.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from lxml import etree

from handover.formats.package.opc import parse_xml
from handover.formats.word.contents import DOCUMENT, read_template
from handover.formats.word.ooxml import W14, w
from handover.model.base import MAX_TEXT, unprintable
from handover.model.errors import DamagedFile
from handover.model.message import msg

MAX_BYTES: Final = 16 * 1024 * 1024
_DEEPEST: Final = 16
"""Controls in one another, and paragraphs: a group, a row that repeats, a field; each one's text is read."""
_TICKED: Final = frozenset("☒☑✓✔✗✘xX")
_ON: Final = frozenset({"1", "true", "on"})
_NOTHING: Final = " .…_"
"""What a field that nobody filled in may show: room, or a line to write on."""


class Form(NamedTuple):
    """What a form holds."""

    ticked: frozenset[str]
    """The tags of the boxes that are ticked."""
    written: dict[str, str]
    """Tag → what was written; nothing for a field that was left as it was."""
    tags: tuple[str, ...]
    """Every tag that is there, in its order."""
    text: str
    """The whole text, a line a paragraph."""


def read_form(content: bytes, place: str, order: Sequence[str] = ()) -> Form:
    """The form in a .docx. `order` has its tags as they were: LibreOffice 7.4 keeps controls and drops their tags, so
    that as many controls without any tag are taken in this order.

    Raises DamagedFile, naming `place`, for what isn't one, or is too large.
    """
    package = read_template(content, place)
    root = parse_xml(package.parts.get(DOCUMENT, b"<none/>"), place)
    for element in root.iter(w("sdt"), w("p")):
        if sum(1 for _ in element.iterancestors(element.tag)) > _DEEPEST:
            message = msg("{place}: holds fields or paragraphs {most} deep in one another", place=place, most=_DEEPEST)
            raise DamagedFile(message, hint=msg("give the form as it came back"))
    controls = list(root.iter(w("sdt")))
    told = (control.find(f"{w('sdtPr')}/{w('tag')}") for control in controls)
    names = ["" if tag is None else str(tag.get(w("val"), "")) for tag in told]
    if not any(names) and len(names) == len(order):
        names = list(order)
    ticked: set[str] = set()
    written: dict[str, str] = {}
    for name, control in zip(names, controls, strict=True):
        text = _text(control).strip()
        # A control that lost what it is: a box's mark stands alone, and whoever writes may be called Xavier.
        if control.find(f"{w('sdtPr')}/{W14}checkbox") is not None or text in {"☐", *_TICKED}:
            if _is_ticked(control, text):
                ticked.add(name)
        elif control.find(f"{w('sdtPr')}/{w('showingPlcHdr')}") is None and text.strip(_NOTHING):
            written[name] = _written(text, place)
    lines = (_text(paragraph) for paragraph in root.iter(w("p")))
    written.pop("", None)
    return Form(frozenset(ticked - {""}), written, tuple(filter(None, names)), "\n".join(lines))


def _written(text: str, place: str) -> str:
    """What stands in a field, as a table's cell can hold it. Raises DamagedFile where it's too long for one."""
    if len(text) > MAX_TEXT:
        message = msg("{place}: one field holds more than {most:,} characters", place=place, most=MAX_TEXT)
        raise DamagedFile(message, hint=msg("keep the whole text elsewhere, and shorten it in the form"))
    return "".join(" " if one == "\t" or unprintable(one) else one for one in text)


def _is_ticked(control: etree._Element, text: str) -> bool:
    state = control.find(f"{w('sdtPr')}/{W14}checkbox/{W14}checked")
    # What people see counts; the property alone where nothing is to be seen.
    if text[:1] == "☐" or text[:1] in _TICKED:
        return text[:1] in _TICKED
    return state is not None and state.get(f"{W14}val", "") in _ON


def _text(element: etree._Element) -> str:
    marks = {w("tab"): " ", w("br"): "\n", w("cr"): "\n"}
    return "".join(marks.get(str(node.tag)) or node.text or "" for node in element.iter(w("t"), *marks))
