"""Keys, ciphers and streams of KDBX files.

Role: from passphrase and key file to the key (composite, AES-KDF, Argon2), AES-256-CBC and ChaCha20 for the file, and
the streams that protected values are hidden with inside it. It knows no layout and judges no cost.
"""

import base64
import binascii
import hashlib
import re
import struct
import unicodedata
import zlib
from collections.abc import Callable
from functools import lru_cache
from itertools import chain
from typing import Final

from handover.formats.kdbx.header import AES, AGAIN, FEWER, Header, Kdf, refused
from handover.model.errors import DamagedFile, HandoverError, SecretError
from handover.model.message import msg
from handover.model.secret import Secret

Stream = Callable[[bytes], bytes]
"""Hides or shows the next bytes."""

_ZEROS: Final = bytes(1 << 20)
_SALSA20, _CHACHA20 = 2, 3
_SALSA20_VECTOR: Final = bytes.fromhex("e830094b97205d2a")
_HEX: Final = re.compile(rb"[0-9A-Fa-f]{64}")
_MAX_KEY_FILE: Final = 1024 * 1024
_FREE, _RATIO = 4 * 1024 * 1024, 16


def composite(passphrase: Secret | None, key_file: bytes | None, name: str) -> bytes:
    """The digest of all that opens a file; a passphrase is composed (NFC), however its accents are typed."""
    parts = []
    if passphrase is not None:
        parts.append(hashlib.sha256(unicodedata.normalize("NFC", passphrase.reveal()).encode()).digest())
    if key_file is not None:
        parts.append(_key_of(key_file, name))
    return hashlib.sha256(b"".join(parts)).digest()


def _key_of(data: bytes, name: str) -> bytes:
    """A key file's key: XML of version 1 or 2, 32 bytes, 64 hexadecimal digits, or the digest of any other file."""
    if len(data) > _MAX_KEY_FILE:
        raise SecretError(msg("the key file of {name} is larger than {most} MB", name=name, most=_MAX_KEY_FILE >> 20))
    if b"<KeyFile>" in data[:512]:
        from handover.formats.package.opc import parse_xml

        root = parse_xml(data, f"the key file of {name}")
        text = "".join((root.findtext("Key/Data") or "").split())
        version = root.findtext("Meta/Version") or ""
        try:
            key = bytes.fromhex(text) if version.startswith("2") else base64.b64decode(text, validate=True)
        except (ValueError, binascii.Error):
            raise SecretError(msg("the key file of {name} is damaged", name=name)) from None
        if len(key) != 32:
            raise SecretError(msg("the key file of {name} is damaged", name=name))
        return key
    if len(data) == 32:
        return data
    return bytes.fromhex(data.decode()) if _HEX.fullmatch(data) else hashlib.sha256(data).digest()


def derive(kdf: Kdf, key: bytes, name: str) -> bytes:
    """The transformed key: 32 bytes. Raises HandoverError where the cryptographic library lacks Argon2."""
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        return _derived(kdf, key)
    except UnsupportedAlgorithm:
        message = msg(
            "{name}: its key is made with Argon2, which the OpenSSL of this computer's `cryptography` lacks", name=name
        )
        raise HandoverError(
            message, hint=msg("install handover-kit with the wheel of `cryptography` from PyPI")
        ) from None
    except (MemoryError, ValueError):
        said = msg("there isn't enough memory to make its key ({memory} MiB)", memory=kdf.memory >> 20)
        raise HandoverError.at(name, said, hint=msg("close other programs")) from None


@lru_cache(maxsize=1)  # what was written is opened again at once, to check it: the derivation is the cost of both
def _derived(kdf: Kdf, key: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf import argon2

    if kdf.method == "aes":
        return hashlib.sha256(
            b"".join(_aes_rounds(half, kdf.salt, kdf.rounds) for half in (key[:16], key[16:]))
        ).digest()
    kind = argon2.Argon2d if kdf.method == "argon2d" else argon2.Argon2id
    return kind(
        salt=kdf.salt,
        length=32,
        iterations=kdf.rounds,
        lanes=kdf.lanes,
        memory_cost=kdf.memory // 1024,
        ad=kdf.associated or None,
        secret=kdf.secret or None,
    ).derive(key)


def _aes_rounds(block: bytes, seed: bytes, rounds: int) -> bytes:
    """A block encrypted over and over: CBC of zeros does just that, at the speed of one call."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    encryptor = Cipher(algorithms.AES(seed), modes.CBC(block)).encryptor()
    left = rounds * 16
    while left:
        batch = encryptor.update(_ZEROS[: min(left, len(_ZEROS))])
        block = batch[-16:]
        left -= len(batch)
    return block


def encrypt_aes(key: bytes, vector: bytes, plain: bytes) -> bytes:
    """AES-256 in CBC, the last block filled (PKCS #7)."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    filling = 16 - len(plain) % 16
    return encryptor.update(plain + bytes([filling]) * filling) + encryptor.finalize()


def decrypt(head: Header, key: bytes, data: bytes, name: str) -> bytes:
    """The file's content with the header's cipher. Raises DamagedFile where it can't be."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    if head.cipher != AES:
        return chacha20(key, head.vector)(data)
    if not data or len(data) % 16:
        raise refused(name, msg("is cut off"), AGAIN)
    decryptor = Cipher(algorithms.AES(key), modes.CBC(head.vector)).decryptor()
    plain = decryptor.update(data) + decryptor.finalize()
    filling = plain[-1]
    if not 1 <= filling <= 16 or plain[-filling:] != bytes([filling]) * filling:
        raise refused(name, msg("is damaged: its end isn't one"), AGAIN)
    return plain[:-filling]


def chacha20(key: bytes, vector: bytes) -> Stream:
    """ChaCha20 as RFC 8439 has it: a vector of 12 bytes, the counter from 0."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms

    return Cipher(algorithms.ChaCha20(key, bytes(4) + vector), mode=None).encryptor().update


def inner_stream(kind: int, key: bytes, name: str) -> Stream:
    """The stream of a file's protected values."""
    if kind == _CHACHA20:
        digest = hashlib.sha512(key).digest()
        return chacha20(digest[:32], digest[32:44])
    if kind == _SALSA20:
        return _Salsa20(hashlib.sha256(key).digest(), _SALSA20_VECTOR)
    raise refused(name, msg("hides its values with a stream other than Salsa20 and ChaCha20"))


class _Salsa20:
    """Salsa20/20 with a key of 256 bits (D. J. Bernstein's specification), which the library lacks.

    Many blocks are made at once: a word of all of them stands in one number, each in a lane of 64 bits.
    """

    def __init__(self, key: bytes, vector: bytes) -> None:
        words = struct.unpack("<8I", key)
        constants = struct.unpack("<4I", b"expand 32-byte k")
        self._state = (
            constants[0], *words[:4], constants[1], *struct.unpack("<2I", vector), 0, 0, constants[2], *words[4:],
            constants[3],
        )  # fmt: skip
        self._blocks = 0
        self._left = b""

    def __call__(self, data: bytes) -> bytes:
        key = bytearray(self._left)
        while len(key) < len(data):
            key += self._more()
        self._left = bytes(key[len(data) :])
        size = len(data)
        mixed = int.from_bytes(data, "little") ^ int.from_bytes(key[:size], "little")
        return mixed.to_bytes(size, "little")

    def _more(self) -> bytes:
        start = [word * _ONES for word in self._state]
        start[8] += self._blocks * _ONES + _COUNTED  # 2³² blocks are more than a file holds
        self._blocks += _LANES
        x = start[:]
        for _ in range(10):
            for a, b, c, d in _QUARTERS:
                x[b] ^= _turned(x[a] + x[d], 7)
                x[c] ^= _turned(x[b] + x[a], 9)
                x[d] ^= _turned(x[c] + x[b], 13)
                x[a] ^= _turned(x[d] + x[c], 18)
        words = (((a + b) & _LOW).to_bytes(8 * _LANES, "little") for a, b in zip(x, start, strict=True))
        lanes = [struct.unpack(f"<{_LANES}Q", word) for word in words]
        return struct.pack(f"<{16 * _LANES}I", *chain.from_iterable(zip(*lanes, strict=True)))


_LANES: Final = 256
_ONES: Final = sum(1 << 64 * lane for lane in range(_LANES))
_COUNTED: Final = sum(lane << 64 * lane for lane in range(_LANES))
_LOW: Final = _ONES * 0xFFFFFFFF
_QUARTERS: Final = (
    (0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11),
    (0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9), (15, 12, 13, 14),
)  # fmt: skip


def _turned(words: int, by: int) -> int:
    """Each lane's word turned to the left."""
    words &= _LOW
    return (words << by | words >> 32 - by) & _LOW


def squeeze(data: bytes) -> bytes:
    """gzip without name or time."""
    import gzip

    return gzip.compress(data, 9, mtime=0)


def unsqueeze(data: bytes, most: int, name: str) -> bytes:
    """What gzip made small. Raises DamagedFile for more than `most` bytes, or 16 times its own and 4 MB."""
    most = min(most, _FREE + _RATIO * len(data))
    inflater = zlib.decompressobj(wbits=31)
    try:
        plain = inflater.decompress(data, most)
    except zlib.error:
        raise DamagedFile.at(name, msg("is damaged: its content can't be inflated")) from None
    if inflater.unconsumed_tail or not inflater.eof:
        raise refused(name, msg("holds more than {most} MB", most=most >> 20), FEWER)
    return plain
