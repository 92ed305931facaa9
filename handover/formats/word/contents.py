"""What a Word template may bring along: the parts that are kept, those that are dropped, and what is refused.

Role: `admitted` turns a package that anyone may have made into one with only text, styles, pictures and charts.
What tells about people or machines (comments, authors, revision ids, custom properties) is dropped without a word;
what acts, reaches outside or hides text is refused with a sentence on what to do in Word. It renders nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product
from typing import Final

from lxml import etree

from handover.formats.package import opc
from handover.formats.word import unwanted
from handover.formats.word.ooxml import W, detach, detach_all, serialised, w
from handover.formats.word.styles import Styles
from handover.formats.word.unshown import unshown_text
from handover.model.errors import DamagedFile, TemplateError
from handover.model.message import msg

DOCUMENT: Final = "/word/document.xml"
MAIN_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
STORIES: Final = frozenset({"document", "header", "footer", "footnotes", "endnotes"})
"""Kinds of parts that hold what people read (ECMA-376 Part 1, 11.3)."""

KEPT: Final = frozenset(
    {"styles", "settings", "fontTable", "font", "numbering", "theme", "header", "footer", "footnotes", "endnotes",
     "image", "chart", "package", "chartStyle", "chartColorStyle", "hyperlink"}
)  # fmt: skip
DROPPED: Final = frozenset(
    {"comments", "commentsExtended", "commentsIds", "commentsExtensible", "people", "customXml", "customXmlProps",
     "webSettings", "glossaryDocument", "stylesWithEffects", "thumbnail", "custom-properties", "keyMapCustomizations",
     "core-properties", "extended-properties", "printerSettings", "documenttasks", "recipientData", "themeOverride",
     "classificationlabels", "intelligence2", "intelligence", "attachedTemplate"}
)  # fmt: skip
MOST_MARKUP: Final = 120_000
"""Tags and attributes in what people read of a template: our largest has 3,000, what Word saves ten times as many."""

_UNREAD_OF_LINK: Final = ("tooltip", "docLocation")
"""What a link says to nobody (17.16.22): a tip, and a place in a document that a web page isn't."""

UNREAD: Final = re.compile(r"/customXml/.*|/docProps/thumbnail.*|/word/printerSettings/.*", re.IGNORECASE)
"""Parts that are dropped whatever they hold: Power Query and add-ins write theirs in UTF-16."""

EMBEDDED_FONT: Final = msg("brings a font along, which may show other letters than the text that is signed")
UNEMBED: Final = msg("in Word: File, Options, Save: take “Embed fonts in the file” away, then save it")

ACTS: Final = {
    "vbaProject": ("macro", msg("holds a macro")),
    "wordVbaData": ("macro", msg("holds a macro")),
    "oleObject": unwanted.OBJECTS["object"],
    "control": unwanted.OBJECTS["control"],
    "activeXControlBinary": unwanted.OBJECTS["control"],
    "aFChunk": unwanted.OBJECTS["altChunk"],
    "subDocument": unwanted.OBJECTS["subDoc"],
    "frame": ("inserted-document", msg("shows another file in a frame")),
}
"""Kinds of parts that act or insert something: the rule that refuses each, without its family, and what to say."""
_PERSONAL: Final = re.compile(rf"\{{{W}\}}rsid|.*\}}(paraId|textId|durableId|docId)$")
_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ACTIVE: Final = re.compile("macroEnabled|vba|externalLink|connections|oleObject|activeX|queryTable", re.IGNORECASE)
_SVG_LINK: Final = "{http://www.w3.org/2000/svg}a"
STORY_TYPE: Final = re.compile(r"wordprocessingml\.(document\.main|header|footer|footnotes|endnotes)\+xml\Z")
_MOST_NEAR: Final = 80
_STRAY: Final = (
    "proofErr", "commentRangeStart", "commentRangeEnd", "commentReference", "permStart", "permEnd",
    "smartTagPr", "lastRenderedPageBreak",
)  # fmt: skip
_SETTINGS_DROPPED: Final = frozenset(
    {"rsids", "attachedTemplate", "docVars", "mailMerge", "trackRevisions", "revisionView", "documentProtection",
     "writeProtection", "linkStyles", "docId", "saveThroughXslt", "removePersonalInformation", "proofState",
     "printFormsData", "bookFoldPrinting", "bookFoldRevPrinting", "removeDateAndTime", "attachedSchema", "captions",
     "readModeInkLockDown", "updateFields"}
)  # fmt: skip


def kind_of(relationship: opc.Relationship) -> str:
    """The last segment of a relationship's type: `header`, `image` …"""
    return relationship.type.rpartition("/")[2]


def main_part(package: opc.Package, place: str) -> str:
    """The name of a document's main part. Raises DamagedFile unless there is one."""
    found = [name for name, kind in package.types.items() if kind == MAIN_TYPE]
    if len(found) != 1:
        raise DamagedFile.at(place, msg("must have one main document, has {count}", count=len(found)))
    return found[0]


def read_template(data: bytes, place: str) -> opc.Package:
    """A Word file as a package, without what is dropped unread, its main part under the name that Word gives it.

    Word for the web and SharePoint call it `document2.xml`: the relationships say which it is. Raises DamagedFile,
    also for more than MOST_MARKUP tags and attributes in all.
    """
    package = opc.read_package(data, place, without=UNREAD)
    opc.check_markup(
        (part for name, part in package.parts.items() if name.endswith((".xml", ".rels"))), place, MOST_MARKUP
    )
    main = [r for r in opc.relationships(package, "/", place) if r.type == opc.OFFICE_DOCUMENT and not r.external]
    name = opc.target_part("/", main[0]) if len(main) == 1 else DOCUMENT
    if name == DOCUMENT or DOCUMENT in package.parts or not re.fullmatch(r"/word/[^/]+", name):
        return package
    new = {name: DOCUMENT, opc.rels_name(name): opc.rels_name(DOCUMENT)}
    others = [r for r in opc.relationships(package, "/", place) if r.type != opc.OFFICE_DOCUMENT]
    parts = {new.get(part, part): content for part, content in package.parts.items()}
    parts[opc.rels_name("/")] = opc.write_relationships([replace(main[0], target=DOCUMENT.lstrip("/")), *others])
    return opc.Package(parts, {new.get(part, part): declared for part, declared in package.types.items()})


def title_of(data: bytes, place: str) -> str:
    """The title in a Word file's properties (ECMA-376 Part 2, 8.3); empty where it has none. Raises DamagedFile."""
    core = opc.read_package(data, place).parts.get("/docProps/core.xml")
    title = opc.parse_xml(core, place).find("{http://purl.org/dc/elements/1.1/}title") if core else None
    return "" if title is None else title.text or ""


def admitted(package: opc.Package, place: str) -> opc.Package:
    """The package reduced to what a document of ours may hold, or TemplateError naming what is refused.

    `place` names the template in messages. The properties are left out: the caller writes fixed ones. In one build a
    template is checked, tried and filled: the same octets have the same answer, which is looked for once.
    """
    return _admitted(_Given(tuple(package.parts.items()), tuple(package.types.items()), place))


@dataclass(frozen=True)
class _Given:
    """A package to be judged, whatever it's called."""

    parts: tuple[tuple[str, bytes], ...]
    types: tuple[tuple[str, str], ...]
    place: str = field(compare=False)


@lru_cache(maxsize=16)
def _admitted(given: _Given) -> opc.Package:
    package, place = opc.Package(dict(given.parts), dict(given.types)), given.place
    main = [r for r in opc.relationships(package, "/", place) if r.type == opc.OFFICE_DOCUMENT]
    is_document = package.types.get(DOCUMENT, "").endswith("wordprocessingml.document.main+xml")
    if len(main) != 1 or opc.target_part("/", main[0]) != DOCUMENT or not is_document:
        raise TemplateError.at(place, msg("isn't a plain Word document"), hint=msg("save it in Word as .docx"))
    styles = _styles(package, place)
    _refuse_unshown(package, DOCUMENT, styles, place)
    parts: dict[str, bytes] = {opc.rels_name("/"): opc.write_relationships(main)}
    kinds: dict[str, str] = {}
    waiting = [(DOCUMENT, "document")]
    while waiting:
        name, kind = waiting.pop()
        if kinds.setdefault(name, kind) != kind and kind != "hyperlink":
            message = msg("{name} is both {kinds} and {kind}", name=name, kinds=kinds[name], kind=kind)
            raise TemplateError.at(place, message, hint=msg("save it in Word once more"))
        if name in parts:
            continue
        if name not in package.parts:
            raise TemplateError.at(
                place, msg("{name} is missing", name=name), hint=msg("open it in Word and save it again")
            )
        if kind == "package":
            _check_workbook(package.parts[name], package.types[name], f"{place}: {name}")
        if package.types[name] == "image/svg+xml":
            _check_drawing(package.parts[name], f"{place}: {name}")
        parts[name] = _cleaned(package.parts[name], kind, styles, f"{place}: {name}")
        kept = tuple(_kept(package, name, place))
        if kept:
            parts[opc.rels_name(name)] = opc.write_relationships(kept)
        waiting += [(opc.target_part(name, r), kind_of(r)) for r in kept if not r.external]
    return opc.Package(parts, {name: package.types.get(name, package.types[opc.rels_name("/")]) for name in parts})


def refused(relationship: opc.Relationship) -> tuple[str, str] | None:
    """Why a document may not have this relationship: the rule without its family, and the reason; None where it may."""
    kind, target = kind_of(relationship), relationship.target
    if kind in ACTS:
        return ACTS[kind]
    if kind in DROPPED:
        return None
    if relationship.external and relationship.type != opc.HYPERLINK:
        shown = {"image": msg("a linked picture")}.get(kind, f"a {kind}")
        return "external", msg("refers to {shown} outside the document: {target}", shown=shown, target=target)
    if relationship.external and not unwanted.leads_safely(target):
        return "external", msg("has a link to something else than a web page: {target}", target=target)
    return None if kind in KEPT else ("unknown-part", msg("holds a part that a template can't have: {kind}", kind=kind))


def _kept(package: opc.Package, source: str, place: str) -> Iterator[opc.Relationship]:
    for relationship in opc.relationships(package, source, place):
        if found := refused(relationship):
            message = msg("{source} {found}", source=source, found=found[1])
            raise TemplateError.at(place, message, hint=msg("remove it in Word and save the template again"))
        if kind_of(relationship) not in DROPPED:
            yield relationship


def refuse_unsignable(package: opc.Package, main: str, place: str, *, binding: str) -> None:
    """Raise TemplateError for what a finished letter may not hold: text that nobody sees, or anything that acts,
    changes by itself or was dropped from its template. `main` names its main part, `binding` the one that binds it.

    The template was searched, but its values may hide something by their length or their script; and a letter in the
    making isn't the one that is signed, whose mark is gone, and which others have had in their hands: so both are
    searched (docs/format.md, 8.10).
    """
    styles = _styles(package, place, main)
    _refuse_unshown(package, main, styles, place)
    for name in package.parts:
        if not name.startswith("/_xmlsignatures/"):
            _refuse_parts(package, name, place, binding)
    for name, declared in package.types.items():
        if STORY_TYPE.search(declared) and name in package.parts:
            root = opc.parse_xml(package.parts[name], f"{place}: {name}")
            for element, how in _said_elsewhere(root):
                said = msg("has {how}{element}", how=how, element=_near(element))
                raise TemplateError.at(place, said, hint=unwanted.SHOW)
            for _, element, words, hint in unwanted.faults(root, styles, signed=True):
                raise TemplateError.at(place, msg("{words}{near}", words=words, near=_near(element)), hint=hint)


def _refuse_parts(package: opc.Package, source: str, place: str, binding: str) -> None:
    for relationship in opc.relationships(package, source, place):
        kind, found = kind_of(relationship), refused(relationship)
        if kind in DROPPED and (relationship.external or opc.target_part(source, relationship) != binding):
            found = "unknown-part", msg("holds a part that a letter to be signed can't have: {kind}", kind=kind)
        if kind == "font":
            raise TemplateError.at(place, EMBEDDED_FONT, hint=UNEMBED)
        if found:
            message = msg("{source} {found}", source=source, found=found[1])
            raise TemplateError.at(place, message, hint=msg("make the letter anew from the project, and sign that one"))


def _said_elsewhere(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Controls whose text Word takes from another part (17.5.2.6), the properties say, which nobody signs; and tips."""
    for bound in root.iter("{*}dataBinding"):
        yield bound, msg("two versions of a text, of which each reader sees one")
    for link in root.iter(w("hyperlink")):
        if any(link.get(w(name), "").strip() for name in _UNREAD_OF_LINK):
            yield link, msg("a link with a tip that nobody sees")


def _refuse_unshown(package: opc.Package, main: str, styles: Styles, place: str) -> None:
    for _, element, how in unshown_text(package, main, place, styles) if main in package.parts else ():
        raise TemplateError.at(place, msg("has {how}{element}", how=how, element=_near(element)), hint=unwanted.SHOW)


def _styles(package: opc.Package, place: str, main: str = DOCUMENT) -> Styles:
    """The document's named styles and the colours of its theme and settings; none when it has no such parts."""
    found: dict[str, etree._Element] = {}
    for relationship in opc.relationships(package, main, place):
        kind, name = kind_of(relationship), opc.target_part(main, relationship)
        if kind in {"styles", "theme", "settings"} and kind not in found and name in package.parts:
            found[kind] = opc.parse_xml(package.parts[name], f"{place}: {name}")
    return Styles(found.get("styles"), found.get("theme"), found.get("settings"))


def _check_workbook(content: bytes, declared: str, place: str) -> None:
    """Refuse what stands behind a chart unless it is a workbook of cells alone."""
    types = opc.read_package(content, place).types.values() if declared == _WORKBOOK else (declared,)
    if declared != _WORKBOOK or any(_ACTIVE.search(type_) for type_ in types):
        raise TemplateError.at(place, msg("holds an embedded object"), hint=msg("paste the chart as a picture"))


def _check_drawing(content: bytes, place: str) -> None:
    """Refuse a drawing (SVG 1.1, 5.7, 18.2) that runs something or shows what lies outside it."""
    for element in opc.parse_xml(content, place).iter(etree.Element):
        if etree.QName(element).localname in {"script", "foreignObject", "handler", "iframe"}:
            raise TemplateError.at(place, msg("is a picture with a program in it"), hint=msg("insert it as PNG"))
        for name, value in element.attrib.items():
            local, target = etree.QName(str(name)).localname, str(value).strip()
            if local == "href" and not target.startswith(("#", "data:image/")) and element.tag != _SVG_LINK:
                raise TemplateError.at(
                    place, msg("is a picture that refers to {target}", target=target), hint=msg("insert it as PNG")
                )


def _cleaned(content: bytes, kind: str, styles: Styles, place: str) -> bytes:
    if kind not in STORIES and kind not in {"styles", "settings", "numbering", "theme", "fontTable"}:
        return content
    root = opc.parse_xml(content, place)
    for comment in list(root.iter(etree.Comment, etree.ProcessingInstruction)):
        detach(comment)
    for element in root.iter():
        for attribute in [name for name in map(str, element.attrib) if _PERSONAL.match(name)]:
            del element.attrib[attribute]
    if kind in STORIES:
        for bound in list(root.iter("{*}dataBinding")):
            detach(bound)
        for link, name in product(root.iter(w("hyperlink")), _UNREAD_OF_LINK):
            link.attrib.pop(w(name), "")
        for _, element, words, hint in unwanted.faults(root, styles):
            raise TemplateError.at(place, msg("{words}{near}", words=words, near=_near(element)), hint=hint)
        detach_all(root, _STRAY)
        _forget_cursor(root)
    if kind == "settings":
        detach_all(root, _SETTINGS_DROPPED)
    return serialised(root)


def _near(element: etree._Element) -> str:
    """The text that is meant, or that of its paragraph."""
    holder = next(element.iterancestors(w("p")), element) if not len(element) else element
    text = " ".join("".join(found.text or "" for found in holder.iter(w("t"))).split())
    more = "…" if len(text) > _MOST_NEAR else ""
    return msg(" (near “{text}{more}”)", text=text[:_MOST_NEAR], more=more) if text else ""


def _forget_cursor(root: etree._Element) -> None:
    """Drop the bookmark in which Word keeps where its last user was."""
    starts = [element for element in root.iter(w("bookmarkStart")) if element.get(w("name")) == "_GoBack"]
    ids = {element.get(w("id")) for element in starts}
    ends = [element for element in root.iter(w("bookmarkEnd")) if element.get(w("id")) in ids]
    for element in (*starts, *ends):
        detach(element)
