"""The project's own table of metrics with an import in it, and otherwise as it was found.

Role: `edited` adds and changes records of `data/metrics.csv` and leaves every other byte: separator, decimal mark, byte
order mark, line ends, columns and their language, order of rows, long form or wide. Pure: the caller reads and writes.
"""

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from handover.importers.metrics.merge import Merge
from handover.languages.registry import START, Language
from handover.model.characters import folded
from handover.model.errors import OutputError
from handover.model.message import msg
from handover.model.rows import MetricRow
from handover.model.sources import Cell
from handover.project.check.numbers import decimal_mark
from handover.project.read.csv_table import delimiter_of, read_csv_records
from handover.project.read.table import known_headers

_TABLE = "metrics"
_LATE = ("source", "exported_on")
"""Columns that may be added."""

_MONTH = re.compile(r"\s*[0-9]{4}-[0-9]{2}\s*")
_LIKE_A_GROUP = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")


def edited(content: bytes, file: str, merged: Merge, languages: Sequence[Language]) -> bytes:
    """The table's bytes with the merge's rows added and changed. `content` must be a table that could be read, with
    headers in any of the languages.

    Raises OutputError where a wide table has no place for what a row says.
    """
    text = content.removeprefix(BOM_UTF8).decode()
    end = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    delimiter = delimiter_of(text, file, _TABLE, languages)
    records = [_Record(list(cells), raw) for cells, raw in read_csv_records(text, file, delimiter)]
    known = known_headers(_TABLE, languages)
    at = next(n for n, record in enumerate(records) if any(not cell.blank for cell in record.cells))
    columns = [known.get(folded(cell.text), "") for cell in records[at].cells]
    style = _style(records[at], records[at + 1 :], columns, delimiter)
    if {"date", "metric", "value"} <= set(columns):
        _widen_for(merged, records, at, columns, languages)
        _long(records, at, columns, merged, style)
    else:
        _wide(records, at, merged, style, file)
    lines = [record.raw if record.fields is None else _line(record.fields, delimiter) for record in records]
    bom = BOM_UTF8 if content.startswith(BOM_UTF8) else b""
    return bom + "".join(line + "\n" for line in lines).replace("\n", end).encode()


@dataclass(slots=True)
class _Record:
    """A record as it was read, and its new fields where it changes."""

    cells: list[Cell] = field(default_factory=list)
    raw: str = ""
    fields: list[str] | None = None

    def texts(self, width: int = 0) -> list[str]:
        """The fields as they stand, at least `width` of them."""
        texts = self.fields if self.fields is not None else [cell.text for cell in self.cells]
        return [*texts, *[""] * (width - len(texts))]


class _Style(NamedTuple):
    """How the table writes decimals and months."""

    mark: str
    months: bool

    def value(self, value: Decimal) -> str:
        """The number with the table's mark, written so that its mark can't be taken for a group's."""
        text = format(value, "f").replace(".", self.mark)
        return f"{text}0" if _LIKE_A_GROUP.fullmatch(text) else text

    def date(self, row: MetricRow, *, monthly: bool) -> str:
        """The day, or the month where the table writes months so."""
        return f"{row.date:%Y-%m}" if self.months and monthly else row.date.isoformat()


def _style(head: _Record, body: Sequence[_Record], columns: Sequence[str], delimiter: str) -> _Style:
    values = columns.index("value") if "value" in columns else None
    dates = columns.index("date") if "date" in columns else 0
    texts = [
        cell.text
        for record in body
        for at, cell in enumerate(record.cells)
        if (at == values if values is not None else at > 0) and not cell.blank
    ]
    mark = decimal_mark(texts) or ("," if delimiter == ";" else ".")
    written = [record.cells[dates].text for record in body if dates < len(record.cells)]
    written += [cell.text for cell in head.cells]
    months = any(_MONTH.fullmatch(text) for text in written)
    return _Style(mark, months)


def _widen_for(
    merged: Merge, records: list[_Record], at: int, columns: list[str], languages: Sequence[Language]
) -> None:
    """Add the columns that the merge's rows need and the table lacks, in the language of most of its headers."""
    new = [*merged.added, *(after for _, after in merged.changed)]
    texts = {folded(cell.text) for cell in records[at].cells}
    spoken = max(languages, key=lambda one: (len(texts & set(one.headers[_TABLE])), one.code == START))
    for column in _LATE:
        if column not in columns and any(getattr(row, column) is not None for row in new):
            for record in records[at:]:  # empty but for its header
                if any(text.strip() for text in record.texts()):
                    record.fields = [*record.texts(), spoken.header(_TABLE, column) if record is records[at] else ""]
            columns.append(column)


def _long(records: list[_Record], at: int, columns: list[str], merged: Merge, style: _Style) -> None:
    lines = {
        (record.texts()[columns.index("date")].strip(), record.texts()[columns.index("metric")].strip()): record
        for record in records[at + 1 :]
        if len(record.texts()) == len(columns)
    }
    for old, after in merged.changed:
        keys = [(text, old.metric) for text in (old.date.isoformat(), f"{old.date:%Y-%m}")]
        record = next(lines[key] for key in keys if key in lines)
        record.fields = _fields(after, columns, style, record.texts())
    daily = {row.metric for row in merged.added if row.date.day != 1}
    for row in merged.added:
        day = style.date(row, monthly=row.metric not in daily)
        records.append(_Record(fields=_fields(row, columns, style, [], day)))


def _fields(row: MetricRow, columns: Sequence[str], style: _Style, old: Sequence[str], day: str = "") -> list[str]:
    texts = {
        "date": day,
        "metric": row.metric,
        "value": style.value(row.value),
        "source": row.source or "",
        "exported_on": row.exported_on.isoformat() if row.exported_on else "",
    }
    # A figure that was corrected has the source that it had; the day of export was the old value's.
    kept = {"date", "metric", *(() if row.source else ("source",))} if old else set()
    return [
        old[n] if old and (column in kept or column not in texts) else texts.get(column, "")
        for n, column in enumerate(columns)
    ]


def _wide(records: list[_Record], at: int, merged: Merge, style: _Style, file: str) -> None:
    """Months down and a metric per column, or the reverse; it has no place for a day of export, nor for a source."""
    new = [*merged.added, *(after for _, after in merged.changed)]
    if any(row.exported_on for row in new):
        message = msg("months and metrics stand across each other there, with no column for the day of export")
        hint = msg("give it the columns date, metric, value, exported_on, or import without --exported-on")
        raise OutputError.at(file, message, hint=hint)
    head, body = records[at], [record for record in records[at + 1 :] if any(text.strip() for text in record.texts())]
    months_across = any(_day(text) for text in head.texts()[1:])
    daily = {row.metric for row in new if row.date.day != 1}
    for row in new:
        day = style.date(row, monthly=row.metric not in daily)
        down, across = (row.metric, day) if months_across else (day, row.metric)
        column = _place(head.texts(), across)
        if column is None:
            column = len(head.texts())
            head.fields = [*head.texts(), across]
        place = _place(["", *(record.texts(1)[0] for record in body)], down)
        if place is None:
            body.append(_Record(fields=[down]))
            records.append(body[-1])
            place = len(body)
        record = body[place - 1]
        record.fields = record.texts(column + 1)
        record.fields[column] = style.value(row.value)
    for record in body:
        if len(record.texts()) < len(head.texts()):
            record.fields = record.texts(len(head.texts()))


def _place(texts: Sequence[str], name: str) -> int | None:
    """Where a metric or a day stands among headers, the first one left out."""
    wanted = _day(name) or name
    return next((at for at, text in enumerate(texts) if at and (_day(text) or text.strip()) == wanted), None)


def _day(text: str) -> str:
    """`2026-03` and `2026-03-01` alike; empty for what is no date."""
    match = re.fullmatch(r"\s*([0-9]{4}-[0-9]{2})(-[0-9]{2})?\s*", text)
    return f"{match[1]}{match[2] or '-01'}" if match else ""


def _line(fields: Sequence[str], delimiter: str) -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="").writerow(fields)
    return stream.getvalue()
