"""What was seen as the project's tables: metrics of all exports together, and each table as a file.

Role: rows → bytes by path. `written` is the one place that knows in which form tables are kept. A value that two
exports tell differently is nobody's guess: the later file is left out and told.
"""

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from handover.importers.metrics import Merge, edited, merge
from handover.intake.exports import why_not
from handover.intake.seen import Metrics
from handover.languages import registry
from handover.languages.registry import Language, word_list
from handover.model.base import Model
from handover.model.message import msg
from handover.model.rows import MetricRow


class Taken(NamedTuple):
    """The metrics of all exports, and those of which nothing was taken."""

    rows: tuple[MetricRow, ...]
    left_out: tuple[tuple[str, str], ...]


def merged_metrics(exports: Sequence[Metrics]) -> Taken:
    """Every export's rows, file by file: what agrees is taken once."""
    rows: list[MetricRow] = []
    left: list[tuple[str, str]] = []
    for one in exports:
        if why := why_not(one.imported):
            left.append((one.file, msg("nothing is taken of it: {why}", why=why)))
            continue
        found = merge(rows, one.imported.rows)
        if found.findings:
            left.append((one.file, msg("nothing is taken of it: {why}", why=found.findings[0].message)))
        elif found.changed:
            old, new = found.changed[0]
            why = msg(
                "{metric} of {date} is {new} there and {old} in another export",
                metric=new.metric, date=new.date, new=new.value, old=old.value,
            )  # fmt: skip
            left.append((one.file, msg("nothing is taken of it: {why}", why=why)))
        else:
            rows += found.added
    return Taken(tuple(rows), tuple(left))


def written(tables: Mapping[str, Sequence[Model]], code: str, empty: Mapping[str, bytes]) -> dict[str, bytes]:
    """Each table as a file of the project, by path; `empty` holds the files with the headers alone."""
    spoken = registry.language(code)
    files = {}
    for name, rows in tables.items():
        path = f"data/{name}.csv"
        if not rows:
            continue
        if name == "metrics":
            added = tuple(row for row in rows if isinstance(row, MetricRow))
            files[path] = edited(empty[path], path, Merge(added, (), 0), (spoken,))
        else:
            files[path] = empty[path] + _lines(rows, spoken)
    return files


def _lines(rows: Sequence[Model], spoken: Language) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=spoken.delimiter, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(value, spoken) for _, value in row])
    return buffer.getvalue().encode()


def _cell(value: Any, spoken: Language) -> str:
    """A value as the language's spreadsheets show it; a word of a list in the language's own spelling."""
    if value is None:
        return ""
    if isinstance(value, StrEnum):
        spellings = spoken.words.get(word_list(type(value)), {})  # type: ignore[arg-type]  # words of lists are such
        return next((text for text, means in spellings.items() if means == value), str(value))
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", "," if spoken.delimiter == ";" else ".")
    return str(value)
