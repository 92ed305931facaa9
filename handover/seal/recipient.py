"""A second, or only, copy of the inventory for a client who gave a public key: the age format.

Role: age and SSH public keys → an encrypted artifact (age-encryption.org/v1), through pyrage, which is an extra.
It holds no key of its own and decrypts nothing.
"""

from collections.abc import Sequence

from handover.model.artifact import Artifact, EncryptedArtifact, Role
from handover.model.errors import SecretError, UsageError
from handover.model.message import msg

EXTENSION = ".age"


def check_recipients(recipients: Sequence[str]) -> None:
    """Refuse what isn't a public key that pyrage can encrypt to, before any work. Raises UsageError."""
    for recipient in recipients:
        _parse(recipient)


def encrypt_for(artifact: Artifact, recipients: Sequence[str]) -> EncryptedArtifact:
    """Encrypt a rendered document to one or more public keys; any one of their private keys opens it.

    `recipients` are `age1…`, `ssh-ed25519 …` or `ssh-rsa …` texts. Raises UsageError for a text that is none of
    these and SecretError when encryption fails.
    """
    import pyrage

    keys = [_parse(recipient) for recipient in recipients]
    try:
        content = pyrage.encrypt(artifact.content, keys)
    except pyrage.EncryptError:
        raise SecretError.at(artifact.name, msg("can't be encrypted to the public keys given")) from None
    return EncryptedArtifact(name=artifact.name + EXTENSION, role=Role.RECIPIENT_COPY, content=content)


def _parse(recipient: str) -> object:
    try:
        import pyrage
    except ModuleNotFoundError:
        raise UsageError(
            msg("--recipient needs the package pyrage"), hint=msg("install it with `pip install 'handover-kit[age]'`")
        ) from None
    text = recipient.strip()
    if text.startswith("AGE-SECRET-KEY-") or "PRIVATE KEY" in text:
        hint = msg("ask for the line that begins with age1 or ssh-ed25519, and have the client replace this key")
        raise UsageError(msg("--recipient takes the client's public key, and this is a private key"), hint=hint)
    try:
        if text.startswith("ssh-"):
            return pyrage.ssh.Recipient.from_str(text)
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        message = msg("--recipient: this isn't a public key that age knows")
        raise UsageError(message, hint=msg("it begins with age1, ssh-ed25519 or ssh-rsa, and is one line")) from None
