"""What a language's typography is made of: patterns, what each becomes, and the characters that they put.

Role: the types that a language's module (`fr`, `en`) fills in and `typesetting` applies. Patterns are code, never data:
a pattern from a stranger's folder could take for ever.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

NARROW_SPACE: Final = "\u202f"
NO_BREAK_SPACE: Final = "\u00a0"
EN_DASH: Final = "\u2013"

Rules = Sequence[tuple[re.Pattern[str], str]]


class Typography(NamedTuple):
    """One language's rules."""

    spacing: Rules = ()
    """For our own words, and after `typed` for what people typed: spaces, and the apostrophe. `handover validate` asks
    for the same in templates."""
    typed: Rules = ()
    """For what people typed: quotes, abbreviations, amounts."""
    quotes: tuple[str, str] = ("“", "”")
    """What stands for straight quotation marks in templates, with the spaces inside."""
    ordinal: re.Pattern[str] | None = None
    """The space in an ordinal that has none."""
