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
    }
)  # fmt: skip
_PAIRS = frozenset(
    tuple(pair.split())
    for pair in (
        "api key", "api keys", "cle api", "cles api", "private key", "secret key", "access key", "license key",
        "licence key", "cle privee", "cle secrete", "mot passe", "mots passe", "recovery code", "recovery codes",
        "backup code", "backup codes", "code secours", "codes secours", "code acces", "access code", "seed phrase",
    )
)  # fmt: skip
_ALONE = frozenset({"code", "codes"})
_FILLERS = frozenset({"de", "d", "of", "l", "la", "le", "s"})


def names_a_secret(name: str) -> bool:
    """Whether a column or key of this name holds a secret (`Mot de passe`, `apiKey`, `FTP password`, `PIN`).

    "Code" counts only alone: a postal code isn't a secret.
    """
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    plain = "".join(c for c in unicodedata.normalize("NFKD", split) if not unicodedata.combining(c)).casefold()
    words = [word for word in re.findall(r"[a-z0-9]+", plain) if word not in _FILLERS]
    if len(words) == 1 and words[0] in _ALONE:
        return True
    return any(word in _WORDS for word in words) or any(pair in _PAIRS for pair in pairwise(words))
