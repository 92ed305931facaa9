"""Collecting what the rules find in one template, once each, in reading order.

Role: turns a rule's id, a paragraph and a stretch of its text into a `Finding` with its severity and its position in
people's words. A text box and the copy of it that Word keeps for older programs give one finding.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from handover.model.errors import Finding, Severity, SourceLocation
from handover.templating.rules import SEVERITIES
from handover.templating.stories import Paragraph

_Key = tuple[int, int, int]
_INVISIBLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Characters of a template that a terminal would obey, or that turn the rest of a line around."""


@dataclass(slots=True)
class Report:
    """The findings of one file."""

    file: str
    """How messages call it."""
    marks: list[tuple[Finding, Paragraph | None, tuple[int, int] | None]] = field(default_factory=list)
    """Each finding with the paragraph and the stretch of its text that it is about, where there is one."""
    _found: list[tuple[_Key, Finding]] = field(default_factory=list)
    _seen: set[tuple[str, ...]] = field(default_factory=set)
    _near: set[str] = field(default_factory=set)
    _stories: list[str] = field(default_factory=list)

    def at(
        self, rule: str, paragraph: Paragraph, message: str, hint: str = "", span: tuple[int, int] | None = None
    ) -> None:
        """Note a finding in a paragraph; `span` is the stretch of its text that the finding is about."""
        start, end = span or (0, None)
        near = paragraph.near(start, end)
        # A copy says again what its text box has said, at times in another way.
        if paragraph.copy and near in self._near:
            return
        self._near.add(near)
        part = paragraph.story.part
        if part not in self._stories:
            self._stories.append(part)
        key = (1 + self._stories.index(part), paragraph.number, start)
        found = _finding(self.file, rule, message, hint, paragraph.place(start, end))
        self._found.append((key, found))
        self.marks.append((found, paragraph, span))

    def whole(self, rule: str, message: str, hint: str = "", place: str = "") -> None:
        """Note a finding about the file as a whole, or a part of it that `place` names in words."""
        identity = (rule, message, place)
        if identity not in self._seen:
            self._seen.add(identity)
            found = _finding(self.file, rule, message, hint, place)
            self._found.append(((0, 0, 0), found))
            self.marks.append((found, None, None))

    def has_errors(self, *families: str) -> bool:
        """Whether an error of one of these families of rules (`tag`, `variable`) was noted."""
        return any(
            finding.severity is Severity.ERROR and finding.rule.partition(".")[0] in families
            for _, finding in self._found
        )

    def findings(self) -> list[Finding]:
        """All of them: first the file as a whole, then paragraph by paragraph."""
        return [finding for _, finding in sorted(self._found, key=lambda pair: pair[0])]


def _finding(file: str, rule: str, *words: str) -> Finding:
    """What is found, from its message, hint and place: what nobody sees in them is marked, others stay messages."""
    message, hint, place = (_INVISIBLE.sub("\ufffd", text) if _INVISIBLE.search(text) else text for text in words)
    return Finding(SourceLocation(file, place=place), rule, message, hint, SEVERITIES[rule])
