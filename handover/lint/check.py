"""One template, every rule: the order in which a file is judged, and what is asked of which document.

Role: drives the modules beside it over one parsed document. It holds no rule of its own but those about names.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from handover.deliverables.base import Deliverable
from handover.errors import Finding
from handover.lint import container, text_safety
from handover.lint.braces import check_braces
from handover.lint.content import check_content
from handover.lint.document import Document, Paragraph, Story
from handover.lint.kinds import context_of
from handover.lint.measures import check_measures
from handover.lint.report import Report
from handover.lint.structure import build, check_cells
from handover.lint.tags import Tag, masked, scan
from handover.lint.tone import check_tone, deny_patterns, read_tone, tone_of
from handover.lint.trial import Trial
from handover.lint.typography import check_typography, mended
from handover.lint.values import About
from handover.lint.variables import CHART_STYLE, Checker

_FRENCH = "fr"


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """What is known about a template besides its bytes."""

    file: str
    """How messages call it."""
    document: str | None
    """Id of the deliverable that it makes (`letter`); None when that isn't known."""
    language: str | None = None
    """Two letters; None to take the language that the file says."""
    deny: Sequence[str] = ()
    """Names of other clients."""
    phrases: str | None = None
    """The text of the `tone.toml` beside the template; None to take the program's for the language."""


def document_id(name: str) -> str | None:
    """The deliverable that a template of this file name makes (`letter.docx` → `letter`), or None."""
    stem = name.rpartition("/")[2].rpartition("\\")[2].removesuffix(".docx")
    return stem if stem in _with_templates() else None


def _with_templates() -> dict[str, Deliverable]:
    from handover.deliverables.registry import ALL

    return {deliverable.id: deliverable for deliverable in ALL if deliverable.has_template}


def lint_template(content: bytes, about: TemplateFile) -> list[Finding]:
    """Everything that is wrong with a template: first the file as a whole, then paragraph by paragraph.

    Raises nothing for what the file holds. Raises TemplateError when a list of phrases is broken.
    """
    report = Report(about.file)
    if about.document is None:
        _unknown_name(report)
    document = container.opened(content, report)
    if document is not None:
        container.check_container(document, report)
        text_safety.check_text(document, report)
        check_measures(document, report)
        _check_tags(document, about, report)
        _check_words(document, about, report)
        container.check_admitted(document, report)
    return report.findings()


def _unknown_name(report: Report) -> None:
    names = " or ".join(f"{name}.docx" for name in _with_templates())
    report.whole("template.unknown-name", f"isn't named like a document: no {names}", "rename it, or say --document")


def _check_tags(document: Document, about: TemplateFile, report: Report) -> None:
    deliverable = _with_templates().get(about.document or "")
    view = deliverable.view if deliverable else None
    names = frozenset(context_of(view)) if view else frozenset()
    by_story = [(story, _tags(story, report, names)) for story in document.stories]
    lonely = frozenset(tag for _, found in by_story for tags in found.values() for tag in _lonely(tags))
    asked = About(view, about.document or "letter")
    checker = Checker(asked, report, lonely)
    for story, found in by_story:
        tags = [tag for group in found.values() for tag in group]
        if story.kind == "endnotes":
            for tag in tags:
                report.at("tag.not-filled", tag.paragraph, f"“{tag}” stands in an endnote", span=tag.span)
            continue
        # A text box's copy for older programs is a document of its own inside the document.
        for copy in (False, True):
            checker.check(build([tag for tag in tags if tag.paragraph.copy is copy], report))
        check_cells(story.paragraphs, tags, report)
        check_braces(story, found, report)
        _check_chart_paragraphs(story.paragraphs, found, report)
    if view is not None and not report.has_errors("tag", "variable", "filter"):
        for story, found in by_story:
            _try_out(story, found, view, report)
    if deliverable:
        check_content(deliverable.required, asked.printed, document, report)


def _try_out(story: Story, found: dict[Paragraph, list[Tag]], view: type[object], report: Report) -> None:
    """Fill in one part's tags with made-up values, as the renderer does: a text box's copy too."""
    tags = [tag for group in found.values() for tag in group if tag.keyword != "comment"]
    if tags and story.kind != "endnotes":
        may_be_absent = {tag for group in found.values() for tag in _lonely(group)}
        Trial(sorted(tags, key=lambda tag: tag.order), may_be_absent, report).run(view)


def _tags(story: Story, report: Report, names: frozenset[str]) -> dict[Paragraph, list[Tag]]:
    return {paragraph: scan(paragraph, report, names) for paragraph in story.paragraphs}


def _lonely(tags: list[Tag]) -> list[Tag]:
    """The tag that prints all that its paragraph holds."""
    printing = [tag for tag in tags if tag.keyword == "print"]
    # What a loop inside the paragraph repeats stands beside itself.
    repeated = any(tag.keyword in {"for", "endfor"} and tag.level in {"", "r"} for tag in tags)
    if len(printing) != 1 or repeated:
        return []
    text, at, rest = tags[0].paragraph.text, 0, ""
    for tag in tags:
        rest, at = rest + text[at : tag.start], tag.end
    return [] if (rest + text[at:]).strip() else printing


def _check_chart_paragraphs(paragraphs: Sequence[Paragraph], tags: dict[Paragraph, list[Tag]], report: Report) -> None:
    for paragraph in paragraphs:
        if (
            paragraph.style == CHART_STYLE
            and paragraph.text.strip()
            and not any(tag.keyword == "print" for tag in tags[paragraph])
        ):
            message = f"a paragraph in the style {CHART_STYLE} names no chart"
            report.at("picture.chart", paragraph, message, "choose another style, or name a chart")


def _language(document: Document, about: TemplateFile) -> str:
    return about.language or document.styles.default_language().partition("-")[0].lower() or "en"


def _check_words(document: Document, about: TemplateFile, report: Report) -> None:
    language = _language(document, about)
    tone = tone_of(language) if about.phrases is None else read_tone(about.phrases, "tone.toml")
    deny = deny_patterns(about.deny)
    for paragraph in document.paragraphs():
        if paragraph.text.strip():
            text = masked(paragraph, _quiet_tags(paragraph))
            check_tone(paragraph, text, tone, deny, report)
            if language == _FRENCH:
                check_typography(paragraph, text, report)


def _quiet_tags(paragraph: Paragraph) -> list[Tag]:
    """The paragraph's tags where their faults have been said already."""
    return scan(paragraph, Report(""))


def fix_typography(content: bytes, about: TemplateFile) -> tuple[bytes, int]:
    """The template with its French typography mended, and how many changes that took.

    Runs keep their formatting, every other part its bytes. The content comes back as it was for another language, for
    a file that can't be read, and when there is nothing to mend.
    """
    from handover.office.opc import Package, write_package
    from handover.office.tree import serialised

    document = container.opened(content, Report(about.file))
    if document is None or _language(document, about) != _FRENCH:
        return content, 0
    parts, made = dict(document.package.parts), 0
    for story in document.stories:
        changes = sum(mended(paragraph, masked(paragraph, _quiet_tags(paragraph))) for paragraph in story.paragraphs)
        if changes:
            parts[story.part] = serialised(story.root)
        made += changes
    return (write_package(Package(parts, document.package.types)), made) if made else (content, 0)
