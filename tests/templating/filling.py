"""Small templates filled from small views, and what can be read in the result. Not a test itself."""

from dataclasses import dataclass, field
from enum import StrEnum

from lxml import etree

from handover.formats.package.opc import HYPERLINK, Package, read_package, relationships
from handover.formats.palette import palette
from handover.formats.word.finish import Finish
from handover.formats.word.ooxml import w
from handover.templating.kinds import ChartName
from handover.templating.template import rendered
from template_making import Maker

FINISH = Finish(language="en-GB", paper="A4", palette=palette("#1F4E79"))
BODY = "/word/document.xml"
HREF = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Pace(StrEnum):
    """A fixed list of words."""

    SLOW = "slow"
    FAST = "fast"


@dataclass(frozen=True, slots=True)
class Part:
    """A group."""

    name: str = "part"
    note: str | None = None
    tags: tuple[str, ...] = ("red", "blue")
    size: int = 3


@dataclass(frozen=True, slots=True)
class View:
    """Something of every kind."""

    title: str = "Title"
    note: str | None = None
    on: bool = True
    off: bool = False
    pace: Pace = Pace.SLOW
    size: int = 7
    words: tuple[str, ...] = ("a", "b", "c")
    none: tuple[str, ...] = ()
    parts: tuple[Part, ...] = (Part("one"), Part("two", "second"))
    part: Part = field(default_factory=Part)
    maybe: Part | None = None
    chart: ChartName = field(default_factory=lambda: ChartName("chart"))


def filled(body: str | Maker, finish: Finish = FINISH, **values: object) -> Package:
    """The parts of a document whose template has this body."""
    made = body if isinstance(body, Maker) else Maker(body)
    return read_package(rendered(made.bytes(), View(**values), finish, place="sample.docx"), "filled")


def root(package: Package, part: str = BODY) -> etree._Element:
    return etree.fromstring(package.parts[part])


def lines(package: Package, part: str = BODY) -> list[str]:
    """The text of each paragraph; breaks and tabs as people typed them."""
    marks = {w("br"): "\n", w("tab"): "\t"}
    found = []
    for paragraph in root(package, part).iter(w("p")):
        inside = (one for one in paragraph.iter(w("t"), *marks) if next(one.iterancestors(w("p"))) is paragraph)
        found.append("".join(marks.get(one.tag) or one.text or "" for one in inside))
    return found


def links(package: Package) -> list[str]:
    """The addresses of the body's links, in reading order."""
    targets = {r.id: r.target for r in relationships(package, BODY, "filled") if r.type == HYPERLINK}
    return [targets[link.get(HREF)] for link in root(package).iter(w("hyperlink"))]
