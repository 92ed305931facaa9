"""The building blocks of every model: text that can be printed, dates, money, and words with French aliases.

Role: what a *value* may be. What a project consists of is in `settings` (the YAML file) and `rows` (the tables).
Nothing here reads a file or knows where a value came from.
"""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

MAX_TEXT = 32_767
"""Characters that one spreadsheet cell holds (ECMA-376 Part 1, 18.3.1.4; Excel specifications and limits)."""

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


def _text(value: str) -> str:
    if bad := unprintable(value):
        raise ValueError(f"contains the character {bad}, which no document can hold")
    return value


def _line(value: str) -> str:
    if "\n" in value or "\t" in value:
        raise ValueError("must be one line, without tabs or line breaks")
    return _text(value)


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be blank")
    return value


def _stripped(value: Any) -> Any:
    # YAML block scalars end in a line break that nobody typed on purpose.
    return value.rstrip("\n") if isinstance(value, str) else value


Text = Annotated[
    str,
    BeforeValidator(_stripped),
    AfterValidator(_text),
    AfterValidator(_not_blank),
    Field(max_length=MAX_TEXT),
]
"""Text of one or more lines, never blank."""

Line = Annotated[
    str,
    BeforeValidator(_stripped),
    AfterValidator(_line),
    AfterValidator(_not_blank),
    Field(max_length=1_000),
]
"""Text of one line, never blank."""

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
"""Lower-case ASCII letters and digits with single hyphens: safe in file names and as an identifier."""

MetricId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""A metric's identifier: lower-case ASCII letters, digits and underscores, beginning with a letter."""

Email = Annotated[str, AfterValidator(_line), Field(pattern=r"^[^@\s<>]+@[^@\s<>.]+(\.[^@\s<>.]+)+$", max_length=254)]
Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]
"""An sRGB colour as `#RRGGBB`."""

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""An ISO 4217 code."""

Sha256 = Annotated[
    str,
    BeforeValidator(lambda v: re.sub(r"[\s:]", "", v).lower() if isinstance(v, str) else v),
    Field(pattern=r"^[0-9a-f]{64}$"),
]
"""A SHA-256 digest in hexadecimal; spaces and colons between its groups are accepted."""


def _project_path(value: str) -> str:
    if value.startswith("/") or "\\" in value or ":" in value or ".." in value.split("/"):
        raise ValueError("must be a path inside the project folder, with forward slashes")
    return _line(value)


ProjectPath = Annotated[str, AfterValidator(_project_path), AfterValidator(_not_blank), Field(max_length=1_000)]
"""A path relative to the project folder, with forward slashes, that doesn't leave it."""


def _finite(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise ValueError("must be a finite number")
    return value


Number = Annotated[Decimal, AfterValidator(_finite), Field(ge=Decimal(-(10**15)), le=Decimal(10**15))]
"""A finite decimal number of at most fifteen digits before the point."""

Amount = Annotated[Decimal, AfterValidator(_finite), Field(ge=0, le=Decimal(10**12), max_digits=15, decimal_places=3)]
"""An amount of money, not negative."""

Percent = Annotated[int, Field(ge=0, le=100)]


class Word(StrEnum):
    """One of a fixed list of words. `FRENCH` maps what French tables write to the canonical English word."""

    @classmethod
    def french(cls) -> Mapping[str, str]:
        """French spellings accepted in tables and YAML → canonical value."""
        return {}

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        folded = " ".join(value.replace("_", "-").casefold().split())
        folded = cls.french().get(folded, folded).replace(" ", "-")
        return next((member for member in cls if member.value == folded), None)


class Model(BaseModel):
    """A frozen model that refuses unknown keys, so that a misspelt key is never silently ignored."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True,
        extra="forbid",
        str_strip_whitespace=False,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )
