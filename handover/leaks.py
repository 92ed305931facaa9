"""Look for secrets and internal papers in what is about to leave in clear.

Role: the last look before publishing. It searches the text of rendered documents and of small text files for
the passphrase and for every longer secret of the vault, as they were given and as people and programs write them
(other hyphens and capitals, escaped for HTML, JSON, CSV or an address), and refuses files that call themselves
internal. It names the entry and the credential's service, never the secret. It can't see into pictures, archives or
PDFs whose text is compressed: see docs/security.md.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from unicodedata import normalize

from handover.artifact import SealedArtifact, UnsealedByPolicy
from handover.characters import quoted
from handover.errors import Finding, SourceLocation
from handover.model import CredentialRow, Vault
from handover.secret import Secret

MIN_SECRET = 8
"""Shorter secrets would be found by chance in ordinary text."""
MAX_TEXT_FILE = 1024 * 1024
"""Largest asset in bytes that is searched."""
MIN_KEY = 12
"""A word of a note that is shorter is hardly an API key."""

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


_HYPHENS = "_-\u00ad\u200b\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_GAPS = str.maketrans(dict.fromkeys(_HYPHENS, " "))
_ALL_GAPS = [character for character in map(chr, range(0x3001)) if character.isspace() or character in _HYPHENS]
_SHORT_GAPS = "".join(filter(str.isascii, _ALL_GAPS)).encode()
_LONG_GAPS = [gap.encode() for gap in _ALL_GAPS if not gap.isascii() and normalize("NFKC", gap) == gap]
_BREAKS = frozenset({"p", "br", "cr", "tab", "tc", "si", "c", "v"})
"""Elements of documents and sheets after which a reader sees a gap (ECMA-376 Part 1, 17.3 and 18.3)."""
_ORDINARY = re.compile(r"[a-z][a-z0-9+.-]*://.*|[^@\s]+@[^@\s]+|([\w-]+\.)+[a-z]{2,}(/.*)?", re.IGNORECASE)
"""What stands alone in notes without being secret: links, e-mail addresses, host names."""
_JSON_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")


class Match(Enum):
    """How a secret is compared with a text."""

    EXACT = "as it is, or escaped"
    WORDS = "whatever its capitals and whatever lies between its words"
    SQUEEZED = "without any gaps, since people group its characters"


@dataclass(frozen=True, slots=True)
class Needle:
    """A secret to look for, in the form that its way of comparing wants, and how a message may call it."""

    secret: Secret
    called: str
    match: Match = Match.EXACT


def needles(passphrases: Mapping[str, Secret], vault: Vault | None) -> tuple[Needle, ...]:
    """The secrets to look for: each passphrase by what it is called, and the vault's longer secrets."""
    found = [_needle(secret.reveal(), called, Match.WORDS) for called, secret in passphrases.items()]
    for credential in vault.credentials if vault else ():
        found += [
            _needle(text, f"{what} of {credential.service!r}", match)
            for what, text, match in _secrets_of(credential)
            if len(text.strip()) >= MIN_SECRET
        ]
    # What consists of hyphens alone would be found everywhere.
    return tuple(needle for needle in found if needle.secret.reveal())


def _needle(text: str, called: str, match: Match) -> Needle:
    return Needle(Secret(_FORMS[match](text)), called, match)


def _secrets_of(credential: CredentialRow) -> Iterator[tuple[str, str, Match]]:
    if credential.password is not None:
        yield "the password", credential.password.reveal(), Match.EXACT
    if credential.totp_secret is not None:
        text = credential.totp_secret.reveal()
        in_uri = re.search(r"[?&]secret=([^&#]+)", text) if "://" in text else None
        yield "the TOTP secret", in_uri[1] if in_uri else text, Match.SQUEEZED
    for code in credential.recovery_codes.reveal().split("\n") if credential.recovery_codes else ():
        yield "a recovery code", code.strip(), Match.WORDS
    for line in credential.note.reveal().split("\n") if credential.note else ():
        # "key: abc…" is the usual way to note one.
        word = re.split(r"[:=]\s+", line.strip())[-1]
        known = {credential.service, credential.url, credential.user_name}
        if len(word) >= MIN_KEY and not re.search(r"\s", word) and not _ORDINARY.fullmatch(word) and word not in known:
            yield "a line of the note", word, Match.EXACT


def document_leaks(artifacts: Iterable[SealedArtifact], sought: Iterable[Needle]) -> list[Finding]:
    """Findings for every rendered document in clear that holds one of the secrets."""
    sought = tuple(sought)
    found = []
    for artifact in artifacts:
        if artifact.name.endswith(".docx") or isinstance(artifact, UnsealedByPolicy):
            found += _search(artifact.name, _visible_text(artifact.name, artifact.content), sought)
    return found


def asset_leaks(entry: str, content: bytes, sought: Iterable[Needle]) -> list[Finding]:
    """Findings for one small asset: secrets in its name or in it, or words at its top that call it internal."""
    sought = tuple(sought)
    # Such a name is a secret itself, and isn't repeated.
    found = [
        _finding("assets", "leak.secret", f"a file's name holds {needle.called} in clear", "rename the file")
        for needle in _held(entry, sought)
    ]
    text = _decoded(content)
    if text is None:
        return found
    found += _search(entry, text, sought) if not found else []
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
        for needle in _held(text, sought)
    ]


def _held(text: str, sought: tuple[Needle, ...]) -> list[Needle]:
    """The secrets that stand in a text."""
    if not sought:
        return []
    readings = "\n".join(_readings(normalize("NFC", text)))
    folded = normalize("NFKC", readings).casefold()
    squeezed = _squeezed(folded)
    found = []
    words = None
    for needle in sought:
        secret = needle.secret.reveal()
        if needle.match is Match.EXACT:
            held = secret in readings
        else:
            held = _squeezed(secret) in squeezed
            # Words must be parted where the secret's are. Parting a whole text is slow, and rarely needed.
            if held and needle.match is Match.WORDS:
                words = words or _parted(folded)
                held = secret in words
        if held:
            found.append(needle)
    return found


def _readings(text: str) -> list[str]:
    """The text as it is, and as HTML, JSON, CSV (RFC 4180, 2.7) or an address (RFC 3986, 2.1) would mean it."""
    from html import unescape
    from urllib.parse import unquote

    found = [text]
    if "&" in text:
        found.append(unescape(text))
    if "\\" in text:
        found.append(_JSON_ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else match[2], text))
    if '""' in text:
        found.append(text.replace('""', '"'))
    if "%" in text:
        found.append(unquote(text))
    return found


def _words(text: str) -> str:
    """Folded, with one space for every run of white space, hyphens and underscores."""
    return _parted(normalize("NFKC", text).casefold())


def _parted(folded: str) -> str:
    # Splitting is several times faster than an expression over a megabyte.
    return " ".join(folded.translate(_GAPS).split())


def _squeezed(folded: str) -> bytes:
    """The same without any gaps, in UTF-8: there, bytes are taken out ten times as fast as characters are from text."""
    squeezed = folded.encode("utf-8", "surrogatepass").translate(None, _SHORT_GAPS)
    if not squeezed.isascii():
        for gap in _LONG_GAPS:
            squeezed = squeezed.replace(gap, b"")
    return squeezed


_FORMS: Mapping[Match, Callable[[str], str]] = {
    Match.EXACT: lambda text: normalize("NFC", text),
    Match.WORDS: _words,
    Match.SQUEEZED: lambda text: _words(text).replace(" ", ""),
}


def _finding(entry: str, rule: str, message: str, hint: str) -> Finding:
    return Finding(
        SourceLocation(entry), rule, message, f"{hint} {quoted(entry)}" if hint.endswith("--allow-leak") else hint
    )


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

        return "\n".join([text, *(unescape(re.sub(r"<[^>]*>", gap, text)) for gap in ("", " "))])
    return text


def _xml_text(part: bytes) -> str:
    # Our own rendering: well-formed and without a DOCTYPE. Runs split words, so they are joined without gaps.
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(part, parser)
    for element in root.iter("{*}*"):
        if etree.QName(element).localname in _BREAKS:
            element.tail = "\n" + (element.tail or "")
    return "".join(str(text) for text in root.itertext())


def _decoded(content: bytes) -> str | None:
    """The text of a file that looks like text, else None: UTF-16, UTF-8, or else what Windows wrote before."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    start = content[:8_192]
    if b"\0" in start:
        # In UTF-16 every other byte of Latin text is zero, and hardly any of the rest.
        even, odd = (start[first::2].count(0) / len(start[first::2] or b"\0") for first in (0, 1))
        if max(even, odd) < 0.5 or min(even, odd) > 0.05:
            return None
        return content.decode("utf-16-le" if odd > even else "utf-16-be", "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
