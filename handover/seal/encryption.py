"""Password encryption of Office documents: the inventory's seal, and the vault's.

Role: turns a package (the bytes of an .xlsx) into an encrypted document that Excel and LibreOffice open with the
passphrase, and back, to the text of [MS-OFFCRYPTO] 2.3.4.10–2.3.4.15 (agile encryption) with the parameters of
docs/format.md, clause 7. Decrypting always checks the data integrity, and gives nothing before it is checked.
It chooses no passphrase (`handover.seal.passphrase`), opens no file and knows nothing of workbooks.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from hashlib import sha512
from hmac import compare_digest
from itertools import chain
from typing import BinaryIO

from handover.formats.compound.read import CompoundReader
from handover.formats.compound.write import Sink, StreamSource, write_compound_file
from handover.model.artifact import Artifact, EncryptedArtifact
from handover.model.errors import DamagedFile, WrongPassphrase
from handover.model.message import msg
from handover.model.secret import Secret
from handover.seal import encryption_cipher as cipher
from handover.seal import encryption_info as agile

_NAME = msg("the encrypted workbook")
_LENGTH = 8  # EncryptedPackage starts with the package's size ([MS-OFFCRYPTO] 2.3.4.4)


def encrypt(
    package: bytes | BinaryIO, passphrase: Secret, *, random: Callable[[int], bytes], spin_count: int = agile.SPIN_COUNT
) -> bytes:
    """The encrypted document of `package`, as bytes. See `encrypt_to`."""
    sink = io.BytesIO()
    encrypt_to(sink, package, passphrase, random=random, spin_count=spin_count)
    return sink.getvalue()


def encrypt_to(
    sink: Sink,
    package: bytes | BinaryIO,
    passphrase: Secret,
    *,
    random: Callable[[int], bytes],
    spin_count: int = agile.SPIN_COUNT,
) -> int:
    """Writes the encrypted document of `package` to `sink`, front to back; returns its size in bytes.

    `package` is bytes or a seekable binary file, read once from its start. `random` gives as many unpredictable
    bytes as it is asked for (`secrets.token_bytes`); it is asked for, in this order: keyData's salt (16), the
    password's salt (16), the package's key (32), the verifier (16), the HMAC's key (64). Only tests lower the spin
    count. Beyond input and sink it needs about 1 % of the package's size in memory, and some megabytes.
    Raises SecretError when the passphrase can't be used, OutputError when the package is too large (2 GB).
    """
    source = io.BytesIO(package) if isinstance(package, bytes) else package
    size = source.seek(0, io.SEEK_END)
    source.seek(0)
    key_salt, password_salt = random(agile.SALT_SIZE), random(agile.SALT_SIZE)
    key, verifier, hmac_key = random(agile.KEY_SIZE), random(agile.BLOCK_SIZE), random(agile.HASH_SIZE)
    parameters = _locked(key, verifier, passphrase, key_salt, password_salt, spin_count)
    code = b""

    def encrypted_package() -> Iterator[bytes]:
        nonlocal code
        with cipher.IntegrityCode(hmac_key, size) as mac:
            length = size.to_bytes(_LENGTH, "little")
            ciphertext = cipher.encrypt_segments(key, key_salt, _batches(source, size))
            for chunk in chain([length], ciphertext):
                mac.update(chunk)
                yield chunk
            code = mac.digest()

    def encryption_info() -> list[bytes]:
        return [agile.info_stream(_with_integrity(parameters, key, hmac_key, code))]

    padded = size + -size % agile.BLOCK_SIZE
    return write_compound_file(
        sink,
        [
            StreamSource(agile.PACKAGE_STREAM, _LENGTH + padded, encrypted_package),
            *(StreamSource(path, len(data), partial(iter, [data])) for path, data in agile.data_spaces().items()),
            # Last, because it holds the code over the package.
            StreamSource(agile.INFO_STREAM, agile.info_size(spin_count), encryption_info),
        ],
    )


def read_parameters(
    data: bytes | BinaryIO, *, name: str = _NAME, least_spin_count: int = agile.SPIN_COUNT
) -> agile.AgileParameters:
    """How a document that we wrote is encrypted (docs/format.md, 7.2 and 7.3), without its passphrase.

    Raises DamagedFile, with `name` for the file, unless it holds exactly the streams that we write, spelt as we
    write them, with AES-256-CBC, SHA-512, an allowed spin count and a data-integrity code of a plausible package.
    """
    reader = CompoundReader(data, name=name)
    spaces = agile.data_spaces()
    if set(reader.sizes) != {agile.PACKAGE_STREAM, agile.INFO_STREAM, *spaces}:
        raise DamagedFile(msg("{name} holds other parts than an encrypted workbook's", name=name))
    for path, content in spaces.items():
        if reader.read(path, len(content)) != content:
            raise DamagedFile(msg("{name} is damaged: a part of it isn't what it should be", name=name))
    info = reader.read(agile.INFO_STREAM, agile.MAX_INFO_SIZE)
    parameters = agile.parse_info(info, name=name, least_spin_count=least_spin_count)
    if agile.info_stream(parameters) != info:
        raise DamagedFile(
            msg("{name} is damaged: what says how it is encrypted isn't spelt as it was written", name=name)
        )
    size = _package_size(reader, name)
    if reader.sizes[agile.PACKAGE_STREAM] != _LENGTH + size + -size % agile.BLOCK_SIZE:
        raise DamagedFile(msg("{name} is damaged: its encrypted content has another size than it says", name=name))
    return parameters


def decrypt(
    data: bytes | BinaryIO, passphrase: Secret, *, name: str = _NAME, least_spin_count: int = agile.SPIN_COUNT
) -> bytes:
    """The package inside an encrypted document, written by us or by Excel 2013 and later.

    `data` is bytes or a seekable binary file; `name` is what errors call it. Raises WrongPassphrase, and
    DamagedFile when the document isn't one of our profile (`agile_info.parse_info`) or has been altered: nothing
    of the package is given before its integrity is checked.
    """
    package = io.BytesIO()
    for chunk in _decrypted(data, passphrase, name, least_spin_count):
        package.write(chunk)
    return package.getvalue()


def unlocks(
    data: bytes | BinaryIO, passphrase: Secret, *, name: str = _NAME, least_spin_count: int = agile.SPIN_COUNT
) -> None:
    """Checks that the passphrase opens a document, without decrypting its package.

    Raises WrongPassphrase, and DamagedFile as `decrypt` does, but for an altered package, which it doesn't notice.
    """
    reader = CompoundReader(data, name=name)
    info = reader.read(agile.INFO_STREAM, agile.MAX_INFO_SIZE)
    _unlocked(agile.parse_info(info, name=name, least_spin_count=least_spin_count), passphrase, name)


def check(
    data: bytes | BinaryIO,
    passphrase: Secret,
    package: bytes | BinaryIO,
    *,
    name: str = _NAME,
    least_spin_count: int = agile.SPIN_COUNT,
) -> None:
    """Decrypts what `encrypt` made and compares it with `package`, in constant memory.

    Raises DamagedFile when they differ or the integrity code doesn't fit.
    """
    source = io.BytesIO(package) if isinstance(package, bytes) else package
    source.seek(0)
    for chunk in _decrypted(data, passphrase, name, least_spin_count):
        if source.read(len(chunk)) != chunk:
            raise DamagedFile(
                msg("{name} doesn't decrypt to what was encrypted", name=name),
                hint=msg("build again; check the memory"),
            )
    if source.read(1):
        raise DamagedFile(
            msg("{name} decrypts to less than was encrypted", name=name), hint=msg("build again; check the memory")
        )


def encrypt_artifact(artifact: Artifact, passphrase: Secret, *, random: Callable[[int], bytes]) -> EncryptedArtifact:
    """Encrypts a rendered document and checks the result by decrypting it again. Raises as `encrypt_to`, `check`."""
    content = encrypt(artifact.content, passphrase, random=random)
    read_parameters(content, name=artifact.name)
    check(content, passphrase, artifact.content, name=artifact.name)
    return EncryptedArtifact(artifact.name, artifact.role, content)


def _locked(
    key: bytes, verifier: bytes, passphrase: Secret, key_salt: bytes, password_salt: bytes, spin_count: int
) -> agile.AgileParameters:
    """The key and the verifier, encrypted with the passphrase ([MS-OFFCRYPTO] 2.3.4.13)."""
    hashed = cipher.passphrase_hash(passphrase, password_salt, spin_count)

    def locked(purpose: bytes, value: bytes) -> bytes:
        return cipher.encrypt_blocks(cipher.derived_key(hashed, purpose), password_salt, value)

    return agile.AgileParameters(
        spin_count=spin_count,
        key_salt=key_salt,
        password_salt=password_salt,
        encrypted_verifier_hash_input=locked(cipher.VERIFIER_HASH_INPUT, verifier),
        encrypted_verifier_hash_value=locked(cipher.VERIFIER_HASH_VALUE, sha512(verifier).digest()),
        encrypted_key_value=locked(cipher.KEY_VALUE, key),
        encrypted_hmac_key=b"",
        encrypted_hmac_value=b"",
    )


def _with_integrity(
    parameters: agile.AgileParameters, key: bytes, hmac_key: bytes, code: bytes
) -> agile.AgileParameters:
    """The parameters with the code over EncryptedPackage ([MS-OFFCRYPTO] 2.3.4.14)."""
    salt = parameters.key_salt
    return replace(
        parameters,
        encrypted_hmac_key=cipher.encrypt_blocks(key, cipher.vector(salt, cipher.HMAC_KEY), hmac_key),
        encrypted_hmac_value=cipher.encrypt_blocks(key, cipher.vector(salt, cipher.HMAC_VALUE), code),
    )


def _unlocked(parameters: agile.AgileParameters, passphrase: Secret, name: str) -> bytes:
    """The package's key. Raises WrongPassphrase."""
    salt = parameters.password_salt
    hashed = cipher.passphrase_hash(passphrase, salt, parameters.spin_count)

    def unlocked(purpose: bytes, value: bytes) -> bytes:
        return cipher.decrypt_blocks(cipher.derived_key(hashed, purpose), salt, value)

    verifier = unlocked(cipher.VERIFIER_HASH_INPUT, parameters.encrypted_verifier_hash_input)
    expected = unlocked(cipher.VERIFIER_HASH_VALUE, parameters.encrypted_verifier_hash_value)
    if not compare_digest(sha512(verifier).digest(), expected):
        hint = msg("check capitals, separators and the language of the keyboard")
        raise WrongPassphrase(msg("this passphrase doesn't open {name}", name=name), hint=hint)
    return unlocked(cipher.KEY_VALUE, parameters.encrypted_key_value)


def _decrypted(data: bytes | BinaryIO, passphrase: Secret, name: str, least_spin_count: int) -> Iterator[memoryview]:
    """The package in pieces, which are to be trusted only when the last has come without an error."""
    reader = CompoundReader(data, name=name)
    info = reader.read(agile.INFO_STREAM, agile.MAX_INFO_SIZE)
    parameters = agile.parse_info(info, name=name, least_spin_count=least_spin_count)
    size = left = _package_size(reader, name)
    key, salt = _unlocked(parameters, passphrase, name), parameters.key_salt
    hmac_key = cipher.decrypt_blocks(key, cipher.vector(salt, cipher.HMAC_KEY), parameters.encrypted_hmac_key)
    code = cipher.decrypt_blocks(key, cipher.vector(salt, cipher.HMAC_VALUE), parameters.encrypted_hmac_value)
    with cipher.IntegrityCode(hmac_key, size) as mac:
        mac.update(reader.read_at(agile.PACKAGE_STREAM, 0, _LENGTH))

        def batches() -> Iterator[bytes]:
            end = _LENGTH + size + -size % agile.BLOCK_SIZE
            for offset in range(_LENGTH, end, cipher.BATCH):
                batch = reader.read_at(agile.PACKAGE_STREAM, offset, min(cipher.BATCH, end - offset))
                mac.update(batch)
                yield batch
            mac.update(reader.read_at(agile.PACKAGE_STREAM, end, _SLACK))

        for chunk in cipher.decrypt_segments(key, salt, batches()):
            yield chunk[:left]
            left -= min(left, len(chunk))
        if not compare_digest(mac.digest(), code):
            hint = msg("get the file again from where it came from")
            raise DamagedFile(msg("{name} has been altered: its integrity code doesn't fit", name=name), hint=hint)


# Some programs leave up to one segment behind the last block; the integrity code covers it.
_SLACK = cipher.SEGMENT


def _package_size(reader: CompoundReader, name: str) -> int:
    """The package's size that EncryptedPackage announces, if the stream has room for it, else DamagedFile."""
    size = int.from_bytes(reader.read_at(agile.PACKAGE_STREAM, 0, _LENGTH), "little")
    slack = reader.sizes[agile.PACKAGE_STREAM] - (_LENGTH + size + -size % agile.BLOCK_SIZE)
    if not 0 <= slack <= _SLACK:
        hint = msg("get the file again from where it came from")
        raise DamagedFile(
            msg("{name} is damaged: its encrypted content has another size than it says", name=name), hint=hint
        )
    return size


def _batches(source: BinaryIO, size: int) -> Iterator[bytes]:
    left = size
    while left:
        batch = source.read(min(left, cipher.BATCH))
        if not batch:
            raise DamagedFile(msg("the workbook to encrypt became shorter while it was read"))
        left -= len(batch)
        if left and len(batch) % cipher.SEGMENT:
            raise ValueError("the source of a package must fill its reads")
        yield batch
