"""What tables say about each other, about the settings and about the client's files.

Role: rules over rows that their models already accept: duplicates, dates in the wrong order within a row, metrics
that nobody defined, another client's rows, paths that lead to no file. Pure: the list of files is an argument.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from handover.languages.metric_labels import labels
from handover.model import metrics as catalogue
from handover.model.artifact import AssetSource
from handover.model.did_you_mean import MOST_GUESSES, did_you_mean
from handover.model.errors import Finding, Severity, SourceLocation
from handover.model.message import all_of, counted, msg
from handover.model.rows import (
    TABLES,
    AccountRow,
    AccountStatus,
    AssetRow,
    Decision,
    InvoiceRow,
    MetricRow,
    MilestoneRow,
    PendingRow,
    PendingStatus,
    RoutineRow,
    TrainingRow,
)
from handover.model.sources import Row, shown
from handover.project.check.currencies import is_other, minor_units, not_in, sign_of
from handover.project.check.settings import View
from handover.project.check.tables import MAX_FINDINGS, Located, M, good_cells
from handover.project.read.text import identifier_of

MAX_COMPARED = 1_000

_URL = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


@dataclass(slots=True)
class Rows:
    """The rows of every table that could be read; a table that couldn't is empty here."""

    metrics: list[Located[MetricRow]] = field(default_factory=list)
    pending: list[Located[PendingRow]] = field(default_factory=list)
    assets: list[Located[AssetRow]] = field(default_factory=list)
    accounts: list[Located[AccountRow]] = field(default_factory=list)
    invoices: list[Located[InvoiceRow]] = field(default_factory=list)
    milestones: list[Located[MilestoneRow]] = field(default_factory=list)
    routines: list[Located[RoutineRow]] = field(default_factory=list)
    training: list[Located[TrainingRow]] = field(default_factory=list)
    refused: dict[str, list[Row]] = field(default_factory=dict)
    """Table → the rows that aren't in it above, because something in them is wrong."""

    def of(self, name: str) -> list[Located[Any]]:
        """The rows of the table called so."""
        rows: list[Located[Any]] = getattr(self, name)
        return rows


def check_rows(rows: Rows, view: View | None, files: Sequence[AssetSource] | None) -> Iterator[Finding]:
    """Everything that contradicts within and between the tables, and with the settings' tree.

    `files` is None when the client's files couldn't be listed; paths aren't checked then.
    """
    for name, (columns, severity) in _KEYS.items():
        yield from _repeated(rows, name, columns, severity)
    for row in rows.metrics:
        yield from _order(row, "exported_on", "date")
    yield from _pending(rows.pending, files)
    known = _Files(files)
    yield from (
        known.missing(row.place("path"), row.value.path) for row in rows.assets if not known.has(row.value.path)
    )
    currency = (view.text("options", "currency") if view is not None else None) or "EUR"
    yield from _invoices(rows.invoices, currency, view.date("letter", "date") if view is not None else None)
    if view is not None:
        yield from _metric_names(rows.metrics, view)
        yield from _accounts(rows.accounts, view.text("agency", "name"))
        if client := view.text("client", "id"):
            for name in TABLES:
                yield from _of_others(rows.of(name), client)


_KEYS: Final[Mapping[str, tuple[Sequence[str], Severity]]] = {
    "metrics": (("date", "metric"), Severity.ERROR),
    "pending": (("project",), Severity.WARNING),
    "assets": (("path",), Severity.ERROR),
    "accounts": (("service", "account"), Severity.WARNING),
    "invoices": (("number",), Severity.ERROR),
}
"""Table → what no two of its rows have in common, and how much it weighs where they do."""


def _repeated(rows: Rows, name: str, columns: Sequence[str], severity: Severity) -> Iterator[Finding]:
    """Rows with the same values in `columns` as an earlier one; what else is wrong in either doesn't hide that."""
    refused = rows.refused.get(name, ())
    keyed = [(row.row, tuple(getattr(row.value, column) for column in columns)) for row in rows.of(name)]
    keyed += [(row, key) for row in refused if (key := good_cells(row, TABLES[name], columns)) is not None]
    first: dict[Hashable, Row] = {}
    found = 0
    for row, key in sorted(keyed, key=lambda pair: pair[0].location) if refused else keyed:
        earlier = first.setdefault(_path_key(*key) if name == "assets" else key, row)
        if earlier is not row and found <= MAX_FINDINGS:
            found += 1
            message = msg(
                "this row has the same {columns} as line {line}", columns=all_of(columns), line=earlier.location.line
            )
            yield Finding(row.location, "table.duplicate-row", message, msg("keep one of the two rows"), severity)


def _order(row: Located[M], late: str, early: str) -> Iterator[Finding]:
    after: dt.date | None = getattr(row.value, late)
    before: dt.date | None = getattr(row.value, early)
    if after and before and after < before:
        message = msg(
            "`{late}` ({after}) is before `{early}` ({before})", late=late, after=after, early=early, before=before
        )
        yield row.error(late, "date.order", message, msg("correct one of the two dates"))


def _metric_names(rows: Sequence[Located[MetricRow]], view: View) -> Iterator[Finding]:
    """Metrics must be built in, defined in the settings, or (named by the settings) have values."""
    defined = set(view.keys("metrics"))
    known = defined | set(catalogue.BUILTIN)
    told: set[str] = set()
    unknown = [row for row in rows if row.value.metric not in known]
    called = {identifier_of(label): metric for label, metric in labels().items()} if unknown else {}
    for row in unknown:
        name = row.value.metric
        if name in told:
            continue
        if len(told) > MAX_FINDINGS:
            break
        told.add(name)
        guess = called.get(name, name)
        hint = did_you_mean(guess, [guess] if name in called else known) if len(told) <= MOST_GUESSES else ""
        define = msg("define it in handover.yaml under `metrics:` with `{name}: {{label: …, unit: …}}`", name=name)
        message = msg("the metric {name} is neither built in nor defined", name=name)
        hint = msg("{hint} or {define}", hint=hint, define=define) if hint else define
        yield row.error("metric", "metric.unknown", message, hint)
    for name in sorted(defined - set(catalogue.BUILTIN)):
        for key in ("label", "unit"):
            if view.text("metrics", name, key) is None:
                message = msg("isn't built in, so it needs `{key}`", key=key)
                view.error(("metrics", name), "metric.definition", message, msg("write {key}: below it", key=key))
    _names_in_settings(view, known | {row.value.metric for row in rows})


def _names_in_settings(view: View, known: Collection[str]) -> None:
    paths = [*view.items("report", "headline"), *((*at, "metric") for at in view.items("report", "left_out"))]
    paths += [("metrics", name, "weight") for name in view.keys("metrics")]
    for path in paths:
        if (name := view.text(*path)) and name not in known:
            hint = did_you_mean(name, known) or msg("name a metric of data/metrics.csv")
            view.error(path, "metric.unknown", msg("names a metric that doesn't exist: {name}", name=shown(name)), hint)


_DONE = {PendingStatus.IDEA: (0, 10), PendingStatus.NOT_STARTED: (0, 10), PendingStatus.DONE: (100, 100)}
"""The least and the most that is done of a project, where its status says so: a tenth may be preparation."""


def _pending(rows: Sequence[Located[PendingRow]], files: Sequence[AssetSource] | None) -> Iterator[Finding]:
    known = _Files(files)
    for row in rows:
        status, done = row.value.status, row.value.percent_done
        least, most = _DONE.get(status, (0, 100))
        if done is not None and not least <= done <= most:
            said = msg("is {percent_done} % of a project whose status is {status}", percent_done=done, status=status)
            hint = msg("write {most} or less, or another status", most=most)
            hint = msg("write {most}, or another status", most=most) if least else hint
            yield row.warning("percent_done", "pending.done", said, hint)
        if row.value.decision is Decision.CANCEL and (status is PendingStatus.DONE or done == 100):
            said = msg("`decision` is cancel, and `status` is {status}", status=status)
            if done is not None:
                said = msg("{said}, {percent_done} % done", said=said, percent_done=done)
            hint = msg("what is done isn't cancelled: write another decision, or where it really stands")
            yield row.warning("decision", "pending.cancelled", said, hint)
        text = row.value.files or ""
        if "/" in text and not _URL.match(text) and not text.startswith("www.") and not known.has(text):
            yield known.missing(row.place("files"), text)


def _invoices(rows: Sequence[Located[InvoiceRow]], default: str, letter: dt.date | None) -> Iterator[Finding]:
    """What is wrong in the rows by themselves, and in what they say was owed on the letter's date."""
    yield from _undue(rows)
    owed: dict[str, Decimal] = {}
    last: dict[str, Located[InvoiceRow]] = {}
    for row in rows:
        yield from _order(row, "due_date", "issued_on")
        yield from _order(row, "paid_on", "issued_on")
        currency = row.value.currency or default
        yield from _minor_units(row, currency)
        sign = sign_of(row.row.cells["amount"])
        if is_other(sign, currency):
            yield row.error("amount", "invoice.currency", *not_in(sign, currency))
        if letter is None:
            continue
        if not row.value.amount and row.value.issued_on <= letter and not row.value.is_settled(letter):
            message = msg("`amount` is 0, and `paid_on` ({paid_on}) is after the letter's date ({letter})",
                          paid_on=row.value.paid_on, letter=letter)  # fmt: skip
            yield row.error("amount", "invoice.then", message, msg("write what was open on that date"))
        if row.value.is_open(letter):
            owed[currency] = owed.get(currency, Decimal(0)) + row.value.amount
            if row.value.amount < 0:
                last[currency] = row
    for currency, row in last.items():
        if owed[currency] <= 0 and len(owed) > 1:
            message = msg("credit notes come to all that is open in {currency}, or more, and other currencies are open",
                          currency=currency)  # fmt: skip
            hint = msg("fill in `paid_on` for what is set off, and tell the client how the rest is paid back")
            yield row.error("amount", "invoice.credit", message, hint)


def _undue(rows: Sequence[Located[InvoiceRow]]) -> Iterator[Finding]:
    """Invoices without a due date; of a table without the column, the first of them."""
    lacking = [row for row in rows if row.value.due_date is None and row.value.amount >= 0]
    hint = msg("write when it must be paid, such as 2026-11-30; only a credit note, less than 0, needs none")
    for row in lacking:
        if "due_date" in row.row.cells or row is lacking[0]:
            yield row.error("due_date", "invoice.due", msg("`due_date` is missing"), hint)


def _minor_units(row: Located[InvoiceRow], currency: str) -> Iterator[Finding]:
    """An amount with more decimals than its currency has."""
    amount, most = row.value.amount, minor_units(currency)
    exponent = amount.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    if amount != round(amount, most):
        have = msg("{most} decimals", most=most) if most else msg("no decimals")
        message = counted(
            "`amount` has {count} decimal, and amounts in {currency} have {have}",
            "`amount` has {count} decimals, and amounts in {currency} have {have}",
            decimals,
            currency=currency,
            have=have,
        )
        message = msg("{message}: {amount}", message=message, amount=amount)
        yield row.error("amount", "invoice.decimals", message, msg("round it, or correct the currency"))


def _accounts(rows: Sequence[Located[AccountRow]], agency: str | None) -> Iterator[Finding]:
    """Accounts that have passed to the client and still belong to the agency, or are to pass to it."""

    def plain(text: str | None) -> str:
        return " ".join((text or "").split()).casefold()

    ours = plain(agency)
    under_way = {AccountStatus.TO_TRANSFER, AccountStatus.IN_PROGRESS}
    for row in rows:
        one = row.value
        owner, new = plain(one.current_owner), plain(one.new_owner)
        kept = one.new_owner is not None and new == owner
        if one.status in under_way and new and new == ours:
            said = msg("`status` is {status}, and `new_owner` is {new_owner}, who hands over", status=one.status,
                       new_owner=one.new_owner)  # fmt: skip
            hint = msg("write who owns it from then on, or leave it empty for the client")
            yield row.warning("status", "account.transferred", said, hint)
        if ours and ours in owner and one.status is AccountStatus.TRANSFERRED and not kept:
            said = msg("`status` is transferred, and `current_owner` is still {owner}", owner=one.current_owner)
            hint = msg("write who owns it today, or how far the transfer is: the inventory prints both")
            yield row.warning("current_owner", "account.transferred", said, hint)


def _of_others(rows: Sequence[Located[Any]], client: str) -> Iterator[Finding]:
    for row in rows:
        other = getattr(row.value, "client", None)
        if other is not None and other != client:
            message = msg("this row is another client's: {other}, not {client}", other=other, client=client)
            hint = msg("delete the row, or correct the client's id")
            yield row.error("client", "client.other", message, hint)


def _path_key(path: str) -> str:
    return unicodedata.normalize("NFC", path).strip("/").removeprefix("assets/")


class _Files:
    """The client's files and their folders by NFC path below `assets/`."""

    def __init__(self, files: Iterable[AssetSource] | None) -> None:
        self.paths: set[str] = set()
        self._guesses = 0
        self._listed = files is not None
        for file in files or ():
            path = _path_key(file.path)
            while path:
                self.paths.add(path)
                path = path.rpartition("/")[0]

    def has(self, path: str) -> bool:
        return not self._listed or _path_key(path) in self.paths or not _path_key(path)

    def missing(self, place: SourceLocation, path: str) -> Finding:
        """The finding for a path that leads to no file, with a guess for the first ones and of few enough files."""
        self._guesses += 1
        key = _path_key(path)
        near = self._near(key) if self._guesses <= MOST_GUESSES else ()
        hint = did_you_mean(key, near) or msg("write a file's or folder's path below assets/")
        return Finding(place, "path.no-file", msg("there is no assets/{key}", key=shown(key)), hint, Severity.WARNING)

    def _near(self, key: str) -> Collection[str]:
        """Which paths to compare with: all of them, or of very many those in the same folder or of the same name."""
        if len(self.paths) <= MAX_COMPARED:
            return self.paths
        folder, _, name = key.rpartition("/")
        alike = (p for p in self.paths if p.rpartition("/")[0] == folder or p.rpartition("/")[2] == name)
        return list(islice(alike, MAX_COMPARED))
