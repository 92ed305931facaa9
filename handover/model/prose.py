"""Which values are prose or names that people typed: what is typeset when it's printed, and judged for its tone.

Role: one table by model and field. Everything else (identifiers, references, addresses on the web, paths, phone
numbers of their own, secrets) stays byte for byte.
"""

from collections.abc import Mapping
from typing import Final

from handover.model import contract, life, parties, reporting, rows, settings
from handover.model.base import Model

PROSE: Final[Mapping[type[Model], frozenset[str]]] = {
    contract.Contract: frozenset({"subject"}),
    contract.Delivery: frozenset({"what"}),
    contract.Obligation: frozenset({"what"}),
    contract.Successor: frozenset({"contact", "note"}),
    contract.KnownSuccessor: frozenset({"contact"}),
    contract.Letter: frozenset({"reason", "highlights", "offers", "conditions", "reference", "wishes"}),
    reporting.Annotation: frozenset({"text"}),
    reporting.Metric: frozenset({"label", "source", "title", "comment"}),
    reporting.Campaign: frozenset({"name", "result"}),
    reporting.Quote: frozenset({"text"}),
    reporting.SurveyScore: frozenset({"question"}),
    reporting.LeftOut: frozenset({"reason"}),
    reporting.Report: frozenset({"summary"}),
    reporting.Story: frozenset({"before", "work", "change", "watch"}),
    reporting.BeforeAfter: frozenset({"caption"}),
    settings.Options: frozenset({"on_receipt", "late_fee_note"}),
    rows.PendingRow: frozenset({"project", "description", "next_action", "blockers", "takeover"}),
    rows.AssetRow: frozenset({"licence", "rights", "note"}),
    rows.AccountRow: frozenset({"transfer", "note"}),
    rows.InvoiceRow: frozenset({"description"}),
    rows.MilestoneRow: frozenset({"milestone"}),
    rows.RoutineRow: frozenset({"task", "how"}),
    rows.TrainingRow: frozenset({"topic"}),
    contract.Transition: frozenset({"fee", "contact", "overview"}),
    life.ReasonRow: frozenset({"fact"}),
    life.AnswerRow: frozenset({"text"}),
    life.VettingRow: frozenset({"text"}),
    life.Expectations: frozenset({"theirs", "ours"}),
    life.Attempt: frozenset({"what", "outcome"}),
    life.Asked: frozenset({"view"}),
    life.DecisionFacts: frozenset({"margin", "influence"}),
    life.Backlash: frozenset({"holding_statement", "watch"}),
    life.CallPlan: frozenset({"reasons", "if_asked_why", "concessions"}),
    life.LessonDecided: frozenset({"text"}),
}

NAMES: Final[Mapping[type[Model], frozenset[str]]] = {
    parties.Agency: frozenset({"name", "address", "registration"}),
    parties.Owner: frozenset({"name", "title"}),
    parties.Keeper: frozenset({"name"}),
    parties.Contact: frozenset({"name", "salutation", "role"}),
    parties.Client: frozenset({"name", "address"}),
    contract.Letter: frozenset({"place"}),
    contract.Obligation: frozenset({"clause"}),
    contract.Successor: frozenset({"name"}),
    contract.KnownSuccessor: frozenset({"name"}),
    reporting.Quote: frozenset({"author", "role"}),
    rows.PendingRow: frozenset({"held_by", "next_owner"}),
    rows.AssetRow: frozenset({"owner"}),
    rows.AccountRow: frozenset({"service", "current_owner", "new_owner", "payer"}),
    rows.RoutineRow: frozenset({"tool"}),
    rows.TrainingRow: frozenset({"for_whom", "trainer"}),
    life.AnswerRow: frozenset({"respondent"}),
    life.VettingRow: frozenset({"from_project"}),
    life.Asked: frozenset({"who"}),
    life.Backlash: frozenset({"who_answers"}),
    life.CallPlan: frozenset({"with_"}),
    life.LessonDecided: frozenset({"who"}),
    life.PostMortem: frozenset({"attendees"}),
}
