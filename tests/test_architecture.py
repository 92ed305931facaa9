"""Imports go downward only, nothing goes round in circles, and start-up stays light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "handover"

LEVELS = {
    0: {"characters", "errors", "memory", "regular", "secret", "wildcards", "toml", "zips", "__init__"},
    1: {"artifact", "foreign", "model", "names", "near", "resources", "sources", "brand", "rules", "selection"},
    2: {"i18n", "schema", "formulas", "metrics", "office", "archive", "reference", "record", "properties", "formats"},
    3: {"deliverables", "seal", "compare", "binding", "facts", "templating"},
    4: {
        "load", "validate", "plan", "pack", "verify", "publish", "unpack", "unpack_folder", "mail", "mail_types",
        "leaks", "render", "request", "sealing", "assemble", "second_zip", "signing", "countersign",
        "drafts", "pins", "issued", "vault_keeping", "vault", "scaffold", "sample",
        "vault_csv",
    },
    5: {"pipeline"},
    6: {"cli", "__main__"},
}  # fmt: skip
LEVEL_OF = {name: level for level, names in LEVELS.items() for name in names}

FORBIDDEN = [
    pytest.param("seal", "deliverables", id="sealing knows no document"),
    pytest.param("verify", "pack", id="verifying shares no code with packing"),
    pytest.param("verify", "deliverables", id="verifying renders nothing"),
    pytest.param("archive", "pack", id="reading zips shares no code with writing them"),
    pytest.param("deliverables", "seal", id="documents don't seal themselves"),
]


def modules():
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def top(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports_of(path: Path, *, runtime_only: bool = False) -> set[str]:
    """Modules of ours that a module imports, lazily or not; `if TYPE_CHECKING` blocks aren't followed at run time."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
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
    """`from handover.seal import keys` imports handover.seal.keys; `from handover.errors import X` a name."""
    path = PACKAGE.parent.joinpath(*module.split("."), name)
    return f"{module}.{name}" if path.with_suffix(".py").exists() or path.is_dir() else module


def test_every_module_has_a_level():
    unknown = {top(name_of(path)) for path in modules()} - set(LEVEL_OF)
    assert unknown == set(), "say in LEVELS where it belongs"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_imports_downward_or_sideways_only(path):
    own = LEVEL_OF[top(name_of(path))]
    upward = {m for m in imports_of(path) if LEVEL_OF[top(m)] > own}
    assert upward == set()


@pytest.mark.parametrize(("importer", "imported"), FORBIDDEN)
def test_some_parts_never_meet(importer, imported):
    offenders = {
        name_of(path)
        for path in modules()
        if top(name_of(path)) == importer and any(top(m) == imported for m in imports_of(path))
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


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_every_module_says_its_role(path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, "a module begins by saying what it is for"


def test_only_the_command_line_prints_or_exits():
    offenders = []
    for path in modules():
        if top(name_of(path)) in {"cli", "__main__"}:
            continue
        offenders += [
            f"{name_of(path)}:{node.lineno}"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"print", "sys.exit", "input", "click.echo"}
        ]
    allowed = {line for line in offenders if line.startswith("handover.reference:")}  # a script's own report
    assert set(offenders) - allowed == set()


PRINTS = {"click.echo", "click.secho", "click.echo_via_pager", "click.prompt", "click.confirm", "print", "input"}
STREAMS = {"sys.stdout.write", "sys.stderr.write", "sys.stdout.buffer.write", "sys.stderr.buffer.write"}


def calls_of(path: Path):
    """Every call in a module: its line, what is called as it's written, and the name that is called at last."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            whole = ast.unparse(node.func)
            yield node.lineno, whole, whole.rpartition(".")[2]


def test_one_module_writes_to_the_terminal():
    """There strangers' names and headers are made harmless; `handover.reference` is a script with its own report."""
    offenders = [
        f"{name_of(path)}:{line} {whole}"
        for path in modules()
        if name_of(path) not in {"handover.cli.terminal", "handover.reference"} and top(name_of(path)) != "stranger"
        for line, whole, _ in calls_of(path)
        if whole in PRINTS | STREAMS
    ]
    assert offenders == []


OPENERS = {"open", "open_code", "read_bytes", "read_text", "fdopen", "ZipFile", "fromfile", "mmap"}
OPENING = {
    "handover.regular": "the one opener",
    "handover.resources": "reads what ships with the program",
    "handover.publish": "makes and locks output",
    "handover.unpack": "makes files in a fresh folder of its own",
    "handover.unpack_folder": "locks that folder",
    "handover.pack.reuse": "makes its own record, and reads it by a descriptor that `regular` opened",
    "handover.pack.assets": "asks `regular.Folder` for a descriptor",
    "handover.seal.keys": "makes a new key file",
    "handover.cli.word_to_pdf": "reads what LibreOffice made in a folder of its own",
    "handover.cli.boundary": "opens the null device",
    "handover.formats.confined": "answers on its own pipe",
    "handover.leaks.patterns": "reads the rules beside it",
    "handover.__main__": "opens the null device",
    "handover.scaffold": "calls a function of `resources` that is called so",
    "handover.deliverables.page_text": "calls a function of its own that is called so",
}
"""Modules in which something is opened or read by name, and why that is no stranger's file."""

NOT_FILES = {
    "resources.read_bytes", "resources.read_text", "Image.open", "archive.open", "package.open",
    "self._zip.open", "worker.folder.open",
    "zipfile.ZipFile",  # of bytes in memory
}  # fmt: skip


def test_one_module_opens_what_people_and_projects_name():
    offenders = [
        f"{name_of(path)}:{line} {whole}"
        for path in modules()
        if name_of(path) not in OPENING and top(name_of(path)) not in {"stranger", "lint"}
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
