"""The start page's first questions: what was delivered, who controls it, which access ends, what is to pay, to accept.

Role: answers them in counts and sums, from the project's tables as of the bundle's date; a question without data isn't
asked. The page isn't encrypted, so that no account is named on it: the inventory does. It needs no credentials.
"""

from collections.abc import Iterator

from handover.documents.base import RenderInput
from handover.documents.letter_payments import settled
from handover.documents.transfers import names_client, paid_by_agency
from handover.model.artifact import Role
from handover.model.rows import AccountRow, AccountStatus, Decision, YesNo, sums_of

_UNDER_WAY = {AccountStatus.TO_TRANSFER, AccountStatus.IN_PROGRESS}
_HELD = {*_UNDER_WAY, AccountStatus.UNCHANGED}


def answers(given: RenderInput) -> list[tuple[str, list[str]]]:
    """Each question that the project answers, with the sentences of its answer."""
    asked = {"delivered": _delivered, "control": _control, "access": _access, "money": _money, "accept": _accept}
    found = [(given.words.text(f"answers.{name}.question"), list(answer(given))) for name, answer in asked.items()]
    return [(question, sentences) for question, sentences in found if sentences]


def _counted(given: RenderInput, key: str, n: int, **values: str) -> Iterator[str]:
    if n:
        sentence = given.words.plural_spelt(f"answers.{key}", n, **values)
        yield sentence[:1].upper() + sentence[1:]


def _delivered(given: RenderInput) -> Iterator[str]:
    words = given.words
    documents = sum(line.role not in {Role.START_HERE, Role.ASSET, Role.DATA} for line in given.contents)
    yield from _counted(given, "delivered.documents", documents)
    size = words.size(sum(record.entry.size for record in given.assets))
    yield from _counted(given, "delivered.files", len(given.assets), size=size)


def _control(given: RenderInput) -> Iterator[str]:
    rows = given.project.accounts
    yield from _counted(given, "control.yours", sum(_is_clients(given, row) for row in rows))
    yield from _counted(given, "control.passing", sum(_passes(given, row) for row in rows))


def _is_clients(given: RenderInput, row: AccountRow) -> bool:
    if row.status is AccountStatus.TRANSFERRED:
        return names_client(given, row.new_owner or row.current_owner)
    return row.status in _HELD and names_client(given, row.current_owner)


def _passes(given: RenderInput, row: AccountRow) -> bool:
    to_client = row.new_owner is None or names_client(given, row.new_owner)
    return row.status in _UNDER_WAY and to_client and not names_client(given, row.current_owner)


def _access(given: RenderInput) -> Iterator[str]:
    states = [row.status for row in given.project.accounts]
    yield from _counted(given, "access.closed", states.count(AccountStatus.CLOSED))
    yield from _counted(given, "access.closing", states.count(AccountStatus.TO_CLOSE))
    if any(state is not AccountStatus.CLOSED for state in states):
        yield given.words.text("answers.access.remove", agency=given.project.settings.agency.name)


def _money(given: RenderInput) -> Iterator[str]:
    words, settings, today = given.words, given.project.settings, given.words.date(given.today)
    due = [row for row in given.project.invoices if row.is_open(given.today)]
    sums = sums_of((row.currency or settings.options.currency, row.amount) for row in due)
    # Where credit notes outweigh invoices there is nothing to pay.
    left = [words.money(total, currency) for currency, total in sums.items() if total > 0]
    billed = [row for row in due if row.amount > 0]
    if left and billed:
        first, late = min(row.due for row in billed), sum(row.due < given.today for row in billed)
        key, n = ("late.part", late) if 0 < late < len(billed) else ("late.all" if late else "due_on", len(billed))
        when = words.plural_spelt(f"answers.money.{key}", n, date=words.date(first))
        yield from _counted(given, "money.open", len(billed), today=today, sum=words.list(left), when=when)
        yield from _counted(given, "money.credits", len(due) - len(billed))
    elif sums and not left and (favour := [words.money(-sum_, code) for code, sum_ in sums.items() if sum_ < 0]):
        yield words.text("answers.money.favour", today=today, sum=words.list(favour))
    if settled(given.project.invoices, given.today):
        yield words.text("answers.money.settled", today=today)
    ended = {AccountStatus.TO_CLOSE, AccountStatus.CLOSED}
    paid = sum(paid_by_agency(given, row) and row.status not in ended for row in given.project.accounts)
    yield from _counted(given, "money.payer", paid, agency=settings.agency.name)


def _accept(given: RenderInput) -> Iterator[str]:
    project = given.project
    begun = [row for row in project.accounts if row.status is AccountStatus.IN_PROGRESS and _passes(given, row)]
    yield from _counted(given, "accept.transfers", len(begun))
    passed_on = [row for row in project.pending if row.is_open and row.decision is Decision.HAND_OVER]
    yield from _counted(given, "accept.projects", len(passed_on))
    conditions = [row for row in project.asset_notes if row.transferable is YesNo.CONDITIONS]
    if given.named(Role.INVENTORY) and any(row.rights or row.licence or row.note for row in conditions):
        yield given.words.text("answers.accept.conditions")
