"""The container's manifest: which entries a bundle's signature covers, with the digest of each.

Role: writes and strictly reads `META-INF/ASiCManifest.xml` (ETSI EN 319 162-1, annex A.4; docs/format.md, 9.1 to
9.4). Only digests pass through here: the payload streams elsewhere. It signs nothing and compares nothing with a
zip: `cades` signs the manifest's octets, `verify` compares them with the entries.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from handover.model.artifact import EntryRecord
from handover.model.errors import BundleError
from handover.model.message import msg

MANIFEST_ENTRY: Final = "META-INF/ASiCManifest.xml"
SIGNATURE_ENTRY: Final = "META-INF/signature.p7s"
MAXIMUM_MANIFEST_BYTES: Final = 64 * 1024 * 1024
ASIC_NAMESPACE: Final = "http://uri.etsi.org/02918/v1.2.1#"
DSIG_NAMESPACE: Final = "http://www.w3.org/2000/09/xmldsig#"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<asic:ASiCManifest xmlns:asic="{ASIC_NAMESPACE}" xmlns:ds="{DSIG_NAMESPACE}">\n'
    f'<asic:SigReference URI="{SIGNATURE_ENTRY}" MimeType="application/x-pkcs7-signature"/>\n'
)
_TAIL = "</asic:ASiCManifest>\n"
_REFERENCE = re.compile(
    rf'<asic:DataObjectReference URI="([^"<&]*)"><ds:DigestMethod Algorithm="{re.escape(SHA256)}"/>'
    r"<ds:DigestValue>([A-Za-z0-9+/=]*)</ds:DigestValue></asic:DataObjectReference>"
)


def build_manifest(entries: Sequence[EntryRecord]) -> bytes:
    """`META-INF/ASiCManifest.xml` for `entries`, one DataObjectReference each, in their order (format 9.2).

    Give every entry of the bundle but `mimetype`, the manifest itself and the signature. Raises `ValueError`
    where a name repeats or a digest isn't 64 hexadecimal digits: those are the caller's mistakes.
    """
    if len({entry.name for entry in entries}) != len(entries):
        raise ValueError("the manifest names an entry twice")
    return _render([(entry.name, bytes.fromhex(entry.sha256)) for entry in entries])


def _render(entries: Sequence[tuple[str, bytes]]) -> bytes:
    return "".join((_HEAD, *(_reference(name, digest) for name, digest in entries), _TAIL)).encode("ascii")


def _reference(name: str, digest: bytes) -> str:
    if len(digest) != 32:
        raise ValueError("a SHA-256 digest has 32 octets")
    return (
        f'<asic:DataObjectReference URI="{quote(name, safe="/")}">'
        f'<ds:DigestMethod Algorithm="{SHA256}"/>'
        f"<ds:DigestValue>{base64.b64encode(digest).decode('ascii')}</ds:DigestValue>"
        "</asic:DataObjectReference>\n"
    )


def parse_manifest(data: bytes) -> dict[str, str]:
    """The names that a manifest covers, in its order, with the SHA-256 of each in lower-case hexadecimal.

    Accepts the one form that `build_manifest` writes, octet for octet. Raises `BundleError`.
    """
    if len(data) > MAXIMUM_MANIFEST_BYTES:
        raise _refused(msg("is larger than {most} MB", most=MAXIMUM_MANIFEST_BYTES >> 20))
    try:
        found = _references(data)
        canonical = _render(found)
    except (ValueError, binascii.Error):
        raise _refused(msg("isn't a manifest as docs/format.md gives it")) from None
    if len({name for name, _ in found}) != len(found):
        raise _refused(msg("names an entry twice"))
    if canonical != data:
        raise _refused(msg("isn't in the form that docs/format.md gives: something was changed or added"))
    return {name: digest.hex() for name, digest in found}


def _references(data: bytes) -> list[tuple[str, bytes]]:
    # No parser of XML: there is one form, a line a reference, and a tree of anything else could take gigabytes.
    text = data.decode("ascii")
    if not text.startswith(_HEAD) or not text.endswith(_TAIL):
        raise ValueError("another beginning or end")
    lines = text[len(_HEAD) : -len(_TAIL)].splitlines()
    matches = [_REFERENCE.fullmatch(line) for line in lines]
    return [
        (unquote_to_bytes(match[1]).decode("utf-8"), base64.b64decode(match[2], validate=True))
        for match in matches
        if match is not None
    ]


def _refused(reason: str) -> BundleError:
    return BundleError(msg("it {reason}", reason=reason), entry=MANIFEST_ENTRY, clause="9.2")
