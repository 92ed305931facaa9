"""A project's tables as commands write them: in its workbook where they stand there, else in `data/`.

Role: finds where a table is kept, has rows added there, and publishes the file whole; and `handover import workbook`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handover.cli import report
from handover.cli.options import PROJECT, own_folder, project_root, read_file
from handover.model.errors import InvalidInput, OutputError, Severity
from handover.model.message import counted, msg

if TYPE_CHECKING:
    from handover.languages.registry import Language
    from handover.languages.words import Words
    from handover.model.errors import Finding
    from handover.model.sources import Sources
    from handover.project.workbook import Row

_LOCKS = ("~${name}", ".~lock.{name}#")
"""What Excel and LibreOffice leave beside a workbook as long as it is open."""


def place_of(sources: "Sources", name: str) -> str:
    """Where the table is, or will be: `data/pending.csv`, `handover.xlsx:Pending`."""
    table = sources.tables.get(name)
    if table is None:
        return f"data/{name}.csv"
    return f"{table.location.file}:{table.location.sheet}" if table.location.sheet else table.location.file


def faults_of(sources: "Sources", name: str) -> list["Finding"]:
    """What must be corrected before rows can be added: faults of the table's form, and of where it may be."""
    file, _, sheet = place_of(sources, name).partition(":")

    def counts(finding: "Finding") -> bool:
        where = finding.location
        # Of a workbook that can't be read nobody knows which tables it holds.
        unread = finding.rule.startswith("xlsx.") and "/" not in where.file and not where.sheet
        return (where.file, where.sheet) == (file, sheet) or unread or finding.rule == "table.twice"

    errors = (f for f in sources.findings if f.severity is Severity.ERROR and f.rule != "file.missing")
    return [finding for finding in errors if counts(finding)]


def add_rows(
    root: Path, sources: "Sources", name: str, rows: Sequence["Row"], replaced: Mapping[int, "Row"] | None = None
) -> None:
    """Write `rows` below those of the table, and other values into the lines `replaced` (a workbook's alone).

    Raises OutputError where the table's own shape has no place for them, or the workbook is open.
    """
    from handover.bundle.publish import write_file
    from handover.project.adding import in_csv
    from handover.project.read.csv_table import MAX_BYTES as MAX_CSV

    languages = spoken_in(sources)
    table = sources.tables.get(name)
    if table is not None and table.location.sheet:
        content = _read(root, table.location.file)
        made = _added(content, table.location.file, name, rows, languages, replaced)
        write_file(root / table.location.file, made, replace=True)
        return
    file = place_of(sources, name)
    if file.endswith(".xlsx"):
        raise OutputError.at(
            file,
            msg("rows are added to CSV files and to the workbook {name}", name=languages[0].workbook),
            hint=msg("`handover import workbook` moves the table into the workbook; then import again"),
        )
    own_folder(root, "data")
    path = root / file
    content = read_file(str(path), MAX_CSV) if path.exists() else b""
    write_file(path, in_csv(content, file, name, rows, languages), replace=True)


def spoken_in(sources: "Sources") -> Sequence["Language"]:
    """The languages in which the project's tables may be written, its own first."""
    from handover.languages.registry import understood

    code = language_of(sources)
    return sorted(understood(code, sources.words), key=lambda one: one.code != code)


def language_of(sources: "Sources") -> str:
    """The project's language; English where its settings name none that there is."""
    from handover.languages.registry import START
    from handover.model.sources import text_at

    language = text_at(sources.settings, "language")
    return language if language in sources.languages else START


def words_of(sources: "Sources", *needed: str) -> "Words":
    """Words of the project's language that commands write into its files. Raises HandoverError where it lacks them."""
    from handover.languages.words import Words
    from handover.model.sources import text_at

    language, locale = spoken_in(sources)[0], text_at(sources.settings, "locale")
    locale = locale if locale[:3] == f"{language.code}_" else language.locale
    return Words.load(language.code, locale, *needed, own=sources.words)


def _read(root: Path, file: str) -> bytes:
    """The workbook's bytes. Raises OutputError while a program has it open, which would overwrite what we write."""
    from handover.project.read.xlsx_table import MAX_BYTES as MAX_XLSX

    if any((root / lock.format(name=file)).exists() for lock in _LOCKS):
        hint = msg("save and close it, then try again")
        raise OutputError.at(file, msg("is open in a spreadsheet program"), hint=hint)
    return read_file(str(root / file), MAX_XLSX)


def _added(
    content: bytes,
    file: str,
    name: str,
    rows: Sequence["Row"],
    languages: Sequence["Language"],
    replaced: Mapping[int, "Row"] | None = None,
) -> bytes:
    from handover.project.adding import in_workbook
    from handover.project.read.xlsx_table import read_table_sheets

    sheets, _ = read_table_sheets(content, file, languages)
    sheet = next((one for one in sheets if one.table == name), None)
    if sheet is None:
        raise OutputError.at(
            file,
            msg("has no sheet for the table {name}", name=name),
            hint=msg("add one called {title}, with a header row", title=languages[0].sheet(name)),
        )
    return in_workbook(content, file, sheet, rows, languages, replaced or {})


# handover import workbook


@click.command(short_help="Move the tables of data/ into the project's workbook.")
@click.option("--project", type=PROJECT, default=".", help="The project's folder (default: this one).")
def workbook(project: str) -> None:
    """Move the tables of data/ into the project's workbook (handover.xlsx, in French dossier.xlsx), a sheet each with
    lists, dates and notes. One that is there is added to, where its sheet for a table is empty. The files in data/ are
    deleted once the workbook has been read back and holds the same values."""
    from handover.bundle.publish import write_file
    from handover.project.check.tables import cell_values
    from handover.project.read import load_project, no_assets, workbook_names

    root = project_root(project)
    sources = load_project(root, scan_assets=no_assets)
    if wrong := [f for f in sources.findings if f.severity is Severity.ERROR and _is_a_table_s(f)]:
        raise InvalidInput(wrong, hint=msg("correct them first: nothing was moved"))
    languages = spoken_in(sources)
    moved = {name: list(cell_values(t)) for name, t in sources.tables.items() if not t.location.sheet}
    there = [name for name in workbook_names(languages) if (root / name).exists()]
    file = there[0] if there else languages[0].workbook
    if there and not moved:
        report.done(msg("{file}: holds every table already", file=file))
        return
    made = _with_tables(_read(root, file) if there else None, file, moved, languages, sources)
    _compare(made, file, moved, languages)
    write_file(root / file, made, replace=bool(there))
    for name in moved:
        (root / sources.tables[name].location.file).unlink()
    lines = [
        counted("{place}: one row moved", "{place}: {count} rows moved", len(rows), place=f"data/{name}")
        for name, rows in moved.items()
    ]
    report.done(msg("{file}: holds the project's tables", file=file), *lines)


def _is_a_table_s(finding: "Finding") -> bool:
    in_tables = finding.location.file.startswith("data/") or finding.rule.startswith(("table.", "xlsx."))
    return in_tables and finding.rule != "file.missing"


def _with_tables(
    content: bytes | None,
    file: str,
    tables: Mapping[str, Sequence["Row"]],
    languages: Sequence["Language"],
    sources: "Sources",
) -> bytes:
    if content is None:
        from handover.languages.words import Words
        from handover.model.errors import HandoverError
        from handover.project.workbook import write_tables

        needed = ("inventory", "tables")
        try:
            words = words_of(sources, *needed)
        except HandoverError:  # the project's own language has none of these
            words = Words.load("en", "en_GB", *needed)
        return write_tables(tables, words)
    for name, rows in tables.items():
        content = _added(content, file, name, rows, languages)
    return content


def _compare(made: bytes, file: str, tables: Mapping[str, Sequence["Row"]], languages: Sequence["Language"]) -> None:
    """Refuse a workbook that doesn't give back what was to be moved, before anything is deleted for it."""
    from handover.project.check.tables import cell_values
    from handover.project.read.xlsx_table import read_table_sheets

    read: dict[str, Any] = {}
    for sheet in read_table_sheets(made, file, languages)[0]:
        table, _ = sheet.read(file, languages)
        read[sheet.table] = list(cell_values(table)) if table else []
    for name, rows in tables.items():
        if [row for row in read.get(name, []) if row] != [row for row in rows if row]:
            raise OutputError.at(
                file,
                msg("wouldn't hold the table {name} as it is in data/", name=name),
                hint=msg("keep this table in data/; the workbook takes the others once this file lies elsewhere"),
            )
