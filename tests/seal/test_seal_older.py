"""Standard encryption, as LibreOffice 7 writes it: read with the right passphrase, refused when it's anything else.

The writer here follows [MS-OFFCRYPTO] 2.3.4.5 to 2.3.4.9 step by step, on its own.
"""

# ruff: noqa: S305, S324 — the cipher and the hash that the standard names

import struct
from functools import cache
from hashlib import sha1

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from handover.formats.compound.write import compound_file
from handover.model.errors import DamagedFile, WrongPassphrase
from handover.model.secret import Secret
from handover.seal.encryption import encrypt
from handover.seal.encryption_info import INFO_STREAM, PACKAGE_STREAM
from handover.seal.older_encryption import decrypt_older, is_older

PASSPHRASE = Secret("pâtée éclair 7")
SALT = bytes(range(16))
PACKAGE = b"PK\x03\x04" + bytes(range(256)) * 20 + b"end"


@cache
def key() -> bytes:
    hashed = sha1(SALT + PASSPHRASE.reveal().encode("utf-16-le")).digest()
    for turn in range(50_000):
        hashed = sha1(struct.pack("<I", turn) + hashed).digest()
    hashed = sha1(hashed + struct.pack("<I", 0)).digest()
    block = bytearray(b"\x36" * 64)
    for at, byte in enumerate(hashed):
        block[at] ^= byte
    return sha1(bytes(block)).digest()[:16]


def info(*, cipher: int = 0x660E, hashing: int = 0x8004, bits: int = 128, version: tuple[int, int] = (4, 2)) -> bytes:
    encryptor = Cipher(algorithms.AES(key()), modes.ECB()).encryptor()
    name = "Microsoft Enhanced RSA and AES Cryptographic Provider\0".encode("utf-16-le")
    header = struct.pack("<8I", 0x24, 0, cipher, hashing, bits, 0x18, 0, 0) + name
    verifier = b"a verifier of 16"
    hashed = sha1(verifier).digest() + bytes(12)
    checked = (
        struct.pack("<I", 16) + SALT + encryptor.update(verifier) + struct.pack("<I", 20) + encryptor.update(hashed)
    )
    return struct.pack("<HHII", *version, 0x24, len(header)) + header + checked


def workbook(descriptor: bytes, length: int = len(PACKAGE)) -> bytes:
    encryptor = Cipher(algorithms.AES(key()), modes.ECB()).encryptor()
    content = struct.pack("<Q", length) + encryptor.update(PACKAGE + bytes(-len(PACKAGE) % 16))
    return compound_file({INFO_STREAM: descriptor, PACKAGE_STREAM: content})


def test_what_was_encrypted_is_read() -> None:
    document = workbook(info())

    assert is_older(document, "vault.xlsx")
    assert decrypt_older(document, PASSPHRASE, name="vault.xlsx") == PACKAGE


@pytest.mark.parametrize("passphrase", ["patee eclair 7", "pâtée éclair", "Pâtée éclair 7"])
def test_another_passphrase_is_refused(passphrase: str) -> None:
    with pytest.raises(WrongPassphrase, match="doesn't open vault"):
        decrypt_older(workbook(info()), Secret(passphrase), name="vault.xlsx")


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(workbook(info(cipher=0x6610, bits=256)), id="a longer key"),
        pytest.param(workbook(info(cipher=0x6801)), id="RC4"),
        pytest.param(workbook(info(hashing=0x800C)), id="another hash"),
        pytest.param(workbook(info()[:40]), id="half a header"),
        pytest.param(workbook(info()[:-20]), id="half a verifier"),
        pytest.param(workbook(info(), length=10**9), id="a package that is longer than the file"),
    ],
)
def test_any_other_kind_is_refused(document: bytes) -> None:
    with pytest.raises(DamagedFile):
        decrypt_older(document, PASSPHRASE, name="vault.xlsx")


def test_our_own_kind_is_not_an_older_one() -> None:
    assert not is_older(encrypt(PACKAGE, PASSPHRASE, random=bytes, spin_count=1000), "vault.xlsx")
    assert not is_older(PACKAGE, "vault.xlsx")
    assert not is_older(workbook(info(version=(4, 4))), "vault.xlsx")
