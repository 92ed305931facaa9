"""Keys and ciphers of agile encryption: from a passphrase to a key, from a package to its segments and back.

Role: the arithmetic of [MS-OFFCRYPTO] 2.3.4.11–2.3.4.15 over bytes given by the caller, and nothing else: no
container, no descriptor, no randomness, no decision about what is trusted.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache, partial
from hashlib import sha512
from importlib import import_module
from typing import TYPE_CHECKING
from unicodedata import normalize

from handover.model.errors import SecretError
from handover.model.message import msg
from handover.model.secret import Secret

if TYPE_CHECKING:
    from hashlib import _Hash

    from cryptography.hazmat.primitives.ciphers import Cipher, modes

SEGMENT = 4096
BLOCK = 16
BATCH = 256 * SEGMENT
MAX_PASSPHRASE = 255  # characters that Excel's and LibreOffice's dialogs take

# [MS-OFFCRYPTO] 2.3.4.13 and 2.3.4.14: what each derived key or vector is for
VERIFIER_HASH_INPUT = bytes.fromhex("fea7d2763b4b9e79")
VERIFIER_HASH_VALUE = bytes.fromhex("d7aa0f6d3061344e")
KEY_VALUE = bytes.fromhex("146e0be7abacd0d6")
HMAC_KEY = bytes.fromhex("5fb2ad010cb9e1f6")
HMAC_VALUE = bytes.fromhex("a0677f02b22c8433")


def _interpreters_own_sha512() -> "Callable[[bytes], _Hash]":
    # Hashing a few bytes is mostly start-up: CPython's own SHA-512 takes two thirds of the time of OpenSSL's.
    # Its module's name is private and has changed, so there is a way without it.
    for module in ("_sha2", "_sha512"):
        with suppress(ImportError, AttributeError):
            own: Callable[[bytes], _Hash] = import_module(module).sha512
            return own
    return sha512


_short_sha512 = _interpreters_own_sha512()


def passphrase_bytes(passphrase: Secret) -> bytes:
    """The passphrase as Office hashes it: UTF-16LE ([MS-OFFCRYPTO] 2.3.4.11), in normal form C.

    Normalising makes an accent typed on one system equal to the same accent typed on another. Raises SecretError
    for an empty passphrase, one over 255 UTF-16 units, or one that isn't text (a lone surrogate).
    """
    try:
        encoded = normalize("NFC", passphrase.reveal()).encode("utf-16-le")
    except UnicodeEncodeError:
        # The cause holds the passphrase.
        raise SecretError(msg("the passphrase holds a character that can't be typed")) from None
    if not encoded:
        raise SecretError(msg("the passphrase is empty"), hint=msg("give one, or let handover make one"))
    if len(encoded) > 2 * MAX_PASSPHRASE:
        raise SecretError(
            msg("the passphrase is longer than the {most} characters that Excel takes", most=MAX_PASSPHRASE)
        )
    return encoded


@lru_cache(maxsize=1)  # what was encrypted is opened again at once, to check it: the turns are the cost of both
def passphrase_hash(passphrase: Secret, salt: bytes, spin_count: int) -> bytes:
    """The passphrase hashed `spin_count` times with SHA-512 ([MS-OFFCRYPTO] 2.3.4.11), 64 bytes."""
    digest = sha512(salt + passphrase_bytes(passphrase)).digest()
    for iteration in range(spin_count):
        digest = _short_sha512(iteration.to_bytes(4, "little") + digest).digest()
    return digest


def derived_key(hashed: bytes, purpose: bytes) -> bytes:
    """The 32-byte key for one purpose ([MS-OFFCRYPTO] 2.3.4.11), from `passphrase_hash`."""
    return sha512(hashed + purpose).digest()[:32]


def vector(salt: bytes, purpose: bytes) -> bytes:
    """The initialisation vector for a purpose or a segment's number ([MS-OFFCRYPTO] 2.3.4.12)."""
    return sha512(salt + purpose).digest()[:BLOCK]


def encrypt_blocks(key: bytes, iv: bytes, data: bytes) -> bytes:
    """AES-256-CBC without padding of `data`, whose length is a multiple of 16 bytes."""
    encryptor = _cipher(key, iv).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def decrypt_blocks(key: bytes, iv: bytes, data: bytes) -> bytes:
    """The inverse of `encrypt_blocks`."""
    decryptor = _cipher(key, iv).decryptor()
    return decryptor.update(data) + decryptor.finalize()


def encrypt_segments(key: bytes, salt: bytes, plain: bytes) -> Iterator[bytes]:
    """The package's ciphertext ([MS-OFFCRYPTO] 2.3.4.15), its end padded with zeros to a multiple of 16 bytes.

    Each segment of 4,096 bytes has a vector of its own, and a cipher for each would cost more than the encryption. So
    one CBC stream runs through all, and a segment's first block is XORed with what turns the vector that CBC would use
    (the ciphertext's last block) into the segment's own. It comes in pieces, for who hashes them meanwhile.
    """
    encrypt, previous = _cipher(key, bytes(BLOCK)).encryptor().update, 0
    for start in range(0, len(plain), BATCH):
        pieces = []
        for at in range(start, min(start + BATCH, len(plain)), SEGMENT):
            segment = plain[at : at + SEGMENT]
            segment += bytes(-len(segment) % BLOCK)
            first = _number(segment[:BLOCK]) ^ _number(_segment_vector(salt, at)) ^ previous
            piece = encrypt(first.to_bytes(BLOCK, "big") + segment[BLOCK:])
            previous = _number(piece[-BLOCK:])
            pieces.append(piece)
        yield b"".join(pieces)


def decrypt_segments(key: bytes, salt: bytes, data: bytes) -> Iterator[bytearray]:
    """The inverse of `encrypt_segments`, with the padding still there. It isn't authenticated."""
    decrypt, previous = _cipher(key, bytes(BLOCK)).decryptor().update, 0
    for start in range(0, len(data), BATCH):
        batch = data[start : start + BATCH]
        plain = bytearray(decrypt(batch))
        for at in range(0, len(batch), SEGMENT):
            first = _number(plain[at : at + BLOCK]) ^ _number(_segment_vector(salt, start + at)) ^ previous
            plain[at : at + BLOCK] = first.to_bytes(BLOCK, "big")
            previous = _number(batch[at + SEGMENT - BLOCK : at + SEGMENT])
        yield plain


def _segment_vector(salt: bytes, at: int) -> bytes:
    return _short_sha512(salt + (at // SEGMENT).to_bytes(4, "little")).digest()[:BLOCK]


_number = partial(int.from_bytes, byteorder="big")


def _cipher(key: bytes, iv: bytes) -> "Cipher[modes.CBC]":
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    return Cipher(algorithms.AES256(key), modes.CBC(iv))
