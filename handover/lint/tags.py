"""Finding the tags in a paragraph's text, however Word has cut it into runs.

Role: `scan` gives every `{{ … }}`, `{% … %}` and `{# … #}` of a paragraph and reports what isn't a whole tag: unclosed,
nested, interrupted by something that the renderer would drop. What tags mean together is `structure`'s business.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from handover.lint.document import OBJECT, Paragraph
from handover.lint.report import Report

LEVELS: Final = ("tr", "tc", "p", "r")
"""What a statement may take away with itself: its row, cell, paragraph or run."""

_CLOSERS: Final = {"{{": "}}", "{%": "%}", "{#": "#}"}
_OPENERS: Final = re.compile(r"\{\{|\{%|\{#")
_EDGES: Final = re.compile(r"\{\{|\{%|\{#|\}\}|%\}")
_LEVEL: Final = re.compile(r"(tr|tc|p|r) ")
_QUOTES: Final = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
_SHOWN: Final = 200
"""Characters of a tag that a message quotes."""

_MOST_BROKEN: Final = 20
"""Broken tags that are reported in one paragraph."""

_ODD_BRACES: Final = re.compile(
    r"\{ +\{[^{}]*\} *\}|\{ +%[^{}]*%? *\}|(?<!\{)\{[ \u00a0]?([A-Za-z_][A-Za-z0-9_.]*)[ \u00a0]?\}(?!\})"
    r"|<<\s?([A-Za-z_][A-Za-z0-9_.]*)\s?>>|\[\[\s?([A-Za-z_][A-Za-z0-9_.]*)\s?\]\]"
)


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag of a paragraph."""

    paragraph: Paragraph
    start: int
    end: int
    source: str
    """As it stands in the document."""
    level: str
    """`p`, `tr`, `tc`, `r`, or empty."""
    keyword: str
    """`if`, `for` …; `print` for a value, `comment` for a comment."""
    body: str
    """What follows the keyword, with straight quotes."""

    @property
    def order(self) -> tuple[int, int]:
        """Its place in the part, in XML order."""
        return self.paragraph.piece_at(self.start).order, self.start

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands in its paragraph's text."""
        return self.start, self.end

    def __str__(self) -> str:
        shown = " ".join(self.source[:_SHOWN].replace(OBJECT, " ").split())
        return shown if len(self.source) <= _SHOWN else f"{shown} …"


def scan(paragraph: Paragraph, report: Report, names: frozenset[str] = frozenset()) -> list[Tag]:
    """The whole tags of a paragraph; `names` are the variables that exist, to tell `{client}` from other text."""
    text, found, at, broken = paragraph.text, [], 0, 0
    if "{" in text or "}" in text or "<<" in text or "[[" in text:
        while broken < _MOST_BROKEN and (edge := _EDGES.search(text, at)):
            if edge[0] not in _CLOSERS:
                _stray(paragraph, edge, report)
                at, broken = edge.end(), broken + 1
                continue
            at, tag = _one(paragraph, edge, report)
            broken += tag is None
            if tag is not None:
                found.append(tag)
        _odd_braces(paragraph, found, report, names)
    return found


def masked(paragraph: Paragraph, tags: list[Tag]) -> str:
    """The paragraph's text with each tag as one word of the same length that no rule for words will meet."""
    pieces, at = [], 0
    for tag in tags:
        pieces += [paragraph.text[at : tag.start], "{", "\ue000" * (tag.end - tag.start - 2), "}"]
        at = tag.end
    return "".join([*pieces, paragraph.text[at:]])


def _one(paragraph: Paragraph, edge: re.Match[str], report: Report) -> tuple[int, Tag | None]:
    """The tag that begins at `edge`, and where to go on."""
    text, start = paragraph.text, edge.start()
    closer = _CLOSERS[edge[0]]
    end = text.find(closer, edge.end())
    inner = _OPENERS.search(text, edge.end())
    if edge[0] != "{#" and inner and (end < 0 or inner.start() < end):
        return _broken(paragraph, edge, inner, report)
    if end < 0:
        shown = " ".join(text[start : start + 40].replace(OBJECT, " ").split())
        message = f"“{shown}” isn't closed with {closer} in this paragraph"
        report.at("tag.unclosed", paragraph, message, span=(start, min(len(text), start + 40)))
        return _past_wrong_end(text, edge.end(), len(text)), None
    tag = _tag(paragraph, start, end + 2)
    _check_whole(tag, report)
    return end + 2, tag


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
        report.at("tag.nested", paragraph, f"“{shown}” has a tag inside a tag",
                  "write the variable inside it without braces", span)  # fmt: skip
        return span[1], None
    shown = " ".join(text[edge.start() : inner.start()].split())
    message = f"“{shown}” isn't closed with {_CLOSERS[edge[0]]} before the next tag begins"
    report.at("tag.unclosed", paragraph, message, span=(edge.start(), inner.start()))
    return inner.start(), None


def _past_wrong_end(text: str, start: int, stop: int) -> int:
    """Where to go on after a tag that has no end of its own kind: past an end of another kind."""
    wrong = _EDGES.search(text, start, stop)
    return wrong.end() if wrong and wrong[0] not in _CLOSERS else start


def _stray(paragraph: Paragraph, edge: re.Match[str], report: Report) -> None:
    opener = "{{" if edge[0] == "}}" else "{%"
    report.at("tag.stray-end", paragraph, f"“{edge[0]}” ends a tag that doesn't begin with {opener}", span=edge.span())


def _tag(paragraph: Paragraph, start: int, end: int) -> Tag:
    source = paragraph.text[start:end]
    # What stands between the runs of a tag is dropped when it is filled in.
    kept = [p.text[max(start - p.start, 0) : end - p.start] for p in paragraph.between(start, end) if p.is_text]
    inside = "".join(kept)[2:-2].translate(_QUOTES)
    level = ""
    if found := _LEVEL.match(inside):
        level, inside = found[1], inside[found.end() :]
    if source.startswith("{#"):
        return Tag(paragraph, start, end, source, level, "comment", inside)
    if source.startswith("{{"):
        return Tag(paragraph, start, end, source, level, "print", inside)
    keyword, _, body = inside.strip("-+").strip().replace("\u00a0", " ").partition(" ")
    return Tag(paragraph, start, end, source, level, keyword, body)


def _check_whole(tag: Tag, report: Report) -> None:
    """Runs may cut a tag anywhere; what stands between them would be dropped or damage the document."""
    pieces = tag.paragraph.between(tag.start, tag.end)
    other = next((piece for piece in pieces if not piece.is_text), None)
    names = {"\t": "a tab", "\n": "a line break"}
    if other is not None:
        report.at(
            "tag.split",
            tag.paragraph,
            f"“{tag}” is interrupted by {names.get(other.text, 'a picture, a field or a special character')}",
            "delete the tag and type it in one go",
            tag.span,
        )
    elif len({piece.holder for piece in pieces}) > 1:
        message = f"“{tag}” is partly inside a link or content control"
        report.at("tag.split", tag.paragraph, message, "delete the tag and type it in one go", tag.span)


def _odd_braces(paragraph: Paragraph, tags: list[Tag], report: Report, names: frozenset[str]) -> None:
    for odd in _ODD_BRACES.finditer(masked(paragraph, tags)):
        name = next((group for group in odd.groups() if group), "")
        if name and name.partition(".")[0] not in names:
            continue
        meant = f"write {{{{ {name} }}}}" if name else "write both braces without a space between them"
        report.at("tag.single-brace", paragraph, f"“{odd[0]}” is printed as it stands", meant, odd.span())


def raw_tags(text: str) -> Iterator[str]:
    """The tags, and their lonely edges, in text that isn't a paragraph's: an attribute, a field's instruction."""
    for found in re.finditer(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|[{%}#]\}|\{[{%#]", text, re.DOTALL):
        yield " ".join(found[0].split())
