"""What a build is asked for, what it is given from outside, and what it gives back.

Role: the values at the pipeline's two ends. Secrets, the clock and randomness arrive through them, and whoever listens
hears of its steps, so that nothing below the command line asks, prints or looks at a clock.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from handover.bundle.verify import Report
from handover.documents.plan import Plan
from handover.model.errors import Finding
from handover.model.message import later
from handover.model.project import Project
from handover.model.secret import Secret
from handover.model.selection import LeftOut
from handover.project.leaks.plain import Guard

if TYPE_CHECKING:
    from handover.seal.keys import SigningIdentity


class Secrets(Protocol):
    """Where secrets come from; each is asked for at most once, and only when it is needed."""

    def vault_passphrase(self) -> Secret:
        """The passphrase of the project's vault."""

    def bundle_passphrase(self, language: str, context: Iterable[str]) -> Secret:
        """The passphrase for the client: given, or made of words of `language`.

        `context` are names that a guesser tries first: a given passphrase is judged with them.
        """

    def identity(self, now: dt.datetime) -> "SigningIdentity | None":
        """The key that signs, unlocked, or None where none is configured."""

    @property
    def has_key(self) -> bool:
        """Whether a key is configured at all: known before anything is asked."""

    @property
    def key_is_named(self) -> bool:
        """Whether the key was named for this build, so that it must be an owner's; else it may be passed over."""

    def signature_image(self) -> bytes | None:
        """The picture of the handwriting that is kept beside the key, or None where there is none."""


class Step(StrEnum):
    """What a build is about to do, in its order."""

    CHECKING = later("checking the project")
    WRITING = later("writing the documents")
    UNLOCKING = later("gathering keys and passphrases")
    """A person may be asked now. A draft needs neither this step nor the next."""
    SEALING = later("sealing")
    PACKING = later("packing")
    VERIFYING = later("verifying every byte")
    PUBLISHING = later("publishing")


class Environment(NamedTuple):
    """What the outermost call supplies: the clock, randomness, and someone who listens to steps and bytes."""

    now: Callable[[], dt.datetime]
    """The present moment, aware."""
    random: Callable[[int], bytes]
    """As many unpredictable bytes as asked for."""
    on_step: Callable[[Step], None] = lambda _: None
    on_bytes: Callable[[int, int], None] = lambda _done, _total: None
    """Hears (bytes packed, bytes in all); may be called from any thread."""
    before_publishing: Callable[[], None] = lambda: None
    """Called once all is verified: from here on the build must not be interrupted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRequest:
    """Which project to read, as of which day, and in which form its bundle would be."""

    root: Path
    today: dt.date
    draft: bool = False
    rename_unsafe: bool = False
    recipients: tuple[str, ...] = ()
    """The client's public keys."""
    recipient_only: bool = False
    allowed_leaks: frozenset[str] = frozenset()
    deny: tuple[str, ...] = ()
    """Names of other clients."""
    judge_assets: bool = True
    """False lists the client's files and doesn't judge them: the letter and the e-mail don't need them, and they may
    still change."""
    reads: frozenset[str] | None = None
    """The tables that a document by itself is made from, as its registry line says; None for all, and all needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildRequest(ProjectRequest):
    """What the user asked for."""

    out: Path
    for_signature: bool = False
    """Sign nothing, even where a key is there: make a bundle for the owners to sign."""
    replace: bool = False
    workers: int | None = None
    split_assets: bool = False
    tsa: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """The plan of a project that may be built, and what is worth a warning."""

    plan: Plan
    vault: bytes | None = field(repr=False)
    """The encrypted vault as it is, or None where there is none."""
    warnings: tuple[Finding, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    """What lies in assets/ and isn't delivered."""
    guard: Guard = field(default_factory=Guard, repr=False)
    """What the delivery is compared with, but for the vault's secrets."""

    @property
    def project(self) -> Project:
        """The project, checked."""
        return self.plan.project


class BuildResult(NamedTuple):
    """What was published."""

    path: Path
    size: int
    sha256: str
    report: Report
    plan: Plan
    warnings: tuple[Finding, ...]
    assets_path: Path | None = None
    """The second zip of a split bundle."""
    leaks: tuple[Finding, ...] = ()
    """Findings that the user allowed."""
    left: Path | None = None
    """A second name of the bundle, which the system refused to remove."""
    left_out: tuple[LeftOut, ...] = ()
    """What lies in assets/ and isn't delivered."""
    waits_for: tuple[str, ...] = ()
    """The owners who must still sign, by name; empty for a signed bundle and for a draft."""
    passed_over: str = ""
    """Whose configured key wasn't used because it's pinned for no owner here."""
