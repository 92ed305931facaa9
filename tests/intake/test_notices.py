"""Letters that end a contract: when, by whom, until when; as Word, OpenDocument, PDF and plain text."""

import datetime as dt
from itertools import zip_longest
from textwrap import wrap

import pytest

from export_samples import zipped
from handover.intake.look import look
from handover.intake.notices import read_letter, read_mail
from handover.intake.proposal import propose
from handover.intake.prose import Paper
from handover.intake.seen import Kind
from messy_folders import TODAY, mail, pdf, word, write

CONTRACT = (
    "Contrat de prestation entre Fil d’Ariane, SARL, représentée par Mme Anne Lehérissey, gérante, ci-après "
    "« l’Agence », et L’Hirondelle du Havre, SAS, représentée par M. Étienne d’Haucourt, président, ci-après "
    "« le Client ». Le préavis est de deux mois."
)
BY_CLIENT = """L’Hirondelle du Havre
9 rue de Paris, 76600 Le Havre
etienne@hirondelle.example

Fil d’Ariane
À l’attention de Mme Anne Lehérissey

Le Havre, le 31 août 2026
Objet : contrat du 4 octobre 2021

Chère Anne,
Le conseil a décidé de ne pas reconduire le contrat
qui nous lie, et nos échanges cesseront le 30 novembre 2026.
Je vous prie d’agréer, chère Anne Lehérissey, mes salutations distinguées.

Étienne d’Haucourt
Président
02 35 00 11 22"""
BY_AGENCY = """Fil d’Ariane – 23 quai de la Fosse, 44000 Nantes

L’Hirondelle du Havre
Monsieur Étienne d’Haucourt

Objet : résiliation de notre contrat

Monsieur,
Par la présente, nous mettons un terme au contrat dans le respect du préavis de deux mois.
Cordialement,

Fait à Nantes, le 25 septembre 2026
Anne Lehérissey, gérante"""
ENGLISH = """Sallow & Finch Ltd
25 September 2026

Ruth Okello
Oakbeam Digital Ltd

Dear Ruth,
We have decided not to renew our agreement. Your last working day with us will be Friday 27 November 2026.
Yours sincerely,

Harriet Finch
Managing Director"""


def odt(text: str) -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    lines = "".join(f"<text:p>{line}</text:p>" for line in text.replace("&", "&amp;").split("\n"))
    body = (
        f'<office:document-content xmlns:office="{office}office:1.0" xmlns:text="{office}text:1.0"><office:body>'
        f"<office:text><text:tracked-changes><text:p>le 1er janvier 2020</text:p></text:tracked-changes>{lines}"
        "</office:text></office:body></office:document-content>"
    )
    return zipped(
        mimetype="application/vnd.oasis.opendocument.text", content__xml=body, META_H_INF_S_manifest__xml="<m/>"
    )


@pytest.mark.parametrize(
    ("name", "paper"),
    [
        ("lettre.docx", word(*BY_CLIENT.split("\n"))),
        ("lettre.odt", odt(BY_CLIENT)),
        ("lettre.pdf", pdf(BY_CLIENT.replace("’", "'"))),
        ("lettre.txt", BY_CLIENT.encode()),
    ],
)
def test_a_letter_of_any_format_gives_its_day_its_author_and_the_last_day(tmp_path, name, paper):
    write(tmp_path, "contrat.docx", word(CONTRACT))
    write(tmp_path, name, paper)
    seen = look(tmp_path)
    asked = {one.id: one.proposal for one in propose(seen, {}, today=TODAY, language="fr").questions}

    assert [file.path for file in seen.of(Kind.NOTICE)] == [name]
    assert (asked["ended_by"], asked["last_working_day"]) == ("client, 2026-08-31", "2026-11-30")
    assert asked["contacts"].replace("'", "’") == (
        "Étienne d’Haucourt <etienne@hirondelle.example>, Président, 02 35 00 11 22"
    )


def test_a_letter_is_whose_name_stands_below_its_closing(tmp_path):
    write(tmp_path, "contrat.docx", word(CONTRACT))
    write(tmp_path, "lettre.docx", word(*BY_AGENCY.split("\n")))
    asked = {one.id: one.proposal for one in propose(look(tmp_path), {}, today=TODAY, language="fr").questions}
    assert (asked["ended_by"], asked["last_working_day"]) == ("agence, 2026-09-25", "2026-11-25")


def test_a_letter_between_others_ends_no_contract_of_ours(tmp_path):
    write(tmp_path, "contrat.docx", word(CONTRACT))
    write(tmp_path, "letter.docx", word(*ENGLISH.split("\n")))
    asked = {one.id: one.proposal for one in propose(look(tmp_path), {}, today=TODAY, language="fr").questions}
    assert (asked["ended_by"], asked["last_working_day"]) == ("", "")


def read(text: str):
    found = read_letter(Paper.of("l.docx", [text], numbered=False))
    return (found.day, found.until, found.name, found.role) if found else None


def test_an_english_letter_gives_them_too():
    day, until = dt.date(2026, 9, 25), dt.date(2026, 11, 27)
    assert read(ENGLISH) == (day, until, "Harriet Finch", "Managing Director")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BY_CLIENT.replace("ne pas reconduire le contrat", "changer de logo").replace("cesseront", "vont"),
                     id="that ends nothing"),
        pytest.param(BY_CLIENT.replace("le 31 août 2026", "le [date]"), id="without a day, as models are"),
        pytest.param(BY_CLIENT.replace("Chère Anne,", ""), id="without a salutation"),
        pytest.param(BY_CLIENT.replace("mes salutations distinguées", ""), id="without a closing"),
    ],
)  # fmt: skip
def test_a_text_is_no_such_letter(text):
    assert read(text) is None


@pytest.mark.parametrize(
    ("ends", "subject"),
    [
        (True, "Fin de notre contrat"), (True, "Fin du contrat"), (True, "Fin de la mission le 30 novembre"),
        (True, "Fin de notre mission chez vous"), (True, "End of our contract"), (True, "Termination of our agreement"),
        (True, "Résiliation du contrat"), (True, "We will not be renewing our contract"),
        (False, "Fin de la mission photo"), (False, "Fin de cette mission vidéo"), (False, "Fin de contrat de Julie"),
        (False, "Fin de la collaboration avec le photographe"), (False, "Termination of the CDN plan"),
        (False, "Résiliation de votre abonnement mobile"), (False, "We won’t renew the domain name"),
        (False, "The certificate is not renewed automatically"), (False, "We won't extend the deadline"),
        (False, "Résiliation OVH"), (False, "Nous résilions l’hébergement OVH au 31 octobre"),
        (False, "Nous n’allons pas continuer les prestations photo avec Marc"), (False, "J’ai résilié Canva hier"),
        (False, "Nous mettons fin à la collaboration avec le photographe"), (False, "Last day with the photographer"),
        (False, "We are cancelling our contract with the printing house"),
        (False, "We need 3 days' notice to change it"),
        (False, "Comment mettre fin à un contrat d’agence"), (False, "How to end an agency contract: five tips"),
        (False, "5 signes qu’il est temps de rompre avec votre agence : mettre fin à la collaboration"),
        (False, "Either party may terminate this agreement"), (False, "Le contrat peut être résilié à tout moment"),
        (False, "Terminate your contract online"), (False, "Résiliez votre contrat en trois clics"),
        (False, "Julie is giving notice"), (False, "Marc gives his notice on Monday"),
        (True, "Sallow & Finch is giving notice to end our contract"), (True, "Please terminate our contract"),
        (True, "Nous résilions notre contrat avec vous, l’hébergement OVH reste"),
        (True, "We give you notice to end it"),
        (True, "Nous n’allons pas continuer les prestations avec vous"),
        (True, "Our last day working with you is Friday"),
    ],
)  # fmt: skip
def test_only_the_end_of_the_contract_itself_is_an_ending(ends, subject):
    parts = ["y@s.example", "Yann", "", "", "2026-09-01", subject, "Bonjour,\n\nVoici les fichiers.\n"]
    assert (read_mail("a.eml", parts) is not None) is ends


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        (True, "c’est notre décision."), (True, "nous mettons fin à notre contrat."),
        (False, "je m’occupe de l’abonnement : je l’ai résilié, la ligne fixe aussi."),
        (False, "notre contrat prend fin.\n\nSe désinscrire"), (False, "we end our contract.\n\nUnsubscribe"),
    ],
)  # fmt: skip
def test_a_subject_of_one_word_is_of_what_the_text_ends_and_what_went_to_many_ends_nothing(ends, text):
    parts = ["y@s.example", "Yann", "", "", "2026-09-01", "Résiliation", f"Bonjour,\n\n{text}\n"]
    assert (read_mail("a.eml", parts) is not None) is ends


@pytest.mark.parametrize(
    ("address", "ends"),
    [("yann@s.example", True), ("noreply@yann.example", False), ("no-reply@s.example", False),
     ("do-not-reply@s.example", False), ("ne-pas-repondre@s.example", False), ("norepl@s.example", True)],
)  # fmt: skip
def test_what_a_program_sent_ends_nothing(address: str, ends: bool) -> None:
    parts = [address, "Yann", "", "", "2026-09-01", "Fin de notre contrat", "Bonjour,\n\nÀ bientôt.\n"]
    assert (read_mail("a.eml", parts) is not None) is ends


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("nous ne renouvellerons pas notre contrat à son échéance du 31 décembre 2026", "2026-12-31"),
        ("nous mettons fin à nos prestations avec effet au 30 novembre 2026", "2026-11-30"),
        ("fin de notre collaboration. Dernier jour : 30/11/2026", "2026-11-30"),
        ("votre mission prendra donc fin le vendredi 30 octobre", "2026-10-30"),
        ("on arrête la mission au 1er décembre", "2026-12-01"),
        ("la présente vaut dénonciation du contrat pour son terme, le 15 janvier 2027", "2027-01-15"),
        ("our last day together will be Monday 30 November", "2026-11-30"),
        ("this is our 30-day notice of cancellation, effective December 1, 2026", "2026-12-01"),
        ("nous mettons fin au contrat : le préavis court du 1er septembre au 30 novembre 2026", "2026-11-30"),
        ("we give notice to end our contract; the notice period runs from 1 September to 30 November", "2026-11-30"),
        ("nous mettons fin au contrat signé le 3 mars", None),
    ],
)
def test_the_last_day_is_the_one_that_the_notice_names(text, day):
    found = read_mail("a.eml", ["y@s.example", "Yann", "", "", "2026-09-01", "Point", f"Bonjour,\n\n{text}.\n"])
    assert (str(found.until) if found.until else None) == day


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("C’est l’agence Ardenne (p@ardenne.example) qui reprend le site", True),
        ("Our new agency, Kite Web, will be in touch", True),
        ("Merci pour tout", False),
    ],
)
def test_where_the_notice_speaks_of_the_next_provider_enter_does_not_say_that_there_is_none(tmp_path, text, told):
    body = f"nous mettons fin à notre contrat. {text}. Yann\n"
    write(tmp_path, "a.eml", mail("Yann <y@salins.example>", "Fri, 28 Aug 2026 18:42:10 +0200", "Fin", body))
    asked = next(one for one in propose(look(tmp_path), {}, today=TODAY).questions if one.id == "successor")
    assert (asked.proposal, text in asked.why) == (("", True) if told else ("no", False))


INVOICE_7 = "INVOICE # 1107\nDATE 10/01/2026\nDUE DATE 10/31/2026\nBALANCE DUE $10.00"
INVOICE_8 = "INVOICE # 1108\nDATE 11/01/2026\nDUE DATE 12/01/2026\nBALANCE DUE $10.00"
INVOICE_9 = "INVOICE # 1109\nDATE 25/11/2026\nDUE DATE 02/12/2026\nBALANCE DUE $10.00"


@pytest.mark.parametrize(
    ("papers", "day_first", "due"),
    [
        pytest.param([INVOICE_8], True, "2026-01-12", id="as the agency writes, the day first"),
        pytest.param([INVOICE_8], False, "2026-12-01", id="as the agency writes, the month first"),
        pytest.param([INVOICE_8, INVOICE_7], True, "2026-12-01", id="as another paper of the folder does"),
        pytest.param([INVOICE_8, INVOICE_9], False, "2026-01-12", id="as another paper does, the day first"),
    ],
)
def test_a_day_in_numbers_is_read_as_the_papers_of_the_folder_write_it(tmp_path, papers, day_first, due):
    for number, text in enumerate(papers):
        write(tmp_path, f"invoice {number}.txt", text)
    invoices = look(tmp_path, day_first=day_first).invoices
    assert next(str(one.due_date) for one in invoices if one.number == "1108") == due


def test_a_paper_tells_itself_how_it_writes_days(tmp_path):
    write(tmp_path, "invoice 9.txt", INVOICE_9)
    write(tmp_path, "invoice 7.txt", INVOICE_7)
    assert {str(one.due_date) for one in look(tmp_path).invoices} == {"2026-12-02", "2026-10-31"}


def test_a_notice_that_lines_broke_is_read_across_them(tmp_path):
    text = "nous avons décidé de ne pas poursuivre notre\ncollaboration, qui prendra fin le\n30 novembre 2026.\n"
    write(tmp_path, "a.eml", mail("Yann <y@salins.example>", "Fri, 28 Aug 2026 18:42:10 +0200", "Point", text))
    assert [one.until for one in look(tmp_path).mails] == [dt.date(2026, 11, 30)]


def test_a_contract_in_two_columns_is_read_one_after_the_other(tmp_path):
    first, second = CONTRACT.split(", et L’")
    left = wrap(f"{first}, et", 48) + [""] * 3 + wrap(f"L’{second}", 48)
    right = wrap(
        "Article 2. Le contrat prend effet le 1er mars 2022. " + "Il est régi par le droit français. " * 12, 48
    )
    rows = [f"{one}\t{other}" for one, other in zip_longest(left, right, fillvalue="")]
    write(tmp_path, "contrat.pdf", pdf("\n".join(("CONTRAT", "", *rows)).replace("’", "'")))
    (contract,) = look(tmp_path).contracts
    said = {key: found[0].value for key, found in contract.says.items()}
    assert said["client.name"] == "L'Hirondelle du Havre"
    assert said["client.person"] == "Étienne d'Haucourt"
    assert (said["contract.start_date"], said["contract.notice_period"]) == ("2022-03-01", "deux mois")


def test_a_table_is_read_line_by_line(tmp_path):
    rows = "\n".join(f"Ligne {number}\t{number},00 €" for number in range(1, 12))
    write(
        tmp_path, "f.pdf", pdf(f"Facture n° F-12\nDate : 30/09/2026\nÉchéance : 30/10/2026\n{rows}\nTotal TTC\t66,00 €")
    )
    (invoice,) = look(tmp_path).invoices
    assert (invoice.number, str(invoice.amount)) == ("F-12", "66.00")
