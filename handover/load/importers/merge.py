"""Imported rows into a project's table of metrics: what is new, what is the same, what would be overwritten.

Role: `merge` compares and never decides: whoever calls it asks the user before `changed` rows replace others.
`as_csv` writes the table. Pure; reading and writing the file is the caller's.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handover.load.importers.base import ImportedRow
from handover.model import MetricRow

HEADER = ("date", "metric", "value", "source", "exported_on")


@dataclass(frozen=True, slots=True)
class Merge:
    """The table after the import, and what the import does to it."""

    rows: tuple[MetricRow, ...]
    """Every row, old ones in their order, then the new ones; changed rows hold the imported value."""
    added: tuple[MetricRow, ...]
    changed: tuple[tuple[MetricRow, MetricRow], ...]
    """Pairs of a row and what would replace it."""
    same: int
    """Rows that were there already with the same value."""


def merge(existing: Sequence[MetricRow], imported: Iterable[ImportedRow]) -> Merge:
    """Match rows by date and metric."""
    table = {(row.date, row.metric): row for row in existing}
    added: list[MetricRow] = []
    changed: list[tuple[MetricRow, MetricRow]] = []
    same = 0
    for item in imported:
        row = MetricRow(
            date=item.date, metric=item.metric, value=item.value, source=item.source, exported_on=item.exported_on
        )
        key = (row.date, row.metric)
        old = table.get(key)
        if old is None:
            added.append(row)
        elif old.value == row.value:
            same += 1
            continue
        else:
            changed.append((old, row))
        table[key] = row
    return Merge(tuple(table.values()), tuple(added), tuple(changed), same)


def as_csv(rows: Iterable[MetricRow]) -> bytes:
    """`data/metrics.csv`: UTF-8, canonical English headers, plain decimals."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    for row in rows:
        day = row.date.isoformat()
        value = format(row.value, "f")
        exported = row.exported_on.isoformat() if row.exported_on else ""
        writer.writerow([day, row.metric, value, row.source or "", exported])
    return stream.getvalue().encode()
