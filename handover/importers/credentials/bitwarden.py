"""Bitwarden's JSON export, in clear or protected by a password of its own.

Role: bytes → entries, after Bitwarden's help pages and the sources of its clients. An export that is encrypted for one
account can't be read by anybody else, and is refused with what to do instead.
"""

import base64
import binascii
import hashlib
import hmac
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from handover.formats.kdbx import ciphers
from handover.formats.kdbx.header import MAX_MEMORY, MAX_WORK, Kdf
from handover.importers.credentials.base import ForeignEntry, Unlock, entry_place, made
from handover.importers.importer import Importer
from handover.importers.json_tree import at, looks_like, objects, read_json, text, texts
from handover.model.errors import DamagedFile, WrongPassphrase
from handover.model.message import msg
from handover.model.secret import Secret

_KINDS: Final = {"1": "", "2": msg("secure notes"), "3": msg("cards"), "4": msg("identities"), "5": msg("SSH keys")}
_LINKED: Final = "3"
"""A field that shows another one's value."""
_MAX_ROUNDS: Final = 5_000_000
"""Rounds of PBKDF2; Bitwarden allows 2,000,000."""
_BLOCK: Final = 16
_MIB: Final = 1024 * 1024


def read(data: bytes, name: str, unlock: Unlock) -> Iterator[ForeignEntry]:
    """The entries of an export, in its order."""
    tree = read_json(data, name)
    if at(tree, "encrypted") is True:
        if at(tree, "passwordProtected") is not True:
            message = msg("is encrypted for one Bitwarden account, which alone can read it")
            hint = msg("export it again as .json, or as .json (Encrypted) with “Password protected”")
            raise DamagedFile.at(name, message, hint=hint)
        tree = read_json(_decrypted(tree, unlock()[0] or Secret(""), name), name)
    places = {
        text(one, "id"): text(one, "name").split("/")
        for key in ("folders", "collections")
        for one in objects(tree, key)
    }
    for number, item in enumerate(objects(tree, "items"), 1):
        yield _entry(item, places, name, number)


def _entry(item: dict[str, Any], places: dict[str, list[str]], name: str, number: int) -> ForeignEntry:
    login = at(item, "login")
    folders = [places[one] for one in (text(item, "folderId"), *texts(item, "collectionIds")) if one in places]
    kind = _KINDS.get(text(item, "type"), msg("entries of another kind"))
    for key, called in (("deletedDate", msg("deleted entries")), ("archivedDate", msg("archived entries"))):
        kind = called if at(item, key) else kind
    left = [msg("passkeys")] * len(objects(login, "fido2Credentials"))
    left += [msg("attachments")] * len(objects(item, "attachments"))
    return made(
        entry_place(name, number, text(item, "name")),
        {
            "service": text(item, "name"),
            "user_name": text(login, "username"),
            "password": text(login, "password"),
            "totp_secret": text(login, "totp"),
            "note": text(item, "notes"),
        },
        urls=[text(uri, "uri") for uri in objects(login, "uris")],
        fields=[
            (text(one, "name"), text(one, "value")) for one in objects(item, "fields") if text(one, "type") != _LINKED
        ],
        folder=folders[0] if folders else (),
        tags=map("/".join, folders[1:]),
        kind=kind,
        left=left,
    )


def _decrypted(tree: Any, passphrase: Secret, name: str) -> bytes:
    """The export inside a protected one: HKDF of the password's key, AES-256-CBC, HMAC-SHA-256 over vector and text."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

    key = _key(tree, passphrase, name)
    keys = [HKDFExpand(SHA256(), 32, info).derive(key) for info in (b"enc", b"mac")]
    try:
        _opened(text(tree, "encKeyValidation_DO_NOT_EDIT"), keys)
    except ValueError:
        hint = msg("it's the one that was chosen for the export, not the account's")
        raise WrongPassphrase(msg("this passphrase doesn't open {name}", name=name), hint=hint) from None
    try:
        return _opened(text(tree, "data"), keys)
    except ValueError:
        raise DamagedFile.at(name, msg("is damaged or was altered"), hint=msg("export it again")) from None


def _opened(sealed: str, keys: list[bytes]) -> bytes:
    """What `2.vector|text|code` holds. Raises ValueError where the code doesn't fit."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    kind, _, parts = sealed.partition(".")
    try:
        vector, content, code = (base64.b64decode(part, validate=True) for part in parts.split("|"))
    except binascii.Error:
        raise ValueError("no base64") from None
    if kind != "2" or len(vector) != _BLOCK or not content or len(content) % _BLOCK:
        raise ValueError("another kind")
    if not hmac.compare_digest(hmac.digest(keys[1], vector + content, "sha256"), code):
        raise ValueError("another key")
    decryptor = Cipher(algorithms.AES(keys[0]), modes.CBC(vector)).decryptor()
    plain = decryptor.update(content) + decryptor.finalize()
    return plain[: -plain[-1]]


def _key(tree: Any, passphrase: Secret, name: str) -> bytes:
    """The key that the password gives. Raises DamagedFile for a cost out of all proportion, before it's paid."""
    numbers = [at(tree, key) for key in ("kdfType", "kdfIterations", "kdfMemory", "kdfParallelism")]
    kind, rounds, memory, lanes = (one if isinstance(one, int) and one >= 0 else 0 for one in numbers)
    secret = unicodedata.normalize("NFC", passphrase.reveal()).encode()
    salt = text(tree, "salt").encode()
    if kind == 0 and 1 <= rounds <= _MAX_ROUNDS:
        return hashlib.pbkdf2_hmac("sha256", secret, salt, rounds)
    size = memory * _MIB
    if kind == 1 and size <= MAX_MEMORY and rounds * size <= MAX_WORK and 1 <= lanes <= _BLOCK and rounds and memory:
        kdf = Kdf("argon2id", rounds, size, lanes, hashlib.sha256(salt).digest())
        return ciphers.derive(kdf, secret, name)
    raise DamagedFile.at(name, msg("says of its key what can't be, or costs too much"), hint=msg("export it again"))


BITWARDEN_JSON: Final = Importer(
    "bitwarden-json", "Bitwarden", msg("Tools, Export vault: .json, or .json (Encrypted), Password protected"),
    ("json",), looks_like(b"encrypted"), read,
)  # fmt: skip
