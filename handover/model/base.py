"""The building blocks of every model: text that can be printed, dates, money, and words.

Role: what a *value* may be. What a project consists of is in `settings` (the YAML file) and `rows` (the tables).
Nothing here reads a file or knows where a value came from.
"""

import ast
import datetime as dt
import inspect
import re
import textwrap
import types
import unicodedata
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Self, TypeVar, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from handover.model.characters import folded
from handover.model.characters import unprintable as unprintable

MAX_TEXT = 32_767
"""Characters that one spreadsheet cell holds (ECMA-376 Part 1, 18.3.1.4; Excel specifications and limits)."""

MAX_LINE = 1_000


def _text(value: str) -> str:
    if bad := unprintable(value):
        raise PydanticCustomError(
            "text.control-character",
            "contains the character {character}, which no document can hold",
            {"character": bad},
        )
    return value


def _line(value: str) -> str:
    if "\n" in value or "\t" in value:
        raise PydanticCustomError("text.line-break", "must be one line, without tabs or line breaks")
    return _text(value)


def _not_blank(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("text.blank", "is blank")
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
    Field(max_length=MAX_LINE),
]
"""Text of one line, never blank."""

_FINAL_MARKS = re.compile(r"[\s,:;!]+$|(?<=\w{4})[\s,:;!.]+$")


def without_final_mark(value: object) -> object:
    """A text without the comma, colon or stop that documents put themselves; an abbreviation ("Jr.") keeps its point.

    Whatever isn't text, or is nothing but marks, is given back as it is.
    """
    return _FINAL_MARKS.sub("", value) if isinstance(value, str) and value.strip(" ,:;!.") else value


SLUG_FORM = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Slug = Annotated[str, Field(pattern=SLUG_FORM, max_length=60)]
"""Lower-case ASCII letters and digits with single hyphens: safe in file names and as an identifier."""

MetricId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""A metric's identifier: lower-case ASCII letters, digits and underscores, beginning with a letter."""


def ascii_address(address: str) -> str:
    """An `Email` as mail programs send it: Unicode labels of the domain as A-labels (RFC 5890, 2.3.2.1).

    Raises ValueError for a domain whose labels aren't letters, digits and inner hyphens, or are too long for DNS.
    """
    local, _, domain = address.rpartition("@")
    return f"{local}@{'.'.join(_ascii_label(label) for label in domain.split('.'))}"


def _ascii_label(label: str) -> str:
    # No mapping but to lower case and NFC: IDNA 2003 would send "straße" to another domain, "strasse".
    plain = label if label.isascii() else unicodedata.normalize("NFC", label.lower())
    if plain[0] == "-" or plain[-1] == "-" or unicodedata.category(plain[0])[0] == "M":
        raise ValueError(label)
    if any(character != "-" and unicodedata.category(character)[0] not in "LMN" for character in plain):
        raise ValueError(label)
    encoded = plain if plain.isascii() else "xn--" + plain.encode("punycode").decode("ascii")
    if len(encoded) > _MAX_LABEL:
        raise ValueError(label)
    return encoded


def _local_part(value: Any) -> Any:
    if isinstance(value, str) and "@" in value and not value.rpartition("@")[0].isascii():
        # Most servers know no SMTPUTF8 (RFC 6531), and no header that we write could hold it.
        raise PydanticCustomError("email.local-part", "has characters before the @ that aren't ASCII")
    return value


def _domain(value: str) -> str:
    try:
        ascii_address(value)
    except ValueError:
        raise PydanticCustomError("email.domain", "has a domain that can't exist") from None
    return value


_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_MAX_LABEL = 63
"""Octets of a label (RFC 1035, 2.3.4)."""
EMAIL_FORM = rf"^{_ATEXT}(\.{_ATEXT})*@[^@\s<>.]+(\.[^@\s<>.]+)+$"
"""A dot-atom without comments (RFC 5322, 3.2.3), then a domain, which may hold Unicode letters."""

Email = Annotated[
    str,
    BeforeValidator(_local_part),
    Field(pattern=EMAIL_FORM, max_length=254),
    AfterValidator(_line),
    AfterValidator(_domain),
]
"""One e-mail address, alone: ASCII before the @, a domain of letters, digits and hyphens after it."""

Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]
"""An sRGB colour as `#RRGGBB`."""

_NO_MONEY = frozenset({"XXX", "XTS"})
"""Codes that say "no currency" and "for testing" (ISO 4217, table A.1)."""


def _currency(value: str) -> str:
    from babel.numbers import is_currency  # here, since most projects name only the default or one currency

    if value in _NO_MONEY or not is_currency(value):
        raise PydanticCustomError("currency.unknown", "isn't the code of a currency")
    return value


Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$"), AfterValidator(_currency)]
"""An ISO 4217 code of a currency that is or was money, as the Unicode CLDR lists them."""

Sha256 = Annotated[
    str,
    BeforeValidator(lambda v: re.sub(r"[\s:]", "", v).lower() if isinstance(v, str) else v),
    Field(pattern=r"^[0-9a-f]{64}$", json_schema_extra={"pattern": "^([0-9A-Fa-f][ :]*){64}$"}),
]
"""A SHA-256 digest in hexadecimal; spaces and colons between its groups are accepted."""


def _project_path(value: str) -> str:
    if value.startswith("/") or "\\" in value or ":" in value or ".." in value.split("/"):
        raise PydanticCustomError("path.outside", "must be a path inside the project folder, with forward slashes")
    return _line(value)


ProjectPath = Annotated[str, AfterValidator(_project_path), AfterValidator(_not_blank), Field(max_length=1_000)]
"""A path relative to the project folder, with forward slashes, that doesn't leave it."""


def _iso_date(value: Any) -> Any:
    # The library's own parser also takes times, time zones and seconds since 1970 ("20260301").
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise PydanticCustomError("date.format", "isn't a date written year-month-day")
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("date.no-such-day", "is a day that doesn't exist") from None


Date = Annotated[dt.date, BeforeValidator(_iso_date)]
"""A calendar day, written `2026-11-30` (ISO 8601 calendar date, extended format) and in no other way."""


def _month_or_day(value: Any) -> Any:
    if isinstance(value, str):
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}", value):
            value = f"{value}-01"
        elif not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise PydanticCustomError("date.month-format", "isn't a month or a day")
    return _iso_date(value)


MonthOrDay = Annotated[
    dt.date,
    BeforeValidator(_month_or_day),
    Field(examples=["2026-11", "2026-11-30"], json_schema_extra={"pattern": "^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$"}),
]
"""A `Date`, or a month written `2026-11`, which stands for its first day."""


def _whole(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"[+-]?[0-9]{1,15}", value):
        raise PydanticCustomError("number.format", "isn't a whole number")
    return int(value)


Whole = Annotated[int, BeforeValidator(_whole)]
"""A whole number in ASCII digits, without grouping."""


def _decimal(value: Any) -> Any:
    # Python's own parser also takes underscores, exponents and the digits of every script.
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?", value):
        raise PydanticCustomError("number.format", "isn't a number")
    return Decimal(value)


def _finite(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise PydanticCustomError("number.format", "isn't a number")
    return value


Number = Annotated[
    Decimal, BeforeValidator(_decimal), AfterValidator(_finite), Field(ge=Decimal(-(10**15)), le=Decimal(10**15))
]
"""A finite decimal number of at most fifteen digits before the point."""

Amount = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    AfterValidator(_finite),
    Field(ge=Decimal(-(10**12)), le=Decimal(10**12), max_digits=16, decimal_places=4),
]
"""An amount of money; less than 0 where it is owed the other way round."""

Percent = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=100)]

_FLAGS = {"true": True, "false": False}


def _flag(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if (flag := _FLAGS.get(value.casefold())) is None:
        raise PydanticCustomError("flag.format", "is neither true nor false")
    return flag


def is_yes(text: str | None) -> bool:
    """Whether a text is one of the ways to write a `Flag` that is true."""
    return text is not None and _FLAGS.get(text.casefold(), False)


Flag = Annotated[bool, BeforeValidator(_flag)]
"""`true` or `false`, as text: YAML 1.2 takes `yes` and `no` for plain words, and each language has its own."""


class Word(StrEnum):
    """One of a fixed list of words, in any case; each language's own are `handover.languages.registry`'s."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        meant = folded(value.replace("_", "-")).replace(" ", "-")
        return next((member for member in cls if member.value == meant), None)


def keys_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """A model's fields by the keys that people write: `from` is a word of Python's."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


M = TypeVar("M", bound=BaseModel)


@cache
def described(model: type[M]) -> type[M]:
    """The same model, each of its fields with the docstring below it as its `description`.

    Pydantic would read them from the source when the class is made: a tenth of a second each time the program starts,
    for what only a missing value's hint, the schemas and the documentation say.
    """
    for one in model.__mro__:
        if issubclass(one, Model) and one is not Model:
            try:
                source = inspect.getsource(one)
            except OSError:  # installed without its source: as Pydantic does, it's left without descriptions
                continue
            body = ast.parse(textwrap.dedent(source)).body[0]
            assert isinstance(body, ast.ClassDef)  # noqa: S101 — it's a class's source
            for field, below in pairwise(body.body):
                match field, below:
                    case (
                        ast.AnnAssign(target=ast.Name(id=name)),
                        ast.Expr(value=ast.Constant(value=str(text))),
                    ) if name in model.model_fields and not model.model_fields[name].description:
                        model.model_fields[name].description = inspect.cleandoc(text)
    return model


def behind(annotation: Any) -> Any:
    """The type behind `Annotated`, `… | None` and a tuple's or dict's items."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in {types.UnionType, Union}:
            annotation = next(a for a in get_args(annotation) if a is not type(None))
        elif origin is tuple:
            annotation = get_args(annotation)[0]
        elif origin is dict:
            annotation = get_args(annotation)[1]
        else:
            return annotation


class Model(BaseModel):
    """A frozen model that refuses unknown keys, so that a misspelt key is never silently ignored."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        defer_build=True,  # a part of a model never needs a validator of its own
        frozen=True,
        extra="forbid",
        str_strip_whitespace=False,
        allow_inf_nan=False,
    )
