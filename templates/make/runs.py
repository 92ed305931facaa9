"""The runs of a text: its tags put back, its Markdown as character styles, pictures, links, fields and controls.

Role: what stands inside one paragraph, and the check that a style is one of ours. Our own words get the language's
spacing (French); tags are left alone.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from markdown_it.token import Token

import house
from handover.formats.package.opc import HYPERLINK
from handover.languages.registry import typography_of
from handover.languages.typesetting import spaced
from handover.model.did_you_mean import nearest
from pictures import placeholder
from source import MARKS, Mark, Source

Element = Any
"""An element of a Word document (python-docx's own classes, which have no types)."""

TAB = "⇥"
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_TICK = (
    '<w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="Segoe UI Symbol"/>'
    '<w14:uncheckedState w14:val="2610" w14:font="Segoe UI Symbol"/></w14:checkbox>'
)
_ROOM = "\u2002" * 12
"""What stands in a field to write into: room alone, since the rule below its row is the line to write on."""


def el(tag: str, *children: Element, **attributes: object) -> Element:
    """An element of WordprocessingML with its attributes and children."""
    element: Element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    element.extend(children)
    return element


def near(name: str, known: Iterable[str]) -> str:
    """What a person may have meant instead, for the end of a message."""
    found = nearest(name, known)
    return f"; did you mean {found!r}?" if found else ""


class Inline:
    """Writes what stands inside paragraphs."""

    def __init__(self, source: Source, part: Any) -> None:
        self.source = source
        self.part = part
        """The part that is being written: pictures and links are related to it."""
        self.line = 1
        self.used: set[str] = set()
        self.pictures = 0

    def fail(self, message: str) -> NoReturn:
        """Raise SourceError for the line that is being written."""
        self.source.fail(self.line, message)

    def style(
        self, attributes: Mapping[str, object], default: str, allowed: Sequence[str] = (), kind: str = "paragraph"
    ) -> str:
        """The style that attributes name, or the default. Raises SourceError for what we don't have."""
        for name in attributes:
            if name not in {"class", *allowed}:
                self.fail(f"there is no attribute {name!r} here{near(name, ('class', *allowed))}")
        chosen = str(attributes.get("class", default))
        if chosen not in house.STYLES:
            self.fail(f"there is no style {chosen!r}{near(chosen, house.STYLES)}")
        if house.STYLES[chosen].kind != kind:
            self.fail(f"{chosen!r} is a {house.STYLES[chosen].kind} style, and this asks for a {kind} style")
        self.used.add(chosen)
        return chosen

    def is_a(self, character: str, kind: str) -> bool:
        """Whether a character stands for a tag of that kind."""
        mark = self.source.marks.get(character)
        return mark is not None and mark.kind == kind

    def spaced(self, text: str) -> str:
        """Our own words spaced as the language asks, tags put back."""
        # A tag counts as a word while spacing is decided, or `{{ x }} :` would lose its no-break space.
        typography = typography_of(self.source.settings.language)
        text = re.sub(f"({MARKS})}}", r"\1", spaced(re.sub(MARKS, r"\g<0>}", text), typography))
        return "".join(self._said(character) for character in text)

    def runs(self, content: str) -> list[Element]:
        """The runs of a text, in the character styles that its Markdown asks for."""
        made: list[list[Element]] = [[]]
        styles, targets, text = [""], [""], ""
        for token in self.source.inline(content):
            if token.type in {"text", "softbreak", "hardbreak"}:
                # A statement at the end of a line holds what stands before the next one: no space of its own.
                ended = token.type == "softbreak" and self.is_a(text[-1:], "statement")
                text += {"softbreak": "" if ended else " ", "hardbreak": "\n"}.get(token.type, token.content)
                continue
            made[-1] += self._plain(text, styles[-1])
            text = ""
            if token.type == "image":
                made[-1].append(self._image(token))
            elif token.nesting > 0:
                styles.append(self._character_style(token, styles[-1]))
                if token.type == "link_open":
                    targets.append(self.spaced(str(token.attrs["href"])))
                    made.append([])
            else:
                styles.pop()
                if token.type == "link_close":
                    linked = made.pop()
                    made[-1].append(self._link(targets.pop(), linked))
        return [*made[0], *self._plain(text, styles[-1])]

    def _character_style(self, token: Token, outer: str) -> str:
        default = {"strong_open": "Strong", "em_open": "Emphasis", "link_open": "Hyperlink"}.get(token.type, outer)
        attributes = {key: value for key, value in token.attrs.items() if key not in {"href", "title"}}
        return self.style(attributes, default or "DefaultParagraphFont", kind="character")

    def _plain(self, text: str, style: str) -> list[Element]:
        """Text in one character style."""
        if found := re.search(r"[{}|]", text):
            self.fail(f"a stray “{found[0]}”: a tag, a choice or attributes, broken off or not where they belong")
        pieces = re.split(f"({MARKS})", self.spaced(re.sub(f" *{TAB} *", "\t", text)))
        return [
            self._special(self.source.marks[piece], style) if piece in self.source.marks else _run(piece, style)
            for piece in pieces
            if piece
        ]

    def _said(self, character: str) -> str:
        """A tag as it is written in Word; a character that isn't one, or that isn't text in Word, stays."""
        mark = self.source.marks.get(character)
        if mark is None or mark.kind not in {"statement", "print"}:
            return character
        return mark.text if mark.kind == "print" else f"{{% {mark.text} %}}"

    def _special(self, mark: Mark, style: str) -> Element:
        """A field that Word keeps up to date (`PAGE`), or a control to tick or to write into."""
        if mark.kind == "page":
            return el("fldSimple", _run("1", style), instr=f" {mark.text} ")
        self.used.add(name := "HandoverTick" if mark.kind == "tick" else "HandoverBlank")
        properties = el("sdtPr", *([el("tag", val=mark.text)] if mark.text else []))
        if mark.kind == "tick":
            properties.append(parse_xml(_TICK.replace("<w14:checkbox>", f'<w14:checkbox xmlns:w14="{_W14}">')))
        else:
            properties.extend([el("showingPlcHdr"), el("text")])
        return el("sdt", properties, el("sdtContent", _run("☐" if mark.kind == "tick" else _ROOM, name)))

    def _image(self, token: Token) -> Element:
        """A placeholder: `![what it shows](name){width=46 height=15}`, in mm."""
        attributes = {key: value for key, value in token.attrs.items() if key not in {"src", "alt"}}
        for name in attributes.keys() - {"width", "height"}:
            self.fail(f"a picture has no attribute {name!r}")
        try:
            width, height = float(str(attributes["width"])), float(str(attributes["height"]))
        except (KeyError, ValueError):
            self.fail("a picture has {width=… height=…}, in mm")
        self.pictures += 1
        name, said = str(token.attrs["src"]), self.spaced(token.content)
        run = el("r")
        run.add_drawing(placeholder(self.part, self.pictures, name, width, height, said))
        return run

    def _link(self, target: str, linked: list[Element]) -> Element:
        link = el("hyperlink", *linked)
        link.set(qn("r:id"), self.part.relate_to(target, HYPERLINK, is_external=True))
        return link


def _run(text: str, style: str) -> Element:
    run = el("r")
    if style:
        run.style = style
    run.text = text
    return run
