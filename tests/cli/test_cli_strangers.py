"""A stranger's project on the command line: links, pipes, devices in every place, and names that steer a terminal."""

import json
import os
from pathlib import Path

import pytest

from building import VAULT_PASSPHRASE, make_project, secret_file
from handover.cli import run
from handover.cli.terminal import json_text
from handover.model.characters import quoted, visible

CANARY = "canary-7f3a91-which-nobody-may-read"


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr("handover.cli.asking.harden", lambda: None)
    (tmp_path / "elsewhere.txt").write_text(CANARY)
    return make_project(tmp_path / "acme")


def put(path: Path, kind: str) -> None:
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to({"link": "/etc/hostname", "device": "/dev/zero"}[kind])


FILES = [
    "handover.yaml", "data/metrics.csv", "data/pending.csv", "vault.xlsx", "templates/letter.docx",
    "templates/deny.txt", "templates/tone.toml", "templates/es/letter.toml", "templates/es/deny.txt",
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "kind"),
    [*((file, kind) for file in FILES for kind in ("link", "pipe")), ("data/metrics.csv", "device")],
)
def test_validate_reads_no_link_pipe_or_device(root, capsys, file, kind):
    letter = Path(__file__).parents[2] / "templates" / "en" / "letter.docx"
    folder = root / Path(file).parent
    if "templates" in file:
        folder.mkdir(parents=True)
        (folder / "letter.docx").write_bytes(letter.read_bytes())
    put(root / file, kind)

    assert run(["validate", str(root), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]

    assert any(one["file"].endswith(file.rpartition("/")[2]) for one in found), found


@pytest.mark.parametrize("kind", ["link", "pipe", "device"])
def test_the_vault_is_read_through_no_link_pipe_or_device(root, tmp_path, capsys, kind):
    put(root / "vault.xlsx", kind)
    secret = secret_file(tmp_path / "secret.txt", VAULT_PASSPHRASE)

    assert run(["vault", "list", "--project", str(root), "--vault-passphrase-file", str(secret)]) == 1
    assert "vault.xlsx is" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["build", "{root}", "--draft"], id="build"),
        pytest.param(["build", "{root}", "--draft", "-o", "{root}/out"], id="build into the folder by its name"),
        pytest.param(["write", "letter", "{root}"], id="letter"),
    ],
)
def test_nothing_is_written_or_tidied_up_behind_a_link_in_place_of_out(root, tmp_path, capsys, words):
    target = tmp_path / "target"
    target.mkdir()
    (target / ".handover-0123456789abcdef.tmp").write_text("somebody's")
    (root / "out").symlink_to(target)

    assert run([word.format(root=root) for word in words]) == 1

    assert "is a link, not a folder" in capsys.readouterr().err
    assert [path.name for path in target.iterdir()] == [".handover-0123456789abcdef.tmp"]


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        pytest.param("data", ["import", "metrics", "{export}", "--project", "{root}", "--replace"], id="import"),
        pytest.param("templates", ["templates", "eject", "letter", "--project", "{root}"], id="templates eject"),
        pytest.param("templates", ["templates", "new-language", "es", "--project", "{root}"], id="new language"),
    ],
)
def test_nothing_is_written_behind_a_link_in_place_of_a_folder(root, tmp_path, capsys, folder, words):
    export = tmp_path / "export.csv"
    export.write_text("date,metric,value\n2024-01,leads,12\n")
    target = tmp_path / "target"
    target.mkdir()
    if (root / folder).exists():
        (root / folder).rename(tmp_path / "before")
    (root / folder).symlink_to(target)

    assert run([word.format(root=root, export=export) for word in words]) != 0
    assert list(target.iterdir()) == []


def test_a_languages_folder_that_is_a_link_is_told(root, tmp_path, capsys):
    elsewhere = tmp_path / "es"
    elsewhere.mkdir()
    (elsewhere / "letter.toml").write_text(f'[text]\nx = "{CANARY}"\n')
    (root / "templates").mkdir(exist_ok=True)
    (root / "templates" / "es").symlink_to(elsewhere)

    assert run(["validate", str(root)]) == 1
    err = capsys.readouterr().err
    assert "is a symbolic link" in err
    assert CANARY not in err


STEERING = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp.exe\u2066"


def test_what_a_table_calls_its_columns_cannot_steer_the_terminal(root, tmp_path, capsys):
    export = tmp_path / "export.csv"
    export.write_text(f"month,{STEERING},visitors\n2024-01,1,12\n2024-02,2,13\n")

    run(["import", "metrics", str(export), "--project", str(root), "--dry-run"])
    shown = capsys.readouterr()

    assert "owned" in shown.out + shown.err
    assert not set(shown.out + shown.err) & set(STEERING[:1] + "\x07\x9b\u202e\u2066")


@pytest.mark.parametrize("style", ["text", "json", "sarif", "junit", "github"])
def test_what_a_file_is_called_cannot_steer_the_terminal(root, capsys, style):
    name = f"{STEERING.replace('/', '')}.csv"
    (root / "data" / name).write_text("x")
    (root / "assets" / f"a{STEERING}.txt").write_text("x")

    run(["validate", str(root), "--format", style])
    shown = capsys.readouterr()

    assert not set(shown.out + shown.err) & set("\x1b\x07\x9b\u202e\u2066")
    if style in {"json", "sarif"}:
        assert json.loads(shown.out)


def test_a_path_on_the_command_line_cannot_steer_the_terminal(tmp_path, capsys):
    for command in (
        ["verify"],
        ["open", "-o", "x"],
        ["validate"],
        ["build"],
        ["write", "decision"],
        ["vault", "list", "--project"],
    ):
        assert run([*command, str(tmp_path / STEERING)]) == 2
        assert not set(capsys.readouterr().err) & set("\x1b\x07\x9b\u202e\u2066")


def test_json_stays_json():
    value = {"\u202e": ["\x7f\x9b", "\udce9", "é\u00a0€", "\n"]}

    assert json.loads(json_text(value)) == value
    assert visible(json_text(value)) == json_text(value)
    assert "é\u00a0€" in json_text(value)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("plain.zip", "plain.zip"),
        ("a b.zip", "'a b.zip'"),
        ("$(reboot).zip", "'$(reboot).zip'"),
        ("-rf", "./-rf"),
        ("it's", "'it'\"'\"'s'"),
    ],
)
def test_a_hint_to_paste_quotes_what_a_file_is_called(name, typed):
    assert quoted(name) == typed
