"""`handover status`: where an ending stands, or those of a whole workspace; and noting what has happened."""

import datetime as dt
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handover.cli import clock, report
from handover.cli.language import spoken
from handover.cli.options import DATE, FOLDER, project_root
from handover.cli.terminal import say, worded
from handover.model.errors import EXIT_FAILED, OutputError, Severity, UsageError
from handover.model.life import JOURNAL_FILE, Event
from handover.model.message import counted, first_of, joined, msg
from handover.model.sources import NOTICE_FILE

if TYPE_CHECKING:
    from handover.life.dossier import Dossier
    from handover.life.status import Standing, Status

_MOMENTS = {
    "decide": msg("decide"),
    "call": msg("call"),
    "notice": msg("notice"),
    "transition": msg("transition"),
    "last-day": msg("last day"),
    "receipt": msg("receipt"),
    "revoke": msg("give up access"),
    "after": msg("after"),
    "learn": msg("look back"),
    "close": msg("close"),
}
_OTHERWISE = {
    ("notice", "client"): msg("acknowledgement"),
    ("notice", "mutual"): msg("confirmation"),
    ("notice", "expiry"): msg("non-renewal"),
    **dict.fromkeys([("call", "client"), ("call", "mutual"), ("call", "expiry")], msg("call of thanks")),
}
"""What a moment is called where somebody else than the agency ends the contract."""


@click.command()
@click.argument("folder", metavar="[PROJECT|WORKSPACE]", type=FOLDER, default=".")
@click.option("--done", "event", metavar="EVENT", help="Note in the journal that this has happened.")
@click.option("--on", "day", type=DATE, help="With --done: the day on which it happened (default: today).")
@click.option("--by", help="With --done: who did it.")
@click.option("--note", help="With --done: anything to remember of it.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def status(folder: str, *, event: str | None, day: dt.date | None, as_json: bool, **about: str | None) -> None:
    """Say where the ending stands: what is done, due or late, what is open, and what to type next.

    In a folder of projects: a line for each client, the most urgent first. Ends with status 1 where something is late.
    """
    from handover.life.dossier import read_dossier
    from handover.life.status import status_of
    from handover.project.read.workspace import projects

    today = clock.today()
    if event is not None:
        _note(project_root(folder), event, day or today, about)
        return
    if day or any(about.values()):
        raise UsageError(msg("--on, --by and --note belong to --done"))
    roots = projects(Path(folder))
    one = not roots
    dossiers = [read_dossier(root, today) for root in roots or [project_root(folder)]]
    found = [
        (dossier, status_of(dossier, today, report.quoted(dossier.root), _written(dossier), _to_send(dossier)))
        for dossier in dossiers
    ]
    found.sort(key=lambda pair: pair[1].urgency)
    if as_json:
        records = [
            {
                "project": dossier.root,
                **asdict(standing),
                "findings": [report.finding_record(finding) for finding in (*dossier.findings, *dossier.unread)],
            }
            for dossier, standing in found
        ]
        report.print_json(records[0] if one else records)
    elif one:
        _print(*found[0])
    else:
        _print_lines(found, today)
    if any(_errors(dossier) for dossier, _ in found) or any(standing.late for _, standing in found):
        click.get_current_context().exit(EXIT_FAILED)


def _written(dossier: "Dossier") -> frozenset[str]:
    """The ids of the documents that `write` has made already, and `email` where `send` has drafted one."""
    from handover.build.outside import target_of
    from handover.documents.registry import OUTSIDE

    found = {document.id for document in OUTSIDE if target_of(document, dossier).exists()}
    out = dossier.root / "out"
    found |= {"notice"} if (dossier.root / NOTICE_FILE).exists() else set()
    return frozenset(found | ({"email"} if any(out.glob("*.eml")) else set()))


def _to_send(dossier: "Dossier") -> str:
    """The latest signed bundle, as commands name it; empty once one was sent, or where there is none.

    Only its seal is looked at, since a bundle may be large: `send` verifies it whole.
    """
    from handover.bundle.verify import latest_sealed

    if dossier.happened(Event.BUNDLE_SENT) or not (found := latest_sealed(dossier.root / "out", dossier.client_id)):
        return ""
    return report.quoted(found)


def _note(root: Path, event: str, day: dt.date, about: dict[str, str | None]) -> None:
    from handover.languages.registry import START, language, meant
    from handover.life.dossier import read_dossier
    from handover.model.did_you_mean import did_you_mean

    word = meant(Event, event)
    if word not in set(Event):
        known = [language(spoken()).word(Event, one) if spoken() != START else str(one) for one in Event]
        raise UsageError(
            msg("--done {event}: there is no such event", event=event),
            hint=did_you_mean(event, known) or msg("there are: {known}", known=", ".join(known)),
        )
    if day > clock.today():
        raise UsageError(msg("--on {day}: the journal notes what has happened, and this day is to come", day=day))
    dossier = read_dossier(root, clock.today()).required
    if any(row.event == word and row.date == day for row in dossier.journal):
        raise OutputError.at(JOURNAL_FILE, msg("notes {event} on {day} already", event=event, day=day))
    dossier.note(Event(word), day, **{name: text for name, text in about.items() if text})
    report.done(
        msg("{file}: {event} on {day}", file=root / JOURNAL_FILE, event=event, day=day),
        *_still_open(dossier, Event(word), day),
        report.next_line("status", root),
    )


def _still_open(dossier: "Dossier", event: Event, day: dt.date) -> list[str]:
    """What is open though the file is closed, or access given up: that waits for no money, and for no later duty."""
    from handover.life.status import status_of

    if event not in {Event.ACCESS_REVOKED, Event.CLOSED}:
        return []
    standing = status_of(dossier, day, "")
    lines = _open(standing if event is Event.CLOSED else replace(standing, not_paid={}, obligations_open=()))
    if dossier.end is not None and day < dossier.end:
        lines.insert(0, msg("the contract ends on {end}", end=dossier.end))
    if not lines:
        return []
    asked = msg(
        "settle it, or write what has become of it into the tables and settings; if this was noted too early, take "
        "the line out of {file} again",
        file=JOURNAL_FILE,
    )  # fmt: skip
    return [msg("caution: noted, and this is open all the same:"), *(f"  {line}" for line in lines), f"  {asked}"]


def _errors(dossier: "Dossier") -> int:
    return sum(one.severity is Severity.ERROR for one in (*dossier.findings, *dossier.unread))


def _print(dossier: "Dossier", standing: "Status") -> None:
    told = (*dossier.findings, *(one for one in dossier.unread if one.severity is Severity.ERROR))
    if told:
        report.print_findings(told)
    say(_head(standing), bold=True)
    names = [_called(one.moment, standing) for one in standing.moments]
    width = max(len(worded(name)) for name in names) + 2
    for name, one in zip(names, standing.moments, strict=True):
        say(f"  {worded(name):<{width}}", nl=False)
        say(_state(one), fg={"late": "red", "done": "green"}.get(one.state))
    for line in _open(standing):
        say(line)
    for number, action in enumerate(standing.next, 1):
        say(msg("next {number}. {what}:", number=number, what=action.what))
        say(f"    {action.command}", whole=True)


def _called(moment: str, standing: "Status") -> str:
    return _OTHERWISE.get((moment, standing.ended_by or ""), _MOMENTS[moment])


def _head(standing: "Status") -> str:
    if standing.last_working_day is None:
        return msg("{client}: no last working day is known yet", client=standing.client)
    return msg("{client}: last working day {day}", client=standing.client, day=standing.last_working_day)


def _state(one: "Standing") -> str:
    """A moment's standing in words."""
    if one.state == "late":
        return counted(
            "{count} day late, was due {on}", "{count} days late, was due {on}", count=one.days_late, on=one.on
        )
    said = {"open": msg("not yet"), "passed": msg("not noted"), "skipped": msg("not needed here")}
    if one.state in said:
        return said[one.state]
    return msg("done {on}", on=one.on) if one.state == "done" else msg("due {on}", on=one.on)


def _open(standing: "Status") -> list[str]:
    """What is open: accounts, money, reservations; what can't be read is said to be unknown."""
    lines = []
    if standing.accounts_open is None:
        lines.append(msg("accounts: unknown, since the table accounts is missing or can't be read"))
    elif found := standing.accounts_open:
        lines.append(counted("{count} account to hand over: {names}", "{count} accounts to hand over: {names}",
                             count=len(found), names=first_of(found)))  # fmt: skip
    if standing.projects_open is None:
        lines.append(msg("projects: unknown, since the table pending is missing or can't be read"))
    elif found := standing.projects_open:
        lines.append(counted("{count} project to finish: {names}", "{count} projects to finish: {names}",
                             count=len(found), names=first_of(found)))  # fmt: skip
    lines += [msg("the contract asks for {what}: not met yet", what=what) for what in standing.obligations_open]
    if standing.not_paid is None:
        lines.append(msg("invoices: unknown, since the table invoices is missing or can't be read"))
    elif standing.not_paid:
        lines += [
            msg("not paid: {amount:,.2f} {currency}", amount=amount, currency=currency)
            if amount > 0
            else msg("to pay back: {amount:,.2f} {currency}", amount=-amount, currency=currency)
            for currency, amount in standing.not_paid.items()
        ]
        if standing.overdue_invoices:
            lines.append(
                counted("{count} invoice overdue", "{count} invoices overdue", count=standing.overdue_invoices)
            )
    lines += [msg("reservation {text}", text=text) for text in standing.reservations]
    if standing.receipt_missing:
        lines.append(msg("no receipt has come back: nothing says whether the client could open the bundle"))
    return lines


def _print_lines(found: list[tuple["Dossier", "Status"]], today: dt.date) -> None:
    count = Counter(one.client for _, one in found)
    names = [one.client if count[one.client] == 1 else f"{one.client} ({dossier.root.name})" for dossier, one in found]
    width = min(max(map(len, names)), 40)
    for name, (dossier, one) in zip(names, found, strict=True):
        errors = _errors(dossier)
        parts = [f"{name:<{width}}  ", _line(one)]
        if one.last_working_day is not None and (days := (one.last_working_day - today).days) >= 0:
            ends = counted("last working day in {count} day", "last working day in {count} days", count=days)
            parts += [" (", ends if days else msg("last working day today"), ")"]
        if errors:
            command = f"handover status {report.quoted(dossier.root)}"
            parts += [" – ", counted("{count} error: {command}", "{count} errors: {command}", errors, command=command)]
        say(joined("", parts), fg="red" if one.late or errors else None)


def _line(one: "Status") -> str:
    """Where a client's ending stands, in a few words: when it was closed, what is latest, or what comes next."""
    states = {moment.state for moment in one.moments}
    closed = next(moment for moment in one.moments if moment.moment == "close")
    if closed.state == "done":
        return msg("closed {on}, with things open", on=closed.on) if one.is_open else msg("closed {on}", on=closed.on)
    wanted = {"late"} if "late" in states else {"due", "open"}
    left = [moment for moment in one.moments if moment.state in wanted]
    if not left:
        return msg("nothing left to do")
    shown = max(left, key=lambda moment: moment.days_late)
    return msg("{moment}: {state}", moment=_called(shown.moment, one), state=_state(shown))
