"""Verify a received bundle, step by step as docs/format.md section 10 numbers the steps.

Role: what the client would run. It raises at the first step that fails and names the clause, the entry and
what differs; it returns what it found out, never a boolean. It shares only names, the records' grammar and the
sealing formats with the code that writes bundles: never `pack`, never `deliverables`.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO

from handover import names, record
from handover.artifact import EntryRecord, Role
from handover.errors import BundleError, HandoverError, UnknownSigner

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from handover.archive import Archive

MAX_LETTER = 64 * 1024 * 1024
MAX_INVENTORY = 512 * 1024 * 1024
MAX_SIGNATURE = 1024 * 1024
MAX_LISTING = 64 * 1024 * 1024
"""Largest SHA256SUMS and manifest in bytes (format 6.3 and 9.4)."""


class Trust(StrEnum):
    """What is known of the sealer (format 10.10)."""

    MATCHED = "matched"
    UNKNOWN = "unknown"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Anchors:
    """What the user gave to recognise the signer: fingerprints (hexadecimal SHA-256) and authorities."""

    fingerprints: frozenset[str] = frozenset()
    authorities: "tuple[Certificate, ...]" = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One step that passed: its clause of docs/format.md and what was checked, in words."""

    clause: str
    words: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed and when, as the signature itself says."""

    name: str
    fingerprint: str
    signed_at: dt.datetime
    named_by_project: bool
    """True when the project's settings pin this certificate."""
    timestamp: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a bundle that is intact says of itself."""

    record: record.BundleRecord
    checks: tuple[Check, ...]
    entries: tuple[EntryRecord, ...]
    trust: Trust
    letter: Signature | None = None
    bundle: Signature | None = None

    def require_known_signer(self) -> None:
        """Raise UnknownSigner (exit status 3) unless the signer was recognised.

        A draft has none to recognise: it passes when nobody was named, and otherwise isn't theirs (format 10.11).
        """
        if self.trust is Trust.UNKNOWN and self.bundle is None:
            raise UnknownSigner(
                "this is a draft, which nobody signed: anyone can have made it, not only the signer that you named",
                hint="ask them for the signed bundle",
            )
        if self.trust is Trust.UNKNOWN and self.bundle is not None:
            groups = " ".join(self.bundle.fingerprint[i : i + 4] for i in range(0, 64, 4))
            raise UnknownSigner(
                f"the bundle is intact, but nothing given says that this key is {self.bundle.name}'s",
                hint=f"compare this fingerprint by phone, then verify again with --fingerprint:\n  {groups}",
            )


OnCheck = Callable[[Check], None]


def verify(
    file: BinaryIO,
    *,
    anchors: Anchors = Anchors(),
    now: dt.datetime,
    allow_draft: bool = False,
    assets: BinaryIO | None = None,
    on_check: OnCheck = lambda _: None,
    workers: int | None = None,
) -> Report:
    """Check every byte and signature of the bundle in `file`.

    `now` (aware) is the time of checking; `assets` is the second zip of a split bundle, where the user has it;
    `on_check` hears of each step as it passes. Raises BundleError for a bundle that isn't intact, with its entry
    and clause. An intact bundle of an unknown signer is returned as such: see `Report.require_known_signer`.
    """
    return _Verification(anchors, now, allow_draft, on_check).run(file, assets, workers)


class _Verification:
    """One run through section 10; holds what later steps need of earlier ones."""

    def __init__(self, anchors: Anchors, now: dt.datetime, allow_draft: bool, on_check: OnCheck) -> None:
        self._anchors = anchors
        self._now = now
        self._allow_draft = allow_draft
        self._on_check = on_check
        self._checks: list[Check] = []

    def _passed(self, clause: str, words: str) -> None:
        check = Check(clause, words)
        self._checks.append(check)
        self._on_check(check)

    def run(self, file: BinaryIO, assets: BinaryIO | None, workers: int | None) -> Report:
        from handover.archive import read_archive

        archive = read_archive(file)
        self._passed("10.1", "container: every byte of the zip accounted for")
        self._passed("10.2", f"names: {len(archive.entries)} entries, every name safe on every system")
        digests = archive.digest_all(workers or _processors())
        self._passed("10.3", "content: sizes and checksums agree")
        entries = tuple(EntryRecord(name=e.name, size=e.size, sha256=digests[e.name]) for e in archive.entries)
        bundle = record.read_record(_read(archive, record.RECORD_NAME, record.MAX_RECORD, "10.4"))
        self._layout(bundle, entries)
        self._sums(archive, entries)
        if bundle.draft:
            return self._draft(bundle, entries, assets)
        manifest = self._manifest(archive, entries)
        sealer = self._bundle_signature(archive, manifest, bundle)
        letter = self._letter(archive, bundle)
        self._inventory(archive, bundle)
        self._assets(bundle, entries, assets)
        trust = self._trust(sealer.certificate, sealer.chain)
        return Report(
            record=bundle,
            checks=tuple(self._checks),
            entries=entries,
            trust=trust,
            letter=letter,
            bundle=sealer.signature,
        )

    def _layout(self, bundle: record.BundleRecord, entries: tuple[EntryRecord, ...]) -> None:
        tail = [record.RECORD_NAME, record.SUMS_NAME]
        if not bundle.draft:
            tail += [record.CERTIFICATE_NAME, record.MANIFEST_NAME, record.SIGNATURE_NAME]
        stored = [entry.name for entry in entries]
        if missing := [name for name in [names.MIMETYPE_ENTRY, *tail] if name not in stored]:
            raise BundleError(_missing_words(missing[0]), entry=missing[0], clause="10.4", hint=_UNSIGNED_HINT)
        documents = {document.name for document in bundle.entries}
        if len(documents) != len(bundle.entries):
            raise BundleError("it lists a document twice", entry=record.RECORD_NAME, clause="10.4")
        if missing := [document.name for document in bundle.entries if document.name not in stored]:
            raise BundleError("handover.json lists it, but it isn't there", entry=missing[0], clause="10.4")
        body = stored[1 : -len(tail)]
        kinds = [("a" if name.startswith(names.ASSETS_PREFIX) else "d") for name in body]
        for name, kind in zip(body, kinds, strict=True):
            if kind == "d" and name not in documents:
                raise BundleError(
                    "nobody announced this entry: handover.json doesn't list it", entry=name, clause="10.4"
                )
        shape = "".join(kinds)
        if stored[0] != names.MIMETYPE_ENTRY or stored[-len(tail) :] != tail or "ada" in _squeezed(shape):
            raise BundleError("the entries don't stand in the order of clause 4.1", clause="10.4")
        self._roles(bundle)
        self._passed("10.4", f"table of contents: {len(documents)} documents, nothing missing, nothing extra")

    def _roles(self, bundle: record.BundleRecord) -> None:
        for role in (Role.LETTER, Role.INVENTORY, Role.START_HERE):
            found = [document.name for document in bundle.entries if document.role is role]
            recipient = any(document.role is Role.RECIPIENT_COPY for document in bundle.entries)
            wanted = {0, 1} if role is Role.INVENTORY and recipient else {1}
            if len(found) not in wanted:
                raise BundleError(
                    f"it lists {len(found)} entries with the role {role}, and must list one",
                    entry=record.RECORD_NAME,
                    clause="10.4",
                )

    def _sums(self, archive: "Archive", entries: tuple[EntryRecord, ...]) -> None:
        limit = _listing_limit(len(entries), _SUMS_LINE)
        sums = record.read_sums(_read(archive, record.SUMS_NAME, limit, "10.5"))
        position = next(i for i, entry in enumerate(entries) if entry.name == record.SUMS_NAME)
        before = entries[:position]
        for entry in before:
            if sums.get(entry.name) != entry.sha256:
                said = "another digest" if entry.name in sums else "no digest"
                raise BundleError(f"its content has changed: SHA256SUMS has {said}", entry=entry.name, clause="10.5")
        if list(sums) != [entry.name for entry in before]:
            extra = next((name for name in sums if name not in {e.name for e in before}), "")
            raise BundleError(
                f"it lists {extra}, which isn't there" if extra else "its lines aren't in the container's order",
                entry=record.SUMS_NAME,
                clause="10.5",
            )
        self._passed("10.5", f"SHA256SUMS: {len(sums)} digests agree")

    def _draft(self, bundle: record.BundleRecord, entries: tuple[EntryRecord, ...], assets: BinaryIO | None) -> Report:
        if not self._allow_draft:
            raise BundleError(
                "this is a draft: nothing in it is signed or sealed",
                entry=record.RECORD_NAME,
                clause="10.11",
                hint="ask for the signed bundle; --allow-draft checks a draft's digests",
            )
        self._assets(bundle, entries, assets)
        self._passed("10.11", "draft: marked as such, unsigned; only its digests were checked")
        trust = Trust.UNKNOWN if self._anchors.fingerprints or self._anchors.authorities else Trust.DRAFT
        return Report(record=bundle, checks=tuple(self._checks), entries=entries, trust=trust)

    def _manifest(self, archive: "Archive", entries: tuple[EntryRecord, ...]) -> bytes:
        from handover.seal.asic import parse_manifest

        data = _read(archive, record.MANIFEST_NAME, _listing_limit(len(entries), _REFERENCE), "10.6")
        listed = parse_manifest(data)
        position = next(i for i, entry in enumerate(entries) if entry.name == record.MANIFEST_NAME)
        stored = {entry.name: entry.sha256 for entry in entries[1:position]}  # mimetype is fixed (format 2.8)
        for name, digest in stored.items():
            if listed.get(name) != digest:
                said = "with another digest" if name in listed else "not at all"
                raise BundleError(f"the signed manifest lists it {said}", entry=name, clause="10.6")
        if extra := [name for name in listed if name not in stored]:
            raise BundleError("the signed manifest lists it, but it isn't there", entry=extra[0], clause="10.6")
        self._passed("10.6", f"manifest: lists exactly the {len(listed)} entries, digests agree")
        return data

    def _bundle_signature(self, archive: "Archive", manifest: bytes, bundle: record.BundleRecord) -> "_Sealer":
        from handover.seal.cades import verify_cades
        from handover.seal.certificates import certificate_pem, check_may_sign

        data = _read(archive, record.SIGNATURE_NAME, MAX_SIGNATURE, "10.7")
        signed = verify_cades(data, manifest, entry=record.SIGNATURE_NAME)
        pem = _read(archive, record.CERTIFICATE_NAME, MAX_SIGNATURE, "10.7")
        if pem != certificate_pem(signed.certificate, signed.chain):
            raise BundleError(
                "it isn't the certificate that the signature was made with",
                entry=record.CERTIFICATE_NAME,
                clause="10.7",
            )
        check_may_sign(signed.certificate, signed.signed_at)
        if signed.signed_at > self._now + _CLOCK_TOLERANCE:
            raise BundleError(
                f"it says that it was made in the future ({signed.signed_at:%Y-%m-%d %H:%M} UTC)",
                entry=record.SIGNATURE_NAME,
                clause="10.7",
                hint="check this computer's clock",
            )
        stamp = None if signed.timestamp is None else signed.timestamp.time
        signature = _signature(signed.certificate, signed.signed_at, bundle, stamp)
        self._passed("10.7", f"bundle signed by {signature.name} on {signed.signed_at:%Y-%m-%d %H:%M} UTC")
        return _Sealer(signature, signed.certificate, signed.chain)

    def _letter(self, archive: "Archive", bundle: record.BundleRecord) -> Signature:
        from handover.seal.letter_verify import verify_letter

        name = _named(bundle, Role.LETTER)
        signed = verify_letter(_read(archive, name, MAX_LETTER, "10.8"), entry=name)
        signature = _signature(signed.certificate, signed.signed_at, bundle)
        self._passed("10.8", f"letter signed by {signature.name}, nothing in it left uncovered")
        return signature

    def _inventory(self, archive: "Archive", bundle: record.BundleRecord) -> None:
        from handover.seal.agile import read_parameters

        found = [document.name for document in bundle.entries if document.role is Role.INVENTORY]
        for name in found:
            try:
                read_parameters(_read_encrypted(archive, name))
            except HandoverError as error:
                raise BundleError(error.message, entry=name, clause="10.9", hint=error.hint) from None
        for document in [d for d in bundle.entries if d.role is Role.RECIPIENT_COPY]:
            if not _read_encrypted(archive, document.name).startswith(_AGE_HEADER):
                raise BundleError("it isn't encrypted in the age format", entry=document.name, clause="10.9")
        words = "inventory: encrypted (AES-256, SHA-512, 100,000 rounds or more)"
        self._passed("10.9", words if found else "inventory: encrypted to the client's own key")

    def _assets(self, bundle: record.BundleRecord, entries: tuple[EntryRecord, ...], assets: BinaryIO | None) -> None:
        """The second zip and the identifier: by now every digest agrees, so a changed entry was named itself."""
        bound = bundle.assets_archive
        digests = {entry.name: entry.sha256 for entry in entries if entry.name.startswith(names.ASSETS_PREFIX)}
        if bound is None and assets is not None:
            raise BundleError("this bundle has no second zip", entry=record.RECORD_NAME, clause="10.4")
        if bound is not None and assets is None:
            self._passed("10.4", f"second zip: {bound.name} was not given, so it was not checked")
            return
        if bound is not None and assets is not None:
            digests |= self._second_zip(bound, assets)
        made = record.bundle_id(date=bundle.date, draft=bundle.draft, inputs=bundle.inputs, assets=digests)
        if bundle.bundle_id != made:
            raise BundleError(
                "its bundle_id isn't the one that its date, inputs and assets give",
                entry=record.RECORD_NAME,
                clause="5.2",
            )

    def _second_zip(self, bound: record.AssetsArchive, assets: BinaryIO) -> dict[str, str]:
        from handover.archive import read_archive

        size, digest = _file_digest(assets)
        if (size, digest) != (bound.size, bound.sha256):
            raise BundleError("it isn't the second zip that the bundle was made with", entry=bound.name, clause="10.4")
        second = read_archive(assets, container=False)
        digests = second.digest_all(_processors())
        self._passed("10.4", f"second zip: {bound.name} is the one that was sealed, {len(second.entries)} files")
        return digests

    def _trust(self, certificate: "Certificate", chain: "tuple[Certificate, ...]") -> Trust:
        from handover.seal.certificates import check_chain, fingerprint

        if fingerprint(certificate) in self._anchors.fingerprints:
            self._passed("10.10", "signer: the certificate is the one that was given")
            return Trust.MATCHED
        if self._anchors.authorities:
            try:
                check_chain(certificate, chain, self._anchors.authorities, self._now)
            except UnknownSigner:
                return Trust.UNKNOWN
            self._passed("10.10", "signer: the certificate leads to the authority that was given")
            return Trust.MATCHED
        return Trust.UNKNOWN


@dataclass(frozen=True, slots=True)
class _Sealer:
    signature: Signature
    certificate: "Certificate"
    chain: "tuple[Certificate, ...]"


_AGE_HEADER = b"age-encryption.org/v1\n"
_CLOCK_TOLERANCE = dt.timedelta(hours=24)
_SLACK = 64 * 1024
_SUMS_LINE = 1024
"""Bytes that no line of SHA256SUMS exceeds: 67 and a name of at most 600 (format 3.4)."""
_REFERENCE = 4096
"""Bytes that no reference of the manifest exceeds: some 200 and a name of at most 600, percent-encoded (format 9.3)."""
_UNSIGNED_HINT = "a bundle without it is not intact: ask the sender for it again"


def _missing_words(name: str) -> str:
    if name in {record.SIGNATURE_NAME, record.MANIFEST_NAME, record.CERTIFICATE_NAME}:
        return "it is missing: this bundle isn't signed, and isn't marked as a draft"
    return "it is missing"


def _squeezed(shape: str) -> str:
    """`ddaad` → `dad`: runs of one kind as one letter."""
    return "".join(kind for i, kind in enumerate(shape) if i == 0 or shape[i - 1] != kind)


def _named(bundle: record.BundleRecord, role: Role) -> str:
    return next(document.name for document in bundle.entries if document.role is role)


def _read(archive: "Archive", name: str, limit: int, clause: str) -> bytes:
    entry = archive.get(name)
    if entry is None:
        raise BundleError(_missing_words(name), entry=name, clause=clause, hint=_UNSIGNED_HINT)
    if entry.size > limit:
        raise BundleError(f"it is larger than {limit // 1024 // 1024} MiB", entry=name, clause=clause)
    return archive.read(entry, limit)


def _listing_limit(entries: int, longest: int) -> int:
    """How large a list of so many entries can be: a few entries must not make a reader hold 64 MiB."""
    return min(MAX_LISTING, _SLACK + entries * longest)


def _read_encrypted(archive: "Archive", name: str) -> bytes:
    """What is encrypted doesn't deflate: a large size from a few bytes is a bomb, and isn't read (format 10.9)."""
    entry = archive.get(name)
    if entry is not None and entry.size > entry.compressed * 1.1 + _SLACK:
        raise BundleError("it shrinks when it's compressed, so it isn't encrypted", entry=name, clause="10.9")
    return _read(archive, name, MAX_INVENTORY, "10.9")


def _processors() -> int:
    import os

    return min(os.cpu_count() or 1, 8)


def _signature(
    certificate: "Certificate",
    signed_at: dt.datetime,
    bundle: record.BundleRecord,
    timestamp: dt.datetime | None = None,
) -> Signature:
    from handover.seal.certificates import common_name, fingerprint

    digest = fingerprint(certificate)
    return Signature(
        name=common_name(certificate),
        fingerprint=digest,
        signed_at=signed_at,
        named_by_project=digest == bundle.owner_certificate_sha256,
        timestamp=timestamp,
    )


def _file_digest(file: BinaryIO) -> tuple[int, str]:
    import hashlib

    file.seek(0)
    digest = hashlib.sha256()
    size = 0
    while block := file.read(1024 * 1024):
        digest.update(block)
        size += len(block)
    file.seek(0)
    return size, digest.hexdigest()
