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

from handover.bundle.names import problems
from handover.model.artifact import EntryRecord, Role
from handover.model.errors import BundleError
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
    maps = {"renamed": dict(sorted(record.renamed.items())), "inputs": dict(sorted(record.inputs.items()))}
    return (json.dumps(_plain(record) | maps, ensure_ascii=False, indent=2) + "\n").encode()


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
    second = value["assets_archive"]
    try:
        parsed: dict[str, Any] = {
            "date": dt.date.fromisoformat(value["date"]),
            "state": State(value["state"]),
            "owners": tuple(OwnerPin(**one) for one in value["owners"]),
            "entries": tuple(DocumentEntry(**{**one, "role": Role(one["role"])}) for one in value["entries"]),
            "assets_archive": None if second is None else AssetsArchive(**second),
        }
        record = BundleRecord(**{key: parsed.get(key, value[key]) for key in _KEYS[1:]})
        # Written again it is what was read: no key more, none elsewhere, no value in a second form or of a second type.
        good = _is_sound(record) and _text(_plain(record)) == _text(value)
    except (TypeError, ValueError, KeyError, AttributeError):
        good = False
    if not good:
        raise _refuse(msg("a value in it has the wrong type or form"))
    return record


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
        value = json.loads(data.decode("utf-8"), object_pairs_hook=unique, parse_constant=int)  # no NaN
    except (ValueError, RecursionError):
        raise _refuse(msg("it isn't strict JSON: bad syntax, a repeated key, or not UTF-8")) from None
    if not isinstance(value, dict):
        raise _refuse(msg("it isn't a JSON object"))
    return value


def _refuse(reason: str) -> BundleError:
    return BundleError(reason, entry=RECORD_NAME, clause="5.1")


def _plain(record: BundleRecord) -> dict[str, Any]:
    return {"format": FORMAT, **asdict(record), "date": record.date.isoformat()}


def _text(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()  # refuses lone surrogates with a ValueError


def _is_sound(record: BundleRecord) -> bool:
    """Whether every value has its form (format 5.1 to 5.4): at least one owner, each but in a draft with a pin of their
    own, and no time-stamp on what isn't signed. Raises TypeError and AttributeError for values of other types."""
    pins = [owner.certificate_sha256 for owner in record.owners if owner.certificate_sha256 is not None]
    second = record.assets_archive
    return bool(
        _UUID_8.fullmatch(record.bundle_id)
        and _LANGUAGE.fullmatch(record.language)
        and _CLIENT.fullmatch(record.client)
        and _is_line(record.generator, _MAX_GENERATOR)
        and record.owners
        and all(_is_line(owner.name, _MAX_NAME) for owner in record.owners)
        and all(_DIGEST.fullmatch(digest) for digest in (*pins, *record.inputs.values()))
        and len(pins) == len(set(pins))
        and (record.draft or len(pins) == len(record.owners))
        and isinstance(record.time_stamp, bool)
        and (record.state is State.SIGNED or not record.time_stamp)
        and all(isinstance(name, str) for name in (*(one.name for one in record.entries), *record.renamed.values()))
        and (second is None or _is_second_zip(second))
    )


def _is_line(text: Any, most: int) -> bool:
    return isinstance(text, str) and 0 < len(text) <= most and text.isprintable()


def _is_second_zip(second: AssetsArchive) -> bool:
    good_size = type(second.size) is int and second.size >= 0
    return bool(good_size and _DIGEST.fullmatch(second.sha256) and "/" not in second.name and not problems(second.name))
