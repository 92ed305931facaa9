"""What verification is given, and what it found out.

Role: the values that go into `verify` and come out of it. They are plain: nothing here checks a bundle, and nothing
says more of a signer than the checks did.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from handover import record
from handover.artifact import EntryRecord
from handover.errors import UnknownSigner

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


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
    second: tuple[EntryRecord, ...] = ()
    """What the second zip of a split bundle holds, where it was given."""
    named: bool = False
    """True when the user named a key or an authority, so that an unknown signer is another one."""

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
            if self.named:
                raise UnknownSigner(
                    f"the bundle is intact, but its key, said to be {self.bundle.name}'s, isn't one that you named",
                    hint=f"anyone can have made it; rely on it only when its signer reads you this fingerprint:"
                    f"\n  {groups}",
                )
            raise UnknownSigner(
                f"the bundle is intact, but nothing given says that this key is {self.bundle.name}'s",
                hint=f"compare this fingerprint by phone, then verify again with --fingerprint:\n  {groups}",
            )


OnCheck = Callable[[Check], None]
Passed = Callable[[str, str], None]
"""What a step calls when it passed, with its clause and what was checked."""
