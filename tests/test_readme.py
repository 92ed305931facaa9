"""README's commands work as they stand there: the tour is run in order, its questions answered as a user would."""

import os
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
KEY_PASSWORD = "velvet-thunder-orchard-lantern-quiver-mango"
STATUS = {"handover validate studio/acme": 1, "handover verify": 3}
"""Commands that the text says end with another status than 0."""
SETUP = {
    "the language of your documents": "en",
    "the country variant": "",
    "the agency's name": "Tamsin Reeve, Web & Content",
    "who speaks in the documents": "i",
    "the postal address": "4 Ferry Lane; Wrenfield",
    "the e-mail address": "tamsin@reeve.example",
    "the phone number": "",
    "the web site": "",
    "the legal mentions": "",
    "the town in which": "Wrenfield",
    "the currency": "GBP",
    "the law that governs": "uk",
    "the file of your logo": "",
    "the one colour": "",
    "who signs the letters": "Tamsin Reeve",
    "their role": "Owner",
    "their own e-mail": "",
    "their own phone": "",
    "does somebody else sign": "n",
    "which key?": "new",
    "a photo of the signature": "",
}
"""What is asked once of an agency, by how each question begins, and what is typed; nothing for what is proposed."""

pty = pytest.importorskip("pty", reason="terminals are POSIX's")


def tour() -> list[tuple[str, list[str]]]:
    """Each command of the console blocks with the output that README shows below it."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


class Person:
    """Runs commands in a terminal and answers what they ask."""

    def __init__(self, folder: Path, config: Path) -> None:
        self.folder = folder
        programs = folder / "programs"
        programs.mkdir()
        for name in ("xdg-open", "open"):  # what would open a window on the computer of whoever runs the tests
            (programs / name).write_text("#!/bin/sh\nexit 0\n", encoding="ascii")
            (programs / name).chmod(0o700)
        self.environment = {
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "XDG_CONFIG_HOME": str(config),
            "HOME": str(config),
            "NO_COLOR": "1",
            "TERM": "dumb",
            "COLUMNS": "80",
        }
        self.answers: dict[str, str] = {}

    def run(self, command: str) -> tuple[int, str]:
        words = shlex.split(command)
        if words[0] == "handover":
            words = [sys.executable, "-m", "handover", *words[1:]]
        process, terminal = pty.fork()
        if process == 0:
            os.chdir(self.folder)
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
                    os.write(terminal, answer.encode() + b"\n")
                    break
        _, status = os.waitpid(process, 0)
        os.close(terminal)
        return os.waitstatus_to_exitcode(status), said.replace("\r\n", "\n")


def test_the_tour_runs_from_an_empty_folder_to_the_email(tmp_path):
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("out", "__pycache__"))
    person = Person(tmp_path, tmp_path / "config")
    vault = (tmp_path / "examples" / "wrenfield-nurseries.vault-passphrase").read_text(encoding="utf-8").strip()
    person.answers = {
        **SETUP,
        "a password for the new key": KEY_PASSWORD,
        "Repeat for confirmation": KEY_PASSWORD,
        "the password of the key": KEY_PASSWORD,
        "the vault's passphrase": vault,
        "was the passphrase given": "y",
    }
    commands = tour()
    assert [command.split()[:2] for command, _ in commands][-1] == ["handover", "send"]
    for command, shown in commands:
        status, said = person.run(command)
        expected = next((s for start, s in STATUS.items() if command.startswith(start)), 0)
        assert status == expected, f"$ {command}\n{said}"
        for line in shown:
            assert line in said, f"$ {command}\n{said}"
        words = re.search(r"nowhere else:\s+(\S+(?:-\S+){6})\s", said)
        if words:
            person.answers["the client's passphrase"] = words[1]
    out = tmp_path / "tour" / "out"
    draft = (out / "wrenfield-nurseries-handover-2026-11-23.eml").read_bytes()
    assert draft.startswith(b"X-Unsent: 1\r\n")
    assert person.answers["the client's passphrase"].encode() not in draft
    assert "wrenfield" in (out / "wrenfield-nurseries-handover-2026-11-23.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_every_link_of_the_readme_leads_somewhere(target):
    assert (ROOT / target).exists()


def test_every_command_that_the_readme_names_exists():
    from handover.cli import COMMANDS

    named = set(re.findall(r"`handover ([a-z]+)", README))
    assert named <= set(COMMANDS)
