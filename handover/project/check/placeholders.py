"""Values that somebody meant to fill in later: `?`, `TBD`, « à définir ».

Role: warns of them in tables and settings, since the client would read them as they are. Whatever says more than that
it isn't known yet is left alone; templates have their own check.
"""

import re
from collections.abc import Iterable, Iterator

from handover.model.errors import Finding, Severity, SourceLocation
from handover.model.sources import Table, YamlMap, YamlNode, YamlScalar, shown

_OPEN = re.compile(
    r"\(?\[?(?:\?+(?:[ .…/]*\?+)*|x{3,}|_{2,}|\.{3,}|…|tb[acd]|todo|fixme"
    r"|to be (?:added|announced|confirmed|decided|defined|determined|filled in)|(?:not known|unknown) yet"
    r"|(?:encore )?(?:à|a) (?:compléter|confirmer|définir|déterminer|préciser|renseigner|venir)"
    r"|pas encore connu)\]?\)?",
    re.IGNORECASE,
)


def check_placeholders(settings: YamlMap | None, tables: Iterable[Table]) -> list[Finding]:
    """A warning for each value that is nothing but a placeholder."""
    found = list(_in_settings(settings, "")) if settings is not None else []
    for table in tables:
        for row in table.rows:
            found += [
                _finding(cell.location, column, cell.text)
                for column, cell in row.cells.items()
                if len(cell.text) < _LONGEST and _OPEN.fullmatch(cell.text.strip())
            ]
    return found


_LONGEST = 40


def _in_settings(node: YamlNode, path: str) -> Iterator[Finding]:
    if isinstance(node, YamlMap):
        for key, value in node.entries:
            yield from _in_settings(value, f"{path}.{key.text}" if path else key.text)
    elif isinstance(node, YamlScalar):
        if len(node.text) < _LONGEST and _OPEN.fullmatch(node.text.strip()):
            yield _finding(node.location, path, node.text)
    else:
        for item in node.items:
            yield from _in_settings(item, path)


def _finding(place: SourceLocation, name: str, text: str) -> Finding:
    message = f"`{shown(name)}` is only “{shown(text)}”: the client would read it so"
    return Finding(place, "value.placeholder", message, "write what is meant, or leave it empty", Severity.WARNING)
