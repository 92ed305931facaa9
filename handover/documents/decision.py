"""Whether to part: what speaks for it and against it, what isn't known, and what to do before deciding.

Role: `DecisionView` is all that `decision.docx` sees. It computes days of delay, open sums and effort beside revenue;
it gives no score. What isn't known is printed as unknown.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from handover.documents.base import Audience, InternalInput, Outside
from handover.documents.shared import DocumentView, of_dossier
from handover.languages.words import Words
from handover.life.dossier import Dossier
from handover.model.contract import EndedBy
from handover.model.life import DecisionFacts, Moment, Reason
from handover.model.message import msg
from handover.model.rows import sums_of
from handover.templating.content import Required

TENTH: Final = 10
"""Percent of the revenue below which the guides call a parting easier to bear."""
HALF: Final = 50
"""Percent of a year's revenue below which others brought more: whoever brings less isn't called the only client."""
FRESH: Final = 7
"""Days after a difficult meeting in which nothing should be decided."""


@dataclass(frozen=True, slots=True)
class AttemptView:
    """Something that was tried."""

    on: str | None
    """When, written out."""
    what: str
    """What."""
    outcome: str | None
    """What came of it."""


@dataclass(frozen=True, slots=True)
class AskedView:
    """Somebody who was asked."""

    who: str
    """Who."""
    view: str | None
    """What they think."""


@dataclass(frozen=True, slots=True)
class DecisionView(DocumentView):
    """All that the template of the decision may use."""

    stops: bool
    """Whether something should be done before deciding."""
    only_client: bool
    """Whether it is the only client, and its part of the revenue doesn't say otherwise."""
    nothing_tried: bool
    """Whether nothing was tried."""
    nobody_asked: bool
    """Whether nobody was asked."""
    stake: bool
    """Whether there is a stake and no lawyer was asked."""
    contract_unread: bool
    """Whether the contract wasn't read again, nor a lawyer asked."""
    bad_meeting: str | None
    """The day of a difficult meeting a few days ago."""
    not_before: str | None
    """The day before which nothing was to be decided, where it is to come."""
    speaks_for: bool
    """Whether anything speaks for parting."""
    speaks_against: bool
    """Whether anything speaks against it."""
    reasons: tuple[str, ...]
    """Why one thinks of it, in words."""
    effort_share: str
    """Part of the working hours with its sign, or "unknown"."""
    revenue_share: str
    """Part of the revenue with its sign, or "unknown"."""
    heavier: bool
    """Whether the work takes a larger part of the hours than it brings of the revenue."""
    lighter: bool
    """Whether it brings a larger part of the revenue than it takes of the hours."""
    ratio: str | None
    """Effort divided by revenue; absent where either isn't known, or it is about one."""
    twice: bool
    """Whether it is two."""
    small: bool
    """Whether it is less than a tenth of the revenue."""
    large: bool
    """Whether it is a tenth of the revenue or more."""
    leads: str | None
    """`steady`, `irregular` or `none`."""
    influence: str | None
    """Whom the client knows."""
    margin_cell: str
    """What the work leaves, or "unknown"."""
    payments_cell: str
    """How invoices are paid, or "unknown"."""
    open_cell: str
    """What isn't paid, or "unknown"."""
    theirs_cell: str
    """What the client expects, or "unknown"."""
    ours_cell: str
    """What the agency expects, or "unknown"."""
    contract_cell: str
    """When the contract was read again, or "unknown"."""
    attempts: tuple[AttemptView, ...]
    """What was tried."""
    asked: tuple[AskedView, ...]
    """Who was asked."""


def view(given: InternalInput) -> DecisionView:
    """What the paper says, from what is known."""
    dossier, words, today = given.dossier, given.words, given.today
    facts = dossier.internal.decision or DecisionFacts()
    unknown = words.text("unknown")
    revenue, effort = facts.revenue_share, facts.effort_share
    late = [Reason.LATE_PAYMENT] if _delays(dossier, today)[1] else []
    compared = revenue is not None and effort is not None and revenue > 0
    heavier, lighter = compared and effort > revenue, compared and effort < revenue  # type: ignore[operator]
    ratio = round(Decimal(effort or 0) / Decimal(revenue or 1), 1).normalize() if compared else Decimal(1)
    small, large = revenue is not None and revenue < TENTH, revenue is not None and revenue >= TENTH
    leads = str(facts.lead_source) if facts.lead_source else None
    return DecisionView(
        **of_dossier(given),
        **_stops(facts, words, today),
        speaks_for=bool(facts.reasons or heavier or small or late or leads == "steady"),
        speaks_against=bool(large or lighter or leads in {"irregular", "none"} or facts.influence),
        reasons=tuple(words.text(f"reason.{reason}") for reason in dict.fromkeys([*facts.reasons, *late])),
        effort_share=unknown if effort is None else words.percent(effort),
        revenue_share=unknown if revenue is None else words.percent(revenue),
        heavier=heavier,
        lighter=lighter,
        ratio=None if ratio == 1 else words.exact(ratio),
        twice=ratio == 2,
        small=small,
        large=large,
        leads=leads,
        influence=facts.influence,
        margin_cell=facts.margin or unknown,
        payments_cell=payments_of(dossier, words, today),
        open_cell=open_sums(dossier, words, today),
        theirs_cell=facts.expectations.theirs or unknown,
        ours_cell=facts.expectations.ours or unknown,
        contract_cell=words.date(facts.contract_read_on) if facts.contract_read_on else unknown,
        attempts=tuple(
            AttemptView(words.date(one.on) if one.on else None, one.what, one.outcome) for one in facts.attempts
        ),
        asked=tuple(AskedView(one.who, one.view) for one in facts.asked),
    )


def _stops(facts: DecisionFacts, words: Words, today: dt.date) -> dict[str, Any]:
    """What should be done before deciding: the view's fields, and whether there is anything."""
    unadvised = facts.lawyer_asked_on is None
    meeting, early = facts.bad_meeting_on, facts.not_before_on
    fresh = meeting is not None and 0 <= (today - meeting).days <= FRESH
    found = {
        "only_client": facts.only_client is True and (facts.revenue_share is None or facts.revenue_share >= HALF),
        "nothing_tried": not facts.attempts,
        "nobody_asked": not facts.asked,
        "stake": facts.has_stake is True and unadvised,
        "contract_unread": facts.contract_read_on is None and unadvised,
        "bad_meeting": words.date(meeting) if meeting and fresh else None,
        "not_before": words.date(early) if early and early > today else None,
    }
    return {**found, "stops": any(found.values())}


def payments_of(dossier: Dossier, words: Words, today: dt.date) -> str:
    """How invoices were paid: how many late and by how much, all on time, or unknown where no day has come yet."""
    come, delays = _delays(dossier, today)
    if not come:
        return words.text("unknown")
    if not delays:
        return words.plural("payments.on_time", come)
    if come == 1:
        return words.text("payments.one_late", days=words.plural("duration.day", delays[0]))
    mean = words.plural("duration.day", round(Decimal(sum(delays)) / len(delays)))
    if len(delays) == come:
        if come == 2:
            return words.text("payments.both_late", days=mean)
        return words.text("payments.all_late", of=words.number(come), days=mean)
    return words.plural("payments.late", len(delays), of=words.number(come), days=mean)


def _delays(dossier: Dossier, today: dt.date) -> tuple[int, Sequence[int]]:
    """How many invoices were paid or had their day, and by how many days each late one was or is late."""
    billed = [row for row in dossier.invoices or () if row.amount > 0]
    come = [row for row in billed if row.paid_on or row.due < today]
    days = [((row.paid_on or today) - row.due).days for row in come]
    return len(come), [one for one in days if one > 0]


def open_sums(dossier: Dossier, words: Words, today: dt.date) -> str:
    """What isn't paid today, by currency; unknown where the invoices can't be read, or there are none.

    Where credit notes come to all that is open nothing is owed."""
    rows = dossier.open_invoices(today)
    if rows is None or not dossier.invoices:
        return words.text("unknown")
    sums = sums_of((dossier.currency_of(row), row.amount) for row in rows)
    owed = [words.money(total, currency) for currency, total in sums.items() if total > 0]
    return words.list(owed) or words.text("empty")


def _lacks(_: InternalInput, dossier: Dossier) -> str:
    return {
        EndedBy.CLIENT: msg(
            "the client ends this contract, so the decision is theirs: `handover write notice` answers it"
        ),
        EndedBy.MUTUAL: msg("the end is agreed, so nothing is left to decide: `handover write notice` confirms it"),
    }.get(dossier.ended_by or EndedBy.AGENCY, "")


DECISION: Final = Outside(
    id="decision",
    audience=Audience.INTERNAL,
    moment=Moment.DECIDE,
    help=msg("whether to part: what speaks for it and against it, and what to do before deciding"),
    given=InternalInput,
    view=view,
    required=(Required(msg("the client's name"), ("client",)), Required(msg("what speaks for it"), ("reasons[]",))),
    lacks=_lacks,
)
"""The registry's line for the decision."""
