"""What a bundle is made of, with its state in its type: rendered, sealed, stored.

Role: the values that travel from `plan` to `publish`. Rendering gives an `Artifact`; only `handover.seal`
turns one into `SignedArtifact` or `EncryptedArtifact`, and only `unsealed` into `UnsealedByPolicy`. `pack`
takes `SealedArtifact`s, so that packing a plain inventory is a type error. What is rendered outside of a bundle is a
`ClientArtifact` or an `InternalArtifact`: of the latter nothing is packed, sealed or sent. Nothing here does I/O.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Seal(StrEnum):
    """The seal that a deliverable must have before it may be packed (docs/format.md, clause 4)."""

    NONE = "none"
    SIGNED = "signed"
    ENCRYPTED = "encrypted"
    SIGNED_BEFORE = "signed-before"
    """Kept in the project as it was signed, and packed unchanged."""


class Role(StrEnum):
    """What an entry is for, as `handover.json` says it (docs/format.md, clause 5)."""

    LETTER = "letter"
    NOTICE = "notice"
    INVENTORY = "inventory"
    PENDING = "pending-projects"
    REPORT = "achievements-report"
    PLAN = "transition-plan"
    GUIDE = "takeover-guide"
    START_HERE = "start-here"
    DATA = "data"
    ASSET = "asset"
    RECIPIENT_COPY = "recipient-copy"
    CREDENTIALS = "credentials"


@dataclass(frozen=True, slots=True)
class Artifact:
    """A rendered document: its entry name in the bundle, its role, the seal it needs and its bytes."""

    name: str
    role: Role
    seal: Seal
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is packed: its entry name, its role, and its bytes."""

    name: str
    role: Role
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedArtifact(_Stored):
    """An artifact whose own signature is inside `content`."""


@dataclass(frozen=True, slots=True)
class AwaitingSignature(_Stored):
    """An artifact that needs a signature and lacks one as yet: it may be packed into a bundle to be signed alone."""


@dataclass(frozen=True, slots=True)
class EncryptedArtifact(_Stored):
    """An artifact that can be read only with the passphrase or the recipient's key."""


@dataclass(frozen=True, slots=True)
class UnsealedByPolicy:
    """An artifact that the registry says may travel in clear; the bundle's signature still covers it.

    `role` is None for what belongs to the sealing itself: `handover.json`, the digests, the signature.
    """

    name: str
    role: Role | None
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClientArtifact:
    """A document for the client, or for a prospect, that isn't part of a bundle."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class InternalArtifact:
    """A document that the agency writes for itself alone. Nothing that packs, seals or sends takes this type."""

    name: str
    content: bytes = field(repr=False)


SealedArtifact = SignedArtifact | AwaitingSignature | EncryptedArtifact | UnsealedByPolicy


class AssetSource(NamedTuple):  # a tuple, as the records below: there may be 100,000, and tuples are made fastest
    """A client's file to pack.

    `path` is relative to the assets' folder, as the file system spells it; `entry` is its name in the
    bundle (NFC, under `assets/`). `size` is what the scan saw, in bytes: for planning, never trusted.
    """

    path: str
    entry: str
    size: int | None = None


class AssetProperties(NamedTuple):
    """What a file's own content says about it, where that is cheap to learn.

    `kind` is a broad type (`image`, `vector`, `photo`, `font`, `pdf`, `video`, `audio`, `archive`, `document`,
    `spreadsheet`, `presentation`, `web`, `text`, `other`). Width and height are in pixels, duration in seconds.
    """

    kind: str = "other"
    width: int | None = None
    height: int | None = None
    duration: float | None = None


class EntryRecord(NamedTuple):
    """One entry as stored: its name, uncompressed size in bytes, and SHA-256 in lower-case hexadecimal."""

    name: str
    size: int
    sha256: str
    role: Role | None = None


class AssetRecord(NamedTuple):
    """A packed asset: its source, what was stored of it, when it was last modified, and its properties."""

    source: AssetSource
    entry: EntryRecord
    modified: datetime
    properties: AssetProperties
