"""File names are UTF-8 in every locale, and a process is started again once at most."""

import os
import subprocess
import sys

import pytest

posix = pytest.mark.skipif(os.name != "posix", reason="elsewhere file names are Unicode")

PROGRAM = """
import os, sys
from handover.cli.utf8 import ensure_utf8
ensure_utf8()
print(ascii([sys.getfilesystemencoding(), sys.flags.utf8_mode, sys.argv[1:], os.listdir(sys.argv[1])]))
"""
ASCII_LOCALE = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


def said(folder, *, script=None, **environment):
    start = [script] if script else ["-c", PROGRAM]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "PYTHON", "LANG"))}
    done = subprocess.run(
        [sys.executable, *start, str(folder), "é"],
        env=inherited | environment,
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout.strip()


@posix
@pytest.mark.parametrize("as_script", [pytest.param(False, id="as code"), pytest.param(True, id="as a script")])
@pytest.mark.parametrize(
    ("environment", "mode"),
    [
        pytest.param(ASCII_LOCALE, 1, id="an ASCII locale"),
        pytest.param({"LC_ALL": "C.UTF-8"}, 0, id="a UTF-8 locale, where nothing is restarted"),
        pytest.param({"LC_ALL": "C"}, 1, id="the C locale as Python itself treats it"),
    ],
)
def test_names_and_arguments_are_read_as_utf_8(tmp_path, environment, mode, as_script):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "été.txt").write_bytes(b"")
    script = tmp_path / "started.py"
    script.write_text(PROGRAM)
    told = said(folder, script=str(script) if as_script else None, **environment)
    assert told == ascii(["utf-8", mode, [str(folder), "é"], ["été.txt"]])


@posix
def test_a_process_that_was_restarted_in_vain_goes_on(monkeypatch):
    from handover.cli import utf8

    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "ascii")
    started = []
    monkeypatch.setattr(os, "execv", lambda *command: started.append(command))
    monkeypatch.delenv("HANDOVER_UTF8_RESTART", raising=False)
    utf8.ensure_utf8()
    utf8.ensure_utf8()
    assert len(started) == 1 - sys.flags.utf8_mode
    assert all(command[1][1:3] == ["-X", "utf8"] for command in started)
    monkeypatch.delenv("HANDOVER_UTF8_RESTART", raising=False)
