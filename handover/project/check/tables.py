"""A table's rows → row models, with every objection at its cell.

Role: normalises what columns hold (numbers per column, words trimmed) and hands each row to its model. What rows
mean together (duplicates, another client's row, metrics that nobody defined) is in `handover.project.check.references`.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from handover.languages.metric_labels import metric_called
from handover.languages.registry import Language, ours
from handover.model.base import Model, Word, behind, described
from handover.model.errors import Finding, Severity, SourceLocation
from handover.model.message import msg
from handover.model.rows import TABLES
from handover.model.sources import UNREADABLE, Cell, Row, Table, shown
from handover.project.check.currencies import amount_in
from handover.project.check.days import read_days
from handover.project.check.numbers import read_column
from handover.project.check.wording import complaint, missing_hint, whole_hint, words_allowed

M = TypeVar("M", bound=Model)
MAX_FINDINGS = 5_000
"""Objections to the rows of one table after which no further row is looked at."""


@dataclass(frozen=True, slots=True)
class Located(Generic[M]):
    """A row that its model accepts, and where it was read."""

    value: M
    row: Row

    def place(self, column: str) -> SourceLocation:
        """Where a cell is; the row's place when the table lacks the column."""
        cell = self.row.cells.get(column)
        return cell.location if cell else self.row.location

    def error(self, column: str, rule: str, message: str, hint: str = "") -> Finding:
        """An error at a cell."""
        return Finding(self.place(column), rule, message, hint)

    def warning(self, column: str, rule: str, message: str, hint: str = "") -> Finding:
        """A warning at a cell."""
        return Finding(self.place(column), rule, message, hint, Severity.WARNING)


def read_rows(
    table: Table,
    model: type[M],
    findings: list[Finding],
    refused: list[Row] | None = None,
    spoken: Language | None = None,
) -> list[Located[M]]:
    """The rows that the model accepts; objections to the others go to `findings`, the others to `refused`.

    Words of lists are named in the language `spoken`; without one, in that of the table's headers if it's ours.
    """
    spoken = spoken or next((one for one in ours() if one.code == table.language), None)
    numbers = _numbers(table, model, findings) | _days(table, model, findings)
    accepted = []
    before = len(findings)
    for index, row in enumerate(table.rows):
        if len(findings) - before > MAX_FINDINGS:
            findings.append(too_many(row.location))
            break
        if (value := _read(row, index, model, numbers, findings, spoken)) is not None:
            accepted.append(Located(value, row))
        elif refused is not None:
            refused.append(row)
    return accepted


def too_many(location: SourceLocation) -> Finding:
    """The finding for a table with so many mistakes that those from here on aren't listed."""
    message, hint = msg("the rest of this table was not looked at"), msg("correct what is listed, then run it again")
    return Finding(location, "table.too-many", message, hint)


def cell_values(table: Table) -> Iterator[dict[str, Any]]:
    """Each row's cells as the values that its model makes of them, and as the text that was typed where it makes none.

    For whoever writes a table again: nothing is lost, and blank cells are left out.
    """
    model = TABLES[table.name]
    unheard: list[Finding] = []
    read = _numbers(table, model, unheard) | _days(table, model, unheard)
    for index, row in enumerate(table.rows):
        values: dict[str, Any] = {}
        for column, cell in row.cells.items():
            if not cell.blank:
                values[column] = value_of(model, column, read.get((index, column)) or cell.text)
        yield values


def value_of(model: type[Model], column: str, text: str) -> Any:
    """What the model makes of a cell's text, and the text itself where it makes nothing of it."""
    with suppress(ValidationError):
        return _validated(model, column, text)
    return text


def good_cells(row: Row, model: type[Model], columns: Sequence[str]) -> tuple[Any, ...] | None:
    """The values of some columns of a row that the model refuses for others; None when one of these is wrong too.

    Numbers aren't read: their column decides their mark.
    """
    found = []
    for column in columns:
        field, cell = model.model_fields[column], row.cells.get(column)
        if cell is not None and not cell.blank:
            try:
                found.append(_validated(model, column, cell.text))
            except ValidationError:
                return None
        elif field.is_required():
            return None
        else:
            found.append(field.default)
    return tuple(found)


def _validated(model: type[Model], column: str, text: str) -> Any:
    return _adapter(model, column).validate_python(text.strip() if column in _typed(model) else text)


@cache
def _adapter(model: type[Model], column: str) -> TypeAdapter[Any]:
    field = model.model_fields[column]
    annotated: Any = Annotated[field.annotation, field]
    return TypeAdapter(annotated, config=model.model_config)


@cache
def _typed(model: type[Model]) -> frozenset[str]:
    """The columns in which surrounding white space means nothing: all but free text, where what was typed is kept."""
    return frozenset(
        name
        for name, field in model.model_fields.items()
        # An identifier is text with a pattern, stated on the field or inside `Identifier | None`.
        if behind(field.annotation) is not str or "pattern=" in repr((field.metadata, field.annotation))
    )


_Read = Mapping[tuple[int, str], str | None]
"""(Row index, column) → what was read together with other cells: None for one that has its finding."""


def _read(
    row: Row, index: int, model: type[M], numbers: _Read, findings: list[Finding], spoken: Language | None
) -> M | None:
    values: dict[str, str] = {}
    whole, typed = True, _typed(model)
    for column, cell in row.cells.items():
        text = numbers.get((index, column), cell.text)
        if text is None or cell.text == UNREADABLE:
            whole = False
        elif not cell.blank:
            values[column] = text.strip() if column in typed else text
    try:
        accepted = model.model_validate(values)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            # Columns that are missing, cells that are unreadable and numbers that aren't have their findings already.
            column = str(detail["loc"][0])
            there = row.cells.get(column)
            if there is not None and there.text != UNREADABLE and numbers.get((index, column), "") is not None:
                findings.append(_objection(there, column, detail, described(model).model_fields[column], spoken))
        return None
    return accepted if whole else None


def _objection(cell: Cell, column: str, detail: Any, field: FieldInfo, spoken: Language | None) -> Finding:
    if detail["type"] == "missing":
        message = msg("`{column}` is empty", column=column)
        word = behind(field.annotation)
        if not (isinstance(word, type) and issubclass(word, Word)):
            return Finding(cell.location, "table.empty-cell", message, missing_hint(field))
        words = ", ".join(words_allowed(word, spoken))
        return Finding(cell.location, "table.empty-cell", message, msg("write one of: {words}", words=words))
    rule, message, hint = complaint(detail, field, spoken)
    if column == "metric" and (metric := metric_called(cell.text)):
        hint = msg("write {expected}", expected=metric)
    return Finding(cell.location, rule, msg("`{column}` {message}", column=column, message=message), hint)


def _days(table: Table, model: type[Model], findings: list[Finding]) -> dict[tuple[int, str], str | None]:
    """(Row index, column) → the day that a cell means, where it is written as people or spreadsheets do; None for a
    cell that can mean two days and has its finding.

    All columns of dates are read together: one program saved them, so one that tells the order tells it for all.
    """
    columns = [name for name in table.columns if behind(model.model_fields[name].annotation) is dt.date]
    places = [(index, column) for column in columns for index in range(len(table.rows))]
    cells = [table.rows[index].cells[column] for index, column in places]
    months = {name: "month_or_day" in repr(model.model_fields[name].metadata) for name in columns}
    days = read_days([cell.text for cell in cells], [months[name] for _, name in places])
    found: dict[tuple[int, str], str | None] = {
        place: day for place, cell, day in zip(places, cells, days.texts, strict=True) if day != cell.text
    }
    for at, (one, other) in days.either.items():
        found[places[at]] = None
        message = msg(
            "`{column}` can be {one} or {other}, and the table's other dates don't tell which: {text}",
            column=places[at][1], one=one, other=other, text=shown(cells[at].text),
        )  # fmt: skip
        hint = msg("write {one} or {other}", one=one, other=other)
        findings.append(Finding(cells[at].location, "date.ambiguous", message, hint))
    return found


def _numbers(table: Table, model: type[Model], findings: list[Finding]) -> dict[tuple[int, str], str | None]:
    """(Row index, column) → plain decimal text, or None for a cell that is no number and has its finding."""
    found: dict[tuple[int, str], str | None] = {}
    for column in table.columns:
        kind = behind(model.model_fields[column].annotation)
        if kind not in {Decimal, int}:
            continue
        whole = kind is int
        cells: list[tuple[int, Cell]] = []
        for index, row in enumerate(table.rows):
            cell = row.cells[column]
            if cell.exact:
                found[index, column] = cell.text
            elif not cell.blank and cell.text != UNREADABLE:
                cells.append((index, cell))
        read = read_column([cell.text if whole else amount_in(cell.text)[0] for _, cell in cells])
        for position, (index, cell) in enumerate(cells):
            found[index, column] = read.plain[position]
            if position in read.wrong:
                rule, message, hint = read.wrong[position]
                said = msg("`{column}` {message}: {text}", column=column, message=message, text=shown(cell.text))
                hint = whole_hint(model.model_fields[column]) if whole else hint
                findings.append(Finding(cell.location, rule, said, hint))
    return found
