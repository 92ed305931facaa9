"""A small child process with limits, for parsers of strangers' files that can't be bounded from inside.

Role: starts our own interpreter anew (`-I`, an empty environment), gives bytes to one function there and takes bytes
back, within limits of time, memory and size. The child has nothing but pipes, and can neither write files nor start
processes. It runs functions of this package alone: it's no sandbox for code. Time on the clock is kept by the parent,
everywhere; the other limits are those of setrlimit(2), which Windows lacks and macOS keeps in part.
"""

import contextlib
import importlib
import math
import os
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Self

from handover.model.errors import HandoverError
from handover.model.message import later, msg

if TYPE_CHECKING:
    import subprocess

Work = Callable[[bytes], Iterable[bytes]]
"""What a child does: the bytes of one file → pieces of the answer, each sent as soon as it's there."""

_START: Final = "import sys; sys.path.extend(sys.argv[4:]); from handover.formats.confined import main; main()"
_KEPT_ENVIRONMENT: Final = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")  # Python can't start without
_LENGTH: Final = struct.Struct(">Q")
_WHOLE, _FAILED, _MEMORY, _READY = range(2**64 - 4, 2**64)
"""In place of a length; the first three are followed by the microseconds that a processor took."""
_STARTING_SECONDS: Final = 30.0


class Ending(StrEnum):
    """How one file's reading ended."""

    WHOLE = later("it gave the whole answer")
    TIME = later("reading it takes too long")
    MEMORY = later("reading it needs too much memory")
    SIZE = later("it holds too much")
    FAILED = later("it can't be read")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost: seconds on the clock, bytes of the child's address space, bytes of the answer."""

    seconds: float = 2.0
    memory: int = 512 * 1024 * 1024
    output: int = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, which isn't believed: `pieces` are the answer's first ones unless `ending` is WHOLE."""

    pieces: list[bytes] = field(repr=False)
    ending: Ending
    seconds: float = 0.0
    """That a processor took, at most those on the clock."""


class Confined:
    """A child for one kind of work (`handover.package.module:function`, a `Work`), started when it's first needed.

    It reads one file after another; after one that broke a limit, another child is started for the next.
    """

    def __init__(self, work: str, limits: Limits | None = None) -> None:
        self._work = work
        self._limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def ask(self, data: bytes) -> Answer:
        """What the work makes of one file. Raises HandoverError where no child can be started."""
        process = self._process or self._started()
        pieces: list[bytes] = []
        feeder = threading.Thread(target=_feed, args=(process.stdin, data), daemon=True)
        alarm = threading.Timer(self._limits.seconds, process.kill)
        began = time.monotonic()
        alarm.start()
        feeder.start()
        ending, told = self._receive(process.stdout, pieces)
        seconds = min(told, time.monotonic() - began)
        alarm.cancel()
        if ending not in {Ending.WHOLE, Ending.FAILED}:
            self._end()
            if ending is Ending.TIME:
                ending = _DEATHS.get(process.returncode, ending)
        feeder.join()
        return Answer(pieces, ending, seconds)

    def stop(self) -> None:
        """Have what is being read end, as the alarm would, from another thread than the one that asks."""
        if (process := self._process) is not None:
            process.kill()

    def _receive(self, pipe: IO[bytes] | None, pieces: list[bytes]) -> tuple[Ending, float]:
        left = self._limits.output
        while pipe and (length := _read_length(pipe)) is not None:
            if length in _ENDINGS:
                return _ENDINGS[length], (_read_length(pipe) or 0) / 1e6
            if length > left:
                return Ending.SIZE, math.inf
            left -= length + _LENGTH.size
            pieces.append(pipe.read(length))
        return Ending.TIME, math.inf  # ended by the alarm or by the limit of computing time, or it died

    def _started(self) -> "subprocess.Popen[bytes]":
        import subprocess  # here, since the child imports this module, too

        limits = (str(int(self._limits.seconds) + 1), str(self._limits.memory))
        with contextlib.suppress(OSError):
            self._process = process = subprocess.Popen(  # noqa: S603 — our own interpreter and module, no shell
                [sys.executable, "-I", "-X", "utf8", "-c", _START, self._work, *limits, *_folders()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=os.sep,
                env={name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ},
                start_new_session=True,  # Ctrl-C is for us: we end the child ourselves
            )
            alarm = threading.Timer(_STARTING_SECONDS, process.kill)
            alarm.start()
            ready = process.stdout and _read_length(process.stdout)
            alarm.cancel()
            if ready == _READY:
                return process
        self._end()
        raise HandoverError(
            msg("the process that reads files apart doesn't start"), hint=msg("install handover-kit again")
        )

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


_DEATHS: Final = {-signal.SIGABRT: Ending.MEMORY, -signal.SIGSEGV: Ending.FAILED}
"""What the signals say of which a child dies that nobody ended: what isn't Python aborts where it gets no memory."""
_ENDINGS: Final = {_WHOLE: Ending.WHOLE, _FAILED: Ending.FAILED, _MEMORY: Ending.MEMORY}


def _feed(pipe: IO[bytes], data: bytes) -> None:
    with contextlib.suppress(OSError, ValueError):  # a child that ended early is heard of by what it doesn't say
        pipe.write(_LENGTH.pack(len(data)) + data)
        pipe.flush()


def _read_length(pipe: IO[bytes]) -> int | None:
    read = pipe.read(_LENGTH.size)
    return int(_LENGTH.unpack(read)[0]) if len(read) == _LENGTH.size else None


def _folders() -> list[str]:
    """Where the child finds modules: never the folder that we stand in, which may be a stranger's project."""
    package = str(Path(__file__).resolve().parent.parent.parent)
    here = os.path.realpath(os.curdir)
    return [package, *(entry for entry in sys.path if Path(entry).is_absolute() and os.path.realpath(entry) != here)]


def main() -> None:
    """The child: import, give up what isn't needed, then read, work and answer until there is nothing more to read."""
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not end up in the answer
    # pypdf would import it, for pictures, which nobody reads here: a fifth of what the child costs.
    sys.modules["PIL"] = None  # type: ignore[assignment]
    module, _, name = sys.argv[1].partition(":")
    work: Work = getattr(importlib.import_module(module), name)
    seconds, memory = int(sys.argv[2]), int(sys.argv[3])
    for kind, most in (("CORE", 0), ("AS", memory), ("FSIZE", 0), ("NPROC", 0)):
        _limit(kind, most)
    _send(answer, _READY)
    while (length := _read_length(sys.stdin.buffer)) is not None:
        began, ending = time.process_time(), _WHOLE
        _limit("CPU", int(began) + seconds)
        try:
            for piece in work(sys.stdin.buffer.read(length)):
                _send(answer, len(piece), piece)
        except MemoryError:
            ending = _MEMORY
        except Exception:  # noqa: BLE001 — whatever a parser raises on hostile input
            ending = _FAILED
        _send(answer, ending, _LENGTH.pack(int((time.process_time() - began) * 1e6)))


def _send(answer: IO[bytes], length: int, piece: bytes = b"") -> None:
    answer.write(_LENGTH.pack(length) + piece)
    answer.flush()


def _limit(kind: str, most: int) -> None:
    # Windows has none of these; macOS has them but takes some values for too small.
    with contextlib.suppress(ImportError, AttributeError, ValueError, OSError):
        import resource

        number = getattr(resource, f"RLIMIT_{kind}")
        resource.setrlimit(number, (most, resource.getrlimit(number)[1] if kind == "CPU" else most))
