"""Exports of password managers in the shapes that those programs write, with names and secrets of our own."""

import base64
import csv
import hashlib
import hmac
import io
import json
import os
import zipfile
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from handover.importers.credentials.reading import Choice, Imported, read_export, taken
from handover.model.secret import Secret

PASSPHRASE = "export-canary-42"


def unlock(passphrase: str = PASSPHRASE, key_file: bytes | None = None):
    return lambda: (Secret(passphrase), key_file)


def imported(data: bytes, name: str = "p.csv", **choice: Any) -> Imported:
    """What comes along of an export; everything where nothing is chosen."""
    return taken(read_export(data, name, unlock()), Choice(**choice))


def table(header: str, *rows: dict[str, str], delimiter: str = ",") -> bytes:
    """A CSV with these columns and rows by column; what a row doesn't name is empty."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, header.split(","), delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def zipped(**files: bytes | str) -> bytes:
    """A zip; `__` in a name is a dot, `_S_` a slash, `_B_` a blank."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", ".").replace("_S_", "/").replace("_B_", " "), content)
    return sink.getvalue()


# Bitwarden


def bitwarden(*items: dict[str, Any], folders: dict[str, str] | None = None, **more: Any) -> bytes:
    """A JSON export; folders by identifier."""
    named = [{"id": key, "name": name} for key, name in (folders or {}).items()]
    return json.dumps({"encrypted": False, "folders": named, "items": items, **more}).encode()


def bitwarden_login(name: str, secret: str = "x", **more: Any) -> dict[str, Any]:  # noqa: S107
    login = {"uris": [], "username": "ann", "password": secret, "totp": None, **more.pop("login", {})}
    return {"type": 1, "name": name, "notes": None, "favorite": False, "fields": [], "login": login,
            "folderId": None, "collectionIds": None, "deletedDate": None, **more}  # fmt: skip


def bitwarden_protected(content: bytes, *, argon: bool = False, passphrase: str = PASSPHRASE, **more: Any) -> bytes:
    """An export that its own password protects."""
    salt = base64.b64encode(os.urandom(16)).decode()
    if argon:
        key = Argon2id(
            salt=hashlib.sha256(salt.encode()).digest(), length=32, iterations=2, lanes=1, memory_cost=1024
        ).derive(passphrase.encode())
        kdf = {"kdfType": 1, "kdfIterations": 2, "kdfMemory": 1, "kdfParallelism": 1}
    else:
        key = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt.encode(), 1000)
        kdf = {"kdfType": 0, "kdfIterations": 1000, "kdfMemory": None, "kdfParallelism": None}
    keys = [HKDFExpand(SHA256(), 32, info).derive(key) for info in (b"enc", b"mac")]

    def sealed(plain: bytes) -> str:
        vector, filling = os.urandom(16), 16 - len(plain) % 16
        encryptor = Cipher(algorithms.AES(keys[0]), modes.CBC(vector)).encryptor()
        text = encryptor.update(plain + bytes([filling]) * filling)
        parts = (vector, text, hmac.digest(keys[1], vector + text, "sha256"))
        return "2." + "|".join(base64.b64encode(part).decode() for part in parts)

    about = {"encrypted": True, "passwordProtected": True, "salt": salt, **kdf}
    return json.dumps(
        {**about, "encKeyValidation_DO_NOT_EDIT": sealed(b"1-2-3"), "data": sealed(content), **more}
    ).encode()


# 1Password and Proton Pass


def onepux(vaults: dict[str, list[dict[str, Any]]]) -> bytes:
    """A 1PUX with one account."""
    held = [{"attrs": {"name": name}, "items": items} for name, items in vaults.items()]
    data = {"accounts": [{"attrs": {"accountName": "Rivage"}, "vaults": held}]}
    return zipped(export__attributes='{"version": 3}', export__data=json.dumps(data))


def onepux_item(title: str, category: str = "001", *, login: tuple[Any, Any] = ("ann", "x"), sections: Any = (),
                tags: Any = (), urls: Any = (), state: str = "active", **details: Any) -> dict[str, Any]:  # fmt: skip
    fields = [{"designation": name, "fieldType": "T", "value": value, "name": name}
              for name, value in zip(("username", "password"), login, strict=False)]  # fmt: skip
    inner = [{"title": "", "name": "s", "fields": list(sections)}]
    overview = {
        "title": title,
        "url": (urls or ("",))[0],
        "urls": [{"label": "", "url": url} for url in urls],
        "tags": list(tags),
    }
    details = {"loginFields": fields, "notesPlain": "", "sections": inner, "passwordHistory": [], **details}
    return {"uuid": title, "categoryUuid": category, "state": state, "details": details, "overview": overview}


def proton(vaults: dict[str, list[dict[str, Any]]]) -> bytes:
    """Proton Pass's zip without encryption."""
    held = {f"id{at}": {"name": name, "items": items} for at, (name, items) in enumerate(vaults.items())}
    data = {"version": "1.30", "userId": "u", "encrypted": False, "vaults": held}
    return zipped(Proton_B_Pass_S_data__json=json.dumps(data))


def proton_item(
    name: str, kind: str = "login", *, state: int = 1, note: str = "", extra: Any = (), **content: Any
) -> dict[str, Any]:
    data = {"metadata": {"name": name, "note": note}, "extraFields": list(extra), "type": kind, "content": content}
    return {"itemId": name, "state": state, "data": data, "files": []}
