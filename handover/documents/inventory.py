"""The inventory workbook: the client's files, sign-ins and accounts, and what to do with them on receipt.

Role: decides what is in each sheet, in the client's language; `formats.excel` writes it and `seal.encryption` encrypts
the result. What a person typed is a text cell, exactly as given; only dates and sizes, which the models have
checked, are dates and numbers, so that they sort. Reading a vault back is `handover.project.vault.workbook`'s business.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from urllib.parse import quote

from handover.documents.asset_notes import AssetNotes
from handover.documents.base import Deliverable, RenderInput
from handover.documents.inventory_steps import Step, ahead, steps
from handover.formats.excel import Book, Cell, Column, Link, Look, Sheet, Value, write_workbook
from handover.languages.words import Words
from handover.model.artifact import AssetProperties, Role, Seal
from handover.model.characters import in_order
from handover.model.rows import AccountStatus, CredentialRow, YesNo
from handover.project.vault.columns import credential_cells, credential_columns, web_link

_ADDRESS, _HOST, _PATH = 26, 32, 52
"""Characters of a link that a column shows: LibreOffice cuts a longer one, where it wraps any other text. An address
longer than the first is shown by its host, which has room for the second."""
_TODO = {
    "number": (Look.NUMBER, 7, 9), "stage": (Look.TEXT, 12, 18), "step": (Look.TEXT, 60, 90),
    "before": (Look.DATE, 13, 15), "state": (Look.TEXT, 14, 16),
}  # fmt: skip
_ASSETS = {
    "path": (Look.LINK, 24, _PATH), "kind": (Look.TEXT, 10, 12), "properties": (Look.TEXT, 15, 15),
    "size": (Look.NUMBER, 11, 12), "modified": (Look.DATE, 13, 13), "owner": (Look.TEXT, 12, 15),
    "licence": (Look.TEXT, 12, 17), "transferable": (Look.TEXT, 13, 14), "rights": (Look.TEXT, 14, 18),
    "expires_on": (Look.DATE, 13, 13), "note": (Look.TEXT, 12, 18), "sha256": (Look.DIGEST, 31, 31),
}  # fmt: skip
_ACCOUNTS = {
    "service": (Look.TEXT, 16, 21), "url": (Look.TEXT, 16, _HOST), "account": (Look.TEXT, 14, 17),
    "current_owner": (Look.TEXT, 14, 14), "new_owner": (Look.TEXT, 14, 14), "transfer": (Look.TEXT, 18, 28),
    "status": (Look.TEXT, 13, 13), "renewal_date": (Look.DATE, 16, 16), "payer": (Look.TEXT, 12, 13),
    "note": (Look.TEXT, 14, 18),
}  # fmt: skip
"""Each table's columns in their order: what they hold, and the least and the most characters that they are wide."""

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
    looks = {Link: Look.PAGE_LINK, str: Look.LABEL}
    return head + [(Cell(label, looks.get(type(label), Look.LABEL)), Cell(text, Look.BODY)) for label, text in lines]


def _counted(words: Words, what: str, n: int, **values: str) -> str:
    return words.plural(f"start.{what}", n, **values) if n else words.text(f"start.{what}.zero")


def _to_sheet(name: str) -> Link:
    return Link(name, f"#'{name}'!A1")


def _whom_to_ask(given: RenderInput) -> str:
    agency, owner = given.project.settings.agency, given.project.settings.owner
    return ", ".join(filter(None, (owner.name, owner.email or agency.email, owner.phone or agency.phone)))


# Tables


def _steps_sheet(todo: Sequence[Step], words: Words, notices: tuple[str, ...]) -> Sheet:
    states = tuple(words.text(f"todo.choices.{state}") for state in ("open", "done", "none"))
    columns = _columns(words, "todo", _TODO, {"state": states})
    rows = [
        (number, words.text(f"todo.stage.{step.stage}"), step.text, step.before, states[0])
        for number, step in enumerate(todo, start=1)
    ]
    return _or_sentence(Sheet(words.text("todo.sheet"), columns, rows, notices), words.text("start.todo.zero"))


def _assets_sheet(given: RenderInput, notices: tuple[str, ...]) -> Sheet:
    words = given.words
    answers = tuple(words.text(f"yes_no.{answer}") for answer in YesNo)
    columns = _columns(words, "assets", _ASSETS, {"transferable": answers})
    notes = AssetNotes(given.project.asset_notes)
    said = dict(zip(YesNo, answers, strict=True))
    # There may be many thousand files of few kinds and sizes, and CLDR's formatting is slow.
    number, kind = cache(words.number), cache(partial(_kind, words))
    rows: list[tuple[Value, ...]] = [
        (
            # Percent-encoded, since a space, an accent or a # would break the link (RFC 3986, clause 2.1).
            # Under the name that it has here and in the steps; every file lies below assets/.
            Link(record.entry.name.removeprefix("assets/"), quote(record.entry.name, safe="/")),
            kind(record.properties.kind),
            _properties(record.properties, words, number),
            record.entry.size,
            # A copy's own date may be later than the day that the bundle bears.
            record.modified if record.modified.date() <= given.today else None,
            note.owner,
            note.licence,
            said[note.transferable] if note.transferable else None,
            note.rights,
            note.expires_on,
            note.note,
            record.entry.sha256,
        )
        for record, note in (
            (one, notes.of(one.source.path)) for one in sorted(given.assets, key=lambda one: in_order(one.entry.name))
        )
    ]
    sheet = Sheet(words.text("assets.sheet"), *_filled(columns, rows, () if rows else range(len(columns))), notices)
    return _or_sentence(sheet, words.text("assets.empty"))


def _filled(
    columns: tuple[Column, ...], rows: list[tuple[Value, ...]], kept: Collection[int]
) -> tuple[tuple[Column, ...], list[tuple[Value, ...]]]:
    """The columns in which some row says something, or that are `kept`, and the rows without the others."""
    shown = [at for at in range(len(columns)) if at in kept or any(row[at] is not None for row in rows)]
    return tuple(columns[at] for at in shown), [tuple(row[at] for at in shown) for row in rows]


def _kind(words: Words, kind: str) -> str:
    """`pdf` → `PDF`, `photo` → `Photo`; a kind that has no word yet is `Other`."""
    key = f"kind.{kind}"
    return words.text(key if words.has(key) else "kind.other")


def _properties(known: AssetProperties, words: Words, number: Callable[[int], str]) -> str | None:
    """`1,200 × 800 px`, `3:25`; None when nothing is known."""
    facts = []
    if known.width and known.height:
        facts.append(words.text("assets.pixels", width=number(known.width), height=number(known.height)))
    if known.duration is not None:
        facts.append(_clock(known.duration))
    return ", ".join(facts) or None


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
    kept = [at for at, name in enumerate(CredentialRow.model_fields) if name not in _SELDOM]
    columns, rows = _filled(columns, rows, kept)
    empty = words.text("credentials.draft" if given.draft else "credentials.empty")
    return _or_sentence(Sheet(words.text("credentials.sheet"), columns, rows, notices), empty)


def _accounts_sheet(given: RenderInput, notices: tuple[str, ...]) -> Sheet:
    words = given.words
    states = {status: words.text(f"account_status.{status}") for status in AccountStatus}
    columns = _columns(words, "accounts", _ACCOUNTS, {"status": tuple(states.values())})
    rows: list[tuple[Value, ...]] = [
        (
            row.service, _address(row.url), row.account, row.current_owner, row.new_owner, row.transfer,
            states[row.status], ahead(given, row.renewal_date), row.payer, row.note,
        )
        for row in given.project.accounts
    ]  # fmt: skip
    return _or_sentence(Sheet(words.text("accounts.sheet"), columns, rows, notices), words.text("accounts.empty"))


def _address(url: str | None) -> Value:
    """A link that says where it leads in the room that there is; the whole of it is its target."""
    link = web_link(url)
    if url is None or not (isinstance(link, Cell) and isinstance(link.value, Link)):
        return link
    said = url.removeprefix("https://").removesuffix("/")
    host, path, _ = said.partition("/")
    return replace(link, value=link.value._replace(text=f"{host}/…" if path and len(said) >= _ADDRESS else said))


def _columns(
    words: Words, table: str, widths: Mapping[str, tuple[Look, int, int]], choices: Mapping[str, tuple[str, ...]]
) -> tuple[Column, ...]:
    return tuple(
        Column(words.text(f"{table}.header.{name}"), look, least, most, choices=choices.get(name, ()))
        for name, (look, least, most) in widths.items()
    )


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
