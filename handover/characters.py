"""Which characters a document can hold, and what stands in for the others in a message.

Role: the one rule on characters that readers, models and rendering share. It changes no text.
"""

import re

_ALLOWED_CONTROLS = "\n\t"
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Unicode's categories Cc, Cs, Zl and Zp, and the noncharacters of the first plane (Unicode, 23.7)."""


def unprintable(text: str, allowed: str = _ALLOWED_CONTROLS) -> str | None:
    """Name the first character that no document can hold (`U+0007`), or None.

    XML 1.0 (clause 2.2) has no way to write C0 controls, lone surrogates, U+FFFE or U+FFFF; the other
    controls and line separators would break lines where nobody sees why.
    """
    found = (match[0] for match in _UNPRINTABLE.finditer(text) if match[0] not in allowed)
    return next((f"U+{ord(character):04X}" for character in found), None)
