"""Imports go downward only, nothing goes round in circles, and start-up stays light."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from house_plan import LOOSE, ROOMS, circles, imports_of, modules, name_of, room, tree, upward

FORBIDDEN = [
    pytest.param("bundle.verify", "bundle.write", id="verifying shares no code with packing"),
    pytest.param("bundle.read", "bundle.write", id="reading zips shares no code with writing them"),
    pytest.param("documents", "seal.keys", id="documents don't sign themselves"),
]


def test_every_module_stands_in_a_room():
    assert {room(name_of(path)) for path in modules()} == {*ROOMS, *LOOSE}


def test_no_import_runs_up():
    assert upward() == []


@pytest.mark.parametrize(("importer", "imported"), FORBIDDEN)
def test_some_parts_never_meet(importer, imported):
    def within(module, part):
        return f"{module}.".startswith(f"handover.{part}.")

    offenders = {
        name_of(path)
        for path in modules()
        if within(name_of(path), importer) and any(within(module, imported) for module in imports_of(path))
    }
    assert offenders == set()


def test_one_module_meets_the_library_without_releases():
    found = {name_of(path) for path in modules() if "asn1crypto" in path.read_text(encoding="utf-8")}
    assert found == {"handover.seal.asn1"}


def test_no_import_goes_round_in_a_circle():
    assert circles() == []


def test_every_module_says_its_role():
    assert [name_of(path) for path in modules() if not ast.get_docstring(tree(path))] == []


def test_only_the_command_line_prints_or_exits():
    offenders = []
    for path in modules():
        if room(name_of(path)) in {"cli", "__main__"}:
            continue
        ends = {"print", "sys.exit", "input", "click.echo"}
        offenders += [f"{name_of(path)}:{line}" for line, whole, _ in calls_of(path) if whole in ends]
    assert offenders == []


PRINTS = {"click.echo", "click.secho", "click.echo_via_pager", "click.prompt", "click.confirm", "print", "input"}
STREAMS = {"sys.stdout.write", "sys.stderr.write", "sys.stdout.buffer.write", "sys.stderr.buffer.write"}


@cache
def calls_of(path: Path) -> list[tuple[int, str, str]]:
    """Every call in a module: its line, what is called, dotted, and the name that is called at last."""
    calls = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    return [(call.lineno, whole := dotted(call.func), whole.rpartition(".")[2]) for call in calls]


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "…"


def test_one_module_writes_to_the_terminal():
    """There strangers' names and headers are made harmless."""
    offenders = [
        f"{name_of(path)}:{line} {whole}"
        for path in modules()
        if name_of(path) != "handover.cli.terminal"
        for line, whole, _ in calls_of(path)
        if whole in PRINTS | STREAMS
    ]
    assert offenders == []


OPENERS = {"open", "open_code", "read_bytes", "read_text", "fdopen", "ZipFile", "fromfile", "mmap"}
OPENING = {
    "handover.formats.opener": "the one opener",
    "handover.languages.files": "reads what ships with the program",
    "handover.bundle.publish": "locks output, and digests what it wrote",
    "handover.bundle.extract": "makes files in a fresh folder of its own",
    "handover.intake.write": "makes files in a fresh folder of its own",
    "handover.bundle.staging": "makes and locks what is written",
    "handover.bundle.write.assets": "asks `opener.Folder` for a descriptor",
    "handover.seal.keys": "makes a new key file",
    "handover.cli.boundary": "opens the null device",
    "handover.formats.confined": "answers on its own pipe",
    "handover.project.leaks.patterns": "reads the forms beside it",
    "handover.project.leaks.files": "reads the names beside it",
    "handover.project.check.rules": "reads the table beside it",
    "handover.importers.rules": "reads the table beside it",
    "handover.templating.rules": "reads the table beside it",
    "handover.importers.metrics.headers": "reads the table beside it",
    "handover.importers.credentials.formats": "reads the table beside it",
    "handover.__main__": "opens the null device",
    "handover.project.start": "calls a function of `languages.files` that is called so",
    "handover.documents.page_text": "calls a function of its own that is called so",
}
"""Modules in which something is opened or read by name, and why that is no stranger's file."""

NOT_FILES = {
    "files.read_bytes", "files.read_text", "resources.read_text", "Image.open", "archive.open", "package.open",
    "self._zip.open", "worker.folder.open",
    "zipfile.ZipFile",  # of bytes in memory
    "director.open",  # of an address that a person named
}  # fmt: skip


def test_one_module_opens_what_people_and_projects_name():
    offenders = [
        f"{name_of(path)}:{line} {whole}"
        for path in modules()
        if name_of(path) not in OPENING
        for line, whole, last in calls_of(path)
        if last in OPENERS and whole not in NOT_FILES
    ]
    assert offenders == []


def test_help_imports_click_and_nothing_else_of_weight():
    code = (
        "import sys\n"
        "from handover.cli import run\n"
        "run(['--help'])\n"
        "print(sorted(m for m in sys.modules if '.' not in m), file=sys.stderr)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {
        "pydantic",
        "docx",
        "openpyxl",
        "cryptography",
        "lxml",
        "babel",
        "PIL",
        "rich",
        "jinja2",
        "ruamel",
    }
    assert "Commands:" in result.stdout
    assert heavy & set(ast.literal_eval(result.stderr)) == set()
