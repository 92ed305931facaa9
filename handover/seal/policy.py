"""Leaving a document in clear, or a letter without its last signature, on purpose: further ways to be sealed.

Role: the only maker of `UnsealedByPolicy` and `AwaitingSignature`. It refuses a document whose registry line demands a
seal, except in a draft, which is marked on every page and holds no credentials (docs/format.md 1.4 and 4.3).
"""

from handover.model.artifact import Artifact, AwaitingSignature, Seal, UnsealedByPolicy
from handover.model.errors import SecretInClear
from handover.model.message import msg


def leave_unsealed(artifact: Artifact, *, draft: bool = False) -> UnsealedByPolicy:
    """The artifact as it is. Raises SecretInClear when it needs a seal and this isn't a draft."""
    if artifact.seal is not Seal.NONE and not draft:
        raise SecretInClear.at(artifact.name, msg("must be {seal} before it is packed", seal=artifact.seal))
    return UnsealedByPolicy(name=artifact.name, role=artifact.role, content=artifact.content)


def awaiting_signature(artifact: Artifact, content: bytes) -> AwaitingSignature:
    """A document that owners sign later, in the form in which they will. Raises SecretInClear for any other seal."""
    if artifact.seal is not Seal.SIGNED:
        raise SecretInClear.at(artifact.name, msg("must be {seal} before it is packed", seal=artifact.seal))
    return AwaitingSignature(name=artifact.name, role=artifact.role, content=content)


def sealing_record(name: str, content: bytes) -> UnsealedByPolicy:
    """One of the entries that seal the others (docs/format.md, 4.1): a record, a certificate, a signature."""
    return UnsealedByPolicy(name=name, role=None, content=content)
