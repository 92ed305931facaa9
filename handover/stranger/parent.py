"""The parent's side: start the child, hand it one document's values, and take back a document that is checked.

Role: the only starter of that process. It believes nothing that comes back: length, form and content are checked, and
messages are stripped of what a terminal would obey. It reads no project and keeps nothing.
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import handover
from handover.errors import DamagedFile, HandoverError, TemplateError
from handover.office.docx import Finish
from handover.office.opc import Limits as PackageLimits
from handover.office.opc import read_package
from handover.stranger.limits import LIMITS, Limits
from handover.stranger.message import HEADER_BYTES, Reply, Request, read_reply, write_request
from handover.stranger.values import check_texts

_START: Final = "import sys; sys.path.extend(sys.argv[1:]); from handover.stranger.child import main; main()"
_KEPT_ENVIRONMENT: Final = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Without these, Python can't start on Windows, or where its own library lies in an unusual folder."""

_MAX_MESSAGE: Final = 1_500
_BUSY_HINT: Final = "look for a loop inside a loop, or a very large table or picture, in the template"


def fill(
    template: bytes, context: Mapping[str, object], finish: Finish, *, place: str, limits: Limits = LIMITS
) -> bytes:
    """What `handover.office.docx.render` gives, rendered apart and within limits.

    `context` holds views only; `place` names the template in messages. Raises TemplateError or DamagedFile as `render`
    does, and TemplateError for a template that exceeds a limit; HandoverError where the child can't be started.
    """
    with Child() as child:
        return child.fill(template, context, finish, place=place, limits=limits)


class Child:
    """One started child. It imports what it needs while its parent does something else; it renders one document."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="handover-")
        try:
            self._process = subprocess.Popen(  # noqa: S603 — our own interpreter and module, no shell
                command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=self._folder,
                # Without a HOME, looking for one would ask the system's user database, over a socket.
                env={name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
                | {"HOME": self._folder},
                close_fds=True,
                # Ctrl-C is for us: we end the child ourselves, and say what was interrupted.
                start_new_session=True,
            )
        except OSError as error:
            raise HandoverError(f"the process that renders templates can't be started ({error.strerror})") from None
        finally:
            # The child stands in it already: on POSIX nothing can be made in a folder that has been removed.
            self._remove_folder()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        with suppress(OSError):
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._remove_folder()

    def fill(
        self,
        template: bytes,
        context: Mapping[str, object],
        finish: Finish,
        *,
        place: str,
        limits: Limits = LIMITS,
    ) -> bytes:
        """As the function `fill`; a second document needs another child."""
        check_texts(context, place)
        answer = self._exchange(write_request(Request(template, context, finish, place, limits)), place, limits)
        content = _content(_reply(answer, place), place, limits)
        _check(content, place, limits)
        return content

    def _exchange(self, request: bytes, place: str, limits: Limits) -> bytes:
        process = self._process
        assert process.stdin is not None  # noqa: S101 — both are pipes, see above
        assert process.stdout is not None  # noqa: S101
        timer = threading.Timer(limits.wall_seconds, process.kill)
        timer.daemon = True
        timer.start()
        most = limits.output_bytes + HEADER_BYTES
        try:
            # A child that ended early is heard of below.
            with suppress(BrokenPipeError):
                process.stdin.write(request)
                process.stdin.close()
            answer = process.stdout.read(most + 1)
            if len(answer) > most:
                raise _exceeded(place, f"gives a document of more than {limits.output_bytes >> 20} MB")
            status = process.wait()
            late = not timer.is_alive()
        finally:
            timer.cancel()
        if status != 0:
            raise _ended(place, status, limits, late=late)
        return answer

    def _remove_folder(self) -> None:
        with suppress(OSError):
            Path(self._folder).rmdir()


class Children:
    """Several children started at once, so that their imports overlap; each fills one template."""

    def __init__(self, count: int) -> None:
        self._stack = ExitStack()
        self._ready: list[Child] = []
        with self._stack:
            for _ in range(count):
                self._ready.append(self._stack.enter_context(Child()))
            self._stack = self._stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def fill(self, template: bytes, context: Mapping[str, object], finish: Finish, *, place: str) -> bytes:
        """As the function `fill`, by a child that is ready, or by a new one when all have been used."""
        child = self._ready.pop(0) if self._ready else self._stack.enter_context(Child())
        return child.fill(template, context, finish, place=place)


def command() -> list[str]:
    """How the child is started: isolated from the environment, with the folders that modules are found in."""
    package = str(Path(handover.__file__).resolve().parent.parent)
    here = str(Path.cwd()) if _has_working_folder() else ""
    # The folder that we stand in may be the project: nothing is imported from there, unless we live there.
    others = [entry for entry in sys.path if Path(entry).is_absolute() and entry != here]
    return [sys.executable, "-I", "-X", "utf8", "-c", _START, *dict.fromkeys([package, *others])]


def _has_working_folder() -> bool:
    try:
        Path.cwd()
    except OSError:
        return False
    return True


def _exceeded(place: str, what: str) -> TemplateError:
    return TemplateError(f"{place}: {what}", hint=_BUSY_HINT)


def _ended(place: str, status: int, limits: Limits, *, late: bool) -> TemplateError:
    if late:
        return _exceeded(place, f"takes more than {limits.wall_seconds:g} seconds to fill in")
    busy = {-getattr(signal, name, 0) for name in ("SIGXCPU", "SIGKILL")} - {0}
    if status in busy:
        return _exceeded(place, f"takes more than {limits.cpu_seconds} seconds of computing to fill in")
    return _exceeded(place, f"ends the process that fills it in ({_status(status)})")


def _status(status: int) -> str:
    with suppress(ValueError):
        return signal.Signals(-status).name
    return f"status {status}"


def _reply(answer: bytes, place: str) -> Reply:
    try:
        return read_reply(answer)
    except ValueError:
        raise TemplateError(f"{place}: the process that fills it in gave no document") from None


def _content(reply: Reply, place: str, limits: Limits) -> bytes:
    if not reply.code:
        return reply.content
    message, hint = _plain(reply.message), _plain(reply.hint)
    if reply.code == "memory":
        raise _exceeded(place, f"needs more than {limits.memory >> 20} MB of memory to be filled in")
    if reply.code == "unready":
        raise HandoverError(
            f"the process that renders templates isn't ready ({message})", hint="install handover-kit again"
        )
    kind = DamagedFile if reply.code == DamagedFile.code else TemplateError
    raise kind(message, hint=hint)


def _check(content: bytes, place: str, limits: Limits) -> None:
    """A package that can be read within limits; finding more wrong with it is for those who go on working on it."""
    allowed = PackageLimits(part_bytes=limits.part_bytes, total_bytes=4 * limits.part_bytes)
    package = read_package(content, f"{place}: the document made from it", allowed)
    for name, part in package.parts.items():
        if package.types[name].endswith("xml") and len(part) > limits.text_bytes:
            raise _exceeded(place, f"gives {name} of more than {limits.text_bytes >> 20} MB")


def _plain(text: str) -> str:
    shown = "".join(c if c.isprintable() else " " for c in text)
    return shown if len(shown) <= _MAX_MESSAGE else f"{shown[: _MAX_MESSAGE - 1]}…"
