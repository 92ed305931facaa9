"""What the French and the English letter share: styles, picture boxes, the payments table, both voices of a sentence.

Role: the parts of `letter.docx` that no language changes but in words. The words are in `letter_fr` and `letter_en`.
"""

import re
from dataclasses import replace

from ooxml import TAB, Run, Writer, mm, strong
from styles import SHARED, TEXT_WIDTH, TITLE_FACE, Style, border

LOGO = (46.0, 15.0)
SIGNATURE = (48.0, 18.0)
PICTURES = {"rId21": LOGO, "rId22": SIGNATURE}
MARGINS = (22, 25, 25, 25)

_NORMAL = next(style for style in SHARED if style.id == "Normal")
_CHOICE = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")


def letter_styles(*, french: bool) -> tuple[Style, ...]:
    """The letter's own styles; the two layouts differ in indents and spaces alone."""
    right = 85.0 if french else 0.0
    return (
        replace(_NORMAL, after=6),
        *_head_styles(french=french, hang=14.0 if french else None),
        *_body_styles(right),
    )


def _head_styles(*, french: bool, hang: float | None) -> tuple[Style, ...]:
    return (
        Style("HandoverLogo", "Handover Logo", "Handover Logo", after=4, line=1.0),
        Style("HandoverSenderName", "Handover Sender Name", "Handover Expéditeur nom", face=TITLE_FACE, size=14,
              bold=True, colour="accent3", before=3, after=2, line=1.0, next="HandoverSender"),
        Style("HandoverSender", "Handover Sender", "Handover Expéditeur", size=9.5, colour="text2", after=0, line=1.05),
        Style("HandoverSenderDetails", "Handover Sender Details", "Handover Expéditeur coordonnées",
              based_on="HandoverSender", align="right"),
        Style("HandoverRecipient", "Handover Recipient", "Handover Destinataire", after=0, line=1.05),
        Style("HandoverRecipientName", "Handover Recipient Name", "Handover Destinataire nom",
              based_on="HandoverRecipient", bold=True, before=60 if french else 10, next="HandoverRecipient"),
        Style("HandoverPlaceDate", "Handover Place and Date", "Handover Lieu et date", before=12,
              after=11 if french else 0, next="HandoverReference"),
        Style("HandoverReference", "Handover Reference", "Handover Référence", before=0 if french else 9,
              after=0, left=hang, hanging=hang),
        Style("HandoverSubject", "Handover Subject", "Handover Objet", before=3 if french else 6, after=6, left=hang,
              hanging=hang, bold=None if french else True, colour=None if french else "accent3"),
        # The American one stands between the address and the salutation, at the same distance from both.
        *(() if french else (Style("HandoverRe", "Handover Re", "", based_on="HandoverSubject", before=11, after=0),)),
        Style("Salutation", "Salutation", "", before=11, after=6.5, next="Normal"),
    )  # fmt: skip


def _body_styles(right: float) -> tuple[Style, ...]:
    return (
        Style("HandoverIntroduction", "Handover Introduction", "Handover Introduction", after=2, keep_next=True),
        Style("HandoverItem", "Handover Item", "Handover Élément", based_on="ListBullet", after=1.2),
        Style("HandoverItemLast", "Handover Item Last", "Handover Élément dernier", based_on="ListBullet", after=6),
        Style("HandoverTableNote", "Handover Table Note", "Handover Note de tableau", based_on="HandoverNote",
              before=3, after=7, keep_lines=True),
        # A payment row holds on to the next, so that no total stands alone on a page.
        Style("HandoverPayment", "Handover Payment", "Handover Paiement", based_on="HandoverTableText", keep_next=True),
        Style("HandoverPaymentAmount", "Handover Payment Amount", "Handover Paiement montant",
              based_on="HandoverTableNumber", keep_next=True),
        Style("HandoverWishes", "Handover Wishes", "Handover Vœux", keep_next=True, keep_lines=True, next="Closing"),
        Style("Closing", "Closing", "", before=2, after=8, keep_next=True, keep_lines=True, next="Signature"),
        Style("Signature", "Signature", "", left=right, after=0, line=1.05, keep_next=True),
        # Room for a pen, where there is no picture of a signature.
        Style("HandoverSignatureSpace", "Handover Signature Space", "Handover Signature espace", based_on="Signature",
              before=44),
        Style("HandoverSignatureTitle", "Handover Signature Title", "Handover Signature fonction", left=right,
              after=0, line=1.05, colour="text2", keep_lines=True),
        Style("HandoverEnclosuresHead", "Handover Enclosures Head", "Handover Pièces jointes titre", size=9, bold=True,
              colour="text2", before=16, after=1, line=1.05, keep_next=True, borders=border("top", "accent6", 4, 5)),
        Style("HandoverEnclosure", "Handover Enclosure", "Handover Pièce jointe", size=9, colour="text2", after=1,
              line=1.05, left=42, hanging=42, keep_next=True, keep_lines=True),
        Style("HandoverLegal", "Handover Legal", "Handover Mentions légales", based_on="Footer", align="center"),
    )  # fmt: skip


def in_voice(text: str, voice: int) -> str:
    """One voice of a text that writes both as `[we|I]`: 0 for the agency's, 1 for a person's."""
    return _CHOICE.sub(lambda match: match[1 + voice], text)


def voiced(w: Writer, style: str, text: str) -> str:
    """A paragraph in the sender's voice, each voice a paragraph of its own so that people can edit either."""
    ours, mine = (w.p(style, in_voice(text, voice)) for voice in (0, 1))
    return ours if ours == mine else w.choose(("voice == 'i'", mine), otherwise=ours)


def bullets(w: Writer, name: str, sequence: str, *text: Run) -> str:
    """One bullet for each item; the last one keeps its distance from what follows."""
    item = w.choose(("loop.last", w.p("HandoverItemLast", *text)), otherwise=w.p("HandoverItem", *text))
    return w.each(name, sequence, item)


def listed(w: Writer, introduction: str, name: str, sequence: str, *text: Run) -> str:
    """A list with the sentence that introduces it, or nothing at all."""
    return w.when(sequence, voiced(w, "HandoverIntroduction", introduction), bullets(w, name, sequence, *text))


def payments_table(w: Writer, heads: tuple[str, str, str, str], total: str, description: str) -> str:
    """What remains to be paid: number, subject, due date, amount; a total where there are several."""
    widths = (mm(32), mm(68), mm(30), mm(30))
    kinds = ("HandoverTableHead",) * 3 + ("HandoverTableHeadNumber",)
    head = w.row(
        *(w.cell(width, w.p(kind, text)) for width, kind, text in zip(widths, kinds, heads, strict=True)), header=True
    )
    kinds = ("HandoverPayment",) * 3 + ("HandoverPaymentAmount",)
    values = ("number", "description", "due_date", "amount")
    line = w.row(
        *(
            w.cell(width, w.p(kind, f"{{{{ invoice.{value} }}}}"))
            for width, kind, value in zip(widths, kinds, values, strict=True)
        )
    )
    last = w.row(
        w.cell(sum(widths[:3]), w.p("HandoverPayment", strong(total)), span=3),
        w.cell(widths[3], w.p("HandoverPaymentAmount", strong("{{ sum }}"))),
    )
    repeated = [
        part
        for loop, row in (("invoice in payments.invoices", line), ("sum in payments.totals", last))
        for part in (w.row_tag(f"for {loop}", 4, TEXT_WIDTH), row, w.row_tag("endfor", 4, TEXT_WIDTH))
    ]
    return w.table("HandoverTable", widths, head, *repeated, description=description)


def sender_name(w: Writer, logo_alt: str) -> str:
    """The letterhead's logo and name."""
    picture = w.picture("logo", *LOGO, "rId21", logo_alt)
    # A logo usually is the name: below it, the name is only the first line of the address.
    pictured = w.p("HandoverLogo", picture) + w.p("HandoverSender", strong("{{ sender.name }}"))
    return w.choose(("logo", pictured), otherwise=w.p("HandoverSenderName", "{{ sender.name }}"))


def sender_details(w: Writer, style: str, phone: str) -> str:
    """The letterhead's address and ways to answer."""
    return (
        w.each("line", "sender.address", w.p(style, "{{ line }}"))
        + w.when("sender.phone", w.p(style, f"{phone}{{{{ sender.phone }}}}"))
        + w.p(style, "{{ sender.email }}")
        + w.when("sender.website", w.p(style, "{{ sender.website }}"))
    )


def recipient(w: Writer, attention: str) -> str:
    """The recipient's address block."""
    return (
        w.p("HandoverRecipientName", "{{ recipient.company }}")
        + w.when("recipient.name", w.p("HandoverRecipient", f"{attention}{{{{ recipient.name }}}}"))
        + w.when("recipient.role", w.p("HandoverRecipient", "{{ recipient.role }}"))
        + w.each("line", "recipient.address", w.p("HandoverRecipient", "{{ line }}"))
    )


def signature(w: Writer, alt: str) -> str:
    """The signature's picture, the owner's name and title: kept together with the closing formula."""
    name = strong("{{ owner.name }}")
    pictured = w.p("Signature", w.picture("signature", *SIGNATURE, "rId22", alt)) + w.p("Signature", name)
    return w.choose(("signature_image", pictured), otherwise=w.p("HandoverSignatureSpace", name)) + w.p(
        "HandoverSignatureTitle", "{{ owner.title }}{% if owner.company %}, {{ owner.company }}{% endif %}"
    )


def enclosures(w: Writer, head: str) -> str:
    """What comes with the letter, at its foot."""
    # What an enclosure is for is a sentence of its own, often with a colon: no colon stands before it.
    line = w.p("HandoverEnclosure", strong("{{ enclosure.name }}"), TAB, "{{ enclosure.purpose }}")
    return w.when("enclosures", w.p("HandoverEnclosuresHead", head), w.each("enclosure", "enclosures", line))


def legal_footer(w: Writer) -> str:
    """The first page's foot: the legal mentions, on one line where they fit."""
    line = "{% for line in sender.registration %}{{ line }}{% if not loop.last %} · {% endif %}{% endfor %}"
    return w.choose(("sender.registration", w.p("HandoverLegal", line)), otherwise=w.p("Footer"))
