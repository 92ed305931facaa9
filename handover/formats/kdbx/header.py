"""The header of a KDBX file: how it is protected, and what opening it would cost.

Role: reads the headers of 3.1 and 4 and writes that of 4. Whatever isn't read is refused by its name, and a cost that
is out of all proportion from the header alone, before any key is derived. It derives none itself.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self
from uuid import UUID

from handover.model.errors import DamagedFile
from handover.model.message import msg

MAX_MEMORY: Final = 1024**3
"""Bytes of memory that opening a file may take."""
MAX_WORK: Final = 32 * 1024**3
"""Bytes that Argon2 may fill, passes times memory: half a minute to a minute on one core."""
MAX_ROUNDS: Final = 1_000_000_000
"""Rounds of AES-KDF: about half a minute."""
MAX_LANES: Final = 64
_MAX_FIELD: Final = 1024 * 1024

_SIGNATURE: Final = struct.Struct("<IIHH")
_FIRST, _SECOND, _KEEPASS_1 = 0x9AA2D903, 0xB54BFB67, 0xB54BFB65

AES: Final = UUID("31c1f2e6-bf71-4350-be58-05216afc5aff")
CHACHA20: Final = UUID("d6038a2b-8b6f-4cb5-a524-339a31dbb59a")
_TWOFISH: Final = UUID("ad68f29f-576f-4bb9-a36a-d47af965346c")
_VECTORS: Final = {AES: 16, CHACHA20: 12}

_KDFS: Final = {
    UUID("c9d9f39a-628a-4460-bf74-0d08c18a4fea"): "aes",
    UUID("7c02bb82-79a7-4ac0-927d-114a00648238"): "aes",  # KeePassXC's name for the same
    UUID("ef636ddf-8c29-444b-91f7-a9a403e30a0c"): "argon2d",
    UUID("9e298b19-56db-4773-b23d-fc3ec6f0a1e6"): "argon2id",
}
_ARGON2_VERSION: Final = 0x13
_SAVE_AS: Final = msg("save it as KDBX 4 with AES-256 and Argon2id in KeePass or KeePassXC")
AGAIN: Final = msg("get the file again from where it came from")
FEWER: Final = msg("export the client's entries alone")


@dataclass(frozen=True, slots=True)
class Kdf:
    """How a key comes from a passphrase: `aes`, `argon2d` or `argon2id`, and what that costs."""

    method: str
    rounds: int
    """Rounds of AES, or passes of Argon2."""
    memory: int = 0
    """Bytes."""
    lanes: int = 1
    salt: bytes = b""
    secret: bytes = field(default=b"", repr=False)
    associated: bytes = b""

    def salted(self, salt: bytes) -> Self:
        """The same costs with another salt."""
        return replace(self, salt=salt)


WRITTEN: Final = Kdf("argon2id", rounds=3, memory=64 * 1024**2, lanes=2)
"""What a file that we write costs a guesser at each try (RFC 9106, section 4, has it as its second choice)."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of itself in clear."""

    major: int
    size: int
    """Bytes of the header, from the file's first on."""
    cipher: UUID
    compressed: bool
    seed: bytes
    vector: bytes
    kdf: Kdf
    stream: int = 0
    stream_key: bytes = field(default=b"", repr=False)
    start: bytes = field(default=b"", repr=False)


def refused(name: str, what: str, hint: str = _SAVE_AS) -> DamagedFile:
    """What to raise of a kind of file that isn't read, named by what it is."""
    return DamagedFile.at(name, what, hint=hint)


def read_header(data: bytes, name: str) -> Header:
    """The header of a file of version 3.1 or 4. Raises DamagedFile for others, and for costs that are refused."""
    if len(data) < _SIGNATURE.size:
        raise refused(name, msg("is cut off"), AGAIN)
    first, second, minor, major = _SIGNATURE.unpack_from(data)
    if first != _FIRST or second not in {_SECOND, _KEEPASS_1}:
        raise refused(name, msg("isn't a KeePass file"))
    if second == _KEEPASS_1:
        raise refused(
            name, msg("is a KeePass 1 database (.kdb)"), msg("open it in KeePassXC or KeePass 2, and save it as KDBX 4")
        )
    if major not in {3, 4}:
        raise refused(name, msg("is KDBX {major}.{minor}, and 3.1 and 4 are read", major=major, minor=minor))
    fields, size = _fields(data, major, name)
    if 11 in fields:
        kdf = _kdf(_variants(fields[11], name), name)
    else:
        kdf = Kdf("aes", _number(fields.get(6, b""), name), salt=fields.get(5, b""))
    cipher = UUID(bytes=fields[2]) if len(fields.get(2, b"")) == 16 else None
    if cipher == _TWOFISH:
        raise refused(name, msg("is encrypted with Twofish"))
    if cipher not in _VECTORS:
        raise refused(name, msg("is encrypted with a cipher other than AES-256 and ChaCha20"))
    found = Header(
        major=major,
        size=size,
        cipher=cipher,
        compressed=_number(fields.get(3, b"\0\0\0\0"), name) == 1,
        seed=fields.get(4, b""),
        vector=fields.get(7, b""),
        kdf=kdf,
        stream=_number(fields.get(10, b"\0\0\0\0"), name),
        stream_key=fields.get(8, b""),
        start=fields.get(9, b""),
    )
    if len(found.seed) != 32 or len(found.vector) != _VECTORS[cipher]:
        raise refused(name, msg("is damaged: its header lacks what decrypting it needs"), AGAIN)
    _judge(kdf, name)
    return found


def write_header(kdf: Kdf, seed: bytes, vector: bytes) -> bytes:
    """The header of a KDBX 4 file with AES-256, compressed, its key from Argon2id."""
    uuid = next(uuid for uuid, method in _KDFS.items() if method == kdf.method)
    parameters = b"".join(
        (b"\x00\x01", _variant(0x42, "$UUID", uuid.bytes), _variant(0x42, "S", kdf.salt),
         _variant(0x04, "P", struct.pack("<I", kdf.lanes)), _variant(0x05, "M", struct.pack("<Q", kdf.memory)),
         _variant(0x05, "I", struct.pack("<Q", kdf.rounds)), _variant(0x04, "V", struct.pack("<I", _ARGON2_VERSION)),
         b"\x00"),
    )  # fmt: skip
    fields = ((2, AES.bytes), (3, struct.pack("<I", 1)), (4, seed), (7, vector), (11, parameters), (0, b"\r\n\r\n"))
    return _SIGNATURE.pack(_FIRST, _SECOND, 0, 4) + b"".join(struct.pack("<BI", k, len(v)) + v for k, v in fields)


def _variant(kind: int, key: str, value: bytes) -> bytes:
    return struct.pack("<BI", kind, len(key)) + key.encode() + struct.pack("<I", len(value)) + value


def _fields(data: bytes, major: int, name: str) -> tuple[dict[int, bytes], int]:
    """The header's fields by number, and where it ends; sizes have two bytes in version 3, four in version 4."""
    form = struct.Struct("<BI" if major == 4 else "<BH")
    fields: dict[int, bytes] = {}
    at = _SIGNATURE.size
    while at + form.size <= len(data):
        kind, size = form.unpack_from(data, at)
        at += form.size + size
        if size > _MAX_FIELD or at > len(data):
            break
        fields[kind] = data[at - size : at]
        if kind == 0:
            return fields, at
    raise refused(name, msg("is damaged: its header has no end"), AGAIN)


def _variants(data: bytes, name: str) -> dict[str, bytes]:
    """A dictionary of typed values, by name; types don't matter, since every name has its own."""
    found: dict[str, bytes] = {}
    at = 2
    while at < len(data) and data[at]:
        pair = []
        at += 1
        for _ in range(2):
            size = int.from_bytes(data[at : at + 4], "little")
            pair.append(data[at + 4 : at + 4 + size])
            at += 4 + size
        found[pair[0].decode("utf-8", "replace")] = pair[1]
    if at != len(data) - 1:
        raise refused(name, msg("is damaged: what says how its key is made can't be read"))
    return found


def _kdf(values: Mapping[str, bytes], name: str) -> Kdf:
    uuid = values.get("$UUID", b"")
    method = _KDFS.get(UUID(bytes=uuid)) if len(uuid) == 16 else None
    if method is None:
        raise refused(name, msg("makes its key in a way other than AES-KDF, Argon2d and Argon2id"))
    if method == "aes":
        return Kdf(method, _number(values.get("R", b""), name), salt=values.get("S", b""))
    if _number(values.get("V", b""), name) != _ARGON2_VERSION:
        raise refused(name, msg("makes its key with another version of Argon2 than 1.3"))
    return Kdf(
        method,
        rounds=_number(values.get("I", b""), name),
        memory=_number(values.get("M", b""), name),
        lanes=_number(values.get("P", b""), name),
        salt=values.get("S", b""),
        secret=values.get("K", b""),
        associated=values.get("A", b""),
    )


def _number(data: bytes, name: str) -> int:
    if len(data) not in {4, 8}:
        raise refused(name, msg("is damaged: a number in its header isn't one"), AGAIN)
    return int.from_bytes(data, "little")


def _judge(kdf: Kdf, name: str) -> None:
    """Refuse a key that costs too much, or that can't be derived at all. The header isn't authentic yet."""
    hint = msg("lower its key's cost in the program that it's from, and save it again")
    if kdf.method == "aes":
        if kdf.rounds > MAX_ROUNDS:
            message = msg(
                "its key takes {rounds:,} rounds of AES, and {most:,} are the most", rounds=kdf.rounds, most=MAX_ROUNDS
            )
            raise refused(name, message, hint)
        if len(kdf.salt) != 32:
            raise refused(name, msg("is damaged: its key's seed isn't one"))
        return
    if kdf.memory > MAX_MEMORY:
        most = msg("{most:,} are the most", most=MAX_MEMORY >> 20)
        raise refused(
            name, msg("its key takes {memory:,} MiB of memory, and {most}", memory=kdf.memory >> 20, most=most), hint
        )
    if kdf.memory * kdf.rounds > MAX_WORK or kdf.lanes > MAX_LANES:
        work = msg(
            "{rounds:,} passes over {memory:,} MiB in {lanes} lanes",
            rounds=kdf.rounds,
            memory=kdf.memory >> 20,
            lanes=kdf.lanes,
        )
        raise refused(name, msg("its key takes {work}, which is too much", work=work), hint)
    if kdf.rounds < 1 or kdf.lanes < 1 or kdf.memory < 8 * 1024 * kdf.lanes or not 8 <= len(kdf.salt) <= 64:
        raise refused(name, msg("is damaged: the parameters of its key can't be"))
