"""A Word template read once: its stories, what each tag says, which belong together, and what they fill.

Role: `parsed` gives every part's tags as a tree, for those who check them and for `rendered`, which fills them: the one
way from a template and a view to a document's bytes. It knows no document of ours and reads no file.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import lru_cache
from itertools import chain, count
from typing import Any, Final, NamedTuple

from lxml import etree

from handover.formats.package.opc import HYPERLINK, Package, Relationship, parse_xml, relationships
from handover.formats.word import contents, pictures
from handover.formats.word.finish import Finish, finished
from handover.formats.word.ooxml import PIC, WP, R, W, serialised, w
from handover.formats.word.unwanted import instructions
from handover.model.errors import Severity, TemplateError
from handover.model.message import msg
from handover.templating.fill import Budget, Filler, Join, Marked, Relate, marked, unjoined
from handover.templating.kinds import context_of
from handover.templating.repair import repaired
from handover.templating.report import Report
from handover.templating.stories import Document, Paragraph, Story
from handover.templating.structure import Node, build
from handover.templating.tags import Filled, Tag, filled, raw_tags, scan

MOST_TAGS: Final = 5_000
"""Tags in one document; our longest template has some 350."""

_PICTURES: Final = (f"{{{WP}}}docPr", f"{{{PIC}}}cNvPr")
"""What carries a picture's alternative text: Word writes the first, LibreOffice both."""
_FONTS: Final = "/word/fontTable.xml"
_ID: Final = f"{{{R}}}id"
_BRACED: Final = etree.XPath(
    "//@*[contains(., '{')] | //text()[contains(., '{')][not(parent::w:t or parent::w:instrText or parent::w:delText)]",
    namespaces={"w": W},
)
_ALTERNATIVES: Final = ("descr", "title")


class Part(NamedTuple):
    """One story of a template with its tags."""

    story: Story
    tags: Mapping[Paragraph, list[Tag]]
    """Every paragraph's tags, also those that can't be read."""
    texts: Mapping[etree._Element, Mapping[str, Filled]]
    """Elements with attributes that print values: alternative texts, and links by the attribute that names them."""
    nodes: Sequence[Node]
    """The tags as a tree; alternative texts' and links' among them."""

    @property
    def size(self) -> int:
        """How many tags there are."""
        elsewhere = (one for texts in self.texts.values() for one in texts.values())
        return sum(map(len, self.tags.values())) + sum(len(one.tags) for one in elsewhere)


def parsed(document: Document, report: Report, names: frozenset[str] = frozenset()) -> list[Part]:
    """Every story's tags; what is wrong with them goes into the report. `names` are the values that exist."""
    parts: list[Part] = []
    left = MOST_TAGS
    for story in document.stories:
        parts.append(_part(document, story, report, names, left))
        left -= parts[-1].size
        _check_unfilled(parts[-1], report)
    if left <= 0:
        report.whole("tag.too-much", msg("has {most:,} tags or more", most=MOST_TAGS), msg("make two documents of it"))
    for name, kind in document.kinds.items():
        root = document.root(name) if kind in {"chart", "diagramData"} else None
        text = "" if root is None else "".join(str(found) for found in root.itertext())
        for tag in raw_tags(text):
            message = msg("“{tag}” stands in a {kind}", tag=tag, kind=kind.removesuffix("Data"))
            report.whole("tag.not-filled", message, place=msg("in {name}", name=name))
    return parts


def _check_unfilled(part: Part, report: Report) -> None:
    """Tags where no value is filled in: in a property, a field, a formula, a drawing's own text."""
    found: list[tuple[etree._Element, str, str]] = []
    braced: Any = _BRACED(part.story.root)
    for value in braced:
        element, text = value.getparent(), str(value)
        name = etree.QName(value.attrname or element.tag).localname
        if value.is_attribute and value.attrname not in part.texts.get(element, {}):
            found.append((element, text, msg("a property ({name})", name=name)))
        elif value.is_text:
            found.append((element, text, msg("an element ({name})", name=name)))
    found += [(element, instruction, msg("a field")) for element, instruction in instructions(part.story.root)]
    for element, text, where in found:
        for tag in dict.fromkeys(raw_tags(text)):
            message = msg("“{tag}” stands in {where}, not in the text", tag=tag, where=where)
            paragraph = part.story.paragraph_of(element)
            if paragraph is None:
                report.whole("tag.not-filled", message)
            else:
                report.at("tag.not-filled", paragraph, message, msg("delete it"))


def _part(document: Document, story: Story, report: Report, names: frozenset[str], left: int) -> Part:
    tags = {}
    for paragraph in story.paragraphs:
        tags[paragraph] = scan(paragraph, report, names)[: max(left, 0)]
        left -= len(tags[paragraph])
    texts = _texts(document, story, report, left)
    elsewhere = [tag for text in texts.values() for one in text.values() for tag in one.tags]
    running = [tag for found in tags.values() for tag in found]
    # A text box's copy for older programs is a document of its own inside the document.
    nodes: list[Node] = []
    for copy in (False, True):
        nodes += build([tag for tag in (*running, *elsewhere) if tag.paragraph.copy is copy], report)
    return Part(story, tags, texts, nodes)


def _texts(document: Document, story: Story, report: Report, left: int) -> dict[etree._Element, dict[str, Filled]]:
    """What prints values outside the running text: links' addresses and pictures' alternative texts.

    It stops after `left` tags.
    """
    links = {r.id: r.target for r in relationships(document.package, story.part, document.place) if r.type == HYPERLINK}
    holders = {paragraph.element: paragraph for paragraph in story.paragraphs}
    orders: dict[etree._Element, int] = {}
    found: dict[etree._Element, dict[str, Filled]] = {}
    printing = any("{" in target or "%7" in target for target in links.values())
    for element in story.root.iter(*([etree.Element] if printing else _PICTURES)):
        if element.tag in _PICTURES:
            given = {name: element.get(name, "") for name in _ALTERNATIVES}
        else:
            given = {_ID: links.get(element.get(_ID, ""), "")}
        given = {name: text for name, text in given.items() if "{" in text or "%7" in text}
        paragraph = (
            next((holders[one] for one in element.iterancestors(w("p")) if one in holders), None) if given else None
        )
        if paragraph is None or left <= 0:
            continue
        # The element's place among the part's tags: that of what it stands in, or of the first that it holds.
        orders = orders or {one.element: one.order for held in story.paragraphs for one in held.pieces}
        near = chain((element,), element.iterancestors(), element.iter(etree.Element))
        order = next((orders[one] for one in near if one in orders), 0), -1
        texts = {name: filled(text, paragraph, order, report) for name, text in given.items()}
        kept = {name: text for name, text in texts.items() if text is not None}
        if kept:
            found[element] = kept
            left -= sum(len(text.tags) for text in kept.values())
    return found


def rendered(
    template: bytes, view: object, finish: Finish, *, place: str, join: Join = unjoined, ours: bool = False
) -> bytes:
    """A .docx: `template` with its tags filled from the view, finished as `finish` says. Same input, same bytes.

    `join` gives a text and the value behind it as the language joins them. What isn't `ours` is judged first.

    The view is a frozen dataclass of texts, numbers, flags, tuples and further views: never a model, never a secret.
    `place` names the template in messages. Raises TemplateError for a tag that isn't one, a value that is absent where
    it is printed, more than may be filled, and what a template may not hold; DamagedFile for what isn't a .docx.
    """
    package, stories = _read(template, place, frozenset(context_of(type(view))), ours=ours)
    budget = Budget(place=place)
    relations: dict[str, list[Relationship]] = {}
    roots = {}
    for story in stories:
        links = relations[story.part] = list(relationships(package, story.part, place))
        root = deepcopy(story.root)
        pictures.remember(root, finish.pictures)
        roots[story.part] = Filler(story, budget, _relating(links), join).fill(root, view)
    repaired(roots.values())
    return finished(package, roots, relations, finish, place)


@lru_cache(maxsize=16)  # a preview, a notice and its letter: one template is filled in several times
def _read(template: bytes, place: str, names: frozenset[str], *, ours: bool) -> tuple[Package, Sequence[Marked]]:
    """The template judged, and its stories ready to be copied and filled."""
    package = _admitted(template, place, ours=ours)
    report = Report(place)
    parts = parsed(Document(package, place), report, names)
    for finding in report.findings():
        if finding.severity is Severity.ERROR:
            raise TemplateError.at(finding.location, finding.message, hint=finding.hint)
    return package, [marked(part.story, part.nodes, part.texts) for part in parts]


def _admitted(template: bytes, place: str, *, ours: bool) -> Package:
    package = contents.read_template(template, place)
    if ours:
        # As `admitted` leaves it: a test holds that it finds nothing to refuse or to leave out.
        fonts = serialised(parse_xml(package.parts[_FONTS], place))
        return Package({**package.parts, _FONTS: fonts}, package.types)
    package = contents.admitted(package, place)
    pictures.refuse_large(package, place)
    return package


def _relating(links: list[Relationship]) -> Relate:
    """What adds relationships to addresses outside, one each."""
    taken, made = {link.id for link in links}, dict[str, str]()
    free = (one for one in map("rIdLink{}".format, count(1)) if one not in taken)

    def relate(address: str) -> str:
        if address not in made:
            made[address] = next(free)
            links.append(Relationship(made[address], HYPERLINK, address, external=True))
        return made[address]

    return relate
