"""A copy of a template with what is wrong in it as Word comments, each where it belongs.

Role: for people who restyle a letter in Word and would rather read remarks in the margin than a list. It works on a
template that was judged (`check`), changes only the copy, and judges nothing.
"""

import io
from collections.abc import Callable
from typing import Final

from handover.formats.package.opc import Package, write_package
from handover.formats.word.contents import DOCUMENT
from handover.formats.word.ooxml import serialised, w
from handover.model.errors import Finding, Severity
from handover.model.message import joined, msg
from handover.templating.check import Checked
from handover.templating.cut import split
from handover.templating.stories import Paragraph

_FROM: Final = "{urn:handover:tag}from"
_TO: Final = "{urn:handover:tag}to"

Span = tuple[int, int]


def annotated(checked: Checked, words: Callable[[str], str] = str) -> bytes | None:
    """The template with a comment for each finding; None for a file that can't be read, or has no text.

    What stands in headers, footers and notes, where Word has no comments, or concerns the file as a whole, is said at
    the first paragraph. `words` puts a message into the reader's language.
    """
    document = checked.document
    body = next((story for story in document.stories if story.part == DOCUMENT), None) if document else None
    first = next((p for p in body.paragraphs if p.pieces), None) if body else None
    if document is None or body is None or first is None:
        return None
    remarks: dict[tuple[Paragraph, Span], list[str]] = {}
    for finding, paragraph, span in checked.report.marks:
        here = paragraph is not None and paragraph.story is body and not paragraph.copy and bool(paragraph.pieces)
        where = paragraph if here and paragraph is not None else first
        stretch = (span if here else None) or (0, len(where.text))
        remarks.setdefault((where, stretch), []).append(words(_said(finding, elsewhere=not here)))
    texts: list[str] = []
    # From a paragraph's end to its beginning: what was cut already keeps what stands before it in place.
    for (where, stretch), said in sorted(remarks.items(), key=lambda item: (item[0][0].number, -item[0][1][0])):
        _mark(where, stretch, str(len(texts)))
        texts.append("\n".join(said))
    parts = {**document.package.parts, DOCUMENT: serialised(body.root)}
    return _commented(write_package(Package(parts, document.package.types)), texts)


def _said(finding: Finding, *, elsewhere: bool) -> str:
    said = msg("{message} [{rule}]", message=finding.message, rule=finding.rule)
    if elsewhere and finding.location.place:
        said = msg("{place}: {said}", place=finding.location.place, said=said)
    is_error = finding.severity is Severity.ERROR
    said = msg("error: {message}", message=said) if is_error else msg("warning: {warning}", warning=said)
    return joined("\n", [said, finding.hint]) if finding.hint else said


def _mark(paragraph: Paragraph, stretch: Span, number: str) -> None:
    """Name the first and the last run of a stretch; runs are cut at its edges where these are text."""
    pieces = [piece for piece in paragraph.between(*stretch) if piece.text] or paragraph.pieces[:1]
    first, last = pieces[0], pieces[-1]
    if last.is_text and last.in_run:
        split(last, stretch[1] - last.start)
    begin = first.element
    if first.is_text and first.in_run:
        begin = split(first, stretch[0] - first.start)
    for element, name in ((begin, _FROM), (begin if first is last else last.element, _TO)):
        run = next(element.iterancestors(w("r")), None)
        if run is not None:
            run.set(name, " ".join([*run.get(name, "").split(), number]))


def _commented(template: bytes, texts: list[str]) -> bytes:
    import docx
    from docx.text.run import Run

    document = docx.Document(io.BytesIO(template))
    runs: dict[str, list[Run]] = {}
    for name in (_FROM, _TO):
        for element in document.element.body.iter(w("r")):
            for number in element.attrib.pop(name, "").split():
                runs.setdefault(number, []).append(Run(element, document))
    for number, text in enumerate(texts):
        if str(number) in runs:
            document.add_comment(runs[str(number)], text, author="handover", initials="h")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
