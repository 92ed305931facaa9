"""Workbooks that LibreOffice encrypts: standard encryption, read alone ([MS-OFFCRYPTO] 2.3.4.5 to 2.3.4.9).

Role: opens what LibreOffice 7 writes when it saves one of ours: AES-128 without any integrity code. Whoever alters such
a file isn't noticed, so what is in it is to be shown and confirmed before it is relied upon; nothing of ours is written
so.
"""

from hashlib import sha1
from hmac import compare_digest
from struct import unpack_from
from typing import Final

from handover.formats.compound.read import CompoundReader
from handover.formats.compound.write import SIGNATURE
from handover.model.errors import DamagedFile, WrongPassphrase
from handover.model.message import msg
from handover.model.secret import Secret
from handover.seal.encryption_cipher import passphrase_bytes
from handover.seal.encryption_info import INFO_STREAM, MAX_INFO_SIZE, PACKAGE_STREAM

_VERSIONS: Final = {(2, 2), (3, 2), (4, 2)}
_AES_128: Final = (0x660E, 0x8004, 128)
"""The cipher, the hash (SHA-1) and the key's bits that LibreOffice writes (2.3.2)."""
_TURNS: Final = 50_000
_LENGTH: Final = 8
_VERIFIER: Final = 4 + 16 + 16 + 4 + 32
_MAX_PACKAGE: Final = 64 * 1024 * 1024


def is_older(data: bytes, name: str) -> bool:
    """Whether an encrypted workbook is of this kind. Raises DamagedFile for a compound file that isn't whole."""
    if not data.startswith(SIGNATURE):
        return False
    reader = CompoundReader(data, name=name)
    if INFO_STREAM not in reader.sizes or PACKAGE_STREAM not in reader.sizes:
        return False
    info = reader.read(INFO_STREAM, MAX_INFO_SIZE)
    return len(info) > 12 and unpack_from("<HH", info) in _VERSIONS


def decrypt_older(data: bytes, passphrase: Secret, *, name: str) -> bytes:
    """The package inside. Raises WrongPassphrase, and DamagedFile for another cipher or a file that isn't whole.

    That nobody has altered it since isn't known.
    """
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    reader = CompoundReader(data, name=name)
    info = reader.read(INFO_STREAM, MAX_INFO_SIZE)
    size = int.from_bytes(info[8:12], "little")
    header, verifier = info[12 : 12 + size], info[12 + size : 12 + size + _VERIFIER]
    if len(header) < 32 or len(verifier) < _VERIFIER or unpack_from("<III", header, 8) != _AES_128:
        message = msg("{name} is encrypted in a way that handover doesn't read", name=name)
        raise DamagedFile(message, hint=msg("open it in Excel 2013 or later, and save it there with a password"))
    salt, checked, expected = verifier[4:20], verifier[20:36], verifier[40:72]
    # ECB is what the standard says (2.3.4.7): it is why nothing of ours is written so.
    opened = Cipher(algorithms.AES(_key(passphrase, salt)), modes.ECB()).decryptor()  # noqa: S305
    if not compare_digest(sha1(opened.update(checked)).digest(), opened.update(expected)[:20]):  # noqa: S324
        message = msg("this passphrase doesn't open {name}", name=name)
        raise WrongPassphrase(message, hint=msg("check capitals, separators and the language of the keyboard"))
    package = reader.read(PACKAGE_STREAM, _MAX_PACKAGE)
    length = int.from_bytes(package[:_LENGTH], "little")
    content = opened.update(package[_LENGTH : len(package) - (len(package) - _LENGTH) % 16])
    if length > len(content):
        raise DamagedFile(msg("{name} is damaged: a part of it is missing", name=name))
    return content[:length]


def _key(passphrase: Secret, salt: bytes) -> bytes:
    """The key of 2.3.4.7: a salted hash, turned 50,000 times, of which one half is taken."""
    hashed = sha1(salt + passphrase_bytes(passphrase)).digest()  # noqa: S324 — what the standard names
    for turn in range(_TURNS):
        hashed = sha1(turn.to_bytes(4, "little") + hashed).digest()  # noqa: S324
    hashed = sha1(hashed + bytes(4)).digest()  # noqa: S324
    return sha1(bytes(b ^ 0x36 for b in hashed.ljust(64, b"\0"))).digest()[:16]  # noqa: S324
