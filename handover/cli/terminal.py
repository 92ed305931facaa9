"""The one place through which text leaves for the terminal, and through which people are asked.

Role: `say` and what is built on it print, `ask_secret`, `ask_text` and `confirm` ask. Names of files, headers of
tables and what else strangers choose are in nearly every message: here, and nowhere else, what a terminal would obey
(escape sequences, C1 controls, changes of direction) is spelt out. It knows no command. That nothing else prints,
tests/test_architecture.py holds.
"""

import datetime as dt
import json
import re
from gettext import NullTranslations
from shutil import get_terminal_size
from typing import Any, Final

import click

from handover.model.characters import folded, visible
from handover.model.message import in_words_of, msg

_YES: Final = frozenset({"y", "yes", "o", "oui"})
_NO: Final = frozenset({"n", "no", "non"})
_catalogue: NullTranslations = NullTranslations()
"""In whose words the program speaks: English, until `speak` is told otherwise."""


def speak(catalogue: NullTranslations) -> None:
    """From here on, word what is printed and asked from this catalogue."""
    global _catalogue
    _catalogue = catalogue


def worded(text: str) -> str:
    """A message in the reader's language; any other text as it is."""
    return in_words_of(_catalogue, text)


def colour() -> bool | None:
    """What Click's `color` takes: False where the user wants none (no-color.org), None to let Click look.

    Errors are printed outside of any command's context, so the wish is kept in the environment (`--no-color` sets
    NO_COLOR).
    """
    from os import environ

    return False if environ.get("NO_COLOR") or environ.get("TERM") == "dumb" else None


_WIDTH: Final = 80
"""Columns of a log, and of a terminal that doesn't tell its own."""

_PIECE = re.compile(r"[ \t]*(?:[^ \t`']*`[^`]*`[^ \t]*|(?<![^ \t])'[^']*'[^ \t]*|[^ \t]+)")
"""What stays whole on a line, with the space before it: a command in backquotes, a quoted path, a word.

A no-break space is part of its word: French puts one before its colons and semicolons, and in its amounts.
"""


def say(
    text: str = "", *, label: str = "", hang: int = 0, begun: int = 0, whole: bool = False, line: bool = False,
    err: bool = False, nl: bool = True, fg: str | None = None, bold: bool = False,
) -> None:  # fmt: skip
    """Print a text of one or more lines, in a colour where the terminal has one. Raises what the stream raises.

    Lines too long for the terminal, or for a log of 80 columns, go on below, `hang` columns in or as far as they began;
    `whole` leaves them as they are: paths, code, what is to be copied; `line` makes one of whatever is in it. A `label`
    before the text has the colour alone. `begun` is how many columns of the line are written already.
    """
    label = worded(label)
    shown = visible(f"{label}{worded(text)}", "") if line else visible(f"{label}{worded(text)}")
    if not whole:
        width = get_terminal_size((_WIDTH, 24)).columns
        shown = "\n".join(_wrapped(line, width, hang or len(label), begun) for line in shown.split("\n"))
    if fg or bold:
        styled = len(label) or len(shown)
        shown = click.style(shown[:styled], fg=fg, bold=bold or None) + shown[styled:]
    click.echo(shown, err=err, nl=nl, color=colour())


def _wrapped(line: str, width: int, hang: int, begun: int) -> str:
    # What is to be copied stays on its line, in whatever language it is announced.
    if begun + len(line) <= width or line.lstrip().startswith(worded(msg("next: {command}", command=""))):
        return line
    begin = " " * (hang or len(line) - len(line.lstrip()) or 2)
    lines = [" " * begun]
    for piece in _PIECE.findall(line.rstrip()):
        if len(lines[-1]) + len(piece) > width and (lines[-1].strip() or (begun and len(lines) == 1)):
            lines.append(begin + piece.lstrip())
        else:
            lines[-1] += piece
    return "\n".join(lines)[begun:]


def say_wrong(problem: str, hint: str = "") -> None:
    """Say below a question why its answer isn't taken, and what to write."""
    say(msg("  {problem}", problem=problem), err=True)
    if hint:
        say(msg("  {hint}", hint=hint), err=True)


def redraw(text: str = "") -> None:
    """Put one line in place of the one that stands on the terminal (standard error)."""
    click.echo("\r\033[K" + visible(worded(text), ""), nl=False, err=True)


def print_json(value: Any) -> None:
    """Write one JSON document to standard output, indented by two."""
    print_utf8(json_text(value))


def json_text(value: Any) -> str:
    """A value as JSON, readable and indented: moments and days as ISO 8601, other objects as they name themselves.

    What a terminal would obey is written as JSON's own escapes.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2, default=_plain)
    return text if visible(text) == text else "".join(c if visible(c) == c else json.dumps(c)[1:-1] for c in text)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def print_utf8(text: str, *, nl: bool = True) -> None:
    """Write what programs read, in UTF-8 whatever the terminal's encoding (RFC 8259, 8.1, asks it of JSON)."""
    click.echo(visible(text).encode("utf-8", "backslashreplace"), nl=nl)


def ask_secret(question: str, *, optional: bool) -> str:
    """Ask on the terminal without echo; an `optional` answer may be empty. Raises click.Abort."""
    answer: str = click.prompt(
        visible(worded(question), ""),
        hide_input=True,
        default="" if optional else None,
        show_default=False,
        prompt_suffix=worded(msg(": ")),
        err=True,
        type=str,
    )
    return answer


def ask_text(question: str, *, default: str | None = None) -> str:
    """Ask for a line on the terminal, which isn't blank, but where the `default` is. Raises click.Abort."""
    shown = None if default is None else visible(default, "")
    asked = visible(worded(question), "")
    while True:
        # An empty default lets Enter through: click would ask again without a word.
        answer: str = click.prompt(
            asked, default=shown or "", show_default=bool(shown), prompt_suffix=worded(msg(": ")), err=True, type=str
        )
        if answer.strip() or default is not None:
            return answer.strip()
        say_wrong(msg("nothing can be proposed here: type the answer"))


def confirm(question: str) -> bool:
    """Ask for yes or no, as either of our languages says it, on the terminal; Enter means no. Raises click.Abort."""
    asked = msg("{question} (yes or no)", question=question)
    while True:
        answer = folded(ask_text(asked, default=worded(msg("no"))))
        if answer in _YES | _NO:
            return answer in _YES
