"""`handover` in a process of its own, without what starting Python anew costs: a copy of this one, which has everything
imported. What the interpreter decides when it starts (locale, encoding of names) needs a real one; what is said of its
outputs in `PYTHONIOENCODING` doesn't. Not a test itself.
"""

import contextlib
import importlib
import os
import pkgutil
import resource
import signal
import sys
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess
from typing import BinaryIO, Never

import pypdf  # noqa: F401 — a reader of PDFs imports it first, within the time that it has for a file

import handover
from handover.__main__ import main
from handover.formats import confined

for module in pkgutil.walk_packages(handover.__path__, "handover."):
    importlib.import_module(module.name)


def fork() -> int:
    """`os.fork`, which from Python 3.12 on warns of threads: the child uses none of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def become(words: Sequence[object], environment: Mapping[str, str]) -> Never:
    """In a child just forked, 0, 1 and 2 being what it shall have: what `python -m handover WORDS` does there."""
    try:
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["handover", *map(str, words)]
        sys.stdin = os.fdopen(0, "r", encoding="utf-8", closefd=False)
        encoding = environment.get("PYTHONIOENCODING", "utf-8")
        sys.stdout = os.fdopen(1, "w", encoding=encoding, closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding=encoding, errors="backslashreplace", closefd=False)
        main()
    finally:
        os._exit(70)


def begun(words: Sequence[object], environment: Mapping[str, str], descriptors: Sequence[int]) -> int:
    """Begin a command that has these as 0, 1 and 2; gives its process."""
    if child := fork():
        return child
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
    become(words, dict(environment))


def ended(child: int) -> int:
    """The exit status of a command that was begun."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def handover(words: Sequence[object], environment: Mapping[str, str], *, out=None, err=None) -> CompletedProcess[str]:
    """Run a command to its end, without input; what goes to no given descriptor is kept."""
    with tempfile.TemporaryFile() as kept_out, tempfile.TemporaryFile() as kept_err:
        files = (kept_out if out is None else out, kept_err if err is None else err)
        with Path(os.devnull).open() as nothing:
            numbers = [nothing.fileno(), *(file if isinstance(file, int) else file.fileno() for file in files)]
            status = ended(begun(words, environment, numbers))
        said = []
        for file in (kept_out, kept_err):
            file.seek(0)
            said.append(file.read().decode("utf-8", "backslashreplace"))
    return CompletedProcess(list(map(str, words)), status, *said)


class Reader:
    """A child of `handover.formats.confined` that is a copy of this process: as a `Popen`, as far as its parent asks.

    It has no limit of memory, which counts what the copy came with.
    """

    def __init__(self, work: str, seconds: float) -> None:
        told, self.stdin = _pipe()
        self.stdout, answer = _pipe()
        self._process = fork()
        if self._process == 0:
            try:
                os.dup2(told.fileno(), 0)
                os.dup2(answer.fileno(), 1)
                os.closerange(3, max(file.fileno() for file in (told, self.stdin, self.stdout, answer)) + 1)
                sys.stdin = os.fdopen(0, "r", closefd=False)
                sys.argv = ["-c", work, str(int(seconds) + 1), str(resource.RLIM_INFINITY)]
                confined.main()
            finally:
                os._exit(0)
        told.close()
        answer.close()

    def kill(self) -> None:
        os.kill(self._process, signal.SIGKILL)

    def communicate(self) -> None:
        self.returncode = ended(self._process)
        with contextlib.suppress(OSError):  # what was told and never read
            self.stdin.close()
        self.stdout.close()


def _pipe() -> tuple[BinaryIO, BinaryIO]:
    end, beginning = os.pipe()
    return os.fdopen(end, "rb"), os.fdopen(beginning, "wb")
