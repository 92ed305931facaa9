"""`handover` in a process of its own, without what starting Python anew costs: a copy of this one, which has everything
imported. What the interpreter decides when it starts (locale, encoding of names) needs a real one. Not a test itself.
"""

import os
import sys
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from subprocess import CompletedProcess
from typing import Never

import handover.build.pipeline
import handover.cli.build
import handover.cli.send
import handover.cli.verify
from handover.__main__ import main


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
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
        main()
    finally:
        os._exit(70)


def handover(words: Sequence[object], environment: Mapping[str, str], *, out=None, err=None) -> CompletedProcess[str]:
    """Run a command to its end, without input; what goes to no given descriptor is kept."""
    with tempfile.TemporaryFile() as kept_out, tempfile.TemporaryFile() as kept_err:
        if not (child := fork()):
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            for number, given, kept in ((1, out, kept_out), (2, err, kept_err)):
                file = kept if given is None else given
                os.dup2(file if isinstance(file, int) else file.fileno(), number)
            become(words, environment)
        _, status = os.waitpid(child, 0)
        said = []
        for file in (kept_out, kept_err):
            file.seek(0)
            said.append(file.read().decode("utf-8", "backslashreplace"))
    return CompletedProcess(list(map(str, words)), os.waitstatus_to_exitcode(status), *said)
