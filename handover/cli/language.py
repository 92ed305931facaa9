"""The language that the program speaks: which one it is, and Click's own words in it.

Role: `--lang` or the user's locale → a catalogue (`templates/<language>/program.mo`), given to `terminal`, to Click and
to the help of a command. English is what the code says: it needs no catalogue and costs nothing. It words no message.
"""

import copy
import gettext
import struct
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from inspect import cleandoc
from typing import TYPE_CHECKING

import click

from handover.cli.terminal import speak, worded
from handover.model.message import literal

if TYPE_CHECKING:
    from handover.languages.words import Words

FILE = "program.mo"
ENGLISH = "en"

_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""What says the language of messages; the first that is set and not empty counts (POSIX.1-2017, 8.2)."""

_spoken = ENGLISH

_CLICK = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types", "utils")
"""Modules of Click that hold sentences: each takes `gettext` and `ngettext` from the library by name."""


def use_language(args: Sequence[str], environ: Mapping[str, str]) -> None:
    """Speak the language that the command line or the environment asks for; English where there are no words of it."""
    global _spoken
    wanted = _option(args) or _of_locale(environ)
    catalogue = gettext.NullTranslations() if wanted == ENGLISH else _catalogue(wanted)
    _spoken = wanted if isinstance(catalogue, _Catalogue) else ENGLISH
    speak(catalogue)
    for name in _CLICK:
        module = vars(sys.modules[f"click.{name}"])
        for word in module.keys() & {"_", "ngettext"}:
            module[word] = catalogue.ngettext if word == "ngettext" else catalogue.gettext


def spoken() -> str:
    """The language that is spoken."""
    return _spoken


class _Help(click.HelpFormatter):
    """Click's lists, but for a narrow terminal: what an option does begins below it, for long words are broken else."""

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write terms and what they are, as Click does."""
        super().write_dl(rows, min(col_max, self.width - 40), col_spacing)


class _Context(click.Context):
    formatter_class = _Help


def worded_command(command: click.Command) -> click.Command:
    """The command with its help, and that of its commands, in the language that is spoken."""
    made = copy.copy(command)
    made.context_class = _Context
    _word(made, "help", "short_help", "epilog", "options_metavar", "subcommand_metavar")
    made._help_option = None  # noqa: SLF001 — Click keeps the option with the words that it was first made with
    made.params = [copy.copy(parameter) for parameter in command.params]
    for parameter in made.params:
        _word(parameter, "help", "metavar")
        if parameter.metavar is None and not isinstance(parameter.type, click.Choice):
            parameter.metavar = _metavar(parameter)
    if isinstance(made, click.Group):
        made.commands = {name: worded_command(one) for name, one in made.commands.items()}
    return made


def _metavar(parameter: click.Parameter) -> str | None:
    """What stands for the value in a line of help, as Click makes it; None where nothing does."""
    if isinstance(parameter, click.Option):
        return None if parameter.is_flag else worded(literal(parameter.type.name.upper()))
    name = (parameter.name or "").upper()
    shown = worded(literal(name if parameter.required else f"[{name}]"))
    return shown + ("..." if parameter.nargs != 1 else "")


def _word(shown: object, *names: str) -> None:
    for name in names:
        if text := getattr(shown, name, None):
            setattr(shown, name, worded(literal(cleandoc(text))))


def languages() -> list[str]:
    """The languages that the program speaks."""
    from handover.languages import files

    return sorted({ENGLISH, *(one for one in files.languages() if (files.template_path(one) / FILE).is_file())})


def _option(args: Sequence[str]) -> str:
    """The value of `--lang`, which stands before the command: Click reads it too late for its own help."""
    given: Iterator[str] = iter(args)
    for argument in given:
        if argument == "--lang":
            return next(given, "")
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
        if not argument.startswith("-"):
            break
    return ""


def _of_locale(environ: Mapping[str, str]) -> str:
    """The language of a locale such as `fr_FR.UTF-8`; English for `C`, `POSIX` and where none is set."""
    locale = next((value for name in _LOCALE if (value := environ.get(name))), ENGLISH)
    language = locale.replace("-", "_").replace(".", "_").replace("@", "_").partition("_")[0].lower()
    return language if len(language) == 2 else ENGLISH


def _catalogue(language: str) -> gettext.NullTranslations:
    from handover.languages import files
    from handover.model.errors import HandoverError

    try:
        return _Catalogue(language, files.read_bytes(language, FILE))
    except HandoverError:
        return gettext.NullTranslations()


class _Catalogue(gettext.NullTranslations):
    """A .mo file of ours, in which each sentence is looked up: reading all of it would cost more than `--help` does.

    The file (GNU gettext's manual, 10.3): two tables of lengths and offsets, the sentences sorted by their bytes.
    """

    def __init__(self, language: str, data: bytes) -> None:
        super().__init__()
        self._language = language
        self._data = data
        self._count, self._sentences, self._words = struct.unpack_from("<3I", data, 8)

    def gettext(self, message: str) -> str:
        """The sentence in this language; itself where it isn't there."""
        return (self._found(message) or [message])[0]

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The form of the sentence for this number; the English one where it isn't there."""
        forms = self._found(msgid1)
        return forms[min(self._form(n), len(forms) - 1)] if forms else msgid1 if n == 1 else msgid2

    def joined(self, before: str, value: str) -> tuple[str, str]:
        """A text and the name behind it, as the language joins them: "la clé de " + "Inès" are "la clé d’Inès"."""
        return self._joining.joined(before, value)

    @cached_property
    def _joining(self) -> "Words":
        from handover.languages.words import Words

        return Words.load(self._language, self._language)

    @cached_property
    def _form(self) -> Callable[[int], int]:
        header = (self._found("") or [""])[0]
        return gettext.c2py(header.partition("plural=")[2].partition(";")[0].strip())

    def _found(self, sentence: str) -> list[str] | None:
        wanted = sentence.encode()
        at = bisect_left(range(self._count), wanted, key=lambda at: self._text(self._sentences, at).partition(b"\0")[0])
        if at == self._count or self._text(self._sentences, at).partition(b"\0")[0] != wanted:
            return None
        return self._text(self._words, at).decode().split("\0")

    def _text(self, table: int, at: int) -> bytes:
        length, start = struct.unpack_from("<2I", self._data, table + 8 * at)
        return self._data[start : start + length]
