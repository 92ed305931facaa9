"""What a model objects to, in people's words: a rule's id, what is wrong, what to write instead.

Role: the one place that knows the model library's error types. Messages are fragments that follow the name of a key
or column ("`owner.name` is missing"). A value is shown shortened; values of columns that may hold secrets never
get here.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from handover.languages.registry import Language, spellings
from handover.model.base import EMAIL_FORM, SLUG_FORM, Word, behind, described, keys_of
from handover.model.did_you_mean import nearest
from handover.model.message import joined, later, literal, msg
from handover.model.sources import shown

Complaint = tuple[str, str, str]
"""Rule, message, hint."""

_PATTERNS = {
    SLUG_FORM: msg("lower-case letters without accents, digits and single hyphens: conserverie-le-goff"),
    "^[a-z][a-z0-9_]*$": msg("lower-case letters without accents, digits and underscores: organic_visitors"),
    EMAIL_FORM: msg("one e-mail address: name@company.example"),
    "^#[0-9A-Fa-f]{6}$": msg('a colour as "#RRGGBB", in quotes: "#1F4E79"'),
    "^[A-Z]{3}$": msg("a currency's three capital letters (ISO 4217): EUR, GBP, USD"),
    "^[0-9a-f]{64}$": msg("the 64 hexadecimal digits that `handover keys show` prints"),
    "^[a-z]{2}$": msg("a language's two lower-case letters"),
    "^[a-z]{2}_[A-Z]{2}$": msg("a language and a country: fr_FR, en_GB, en_US"),
}

_DATE_HINT = msg("write year-month-day: 2026-11-30")


def field_at(model: type[BaseModel], path: Iterable[str | int], *, meant: bool = False) -> FieldInfo | None:
    """The field that a path of keys and indexes leads to; None when it leads to no field of any model.

    It has its meaning where it's to be `meant`.
    """
    current: Any = model
    found: FieldInfo | None = None
    for step in path:
        if isinstance(step, int):
            continue
        if isinstance(current, _Chosen):
            current = current.model
            continue
        if not (isinstance(current, type) and issubclass(current, BaseModel)):
            return None
        owner: Any = described(current) if meant else current
        steps = _steps(owner)
        if step not in steps:
            return None
        found, current = steps[step]
    return found


@cache  # every value of a project is asked for
def _steps(model: Any) -> Mapping[str, tuple[FieldInfo, Any]]:
    """A model's keys: the field of each, and what it leads to."""
    kinds = {key: (field, behind(field.annotation)) for key, field in keys_of(model).items()}
    return {
        key: (field, _Chosen(kind) if get_origin(field.annotation) is dict else kind)
        for key, (field, kind) in kinds.items()
    }


class _Chosen:
    """What stands behind a key that the user chose (a metric's identifier)."""

    def __init__(self, model: Any) -> None:
        self.model = model


def missing_hint(field: FieldInfo | None) -> str:
    """What to write for a required value: its meaning and an example."""
    if field is None:
        return ""
    inner = behind(field.annotation)
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        meaning = literal((inner.__doc__ or "").splitlines()[0])
        return msg("{meaning} Its keys: {keys}", meaning=meaning, keys=", ".join(keys_of(inner)))
    meaning = literal(" ".join((field.description or "").split()))
    if field.examples:
        first = field.examples[0]
        example = joined(" / ", [literal(str(one)) for one in (first if isinstance(first, list) else [first])])
        return msg("{meaning} Example: {example}", meaning=meaning, example=example)
    if inner.__name__ == "date":
        return msg("{meaning} Example: 2026-11-30", meaning=meaning)
    return meaning


def complaint(error: Mapping[str, Any], field: FieldInfo | None, spoken: Language | None = None) -> Complaint:
    """Rule, message and hint for one error of the model library (all but `missing` and `extra_forbidden`).

    Words of lists are named as the language `spoken` has them, and as the models do without one.
    """
    kind: str = error["type"]
    value = error.get("input")
    context: Mapping[str, Any] = error.get("ctx") or {}
    if kind == "enum":
        return _word(value, behind(field.annotation) if field else None, spoken)
    if kind.endswith("_type") or kind == "model_attributes_type":
        return _shape(kind, value)
    if kind.startswith("date."):
        message = msg("{error}: {value}", error=literal(error["msg"]), value=shown(value))
        return kind, message, _date_hint(kind, str(value).strip())
    if kind == "string_pattern_mismatch":
        form = _PATTERNS.get(str(context.get("pattern")), msg("it in the form that docs/project.md shows"))
        message = msg("doesn't have the right form: {value}", value=shown(value))
        return "text.form", message, msg("write {patterns}", patterns=form)
    if kind == "literal_error" and error["loc"][-1:] != ("format",):
        words = str(context["expected"]).replace(" or ", ", ")
        message = msg("isn't one of the values allowed here: {value}", value=shown(value))
        return "value.word", message, msg("write one of: {words}", words=words)
    if kind == "number.format" and "whole" in error["msg"]:
        return kind, msg("isn't a whole number: {value}", value=shown(value)), whole_hint(field)
    if kind == "too_long" and isinstance(value, str):  # of a text that is more than a plain one
        kind = "string_too_long"
    if kind in _SIMPLE:
        rule, message, hint = _SIMPLE[kind]
        values = {**context, "value": shown(value)}
        return rule, msg(message, **values), msg(hint, **values) if hint else ""
    if "." in kind:  # our own types carry their rule and wording
        return kind, literal(str(error["msg"])), ""
    return "value.invalid", msg("isn't valid here: {value}", value=shown(value)), ""


def whole_hint(field: FieldInfo | None) -> str:
    """What to write for a whole number, with its limits where it has both."""
    limits = list(_metadata(field)) if field else []
    least = [limit.ge for limit in limits if hasattr(limit, "ge")]
    most = [limit.le for limit in limits if hasattr(limit, "le")]
    if least and most:
        return msg("write a whole number from {least} to {most}", least=least[0], most=most[0])
    return msg("write digits alone: 60")


def _metadata(field: FieldInfo) -> Iterator[Any]:
    """A field's limits, those inside `Percent | None` included."""
    yield from field.metadata
    for inner in get_args(field.annotation):
        for part in get_args(inner):
            yield from part.metadata if isinstance(part, FieldInfo) else [part]


_SIMPLE: Mapping[str, Complaint] = {
    "number.format": ("number.format", later("isn't a number: {value}"),
                      later("write digits, with a decimal point: 1234.5")),
    "flag.format": ("flag.format", later("is neither true nor false: {value}"), later("write true or false")),
    "text.blank": ("text.blank", later("is blank"), later("write something, or delete it")),
    "text.line-break": ("text.line-break", later("has a tab or a line break"), later("write it on one line")),
    "text.sentence": ("text.sentence", later("is a sentence of its own, and has to end one of ours: {value}"),
                      later("write only the words that end it: “to any agency that asks” for “a reference …”, “the "
                            "care of your site” for “our contract for …”")),
    "email.local-part": ("text.form", later("has characters before the @ that aren't ASCII, which most mail servers "
                                            "refuse: {value}"),
                         later("write it without accents: name@company.example")),
    "email.domain": ("text.form", later("has a domain that can't exist: {value}"),
                     later("write letters, digits and hyphens after the @: name@company.example")),
    "currency.unknown": ("currency.unknown", later("isn't the code of a currency: {value}"),
                         later("write a currency's three capital letters (ISO 4217): EUR, GBP, USD")),
    "path.pattern": ("path.pattern", later("{problem}: {value}"),
                     later("write it like raw/ (a folder), *.psd (wherever it is) or /film.mp4 (at the top)")),
    "path.outside": ("path.outside", later("is not a path inside the project: {value}"),
                     later("write it like brand/logo.png")),
    "literal_error": ("settings.format", later("is a format that this version doesn't know: {value}"),
                      later("write {expected}")),
    "string_too_long": ("text.too-long", later("is longer than {max_length} characters"), later("shorten it")),
    "text.control-character": ("text.control-character",
                               later("contains the character {character}, which no document can hold"), ""),
    "string_unicode": ("text.control-character", later("contains a character that no document can hold"),
                       later("delete it")),
    "too_long": ("list.too-long", later("has {actual_length} items"), later("at most {max_length} are possible")),
    "too_short": ("list.too-short", later("has {actual_length} items"), later("write at least {min_length}")),
    "greater_than_equal": ("number.range", later("is less than {ge}: {value}"), later("write {ge} or more")),
    "less_than_equal": ("number.range", later("is more than {le}: {value}"), later("write {le} or less")),
    "decimal_max_digits": ("number.range", later("has more than {max_digits} digits"), later("check the amount")),
    "decimal_max_places": ("number.range", later("has more than {decimal_places} decimals: {value}"),
                           later("round it")),
    "decimal_whole_digits": ("number.range", later("has too many digits"), later("check the amount")),
    "finite_number": ("number.format", later("isn't a number"), later("write digits, with a decimal point: 1234.5")),
}  # fmt: skip


def words_allowed(word: type[Word], spoken: Language | None) -> list[str]:
    """The words of a list, as a language has them."""
    return [spoken.word(word, member) if spoken else member.value for member in word]


def _word(value: Any, word: Any, spoken: Language | None) -> Complaint:
    message = msg("isn't one of the words allowed here: {value}", value=shown(value))
    if not (isinstance(word, type) and issubclass(word, Word)):
        return "value.word", message, ""
    if not isinstance(value, str):
        return _shape("string_type", value)
    words = words_allowed(word, spoken)
    allowed = msg("write one of: {words}", words=", ".join(words))
    meant = spellings(word)
    guess = nearest(value, [*words, *meant])
    if not guess:
        return "value.word", message, allowed
    if spoken and guess not in words:  # another language's word, or a rarer one: the list that follows has its own
        guess = spoken.word(word, word(meant[guess]))
    return "value.word", message, msg("did you mean `{guess}`?", guess=guess) + " " + allowed


def _shape(kind: str, value: Any) -> Complaint:
    if value is None:
        return "value.empty", msg("is empty"), msg("write something, or delete the line")
    if kind == "tuple_type":
        return "value.shape", msg("must be a list"), msg('write each item on its own line, beginning with "- "')
    if kind in {"model_type", "model_attributes_type", "dict_type"}:
        return "value.shape", msg("must be a group of keys"), msg("write `key: value` lines below it, indented")
    message = msg("must be a single value, not a list or a group of keys")
    return "value.shape", message, msg("put text with brackets in quotes")


def _date_hint(kind: str, text: str) -> str:
    """The ISO form of a date written otherwise, where only one day can be meant."""
    if kind == "date.no-such-day":
        return msg("check the day and the month")
    if kind == "date.month-format":
        month = re.fullmatch(r"(0?[1-9]|1[0-2])[/. -]([0-9]{4})", text)
        said = f"{month[2]}-{int(month[1]):02}" if month else ""
        return msg("write {month}", month=said) if said else msg("write 2026-11 or 2026-11-30")
    if match := re.fullmatch(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})", text):
        first, second, year = (int(part) for part in match.groups())
        if first > 12 or first == second:
            with suppress(ValueError):  # 31/11/2026 is no day
                return msg("write year-month-day: {day}", day=dt.date(year, second, first))
    return _DATE_HINT
