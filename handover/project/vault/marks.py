"""What the vault's rows were when we last wrote it: a mark for each, on its sheet of explanations.

Role: after another program has saved the vault, tells which rows it changed. The marks lie inside the encryption,
beside the rows themselves. They show what people edited; against whoever can open the vault they prove nothing.
"""

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from handover.formats.excel import ReadSheet
from handover.languages.registry import Language
from handover.model.characters import folded
from handover.model.rows import CredentialRow
from handover.model.secret import Secret

_DIGITS: Final = 16
_A_CELL: Final = 1_500
"""Marks that one cell holds."""
_MARKS = re.compile(rf"[0-9a-f]{{{_DIGITS}}}(?: [0-9a-f]{{{_DIGITS}}})*")


class Changes(NamedTuple):
    """What is otherwise than when we last wrote the vault; None for one that has no marks."""

    rows: tuple[CredentialRow, ...]
    """New or changed."""
    gone: int
    """Rows that were there and aren't as they were: removed, or among the changed ones."""


def marks_of(rows: Iterable[CredentialRow]) -> list[str]:
    """The cells that hold a mark for each row."""
    marks = sorted(_mark(row) for row in rows)
    return [" ".join(marks[at : at + _A_CELL]) for at in range(0, len(marks), _A_CELL)]


def changes(
    rows: Sequence[CredentialRow], sheets: Sequence[ReadSheet], languages: Sequence[Language]
) -> Changes | None:
    """Which of the rows are otherwise than the vault's sheet of explanations says."""
    helps = [sheet for sheet in sheets if any(folded(sheet.name) == one.help_sheet for one in languages)]
    cells = [cell.text for sheet in helps for cell in sheet.cells if _MARKS.fullmatch(cell.text)]
    if not cells:
        return None
    left = [mark for text in cells for mark in text.split()]
    changed = []
    for row in rows:
        if (mark := _mark(row)) in left:
            left.remove(mark)
        else:
            changed.append(row)
    return Changes(tuple(changed), len(left))


def _mark(row: CredentialRow) -> str:
    values = (getattr(row, column) for column in CredentialRow.model_fields)
    texts = (value.reveal() if isinstance(value, Secret) else str(value or "") for value in values)
    return sha256("\0".join(texts).encode()).hexdigest()[:_DIGITS]
