"""The small streams of an encrypted Office document: EncryptionInfo and the DataSpaces.

Role: writes the streams that tell Office how EncryptedPackage is encrypted ([MS-OFFCRYPTO] 2.3.4.10 and 2.2) and
reads EncryptionInfo strictly, with one profile of parameters allowed (docs/format.md, clause 7.2): AES-256-CBC,
SHA-512, 16-byte salts, a data-integrity HMAC, one password key encryptor, a bounded spin count. It derives no
key and decrypts nothing: that is `handover.seal.encryption`.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass, fields
from struct import pack
from typing import NoReturn

from handover.model.errors import DamagedFile
from handover.model.message import msg
from handover.model.sources import shown

SALT_SIZE = BLOCK_SIZE = 16
KEY_SIZE = 32
HASH_SIZE = 64
SPIN_COUNT = 100_000
# [MS-OFFCRYPTO] 2.3.4.10 allows ten million; that would let a file keep us busy for ten seconds.
MAX_SPIN_COUNT = 1_000_000
# Ours and Excel's have 1,289 bytes; other programs add white space.
MAX_INFO_SIZE = 16_384

PACKAGE_STREAM = ("EncryptedPackage",)
INFO_STREAM = ("EncryptionInfo",)

_VERSION = pack("<HHI", 4, 4, 0x40)  # [MS-OFFCRYPTO] 2.3.4.10: agile encryption, version 4.4
_NAMESPACE = "http://schemas.microsoft.com/office/2006/encryption"
_PASSWORD = "http://schemas.microsoft.com/office/2006/keyEncryptor/password"  # noqa: S105 - a namespace
_CERTIFICATE = "http://schemas.microsoft.com/office/2006/keyEncryptor/certificate"

# The elements in document order, with their depth; ([MS-OFFCRYPTO] 2.3.4.10, EncryptionDescriptor).
_ELEMENTS = (
    (1, f"{{{_NAMESPACE}}}encryption"),
    (2, f"{{{_NAMESPACE}}}keyData"),
    (2, f"{{{_NAMESPACE}}}dataIntegrity"),
    (2, f"{{{_NAMESPACE}}}keyEncryptors"),
    (3, f"{{{_NAMESPACE}}}keyEncryptor"),
    (4, f"{{{_PASSWORD}}}encryptedKey"),
)
_PROFILE = {
    "saltSize": str(SALT_SIZE),
    "blockSize": str(BLOCK_SIZE),
    "keyBits": str(KEY_SIZE * 8),
    "hashSize": str(HASH_SIZE),
    "cipherAlgorithm": "AES",
    "cipherChaining": "ChainingModeCBC",
    "hashAlgorithm": "SHA512",
}
_PROFILE_XML = " ".join(f'{name}="{value}"' for name, value in _PROFILE.items())


@dataclass(frozen=True, slots=True)
class AgileParameters:
    """What EncryptionInfo says, after all that our profile fixes. None of it is secret.

    The names are [MS-OFFCRYPTO]'s; `key_salt` is keyData's saltValue, `password_salt` the password key encryptor's.
    """

    spin_count: int
    key_salt: bytes
    password_salt: bytes
    encrypted_verifier_hash_input: bytes
    encrypted_verifier_hash_value: bytes
    encrypted_key_value: bytes
    encrypted_hmac_key: bytes
    encrypted_hmac_value: bytes


# Where each value stands in the descriptor: its element (an index into _ELEMENTS), attribute and size in bytes.
_VALUES = {
    "key_salt": (1, "saltValue", SALT_SIZE),
    "encrypted_hmac_key": (2, "encryptedHmacKey", HASH_SIZE),
    "encrypted_hmac_value": (2, "encryptedHmacValue", HASH_SIZE),
    "password_salt": (5, "saltValue", SALT_SIZE),
    "encrypted_verifier_hash_input": (5, "encryptedVerifierHashInput", BLOCK_SIZE),
    "encrypted_verifier_hash_value": (5, "encryptedVerifierHashValue", HASH_SIZE),
    "encrypted_key_value": (5, "encryptedKeyValue", KEY_SIZE),
}


def info_stream(parameters: AgileParameters) -> bytes:
    """The EncryptionInfo stream ([MS-OFFCRYPTO] 2.3.4.10), spelt as Excel spells it."""
    text = {
        item.name: b64encode(getattr(parameters, item.name)).decode()
        for item in fields(parameters)
        if item.name in _VALUES
    }
    descriptor = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
        f'<encryption xmlns="{_NAMESPACE}" xmlns:p="{_PASSWORD}" xmlns:c="{_CERTIFICATE}">'
        f'<keyData {_PROFILE_XML} saltValue="{text["key_salt"]}"/>'
        f'<dataIntegrity encryptedHmacKey="{text["encrypted_hmac_key"]}"'
        f' encryptedHmacValue="{text["encrypted_hmac_value"]}"/>'
        f'<keyEncryptors><keyEncryptor uri="{_PASSWORD}">'
        f'<p:encryptedKey spinCount="{parameters.spin_count}" {_PROFILE_XML} saltValue="{text["password_salt"]}"'
        f' encryptedVerifierHashInput="{text["encrypted_verifier_hash_input"]}"'
        f' encryptedVerifierHashValue="{text["encrypted_verifier_hash_value"]}"'
        f' encryptedKeyValue="{text["encrypted_key_value"]}"/>'
        "</keyEncryptor></keyEncryptors></encryption>"
    )
    return _VERSION + descriptor.encode("ascii")


def parse_info(stream: bytes, *, name: str, least_spin_count: int = SPIN_COUNT) -> AgileParameters:
    """Reads an EncryptionInfo stream of our profile, whoever wrote it; `name` is what errors call the file.

    Raises DamagedFile for any other encryption, for a spin count below `least_spin_count` or above
    MAX_SPIN_COUNT (before anybody derives a key with it), and for a descriptor that isn't well-formed.
    """
    if len(stream) < len(_VERSION) or stream[:4] != _VERSION[:4]:
        _other(name, msg("an older kind of Office encryption"))
    if stream[4:8] != _VERSION[4:]:
        _broken(name)
    elements = _parse_xml(stream[len(_VERSION) :], name)
    if tuple(element[:2] for element in elements) != _ELEMENTS:
        _other(name, msg("other keys than one passphrase"))
    attributes = [dict(element[2]) for element in elements]
    for index in (1, 5):
        for attribute, expected in _PROFILE.items():
            if (found := attributes[index].pop(attribute, None)) != expected:
                _other(name, _said(attribute, found))
    if attributes[4].pop("uri", None) != _PASSWORD:
        _other(name, msg("other keys than one passphrase"))
    spin_count = _spin_count(attributes[5].pop("spinCount", ""), name, least_spin_count)
    values = {
        field: _value(attributes[index].pop(attribute, ""), size, name)
        for field, (index, attribute, size) in _VALUES.items()
    }
    if any(attributes):
        _broken(name)
    return AgileParameters(spin_count=spin_count, **values)


def _said(attribute: str, found: str | None) -> str:
    """What is other than ours, in words that people know."""
    match attribute:
        case "keyBits" if found:
            return msg("a key of {found} bits", found=shown(found))
        case "cipherAlgorithm" | "cipherChaining" if found:
            return msg("the cipher {found}", found=shown(found))
        case "hashAlgorithm" if found:
            return msg("the digest {found}", found=shown(found))
    return msg("other settings than Excel's")


def _spin_count(text: str, name: str, least: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 8 and str(int(text)) == text):
        _broken(name)
    if not least <= int(text) <= MAX_SPIN_COUNT:
        message = msg(
            "{text} rounds for the passphrase (allowed: {least:,} to {most:,})",
            text=text,
            least=least,
            most=MAX_SPIN_COUNT,
        )
        _other(name, message)
    return int(text)


def _value(text: str, size: int, name: str) -> bytes:
    try:
        value = b64decode(text, validate=True)
    except ValueError:
        _broken(name)
    # Base64 has spare bits at its end: two spellings of one value would let a flipped bit pass.
    if len(value) != size or b64encode(value).decode() != text:
        _broken(name)
    return value


def _parse_xml(data: bytes, name: str) -> list[tuple[int, str, dict[str, str]]]:
    """Every element's depth, name and attributes. No DOCTYPE, no entities of its own, no comments, no text."""
    from handover.formats.package.opc import parse_xml

    try:
        root = parse_xml(data, name)
    except DamagedFile:
        _broken(name)
    elements = [*root.itersiblings(preceding=True), *root.iter(), *root.itersiblings()]
    if any(not isinstance(one.tag, str) or (one.text or "").strip() or (one.tail or "").strip() for one in elements):
        _broken(name)
    return [
        (1 + sum(1 for _ in one.iterancestors()), one.tag, {str(key): str(value) for key, value in one.attrib.items()})
        for one in elements
    ]


def _broken(name: str) -> NoReturn:
    hint = msg("get the file again from where it came from")
    raise DamagedFile(msg("{name} is damaged: what says how it is encrypted can't be read", name=name), hint=hint)


def _other(name: str, what: str) -> NoReturn:
    message = msg(
        "{name} is encrypted with {what}; only AES-256 with SHA-512 and a passphrase is accepted", name=name, what=what
    )
    hint = msg(
        "copy it into Excel 2013 or later and save it there with a password; LibreOffice may write an older kind"
    )
    raise DamagedFile(message, hint=hint)


def _text(text: str) -> bytes:
    """A UNICODE-LP-P4 ([MS-OFFCRYPTO] 2.1.2): length, UTF-16LE text, zeros up to a multiple of four."""
    data = text.encode("utf-16-le")
    return pack("<I", len(data)) + data + bytes(-len(data) % 4)


def data_spaces() -> dict[tuple[str, ...], bytes]:
    """The streams that Office expects under `\\x06DataSpaces` ([MS-OFFCRYPTO] 2.2, 2.1.5–2.1.9), by path."""
    versions = pack("<HHHHHH", 1, 0, 1, 0, 1, 0)  # reader, updater, writer: 1.0 each
    entry = pack("<II", 1, 0) + _text("EncryptedPackage") + _text("StrongEncryptionDataSpace")
    identifier = pack("<I", 1) + _text("{FF9A3F03-56EF-4613-BDD5-5A41C1D07246}")
    transform = (
        pack("<I", len(identifier) + 4)
        + identifier
        + _text("Microsoft.Container.EncryptionTransform")
        + versions
        # EncryptionTransformInfo: EncryptionInfo says all, so no name, block size or cipher mode; then "reserved".
        + pack("<IIII", 0, 0, 0, 4)
    )
    folder = "\x06DataSpaces"
    return {
        (folder, "Version"): _text("Microsoft.Container.DataSpaces") + versions,
        (folder, "DataSpaceMap"): pack("<III", 8, 1, len(entry) + 4) + entry,
        (folder, "DataSpaceInfo", "StrongEncryptionDataSpace"): pack("<II", 8, 1) + _text("StrongEncryptionTransform"),
        (folder, "TransformInfo", "StrongEncryptionTransform", "\x06Primary"): transform,
    }
