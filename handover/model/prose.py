"""Which values are prose or names that people typed: what is typeset when it's printed, and judged for its tone.

Role: one table by model and field. Everything else (identifiers, references, addresses on the web, paths, phone
numbers, secrets) stays byte for byte.
"""

from collections.abc import Mapping
from typing import Final

from handover.model import rows, settings
from handover.model.base import Model

PROSE: Final[Mapping[type[Model], frozenset[str]]] = {
    settings.Contract: frozenset({"subject"}),
    settings.Delivery: frozenset({"what"}),
    settings.Successor: frozenset({"note"}),
    settings.Letter: frozenset({"reason", "highlights", "offers", "conditions", "reference", "wishes"}),
    settings.Annotation: frozenset({"text"}),
    settings.Metric: frozenset({"label", "source", "title", "comment"}),
    settings.Campaign: frozenset({"name", "result"}),
    settings.Quote: frozenset({"text"}),
    settings.SurveyScore: frozenset({"question"}),
    settings.LeftOut: frozenset({"reason"}),
    settings.Report: frozenset({"summary"}),
    settings.Story: frozenset({"before", "work", "change", "watch"}),
    settings.BeforeAfter: frozenset({"caption"}),
    settings.Options: frozenset({"on_receipt", "late_fee_note"}),
    rows.PendingRow: frozenset({"project", "description", "next_action", "blockers", "takeover"}),
    rows.AssetRow: frozenset({"licence", "rights", "note"}),
    rows.AccountRow: frozenset({"transfer", "note"}),
    rows.InvoiceRow: frozenset({"description"}),
    rows.MilestoneRow: frozenset({"milestone"}),
    rows.RoutineRow: frozenset({"task", "how"}),
    rows.TrainingRow: frozenset({"topic"}),
    settings.Transition: frozenset({"fee", "contact", "overview"}),
}

NAMES: Final[Mapping[type[Model], frozenset[str]]] = {
    settings.Agency: frozenset({"name", "address", "registration"}),
    settings.Owner: frozenset({"name", "title"}),
    settings.Keeper: frozenset({"name"}),
    settings.Contact: frozenset({"name", "salutation", "role"}),
    settings.Client: frozenset({"name", "address"}),
    settings.Letter: frozenset({"place"}),
    settings.Successor: frozenset({"name"}),
    settings.KnownSuccessor: frozenset({"name"}),
    settings.Quote: frozenset({"author", "role"}),
    rows.PendingRow: frozenset({"held_by", "next_owner"}),
    rows.AssetRow: frozenset({"owner"}),
    rows.AccountRow: frozenset({"service", "current_owner", "new_owner", "payer"}),
    rows.RoutineRow: frozenset({"tool"}),
    rows.TrainingRow: frozenset({"for_whom", "trainer"}),
}
