"""The one place where an error becomes a message and an exit status.

Role: turns every `HandoverError`, wrong usage, interruption and unforeseen exception into lines on standard
error. A traceback is never printed: its frames can hold secrets. It decides nothing about what is an error.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, Never

import click

from handover.cli.terminal import say
from handover.model.errors import EXIT_FAILED, EXIT_USAGE, HandoverError, InvalidInput
from handover.model.message import msg, system_reason

EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143
_HELP: Any = getattr(click.exceptions, "NoArgsIsHelpError", ())
"""A group without a command: its message is the help. Click before 8.2 prints that itself."""


class Terminated(BaseException):
    """SIGTERM arrived. A BaseException, so that every `finally` runs and no `except Exception` swallows it."""


_arrived: list[type[BaseException]] = []
"""What a signal raised. Where it came in the middle of making a class, Python or pydantic turns it into a fault of
theirs (`RuntimeError` before Python 3.12, `SchemaError`), and nothing else tells that somebody pressed Ctrl-C."""


def _interrupt(_signal: int, _frame: FrameType | None) -> Never:
    ignore_signals()  # a second Ctrl-C must not stop the tidying up that the first one started
    _arrived.append(KeyboardInterrupt)
    raise KeyboardInterrupt


def _terminate(_signal: int, _frame: FrameType | None) -> Never:
    ignore_signals()
    _arrived.append(Terminated)
    raise Terminated


def ignore_signals() -> None:
    """From here on nothing interrupts: for tidying up, and from publishing until the user has read the result."""
    with contextlib.suppress(ValueError):  # not the main thread: the handlers aren't ours
        for kind in _kinds():
            signal.signal(kind, signal.SIG_IGN)


def _kinds() -> list[signal.Signals]:
    return [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]


@contextlib.contextmanager
def signals() -> Iterator[None]:
    """Let SIGTERM (and SIGHUP, where there is one) unwind like Ctrl-C does, so that nothing is left behind."""
    _arrived.clear()
    try:
        earlier = {kind: signal.signal(kind, _interrupt if kind is signal.SIGINT else _terminate) for kind in _kinds()}
    except ValueError:  # not the main thread: whoever embeds us keeps their handlers
        yield
        return
    try:
        yield
    finally:
        for kind, handler in earlier.items():
            signal.signal(kind, handler)


def guard(action: Callable[[list[str] | None], Any], args: list[str] | None) -> int:
    """Run `action`; print what went wrong, if anything; return the exit status."""
    try:
        return _guarded(action, args)
    except OSError:
        return EXIT_FAILED  # standard error can't be written either: there is nobody to tell


def _guarded(action: Callable[[list[str] | None], Any], args: list[str] | None) -> int:
    try:
        result = action(args)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _stopped(KeyboardInterrupt)
    except Terminated:
        return _stopped(Terminated)
    except click.ClickException as error:
        return _usage(error)
    except InvalidInput as error:
        from handover.cli.report import print_findings

        print_findings(error.findings, hint=error.hint)
        return error.exit_status
    except HandoverError as error:
        return _known(error)
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody to tell.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILED
    except Exception as error:  # noqa: BLE001 — the boundary: nothing may escape as a traceback
        return _stopped(_arrived[0]) if _arrived else _unforeseen(error)
    return result if isinstance(result, int) else 0


def _stopped(kind: type[BaseException]) -> int:
    with contextlib.suppress(OSError):
        say("", err=True)
        say(
            msg("terminated: nothing was written") if kind is Terminated else msg("interrupted: nothing was written"),
            err=True,
        )
    return EXIT_TERMINATED if kind is Terminated else EXIT_INTERRUPTED


def _usage(error: click.ClickException) -> int:
    context = getattr(error, "ctx", None)
    message = error.format_message()
    if type(message) is str:  # Click's own; ours are to be told in the reader's words
        message = message.removesuffix(".")
    if isinstance(error, _HELP):
        with contextlib.suppress(OSError):
            say(message, err=True)
        return EXIT_USAGE
    with contextlib.suppress(OSError):
        say(
            msg("error: {message}", message=message if message[:1].islower() else message[:1].lower() + message[1:]),
            err=True,
        )
        if context is not None:
            say(msg("  `{command_path} --help` says what it takes", command_path=context.command_path), err=True)
    return error.exit_code or EXIT_USAGE


def _known(error: HandoverError) -> int:
    with contextlib.suppress(OSError):
        if error.caution:
            say(error.said(), label=msg("caution: "), fg="yellow", bold=True, hang=2, err=True)
        else:
            say(error.said(), label=msg("error: "), fg="red", bold=True, hang=2, err=True)
        if error.hint:
            say("  " + error.hint, err=True)
    return error.exit_status


def _unforeseen(error: Exception) -> int:
    # The message of a foreign exception may quote a cell or a password: name the kind and our line alone.
    place, printing = "", False
    trace = error.__traceback__
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if module.startswith("handover"):
            place = f"{module}:{trace.tb_lineno}"
        printing |= module == "click.utils"
        trace = trace.tb_next
    if isinstance(error, OSError) and printing:
        from handover.cli.report import untold

        return _known(untold(error))
    if isinstance(error, OSError) and error.strerror:
        reason: str = system_reason(error, lower=True)
        if isinstance(error.filename, str):
            reason = msg("{file}: {reason}", file=error.filename, reason=reason)
        say(msg("error: {message}", message=reason), err=True)
        return EXIT_FAILED
    kind = type(error).__name__
    shown = msg("{kind} at {place}", kind=kind, place=place) if place else kind
    say(msg("error: this is a fault of handover itself ({shown})", shown=shown), err=True)
    say(msg("  please report these two lines with what you did"), err=True)
    return EXIT_FAILED
