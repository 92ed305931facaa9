"""Packages of the Open Packaging Conventions: a .docx as parts, relationships and content types.

Role: reads a package that someone else may have made, refusing what readers disagree about (ECMA-376 Part 2), and
writes one in a single canonical form. It knows relationships and content types, and nothing of what Word means by
them; the zip around the parts is `opc_zip`'s. Nothing here touches the disk.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from posixpath import normpath
from typing import Final

from lxml import etree

from handover.formats.package.zip_items import CONTENT_TYPES as CONTENT_TYPES
from handover.formats.package.zip_items import DEFAULT_LIMITS, check_items, write_items
from handover.formats.package.zip_items import Limits as Limits
from handover.formats.package.zip_items import read_items as read_items
from handover.model.errors import DamagedFile
from handover.model.message import msg

TYPES_NAMESPACE: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONSHIPS_NAMESPACE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
RELATIONSHIPS_TYPE: Final = "application/vnd.openxmlformats-package.relationships+xml"
CORE_PROPERTIES_TYPE: Final = "application/vnd.openxmlformats-package.core-properties+xml"
EXTENDED_PROPERTIES_TYPE: Final = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
OFFICE_DOCUMENT: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
CORE_PROPERTIES: Final = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
EXTENDED_PROPERTIES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties"
HYPERLINK: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
MAX_MARKUP: Final = 500_000
"""Tags and attributes of one part: a document of a hundred pages has some 100,000. Each takes up to 250 bytes of memory
once parsed."""
XML_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_CONTENT_TYPE = re.compile(r"[A-Za-z0-9.+_-]+/[A-Za-z0-9.+_-]+")
_XML_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


@dataclass(frozen=True, order=True, slots=True)
class Relationship:
    """One relationship of a source: its id, its type, its target as written, and whether that lies outside."""

    id: str
    type: str
    target: str
    external: bool = False


@dataclass(frozen=True, slots=True)
class Package:
    """Parts by name (`/word/document.xml`, the `.rels` parts included) and the content type of each."""

    parts: Mapping[str, bytes] = field(repr=False)
    types: Mapping[str, str] = field(repr=False)


def read_package(
    data: bytes, place: str, limits: Limits = DEFAULT_LIMITS, *, without: re.Pattern[str] | None = None
) -> Package:
    """The parts of a package; `place` names the file in messages. Parts named like `without` aren't looked at.

    Refused with `DamagedFile`: what isn't a zip, encrypted or overlapping entries, names that are no part names or
    are equal but for case (ECMA-376 Part 2, 6.2.2.3), parts without content type, a DOCTYPE, and what exceeds the
    limits.
    """
    items = read_items(data, place, limits)
    if without is not None:
        items = {name: content for name, content in items.items() if not without.fullmatch(f"/{name}")}
    return parse_package(items, place)


def parse_package(items: Mapping[str, bytes], place: str) -> Package:
    """Parts with their content types, from a zip's items; raises `DamagedFile` (see `read_package`)."""
    if CONTENT_TYPES not in items:
        message = msg("has no {content_types}", content_types=CONTENT_TYPES)
        raise DamagedFile.at(place, message, hint=msg("it isn't a Word document (.docx)"))
    parts = {f"/{name}": content for name, content in items.items() if name != CONTENT_TYPES}
    defaults, overrides = _declared_types(items[CONTENT_TYPES], place)
    types: dict[str, str] = {}
    for name in parts:
        declared = overrides.get(name.lower()) or defaults.get(_extension(name))
        if declared is None or not _CONTENT_TYPE.fullmatch(declared):
            raise DamagedFile.at(place, msg("{name} has no valid content type", name=name))
        if name.endswith(".rels") and declared != RELATIONSHIPS_TYPE:
            raise DamagedFile.at(place, msg("{name} isn't declared as relationships", name=name))
        types[name] = declared
        if declared.endswith(("/xml", "+xml", ".vmlDrawing")):
            check_xml(parts[name], f"{place}: {name}")
            check_markup([parts[name]], f"{place}: {name}")
    return Package(parts, types)


def _declared_types(data: bytes, place: str) -> tuple[dict[str, str], dict[str, str]]:
    defaults: dict[str, str] = {}
    overrides: dict[str, str] = {}
    for element in parse_xml(data, f"{place}: {CONTENT_TYPES}"):
        if element.tag == f"{{{TYPES_NAMESPACE}}}Default":
            target, key = defaults, element.get("Extension", "").lower()
        elif element.tag == f"{{{TYPES_NAMESPACE}}}Override":
            target, key = overrides, element.get("PartName", "").lower()
        else:
            raise DamagedFile.at(
                place, msg("{content_types} has an element that doesn't belong there", content_types=CONTENT_TYPES)
            )
        if key in target:
            raise DamagedFile.at(
                place, msg("{content_types} declares {key!a} twice", content_types=CONTENT_TYPES, key=key)
            )
        target[key] = element.get("ContentType", "")
    return defaults, overrides


def _extension(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[2].lower()


def check_xml(data: bytes, place: str) -> None:
    """Refuse XML that isn't plain UTF-8 or has a DOCTYPE, before any parser sees it; `DamagedFile`."""
    head = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    declared = _XML_ENCODING.match(head)
    encoding = declared.group(1).lower() if declared else b"utf-8"
    # In another encoding, `<!DOCTYPE` would be other octets, and this search would be blind.
    if encoding not in (b"utf-8", b"us-ascii", b"ascii") or not head.startswith(b"<"):
        raise DamagedFile.at(place, msg("not XML in UTF-8"))
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise DamagedFile.at(place, msg("has a DOCTYPE, which no Office file needs and attacks use"))


def check_markup(parts: Iterable[bytes], place: str, most: int = MAX_MARKUP) -> None:
    """Refuse XML with more tags and attributes than an Office file has, before a tree is made; `DamagedFile`.

    Counted by their signs: every tag, comment and instruction has a `<`, every attribute and namespace a `=`.
    """
    if sum(data.count(b"<") + data.count(b"=") for data in parts) > most:
        raise DamagedFile.at(
            place, msg("has more than {most:,} tags and attributes", most=most), hint=msg("make the document smaller")
        )


def xml_parser() -> etree.XMLParser:
    """lxml's parser, which reads nothing outside the part and makes nothing larger than it is."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def parse_xml(data: bytes, place: str, most: int = MAX_MARKUP) -> etree._Element:
    """The root of well-formed XML without DOCTYPE; nothing outside it is ever read. Raises `DamagedFile`."""
    check_xml(data, place)
    check_markup([data], place, most)
    try:
        return etree.fromstring(data, xml_parser())
    except etree.XMLSyntaxError as error:
        raise DamagedFile.at(place, msg("not well-formed XML (line {lineno})", lineno=error.lineno)) from None


def rels_name(source: str) -> str:
    """The name of a source's relationships part; the source `/` is the package (ECMA-376 Part 2, 6.5)."""
    folder, _, name = source.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def rels_source(name: str) -> str:
    """The source whose relationships a `.rels` part holds: the inverse of `rels_name`."""
    folder, _, file = name.rpartition("/")
    return f"{folder.removesuffix('_rels')}{file.removesuffix('.rels')}"


def relationships(package: Package, source: str, place: str) -> tuple[Relationship, ...]:
    """The relationships of `source` (a part's name, or `/`), in the part's order; `DamagedFile`."""
    name = rels_name(source)
    if name not in package.parts:
        return ()
    return parse_relationships(package.parts[name], f"{place}: {name}")


def parse_relationships(data: bytes, place: str) -> tuple[Relationship, ...]:
    """The relationships in a `.rels` part; `DamagedFile` for a repeated id or what doesn't belong there."""
    found: dict[str, Relationship] = {}
    for element in parse_xml(data, place):
        attributes = {str(key): str(value) for key, value in element.attrib.items()}
        mode = attributes.pop("TargetMode", "Internal")
        if (
            element.tag != f"{{{RELATIONSHIPS_NAMESPACE}}}Relationship"
            or attributes.keys() != {"Id", "Type", "Target"}
            or mode not in ("Internal", "External")
            or len(element)
        ):
            raise DamagedFile.at(place, msg("has something else than plain relationships"))
        identifier = attributes["Id"]
        if identifier in found:
            raise DamagedFile.at(place, msg("has the relationship {identifier!a} twice", identifier=identifier))
        target = attributes["Target"].strip()
        found[identifier] = Relationship(identifier, attributes["Type"], target, mode == "External")
    return tuple(found.values())


def target_part(source: str, relationship: Relationship) -> str:
    """The name of the part that an internal relationship of `source` leads to (RFC 3986, 5.2)."""
    target = relationship.target.partition("#")[0]
    if not target:
        return source
    folder = source.rpartition("/")[0]
    return normpath(target if target.startswith("/") else f"{folder}/{target}")


def escape_text(text: str) -> str:
    """Character data as Canonical XML 1.0 writes it (clause 2.3)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")


def escape_attribute(text: str) -> str:
    """An attribute's value as Canonical XML 1.0 writes it (clause 2.3), for double quotes."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return escaped.replace("\t", "&#x9;").replace("\n", "&#xA;").replace("\r", "&#xD;")


def write_relationships(found: Iterable[Relationship]) -> bytes:
    """A `.rels` part in canonical form: sorted by id, without white space."""
    elements = "".join(_relationship(relationship) for relationship in sorted(found))
    root = f'<Relationships xmlns="{RELATIONSHIPS_NAMESPACE}">{elements}</Relationships>'
    return XML_DECLARATION + root.encode()


def _relationship(relationship: Relationship) -> str:
    mode = ' TargetMode="External"' if relationship.external else ""
    return (
        f'<Relationship Id="{escape_attribute(relationship.id)}" Type="{escape_attribute(relationship.type)}" '
        f'Target="{escape_attribute(relationship.target)}"{mode}/>'
    )


def write_content_types(types: Mapping[str, str]) -> bytes:
    """`[Content_Types].xml` in canonical form: a function of the parts' names and types alone.

    An extension other than `xml` whose parts all share one type gets a Default; every other part an Override.
    """
    by_extension: dict[str, set[str]] = {}
    for name, content_type in types.items():
        by_extension.setdefault(_extension(name), set()).add(content_type)
    defaults = {e: min(found) for e, found in by_extension.items() if len(found) == 1 and e != "xml"}
    elements = [
        f'<Default Extension="{escape_attribute(extension)}" ContentType="{escape_attribute(defaults[extension])}"/>'
        for extension in sorted(defaults)
    ]
    elements += [
        f'<Override PartName="{escape_attribute(name)}" ContentType="{escape_attribute(types[name])}"/>'
        for name in sorted(types)
        if _extension(name) not in defaults
    ]
    return XML_DECLARATION + f'<Types xmlns="{TYPES_NAMESPACE}">{"".join(elements)}</Types>'.encode()


def write_package(package: Package) -> bytes:
    """The package as a zip in canonical order, `[Content_Types].xml` first, with fixed times.

    The same parts give the same octets on machines with the same zlib; elsewhere the compressed octets may differ.
    """
    return write_items(_items(package))


def check_zip(data: bytes, package: Package, place: str) -> None:
    """Demand that `data` is `package` as `write_package` writes it, whatever zlib compressed it; `DamagedFile`."""
    check_items(data, _items(package), place)


def _items(package: Package) -> list[tuple[str, bytes]]:
    names = sorted(package.parts, key=lambda name: (name != rels_name("/"), name))
    parts = [(name.removeprefix("/"), package.parts[name]) for name in names]
    return [(CONTENT_TYPES, write_content_types(package.types)), *parts]


def package_relationships(main: str) -> list[Relationship]:
    """The relationships of a package of ours: its main part, and the two of its properties."""
    return [
        Relationship("rId1", OFFICE_DOCUMENT, main.removeprefix("/")),
        Relationship("rId2", CORE_PROPERTIES, "docProps/core.xml"),
        Relationship("rId3", EXTENDED_PROPERTIES, "docProps/app.xml"),
    ]


DOCPROPS_TYPES: Final = {
    "/docProps/core.xml": CORE_PROPERTIES_TYPE,
    "/docProps/app.xml": EXTENDED_PROPERTIES_TYPE,
}


def fixed_docprops() -> dict[str, bytes]:
    """`/docProps/core.xml` and `/docProps/app.xml` as this program always writes them: they tell nothing."""
    core = (
        b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator></dc:creator></cp:coreProperties>'
    )
    app = (
        b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        b"<Application>handover</Application></Properties>"
    )
    return {"/docProps/core.xml": XML_DECLARATION + core, "/docProps/app.xml": XML_DECLARATION + app}
