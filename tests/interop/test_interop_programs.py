"""Which programs each command starts, as the system sees it: none but our own, in repositories made to run something.

Two kinds of hostile project: one whose `out/` is a bare git repository made of ordinary files, and one that brings a
`.git/`. Both name programs wherever git would run one, and carry programs under the names of others, where a command
that looked for one in the current folder would find it. Each would leave a file behind.
"""

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from building import KEY_PASSWORD, PASSPHRASE, VAULT_PASSPHRASE, key_file, make_project, secret_file
from handover.cli import cli

pytestmark = [pytest.mark.interop, pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")]

EXEC = re.compile(r'^\d+ +(?:execve|execveat)\((?:[^"]*?, )?"([^"]*)", \[(.*)\](?:\.\.\.)?, .*\) = 0$')
TEMPTING = ("git", "soffice", "libreoffice", "python", "python3", "sh", "uname", "ldconfig", "gcc", "xdg-open", "stty")

OWN = ("-m", "-I", "-c", "-X", "-E", "-s", "-P", "-B")
"""What our own children are started with: our interpreter, and a module or program of ours."""


@dataclass(frozen=True)
class Command:
    """A command, its words, and how it ends."""

    words: str
    ends: int = 0


CALLS = (
    Command("new fresh"),
    Command("new messy taken --no-input"),
    Command("validate acme", 0),
    Command("validate acme --format sarif"),
    Command("validate acme/templates --strict"),
    Command("build acme --draft"),
    Command("build acme --list"),
    Command("build acme {key} {secrets} --no-input --date 2026-03-02"),
    Command("build acme {key} {secrets} --no-input --date 2026-03-02 --replace --split-assets"),
    Command("write letter acme -o letter.docx"),
    Command("write decision acme", ends=1),  # both agreed on the end
    Command("status acme", 1),
    Command("status acme --done called"),
    Command("preview acme --no-open"),
    Command("setup studio --no-input", 2),
    Command("setup studio --no-input --logo logo.svg --language en --name S --address A --email a@b.example "
            "--owner Ada --title Owner --key new --key-passphrase-file kp"),
    Command("sign letter.docx --project acme {key} --no-input"),
    Command("verify made.zip", 3),
    Command("open made.zip -o opened", 3),
    Command("send made.zip --project acme --passphrase-file pp --no-input"),
    Command("import metrics export.csv --project acme"),
    Command("import pending board.csv --project acme --map Doing=in-progress"),
    Command("import invoices receipt.pdf --project acme", 1),
    Command("import receipt receipt.pdf --project acme"),
    Command("import answers receipt.pdf --project acme", 2),
    Command("import workbook --project other"),
    Command("import credentials new.csv --project acme {vault}"),
    Command("templates list --project acme"),
    Command("templates show letter"),
    Command("templates eject pending --project acme"),
    Command("templates preview letter --project acme"),
    Command("templates new-language es --project acme"),
    Command("vault list --project acme {vault}"),
    Command("vault add Mail --project acme {vault}", 1),
    Command("vault import new.csv --project acme {vault}"),
    Command("vault remove Mail --project acme {vault}", 1),
    Command("vault init --project other {vault}"),
    Command("vault issued --project acme {vault}"),
    Command("vault passphrase --project other {vault} --no-input", 2),
    Command("keys create --name Ada --out new.p12 --key-passphrase-file kp"),
    Command("keys import owner.p12 --out taken.p12 --key-passphrase-file kp"),
    Command("keys show {key}"),
    Command("keys pin acme {key}", 2),
    Command("keys passphrase {key} --no-input", 2),
    Command("schema"),
    Command("completion bash"),
)  # fmt: skip
OPTIONS = {
    "key": "--key owner.p12 --key-passphrase-file kp",
    "secrets": "--vault-passphrase-file vp --passphrase-file pp",
    "vault": "--vault-passphrase-file vp",
}


def hostile_config(canary: Path) -> str:
    """A git configuration that names a program wherever git would run one."""
    run = f"touch {canary}"
    return (
        f'[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tfsmonitor = "{run}"\n\tsshCommand = "{run}"\n'
        f'\teditor = "{run}"\n\tpager = "{run}"\n\thooksPath = hooks\n\tattributesFile = attributes\n'
        f'[diff]\n\texternal = "{run}"\n[filter "x"]\n\tclean = "{run}"\n\tsmudge = "{run}"\n\tprocess = "{run}"\n'
        f'[alias]\n\tcheck-ignore = "!{run}"\n\tstatus = "!{run}"\n'
    )


def repository(folder: Path, canary: Path) -> None:
    """A bare repository made of ordinary files."""
    for name in ("objects/info", "refs/heads", "hooks"):
        (folder / name).mkdir(parents=True)
    (folder / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / "config").write_text(hostile_config(canary))
    (folder / "attributes").write_text("* filter=x\n")
    for hook in ("pre-commit", "post-checkout", "fsmonitor-watchman", "post-index-change"):
        program(folder / "hooks" / hook, canary)


def program(path: Path, canary: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\ntouch {canary}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture(params=["a bare repository as out/", "a project that brings .git/"])
def place(request, tmp_path):
    root, canary = make_project(tmp_path / "acme"), tmp_path / "canary"
    templates = Path(__file__).parents[2] / "templates" / "en"
    (root / "templates").mkdir()
    shutil.copy(templates / "letter.docx", root / "templates" / "letter.docx")
    make_project(tmp_path / "other")
    (tmp_path / "other" / "vault.xlsx").unlink()
    repository(root / ("out" if request.param.startswith("a bare") else ".git"), canary)
    for folder in (tmp_path, root, root / "out"):
        for name in TEMPTING:
            program(folder / name, canary)
    key_file(tmp_path / "owner.p12")
    secret_file(tmp_path / "kp", KEY_PASSWORD)
    secret_file(tmp_path / "vp", VAULT_PASSPHRASE)
    secret_file(tmp_path / "pp", PASSPHRASE)
    (tmp_path / "export.csv").write_text("date,metric,value\n2024-01,leads,12\n")
    (tmp_path / "board.csv").write_text("Card ID,Card Name,List Name\n1,Shop,Doing\n")
    (tmp_path / "receipt.pdf").write_bytes(b"%PDF-1.4\n")
    (tmp_path / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h1"/></svg>'
    )
    shutil.copytree(root, tmp_path / "messy", symlinks=True)
    (tmp_path / "messy" / "contract.pdf").write_bytes(b"%PDF-1.4\n")
    (tmp_path / "messy" / "hello.eml").write_bytes(b"From: a@b.example\nTo: c@d.example\nSubject: x\n\nHello\n")
    (tmp_path / "new.csv").write_text("service,password\nShop,another long one\n")
    return tmp_path


def traced(place: Path, words: list[str]) -> tuple[int, list[tuple[str, str]], str]:
    """How a command ends, and every program that it or a child of it started: path and arguments."""
    trace = place / "trace"
    command = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-s",
        "500",
        "-e",
        "trace=execve,execveat",
        "-o",
        str(trace),
        sys.executable,
    ]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "XDG_CONFIG_HOME": str(place / "config")}
    done = subprocess.run(
        [*command, "-m", "handover", *words], cwd=place, env=environment, capture_output=True, text=True, check=False
    )
    lines = trace.read_text(errors="replace").splitlines()
    return done.returncode, [m.groups() for line in lines if (m := EXEC.match(line))], done.stderr


def is_ours(path: str, arguments: str) -> bool:
    """Our interpreter with options of our own, no script of anybody's."""
    given = shlex.split(arguments.replace(", ", " "))
    return os.path.realpath(path) == os.path.realpath(sys.executable) and len(given) > 1 and given[1].startswith(OWN)


def test_no_command_starts_a_program_of_a_hostile_repository(place):
    said = []
    for command in CALLS:
        words = shlex.split(command.words.format(**OPTIONS))
        status, started, err = traced(place, words)
        assert started, "strace saw nothing"
        for path, arguments in started:
            if not is_ours(path, arguments):
                said.append(f"{command.words}: {path} [{arguments}]")
        assert not (place / "canary").exists(), command.words
        assert status == command.ends, f"{command.words}: {status}\n{err}"
        if command.words.startswith("build acme {key}") and not (place / "made.zip").exists():
            shutil.copy(next((place / "acme" / "out").glob("*.zip")), place / "made.zip")
    assert said == []


def leaves(group: click.Group, before: str = "") -> Iterator[str]:
    """Every command below a group, as it is typed."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from leaves(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def test_every_command_is_traced():
    typed = [f"{command.words} " for command in CALLS]
    assert [name for name in leaves(cli) if not any(words.startswith(f"{name} ") for words in typed)] == []
