"""Proton Pass's zip: one JSON of vaults and items.

Role: bytes → entries, after the sources of Proton's clients. A zip that Proton encrypted (PGP) is refused by name.
"""

from collections.abc import Iterator
from typing import Any, Final

from handover.importers.credentials.base import ForeignEntry, Unlock, entry_place, made
from handover.importers.importer import Importer
from handover.importers.json_tree import at, member, objects, read_json, text, texts, zip_with
from handover.model.errors import DamagedFile
from handover.model.message import msg

_DATA: Final = "Proton Pass/data.json"
_ENCRYPTED: Final = "Proton Pass/data.pgp"
_TRASHED: Final = "2"
_KINDS: Final = {
    "alias": msg("aliases of e-mail addresses"),
    "creditCard": msg("cards"),
    "note": msg("secure notes"),
    "identity": msg("identities"),
    "sshKey": msg("SSH keys"),
    "wifi": msg("wireless networks"),
}


def read(data: bytes, name: str, _unlock: Unlock) -> Iterator[ForeignEntry]:
    """The entries of an export, vault by vault; a vault is the outermost folder."""
    if zip_with(_ENCRYPTED)(data, name):
        raise DamagedFile.at(name, msg("is encrypted with PGP"), hint=msg("export it again, as ZIP without encryption"))
    vaults = at(read_json(member(data, name, _DATA), name, len(data)), "vaults")
    number = 0
    for vault in vaults.values() if isinstance(vaults, dict) else ():
        for item in objects(vault, "items"):
            number += 1
            yield _entry(item, text(vault, "name"), name, number)


def _entry(item: dict[str, Any], vault: str, name: str, number: int) -> ForeignEntry:
    kind = text(item, "data", "type")
    content, title = at(item, "data", "content"), text(item, "data", "metadata", "name")
    user, email = text(content, "itemUsername") or text(content, "username"), text(content, "itemEmail")
    fields = [
        (text(one, "fieldName"), text(one, "data", "content") or text(one, "data", "totpUri"))
        for one in objects(item, "data", "extraFields")
    ]
    return made(
        entry_place(name, number, title),
        {
            "service": title, "user_name": user or email, "password": text(content, "password"),
            "totp_secret": text(content, "totpUri"), "note": text(item, "data", "metadata", "note"),
        },
        urls=[*texts(content, "urls"), *(text(one, "url") for one in objects(content, "autofillUrls"))],
        fields=[*fields, *([("email", email)] if user and email != user else [])],
        folder=[vault],
        kind=msg("deleted entries") if text(item, "state") == _TRASHED else "" if kind == "login" else
             _KINDS.get(kind, msg("entries of another kind")),
        left=[msg("passkeys")] * len(objects(content, "passkeys")) + [msg("attachments")] * len(objects(item, "files")),
    )  # fmt: skip


PROTON: Final = Importer(
    "proton", "Proton Pass", msg("Settings, Export: ZIP without encryption"), ("zip",),
    zip_with(_DATA, _ENCRYPTED), read,
)  # fmt: skip
