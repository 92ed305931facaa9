"""A column of passwords in a table: CSV of any separator, a Markdown table, a sheet or a table of a document.

Role: the check behind the pattern that finds a header called "password". Exports of password managers are such tables,
and so are the lists that people keep. It looks at a few lines, whatever the length of the text.
"""

import csv
import re
from functools import lru_cache
from typing import Final

_PASSWORD: Final = re.compile(
    r"(?:(?:login|user|account|ftp|admin|wp|e-?mail)[_ ])?"
    r"(?:passwords?|passwort|kennwort|passwd|pwd|pass|contraseña|wachtwoord)"
    r"|mots? de passe(?: actuels?)?|mdp|codes? d[’']acc[eè]s",
    re.IGNORECASE,
)
_BESIDE: Final = re.compile(
    r"\b(?:user(?: ?name)?|utilisateur|login|identifiant|e-?mail|mail|courriel|ur[li]s?|lien|site|web ?site|web|service"
    r"|account|compte|nom|name|host|h[oô]te|title|titre|domain|domaine|server|serveur|adresse|address|outil|tool|plate-?forme"
    r"|platform|acc[eè]s|application|app|benutzer(?:name)?|usuario|konto|login name|type)\b",
    re.IGNORECASE,
)
_LOGIN: Final = re.compile(r"user|login|identifiant|utilisateur|mail|ur[li]", re.IGNORECASE)
_SEPARATORS: Final = (b"\t", b";", b"|", b",")
_LONGEST_LINE: Final = 4_000
_LONGEST_HEADER: Final = 40
_ROWS: Final = 6
_LEAST: Final = 4
_NO_PASSWORD: Final = re.compile(
    r"[-–—:=*•.x\s]*|yes|no|oui|non|true|false|n/?a|none|null|str|string|text|varchar.*|see vault|voir coffre|vault"
    r"|coffre|hidden|masqu[ée]|required|optional|passwords?|mot de passe|[\[<{(].*",
    re.IGNORECASE,
)


def is_password_table(match: "re.Match[bytes]") -> bool:
    """Whether the cell that matched heads a column in which a row below holds something like a password."""
    text = match.string
    earliest = max(match.start() - _LONGEST_LINE, 0)
    start = text.rfind(b"\n", earliest, match.start()) + 1
    if start == 0 and earliest > 0:
        return False
    separator, columns = _filled(text, start)
    return bool(separator) and text.count(separator, start, match.start()) in columns


@lru_cache(maxsize=1)  # a line is asked about once for each word in it
def _filled(text: bytes, start: int) -> tuple[bytes, frozenset[int]]:
    """The separator of the line that starts there, and which of its columns are of passwords and not empty."""
    end = _line_end(text, start)
    line = text[start:end]
    separator = next((mark for mark in _SEPARATORS if mark in line), b"")
    # Commas part words too: a table that they part is the whole text.
    inside = separator == b"," and (start > _LONGEST_LINE or bool(text[:start].strip()))
    if not separator or inside or len(line) > _LONGEST_LINE:
        return separator, frozenset()
    header = _cells(line, separator)
    if not header or max(map(len, header)) > _LONGEST_HEADER or not any(_BESIDE.search(cell) for cell in header):
        return separator, frozenset()
    columns = {number for number, cell in enumerate(header) if _PASSWORD.fullmatch(cell)}
    if not any(_LOGIN.search(cell) for cell in header):
        columns -= {number for number in columns if header[number].lower() == "pass"}  # museums have them, and buses
    return separator, frozenset(columns and _with_values(text, end, separator, columns, len(header)))


def _with_values(text: bytes, end: int, separator: bytes, columns: set[int], width: int) -> set[int]:
    """The columns of which the rows below hold something, as far as they look like the header."""
    found: set[int] = set()
    for _ in range(_ROWS):
        start, end = end + 1, _line_end(text, end + 1)
        row = _cells(text[start:end], separator) if end - start <= _LONGEST_LINE else []
        if not max(columns) < len(row) <= width + 1:
            break
        found |= {n for n in columns if len(row[n]) >= _LEAST and not _NO_PASSWORD.fullmatch(row[n])}
    return found


def _cells(line: bytes, separator: bytes) -> list[str]:
    try:
        rows = list(csv.reader([line.decode("utf-8", "replace").rstrip("\r")], delimiter=separator.decode()))
    except csv.Error:
        return []
    return [cell.strip(" \ufeff\u00a0`*'") for cell in rows[0]] if rows else []


def _line_end(text: bytes, start: int) -> int:
    """Where a line ends, or somewhere beyond the longest that is looked at."""
    end = text.find(b"\n", start, start + _LONGEST_LINE + 1)
    return end if end >= 0 else min(len(text), start + _LONGEST_LINE + 1)
