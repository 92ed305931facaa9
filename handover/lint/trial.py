"""Trying a template's tags with made-up values: what the other rules can't foresee, said with the tag that fails.

Role: puts the tags of one part, without the document around them, into the very sandbox that documents are made in,
and fills them with `samples`. That costs little and is bounded: loops and values that grow end the trial. It reads no
project and no Word file; whether the document survives its tags is `structure`'s business.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from jinja2 import Undefined, nodes, pass_context
from jinja2.environment import Template
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.exceptions import TemplateSyntaxError
from jinja2.runtime import Context

from handover.lint.report import Report
from handover.lint.samples import Sample, samples
from handover.lint.tags import Tag
from handover.office.sandbox import Sandbox, failing_line

_TURN, _SIZE, _THERE = "handover turn", "handover size", "handover there"
_MOST_TURNS: Final = 20_000
"""Tags filled in one trial; a report with ten times our samples' figures has a tenth of that."""

_LARGEST: Final = 20_000
"""Characters or items of one value: more is only got by joining values again and again."""

_MOST_FAULTS: Final = 20
_FAILURES: Final = (JinjaError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError)
_QUOTED: Final = re.compile(r"'([^'\\]{1,40})'|\"([^\"\\]{1,40})\"")
_NEUTRAL: Final = {
    "if": "{% if false %}", "elif": "{% elif false %}", "for": "{% for handover in () %}", "print": "",
}  # fmt: skip
"""What takes the place of a tag that failed, so that the others are tried too."""


class _TooMuchError(Exception):
    """The tags repeat each other, or a value grows, beyond what any document needs."""


class _Trial(Sandbox):
    """The sandbox with three more filters: their names have spaces, so that no tag can name them."""

    def __init__(self) -> None:
        super().__init__()
        self.turns = 0
        self.filters |= {_TURN: self._turn, _SIZE: self._size, _THERE: self._there}

    @pass_context  # so that nothing of it is worked out beforehand
    def _turn(self, _: Context, value: Any) -> Any:
        self.turns += 1
        if self.turns > _MOST_TURNS:
            raise _TooMuchError("is filled in too often: loops stand inside loops")
        return value

    @pass_context
    def _size(self, context: Context, value: Any) -> Any:
        left, waiting = _LARGEST, [value]
        while waiting:
            one = waiting.pop()
            left -= len(one) if isinstance(one, str) else 1
            if left < 0:
                raise _TooMuchError("gives a value that grows beyond any document's")
            waiting += one if isinstance(one, list | tuple) else ()
        return self._turn(context, value)

    @pass_context
    def _there(self, context: Context, value: Any) -> Any:
        if not isinstance(value, Undefined) and value in (None, ""):
            raise ValueError("the value is absent")
        return self._turn(context, value)


@dataclass(slots=True)
class Trial:
    """One part's tags, in XML order, tried as one template with a line for each."""

    tags: Sequence[Tag]
    lonely: Collection[Tag]
    """Tags that may print nothing, because their paragraph then goes."""
    report: Report
    failed: set[int] = field(default_factory=set)
    """Lines of tags that have been reported, counted from 0."""

    def run(self, view: type[object]) -> None:
        """Report each tag that can't be filled in, once, with what it fails on."""
        words = [a or b for tag in self.tags for a, b in _QUOTED.findall(tag.body)]
        environment = _Trial()
        template = self._compiled(environment)
        for sample in samples(view, words):
            while template is not None and (failed := self._failure(template, environment, sample)) is not None:
                goes_on = self._noted(*failed) and environment.turns <= _MOST_TURNS
                template = self._compiled(environment) if goes_on else None

    def _failure(self, template: Template, environment: _Trial, sample: Sample) -> tuple[int | None, str] | None:
        """The line that fails, counted from 1, and what is said of it; None when all goes well."""
        environment.turns = 0
        try:
            template.render(sample.context)
        except _TooMuchError as error:
            return failing_line(error), str(error)
        except _FAILURES as error:
            return failing_line(error), f"can't be filled in {sample.described}: {_why(error)}"
        return None

    def _compiled(self, environment: _Trial) -> Template | None:
        """The template, or None after saying why there is none."""
        while True:
            try:
                tree = environment.parse("\n".join(self._lines()))
                self._instrument(tree)
                tree.set_environment(environment)
                return environment.from_string(tree)
            except TemplateSyntaxError as error:
                if not self._noted(error.lineno, f"can't be read: {_small(error.message or '')}"):
                    return None
            except (SyntaxError, RecursionError, MemoryError):  # Python, too, has limits
                self._noted(None, "has tags that are nested too deeply")
                return None

    def _lines(self) -> Iterator[str]:
        for at, tag in enumerate(self.tags):
            body = tag.body.strip()
            if at in self.failed:
                yield _NEUTRAL[tag.keyword]
            else:
                yield f"{{{{ {body} }}}}" if tag.keyword == "print" else f"{{% {tag.keyword} {body} %}}"

    def _instrument(self, tree: nodes.Template) -> None:
        """Measure each turn of a loop and each value that is set, and ask where a value must be there."""
        for node in list(tree.find_all((nodes.For, nodes.Assign, nodes.Output))):
            if isinstance(node, nodes.For):
                turn = nodes.Output([_filter(nodes.Const("", lineno=node.lineno), _TURN)], lineno=node.lineno)
                node.body.insert(0, turn)
            elif isinstance(node, nodes.Assign):
                node.node = _filter(cast("nodes.Expr", node.node), _SIZE)
            elif isinstance(node, nodes.Output):
                node.nodes = [self._asked(part) for part in node.nodes]

    def _asked(self, part: nodes.Expr) -> nodes.Expr:
        if isinstance(part, nodes.TemplateData):
            return part
        known = 0 < part.lineno <= len(self.tags)
        return _filter(part, _TURN if known and self.tags[part.lineno - 1] in self.lonely else _THERE)

    def _noted(self, line: int | None, message: str) -> bool:
        """Report the tag of a line, counted from 1; whether the others can be tried without it."""
        at = (line or 0) - 1
        if not 0 <= at < len(self.tags) or at in self.failed:
            self.report.whole("variable.fails", f"the template {message}")
            return False
        tag = self.tags[at]
        self.report.at("variable.fails", tag.paragraph, f"“{tag}” {message}", span=tag.span)
        self.failed.add(at)
        return tag.keyword in _NEUTRAL and len(self.failed) < _MOST_FAULTS


def _filter(node: nodes.Expr, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def _small(message: str) -> str:
    return message[:1].lower() + message[1:].rstrip(".")


def _why(error: Exception) -> str:
    return _small(re.sub(r"'[\w.]*?(\w+)' object|'[\w.]*?(\w+) object'", r"\1\2", str(error)))
