"""The inventory workbook: the client's files, sign-ins and accounts, and what to do with them on receipt.

Role: decides what is in each sheet, in the client's language; `formats.excel` writes it and `seal.encryption` encrypts
the result. What a person typed is a text cell, exactly as given; only dates and sizes, which the models have
checked, are dates and numbers, so that they sort. Reading a vault back is `handover.project.vault.workbook`'s business.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from handover.documents.asset_notes import AssetNotes
from handover.documents.base import Deliverable, RenderInput
from handover.documents.inventory_steps import Step, ahead, steps
from handover.formats.excel import Book, Cell, Column, Link, Look, Sheet, Value, write_workbook
from handover.languages.words import Words
from handover.model.artifact import AssetRecord, Role, Seal
from handover.model.rows import AccountRow, AccountStatus, CredentialRow, YesNo
from handover.project.vault.columns import credential_cells, credential_columns, web_link

_ADDRESS, _PATH = 26, 57
"""Characters of a link that a column shows: LibreOffice cuts a longer one, where it wraps any other text."""
_SELDOM = frozenset({"fields", "other_urls", "folder"})
"""Columns of credentials that most projects leave empty."""


def render(given: RenderInput) -> bytes:
    """The workbook, not yet encrypted, as the bytes of an .xlsx.

    Raises HandoverError, naming sheet and cell and never the value, where a cell can't hold a value exactly.
    """
    words, settings = given.words, given.project.settings
    todo = steps(given)
    draft = (words.text("draft_notice"),) if given.draft else ()
    sheets = (
        Sheet(words.text("start.sheet"), (Column("", least=22, most=22), Column("", least=72, most=72)),
              _start(given, len(todo)), draft, table=False),
        _steps_sheet(todo, words, draft),
        _assets_sheet(given, draft),
        # Access by invitation and transfer stands before passwords.
        _accounts_sheet(given, draft),
        _credentials_sheet(given, draft),
    )  # fmt: skip
    page = words.text("page", page="{page}", pages="{pages}")
    return write_workbook(
        Book(
            sheets,
            colour=settings.brand.colour,
            paper=words.paper,
            date_format=words.text("date_format"),
            number_format=words.text("number_format"),
            footer=(f"{settings.client.name} – {words.text('title')}", words.date(given.today), page),
        )
    )


# Start here


def _start(given: RenderInput, step_count: int) -> list[tuple[Value, Value]]:
    words, settings = given.words, given.project.settings
    subtitle = words.text(
        "subtitle", client=settings.client.name, agency=settings.agency.name, date=words.date(given.today)
    )
    assets = _counted(words, "assets", len(given.assets), size=words.size(sum(a.entry.size for a in given.assets)))
    held = given.credentials
    credentials = words.text("start.credentials_draft") if given.draft else _counted(words, "credentials", len(held))
    passwords = any(row.password for row in held)
    # A copy that was opened with the client's key is a workbook without a passphrase.
    kind = "_draft" if given.draft else "_key" if given.key_only else ""
    split = "_split" if given.second_zip else ""
    then = [words.text("start.safe_passwords")] if passwords else []
    lines: list[tuple[str | Link, str]] = [
        (words.text("start.what"), words.text(f"start.what_text{kind}")),
        (_to_sheet(words.text("todo.sheet")), _counted(words, "todo", step_count)),
        (_to_sheet(words.text("assets.sheet")), assets),
        (_to_sheet(words.text("accounts.sheet")), _counted(words, "accounts", len(given.project.accounts))),
        (_to_sheet(words.text("credentials.sheet")), credentials),
        # Nothing is explained that isn't there.
        *([(words.text("start.links"), words.text(f"start.links_text{split}"))] if given.assets else []),
        *([(words.text("start.exact"), words.text("start.exact_text"))] if passwords else []),
        (words.text("start.safe"), " ".join([words.text(f"start.safe_text{kind}"), *then])),
        (words.text("start.questions"), _whom_to_ask(given)),
    ]
    head: list[tuple[Value, Value]] = [
        (Cell(words.text("title"), Look.TITLE), None),
        (Cell(subtitle, Look.SUBTITLE), None),
        (None, None),
    ]
    return head + [(Cell(label, _label_look(label)), Cell(text, Look.BODY)) for label, text in lines]


def _counted(words: Words, what: str, n: int, **values: str) -> str:
    return words.plural(f"start.{what}", n, **values) if n else words.text(f"start.{what}.zero")


def _to_sheet(name: str) -> Link:
    return Link(name, f"#'{name}'!A1")


def _label_look(label: str | Link) -> Look:
    return Look.PAGE_LINK if isinstance(label, Link) else Look.LABEL


def _whom_to_ask(given: RenderInput) -> str:
    agency, owner = given.project.settings.agency, given.project.settings.owner
    return ", ".join(filter(None, (owner.name, owner.email or agency.email, owner.phone or agency.phone)))


# Tables


def _steps_sheet(todo: Sequence[Step], words: Words, notices: tuple[str, ...]) -> Sheet:
    states = tuple(words.text(f"todo.choices.{state}") for state in ("open", "done", "none"))
    header = _headers(words, "todo", "number", "stage", "step", "before", "state")
    columns = (
        Column(header[0], Look.NUMBER, 7, 9),
        Column(header[1], Look.TEXT, 12, 18),
        Column(header[2], Look.TEXT, 60, 90),
        Column(header[3], Look.DATE, 13, 15),
        Column(header[4], Look.TEXT, 14, 16, choices=states),
    )
    rows = [
        (number, words.text(f"todo.stage.{step.stage}"), step.text, step.before, states[0])
        for number, step in enumerate(todo, start=1)
    ]
    return _or_sentence(Sheet(words.text("todo.sheet"), columns, rows, notices), words.text("start.todo.zero"))


def _assets_sheet(given: RenderInput, notices: tuple[str, ...]) -> Sheet:
    words = given.words
    answers = tuple(words.text(f"yes_no.{answer}") for answer in YesNo)
    header = _headers(
        words, "assets", "path", "kind", "properties", "size", "modified", "owner", "licence", "transferable",
        "rights", "expires_on", "note", "sha256",
    )  # fmt: skip
    columns = (
        Column(header[0], Look.LINK, 24, _PATH),
        Column(header[1], Look.TEXT, 10, 12),
        Column(header[2], Look.TEXT, 13, 13),
        Column(header[3], Look.NUMBER, 11, 12),
        Column(header[4], Look.DATE, 13, 13),
        Column(header[5], Look.TEXT, 12, 15),
        Column(header[6], Look.TEXT, 12, 16),
        Column(header[7], Look.TEXT, 13, 14, choices=answers),
        Column(header[8], Look.TEXT, 14, 17),
        Column(header[9], Look.DATE, 13, 13),
        Column(header[10], Look.TEXT, 12, 14),
        Column(header[11], Look.DIGEST, 31, 31),
    )
    notes = AssetNotes(given.project.asset_notes)
    kinds = _Kinds(words)
    said = dict(zip(YesNo, answers, strict=True))
    rows = [_asset_row(record, notes, kinds, said, given.today) for record in given.assets]
    sheet = Sheet(words.text("assets.sheet"), *_filled(columns, rows), notices)
    return _or_sentence(sheet, words.text("assets.empty"))


def _filled(
    columns: tuple[Column, ...], rows: list[tuple[Value, ...]]
) -> tuple[tuple[Column, ...], list[tuple[Value, ...]]]:
    """The columns in which some row says something, and the rows without the others."""
    shown = [at for at in range(len(columns)) if not rows or any(row[at] is not None for row in rows)]
    return tuple(columns[at] for at in shown), [tuple(row[at] for at in shown) for row in rows]


def _asset_row(
    record: AssetRecord, notes: AssetNotes, kinds: "_Kinds", answers: dict[YesNo, str], today: dt.date
) -> tuple[Value, ...]:
    entry, note = record.entry, notes.of(record.source.path)
    return (
        # Percent-encoded, since a space, an accent or a # would break the link (RFC 3986, clause 2.1).
        Link(entry.name, quote(entry.name, safe="/")),
        kinds.name(record.properties.kind),
        kinds.properties(record),
        entry.size,
        # A copy's own date may be later than the day that the bundle bears.
        record.modified if record.modified.date() <= today else None,
        note.owner,
        note.licence,
        answers[note.transferable] if note.transferable else None,
        note.rights,
        note.expires_on,
        note.note,
        entry.sha256,
    )


class _Kinds:
    """The words for kinds and properties of files, each looked up once: there may be many thousand files."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._names: dict[str, str] = {}
        self._numbers: dict[int, str] = {}

    def name(self, kind: str) -> str:
        """`pdf` → `PDF`, `photo` → `Photo`; a kind that has no word yet is `Other`."""
        if kind not in self._names:
            key = f"kind.{kind}"
            self._names[kind] = self._words.text(key if self._words.has(key) else "kind.other")
        return self._names[kind]

    def properties(self, record: AssetRecord) -> str | None:
        """`1,200 × 800 px`, `12 pages`, `3:25`; None when nothing is known."""
        known, words = record.properties, self._words
        if known.pages is not None:
            return words.plural("assets.pages", known.pages)
        facts = []
        if known.width and known.height:
            width, height = self._number(known.width), self._number(known.height)
            facts.append(words.text("assets.pixels", width=width, height=height))
        if known.duration is not None:
            facts.append(_clock(known.duration))
        return ", ".join(facts) or None

    def _number(self, value: int) -> str:
        # Cameras make few sizes, and CLDR's formatting is slow.
        if value not in self._numbers:
            self._numbers[value] = self._words.number(value)
        return self._numbers[value]


def _clock(seconds: float) -> str:
    """`0:07`, `3:25`, `1:02:03`, rounded to the second."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _credentials_sheet(given: RenderInput, notices: tuple[str, ...]) -> Sheet:
    words = given.words
    answers = {YesNo.YES: words.text("yes_no.yes"), YesNo.NO: words.text("yes_no.no")}
    columns = credential_columns(words.other("vault"), tuple(answers.values()))
    rows = [credential_cells(row, answers) for row in given.credentials]
    # What no sign-in has would be an empty column.
    shown = [
        at
        for at, name in enumerate(CredentialRow.model_fields)
        if name not in _SELDOM or any(getattr(row, name) for row in given.credentials)
    ]
    columns = tuple(columns[at] for at in shown)
    rows = [tuple(row[at] for at in shown) for row in rows]
    empty = words.text("credentials.draft" if given.draft else "credentials.empty")
    return _or_sentence(Sheet(words.text("credentials.sheet"), columns, rows, notices), empty)


def _accounts_sheet(given: RenderInput, notices: tuple[str, ...]) -> Sheet:
    words = given.words
    states = {status: words.text(f"account_status.{status}") for status in AccountStatus}
    header = _headers(
        words, "accounts", "service", "url", "account", "current_owner", "new_owner", "transfer", "status",
        "renewal_date", "payer", "note",
    )  # fmt: skip
    columns = (
        Column(header[0], Look.TEXT, 16, 23),
        Column(header[1], Look.TEXT, 16, _ADDRESS),
        Column(header[2], Look.TEXT, 14, 18),
        Column(header[3], Look.TEXT, 14, 17),
        Column(header[4], Look.TEXT, 14, 17),
        Column(header[5], Look.TEXT, 18, 26),
        Column(header[6], Look.TEXT, 13, 13, choices=tuple(states.values())),
        Column(header[7], Look.DATE, 16, 16),
        Column(header[8], Look.TEXT, 12, 14),
        Column(header[9], Look.TEXT, 14, 16),
    )
    rows = [_account_row(row, states, ahead(given, row.renewal_date)) for row in given.project.accounts]
    return _or_sentence(Sheet(words.text("accounts.sheet"), columns, rows, notices), words.text("accounts.empty"))


def _address(url: str | None) -> Value:
    """A link that says where it leads in the room that there is; the whole of it is its target."""
    link = web_link(url)
    if url is None or not (isinstance(link, Cell) and isinstance(link.value, Link)):
        return link
    said = url.removeprefix("https://").removesuffix("/")
    host, path, _ = said.partition("/")
    return replace(link, value=replace(link.value, text=f"{host}/…" if path and len(said) >= _ADDRESS else said))


def _account_row(row: AccountRow, states: dict[AccountStatus, str], renewal: dt.date | None) -> tuple[Value, ...]:
    return (
        row.service, _address(row.url), row.account, row.current_owner, row.new_owner, row.transfer,
        states[row.status], renewal, row.payer, row.note,
    )  # fmt: skip


def _headers(words: Words, table: str, *names: str) -> tuple[str, ...]:
    return tuple(words.text(f"{table}.header.{name}") for name in names)


def _or_sentence(sheet: Sheet, sentence: str) -> Sheet:
    """The sheet; without rows, a sentence in place of an empty table."""
    if sheet.rows:
        return sheet
    return Sheet(sheet.name, sheet.columns[:1], (), (*sheet.notices, sentence))


INVENTORY = Deliverable(
    id="inventory",
    role=Role.INVENTORY,
    seal=Seal.ENCRYPTED,
    extension="xlsx",
    render=render,
    needs_assets=True,
    uses_vault=True,
)
