"""Where an ending stands on a day: each moment, what is open, and what to do next.

Role: pure, from a dossier and a day. What is unknown is None, and nobody is said to have done what the journal doesn't
say. It prints nothing; `handover.cli.status` does.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from handover.life.dossier import Dossier
from handover.life.moments import STEPS, Step
from handover.model.contract import EndedBy
from handover.model.life import Event, Moment
from handover.model.message import msg
from handover.model.rows import AccountStatus, Decision, sums_of

_SETTLED = frozenset({AccountStatus.TRANSFERRED, AccountStatus.CLOSED, AccountStatus.UNCHANGED})
_BEFORE = (Moment.DECIDE, Moment.CALL, Moment.NOTICE, Moment.TRANSITION)
"""Moments that nobody goes back to once a later one has come."""
NEXT = 3
"""Actions that are told."""


class State(StrEnum):
    """How a moment stands."""

    DONE = "done"
    DUE = "due"
    LATE = "late"
    OPEN = "open"
    """Not done, and no day is known for it."""
    PASSED = "passed"
    """The journal doesn't note it, but something that comes later."""
    SKIPPED = "skipped"
    """Not expected, as the contract ends."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One moment: done on that day, or due then."""

    moment: Moment
    state: State
    on: dt.date | None
    days_late: int
    """How late it is; 0 for what isn't."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do next, and what to type for it."""

    what: str
    command: str
    due: dt.date | None
    late: bool


@dataclass(frozen=True, slots=True)
class Status:
    """Where one ending stands, under the names of `--json`. None is what the project doesn't say, or can't be read."""

    client: str
    ended_by: EndedBy | None
    last_working_day: dt.date | None
    moments: tuple[Standing, ...]
    accounts_open: tuple[str, ...] | None
    """Services whose owner still has to change."""
    projects_open: tuple[str, ...] | None
    """What was promised to be finished, and isn't."""
    obligations_open: tuple[str, ...]
    """What the contract asks of the agency at its end, and nothing says that it was met."""
    not_paid: Mapping[str, Decimal] | None
    """What isn't paid, by currency."""
    overdue_invoices: int
    """Invoices of it whose day has passed."""
    reservations: tuple[str, ...]
    """What was accepted with a reservation that isn't settled, each with its number."""
    receipt_missing: bool
    """Whether the bundle was sent, and no receipt is in the journal."""
    next: tuple[Action, ...]

    @property
    def late(self) -> int:
        """How many days the most delayed moment is late; 0 for none."""
        return max((one.days_late for one in self.moments), default=0)

    @property
    def is_open(self) -> bool:
        """Whether something is known to be unsettled."""
        return self.receipt_missing or any(
            (self.accounts_open, self.projects_open, self.obligations_open, self.not_paid, self.reservations)
        )

    @property
    def urgency(self) -> tuple[int, dt.date]:
        """Sorts the most delayed first, then by the day that is due next."""
        due = [one.on for one in self.moments if one.state is State.DUE and one.on]
        return -self.late, min(due, default=dt.date.max)


def status_of(dossier: Dossier, today: dt.date, shown: str, written: Collection[str] = (), bundle: str = "") -> Status:
    """Where the ending stands on that day; `shown` is the project as commands name it, `written` what was made, and
    `bundle` the signed one that hasn't been sent, as commands name it.
    """
    invoices = dossier.open_invoices(today)
    steps = [
        step
        for step in STEPS
        if dossier.ended_by is None or dossier.ended_by in step.only or dossier.happened(step.event)
    ]
    passed = _passed(dossier)
    undone = [step for step in steps if dossier.happened(step.event) is None and step.moment not in passed]
    return Status(
        client=dossier.client,
        ended_by=dossier.ended_by,
        last_working_day=dossier.last_day,
        moments=tuple(_standing(moment, steps, dossier, today) for moment in Moment),
        accounts_open=None
        if dossier.accounts is None
        else tuple(row.service for row in dossier.accounts if row.status not in _SETTLED),
        projects_open=None
        if dossier.pending is None
        else tuple(row.project for row in dossier.pending if row.is_open and row.decision is Decision.FINISH),
        obligations_open=tuple(what for what, met_on in dossier.asked if met_on is None or met_on > today),
        not_paid=None
        if invoices is None
        else {
            currency: amount
            for currency, amount in sums_of((dossier.currency_of(row), row.amount) for row in invoices).items()
            if amount
        },
        overdue_invoices=sum(row.due < today and row.amount > 0 for row in invoices or ()),
        reservations=tuple(f"{row.number}. {row.text}" for row in dossier.reservations if not row.settled_on),
        receipt_missing=bool(dossier.happened(Event.BUNDLE_SENT)) and not dossier.happened(Event.RECEIPT_RETURNED),
        next=()
        if dossier.happened(Event.CLOSED)
        else tuple(_action(step, dossier, today, shown, written, bundle) for step in undone[:NEXT]),
    )


def _passed(dossier: Dossier) -> frozenset[Moment]:
    """The moments that are over, noted or not: before the last day once a later one came, and all in a closed file."""
    if dossier.happened(Event.CLOSED):
        return frozenset(Moment)
    order = list(Moment)
    latest = max((order.index(step.moment) for step in STEPS if dossier.happened(step.event)), default=0)
    return frozenset(moment for moment in _BEFORE if order.index(moment) < latest)


def _standing(moment: Moment, steps: Iterable[Step], dossier: Dossier, today: dt.date) -> Standing:
    mine = [step for step in steps if step.moment is moment]
    if not mine:
        return Standing(moment, State.SKIPPED, None, 0)
    awaited = [step for step in mine if step.awaited]
    days = [dossier.happened(step.event) for step in awaited]
    if all(days):
        return Standing(moment, State.DONE, max(day for day in days if day), 0)
    if moment in _passed(dossier):
        return Standing(moment, State.PASSED, None, 0)
    missing = (step for step, day in zip(awaited, days, strict=True) if day is None)
    due = min((day for step in missing if (day := step.due(dossier))), default=None)
    if due is None:
        return Standing(moment, State.OPEN, None, 0)
    late = (today - due).days
    return Standing(moment, State.LATE if late > 0 else State.DUE, due, max(late, 0))


def _action(step: Step, dossier: Dossier, today: dt.date, shown: str, written: Collection[str], bundle: str) -> Action:
    """What to type: once the document is written, what remains is to note that it was used."""
    verb, _, rest = step.command.partition(" ")
    made = verb == "write" and rest.partition(" ")[0].replace("-", "_") in written
    made = made or (verb == "build" and "email" in written)
    command = f"status --done {step.event} {{dir}}" if made else step.command
    due = step.due(dossier)
    what = (
        step.action if dossier.ended_by in {None, EndedBy.AGENCY} else step.instead.get(dossier.ended_by, step.action)
    )
    if bundle and verb == "build" and not made:
        return Action(msg("send the bundle"), f"handover send {bundle}", due, due is not None and due < today)
    return Action(what, f"handover {command.format(dir=shown)}", due, due is not None and due < today)
