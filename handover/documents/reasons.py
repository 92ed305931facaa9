"""The reasons, for the agency alone: what happened when, what it adds up to, and the files that show it.

Role: `ReasonsView` is all that `reasons.docx` sees. It judges nobody and reads no evidence: its digests are the
dossier's.
"""

from dataclasses import dataclass
from typing import Final

from handover.documents.base import Audience, InternalInput, Outside
from handover.documents.shared import DocumentView, of_dossier
from handover.model.life import EVIDENCE_FOLDER, REASONS_FILE, Moment
from handover.model.message import msg
from handover.model.rows import sums_of
from handover.templating.content import Required


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One fact."""

    on: str
    """When, short."""
    fact: str
    """What happened."""
    kind: str
    """Which reason it belongs to, in words."""
    amount: str
    """What it cost; an en dash where that isn't said."""
    evidence: str | None
    """The file that shows it."""


@dataclass(frozen=True, slots=True)
class TotalView:
    """The facts of one kind."""

    kind: str
    """The reason, in words."""
    sum: str
    """What they cost by currency, and how many they are."""


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One file of evidence."""

    name: str
    """Its name."""
    digest: str
    """The beginning of its SHA-256, in groups."""


@dataclass(frozen=True, slots=True)
class ReasonsView(DocumentView):
    """All that the template of the reasons may use."""

    reasons: tuple[ReasonView, ...]
    """Every fact, the oldest first."""
    totals: tuple[TotalView, ...]
    """What they add up to, a line for each reason."""
    evidence: tuple[EvidenceView, ...]
    """The files that show them."""
    said: tuple[str, ...]
    """The reasons that are said on the phone."""


def view(given: InternalInput) -> ReasonsView:
    """What the paper says."""
    dossier, words = given.dossier, given.words
    found = []
    for kind in dict.fromkeys(row.kind for row in dossier.reasons):
        rows = [row for row in dossier.reasons if row.kind is kind]
        sums = sums_of((dossier.currency_of(row), row.amount) for row in rows if row.amount is not None)
        facts = words.plural("facts", len(rows))
        amounts = words.list([words.money(total, currency) for currency, total in sums.items()])
        said = words.text("more", amounts=amounts, rows=facts) if amounts else facts
        found.append(TotalView(words.text(f"reason.{kind}"), said))
    return ReasonsView(
        **of_dossier(given),
        reasons=tuple(
            ReasonView(
                on=words.date_short(row.on),
                fact=row.fact,
                kind=words.text(f"reason.{row.kind}"),
                amount=words.text("empty") if row.amount is None else words.money(row.amount, dossier.currency_of(row)),
                evidence=row.evidence and row.evidence.removeprefix(f"{EVIDENCE_FOLDER}/"),
            )
            for row in dossier.reasons
        ),
        totals=tuple(found),
        evidence=tuple(
            EvidenceView(name, " ".join(sha256[at : at + 4] for at in range(0, 16, 4)))
            for name, sha256 in dossier.evidence.items()
        ),
        said=dossier.internal.call.reasons if dossier.internal.call else (),
    )


REASONS: Final = Outside(
    id="reasons",
    audience=Audience.INTERNAL,
    moment=Moment.DECIDE,
    help=msg("what happened when, what it adds up to, and the evidence with its digests"),
    given=InternalInput,
    view=view,
    required=(Required(msg("the client's name"), ("client",)), Required(msg("the facts"), ("reasons[].fact",))),
    lacks=lambda _, dossier: "" if dossier.reasons else msg("there are no facts in {file} yet", file=REASONS_FILE),
)
"""The registry's line for the reasons."""
