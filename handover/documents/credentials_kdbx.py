"""The delivered credentials as a KeePass file beside the inventory, under the same passphrase.

Role: turns the rows of the inventory's sheet into entries, and says whether a KeePass file holds what a workbook does.
It is made from the workbook itself, so that the two can't differ by how they were made, and compared by opening both.
How KDBX is written is `handover.formats.kdbx`'s.
"""

import base64
import binascii
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import count
from typing import Final
from urllib.parse import quote

from handover.formats.kdbx import Entry, read_kdbx, write_kdbx
from handover.languages.words import Words
from handover.model.artifact import Artifact, EncryptedArtifact, Role
from handover.model.custom_fields import read_fields
from handover.model.errors import DamagedFile
from handover.model.message import first_of, msg
from handover.model.secret import Secret
from handover.project.vault.delivered import Delivered, delivered

_STANDARD: Final = {"service": "Title", "user_name": "UserName", "password": "Password", "url": "URL", "note": "Notes"}
_LABELLED: Final = ("recovery_codes", "owner", "change_after_receipt")
"""Columns that KeePass has no text for: they bear the sheet's own header."""


def credentials_beside(
    artifact: Artifact,
    passphrase: Secret,
    *,
    name: str,
    words: Words,
    at: datetime,
    random: Callable[[int], bytes],
) -> EncryptedArtifact:
    """The credentials in `artifact`, an inventory in clear, as the KeePass file `name`.

    `words` are the inventory's. Raises DamagedFile where the file, opened again with the passphrase, doesn't hold what
    the inventory does. That the encrypted inventory opens to `artifact`, whoever encrypted it has compared.
    """
    plain = delivered(artifact.content, name=artifact.name, languages=words.understood)
    content = write_kdbx(_entries(plain), passphrase, title=words.text("credentials_title"), at=at, random=random)
    check_agree(plain, content, passphrase, name=name)
    return EncryptedArtifact(name=name, role=Role.CREDENTIALS, content=content)


def check_agree(inventory: Delivered, kdbx: bytes, passphrase: Secret, *, name: str) -> None:
    """That a KeePass file holds just what an inventory does.

    Raises WrongPassphrase, and DamagedFile naming the services that differ, and no value.
    """
    expected = Counter(map(_comparable, _entries(inventory)))
    found = Counter(map(_comparable, read_kdbx(kdbx, passphrase, name=name)))
    if expected == found:
        return
    services = sorted({dict(one[0]).get("Title", "") for one in (expected - found) + (found - expected)})
    raise DamagedFile.at(
        name,
        msg("doesn't hold what the inventory does: {services}", services=first_of(services)),
        hint=msg("build the bundle again"),
    )


def _comparable(entry: Entry) -> tuple[tuple[tuple[str, str], ...], object]:
    """An entry with all that programs show of it: what we write has no earlier version, attachment or tag."""
    return tuple(sorted(entry.fields.items())), (
        entry.path, entry.attachments, entry.tags, entry.recycled, entry.earlier
    )  # fmt: skip


def _entries(inventory: Delivered) -> tuple[Entry, ...]:
    return tuple(_entry(row, inventory.headers) for row in inventory.rows)


def _entry(row: Mapping[str, str], headers: Mapping[str, str]) -> Entry:
    texts = {key: row.get(column, "") for column, key in _STANDARD.items()}
    texts |= _second_factor(row, headers)
    for number, address in enumerate(row.get("other_urls", "").split("\n")):
        # The name by which KeePass's programs know a further address (KeePassXC, KeePassDX, Keepass2Android).
        texts |= {f"KP2A_URL_{number}" if number else "KP2A_URL": address} if address else {}
    hidden = {key for key in texts if key not in _STANDARD.values() and not key.startswith("KP2A_")}
    further = [(headers[column], row[column]) for column in _LABELLED if column in row]
    numbers: defaultdict[str, Iterator[int]] = defaultdict(lambda: count(2))
    for called, value in (*further, *(read_fields(row["fields"]) if "fields" in row else ())):
        key = called
        while key in texts:
            key = f"{called} ({next(numbers[called])})"
        texts[key] = value
        hidden |= {key} - {headers.get("owner", ""), headers.get("change_after_receipt", "")}
    path = tuple(part for part in row.get("folder", "").split("/") if part)
    return Entry(path, texts, frozenset({"Password", *hidden}))


def _second_factor(row: Mapping[str, str], headers: Mapping[str, str]) -> dict[str, str]:
    """The second factor as KeePassXC and its kin keep it, and as KeePass itself does where that is the usual kind.

    What is neither an address nor Base32 stays a text under the sheet's own header.
    """
    given = row.get("totp_secret", "")
    if given.startswith("otpauth://"):
        return {"otp": given}
    secret = "".join(given.replace("-", "").split()).rstrip("=").upper()
    try:
        base64.b32decode(secret + "=" * (-len(secret) % 8))
    except (ValueError, binascii.Error):
        return {headers["totp_secret"]: given} if given else {}
    if not secret:
        return {}
    service, user = quote(row["service"], safe=""), quote(row.get("user_name", ""), safe="")
    label = f"{service}:{user}" if user else service
    address = f"otpauth://totp/{label}?secret={secret}&period=30&digits=6&issuer={service}"
    return {"otp": address, "TimeOtp-Secret-Base32": secret}
