"""`handover import`: bring another tool's export into a project's tables."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handover.cli import asking, report
from handover.cli.invoices import invoices
from handover.cli.options import DATE, FILE, PROJECT, own_folder, project_root, read_file
from handover.cli.pending import pending
from handover.cli.returned import answers, receipt
from handover.cli.tables import add_rows, faults_of, place_of, spoken_in, workbook
from handover.cli.terminal import ask_text, say, worded
from handover.cli.vault import import_ as vault_import
from handover.model.errors import InvalidInput, OutputError, Severity, UsageError
from handover.model.message import counted, joined, literal, msg
from handover.model.sources import node_at, text_at

if TYPE_CHECKING:
    from handover.importers.metrics.base import Imported
    from handover.importers.metrics.merge import Merge
    from handover.model.rows import MetricRow
    from handover.model.sources import Sources
    from handover.project.check.tables import Located

MAX_EXPORT = 20 * 1024 * 1024
_SHOWN = 5
"""Changed values shown one by one; more are counted."""


class _Kinds(click.Group):
    """The group of imports, which tells those who forget what it is that they bring."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As Click does, but for a file in place of a command."""
        if args and args[0] not in self.commands and Path(args[0]).is_file():
            raise UsageError.at(
                args[0],
                msg("say what this file holds"),
                hint=msg(
                    "`handover import metrics {file}`, `pending` for tasks, `invoices`, or `credentials` for sign-ins",
                    file=report.quoted(args[0]),
                ),
            )
        return super().resolve_command(ctx, args)


def _list_formats(ctx: click.Context, _option: click.Parameter, asked: bool) -> None:
    if not asked:
        return
    from textwrap import fill

    from handover.importers.registry import TABLES

    for table, formats in TABLES.items():
        say(msg("handover import {table} FILE", table=table))
        for known in formats:
            called = literal(known.title) if known.title else msg("table")
            called = msg("{name}: {called}", name=known.name, called=called) if table == "metrics" else called
            say(msg("  {called} ({extensions})", called=called, extensions=", ".join(known.extensions)))
            say(fill(worded(literal(known.help)), 78, initial_indent="      ", subsequent_indent="      "))
    ctx.exit()


@click.group("import", cls=_Kinds)
@click.option("--formats", is_flag=True, is_eager=True, expose_value=False, callback=_list_formats,
              help="List every format that is read, and how one gets such a file.")  # fmt: skip
def import_() -> None:
    """Bring another tool's export into a project's tables or the vault, or what the client sent back."""


import_.add_command(vault_import, "credentials")
import_.add_command(pending)
import_.add_command(invoices)
import_.add_command(workbook)
import_.add_command(receipt)
import_.add_command(answers)


@import_.command(short_help="Add the values of an export to the table of metrics.")
@click.argument("source", metavar="FILE", type=FILE)
@click.option("--project", type=PROJECT, default=".", help="The project's folder (default: this one).")
@click.option("--metric", "named", multiple=True, metavar="COLUMN=METRIC", help="Which metric a column holds.")
@click.option("--format", "style", default="", metavar="NAME", help="Read it as this format (default: recognised).")
@click.option("--exported-on", type=DATE, help="The day of the export: a month that wasn't over isn't counted.")
@click.option("--day-first/--month-first", default=None, help="What 03/04/2025 is, where its column doesn't tell.")
@click.option("--shares/--percentages", default=None, help="What 0.021 is, of a rate: 2.1 %, or 0.021 %.")
@click.option("--replace", "overwrite", is_flag=True, help="Let imported values replace others that the table has.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
def metrics(source: str, *, project: str, overwrite: bool, dry_run: bool, **options: Any) -> None:
    """Add the values of FILE to the table of metrics, in data/metrics.csv or the workbook: exports of the programs
    that `handover import --formats` lists, and tables in long or wide form (CSV or Excel). The table stays as it is
    written; values that would change are named, and kept unless --replace."""
    from handover.importers.metrics import import_metrics
    from handover.importers.metrics.merge import merge
    from handover.intake.meanings import COLUMNS, remember, remembered
    from handover.model.characters import folded
    from handover.project.read import load_project, no_assets

    root = project_root(project)
    sources = load_project(root, scan_assets=no_assets)
    hint = msg("name a file that was exported from the other tool, of a shorter span")
    content, chosen = read_file(source, MAX_EXPORT, hint=hint), _options(sources, options)
    columns = remembered(COLUMNS, root.resolve().parent)
    chosen = replace(chosen, labels={**chosen.labels, **{name: said for name, said in columns.items() if said != "-"}})
    read = partial(import_metrics, content, Path(source).name, format_name=options["style"])
    imported = read(chosen)
    asked = _asked([column for column in imported.unused if folded(column) not in columns], imported)
    if named := {column: metric for column, metric in asked.items() if metric != "-"}:
        imported = read(replace(chosen, metrics={**chosen.metrics, **named}))
    if any(f.severity is Severity.ERROR for f in imported.findings):
        raise InvalidInput(imported.findings, hint=msg("nothing was imported"))
    place = place_of(sources, "metrics")
    merged = merge([row.value for row in _existing(sources, place)], imported.rows)
    if merged.findings:
        raise InvalidInput((*imported.findings, *merged.findings), hint=msg("nothing was imported"))
    if merged.changed and not overwrite:
        _refuse_changes(place, merged)
    if not dry_run and (merged.added or merged.changed):
        _write(root, sources, merged)
    if not dry_run and (file := remember(COLUMNS, root.resolve().parent, asked)):
        say(msg("{file}: what was said of these, for the next client", file=file), err=True)
    _print(source, place, project, imported, merged, written=not dry_run)


def _asked(columns: Sequence[str], imported: "Imported") -> dict[str, str]:
    """Which metrics a plain table's columns are, as somebody says; nothing where nobody can be asked."""
    from handover.importers.metrics import MAX_COLUMNS_NAMED, generic
    from handover.intake.exports import metric_meant
    from handover.model.sources import shown

    if imported.format != generic.NAME or len(columns) > MAX_COLUMNS_NAMED or not asking.interactive():
        return {}
    found = {}
    for column in columns:
        question = msg("“{column}”: which metric is this column? (name, or - to leave it out)", column=shown(column))
        while not (metric := "-" if (answer := ask_text(question)) == "-" else metric_meant(answer)):
            say(msg("begin it with a letter: newsletter_subscribers, for example"), err=True, fg="yellow")
        found[column] = metric
    return found


def _options(sources: "Sources", options: dict[str, Any]) -> Any:
    from handover.importers.metrics.base import Defined, Options
    from handover.model.reporting import Combine, Unit
    from handover.model.sources import YamlMap

    named = {}
    for pair in options["named"]:
        column, equals, metric = pair.rpartition("=")
        if not equals or not column.strip() or not metric.strip():
            raise UsageError(
                msg("--metric {pair}: isn't COLUMN=METRIC", pair=pair),
                hint=msg('for example --metric "Sessions=visitors"'),
            )
        named[column.strip()] = metric.strip()
    exported_on: dt.date | None = options["exported_on"]
    node = node_at(sources.settings, "metrics")
    found = {}
    for key, _ in node.entries if isinstance(node, YamlMap) else ():
        unit, combine, currency = (
            text_at(sources.settings, "metrics", key.text, name) for name in ("unit", "combine", "currency")
        )
        found[key.text] = Defined(
            Unit(unit) if unit in set(Unit) else None,
            Combine(combine) if combine in set(Combine) else None,
            currency or None,
        )
    return Options(
        metrics=named,
        labels=_labels(sources),
        exported_on=exported_on,
        currency=text_at(sources.settings, "options", "currency") or "EUR",
        defined=found,
        day_first=options["day_first"],
        shares=options["shares"],
    )


def _labels(sources: "Sources") -> dict[str, str]:
    """Names of metrics → their identifiers: the known ones' in the project's language, then the project's own."""
    from handover.languages.words import Words
    from handover.model.metrics import BUILTIN
    from handover.model.sources import YamlMap

    node = node_at(sources.settings, "metrics")
    language = text_at(sources.settings, "language")
    found: dict[str, str] = {}
    if language in sources.languages:
        texts = Words.load(language, language, "metrics", own=sources.words).texts
        found = {texts[f"label.{name}"]: name for name in BUILTIN if f"label.{name}" in texts}
    for key, value in node.entries if isinstance(node, YamlMap) else ():
        if label := text_at(value, "label"):
            found[label] = key.text
    return found


def _existing(sources: "Sources", place: str) -> Sequence["Located[MetricRow]"]:
    from handover.model.errors import Finding
    from handover.model.rows import MetricRow
    from handover.project.check.tables import read_rows

    # A warning counts too where the text would be written anew: of another encoding, say.
    findings: list[Finding] = [f for f in sources.findings if f.location.file == place and "missing" not in f.rule]
    findings += [f for f in faults_of(sources, "metrics") if f not in findings]
    table = sources.tables.get("metrics")
    rows = read_rows(table, MetricRow, findings) if table else []
    if findings:
        raise InvalidInput(findings, hint=msg("correct {place} first: nothing was imported", place=place))
    return rows


def _refuse_changes(place: str, merged: "Merge") -> None:
    lines = [
        msg(
            "  {metric} {date}: {value} would become {new_value}",
            metric=old.metric,
            date=old.date,
            value=old.value,
            new_value=new.value,
        )
        for old, new in merged.changed[:_SHOWN]
    ]
    if len(merged.changed) > _SHOWN:
        lines.append(counted("  and {count} more", "  and {count} more", count=len(merged.changed) - _SHOWN))
    count = len(merged.changed)
    which = counted("one value there differs", "{count} values there differ", count)
    column = merged.columns[0] if merged.columns else "COLUMN"
    raise OutputError.at(
        place,
        msg("{which} from what was imported:\n{lines}", which=which, lines=joined("\n", lines)),
        hint=msg(
            "if these are the same figures, corrected, import again with --replace; those of another tool, "
            'account or shop add to them or stand beside them: --metric "{column}=a_metric_of_its_own"',
            column=column,
        ),
    )


def _write(root: Path, sources: "Sources", merged: "Merge") -> None:
    from handover.bundle.publish import write_file
    from handover.importers.metrics.table_edit import edited
    from handover.project.read.csv_table import MAX_BYTES as MAX_CSV

    place = place_of(sources, "metrics")
    if not place.endswith(".csv") or not (root / place).exists():
        lines = {(row.value.date, row.value.metric): row.row.location.line for row in _existing(sources, place)}
        new = {lines[old.date, old.metric]: row.model_dump() for old, row in merged.changed}
        add_rows(root, sources, "metrics", [row.model_dump() for row in merged.added], new)
        return
    own_folder(root, "data")
    path = root / place
    write_file(path, edited(read_file(str(path), MAX_CSV), place, merged, spoken_in(sources)), replace=True)


def _print(source: str, place: str, project: str, imported: "Imported", merged: "Merge", *, written: bool) -> None:
    if imported.findings:
        report.print_findings(imported.findings)
    metrics = ", ".join(sorted({row.metric for row in imported.rows})) or msg("no values")
    lines = [
        msg("{source}: {format}, {metrics}", source=source, format=imported.format, metrics=metrics),
        msg(
            "{place}: {added}, {changed}, {same}",
            place=place,
            added=counted("{count} added", "{count} added", count=len(merged.added)),
            changed=counted("{count} changed", "{count} changed", count=len(merged.changed)),
            same=counted("{count} as before", "{count} as before", count=merged.same),
        ),
    ]
    if not written:
        lines[-1] += " " + msg("(nothing written: --dry-run)")
    if imported.unused:
        lines.append(
            msg(
                "not taken: {unused}; say which metric a column is with --metric COLUMN=METRIC",
                unused=", ".join(imported.unused),
            )
        )
    report.done(*lines, *([report.next_line("validate", project)] if written else []))
