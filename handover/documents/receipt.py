"""The receipt: what the client confirms to have received, with room for reservations.

Role: `ReceiptView` is all that `receipt.docx` sees, taken from a signed bundle. Its code, the first eight digits of the
zip's SHA-256, tells which bundle a receipt is for that comes back as a scan. It claims nothing for the client.
"""

from dataclasses import dataclass
from typing import Final

from handover.documents.base import Audience, ClientInput, Outside
from handover.documents.shared import ClientView, of_project
from handover.model.artifact import Role
from handover.model.characters import aloud
from handover.model.life import Moment
from handover.model.message import msg
from handover.templating.content import Required


@dataclass(frozen=True, slots=True)
class ReceiptView(ClientView):
    """All that the template of the receipt may use."""

    person: str
    """Who signs for the client."""
    email: str
    """Where it goes back to."""
    zip: str
    """The zip's file name."""
    size: str
    """Its size, with its unit."""
    sha256: tuple[str, ...]
    """Its SHA-256, in two lines of groups."""
    bundle_id: str
    """The bundle's identifier."""
    code: str
    """Eight characters that say which bundle this is for."""
    documents: tuple[str, ...]
    """What is in it for people to read."""
    passphrase: bool
    """Whether something in it opens with a passphrase."""
    files: bool
    """Whether the client's files are in it."""


def code_of(sha256: str) -> str:
    """The code of a zip with that SHA-256: `0123 4567`."""
    return f"{sha256[:4]} {sha256[4:8]}"


def same_code(typed: str, sha256: str) -> bool:
    """Whether a code as somebody typed it is that of this zip."""
    return "".join(character for character in typed.casefold() if character.isalnum()) == sha256[:8]


def view(given: ClientInput) -> ReceiptView:
    """What the receipt says."""
    settings, words, sent = given.project.settings, given.words, given.sent
    if sent is None:
        raise ValueError("a receipt is for a bundle")
    roles = {content.role for content in sent.documents}
    return ReceiptView(
        **of_project(given),
        person=settings.client.receipt_contact.name,
        email=settings.owner.email or settings.agency.email,
        zip=sent.name,
        size=words.size(sent.size),
        sha256=aloud(sent.sha256),
        bundle_id=sent.bundle_id,
        code=code_of(sent.sha256),
        documents=tuple(sorted(one.name for one in sent.documents if one.role not in {Role.ASSET, Role.DATA})),
        passphrase=bool(roles & {Role.INVENTORY, Role.CREDENTIALS}),
        files=Role.ASSET in roles,
    )


RECEIPT: Final = Outside(
    id="receipt",
    audience=Audience.CLIENT,
    moment=Moment.RECEIPT,
    help=msg("what the client confirms to have received; `build` writes it beside the zip"),
    given=ClientInput,
    view=view,
    required=(
        Required(msg("the zip's name"), ("zip",)),
        Required(msg("the code"), ("code",)),
        Required(msg("the client's name"), ("client",)),
    ),
    lacks=lambda given, _: "" if given.sent else msg("there is no signed bundle in out/ yet"),
)
"""The registry's line for the receipt."""
