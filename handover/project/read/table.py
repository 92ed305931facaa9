"""Raw rows of a CSV file or a worksheet → a `Table` with canonical columns.

Role: what both kinds of tables have in common: headers (in any language, any case), words of lists, did-you-mean,
rows of equal length, cells that a document can hold. It judges no value: what a date or an amount is, the models say.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from typing import NamedTuple

from handover.languages.registry import Language, columns, meant, ours
from handover.model.base import MAX_TEXT, Word, behind, unprintable
from handover.model.characters import folded
from handover.model.did_you_mean import nearest
from handover.model.errors import Finding, SourceLocation
from handover.model.life import LIFE_TABLES
from handover.model.message import msg, one_of
from handover.model.rows import TABLES
from handover.model.secret_names import names_a_secret
from handover.model.sources import UNREADABLE, Cell, Row, Table, shown
from handover.project.check.currencies import code_of
from handover.project.check.tables import MAX_FINDINGS, too_many
from handover.project.read.text import invisible
from handover.project.read.wide import long_rows

MAX_ROWS = 100_000
MAX_COLUMNS = 100
MAX_CELLS = 1_500_000
"""Cells that are made of one file: 100,000 rows of fifteen columns."""

MAX_WIDTH = 1_000
"""Cells that are made of one row, wide exports with a column a day included."""

MAX_RECORDS = 250_000
"""Rows that are made of one file, blank ones included."""

MAX_CHARACTERS = 30_000_000
"""Characters of all cells: 100,000 rows of 300."""

RawRow = Sequence[Cell]

_COLUMNS = {name: model.model_fields for name, model in (*TABLES.items(), *LIFE_TABLES.items())}


def known_headers(name: str, languages: Sequence[Language] = ()) -> Mapping[str, str]:
    """Every accepted header of the table `name`, folded → the canonical column."""
    names = _COLUMNS[name]
    return {**columns(name, languages), **{name.replace("_", " "): name for name in names}, **{n: n for n in names}}


class _Header(NamedTuple):
    """Which canonical column each position holds (None: none), and the cells that say so."""

    columns: Sequence[str | None]
    cells: RawRow


def build_table(
    name: str, file: str, raw: Iterable[RawRow], languages: Sequence[Language] = ()
) -> tuple[Table | None, list[Finding]]:
    """The table and what is wrong with its shape and characters. Rows of nothing but blanks are skipped.

    None when there is no header row. Rows with more cells than the header are reported and left out.
    """
    findings: list[Finding] = []
    known = known_headers(name, languages)
    meanings = _meanings(name, languages)
    rows: Iterator[RawRow] = (row for row in _counted(raw, findings) if any(not cell.blank for cell in row))
    if name == "metrics":
        rows = long_rows(rows, known)
    first = next(rows, None)
    if first is None:
        message, hint = msg("the table has no header row"), msg("write one: {name}", name=", ".join(_COLUMNS[name]))
        return None, [Finding(SourceLocation(file), "table.empty", message, hint)]
    header = _read_header(known, first, findings)
    kept: list[Row] = []
    unknown = [at for at, column in enumerate(header.columns) if column is None]
    used: set[int] = set()
    for number, row in enumerate(rows):
        if number == MAX_ROWS:
            message = msg("the table has more than {most:,} rows", most=MAX_ROWS)
            findings.append(Finding(row[0].location, "table.too-large", message))
            break
        if len(findings) >= MAX_FINDINGS:
            findings.append(too_many(row[0].location))
            break
        used.update(at for at in unknown if at < len(row) and not row[at].blank)
        if (built := _row(header, row, meanings, findings)) is not None:
            kept.append(built)
    spoken = _language(name, header, languages)
    findings += _unknown(name, header, used, known, spoken)
    columns = tuple(c for c in header.columns if c is not None)
    return Table(name, header.cells[0].location, columns, tuple(kept), spoken.code if spoken else ""), findings


def _language(name: str, header: _Header, languages: Sequence[Language]) -> Language | None:
    """The language of the headers that aren't the columns' own names."""
    texts = {folded(cell.text) for column, cell in zip(header.columns, header.cells, strict=False) if column}
    texts -= {spelt for column in header.columns if column for spelt in (column, column.replace("_", " "))}
    return next((one for one in languages or ours() if texts and texts <= one.headers.get(name, {}).keys()), None)


def _counted(rows: Iterable[RawRow], findings: list[Finding]) -> Iterator[RawRow]:
    """The rows, as long as their cells don't come to more characters than a table is read of."""
    characters = 0
    for row in rows:
        characters += sum(len(cell.text) for cell in row)
        if characters > MAX_CHARACTERS:
            findings.append(too_much(row[0].location))
            return
        yield row


def too_much(location: SourceLocation) -> Finding:
    """The finding for a table whose cells come to more characters than are read."""
    message = msg("up to here the cells come to more than {most} million characters", most=MAX_CHARACTERS // 1000000)
    return Finding(location, "table.too-large", message, msg("shorten them, or put the texts into files in assets/"))


def _read_header(known: Mapping[str, str], row: RawRow, findings: list[Finding]) -> _Header:
    columns: list[str | None] = []
    cells: list[Cell] = []
    seen: dict[str, Cell] = {}
    for raw in row[:MAX_COLUMNS]:
        cell = _check(raw, findings)
        cells.append(cell)
        column = known.get(folded(cell.text))
        if column is not None and column in seen:
            message = msg("the column `{column}` is given twice, as `{text}` and `{cell_text}`",
                          column=column, text=seen[column].text, cell_text=cell.text)  # fmt: skip
            findings.append(Finding(cell.location, "table.duplicate-column", message, msg("keep one of them")))
            column = None
        elif column is not None:
            seen[column] = cell
        columns.append(column)
    if len(row) > MAX_COLUMNS:
        message = msg("the table has more than {most} columns", most=MAX_COLUMNS)
        findings.append(Finding(row[MAX_COLUMNS].location, "table.too-wide", message))
        columns.extend([None] * (len(row) - MAX_COLUMNS))
    return _Header(columns, cells)


def _unknown(
    name: str, header: _Header, used: Set[int], known: Mapping[str, str], spoken: Language | None
) -> Iterator[Finding]:
    """Columns that aren't the table's, and required ones that are missing.

    A column without a name and without content isn't one: spreadsheets leave such delimiters behind.
    """
    present = {c for c in header.columns if c is not None}
    free = {h: c for h, c in known.items() if c not in present}
    excused: set[str] = set()
    for index, cell in enumerate(header.cells):
        if header.columns[index] is not None or folded(cell.text) in known or cell.text == UNREADABLE:
            continue
        if cell.blank:
            if index in used:
                message, hint = msg("a column has cells but no name"), msg("name or delete it")
                yield Finding(cell.location, "table.unnamed-column", message, hint)
            continue
        if names_a_secret(cell.text, code_is=name == "accounts") and index in used:
            yield secret_column(cell)
            continue
        columns = ", ".join(spoken.header(name, column) if spoken else column for column in _COLUMNS[name])
        hint = msg("delete it; the columns are {name}", name=columns)
        if guess := nearest(folded(cell.text), free):
            excused.add(free[guess])
            hint = msg("did you mean `{guess}`?", guess=guess)
        message = msg("there is no column `{text}` in this table", text=shown(cell.text))
        yield Finding(cell.location, "table.unknown-column", message, hint)
    for column, info in _COLUMNS[name].items():
        if info.is_required() and column not in present and column not in excused:
            message = msg("the column `{column}` is missing", column=column)
            hint = msg("add {name}", name=_both(name, column))
            yield Finding(header.cells[0].location, "table.missing-column", message, hint)


def secret_column(cell: Cell) -> Finding:
    """The finding for a column that holds secrets; it shows the column's name and no value."""
    message = msg("the column `{text}` holds secrets, and tables travel in clear", text=shown(cell.text))
    hint = msg("move them into the vault with `handover vault import` or `handover vault add`, then delete the column")
    return Finding(cell.location, "secret.column", message, hint)


def _row(
    header: _Header, row: RawRow, meanings: Mapping[str, Callable[[str], str]], findings: list[Finding]
) -> Row | None:
    """The row with a cell in each column: spreadsheet programs leave out separators of empty cells, or add some."""
    width = len(header.columns)
    if len(row) < width:
        row = [*row, *[Cell(row[-1].location, "")] * (width - len(row))]
    elif any(not cell.blank for cell in row[width:]):
        message = msg("this row has {count} cells, the header has {width}", count=len(row), width=width)
        hint = msg("put text that holds the separator in double quotes")
        findings.append(Finding(row[0].location, "table.cell-count", message, hint))
        return None
    cells = {}
    for column, cell in zip(header.columns, row, strict=False):
        checked = _check(cell, findings)
        if column is not None:
            text = meanings[column](checked.text) if column in meanings else checked.text
            cells[column] = checked if text == checked.text else checked._replace(text=text)
    return Row(row[0].location, cells)


def _check(cell: Cell, findings: list[Finding]) -> Cell:
    text = cell.text
    if text.isascii() and text.isprintable() and len(text) <= MAX_TEXT:
        return cell
    if len(text) > MAX_TEXT:
        message = msg("this cell has {count:,} characters; a spreadsheet's cell holds {most:,}",
                      count=len(text), most=MAX_TEXT)  # fmt: skip
        hint = msg("shorten it, or put the text into a file in assets/")
        findings.append(Finding(cell.location, "table.cell-too-long", message, hint))
        return cell._replace(text=UNREADABLE)
    if bad := unprintable(text):
        findings.append(invisible(cell.location, bad))
        return cell._replace(text=UNREADABLE)
    return cell


def _both(name: str, column: str) -> str:
    others = dict.fromkeys(text for one in ours() if (text := one.header(name, column)) != column)
    return msg("it ({value})", value=one_of(f"`{text}`" for text in (column, *others))) if others else msg("it")


def _meanings(name: str, languages: Sequence[Language]) -> Mapping[str, Callable[[str], str]]:
    """For each column of words of a list, what gives the canonical word for one in any language."""
    kinds = {column: behind(field.annotation) for column, field in _COLUMNS[name].items()}
    words: dict[str, Callable[[str], str]] = {
        column: partial(meant, kind, languages=languages)
        for column, kind in kinds.items()
        if isinstance(kind, type) and issubclass(kind, Word)
    }
    return words | {column: code_of for column in kinds if column == "currency"}
