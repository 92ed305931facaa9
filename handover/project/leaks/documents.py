"""The last look at rendered documents in clear.

Role: what a reader of our own documents could see or find, as text, searched before they are packed.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from typing import Final

from handover.model.artifact import SealedArtifact, UnsealedByPolicy
from handover.model.errors import Finding
from handover.project.leaks.findings import of_hit
from handover.project.leaks.search import Searcher

_WORD_PARTS: Final = re.compile(r"(word/(document|header\d*|footer\d*|footnotes|endnotes)|docProps/\w+)\.xml")
_BREAKS: Final = frozenset({"p", "br", "cr", "tab", "tc", "si", "c", "v"})
"""Elements of documents and sheets after which a reader sees a gap (ECMA-376 Part 1, 17.3 and 18.3)."""


def document_leaks(artifacts: Iterable[SealedArtifact], searcher: Searcher) -> list[Finding]:
    """Findings for every rendered document in clear that holds what must not leave."""
    found = []
    for artifact in artifacts:
        if artifact.name.endswith(".docx") or isinstance(artifact, UnsealedByPolicy):
            text = visible_text(artifact.name, artifact.content)
            found += [of_hit(artifact.name, hit._replace(line=0)) for hit in searcher.search(text)]
    return found


def typed_leaks(texts: Mapping[str, Iterable[str]], searcher: Searcher, told: Iterable[Finding] = ()) -> list[Finding]:
    """Findings for what is printed typeset, as it was typed, by file: typesetting may hide a secret. Not those told."""
    known = {(finding.rule, finding.message) for finding in told}
    hits = ((file, hit) for file, typed in texts.items() for hit in searcher.search("\n".join(typed)))
    found = [of_hit(file, hit._replace(line=0)) for file, hit in hits]
    return [finding for finding in found if (finding.rule, finding.message) not in known]


def visible_text(name: str, content: bytes) -> str:
    """What a reader of a document of ours could see or find, with the markup taken away and without."""
    if name.endswith((".docx", ".xlsx")):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            wanted = _WORD_PARTS.fullmatch if name.endswith(".docx") else re.compile(r".*\.xml").fullmatch
            parts = [package.read(part) for part in package.namelist() if wanted(part)]
        return "\n".join(_xml_text(part) for part in parts)
    text = content.decode("utf-8", "replace")
    if name.endswith(".html"):
        from html import unescape

        return "\n".join([text, *(unescape(re.sub(r"<[^>]*>", gap, text)) for gap in ("", " "))])
    return text


def _xml_text(part: bytes) -> str:
    # Our own rendering: well-formed and without a DOCTYPE. Runs split words, so they are joined without gaps.
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(part, parser)
    for element in root.iter("{*}*"):
        if etree.QName(element).localname in _BREAKS:
            element.tail = "\n" + (element.tail or "")
    return "".join(str(text) for text in root.itertext())
