"""One template, every rule: the order in which a file is judged, and what is asked of which document.

Role: drives the modules beside it over one reading of a document. It holds no rule of its own but those about names.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from handover.languages.registry import START, typography_of
from handover.languages.tone import denied, read_tone, tone_of
from handover.model.errors import Finding
from handover.model.message import msg, one_of
from handover.templating import container, text_safety
from handover.templating.content import Required, check_content
from handover.templating.grammar import For, Print
from handover.templating.kinds import context_of
from handover.templating.report import Report
from handover.templating.stories import Document, Paragraph
from handover.templating.structure import check_blanks, check_notes
from handover.templating.tags import Tag, masked, scan
from handover.templating.template import Part, parsed
from handover.templating.tone import check_tone
from handover.templating.typography import check_typography, mended
from handover.templating.values import CHART_STYLE, Checker


class TemplateFile(NamedTuple):
    """What is known about a template besides its bytes."""

    file: str
    """How messages call it."""
    document: str | None
    """Name of the document that it makes (`letter`); None when that isn't known."""
    view: type[object] | None = None
    """The frozen dataclass whose fields are all that it may use; None to take every name for one that exists."""
    required: Sequence[Required] = ()
    """What it must print."""
    known: Sequence[str] = ()
    """Names of the documents that there are."""
    language: str | None = None
    """Two letters; None to take the language that the file says."""
    deny: Sequence[str] = ()
    """Names of other clients."""
    phrases: str | None = None
    """The text of the `tone.toml` beside the template; None to take the program's for the language."""
    signed: bool = False
    """Whether what it makes is signed."""


class Checked(NamedTuple):
    """A template that was judged."""

    report: Report
    document: Document | None
    """None for a file that can't be read."""


def check_template(content: bytes, about: TemplateFile) -> Checked:
    """Everything that is wrong with a template: first the file as a whole, then paragraph by paragraph.

    Raises nothing for what the file holds. Raises TemplateError when a list of phrases is broken.
    """
    report = Report(about.file)
    if about.document is None:
        names = one_of(f"{name}.docx" for name in about.known)
        message = msg("isn't named like a document: no {names}", names=names)
        report.whole("template.unknown-name", message, msg("rename it, or say --document"))
    document = container.opened(content, report)
    if document is not None:
        container.check_container(document.package, report)
        text_safety.check_text(document, report, signed=about.signed)
        tags = _check_tags(document, about, report)
        _check_words(document, about, tags, report)
        container.check_admitted(document, report)
    return Checked(report, document)


def lint_template(content: bytes, about: TemplateFile) -> list[Finding]:
    """The same as a list, in reading order."""
    return check_template(content, about).report.findings()


def _check_tags(document: Document, about: TemplateFile, report: Report) -> Mapping[Paragraph, list[Tag]]:
    """Judge the tags; every paragraph's, for those who judge its words."""
    parts = parsed(document, report, frozenset(context_of(about.view)) if about.view else frozenset())
    lonely = frozenset(tag for part in parts for tags in part.tags.values() for tag in _lonely(tags))
    checker = Checker(about.view, about.document or "letter", report, lonely)
    for part in parts:
        checker.check(part.nodes)
        check_blanks(part.nodes, checker.sure, report)
        check_notes(part.nodes, part.story, report)
        _check_chart_paragraphs(part, report)
    check_content(about.required, checker.printed, document, report)
    return {paragraph: tags for part in parts for paragraph, tags in part.tags.items()}


def _lonely(tags: list[Tag]) -> list[Tag]:
    """The tag that prints all that its paragraph holds."""
    printing = [tag for tag in tags if isinstance(tag.statement, Print)]
    # What a loop inside the paragraph repeats stands beside itself.
    repeated = any(isinstance(tag.statement, For) and not tag.level for tag in tags)
    if len(printing) != 1 or repeated:
        return []
    text, at, rest = tags[0].paragraph.text, 0, ""
    for tag in tags:
        rest, at = rest + text[at : tag.start], tag.end
    return [] if (rest + text[at:]).strip() else printing


def _check_chart_paragraphs(part: Part, report: Report) -> None:
    for paragraph, tags in part.tags.items():
        printing = any(isinstance(tag.statement, Print) for tag in tags)
        if paragraph.style == CHART_STYLE and paragraph.text.strip() and not printing:
            message = msg("a paragraph in the style {chart_style} names no chart", chart_style=CHART_STYLE)
            report.at("picture.chart", paragraph, message, msg("choose another style, or name a chart"))


def _language(document: Document, about: TemplateFile) -> str:
    return about.language or document.styles.default_language().partition("-")[0].lower() or START


def _check_words(document: Document, about: TemplateFile, tags: Mapping[Paragraph, list[Tag]], report: Report) -> None:
    language = _language(document, about)
    tone = tone_of(language) if about.phrases is None else read_tone(about.phrases, "tone.toml")
    deny = denied(about.deny)
    typography = typography_of(language)
    for paragraph in document.paragraphs():
        if paragraph.text.strip():
            text = masked(paragraph, tags[paragraph])
            check_tone(paragraph, text, tone, deny, report)
            if typography.spacing:
                check_typography(paragraph, text, typography, report)


def fix_typography(content: bytes, about: TemplateFile) -> tuple[bytes, int]:
    """The template with its language's typography mended, and how many changes that took.

    Runs keep their formatting, every other part its bytes. The content comes back as it was for another language, for
    a file that can't be read, and when there is nothing to mend.
    """
    from handover.formats.package.opc import Package, write_package
    from handover.formats.word.ooxml import serialised

    document = container.opened(content, Report(about.file))
    if document is None or not (typography := typography_of(_language(document, about))).spacing:
        return content, 0
    parts, made = dict(document.package.parts), 0
    for story in document.stories:
        # The faults of its tags have been said already.
        masks = [(paragraph, masked(paragraph, scan(paragraph, Report("")))) for paragraph in story.paragraphs]
        changes = sum(mended(paragraph, mask, typography) for paragraph, mask in masks)
        if changes:
            parts[story.part] = serialised(story.root)
        made += changes
    return (write_package(Package(parts, document.package.types)), made) if made else (content, 0)
