"""The tables of a project as one workbook: a sheet each, with lists, dates, notes, and red where something is missing.

Role: `write_tables` makes it from rows. What a table's columns are is the models', what they are called a language's
(`language.toml`, `tables.toml`). It reads and writes no file; reading a workbook back is `handover.project.read`'s.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from pydantic.fields import FieldInfo

from handover.formats.excel import Book, Column, Look, Sheet, Value, write_workbook
from handover.languages.registry import Language
from handover.languages.words import Words
from handover.model.base import Word, behind
from handover.model.rows import TABLES
from handover.project.check.tables import value_of

SPARE_ROWS: Final = 500
"""Empty rows below those of a table, set up with its lists and its red."""

Row = Mapping[str, Any]
"""Column → a value as its model has it, text that is no such value, or None."""

_DIGITS: Final = 15
"""What a spreadsheet keeps of a number."""
_FIRST_DAY: Final = dt.date(1900, 3, 1)
"""The first day that every spreadsheet program counts alike (ECMA-376 Part 1, 18.17.4.1)."""
_SEVERAL: Final = "client"
"""The column of tables that serve several clients: a new one has it where rows have it."""
_WIDTHS: Final = {Look.DATE: (13, 22), Look.NUMBER: (12, 16), Look.AMOUNT: (14, 20), Look.FIGURE: (14, 20)}


def write_tables(
    tables: Mapping[str, Sequence[Row]], words: Words, *, colour: str = "#1F4E79", spare_rows: int = SPARE_ROWS
) -> bytes:
    """The workbook with a sheet for every table of `TABLES`, those without rows ready to be filled in.

    `words` are those of `inventory` and `tables` in the project's language. Raises HandoverError, naming sheet and cell
    and never the value, for text that a cell can't hold.
    """
    language = words.understood[0] if words.own else next(one for one in words.understood if one.code == words.language)
    names = sorted(TABLES, key=lambda name: name == "metrics")  # what people fill in by hand comes first
    sheets = tuple(_sheet(name, tables.get(name, ()), language, words, spare_rows) for name in names)
    number = words.text("number_format")
    date = words.text("date_format")
    book = Book(sheets, colour=colour, paper=words.paper, date_format=date, number_format=number,
                amount_format=f"{number}.00")  # fmt: skip
    return write_workbook(book)


def _sheet(name: str, rows: Sequence[Row], language: Language, words: Words, spare_rows: int) -> Sheet:
    fields = TABLES[name].model_fields
    names = [column for column in fields if column != _SEVERAL or any(row.get(_SEVERAL) for row in rows)]
    columns = tuple(_column(name, column, fields[column], language, words) for column in names)
    cells = [tuple(cell_of(name, column, row.get(column), language) for column in names) for row in rows]
    return Sheet(titled(language.sheet(name)), columns, cells, spare_rows=spare_rows)


def _column(table: str, name: str, field: FieldInfo, language: Language, words: Words) -> Column:
    kind, look = behind(field.annotation), _look(field)
    choices: tuple[str, ...] = ()
    if isinstance(kind, type) and issubclass(kind, Word):
        choices = tuple(language.word(kind, word) for word in kind)
    key = f"note.{table}.{name}"
    said = [words.text(key)] if words.has(key) else []
    said += [words.text("one_of", words=words.either(choices))] if choices else []
    said += [words.text("needed")] if field.is_required() else []
    least, most = _WIDTHS.get(look, (14, 40))
    header = titled(language.header(table, name).replace("_", " "))
    return Column(header, look, least, most, choices, "\n".join(said), field.is_required())


def _look(field: FieldInfo) -> Look:
    kind = behind(field.annotation)
    if kind is dt.date:
        return Look.DATE
    if kind is int:
        return Look.NUMBER
    if kind is Decimal:
        return Look.AMOUNT if "decimal_places" in repr(field.metadata) else Look.FIGURE
    return Look.TEXT


def titled(text: str) -> str:
    """A header as a workbook shows it."""
    return text[:1].upper() + text[1:]


def cell_of(table: str, column: str, value: Any, language: Language) -> Value:
    """The value as a cell of the table holds it without loss; text that its model reads becomes what it means.

    It stays text where a spreadsheet's number or day would be another.
    """
    match value_of(TABLES[table], column, value) if isinstance(value, str) else value:
        case Word() as word:
            return language.word(type(word), word)
        case Decimal() | int() as number:
            digits = len(Decimal(number).normalize().as_tuple().digits)
            return number if digits <= _DIGITS else f"{Decimal(number):f}"
        case dt.date() as day:
            return day if day >= _FIRST_DAY else day.isoformat()
        case other:
            return str(other) if other is not None else None
