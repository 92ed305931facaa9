"""Seal each document as its registry line demands: sign the letter, encrypt the inventory, leave the rest.

Role: asks for the secrets of one build, in one place and as late as possible, and turns artifacts into sealed
ones. It renders and packs nothing.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from handover.build.render import letter_binding
from handover.build.request import BuildRequest, Environment, Prepared, Secrets
from handover.bundle.record import State, printable_line
from handover.documents.base import Signer
from handover.documents.plan import Plan
from handover.model.artifact import Artifact, Role, Seal, SealedArtifact, SignedArtifact
from handover.model.errors import InvalidInput, SecretError, Severity, SigningError
from handover.model.message import all_of, msg
from handover.model.project import Project, Vault
from handover.model.secret import Secret
from handover.project.leaks.needles import Needle, needles
from handover.seal.owner_signature import Hand, add_signature, require_owner
from handover.seal.policy import awaiting_signature, leave_unsealed


@dataclass(frozen=True, slots=True)
class Signing:
    """Who signs a bundle, and so how far it will be."""

    state: State
    pins: Mapping[str, str] = field(default_factory=dict)
    """Every owner's fingerprint → name, in their order; empty for a draft."""
    hand: Hand | None = None
    """The owner who builds; None where the bundle is made for an owner to sign."""
    passed_over: str = ""
    """Whose configured key it was that isn't an owner's here, as its certificate says."""
    binding: bytes = field(default=b"", repr=False)
    """What the letter's signatures bind."""

    @property
    def signers(self) -> tuple[Signer, ...]:
        """Whose keys sign, as documents may say it."""
        return tuple(Signer(name=name, fingerprint=pin) for pin, name in self.pins.items())


@dataclass(frozen=True, slots=True)
class Opened:
    """The vault's content, and the passphrases: all None for a draft."""

    vault: Vault | None = field(default=None, repr=False)
    vault_passphrase: Secret | None = None
    passphrase: Secret | None = None
    """The client's; None where they have a public key alone."""

    @property
    def needles(self) -> tuple[Needle, ...]:
        """What mustn't stand anywhere in clear."""
        named = {msg("the vault's passphrase"): self.vault_passphrase, msg("the client's passphrase"): self.passphrase}
        return needles({name: secret for name, secret in named.items() if secret is not None}, self.vault)


def unlock(prepared: Prepared, request: BuildRequest, secrets: Secrets, now: dt.datetime) -> tuple[Signing, Opened]:
    """Ask for everything that sealing needs, in the order in which people expect it: key, vault, passphrase.

    Raises SigningError where an owner has no pin or the key named isn't an owner's, SecretError for a passphrase that
    can't be used, InvalidInput for what is wrong in the vault.
    """
    if request.draft:
        return Signing(State.DRAFT), Opened()
    from handover.seal.passphrase import require_different

    pins = pins_of(prepared.project)
    hand, passed_over = _hand(prepared.project, request, secrets, pins, now)
    # One owner's key signs and seals at once; of several each has their turn.
    state = State.SIGNED if hand is not None and len(pins) == 1 else State.TO_SIGN
    if request.tsa is not None and state is not State.SIGNED:
        raise SigningError(
            msg("--tsa: the time-stamp is of the last signature, which isn't given here"),
            hint=msg("give --tsa to the `handover sign` of the owner who signs last"),
        )
    signing = Signing(state, pins, hand, passed_over, letter_binding(prepared.plan))
    vault = vault_passphrase = passphrase = None
    if prepared.vault is not None:
        vault_passphrase = secrets.vault_passphrase()
        vault = _open_vault(prepared, prepared.vault, vault_passphrase)
    if not request.recipient_only:
        passphrase = secrets.bundle_passphrase(prepared.project.settings.language, _known_names(prepared.project))
        if vault_passphrase is not None:
            require_different(passphrase, vault_passphrase)
    return signing, Opened(vault, vault_passphrase, passphrase)


def pins_of(project: Project) -> dict[str, str]:
    """Every owner's fingerprint → name, in their order. Raises SigningError, naming the owners who have no pin."""
    owners = project.settings.owners
    if lacking := [owner.name for owner in owners if owner.pin is None]:
        raise SigningError(
            msg("no key is pinned for {lacking}: nobody's signature would be known as theirs", lacking=all_of(lacking)),
            hint=msg(
                "`handover keys pin` writes the pin, once there is a key (`handover keys create`); a draft "
                "(--draft) needs none"
            ),
        )
    return {owner.pin: printable_line(owner.name) for owner in owners if owner.pin is not None}


def _hand(
    project: Project, request: BuildRequest, secrets: Secrets, pins: Mapping[str, str], now: dt.datetime
) -> tuple[Hand | None, str]:
    """The owner who signs now, if it's an owner who builds, and whose configured key was passed over."""
    identity = None if request.for_signature else secrets.identity(now)
    if identity is None:
        return None, ""
    hand = Hand(identity)
    if hand.fingerprint not in pins and not secrets.key_is_named:
        return None, hand.called
    require_owner(hand, pins)
    path = next(owner.signature_image for owner in project.settings.owners if owner.pin == hand.fingerprint)
    return Hand(identity, secrets.signature_image() or project.images.get(path or "")), ""


def _known_names(project: Project) -> tuple[str, ...]:
    """What whoever guesses at this bundle's passphrase would try first."""
    settings = project.settings
    people = [contact.name for contact in settings.client.contacts]
    return (settings.client.name, *people, settings.agency.name, *(owner.name for owner in settings.owners))


def _open_vault(prepared: Prepared, data: bytes, passphrase: Secret) -> Vault:
    from handover.project.vault.workbook import OTHER_SHEET, read_vault

    words = prepared.plan.documents[0].words
    vault, findings = read_vault(data, passphrase, languages=words.understood)
    # The build will write the vault: what would be lost then stops it now.
    if any(f.severity is Severity.ERROR or f.rule == OTHER_SHEET for f in findings):
        raise InvalidInput(findings)
    return vault


def seal(
    artifacts: Iterable[Artifact],
    planned: Plan,
    signing: Signing,
    opened: Opened,
    request: BuildRequest,
    environment: Environment,
) -> list[SealedArtifact]:
    """The sealed form of each document: one artifact, or more where a KeePass file or a copy stands beside it."""
    return [sealed for made in artifacts for sealed in _sealed(made, planned, signing, opened, request, environment)]


def _sealed(
    artifact: Artifact, planned: Plan, signing: Signing, opened: Opened, request: BuildRequest, environment: Environment
) -> list[SealedArtifact]:
    if artifact.seal is Seal.NONE or signing.state is State.DRAFT:
        return [leave_unsealed(artifact, draft=signing.state is State.DRAFT)]
    if artifact.seal is Seal.SIGNED_BEFORE:
        return [SignedArtifact(name=artifact.name, role=artifact.role, content=artifact.content)]
    if artifact.seal is Seal.SIGNED:
        return [_signed(artifact, signing, environment.now())]
    sealed: list[SealedArtifact] = []
    if opened.passphrase is not None:
        from handover.seal.encryption import encrypt_artifact

        sealed.append(encrypt_artifact(artifact, opened.passphrase, random=environment.random))
        document = next(one for one in planned.documents if one.name == artifact.name)
        for entry in document.entries:
            if entry.role is Role.CREDENTIALS:
                from handover.documents.credentials_kdbx import credentials_beside

                sealed.append(
                    credentials_beside(
                        artifact,
                        opened.passphrase,
                        name=entry.name,
                        words=document.words,
                        at=environment.now(),
                        random=environment.random,
                    )
                )
    if request.recipients and artifact.role is Role.INVENTORY:
        from handover.seal.recipient import encrypt_for

        sealed.append(encrypt_for(artifact, request.recipients))
    if not sealed:
        raise SecretError.at(artifact.name, msg("must be encrypted, and there is neither passphrase nor public key"))
    return sealed


def _signed(artifact: Artifact, signing: Signing, now: dt.datetime) -> SealedArtifact:
    from handover.seal.letter import unsigned_letter

    signed_next = signing.hand is not None
    content = unsigned_letter(artifact.content, signing.binding, place=artifact.name, signed_next=signed_next)
    if signing.hand is None:
        return awaiting_signature(artifact, content)
    done = add_signature(content, signing.hand, signing.pins, signed_at=now, place=artifact.name)
    if done.missing:
        return awaiting_signature(artifact, done.content)
    return SignedArtifact(name=artifact.name, role=artifact.role, content=done.content)
