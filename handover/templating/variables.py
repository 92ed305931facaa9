"""Every variable that a document's template may use: what it is, what it means, and what it looks like.

Role: reads names and kinds from the view that a deliverable declares, meanings from the docstrings below the view's
attributes, and examples from the made-up project's own view, so that none of these can be wrong for long. It prints
nothing; `as_document` makes the same list into a Word file.
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from handover.formats.palette import palette
from handover.languages import files
from handover.model.settings import Brand
from handover.templating.kinds import ANY, Kind, context_of, fields_of

_LONGEST_EXAMPLE: Final = 80
_INTRODUCTION: Final = (
    "Copy a tag into your template with Word. A tag that begins with {%p takes its whole paragraph with it, so it "
    "stands alone in one; in a table write {%tr instead, alone in a row, and the rows up to {%tr endfor %} are "
    "repeated. What may be absent stands between {% if … %} and {% endif %}."
)
_KINDS: Final = {"text": "text", "number": "number", "flag": "yes or no", "chart": "chart"}


@dataclass(frozen=True, slots=True)
class Variable:
    """One thing that a template may use, in the order in which its tags would stand."""

    path: str
    """`payments.invoices[].amount`: `[]` for each item of the list before it."""
    tag: str
    """What to type into the template: `{{ invoice.amount }}`, `{%p for invoice in payments.invoices %}`."""
    kind: str
    """`text`, `number`, `yes or no`, `list`; with `, or absent` where the project may have none."""
    meaning: str
    example: str
    """As the made-up project has it; empty for the end of a list."""
    group: str = ""
    """The group or list of groups that it belongs to; empty for what stands on its own."""


def variables(view: type[object], sample: object) -> tuple[Variable, ...]:
    """All variables of a document, whose view's type this is. `sample` is its view of the made-up project."""
    docs = _meanings(view)
    found: list[Variable] = []
    for name, kind in context_of(view).items():
        grouped = kind.name == "view" or (kind.item is not None and kind.item.name == "view")
        inside = _walk(name, name, kind, getattr(sample, name), docs.get(name, ""))
        found += (replace(variable, group=name if grouped else "") for variable in inside)
    return tuple(found)


def as_document(title: str, listed: Iterable[Variable]) -> bytes:
    """The list as a Word file to copy tags from. Raises HandoverError when the installation is incomplete."""
    from handover.formats.word.finish import Finish
    from handover.templating.template import rendered

    groups: dict[str, list[Variable]] = {}
    for variable in listed:
        groups.setdefault(variable.group, []).append(variable)
    shown = tuple(_Group(name or "On their own", tuple(rows)) for name, rows in groups.items())
    page = _Page(title, _INTRODUCTION, shown)
    finish = Finish(language="en-GB", paper="A4", palette=palette(Brand().colour), title=f"Variables: {title}")
    return rendered(files.read_bytes("pages", "variables.docx"), page, finish, place="variables.docx")


@dataclass(frozen=True, slots=True)
class _Group:
    name: str
    rows: tuple[Variable, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    title: str
    intro: str
    groups: tuple[_Group, ...]


def _walk(path: str, reach: str, kind: Kind, sample: Any, meaning: str) -> Iterator[Variable]:
    """A variable and what is in it; `reach` is how a tag reaches it, `sample` its made-up value or None."""
    absent = ", or absent" if kind.optional else ""
    if kind.name == "view":
        if kind.optional:
            yield Variable(path, f"{{%p if {reach} %}}", f"group{absent}", meaning, _yes(sample is not None))
        docs = _meanings(kind.view)
        for name, inner in fields_of(kind).items():
            yield from _walk(
                f"{path}.{name}", f"{reach}.{name}", inner, getattr(sample, name, None), docs.get(name, "")
            )
        if kind.optional:
            yield Variable(path, "{%p endif %}", "end of the group", "", "")
    elif kind.name == "list":
        item, one = kind.item or ANY, _singular(path)
        shown = f"{len(sample) if sample else 'none'} in the example"
        yield Variable(path, f"{{%p for {one} in {reach} %}}", f"list{absent}", meaning, shown)
        first = sample[0] if sample else None
        if item.name == "view":
            docs = _meanings(item.view)
            for name, inner in fields_of(item).items():
                value = _first(sample or (), name)
                yield from _walk(f"{path}[].{name}", f"{one}.{name}", inner, value, docs.get(name, ""))
        else:
            yield from _walk(f"{path}[]", one, item, first, "One of them.")
        yield Variable(path, "{%p endfor %}", "end of the list", "", "")
    elif kind.name == "flag":
        yield Variable(path, f"{{% if {reach} %}}…{{% endif %}}", _KINDS["flag"] + absent, meaning, _yes(bool(sample)))
    else:
        yield Variable(path, f"{{{{ {reach} }}}}", _KINDS.get(kind.name, kind.name) + absent, meaning, _shown(sample))


def _first(items: Iterable[Any], name: str) -> Any:
    """The first value of that name that is there."""
    values = [getattr(item, name, None) for item in items]
    return next((value for value in values if value not in {None, "", ()}), values[0] if values else None)


def _singular(path: str) -> str:
    """A name for one item of a list: `invoices` → `invoice`, `deliveries` → `delivery`, `address` → `line`."""
    name = path.rpartition(".")[2]
    if name == "address":
        return "line"
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name[:-1] if name.endswith("s") and "_" not in name else "item"


def _yes(flag: object) -> str:
    return "yes" if flag else "no"


def _shown(value: object) -> str:
    # Only line breaks and tabs: no-break spaces belong to the value.
    text = re.sub(r"[\n\t]+", " ", str(value)) if value not in {None, ""} else ""
    return text if len(text) <= _LONGEST_EXAMPLE else f"{text[: _LONGEST_EXAMPLE - 1]}…"


def _meanings(view: Any) -> dict[str, str]:
    """Attribute → the docstring below it, or for a group its view's own; nothing where the source isn't there."""
    if view in {None, object}:
        return {}
    classes = _classes(view.__module__)
    found = _meanings(view.__base__)
    body = classes[view.__name__].body if view.__name__ in classes else []
    for at, node in enumerate(body):
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        after = body[at + 1] if at + 1 < len(body) else None
        text = _constant(after)
        if not text and (names := [n.id for n in ast.walk(node.annotation) if isinstance(n, ast.Name)]):
            text = next((ast.get_docstring(classes[name]) or "" for name in names if name in classes), "")
        found[node.target.id] = " ".join(text.replace("`", "").split())
    return found


def _constant(node: ast.stmt | None) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return node.value.value
    return ""


@cache
def _classes(module: str) -> dict[str, ast.ClassDef]:
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except OSError:  # installed without its sources
        return {}
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
