"""Google Analytics 4, report as CSV: comments, then a table; several such blocks in one file.

An exploration has both dates in one comment, its totals first, and a word for them beside the table.

Role: finds the blocks, their date range and their dates ("Nth day" counts from the block's start). Rates are 0–1 in
this format. Total rows, the trailing commas that Excel adds to comments, and blank lines are left out. A block
without dates gives a month's value only when its range is exactly one month and it has a total. A table of some users
only, or one that compares, is refused: a part isn't the whole.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from handover.compare.periods import first_day, month_of
from handover.importers.importer import Importer
from handover.importers.metrics.base import (
    TOTALS,
    Grid,
    Imported,
    Knowledge,
    Options,
    Record,
    by_header,
    dated,
    filtered,
    grid,
    head,
    problem,
    span_in,
)
from handover.importers.metrics.columns import build, choose, only_part
from handover.importers.metrics.headers import metrics_of, names_of
from handover.model.errors import Finding, SourceLocation
from handover.model.message import later, msg
from handover.model.metrics import BUILTIN
from handover.model.sources import Cell
from handover.project.read.dates import is_whole_month, read_date
from handover.project.read.text import fold

NAME = "ga4"
COLUMNS = metrics_of(NAME)
"""What GA4 calls what the catalogue knows. Key events (conversions) are whatever the site's owner made them: they
are imported only when the user says which metric they are."""

_START = re.compile(
    r"#\s*(?:start date|date de debut|startdatum|fecha de inicio|data di inizio|data de inicio)\s*:\s*([0-9]{8})"
)
_END = re.compile(
    r"#\s*(?:end date|date de fin|enddatum|fecha de (?:finalizacion|fin)|data di fine|data de termino)\s*:\s*([0-9]{8})"
)
_ESTIMATED = re.compile(r"#.*(?:\bsampl|echantillon|threshold|seuil)")
"""Comments that say that figures are estimates or that small groups were hidden."""

MAX_BLOCKS = 1_000
_NTH = re.compile(r"(?:nth (day|week|month)|n-?ieme (jour|semaine|mois))")
_OFFSET = re.compile(r"[0-9]{1,5}")
_ABSOLUTE = names_of(NAME, "dates")
_MONTHS = names_of(NAME, "months")
_TOTALS = TOTALS | {""}
_RANGE = names_of(NAME, "ranges")
_COMPARISON = names_of(NAME, "comparisons")
"""Columns whose rows overlap: each holds a part of the whole again, or the whole once more."""

_EVERYBODY = names_of(NAME, "everybody")
_CONDITION = re.compile(
    r"#.*\b(?:exactly matches|matches exactly|does not (?:exactly )?match|contains|begins with|matches regex|"
    r"correspond(?:ance)? exacte?(?:ment)?|ne correspond pas|contient|commence par|entspricht genau|enthalt|"
    r"coincide exactamente|contiene)\b"
)
"""Comments that say what was filtered; a property may be called by any other word."""
_RULE = re.compile(r"#\s*-{3,}")
_NUMBER = re.compile(r"[<>~\s]*-?[0-9][0-9.,%\s\u00a0\u202f]*")
_NUMBERED = re.compile(r"\b(?:hour|heure|day|jour|week|semaine|minute|year|annee|age|id|number|numero)\b")
"""Words of a folded header that say of its numbers that they name something."""


@dataclass(slots=True)
class _Block:
    """One table of the file with the range that its comments tell."""

    start: dt.date | None = None
    end: dt.date | None = None
    rows: Grid = field(default_factory=list)
    part: Cell | None = None
    """The comment that names a comparison or segment, where the table isn't of all users."""


def recognises(content: bytes, file: str) -> bool:
    """Whether the file begins with GA4's comments."""
    return file.lower().endswith(".csv") and any(map(_tells_dates, head(content)))


def _tells_dates(line: str) -> bool:
    folded = fold(line).strip('"')
    return bool(_START.match(folded) or span_in(folded))


def lacks(content: bytes, file: str) -> str:
    """Which mark of this format the file hasn't, or an empty text. Rates of any other file aren't 0–1."""
    rows, _ = grid(content, file)
    dated = any(_tells_dates(row[0].text) for row in rows if row)
    return "" if dated else msg("the comment “# Start date: …” above its table")


def read(content: bytes, file: str, options: Options) -> Imported:
    """The dated values of every block."""
    rows, findings = grid(content, file)
    findings += _estimates(rows)
    blocks = _blocks(rows)
    if len(blocks) > MAX_BLOCKS:
        message = msg("this file has {count:,} tables; {most:,} are the limit", count=len(blocks), most=MAX_BLOCKS)
        place = blocks[0].rows[0][0].location
        return Imported(NAME, (), (problem(place, "too-many", message, msg("export fewer at once")),))
    seen: list[Imported] = []
    for block in blocks:
        records, headers, wrong = _records(block)
        findings += wrong
        split = _dimensions(headers, records, options)
        knowledge = Knowledge(NAME, "GA4", COLUMNS, rates_are_shares=True, several_a_date=True, split_by=split)
        made = build(records, headers, knowledge, options)
        seen.append(made)
        if not any(row.metric in BUILTIN for row in made.rows):
            continue
        if part := only_part(records, split):
            findings.append(part)
        if block.part is not None:
            findings.append(filtered(block.part.location, msg("“{text}”", text=block.part.text.strip("# ,"))))
    return Imported(
        NAME,
        tuple(row for part in seen for row in part.rows),
        (*findings, *(finding for part in seen for finding in part.findings)),
        tuple(dict.fromkeys(header for part in seen for header in part.unused)),
        tuple(dict.fromkeys(header for part in seen for header in part.columns)),
    )


def _blocks(rows: Grid) -> list[_Block]:
    blocks: list[_Block] = []
    current, comments = _Block(), list[Cell]()
    for row in rows:
        first = row[0].text.strip() if row else ""
        if first.startswith("#"):
            if current.rows:
                blocks.append(current)
                # A later block may leave out its dates: the file's first ones hold until others come.
                current, comments = _Block(current.start, current.end), []
            folded = fold(first)
            if start := _dated(_START, folded):
                current.start, current.part = start, current.part or _segment(comments)
            current.end = _dated(_END, folded) or current.end
            comments.append(row[0])
            if _CONDITION.match(folded):
                current.part = row[0]
            if span := span_in(folded):  # an exploration's
                current.start, current.end = span
                current.part = current.part or _segment(comments)
        elif all(cell.blank for cell in row):
            if current.rows:
                blocks.append(current)
                current, comments = _Block(current.start, current.end), []
        else:
            current.rows.append(row)
    return [*blocks, *([current] if current.rows else [])]


def _segment(comments: Sequence[Cell]) -> Cell | None:
    """The comment between the second rule and the dates that names not all users."""
    rules = [at for at, comment in enumerate(comments) if _RULE.match(fold(comment.text))]
    if len(rules) < 2:
        return None
    said = [(comment, fold(comment.text).strip("# ,")) for comment in comments[rules[-1] + 1 :]]
    named = [comment for comment, text in said if text and text not in _EVERYBODY and not _ESTIMATED.match(f"#{text}")]
    return named[0] if named else None


def _estimates(rows: Grid) -> list[Finding]:
    """What the comments say about sampling and thresholds, as warnings: such figures are estimates."""
    said, hint = later("the file says: “{text}”"), msg("say so in the metric's `source`, or export a shorter span")
    told = [row[0] for row in rows if row and _ESTIMATED.match(fold(row[0].text))]
    return [
        problem(cell.location, "estimate", msg(said, text=cell.text.strip("# ,")), hint, warning=True) for cell in told
    ]


def _dated(pattern: re.Pattern[str], text: str) -> dt.date | None:
    match = pattern.match(text)
    return read_date(match[1]) if match else None


def _records(block: _Block) -> tuple[list[Record], list[str], list[Finding]]:
    """The dated records of a table, the headers of what they hold, and what is wrong."""
    header, *body = block.rows
    names = [fold(cell.text) for cell in header]
    if overlapping := _overlapping(header, names, body):
        return [], [], [overlapping]
    column = next((at for at, name in enumerate(names) if name in _ABSOLUTE or _NTH.fullmatch(name)), None)
    if column is None:
        undated, findings = _undated(block, header, body)
        return undated, [cell.text for cell in header[1:]], findings
    if (match := _NTH.fullmatch(names[column])) and (match[1] or match[2]) in {"week", "semaine"}:
        message = msg("this export is by week, and weeks belong to no month")
        return [], [], [problem(header[column].location, "no-dates", message, msg("export it by day or by month"))]
    detail = [row for row in body if fold(row[column].text if column < len(row) else "") not in _TOTALS]
    days = (_day(row[column].text, names[column], block) for row in detail)
    wrong = (later("{text!r} is no date of the file's range"), msg("export it with the dimension “Date”"))
    span, by_month = (block.start, block.end), names[column] in _MONTHS
    records, findings = dated(header, zip(days, detail, strict=True), column, wrong, span, by_month=by_month)
    return records, [cell.text for at, cell in enumerate(header) if at != column], findings


def _overlapping(header: Sequence[Cell], names: Sequence[str], body: Grid) -> Finding | None:
    """The finding for a table whose rows aren't parts of one whole: two ranges of dates, or a comparison."""
    dated = bool(_ABSOLUTE & set(names))
    for at, name in enumerate(names):
        held = {fold(row[at].text) for row in body if at < len(row)} - {""}
        if name in _RANGE and (not dated or len(held) > 1):
            message = msg("this export compares two date ranges")
            return problem(header[at].location, "two-ranges", message, msg("export each range on its own"))
        if name in _COMPARISON and (len(held) > 1 or not held <= _EVERYBODY):
            said = later("the rows of the column {text!r} overlap: each holds users of the others")
            hint = msg("export it without comparisons and segments")
            return problem(header[at].location, "comparison", msg(said, text=header[at].text), hint)
    return None


def _dimensions(headers: Sequence[str], records: Sequence[Record], options: Options) -> tuple[str, ...]:
    """The headers of what several records of a date are parts by: what is no metric, and no number of one."""
    found = []
    for header in headers:
        texts = [cells[header].text for _, cells in records if header in cells and not cells[header].blank]
        counted = all(_NUMBER.fullmatch(text) for text in texts) and not _NUMBERED.search(fold(header))
        if choose(header, options, COLUMNS) is None and not counted:
            found.append(header.strip())
    return tuple(found)


def _day(text: str, name: str, block: _Block) -> dt.date | None:
    """The day that is written, or the so many of the block's range; None for none, and for one after its end."""
    match = _NTH.fullmatch(name)
    if not match:
        return read_date(text)
    if block.start is None or not _OFFSET.fullmatch(text.strip()):
        return None
    by_month = (match[1] or match[2]) in {"month", "mois"}
    try:
        day = first_day(month_of(block.start) + int(text)) if by_month else block.start + dt.timedelta(int(text))
    except (ValueError, OverflowError):  # past the year 9999
        return None
    return None if block.end and day > block.end else day


def _undated(block: _Block, header: Sequence[Cell], body: Grid) -> tuple[list[Record], list[Finding]]:
    """A table by channel or page: its total is the month's value, when its range is one month."""
    total = next((row for row in body if fold(row[0].text) in _TOTALS), None)
    place = header[0].location if header else SourceLocation("")
    if not (block.start and block.end and is_whole_month(block.start, block.end)):
        message = msg("the table by {text!r} has no dates, and its range isn't one month", text=header[0].text)
        return [], [problem(place, "no-dates", message, msg("export it by date, or month by month"), warning=True)]
    if total is None:
        message = msg("the table by {text!r} has no row with the total", text=header[0].text)
        return [], [problem(place, "no-total", message, msg("export it by date"), warning=True)]
    return [(block.start, by_header(header[1:], total[1:]))], []


IMPORTER = Importer(
    NAME, "GA4", msg("Reports, a report by date, Share, Download file, CSV; an exploration: Export data, CSV"),
    ("csv",), recognises, read, lacks,
)  # fmt: skip
