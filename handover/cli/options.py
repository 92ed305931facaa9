"""Option types and helpers that several commands share."""

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from handover.cli.terminal import worded
from handover.model.errors import OutputError, UsageError
from handover.model.message import msg, one_of, system_reason

PROJECT = click.Path(file_okay=True, dir_okay=True)
FOLDER = click.Path(file_okay=False, dir_okay=True)
FILE = click.Path(file_okay=True, dir_okay=False)
BUNDLE = click.Path()
"""A zip, or the folder into which one was extracted."""


class IsoDate(click.ParamType):  # type: ignore[type-arg]  # generic only from Click 8.4 on; we take 8.1.7
    """A day as `YYYY-MM-DD`."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Parse strictly: the week and basic forms of ISO 8601 aren't what people mean."""
        if isinstance(value, dt.date):
            return value
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                raise ValueError  # noqa: TRY301 — one message for every way of being wrong
            return dt.date.fromisoformat(value)
        except ValueError:
            # Click puts it into a sentence of its own.
            self.fail(
                worded(msg("{value!r} is not a day of the calendar; write it as YYYY-MM-DD", value=value)), param, ctx
            )


DATE = IsoDate()


def read_file(path: str, limit: int, *, option: str = "", hint: str = "") -> bytes:
    """What a file that the user named holds, at most `limit` bytes.

    Raises UsageError, beginning with the `option` that named it, for what isn't there, is no file or is larger.
    """
    from handover.formats.opener import read_named

    try:
        return read_named(Path(path), limit)
    except OSError as error:
        raise unreadable(path, error, option=option, hint=hint) from None


def unreadable(path: str, error: OSError, *, option: str = "", hint: str = "") -> UsageError:
    """What to tell a person about a file that they named and that can't be read; `hint` says what of one too large."""
    from handover.formats.opener import NotRegular, TooLarge

    if isinstance(error, FileNotFoundError | NotADirectoryError):
        said = msg("there is no such file")
    elif isinstance(error, NotRegular | TooLarge):
        said = system_reason(error)
    else:
        said = msg("can't be read ({reason})", reason=system_reason(error))
    return UsageError.at(f"{option} {path}".lstrip(), said, hint=hint if isinstance(error, TooLarge) else "")


def own_folder(root: Path, *parts: str) -> Path:
    """A folder inside the project that we write into, made where it's missing.

    Raises OutputError where a link stands on the way: a project may come from somebody else, and what we write and
    tidy up must not land where a link of theirs leads.
    """
    folder = root
    for part in parts:
        folder = folder / part
        refuse_link(folder)
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise OutputError.at(
                folder, msg("can't be made ({reason})", reason=str(system_reason(error)).lower())
            ) from None
    return folder


def refuse_link(folder: Path) -> None:
    """Raises OutputError where a folder of the project is a link."""
    if folder.is_symlink():
        raise OutputError.at(
            folder, msg("is a link, not a folder"), hint=msg("put a real folder there, or write elsewhere with -o")
        )


def project_root(given: str) -> Path:
    """The project's folder from a folder or its `handover.yaml`. Raises UsageError when it is neither."""
    path = Path(given)
    if path.name == "handover.yaml" and path.is_file():
        return path.parent
    if not path.exists():
        raise UsageError.at(given, msg("there is no such folder"), hint=msg("`handover new DIR` makes a new project"))
    if not path.is_dir():
        raise UsageError.at(
            given, msg("this isn't a project's folder"), hint=msg("give the folder that holds handover.yaml")
        )
    if not (path / "handover.yaml").exists():
        raise UsageError.at(
            given,
            msg("this folder has no handover.yaml, so it isn't a project"),
            hint=msg("give the project's folder, or make one with `handover new DIR`"),
        )
    return path


def require_language(code: str) -> None:
    """Raises UsageError for a language in which there are no documents of ours."""
    from handover.languages.files import languages

    if code not in languages():
        hint = msg("use {known}", known=one_of(sorted(languages())))
        raise UsageError(msg("there are no documents in {language}", language=code), hint=hint)


def project_above(bundle: Path) -> Path | None:
    """The project's folder above a bundle's, or that of the bundle itself; None where neither is one."""
    return next((folder for folder in list(bundle.resolve().parents)[:2] if (folder / "handover.yaml").is_file()), None)


_MAX_LIST = 1024 * 1024


def denied(files: Sequence[str]) -> tuple[str, ...]:
    """The names of other clients in the files of `--deny`. Raises UsageError for one that can't be read."""
    if not files:
        return ()
    from handover.project.leaks.names import names_in

    names: list[str] = []
    for file in files:
        try:
            names += names_in(read_file(file, _MAX_LIST, option="--deny").decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise UsageError(
                msg("--deny {file}: isn't UTF-8 text", file=file), hint=msg("give a text file with one name a line")
            ) from None
    return tuple(names)
