"""The rows of the project's tables: metrics, pending projects, assets, accounts, invoices, credentials.

Role: the columns of every table, by their canonical names (the attributes'), and the words that status columns may
hold. What else people write for them is each language's (`handover.languages.registry`), reading
`handover.project.read`'s.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from handover.model.base import (
    Amount,
    Currency,
    Date,
    Line,
    MetricId,
    Model,
    MonthOrDay,
    Number,
    Percent,
    Slug,
    Text,
    Whole,
    Word,
)
from handover.model.custom_fields import read_fields
from handover.model.secret import Secret


class PendingStatus(Word):
    """Where a pending project stands."""

    IDEA = "idea"
    NOT_STARTED = "not-started"
    IN_PROGRESS = "in-progress"
    WAITING = "waiting"
    IN_REVIEW = "in-review"
    BLOCKED = "blocked"
    DONE = "done"


class Decision(Word):
    """What becomes of a pending project."""

    FINISH = "finish"
    HAND_OVER = "hand-over"
    CANCEL = "cancel"


class YesNo(Word):
    """Yes, no, or with conditions that another column states."""

    YES = "yes"
    NO = "no"
    CONDITIONS = "conditions"


class AccountStatus(Word):
    """How far an account's change of owner has come."""

    TO_TRANSFER = "to-transfer"
    IN_PROGRESS = "in-progress"
    TRANSFERRED = "transferred"
    TO_CLOSE = "to-close"
    CLOSED = "closed"
    UNCHANGED = "unchanged"


class MetricRow(Model):
    """One value of one metric for one month or day (`data/metrics.csv`)."""

    date: MonthOrDay
    """The month (`2026-03` or its first day) or the day of the value; there are no weeks."""
    metric: MetricId
    """The metric's identifier."""
    value: Number
    """The value, in the metric's unit."""
    source: Line | None = None
    """Where this value comes from, where the metric's definition names no source for all of them."""
    exported_on: Date | None = None
    """The day on which it was taken from its source."""


class PendingRow(Model):
    """One pending project (`data/pending.csv`)."""

    project: Line
    """Its name."""
    description: Text | None = None
    """What it is, in a sentence or two."""
    status: PendingStatus
    """`idea`, `not-started`, `in-progress`, `waiting`, `in-review`, `blocked` or `done`, which is listed apart and no
    longer counted as open."""
    percent_done: Percent | None = None
    """How much is done, 0–100."""
    next_action: Text | None = None
    """What has to happen next."""
    held_by: Line | None = None
    """Who holds it now."""
    next_owner: Line | None = None
    """Who takes it over."""
    due_date: Date | None = None
    """When it is due."""
    files: Line | None = None
    """Where its files are: a path inside `assets/`, or a place."""
    blockers: Text | None = None
    """What stands in the way."""
    decision: Decision
    """`finish`, `hand-over` or `cancel`."""
    takeover: Text | None = None
    """Instructions for whoever takes it over."""
    client: Slug | None = None
    """The client's id, where one table serves several clients: it must be this project's."""

    @property
    def is_open(self) -> bool:
        """Whether something remains to be done: neither done nor cancelled."""
        return self.status is not PendingStatus.DONE and self.decision is not Decision.CANCEL

    def is_promised(self, last: dt.date) -> bool:
        """Whether whoever hands over still has to finish it, by their last working day at the latest."""
        return self.is_open and self.decision is Decision.FINISH and self.due_date is not None and self.due_date <= last


class Phase(Word):
    """The part of a transition to which a milestone belongs."""

    PREPARE = "prepare"
    TRANSFER = "transfer"
    TRAIN = "train"
    CHECK = "check"
    CLOSE = "close"


class Side(Word):
    """Who sees to a milestone."""

    AGENCY = "agency"
    CLIENT = "client"
    SUCCESSOR = "successor"


class Frequency(Word):
    """How often a routine comes round."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    ON_DEMAND = "on-demand"


class AssetRow(Model):
    """What a file alone can't tell (`data/assets.csv`)."""

    path: Line
    """The file or folder, relative to `assets/`; a folder's row applies to all files in it."""
    owner: Line | None = None
    """Who owns it."""
    licence: Line | None = None
    """Under which licence it may be used."""
    transferable: YesNo | None = None
    """Whether it may be passed on: `yes`, `no` or `conditions`."""
    rights: Text | None = None
    """What the client may do with it."""
    expires_on: Date | None = None
    """When the licence ends."""
    note: Text | None = None
    """Anything else."""
    client: Slug | None = None
    """The client's id; it must be this project's."""


class AccountRow(Model):
    """One account and who will own it (`data/accounts.csv`); never a secret."""

    service: Line
    """The service."""
    url: Line | None = None
    """Where one signs in."""
    account: Line | None = None
    """The account's public name or number."""
    current_owner: Line
    """Who owns it today."""
    new_owner: Line | None = None
    """Who will."""
    transfer: Text | None = None
    """How ownership passes."""
    status: AccountStatus
    """`to-transfer`, `in-progress`, `transferred`, `to-close`, `closed` or `unchanged`."""
    renewal_date: Date | None = None
    """When the next payment is due."""
    payer: Line | None = None
    """Who pays."""
    note: Text | None = None
    """Anything else."""
    client: Slug | None = None
    """The client's id; it must be this project's."""

    @property
    def is_moving(self) -> bool:
        """Whether it is still to pass on."""
        return self.status in {AccountStatus.TO_TRANSFER, AccountStatus.IN_PROGRESS}

    def is_owned_by(self, client: str) -> bool:
        """Whether the client owns it already, so that only the sender's access ends."""
        return is_named(client, self.current_owner) or self.current_owner == self.new_owner


def is_named(client: str, owner: str) -> bool:
    """Whether an owner, as a table names them, is the client of that name."""
    return " ".join(client.split()).casefold() in " ".join(owner.split()).casefold()


class InvoiceRow(Model):
    """One invoice (`data/invoices.csv`)."""

    number: Line
    """The invoice's number."""
    description: Line | None = None
    """What it is for."""
    issued_on: Date
    """Its date."""
    due_date: Date | None = None
    """When it must be paid; a credit note needs none."""
    amount: Amount
    """The amount that was still to pay on the letter's date, all taxes included; less than 0 for a credit note."""
    currency: Currency | None = None
    """ISO 4217 code; `options.currency` when absent."""
    paid_on: Date | None = None
    """The day on which it was paid; the letter lists what wasn't paid on its own date."""
    client: Slug | None = None
    """The client's id; it must be this project's."""

    @property
    def due(self) -> dt.date:
        """When it must be paid: a credit note, which nobody pays, counts from its own date."""
        return self.due_date or self.issued_on

    def is_settled(self, day: dt.date) -> bool:
        """Whether the table says that it was paid by `day`, or that nothing of it was left to pay."""
        return self.paid_on <= day if self.paid_on else not self.amount

    def is_open(self, day: dt.date) -> bool:
        """Whether something of it was to be paid on `day`: it had been issued, and not paid yet."""
        return self.issued_on <= day and bool(self.amount) and not self.is_settled(day)


class MilestoneRow(Model):
    """One milestone of the transition (`data/milestones.csv`); deliveries, transfers and the end come by themselves."""

    on: Date
    """The day by which it is reached."""
    milestone: Line
    """What is reached."""
    phase: Phase
    """`prepare`, `transfer`, `train`, `check` or `close`."""
    who: Side
    """Who sees to it: `agency`, `client` or `successor`."""
    service: Line | None = None
    """The account that it is about, as `data/accounts.csv` calls it."""
    done_on: Date | None = None
    """The day on which it was reached."""
    client: Slug | None = None
    """The client's id; it must be this project's."""


class RoutineRow(Model):
    """One thing that has to be done again and again, for whoever takes over (`data/routines.csv`)."""

    task: Line
    """What has to be done."""
    frequency: Frequency
    """`daily`, `weekly`, `monthly`, `quarterly`, `yearly` or `on-demand`."""
    how: Text | None = None
    """How, in a few sentences."""
    tool: Line | None = None
    """With what, or where."""
    minutes: Whole | None = Field(None, ge=1, le=9999)
    """How long it takes each time, in minutes."""
    last_on: Date | None = None
    """When it was done last."""
    next_due_on: Date | None = None
    """When it is due next."""
    client: Slug | None = None
    """The client's id; it must be this project's."""


class TrainingRow(Model):
    """One lesson for the people who take over (`data/training.csv`)."""

    topic: Line
    """What it is about."""
    for_whom: Line | None = None
    """Who takes part."""
    on: Date | None = None
    """When."""
    minutes: Whole | None = Field(None, ge=1, le=9999)
    """How long it takes, in minutes."""
    trainer: Line | None = None
    """Who gives it; the agency when absent."""
    material: Line | None = None
    """What there is to read or watch: a path inside `assets/`, or a place."""
    done_on: Date | None = None
    """When it took place."""
    client: Slug | None = None
    """The client's id; it must be this project's."""


def _secret(value: object) -> object:
    return Secret(value) if isinstance(value, str) else value


SecretText = Annotated[Secret, BeforeValidator(_secret), WithJsonSchema({"type": "string"})]


def _fields(value: object) -> object:
    if isinstance(value, str):
        read_fields(value)
    return _secret(value)


FieldsText = Annotated[Secret, BeforeValidator(_fields), WithJsonSchema({"type": "string"})]


class CredentialRow(Model):
    """One credential (`vault.xlsx`). Secrets are kept byte for byte and never printed."""

    model_config = {**Model.model_config, "arbitrary_types_allowed": True}

    service: Line
    """What it opens."""
    url: Line | None = None
    """Where one signs in."""
    user_name: Line | None = None
    """The user name."""
    password: SecretText | None = None
    """The password, exactly."""
    totp_secret: SecretText | None = None
    """The secret or `otpauth://` URI of the second factor."""
    recovery_codes: SecretText | None = None
    """Recovery codes, one a line."""
    fields: FieldsText | None = None
    """Further fields, `name: value` a line; further lines of a value begin with a tab."""
    other_urls: Text | None = None
    """Further addresses where it signs in, one a line."""
    folder: Line | None = None
    """Where it stands among the others: `Web/Shops`."""
    owner: Line | None = None
    """Who owns the account."""
    note: SecretText | None = None
    """Notes; treated as secret, since people write secrets into them."""
    change_after_receipt: YesNo = YesNo.YES
    """Whether the client should change it on receipt: `yes` or `no`."""


TABLES: Mapping[str, type[Model]] = {
    "metrics": MetricRow,
    "pending": PendingRow,
    "assets": AssetRow,
    "accounts": AccountRow,
    "invoices": InvoiceRow,
    "milestones": MilestoneRow,
    "routines": RoutineRow,
    "training": TrainingRow,
}
"""The tables of `data/`, by file name without extension, in the order in which findings are listed."""

OPTIONAL_TABLES = frozenset({"assets", "milestones", "routines", "training"})
"""Tables that a project may leave out altogether; the others may be empty but must be there."""


def sums_of(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Amounts, each with its currency (ISO 4217), summed by currency, in the order in which these appear."""
    sums = defaultdict[str, Decimal](Decimal)
    for currency, amount in amounts:
        sums[currency] += amount
    return dict(sums)
