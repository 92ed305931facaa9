"""A second, or only, copy of the inventory for a client who gave a public key: the age format.

Role: age and SSH public keys → an encrypted artifact (age-encryption.org/v1), through pyrage, which is an extra.
It holds no key of its own and decrypts nothing.
"""

import re
from collections.abc import Sequence
from typing import Final

from handover.model.artifact import Artifact, EncryptedArtifact, Role
from handover.model.errors import DamagedFile, SecretError, UsageError
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


def check_written(data: bytes, size: int | None, name: str) -> None:
    """Refuse what isn't in the age format to its last byte, as far as that shows without a key.

    `size` is what is encrypted, where that is known: a payload is a nonce of 16 bytes and, for each 64 KiB, a tag of 16
    (age-encryption.org/v1, "Payload"). Raises DamagedFile.
    """
    header = _HEADER.match(data)
    if header is None:
        raise DamagedFile.at(name, msg("it isn't encrypted in the age format"))
    payload = len(data) - header.end() - 16
    last = payload % (_CHUNK + 16)
    whole = payload > 0 and (last == 0 or last > 16)
    if not whole or (size is not None and payload != size + 16 * -(-size // _CHUNK)):
        raise DamagedFile.at(name, msg("it holds more or less than what the inventory does"))


_CHUNK: Final = 64 * 1024
_HEADER: Final = re.compile(
    rb"age-encryption\.org/v1\n(?:-> [!-~ ]{1,1000}\n(?:[A-Za-z0-9+/]{64}\n)*+[A-Za-z0-9+/]{0,63}\n){1,20}"
    rb"--- [A-Za-z0-9+/]{43}\n"
)


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
