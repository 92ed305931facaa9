"""The facts that a project's letter states on its own date, and what only its looks depend on.

Role: takes from a project what `binding` digests: nothing that happened after the letter's date, nothing that the
letter doesn't say. It makes no digest and renders nothing.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from handover import __version__
from handover.model.project import Project


def letter_facts(project: Project, enclosures: Iterable[str], *, key_only: bool) -> dict[str, Any]:
    """What the letter says, by part, as plain values; `enclosures` is what it lists as attached, by name.

    `key_only` says that the inventory opens with the client's own key alone.
    """
    settings = project.settings
    day = settings.letter.date
    contact = settings.client.contact
    return {
        "agency": settings.agency.model_dump(mode="json"),
        "owners": [owner.model_dump(mode="json", exclude={"pin", "signature_image"}) for owner in settings.owners],
        "client": [settings.client.id, settings.client.name, settings.client.address,
                   contact.name, contact.salutation, contact.role],
        "contract": settings.contract.model_dump(mode="json"),
        "letter": {**settings.letter.model_dump(mode="json"), "contact": settings.transition.contact},
        "options": settings.options.model_dump(mode="json", include={"currency", "passphrase_by", "late_fee_note"}),
        "locale": [settings.language, project.locale],
        # What became of an invoice later isn't the letter's business.
        "invoices": [row.model_dump(mode="json", exclude={"paid_on"}) for row in project.invoices if row.is_open(day)],
        "enclosures": [key_only, *enclosures],
    }  # fmt: skip


def letter_looks(project: Project, template: bytes, words: Mapping[str, Any]) -> dict[str, Any]:
    """What the letter's looks depend on, by part: the brand, its template and words, this program."""
    brand = project.settings.brand
    logo = project.images.get(brand.logo or "", b"")
    return {
        "brand": [brand.colour, hashlib.sha256(logo).hexdigest()],
        "template": [hashlib.sha256(template).hexdigest(), dict(words)],
        "program": __version__,
    }
