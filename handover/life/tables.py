"""The tables around a delivery (journal, reasons, answers, what came back): read strictly, and rows added at the end.

Role: what they share with the tables of data/ is `handover.project`'s. A table that isn't there is empty. Nothing is
read here for a bundle.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeVar

from handover.bundle.publish import FolderLock, write_file
from handover.formats.opener import read_named
from handover.languages.registry import Language
from handover.model.base import Model
from handover.model.life import LIFE_TABLES
from handover.project.adding import in_csv
from handover.project.check.tables import Located, read_rows
from handover.project.read.csv_table import MAX_BYTES, read_csv
from handover.project.read.files import ProjectFolder

M = TypeVar("M", bound=Model)
_RUNS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet program would take for a formula."""


def read_table(
    folder: ProjectFolder, file: str, model: type[M], languages: Sequence[Language] = ()
) -> tuple[Located[M], ...]:
    """The rows of a table in their order; what is wrong goes to the folder's findings."""
    if not folder.has(file) or (content := folder.read(file, MAX_BYTES)) is None:
        return ()
    table, findings = read_csv(content, file, _name(model), languages)
    rows = read_rows(table, model, findings) if table else []
    folder.findings.extend(findings)
    return tuple(rows)


def add_rows(path: Path, rows: Sequence[Model], languages: Sequence[Language]) -> None:
    """Add rows to the table at `path`, all or none, or begin it in the first language's words.

    What stands there stays as it is. Raises OutputError for a table without a column that a value needs.
    """
    with FolderLock(path.parent, path.stem) as lock:
        content = read_named(path, MAX_BYTES, follow=False) if path.exists() else b""
        write_file(path, _added(content, path.name, rows, languages), replace=True, lock=lock)


def rewritten(path: Path, rows: Sequence[Model], languages: Sequence[Language]) -> None:
    """Write the whole table anew, atomically: for tables that nobody but the program orders."""
    write_file(path, _added(b"", path.name, rows, languages), replace=True)


def _added(content: bytes, file: str, rows: Sequence[Model], languages: Sequence[Language]) -> bytes:
    dumped = [{column: _harmless(value) for column, value in row.model_dump().items()} for row in rows]
    return in_csv(content if content.strip() else b"", file, _name(type(rows[0])), dumped, languages)


def _harmless(value: object) -> object:
    """The value, where a spreadsheet program would take it for a formula behind an apostrophe: forms come back."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RUNS) else value


def _name(model: type[Model]) -> str:
    return next(name for name, known in LIFE_TABLES.items() if known is model)
