"""File names as UTF-8, whatever the locale says; and text that can be printed, whatever the terminal's encoding.

Role: starts the interpreter again in UTF-8 mode (PEP 540) where the locale would have us read file names in another
encoding: names with accents would be delivered garbled. It imports nothing that isn't loaded at start-up anyway and
costs nothing where the encoding is UTF-8, as on Windows and macOS always. Printing may still be in another encoding
(PYTHONIOENCODING, redirection on Windows): a name that it lacks must not end a build that is done.
"""

import io
import os
import sys

_MARKER = "HANDOVER_UTF8_RESTART"
"""Set for the restarted process, so that an interpreter that ignores `-X utf8` isn't restarted for ever."""


def ensure_utf8() -> None:
    """Return at once where file names are UTF-8; else replace this process by the same command in UTF-8 mode.

    Only for a process that is ours, before anything was printed, opened or started.
    """
    if os.name != "posix" or sys.flags.utf8_mode or sys.getfilesystemencoding() == "utf-8":
        return
    if os.environ.get(_MARKER) == str(os.getpid()) or not sys.executable:
        return
    # The process keeps its number through exec, so that the marker means nothing to the processes we start.
    os.environ[_MARKER] = str(os.getpid())
    # `orig_argv` holds the interpreter's own options too (`-m handover`, a script's path), undecoded bytes included.
    os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606 — our own command line


def write_anything() -> None:
    """Let both outputs write characters that their encoding lacks as escapes (`\\u0142`) instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        # A stream that was closed before we began is None.
        if isinstance(stream, io.TextIOWrapper) and stream.errors in {"strict", "surrogateescape"}:
            stream.reconfigure(errors="backslashreplace")
