"""The facts that a project's letter states on its own date, and what only its looks depend on.

Role: takes from a project what `binding` digests: nothing that happened after the letter's date, nothing that the
letter doesn't say. It makes no digest and renders nothing.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from handover import __version__
from handover.documents.base import Content
from handover.model.project import Project
from handover.model.rows import InvoiceRow


def letter_facts(project: Project, contents: Iterable[Content]) -> dict[str, Any]:
    """What the letter says, by part, as plain values; `contents` is what it lists as attached."""
    settings = project.settings
    contact = settings.client.contact
    return {
        "agency": settings.agency.model_dump(mode="json"),
        "owners": [owner.model_dump(mode="json", exclude={"pin", "signature_image"}) for owner in settings.owners],
        "client": [settings.client.id, settings.client.name, settings.client.address,
                   contact.name, contact.salutation, contact.role],
        "contract": settings.contract.model_dump(mode="json"),
        "letter": settings.letter.model_dump(mode="json"),
        "options": settings.options.model_dump(mode="json", include={"currency", "passphrase_by", "late_fee_note"}),
        "locale": [settings.language, project.locale],
        "invoices": _open_invoices(project.invoices, settings.letter.date),
        "enclosures": [line.name for line in contents],
    }  # fmt: skip


def _open_invoices(rows: Iterable[InvoiceRow], day: date) -> list[Any]:
    """The invoices that were issued and unpaid on a day: what became of them later isn't the letter's business."""
    return [
        row.model_dump(mode="json", exclude={"paid_on"})
        for row in rows
        if row.issued_on <= day and (row.paid_on is None or row.paid_on > day)
    ]


def letter_looks(project: Project, template: bytes, words: Mapping[str, Any]) -> dict[str, Any]:
    """What the letter's looks depend on, by part: the brand, its template and words, this program."""
    brand = project.settings.brand
    logo = project.images.get(brand.logo or "", b"")
    return {
        "brand": [brand.colour, hashlib.sha256(logo).hexdigest()],
        "template": [hashlib.sha256(template).hexdigest(), dict(words)],
        "program": __version__,
    }
