"""Look for secrets and internal papers in what is about to leave in clear.

Role: the last look before publishing. It searches the text of rendered documents and of small text files for
the passphrase and for every longer secret of the vault, and refuses files that call themselves internal. It
names the entry and the credential's service, never the secret. It can't see into pictures, archives or PDFs
whose text is compressed: see docs/security.md.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handover.artifact import SealedArtifact, UnsealedByPolicy
from handover.errors import Finding, SourceLocation
from handover.model import Vault
from handover.secret import Secret

MIN_SECRET = 8
"""Shorter secrets would be found by chance in ordinary text."""
MAX_TEXT_FILE = 1024 * 1024
"""Largest asset in bytes that is searched."""

_INTERNAL_NAME = re.compile(
    r"(^|/)[_.]?(internal|interne|post[ _-]?mortem)(/|\.[^/]*$|$)|"
    r"(^|[\W_])(internal[ _-]only|do[ _-]not[ _-](send|share)|ne[ _-]pas[ _-](diffuser|envoyer))([\W_]|$)",
    re.IGNORECASE,
)
_INTERNAL_TEXT = re.compile(
    r"\A(\ufeff)?\s*(---\s*\n(?:[^\n]*\n){0,20}?\s*(?:internal|interne)\s*:\s*(?:true|yes|oui)\b|"
    r"(?:[^\n]*\n){0,4}?[^\n\w]*(?:internal only|internal use only|do not send to the client|"
    r"usage interne|document interne|ne pas diffuser|ne pas transmettre au client)\b)",
    re.IGNORECASE,
)
_WORD_PARTS = re.compile(r"(word/(document|header\d*|footer\d*|footnotes|endnotes)|docProps/\w+)\.xml")


@dataclass(frozen=True, slots=True)
class Needle:
    """A secret to look for, and how a message may call it."""

    secret: Secret
    called: str


def needles(passphrases: Mapping[str, Secret], vault: Vault | None) -> tuple[Needle, ...]:
    """The secrets to look for: each passphrase by what it is called, and the vault's longer secrets."""
    found = [Needle(secret, called) for called, secret in passphrases.items()]
    for credential in vault.credentials if vault else ():
        values = {
            "the password": credential.password,
            "the TOTP secret": credential.totp_secret,
        }
        for what, secret in values.items():
            if secret is not None and len(secret.reveal().strip()) >= MIN_SECRET:
                found.append(Needle(secret, f"{what} of {credential.service!r}"))
        codes = credential.recovery_codes.reveal().split("\n") if credential.recovery_codes else []
        found += [
            Needle(Secret(code.strip()), f"a recovery code of {credential.service!r}")
            for code in codes
            if len(code.strip()) >= MIN_SECRET
        ]
    return tuple(found)


def document_leaks(artifacts: Iterable[SealedArtifact], sought: Iterable[Needle]) -> list[Finding]:
    """Findings for every rendered document in clear that holds one of the secrets."""
    sought = tuple(sought)
    found = []
    for artifact in artifacts:
        if artifact.name.endswith(".docx") or isinstance(artifact, UnsealedByPolicy):
            found += _search(artifact.name, _visible_text(artifact.name, artifact.content), sought)
    return found


def asset_leaks(entry: str, content: bytes, sought: Iterable[Needle]) -> list[Finding]:
    """Findings for one small asset: secrets in it, or words at its top that call it internal."""
    text = _decoded(content)
    if text is None:
        return []
    found = _search(entry, text, tuple(sought))
    if _INTERNAL_TEXT.match(text[:4_000]):
        found.append(
            _finding(
                entry,
                "leak.internal-text",
                "its first lines say that it is internal",
                "move it to internal/, or deliver it on purpose with --allow-leak",
            )
        )
    return found


def internal_names(entries: Iterable[str]) -> list[Finding]:
    """Findings for assets whose file or folder name says that they are internal."""
    return [
        _finding(
            entry,
            "leak.internal-name",
            "its name says that it is internal",
            "move it to internal/, or deliver it on purpose with --allow-leak",
        )
        for entry in entries
        if _INTERNAL_NAME.search(entry)
    ]


def _search(entry: str, text: str, sought: tuple[Needle, ...]) -> list[Finding]:
    return [
        _finding(
            entry,
            "leak.secret",
            f"holds {needle.called} in clear",
            "take it out (secrets belong into the vault), or deliver it on purpose with --allow-leak",
        )
        for needle in sought
        if needle.secret.reveal() in text
    ]


def _finding(entry: str, rule: str, message: str, hint: str) -> Finding:
    return Finding(SourceLocation(entry), rule, message, f"{hint} {entry}" if hint.endswith("--allow-leak") else hint)


def _visible_text(name: str, content: bytes) -> str:
    """What a reader of the document could see or find, with the markup taken away and without."""
    if name.endswith(".docx"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = [package.read(part) for part in package.namelist() if _WORD_PARTS.fullmatch(part)]
        return "\n".join(_xml_text(part) for part in parts)
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = [package.read(part) for part in package.namelist() if part.endswith(".xml")]
        return "\n".join(_xml_text(part) for part in parts)
    text = content.decode("utf-8", "replace")
    if name.endswith(".html"):
        from html import unescape

        return text + unescape(re.sub(r"<[^>]*>", "", text))
    return text


def _xml_text(part: bytes) -> str:
    # Our own rendering: well-formed and without a DOCTYPE. Runs split words, so the text is joined without gaps.
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return "".join(str(text) for text in etree.fromstring(part, parser).itertext())


def _decoded(content: bytes) -> str | None:
    """The text of a file that looks like text, else None. UTF-16 is recognised by its byte order mark."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if b"\0" in content[:8_192]:
        return None
    return content.decode("utf-8", "replace")
