"""`handover import invoices`: what invoices say becomes rows of the table of invoices."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from handover.cli import report
from handover.cli.options import FILE, PROJECT, project_root, read_file
from handover.cli.tables import add_rows, faults_of, place_of
from handover.model.errors import InvalidInput, OutputError
from handover.model.message import counted, joined, msg
from handover.model.sources import text_at

if TYPE_CHECKING:
    from handover.intake.owed import Owed
    from handover.intake.seen import Invoice
    from handover.model.errors import Finding
    from handover.model.rows import InvoiceRow
    from handover.model.sources import Sources


@click.command(short_help="Add what invoices say to the table of invoices.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option("--project", type=PROJECT, default=".", help="The project's folder (default: this one).")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
def invoices(files: Sequence[str], *, project: str, dry_run: bool) -> None:
    """Add the invoices in FILE... to the table of invoices: PDFs (by the XML of Factur-X or ZUGFeRD in them, or else by
    their text), that XML alone, Word files, texts. One that says it was paid isn't added; nothing is, where one of the
    files isn't an invoice to this client, can't be read, or says something else than the table does."""
    from handover.intake.owed import owed
    from handover.intake.papers import MAX_PAPER, invoices_in
    from handover.intake.seen import Seen
    from handover.project.read import load_project, no_assets

    root = project_root(project)
    sources = load_project(root, scan_assets=no_assets)
    place, there = place_of(sources, "invoices"), _there(sources)
    american = text_at(sources.settings, "locale") == "en_US"
    read = list(invoices_in(((file, read_file(file, MAX_PAPER)) for file in files), day_first=not american))
    seen = Seen("", invoices=tuple(filter(None, read)))
    found = owed(seen, text_at(sources.settings, "client", "name"), text_at(sources.settings, "agency", "name"))
    unread = [file for file, one in zip(files, read, strict=True) if one is None]
    if wrong := [
        *(msg("{file}: no invoice can be read in it; add it by hand", file=file) for file in unread),
        *(msg("{file}: {why}", file=file, why=why) for file, why in found.left),
        *_doubts(found, seen.invoices, text_at(sources.settings, "options", "currency") or "EUR"),
        *_contradictions(found, there, place),
    ]:
        which = counted("one file can't be added", "{count} files can't be added", len(wrong))
        raise OutputError(
            msg("{which}:\n{lines}", which=which, lines=joined("\n", [msg("  {line}", line=line) for line in wrong])),
            hint=msg("nothing was imported"),
        )
    new = found.rows([one.number for one in found.unpaid if one.number not in there])
    if new and not dry_run:
        add_rows(root, sources, "invoices", [row.model_dump() for row in new])
    _print(found, new, place, paid=sum(bool(one.paid) for one in seen.invoices), written=not dry_run, project=project)


def _there(sources: "Sources") -> "dict[str, InvoiceRow]":
    from handover.model.rows import InvoiceRow
    from handover.project.check.tables import read_rows

    findings: list[Finding] = faults_of(sources, "invoices")
    table = sources.tables.get("invoices")
    rows = read_rows(table, InvoiceRow, findings) if table else []
    if findings:
        hint = msg("correct {place} first: nothing was imported", place=place_of(sources, "invoices"))
        raise InvalidInput(findings, hint=hint)
    return {row.value.number: row.value for row in rows}


def _doubts(found: "Owed", read: "Sequence[Invoice]", currency: str) -> Iterator[str]:
    """Totals that would count in a currency that isn't theirs, and one number for two sums."""
    from handover.project.check.currencies import DOLLARS

    for one in found.unpaid:
        if not one.currency and ("$" in one.buyer) != (currency in DOLLARS):
            yield msg("{file}: invoice {number} doesn't say in which currency its total is; add it by hand",
                      file=one.file, number=one.number)  # fmt: skip
    kept, left = {one.number: one for one in found.unpaid}, dict(found.left)
    for other in read:
        one = kept.get(other.number, other)
        if other.file not in left and (other.amount, other.due_date) != (one.amount, one.due_date):
            yield msg("{file}: invoice {number} says something else in {other}",
                      file=other.file, number=one.number, other=one.file)  # fmt: skip


def _contradictions(found: "Owed", there: "dict[str, InvoiceRow]", place: str) -> Iterator[str]:
    for one in found.unpaid:
        row = there.get(one.number)
        if row is not None and (row.amount, row.due_date or one.due_date) != (one.amount, one.due_date):
            yield msg(
                "{file}: invoice {number} is about {amount}, due on {due}; {place} has {amount_2}, due on {due_2}: "
                "correct the one that is wrong",
                file=one.file, number=one.number, amount=one.amount, due=one.due_date,
                place=place, amount_2=row.amount, due_2=row.due,
            )  # fmt: skip


def _print(found: "Owed", new: "Sequence[InvoiceRow]", place: str, *, paid: int, written: bool, project: str) -> None:
    added = counted("{place}: one invoice added", "{place}: {count} invoices added", len(new), place=place)
    lines = [added if written else msg("{added} (nothing written: --dry-run)", added=added)]
    if same := len(found.unpaid) - len(new):
        lines.append(counted("one was there already", "{count} were there already", same))
    if paid:
        lines.append(counted("one says that it was paid, and isn't added",
                             "{count} say that they were paid, and aren't added", paid))  # fmt: skip
    report.done(*lines, *([report.next_line("validate", project)] if written else []))
