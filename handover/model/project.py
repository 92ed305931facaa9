"""The domain, validated and frozen: settings, rows, and the project they make together."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from handover.model.artifact import AssetSource
from handover.model.rows import (
    AccountRow,
    AssetRow,
    CredentialRow,
    InvoiceRow,
    MetricRow,
    MilestoneRow,
    PendingRow,
    RoutineRow,
    TrainingRow,
)
from handover.model.secret import Secret
from handover.model.settings import Settings


class IssuedPassphrase(NamedTuple):
    """A passphrase that a bundle was made with: kept in the vault, and never part of what is delivered."""

    bundle: str
    """The zip's file name when it was built."""
    issued_on: str
    """The time in UTC, `2026-11-23 09:30`."""
    inventory: str
    """SHA-256 of the encrypted inventory, which the passphrase opens, whatever the zip is called later."""
    passphrase: Secret


@dataclass(frozen=True, slots=True)
class Vault:
    """The project's credentials, in the vault's order, and the passphrases that were issued, oldest first."""

    credentials: tuple[CredentialRow, ...] = field(repr=False)
    issued: tuple[IssuedPassphrase, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Project:
    """A project whose every value has been checked. Credentials are not in it: see `Vault`.

    `images` holds the bytes of the files that the settings name (`brand.logo`, each owner's `signature_image`), by
    their path in the settings. `assets_root` is the folder of the client's files; `digests` maps each input
    file (relative to `root`) to its SHA-256, for the bundle's record of what it was built from.
    """

    root: Path
    settings: Settings
    metrics: tuple[MetricRow, ...]
    pending: tuple[PendingRow, ...]
    asset_notes: tuple[AssetRow, ...]
    accounts: tuple[AccountRow, ...]
    invoices: tuple[InvoiceRow, ...]
    assets_root: Path
    assets: tuple[AssetSource, ...]
    images: dict[str, bytes] = field(repr=False)
    templates: dict[str, bytes] = field(repr=False)
    digests: dict[str, str] = field(repr=False)
    default_locale: str
    """The language's own, for settings that name none."""
    words: dict[str, str] = field(default_factory=dict, repr=False)
    """File name → TOML, where the project's language is one of its own (`templates/es/`) and none of ours."""
    shared: bool = False
    """Whether settings came from the workspace's `agency.yaml`."""
    from_workspace: frozenset[str] = frozenset()
    """The pictures and templates that the workspace gave, by their path in a project."""
    milestones: tuple[MilestoneRow, ...] = ()
    routines: tuple[RoutineRow, ...] = ()
    training: tuple[TrainingRow, ...] = ()
    notice: bytes | None = field(default=None, repr=False)
    """The notice as it was signed, where one went out before."""

    @property
    def locale(self) -> str:
        """The CLDR locale of every document."""
        return self.settings.locale or self.default_locale
