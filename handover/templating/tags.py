"""Finding the tags in a paragraph's text, however Word has cut it into runs.

Role: `scan` gives every `{{ … }}` and `{% … %}` of a paragraph with what it says, and reports what isn't a whole tag:
unclosed, nested, interrupted, or typed as another engine's. What tags mean together is `structure`'s business.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from handover.model.message import msg
from handover.templating.grammar import KEYWORDS, Print, Refused, Statement, Unread, printed, stated, tidy
from handover.templating.report import Report
from handover.templating.stories import OBJECT, Paragraph

LEVELS: Final = {"p": msg("paragraph"), "tr": msg("row"), "tc": msg("cell")}
"""What a statement may take away with itself."""

_CLOSERS: Final = {"{{": "}}", "{%": "%}", "{#": "#}"}
_OPENERS: Final = re.compile(r"\{\{|\{%|\{#")
_EDGES: Final = re.compile(r"\{\{|\{%|\{#|\}\}|%\}")
_LEVEL: Final = re.compile(r"(tr|tc|p) (.*)", re.DOTALL)
_WHOLE: Final = re.compile(
    r"\{\{(?:(?!\{\{|\}\}).)*\}\}|\{%(?:(?!\{%|%\}).)*%\}|\{#(?:(?!\{#|#\}).)*#\}|[{%}#]\}|\{[{%#]", re.DOTALL
)
"""A tag, or an edge of one. It stops at the next beginning: nothing is read twice."""

_PRINT: Final = re.compile(r"\{\{((?:(?!\{\{|\}\}).)*)\}\}", re.DOTALL)
_ENCODED: Final = re.compile(r"%7b(?:%7b|%25)(?:(?!%7b(?:%7b|%25)).)*?(?:%7d|%25)%7d", re.IGNORECASE)
_SHOWN: Final = 200
"""Characters of a tag that a message quotes."""

_MOST_BROKEN: Final = 20
"""Broken tags that are reported in one paragraph."""

_NAME: Final = r"[^\W\d][\w.]*"
_SECTION: Final = re.compile(
    r"(?<!\{)\{(?P<sign>[#^@>])\s?(?P<section>[^\W\d][^{}\n]{0,80})(?<!#)\}(?!\})"
    r"|(?<!\{)\{%(?P<image>[^\W\d]\w{0,80})\}(?!\})"
)
"""What docxtemplater and easy-template-x begin as our notes and statements begin."""

_ODD_BRACES: Final = re.compile(
    rf"\{{ +\{{[^{{}}]*\}} *\}}|\{{ +%[^{{}}]*\}}"
    rf"|(?<!\{{)\{{[dct]\.(?P<data>{_NAME})(?P<more>[^{{}}\n]{{0,80}})\}}(?!\}})"
    rf"|(?<!\{{)\{{[ \u00a0]?(?P<single>{_NAME})[ \u00a0]?\}}(?!\}})|{_SECTION.pattern}"
    rf"|(?<!\{{)\{{(?P<end>/)[^{{}}\n]{{0,80}}\}}(?!\}})"
    rf"|<<\s?(?P<angles>{_NAME})\s?>>|\[\[\s?(?P<squares>{_NAME})\s?\]\]|\$\{{(?P<dollar>{_NAME})\}}"
    rf"|<%=?[^%]{{0,60}}%>"
    rf"|\+\+\+\s*(?:(?P<command>FOR|IF|END-IF|END-FOR|IMAGE|HTML|LINK|QUERY|ALIAS|EXEC)\b)?\s*"
    rf"(?:INS\s|=)?\s*\$?(?P<plus>{_NAME})?[^+\n]{{0,80}}\+\+\+"
)
"""Other engines' tags (docxtemplater, easy-template-x, carbone, docx-templates, mail merge), and ours with a space
between the braces."""

_SAME_NAMES: Final = ("single", "angles", "squares", "dollar")
"""Signs that stand in other texts too: a tag only where the name is a value's."""


@dataclass(slots=True, eq=False)
class Tag:
    """One tag of a story."""

    paragraph: Paragraph
    start: int
    end: int
    source: str
    """As it stands in the document."""
    level: str = ""
    """`p`, `tr`, `tc`, or empty."""
    statement: Statement | None = None
    """What it says; None where that can't be read."""
    order: tuple[int, int] = (0, 0)
    """Its place in the part, in XML order."""

    @property
    def keyword(self) -> str:
        """`print`, `if`, `elif`, `else`, `endif`, `for` or `endfor`; empty where it can't be read."""
        return self.statement.keyword if self.statement else ""

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands in its paragraph's text."""
        return self.start, self.end

    def fault(self, report: Report, rule: str, message: str, hint: str = "") -> None:
        """Note what is wrong with it; of one outside the running text, at its paragraph."""
        report.at(rule, self.paragraph, message, hint, self.span if self.end else None)

    def __str__(self) -> str:
        shown = " ".join(self.source[:_SHOWN].replace(OBJECT, " ").split())
        return shown if len(self.source) <= _SHOWN else f"{shown} …"


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """A text outside the running text that prints values: a link's address, an alternative text."""

    parts: tuple[str | Tag, ...]

    @property
    def tags(self) -> tuple[Tag, ...]:
        """Those among its parts."""
        return tuple(part for part in self.parts if isinstance(part, Tag))


def scan(paragraph: Paragraph, report: Report, names: frozenset[str] = frozenset()) -> list[Tag]:
    """The whole tags of a paragraph; `names` are the values that exist, to tell `{client}` from other text."""
    text, found, at, broken = paragraph.text, [], 0, 0
    if _any_sign(text):
        while broken < _MOST_BROKEN and (edge := _EDGES.search(text, at)):
            if edge[0] != "{{" and (other := _SECTION.match(text, edge.start())):
                at = other.end()
                continue
            if edge[0] not in _CLOSERS:
                opener = "{{" if edge[0] == "}}" else "{%"
                message = msg("“{edge}” ends a tag that doesn't begin with {opener}", edge=edge[0], opener=opener)
                report.at("tag.stray-end", paragraph, message, span=edge.span())
                at, broken = edge.end(), broken + 1
                continue
            at, tag = _one(paragraph, edge, report)
            broken += tag is None
            if tag is not None:
                found.append(tag)
        _odd_braces(paragraph, found, report, names)
    return found


def _any_sign(text: str, braces: int = 0) -> bool:
    """Whether a text holds a sign of tags: more than so many braces, or what other engines write."""
    if text.count("{") + text.count("}") > braces:
        return True
    return "<<" in text or "[[" in text or "<%" in text or "+++" in text


def masked(paragraph: Paragraph, tags: list[Tag]) -> str:
    """The paragraph's text with each tag as one word of the same length that no rule for words will meet."""
    if not tags:
        return paragraph.text
    pieces, at = [], 0
    for tag in tags:
        pieces += [paragraph.text[at : tag.start], "{", "\ue000" * (tag.end - tag.start - 2), "}"]
        at = tag.end
    return "".join([*pieces, paragraph.text[at:]])


def filled(text: str, paragraph: Paragraph, order: tuple[int, int], report: Report) -> Filled | None:
    """A text that prints values, taken apart; None where it prints none. Tags that don't print are reported.

    Word writes a link's braces and spaces as %7B, %7D and %20.
    """
    plain = _ENCODED.sub(lambda found: unquote(found[0]), text)
    if not _WHOLE.search(plain):
        return None
    parts: list[str | Tag] = []
    at = 0
    for match in _PRINT.finditer(plain):
        parts += [plain[at : match.start()], _inner(match, paragraph, order, report)]
        at = match.end()
    parts.append(plain[at:])
    for left in parts:
        if isinstance(left, str) and (odd := _WHOLE.search(left)):
            report.at("tag.not-filled", paragraph, msg("“{odd}” stands in a link or an alternative text", odd=odd[0]),
                      msg("only {{{{ … }}}} is filled in there"))  # fmt: skip
    return Filled(tuple(part for part in parts if part != ""))


def _inner(match: re.Match[str], paragraph: Paragraph, order: tuple[int, int], report: Report) -> Tag:
    statement: Print | None = None
    try:
        statement = printed(match[1])
    except Refused as refusal:
        report.at(
            refusal.rule, paragraph, msg("“{match}” {message}", match=match[0], message=refusal.message), refusal.hint
        )
    return Tag(paragraph, 0, 0, match[0], "", statement, order)


def _one(paragraph: Paragraph, edge: re.Match[str], report: Report) -> tuple[int, Tag | None]:
    """The tag that begins at `edge`, and where to go on."""
    text, start = paragraph.text, edge.start()
    closer = _CLOSERS[edge[0]]
    end = text.find(closer, edge.end())
    inner = _OPENERS.search(text, edge.end())
    if inner and (end < 0 or inner.start() < end):
        return _broken(paragraph, edge, inner, report)
    if end < 0:
        shown = " ".join(text[start : start + 40].replace(OBJECT, " ").split())
        message = msg("“{shown}” isn't closed with {closer} in this paragraph", shown=shown, closer=closer)
        report.at("tag.unclosed", paragraph, message, span=(start, min(len(text), start + 40)))
        wrong = _EDGES.search(text, edge.end())  # an end of another kind is passed over with it
        return wrong.end() if wrong and wrong[0] not in _CLOSERS else edge.end(), None
    return end + 2, _read(paragraph, start, end + 2, report)


def _broken(paragraph: Paragraph, edge: re.Match[str], inner: re.Match[str], report: Report) -> tuple[int, None]:
    """Two beginnings before an end: nested when there are two ends as well, else the first has none."""
    text = paragraph.text
    closer = _CLOSERS[inner[0]]
    inner_end = text.find(closer, inner.end())
    outer_end = text.find(_CLOSERS[edge[0]], inner_end + 2) if inner_end >= 0 else -1
    following = _OPENERS.search(text, inner_end + 2) if inner_end >= 0 else None
    if outer_end >= 0 and (following is None or outer_end < following.start()):
        span = (edge.start(), outer_end + 2)
        shown = " ".join(text[slice(*span)].split())
        report.at("tag.nested", paragraph, msg("“{shown}” has a tag inside a tag", shown=shown),
                  msg("write the variable inside it without braces"), span)  # fmt: skip
        return span[1], None
    shown = " ".join(text[edge.start() : inner.start()].split())
    message = msg(
        "“{shown}” isn't closed with {closers} before the next tag begins", shown=shown, closers=_CLOSERS[edge[0]]
    )
    report.at("tag.unclosed", paragraph, message, span=(edge.start(), inner.start()))
    return inner.start(), None


def _read(paragraph: Paragraph, start: int, end: int, report: Report) -> Tag:
    source = paragraph.text[start:end]
    order = paragraph.piece_at(start).order, start
    tag = Tag(paragraph, start, end, source, order=order)
    if not _is_whole(tag, report):
        return tag
    inside, level = tidy(source[2:-2]), ""
    statement: Statement | None = None
    try:
        if source.startswith("{#"):
            raise Refused(  # noqa: TRY301
                "tag.not-allowed", msg("is a note"), msg("delete it, or write a comment in Word: those are left out")
            )
        if source.startswith("{{"):
            statement = printed(inside)
        else:
            if found := _LEVEL.fullmatch(inside):
                level, inside = found[1], found[2]
            statement = stated(inside)
    except Refused as refusal:
        tag.fault(report, refusal.rule, msg("“{tag}” {message}", tag=tag, message=refusal.message), refusal.hint)
        word = re.match(r"[-+\s]*(?:r\s+)?([a-z]+)", inside.casefold()) if source.startswith("{%") else None
        if word and word[1] in KEYWORDS:
            statement = Unread(word[1])
    return Tag(paragraph, start, end, source, level, statement, order)


def _is_whole(tag: Tag, report: Report) -> bool:
    """Runs may cut a tag anywhere; what else stands between them would be lost."""
    if tag.paragraph.plain:
        return True
    pieces = tag.paragraph.between(tag.start, tag.end)
    other = next((piece for piece in pieces if not piece.is_text), None)
    names = {"\t": msg("a tab"), "\n": msg("a line break")}
    if other is not None:
        what = names.get(other.text, msg("a picture, a field or a special character"))
        message = msg("“{tag}” is interrupted by {what}", tag=tag, what=what)
    elif len({piece.holder for piece in pieces}) > 1 or not all(piece.in_run for piece in pieces):
        message = msg("“{tag}” is partly inside a link or content control", tag=tag)
    else:
        return True
    tag.fault(report, "tag.split", message, msg("delete the tag and type it in one go"))
    return False


def _odd_braces(paragraph: Paragraph, tags: list[Tag], report: Report, names: frozenset[str]) -> None:
    text = masked(paragraph, tags)
    # Each tag has left two braces.
    for odd in _ODD_BRACES.finditer(text) if _any_sign(text, 2 * len(tags)) else ():
        name = next((odd[group] for group in _SAME_NAMES if odd[group]), "")
        if not name or name.partition(".")[0] in names:
            shown = " ".join(paragraph.text[slice(*odd.span())].split())  # not the mask of a tag among it
            message = msg("“{shown}” is printed as it stands", shown=shown)
            report.at("tag.single-brace", paragraph, message, _meant(odd), odd.span())


def _meant(odd: re.Match[str]) -> str:
    """What to write for another engine's tag."""
    section = (odd["section"] or "").partition("[")[0].strip().replace(" ", "_")
    if odd["sign"] == "#":
        return msg("write {{% if {section} %}} or {{% for item in {section} %}}", section=section)
    if odd["sign"] == "^":
        return msg("write {{% if not {section} %}}", section=section)
    if odd["image"]:
        return msg("insert any picture in Word and write {odd} as its alternative text", odd=odd["image"])
    if odd["more"] and "[" in odd["more"]:
        return msg("write {{% for item in {odd} %}}", odd=odd["data"])
    command = (odd["command"] or ("END" if odd["end"] else "")).partition("-")[0]
    if command:
        return _COMMANDS.get(command, msg("leave it out: values come from the project, pictures and links are Word's"))
    name = next((odd[group] for group in (*_SAME_NAMES, "data", "plus") if odd[group]), section)
    return msg("write {{{{ {name} }}}}", name=name) if name else msg("write both braces without a space between them")


_COMMANDS: Final = {
    "FOR": msg("write {{% for item in list %}}"),
    "IF": msg("write {{% if … %}}"),
    "END": msg("write {{% endif %}} or {{% endfor %}}"),
}


def raw_tags(text: str) -> Iterator[str]:
    """The tags, and their lonely edges, in text where none is filled in: an attribute, a field's instruction."""
    for found in _WHOLE.finditer(text):
        yield " ".join(found[0].split())
