"""Which characters a document can hold, and what stands in for the others in a message.

Role: the one rule on characters that readers, models and rendering share. It needs no library, so that the process
that renders a stranger's template needn't load the models for it. It changes no text.
"""

import re
import unicodedata

_ALLOWED_CONTROLS = "\n\t"
_NONCHARACTERS = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")


def unprintable(text: str, allowed: str = _ALLOWED_CONTROLS) -> str | None:
    """Name the first character that no document can hold (`U+0007`), or None.

    XML 1.0 (clause 2.2) has no way to write C0 controls, lone surrogates, U+FFFE or U+FFFF; the other
    controls and line separators would break lines where nobody sees why.
    """
    for character in text:
        if character in allowed:
            continue
        category = unicodedata.category(character)
        if category in {"Cc", "Cs", "Zl", "Zp"} or _NONCHARACTERS.match(character):
            return f"U+{ord(character):04X}"
    return None
