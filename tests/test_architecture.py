"""Imports go downward only, nothing goes round in circles, and start-up stays light."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "handover"

ROOMS = (
    "model", "formats", "languages", "seal", "bundle", "compare", "project", "importers", "templating", "documents",
    "build", "cli",
)  # fmt: skip
"""From the ground up: a room imports from those before it."""

LOOSE = {"__init__", "__main__"}

FORBIDDEN = [
    pytest.param("bundle.verify", "bundle.write", id="verifying shares no code with packing"),
    pytest.param("bundle.read", "bundle.write", id="reading zips shares no code with writing them"),
    pytest.param("documents", "seal.keys", id="documents don't sign themselves"),
]


def modules():
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(path: Path, *, runtime_only: bool = False) -> set[str]:
    """Modules of ours that a module imports, lazily or not; `if TYPE_CHECKING` blocks aren't followed at run time."""
    tree = _tree(path)
    skipped: set[ast.AST] = set()
    if runtime_only:
        for node in ast.walk(tree):
            lazy = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            typing_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
            if lazy or typing_only:
                skipped.update(ast.walk(node))
    found: set[str] = set()
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "handover":
            found.update(_target(node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names if alias.name.split(".")[0] == "handover")
    return found


def _target(module: str, name: str) -> str:
    """`from handover.seal import keys` imports handover.seal.keys; `from handover.model.errors import X` a name."""
    path = PACKAGE.parent.joinpath(*module.split("."), name)
    return f"{module}.{name}" if path.with_suffix(".py").exists() or path.is_dir() else module


def test_every_module_stands_in_a_room():
    assert {room(name_of(path)) for path in modules()} == {*ROOMS, *LOOSE}


def test_no_import_runs_up():
    above = {room: {*ROOMS[number + 1 :], "__main__"} for number, room in enumerate(ROOMS)}
    upward = {
        f"{name_of(path)} imports {module}"
        for path in modules()
        for module in imports_of(path)
        if room(module) in above.get(room(name_of(path)), ())
    }
    assert upward == set()


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


def test_no_import_goes_round_in_a_circle():
    graph = {name_of(path): imports_of(path, runtime_only=True) for path in modules()}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " → ".join([*trail, module])
        if module in done or module not in graph:
            return
        for imported in graph[module] - {module}:
            visit(imported, (*trail, module))
        done.add(module)

    for module in graph:
        visit(module, ())


def test_every_module_says_its_role():
    assert [name_of(path) for path in modules() if not ast.get_docstring(_tree(path))] == []


def test_only_the_command_line_prints_or_exits():
    offenders = []
    for path in modules():
        if room(name_of(path)) in {"cli", "__main__"}:
            continue
        offenders += [
            f"{name_of(path)}:{node.lineno}"
            for node in ast.walk(_tree(path))
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"print", "sys.exit", "input", "click.echo"}
        ]
    assert offenders == []


PRINTS = {"click.echo", "click.secho", "click.echo_via_pager", "click.prompt", "click.confirm", "print", "input"}
STREAMS = {"sys.stdout.write", "sys.stderr.write", "sys.stdout.buffer.write", "sys.stderr.buffer.write"}


def calls_of(path: Path):
    """Every call in a module: its line, what is called as it's written, and the name that is called at last."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Call):
            whole = ast.unparse(node.func)
            yield node.lineno, whole, whole.rpartition(".")[2]


def test_one_module_writes_to_the_terminal():
    """There strangers' names and headers are made harmless."""
    offenders = [
        f"{name_of(path)}:{line} {whole}"
        for path in modules()
        if name_of(path) not in {"handover.cli.terminal"}
        for line, whole, _ in calls_of(path)
        if whole in PRINTS | STREAMS
    ]
    assert offenders == []


OPENERS = {"open", "open_code", "read_bytes", "read_text", "fdopen", "ZipFile", "fromfile", "mmap"}
OPENING = {
    "handover.formats.opener": "the one opener",
    "handover.languages.files": "reads what ships with the program",
    "handover.bundle.publish": "makes and locks output",
    "handover.bundle.extract": "makes files in a fresh folder of its own",
    "handover.bundle.staging": "locks that folder",
    "handover.bundle.write.reuse": "makes its own record, and reads it by a descriptor that `opener` opened",
    "handover.bundle.write.assets": "asks `opener.Folder` for a descriptor",
    "handover.seal.keys": "makes a new key file",
    "handover.cli.word_to_pdf": "reads what LibreOffice made in a folder of its own",
    "handover.cli.boundary": "opens the null device",
    "handover.formats.confined": "answers on its own pipe",
    "handover.project.leaks.patterns": "reads the rules beside it",
    "handover.__main__": "opens the null device",
    "handover.project.start": "calls a function of `languages.files` that is called so",
    "handover.documents.page_text": "calls a function of its own that is called so",
}
"""Modules in which something is opened or read by name, and why that is no stranger's file."""

NOT_FILES = {
    "files.read_bytes", "files.read_text", "resources.read_text", "Image.open", "archive.open", "package.open",
    "self._zip.open", "worker.folder.open",
    "zipfile.ZipFile",  # of bytes in memory
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
