"""Which characters a document can hold, and what stands in for others where people read.

Role: the rules on characters that readers, models, rendering and the command line share. It needs no library, so that
start-up stays light. It prints nothing.
"""

import re
import unicodedata

_ALLOWED_CONTROLS = "\n\t"
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Unicode's categories Cc, Cs, Zl and Zp, and the noncharacters of the first plane (Unicode, 23.7)."""


def unprintable(text: str) -> str | None:
    """Name the first character that no document can hold (`U+0007`), or None.

    XML 1.0 (clause 2.2) has no way to write C0 controls, lone surrogates, U+FFFE or U+FFFF; the other
    controls and line separators would break lines where nobody sees why.
    """
    found = (match[0] for match in _UNPRINTABLE.finditer(text) if match[0] not in _ALLOWED_CONTROLS)
    return next((f"U+{ord(character):04X}" for character in found), None)


_OBEYED = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""General categories (Unicode 4.5) of what a terminal obeys, hides or turns around: controls, C1 among them, formats
such as the bidirectional ones, private use, lone surrogates, line and paragraph separators."""


def visible(text: str, allowed: str = _ALLOWED_CONTROLS) -> str:
    """The text with every character that a terminal would obey or hide spelt as an escape (`\\x1b`, `\\u202e`).

    Line feeds and tabs stay, or those that are `allowed`. What Unicode calls spaces stays as well.
    """
    if text.isprintable():
        return text
    return "".join(
        character
        if character in allowed or unicodedata.category(character) not in _OBEYED
        else character.encode("unicode_escape", "backslashreplace").decode("ascii")
        for character in text
    )


def aloud(digits: str) -> tuple[str, str]:
    """A SHA-256 of 64 hexadecimal digits as it's read to somebody by phone: two lines of eight groups of four."""
    groups = [digits[at : at + 4] for at in range(0, len(digits), 4)]
    return " ".join(groups[:8]), " ".join(groups[8:])


def quoted(path: object) -> str:
    """A path as it is typed in a command, so that a hint can be copied: quoted for the shell, and never an option."""
    import shlex
    import sys

    text = str(path)
    text = f"./{text}" if text.startswith("-") else text
    return shlex.quote(text) if sys.platform != "win32" else f'"{text}"'


def folded(text: str) -> str:
    """A header or a word of a list as it is compared: composed accents, lower case, single spaces, one apostrophe."""
    # Files saved on macOS may spell accents as separate characters.
    return " ".join(unicodedata.normalize("NFC", text).casefold().replace("\u2019", "'").split())


def in_order(name: str) -> list[str | int]:
    """A name as people sort it: "Plan 2" before "Plan 10"."""
    return [int(part) if at % 2 else part for at, part in enumerate(re.split(r"(\d+)", folded(name)))]
