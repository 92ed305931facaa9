"""Which values are prose or names that people typed: what is typeset when it's printed, and judged for its tone.

Role: one table by model and field. Everything else (identifiers, references, addresses on the web, paths, phone
numbers, secrets) stays byte for byte.
"""

from collections.abc import Mapping
from typing import Final

from handover.model.base import Model
from handover.model.rows import AccountRow, AssetRow, InvoiceRow, MilestoneRow, PendingRow
from handover.model.settings import (
    Agency,
    Annotation,
    BeforeAfter,
    Campaign,
    Client,
    Contact,
    Contract,
    Delivery,
    Keeper,
    LeftOut,
    Letter,
    Metric,
    Options,
    Owner,
    Quote,
    Report,
    Story,
    Successor,
    SurveyScore,
    Transition,
)

PROSE: Final[Mapping[type[Model], frozenset[str]]] = {
    Contract: frozenset({"subject"}),
    Delivery: frozenset({"what"}),
    Successor: frozenset({"note"}),
    Letter: frozenset({"reason", "highlights", "transition", "briefing", "contact", "wishes"}),
    Annotation: frozenset({"text"}),
    Metric: frozenset({"label", "source", "title", "comment"}),
    Campaign: frozenset({"name", "result"}),
    Quote: frozenset({"text"}),
    SurveyScore: frozenset({"question"}),
    LeftOut: frozenset({"reason"}),
    Report: frozenset({"summary"}),
    Story: frozenset({"before", "work", "change", "watch"}),
    BeforeAfter: frozenset({"caption"}),
    Options: frozenset({"on_receipt", "late_fee_note"}),
    PendingRow: frozenset({"project", "description", "next_action", "blockers", "takeover"}),
    AssetRow: frozenset({"licence", "rights", "note"}),
    AccountRow: frozenset({"transfer", "note"}),
    InvoiceRow: frozenset({"description"}),
    MilestoneRow: frozenset({"milestone"}),
    Transition: frozenset({"fee"}),
}

NAMES: Final[Mapping[type[Model], frozenset[str]]] = {
    Agency: frozenset({"name", "address", "registration"}),
    Owner: frozenset({"name", "title"}),
    Keeper: frozenset({"name"}),
    Contact: frozenset({"name", "salutation", "role"}),
    Client: frozenset({"name", "address"}),
    Letter: frozenset({"place"}),
    Successor: frozenset({"name"}),
    Quote: frozenset({"author", "role"}),
    PendingRow: frozenset({"held_by", "next_owner"}),
    AssetRow: frozenset({"owner"}),
    AccountRow: frozenset({"service", "current_owner", "new_owner", "payer"}),
}
