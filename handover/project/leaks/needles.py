"""The secrets of this very delivery: the passphrases and what is in the vault, as they are looked for.

Role: which of the vault's texts are secret enough to be searched, and in which form. Finding them is
`handover.project.leaks.search`'s. A needle's form is itself a secret: it never gets into a message.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final
from unicodedata import normalize

from handover.model.message import msg
from handover.model.project import Vault
from handover.model.rows import CredentialRow
from handover.model.secret import Secret
from handover.model.secret_names import names_a_secret
from handover.project.leaks.text import exact, folded, parted, squeezed, words

MIN_SECRET: Final = 8
"""Shorter secrets would be found by chance in ordinary text."""
MIN_KEY: Final = 12
"""A word of a note that is shorter is hardly an API key."""
_ORDINARY: Final = re.compile(r"[a-z][a-z0-9+.-]*://.*|[^@\s]+@[^@\s]+|([\w-]+\.)+[a-z]{2,}(/.*)?", re.IGNORECASE)
"""What stands alone in notes without being secret: links, e-mail addresses, host names."""


class Match(Enum):
    """How a secret is compared with a text; capitals never count, nor which dash is typed."""

    EXACT = msg("as it is, or escaped")
    WORDS = msg("whatever lies between its words")
    SQUEEZED = msg("without any gaps, since people group its characters")


@dataclass(frozen=True, slots=True)
class Needle:
    """A secret to look for, in the form that its way of comparing wants, and how a message may call it."""

    secret: Secret
    called: str
    match: Match = Match.EXACT
    in_base64: bool = False

    @property
    def told(self) -> str:
        """What to say where it stands in a text."""
        if self.in_base64:
            return msg("holds {called}, in Base64", called=self.called)
        return msg("holds {called} in clear", called=self.called)


def needles(passphrases: Mapping[str, Secret], vault: Vault | None) -> tuple[Needle, ...]:
    """The secrets to look for: each passphrase by what it is called, and the vault's longer secrets."""
    found = [_needle(secret.reveal(), called, Match.WORDS) for called, secret in passphrases.items()]
    for called, secret in passphrases.items():
        found += _in_base64(secret.reveal(), called)
    for credential in vault.credentials if vault else ():
        for what, text, match in _secrets_of(credential):
            if len(text.strip()) >= MIN_SECRET:
                called = msg("{what} of {service!r}", what=what, service=credential.service)
                found += [_needle(text, called, match), *_in_base64(text, called)]
    # Earlier bundles, which may have been sent, open with these.
    issued = vault.issued if vault else ()
    found += [_needle(row.passphrase.reveal(), msg("an earlier passphrase"), Match.WORDS) for row in issued]
    # What consists of hyphens alone would be found everywhere.
    return tuple(needle for needle in found if parted(needle.secret.reveal()))


def _needle(text: str, called: str, match: Match, *, in_base64: bool = False) -> Needle:
    return Needle(Secret(_FORMS[match](text)), called, match, in_base64)


def _in_base64(text: str, called: str) -> Iterator[Needle]:
    """What stands for a text wherever it begins in something that is encoded (RFC 4648, 4 and 5), line breaks aside."""
    content = text.encode("utf-8", "surrogatepass")
    for before in range(3):  # three bytes are four characters; those that hold other bits as well don't count
        encoded = b64encode(bytes(before) + content).decode("ascii")
        encoded = encoded[-(-before * 8 // 6) : (before + len(content)) * 8 // 6]
        for spelt in {encoded, encoded.translate(_URL_SAFE)}:
            yield _needle(spelt, called, Match.EXACT, in_base64=True)


_URL_SAFE: Final = str.maketrans("+/", "-_")


def _secrets_of(credential: CredentialRow) -> Iterator[tuple[str, str, Match]]:
    if credential.password is not None:
        yield msg("the password"), credential.password.reveal(), Match.EXACT
    if credential.totp_secret is not None:
        text = credential.totp_secret.reveal()
        in_uri = re.search(r"[?&]secret=([^&#]+)", text) if "://" in text else None
        yield msg("the TOTP secret"), in_uri[1] if in_uri else text, Match.SQUEEZED
    for code in credential.recovery_codes.reveal().split("\n") if credential.recovery_codes else ():
        yield msg("a recovery code"), code.strip(), Match.WORDS
    known = {credential.service, credential.url, credential.user_name}
    for what, held in (("note", credential.note), ("fields", credential.fields)):
        for line in held.reveal().split("\n") if held else ():
            # "key: abc…" is the usual way to note one.
            word = re.split(r"[:=]\s+", line.strip())[-1]
            named = what == "fields" and names_a_secret(line.partition(":")[0])
            is_long = len(word) >= (MIN_SECRET if named else MIN_KEY) and not re.search(r"\s", word)
            if is_long and word not in known and not _ORDINARY.fullmatch(word):
                yield msg("a line of the {what}", what=what), word, Match.EXACT


_FORMS: Final[Mapping[Match, Callable[[str], str]]] = {
    Match.EXACT: lambda text: exact(folded(normalize("NFC", text))).decode("utf-8", "surrogatepass"),
    Match.WORDS: words,
    Match.SQUEEZED: lambda text: squeezed(folded(text)).decode("utf-8", "surrogatepass"),
}
