"""What secrets look like in a text: the table in patterns.toml, ready to be searched.

Role: reads that table, which has the forms that makers of tokens publish, each with its source. It finds
nothing itself.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from handover.model.message import literal
from handover.project.leaks.plausible import is_account, is_key, is_password, is_random, is_statement
from handover.project.leaks.tables import is_password_table

Check = Callable[["re.Match[bytes]"], bool]

_CHECKS: Final[Mapping[str, Check]] = {
    check.__name__: check for check in (is_account, is_key, is_password, is_password_table, is_random, is_statement)
}
_GAP: Final = r"(?:[ \t]|\xc2\xa0|\xe2\x80\xaf){0,4}"
_VALUE: Final = (
    r"(?:[\"'](?P<quoted>[^\"'\r\n]{5,160})[\"']|(?P<bare>[^\s\"'<>{},;|`\0][^\s\"'<>{}`\0]{4,159})(?=[\s\0]|\Z))"
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One form of a secret. `expression` is matched where one of the `literals` stands."""

    what: str
    literals: tuple[str, ...]
    expression: bytes
    source: str
    check: Check | None = None

    @property
    def compiled(self) -> "re.Pattern[bytes]":
        """The expression, compiled when a text has one of the literals: most texts have none."""
        return _compiled(self.expression)


_compiled: Final = cache(re.compile)


def _pattern(row: Mapping[str, Any]) -> Pattern:
    literals = tuple(row["literals"])
    expression = row["expression"].replace("{gap}", _GAP).replace("{value}", _VALUE)
    expression = expression.replace("{literals}", "|".join(map(re.escape, literals)))
    check = _CHECKS[row["check"]] if "check" in row else None
    return Pattern(literal(row["what"]), literals, expression.encode(), row["source"], check)


PATTERNS: Final = tuple(
    map(_pattern, tomllib.loads(Path(__file__).with_name("patterns.toml").read_text(encoding="utf-8"))["pattern"])
)
"""Every form, the most telling first."""
