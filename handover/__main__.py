"""The program's entry: `handover`, and `python -m handover`.

Role: makes an interruption quiet from the first moment, before anything of weight is imported, and leaves with the
status that the command line gives.
"""

import os
import signal
import sys
from typing import Never

_QUIET = {signal.SIGINT: 130, signal.SIGTERM: 143}


def _leave(number: int, _frame: object) -> Never:
    # Nothing has begun yet: there is nothing to tidy up, and no traceback to show for it.
    os._exit(_QUIET[signal.Signals(number)])


def main() -> Never:
    """Run the command line and end the process with its exit status."""
    for number in _QUIET:
        signal.signal(number, _leave)
    from handover.cli import run
    from handover.cli.utf8 import ensure_utf8

    ensure_utf8()
    status = run()
    if status in _QUIET.values():
        # Straight out: Python's own end would still listen to signals, and might die by a second one.
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError, AttributeError):
                continue
        os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    main()
