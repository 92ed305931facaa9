"""The plan of the house in figures: rooms, loose modules, lines, imports up or in a circle, functions called once.

`make house` prints them; `tests/test_architecture.py` holds those that must hold. Everything is read from the syntax
trees of `handover/`, lazy imports included; nothing is imported.
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "handover"

ROOMS = (
    "model", "formats", "languages", "seal", "bundle", "compare", "project", "importers", "life", "templating",
    "documents", "intake", "build", "cli",
)  # fmt: skip
"""From the ground up: a room imports from those before it (docs/adr/0015-the-house.md)."""

LOOSE = frozenset({"__init__", "__main__"})
LONG = 400
"""Lines of a module that ask for a reason."""


@cache
def modules() -> tuple[Path, ...]:
    """Every module's file, in the order of their names."""
    return tuple(sorted(PACKAGE.rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    """A module's dotted name: `handover.seal.keys`; a package's is that of its `__init__`."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(module: str) -> str:
    """The room in which a module stands; `__init__` for the package itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports_of(path: Path, *, at_start: bool = False) -> frozenset[str]:
    """Modules of ours that a module imports; `at_start` leaves out lazy imports and those for the type checker."""
    return _imports(path)[at_start]


@cache
def _imports(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Every module of ours that a module imports, and those that it imports as it starts."""
    found: dict[bool, set[str]] = {False: set(), True: set()}

    def visit(node: ast.AST, *, later: bool) -> None:
        lazy = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        later = later or lazy or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "handover":
            found[later].update(_target(node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            found[later].update(alias.name for alias in node.names if alias.name.split(".")[0] == "handover")
        if not isinstance(node, ast.expr):
            for child in ast.iter_child_nodes(node):
                visit(child, later=later)

    visit(tree(path), later=False)
    return frozenset(found[False] | found[True]), frozenset(found[False])


@cache
def _target(module: str, name: str) -> str:
    # `from handover.seal import keys` imports handover.seal.keys; `from handover.model.errors import Finding` a name.
    path = PACKAGE.parent.joinpath(*module.split("."), name)
    return f"{module}.{name}" if path.with_suffix(".py").exists() or path.is_dir() else module


def upward() -> list[str]:
    """Imports from a room that stands higher, in words."""
    above = {name: {*ROOMS[number + 1 :], "__main__"} for number, name in enumerate(ROOMS)}
    return [
        f"{name_of(path)} imports {module}"
        for path in modules()
        for module in sorted(imports_of(path))
        if room(module) in above.get(room(name_of(path)), ())
    ]


def circles() -> list[str]:
    """Imports at start-up that come back to where they began, in words."""
    graph = {name_of(path): imports_of(path, at_start=True) for path in modules()}
    done: set[str] = set()
    found: list[str] = []

    def visit(module: str, trail: tuple[str, ...]) -> None:
        if module in trail:
            found.append(" → ".join([*trail, module]))
            return
        if module in done or module not in graph:
            return
        for imported in sorted(graph[module] - {module}):
            visit(imported, (*trail, module))
        done.add(module)

    for module in graph:
        visit(module, ())
    return found


def called_once() -> tuple[int, int]:
    """Private functions that one place alone names, and private functions in all."""
    defined: Counter[tuple[Path, str]] = Counter()
    for path in modules():
        for node in ast.walk(tree(path)):
            private = isinstance(node, ast.FunctionDef) and node.name.startswith("_") and not node.name.startswith("__")
            if private:
                defined[path, node.name] += 1
    once = 0
    for path, name in defined:
        named = sum(
            (isinstance(node, ast.Name) and node.id == name) or (isinstance(node, ast.Attribute) and node.attr == name)
            for node in ast.walk(tree(path))
        )
        once += named == 1
    return once, len(defined)


def lines_of(path: Path) -> int:
    """Lines of a file, as `wc -l` counts them."""
    return path.read_text(encoding="utf-8").count("\n")


def figures() -> Iterator[str]:
    """The table that `make house` prints, line by line."""
    lines: Counter[str] = Counter()
    for path in modules():
        lines[room(name_of(path))] += lines_of(path)
    for name in ROOMS:
        files = sum(room(name_of(path)) == name for path in modules())
        yield f"{name:<12} {files:>4} modules {lines[name]:>7,} lines"
    loose = [path.stem for path in PACKAGE.glob("*.py") if path.stem not in LOOSE]
    once, private = called_once()
    yield ""
    yield f"rooms {len(ROOMS)}, loose modules {len(loose)}, modules {len(modules())}, lines {sum(lines.values()):,}"
    yield f"imports that run up {len(upward())}, circles {len(circles())}"
    yield f"private functions named once {once} of {private}"
    long = sorted(((lines_of(path), name_of(path)) for path in modules() if lines_of(path) > LONG), reverse=True)
    yield f"modules over {LONG} lines: {', '.join(f'{name} {count}' for count, name in long) or 'none'}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in figures())
