"""A project as its agency sees it through the months: what is known of it, its journal, its internal papers.

Role: reads what status and internal documents need, also of a project that isn't complete yet: what can't be read is
unknown (None), never zero. `handover.project.check` alone says whether a project can be built. A dossier never goes to
what packs or sends a bundle.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from handover.languages import registry
from handover.languages.tone import tone_of
from handover.languages.words import Words
from handover.life.tables import add_rows, read_table
from handover.model.base import Model
from handover.model.contract import EndedBy, ending
from handover.model.errors import Finding, InvalidInput, Severity, SourceLocation
from handover.model.life import (
    ANSWERS_FILE,
    EVIDENCE_FOLDER,
    INTERNAL_FILE,
    JOURNAL_FILE,
    REASONS_FILE,
    RECEIVED_FILE,
    RESERVATIONS_FILE,
    AnswerRow,
    Event,
    Internal,
    JournalRow,
    ReasonRow,
    ReceivedRow,
    ReservationRow,
)
from handover.model.message import msg
from handover.model.parties import Voice
from handover.model.project import Project
from handover.model.rows import AccountRow, InvoiceRow, PendingRow
from handover.model.sources import Sources, in_reading_order, scalars
from handover.project.check.settings import View, read_model, read_settings
from handover.project.check.tables import Located, read_rows
from handover.project.read import canonical, load_project, no_assets
from handover.project.read.files import ProjectFolder
from handover.project.read.yaml_tree import MAX_BYTES as MAX_YAML
from handover.project.read.yaml_tree import read_yaml

M = TypeVar("M", bound=Model)
_MAX_EVIDENCE = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is known of one ending. None, or an empty text, is what isn't."""

    root: Path
    client: str
    client_id: str
    agency: str
    voice: Voice
    contact: str
    salutation: str
    sender: str
    """The first owner's name."""
    phone: str
    """Their number, or the agency's."""
    promised: tuple[str, ...]
    """What will still be delivered, and further help, as the letter says it."""
    language: str
    locale: str
    colour: str
    currency: str
    ended_by: EndedBy | None
    start: dt.date | None
    notice: dt.date | None
    """The day on which notice was or will be given: `contract.notice_date`, else the letter's date."""
    last_day: dt.date | None
    end: dt.date | None
    """The day on which the contract ends."""
    asked: tuple[tuple[str, dt.date | None], ...]
    """What the contract asks of the agency at its end, with its clause, and the day on which it was met."""
    invoices: tuple[InvoiceRow, ...] | None
    accounts: tuple[AccountRow, ...] | None
    pending: tuple[PendingRow, ...] | None
    journal: tuple[JournalRow, ...]
    internal: Internal
    reasons: tuple[ReasonRow, ...] = ()
    answers: tuple[AnswerRow, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    """File in internal/evidence/ → SHA-256, of what the reasons name."""
    received: tuple[ReceivedRow, ...] = ()
    reservations: tuple[ReservationRow, ...] = ()
    templates: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    findings: tuple[Finding, ...] = ()
    """What is wrong with the files that no build reads, and with settings that can't be read at all."""
    unread: tuple[Finding, ...] = ()
    """What is wrong with values of the settings and rows of the tables, as far as they are looked at here."""

    @classmethod
    def of(cls, project: Project, **beside: Any) -> "Dossier":
        """The dossier of a checked project; `beside` is what stands in the files that no build reads."""
        settings, contract = project.settings, project.settings.contract
        return cls(
            root=project.root,
            client=settings.client.name,
            client_id=settings.client.id,
            agency=settings.agency.name,
            voice=settings.agency.voice,
            contact=settings.client.contact.name,
            salutation=settings.client.contact.salutation or "",
            sender=settings.owners[0].name,
            phone=settings.owners[0].phone or settings.agency.phone or "",
            promised=(*(one.what for one in settings.letter.deliveries), *settings.letter.offers),
            language=settings.language,
            locale=project.locale,
            colour=settings.brand.colour,
            currency=settings.options.currency,
            ended_by=contract.ended_by,
            start=contract.start_date,
            notice=contract.notice_date or settings.letter.date,
            last_day=contract.last_working_day,
            end=contract.ends,
            asked=tuple((_clause(one.what, one.clause), one.met_on) for one in contract.obligations),
            invoices=project.invoices,
            accounts=project.accounts,
            pending=project.pending,
            **{"journal": (), "internal": Internal(), "templates": project.templates, "words": project.words, **beside},
        )

    @property
    def required(self) -> "Dossier":
        """Itself. Raises InvalidInput where one of the files that no build reads has an error."""
        if any(finding.severity is Severity.ERROR for finding in self.findings):
            raise InvalidInput(self.findings)
        return self

    def happened(self, event: Event) -> dt.date | None:
        """The first day on which the journal notes the event; one who answered after the last day was asked."""
        return min((row.date for row in self.journal if row.event is event or self._shows(row, event)), default=None)

    def _shows(self, row: JournalRow, event: Event) -> bool:
        answered = event is Event.SURVEY_SENT and row.event is Event.SURVEY_ANSWERED
        return answered and self.last_day is not None and row.date > self.last_day

    def note(self, event: Event, on: dt.date, **about: str | None) -> None:
        """Add a line to the journal; `about` is its other columns. Raises InvalidInput, OutputError."""
        row = JournalRow.model_validate({"date": on, "event": event, **about})
        add_rows(self.root / JOURNAL_FILE, [row], self.understood)

    def open_invoices(self, today: dt.date) -> tuple[InvoiceRow, ...] | None:
        """What isn't paid; None where the table can't be read."""
        return None if self.invoices is None else tuple(row for row in self.invoices if row.is_open(today))

    def currency_of(self, row: InvoiceRow | ReasonRow) -> str:
        """An amount's currency: its own, or the project's."""
        return row.currency or self.currency

    def load_words(self, *ids: str) -> Words:
        """The words of documents in the project's language."""
        return Words.load(self.language, self.locale, *ids, own=self.words)

    @property
    def understood(self) -> tuple[registry.Language, ...]:
        """The languages in which the project may be written, its own first."""
        others = [one for one in registry.understood(self.language, self.words) if one.code != self.language]
        return (registry.language(self.language, self.words), *others)


def read_dossier(root: Path, today: dt.date) -> Dossier:
    """Everything of the project in `root` that is known on that day. Raises UsageError when it isn't a folder."""
    sources = load_project(root, scan_assets=no_assets)
    view = View(sources.settings) if sources.settings is not None else None
    language = view.text("language") if view else None
    language = language if language in sources.languages else registry.START
    spoken = registry.understood(language, sources.words)
    folder = ProjectFolder(root)
    reasons = read_table(folder, REASONS_FILE, ReasonRow, spoken)
    journal = read_table(folder, JOURNAL_FILE, JournalRow, spoken)
    internal = _internal(folder, spoken, language if not sources.words else "")
    evidence = _evidence(folder, reasons)
    answers, received, reservations = (
        _values(read_table(folder, ANSWERS_FILE, AnswerRow, spoken)),
        _values(read_table(folder, RECEIVED_FILE, ReceivedRow, spoken)),
        _values(read_table(folder, RESERVATIONS_FILE, ReservationRow, spoken)),
    )
    own = registry.language(language, sources.words)
    named = {event: str(event) if language == registry.START else own.word(Event, event) for event in Event}
    _check_journal(folder, journal, today, named)

    def text(*path: str | int) -> str:
        return (view.text(*path) or "") if view else ""

    def date(*path: str) -> dt.date | None:
        return view.date(*path) if view else None

    unread = list[Finding]()
    if view:
        read_settings(view, partial=True)
        unread = [finding for finding in view.findings if finding.rule != "settings.missing-key"]

    ended_by, voice = text("contract", "ended_by"), text("agency", "voice")
    parting, last_day = EndedBy(ended_by) if ended_by in set(EndedBy) else None, date("contract", "last_working_day")
    return Dossier(
        root=root,
        client=text("client", "name") or root.resolve().name,
        client_id=text("client", "id") or root.resolve().name,
        agency=text("agency", "name"),
        voice=Voice(voice) if voice in set(Voice) else Voice.WE,
        contact=text("client", "contacts", 0, "name"),
        salutation=text("client", "contacts", 0, "salutation"),
        sender=text("owners", 0, "name"),
        phone=text("owners", 0, "phone") or text("agency", "phone"),
        promised=_promised(view) if view else (),
        language=language,
        locale=text("locale") or registry.language(language, sources.words).locale,
        colour=text("brand", "colour"),
        currency=text("options", "currency") or "EUR",
        ended_by=parting,
        start=date("contract", "start_date"),
        notice=date("contract", "notice_date") or date("letter", "date"),
        last_day=last_day,
        end=ending(parting, date("contract", "renews_on"), date("contract", "end_date"), last_day),
        asked=_asked(view) if view else (),
        invoices=_rows(sources, "invoices", InvoiceRow, unread),
        accounts=_rows(sources, "accounts", AccountRow, unread),
        pending=_rows(sources, "pending", PendingRow, unread),
        journal=tuple(sorted(_values(journal), key=lambda row: row.date)),
        internal=internal,
        reasons=tuple(sorted(_values(reasons), key=lambda row: row.on)),
        answers=answers,
        evidence=evidence,
        received=received,
        reservations=reservations,
        templates=sources.templates,
        words=sources.words,
        findings=(*(() if view else sources.findings), *folder.findings),
        # What lacks is no mistake yet.
        unread=tuple(one for one in in_reading_order({*unread, *sources.findings}) if one.rule != "file.missing")
        if view
        else (),
    )


def _promised(view: View) -> tuple[str, ...]:
    deliveries = (view.text("letter", "deliveries", at, "what") for at in range(view.count("letter", "deliveries")))
    help_ = (view.text("letter", "offers", at) for at in range(view.count("letter", "offers")))
    return tuple(text for text in (*deliveries, *help_) if text)


def _asked(view: View) -> tuple[tuple[str, dt.date | None], ...]:
    return tuple(
        (_clause(what, view.text(*path, "clause")), view.date(*path, "met_on"))
        for path in view.items("contract", "obligations")
        if (what := view.text(*path, "what"))
    )


def _clause(what: str, clause: str | None) -> str:
    return f"{what} ({clause})" if clause else what


def _values(rows: Iterable[Located[M]]) -> tuple[M, ...]:
    return tuple(row.value for row in rows)


def _rows(sources: Sources, name: str, model: type[M], unread: list[Finding]) -> tuple[M, ...] | None:
    """The rows of a table of data/, or None where one of them can't be read: half a table gives a wrong sum."""
    table = sources.tables.get(name)
    findings: list[Finding] = []
    rows = read_rows(table, model, findings) if table else []
    unread += findings
    whole = table and not any(found.severity is Severity.ERROR for found in findings)
    return tuple(row.value for row in rows) if whole else None


def _internal(folder: ProjectFolder, languages: Sequence[registry.Language], language: str) -> Internal:
    content = folder.read(INTERNAL_FILE, MAX_YAML) if folder.has(INTERNAL_FILE) else None
    if content is None:
        return Internal()
    tree, findings = read_yaml(content, INTERNAL_FILE)
    folder.findings.extend(findings)
    if tree is None:
        return Internal()
    view = View(canonical(tree, Internal, languages), Internal)
    read = read_model(view, Internal)
    _check_call(view, language)
    folder.findings.extend(view.findings)
    return read or Internal()


def _evidence(folder: ProjectFolder, reasons: Iterable[Located[ReasonRow]]) -> dict[str, str]:
    """The digests of the files that the reasons name; one that is missing is an error."""
    found: dict[str, str] = {}
    for row in reasons:
        name = (row.value.evidence or "").removeprefix(f"{EVIDENCE_FOLDER}/")
        if name and name not in found:
            path = f"{EVIDENCE_FOLDER}/{name}"
            if folder.read(path, _MAX_EVIDENCE, named_at=row.place("evidence")) is not None:
                found[name] = folder.digests[path]
    return found


_SAID = ("reasons", "if_asked_why", "concessions", "holding_statement")
"""Keys of the call whose texts are said aloud."""
_LEAST_REASONS = 3


def _check_call(view: View, language: str) -> None:
    """Warn of blame, threats and the words of couples in what will be said, and of too few reasons."""
    tone = tone_of(language) if language else None
    for path, node in scalars(view.node("call")) if tone else ():
        if not set(path) & set(_SAID):
            continue
        for rule, message, _ in tone.found(node.text) if tone else ():
            if rule != "tone.informal":
                view.warn(("call", *path), rule, message, msg("say it neutrally, about yourself and not about them"))
        if found := _COUPLES.search(node.text):
            message = msg("says “{words}”: it is a contract that ends", words=found[0])
            view.warn(("call", *path), "call.couples", message, msg("say that the contract ends"))
    if view.node("call") is not None and 0 < view.count("call", "reasons") < _LEAST_REASONS:
        message = msg("has fewer than three reasons")
        view.warn(("call", "reasons"), "call.few-reasons", message, msg("three neutral ones, about yourself"))


_COUPLES = re.compile(
    r"\b(break(?:ing)?[ -]up|broke up|it[’']s not you|see other people|rompre|rupture|rompons|ce n[’']est pas toi)\b",
    re.IGNORECASE,
)
"""What ends between couples, in either language."""

_ADVICE = (
    (Event.DECIDED, Event.CALLED, msg("the usual advice is to decide first")),
    (Event.CALLED, Event.NOTICE_GIVEN, msg("the usual advice is to call first, and to write afterwards")),
    (Event.CALLED, Event.BUNDLE_SENT, msg("the usual advice is to call first")),
    (Event.NOTICE_GIVEN, Event.BUNDLE_SENT, msg("the bundle follows the notice")),
    (Event.BUNDLE_SENT, Event.RECEIPT_RETURNED, msg("a receipt is for what was sent")),
    (Event.RECEIPT_RETURNED, Event.ACCESS_REVOKED, msg("before the receipt the client may lose what they can't open")),
)
"""Which event the guides put before which, and why: advised, never forced."""


def _check_journal(
    folder: ProjectFolder, journal: Sequence[Located[JournalRow]], today: dt.date, named: Mapping[Event, str]
) -> None:
    """Events to come, and those out of the advised order; `named` are events as the project's journal writes them."""
    first: dict[Event, Located[JournalRow]] = {}
    for row in sorted(journal, key=lambda row: row.value.date):
        first.setdefault(row.value.event, row)
        if row.value.date > today:
            message = msg("{event} is noted for {day}, a day to come", event=named[row.value.event], day=row.value.date)
            hint = msg("the journal notes what has happened: correct the day")
            folder.add(row.place("date"), "journal.future", message, hint)
    for before, after, why in _ADVICE:
        if before in first and after in first and first[after].value.date < first[before].value.date:
            message = msg("{after} stands before {before}: {why}", after=named[after], before=named[before], why=why)
            place: SourceLocation = first[after].place("event")
            folder.add(place, "journal.order", message, msg("correct the days if they are wrong"), Severity.WARNING)
