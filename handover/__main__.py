"""The program's entry: `handover`, and `python -m handover`.

Role: makes an interruption quiet from the first moment, before anything of weight is imported, and leaves with the
status that the command line gives.
"""

import gc
import os
import signal
import sys
import warnings
from typing import Never

_QUIET = {signal.SIGINT: 130, signal.SIGTERM: 143}
if hasattr(signal, "SIGHUP"):
    _QUIET[signal.SIGHUP] = 143
_begun = False


def _leave(number: int, _frame: object) -> None:
    # Before the command line began there is nothing to tidy up, and no traceback to show for it. Afterwards the
    # result has been said: a late signal must not make another one of it.
    if not _begun:
        os._exit(_QUIET[signal.Signals(number)])


def main() -> Never:
    """Run the command line and end the process with its exit status."""
    global _begun
    for number in _QUIET:
        signal.signal(number, _leave)
    if not sys.warnoptions:  # unless `python -W` asks: they name lines of source, and nobody can act on them
        warnings.simplefilter("ignore")
    # What is imported stays, and a build's own circles are few: looking for them at every 700 objects took a twentieth.
    gc.set_threshold(200_000)
    # Pydantic would look through every installed package for programs to run beside ours: costly, and nobody's wish.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    from handover.cli import run
    from handover.cli.utf8 import ensure_utf8, write_anything

    os.umask(0o077)  # whatever is written, a new project included, is its owner's alone (docs/security.md)
    ensure_utf8()
    write_anything()
    _begun = True
    status = run()
    _flush()
    # Straight out: on its way down Python gives signals back their deadly meaning, and a build that was published
    # would still end as one that was terminated.
    os._exit(status)


def _flush() -> None:
    """Write out what is pending; a stream that can't be written must not turn the status into Python's own 120."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):  # a stream that was closed before we began is None
            try:
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            except (OSError, ValueError, AttributeError):
                continue


if __name__ == "__main__":
    main()
