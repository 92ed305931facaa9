"""The last look at rendered documents in clear.

Role: what a reader of our own documents could see or find, as text, searched before they are packed.
"""

import re
from collections.abc import Iterable, Mapping

from handover.model.artifact import SealedArtifact, UnsealedByPolicy
from handover.model.errors import Finding
from handover.model.message import msg
from handover.project.leaks.findings import finding, of_hit
from handover.project.leaks.office import office_text
from handover.project.leaks.search import Searcher


def document_leaks(artifacts: Iterable[SealedArtifact], searcher: Searcher) -> list[Finding]:
    """Findings for every rendered document in clear that holds what must not leave."""
    found = []
    for artifact in artifacts:
        if artifact.name.endswith(".docx") or isinstance(artifact, UnsealedByPolicy):
            text, unread = _visible_text(artifact.name, artifact.content)
            found += [of_hit(artifact.name, hit._replace(line=0)) for hit in searcher.search(text)]
            if unread:
                message = msg("not all that it holds was searched: {unread}", unread=unread)
                found.append(finding(artifact.name, "leak.unsearched", message))
    return found


def typed_leaks(texts: Mapping[str, Iterable[str]], searcher: Searcher, told: Iterable[Finding] = ()) -> list[Finding]:
    """Findings for what is printed typeset, as it was typed, by file: typesetting may hide a secret. Not those told."""
    known = {(finding.rule, finding.message) for finding in told}
    hits = ((file, hit) for file, typed in texts.items() for hit in searcher.search("\n".join(typed)))
    found = [of_hit(file, hit._replace(line=0)) for file, hit in hits]
    return [finding for finding in found if (finding.rule, finding.message) not in known]


def _visible_text(name: str, content: bytes) -> tuple[str, str]:
    """What a reader of a document of ours could see or find, with the markup taken away and without; and why not all of
    it, if so."""
    if name.endswith((".docx", ".xlsx")):
        return office_text(content)
    text = content.decode("utf-8", "replace")
    if name.endswith(".html"):
        from html import unescape

        return "\n".join([text, *(unescape(re.sub(r"<[^>]*>", gap, text)) for gap in ("", " "))]), ""
    return text, ""
