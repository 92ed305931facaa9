"""What an entry of another program is, once it's read, and what a format of such entries is.

Role: the one shape that every format gives, whatever its file looks like, and the declared data of a CSV format. Values
are secrets: nothing here quotes one. Which entries are the client's, `choosing` says.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from handover.importers.importer import Importer
from handover.model.custom_fields import write_fields
from handover.model.errors import DamagedFile, SourceLocation
from handover.model.message import msg
from handover.model.secret import Secret
from handover.model.sources import shown

Values = Mapping[str, str]
"""A row's cells that aren't blank, by folded header."""

Unlock = Callable[[], tuple[Secret | None, bytes | None]]
"""Gives the passphrase of a protected export, and its key file where it has one; asks for them when it's called."""

_MAX_DEPTH, _MAX_PATH = 64, 1_000
"""Folders inside one another, and characters of their names: each entry bears them all."""
_SIGN_IN: Final = ("user_name", "password", "totp_secret")
_TRUE: Final = frozenset({"true", "1", "yes"})
_ADDRESS: Final = re.compile(r",\s*(?=[a-z][a-z0-9+.-]*://|[\w-]+(?:\.[\w-]+)+(?:[/:,]|$))", re.IGNORECASE)
"""Between two addresses in one cell: a comma with an address behind it, since addresses may hold commas."""


@dataclass(frozen=True, slots=True)
class ForeignEntry:
    """One entry of an export in our words."""

    place: SourceLocation
    values: Mapping[str, str] = field(repr=False)
    """Column of the vault → its value; nothing is blank."""
    folder: tuple[str, ...] = ()
    """Where it lies, from the outermost on: vault, collection, folders."""
    tags: tuple[str, ...] = ()
    kind: str = ""
    """What it is, in the plural, where it is no sign-in (`cards`)."""
    left: tuple[str, ...] = ()
    """What it has, in the plural, that can't be taken along (`passkeys`)."""
    places: Mapping[str, SourceLocation] = field(default_factory=dict)
    """Where a value stands, in a table."""
    lenders: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    """Folder and tags of each other entry whose texts it shows as its own."""


Format = Importer[Unlock, Iterator[ForeignEntry]]
"""One program's export that is no CSV. Reading raises HandoverError for what isn't whole, costs too much, or isn't
opened by the passphrase."""


def entry_place(file: str, number: int, title: str) -> SourceLocation:
    """Where an entry stands in an export that has no lines."""
    return SourceLocation(file, place=msg("entry {number}, “{item}”", number=number, item=shown(title)))


def made(
    place: SourceLocation,
    texts: Mapping[str, str],
    *,
    urls: Sequence[str] = (),
    fields: Iterable[tuple[str, str]] = (),
    folder: Sequence[str] = (),
    tags: Iterable[str] = (),
    kind: str = "",
    left: Iterable[str] = (),
    places: Mapping[str, SourceLocation] | None = None,
    lenders: Sequence[tuple[tuple[str, ...], tuple[str, ...]]] = (),
) -> ForeignEntry:
    """An entry from what a program keeps; `texts` are columns of the vault. Blank values are dropped.

    `service` is the site's host where the program gives no name. Raises DamagedFile for a folder that is too deep.
    """
    if len(folder) > _MAX_DEPTH or sum(map(len, folder)) > _MAX_PATH:
        what = msg("lies more than {most} folders deep, or their names have more than {most_2:,} characters",
                   most=_MAX_DEPTH, most_2=_MAX_PATH)  # fmt: skip
        raise DamagedFile.at(place, what, hint=msg("move it, and export again"))
    addresses = list(dict.fromkeys(url.strip() for url in urls if url.strip()))
    values = {column: text for column, text in texts.items() if text.strip()}
    if not kind and not values.keys() & set(_SIGN_IN):
        kind = msg("entries without user name and password")
    values["service"] = " ".join(values.get("service", "").split()) or host((addresses or [""])[0]) or msg("(no name)")
    if addresses:
        values["url"] = addresses[0]
    if addresses[1:]:
        values["other_urls"] = "\n".join(addresses[1:])
    if custom := write_fields(fields):
        values["fields"] = custom
    parts = tuple(" ".join(part.split()) for part in folder if part.strip())
    return ForeignEntry(place, values, parts, tuple(tags), kind, tuple(left), places or {}, tuple(lenders))


@dataclass(frozen=True, slots=True)
class CsvFormat:
    """One program's CSV. Headers are folded: lower case, single spaces."""

    name: str
    title: str
    """The program or programs that write it."""
    needs: frozenset[str]
    """The headers that tell it from every other format."""
    columns: Mapping[str, tuple[str, ...]]
    """Column of ours → the headers that it comes from; the first that isn't blank is taken."""
    help: str
    """How one gets such a file."""
    noted: tuple[str, ...] = ()
    """Headers whose values become further fields."""
    spills: tuple[str, ...] = ()
    """Headers that, as the last one, have further values in further cells without a header."""
    fields: str = ""
    """The header of a column that holds further fields, `name: value` a line."""
    folder: tuple[str, str] = ("", "/")
    """The header of the column that says where an entry lies, and what stands between a folder and those in it."""
    outermost: bool = False
    """Whether a folder begins with the file's own name."""
    tags: str = ""
    """The header of a column of tags."""
    ignored: frozenset[str] = frozenset()
    """Headers that tell nothing that a successor needs."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Value of the column `type` → what such a row is, in the plural, where it is no sign-in."""
    none: frozenset[str] = frozenset()
    """Texts that the program writes for nothing."""
    not_a_login: Callable[[Values], str] = lambda _: ""
    """What a row is, in the plural, that only its values tell; empty for a sign-in."""
    escapes: bool = False
    """Whether some exports of it write `&amp;` for `&`."""
    unheaded: tuple[str, ...] = ()
    """What its columns would be called, if it wrote a header; then come pairs of a field's name and value."""
    exact: bool = False
    """Whether it is this format only where no other column is there."""
    extensions: tuple[str, ...] = ("csv",)

    def fits(self, names: set[str]) -> bool:
        """Whether a header row with these names is this format's."""
        return self.needs <= names and not (self.exact and self.unknown(names))

    def unknown(self, names: set[str]) -> set[str]:
        """The headers that nothing is known of: what they hold isn't taken."""
        known = {name for sources in self.columns.values() for name in sources}
        return names - known - {*self.noted, *self.ignored, self.fields, self.folder[0], self.tags, "type", ""}

    def take(self, row: Mapping[str, str], place: SourceLocation, places: Mapping[str, SourceLocation]) -> ForeignEntry:
        """A row as an entry; `places` says where the cell under each header stands."""
        row = {name: text for name, text in row.items() if text.strip() and text.strip() not in self.none}
        origin = {
            column: source
            for column, sources in self.columns.items()
            if (source := next((name for name in sources if name in row), None)) is not None
        }
        found = {column: row[source] for column, source in origin.items()}
        kind = self.kinds.get(row.get("type", "").strip().casefold()) or self.not_a_login(row)
        if not kind and row.get("archived", row.get("archived status", "")).strip().casefold() in _TRUE:
            kind = msg("archived entries")
        noted = [(name, row[name]) for name in self.noted if name in row and row[name] not in found.values()]
        urls = _ADDRESS.split(found.pop("url", ""))
        path = row.get(self.folder[0], "").split(self.folder[1])
        return made(
            place,
            found,
            urls=urls,
            fields=[*_lines(row.get(self.fields, "")), *noted],
            folder=path[1:] if self.outermost else path,
            tags=filter(None, (tag.strip() for tag in re.split("[;,]", row.get(self.tags, "")))),
            kind=kind,
            places={column: places[source] for column, source in origin.items()},
        )


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Further fields from `name: value` lines; a line that names none belongs to the value above it."""
    name, value = "", ""
    for line in text.replace("\r\n", "\n").split("\n") if text else ():
        called, colon, rest = line.partition(": ")
        if colon or not name:
            if name:
                yield name, value
            name, value = (called, rest) if colon else ("field", line)
        else:
            value += f"\n{line}"
    if name:
        yield name, value


def host(url: str) -> str:
    """The host of an address: `shop.example` of `https://shop.example/login`; the text itself where it has none."""
    address = url.split(",")[0].strip()
    try:
        found = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return address
    return found.removeprefix("www.") or address
