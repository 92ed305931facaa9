"""KDBX files of every kind that is read, written without the code under test; `keepassxc-cli` opens them all."""

import base64
import gzip
import hashlib
import hmac
import os
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.argon2 import Argon2d, Argon2id

UUIDS = {
    "aes256": "31c1f2e6bf714350be5805216afc5aff",
    "twofish": "ad68f29f576f4bb9a36ad47af965346c",
    "chacha20": "d6038a2b8b6f4cb5a524339a31dbb59a",
    "aes-kdf": "c9d9f39a628a4460bf740d08c18a4fea",
    "argon2d": "ef636ddf8c29444b91f7a9a403e30a0c",
    "argon2id": "9e298b1956db4773b23dfc3ec6f0a1e6",
}
UUIDS = {name: bytes.fromhex(digits) for name, digits in UUIDS.items()}
PASSPHRASE = "clé-canary-42"


@dataclass(frozen=True)
class Kind:
    """How a file is protected."""

    major: int = 4
    kdf: str = "argon2d"
    cipher: str = "aes256"
    compressed: bool = True
    rounds: int = 2
    memory: int = 64 * 1024
    lanes: int = 1
    version: int = 0x13


def argon2(kind: Kind, salt: bytes, key: bytes) -> bytes:
    method = Argon2d if kind.kdf == "argon2d" else Argon2id
    return method(
        salt=salt, length=32, iterations=kind.rounds, lanes=kind.lanes, memory_cost=kind.memory // 1024
    ).derive(key)


def aes_kdf(kind: Kind, salt: bytes, key: bytes) -> bytes:
    encryptor = Cipher(algorithms.AES(salt), modes.ECB()).encryptor()  # noqa: S305 — what AES-KDF is
    for _ in range(kind.rounds):
        key = encryptor.update(key)
    return hashlib.sha256(key).digest()


def composite(passphrase: str, key: bytes = b"") -> bytes:
    return hashlib.sha256(hashlib.sha256(passphrase.encode()).digest() + key).digest()


def encrypted(kind: Kind, key: bytes, vector: bytes, plain: bytes) -> bytes:
    if kind.cipher == "chacha20":
        return Cipher(algorithms.ChaCha20(key, bytes(4) + vector), None).encryptor().update(plain)
    filling = 16 - len(plain) % 16
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return encryptor.update(plain + bytes([filling]) * filling) + encryptor.finalize()


def item(kind: int, key: bytes, value: bytes) -> bytes:
    return struct.pack("<BI", kind, len(key)) + key + struct.pack("<I", len(value)) + value


def kdf_parameters(kind: Kind, salt: bytes) -> bytes:
    items = [item(0x42, b"$UUID", UUIDS.get(kind.kdf, bytes(16))), item(0x42, b"S", salt)]
    if kind.kdf == "aes-kdf":
        items.append(item(0x05, b"R", struct.pack("<Q", kind.rounds)))
    else:
        numbers = ((4, b"V", kind.version), (5, b"I", kind.rounds), (5, b"M", kind.memory), (4, b"P", kind.lanes))
        items += [item(size, key, number.to_bytes(4 if size == 4 else 8, "little")) for size, key, number in numbers]
    return b"\0\1" + b"".join(items) + b"\0"


def header(kind: Kind, fields: dict[int, bytes]) -> bytes:
    form = "<BI" if kind.major == 4 else "<BH"
    start = struct.pack("<IIHH", 0x9AA2D903, 0xB54BFB67, 1 if kind.major == 3 else 0, kind.major)
    return start + b"".join(struct.pack(form, number, len(value)) + value for number, value in fields.items())


def kdbx(kind: Kind, xml: bytes, *, passphrase: str = PASSPHRASE, key: bytes = b"", stream: int | None = None) -> bytes:
    """A file of this kind whose XML is `xml`; nothing in it is hidden by an inner stream."""
    seed, salt, vector = os.urandom(32), os.urandom(32), os.urandom(12 if kind.cipher == "chacha20" else 16)
    derived = (aes_kdf if kind.kdf == "aes-kdf" else argon2)(kind, salt, composite(passphrase, key))
    master = hashlib.sha256(seed + derived).digest()
    common = {2: UUIDS[kind.cipher], 3: struct.pack("<I", kind.compressed), 4: seed, 7: vector}
    if kind.major == 3:
        start = os.urandom(32)
        fields = {**common, 5: salt, 6: struct.pack("<Q", kind.rounds), 8: bytes(32), 9: start,
                  10: struct.pack("<I", 2 if stream is None else stream), 0: b"\r\n\r\n"}  # fmt: skip
        head = header(kind, fields)
        xml = xml.replace(b"HEADERHASH", base64.b64encode(hashlib.sha256(head).digest()))
        body = gzip.compress(xml) if kind.compressed else xml
        blocks = struct.pack("<I", 0) + hashlib.sha256(body).digest() + struct.pack("<I", len(body)) + body
        blocks += struct.pack("<I", 1) + bytes(36)
        return head + encrypted(kind, master, vector, start + blocks)
    head = header(kind, {**common, 11: kdf_parameters(kind, salt), 0: b"\r\n\r\n"})
    inner = struct.pack("<BII", 1, 4, 3 if stream is None else stream) + struct.pack("<BI", 2, 64) + bytes(64)
    inner += struct.pack("<BI", 3, 4) + b"\0pdf" + struct.pack("<BI", 0, 0) + xml
    payload = encrypted(kind, master, vector, gzip.compress(inner) if kind.compressed else inner)
    base = hashlib.sha512(seed + derived + b"\1").digest()
    blocks = [payload[at : at + 700] for at in range(0, len(payload), 700)] + [b""]
    return b"".join(
        (head, hashlib.sha256(head).digest(), mac(base, 2**64 - 1, head),
         *(mac(base, number, struct.pack("<QI", number, len(block)) + block) + struct.pack("<I", len(block)) + block
           for number, block in enumerate(blocks))),
    )  # fmt: skip


def mac(base: bytes, number: int, data: bytes) -> bytes:
    return hmac.digest(hashlib.sha512(struct.pack("<Q", number) + base).digest(), data, "sha256")


def uuid(number: int) -> str:
    return base64.b64encode(number.to_bytes(16, "big")).decode()


def entry(number: int, *more: str, **texts: str) -> str:
    """An entry's XML; `Binary=` names an attachment."""
    strings = "".join(f"<String><Key>{key}</Key><Value>{value}</Value></String>" for key, value in texts.items())
    return f"<Entry><UUID>{uuid(number)}</UUID>{strings}{''.join(more)}</Entry>"


def group(number: int, name: str, *inner: str) -> str:
    return f"<Group><UUID>{uuid(number)}</UUID><Name>{name}</Name>{''.join(inner)}</Group>"


def document(*inner: str, meta: str = "") -> bytes:
    """The XML of a file with these entries and groups in its outermost group."""
    top = group(1, "Root", *inner)
    inner = f"<KeePassFile><Meta>{meta}</Meta><Root>{top}</Root></KeePassFile>"
    return f'<?xml version="1.0" encoding="utf-8"?>{inner}'.encode()


SIMPLE = document(
    entry(10, Title="Mail", UserName="ann", Password="pà&amp;ss  word", URL="https://mail.example", Notes="one\ntwo"),
    group(2, "Clients", group(3, "Maison &amp; Co", entry(11, Title="OVH", Password="x", otp="otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"))),
)  # fmt: skip
"""Two entries, one of them two groups deep."""

KINDS = {
    "3.1, AES-KDF, AES-256": Kind(3, "aes-kdf", rounds=1000),
    "3.1, not compressed": Kind(3, "aes-kdf", rounds=1000, compressed=False),
    "3.1, ChaCha20": Kind(3, "aes-kdf", "chacha20", rounds=1000),
    "4, AES-KDF, AES-256": Kind(4, "aes-kdf", rounds=1000),
    "4, Argon2d, AES-256": Kind(4, "argon2d"),
    "4, Argon2d, ChaCha20": Kind(4, "argon2d", "chacha20"),
    "4, Argon2id, AES-256": Kind(4, "argon2id", lanes=2),
    "4, Argon2id, ChaCha20, not compressed": Kind(4, "argon2id", "chacha20", compressed=False),
}
