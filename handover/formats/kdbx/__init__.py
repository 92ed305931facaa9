"""KDBX, the file of KeePass and the programs that read its files: bytes → entries, entries → bytes.

Role: reads KDBX 3.1 and 4 and writes KDBX 4, after the format's public description at keepass.info and what KeePassXC
reads and writes. `header` says how a file is protected and what opening it would cost, `ciphers` derives keys and
decrypts, `content` is the XML inside. It opens no file, asks nobody, and knows nothing of this project's credentials.
"""

import hashlib
import hmac
import struct
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from handover.formats.kdbx import ciphers
from handover.formats.kdbx.content import Entry, entries_in, inner_xml
from handover.formats.kdbx.header import AGAIN, FEWER, WRITTEN, Header, Kdf, read_header, refused, write_header
from handover.model.errors import DamagedFile, WrongPassphrase
from handover.model.message import msg
from handover.model.secret import Secret

__all__ = ["WRITTEN", "Entry", "Kdf", "check_written", "entries_in", "is_kdbx", "read_kdbx", "write_kdbx"]

MAX_FILE = 64 * 1024 * 1024
_START = b"\x03\xd9\xa2\x9a"
_LAST = 2**64 - 1
"""The number of the block that the header counts as."""
_BLOCK = 1024 * 1024
_CHACHA20 = 3


def is_kdbx(data: bytes) -> bool:
    """Whether a file begins as KeePass's do, of whatever version."""
    return data.startswith(_START)


def read_kdbx(data: bytes, passphrase: Secret | None, *, name: str, key_file: bytes | None = None) -> tuple[Entry, ...]:
    """The entries of a KDBX file, in its order, those of the recycle bin marked.

    `name` is what errors call the file. What the header demands of time and memory is judged before a key is derived.
    Raises WrongPassphrase, and DamagedFile for what isn't KDBX 3.1 or 4, costs too much, or has been altered.
    """
    if len(data) > MAX_FILE:
        raise refused(name, msg("is larger than {most} MB", most=MAX_FILE >> 20), FEWER)
    found = read_header(data, name)
    digest = hashlib.sha256(data[: found.size]).digest()
    if found.major == 4 and data[found.size : found.size + 32] != digest:
        raise _altered(name)  # before its costs are paid: a flipped bit may have raised them
    transformed = ciphers.derive(found.kdf, ciphers.composite(passphrase, key_file, name), name)
    if found.major == 4:
        return entries_in(*_content_4(data, found, transformed, name), name=name, size=len(data))
    content = _content_3(data, found, transformed, name)
    return entries_in(*content, name=name, size=len(data), header_digest=digest)


def write_kdbx(
    entries: Sequence[Entry],
    passphrase: Secret,
    *,
    title: str,
    at: datetime,
    random: Callable[[int], bytes],
    kdf: Kdf = WRITTEN,
) -> bytes:
    """A KDBX 4 file of `entries`: Argon2id, AES-256, ChaCha20 for what is protected inside.

    `random` gives unpredictable bytes: for the header a salt (32), the master seed (32) and the vector (16), then the
    inner stream's key (64) and an identifier (16) of every group and entry. `at` is the time that all of them bear.
    Only tests lower `kdf`.
    """
    salt, seed, vector, inner_key = random(32), random(32), random(16), random(64)
    kdf = kdf.salted(salt)
    head = write_header(kdf, seed, vector)
    transformed = ciphers.derive(kdf, ciphers.composite(passphrase, None, title), title)
    base = _hmac_base(seed, transformed)
    inner = _field(1, struct.pack("<I", _CHACHA20)) + _field(2, inner_key) + _field(0, b"")
    xml = inner_xml(entries, ciphers.inner_stream(_CHACHA20, inner_key, title), title=title, at=at, random=random)
    payload = ciphers.encrypt_aes(hashlib.sha256(seed + transformed).digest(), vector, ciphers.squeeze(inner + xml))
    made = [head, hashlib.sha256(head).digest(), _mac(base, _LAST, head)]
    for number, start in enumerate((*range(0, len(payload), _BLOCK), len(payload))):  # the last one is empty
        block = payload[start : start + _BLOCK]
        length = struct.pack("<I", len(block))
        made += [_mac(base, number, block, length), length, block]
    return b"".join(made)


def check_written(data: bytes, *, name: str) -> None:
    """Refuse what `write_kdbx` wouldn't have written, as far as that shows without the passphrase: another cipher,
    a key that costs a guesser less or whoever opens it more, a header that isn't spelt as it was, blocks that don't
    end where the file does.

    Raises DamagedFile.
    """
    head = read_header(data, name)
    if head.major != 4 or head.kdf != WRITTEN.salted(head.kdf.salt):
        cost = msg(
            "Argon2id over {memory} MiB in {rounds} passes and {lanes} lanes",
            memory=WRITTEN.memory >> 20, rounds=WRITTEN.rounds, lanes=WRITTEN.lanes,
        )  # fmt: skip
        raise DamagedFile.at(name, msg("isn't KDBX 4 with a key of {cost}", cost=cost))
    if write_header(head.kdf, head.seed, head.vector) != data[: head.size]:
        raise DamagedFile.at(name, msg("what says how it is encrypted isn't spelt as it was written"))
    if data[head.size : head.size + 32] != hashlib.sha256(data[: head.size]).digest():
        raise _altered(name)
    for _ in _blocks_4(data, head.size + 64, name):
        pass


def _most(data: bytes) -> int:
    """Bytes to which a file's content may inflate: text shrinks, and attachments hardly."""
    return min(2 * MAX_FILE, MAX_FILE // 2 + 20 * len(data))


def _field(kind: int, content: bytes) -> bytes:
    return struct.pack("<BI", kind, len(content)) + content


def _altered(name: str) -> DamagedFile:
    return refused(name, msg("is damaged or was altered"), AGAIN)


# KDBX 4: a code over the header and over every block


def _hmac_base(seed: bytes, transformed: bytes) -> bytes:
    return hashlib.sha512(seed + transformed + b"\x01").digest()


def _mac(base: bytes, number: int, data: bytes, length: bytes = b"") -> bytes:
    key = hashlib.sha512(struct.pack("<Q", number) + base).digest()
    counted = struct.pack("<Q", number) + length if length else b""
    return hmac.digest(key, counted + data, "sha256")


def _content_4(data: bytes, head: Header, transformed: bytes, name: str) -> tuple[bytes, ciphers.Stream]:
    base = _hmac_base(head.seed, transformed)
    if not hmac.compare_digest(data[head.size + 32 : head.size + 64], _mac(base, _LAST, data[: head.size])):
        raise _wrong(name)
    payload = bytearray()
    for number, (code, length, block) in enumerate(_blocks_4(data, head.size + 64, name)):
        if not hmac.compare_digest(code, _mac(base, number, block, length)):
            raise _altered(name)
        payload += block
    plain = ciphers.decrypt(head, hashlib.sha256(head.seed + transformed).digest(), bytes(payload), name)
    return _inner(ciphers.unsqueeze(plain, _most(data), name) if head.compressed else plain, name)


def _blocks_4(data: bytes, at: int, name: str) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Code, length and content of each block; the last, which is empty, ends the file."""
    while True:
        code, length = data[at : at + 32], data[at + 32 : at + 36]
        if len(length) < 4:
            raise _altered(name)
        at += 36 + struct.unpack("<I", length)[0]
        block = data[at - struct.unpack("<I", length)[0] : at]
        if at > len(data) or (not block and at != len(data)):
            raise _altered(name)
        yield code, length, block
        if not block:
            return


def _inner(plain: bytes, name: str) -> tuple[bytes, ciphers.Stream]:
    """The XML, and the stream that its protected values are hidden with."""
    at, stream, key = 0, 0, b""
    while at + 5 <= len(plain):
        kind, size = struct.unpack_from("<BI", plain, at)
        content = plain[at + 5 : at + 5 + size]
        at += 5 + size
        if kind == 0:
            return plain[at:], ciphers.inner_stream(stream, key, name)
        if kind == 1 and size == 4:
            stream = struct.unpack("<I", content)[0]
        elif kind == 2:
            key = content
    raise _altered(name)


# KDBX 3.1: known bytes tell a right passphrase, a digest each block


def _content_3(data: bytes, head: Header, transformed: bytes, name: str) -> tuple[bytes, ciphers.Stream]:
    try:
        plain = ciphers.decrypt(head, hashlib.sha256(head.seed + transformed).digest(), data[head.size :], name)
    except DamagedFile:
        raise _wrong(name) from None  # nothing but the last block's filling tells, and a wrong key garbles that
    if not head.start or not hmac.compare_digest(plain[: len(head.start)], head.start):
        raise _wrong(name)
    at, content = len(head.start), bytearray()
    while True:
        digest, size = plain[at + 4 : at + 36], plain[at + 36 : at + 40]
        if len(size) < 4:
            raise _altered(name)
        block = plain[at + 40 : at + 40 + struct.unpack("<I", size)[0]]
        at += 40 + len(block)
        if not block:
            break
        if hashlib.sha256(block).digest() != digest:
            raise _altered(name)
        content += block
    xml = ciphers.unsqueeze(bytes(content), _most(data), name) if head.compressed else bytes(content)
    return xml, ciphers.inner_stream(head.stream, head.stream_key, name)


def _wrong(name: str) -> WrongPassphrase:
    message = msg("this passphrase doesn't open {name}", name=name)
    return WrongPassphrase(message, hint=msg("check capitals and the keyboard; does it need a key file as well?"))
