"""`handover.json` and `SHA256SUMS`: the two records that a bundle keeps of itself (docs/format.md, 5 and 6).

Role: writes them from what was packed, and reads them back strictly. Writing and reading share this grammar
and nothing else; it opens no file and trusts no value it reads.
"""

import datetime as dt
import hashlib
import json
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from handover.bundle.names import check_entry_name
from handover.model.artifact import EntryRecord, Role
from handover.model.errors import AssetError, BundleError
from handover.model.message import msg

FORMAT = 1
RECORD_NAME = "handover.json"
SUMS_NAME = "SHA256SUMS"
CERTIFICATE_NAME = "signer-certificate.pem"
MANIFEST_NAME = "META-INF/ASiCManifest.xml"
SIGNATURE_NAME = "META-INF/signature.p7s"
MAX_RECORD = 8 * 1024 * 1024
"""Largest handover.json in bytes that a reader takes (format 5.1): parsed, it takes many times as much."""

_PRIVATE = re.compile(r"data/(accounts|invoices)\.(csv|xlsx)|[^/]+\.xlsx")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SUMS_LINE = re.compile(r"([0-9a-f]{64})  ([^\r\n\\]+)\n")
_UUID_8 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
"""The canonical form of a UUID of version 8 and the RFC's variant (RFC 9562, 4 and 5.8)."""
_LANGUAGE = re.compile(r"[a-z]{2}")
_CLIENT = re.compile(r"(?=.{1,60}\Z)[a-z0-9]+(-[a-z0-9]+)*")
_MAX_GENERATOR = 100
_MAX_NAME = 1_000


class State(StrEnum):
    """How far a bundle is on its way to the client (format 5.3)."""

    DRAFT = "draft"
    TO_SIGN = "to-sign"
    """Complete, and waiting for the signature of an owner or of several."""
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class OwnerPin:
    """An owner as handover.json names them: the name, and the fingerprint of the one certificate that signs for them
    (None in a draft of a project without pins)."""

    name: str
    certificate_sha256: str | None


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document as handover.json lists it."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class AssetsArchive:
    """The second zip of a split bundle: its file name, size in bytes and SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BundleRecord:
    """The content of handover.json."""

    bundle_id: str
    date: dt.date
    state: State
    language: str
    client: str
    generator: str
    owners: tuple[OwnerPin, ...]
    time_stamp: bool
    """Whether the bundle's signature has a time-stamp: one that was added or taken away later is noticed."""
    entries: tuple[DocumentEntry, ...]
    renamed: Mapping[str, str]
    inputs: Mapping[str, str]
    assets_archive: AssetsArchive | None = None

    def names(self, role: Role) -> list[str]:
        """The documents with this role, in their order."""
        return [document.name for document in self.entries if document.role is role]

    def name(self, role: Role) -> str:
        """The one document with this role; an empty text where there is none."""
        return next(iter(self.names(role)), "")

    @property
    def draft(self) -> bool:
        """Whether it's a draft, which nobody signs."""
        return self.state is State.DRAFT

    @property
    def pins(self) -> dict[str, str]:
        """Fingerprint → name of the owner whose key that is."""
        return {owner.certificate_sha256: owner.name for owner in self.owners if owner.certificate_sha256}


_KEYS = ("format", *(one.name for one in fields(BundleRecord)))
"""In this order."""


def printable_line(text: str) -> str:
    """A text as one printable line of plain spaces: what names in records look like, whatever people typed."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_MAX_NAME]


def shown_inputs(digests: Mapping[str, str]) -> dict[str, str]:
    """The inputs' digests as handover.json shows them (format 5.5): not those of accounts, invoices and vault.

    Whoever guesses at a short table would know from its digest when they are right, and a build changes the vault.
    """
    return {name: digest for name, digest in digests.items() if not _PRIVATE.fullmatch(name)}


def bundle_id(*, date: dt.date, draft: bool, inputs: Mapping[str, str], assets: Mapping[str, str]) -> str:
    """The bundle's identifier: a UUID of version 8 made from what went in (format 5.2)."""
    canonical = json.dumps(
        {"date": date.isoformat(), "draft": draft, "inputs": dict(inputs), "assets": dict(assets)},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    digest = hashlib.sha256(canonical.encode()).digest()
    number = int.from_bytes(digest[:16], "big")
    number &= ~(0xF << 76) & ~(0x3 << 62)
    number |= (8 << 76) | (2 << 62)
    return str(uuid.UUID(int=number))


def write_record(record: BundleRecord) -> bytes:
    """handover.json as bytes."""
    value = {
        "format": FORMAT,
        **asdict(record),
        "date": record.date.isoformat(),
        "renamed": dict(sorted(record.renamed.items())),
        "inputs": dict(sorted(record.inputs.items())),
    }
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def read_record(data: bytes) -> BundleRecord:
    """Parse handover.json strictly.

    Raises BundleError (clause 5.1, or 1.6 for a version this program doesn't know).
    """
    value = _object(data)
    if type(value.get("format")) is not int or value["format"] != FORMAT:  # 1.0 and true equal 1
        raise BundleError(
            msg("this bundle's format is newer than this program, or not a handover"),
            entry=RECORD_NAME,
            clause="1.6",
            hint=msg("update handover and verify again"),
        )
    if tuple(value) != _KEYS:
        raise _refuse(msg("its keys aren't those of format 1, in order"))
    try:
        state = State(_text(value["state"]))
        documents = (_fields(item, "name", "role") for item in _list(value["entries"]))
        return BundleRecord(
            bundle_id=_matching(_UUID_8, value["bundle_id"]),
            date=_date(value["date"]),
            state=state,
            language=_matching(_LANGUAGE, value["language"]),
            client=_matching(_CLIENT, value["client"]),
            generator=_printable(value["generator"], _MAX_GENERATOR),
            owners=_owners(value["owners"], state),
            time_stamp=_flag(value["time_stamp"], may_be=state is State.SIGNED),  # nobody stamps what isn't signed
            entries=tuple(DocumentEntry(_text(name), Role(_text(role))) for name, role in documents),
            renamed=_texts(value["renamed"]),
            inputs={name: _digest(digest) for name, digest in _texts(value["inputs"]).items()},
            assets_archive=_archive(value["assets_archive"]),
        )
    except (TypeError, ValueError, KeyError, AssetError):
        raise _refuse(msg("a value in it has the wrong type or form")) from None


def write_sums(entries: Iterable[EntryRecord]) -> bytes:
    """SHA256SUMS over `entries`, in their order (format 6)."""
    return "".join(f"{entry.sha256}  {entry.name}\n" for entry in entries).encode()


def read_sums(data: bytes) -> dict[str, str]:
    """Parse SHA256SUMS strictly: name → digest, in its order.

    Raises BundleError (clause 6.1) naming the first line that isn't in its form.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise BundleError(msg("it isn't UTF-8 text"), entry=SUMS_NAME, clause="6.1") from None
    sums: dict[str, str] = {}
    # Not splitlines: it also splits at a carriage return and at seven other characters.
    for number, line in enumerate(re.finditer(r"[^\n]*\n|[^\n]+\Z", text), 1):
        match = _SUMS_LINE.fullmatch(line[0])
        if match is None or match[2] in sums:
            raise BundleError(
                msg("line {number} isn't `digest  name`, or repeats a name", number=number),
                entry=SUMS_NAME,
                clause="6.1",
            )
        sums[match[2]] = match[1]
    return sums


def _object(data: bytes) -> dict[str, Any]:
    if len(data) > MAX_RECORD:
        raise _refuse(msg("it is larger than {most} MiB", most=MAX_RECORD // 1024 // 1024))

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) != len(pairs):
            raise ValueError("a key stands twice")
        return result

    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise _refuse(msg("it isn't strict JSON: bad syntax, a repeated key, or not UTF-8")) from None
    if not isinstance(value, dict):
        raise _refuse(msg("it isn't a JSON object"))
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _refuse(reason: str) -> BundleError:
    return BundleError(reason, entry=RECORD_NAME, clause="5.1")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    value.encode()  # refuses lone surrogates with a ValueError
    return value


def _matching(pattern: re.Pattern[str], value: Any) -> str:
    if not pattern.fullmatch(_text(value)):
        raise ValueError("not in its form")
    return str(value)


def _date(value: Any) -> dt.date:
    date = dt.date.fromisoformat(_text(value))
    if date.isoformat() != value:  # ISO 8601 has more forms than the one that is written
        raise ValueError("not YYYY-MM-DD")
    return date


def _printable(value: Any, most: int) -> str:
    text = _text(value)
    if not 0 < len(text) <= most or not text.isprintable():
        raise ValueError("not one printable line")
    return text


def _flag(value: Any, *, may_be: bool) -> bool:
    if not isinstance(value, bool) or (value and not may_be):
        raise TypeError("not true or false, or not to be true here")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def _texts(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return {_text(key): _text(item) for key, item in value.items()}


def _digest(value: Any) -> str:
    return _matching(_DIGEST, value)


def _fields(value: Any, *keys: str) -> tuple[Any, ...]:
    """The values of an object with these keys in this order, and no others."""
    if not isinstance(value, dict) or tuple(value) != keys:
        raise TypeError("not an object with these keys")
    return tuple(value.values())


def _owners(value: Any, state: State) -> tuple[OwnerPin, ...]:
    """The owners: one at least, each with a name of one line and, but in a draft, a pin that is theirs alone."""
    pairs = (_fields(item, "name", "certificate_sha256") for item in _list(value))
    owners = tuple(OwnerPin(_printable(name, _MAX_NAME), None if pin is None else _digest(pin)) for name, pin in pairs)
    pins = [owner.certificate_sha256 for owner in owners if owner.certificate_sha256]
    if not owners or len(set(pins)) != len(pins) or (state is not State.DRAFT and len(pins) != len(owners)):
        raise ValueError("no owner, one without a pin, or one pin for two")
    return owners


def _archive(value: Any) -> AssetsArchive | None:
    if value is None:
        return None
    name, size, sha256 = _fields(value, "name", "size", "sha256")
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise TypeError("not a size")
    check_entry_name(_text(name))
    if "/" in name:
        raise ValueError("a file name, not a path")
    return AssetsArchive(name, size, _digest(sha256))
