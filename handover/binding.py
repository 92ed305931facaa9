"""What a signed letter says, as digests: so that a build notices when the project has changed since.

Role: makes the small JSON document that sits, signed, inside the letter, and compares two of them by the names
that a person would use. Assets aren't part of it: they may change freely until the bundle is built. It signs
nothing and reads nothing from disk (docs/format.md, section 8).
"""

import hashlib
import json
from typing import Any

from handover.deliverables.base import Content
from handover.errors import BundleError
from handover.model import Project

VERSION = 1
KIND = "letter"
"""What this document is, so that none of another kind can take its place (docs/format.md, 8.7)."""
_PARTS = {
    "agency": "the agency's details (agency)",
    "owner": "the owner's details (owner)",
    "client": "the client's details (client)",
    "contract": "the contract (contract)",
    "letter": "the letter's own section (letter)",
    "options": "the currency, the passphrase's channel or the late fee note (options)",
    "locale": "the language or locale",
    "invoices": "the invoices (data/invoices)",
    "brand": "the logo, the signature image or the colour (brand)",
    "template": "the letter's template or its words",
    "enclosures": "the list of what is attached",
}


def letter_binding(project: Project, template: bytes, words: dict[str, str], contents: tuple[Content, ...]) -> bytes:
    """Whose letter this is, and the digests of everything that it says, as canonical JSON in UTF-8.

    `template` and `words` are what the letter is rendered with, `contents` what it lists as attached.
    """
    settings = project.settings
    images = [path for path in (settings.brand.logo, settings.owner.signature_image) if path]
    values: dict[str, Any] = {
        "agency": _plain(settings.agency),
        "owner": settings.owner.model_dump(mode="json", exclude={"certificate_sha256"}),
        "client": _plain(settings.client),
        "contract": _plain(settings.contract),
        "letter": _plain(settings.letter),
        "options": settings.options.model_dump(mode="json", exclude={"on_receipt"}),
        "locale": [settings.language, project.locale],
        "invoices": [_plain(row) for row in project.invoices],
        "brand": [settings.brand.colour, *(hashlib.sha256(project.images.get(p, b"")).hexdigest() for p in images)],
        "template": [hashlib.sha256(template).hexdigest(), words],
        "enclosures": [line.name for line in contents],
    }
    digests = {part: hashlib.sha256(_canonical(values[part])).hexdigest() for part in _PARTS}
    return _canonical({"format": VERSION, "kind": KIND, "client": settings.client.id, "inputs": digests})


def compare_bindings(signed: bytes, current: bytes, place: str) -> None:
    """Raise BundleError, naming what changed, unless the letter was signed over what the project says now."""
    if signed == current:
        return
    was, now = _inputs(signed), _inputs(current)
    changed = [words for part, words in _PARTS.items() if was.get(part) != now.get(part)]
    raise BundleError(
        f"the project has changed since this letter was signed: {'; '.join(changed) or 'its format'}",
        entry=place,
        hint="have the owner read and sign it again: `handover letter`, then `handover sign`",
    )


def _plain(model: Any) -> Any:
    return model.model_dump(mode="json")


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _inputs(binding: bytes) -> dict[str, str]:
    try:
        value = json.loads(binding)
    except ValueError:
        return {}
    inputs = value.get("inputs") if isinstance(value, dict) else None
    return inputs if isinstance(inputs, dict) else {}
