"""Values that somebody meant to fill in later: `?`, `TBD`, « à définir ».

Role: warns of them in tables and settings, since the client would read them as they are. Whatever says more than that
it isn't known yet is left alone; templates have their own check.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from handover.model.errors import Finding, Severity, SourceLocation
from handover.model.message import msg
from handover.model.sources import Table, YamlMap, scalars, shown

_OPEN = re.compile(
    r"\(?\[?(?:\?(?:[ .…/?]*\?)?|x{3,}|_{2,}|\.{3,}|…|tb[acd]|todo|fixme"
    r"|to be (?:added|announced|confirmed|decided|defined|determined|filled in)|(?:not known|unknown) yet"
    r"|(?:encore )?(?:à|a) (?:compléter|confirmer|définir|déterminer|préciser|renseigner|venir)"
    r"|pas encore connu|lorem ipsum.*)\]?\)?",
    re.IGNORECASE,
)
_LONGEST = 40


def check_placeholders(settings: YamlMap | None, tables: Iterable[Table]) -> list[Finding]:
    """A warning for each value that is nothing but a placeholder."""
    found = [
        _finding(node.location, ".".join(step for step in path if isinstance(step, str)), node.text)
        for path, node in scalars(settings)
        if _is_open(node.text)
    ]
    for table in tables:
        for row in table.rows:
            found += [
                _finding(cell.location, column, cell.text) for column, cell in row.cells.items() if _is_open(cell.text)
            ]
    return found


@lru_cache(maxsize=4096)
def _is_open(text: str) -> bool:
    return len(text) < _LONGEST and _OPEN.fullmatch(text.strip()) is not None


def _finding(place: SourceLocation, name: str, text: str) -> Finding:
    message = msg("`{name}` is only “{text}”: the client would read it so", name=shown(name), text=shown(text))
    return Finding(place, "value.placeholder", message, msg("write what is meant, or leave it empty"), Severity.WARNING)
