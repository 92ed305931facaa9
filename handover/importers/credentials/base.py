"""What a format of credentials is: which columns tell it, what each means, and which rows hold no sign-in.

Role: the declared data of a format and the one way in which its rows become values of our columns. Values are secrets:
nothing here quotes one.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

Values = Mapping[str, str]
"""A row's cells that aren't blank, by folded header."""

_SIGN_IN = ("user_name", "password", "totp_secret")
_TRUE = frozenset({"true", "1", "yes"})


@dataclass(frozen=True, slots=True)
class Taken:
    """A row as values of our columns, and the columns of the file that they come from."""

    values: Mapping[str, str] = field(repr=False)
    origin: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A row that is no sign-in: what it is, in the plural (`cards`)."""

    what: str


@dataclass(frozen=True, slots=True)
class CsvFormat:
    """One program's CSV. Headers are folded: lower case, single spaces."""

    title: str
    """The program or programs that write it."""
    needs: frozenset[str]
    """The headers that tell it from every other format."""
    columns: Mapping[str, tuple[str, ...]]
    """Column of ours → the headers that it comes from; the first that isn't blank is taken."""
    noted: tuple[str, ...] = ()
    """Headers whose values go into the note, each below its name."""
    ignored: frozenset[str] = frozenset()
    """Headers that tell nothing that a successor needs."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Value of the column `type` → what such a row is, in the plural, where it is no sign-in."""
    none: frozenset[str] = frozenset()
    """Texts that the program writes for nothing."""
    not_a_login: Callable[[Values], str] | None = None
    """What a row is, in the plural, that only its values tell; empty for a sign-in."""
    escapes: bool = False
    """Whether some exports of it write `&amp;` for `&`."""
    exact: bool = False
    """Whether it is this format only where no other column is there."""

    def fits(self, names: set[str]) -> bool:
        """Whether a header row with these names is this format's."""
        return self.needs <= names and not (self.exact and self.unknown(names))

    def unknown(self, names: set[str]) -> set[str]:
        """The headers that nothing is known of: what they hold isn't taken."""
        known = {name for sources in self.columns.values() for name in sources}
        return names - known - set(self.noted) - self.ignored - {"type", ""}

    def take(self, row: Values) -> Taken | NotTaken:
        """A row's values; `service` is the site's host where the program gives no name."""
        row = {name: text for name, text in row.items() if text.strip() and text.strip() not in self.none}
        if kind := self.kinds.get(row.get("type", "").strip().casefold()):
            return NotTaken(kind)
        if self.not_a_login is not None and (kind := self.not_a_login(row)):
            return NotTaken(kind)
        if row.get("archived", "").strip().casefold() in _TRUE:
            return NotTaken("archived entries")
        found = {}
        origin = {}
        for column, sources in self.columns.items():
            if (source := next((name for name in sources if name in row), None)) is not None:
                found[column], origin[column] = row[source], source
        if not found.keys() & set(_SIGN_IN):
            return NotTaken("entries without user name and password")
        notes = [found["note"]] if "note" in found else []
        notes += [f"{name}: {row[name]}" for name in self.noted if name in row and row[name] not in found.values()]
        if notes:
            found["note"] = "\n".join(notes)
        found["service"] = " ".join(found.get("service", "").split()) or host(found.get("url", "")) or "(no name)"
        return Taken(found, origin)


def host(url: str) -> str:
    """The host of an address: `shop.example` of `https://shop.example/login`; the text itself where it has none."""
    address = url.split(",")[0].strip()
    try:
        found = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return address
    return found.removeprefix("www.") or address


def fold(header: str) -> str:
    """A header as formats name it: composed, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", header.lstrip("\ufeff")).casefold().split())
