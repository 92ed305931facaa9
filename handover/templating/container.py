"""The file itself: what a template's package holds besides text, and what that could do or tell.

Role: opens the package (nothing of it is executed, rendered or fetched) and reports parts, relationships and content
types that act, reach outside or name people. `handover.formats.word.contents` refuses or drops the same when a document
is made; this module says all of it at once, before that. Text is `text_safety`'s business.
"""

import re
from typing import Final

from lxml import etree

from handover.formats import sniff
from handover.formats.package.opc import (
    OFFICE_DOCUMENT,
    Package,
    Relationship,
    parse_xml,
    relationships,
    rels_source,
    target_part,
)
from handover.formats.word.contents import DOCUMENT, admitted, kind_of, read_template, refused
from handover.formats.word.ooxml import w
from handover.formats.word.pictures import refuse_large
from handover.model.errors import DamagedFile, TemplateError
from handover.model.message import msg, without_place
from handover.templating.report import Report
from handover.templating.stories import Document

_OLE_FILE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TOLD: Final = {
    "attachedTemplate": ("word.attached-template", msg("is attached to a template somewhere else")),
    "mailMergeSource": ("word.mail-merge", msg("is set up for mail merge")),
    "mailMergeHeaderSource": ("word.mail-merge", msg("is set up for mail merge")),
    "recipientData": ("word.mail-merge", msg("is set up for mail merge")),
    "customXml": ("word.custom-xml", msg("carries custom XML")),
    "comments": ("word.comments", msg("has comments")),
    "people": ("word.author", msg("names the people who worked on it")),
}
"""Kinds that are left out of a document, but told."""

_TYPES: Final = {
    "macroEnabled": msg("is a Word document with macros (.docm)"),
    "template": msg("is a Word template (.dotx) under another name"),
    "spreadsheetml": msg("is an Excel workbook"),
    "presentationml": msg("is a PowerPoint presentation"),
}
_REFUSALS: Final = {
    "embedded object": "word.embedded-object",
    "a picture with a program": "word.embedded-object",
    "a picture that refers to": "word.external",
    "pixels": "picture.size",
}
"""Words of the refusals that only the making of a document knows, and the rules that they belong to."""

_AUTHORS: Final = {
    "creator": msg("author"),
    "lastModifiedBy": msg("last person who saved it"),
    "Manager": msg("manager"),
    "Company": msg("company"),
}
_STRICT: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
"""ISO/IEC 29500-1:2016, Annex A: the strict variant has names of its own for everything."""

_SAVE_PLAIN: Final = msg("in Word: File, Save As, “Word Document (.docx)”, not “Strict Open XML Document”")
_SAVE: Final = msg("save it in Word as .docx, without a password")
_PROPERTIES: Final = frozenset({"/docProps/core.xml", "/docProps/app.xml", "/docProps/custom.xml"})
_HARMLESS: Final = re.compile(
    r"handover.*|KSO.*|ICV|AppVersion|Generator|Operator|HyperlinksChanged|LinksUpToDate|ScaleCrop|ShareDoc|DocSecurity",
    re.IGNORECASE,
)
"""Properties that are ours, or that office suites write (WPS, LibreOffice, Google): they tell of nobody."""


def opened(content: bytes, report: Report) -> Document | None:
    """The template's document, or None after saying why it can't be read."""
    if content.startswith(_OLE_FILE):
        report.whole("word.not-docx", msg("is an old Word file (.doc) or protected by a password"), _SAVE)
        return None
    if (kind := sniff.kind_of(content)) == sniff.OPEN_DOCUMENT or not content.startswith(b"PK"):
        said = (
            msg("is {kind}, not a Word document (.docx)", kind=kind) if kind else msg("isn't a Word document (.docx)")
        )
        report.whole("word.not-docx", said, _SAVE)
        return None
    try:
        package = read_template(content, report.file)
        if not _is_document(package, report):
            return None
        document = Document(package, report.file)
        # Everything is parsed here once, so that no rule meets a part that can't be.
        for name in document.kinds:
            if package.types.get(name, "").endswith("xml"):
                document.root(name)
        _ = document.stories
        for name in package.parts:
            if name.endswith(".rels"):
                relationships(package, rels_source(name), report.file)
            elif name in _PROPERTIES:
                parse_xml(package.parts[name], f"{report.file}: {name}")
    except DamagedFile as error:
        rule = "word.doctype" if "DOCTYPE" in error.message else "word.damaged"
        report.whole(rule, without_place(error.message, report.file), error.hint)
        return None
    return document


def _is_document(package: Package, report: Report) -> bool:
    every = relationships(package, "/", report.file)
    if any(relation.type == _STRICT for relation in every):
        report.whole("word.not-docx", msg("is a Strict Open XML document"), _SAVE_PLAIN)
        return False
    main = [relation for relation in every if relation.type == OFFICE_DOCUMENT]
    part = target_part("/", main[0]) if len(main) == 1 and not main[0].external else ""
    declared = package.types.get(part, "")
    if part == DOCUMENT and declared.endswith("wordprocessingml.document.main+xml"):
        return True
    why = next((text for key, text in _TYPES.items() if key in declared), msg("isn't a plain Word document"))
    report.whole("word.not-docx", why, msg("in Word: File, Save As, “Word Document (.docx)”"))
    if "macroEnabled" in declared or any(name.lower().endswith("vbaproject.bin") for name in package.parts):
        report.whole("word.macro", msg("holds a macro"))
    return False


def check_container(document: Document, report: Report) -> None:
    """Report what the package's relationships and properties hold."""
    package = document.package
    for name in sorted(package.parts):
        if name.endswith(".rels"):
            source = rels_source(name)
            for relation in relationships(package, source, report.file):
                _check_relation(relation, source, report)
    _check_properties(document, report)


def check_admitted(document: Document, report: Report) -> None:
    """Report what the making of a document would refuse, where nothing else has said so."""
    if not report.has_errors("word", "picture"):
        try:
            admitted(document.package, report.file)
            refuse_large(document.package, report.file)
        except (TemplateError, DamagedFile) as error:
            message = without_place(error.message, report.file)
            rule = next((rule for words, rule in _REFUSALS.items() if words in message), "word.damaged")
            report.whole(rule, message, error.hint)


def _check_relation(relation: Relationship, source: str, report: Report) -> None:
    kind = kind_of(relation)
    target = relation.target if relation.external else target_part(source, relation)
    place = _part_place(source)
    if kind in _TOLD:
        rule, message = _TOLD[kind]
        if kind in {"attachedTemplate", "mailMergeSource"}:
            message = msg("{message}: {target}", message=message, target=target)
        report.whole(rule, message, place=place)
    elif kind != "officeDocument" and (found := refused(relation)):
        report.whole(f"word.{found[0]}", found[1], place=place)


def _part_place(source: str) -> str:
    names = {"/": "", DOCUMENT: ""}
    found = re.fullmatch(r"/word/([a-z]+?)\d*\.xml", source)
    return names.get(source, msg("in its {found}", found=found[1]) if found else msg("in {source}", source=source))


def _check_properties(document: Document, report: Report) -> None:
    for name in ("/docProps/core.xml", "/docProps/app.xml"):
        for element in _elements(document, name):
            label = _AUTHORS.get(etree.QName(element).localname, "")
            text = (element.text or "").strip()
            if label and text:
                report.whole("word.author", msg("names its {label}: {text}", label=label, text=text))
    for element in _elements(document, "/docProps/custom.xml"):
        name = element.get("name", "")
        if name and not _HARMLESS.fullmatch(name):
            report.whole("word.custom-xml", msg("carries the property {name}", name=name))
    settings = document.root("/word/settings.xml")
    if settings is not None and settings.find(w("mailMerge")) is not None:
        report.whole("word.mail-merge", msg("is set up for mail merge"))


def _elements(document: Document, name: str) -> list[etree._Element]:
    root = document.root(name)
    return [] if root is None else [element for element in root.iter() if isinstance(element.tag, str)]
