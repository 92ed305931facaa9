"""The tables around a delivery (journal, reasons, answers, what came back): read strictly, and rows added at the end.

Role: what they share with the tables of data/ is `handover.project`'s. A table that isn't there is empty. Nothing is
read here for a bundle.
"""

import io
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from csv import writer
from pathlib import Path
from typing import Final, TypeVar

from handover.bundle.publish import FolderLock, write_file
from handover.formats.opener import read_named
from handover.languages.registry import Language
from handover.model.base import Model
from handover.model.characters import folded
from handover.model.errors import OutputError
from handover.model.life import LIFE_TABLES
from handover.model.message import msg
from handover.project.check.tables import Located, read_rows
from handover.project.read.csv_table import MAX_BYTES, delimiter_of, read_csv, read_csv_rows, said_delimiter
from handover.project.read.files import ProjectFolder
from handover.project.read.table import known_headers
from handover.project.read.text import decode

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


def add_rows(path: Path, rows: Sequence[Model], languages: Sequence[Language], *, mode: int | None = 0o600) -> None:
    """Add rows to the table at `path`, all or none, or begin it in the first language's words.

    What stands there stays byte for byte. Raises OutputError for a table without a column that a value needs, or for
    one that isn't UTF-8.
    """
    with ExitStack() as stack:
        lock = stack.enter_context(FolderLock(path.parent, path.stem))
        content = read_named(path, MAX_BYTES, follow=False) if path.exists() else b""
        made = appended(content, path.name, rows, languages)
        write_file(path, made, replace=True, mode=mode, lock=lock)


def rewritten(path: Path, rows: Sequence[Model], languages: Sequence[Language]) -> None:
    """Write the whole table anew, atomically: for tables that nobody but the program orders."""
    write_file(path, appended(b"", path.name, rows, languages), replace=True)


def appended(content: bytes, file: str, rows: Sequence[Model], languages: Sequence[Language]) -> bytes:
    """The table with the rows at its end; `content` is empty for a new one."""
    name = _name(type(rows[0])) if rows else Path(file).stem
    if not content.strip():
        header = [languages[0].header(name, column) for column in LIFE_TABLES[name].model_fields]
        delimiter, canonical, content = languages[0].delimiter, list(LIFE_TABLES[name].model_fields), b""
        lines = [header]
    else:
        text, findings = decode(content, file)
        if findings or content.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise OutputError.at(file, msg("isn't UTF-8 text"), hint=msg("save it as UTF-8, then try again"))
        delimiter = said_delimiter(text) or delimiter_of(text, file, name, languages)
        known = known_headers(name, languages)
        raw, _ = read_csv_rows(text, file, delimiter)
        first = next(row for row in raw if any(not cell.blank for cell in row))
        canonical = [known.get(folded(cell.text), cell.text) for cell in first]
        lines = []
    lines += [_cells(row, canonical, file) for row in rows]
    ending = "\r\n" if b"\r\n" in content else "\n"
    made = io.StringIO()
    writer(made, delimiter=delimiter, lineterminator=ending).writerows(lines)
    gap = ending if content and not content.endswith(b"\n") else ""
    return content + (gap + made.getvalue()).encode()


def _cells(row: Model, canonical: Sequence[str], file: str) -> list[str]:
    values: Mapping[str, object] = row.model_dump(mode="json", exclude_none=True)
    if lacking := sorted(values.keys() - set(canonical)):
        raise OutputError.at(
            file,
            msg("has no column for {column}", column=lacking[0]),
            hint=msg("add the column `{column}` to its first line", column=lacking[0]),
        )
    texts = [str(values.get(column, "")) for column in canonical]
    return [f"'{text}" if text.startswith(_RUNS) else text for text in texts]


def _name(model: type[Model]) -> str:
    return next(name for name, known in LIFE_TABLES.items() if known is model)
