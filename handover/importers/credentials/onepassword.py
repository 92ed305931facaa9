"""1Password's 1PUX export: a zip with one JSON of accounts, vaults and items.

Role: bytes → entries, after 1Password's published description of the format. Sign-ins, servers, databases, e-mail
accounts, routers and keys of interfaces are sign-ins here; whatever else it keeps is counted.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from handover.importers.credentials.base import ForeignEntry, Unlock, entry_place, made
from handover.importers.importer import Importer
from handover.importers.json_tree import at, member, objects, read_json, text, texts, zip_with
from handover.model.message import msg

_DATA: Final = "export.data"
_SIGN_INS: Final = frozenset({"001", "005", "102", "109", "110", "111", "112"})
_KINDS: Final = {
    "002": msg("cards"), "003": msg("secure notes"), "006": msg("documents"), "100": msg("software licences"),
    "101": msg("bank accounts"), "113": msg("medical records"), "114": msg("SSH keys"), "115": msg("wallets"),
    **dict.fromkeys(("004", "103", "104", "106", "108"), msg("identities")),
    **dict.fromkeys(("105", "107"), msg("memberships")),
}  # fmt: skip
_OURS: Final = {
    "username": "user_name", "password": "password", "admin_console_username": "user_name", "pop_username": "user_name",
    "admin_console_password": "password", "pop_password": "password", "credential": "password",
    "url": "url", "hostname": "url", "server": "url", "pop_server": "url",
}  # fmt: skip
"""What a field of a category other than sign-ins is to us, by its identifier."""


def read(data: bytes, name: str, _unlock: Unlock) -> Iterator[ForeignEntry]:
    """The entries of an export, account by account and vault by vault; a vault is the outermost folder."""
    tree = read_json(member(data, name, _DATA), name, len(data))
    number = 0
    for account in objects(tree, "accounts"):
        for vault in objects(account, "vaults"):
            for item in objects(vault, "items"):
                number += 1
                # Older exports put each item one level deeper.
                yield _entry(at(item, "item") or item, text(vault, "attrs", "name"), name, number)


def _entry(item: Any, vault: str, name: str, number: int) -> ForeignEntry:
    category = text(item, "categoryUuid")
    kind = "" if category in _SIGN_INS else _KINDS.get(category, msg("entries of another kind"))
    if text(item, "state") == "archived":
        kind = msg("archived entries")
    found = _Found()
    found.add("password", text(item, "details", "password"))
    for one in objects(item, "details", "loginFields"):
        column = {"username": "user_name", "password": "password"}.get(text(one, "designation"), "")
        value = at(one, "value")
        held = value if isinstance(value, dict) else {"": value}  # some exports name its type, as fields of sections do
        found.add(column, text(held, next(iter(held), "")))
    for section in objects(item, "details", "sections"):
        for one in objects(section, "fields"):
            found.field(text(one, "id"), text(one, "title"), at(one, "value"))
    if at(item, "details", "documentAttributes") is not None:
        found.left.append(msg("attachments"))
    if at(item, "details", "passkey") is not None:
        found.left.append(msg("passkeys"))
    addresses = [text(item, "overview", "url"), *(text(one, "url") for one in objects(item, "overview", "urls"))]
    address = found.values.pop("url", "")
    return made(
        entry_place(name, number, text(item, "overview", "title")),
        {**found.values, "service": text(item, "overview", "title"), "note": text(item, "details", "notesPlain")},
        urls=[*addresses, address],
        fields=found.fields,
        folder=[vault],
        tags=texts(item, "overview", "tags"),
        kind=kind,
        left=found.left,
    )


class _Found:
    """What an item's fields give: the first value for each column of ours, everything else under its title."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.fields: list[tuple[str, str]] = []
        self.left: list[str] = []

    def add(self, column: str, value: str, title: str = "") -> None:
        """A value for a column, or for a field of its own where the column has one already or there is none."""
        if not value:
            return
        if column and column not in self.values:
            self.values[column] = value
        elif title and self.values.get(column) != value:
            self.fields.append((title, value))

    def field(self, identifier: str, title: str, value: Any) -> None:
        """One field of a section: an object of one key, which is its type."""
        kind, given = next(iter(value.items()), ("", None)) if isinstance(value, dict) else ("", None)
        if kind == "file":
            self.left.append(msg("attachments"))
        elif kind == "totp":
            self.add("totp_secret", text(value, kind), title or "one-time password")
        elif kind == "date" and isinstance(given, int):
            day = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=max(-(10**10), min(given, 10**10)))
            self.add("", f"{day:%Y-%m-%d}", title or identifier)
        else:
            shown_value = text(given, "email_address") or text(given, "privateKey") or text(value, kind)
            self.add(_OURS.get(identifier, ""), shown_value, title or identifier)
            if isinstance(given, dict) and any(given.values()) and not shown_value:
                self.left.append(msg("fields of several parts"))


ONEPUX: Final = Importer("1pux", "1Password", msg("File, Export: 1PUX"), ("1pux", "zip"), zip_with(_DATA), read)
