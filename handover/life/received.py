"""A receipt that came back: kept untouched in received/, with its digest, its reservations and the journal's line.

Role: decides which bundle it is for, from the code that a Word form or a person states; a code of another bundle is an
error, and none is said to be none. It reads no bundle.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from handover.bundle.publish import write_file
from handover.formats.word.form import Form
from handover.life.dossier import Dossier
from handover.life.tables import add_rows
from handover.model.errors import OutputError
from handover.model.life import (
    RECEIVED_FILE,
    RESERVATIONS_FILE,
    Event,
    ReceivedRow,
    ReservationRow,
)
from handover.model.message import msg

_CODE: Final = re.compile(r"\b([0-9a-f]{4}) ([0-9a-f]{4})\b")
_RESERVATION: Final = re.compile(r"reservation-(\d+)")


def code_in(form: Form) -> str:
    """The code that a form prints: eight digits, which also begin the zip's SHA-256 there; empty for none."""
    found = _CODE.search(form.text)
    return f"{found[1]} {found[2]}" if found else ""


def reservations_in(form: Form) -> list[str]:
    """What was written as reservations, in their order, each with the day on which it was noticed where one is."""
    numbered = [(int(found[1]), text) for tag, text in form.written.items() if (found := _RESERVATION.fullmatch(tag))]
    noticed = [form.written.get(f"reservation-{number}-on") for number, _ in sorted(numbered)]
    return [f"{text} ({on})" if on else text for (_, text), on in zip(sorted(numbered), noticed, strict=True)]


def lost_reservations(form: Form, tags: Sequence[str]) -> list[str]:
    """The numbers of the reservations whose fields the template has, by its tags, and the form hasn't any more."""
    return [found[1] for tag in tags if tag not in form.tags and (found := _RESERVATION.fullmatch(tag))]


def keep(
    dossier: Dossier, name: str, content: bytes, on: dt.date, code: str, reservations: Sequence[str]
) -> tuple[Path, tuple[ReservationRow, ...]]:
    """Copy a receipt to received/ and note it; gives where it is and the reservations with their numbers.

    The folder must be there. Raises OutputError where the same file was kept before, or one of its name is there.
    """
    digest = hashlib.sha256(content).hexdigest()
    if any(row.sha256 == digest for row in dossier.received):
        raise OutputError.at(RECEIVED_FILE, msg("notes this receipt already"))
    target = dossier.root / "received" / name
    write_file(target, content, replace=False)
    first = len(dossier.reservations) + 1
    rows = tuple(
        ReservationRow(number=str(number), on=on, text=text) for number, text in enumerate(reservations, first)
    )
    received = ReceivedRow(on=on, file=name, sha256=digest, code=code or None)
    add_rows(dossier.root / RECEIVED_FILE, [received], dossier.understood)
    if rows:
        add_rows(dossier.root / RESERVATIONS_FILE, rows, dossier.understood)
    dossier.note(Event.RECEIPT_RETURNED, on, by=dossier.contact or None)
    return target, rows
