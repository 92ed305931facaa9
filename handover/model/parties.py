"""Who hands over and who receives: the agency, its owners, the client and its people.

Role: keys of `handover.yaml`, as `handover.model.settings` puts them together; each attribute's docstring is its
documentation, in the JSON Schema and in docs/project.md.
"""

from typing import Annotated

from pydantic import BeforeValidator, Field

from handover.model.base import Email, Flag, Line, Model, ProjectPath, Sha256, Slug, Word, without_final_mark


class Voice(Word):
    """Who speaks in the documents: an agency says "we", a freelancer says "I"."""

    WE = "we"
    I = "i"  # noqa: E741 — the word itself


class Agency(Model):
    """The sender: the agency or freelancer who hands over."""

    name: Line = Field(examples=["Harbour Studio"])
    """The trading name, as it stands on the letterhead."""
    voice: Voice = Voice.WE
    """`we` for an agency, `i` for a person on their own."""
    address: tuple[Line, ...] = Field(min_length=1, max_length=6, examples=[["12 Harbour Street", "Whitby YO22 4ET"]])
    """Postal address, one item a line."""
    email: Email = Field(examples=["hello@harbour-studio.example"])
    """The address that the client writes to."""
    phone: Line | None = Field(None, examples=["01947 820 000"])
    """Phone number, as it should be printed."""
    website: Line | None = Field(None, examples=["www.harbour-studio.example"])
    """Web site, as it should be printed."""
    registration: tuple[Line, ...] = Field(
        (), max_length=4, examples=[["Company No. 01234567, registered in England", "VAT GB 123 4567 89"]]
    )
    """Legal details for the letter's foot (company form, registration and VAT numbers), one item a line."""


class Owner(Model):
    """A person who signs the letter with a key of their own; of several, the one who signs last seals the bundle."""

    name: Line = Field(examples=["Ada Marsh"])
    """First and last name, as signed."""
    title: Line = Field(examples=["Managing director"])
    """Role under the signature."""
    email: Email | None = None
    """Direct address; the agency's when absent."""
    phone: Line | None = None
    """Direct line; the agency's when absent."""
    signature_image: ProjectPath | None = Field(None, examples=["brand/signature.png"])
    """Picture of the handwritten signature (PNG or JPEG), where none is kept beside the owner's key. It's placed in
    the letter only when the owner's key signs."""
    pin: Sha256 | None = None
    """SHA-256 fingerprint of the certificate of the owner's key (`handover keys pin` writes it): no other key signs."""


Salutation = Annotated[Line, BeforeValidator(without_final_mark)]


class Contact(Model):
    """A person at the client's."""

    name: Line = Field(examples=["Tom Hale"])
    """First and last name."""
    salutation: Salutation | None = Field(None, examples=["Dear Ms Carter", "Monsieur"])
    """How the letter begins; the final comma is the letter's. A neutral form when absent."""
    role: Line | None = Field(None, examples=["Operations manager"])
    """Role, printed under the name in the address block."""
    email: Email = Field(examples=["tom.hale@larkhill.example"])
    """Where e-mails go: to the first contact, the receipt to whoever signs it, the final one to both and to whom the
    passphrase is given; the others get a copy, but of the notice and the invitation to a case study."""
    phone: Line | None = None
    """Number at which the passphrase is given."""
    signs_receipt: Flag = False
    """True for the one who signs the receipt; the first contact where nobody is named."""
    gets_passphrase: Flag = False
    """True for the one who is given the passphrase; the first contact where nobody is named."""


class Client(Model):
    """The recipient."""

    id: Slug = Field(examples=["larkhill-pottery"])
    """Short identifier: begins file names, and is checked in tables that have a `client` column."""
    name: Line = Field(examples=["Larkhill Pottery"])
    """The client's name, as printed."""
    contacts: tuple[Contact, ...] = Field(min_length=1, max_length=20)
    """People at the client's; the letter addresses the first."""
    address: tuple[Line, ...] = Field(min_length=1, max_length=6)
    """Postal address, one item a line."""
    logo: ProjectPath | None = Field(None, examples=["brand/client.png"])
    """The client's logo, for the report's cover (PNG or JPEG)."""

    @property
    def contact(self) -> Contact:
        """The person whom the letter addresses."""
        return self.contacts[0]

    @property
    def passphrase_contact(self) -> Contact:
        """Who is given the passphrase."""
        return next((contact for contact in self.contacts if contact.gets_passphrase), self.contacts[0])

    @property
    def receipt_contact(self) -> Contact:
        """Who signs the receipt."""
        return next((contact for contact in self.contacts if contact.signs_receipt), self.contacts[0])


class Keeper(Model):
    """The person at the agency who gives the passphrase, and gives it again where it was lost."""

    name: Line = Field(examples=["Paul Rivers"])
    """First and last name."""
    phone: Line | None = None
    """Number to call; the agency's when absent."""
    email: Email | None = None
    """Address to write to; the agency's when absent."""
