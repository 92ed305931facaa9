"""The passphrases that were issued with bundles, as a sheet of the vault: whoever opens it can give one again.

Role: the sheet's form, written and read back, and finding the row of a bundle by the inventory in it. The vault holds
the credentials anyway, so it holds the passphrase that opens them too; nothing of this sheet enters what is delivered,
whose inventory is made from credentials alone. It opens no file.
"""

import re
from collections.abc import Sequence
from typing import Final

from handover.formats.excel import Column, Kind, Look, ReadSheet, Sheet
from handover.languages.registry import Language
from handover.languages.words import Words
from handover.model.characters import folded
from handover.model.errors import Finding, SourceLocation
from handover.model.message import msg
from handover.model.project import IssuedPassphrase
from handover.model.secret import Secret

_COLUMNS: Final = ("bundle", "issued_on", "inventory", "passphrase")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def issued_sheets(issued: Sequence[IssuedPassphrase], words: Words) -> tuple[Sheet, ...]:
    """The sheet, or none where nothing was issued yet. `words` are those of `vault`."""
    if not issued:
        return ()
    looks = ((Look.TEXT, 24, 60), (Look.TEXT, 17, 20), (Look.DIGEST, 31, 31), (Look.MONO, 40, 70))
    columns = tuple(
        Column(words.text(f"issued.header.{name}"), look, least, most)
        for name, (look, least, most) in zip(_COLUMNS, looks, strict=True)
    )
    rows = [(row.bundle, row.issued_on, row.inventory, row.passphrase) for row in issued]
    return (Sheet(words.text("issued.sheet"), columns, rows),)


def read_issued(
    sheets: Sequence[ReadSheet], name: str, languages: Sequence[Language]
) -> tuple[tuple[IssuedPassphrase, ...], list[Finding]]:
    """What the vault's sheets say was issued, and each row that can't be understood, which a rewriting would lose."""
    rows: list[IssuedPassphrase] = []
    findings: list[Finding] = []
    for sheet in (sheet for sheet in sheets if is_issued(sheet, languages)):
        for number, values in _lines(sheet)[1:]:
            if not values[3] or not _DIGEST.fullmatch(values[2].casefold()):
                place = SourceLocation(name, number, 1, sheet.name)
                findings.append(
                    Finding(place, "vault.issued", msg("isn't a row as `handover build` writes it"), msg("delete it"))
                )
                continue
            rows.append(IssuedPassphrase(values[0], values[1], values[2].casefold(), Secret(values[3])))
    return tuple(rows), findings


def is_issued(sheet: ReadSheet, languages: Sequence[Language]) -> bool:
    """Whether it's the sheet of issued passphrases, by its header row in one of the languages."""
    header = tuple(folded(text) for text in next(iter(_lines(sheet)), (0, ()))[1])
    return any(header == one.issued for one in languages)


def _lines(sheet: ReadSheet) -> list[tuple[int, tuple[str, ...]]]:
    """The first four cells of each row that isn't blank, with the row's number."""
    grid: dict[int, dict[int, str]] = {}
    for cell in sheet.cells:
        # A number or a formula is none of what was written here.
        grid.setdefault(cell.row, {})[cell.column] = cell.text if cell.kind is Kind.TEXT else ""
    lines = [(row, tuple(cells.get(at, "") for at in range(1, len(_COLUMNS) + 1))) for row, cells in grid.items()]
    return sorted(line for line in lines if any(line[1]))
