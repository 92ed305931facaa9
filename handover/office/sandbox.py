"""Where template tags run: an immutable sandbox that can print, choose and repeat, and nothing else.

Role: the Jinja environment for templates that anyone may have edited. No globals, no loader, no calls, a short list
of filters, of tests and of statements; an undefined name is an error; every printed value is escaped and kept exactly
as it is. It reads no file and knows nothing of Word but how a line break is written.
"""

from collections.abc import MutableMapping
from functools import cache
from html import escape
from types import MappingProxyType
from typing import Any, Final

from jinja2 import StrictUndefined, Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import Template
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from handover.characters import unprintable
from handover.office.docx_check import STAND_INS

BLANK: Final = "\ufdd0"
"""Printed for an absent value: a noncharacter that no text of a project may hold, so it can't be mistaken."""

FILTERS: Final = ("capitalize", "count", "first", "join", "last", "length", "lower", "title", "upper")
TESTS: Final = (
    "defined",
    "none",
    "undefined",
    "even",
    "odd",
    "string",
    "eq",
    "ne",
    "in",
    "==",
    "!=",
    "<",
    ">",
    "<=",
    ">=",
)
STATEMENTS: Final = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Name, nodes.Getattr, nodes.Const,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Test, nodes.CondExpr,
    nodes.Assign, nodes.Concat, nodes.List, nodes.Tuple, nodes.Getitem,
)  # fmt: skip
"""What a template may consist of. No call, macro, block, include, arithmetic, slice or attribute assignment."""

_TYPED: Final = MappingProxyType(
    {
        # So that docxtpl leaves `{_{` and its like alone, and a tag that wasn't filled can be told from a value.
        **STAND_INS,
        '"': "&quot;",
        "'": "&#39;",
        "\n": '</w:t><w:br/><w:t xml:space="preserve">',
        "\t": '</w:t><w:tab/><w:t xml:space="preserve">',
    }
)


def as_typed(text: str) -> Markup:
    """A value as WordprocessingML inside `w:t`: escaped, line breaks and tabs as Word writes them, else untouched.

    Raises SecurityError for a character that no document can hold; such a value never passes validation.
    """
    if bad := unprintable(text):
        raise SecurityError(f"a value holds the character {bad}")
    return Markup("".join(_TYPED.get(character) or character for character in escape(text, quote=False)))  # noqa: S704 — escaped


class _Generator(CodeGenerator):
    """Jinja's compiler, but what a tag prints is always looked at when it is printed.

    Jinja prints a text that a tag spells out (`{{ '{_{' }}`) as soon as it compiles it, already escaped its own way.
    """

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> str:
        if isinstance(node, nodes.TemplateData):
            return super()._output_child_to_const(node, frame, finalize)
        raise nodes.Impossible


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment that compiles only what STATEMENTS lists, and calls nothing."""

    code_generator_class = _Generator

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, finalize=_printed, cache_size=0)
        self.globals = {}
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.tests = {name: self.tests[name] for name in TESTS}

    def from_string(
        self,
        source: str | nodes.Template,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 — Jinja's own signature
        template_class: type[Template] | None = None,
    ) -> Template:
        """Compile a template's text; raises TemplateSyntaxError for a statement that isn't allowed."""
        tree = self.parse(source) if isinstance(source, str) else source
        for node in _descendants(tree):
            if not isinstance(node, STATEMENTS):
                raise TemplateSyntaxError(f"{type(node).__name__.lower()} isn't allowed here", node.lineno)
        return super().from_string(tree, globals, template_class)

    def is_safe_callable(self, _obj: Any) -> bool:
        """Never: a template prints values, it doesn't act."""
        return False


@cache
def sandbox() -> Sandbox:
    """The one environment; it keeps no state between templates."""
    return Sandbox()


def _printed(value: Any) -> Any:
    if isinstance(value, Undefined):
        return value
    if value is None or value == "":
        return Markup(BLANK)  # noqa: S704 — a constant
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise SecurityError(f"a {type(value).__name__} can't be printed, only texts and whole numbers")
    return value if isinstance(value, Markup) else as_typed(str(value))


def _descendants(tree: nodes.Node) -> list[nodes.Node]:
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting.extend(node.iter_child_nodes())
    return found


def failing_line(error: Exception) -> int | None:
    """The template's line that was being filled in: Jinja rewrites tracebacks to point into templates."""
    found, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            found = trace.tb_lineno
        trace = trace.tb_next
    return found
