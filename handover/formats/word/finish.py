"""Word documents made ready to leave the house, once a template's tags are filled in.

Role: `finished` places pictures and charts, sets the brand's colours, the language, the paper and the draft mark, and
leaves out everything that tells about people or machines: same input, same bytes. It knows no tag, no document of ours
and reads no file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from lxml import etree

from handover.formats.chart.markup import WORKBOOK_RELATIONSHIP
from handover.formats.chart.markup import Part as ChartPart
from handover.formats.chart.place import CHART_TYPE, WORKBOOK_TYPE, Placed, place_charts
from handover.formats.chart.workbook import workbook
from handover.formats.package import opc
from handover.formats.palette import Palette
from handover.formats.word import pictures, theme, watermark
from handover.formats.word.appearance import number
from handover.formats.word.contents import DOCUMENT, STORIES, kind_of
from handover.formats.word.ooxml import WP, R, detach, serialised, w
from handover.formats.word.pictures import Picture, Prepared

PAPER: Final[Mapping[str, tuple[int, int]]] = {"A4": (11906, 16838), "Letter": (12240, 15840)}
"""Width and height in twips (ISO 216; ANSI/ASME Y14.1)."""

_LARGEST: Final = 100_000
"""Twips: three times the largest page that Word sets."""
_HEADER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
_CHANGED: Final = frozenset({"styles", "numbering", "settings", "theme"})
_EXTENSIONS = {"png": "image/png", "jpeg": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class Finish:
    """What a document gets besides its words."""

    language: str
    """BCP 47 tag of the document's language, `fr-FR`."""
    paper: str
    """`A4` or `Letter`; the width of the text stays what the template says."""
    palette: Palette
    pictures: Mapping[str, Picture | None] = field(default_factory=dict)
    """Placeholder's name → its picture, or None where there is none."""
    charts: Mapping[str, Placed] = field(default_factory=dict)
    """A chart's name → the chart."""
    draft: str | None = None
    """The word that marks every page of a draft."""
    title: str | None = None
    """Title for the document's properties; None for the fixed ones that a signed letter must have."""
    author: str = ""
    """Whom the properties name as the author, where there is a title."""


def finished(
    package: opc.Package,
    roots: Mapping[str, etree._Element],
    relations: Mapping[str, list[opc.Relationship]],
    finish: Finish,
    place: str,
) -> bytes:
    """A filled template's bytes, made ready to leave the house. Same input, same bytes.

    `package` is the admitted template, `roots` its stories filled, `relations` their relationships, by part. `place`
    names the template in messages. Raises TemplateError for a chart that the document doesn't have.
    """
    held = {
        name: list(opc.parse_relationships(content, f"{place}: {name}"))
        for name, content in package.parts.items()
        if name.endswith(".rels")
    } | {opc.rels_name(name): links for name, links in relations.items()}
    finisher = _Finisher(finish, place, dict(package.parts), dict(package.types), held, dict(roots))
    return opc.write_package(finisher.finished())


@dataclass(slots=True)
class _Finisher:
    """Takes the filled package to the finished one; every step changes parsed parts in place."""

    finish: Finish
    place: str
    parts: dict[str, bytes]
    types: dict[str, str]
    relations: dict[str, list[opc.Relationship]]
    roots: dict[str, etree._Element]
    related: dict[tuple[str, str], str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=lambda: {DOCUMENT: "document"})

    def __post_init__(self) -> None:
        for rels, held in self.relations.items():
            source = opc.rels_source(rels)
            for relation in held:
                if not relation.external and source != "/":
                    self.kinds[opc.target_part(source, relation)] = kind_of(relation)
        for name, kind in self.kinds.items():
            if kind in STORIES | _CHANGED and name in self.parts and name not in self.roots:
                self.roots[name] = opc.parse_xml(self.parts[name], f"{self.place}: {name}")

    def finished(self) -> opc.Package:
        """Every step in order, then the parts that are still referred to."""
        for name in self._named(*STORIES):
            pictures.place(self.roots[name], self.finish.pictures, partial(self._add, name))
            place_charts(self.roots[name], self.finish.charts, partial(self._add_chart, name), self.place)
        self._recolour()
        self._set_language()
        _set_paper(self.roots[DOCUMENT], self.finish.paper)
        _hold_rows(self.roots[DOCUMENT])
        if self.finish.draft:
            self._mark_draft(self.finish.draft)
        # A loop repeats a drawing with its id; Word wants each id once in the document.
        drawings = (one for name in self._named(*STORIES) for one in self.roots[name].iter(f"{{{WP}}}docPr"))
        for at, drawing in enumerate(drawings, 1):
            drawing.set("id", str(at))
        for name, root in self.roots.items():
            etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "r", "wp", "a", "pic", "mc", "w14", "wp14"])
            self.parts[name] = serialised(root)
        self._write_relations()
        return self._complete()

    def _named(self, *kinds: str) -> list[str]:
        return [name for name in sorted(self.roots) if self.kinds[name] in kinds]

    def _add(self, source: str, ready: Prepared, name: str) -> str:
        part = f"/word/media/{name}.{ready.extension}"
        self.parts[part] = ready.content
        self.types[part] = _EXTENSIONS[ready.extension]
        return self._relate(source, "image", f"media/{name}.{ready.extension}")

    def _add_chart(self, source: str, number: int, part: ChartPart) -> str:
        chart, book = f"/word/charts/chart{number}.xml", f"/word/embeddings/chart{number}.xlsx"
        self.parts |= {chart: part.xml, book: workbook(part.rows)}
        self.types |= {chart: CHART_TYPE, book: WORKBOOK_TYPE}
        link = opc.Relationship(WORKBOOK_RELATIONSHIP, f"{R}/package", f"../embeddings/chart{number}.xlsx")
        self.relations[opc.rels_name(chart)] = [link]
        return self._relate(source, "chart", f"charts/chart{number}.xml")

    def _relate(self, source: str, kind: str, target: str) -> str:
        if (source, target) not in self.related:
            relations = self.relations.setdefault(opc.rels_name(source), [])
            taken = {relation.id for relation in relations}
            free = next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
            relations.append(opc.Relationship(free, f"{R}/{kind}", target))
            self.related[source, target] = free
        return self.related[source, target]

    def _recolour(self) -> None:
        themes = [self.roots[name] for name in self._named("theme")]
        if not themes or not all(theme.is_ours(root) for root in themes):
            return
        colours = theme.slots(self.finish.palette)
        for root in themes:
            theme.set_theme(root, colours)
        for name in self._named("styles", "numbering", *STORIES):
            theme.recolour(self.roots[name], colours)

    def _set_language(self) -> None:
        tag = self.finish.language
        for name in self._named("styles", "numbering", *STORIES):
            for element in list(self.roots[name].iter(w("lang"))):
                if element.get(w("val")) is not None and next(element.iterancestors(w("rPrDefault")), None) is None:
                    detach(element)
        for name in self._named("styles"):
            _default_language(self.roots[name], tag)
        for name in self._named("settings"):
            for element in self.roots[name].iter(w("themeFontLang")):
                element.set(w("val"), tag)

    def _mark_draft(self, text: str) -> None:
        for name in self._named("styles"):
            watermark.ensure_style(self.roots[name])
        for name in self._named("header"):
            watermark.mark(self.roots[name], text)
        settings = [self.roots[name] for name in self._named("settings")]
        even = any(root.find(w("evenAndOddHeaders")) is not None for root in settings)
        covered = watermark.has_cover(self.roots[DOCUMENT])
        for at, (section, kind) in enumerate(watermark.missing_headers(self.roots[DOCUMENT], even_pages=even), 1):
            part, across = f"/word/headerDraft{at}.xml", not (covered and kind == "first")
            self.parts[part], self.types[part] = watermark.header(text, across=across), _HEADER_TYPE
            watermark.refer(section, kind, self._relate(DOCUMENT, "header", f"headerDraft{at}.xml"))

    def _write_relations(self) -> None:
        for name, relations in self.relations.items():
            source = opc.rels_source(name)
            if source in self.roots:
                # What its elements name by `r:id`, `r:embed`, `r:link` …
                names = (pair for element in self.roots[source].iter(etree.Element) for pair in element.items())
                used = {str(value) for name, value in names if str(name).startswith(f"{{{R}}}")}
                by_id = {"image", "header", "footer", "hyperlink", "chart"}
                relations[:] = [r for r in relations if kind_of(r) not in by_id or r.id in used]
            self.parts[name] = opc.write_relationships(relations)
            self.types[name] = opc.RELATIONSHIPS_TYPE

    def _complete(self) -> opc.Package:
        """Only what is reached from the package, and the fixed properties."""
        reached, waiting = {opc.rels_name("/")}, [DOCUMENT]
        while waiting:
            name = waiting.pop()
            if name in reached:
                continue
            reached.add(name)
            rels = opc.rels_name(name)
            if self.relations.get(rels):
                reached.add(rels)
                waiting += [opc.target_part(name, r) for r in self.relations[rels] if not r.external]
        parts = {name: self.parts[name] for name in reached} | _properties(self.finish)
        parts[opc.rels_name("/")] = opc.write_relationships(opc.package_relationships(DOCUMENT))
        return opc.Package(parts, {name: self.types[name] for name in reached} | opc.DOCPROPS_TYPES)


def _properties(finish: Finish) -> dict[str, bytes]:
    """Fixed properties, or with the author, title and language that screen readers announce (OPC, clause 8)."""
    properties = opc.fixed_docprops()
    if finish.title is not None:
        elements = (
            f"<dc:creator>{opc.escape_text(finish.author)}</dc:creator>"
            f"<dc:title>{opc.escape_text(finish.title)}</dc:title><dc:language>{finish.language}</dc:language>"
        )
        core = "/docProps/core.xml"
        properties[core] = properties[core].replace(b"<dc:creator></dc:creator>", elements.encode())
    return properties


def _default_language(styles: etree._Element, tag: str) -> None:
    defaults = styles.find(w("docDefaults"))
    if defaults is None:
        defaults = etree.Element(w("docDefaults"))
        styles.insert(0, defaults)
    run = defaults
    for name in ("rPrDefault", "rPr", "lang"):
        child = run.find(w(name))
        run = etree.SubElement(run, w(name)) if child is None else child
    run.set(w("val"), tag)


def _set_paper(document: etree._Element, paper: str) -> None:
    width, height = PAPER[paper]
    for section in document.iter(w("sectPr")):
        size, margins = section.find(w("pgSz")), section.find(w("pgMar"))
        if size is None or margins is None:
            continue
        landscape = size.get(w("orient")) == "landscape"
        new_width, new_height = (height, width) if landscape else (width, height)
        # Tables and tabs are measured for the template's text width: the margins take up the difference.
        spare = new_width - _twips(size, "w", new_width)
        left = _twips(margins, "left") + spare // 2
        right = _twips(margins, "right") + spare - spare // 2
        size.set(w("w"), str(new_width))
        size.set(w("h"), str(new_height))
        margins.set(w("left"), str(left))
        margins.set(w("right"), str(right))


def _hold_rows(document: etree._Element) -> None:
    """The last two rows under a repeated head stay together: none is left alone on a page.

    Not the first two: of a table so held below paragraphs that keep with it, LibreOffice lost the next page's rows.

    A row keeps with the next by the first paragraph of its first cell, in Word as in LibreOffice.
    """
    for table in document.iter(w("tbl")):
        rows = table.findall(w("tr"))
        body = [row for row in rows if row.find(f"{w('trPr')}/{w('tblHeader')}") is None]
        if len(body) == len(rows):
            continue
        for row in body[-2:-1]:
            if (paragraph := row.find(f"{w('tc')}/{w('p')}")) is None:
                continue
            properties = paragraph.find(w("pPr"))
            if properties is None:
                properties = etree.Element(w("pPr"))
                paragraph.insert(0, properties)
            if properties.find(w("keepNext")) is None:
                properties.insert(int(properties.find(w("pStyle")) is not None), etree.Element(w("keepNext")))


def _twips(element: etree._Element, name: str, otherwise: int = 0) -> int:
    """The length that an attribute is, in twips; `otherwise` where it's none, or none of a page's."""
    found = number(element.get(w(name), ""))
    return otherwise if found is None or abs(found) > _LARGEST else found
