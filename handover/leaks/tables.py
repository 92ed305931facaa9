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
_ROWS: Final = 20
_NO_PASSWORD: Final = re.compile(
    r"[-–—:=*•.x\s]*|yes|no|oui|non|true|false|n/?a|none|null|str|string|text|varchar.*|see vault|voir coffre|vault"
    r"|coffre|hidden|masqu[ée]|required|optional|passwords?|mot de passe|[\[<{(].*",
    re.IGNORECASE,
)


def is_password_table(match: "re.Match[bytes]") -> bool:
    """Whether the cell that matched heads a column in which a row below holds something like a password."""
    text = match.string
    start = text.rfind(b"\n", max(match.start() - _LONGEST_LINE, 0), match.start()) + 1
    end = _line_end(text, match.end())
    separator, header, width = _header(text[start:end])
    # Commas part words too: a table that they part is the whole text.
    if not header or (separator == b"," and text[:start].strip()):
        return False
    column = text.count(separator, start, match.start())
    return column in header and _is_filled(text, end, separator, column, width)


@lru_cache(maxsize=1)  # a line is asked about once for each word in it
def _header(line: bytes) -> tuple[bytes, frozenset[int], int]:
    """A header's separator, its columns of passwords, and its width; no columns where it's no header."""
    separator = next((mark for mark in _SEPARATORS if mark in line), b"")
    if not separator or len(line) > _LONGEST_LINE:
        return separator, frozenset(), 0
    cells = _cells(line, separator)
    if not cells or max(map(len, cells)) > _LONGEST_HEADER or not any(_BESIDE.search(cell) for cell in cells):
        return separator, frozenset(), 0
    columns = {n for n, cell in enumerate(cells) if _PASSWORD.fullmatch(cell)}
    if not any(_LOGIN.search(cell) for cell in cells):
        columns -= {n for n in columns if cells[n].lower() == "pass"}  # there are others: for museums and buses
    return separator, frozenset(columns), len(cells)


def _is_filled(text: bytes, end: int, separator: bytes, column: int, width: int) -> bool:
    for _ in range(_ROWS):
        start, end = end + 1, _line_end(text, end + 1)
        row = _cells(text[start:end], separator) if end - start <= _LONGEST_LINE else []
        if not column < len(row) <= width + 1:
            return False
        if len(row[column]) >= 4 and not _NO_PASSWORD.fullmatch(row[column]):
            return True
    return False


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
