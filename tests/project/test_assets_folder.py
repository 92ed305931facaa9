"""The client's files in a folder outside of the project: confirmed by a person, opened by the one opener."""

import os
import sys
import zipfile
from pathlib import Path

import pytest

from building import PASSPHRASE, VAULT_PASSPHRASE, isolate, make_project
from handover.cli import run
from handover.model.selection import Selection, place_of
from handover.project.read.assets_folder import confirm

posix = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are POSIX's")


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A project whose files lie beside it, and the folder of these."""
    isolate(monkeypatch, tmp_path)
    root, files = make_project(tmp_path / "acme"), tmp_path / "Client – Été"
    (root / "assets").rename(files)
    settings = root / "handover.yaml"
    settings.write_text(f"{settings.read_text(encoding='utf-8')}assets:\n  from: ../{files.name}\n", encoding="utf-8")
    for name, secret in (("vault", VAULT_PASSPHRASE), ("client", PASSPHRASE)):
        (tmp_path / f"{name}.txt").write_text(secret.reveal(), encoding="utf-8")
        (tmp_path / f"{name}.txt").chmod(0o600)
    return root, files


def delivered(bundle: Path) -> set[tuple[str, int]]:
    with zipfile.ZipFile(bundle) as archive:
        return {(one.filename, one.CRC) for one in archive.infolist() if one.filename.startswith("assets/")}


def said(root: Path, capsys, *more: str) -> str:
    capsys.readouterr()
    status = run(["validate", str(root), "--json", *more])
    told = "".join(capsys.readouterr())
    return "" if status == 0 else told


def test_a_folder_that_nobody_confirmed_is_never_opened_and_one_that_is_confirmed_is_delivered(desk, capsys):
    root, files = desk
    (files / ".env").write_text("DB_PASSWORD=hush-hush-4711\n")
    told = said(root, capsys)
    assert "asset.unconfirmed" in told
    assert "hush" not in told
    assert ".env" not in told
    assert run(["build", str(root), "--list"]) == 1
    told = said(root, capsys, "--assets-from", str(files))
    assert "assets/.env" in told  # its secrets are told as those of assets/ are
    (files / ".env").unlink()
    assert said(root, capsys) == ""


def test_the_same_files_are_delivered_as_from_the_projects_own_folder(desk, capsys):
    root, files = desk
    (files / "quai: aube?.jpg" if os.name == "posix" else files / "quai.jpg").write_bytes(b"\xff\xd8\xff one")
    settings = root / "handover.yaml"
    text = settings.read_text(encoding="utf-8")
    left = "  assets:\n    exclude: [/raw/, '/Plan (1).txt']\n"
    settings.write_text(text.replace("options:\n", f"options:\n{left}"), encoding="utf-8")
    (files / "raw").mkdir()
    (files / "raw" / "take.mov").write_bytes(b"no")
    (files / "Plan (1).txt").write_text("no")
    secrets = [
        f"--{name}-file={root.parent / file}"
        for name, file in (("passphrase", "client.txt"), ("vault-passphrase", "vault.txt"))
    ]
    build = ["build", str(root), "--date", "2026-03-02", *secrets, "--no-input"]
    assert run([*build, "--assets-from", str(files)]) == 0
    there = next((root / "out").glob("*.zip"))
    held = delivered(there)
    assert held
    files.rename(root / "assets")
    settings.write_text(settings.read_text(encoding="utf-8").partition("assets:\n  from")[0], encoding="utf-8")
    assert run([*build, "--replace", "--rename-unsafe"]) == 0
    assert delivered(there) == held
    assert not any("raw" in name or "Plan" in name for name, _ in held)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda root, files: files.rename(files.parent / "elsewhere"), "asset.moved"),
        pytest.param(
            lambda root, files: (files.rename(files.parent / "real"), files.symlink_to(files.parent / "real")),
            "is a link, not a folder",
            marks=posix,
        ),
        pytest.param(
            lambda root, files: (files.rename(files.parent / "real"), os.mkfifo(files)), "is a pipe", marks=posix
        ),
        (lambda root, files: (files.rename(files.parent / "real"), files.write_text("x")), "is a file, not a folder"),
        (lambda root, files: ((root / "assets").mkdir(), (root / "assets" / "x.txt").write_text("x")), "asset.twice"),
        pytest.param(lambda root, files: os.mkfifo(files / "pipe"), "it's a pipe, not a file", marks=posix),
        pytest.param(
            lambda root, files: (files / "leak.txt").symlink_to(root / "vault.xlsx"), "it's a link, not a file",
            marks=posix,
        ),
    ],
)  # fmt: skip
def test_what_became_of_a_confirmed_folder_is_told_plainly(change, told, desk, capsys):
    root, files = desk
    confirm(root, files)
    change(root, files)
    assert told in said(root, capsys)


@pytest.mark.parametrize("named", [".", "..", "internal", "../acme/assets", "/"])
def test_a_folder_that_holds_the_project_or_lies_in_it_is_refused_even_when_confirmed(named, desk, capsys):
    root, files = desk
    settings = root / "handover.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace(f"../{files.name}", named), encoding="utf-8")
    (root / "internal").mkdir(exist_ok=True)
    (root / "assets").mkdir(exist_ok=True)
    confirm(root, (root / named).resolve())
    assert "asset.overlap" in said(root, capsys)


@posix
def test_a_folder_behind_another_link_than_the_one_confirmed_is_asked_about_anew(desk, capsys):
    root, files = desk
    (root.parent / "a").mkdir()
    files.rename(root.parent / "a" / "files")
    (root.parent / "b" / "files").mkdir(parents=True)
    (root.parent / "disk").symlink_to(root.parent / "a")
    settings = root / "handover.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace(files.name, "disk/files"), encoding="utf-8")
    confirm(root, root.parent / "disk" / "files")
    assert said(root, capsys) == ""
    (root.parent / "disk").unlink()
    (root.parent / "disk").symlink_to(root.parent / "b")
    assert "asset.unconfirmed" in said(root, capsys)


def test_a_person_confirms_on_a_terminal_once(desk):
    terminals = pytest.importorskip("terminals", reason="terminals are POSIX's", exc_type=ImportError)
    root, files = desk
    person = terminals.Person(root.parent, root.parent / "config")
    person.answers = {"be delivered to this client": "no"}
    status, told = person.run(f"handover validate {root.name}")
    assert status == 1, told
    assert files.name in " ".join(told.split())
    person.answers = {"be delivered to this client": "yes"}
    assert person.run(f"handover validate {root.name}")[0] == 0
    person.answers = {}
    assert person.run(f"handover validate {root.name}")[0] == 0


@pytest.mark.parametrize(
    "path",
    ["a.txt", "b[1].txt", "wh?t*.txt", "trailing ", "back\\slash", "é/e\u0301.txt", "dir/", "nul\x07.txt"],
)
def test_the_place_of_a_file_leaves_out_that_file_and_no_other(path):
    rules = Selection(exclude=[place_of(path)])
    assert rules.judge(path.rstrip("/"), "x", folder=path.endswith("/"))
    others = {"a.txta", "b1.txt", "what.txt", "trailing", "backslash", "e/é.txt", "dir", "sub/a.txt"} - {path}
    assert not [other for other in others if rules.judge(other, "x", folder=False)]
