"""The English letter: British business layout, and American where the locale is en_US (Re:, colon, "Sincerely")."""

from letter_parts import (
    MARGINS,
    PICTURES,
    enclosures,
    legal_footer,
    letter_styles,
    listed,
    payments_table,
    recipient,
    sender_details,
    sender_name,
    signature,
    voiced,
)
from ooxml import TAB, Writer, mm
from styles import document

_NOTICE = (
    "{% if contract.notice_period %}The notice in our contract, {{ contract.notice_period }}, "
    "{% if contract.notice_date %}runs from that day{% elif contract.notice_start %}runs from "
    "{{ contract.notice_start }}{% else %}has been observed{% endif %}. {% endif %}"
)
_LAST_DAY = (
    "[Our|My] last working day for you will be {{ contract.last_working_day }}"
    "{% if contract.end_date %}, and the contract ends on {{ contract.end_date }}{% endif %}."
)
_TOLD = "{% if contract.notice_date %} on {{ contract.notice_date }}{% endif %}"


def build() -> bytes:
    """`templates/en/letter.docx`."""
    w = Writer("en")
    left, right = mm(95), mm(65)
    letterhead = w.row(
        w.cell(left, sender_name(w, "The sender’s logo")), w.cell(right, sender_details(w, "HandoverSenderDetails", ""))
    )
    body = (
        w.table("HandoverPlainTable", (left, right), letterhead, head=False)
        + w.p("HandoverPlaceDate", "{{ date }}")
        + recipient(w, "")
        + w.when("contract.reference", w.p("HandoverReference", "Contract reference: {{ contract.reference }}"))
        + w.choose(
            ("american", _subject(w, "HandoverRe", "Re: ") + w.p("Salutation", "{{ salutation }}:")),
            otherwise=w.p("Salutation", "{{ salutation }},") + _subject(w, "HandoverSubject"),
        )
        + _decision(w)
        + _work(w)
        + _payments(w)
        + _transition(w)
        + _goodbye(w)
        + signature(w, "Signature")
        + enclosures(w, "Enclosures")
    )
    later = w.p(
        "Footer", "{{ recipient.short_company }} · End of contract · {{ date }}", TAB,
        "Page ", w.field("PAGE", "2"), " of ", w.field("NUMPAGES", "2"),
    )  # fmt: skip
    return document(
        "en", body, styles=letter_styles(french=False), footer=later, first_footer=legal_footer(w),
        pictures=PICTURES, margins=MARGINS,
    )  # fmt: skip


def _subject(w: Writer, style: str, before: str = "") -> str:
    def subject(text: str) -> str:
        return w.p(style, before + text + " for {{ contract.subject }}")

    return w.choose(
        ("ended_by == 'client'", subject("Your notice ending the contract")),
        ("ended_by == 'agency'", subject("Notice ending the contract")),
        otherwise=subject("End of the contract"),
    )


def _decision(w: Writer) -> str:
    def paragraph(text: str) -> str:
        return voiced(w, "Normal", text)

    thanks = (
        "Thank you for trusting [us|me] with {{ contract.subject }}. By {{ contract.last_working_day }}, we will have "
        "worked together for {{ contract.duration }}, and it has been a pleasure."
    )
    agency = (
        "{% if contract.notice_date %}As [we|I] told you on {{ contract.notice_date }}, [we have|I have] decided to "
        "end this contract. {% else %}[We are|I am] writing to let you know that [we have|I have] decided to end this "
        "contract. {% if not contract.notice_period %}This letter gives you notice. {% endif %}{% endif %}"
    )
    client = f"You told [us|me]{_TOLD} that you have decided to end this contract. Thank you for letting [us|me] know. "
    mutual = f"As we agreed together{_TOLD}, this contract is coming to an end. "
    expiry = "This contract reaches its agreed term and will not be renewed. "
    return (
        paragraph(thanks)
        + w.choose(
            ("ended_by == 'agency'", paragraph(agency + _NOTICE + _LAST_DAY)),
            ("ended_by == 'client'", paragraph(client + _NOTICE + _LAST_DAY)),
            ("ended_by == 'mutual'", paragraph(mutual + _NOTICE + _LAST_DAY)),
            otherwise=paragraph(expiry + _NOTICE + _LAST_DAY),
        )
        + w.when("reason", w.p("Normal", "{{ reason }}"))
    )


def _work(w: Writer) -> str:
    return listed(
        w, "Of the work we have done together, [we are|I am] especially glad of this:",
        "highlight", "highlights", "{{ highlight }}",
    ) + listed(
        w, "You will still receive from [us|me]:",
        "delivery", "deliveries", "{{ delivery.what }}\u00a0– {{ delivery.due_date }}",
    )  # fmt: skip


def _payments(w: Writer) -> str:
    table = payments_table(
        w,
        ("Invoice", "For", "Due", "Amount due{% if payments.currency %} ({{ payments.currency }}){% endif %}"),
        "Total",
        "Invoices still to be paid, with due dates and amounts",
    )
    owed = (
        w.p(
            "HandoverIntroduction",
            "At the date of this letter, {% if payments.several %}the following invoices are{% else %}the following "
            "invoice is{% endif %} still to be paid:",
        )
        + table
        + w.p(
            "HandoverTableNote",
            "If a payment has crossed with this letter, thank you; there is nothing more to do."
            "{% if payments.late_fee_note %} {{ payments.late_fee_note }}{% endif %}",
        )
    )
    nothing = voiced(
        w, "Normal",
        "Every invoice has been settled: at the date of this letter, you owe [us|me] nothing.",
    )  # fmt: skip
    return w.choose(("payments", owed), otherwise=nothing)


def _transition(w: Writer) -> str:
    enclosed = (
        "To make the handover easy, everything you need to take over comes with this letter and is listed at the end. "
        "The inventory holds your credentials and is encrypted: {% if passphrase_by %}its passphrase will be given to "
        "you {{ passphrase_by }}, never in the same e-mail as the files.{% else %}it opens with your key."
        "{% endif %}"
    )
    return (
        w.when("enclosures", w.p("Normal", enclosed))
        + listed(w, "[We|I] can also offer you:", "help", "transition", "{{ help }}")
        + listed(
            w, "If you are looking for someone to carry on the work, [we|I] can recommend:",
            "successor", "successors",
            "{{ successor.name }}{% if successor.contact %}\u00a0– {{ successor.contact }}{% endif %}"
            "{% if successor.note %}: {{ successor.note }}{% endif %}",
        )
        + w.when("briefing", voiced(w, "Normal", "For the handover itself, [we|I] offer {{ briefing }}."))
    )  # fmt: skip


def _goodbye(w: Writer) -> str:
    reach = (
        "{% if owner.phone %}call [us|me] {% if american %}at{% else %}on{% endif %} {{ owner.phone }} or {% endif %}"
        "write to {{ owner.email }}."
    )
    closing = "{% if addressed_by_name %}Yours sincerely{% else %}Yours faithfully{% endif %},"
    return (
        w.choose(
            ("contact", w.p("Normal", "If you have any questions, please contact {{ contact }}.")),
            otherwise=voiced(w, "Normal", f"If you have any questions, please {reach}"),
        )
        + w.choose(
            ("wishes", w.p("HandoverWishes", "{{ wishes }}")),
            otherwise=voiced(w, "HandoverWishes", "[We|I] wish you and your team every success in what comes next."),
        )
        + w.choose(("american", w.p("Closing", "Sincerely,")), otherwise=w.p("Closing", closing))
    )
