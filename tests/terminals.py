"""A person at a terminal, for tests of whole sessions. Not a test itself; terminals are POSIX's."""

import os
import pty
import shlex
import warnings
from pathlib import Path

from forked import become

MOST = 200
"""Answers in one session: a question that comes again and again for want of one is left alone, and the test ends."""


class Person:
    """Runs commands in a terminal and answers what they ask."""

    def __init__(self, folder: Path, config: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "XDG_CONFIG_HOME": str(config),
            "HOME": str(config),
            "NO_COLOR": "1",
            "TERM": "dumb",
            "COLUMNS": "80",
            # No desktop: what `preview` writes is opened by nothing that happens to be installed.
            "DISPLAY": "",
            "WAYLAND_DISPLAY": "",
        }
        self.answers: dict[str, str] = {}
        self.accepts = False
        """Whether they press Enter where they have nothing to say."""
        self.given = 0
        """How often they answered."""

    def run(self, command: str) -> tuple[int, str]:
        words = shlex.split(command)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of threads, from Python 3.12 on; the child uses none
            process, terminal = pty.fork()
        if process == 0:
            os.chdir(self.folder)
            if words[0] == "handover":
                become(words[1:], self.environment)
            os.execvpe(words[0], words, self.environment)
        said, asked = "", 0
        while True:
            try:
                piece = os.read(terminal, 65_536)
            except OSError:  # Linux's way to say that the other side has closed
                break
            if not piece:
                break
            said += piece.decode("utf-8", "replace")
            for question, answer in self.answers.items():
                place = said.find(question, asked)
                if place >= 0 and said.rstrip().endswith(":"):
                    asked = len(said)
                    self.given += 1
                    os.write(terminal, answer.encode() + b"\n")
                    break
            else:
                if self.accepts and said.endswith(": ") and asked < len(said) and self.given < MOST:
                    asked = len(said)
                    self.given += 1
                    os.write(terminal, b"\n")
        _, status = os.waitpid(process, 0)
        os.close(terminal)
        return os.waitstatus_to_exitcode(status), said.replace("\r\n", "\n")
