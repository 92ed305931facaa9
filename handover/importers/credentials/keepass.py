"""KeePass's files: KDBX, and the XML that KeePass exports in clear.

Role: what the texts of an entry mean. KDBX itself is `handover.formats.kdbx`'s. The ways in which KeePass, KeePassXC
and add-ons keep second factors and further addresses are all read.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import parse_qs, quote

from handover.formats.kdbx import Entry, entries_in, is_kdbx, read_kdbx
from handover.importers.credentials.base import ForeignEntry, Unlock, entry_place, made
from handover.importers.importer import Importer
from handover.model.message import msg

_OURS: Final = {"Title": "service", "UserName": "user_name", "Password": "password", "Notes": "note"}
_URL: Final = re.compile(r"URL|KP2A_URL(_\d+)?|AdditionalURL\d*", re.IGNORECASE)
_PASSKEY: Final = "KPEX_PASSKEY_"
_SECRETS: Final = (
    ("TimeOtp-Secret-Base32", lambda text: text),
    ("TimeOtp-Secret", lambda text: base64.b32encode(text.encode()).decode()),
    ("TimeOtp-Secret-Hex", lambda text: base64.b32encode(bytes.fromhex(text)).decode()),
    ("TimeOtp-Secret-Base64", lambda text: base64.b32encode(base64.b64decode(text)).decode()),
)
"""KeePass's own fields for a second factor, and how each becomes Base32."""
_SETTINGS: Final = {"TimeOtp-Period": "period", "TimeOtp-Length": "digits", "TimeOtp-Algorithm": "algorithm"}
_BORROWED: Final = "{REF:"


def read_file(data: bytes, name: str, unlock: Unlock) -> Iterator[ForeignEntry]:
    """The entries of a KDBX file, which the passphrase opens, with its key file where it has one."""
    passphrase, key_file = unlock()
    return _entries(read_kdbx(data, passphrase, name=name, key_file=key_file), name)


def read_xml(data: bytes, name: str, _unlock: Unlock) -> Iterator[ForeignEntry]:
    """The entries of an XML export."""
    return _entries(entries_in(data, None, name=name, size=len(data)), name)


def _entries(entries: Iterable[Entry], name: str) -> Iterator[ForeignEntry]:
    for number, entry in enumerate(entries, 1):
        texts = dict(entry.fields)
        place = entry_place(name, number, texts.get("Title", ""))
        totp = _second_factor(texts)
        passkey = any(key.startswith(_PASSKEY) for key in texts)
        borrowed = any(_BORROWED in text.upper() for text in texts.values())
        yield made(
            place,
            {**{column: texts.get(key, "") for key, column in _OURS.items()}, "totp_secret": totp},
            urls=[text for key, text in texts.items() if _URL.fullmatch(key)],
            fields=[
                (key, text)
                for key, text in texts.items()
                if key not in _OURS and not _URL.fullmatch(key) and not key.startswith(_PASSKEY)
            ],
            folder=entry.path,
            tags=entry.tags,
            lenders=[(other.path, other.tags) for other in entry.lenders],
            kind=msg("entries in the recycle bin") if entry.recycled else "",
            left=[
                *[msg("attachments")] * len(entry.attachments),
                *([msg("passkeys")] if passkey else []),
                *([msg("texts that stand in another entry")] if borrowed else []),
            ],
        )


def _second_factor(texts: dict[str, str]) -> str:
    """The second factor in an entry's texts, which are taken out: an address (otpauth), or the secret alone."""
    given = texts.pop("otp", "")
    if given and "://" not in given:  # KeeOtp: key=…&step=…&size=…
        said = {key: values[0] for key, values in parse_qs(given).items()}
        return _address(said.pop("key", given), {_KEEOTP[key]: value for key, value in said.items() if key in _KEEOTP})
    seed, settings = texts.pop("TOTP Seed", ""), texts.pop("TOTP Settings", "")
    if seed and not given:
        period, _, digits = settings.partition(";")
        return _address(seed, {"period": period.strip(), "digits": digits.strip()})
    found = given
    for key, base32 in _SECRETS:
        text = texts.get(key, "")
        try:
            settings_told = {ours: texts.get(name, "") for name, ours in _SETTINGS.items()}
            found = found or (text and _address(base32(text), settings_told))
        except (ValueError, binascii.Error):
            continue  # stays a field as it is
        texts.pop(key, None)
    if found:
        for name in _SETTINGS:
            texts.pop(name, None)
    return found


_KEEOTP: Final = {"step": "period", "size": "digits", "otpHashMode": "algorithm"}
_USUAL: Final = frozenset({("period", "30"), ("digits", "6"), ("algorithm", "SHA1"), ("algorithm", "HMAC-SHA-1")})


def _address(secret: str, settings: Mapping[str, str]) -> str:
    """The secret alone where everything is as usual, else the address that says what isn't."""
    told = {name: value for name, value in settings.items() if value and (name, value) not in _USUAL}
    if not told:
        return secret
    clean = "".join(secret.split()).rstrip("=").upper()
    more = "".join(
        f"&{name}={quote(value.removeprefix('HMAC-').replace('SHA-', 'SHA'))}" for name, value in told.items()
    )
    return f"otpauth://totp/?secret={clean}{more}"


def is_xml(head: bytes) -> bool:
    """Whether a file is KeePass's XML by how it begins; a table may hold the same words in a cell."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and b"<KeePassFile>" in head[:1024]


KDBX: Final = Importer(
    "kdbx", "KeePass, KeePassXC", msg("the database itself, or a copy that holds the client's entries"), ("kdbx",),
    lambda data, _file: is_kdbx(data), read_file,
)  # fmt: skip
KEEPASS_XML: Final = Importer(
    "keepass-xml",
    "KeePass",
    msg("File, Export: KeePass XML (2.x)"),
    ("xml",),
    lambda data, _file: is_xml(data),
    read_xml,
)
