"""Copies of the metrics, the pending projects and the list of files, for spreadsheets and programs.

Role: renders `data/metrics.csv`, `data/pending.csv` and `data/assets.csv`. Columns are the canonical English ones
(docs/project.md) in every language, so that a program finds them. RFC 4180: commas, CRLF, a header row; UTF-8
with a byte-order mark, without which Excel shows accents as two characters. No credential, account or invoice
is ever copied.

A spreadsheet runs text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return: such text gets an
apostrophe in front. So does text that already has apostrophes in front of one of these; taking one apostrophe off
whatever matches `RUNS` therefore always gives the original back. Numbers and dates stay as they are.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial

from handover.documents.asset_notes import AssetNotes
from handover.documents.base import Deliverable, RenderInput
from handover.model.artifact import Role
from handover.model.rows import TABLES

RUNS = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""The beginning of text that some spreadsheet would run, the full-width forms of the four signs included."""

_ASSET_COLUMNS = (
    "path", "kind", "width", "height", "duration", "size", "modified", "sha256", "owner", "licence",
    "transferable", "rights", "expires_on", "note",
)  # fmt: skip
"""Width and height in pixels, duration in seconds, size in bytes, `modified` in UTC."""

_Value = str | int | float | Decimal | dt.date | None


def _rows(given: RenderInput, table: str) -> bytes:
    """A table as a CSV: its rows in the project's order, words of lists in their canonical form."""
    # The client's id tells rows of several clients apart; here there is only one.
    columns = [name for name in TABLES[table].model_fields if name != "client"]
    return _csv(columns, ([getattr(row, name) for name in columns] for row in getattr(given.project, table)))


def _assets(given: RenderInput) -> bytes:
    """`data/assets.csv`: one row per packed file, with its digest and what is noted about it."""
    notes = AssetNotes(given.project.asset_notes)
    rows = []
    for record in given.assets:
        known, note = record.properties, notes.of(record.source.path)
        modified = record.modified.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        rows.append(
            [
                record.entry.name, known.kind, known.width, known.height, known.duration,
                record.entry.size, modified, record.entry.sha256, note.owner, note.licence, note.transferable,
                note.rights, note.expires_on, note.note,
            ]
        )  # fmt: skip
    return _csv(_ASSET_COLUMNS, rows)


def _csv(columns: Iterable[str], rows: Iterable[Iterable[_Value]]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_written(value) for value in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _written(value: _Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        # Without an exponent, which not every program reads.
        return f"{value:f}"
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    text = str(value)
    return f"'{text}" if isinstance(value, str) and RUNS.match(text) else text


def _copy(table: str, render: Callable[[RenderInput], bytes], *, needs_assets: bool = False) -> Deliverable:
    return Deliverable(
        id=f"data_{table}",
        role=Role.DATA,
        extension="csv",
        render=render,
        numbered=False,
        needs_assets=needs_assets,
        has_content=lambda project, _: bool(getattr(project, table)),
    )


METRICS_COPY = _copy("metrics", partial(_rows, table="metrics"))
PENDING_COPY = _copy("pending", partial(_rows, table="pending"))
ASSETS_COPY = _copy("assets", _assets, needs_assets=True)
"""The registry's lines for the copies."""
