"""Credentials from a file: the vault's own columns, or an export of any password manager.

Role: reads a file once into entries, and turns those that were chosen into credentials, with everything that isn't
taken counted and told. What formats there are is `handover.importers.credentials`'s, what a credential may be
`handover.project.vault.workbook`'s. It opens no file and asks nobody. No message holds a value but names of entries and
folders.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from handover.importers.credentials import ForeignEntry, Unlock, fold, format_of, host
from handover.importers.credentials.choosing import chosen, doubt, groups, is_one_group, is_own_address, is_there
from handover.importers.credentials.export import Table, entries_of, read_csv
from handover.model.errors import SourceLocation
from handover.model.rows import CredentialRow
from handover.project.vault.workbook import COLUMNS, Findings, PlacedCell, PlacedRow, Reading, spoken

_BY_HAND = "add by hand what the client needs of them"
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_ESCAPED = (
    "this password holds `&amp;`, `&lt;` or `&gt;`, as some exports write `&`, `<` and `>`",
    "compare it with the original, and correct it in the vault where it differs",
)


@dataclass(frozen=True, slots=True)
class Export:
    """A file that was read: entries of another program, or a table with the vault's own columns."""

    name: str
    title: str
    """Whose export it is; empty for a table."""
    entries: tuple[ForeignEntry, ...] = field(default=(), repr=False)
    table: Table | None = field(default=None, repr=False)
    escapes: bool = False

    @property
    def groups(self) -> Mapping[str, int]:
        """Folders and tags with the number of sign-ins in them; empty where there is nothing to choose."""
        return {} if is_one_group(self.entries) else groups(self.entries)

    def has(self, group: str) -> bool:
        """Whether a folder or tag is called so."""
        return is_there(self.entries, group)


class Choice(NamedTuple):
    """Which entries come along."""

    groups: Sequence[str] = ()
    """Folders and tags; all entries where none is named."""
    doubtful: Sequence[str] = ()
    """Names of entries that come along though something says that they shouldn't."""
    domains: frozenset[str] = frozenset()
    """The agency's own."""


class Imported(NamedTuple):
    """Credentials, and everything wrong in what they come from."""

    rows: tuple[CredentialRow, ...]
    findings: Findings
    elsewhere: int = 0
    """Sign-ins of other folders, which stayed where they are."""


def read_export(data: bytes, name: str, unlock: Unlock) -> Export:
    """What a file holds; `name` is what messages call it, `unlock` is called for an export that is protected.

    Raises WrongPassphrase, and DamagedFile for an export that isn't whole or costs too much. What is wrong in a table,
    `taken` says.
    """
    if known := format_of(data):
        return Export(name, known.title, tuple(known.read(data, name, unlock)))
    table = read_csv(data, name)
    if table.known is None:
        return Export(name, "", table=table)
    return Export(name, table.known.title, tuple(entries_of(table)), table, table.known.escapes)


def set_aside(export: Export, choice: Choice) -> Mapping[str, str]:
    """The chosen sign-ins of which something says that they aren't for the client: their name → what says so."""
    return {
        entry.values["service"]: why
        for entry in (chosen(export.entries, choice.groups) if choice.groups else export.entries)
        if not entry.kind and (why := doubt(entry, choice.domains))
    }


def taken(export: Export, choice: Choice) -> Imported:
    """The credentials of an export that come along. With any error the rows are incomplete: import none of them."""
    reading = Reading(export.name)
    if export.table is not None:
        reading.findings += export.table.findings
    if export.table is not None and export.table.known is None:
        rows = tuple(reading.credentials(iter(export.table.lines)))
        return Imported(rows, tuple(sorted(reading.findings)))
    mine = chosen(export.entries, choice.groups) if choice.groups else list(export.entries)
    held = {name: why for name, why in set_aside(export, choice).items() if not _named(name, choice.doubtful)}
    for name, why in held.items():
        hint = "where the client needs it, import with --take and its name"
        reading.warn(SourceLocation(export.name, place=f"“{name}”"), "vault.set-aside", f"isn't taken: {why}", hint)
    come = [
        entry
        for entry in mine
        if entry.kind or _named(entry.values["service"], choice.doubtful) or not doubt(entry, choice.domains)
    ]
    rows = tuple(reading.credentials(_lines(come, reading, export, choice)))
    signs = sum(not entry.kind for entry in export.entries) - sum(not entry.kind for entry in mine)
    return Imported(rows, tuple(sorted(reading.findings)), signs)


def _named(service: str, names: Sequence[str]) -> bool:
    return fold(service) in map(fold, names)


def _lines(entries: list[ForeignEntry], reading: Reading, export: Export, choice: Choice) -> Iterator[PlacedRow]:
    """The entries as rows of the vault's columns, its header first; what isn't taken is counted and told."""
    place = SourceLocation(export.name)
    yield {at: PlacedCell(place, spoken(column)) for at, column in enumerate(COLUMNS, 1)}
    left: Counter[str] = Counter()
    seen: dict[tuple[str, str], Mapping[str, str]] = {}
    for entry in entries:
        left.update((entry.kind,) if entry.kind else entry.left)
        if entry.kind:
            continue
        if export.escapes and _ENTITY.search(entry.values.get("password", "")):
            reading.warn(entry.place, "vault.escaped", *_ESCAPED)
        folder = "/".join(part.replace("/", "-") for part in entry.folder)
        values = _told_apart({**entry.values, **({"folder": folder} if folder else {})}, seen)
        if values is None:
            left["entries that are there twice"] += 1
            continue
        if is_own_address(values.get("user_name", ""), choice.domains):
            message = "signs in with an address at the agency, whose mail the client won't get"
            reading.warn(entry.place, "vault.agency-address", message, "change it before the handover, where possible")
        yield {
            number: PlacedCell(entry.places.get(column, entry.place), _one_kind_of_break(values[column]))
            for number, column in enumerate(COLUMNS, 1)
            if column in values
        }
    for what, count in left.items():
        reading.warn(place, "vault.not-taken", f"not taken: {count} {what}", _BY_HAND)


def _one_kind_of_break(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _told_apart(values: Mapping[str, str], seen: dict[tuple[str, str], Mapping[str, str]]) -> Mapping[str, str] | None:
    """The values under a service name that no other row with this user name has; None where all is the same."""
    service, user = values["service"], values.get("user_name", "")
    named = (service, f"{service} ({host(values.get('url', ''))})", *(f"{service} ({n})" for n in range(2, 10_000)))
    for name in named:
        earlier = seen.setdefault((name, user), values)
        if earlier is values:
            return {**values, "service": name}
        if earlier == values:
            return None
    return None
