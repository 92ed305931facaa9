"""The file itself: what a template's package holds besides text, and what that could do.

Role: opens the package (nothing of it is executed, rendered or fetched) and reports parts, relationships and content
types that act or reach outside. `handover.formats.word.contents` refuses the same when a document is made; this module
says all of it at once, before that. What a document is made without (authors, comments, custom XML) isn't told. Text is
`text_safety`'s business.
"""

import re
from typing import Final

from handover.formats import sniff
from handover.formats.package.opc import (
    OFFICE_DOCUMENT,
    Package,
    parse_xml,
    relationships,
    rels_source,
    target_part,
)
from handover.formats.word.contents import DOCUMENT, admitted, read_template, refused
from handover.formats.word.pictures import refuse_large
from handover.model.errors import DamagedFile, TemplateError
from handover.model.message import msg, without_place
from handover.templating.report import Report
from handover.templating.stories import Document

_OLE_FILE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
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

_STRICT: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
"""ISO/IEC 29500-1:2016, Annex A: the strict variant has names of its own for everything."""

_SAVE_PLAIN: Final = msg("in Word: File, Save As, “Word Document (.docx)”, not “Strict Open XML Document”")
_SAVE: Final = msg("save it in Word as .docx, without a password")
_PROPERTIES: Final = frozenset({"/docProps/core.xml", "/docProps/app.xml", "/docProps/custom.xml"})


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


def check_container(package: Package, report: Report) -> None:
    """Report what the package's relationships lead to."""
    for name in sorted(package.parts):
        if name.endswith(".rels"):
            source = rels_source(name)
            for relation in relationships(package, source, report.file):
                if relation.type != OFFICE_DOCUMENT and (found := refused(relation)):
                    report.whole(f"word.{found[0]}", found[1], place=_part_place(source))


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


def _part_place(source: str) -> str:
    names = {"/": "", DOCUMENT: ""}
    found = re.fullmatch(r"/word/([a-z]+?)\d*\.xml", source)
    return names.get(source, msg("in its {found}", found=found[1]) if found else msg("in {source}", source=source))
