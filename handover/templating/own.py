"""Templates that an agency owns: copying ours to start from, and knowing later what became of both.

Role: `ejected` marks a copy with the version of ours that it was made from, in the file's properties, which Word and
LibreOffice keep and which no rendered document has; `standings` compares by that mark. `new_language`
gives the files that a language starts from. It works on bytes and leaves reading and writing to others.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from handover.formats.package.opc import (
    Package,
    Relationship,
    parse_xml,
    read_package,
    rels_name,
    write_package,
    write_relationships,
)
from handover.formats.package.opc import relationships as relationships_of
from handover.languages import files
from handover.languages.registry import START
from handover.model.errors import UsageError
from handover.model.message import msg

PROPERTY: Final = "handover-template"
"""The custom property that holds document, language and version of our template (ECMA-376 Part 1, 22.3)."""

_PART: Final = "/docProps/custom.xml"
_PART_TYPE: Final = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_RELATIONSHIP: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_NAMESPACE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_SET: Final = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
"""The format identifier of properties that users define ([MS-OSHARED] 2.3.3.2.3.1)."""

_VERSION_DIGITS: Final = 12
_MARK: Final = re.compile(r"([a-z0-9_]+) ([a-z]{2}) ([0-9a-f]{12})")
_NOT_STARTED_FROM: Final = frozenset({"tone.toml", "sample.toml"})
"""Phrases of English tone, no help in another language; and the made-up project, which only ours have."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Which of our templates a copy was made from."""

    document: str
    language: str
    version: str
    """The first 12 hexadecimal digits of the SHA-256 of our file."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Which template a document is rendered with, and what has become of ours since it was copied."""

    document: str
    language: str
    file: str | None
    """The project's own template, relative to the project; None where ours is used."""
    shadowed: str | None = None
    """A second template of the project's for the same document, which isn't used."""
    mark: Mark | None = None
    """What it was copied from; None for ours, and for one that wasn't copied from ours."""
    ours: str | None = None
    """The version of ours today; None in a language that isn't ours."""

    @property
    def outdated(self) -> bool:
        """Whether ours has changed since it was copied."""
        return self.mark is not None and self.ours is not None and self.mark.version != self.ours


def documents() -> tuple[str, ...]:
    """The documents that have a Word template, by name."""
    return tuple(sorted(files.word_templates(START)))


def version(content: bytes) -> str:
    """What names one state of a template of ours."""
    return hashlib.sha256(content).hexdigest()[:_VERSION_DIGITS]


def own_template(document: str, language: str, templates: Mapping[str, bytes]) -> tuple[str, bytes] | None:
    """The project's own template of a document: its path in the project and its bytes; None where ours is used."""
    for name in (f"{language}/{document}", document):
        if name in templates:
            return f"templates/{name}.docx", templates[name]
    return None


def standings(language: str, templates: Mapping[str, bytes]) -> tuple[Standing, ...]:
    """How each document's template stands in a project with these templates of its own (`letter`, `fr/letter`)."""
    ours = {name: version(content) for name, content in files.word_templates(language).items()}
    return tuple(_standing(document, language, templates, ours.get(document)) for document in documents())


def _standing(document: str, language: str, templates: Mapping[str, bytes], ours: str | None) -> Standing:
    standing = Standing(document, language, None, ours=ours)
    if (own := own_template(document, language, templates)) is None:
        return standing
    path, content = own
    both = document in templates and f"{language}/{document}" in templates
    found = mark(content, path)
    if found is not None and (found.document, found.language) != (document, language):
        found = None
    return replace(standing, file=path, mark=found, shadowed=f"templates/{document}.docx" if both else None)


def ours(document: str, language: str) -> bytes:
    """Our template. Raises UsageError, naming what there is, for one that we don't have."""
    if document not in documents():
        message = msg("there is no template {document!r}", document=document)
        raise UsageError(message, hint=msg("these can be changed: {documents}", documents=", ".join(documents())))
    found = files.word_templates(language)
    if document not in found:
        known = ", ".join(sorted(files.languages()))
        hint = msg(
            "ours are in {known}; `handover templates new-language {language}` starts another",
            known=known,
            language=language,
        )
        raise UsageError(msg("there are no templates in the language {language!r}", language=language), hint=hint)
    return found[document]


def ejected(document: str, language: str) -> bytes:
    """A copy of our template to edit, marked with its version. Raises UsageError as `ours` does."""
    content = ours(document, language)
    return marked(content, Mark(document, language, version(content)))


def marked(content: bytes, found: Mark) -> bytes:
    """The template with the mark among its properties; nothing else of it changes."""
    place = f"{found.document}.docx"
    package = read_package(content, place)
    text = f"{found.document} {found.language} {found.version}"
    part = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Properties xmlns="{_NAMESPACE}" xmlns:vt="{_VALUES}"><property fmtid="{_SET}" pid="2" name="{PROPERTY}">'
        f"<vt:lpwstr>{text}</vt:lpwstr></property></Properties>"
    )
    held = [link for link in relationships_of(package, "/", place) if link.type != _RELATIONSHIP]
    held.append(Relationship("rIdHandover", _RELATIONSHIP, _PART.removeprefix("/")))
    root = rels_name("/")
    parts = {**package.parts, _PART: part.encode(), root: write_relationships(held)}
    return write_package(Package(parts, {**package.types, _PART: _PART_TYPE}))


def mark(content: bytes, place: str) -> Mark | None:
    """What a template was copied from, or None where it doesn't say. Raises DamagedFile for no .docx."""
    package = read_package(content, place)
    for name, kind in package.types.items():
        if kind != _PART_TYPE:
            continue
        for element in parse_xml(package.parts[name], f"{place}: {name}"):
            found = _MARK.fullmatch("".join(str(text) for text in element.itertext()).strip())
            if element.get("name") == PROPERTY and found:
                return Mark(found[1], found[2], found[3])
    return None


def new_language(language: str) -> dict[str, bytes]:
    """The files that a language starts from, by name: ours in English, as they are, so that validation can tell what
    hasn't been translated yet.

    Raises UsageError for what is no language's two letters, and for one that we have.
    """
    if not re.fullmatch("[a-z]{2}", language):
        message = msg("{language!r} isn't a language", language=language)
        raise UsageError(message, hint=msg("write its two lower-case letters (ISO 639-1): es, de"))
    if language in files.languages():
        message = msg("the language {language!r} is there already", language=language)
        raise UsageError(message, hint=msg("`handover templates eject` copies single templates"))
    folder = files.template_path(START)
    wanted = [path.name for path in sorted(folder.iterdir()) if path.suffix in {".toml", ".docx"}]
    return {name: files.read_bytes(START, name) for name in wanted if name not in _NOT_STARTED_FROM}
