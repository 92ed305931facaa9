"""Views of every kind, values for them, and templates out of the grammar over them, right and slightly wrong.

Not a test: strategies for the promise that what the check passes can be filled in.
"""

# ruff: noqa: E501 — templates, a line each as far as it goes

import dataclasses
import re
from typing import Any

from hypothesis import strategies as st

from handover.templating.grammar import FORMS
from handover.templating.kinds import ChartName, Kind, context_of, fields_of
from template_making import Maker, cell, p, picture, row, run, table, text_box
from templating.filling import Pace

NAMES = ("title", "note", "x", "y", "parts", "first", "if_", "été", "item", "loops", "b2", "password_by")
PLAIN = (
    "a",
    "we",
    "slow",
    "é & <b>",
    "two words",
    "a\nb\tc",
    "logo",
    "chart",
    "https://a.example/b",
    "m@a.example",
    "0",
)
SPELT = ("{{ title }}", "{%p endfor %}", "{% if", "}}", "<w:t>x</w:t>", "{{ password }}", "{# x #}", "%7B%7Bx%7D%7D")
STYLE = "HandoverChart"


@st.composite
def view_types(draw: st.DrawFn, depth: int = 2) -> type[object]:
    """A frozen dataclass of texts, flags, numbers, words, lists and groups, any of which may be absent."""
    fields = [(name, draw(_annotations(depth))) for name in draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=6,
                                                                          unique=True))]  # fmt: skip
    return dataclasses.make_dataclass("Drawn", fields, frozen=True)


@st.composite
def _annotations(draw: st.DrawFn, depth: int) -> Any:
    kind = draw(st.sampled_from(["text", "text", "flag", "number", "word", "chart", "texts", "group", "groups"]))
    if kind.startswith("group"):
        inner: Any = draw(view_types(depth - 1)) if depth else str
        annotation = tuple[inner, ...] if kind == "groups" else inner  # type: ignore[valid-type]
    else:
        annotation = {"text": str, "flag": bool, "number": int, "word": Pace, "chart": ChartName,
                      "texts": tuple[str, ...]}[kind]  # fmt: skip
    return annotation | None if kind != "flag" and draw(st.integers(0, 2)) == 0 else annotation


@st.composite
def values(draw: st.DrawFn, kind: Kind, texts: tuple[str, ...]) -> Any:
    """A value of a kind; a text that isn't absent is never empty, as views promise."""
    if kind.optional and draw(st.booleans()):
        return draw(st.sampled_from([None, ""])) if kind.name == "text" and not kind.words else None
    match kind.name:
        case "flag":
            return draw(st.booleans())
        case "number":
            return draw(st.integers(-1, 2))
        case "chart":
            return ChartName("chart")
        case "list":
            assert kind.item
            return tuple(draw(values(kind.item, texts)) for _ in range(draw(st.integers(0, 2))))
        case "view":
            assert kind.view
            return kind.view(**{name: draw(values(inner, texts)) for name, inner in fields_of(kind).items()})
    return Pace(draw(st.sampled_from(kind.words))) if kind.words else draw(st.sampled_from(texts))


@st.composite
def templates(draw: st.DrawFn, view: type[object]) -> Maker:
    """A template whose tags mostly fit the view; one in four has a tag lost, doubled or put elsewhere."""
    writer = _Writer(draw, list(context_of(view).items()))
    made = Maker("".join(writer.block(2) for _ in range(draw(st.integers(1, 3)))))
    if writer.chance(30):
        made.story(draw(st.sampled_from(["header", "footer"])), writer.block(1))
    if writer.chance(20):
        made.story("footnotes", f'<w:footnote w:id="1">{writer.block(1)}</w:footnote>')
    for target in writer.targets:
        made.external("hyperlink", target)
    if writer.chance(25):
        made.body = _broken(draw, made.body)
    return made


def _broken(draw: st.DrawFn, body: str) -> str:
    tags = [found.span() for found in re.finditer(r"\{[{%].*?[}%]\}", body)]
    if not tags:
        return body
    start, end = draw(st.sampled_from(tags))
    other = body[slice(*draw(st.sampled_from(tags)))]
    return (
        body[:start] + draw(st.sampled_from(["", other, other + body[start:end], body[start : end - 1]])) + body[end:]
    )


class _Writer:
    """Draws one template's tags; it knows which names are in scope, and mostly uses what fits."""

    def __init__(self, draw: st.DrawFn, scope: list[tuple[str, Kind]]) -> None:
        self.draw = draw
        self.scope = self.reached(scope)
        self.targets: list[str] = []

    def reached(self, scope: list[tuple[str, Kind]]) -> list[tuple[str, Kind]]:
        """Every name, and what stands in the groups behind them, with the names that must be there before."""
        found, waiting = [], list(scope)
        while waiting:
            name, kind = waiting.pop(0)
            found.append((name, kind))
            if kind.name == "view":
                waiting += [(f"{name}.{inner}", one._replace(optional=one.optional or kind.optional))
                            for inner, one in fields_of(kind).items()]  # fmt: skip
        return found

    def one_of(self, items: Any) -> Any:
        return self.draw(st.sampled_from(list(items)))

    def chance(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) < percent

    def has(self, *kinds: str) -> bool:
        return any(kind.name in kinds for _, kind in self.scope)

    def named(self, *kinds: str) -> tuple[str, Kind]:
        """A name in scope: of one of these kinds, 49 times in 50."""
        fitting = [one for one in self.scope if one[1].name in kinds]
        return self.one_of(fitting if fitting and self.chance(98) else self.scope)

    def condition(self, depth: int = 1) -> str:
        form = self.draw(st.integers(0, 5))
        if form == 0 and depth:
            return f"({self.condition(depth - 1)} {self.one_of(['and', 'or'])} {self.condition(depth - 1)})"
        if form == 1 and depth:
            return f"not {self.condition(depth - 1)}"
        name, kind = self.named("text") if form == 2 and self.has("text") else self.one_of(self.scope)
        if kind.name == "text" and form == 2:
            return f"{name} {self.one_of(['==', '!='])} '{self.one_of(kind.words or ['a', 'we', 'é'])}'"
        return name

    # Inside a paragraph

    def sentence(self, depth: int) -> str:
        return "x " + "".join(self.piece(depth) for _ in range(self.draw(st.integers(1, 3))))

    def piece(self, depth: int) -> str:
        form = self.draw(st.integers(0, 5))
        if form == 0 or not depth or not self.has("text", "number"):
            return self.one_of(["and ", "100% ", "é, ", "} ", "a{ "])
        if form <= 2:
            return self.value()
        if form == 3 and self.has("list"):
            tag, inside = self.loop("", lambda: self.sentence(depth - 1))
            return tag + inside + "{% endfor %}"
        branch = f"{{% elif {self.condition()} %}}{self.sentence(depth - 1)}" if self.chance(30) else ""
        other = f"{{% else %}}{self.sentence(depth - 1)}" if self.chance(40) else ""
        return f"{{% if {self.condition()} %}}{self.sentence(depth - 1)}{branch}{other}{{% endif %}}"

    def value(self) -> str:
        """A printed value, mostly guarded where it may be absent."""
        name, kind = self.named("text", "number")
        form = f" | {self.one_of(FORMS)}" if kind.name == "text" and self.chance(20) else ""
        tag = f"{{{{ {name}{form} }}}} "
        return f"{{% if {name} %}}{tag}{{% endif %}}" if kind.optional and self.chance(90) else tag

    def loop(self, level: str, inside: Any) -> tuple[str, str]:
        """A loop's tag, and what is inside, drawn with its item in scope."""
        name, kind = self.named("list")
        before, item = self.scope, self.one_of(["one", "x", "title"])
        if kind.item is not None:
            kept = [one for one in before if one[0].partition(".")[0] != item]
            self.scope = [*kept, *self.reached([(item, kind.item)]), ("loop.index", Kind("number")),
                          ("loop.first", Kind("flag")), ("loop.last", Kind("flag"))]  # fmt: skip
        drawn = inside()
        self.scope = before
        return f"{{%{level} for {item} in {name} %}}", drawn

    # Paragraphs, tables and what stands in them

    def paragraph(self, text: str) -> str:
        at = self.draw(st.integers(0, len(text))) if self.chance(25) else 0
        return p(*(run(part) for part in (text[:at], text[at:]) if part))

    def block(self, depth: int) -> str:
        forms = [self.plain, self.special] + [self.chosen] * (depth > 0)
        forms += [self.repeated, self.table, self.cells] * (depth > 0 and self.has("list"))
        return "".join(self.one_of(forms)(depth) for _ in range(self.draw(st.integers(1, 2))))

    def plain(self, depth: int) -> str:
        return self.paragraph(self.sentence(2))

    def chosen(self, depth: int) -> str:
        other = p("{%p else %}") + self.block(depth - 1) if self.chance(40) else ""
        return p(f"{{%p if {self.condition()} %}}") + self.block(depth - 1) + other + p("{%p endif %}")

    def repeated(self, depth: int) -> str:
        tag, inside = self.loop("p", lambda: self.block(depth - 1))
        return p(tag) + inside + p("{%p endfor %}")

    def table(self, depth: int) -> str:
        if self.chance(50):
            tag, inside = self.loop("tr", lambda: row(cell(self.block(depth - 1)), cell(self.plain(0))))
            return table(row(cell(p(tag))), inside, row(cell(p("{%tr endfor %}"))))
        inside = row(cell(self.block(depth - 1)))
        return table(row(cell(p(f"{{%tr if {self.condition()} %}}"))), inside, row(cell(p("{%tr endif %}"))))

    def cells(self, depth: int) -> str:
        tag, inside = self.loop("tc", lambda: cell(self.block(depth - 1)))
        return table(row(cell(p(tag)), inside, cell(p("{%tc endfor %}"))), row(cell(p("y"))))

    def special(self, depth: int) -> str:
        """A link, an alternative text, a text box, a content control or a chart."""
        form = self.draw(st.integers(0, 4))
        wanted = "chart" if form == 4 else "text"
        if not self.has(wanted):
            return self.plain(depth)
        name, kind = self.named(wanted)
        printed, guard = f"{{{{ {name} }}}}", kind.optional and self.chance(90)
        if form == 0:
            target = self.one_of(
                ["mailto:%7B%7B%20{}%20%7D%7D", "https://a.example/{{{{ {} }}}}", "{{{{{}}}}}"]
            ).format(name)
            self.targets.append(target)
            made = p(f'<w:hyperlink r:id="rIdOut{len(self.targets) - 1}">{run("here")}</w:hyperlink>')
        elif form == 1:
            made = p("x", picture("Quay", f"A quay, {printed}"))
        elif form == 2:
            made = p("x", text_box(self.block(0)))
        elif form == 3:
            made = f"<w:sdt><w:sdtPr><w:id w:val='4'/></w:sdtPr><w:sdtContent>{self.block(0)}</w:sdtContent></w:sdt>"
        else:
            made = p(printed, style=STYLE)
        return p(f"{{%p if {name} %}}") + made + p("{%p endif %}") if guard and form in {0, 1, 4} else made
