"""What remains to be paid on a letter's own date: open invoices, credit notes and totals, as they are printed.

Role: the letter's table of payments and what is said of it. It decides on no deadline: an invoice's own date does.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from handover.documents.base import RenderInput
from handover.languages.words import Words
from handover.model.rows import InvoiceRow, sums_of


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An invoice that wasn't paid on the letter's date."""

    number: str
    """Its number."""
    description: str
    """What it is for; an en dash when nothing is said."""
    due_date: str
    """When it must be paid, short; of a credit note, its date."""
    overdue: bool
    """Whether that day has passed on the letter's date."""
    credit: bool
    """Whether it is a credit note, which nobody has to pay."""
    amount: str
    """What remains to be paid: a number when all are in one currency, else with its currency."""


@dataclass(frozen=True, slots=True)
class PaymentsView:
    """What remains to be paid on the letter's date."""

    invoices: tuple[InvoiceView, ...]
    """By due date, then the credit notes."""
    several: bool
    """Whether there is more than one invoice, credit notes aside."""
    credit: bool
    """Whether a credit note is deducted."""
    several_credits: bool
    """Whether several are."""
    covered: bool
    """Whether credit notes come to all that is open, or more: nothing remains to be paid."""
    favour: str | None
    """By how much they are more, where all is in one currency: what the client has to their credit."""
    overdue: bool
    """Whether one of them is overdue, and not covered."""
    currency: str | None
    """Symbol of the one currency, for the column's head; absent when there are several."""
    totals: tuple[str, ...]
    """The sum in each currency; empty for a single invoice."""
    late_fee_note: str | None
    """A sentence that the contract or the law asks for."""


def payments_of(given: RenderInput) -> PaymentsView | None:
    """What remains to be paid on the letter's date; None where nothing does."""
    words, options, day = given.words, given.project.settings.options, given.project.settings.letter.date
    due = sorted(
        (row for row in given.project.invoices if row.is_open(day)),
        key=lambda r: (r.amount < 0, r.due, r.number),
    )
    if not due:
        return None
    credit_notes = sum(row.amount < 0 for row in due)
    currencies = [row.currency or options.currency for row in due]
    sums = sums_of((currency, row.amount) for row, currency in zip(due, currencies, strict=True))
    one = currencies[0] if len(sums) == 1 else None
    left = sums[one] if one else None
    covered = left is not None and left <= 0
    late = [row.due < day and row.amount > 0 and not covered for row in due]
    amounts, totals = _amounts(due, currencies, sums, words)
    return PaymentsView(
        invoices=tuple(
            InvoiceView(
                number=row.number,
                description=row.description or words.text("empty"),
                due_date=words.date_short(row.due),
                overdue=overdue,
                credit=row.amount < 0,
                amount=amount,
            )
            for row, amount, overdue in zip(due, amounts, late, strict=True)
        ),
        several=sum(row.amount > 0 for row in due) > 1,
        credit=credit_notes > 0,
        several_credits=credit_notes > 1,
        covered=covered,
        favour=words.money(-left, one) if one and left is not None and left < 0 else None,
        overdue=any(late),
        currency=words.currency_symbol(one) if one else None,
        # Below a single invoice, a total would only repeat it.
        totals=totals if len(due) > 1 else (),
        late_fee_note=options.late_fee_note,
    )


def settled(invoices: Iterable[InvoiceRow], day: dt.date) -> bool:
    """Whether invoices had been issued by that day, and each was paid by then."""
    # A table that nobody filled in says nothing of what was paid.
    issued = [row for row in invoices if row.issued_on <= day]
    return bool(issued) and all(row.is_settled(day) for row in issued)


def _amounts(
    due: Sequence[InvoiceRow], currencies: Sequence[str], sums: Mapping[str, Decimal], words: Words
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The invoices' amounts and the total of each currency, as they are printed."""
    if len(sums) == 1:
        printed = words.amounts([*(row.amount for row in due), sums[currencies[0]]], currencies[0])
        return printed[:-1], printed[-1:]
    return (
        tuple(words.money(row.amount, currency) for row, currency in zip(due, currencies, strict=True)),
        tuple(words.money(total, currency) for currency, total in sums.items()),
    )
