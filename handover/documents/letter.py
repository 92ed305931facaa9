"""The termination letter: what its template may say, taken from the project.

Role: `LetterView` is all that `letter.docx` sees, texts ready to print, flags and lists; who writes to whom is
`letter_address`'s, what remains to be paid `letter_payments`'s. The sentences themselves are in the template, where an
agency can edit them in Word. Nothing here signs: the registry asks for that, and `handover.seal` does it.

The letter has its own date: what it says is as of `letter.date`, not of the day on which the bundle is built. Invoices
that were issued or paid later, and deliveries that were due before, are seen from there; documents of a later date
aren't enclosed but promised.
"""

from dataclasses import dataclass

from handover.bundle.binding import Said
from handover.documents.base import Deliverable, RenderInput
from handover.documents.letter_address import (
    Country,
    OwnerView,
    RecipientView,
    SenderView,
    greeting,
    owner_of,
    recipient_of,
    sender_of,
)
from handover.documents.letter_pages import follows_on_next_page
from handover.documents.letter_payments import PaymentsView, payments_of, settled
from handover.documents.shared import ObligationView, ProviderView, obligations, providers
from handover.documents.word import When, documents, made, picture, purpose_of
from handover.formats.word.pictures import Picture
from handover.formats.word.signature_places import BLANK, with_places
from handover.languages.words import Words
from handover.model.artifact import Role, Seal
from handover.model.contract import EndedBy, NoticeFrom, WaivedBy
from handover.model.message import msg
from handover.model.notice import notice_given, over, used
from handover.model.parties import Voice
from handover.model.settings import Settings
from handover.templating.content import Required


@dataclass(frozen=True, slots=True)
class ContractView:
    """The contract that ends."""

    reference: str | None
    """Its number."""
    subject: str
    """What it is about; completes "the contract for …"."""
    start_date: str
    """First day, written out."""
    duration: str
    """From the first day to the last working day: "four years and three months"."""
    notice_date: str | None
    """The day on which notice was given before this letter, or by the client; absent when this letter gives it."""
    notice_start: str | None
    """The day from which notice runs, where it is known."""
    notice_period: str | None
    """The notice that the contract asks for: "three months"."""
    notice_from_month_end: bool
    """Whether it runs from the end of the month in which it was given."""
    notice_over: str | None
    """The day on which it is over; absent where that can't be computed, or is the contract's last day."""
    notice_is_over: bool
    """Whether that day has passed on the letter's date."""
    waived_by: WaivedBy | None
    """Who gave the notice up: `client`, or `mutual`."""
    last_working_day: str
    """Written out."""
    last_day: When
    """Whether the last working day is `ahead`, `today` or `past` on the letter's date."""
    end_date: str | None
    """The day on which the contract ends, where it isn't the last working day."""
    end: When
    """Whether the contract's end is `ahead`, `today` or `past` on the letter's date."""


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """Something that will still be delivered on the letter's date, or after it."""

    what: str
    """What it is."""
    due_date: str
    """When, written out."""


@dataclass(frozen=True, slots=True)
class EnclosureView:
    """Something that comes with the letter."""

    name: str
    """Its file name, or the folder's."""
    purpose: str
    """What it is for, in a sentence."""


@dataclass(frozen=True, slots=True)
class LetterView:
    """All that the letter's template may use."""

    voice: Voice
    """`we` for an agency, `i` for a person."""
    american: bool
    """Whether American usage applies (locale en_US)."""
    country: Country
    """Whose layout the letter follows, as the locale says: `BE`, `CA`, `CH`, or `other` for the language's own."""
    ended_by: EndedBy
    """Who ends the contract: `agency`, `client`, `mutual` or `expiry`."""
    sender: SenderView
    """The agency or freelancer."""
    owner: OwnerView
    """The first owner: whom to call."""
    owners: tuple[OwnerView, ...]
    """Who signs, in this order; each has a place for a picture, a drawing called `signature` for each of them."""
    recipient: RecipientView
    """The client."""
    place: str
    """Where it is signed."""
    date: str
    """The letter's own date, written out."""
    contract: ContractView
    salutation: str
    """How the letter begins, without its final comma."""
    salutation_in_closing: str | None
    """The same inside the closing formula, where the language writes it in lower case; absent for a greeting
    ("Bonjour Yann"), which isn't repeated there."""
    addressed_by_name: bool
    """False for a neutral salutation: British letters then close "Yours faithfully"."""
    reason: str | None
    """The public reason; absent where the client ends the contract, whose reasons are their own."""
    highlights: tuple[str, ...]
    """Highlights of the work together."""
    deliveries: tuple[DeliveryView, ...]
    """What will still be delivered, by date."""
    obligations: tuple[ObligationView, ...]
    """What the contract asks of the sender at its end."""
    offers: tuple[str, ...]
    """What is offered beside that."""
    follows_on_next_page: bool
    """Whether what follows the signature begins a page of its own, because it doesn't fit below."""
    payments: PaymentsView | None
    """What remains to be paid; absent when nothing does."""
    settled: bool
    """Whether invoices had been issued by the letter's date, and the table says of each that it was paid by then."""
    enclosures: tuple[EnclosureView, ...]
    """What comes with the letter; nothing where the letter is older than the bundle, or is sent by itself."""
    promised: bool
    """Whether the same will come later."""
    passphrase_by: str | None
    """How the passphrase is given: "by phone"; absent where the client's own key alone opens the inventory."""
    successors: tuple[ProviderView, ...]
    """Providers whom the client could turn to; none where the client has chosen one."""
    chosen: str | None
    """Whom the client has chosen to carry on the work."""
    contact: str | None
    """Whom to call with questions, if not the owner."""
    wishes: str | None
    """Good wishes in the sender's own words."""
    logo: bool
    """Whether there is a picture of the logo; else the name is set large."""
    signature_image: bool
    """Whether there is a place for a picture of the signature; else the template leaves room for a pen."""


def render(given: RenderInput) -> bytes:
    """The letter as an unsigned .docx. Raises TemplateError when the template can't be filled in."""
    return rendered(given, view(given))


def rendered(given: RenderInput, shown: object) -> bytes:
    """A letter as an unsigned .docx, marked as such on every page, from what its template may say.

    No owner's handwriting is in it; a preview shows it as it will be once it's signed, with the owner's picture where
    the project names one.
    """
    words, settings = given.words, given.project.settings
    alts = [words.text("signature_place", name=owner.name) for owner in settings.owners]
    if given.preview:
        hand = picture(given, settings.owner.signature_image, alts[0])
        return made(given, shown, placed={"signature": hand})
    blank = Picture(BLANK, alts[0])
    docx = made(given, shown, mark=words.text("for_signature"), placed={"signature": blank})
    return with_places(docx, alts, place=given.place)


def said(shown: LetterView) -> Said:
    """What the letter says of what matters most, as it prints it."""
    recipient = (shown.recipient.company, *([shown.recipient.name] if shown.recipient.name else []))
    payments = shown.payments
    sums = () if payments is None else payments.totals or tuple(row.amount for row in payments.invoices)
    currency = (payments.currency or "") if payments else ""
    return Said(recipient, shown.date, shown.contract.last_working_day, sums, currency)


def view(given: RenderInput) -> LetterView:
    """What the letter says, from what the project holds."""
    settings, words = given.project.settings, given.words
    letter, client = settings.letter, settings.client
    enclosures = documents(given)
    enclosed = letter.date >= given.today and not given.alone
    deliveries = sorted((d for d in letter.deliveries if d.due_date >= letter.date), key=lambda d: d.due_date)
    known, owners = letter.successor_known, tuple(owner_of(owner, settings.agency) for owner in settings.owners)
    payments, recipient = payments_of(given), recipient_of(client, words)
    reason = None if settings.contract.ended_by is EndedBy.CLIENT else letter.reason
    successors = providers(letter)
    asked = obligations(settings.contract, words, letter.date)
    listed = (deliveries, asked, letter.offers, successors, enclosures if enclosed else ())
    return LetterView(
        voice=settings.agency.voice,
        american=words.locale == "en_US",
        country=Country.of(words.locale),
        ended_by=settings.contract.ended_by,
        sender=sender_of(settings.agency),
        owner=owners[0],
        owners=owners,
        recipient=recipient,
        place=letter.place,
        date=words.date(letter.date),
        contract=_contract(settings, words),
        **greeting(client.contact, words),
        reason=reason,
        highlights=letter.highlights,
        deliveries=tuple(DeliveryView(d.what, words.date(d.due_date)) for d in deliveries),
        obligations=asked,
        offers=letter.offers,
        follows_on_next_page=follows_on_next_page(
            (settings.contract.subject, reason, *letter.highlights, letter.wishes),
            len(recipient.address),
            listed,
            len(payments.invoices) if payments else 0,
            words,
        ),
        payments=payments,
        settled=settled(given.project.invoices, letter.date),
        enclosures=tuple(EnclosureView(c.name, purpose_of(c, given)) for c in enclosures) if enclosed else (),
        promised=bool(enclosures) and not enclosed,
        passphrase_by=None if given.key_only else words.text(f"channel.{settings.options.passphrase_by.value}"),
        successors=successors,
        chosen=known.name if known else None,
        contact=settings.transition.contact,
        wishes=letter.wishes,
        logo=settings.brand.logo is not None,
        signature_image=not given.preview or settings.owner.signature_image is not None,
    )


def _contract(settings: Settings, words: Words) -> ContractView:
    letter_date = settings.letter.date
    contract = used(settings.contract, notice_given(settings.contract, letter_date))
    given_before = contract.notice_date is not None and contract.notice_date != letter_date
    notice_start = notice_given(contract, letter_date)
    notice, last, end = contract.notice, contract.last_working_day, contract.ends
    runs = notice is not None and contract.notice_waived_by is None and contract.ended_by is not EndedBy.EXPIRY
    until = over(notice_start, notice) if notice and notice_start and runs else None
    return ContractView(
        reference=contract.reference,
        subject=contract.subject,
        start_date=words.date(contract.start_date),
        duration=words.duration_between(contract.start_date, last),
        notice_date=words.date(contract.notice_date) if contract.notice_date and given_before else None,
        notice_start=words.date(notice_start) if notice_start else None,
        notice_period=words.period(notice.unit.value, notice.count) if notice else None,
        notice_from_month_end=notice is not None and notice.runs_from is NoticeFrom.MONTH_END,
        notice_over=words.date(until) if until and until not in {last, end} else None,
        notice_is_over=until is not None and until < letter_date,
        waived_by=contract.notice_waived_by if notice else None,
        last_working_day=words.date(last),
        last_day=When.of(last, letter_date),
        end_date=words.date(end) if end != last else None,
        end=When.of(end, letter_date),
    )


REQUIRED = (
    Required(msg("the client's name"), ("recipient.company",)),
    Required(msg("the letter's date"), ("date",)),
    Required(msg("the last working day"), ("contract.last_working_day",)),
    Required(msg("the owners' names"), ("owners[].name", "owner.name")),
    Required(msg("the place of the owner's signature (a picture named `signature`)"), ("picture:signature",)),
    Required(msg("the sender's name"), ("sender.name", "owner.company", "owners[].company"), always=False),
    Required(msg("what will still be delivered"), ("deliveries[].what",), always=False),
    Required(msg("what remains to be paid"), ("payments.invoices[].amount", "payments.totals[]"), always=False),
    Required(msg("how the passphrase is given"), ("passphrase_by",), always=False),
)
"""What a termination letter can't do without."""

LETTER = Deliverable(
    id="letter",
    role=Role.LETTER,
    seal=Seal.SIGNED,
    render=render,
    view=view,
    required=REQUIRED,
    has_content=lambda project, _today: project.notice is None,
)
"""The registry's line for the letter; where the notice was signed before, the cover letter takes its place."""
