"""The languages of documents: each a line here, made from its folder `templates/<language>/`.

Role: `Language` holds what is neither a document's word nor a template: default locale, headers and words that tables
and settings may use, what a new project's tables look like, typography. `language` reads a language from our folder or,
by the same code, from a project's own; `understood` gives all that a project's author may write in. A language of ours
is a folder with `language.toml`; a module (`fr`) is needed for typography alone. It reads no project.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeVar

from handover.formats.toml import read_toml
from handover.languages import en, files, fr
from handover.languages.typography import Typography
from handover.model.base import Word
from handover.model.characters import folded
from handover.model.errors import TemplateError
from handover.model.life import LIFE_TABLES
from handover.model.message import msg
from handover.model.rows import TABLES
from handover.model.sources import VAULT_FILE

START: Final = "en"
"""The language that others are compared with, that a new one starts from, and that stands in where one lacks."""

FILE: Final = "language.toml"
WORKBOOK: Final = "handover.xlsx"
VAULT: Final = "vault.toml"
"""The vault's words are read back: its headers are those of credentials."""

CREDENTIALS: Final = "credentials"

_TYPOGRAPHY: Final[Mapping[str, Typography]] = {"en": en.TYPOGRAPHY, "fr": fr.TYPOGRAPHY}
V = TypeVar("V")


class Language(NamedTuple):
    """One language. Spellings are folded (`handover.model.characters.folded`)."""

    code: str
    """`fr`: two letters, ISO 639-1."""
    name: str
    """What it calls itself: `français`."""
    locale: str
    """The CLDR locale of a project that names none: `fr_FR`."""
    delimiter: str
    """What separates the cells of a CSV that its spreadsheet programs open."""
    workbook: str
    """What the workbook of a new project's tables is called: `dossier.xlsx`."""
    months: Mapping[str, int]
    """Names of months that people write and CLDR lacks: `juill` → 7."""
    beside_days: frozenset[str]
    """Words that mean nothing beside a day: `le`, the `er` of `1er`."""
    typography: Typography
    headers: Mapping[str, Mapping[str, str]]
    """Table → spelling of a header → column. Of several spellings of a column the first is for new tables."""
    sheets: Mapping[str, str]
    """What a sheet may be called → table."""
    words: Mapping[str, Mapping[str, str]]
    """List of words (`word_list`) → spelling → word; `flag` is one too, with `true` and `false`."""
    unconfirmed: str
    """What a comment begins with behind a value of handover.yaml that was proposed."""
    help_sheet: str
    """What the vault's sheet of explanations is called."""
    issued: tuple[str, ...]
    """The headers of the vault's sheet of issued passphrases."""

    def word(self, kind: type[Word], word: Word) -> str:
        """How a new table writes a word of a list."""
        return next((text for text, meant in self.words.get(word_list(kind), {}).items() if meant == word), word.value)

    def sheet(self, table: str) -> str:
        """What a new workbook calls the sheet of a table."""
        return next((text for text, meant in self.sheets.items() if meant == table), table)

    def header(self, table: str, column: str) -> str:
        """What a new table calls a column."""
        return next((text for text, meant in self.headers.get(table, {}).items() if meant == column), column)


def word_list(kind: type[Word]) -> str:
    """What `language.toml` calls a list of words: `pending-status`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower()


def language(code: str, own: Mapping[str, str] = MappingProxyType({})) -> Language:
    """A language of ours, or a project's own (file name → text, where that isn't empty).

    One that lacks `language.toml` has CLDR's most likely locale and no words of its own. Raises TemplateError for a
    file that isn't what it should be.
    """
    return _read(code, own) if own else _ours(code)


def typography_of(code: str) -> Typography:
    """A language's typography by its code alone; no rules for one that has none."""
    return _TYPOGRAPHY.get(code, Typography())


def ours() -> tuple[Language, ...]:
    """The languages that come with the program, by their codes."""
    return tuple(_ours(code) for code in sorted(files.languages()))


def understood(code: str = START, own: Mapping[str, str] = MappingProxyType({})) -> tuple[Language, ...]:
    """The languages that a project's author may write in: the project's own language first, then ours."""
    return (language(code, own), *ours()) if own else ours()


def columns(table: str, languages: Sequence[Language] = ()) -> dict[str, str]:
    """Every header of a table that is understood, folded → column; the first language's wins."""
    return _joined(one.headers.get(table, {}) for one in languages or ours())


def meant(kind: type[Word] | type[bool], text: str, languages: Sequence[Language] = ()) -> str:
    """The word that a spelling means, or the text as it is."""
    name = "flag" if kind is bool else word_list(kind)
    key = folded(text.replace("_", "-"))
    return next((one.words[name][key] for one in languages or ours() if key in one.words.get(name, {})), text)


def spellings(kind: type[Word]) -> dict[str, str]:
    """Every spelling of a list's words in our languages that isn't the word itself → the word."""
    return _joined(one.words.get(word_list(kind), {}) for one in ours())


def _joined(tables: Iterator[Mapping[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for table in tables:
        found = {**table, **found}
    return found


@cache
def _ours(code: str) -> Language:
    return _read(code, {name: files.read_text(code, name) for name in (FILE, VAULT)})


def _read(code: str, texts: Mapping[str, str]) -> Language:
    place = f"templates/{code}/{FILE}"
    given = _Table(read_toml(texts.get(FILE, ""), place), place)
    vault = _Table(read_toml(texts.get(VAULT, ""), f"templates/{code}/{VAULT}"), f"templates/{code}/{VAULT}")
    headers = {table: given.table("tables").spellings(table) for table in (*TABLES, *LIFE_TABLES)}
    issued = vault.table("issued").table("header")
    dates = given.table("dates")
    locale = given.text("locale", "")  # another language's where the file is still the one it was started from
    return Language(
        code,
        given.text("name", code),
        locale if locale.startswith(f"{code}_") else likely_locale(code),
        given.text("delimiter", ","),
        given.file_name("workbook", WORKBOOK),
        {name: month for name, month in dates.table("months").content.items() if month in range(1, 13)},
        frozenset(dates.spellings("words")),
        typography_of(given.text("typography", code)),
        {**headers, CREDENTIALS: vault.spellings("header")},
        given.spellings("sheets"),
        {name: given.table("words").spellings(name) for name in given.table("words").content},
        given.text("unconfirmed", ""),
        folded(vault.text("help_sheet", "")),
        tuple(folded(issued.text(key, "")) for key in issued.content),
    )


class _Table(NamedTuple):
    """A TOML table that may have been written by anyone."""

    content: Mapping[str, Any]
    place: str

    def table(self, key: str) -> "_Table":
        value = self.content.get(key, {})
        if not isinstance(value, dict):
            raise TemplateError.at(self.place, msg("{key} must be a table: [{key}]", key=key))
        return _Table(value, self.place)

    def text(self, key: str, default: str) -> str:
        value = self.content.get(key, default)
        if not isinstance(value, str):
            raise TemplateError.at(self.place, msg("{key} must be text in quotes", key=key))
        return value

    def file_name(self, key: str, default: str) -> str:
        """The name of a workbook that lies in the project's own folder."""
        name = f"{self.text(key, default.removesuffix('.xlsx'))}.xlsx"
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*\.xlsx", name) or name == VAULT_FILE:
            message = "{place}: {key} must be a name in lower-case letters and digits, as in {default}"
            raise TemplateError(msg(message, place=self.place, key=key, default=default))
        return name

    def spellings(self, key: str) -> dict[str, str]:
        """The table `key`, word → a spelling or several, the other way round."""
        found: dict[str, str] = {}
        for word, value in self.table(key).content.items():
            for text in value if isinstance(value, list) else [value]:
                if not isinstance(text, str):
                    raise TemplateError.at(
                        self.place, msg("{key}.{word} must be text in quotes, or a list of such", key=key, word=word)
                    )
                found[folded(text)] = word
        return found


def likely_locale(code: str) -> str:
    """Where a language is most spoken (CLDR, likely subtags): `da` → `da_DK`."""
    from babel.core import get_global

    country = str(get_global("likely_subtags").get(code, code)).rpartition("_")[2]
    return f"{code}_{country.upper()}"
