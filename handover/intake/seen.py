"""What was seen in a folder: each file with what it is, and what papers say, with the sentence that says so.

Role: types alone, frozen. Nothing here is believed: a `Candidate` becomes a setting only through a `Proposal`.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from handover.importers.credentials.reading import Export
from handover.importers.metrics.base import Imported
from handover.importers.pending.base import Card


class Kind(StrEnum):
    """What a file is, by its content where that tells."""

    CONTRACT = "contract"
    INVOICE = "invoice"
    NOTICE = "notice"
    MAIL = "mail"
    METRICS = "metrics"
    BOARD = "board"
    PASSWORDS = "passwords"
    LICENCE = "licence"
    LOGO = "logo"
    SIGNATURE = "signature"
    SECRET = "secret"  # noqa: S105 — a kind of file
    INTERNAL = "internal"
    FOREIGN = "foreign"
    JUNK = "junk"
    COPY = "copy"
    IRREGULAR = "irregular"
    UNREADABLE = "unreadable"
    FILE = "file"


class File(NamedTuple):
    """One file, or a folder of junk that wasn't looked into (its path ends in a slash)."""

    path: str
    size: int
    kind: Kind = Kind.FILE
    why: str = ""
    """What tells: in words that may follow the file's name."""


class Origin(NamedTuple):
    """Where a value comes from."""

    file: str
    page: int = 0
    """From 1; 0 where there are no pages."""
    sentence: str = ""


class Candidate(NamedTuple):
    """A value that a paper gives."""

    value: str
    origin: Origin


class Contract(NamedTuple):
    """What a contract says, by key (`client.name`, `contract.start_date`): candidates, the likeliest first."""

    file: str
    language: str
    says: Mapping[str, tuple[Candidate, ...]]


class Invoice(NamedTuple):
    """An invoice; what isn't told is empty. `amount` is less than 0 for a credit note."""

    file: str
    number: str
    issued_on: dt.date | None
    due_date: dt.date | None
    amount: Decimal | None
    currency: str
    buyer: str = ""
    paid: str = ""
    """The words that say that it was paid."""
    structured: bool = False
    """Whether it was read from XML (EN 16931), not from text."""


class Mail(NamedTuple):
    """An e-mail or a letter that ends a contract."""

    file: str
    address: str
    name: str
    day: dt.date | None
    sentence: str
    until: dt.date | None = None
    until_said: str = ""
    """The last day and the sentence that says it, where the e-mail does."""
    role: str = ""
    phone: str = ""
    """What stands below the sender's name."""
    to: tuple[str, str] = ("", "")
    """Name and address of whom it was written to first."""
    letter: tuple[str, str] = ("", "")
    """Of a letter, what stands above its salutation and below its closing: who writes to whom, and who signs."""
    next_provider: str = ""
    """The sentence that speaks of who goes on with the work."""


class Metrics(NamedTuple):
    """An export of metrics."""

    file: str
    title: str
    imported: Imported
    unknown: tuple[str, ...] = ()
    """Columns of numbers in a plain table that no metric is known for."""
    again: "Callable[..., Metrics] | None" = None
    """Reads it again as a person says: `meant` which metric each such column is, `day_first` and `grouped`."""
    doubts: frozenset[str] = frozenset()
    """The questions without whose answers a column can be read in two ways: `dates`, `numbers`."""


class Passwords(NamedTuple):
    """A password manager's export; `export` is None where a passphrase protects it."""

    file: str
    title: str
    export: Export | None
    protected: bool = False
    """Whether the file itself is encrypted."""


class Pending(NamedTuple):
    """A board or a list of tasks."""

    file: str
    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that was seen in a folder, in the order of the files' names."""

    name: str
    files: tuple[File, ...] = ()
    contracts: tuple[Contract, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    mails: tuple[Mail, ...] = ()
    metrics: tuple[Metrics, ...] = ()
    passwords: tuple[Passwords, ...] = ()
    boards: tuple[Pending, ...] = ()
    licences: Mapping[str, str] = field(default_factory=dict)
    """A licence's file → the licence's name, where the text tells it."""
    unread: tuple[str, ...] = ()
    """Papers without text: pictures of pages, which nothing here reads."""
    denied: tuple[str, ...] = ()
    """Names of other clients, as the folders of a password export tell them."""
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The beginnings of texts, by file."""

    def of(self, *kinds: Kind) -> list[File]:
        """The files of these kinds."""
        return [file for file in self.files if file.kind in kinds]
