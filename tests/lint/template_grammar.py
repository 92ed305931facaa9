"""Templates out of the grammar that tags have, right and wrong ones, and projects with anything or nothing in them.

Not a test: strategies for the promise that what the linter passes can be made into a document.
"""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from handover.deliverables.registry import ALL
from handover.lint.kinds import MAY_BE_EMPTY, NEVER_EMPTY, Kind, context_of, fields_of
from handover.office.sandbox import FILTERS
from template_making import cell, p, row, table

VIEWS = {deliverable.id: deliverable.view for deliverable in ALL if deliverable.view}

WORDS = ["we", "i", "client", "finish", "done", "", "é&<", "5%", "a}b", "{x", "#", "€"]
NUMBERS = ["0", "1", "2", "7", "1.5"]
TESTS = ["none", "even", "odd", "string", "defined", "undefined", "in", "eq", "ne", "number"]
COMPARISONS = ["==", "!=", "<", ">", "<=", ">=", "in", "not in"]
LOOP = ["loop.index", "loop.first", "loop.last", "loop.length", "loop.previtem", "loop.revindex0"]


def names(document: str) -> list[tuple[str, Kind]]:
    """Every variable of a document that is reached without a loop, with its kind."""
    view = VIEWS[document]
    assert view is not None
    found, waiting = [], list(context_of(view).items())
    while waiting:
        name, kind = waiting.pop(0)
        found.append((name, kind))
        if kind.name == "view":
            waiting += [(f"{name}.{inner}", one) for inner, one in fields_of(kind).items()]
    return found


class Writer:
    """Draws one template's tags; it knows which names are in scope, and mostly uses what fits."""

    def __init__(self, draw: Any, document: str) -> None:
        self.draw = draw
        self.scope = names(document)
        self.loops = 0

    def one_of(self, items: list[Any]) -> Any:
        return self.draw(st.sampled_from(items))

    def chance(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) < percent

    def name(self, *kinds: str) -> str:
        """A name in scope: of one of these kinds, nine times in ten."""
        fitting = [name for name, kind in self.scope if kind.name in kinds]
        if fitting and self.chance(90):
            return self.one_of(fitting)
        if self.loops and self.chance(40):
            return self.one_of(LOOP)
        return self.one_of([name for name, _ in self.scope])

    def value(self, *kinds: str, depth: int = 2) -> str:
        """An expression, mostly of one of these kinds."""
        kinds = kinds if kinds and self.chance(92) else ("text", "number", "flag", "list", "view")
        kind = self.one_of(list(kinds))
        if depth <= 0 or self.chance(45):
            return self.simple(kind)
        return self.one_of([self.simple, self.filtered, self.chosen])(kind, depth - 1)

    def simple(self, kind: str, depth: int = 0) -> str:
        if kind == "text" and self.chance(25):
            return f"'{self.one_of(WORDS)}'"
        if kind == "number" and self.chance(70):
            return self.one_of(NUMBERS)
        if kind == "flag" and self.chance(30):
            return self.test(depth)
        if kind == "list" and self.chance(20):
            items = [self.value("text", depth=0) for _ in range(self.draw(st.integers(0, 2)))]
            return f"[{', '.join(items)}]"
        if self.chance(4):
            index = self.one_of(["0", "1", "place", "'name'"])
            return f"{self.name('list', 'text')}[{index}]"
        return self.name(kind)

    def filtered(self, kind: str, depth: int) -> str:
        if kind == "number":
            return f"{self.value('list', 'text', depth=depth)}|{self.one_of(['length', 'count'])}"
        if kind == "text":
            if self.chance(40):
                arguments = self.one_of(
                    ["", "(', ')", "(', ', 'name')", f"({self.value('text', depth=0)})", "(*highlights)"]
                )
                return f"{self.value('list', depth=depth)}|join{arguments}"
            name = self.one_of(["upper", "lower", "title", "capitalize", "first", "last", *FILTERS])
            owner = "list" if name in {"first", "last"} else "text"
            argument = self.one_of(["", "", "", "", "('x')"])
            return f"{self.value(owner, depth=depth)}|{name}{argument}"
        return self.simple(kind)

    def chosen(self, kind: str, depth: int) -> str:
        first, second = self.value(kind, depth=depth), self.value(kind, depth=depth)
        form = self.draw(st.integers(0, 3))
        if form == 0:
            return f"({first} if {self.test(depth)} else {second})"
        if form == 1:
            return f"({first} or {second})"
        if form == 2 and kind == "text":
            return f"({first} ~ {second})"
        return f"({first} and {second})"

    def test(self, depth: int = 1) -> str:
        """A condition."""
        form = self.draw(st.integers(0, 6))
        if form == 0 and depth > 0:
            return f"({self.test(depth - 1)} {self.one_of(['and', 'or'])} {self.test(depth - 1)})"
        if form == 1 and depth > 0:
            return f"not {self.test(depth - 1)}"
        if form in {2, 3}:
            kind, operator = self.one_of(["text", "number", "flag", "list"]), self.one_of(COMPARISONS)
            right = "list" if "in" in operator else kind
            return f"{self.value(kind, depth=depth - 1)} {operator} {self.value(right, depth=depth - 1)}"
        if form == 4:
            name = self.one_of(TESTS)
            argument = (
                f"({self.value('list', 'text', depth=0)})" if name in {"in", "eq", "ne"} or self.chance(8) else ""
            )
            kind = "number" if name in {"even", "odd"} else "text"
            return f"{self.value(kind, depth=0)} is {self.one_of(['', 'not '])}{name}{argument}"
        return self.name("text", "list", "flag", "view")

    # Statements

    def sentence(self, depth: int = 2) -> str:
        """Tags and text inside one paragraph."""
        return "".join(self.piece(depth) for _ in range(self.draw(st.integers(1, 3))))

    def piece(self, depth: int) -> str:
        form = self.draw(st.integers(0, 8))
        if form <= 1 or depth <= 0:
            return self.one_of(["and ", "100%", "x ", "é, ", "}", "a{"]) if self.chance(70) else "# "
        if form <= 4:
            return f"{{{{ {self.value('text', 'number')} }}}} "
        if form <= 6:
            condition, optional = self.test(), [name for name, kind in self.scope if kind.optional]
            if optional and self.chance(50):
                condition = self.one_of(optional)
                return f"{{% if {condition} %}}{{{{ {condition} }}}}{{% endif %}} "
            other = f"{{% else %}}{self.sentence(depth - 1)}" if self.chance(40) else ""
            return f"{{% if {condition} %}}{self.sentence(depth - 1)}{other}{{% endif %}}"
        if form == 7 and self.chance(20):
            return f"{{% set {self.one_of(['a, b', 'a, a, b'])} = {self.value('list', depth=1)} %}}"
        if form == 7:
            name = self.one_of(["a", "b", "place", "loop"])
            kind = self.one_of(["text", "list", "number", "view"])
            tag = f"{{% set {name} = {self.value(kind)} %}}"
            self.scope = [*self.scope, (name, Kind(kind))]
            return tag
        return self.loop(depth)

    def loop(self, depth: int) -> str:
        lists = [(name, kind) for name, kind in self.scope if kind.name == "list" and kind.item]
        chosen = self.one_of(lists)
        before, item = self.scope, self.one_of(["x", "y", "place"])
        kind = chosen[1].item
        self.scope = [*before, (item, kind)]
        if kind.name == "view":
            self.scope += [(f"{item}.{name}", inner) for name, inner in fields_of(kind).items()]
        self.loops += 1
        inside = self.sentence(depth - 1)
        self.loops -= 1
        self.scope = before
        end = f"{{% else %}}{self.sentence(depth - 1)}" if self.chance(20) else ""
        return f"{{% for {item} in {chosen[0]} %}}{inside}{end}{{% endfor %}}"

    def paragraphs(self) -> str:
        """Some paragraphs, some of them inside others' conditions or loops, some in a table."""
        found = []
        for _ in range(self.draw(st.integers(1, 3))):
            form = self.draw(st.integers(0, 4))
            if form == 0:
                inner = p(self.sentence())
                found.append(p(f"{{%p if {self.test()} %}}") + inner + p("{%p endif %}"))
            elif form == 1:
                name = self.one_of([name for name, kind in self.scope if kind.name == "list"])
                rows = (
                    row(cell(p(f"{{%tr for x in {name} %}}"))),
                    row(cell(p(self.sentence()))),
                    row(cell(p("{%tr endfor %}"))),
                )
                found.append(table(*rows))
            else:
                found.append(p(self.sentence()))
        return "".join(found)


@st.composite
def bodies(draw: Any) -> tuple[str, str]:
    """A document's id, and paragraphs for its small template."""
    document = draw(st.sampled_from(sorted(VIEWS)))
    return document, Writer(draw, document).paragraphs()


@st.composite
def contexts(draw: Any, document: str) -> Mapping[str, object]:
    """What any project could give that document."""
    view = VIEWS[document]
    assert view is not None
    return {name: draw(values(kind)) for name, kind in context_of(view).items()}


@st.composite
def values(draw: Any, kind: Kind) -> Any:
    """A value of a kind."""
    if kind.optional and draw(st.booleans()):
        return "" if kind.path in MAY_BE_EMPTY else None
    match kind.name:
        case "flag":
            return draw(st.booleans())
        case "number":
            return draw(st.integers(0, 3))
        case "list":
            assert kind.item
            least = kind.path in NEVER_EMPTY
            return tuple(draw(values(kind.item)) for _ in range(draw(st.integers(least, 2))))
        case "view":
            assert kind.view
            return kind.view(**{name: draw(values(inner)) for name, inner in fields_of(kind).items()})
    return draw(st.sampled_from([word for word in WORDS if word] + ["{{ place }}", "{% if %}", "a\nb\tc", "1"]))
