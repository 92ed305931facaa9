"""`handover preview` writes what people read as drafts, and opens it; the path's commands each name the next one."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from building import isolate, make_project
from handover.cli import asking, run

DATE = "2026-03-02"


@pytest.fixture(autouse=True)
def own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch, tmp_path)


PROGRAM = """#!/bin/sh
{ echo "$#|$1|$(pwd)"; for one in 0 1 2; do [ -t $one ] && echo "a terminal"; done; cat; } >> "$OPENED"
exit $OPENS_WITH
"""


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """The files that a desktop's program was given, by a person at a terminal."""
    program, told = tmp_path / "bin" / "xdg-open", tmp_path / "opened"
    program.parent.mkdir()
    program.write_text(PROGRAM, encoding="utf-8")
    program.chmod(0o755)
    told.touch()
    monkeypatch.setattr("handover.cli.asking.interactive", lambda: True)
    monkeypatch.setattr("sys.platform", "linux")
    for name, value in {
        "PATH": f"{program.parent}:{os.environ['PATH']}", "DISPLAY": ":0", "OPENED": str(told), "OPENS_WITH": "0",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    return lambda: told.read_text(encoding="utf-8").splitlines()


def test_letter_page_and_report_are_written_as_drafts_and_opened(tmp_path, opened, capfd):
    root = make_project(tmp_path / "acme")
    assert run(["preview", str(root), "--date", DATE]) == 0

    out, _ = capfd.readouterr()
    made = {path.name: path for path in (root / "out" / "preview").iterdir()}
    report = next(name for name in made if "together" in name)
    # Each alone, by its whole path, started where no project lies and without this terminal.
    assert opened() == [
        f"1|{root / 'out' / 'preview' / name}|/" for name in ("01-termination-letter.docx", "START-HERE.html", report)
    ]
    assert out.count(": opened") == 3
    assert "inventory" not in "".join(made)
    assert "DRAFT" in made["START-HERE.html"].read_text(encoding="utf-8")
    assert all(path.stat().st_mode & 0o077 == 0 for path in made.values())
    assert out.rstrip().endswith(f"next: handover build {root}")
    # Again: what is there is written anew.
    assert run(["preview", str(root), "--date", DATE, "--document", "letter"]) == 0
    assert len(opened()) == 4
    assert opened()[-1].endswith("01-termination-letter.docx|/")


def test_nothing_is_opened_where_nobody_looks(tmp_path, opened, monkeypatch):
    root = make_project(tmp_path / "acme")
    assert run(["preview", str(root), "--date", DATE, "--no-open"]) == 0
    monkeypatch.setattr("handover.cli.asking.interactive", lambda: False)
    assert run(["preview", str(root), "--date", DATE]) == 0
    assert opened() == []


@pytest.mark.parametrize(
    ("changes", "tried"),
    [
        pytest.param({"OPENS_WITH": "3"}, 3, id="a program that says it can't"),
        pytest.param({"PATH": "/nowhere"}, 0, id="no such program"),
        pytest.param({"DISPLAY": "", "WAYLAND_DISPLAY": ""}, 0, id="no desktop, so nothing takes the terminal"),
    ],
)
def test_what_cant_be_opened_is_there_all_the_same(changes, tried, tmp_path, opened, monkeypatch, capfd):
    for name, value in changes.items():
        monkeypatch.setenv(name, value)
    root = make_project(tmp_path / "acme")
    assert run(["preview", str(root), "--date", DATE]) == 0
    out, _ = capfd.readouterr()
    assert ": opened" not in out
    assert "START-HERE.html" in out
    assert len(opened()) == tried


def test_a_document_that_isnt_made_is_told(tmp_path, capfd):
    root = make_project(tmp_path / "acme")
    assert run(["preview", str(root), "--document", "inventory"]) == 2
    assert "letter" in capfd.readouterr().err


def test_a_link_in_the_place_of_the_folder_is_refused(tmp_path, capfd):
    root = make_project(tmp_path / "acme")
    (tmp_path / "elsewhere").mkdir()
    (root / "out").mkdir(exist_ok=True)
    (root / "out" / "preview").symlink_to(tmp_path / "elsewhere")
    assert run(["preview", str(root), "--date", DATE]) == 1
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(["validate", "{root}"], "handover preview {root}", id="after validate"),
        pytest.param(["validate", "{bare}"], "handover validate {bare}", id="after a validate that found something"),
        pytest.param(["new", "{fresh}"], "handover validate {fresh}", id="after new"),
        pytest.param(["build", "{root}", "--draft", "--date", DATE], "handover build {root}", id="after a draft"),
    ],
)
def test_every_command_of_the_path_names_the_next_one(tmp_path, capfd, words, expected):
    places = {name: tmp_path / name for name in ("root", "bare", "fresh")}
    make_project(places["root"])
    assert run(["new", str(places["bare"])]) == 0
    capfd.readouterr()
    run([word.format(**places) for word in words])
    out, err = capfd.readouterr()
    assert f"next: {expected.format(**places)}" in (out + err).splitlines()


@pytest.mark.parametrize(
    ("system", "told"), [("linux", []), ("darwin", ["memory"]), ("win32", ["who may read", "memory", "killed build"])]
)
def test_what_a_system_cant_give_is_said_there(monkeypatch, system, told):
    monkeypatch.setattr("sys.platform", system)
    lines = asking.limits()
    assert len(lines) == len(told)
    assert all(word in line for word, line in zip(told, lines, strict=True))
