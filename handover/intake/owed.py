"""What a client still owes: the invoices that aren't paid, as far as papers tell.

Role: invoices seen → those that a person is asked about, and why the others aren't. It asks nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from handover.intake.seen import Invoice, Kind, Seen
from handover.intake.wording import is_for, is_to
from handover.model.message import msg
from handover.model.rows import InvoiceRow


@dataclass(slots=True)
class Owed:
    """The invoices of one client, as they were sorted."""

    unpaid: list[Invoice] = field(default_factory=list)
    """Each number once."""
    unnamed: set[str] = field(default_factory=set)
    """Numbers of those in which the agency isn't named."""
    left: list[tuple[str, str]] = field(default_factory=list)
    """Files that aren't asked about, and why."""
    unread: list[str] = field(default_factory=list)
    """What is told of invoices whose number, dates or total can't be read: a sum without them would be wrong."""

    def rows(self, numbers: Sequence[str]) -> tuple[InvoiceRow, ...]:
        """The rows of the table of invoices for some of the numbers."""
        return tuple(
            InvoiceRow(
                number=one.number,
                issued_on=one.issued_on,
                due_date=one.due_date,
                amount=one.amount,
                currency=one.currency or None,
            )
            for number in numbers
            for one in self.unpaid
            if one.number == number
        )


def owed(seen: Seen, client: str, agency: str) -> Owed:
    """Sort the invoices that were seen; the names of `client` and `agency` are empty where they aren't known."""
    found, numbered = Owed(), dict[str, Invoice]()
    read = {one.file for one in seen.invoices}
    unread = [(file.path, file.why) for file in seen.of(Kind.INVOICE) if file.path not in read]
    for one in seen.invoices:
        if client and not is_for(one, client):
            found.left.append((one.file, msg("invoice {number} isn't to this client", number=one.number)))
        elif agency and is_to(one, agency):
            found.left.append((one.file, msg("invoice {number} is to you", number=one.number)))
        elif one.paid:
            continue
        elif one.amount is None or not one.issued_on or not one.due_date:
            why = msg("invoice {number}: its dates or its total couldn't be read; add it by hand", number=one.number)
            found.left.append((one.file, why))
            unread.append((one.file, why))
        else:
            numbered[one.number] = one
            if agency and not one.structured and not is_for(one, agency):
                found.unnamed.add(one.number)
    found.unpaid = list(numbered.values())
    found.unread = [msg("{path}: {what}", path=path, what=why) for path, why in unread]
    return found
