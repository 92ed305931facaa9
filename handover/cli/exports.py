"""Reading a password manager's export for `handover vault import`: its passphrase, and which entries are the client's.

Role: asks what the file doesn't say, on a terminal alone, and gives the credentials that come along. Putting them into
the vault is the command's.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from handover.cli import asking, boundary
from handover.cli.options import read_file
from handover.cli.terminal import ask_text, confirm, say
from handover.model.errors import InvalidInput, Severity, UsageError
from handover.model.message import all_of, counted, msg, system_reason

if TYPE_CHECKING:
    from handover.importers.credentials.reading import Export, Imported
    from handover.model.secret import Secret

MAX_EXPORT = 64 * 1024 * 1024
_MAX_KEY = 1024 * 1024
_EVERYTHING = "all"


class Brought(NamedTuple):
    """What comes along of an export, whose it is, and whether it was protected by a passphrase."""

    imported: "Imported"
    title: str
    protected: bool


def bring(root: Path, source: str, options: Mapping[str, Any]) -> Brought:
    """The credentials that the options, or the person who is asked, choose from the file `source`.

    Raises UsageError where somebody must choose and nobody can be asked, InvalidInput for what is wrong in the file.
    """
    from handover.importers.credentials.choosing import own_domains
    from handover.importers.credentials.reading import Choice, read_export, set_aside, taken

    name = msg("standard input") if source == asking.STDIN else Path(source).name
    protected = False

    def unlock() -> "tuple[Secret | None, bytes | None]":
        nonlocal protected
        protected = True
        return _keys(name, options)

    export = read_export(_content(source), name, unlock)
    choice = Choice(_groups(export, options), options["take"], own_domains(_addresses(root)))
    aside = set_aside(export, choice)
    if wrong := [name for name in choice.doubtful if name not in aside]:
        hint = (
            msg("of what was chosen, that would be {aside}", aside=", ".join(aside))
            if aside
            else msg("leave --take out")
        )
        raise UsageError(msg("--take {wrong}: no entry of that name would be set aside", wrong=wrong[0]), hint=hint)
    doubtful = {service: why for service, why in aside.items() if service not in choice.doubtful}
    if doubtful and asking.interactive():
        say(msg("these may not be for the client:"), err=True)
        answered = [
            service
            for service, why in doubtful.items()
            if confirm(msg("  {service}: {why}. Take it anyway?", service=service, why=why))
        ]
        choice = choice._replace(doubtful=(*choice.doubtful, *answered))
    imported = taken(export, choice)
    if any(finding.severity is Severity.ERROR for finding in imported.findings):
        raise InvalidInput(imported.findings, hint=msg("nothing was imported"))
    return Brought(imported, export.title, protected)


def _keys(name: str, options: Mapping[str, Any]) -> "tuple[Secret | None, bytes | None]":
    key = read_file(options["key_file"], _MAX_KEY, option="--key-file") if options["key_file"] else None
    if options["export_passphrase_file"] is not None:
        return asking.from_file(options["export_passphrase_file"]), key
    question = (
        msg("the passphrase of {name} (empty for none)", name=name)
        if key
        else msg("the passphrase of {name}", name=name)
    )
    return asking.ask(question, option="--export-passphrase-file", optional=key is not None) or None, key


def _groups(export: "Export", options: Mapping[str, Any]) -> tuple[str, ...]:
    """The folders and tags to take; none for all."""
    named: tuple[str, ...] = options["folder"]
    listed = [f"  {group} ({count})" for group, count in export.groups.items()]
    if named:
        if wrong := [group for group in named if not export.has(group)]:
            from handover.model.did_you_mean import did_you_mean

            hint = did_you_mean(wrong[0], list(export.groups)) or msg("one of:\n{listed}", listed="\n".join(listed))
            raise UsageError.at(export.name, msg("has no folder or tag {wrong!r}", wrong=wrong[0]), hint=hint)
        if several := _several(export, named):
            raise UsageError(several, hint=msg("spell this client's out with --folder"))
        return named
    if options["everything"] or not listed:
        return ()
    if not asking.interactive():
        raise UsageError.at(
            export.name,
            msg("has several folders, and not all may be this client's:\n{listed}", listed="\n".join(listed)),
            hint=msg("name this client's with --folder NAME (again for several), or take all with --everything"),
        )
    say(msg("{name} has:\n{listed}", name=export.name, listed="\n".join(listed)), err=True)
    while True:
        answer = ask_text(
            msg(
                "which are this client's? (a semicolon between several; {everything} for everything)",
                everything=_EVERYTHING,
            )
        )
        groups = tuple(part.strip() for part in answer.split(";") if part.strip())
        if groups == (_EVERYTHING,):
            return ()
        known = groups and all(export.has(group) for group in groups)
        several = _several(export, groups) if known else msg("  there is no such folder or tag; try again")
        if not several:
            return groups
        say(several, err=True)


def _several(export: "Export", named: Sequence[str]) -> str:
    """Which folders are meant where one name is that of several; empty where each is that of one."""
    for group in named:
        if len(found := export.folders(group)) > 1:
            return msg(
                "{name}: {group!r} is the name of several folders:\n{listed}",
                name=export.name,
                group=group,
                listed="\n".join(f"  {one}" for one in found),
            )
    return ""


def _content(source: str) -> bytes:
    if source != asking.STDIN:
        return read_file(source, MAX_EXPORT, hint=msg("import it in parts"))
    try:
        data = sys.stdin.buffer.read(MAX_EXPORT + 1)
    except OSError as error:
        raise UsageError(msg("standard input can't be read ({reason})", reason=system_reason(error))) from None
    if len(data) > MAX_EXPORT:
        raise UsageError(
            msg("standard input: it's larger than {most} MB", most=MAX_EXPORT >> 20), hint=msg("import it in parts")
        )
    return data


def _addresses(root: Path) -> list[str]:
    """Mail and web addresses of the agency and its owners, as far as the settings can be read."""
    from handover.model.sources import YamlList, node_at, text_at
    from handover.project.read import load_project, no_assets

    settings = load_project(root, scan_assets=no_assets).settings
    owners = node_at(settings, "owners")
    people = [node_at(settings, "agency"), *(owners.items if isinstance(owners, YamlList) else ())]
    return [text for one in people for key in ("email", "website") if (text := text_at(one, key))]


def offer_deletion(paths: Sequence[Path], *, quiet: bool = False) -> None:
    """Delete exports in clear whose entries the vault holds now where the person says so; never unasked."""
    question = counted(
        "delete {paths}, which holds them in clear?",
        "delete {paths}, which hold them in clear?",
        len(paths),
        paths=all_of(paths),
    )
    wanted = interrupted = False
    try:
        wanted = bool(paths) and not quiet and asking.interactive() and confirm(question)
    except click.Abort:  # the vault is written all the same: "nothing was written" would be wrong
        interrupted = True
        say("", err=True)
    for path in paths:
        if not wanted:
            say(msg("{path} still holds them in clear: delete it", path=path), err=True)
            continue
        try:
            path.unlink()
            say(msg("{path}: deleted; copies in backups, mail or the trash are not", path=path), err=True)
        except OSError as error:
            say(msg("{path}: can't be deleted ({why}); the vault holds its rows: delete it", path=path,
                    why=system_reason(error, lower=True)), err=True)  # fmt: skip
    if interrupted:
        raise click.exceptions.Exit(boundary.EXIT_INTERRUPTED)
