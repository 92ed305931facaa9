"""The termination letter: what its template may say, taken from the project.

Role: `LetterView` and the views below it are all that `letter.docx` sees: texts ready to print, flags and lists, each
documented here. The sentences themselves are in the template, where an agency can edit them in Word. Nothing here
signs: the registry asks for that, and `handover.seal` does it.

The letter has its own date: what it says is as of `letter.date`, not of the day on which the bundle is built. Invoices
that were issued or paid later, and deliveries that were due before, are seen from there; documents of a later date
aren't enclosed but promised.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from handover.bundle.binding import Said
from handover.documents.base import Deliverable, RenderInput
from handover.documents.letter_pages import follows_on_next_page
from handover.documents.shared import ProviderView, providers
from handover.documents.word import When, documents, made, picture, purpose_of, short_name
from handover.formats.word.pictures import Picture
from handover.formats.word.signature_places import BLANK, with_places
from handover.languages.typography import NO_BREAK_SPACE
from handover.languages.words import Words
from handover.model.artifact import Role, Seal
from handover.model.message import msg
from handover.model.notice import notice_given, over
from handover.model.project import Project
from handover.model.rows import InvoiceRow, sums_of
from handover.model.settings import Agency, Contact, EndedBy, NoticeFrom, Owner, Settings, Voice, WaivedBy
from handover.templating.content import Required


class Country(StrEnum):
    """A country whose letters differ from those of the language's main one."""

    BELGIUM = "BE"
    CANADA = "CA"
    SWITZERLAND = "CH"
    OTHER = "other"

    @classmethod
    def of(cls, locale: str) -> "Country":
        """The locale's country, where its letters differ."""
        country = locale.partition("_")[2]
        return cls(country) if country in set(cls) else cls.OTHER


@dataclass(frozen=True, slots=True)
class SenderView:
    """The agency or freelancer."""

    name: str
    """Trading name."""
    address: tuple[str, ...]
    """Postal address, line by line."""
    email: str
    """General e-mail address."""
    phone: str | None
    """General phone number."""
    website: str | None
    """Web site."""
    registration: tuple[str, ...]
    """Legal mentions for the foot of the page."""


@dataclass(frozen=True, slots=True)
class OwnerView:
    """An owner, who signs."""

    name: str
    """First and last name."""
    title: str
    """Role."""
    company: str | None
    """The sender's name, unless the sender is this person."""
    email: str
    """Their address, or the agency's."""
    phone: str | None
    """Their direct line, or the agency's number."""


@dataclass(frozen=True, slots=True)
class RecipientView:
    """The client."""

    company: str
    """The client's name."""
    short_company: str
    """The client's name, shortened where it wouldn't fit into a footer."""
    name: str | None
    """The person addressed, with "M." or "Mme" where the salutation says so; absent when this is the client."""
    role: str | None
    """Their role."""
    address: tuple[str, ...]
    """Postal address, line by line."""


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
    owner: OwnerView
    """The first owner: whom to call."""
    owners: tuple[OwnerView, ...]
    """Who signs, in this order; each has a place for a picture, a drawing called `signature` for each of them."""
    recipient: RecipientView
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
    """The public reason."""
    highlights: tuple[str, ...]
    """Highlights of the work together."""
    deliveries: tuple[DeliveryView, ...]
    """What will still be delivered, by date."""
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
    """The letter as an unsigned .docx, marked as such on every page, without any owner's handwriting.

    A preview shows it as it will be once it's signed, with the owner's picture where the project names one. Raises
    TemplateError when the template can't be filled in.
    """
    return rendered(given, view(given))


def rendered(given: RenderInput, shown: object) -> bytes:
    """A letter as an unsigned .docx, from what its template may say."""
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
    return Said(recipient, shown.contract.last_working_day, sums, (payments.currency or "") if payments else "")


def view(given: RenderInput) -> LetterView:
    """What the letter says, from what the project holds."""
    settings, words = given.project.settings, given.words
    letter, client = settings.letter, settings.client
    enclosures = documents(given)
    enclosed = letter.date >= given.today and not given.alone
    deliveries = sorted((d for d in letter.deliveries if d.due_date >= letter.date), key=lambda d: d.due_date)
    salutation = client.contact.salutation or _neutral_salutation(client.contact.name, words)
    known, owners = letter.successor_known, tuple(_owner(owner, settings.agency) for owner in settings.owners)
    payments, recipient = _payments(given), _recipient(settings, words)
    successors = providers(letter)
    listed = (deliveries, letter.offers, successors, enclosures if enclosed else ())
    return LetterView(
        voice=settings.agency.voice,
        american=words.locale == "en_US",
        country=Country.of(words.locale),
        ended_by=settings.contract.ended_by,
        sender=_sender(settings),
        owner=owners[0],
        owners=owners,
        recipient=recipient,
        place=letter.place,
        date=words.date(letter.date),
        contract=_contract(settings, words),
        salutation=salutation,
        salutation_in_closing=_in_closing(salutation, words),
        addressed_by_name=salutation.casefold() not in {s.casefold() for s in words.lines("salutations_unnamed")},
        reason=letter.reason,
        highlights=letter.highlights,
        deliveries=tuple(DeliveryView(d.what, words.date(d.due_date)) for d in deliveries),
        offers=letter.offers,
        follows_on_next_page=follows_on_next_page(
            (settings.contract.subject, letter.reason, *letter.highlights, letter.wishes),
            len(recipient.address),
            listed,
            len(payments.invoices) if payments else 0,
            words,
        ),
        payments=payments,
        settled=_settled(given.project),
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


def _sender(settings: Settings) -> SenderView:
    agency = settings.agency
    return SenderView(agency.name, agency.address, agency.email, agency.phone, agency.website, agency.registration)


def _owner(owner: Owner, agency: Agency) -> OwnerView:
    # A freelancer trades under their own name, alone or with what they do: saying it twice sounds odd.
    company = None if agency.name.startswith(owner.name) else agency.name
    return OwnerView(owner.name, owner.title, company, owner.email or agency.email, owner.phone or agency.phone)


def _recipient(settings: Settings, words: Words) -> RecipientView:
    client = settings.client
    person = None if client.contact.name == client.name else _with_title(client.contact, words)
    return RecipientView(client.name, short_name(client.name), person, client.contact.role, client.address)


def _with_title(contact: Contact, words: Words) -> str:
    # "Cher Monsieur" says how to write "À l'attention de M. …"; "Madame, Monsieur" says neither.
    said = re.findall(r"\w+", contact.salutation or "")
    titles = [words.text(key) for key in (f"salutation_titles.{word}" for word in said) if words.has(key)]
    return f"{titles[0]}{NO_BREAK_SPACE}{contact.name}" if len(titles) == 1 else contact.name


def _contract(settings: Settings, words: Words) -> ContractView:
    contract, letter_date = settings.contract, settings.letter.date
    given_before = contract.notice_date is not None and contract.notice_date != letter_date
    notice_start = notice_given(contract, letter_date)
    notice, last, end = contract.notice, contract.last_working_day, contract.end_date
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
        end_date=words.date(end) if end and end != last else None,
        end=When.of(end or last, letter_date),
    )


def _neutral_salutation(name: str, words: Words) -> str:
    # "Dear Ruth Carter", but "Madame, Monsieur": some languages would have to know which.
    return words.text("salutation", **({"name": name} if words.uses("salutation", "name") else {}))


def _in_closing(salutation: str, words: Words) -> str | None:
    first = re.match(r"\w*", salutation.casefold())
    if first is None or first[0] in words.lines("salutation_greetings"):
        return None  # one greets once: "Nous vous prions d’agréer, Bonjour Yann, …" is no sentence
    if first[0] in words.lines("salutation_lowered"):
        return salutation[0].lower() + salutation[1:]
    return salutation


def _payments(given: RenderInput) -> PaymentsView | None:
    words, options, day = given.words, given.project.settings.options, given.project.settings.letter.date
    due = sorted(
        (row for row in given.project.invoices if row.is_open(day)),
        key=lambda r: (r.amount < 0, r.due, r.number),
    )
    if not due:
        return None
    credit_notes = sum(row.amount < 0 for row in due)
    currencies = [row.currency or options.currency for row in due]
    one = currencies[0] if len(set(currencies)) == 1 else None
    left = sum((row.amount for row in due), Decimal(0)) if one else None
    covered = left is not None and left <= 0
    late = [row.due < day and row.amount > 0 and not covered for row in due]
    amounts, totals = _amounts(due, currencies, words)
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


def _settled(project: Project) -> bool:
    # A table that nobody filled in says nothing of what was paid.
    day = project.settings.letter.date
    issued = [row for row in project.invoices if row.issued_on <= day]
    return bool(issued) and all(row.is_settled(day) for row in issued)


def _amounts(
    due: Sequence[InvoiceRow], currencies: Sequence[str], words: Words
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The invoices' amounts and the total of each currency, as they are printed."""
    sums = sums_of((currency, row.amount) for row, currency in zip(due, currencies, strict=True))
    if len(sums) == 1:
        printed = words.amounts([*(row.amount for row in due), sums[currencies[0]]], currencies[0])
        return printed[:-1], printed[-1:]
    return (
        tuple(words.money(row.amount, currency) for row, currency in zip(due, currencies, strict=True)),
        tuple(words.money(total, currency) for currency, total in sums.items()),
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
    view_type=LetterView,
    required=REQUIRED,
    has_content=lambda project, _today: project.notice is None,
)
"""The registry's line for the letter; where the notice was signed before, the cover letter takes its place."""
