"""What tables say about each other, about the settings and about the client's files.

Role: rules over rows that their models already accept: duplicates, dates in the wrong order within a row, metrics
that nobody defined, another client's rows, paths that lead to no file. Pure: the list of files is an argument.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence

from handover import metrics as catalogue
from handover.artifact import AssetSource
from handover.compare.coverage import change_of_step
from handover.compare.periods import period_problems
from handover.errors import Finding, Severity, SourceLocation
from handover.model import AccountRow, AssetRow, InvoiceRow, MetricRow, PendingRow, PendingStatus, Settings
from handover.sources import shown
from handover.validate.settings import View
from handover.validate.tables import Located, M
from handover.validate.wording import did_you_mean

_FAR_BEFORE, _FAR_AFTER = 25, 2
"""Years before and after the current period's end from which a value's date is taken for a slip."""

_URL = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class Rows:
    """The rows of every table that could be read; a table that couldn't is empty here."""

    def __init__(self) -> None:
        self.metrics: list[Located[MetricRow]] = []
        self.pending: list[Located[PendingRow]] = []
        self.assets: list[Located[AssetRow]] = []
        self.accounts: list[Located[AccountRow]] = []
        self.invoices: list[Located[InvoiceRow]] = []


def check_rows(rows: Rows, view: View | None, files: Sequence[AssetSource] | None, findings: list[Finding]) -> None:
    """Note everything that contradicts within and between the tables, and with the settings' tree.

    `files` is None when the client's files couldn't be listed; paths aren't checked then.
    """
    _metric_rows(rows.metrics, findings)
    _pending(rows.pending, files, findings)
    _assets(rows.assets, files, findings)
    _unique(rows.accounts, "service and account", lambda r: (r.service, r.account), findings, Severity.WARNING)
    _invoices(rows.invoices, findings)
    if view is not None:
        _metric_names(rows.metrics, view, findings)
        if client := view.text("client", "id"):
            _same_client(rows.pending, client, findings)
            _same_client(rows.assets, client, findings)
            _same_client(rows.accounts, client, findings)
            _same_client(rows.invoices, client, findings)


def check_metrics(settings: Settings, rows: Sequence[Located[MetricRow]], view: View) -> list[Finding]:
    """What the catalogue of metrics objects to, at its places, as warnings: the report prints caveats for it."""
    found = []
    for problem in catalogue.problems(settings, [row.value for row in rows]):
        place = rows[problem.row].place("value") if problem.row is not None else view.key_place(*problem.keys)
        found.append(Finding(place, problem.rule, problem.message, problem.hint, Severity.WARNING))
    found += _steps(settings, rows)
    found += _far(settings, rows)
    baseline, current = settings.periods.baseline, settings.periods.current
    if not baseline.start <= baseline.end < current.start <= current.end:
        return found  # an error already: what else is wrong with such spans helps nobody
    for unequal in period_problems(settings.periods):
        place = view.key_place(*unequal.keys)
        found.append(Finding(place, unequal.rule, unequal.message, unequal.hint, Severity.WARNING))
    return found


def _steps(settings: Settings, rows: Sequence[Located[MetricRow]]) -> list[Finding]:
    """Metrics that the report can't compare, since they have values by month first and by day later, or the reverse."""
    found = []
    by_metric: dict[str, list[Located[MetricRow]]] = {}
    for row in sorted(rows, key=lambda row: row.value.date):
        by_metric.setdefault(row.value.metric, []).append(row)
    for name, own in by_metric.items():
        day = change_of_step(catalogue.define(name, settings, {}), [row.value.date for row in own])
        if day is not None:
            first = next(row for row in own if row.value.date >= day)
            months_first = any(row.value.date.day != 1 for row in own if row.value.date >= day)
            before, after = ("month", "day") if months_first else ("day", "month")
            message = f"{name} has values by {before} before {day:%Y-%m} and by {after} from then on"
            hint = "such values can't be compared: give all of them by month, or all by day"
            found.append(Finding(first.place("date"), "metric.steps", message, hint, Severity.WARNING))
    return found


def _far(settings: Settings, rows: Sequence[Located[MetricRow]]) -> list[Finding]:
    """Values decades away from what is compared: a year was mistyped, and the chart would show nothing else."""
    end = settings.periods.current.end.year
    return [
        Finding(
            row.place("date"),
            "metric.far-date",
            f"{row.value.date.isoformat()[:7]} is far from the periods compared",
            "check the year",
            Severity.WARNING,
        )
        for row in rows
        if not end - _FAR_BEFORE <= row.value.date.year <= end + _FAR_AFTER
    ]


def _unique(
    rows: Iterable[Located[M]],
    columns: str,
    key: Callable[[M], Hashable],
    findings: list[Finding],
    severity: Severity = Severity.ERROR,
) -> None:
    first: dict[Hashable, Located[M]] = {}
    for row in rows:
        earlier = first.setdefault(key(row.value), row)
        if earlier is not row:
            findings.append(
                Finding(
                    row.row.location,
                    "table.duplicate-row",
                    f"this row has the same {columns} as line {earlier.row.location.line}",
                    "keep one of the two rows",
                    severity,
                )
            )


def _order(row: Located[M], late: str, early: str, findings: list[Finding]) -> None:
    after: dt.date | None = getattr(row.value, late)
    before: dt.date | None = getattr(row.value, early)
    if after and before and after < before:
        findings.append(
            Finding(
                row.place(late),
                "date.order",
                f"`{late}` ({after}) is before `{early}` ({before})",
                "correct one of the two dates",
            )
        )


def _metric_rows(rows: Sequence[Located[MetricRow]], findings: list[Finding]) -> None:
    _unique(rows, "date and metric", lambda r: (r.date, r.metric), findings)
    for row in rows:
        _order(row, "exported_on", "date", findings)


def _metric_names(rows: Sequence[Located[MetricRow]], view: View, findings: list[Finding]) -> None:
    """Metrics must be built in, defined in the settings, or (named by the settings) have values."""
    defined = set(view.keys("metrics"))
    known = defined | set(catalogue.BUILTIN)
    told: set[str] = set()
    for row in rows:
        name = row.value.metric
        if name in known or name in told:
            continue
        told.add(name)
        hint = did_you_mean(name, known)
        define = f"or define it in handover.yaml under `metrics:` with `{name}: {{label: …, unit: …}}`"
        findings.append(
            Finding(
                row.place("metric"),
                "metric.unknown",
                f"the metric {name} is neither built in nor defined",
                f"{hint} {define}" if hint else define.removeprefix("or "),
            )
        )
    for name in sorted(defined - set(catalogue.BUILTIN)):
        _defined_enough(view, name)
    _names_in_settings(view, known | {row.value.metric for row in rows})


def _defined_enough(view: View, name: str) -> None:
    for key in ("label", "unit"):
        if view.text("metrics", name, key) is None:
            view.error(
                ("metrics", name), "metric.definition", f"isn't built in, so it needs `{key}`", f"write {key}: below it"
            )


def _names_in_settings(view: View, known: Collection[str]) -> None:
    paths: list[tuple[str | int, ...]] = [("report", "headline", i) for i in range(view.count("report", "headline"))]
    paths += [("report", "left_out", i, "metric") for i in range(view.count("report", "left_out"))]
    paths += [("metrics", name, "weight") for name in view.keys("metrics")]
    for path in paths:
        if (name := view.text(*path)) and name not in known:
            hint = did_you_mean(name, known) or "name a metric of data/metrics.csv"
            view.error(path, "metric.unknown", f"names a metric that doesn't exist: {shown(name)}", hint)


def _pending(rows: Sequence[Located[PendingRow]], files: Sequence[AssetSource] | None, findings: list[Finding]) -> None:
    _unique(rows, "project", lambda r: r.project, findings, Severity.WARNING)
    known = _Files(files)
    for row in rows:
        if row.value.status is PendingStatus.DONE and row.value.percent_done not in {None, 100}:
            findings.append(
                Finding(
                    row.place("percent_done"),
                    "pending.done",
                    f"is {row.value.percent_done} % of a project that is done",
                    "write 100, or another status",
                    Severity.WARNING,
                )
            )
        if row.value.files and _is_path(row.value.files) and not known.has(row.value.files):
            findings.append(_no_file(row.place("files"), row.value.files, known))


def _assets(rows: Sequence[Located[AssetRow]], files: Sequence[AssetSource] | None, findings: list[Finding]) -> None:
    _unique(rows, "path", lambda r: _path_key(r.path), findings)
    known = _Files(files)
    findings.extend(_no_file(row.place("path"), row.value.path, known) for row in rows if not known.has(row.value.path))


def _invoices(rows: Sequence[Located[InvoiceRow]], findings: list[Finding]) -> None:
    _unique(rows, "number", lambda r: r.number, findings)
    for row in rows:
        _order(row, "due_date", "issued_on", findings)
        _order(row, "paid_on", "issued_on", findings)


def _same_client(rows: Sequence[Located[M]], client: str, findings: list[Finding]) -> None:
    for row in rows:
        other = getattr(row.value, "client", None)
        if other is not None and other != client:
            findings.append(
                Finding(
                    row.place("client"),
                    "client.other",
                    f"this row is another client's: {other}, not {client}",
                    "delete the row, or correct the client's id",
                )
            )


def _path_key(path: str) -> str:
    return unicodedata.normalize("NFC", path).strip("/").removeprefix("assets/")


class _Files:
    """The client's files and their folders by NFC path below `assets/`."""

    def __init__(self, files: Iterable[AssetSource] | None) -> None:
        self.paths: set[str] = set()
        self._listed = files is not None
        for file in files or ():
            path = _path_key(file.path)
            while path:
                self.paths.add(path)
                path = path.rpartition("/")[0]

    def has(self, path: str) -> bool:
        return not self._listed or _path_key(path) in self.paths or not _path_key(path)


def _is_path(text: str) -> bool:
    return "/" in text and not _URL.match(text) and not text.startswith("www.")


def _no_file(place: SourceLocation, path: str, known: _Files) -> Finding:
    hint = did_you_mean(_path_key(path), known.paths) or "write a file's or folder's path below assets/"
    return Finding(place, "path.no-file", f"there is no assets/{shown(_path_key(path))}", hint, Severity.WARNING)
