"""What the client does on receipt, step by step, in the order in which it is best done.

Role: the inventory's list "To do", derived from what the project holds: first what protects the bundle, then
ownership and payments (by date), sign-ins, licences, projects, the agency's own further steps, and last the
removal of its access. Names of services and users appear here; no secret does.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from handover.documents.asset_notes import AssetNotes, normal_path
from handover.documents.base import RenderInput
from handover.model.artifact import Role
from handover.model.rows import AccountRow, AccountStatus, YesNo


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: its stage (a key of `todo.stage`), the sentence, and the day before which it matters."""

    stage: str
    text: str
    before: dt.date | None = None


def steps(given: RenderInput) -> tuple[Step, ...]:
    """All steps of this bundle, in order."""
    return (
        *_first(given),
        *_accounts(given),
        *_sign_ins(given),
        *_files(given),
        *_projects(given),
        *(Step("further", text) for text in given.project.settings.options.on_receipt),
        *_last(given),
    )


def _first(given: RenderInput) -> Iterator[Step]:
    if given.draft:
        # Unsigned and without credentials: there is nothing to check and no passphrase to keep.
        return
    page = next((line.name for line in given.contents if line.role is Role.START_HERE), "")
    if page:
        yield Step("first", _say(given, "check", page=page))
    yield Step("first", _say(given, "key" if given.key_only else "passphrase"))


def _accounts(given: RenderInput) -> Iterator[Step]:
    accounts = given.project.accounts
    # Without a renewal date nothing presses: those come after the dated ones.
    by_date = sorted(accounts, key=lambda row: (row.renewal_date is None, row.renewal_date or dt.date.max))
    for row in by_date:
        if text := _account_text(given, row):
            yield Step("accounts", text, row.renewal_date)
    # A freelancer's tables name the person, not the firm: "Tamsin Reeve", not "Tamsin Reeve, Web & Content".
    settings = given.project.settings
    leaving = (settings.agency.name.casefold(), settings.owner.name.casefold())
    for row in by_date:
        paid_by_agency = row.payer is not None and any(name in row.payer.casefold() for name in leaving)
        if paid_by_agency and row.status not in {AccountStatus.TO_CLOSE, AccountStatus.CLOSED}:
            text = _say(given, "payer", service=row.service, payer=row.payer or "")
            yield Step("accounts", text, row.renewal_date)


def _account_text(given: RenderInput, row: AccountRow) -> str:
    words = given.words
    if row.status is AccountStatus.TO_CLOSE:
        return words.text("todo.step.close", service=row.service)
    values = {"service": row.service}
    if row.status is AccountStatus.TO_TRANSFER and _names_client(given, row.current_owner):
        # The client owns it already: what is left is in the row's own words.
        key = "finish"
    elif row.status is AccountStatus.TO_TRANSFER:
        key, values["owner"] = "transfer", row.current_owner
    elif row.status is AccountStatus.IN_PROGRESS:
        key = "in_progress"
    else:
        return ""
    if row.transfer:
        return words.text(f"todo.step.{key}", how=row.transfer, **values)
    return words.text(f"todo.step.{key}_plain", **values)


def _sign_ins(given: RenderInput) -> Iterator[Step]:
    held = given.vault.credentials if given.vault and not given.draft else ()
    for row in held:
        values = {"service": row.service}
        key = ""
        if row.user_name:
            key, values["user"] = "_user", row.user_name
        if row.password and row.change_after_receipt is not YesNo.NO:
            yield Step("passwords", _say(given, f"password{key}", **values))
        if row.totp_secret or row.recovery_codes:
            yield Step("passwords", _say(given, f"second_factor{key}", **values))


def _files(given: RenderInput) -> Iterator[Step]:
    # From the notes, not from the files: a folder's note is one step, however many files it holds for.
    sheet, notes = given.words.text("assets.sheet"), AssetNotes(given.project.asset_notes)
    for row in sorted(
        given.project.asset_notes, key=lambda row: (row.expires_on is None, row.expires_on or dt.date.max)
    ):
        path = normal_path(row.path)
        if row.expires_on:
            yield Step("files", _say(given, "licence_expires", path=path), row.expires_on)
        # What the client owns, alone or with others (its own contracts), needs no licence.
        if row.transferable is YesNo.NO and not _names_client(given, notes.of(row.path).owner or ""):
            yield Step("files", _say(given, "not_transferable", path=path))
        elif row.transferable is YesNo.CONDITIONS:
            yield Step("files", _say(given, "conditions", path=path, sheet=sheet))


def _projects(given: RenderInput) -> Iterator[Step]:
    file = next((line.name for line in given.contents if line.role is Role.PENDING), "")
    alive = [row for row in given.project.pending if row.is_open]
    if alive and file:
        due = min((row.due_date for row in alive if row.due_date), default=None)
        yield Step("projects", given.words.plural("todo.step.pending", len(alive), file=file), due)


def _last(given: RenderInput) -> Iterator[Step]:
    yield Step("last", _say(given, "access", agency=given.project.settings.agency.name))
    if not given.draft:
        yield Step("last", _say(given, "store_key" if given.key_only else "store"))


def _names_client(given: RenderInput, owner: str) -> bool:
    return " ".join(given.project.settings.client.name.split()).casefold() in " ".join(owner.split()).casefold()


def _say(given: RenderInput, key: str, **values: str) -> str:
    return given.words.text(f"todo.step.{key}", **values)
