"""The French letter: NF Z 11-001 layout, formal address, a closing formula that repeats the salutation."""

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
from ooxml import TAB, Writer, mm, strong
from styles import document

_NOTICE = (
    "{% if contract.notice_period %}Le préavis contractuel de {{ contract.notice_period }} "
    "{% if contract.notice_date %}court depuis cette date{% elif contract.notice_start %}court à compter du "
    "{{ contract.notice_start }}{% else %}est respecté{% endif %}. {% endif %}"
)
_LAST_DAY = (
    "[Notre|Mon] dernier jour de travail pour vous sera le {{ contract.last_working_day }}"
    "{% if contract.end_date %} ; le contrat prendra fin le {{ contract.end_date }}{% endif %}."
)
_TOLD = "{% if contract.notice_date %}, le {{ contract.notice_date }},{% endif %}"


def build() -> bytes:
    """`templates/fr/letter.docx`."""
    w = Writer("fr")
    left, right = mm(85), mm(75)
    addresses = w.row(
        w.cell(left, sender_name(w, "Logo de l’expéditeur"), sender_details(w, "HandoverSender", "Tél. ")),
        w.cell(
            right,
            recipient(w, "À l’attention de "),
            w.p("HandoverPlaceDate", "{{ place }}, le {{ date }}"),
        ),
    )
    body = (
        w.table("HandoverPlainTable", (left, right), addresses, head=False)
        + _references(w)
        + w.p("Salutation", "{{ salutation }},")
        + _decision(w)
        + _work(w)
        + _payments(w)
        + _transition(w)
        + _goodbye(w)
        + signature(w, "Signature")
        + enclosures(w, "Pièces jointes")
    )
    later = w.p(
        "Footer", "{{ recipient.short_company }} · Fin de contrat · {{ date }}", TAB,
        "Page ", w.field("PAGE", "2"), " sur ", w.field("NUMPAGES", "2"),
    )  # fmt: skip
    return document(
        "fr", body, styles=letter_styles(french=True), footer=later, first_footer=legal_footer(w),
        pictures=PICTURES, margins=MARGINS,
    )  # fmt: skip


def _references(w: Writer) -> str:
    def subject(text: str) -> str:
        return w.p("HandoverSubject", "Objet :", TAB, strong(text + " portant sur {{ contract.subject }}"))

    return w.when(
        "contract.reference", w.p("HandoverReference", "Réf. :", TAB, "contrat {{ contract.reference }}")
    ) + w.choose(
        ("ended_by == 'client'", subject("votre résiliation du contrat")),
        ("ended_by == 'agency'", subject("résiliation du contrat")),
        otherwise=subject("fin du contrat"),
    )


def _decision(w: Writer) -> str:
    def paragraph(text: str) -> str:
        return voiced(w, "Normal", text)

    agency = (
        "{% if contract.notice_date %}Comme [nous vous l’avons|je vous l’ai] annoncé le {{ contract.notice_date }}, "
        "[nous avons|j’ai] décidé de mettre fin à ce contrat. {% else %}[Nous vous informons de notre|Je vous informe "
        "de ma] décision de mettre fin à ce contrat. {% if not contract.notice_period %}Cette lettre vous en donne "
        "préavis. {% endif %}{% endif %}"
    )
    client = (
        f"Vous [nous avez|m’avez] fait part{_TOLD} de votre décision de mettre fin à ce contrat, et "
        "[nous en avons|j’en ai] pris bonne note. "
    )
    mutual = f"Nous sommes convenus ensemble{_TOLD} de mettre fin à ce contrat. "
    expiry = "Ce contrat arrive à son terme et ne sera pas reconduit. "
    thanks = (
        "Vous [nous avez|m’avez] confié {{ contract.subject }} : au {{ contract.last_working_day }}, nous aurons "
        "travaillé ensemble pendant {{ contract.duration }}. [Nous tenons|Je tiens] avant tout à vous remercier de "
        "cette confiance."
    )
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
        w, "De ce travail mené ensemble, [nous retenons|je retiens] avec plaisir :",
        "highlight", "highlights", "{{ highlight }}",
    ) + listed(
        w, "Il [nous|me] reste à vous remettre :",
        "delivery", "deliveries", "{{ delivery.what }}\u00a0– {{ delivery.due_date }}",
    )  # fmt: skip


def _payments(w: Writer) -> str:
    table = payments_table(
        w,
        (
            "Facture",
            "Objet",
            "Échéance",
            "Reste dû{% if payments.currency %} ({{ payments.currency }}){% endif %}",
        ),
        "Total",
        "Factures qui restent à payer, avec leur échéance et leur montant",
    )
    owed = (
        w.p(
            "HandoverIntroduction",
            "À la date de cette lettre, {% if payments.several %}les factures suivantes restent{% else %}la facture "
            "suivante reste{% endif %} à payer :",
        )
        + table
        + w.p(
            "HandoverTableNote",
            "Si un paiement s’est croisé avec cette lettre, merci de ne pas en tenir compte."
            "{% if payments.late_fee_note %} {{ payments.late_fee_note }}{% endif %}",
        )
    )
    nothing = voiced(
        w, "Normal",
        "Toutes les factures sont réglées : à la date de cette lettre, vous ne [nous|me] devez rien.",
    )  # fmt: skip
    return w.choose(("payments", owed), otherwise=nothing)


def _transition(w: Writer) -> str:
    enclosed = (
        "Pour faciliter la suite, tout ce qu’il faut pour reprendre la main est joint à cette lettre et listé à la "
        "fin. L’inventaire, qui contient vos accès, est chiffré : {% if passphrase_by %}sa phrase de passe vous sera "
        "donnée {{ passphrase_by }}, jamais dans le même courriel que les fichiers.{% else %}il s’ouvre avec votre "
        "clé.{% endif %}"
    )
    return (
        w.when("enclosures", w.p("Normal", enclosed))
        + listed(w, "[Nous vous proposons|Je vous propose] aussi :", "help", "transition", "{{ help }}")
        + listed(
            w, "Si vous cherchez qui prendra la relève, [nous pouvons|je peux] vous recommander :",
            "successor", "successors",
            "{{ successor.name }}{% if successor.contact %}\u00a0– {{ successor.contact }}{% endif %}"
            "{% if successor.note %} : {{ successor.note }}{% endif %}",
        )
        + w.when(
            "briefing",
            voiced(w, "Normal", "Pour passer le relais, [nous vous proposons|je vous propose] {{ briefing }}."),
        )
    )  # fmt: skip


def _goodbye(w: Writer) -> str:
    reach = "{% if owner.phone %}au {{ owner.phone }} ou {% endif %}à l’adresse {{ owner.email }}."
    return (
        w.choose(
            ("contact", w.p("Normal", "Pour toute question, vous pouvez joindre {{ contact }}.")),
            otherwise=voiced(w, "Normal", f"Pour toute question, vous pouvez [nous|me] joindre {reach}"),
        )
        + w.choose(
            ("wishes", w.p("HandoverWishes", "{{ wishes }}")),
            otherwise=voiced(
                w, "HandoverWishes",
                "[Nous vous souhaitons|Je vous souhaite], à vous et à votre équipe, une belle réussite pour la suite.",
            ),
        )
        + voiced(
            w, "Closing",
            "[Nous vous prions|Je vous prie] d’agréer, {{ salutation_in_closing }}, [nos|mes] salutations distinguées.",
        )
    )  # fmt: skip
