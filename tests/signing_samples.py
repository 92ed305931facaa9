"""Keys, certificates and letters that the tests of signatures share. Keys are made once per process."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from handover.seal import keys
from handover.seal.certificates import MINIMUM_RSA_BITS, SignatureAlgorithm
from handover.seal.keys import SigningIdentity, create_identity

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
# Authorities outlive the tests: some are judged by programs that look at the machine's clock.
LONG = {"start": datetime(2020, 1, 1, tzinfo=UTC), "end": datetime(2049, 1, 1, tzinfo=UTC)}
RSA = SignatureAlgorithm.RSA
ECDSA = SignatureAlgorithm.ECDSA
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


# Three thousand bits and 600,000 turns slow down whoever guesses, and tests as well: test_seal_keys looks at them.
BITS_FOR_PEOPLE, keys.RSA_BITS = keys.RSA_BITS, MINIMUM_RSA_BITS
ROUNDS_FOR_PEOPLE = keys.protect.__kwdefaults__["rounds"], keys.save_identity.__kwdefaults__["rounds"]
keys.protect.__kwdefaults__["rounds"] = keys.save_identity.__kwdefaults__["rounds"] = 10_000


@cache
def owner(algorithm=ECDSA, name="Élodie Martin"):
    return create_identity(name, now=NOW - timedelta(days=1), algorithm=algorithm)


def certificate(
    subject,
    key,
    *,
    issuer=None,
    authority=False,
    start=NOW - timedelta(days=30),
    end=NOW + timedelta(days=300),
    usage=None,
    extended=None,
):
    """A certificate signed by `issuer`, a (name, key) pair, or by itself."""
    issuer_name, issuer_key = issuer or (subject, key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer_name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if usage is not None:
        builder = builder.add_extension(usage, critical=True)
    if extended is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage(extended), critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def key_usage(*, sign=False, issue=False, encipher=False):
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=sign,
        key_encipherment=encipher,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issue,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


@cache
def curve_key(label, curve=ec.SECP256R1):
    return ec.generate_private_key(curve())


@cache
def small_rsa_key():
    return rsa.generate_private_key(65537, 1024)  # noqa: S505  # made to be refused


@cache
def authorities():
    """A root, and an intermediate that it issued."""
    usage = key_usage(issue=True)
    root = certificate("Root", curve_key("root"), authority=True, usage=usage, **LONG)
    middle = certificate("Middle", curve_key("middle"), issuer=("Root", curve_key("root")), authority=True, usage=usage)
    return root, middle


@cache
def issued():
    """An identity whose certificate an intermediate issued; its chain goes up to the root."""
    root, middle = authorities()
    leaf = certificate(
        "Ana Costa", curve_key("leaf"), issuer=("Middle", curve_key("middle")), usage=key_usage(sign=True)
    )
    return SigningIdentity(curve_key("leaf"), leaf, (middle, root))


@cache
def time_authority(label="tsa", extended=(ExtendedKeyUsageOID.TIME_STAMPING,)):
    """Key and certificate of a time-stamping authority that the root issued."""
    key = curve_key(label)
    made = certificate(
        f"Clock {label}", key, issuer=("Root", curve_key("root")), usage=key_usage(sign=True), extended=extended, **LONG
    )
    return key, made


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'


def _rels(*found):
    inner = "\r\n  ".join(
        f'<Relationship Id="{i}" Type="{t}" Target="{target}"{mode}/>' for i, t, target, mode in found
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}">\r\n  {inner}\r\n</Relationships>'


def letter_items():
    """The zip items of a small letter as Word might write it, with what only Word's user should have seen."""
    external = ' TargetMode="External"'
    return {
        "[Content_Types].xml": (
            f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="PNG" ContentType="image/png"/><Default Extension="jpeg" ContentType="image/jpeg"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
            f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/>'
            f'<Override PartName="/word/header1.xml" ContentType="{_WORD}.header+xml"/>'
            '<Override PartName="/docProps/core.xml" '
            'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
        ),
        "_rels/.rels": _rels(
            ("rId3", f"{_PACKAGE}/metadata/core-properties", "docProps/core.xml", ""),
            ("rId2", f"{_PACKAGE}/metadata/thumbnail", "docProps/thumbnail.jpeg", ""),
            ("rId1", f"{_OFFICE}/officeDocument", "/word/document.xml", ""),
        ),
        "word/document.xml": (
            f'{_HEAD}<w:document xmlns:w="{_W}" xmlns:r="{_OFFICE}"><w:body><w:p><w:r>'
            "<w:t>We end our contract on 31 March, é &amp; all.</w:t></w:r></w:p></w:body></w:document>"
        ),
        "word/_rels/document.xml.rels": _rels(
            ("rId1", f"{_OFFICE}/styles", "styles.xml", ""),
            ("rId2", f"{_OFFICE}/image", "media/image1.png", ""),
            ("rId3", f"{_OFFICE}/header", "/word/header1.xml", ""),
            ("rId10", f"{_OFFICE}/hyperlink", "https://example.com/a?b=1", external),
        ),
        "word/styles.xml": f'{_HEAD}<w:styles xmlns:w="{_W}"/>',
        "word/header1.xml": f'{_HEAD}<w:hdr xmlns:w="{_W}"><w:p/></w:hdr>',
        "word/_rels/header1.xml.rels": _rels(("rId1", f"{_OFFICE}/image", "media/image1.png", "")),
        "word/media/image1.png": PNG,
        "docProps/core.xml": f"{_HEAD}<coreProperties><creator>someone@example.com</creator></coreProperties>",
        "docProps/thumbnail.jpeg": b"a picture of a draft",
    }


def pack(items):
    """A deflated zip of items, as common tools write it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for item, content in items.items():
            archive.writestr(item, content)
    return buffer.getvalue()


def letter(**changes):
    """A small unsigned letter; `changes` replaces or (with None) drops items, `/` and `.` written as `__` and `_`."""
    items = letter_items()
    for item, content in changes.items():
        if content is None:
            del items[item]
        else:
            items[item] = content
    return pack(items)
