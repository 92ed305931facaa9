"""Keys and ciphers of agile encryption: from a passphrase to a key, from a package to its segments and back.

Role: the arithmetic of [MS-OFFCRYPTO] 2.3.4.11–2.3.4.15 over bytes given by the caller, and nothing else: no
container, no descriptor, no randomness, no decision about what is trusted.

Speed: each segment of 4,096 bytes has its own initialisation vector, but a new cipher object for each costs
more than the encryption. So one CBC stream runs through all segments, and each segment's first block is XORed
with what turns the vector that CBC would use (the previous ciphertext block) into the segment's own. The HMAC
is computed beside it on a second thread.
"""

import hmac
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from hashlib import sha512
from importlib import import_module
from threading import Event
from types import TracebackType
from typing import TYPE_CHECKING, Self
from unicodedata import normalize

from handover.model.errors import SecretError
from handover.model.message import msg
from handover.model.secret import Secret

if TYPE_CHECKING:
    from hashlib import _Hash

    from cryptography.hazmat.primitives.ciphers import Cipher, modes

SEGMENT = 4096
BATCH = 256 * SEGMENT  # what is read, encrypted and hashed at a time
BLOCK = 16
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

# Below this a second thread costs more than it saves.
_THREAD_FROM = 4 * BATCH


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


def encrypt_segments(key: bytes, salt: bytes, batches: Iterable[bytes]) -> Iterator[bytes]:
    """The package's ciphertext ([MS-OFFCRYPTO] 2.3.4.15), batch by batch.

    Every batch but the last must be a multiple of 4,096 bytes; the last is padded with zeros to a multiple of 16.
    """
    encrypt = _cipher(key, bytes(BLOCK)).encryptor().update
    integer = int.from_bytes
    number, previous = 0, bytes(BLOCK)
    for batch in batches:
        plain = memoryview(batch + bytes(-len(batch) % BLOCK))
        pieces: list[bytes] = []
        for start in range(0, len(plain), SEGMENT):
            iv = _short_sha512(salt + number.to_bytes(4, "little")).digest()[:BLOCK]
            rest = start + BLOCK
            first = integer(plain[start:rest]) ^ integer(previous) ^ integer(iv)
            head = encrypt(first.to_bytes(BLOCK))
            tail = encrypt(plain[rest : start + SEGMENT])
            pieces += head, tail
            previous = (tail or head)[-BLOCK:]
            number += 1
        yield b"".join(pieces)


def decrypt_segments(key: bytes, salt: bytes, batches: Iterable[bytes]) -> Iterator[memoryview]:
    """The inverse of `encrypt_segments`, with the padding still there; batches of the same shape.

    What it yields is not yet authenticated.
    """
    decryptor = _cipher(key, bytes(BLOCK)).decryptor()
    number = previous = 0
    for batch in batches:
        plain = bytearray(len(batch) + BLOCK - 1)
        decryptor.update_into(batch, plain)
        for start in range(0, len(batch), SEGMENT):
            if start:
                previous = int.from_bytes(batch[start - BLOCK : start])
            iv = _short_sha512(salt + number.to_bytes(4, "little")).digest()[:BLOCK]
            first = int.from_bytes(plain[start : start + BLOCK]) ^ previous ^ int.from_bytes(iv)
            plain[start : start + BLOCK] = first.to_bytes(BLOCK)
            number += 1
        previous = int.from_bytes(batch[-BLOCK:])
        yield memoryview(plain)[: len(batch)]


class IntegrityCode:
    """HMAC-SHA512 over EncryptedPackage ([MS-OFFCRYPTO] 2.3.4.14), fed while the caller does other work.

    A context manager. What was given to `update` must not change afterwards. `size` is about how many bytes will
    come: for small packages no thread is started.
    """

    def __init__(self, key: bytes, size: int) -> None:
        self._mac = hmac.new(key, digestmod=sha512)
        self._pool = ThreadPoolExecutor(1) if size >= _THREAD_FROM else None
        self._running: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown()

    def update(self, data: bytes | memoryview) -> None:
        """Adds `data`; returns as soon as its hashing has begun."""
        if not self._pool:
            self._mac.update(data)
            return
        # Without waiting for the start, the interpreter would keep its lock with this thread for milliseconds, and
        # the two would take turns instead of working side by side.
        started = Event()
        self._running = self._pool.submit(self._hash, data, started)
        started.wait()

    def digest(self) -> bytes:
        """The code over all that was added, 64 bytes."""
        if self._running:
            self._running.result()
        return self._mac.digest()

    def _hash(self, data: bytes | memoryview, started: Event) -> None:
        started.set()
        self._mac.update(data)


def _cipher(key: bytes, iv: bytes) -> "Cipher[modes.CBC]":
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    return Cipher(algorithms.AES256(key), modes.CBC(iv))
