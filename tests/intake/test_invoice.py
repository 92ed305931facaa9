"""Invoices: from the XML in the PDF, and from text."""

from decimal import Decimal

import pytest

from handover.formats.confined import Confined, Ending
from handover.formats.papers import XML_MARK
from handover.intake.invoice import read_amount, read_invoice
from handover.intake.prose import Paper
from messy_folders import cii, pdf


def read(text: str, *attached: bytes):
    return read_invoice(Paper.of("i.pdf", [text], numbered=True), list(attached))


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("1 234,50 €", "1234.50", "EUR"),
        ("1\u202f234,50\u00a0€", "1234.50", "EUR"),
        ("£1,200.00", "1200.00", "GBP"),
        ("CHF 1'234.50", "1234.50", "CHF"),
        ("1.234,00 EUR", "1234.00", "EUR"),
        ("$99.00", "99.00", ""),
        ("NET 99.00", "99.00", ""),
        ("500 €", "500", "EUR"),
    ],
)
def test_amounts_are_read_as_people_write_them(text, amount, currency):
    assert read_amount(text) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("total", "amount"),
    [
        ("Total TTC : 1234,50 €", "1234.50"),
        ("Net à payer 12345,00 EUR", "12345.00"),
        ("Total due £12500.75", "12500.75"),
        ("Total TTC 9800 €", "9800"),
        ("Total £9800", "9800"),
        ("Total 2026 : 3 chantiers. Total TTC 980,00 €", "980.00"),
    ],
)
def test_a_total_without_groups_is_read_and_a_year_is_none(total, amount):
    assert read(f"Facture n° F-12\nDate : 03/09/2026\n{total}").amount == Decimal(amount)


def test_the_xml_in_the_pdf_wins_over_the_text():
    made = read("INVOICE INV-1\nTotal £9.00", cii("INV-0042", "20261001", "20261215", "1234.5", "Larkhill"))
    assert (made.number, str(made.issued_on), str(made.due_date)) == ("INV-0042", "2026-10-01", "2026-12-15")
    assert (made.amount, made.currency, made.structured) == (Decimal("1234.5"), "GBP", True)


def test_a_credit_note_is_less_than_nothing():
    assert read("", cii("A-1", "20261001", "20261001", "50.00", "Larkhill", kind="381")).amount == -50
    assert read("AVOIR N° A-7\nDate : 01/10/2026\nTotal TTC 50,00 €").amount == -50


@pytest.mark.parametrize(
    "data",
    [b"<a", b"", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", cii("N", "20261001", "20261001", "1e9", "L")],
)
def test_xml_that_is_not_whole_or_not_safe_leaves_the_text(data):
    assert read("INVOICE INV-1\nTotal £9.00", data).structured is False


@pytest.mark.parametrize(
    ("text", "number", "due"),
    [
        (
            "FACTURE N° F2026-007\nDate : 30/09/2026\nÉchéance : 30/10/2026\nTotal TTC 1 440,00 €",
            "F2026-007",
            "2026-10-30",
        ),
        (
            "FACTURE 2026/0187\nDate : 31/10/2026\nÉchéance : 30/11/2026\nTotal HTVA 500,00 €\nTotal TVAC 605,00 €",
            "2026/0187",
            "2026-11-30",
        ),
        (
            "FACTURE N° 2026-041\nDate de facture : 30/09/2026\nÉchéance : 30/10/2026\nTotal à payer TVAC 1 936,00 €",
            "2026-041",
            "2026-10-30",
        ),
        (
            "Facture 2026-5\nDate : 31/10/2026\nÉchéance : 30/11/2026\nNet à payer TTC : 12,00 €",
            "2026-5",
            "2026-11-30",
        ),
        (
            "INVOICE 77\nInvoice date: 1 May 2026\nDue date: 31 May 2026\nAmount due including VAT £12.00",
            "77",
            "2026-05-31",
        ),
        (
            "INVOICE\nInvoice #OF-2\nIssued: 31 Oct 2026\nDue: 30 Nov 2026\nAmount Due (GBP) £1,200.00",
            "OF-2",
            "2026-11-30",
        ),
        ("Invoice no. 42\nInvoice date: 1 May 2026\nDue date: 31 May 2026\nTotal due £10.00", "42", "2026-05-31"),
        (
            "Facture no 2026-17\nle 3 novembre 2026\nPayable jusqu’au 3 décembre 2026\nMontant total CHF 9.50",
            "2026-17",
            "2026-12-03",
        ),
        (
            (
                "Facture de situation n°FS-12\nDijon, le 5 novembre 2026\nMontant TTC : 2.880,00 EUR\n"
                "Paiement à 30 jours fin de mois, soit le 31 décembre 2026"
            ),
            "FS-12",
            "2026-12-31",
        ),
        (
            "Facture d'acompte FA00231\nÉmise le : 2 nov. 2026\nÉchéance : à réception\nTOTAL TTC 1 200,00 €",
            "FA00231",
            "2026-11-02",
        ),
        ("Invoice #: 10023\nIssue date: October 31, 2026\nDue on receipt\nTotal (USD) $1.50", "10023", "2026-10-31"),
        ("Note de crédit n° NC 26-009\nDate 12.11.2026\nTotal en votre faveur CHF 216.20", "NC 26-009", "2026-11-12"),
        (
            "Facture 26-118\nDelémont, le 31.10.2026\nTotal TTC CHF 3'567.30\nPayable à 30 jours, jusqu'au 30.11.2026",
            "26-118",
            "2026-11-30",
        ),
        ("Avoir n° AV-3\nDate 15.10.2026\nAnnule la facture 2026-88\nMontant total CHF 324.30", "AV-3", "2026-10-15"),
    ],
)
def test_an_invoice_in_text_gives_its_number_and_dates(text, number, due):
    made = read(text)
    assert (made.number, str(made.due_date), bool(made.issued_on and made.amount)) == (number, due, True)


@pytest.mark.parametrize(
    ("words", "paid"),
    [
        ("PAID 12/10/2026 - thank you", True),
        ("Facture réglée le 27/10/2026 par virement", True),
        ("Solde réglé", True),
        ("Statut : payée", True),
        ("Facture payée par virement le 14 octobre 2026.", True),
        ("Net à payer : 0,00 €", True),
        ("Cette facture doit être réglée le 30/11/2026", False),
        ("To be paid 30/11/2026", False),
    ],
)
def test_an_invoice_is_paid_where_it_says_so_and_not_where_it_says_when(words, paid):
    made = read(f"FACTURE N° F-9\nDate : 30/09/2026\nÉchéance : 30/10/2026\nTotal TTC 100,00 €\n{words}")
    assert bool(made.paid) is paid


def test_a_rate_of_tax_and_a_sum_before_tax_are_no_total():
    made = read("TAX INVOICE\nInvoice Number INV-1182\nSubtotal 2,400.00\nTOTAL VAT 20% 480.00\nTOTAL GBP 2,880.00")
    assert (made.amount, made.currency) == (Decimal("2880.00"), "GBP")
    dated = read("Facture n°F-26-08 du 31 août 2026\nTotal HT 600,00 €\nTotal 650,00 €\nà payer le 30 septembre 2026")
    assert (str(dated.issued_on), dated.amount) == ("2026-08-31", Decimal("650.00"))


@pytest.mark.parametrize(
    ("text", "issued", "due", "amount", "currency"),
    [
        pytest.param(
            "Facture n° F-14\nDate de facturation : 12/03/2026\nDate limite de paiement : 11/04/2026\n"
            "Total TTC 1 800,00 €",
            "2026-03-12", "2026-04-11", "1800.00", "EUR", id="the day of invoicing and a limit of payment",
        ),
        pytest.param(
            "Facture n° 88\nDate de facturation\nDate d’échéance\n12/03/2026\n11/04/2026\nNet à payer\n99,00 €",
            "2026-03-12", "2026-04-11", "99.00", "EUR", id="two headings above two days",
        ),
        pytest.param(
            "Facture FA-77\nDate\n14/03/2026\nTotal HT\nTVA 20 %\nTotal TTC\n1 500,00 €\n300,00 €\n1 800,00 €",
            "2026-03-14", "None", "1800.00", "EUR", id="three headings above three amounts",
        ),
        pytest.param(
            "FACTURE N° 2026-009\nRennes, le 4 mars 2026\nPaiement à 30 jours, soit le 3 avril 2026\n"
            "Montant à régler : 360,00 €",
            "2026-03-04", "2026-04-03", "360.00", "EUR", id="a delay and its day",
        ),
        pytest.param(
            "Facture no 1042\nDate d'émission: 2026-02-28\nÉchéance 30-03-2026\nTOTAL T.T.C. (EUR) 720,00",
            "2026-02-28", "2026-03-30", "720.00", "EUR", id="hyphens, and the currency in the heading",
        ),
        pytest.param(
            "Studio Bruyère\nFACTURE\n2026-102\nAngers, le 30 octobre 2026\nDoit :\nLa Tuilerie\n"
            "Total hors taxes 780,00 €\n"
            "T.V.A. 20,00 % 156,00 €\nTotal T.T.C. 936,00 €\nPayable au 30 novembre 2026 par virement.",
            "2026-10-30", "2026-11-30", "936.00", "EUR", id="a bare number below the heading",
        ),
        pytest.param(
            "Little Fern Social\nInvoice 048\nTo Hexham Velo\nDate 31 October 2026\nPayment due 30 November 2026\n"
            "Net total £650.00\nVAT £130.00\nGBP Total £780.00",
            "2026-10-31", "2026-11-30", "780.00", "GBP", id="a net total before the total",
        ),
    ],
)  # fmt: skip
def test_days_and_total_are_found_as_invoices_are_laid_out(text, issued, due, amount, currency):
    found = read(text)
    told = (str(found.issued_on), str(found.due_date), str(found.amount), found.currency)
    assert told == (issued, due, amount, currency)


def test_what_looks_like_an_invoice_and_cannot_be_read_has_no_number():
    made = read("INVOICE\nInvoice date 31 October 2026\nPlease pay £650.00 to the account below")
    assert (made.number, made.amount) == ("", None)


@pytest.mark.parametrize(
    "text", ["DEVIS N° 12\nTotal TTC 10,00 €\nfacture à suivre", "A page about invoices", "Facture sans total"]
)
def test_an_offer_or_a_text_about_invoices_is_none(text):
    assert read(text) is None


@pytest.mark.usefixtures("anew")
def test_a_pdf_is_read_apart_and_its_xml_comes_first():
    data = pdf("INVOICE INV-1\nTotal 1.00", attached=cii("INV-1", "20261001", "20261001", "1.00", "L"))
    with Confined("handover.formats.papers:read") as child:
        whole = child.ask(data)
        damaged = child.ask(b"%PDF-1.7 nothing")
    parts = whole.pieces
    assert parts[0].startswith(XML_MARK + b"<?xml")
    assert b"INVOICE INV-1" in parts[1]
    assert damaged.ending in {Ending.FAILED, Ending.WHOLE}
    assert damaged.pieces == []


@pytest.mark.parametrize(
    ("taxes", "currency"),
    [
        pytest.param("TPS 5 % 72,50 $\nTVQ 9,975 % 144,64 $", "CAD", id="with Quebec's taxes"),
        pytest.param("HST 13 % 94,25 $", "CAD", id="with Ontario's"),
        pytest.param("Tax 8 % 58,00 $", "", id="with a tax of anywhere"),
    ],
)
def test_dollars_are_canadian_where_canadas_taxes_stand_beside_them(taxes, currency):
    text = f"FACTURE n° 2026-114\nDate : 2026-10-31\nÉchéance : 2026-11-30\n{taxes}\nTotal à payer 1 667,14 $"
    found = read(text)
    assert found is not None
    assert found.currency == currency
