"""Seal each document as its registry line demands: sign the letter, encrypt the inventory, leave the rest.

Role: gathers the secrets of one build, in one place and as late as possible, and turns artifacts into sealed
ones. It renders and packs nothing.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from handover.build.render import letter_binding
from handover.build.request import BuildRequest, Environment, Prepared, Secrets
from handover.bundle.record import State, printable_line
from handover.documents.base import Signer
from handover.documents.plan import PlannedDocument
from handover.model.artifact import Artifact, AwaitingSignature, Role, Seal, SealedArtifact, SignedArtifact
from handover.model.errors import InvalidInput, SecretError, Severity, SigningError
from handover.model.project import Project, Vault
from handover.model.secret import Secret
from handover.project import leaks
from handover.seal.owner_signature import Hand, add_signature, require_owner
from handover.seal.policy import awaiting_signature, leave_unsealed


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that sealing one build needs. A draft's is empty."""

    draft: bool = False
    pins: Mapping[str, str] = field(default_factory=dict)
    """Every owner's fingerprint → name, in their order."""
    hand: Hand | None = None
    """The owner who builds; None where the bundle is made for an owner to sign."""
    passed_over: str = ""
    """Whose configured key it was that isn't an owner's here, as its certificate says."""
    passphrase: Secret | None = None
    vault_passphrase: Secret | None = None
    vault: Vault | None = field(default=None, repr=False)
    needles: tuple[leaks.Needle, ...] = ()
    binding: bytes = field(default=b"", repr=False)
    recipients: tuple[str, ...] = ()
    recipient_only: bool = False

    @property
    def state(self) -> State:
        """How far the bundle will be: one owner's key signs and seals at once, of several each has their turn."""
        if self.draft:
            return State.DRAFT
        return State.SIGNED if self.hand is not None and len(self.pins) == 1 else State.TO_SIGN

    @property
    def signers(self) -> tuple[Signer, ...]:
        """Whose keys sign, as documents may say it."""
        return tuple(Signer(name=name, fingerprint=pin) for pin, name in self.pins.items())


def gather(prepared: Prepared, request: BuildRequest, secrets: Secrets, now: dt.datetime) -> Material:
    """Ask for everything that sealing needs, in the order in which people expect it: key, vault, passphrase.

    Raises SigningError where an owner has no pin or the key named isn't an owner's, SecretError for a passphrase that
    can't be used, InvalidInput for what is wrong in the vault.
    """
    if request.draft:
        return Material(draft=True)
    from handover.seal.passphrase import require_different

    pins = pins_of(prepared.project)
    hand, passed_over = _hand(prepared, request, secrets, pins, now)
    if request.tsa is not None and (hand is None or len(pins) > 1):
        raise SigningError(
            "--tsa: the time-stamp is of the last signature, which isn't given here",
            hint="give --tsa to the `handover sign` of the owner who signs last",
        )
    sought: dict[str, Secret] = {}
    vault, opened = None, None
    if prepared.vault is not None:
        opened = sought["the vault's passphrase"] = secrets.vault_passphrase()
        vault = _open_vault(prepared, prepared.vault, opened)
    if not request.recipient_only:
        passphrase = secrets.bundle_passphrase(prepared.project.settings.language, _known_names(prepared))
        if opened is not None:
            require_different(passphrase, opened)
        sought["the client's passphrase"] = passphrase
    return Material(
        pins=pins,
        hand=hand,
        passed_over=passed_over,
        passphrase=sought.get("the client's passphrase"),
        vault_passphrase=opened,
        vault=vault,
        needles=leaks.needles(sought, vault),
        binding=letter_binding(prepared.plan),
        recipients=request.recipients,
        recipient_only=request.recipient_only,
    )


def pins_of(project: Project) -> dict[str, str]:
    """Every owner's fingerprint → name, in their order. Raises SigningError, naming the owners who have no pin."""
    owners = project.settings.owners
    if lacking := [owner.name for owner in owners if owner.pin is None]:
        raise SigningError(
            f"no key is pinned for {' and '.join(lacking)}: nobody's signature would be known as theirs",
            hint="`handover keys pin` writes the pin, once there is a key (`handover keys create`); "
            "a draft (--draft) needs none",
        )
    return {owner.pin: printable_line(owner.name) for owner in owners if owner.pin is not None}


def _hand(
    prepared: Prepared, request: BuildRequest, secrets: Secrets, pins: Mapping[str, str], now: dt.datetime
) -> tuple[Hand | None, str]:
    """The owner who signs now, if it's an owner who builds, and whose configured key was passed over."""
    if request.for_signature:
        return None, ""
    identity = secrets.identity(now)
    if identity is None:
        return None, ""
    hand = Hand(identity)
    if hand.fingerprint not in pins and not secrets.key_is_named:
        return None, hand.called
    require_owner(hand, pins)
    return Hand(identity, secrets.signature_image() or _projects_image(prepared.project, hand.fingerprint)), ""


def _projects_image(project: Project, pin: str) -> bytes | None:
    path = next(owner.signature_image for owner in project.settings.owners if owner.pin == pin)
    return project.images.get(path) if path is not None else None


def seal(
    artifact: Artifact, material: Material, environment: Environment, planned: PlannedDocument | None = None
) -> Sequence[SealedArtifact]:
    """The sealed form of one document: one artifact, or more where `planned` has a KeePass file or a copy beside it."""
    if material.draft or artifact.seal is Seal.NONE:
        return [leave_unsealed(artifact, draft=material.draft)]
    if artifact.seal is Seal.SIGNED:
        return [_signed(artifact, material, environment.now)]
    return _encrypted(artifact, material, environment, planned)


def _signed(
    artifact: Artifact, material: Material, now: Callable[[], dt.datetime]
) -> SignedArtifact | AwaitingSignature:
    from handover.seal.letter import unsigned_letter

    content = unsigned_letter(artifact.content, material.binding, place=artifact.name)
    if material.hand is not None:
        done = add_signature(content, material.hand, material.pins, signed_at=now(), place=artifact.name)
        if not done.missing:
            return SignedArtifact(name=artifact.name, role=artifact.role, content=done.content)
        content = done.content
    return awaiting_signature(artifact, content)


def _encrypted(
    artifact: Artifact, material: Material, environment: Environment, planned: PlannedDocument | None
) -> list[SealedArtifact]:
    sealed: list[SealedArtifact] = []
    if material.passphrase is not None:
        from handover.seal.encryption import encrypt_artifact

        sealed.append(encrypt_artifact(artifact, material.passphrase, random=environment.random))
        names = [entry.name for entry in planned.entries if entry.role is Role.CREDENTIALS] if planned else []
        if planned is not None and names:
            from handover.documents.credentials_kdbx import credentials_beside

            sealed.append(
                credentials_beside(
                    artifact,
                    material.passphrase,
                    name=names[0],
                    words=planned.words,
                    at=environment.now(),
                    random=environment.random,
                )
            )
    if material.recipients and artifact.role is Role.INVENTORY:
        from handover.seal.recipient import encrypt_for

        sealed.append(encrypt_for(artifact, material.recipients))
    if not sealed:
        raise SecretError(f"{artifact.name}: must be encrypted, and there is neither passphrase nor public key")
    return sealed


def _known_names(prepared: Prepared) -> tuple[str, ...]:
    """What whoever guesses at this bundle's passphrase would try first."""
    settings = prepared.project.settings
    people = [contact.name for contact in settings.client.contacts]
    return (settings.client.name, *people, settings.agency.name, *(owner.name for owner in settings.owners))


def _open_vault(prepared: Prepared, data: bytes, passphrase: Secret) -> Vault:
    from handover.project.vault.workbook import OTHER_SHEET, read_vault

    words = prepared.plan.documents[0].words.other("vault")
    vault, findings = read_vault(data, passphrase, help_sheet=words.text("help_sheet"))
    # The build will write the vault: what would be lost then stops it now.
    if any(f.severity is Severity.ERROR or f.rule == OTHER_SHEET for f in findings):
        raise InvalidInput(findings)
    return vault
