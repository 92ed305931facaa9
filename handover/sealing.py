"""Seal each document as its registry line demands: sign the letter, encrypt the inventory, leave the rest.

Role: gathers the secrets of one build, in one place and as late as possible, and turns artifacts into sealed
ones. It renders and packs nothing.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from handover import binding, leaks
from handover.artifact import Artifact, Role, Seal, SealedArtifact, SignedArtifact
from handover.deliverables.base import Signer
from handover.errors import BundleError, InvalidInput, SecretError, Severity, SigningError
from handover.model import Vault
from handover.render import letter_binding
from handover.request import BuildRequest, Environment, Prepared, Secrets
from handover.seal.policy import leave_unsealed
from handover.secret import Secret

if TYPE_CHECKING:
    from handover.seal.keys import SigningIdentity

SIGNED_LETTER = "signed/letter.docx"
"""Where `handover sign` leaves the letter that its owner signed, relative to the project."""
MAX_LETTER = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that sealing one build needs. A draft's is empty."""

    draft: bool = False
    identity: "SigningIdentity | None" = None
    passphrase: Secret | None = None
    vault: Vault | None = field(default=None, repr=False)
    needles: tuple[leaks.Needle, ...] = ()
    signed_letter: bytes | None = field(default=None, repr=False)
    binding: bytes = field(default=b"", repr=False)
    recipients: tuple[str, ...] = ()
    recipient_only: bool = False

    @property
    def signer(self) -> Signer | None:
        """Who seals the bundle, as documents may say it."""
        if self.identity is None:
            return None
        from handover.seal.certificates import common_name, fingerprint

        certificate = self.identity.certificate
        return Signer(name=common_name(certificate), fingerprint=fingerprint(certificate))


def signed_letter(prepared: Prepared, root: Path) -> bytes | None:
    """The letter that its owner signed beforehand, or None where there is none.

    Raises BundleError when the project has changed since, when its signature isn't good, or when it was signed by
    somebody else than the project names.
    """
    if not (root / SIGNED_LETTER).exists():
        return None
    from handover.load.files import ProjectFolder
    from handover.seal.certificates import fingerprint
    from handover.seal.letter_verify import verify_letter

    folder = ProjectFolder(root)
    content = folder.read(SIGNED_LETTER, MAX_LETTER)
    if content is None:
        raise InvalidInput(folder.findings)
    signed = verify_letter(content, entry=SIGNED_LETTER)
    binding.compare_bindings(signed.binding, letter_binding(prepared.plan), SIGNED_LETTER)
    pinned = prepared.project.settings.owner.certificate_sha256
    if pinned is not None and fingerprint(signed.certificate) != pinned:
        raise BundleError(
            "it was signed with another key than owner.certificate_sha256 in handover.yaml names",
            entry=SIGNED_LETTER,
            hint="have the owner sign it, or correct the fingerprint (`handover keys show`)",
        )
    return content


def gather(
    prepared: Prepared, request: BuildRequest, secrets: Secrets, now: dt.datetime, letter: bytes | None
) -> Material:
    """Ask for everything that sealing needs, in the order in which people expect it: key, vault, passphrase.

    Raises SigningError where nobody can sign, SecretError for a passphrase that can't be used, InvalidInput for
    what is wrong in the vault.
    """
    if request.draft:
        return Material(draft=True)
    from handover.seal.passphrase import require_different

    identity = secrets.identity(now)
    if identity is None:
        raise SigningError("nobody signs this bundle", hint=_ways_out(letter))
    _require_owner(prepared, identity)
    if letter is not None:
        _require_signer(letter, identity)
    sought: dict[str, Secret] = {}
    vault = None
    if prepared.vault is not None:
        sought["the vault's passphrase"] = secrets.vault_passphrase()
        vault = _open_vault(prepared.vault, sought["the vault's passphrase"])
    if not request.recipient_only:
        passphrase = secrets.bundle_passphrase(prepared.project.settings.language, _known_names(prepared))
        if "the vault's passphrase" in sought:
            require_different(passphrase, sought["the vault's passphrase"])
        sought["the client's passphrase"] = passphrase
    return Material(
        identity=identity,
        passphrase=sought.get("the client's passphrase"),
        vault=vault,
        needles=leaks.needles(sought, vault),
        signed_letter=letter,
        binding=letter_binding(prepared.plan),
        recipients=request.recipients,
        recipient_only=request.recipient_only,
    )


def seal(artifact: Artifact, material: Material, environment: Environment) -> Sequence[SealedArtifact]:
    """The sealed form of one document: one artifact, or more where the client gave a public key."""
    if material.draft or artifact.seal is Seal.NONE:
        return [leave_unsealed(artifact, draft=material.draft)]
    if artifact.seal is Seal.SIGNED:
        return [_signed(artifact, material, environment.now)]
    return _encrypted(artifact, material, environment.random)


def _signed(artifact: Artifact, material: Material, now: Callable[[], dt.datetime]) -> SignedArtifact:
    from handover.seal.letter import sign_letter
    from handover.seal.letter_verify import verify_letter

    content = material.signed_letter
    if content is None:
        if material.identity is None:
            raise SigningError(f"{artifact.name}: must be signed, and there is no key", hint=_ways_out(None))
        content = sign_letter(artifact.content, material.identity, signed_at=now(), binding=material.binding)
        verify_letter(content)
    return SignedArtifact(name=artifact.name, role=artifact.role, content=content)


def _encrypted(artifact: Artifact, material: Material, random: Callable[[int], bytes]) -> list[SealedArtifact]:
    sealed: list[SealedArtifact] = []
    if material.passphrase is not None:
        from handover.seal.agile import encrypt_artifact

        sealed.append(encrypt_artifact(artifact, material.passphrase, random=random))
    if material.recipients and artifact.role is Role.INVENTORY:
        from handover.seal.recipient import encrypt_for

        sealed.append(encrypt_for(artifact, material.recipients))
    if not sealed:
        raise SecretError(f"{artifact.name}: must be encrypted, and there is neither passphrase nor public key")
    return sealed


def _known_names(prepared: Prepared) -> tuple[str, ...]:
    """What whoever guesses at this bundle's passphrase would try first."""
    settings = prepared.project.settings
    return (settings.client.name, settings.client.contact.name, settings.agency.name, settings.owner.name)


def _open_vault(data: bytes, passphrase: Secret) -> Vault:
    from handover.vault import read_vault

    vault, findings = read_vault(data, passphrase)
    if any(f.severity is Severity.ERROR for f in findings):
        raise InvalidInput(findings)
    return vault


def _require_owner(prepared: Prepared, identity: "SigningIdentity") -> None:
    from handover.seal.certificates import fingerprint

    pinned = prepared.project.settings.owner.certificate_sha256
    if pinned is not None and fingerprint(identity.certificate) != pinned:
        raise SigningError(
            "the letter is the owner's to sign, and this key isn't the one that owner.certificate_sha256 names",
            hint="have the owner sign it: `handover letter`, then `handover sign`",
        )


def _require_signer(letter: bytes, identity: "SigningIdentity") -> None:
    """One key signs the letter and seals the bundle around it (docs/format.md, 10.8)."""
    from handover.seal.certificates import common_name, fingerprint
    from handover.seal.letter_verify import verify_letter

    signed = verify_letter(letter, entry=SIGNED_LETTER)
    if fingerprint(signed.certificate) != fingerprint(identity.certificate):
        raise SigningError(
            f"{SIGNED_LETTER} was signed with another key, said to be {common_name(signed.certificate)}'s",
            hint="whoever signed the letter builds the bundle: anyone's key could otherwise seal another's letter",
        )


def _ways_out(letter: bytes | None) -> str:
    two_people = "" if letter is not None else ", or let the owner sign with `handover letter` and `handover sign`"
    return f"create a key once with `handover keys create`{two_people}; a draft (--draft) needs no signature"
