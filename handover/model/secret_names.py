"""Names under which people keep secrets: columns and keys that belong in the vault and nowhere else.

Role: one list for tables and YAML alike, in whatever language. It judges names only, never a value, and knows
nothing of files.
"""

import re
import unicodedata
from itertools import pairwise

_WORDS = frozenset(
    {
        "password", "passwords", "passwd", "pwd", "pass", "passphrase", "passphrases", "passcode", "secret",
        "secrets", "secrete", "secretes", "token", "tokens", "pin", "otp", "totp", "mfa", "2fa", "apikey",
        "apikeys", "cvv", "cvc", "puk", "mdp", "motdepasse", "jeton", "jetons", "credential", "credentials",
        "passwort", "kennwort", "contrasena",
    }
)  # fmt: skip
_PAIRS = frozenset(
    tuple(pair.split())
    for pair in (
        "api key", "api keys", "cle api", "cles api", "private key", "secret key", "access key", "license key",
        "licence key", "cle privee", "cle secrete", "mot passe", "mots passe", "recovery code", "recovery codes",
        "backup code", "backup codes", "code secours", "codes secours", "code acces", "access code", "seed phrase",
        "ssh key", "security code", "security answer", "code securite",
    )
)  # fmt: skip
_MEASURES = frozenset({"count", "counts", "number", "nombre", "rate", "rates", "share", "taux", "part", "total"})
_ABOUT = _MEASURES | frozenset(
    {
        "reset", "resets", "usage", "used", "utilises", "status", "statut", "enabled", "active", "activee", "type",
        "length", "manager", "gestionnaire", "policy", "politique", "changed", "change", "changement", "modifie",
        "modification", "expiry", "expires", "expiration", "protected", "protege", "issued", "remis", "clicks",
        "clics", "product", "produit", "boarding", "culture", "navigo", "sanitaire", "santa",
    }
)  # fmt: skip
"""Words beside which a name counts or describes such a thing, or is another thing's: `Token count`, `Pass rate`."""
_ALONE = frozenset({"code", "codes"})
_FILLERS = frozenset({"de", "d", "of", "l", "la", "le", "s"})


def names_a_secret(name: str, *, code_is: bool = True) -> bool:
    """Whether a column or key of this name holds a secret (`Mot de passe`, `apiKey`, `FTP password`, `PIN`).

    "Code" counts only alone, and where `code_is` one: a postal code isn't, nor is the key of a task. What counts such
    things or tells of them isn't one either (`Password resets`, `2FA enabled`), unless it ends with one's name.
    """
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z]|[A-Z]{2})", " ", name)
    plain = "".join(c for c in unicodedata.normalize("NFKD", split) if not unicodedata.combining(c)).casefold()
    words = [word for word in re.findall(r"[a-z0-9]+", plain) if word not in _FILLERS]
    if len(words) == 1 and words[0] in _ALONE:
        return code_is
    held = [word in _WORDS or word.rstrip("0123456789") in _WORDS for word in words]
    if not _ABOUT.isdisjoint(words):
        return held[-1] and words[0] not in _MEASURES
    return any(held) or any(pair in _PAIRS for pair in pairwise(words))
