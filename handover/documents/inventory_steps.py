"""What the client does on receipt, step by step, in the order in which it is best done.

Role: the inventory's list "To do", derived from what the project holds: first what protects the bundle, then
service by service (by date) ownership, payment and sign-ins, then licences, projects, the agency's own further steps,
and last the removal of its access. Names of services and users appear here; no secret does.
"""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from handover.documents.asset_notes import AssetNotes, normal_path
from handover.documents.base import RenderInput
from handover.documents.transfers import names_client, paid_by_agency
from handover.model.artifact import Role
from handover.model.rows import AccountRow, AccountStatus, Decision, YesNo


class Step(NamedTuple):
    """One thing to do: its stage (a key of `todo.stage`), the sentence, and the day before which it matters."""

    stage: str
    text: str
    before: dt.date | None = None


def steps(given: RenderInput) -> tuple[Step, ...]:
    """All steps of this bundle, in order."""
    return (
        *_first(given),
        *_services(given),
        *_files(given),
        *_projects(given),
        *(Step("further", text) for text in given.project.settings.options.on_receipt),
        *_last(given),
    )


def _first(given: RenderInput) -> Iterator[Step]:
    if given.draft:
        # Unsigned and without credentials: there is nothing to check and no passphrase to keep.
        return
    if page := given.named(Role.START_HERE):
        yield Step("first", _say(given, "check", page=page))
    yield Step("first", _say(given, "key" if given.key_only else "passphrase"))


def _services(given: RenderInput) -> Iterator[Step]:
    """All that is to do at one service together; the service whose renewal comes first leads."""
    found: dict[str, list[Step]] = {}
    for service, step in (*_accounts(given), *_sign_ins(given)):
        found.setdefault(" ".join(service.split()).casefold(), []).append(step)
    # Without a date nothing presses; the sort keeps the tables' order among those.
    for steps_there in sorted(found.values(), key=lambda those: min(step.before or dt.date.max for step in those)):
        yield from steps_there


def _accounts(given: RenderInput) -> Iterator[tuple[str, Step]]:
    for row in given.project.accounts:
        due = ahead(given, row.renewal_date)
        if text := _account_text(given, row):
            yield row.service, Step("services", text, due)
        if paid_by_agency(given, row) and row.status not in {AccountStatus.TO_CLOSE, AccountStatus.CLOSED}:
            key = "payer_renewal" if due else "payer"
            yield row.service, Step("services", _say(given, key, service=row.service, payer=row.payer or ""), due)


def _account_text(given: RenderInput, row: AccountRow) -> str:
    values = {"service": row.service}
    if row.status is AccountStatus.TO_CLOSE:
        return _say(given, "close", **values)
    if row.status is AccountStatus.IN_PROGRESS:
        key = "in_progress"
    elif row.status is not AccountStatus.TO_TRANSFER:
        return ""
    elif names_client(given, row.current_owner):
        # The client owns it already: what is left is in the row's own words.
        key = "finish"
    elif row.new_owner and not names_client(given, row.new_owner):
        key, values["owner"], values["new_owner"] = "transfer_other", row.current_owner, row.new_owner
    else:
        key, values["owner"] = "transfer", row.current_owner
    return " ".join(filter(None, (_say(given, key, **values), row.transfer)))


def _sign_ins(given: RenderInput) -> Iterator[tuple[str, Step]]:
    for row in given.credentials:
        service = f"{row.service} ({row.user_name})" if row.user_name else row.service
        if row.password and row.change_after_receipt is not YesNo.NO:
            yield row.service, Step("services", _say(given, "password", service=service))
        if row.totp_secret:
            yield row.service, Step("services", _say(given, "second_factor", service=service))
        if row.recovery_codes:
            yield row.service, Step("services", _say(given, "recovery_codes", service=service))


def _files(given: RenderInput) -> Iterator[Step]:
    # From the notes, not from the files: a folder's note is one step, however many files it holds for.
    sheet, notes = given.words.text("assets.sheet"), AssetNotes(given.project.asset_notes)
    for row in sorted(
        given.project.asset_notes, key=lambda row: (row.expires_on is None, row.expires_on or dt.date.max)
    ):
        path, note = normal_path(row.path), notes.of(row.path)
        if row.expires_on and not ahead(given, row.expires_on):
            ended = given.words.date(row.expires_on)
            yield Step("files", _say(given, "licence_expired", path=path, date=ended))
        elif row.expires_on:
            yield Step("files", _say(given, "licence_expires", path=path), row.expires_on)
        # What the client owns, alone or with others (its own contracts), needs no licence.
        if row.transferable is YesNo.NO and not names_client(given, note.owner or ""):
            yield Step("files", _say(given, "not_transferable", path=path))
        elif row.transferable is YesNo.CONDITIONS and (note.rights or note.licence or note.note):
            yield Step("files", _say(given, "conditions", path=path, sheet=sheet))
        elif row.transferable is YesNo.CONDITIONS:
            yield Step("files", _say(given, "conditions_unknown", path=path))


def _projects(given: RenderInput) -> Iterator[Step]:
    file = given.named(Role.PENDING)
    # What is to be finished isn't the client's to take up.
    passed_on = [row for row in given.project.pending if row.is_open and row.decision is Decision.HAND_OVER]
    if passed_on and file:
        due = min((row.due_date for row in passed_on if row.due_date), default=None)
        yield Step("projects", given.words.plural("todo.step.pending", len(passed_on), file=file), due)


def _last(given: RenderInput) -> Iterator[Step]:
    # Where nothing says that there is a service, there is no access to remove.
    if given.credentials or any(row.status is not AccountStatus.CLOSED for row in given.project.accounts):
        yield Step("last", _say(given, "access", agency=given.project.settings.agency.name))
    if not given.draft:
        yield Step("last", _say(given, "store_key" if given.key_only else "store"))


def ahead(given: RenderInput, day: dt.date | None) -> dt.date | None:
    """A day that is still to come on the bundle's date: what has passed is no deadline."""
    return day if day is not None and day >= given.today else None


def _say(given: RenderInput, key: str, **values: str) -> str:
    return given.words.text(f"todo.step.{key}", **values)
