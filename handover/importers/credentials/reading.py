"""Credentials from a file: the vault's own columns, or an export of any password manager.

Role: reads a file once into entries, and turns those that were chosen into credentials, with everything that isn't
taken counted and told. What formats there are is `handover.importers.credentials`'s, what a credential may be
`handover.project.vault.rows`'s. It opens no file and asks nobody. No message holds a value but names of entries and
folders.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from typing import NamedTuple

from handover.formats.kdbx.content import MAX_ENTRIES
from handover.importers.credentials import format_of
from handover.importers.credentials.base import ForeignEntry, Unlock, host
from handover.importers.credentials.choosing import chosen, doubt, folders, groups, is_own_address
from handover.importers.credentials.export import Table, entries_of, read_csv
from handover.model.characters import folded
from handover.model.errors import DamagedFile, SourceLocation
from handover.model.message import msg
from handover.model.rows import CredentialRow
from handover.project.read.text import in_utf_8
from handover.project.vault.rows import COLUMNS, Findings, PlacedCell, PlacedRow, Reading, spoken

_BY_HAND = msg("add by hand what the client needs of them")
_BREAK = re.compile("\r\n?")
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_ESCAPED = (
    msg("this password holds `&amp;`, `&lt;` or `&gt;`, as some exports write `&`, `<` and `>`"),
    msg("compare it with the original, and correct it in the vault where it differs"),
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
        return groups(self.entries)

    def has(self, group: str) -> bool:
        """Whether a folder or tag is called so."""
        tag = folded(group.removeprefix("#"))
        return bool(folders(self.entries, group)) or any(tag in map(folded, entry.tags) for entry in self.entries)

    def folders(self, group: str) -> list[str]:
        """The folders with sign-ins that are called so, each spelt out."""
        return folders([entry for entry in self.entries if not entry.kind], group)


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
    data = in_utf_8(data)
    if known := format_of(data):
        return Export(name, known.title, _few(known.read(data, name, unlock), name))
    table = read_csv(data, name)
    if table.known is None:
        return Export(name, "", table=table)
    return Export(name, table.known.title, _few(entries_of(table), name), table, table.known.escapes)


def _few(entries: Iterable[ForeignEntry], name: str) -> tuple[ForeignEntry, ...]:
    """All entries. Raises DamagedFile for more than anybody's."""
    found = tuple(islice(entries, MAX_ENTRIES + 1))
    if len(found) > MAX_ENTRIES:
        message = msg("has more than {most:,} entries", most=MAX_ENTRIES)
        raise DamagedFile.at(name, message, hint=msg("export the client's entries alone"))
    return found


def set_aside(export: Export, choice: Choice) -> Mapping[str, str]:
    """The chosen sign-ins of which something says that they aren't for the client: their name → what says so."""
    return {
        entry.values["service"]: why
        for entry in chosen(export.entries, choice.groups)
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
    mine = chosen(export.entries, choice.groups)
    held = {name: why for name, why in set_aside(export, choice).items() if not _named(name, choice.doubtful)}
    for name, why in held.items():
        place, message = SourceLocation(export.name, place=f"“{name}”"), msg("isn't taken: {why}", why=why)
        hint = msg("where the client needs it, import with --take and its name")
        reading.warn(place, "vault.set-aside", message, hint)
    come = [
        entry
        for entry in mine
        if entry.kind or _named(entry.values["service"], choice.doubtful) or not doubt(entry, choice.domains)
    ]
    rows = tuple(reading.credentials(_lines(come, reading, export, choice)))
    signs = sum(not entry.kind for entry in export.entries) - sum(not entry.kind for entry in mine)
    return Imported(rows, tuple(sorted(reading.findings)), signs)


def _named(service: str, names: Sequence[str]) -> bool:
    return folded(service) in map(folded, names)


def _lines(entries: list[ForeignEntry], reading: Reading, export: Export, choice: Choice) -> Iterator[PlacedRow]:
    """The entries as rows of the vault's columns, its header first; what isn't taken is counted and told."""
    place = SourceLocation(export.name)
    yield {at: PlacedCell(place, spoken(column)) for at, column in enumerate(COLUMNS, 1)}
    left: Counter[str] = Counter()
    told_apart = _ToldApart()
    for entry in entries:
        left.update((entry.kind,) if entry.kind else entry.left)
        if entry.kind:
            continue
        if export.escapes and _ENTITY.search(entry.values.get("password", "")):
            reading.warn(entry.place, "vault.escaped", *_ESCAPED)
        folder = "/".join(part.replace("/", "-") for part in entry.folder)
        values = told_apart.named({**entry.values, **({"folder": folder} if folder else {})})
        if values is None:
            left[msg("entries that are there twice")] += 1
            continue
        if is_own_address(values.get("user_name", ""), choice.domains):
            message = msg("signs in with an address at the agency, whose mail the client won't get")
            hint = msg("change it before the handover, where possible")
            reading.warn(entry.place, "vault.agency-address", message, hint)
        yield {
            number: PlacedCell(entry.places.get(column, entry.place), _BREAK.sub("\n", values[column]))
            for number, column in enumerate(COLUMNS, 1)
            if column in values
        }
    for what, number in left.items():
        reading.warn(place, "vault.not-taken", msg("not taken: {what} ({number})", what=what, number=number), _BY_HAND)


class _ToldApart:
    """Gives each sign-in a service name that no other with its user name has."""

    def __init__(self) -> None:
        self._whole: set[frozenset[tuple[str, str]]] = set()
        self._taken: set[tuple[str, str]] = set()
        self._numbers: defaultdict[tuple[str, str], Iterator[int]] = defaultdict(lambda: count(2))

    def named(self, values: Mapping[str, str]) -> Mapping[str, str] | None:
        """The values under such a name; None where all is the same as in an earlier one."""
        if (whole := frozenset(values.items())) in self._whole:
            return None
        self._whole.add(whole)
        service, user = values["service"], values.get("user_name", "")
        name = service
        if (name, user) in self._taken:
            name = f"{service} ({host(values.get('url', ''))})"
        while (name, user) in self._taken:
            name = f"{service} ({next(self._numbers[service, user])})"
        self._taken.add((name, user))
        return {**values, "service": name}
