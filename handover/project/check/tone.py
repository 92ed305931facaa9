"""The tone of what people typed: reproach, threat and sarcasm in the prose of the settings and the tables.

Role: looks for the phrases of the project's language (`handover.languages.tone`) in the values that
`handover.model.prose` calls prose. It understands no sentence: it warns, a person decides.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from handover.languages.tone import Tone
from handover.model.errors import Finding, Severity, SourceLocation
from handover.model.message import msg
from handover.model.prose import PROSE
from handover.model.rows import TABLES
from handover.model.sources import Table, scalars
from handover.project.check.settings import View, dotted

_HINT: Final = msg("say it neutrally, or leave it out: the client keeps these pages")
_NOT_OURS: Final = frozenset({"quotes", "late_fee_note"})
"""The client's own words, and what a law may word."""
_SETTINGS: Final = frozenset(name for model, names in PROSE.items() if model not in TABLES.values() for name in names)


def check_tone(view: View, tables: Mapping[str, Table], tone: Tone) -> Iterator[Finding]:
    """A warning for each phrase, at its value. Only the letter is held to say "vous"."""
    for path, node in scalars(view.tree):
        if _NOT_OURS.isdisjoint(path) and _SETTINGS & set(path):
            yield from _judged(dotted(path), node.text, node.location, tone, formal=path[0] == "letter")
    for name, table in tables.items():
        columns = PROSE.get(TABLES[name], frozenset())
        for row in table.rows:
            for column in columns & row.cells.keys():
                cell = row.cells[column]
                yield from _judged(column, cell.text, cell.location, tone)


def _judged(name: str, text: str, place: SourceLocation, tone: Tone, *, formal: bool = False) -> Iterator[Finding]:
    for rule, message, _ in tone.found(text):
        if formal or rule != "tone.informal":
            yield Finding(place, rule, msg("`{name}` {message}", name=name, message=message), _HINT, Severity.WARNING)
