"""A language's typography in a template's own words: what is missing, and how each character is mended.

Role: `edits_of` gives the changes that make a text right, tags left alone; `check_typography` reports them and `mended`
puts them into the paragraph's runs, which keep their formatting. The spacing rules are
`handover.languages.typesetting`'s, which also sets the values when they are printed.
"""

import re
from typing import Final, NamedTuple

from handover.languages.typesetting import spaced
from handover.languages.typography import NARROW_SPACE, NO_BREAK_SPACE, Typography
from handover.model.message import msg
from handover.templating.report import Report
from handover.templating.stories import Paragraph

_QUOTED: Final = re.compile(r"(?<![\w\"])\"[ \u00a0\u202f]?([^\"\n]*?[^\"\n\s])[ \u00a0\u202f]?\"(?!\w)")
_XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_ANY_SPACE: Final = frozenset({" ", NARROW_SPACE, NO_BREAK_SPACE})
_NEW: Final = {"’": frozenset({"'"}), NARROW_SPACE: _ANY_SPACE, NO_BREAK_SPACE: _ANY_SPACE}
"""What spacing puts → what it takes the place of."""

_AROUND: Final = 14


class Edit(NamedTuple):
    """One change of a paragraph's text: the characters from `start` up to `end` become `text`."""

    start: int
    end: int
    text: str
    rule: str
    message: str


def edits_of(text: str, typography: Typography) -> list[Edit]:
    """The changes that a language's typography asks for, in order, none overlapping another.

    `text` is a paragraph's with each tag as one word in braces (`handover.templating.tags.masked`).
    """
    edits = _quotes(text, typography)
    for match in typography.ordinal.finditer(text) if typography.ordinal else ():
        message = msg("an ordinal is written without a space")
        edits.append(Edit(match.start(), match.end(), "", "typography.ordinal", message))
    taken = [(edit.start, edit.end) for edit in edits]
    for start, end, new in _changes(text, spaced(text, typography)):
        free = not any(
            (start < stop and end > begin) or (start == end and begin < start < stop) for begin, stop in taken
        )
        if free:
            edits.append(_spacing(text, start, end, new))
    return sorted(edits, key=lambda edit: (edit.start, edit.end))


def _changes(text: str, made: str) -> list[tuple[int, int, str]]:
    """Where `made` differs: start, end, new text. It only puts a character in a space's or an apostrophe's place,
    or a no-break space where there was none, so that both can be walked through side by side."""
    found, at = [], 0
    for new in made:
        old = text[at : at + 1]
        if old == new:
            at += 1
        elif new in _NEW and old in _NEW[new]:
            found.append((at, at + 1, new))
            at += 1
        else:
            found.append((at, at, new))
    return found


def _quotes(text: str, typography: Typography) -> list[Edit]:
    found = []
    before, after = typography.quotes
    for match in _QUOTED.finditer(text):
        message = msg(
            "straight quotation marks around “{match}”: write {before} {after}",
            match=_shown(match[1]),
            before=before.strip(),
            after=after.strip(),
        )
        inner_start, inner_end = match.span(1)
        found.append(Edit(match.start(), inner_start, before, "typography.quotes", message))
        found.append(Edit(inner_end, match.end(), after, "typography.quotes", message))
    return found


def _spacing(text: str, start: int, end: int, new: str) -> Edit:
    shown = _shown(text[max(0, start - _AROUND) : end + _AROUND])
    if "’" in new:
        return Edit(start, end, new, "typography.apostrophe", msg("straight apostrophe in “{shown}”", shown=shown))
    after, before = text[end : end + 1], text[max(0, start - 1) : start]
    which = msg("narrow no-break space (U+202F)") if NARROW_SPACE in new else msg("no-break space (U+00A0)")
    if new.endswith(NO_BREAK_SPACE) and after.isalnum() and before.isdigit():
        where = msg("between “{before}” and “{after}”", before=before, after=after)
    elif before == "«" or "«" in text[start:end]:
        where = msg("after “{before}”", before=before)
    else:
        where = msg("before “{after}”", after=after) if after else msg("here")
    return Edit(start, end, new, "typography.space", msg("{which} missing {where}", which=which, where=where))


def _shown(text: str) -> str:
    bare = re.sub(r"\{?\ue000+\}?", "…", text)
    return " ".join(bare.split()) or "…"


def check_typography(paragraph: Paragraph, text: str, typography: Typography, report: Report) -> None:
    """Report every change that the paragraph's text, with its tags masked, asks for; both quotes as one."""
    said: set[str] = set()
    for edit in edits_of(text, typography):
        if edit.rule != "typography.quotes" or edit.message not in said:
            said.add(edit.message)
            span = (edit.start, max(edit.end, edit.start + 1))
            report.at(edit.rule, paragraph, edit.message, msg("`handover validate --fix` mends it"), span)


def mended(paragraph: Paragraph, text: str, typography: Typography) -> int:
    """Make the changes in the paragraph's runs; the number of changes made.

    A change that would touch something else than text (a tab, a line break) is left alone.
    """
    made = 0
    for edit in reversed(edits_of(text, typography)):
        made += _apply(paragraph, edit)
    return made


def _apply(paragraph: Paragraph, edit: Edit) -> bool:
    """Change the pieces that the edit touches: the new text goes into the first of them."""
    pieces = [p for p in paragraph.pieces if p.start < edit.end and p.start + len(p.text) > edit.start]
    if edit.start == edit.end:
        pieces = [p for p in paragraph.pieces if p.start < edit.start <= p.start + len(p.text)][:1]
    if not pieces or not all(piece.is_text for piece in pieces):
        return False
    new = edit.text
    for piece in pieces:
        # Later edits were made already: everything before them is still where it was.
        current = piece.element.text or ""
        begin, stop = max(edit.start - piece.start, 0), min(edit.end - piece.start, len(piece.text))
        piece.element.text = f"{current[:begin]}{new}{current[stop:]}"
        piece.element.set(_XML_SPACE, "preserve")
        new = ""
    return True
