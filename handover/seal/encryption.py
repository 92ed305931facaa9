"""Password encryption of Office documents: the inventory's seal, and the vault's.

Role: turns a package (the bytes of an .xlsx) into an encrypted document that Excel and LibreOffice open with the
passphrase, and back, to the text of [MS-OFFCRYPTO] 2.3.4.10–2.3.4.15 (agile encryption) with the parameters of
docs/format.md, clause 7. Decrypting always checks the data integrity, and gives nothing before it is checked.
It chooses no passphrase (`handover.seal.passphrase`), opens no file and knows nothing of workbooks.
"""

import hmac
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha512

from handover.formats.compound.read import CompoundReader
from handover.formats.compound.write import compound_file
from handover.model.artifact import Artifact, EncryptedArtifact
from handover.model.errors import DamagedFile, WrongPassphrase
from handover.model.message import msg
from handover.model.secret import Secret
from handover.seal import encryption_cipher as cipher
from handover.seal import encryption_info as agile

_NAME = msg("the encrypted workbook")
_LENGTH = 8  # EncryptedPackage starts with the package's size ([MS-OFFCRYPTO] 2.3.4.4)
# Some programs leave up to one segment behind the last block; the integrity code covers it.
_SLACK = cipher.SEGMENT


def encrypt(
    package: bytes, passphrase: Secret, *, random: Callable[[int], bytes], spin_count: int = agile.SPIN_COUNT
) -> bytes:
    """The encrypted document of `package`.

    `random` gives as many unpredictable bytes as it is asked for (`secrets.token_bytes`); it is asked for, in this
    order: keyData's salt (16), the password's salt (16), the package's key (32), the verifier (16), the HMAC's key
    (64). Only tests lower the spin count. Raises SecretError when the passphrase can't be used, OutputError when the
    package is too large (2 GB).
    """
    key_salt, password_salt = random(agile.SALT_SIZE), random(agile.SALT_SIZE)
    key, verifier, hmac_key = random(agile.KEY_SIZE), random(agile.BLOCK_SIZE), random(agile.HASH_SIZE)
    stream, code = _encrypted(package, key, key_salt, hmac_key)
    parameters = replace(
        _locked(key, verifier, passphrase, key_salt, password_salt, spin_count),
        # The code over EncryptedPackage (2.3.4.14).
        encrypted_hmac_key=cipher.encrypt_blocks(key, cipher.vector(key_salt, cipher.HMAC_KEY), hmac_key),
        encrypted_hmac_value=cipher.encrypt_blocks(key, cipher.vector(key_salt, cipher.HMAC_VALUE), code),
    )
    return _contained(stream, agile.info_stream(parameters))


def _contained(package: bytes, info: bytes) -> bytes:
    """The one compound file that holds these two streams: nothing stands in unused sectors, or behind the last."""
    return compound_file({agile.PACKAGE_STREAM: package, **agile.data_spaces(), agile.INFO_STREAM: info})


def _encrypted(package: bytes, key: bytes, salt: bytes, hmac_key: bytes) -> tuple[bytes, bytes]:
    """EncryptedPackage, and the code over it, which another thread computes beside."""
    pieces = [len(package).to_bytes(_LENGTH, "little")]
    code = hmac.new(hmac_key, pieces[0], "sha512")
    with ThreadPoolExecutor(1) as beside:
        for piece in cipher.encrypt_segments(key, salt, package):
            beside.submit(code.update, piece)
            pieces.append(piece)
    return b"".join(pieces), code.digest()


def read_parameters(
    data: bytes, *, name: str = _NAME, least_spin_count: int = agile.SPIN_COUNT
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
    package = reader.read(agile.PACKAGE_STREAM, len(data))
    _split(package, name, slack=0)
    if _contained(package, info) != data:
        raise DamagedFile(msg("{name} holds more than what is encrypted, or was written otherwise", name=name))
    return parameters


def size_of(data: bytes, name: str) -> int:
    """Bytes of the package inside an encrypted document, as it says in clear. Raises DamagedFile."""
    return _split(CompoundReader(data, name=name).read(agile.PACKAGE_STREAM, len(data)), name, slack=0)[0]


def decrypt(data: bytes, passphrase: Secret, *, name: str = _NAME, least_spin_count: int = agile.SPIN_COUNT) -> bytes:
    """The package inside an encrypted document, written by us or by Excel 2013 and later.

    `name` is what errors call it. Raises WrongPassphrase, and DamagedFile when the document isn't one of our profile
    (`encryption_info.parse_info`) or has been altered: nothing of the package is given before its integrity is checked.
    """
    reader, parameters = _opened(data, name, least_spin_count)
    stream = reader.read(agile.PACKAGE_STREAM, len(data))
    size, ciphertext = _split(stream, name, slack=_SLACK)
    key, salt = _unlocked(parameters, passphrase, name), parameters.key_salt
    hmac_key = cipher.decrypt_blocks(key, cipher.vector(salt, cipher.HMAC_KEY), parameters.encrypted_hmac_key)
    code = cipher.decrypt_blocks(key, cipher.vector(salt, cipher.HMAC_VALUE), parameters.encrypted_hmac_value)
    with ThreadPoolExecutor(1) as beside:
        found = beside.submit(hmac.new, hmac_key, stream, "sha512")
        package = b"".join(cipher.decrypt_segments(key, salt, ciphertext))[:size]
    if not hmac.compare_digest(found.result().digest(), code):
        hint = msg("get the file again from where it came from")
        raise DamagedFile(msg("{name} has been altered: its integrity code doesn't fit", name=name), hint=hint)
    return package


def _opened(data: bytes, name: str, least_spin_count: int) -> tuple[CompoundReader, agile.AgileParameters]:
    reader = CompoundReader(data, name=name)
    info = reader.read(agile.INFO_STREAM, agile.MAX_INFO_SIZE)
    return reader, agile.parse_info(info, name=name, least_spin_count=least_spin_count)


def unlocks(data: bytes, passphrase: Secret, *, name: str = _NAME, least_spin_count: int = agile.SPIN_COUNT) -> None:
    """Checks that the passphrase opens a document, without decrypting its package.

    Raises WrongPassphrase, and DamagedFile as `decrypt` does, but for an altered package, which it doesn't notice.
    """
    _unlocked(_opened(data, name, least_spin_count)[1], passphrase, name)


def check(
    data: bytes,
    passphrase: Secret,
    package: bytes,
    *,
    name: str = _NAME,
    least_spin_count: int = agile.SPIN_COUNT,
) -> None:
    """Decrypts what `encrypt` made and compares it with `package`.

    Raises DamagedFile when they differ or the integrity code doesn't fit.
    """
    if decrypt(data, passphrase, name=name, least_spin_count=least_spin_count) != package:
        message = msg("{name} doesn't decrypt to what was encrypted", name=name)
        raise DamagedFile(message, hint=msg("build again; check the memory"))


def encrypt_artifact(artifact: Artifact, passphrase: Secret, *, random: Callable[[int], bytes]) -> EncryptedArtifact:
    """Encrypts a rendered document and checks the result by decrypting it again. Raises as `encrypt`, `check`."""
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


def _unlocked(parameters: agile.AgileParameters, passphrase: Secret, name: str) -> bytes:
    """The package's key. Raises WrongPassphrase."""
    salt = parameters.password_salt
    hashed = cipher.passphrase_hash(passphrase, salt, parameters.spin_count)

    def unlocked(purpose: bytes, value: bytes) -> bytes:
        return cipher.decrypt_blocks(cipher.derived_key(hashed, purpose), salt, value)

    verifier = unlocked(cipher.VERIFIER_HASH_INPUT, parameters.encrypted_verifier_hash_input)
    expected = unlocked(cipher.VERIFIER_HASH_VALUE, parameters.encrypted_verifier_hash_value)
    if not hmac.compare_digest(sha512(verifier).digest(), expected):
        hint = msg("check capitals, separators and the language of the keyboard")
        raise WrongPassphrase(msg("this passphrase doesn't open {name}", name=name), hint=hint)
    return unlocked(cipher.KEY_VALUE, parameters.encrypted_key_value)


def _split(stream: bytes, name: str, *, slack: int) -> tuple[int, bytes]:
    """The package's size and its ciphertext in EncryptedPackage; DamagedFile where that has no room for it, or more
    than `slack` bytes too many."""
    size = int.from_bytes(stream[:_LENGTH], "little")
    end = _LENGTH + size + -size % agile.BLOCK_SIZE
    if not 0 <= len(stream) - end <= slack:
        hint = msg("get the file again from where it came from")
        raise DamagedFile(
            msg("{name} is damaged: its encrypted content has another size than it says", name=name), hint=hint
        )
    return size, stream[_LENGTH:end]
