"""What verification is given, and what it found out.

Role: the values that go into `verify` and come out of it. They are plain: nothing here checks a bundle, and nothing
says more of a signer than the checks did.
"""

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from handover.bundle import record
from handover.bundle.read import Form
from handover.model.artifact import EntryRecord
from handover.model.characters import aloud
from handover.model.errors import UnknownSigner, ZippedAgain
from handover.model.message import msg

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


class Trust(StrEnum):
    """What is known of the sealer (format 10.10)."""

    MATCHED = "matched"
    UNKNOWN = "unknown"
    DRAFT = "draft"
    TO_SIGN = "to-sign"


class Anchors(NamedTuple):
    """What the user gave to recognise the signer: fingerprints (hexadecimal SHA-256) and authorities.

    `time_authorities` vouch for time-stamps alone, `authorities` for signers and time-stamps.
    """

    fingerprints: frozenset[str] = frozenset()
    authorities: "tuple[Certificate, ...]" = ()
    time_authorities: "tuple[Certificate, ...]" = ()

    @property
    def name_a_signer(self) -> bool:
        """Whether the user said whose signature is expected."""
        return bool(self.fingerprints or self.authorities)


class Check(NamedTuple):
    """One step that passed: its clause of docs/format.md and what was checked, in words."""

    clause: str
    words: str


_QUOTES: Final = dict.fromkeys(map(ord, "“”«»"), '"')


class Signature(NamedTuple):
    """Who signed and when, as the signature itself says."""

    name: str
    fingerprint: str
    signed_at: dt.datetime
    timestamp: dt.datetime | None = None
    """When it was there at the latest, as an authority that the user named says."""

    @property
    def called(self) -> str:
        """What its certificate calls itself, set apart from the words around it: anyone can choose it."""
        return msg("“{name}”", name=self.name.translate(_QUOTES))

    @property
    def groups(self) -> str:
        """The fingerprint as it's read aloud, in two lines of eight groups, indented by four."""
        return "\n".join(f"    {line}" for line in aloud(self.fingerprint))


class Report(NamedTuple):
    """What a bundle that is intact says of itself."""

    record: record.BundleRecord
    checks: tuple[Check, ...]
    entries: tuple[EntryRecord, ...]
    trust: Trust
    form: Form
    """As it was made, zipped again, or a folder."""
    bundle: Signature | None = None
    subject: str = ""
    """The sealer's whole name, as the certificate has it (RFC 4514)."""
    authority: str = ""
    """Who vouches for that name, where the signer was recognised by an authority."""
    doubt: str = ""
    """Why an authority that was given doesn't vouch for the signer."""
    notes: tuple[str, ...] = ()
    """What must be told beside the verdict."""
    letters: tuple[Signature, ...] = ()
    """Everybody who signed the letter, in their order."""
    missing: tuple[str, ...] = ()
    """The owners who haven't signed yet, by name."""
    second: tuple[EntryRecord, ...] = ()
    """What the second zip of a split bundle holds, where it was given."""
    named: bool = False
    """True when the user named a key or an authority, so that an unknown signer is another one."""

    @property
    def letter(self) -> Signature | None:
        """Who signed the letter last."""
        return self.letters[-1] if self.letters else None

    def require_known_signer(self) -> None:
        """Raise UnknownSigner (exit status 3) unless the signer was recognised.

        A draft has none to recognise: it passes when nobody was named, and otherwise isn't theirs (format 10.11).
        """
        if self.trust is not Trust.UNKNOWN:
            return
        if self.bundle is None:
            what = msg("a draft, which nobody signed") if self.record.draft else msg("not sealed yet")
            raise UnknownSigner(
                msg("this is {what}: anyone can have made it, not only the signer that you named", what=what),
                hint=msg("ask them for the signed bundle"),
            )
        if self.named:
            doubt = f"; {self.doubt}" if self.doubt else ""
            raise UnknownSigner(
                msg(
                    "the bundle is intact, but its key, said to be {name}'s, isn't one that you named{doubt}",
                    name=self.bundle.name,
                    doubt=doubt,
                ),
                hint=msg(
                    "anyone can have made it; rely on it only when its signer reads you this fingerprint:\n{groups}",
                    groups=self.bundle.groups,
                ),
            )
        raise UnknownSigner(
            msg("the bundle is intact, but nothing given says that this key is {name}'s", name=self.bundle.name),
            hint=msg("compare this fingerprint by phone, then verify with it:\n{groups}", groups=self.bundle.groups),
            caution=True,
        )

    def require_original(self) -> None:
        """Raise ZippedAgain (exit status 4) for a bundle that another program has zipped again (format 13.2)."""
        if self.form is not Form.REZIPPED:
            return
        if self.bundle is None:
            raise ZippedAgain(
                msg("its digests agree; the zip around its files was made anew"), hint=_USE_ORIGINAL, caution=True
            )
        known = self.trust is Trust.MATCHED
        whose = "" if known else msg("; nothing given says that the signer's key is {name}'s", name=self.bundle.name)
        compare = "" if known else msg("; compare this fingerprint by phone:\n{groups}", groups=self.bundle.groups)
        raise ZippedAgain(
            msg("every file is as signed; the zip around them was made anew{whose}", whose=whose),
            hint=_USE_ORIGINAL + compare,
            caution=True,
        )


_USE_ORIGINAL: Final = msg("its files can be used; to pass the bundle on, use the zip that was received")

OnCheck = Callable[[Check], None]
Passed = Callable[[str, str], None]
"""What a step calls when it passed, with its clause and what was checked."""
