"""Whether the letter keeps to its two pages, judged before anybody builds or prints it.

Role: compares what the letter will say with what two pages hold, by an estimate, and names the key whose text is
longest. It lays nothing out and shortens nothing: a person decides what goes.
"""

from handover.build.render import base_input, document_input
from handover.documents.letter import LETTER, LetterView, view
from handover.documents.letter_pages import lines_too_many
from handover.documents.plan import Plan
from handover.languages.words import Words
from handover.model.errors import Finding, Severity
from handover.model.message import counted, msg
from handover.model.sources import Sources, node_at

RULE = "letter.long"
_KEYS = ("reason", "wishes", "highlights", "offers", "deliveries", "successors")


def judge_length(planned: Plan, sources: Sources) -> list[Finding]:
    """A warning where the letter is likely to need a third page; nothing where none is planned, but a cover letter."""
    document = next((one for one in planned.documents if one.deliverable.id == LETTER.id), None)
    if document is None:
        return []
    given = document_input(document, base_input(planned))
    if not (over := _too_many(view(given), given.words)):
        return []
    letter = planned.project.settings.letter
    sizes = {key: len(str(getattr(letter, key) or "")) for key in _KEYS}
    key = max(_KEYS, key=lambda one: sizes[one])
    node = node_at(sources.settings, "letter", key)
    if node is None:
        return []
    message = counted(
        "the letter may need a third page, by an estimate for about one line: `letter.{key}` is its longest text",
        "the letter may need a third page, by an estimate for about {count} lines: `letter.{key}` is its longest text",
        count=over, key=key,
    )  # fmt: skip
    hint = msg("shorten it, or other texts of the letter: what needs more room can be told when you talk")
    return [Finding(node.location, RULE, message, hint, Severity.WARNING)]


def _too_many(shown: LetterView, words: Words) -> int:
    prose = (shown.contract.subject, shown.reason, *shown.highlights, shown.wishes)
    lists = (
        [one.what for one in shown.deliveries],
        [one.what for one in shown.obligations],
        shown.offers,
        [f"{one.name} – {one.contact}: {one.note}" for one in shown.successors],
        [one.purpose for one in shown.enclosures],
    )
    rows = len(shown.payments.invoices) if shown.payments else 0
    return lines_too_many(prose, len(shown.recipient.address), lists, rows, words)
