"""A proposal → a project folder, whole or not at all: settings, tables, vault, the client's files, what was left out.

Role: the last step, and the only one that writes. Everything is made beside the target and renamed as a whole; the
source is only read. Files are copied, so that a project stays complete when the messy folder is tidied.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NamedTuple
from unicodedata import normalize

from handover.bundle.names import as_text, safe_names
from handover.bundle.write.assets import AssetFolder, open_regular
from handover.importers.credentials.base import host
from handover.importers.credentials.choosing import is_own_address, own_domains
from handover.importers.credentials.reading import Choice, taken
from handover.intake.places import left_places
from handover.intake.proposal import Proposal
from handover.intake.seen import File
from handover.intake.settings import Value, filled
from handover.languages import registry
from handover.languages.services import service_at
from handover.languages.words import Words
from handover.model.errors import Finding, InvalidInput, Severity
from handover.model.message import msg
from handover.model.project import Vault
from handover.model.rows import AccountStatus, AssetRow, CredentialRow
from handover.model.secret import Secret
from handover.model.sources import SETTINGS_FILE, VAULT_FILE
from handover.project.leaks.names import DENY_FILE
from handover.project.read.assets_folder import confirm
from handover.project.start import write_project
from handover.project.vault.workbook import write_vault
from handover.project.workbook import write_tables

_BLOCK: Final = 8 * 1024 * 1024
_FAR: Final = 3
"""Folders up from which on a path is written whole."""
_LEFT_OUT: Final = {"fr": "ecartes.txt"}
"""What the list of what was left out is called, where it isn't `left-out.txt`."""


class Credentials(NamedTuple):
    """The sign-ins of this client, and what of the exports isn't taken."""

    rows: tuple[CredentialRow, ...]
    findings: tuple[Finding, ...]
    elsewhere: int
    """Sign-ins of other clients, which stayed where they are."""


def credentials_of(proposal: Proposal) -> Credentials:
    """The sign-ins that were chosen, each once. Raises InvalidInput where one of them can't be kept."""
    domains = own_domains([proposal.own_address])
    rows: list[CredentialRow] = []
    findings: list[Finding] = []
    elsewhere = 0
    for one, groups in proposal.credentials:
        if one.export is None:
            continue
        found = taken(one.export, Choice(groups, proposal.withheld, domains))
        rows += [row for row in found.rows if row not in rows]
        findings += found.findings
        elsewhere += found.elsewhere
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise InvalidInput(findings, hint=msg("nothing was written"))
    return Credentials(tuple(rows), tuple(findings), elsewhere)


def write(
    proposal: Proposal,
    empty: Mapping[str, bytes],
    source: Path,
    target: Path,
    *,
    credentials: Credentials | None = None,
    passphrase: Secret | None = None,
    worded: Callable[[str], str] = str,
    random: Callable[[int], bytes] = os.urandom,
) -> None:
    """Make the project `target`, which must be missing or an empty folder, from the files of an `empty` one.

    With a `passphrase` it has a vault; `worded` gives sentences in the reader's language.

    Raises OutputError for what the disk refuses, AssetError for a file that changes meanwhile; nothing is left then.
    """
    names = safe_names([file.path for file in proposal.files])
    stays = _seen_from(target, source) if proposal.in_place else ""
    files = _texts(proposal, empty, names, stays, credentials.rows if credentials else (), worded)
    name = _LEFT_OUT.get(proposal.language, "left-out.txt")
    files[name] = "".join(f"{worded(line)}\n" for line in _listed(proposal, names)).encode()
    if passphrase is not None:
        locale = proposal.values.get("locale")
        words = Words.load(proposal.language, str(locale.content) if locale else _locale(proposal.language), "vault")
        rows = credentials.rows if credentials else ()
        files[VAULT_FILE] = write_vault(Vault(rows), passphrase, random=random, words=words)
    if proposal.in_place:
        del files["assets/"]
        write_project(target, files)
        confirm(target, source)
        return
    write_project(target, files, lambda folder: _copy(source, folder / "assets", proposal.files, names))


def _seen_from(target: Path, source: Path) -> str:
    """The source as the project names it: from there, where it's near and both may move together; else from the top."""
    whole = source.resolve()
    try:
        near = os.path.relpath(whole, target.resolve())
    except ValueError:  # another drive of Windows
        return str(whole)
    return Path(near).as_posix() if near.count("..") < _FAR else str(whole)


def _locale(code: str) -> str:
    return registry.language(code).locale


def _texts(
    proposal: Proposal,
    empty: Mapping[str, bytes],
    names: Mapping[str, str],
    stays: str,
    credentials: Sequence[CredentialRow],
    worded: Callable[[str], str],
) -> dict[str, bytes]:
    """The project's own files, but the vault and the client's; these are in the folder `stays` where that is named."""
    code = proposal.language
    files = dict(empty)
    values = {key: value._replace(why=worded(value.why)) for key, value in proposal.values.items()}
    if proposal.allowed:
        allowed = [f"assets/{names[path]}" for path in proposal.allowed]
        values["options.assets.allow_leaks"] = Value(allowed, "", confirmed=True)
    if stays:
        values["assets.from"] = Value(stays, "", confirmed=True)
        left = left_places(proposal.files, [path for path, _ in proposal.left_out])
        values["options.assets.exclude"] = Value(left, "", confirmed=True)
    files[SETTINGS_FILE] = filled(files[SETTINGS_FILE].decode(), values, code).encode()
    licences = [
        AssetRow(path=names[path].rpartition("/")[0], licence=name)
        for path, name in sorted(proposal.licences.items())
        if "/" in names[path]
    ]
    tables = {
        "metrics": proposal.metrics, "pending": proposal.pending, "invoices": proposal.invoices, "assets": licences,
    }  # fmt: skip
    words = Words.load(code, _locale(code), "inventory", "tables")
    rows = {name: [row.model_dump() for row in found] for name, found in tables.items()}
    rows["accounts"] = accounts_of(proposal, credentials)
    files[registry.language(code).workbook] = write_tables(rows, words)
    if proposal.denied:
        files[DENY_FILE] = "\n".join(proposal.denied).encode() + b"\n"
    return files


def accounts_of(proposal: Proposal, credentials: Sequence[CredentialRow]) -> list[dict[str, Any]]:
    """The accounts at known services that the sign-ins show, each once. Who owns one, only a sign-in with the agency's
    own address says; of the others that cell stays empty, to be filled in."""
    domains = own_domains([proposal.own_address])
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in credentials:
        service = service_at(row.url or "")
        if service is None:
            continue
        own = is_own_address(row.user_name or "", domains)
        account = found.setdefault(
            (service.id, host(row.url or "") if service.paths else ""),
            {"service": service.title, "url": row.url, "status": AccountStatus.TO_TRANSFER},
        )
        if own and proposal.own_name:
            account["current_owner"] = proposal.own_name
    return list(found.values())


def _listed(proposal: Proposal, names: Mapping[str, str]) -> Iterator[str]:
    """What was left out, reason by reason, and what has another name now."""
    renamed = [
        (path, msg("written as assets/{name}: its own name can't travel", name=name))
        for path, name in names.items()
        if name != normalize("NFC", path)  # two ways of Unicode to write one name look the same
    ]
    left = sorted([*proposal.left_out, *renamed], key=lambda one: (str(one[1]), one[0]))
    yield msg("What was in the folder and isn't delivered as it was, and why. This list isn't delivered either.")
    for _, group in groupby(left, key=lambda one: str(one[1])):
        paths = list(group)
        yield ""
        yield msg("{why}:", why=paths[0][1])
        yield from (f"  {as_text(path)}" for path, _ in paths)


def _copy(source: Path, target: Path, files: Sequence[File], names: Mapping[str, str]) -> None:
    """Copy the client's files under names that can travel, as they are when each is opened."""
    with AssetFolder(source.resolve(), str(source)) as folder:
        for file in files:
            path = target / names[file.path]
            path.parent.mkdir(parents=True, exist_ok=True)
            with open_regular(folder, file.path) as (descriptor, facts):
                new = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
                try:
                    while block := os.read(descriptor, _BLOCK):
                        at = 0
                        while at < len(block):
                            at += os.write(new, memoryview(block)[at:])
                finally:
                    os.close(new)
                os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
