"""Periods, settings with marks, boards and choices: what follows from what was seen."""

import datetime as dt
import io
import unicodedata
from decimal import Decimal

import pytest
from openpyxl import Workbook

from export_samples import PASSPHRASE, bitwarden, bitwarden_login, bitwarden_protected, zipped
from handover.intake.exports import is_mail, is_metrics, licence_in, of_client
from handover.intake.look import look, unlocked
from handover.intake.meanings import COLUMNS, LISTS, remember, remembered
from handover.intake.periods import choose_periods
from handover.intake.proposal import Proposal, propose
from handover.intake.questions import ORDER, contacts
from handover.intake.seen import Invoice, Kind
from handover.intake.settings import Value, filled, scalar
from handover.intake.tables import definitions, unit_of
from handover.intake.wording import address_lines, as_people_write, is_for, is_own_logo, is_to, town
from handover.intake.write import accounts_of
from handover.languages import files
from handover.model.errors import WrongPassphrase
from handover.model.rows import CredentialRow, MetricRow, PendingStatus
from handover.model.secret import Secret
from handover.project.read.yaml_tree import read_yaml
from handover.project.unconfirmed import unconfirmed
from messy_folders import TODAY, french, mail, outlook, pdf, table, trello, word, write


def months(metric: str, first: tuple[int, int], count: int) -> list[MetricRow]:
    at = first[0] * 12 + first[1] - 1
    days = [dt.date((at + n) // 12, (at + n) % 12 + 1, 1) for n in range(count)]
    return [MetricRow(date=day, metric=metric, value=Decimal(5)) for day in days]


def chosen(rows: list[MetricRow]) -> tuple[str, ...]:
    found = choose_periods(rows, TODAY)
    if found is None:
        return ()
    one, other = found.periods.baseline, found.periods.current
    return tuple(f"{day:%Y-%m}" for day in (one.start, one.end, other.start, other.end))


def test_two_whole_years_are_compared_where_there_are_any_the_earliest_with_the_latest():
    assert chosen(months("visitors", (2022, 11), 48)) == ("2022-11", "2023-10", "2025-11", "2026-10")


def test_why_periods_were_chosen_names_how_many_metrics_have_them():
    visitors, leads = months("visitors", (2024, 11), 24), months("leads", (2026, 1), 6)
    assert choose_periods(visitors, TODAY).why.endswith("in which every metric has every month")
    assert choose_periods([*visitors, *leads], TODAY).why.endswith("in which one of 2 metrics has every month")


def test_the_running_month_is_not_compared():
    assert chosen(months("visitors", (2025, 10), 14)) == ("2025-10", "2025-10", "2026-10", "2026-10")


def test_what_covers_most_metrics_wins_over_what_is_longest():
    rows = months("visitors", (2024, 11), 24)
    rows += [row for one in ("clicks", "impressions", "leads", "sessions") for row in months(one, (2025, 5), 18)]
    assert chosen(rows) == ("2025-05", "2025-10", "2026-05", "2026-10")


def test_a_single_summer_can_be_compared_with_nothing():
    assert chosen(months("visitors", (2026, 5), 3)) == ()


def test_values_stand_behind_their_keys_and_unconfirmed_ones_are_marked():
    template = files.read_text("fr", "project", "handover.yaml")
    values = {
        "client.name": Value('Maison "K": # x', "d’après c.pdf, p. 2 : « Maison »\x07"),
        "client.address": Value(["3 rue", "29900 C"], "", confirmed=True),
        "client.contacts": Value([{"name": "A B", "email": "a@b.fr"}, {"name": "C D", "email": "c@b.fr"}], "mail.eml"),
        "no.such_key": Value("lost", "", confirmed=True),
    }
    text = filled(template, values, "fr")
    tree, wrong = read_yaml(text.encode(), "handover.yaml")
    assert wrong == []
    contacts = tree.get("client").get("contacts").items
    assert [contact.get("email").text for contact in contacts] == ["a@b.fr", "c@b.fr"]
    assert tree.get("client").get("name").text == 'Maison "K": # x'
    told = [finding.message.split("`")[1] for finding in unconfirmed(text, tree, "handover.yaml")]
    assert told == ["client.name", "client.contacts[1].name", "client.contacts[1].email", "client.contacts[2].name"]
    assert "\x07" not in text
    assert [line for line in template.splitlines() if line.lstrip().startswith("#")] == [
        line for line in text.splitlines() if line.lstrip().startswith("#")
    ]


@pytest.mark.parametrize(
    "text", ["yes", "non", "a: b", "a #b", "- a", "", "'x'", "null", "*a", "2", "é à", "12 rue du Lac"]
)
def test_any_text_comes_back_from_yaml_as_it_was(text):
    tree, wrong = read_yaml(f"key: {scalar(text)}\n".encode(), "f")
    assert (tree.get("key").text, wrong) == (text, [])


def test_no_more_than_a_dozen_questions_are_asked_each_once(tmp_path):
    (tmp_path / "messy").mkdir()
    made = french(tmp_path / "messy")
    seen = look(made.root)
    open_ones = [question.id for question in propose(seen, {}, today=TODAY).questions]
    assert open_ones == [
        name
        for name in ORDER
        if name not in {"readings", "dates", "numbers", "columns", "secrets", "withheld", "board"}
    ]  # all known
    assert len(ORDER) == 16
    less = propose(seen, {}, today=TODAY, inherited={"agency.name": "Brume", "owners[1].name": "I"})
    assert not [key for key in less.values if key in {"agency.name", "owners"}]
    # An answer changes what is proposed next.
    given = propose(seen, {"notice_date": "2026-10-01"}, today=TODAY).questions
    assert next(one for one in given if one.id == "last_working_day").proposal == "2026-12-01"


def test_what_two_advertising_tools_tell_stands_under_two_names(tmp_path):
    (tmp_path / "messy").mkdir()
    made = french(tmp_path / "messy")
    proposal = propose(look(made.root), {}, today=TODAY)
    spent = {row.metric: row.value for row in proposal.metrics if row.metric.endswith("_spend") and row.date.month == 9}
    assert {metric: str(value) for metric, value in spent.items()} == {"ad_spend": "100.50", "meta_spend": "61.25"}
    labels = {metric: defined["label"] for metric, defined in proposal.values["metrics"].content.items()}
    assert (labels["ad_spend"], labels["meta_spend"]) == (
        "Dépenses publicitaires (Google Ads)", "Dépenses publicitaires (Meta Ads)",
    )  # fmt: skip
    assert not [why for _, why in proposal.left_out if "nothing is taken" in why]


def test_a_protected_password_list_is_told_and_opened_by_its_passphrase_alone(tmp_path):
    write(tmp_path, "vault.json", bitwarden_protected(bitwarden(bitwarden_login("Shop", "canary-1"))))
    seen = look(tmp_path)
    assert [(one.file, one.export) for one in seen.passwords] == [("vault.json", None)]
    assert "credentials" not in [question.id for question in propose(seen, {}, today=TODAY).questions]
    with pytest.raises(WrongPassphrase):
        unlocked(tmp_path, seen.passwords[0], Secret("wrong"))
    assert len(unlocked(tmp_path, seen.passwords[0], Secret(PASSPHRASE)).export.entries) == 1


def test_two_exports_that_contradict_one_another_are_not_guessed_at(tmp_path):
    write(tmp_path, "a.csv", "month,visitors\n2025-01,10\n2025-02,12\n")
    write(tmp_path, "b.csv", "month,visitors\n2025-01,11\n2025-02,12\n")
    proposal = propose(look(tmp_path), {}, today=TODAY)
    assert [str(row.value) for row in proposal.metrics] == ["10", "12"]
    told = dict(proposal.left_out)["b.csv"]
    assert told == "nothing is taken of it: visitors of 2025-01-01 is 11 there and 10 in another export"


def test_files_are_told_by_their_content_and_nothing_is_followed(tmp_path):
    write(tmp_path, "a.txt", b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5" + bytes(200))  # a KeePass database
    write(tmp_path, "table.dat", "month,visitors\n2025-01,10\n2025-02,12\n")
    write(tmp_path, "b/copie.bin", b"same" * 100)
    write(tmp_path, "b/copie (1).bin", b"same" * 100)
    write(tmp_path, "b/other.bin", b"like" * 100)
    (tmp_path / "loop").symlink_to(tmp_path)
    kinds = {file.path: file.kind for file in look(tmp_path).files}
    assert kinds == {
        "a.txt": Kind.PASSWORDS, "table.dat": Kind.METRICS, "b/copie.bin": Kind.FILE, "b/copie (1).bin": Kind.COPY,
        "b/other.bin": Kind.FILE, "loop": Kind.IRREGULAR,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("groups", "names", "mine"),
    [
        (["Clients/Le Goff", "Clients/Armor"], ["Conserverie Le Goff SAS"], ["Clients/Le Goff"]),
        (["#kervella", "#armor"], ["Maison Kervella"], ["#kervella"]),
        (["Le Phare", "Les Halles"], ["La Maison"], []),
        (["SAS", "Ltd"], ["Kervella SAS"], []),
    ],
)
def test_a_folder_is_the_clients_where_its_own_words_are_in_the_name(groups, names, mine):
    assert of_client(groups, names) == mine


@pytest.mark.parametrize(
    ("head", "is_one"),
    [
        (b"From: a@b.c\nTo: d@e.f\nDate: x\n\ntext", True),
        (b"Received: by x\r\n y\r\nFrom: a@b.c\r\nSubject: s\r\nDate: x\r\n\r\n", True),
        (b"From: a@b.c\nSent: x\nTo: d\nSubject: s\n\ntext", True),
        ("De\u00a0: a@b.c\nEnvoyé\u00a0: x\nÀ\u00a0: d\nObjet\u00a0: s\n\ntexte".encode(), True),
        (b"From: here\n\nDate: there\nSubject: none", False),
        (b"name: x\nversion: 2\n", False),
    ],
)
def test_an_email_is_told_by_its_fields(head, is_one):
    assert is_mail(head) is is_one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("month,visitors\n2025-01,10\n2025-02,12\n", True),
        ("mois;visiteurs\n01/01/2025;10\n01/02/2025;12\n", True),
        ("name,price\nbowl,10\ncup,12\n", False),
        ("a,b\nc,d\ne,f\n", False),
    ],
)
def test_a_table_is_one_of_metrics_where_it_has_months_and_a_known_metric(text, is_one):
    assert is_metrics(text.encode(), "t.csv") is is_one


@pytest.mark.parametrize(
    ("header", "is_one"), [(["month", "visitors"], True), (["Datum", "Klicks"], False), (["article", "price"], False)]
)
def test_a_workbook_is_looked_into_where_it_speaks_of_days(header, is_one):
    book = Workbook()
    book.active.append(header)
    for number in range(1, 4):
        book.active.append([dt.date(2026, number, 1) if is_one else "x", number])
    stream = io.BytesIO()
    book.save(stream)
    assert is_metrics(stream.getvalue(), "b.xlsx") is is_one


def test_papers_as_plain_texts_are_read_and_a_note_about_an_invoice_is_none(tmp_path):
    between = "Studio Brume, SARL, ci-après « le Prestataire », et Maison Kervella, ci-après « le Client »."
    write(tmp_path, "contrat.txt", f"Contrat de prestation\nEntre {between}\n")
    write(tmp_path, "f.txt", "FACTURE N° F-7\nDate : 30/09/2026\nÉchéance : 30/10/2026\nTotal TTC 100,00 €\n")
    write(tmp_path, "todo.txt", "envoyer la facture n° 12, total 300 €\n")
    assert {file.path: file.kind for file in look(tmp_path).files} == {
        "contrat.txt": Kind.CONTRACT, "f.txt": Kind.INVOICE, "todo.txt": Kind.FILE,
    }  # fmt: skip


def test_an_invoice_to_the_agency_is_its_suppliers():
    texts = ("Facture 2026/778\nClient : Studio Brume\nFlyers Larkhill", "Studio Brume\nFacture 7\nClient : Larkhill")
    made = [is_to(Invoice("i.pdf", "1", None, None, None, "", buyer=text), "Studio Brume SARL") for text in texts]
    assert made == [True, False]


def test_what_a_table_leaves_open_is_asked_for_once_and_then_read(tmp_path):
    months = [f"0{at}" for at in range(1, 4)]
    rows = "".join(f'01/{month}/2026,"1,20{at}","2,10{at}"\n' for at, month in enumerate(months))
    write(tmp_path, "web.csv", f"month,Visitors,Vues\n{rows}")
    write(tmp_path, "Services agreement.txt", "Services agreement of the parties, and for the terms that we have in it")
    seen = look(tmp_path)

    asked = next(one for one in propose(seen, {}, today=TODAY).questions if one.id == "readings")
    assert asked.shown == ("web.csv: 03/04/2026 is 3 April", "web.csv: 1,234 is more than a thousand")
    said = {"readings": "no"}
    assert "dates" in {one.id for one in propose(seen, said, today=TODAY).questions}
    each = propose(seen, said | {"dates": "yes", "numbers": "no"}, today=TODAY, language="en")
    said["readings"] = "yes"
    assert "columns" in {one.id for one in each.questions}
    columns = next(one for one in propose(seen, said, today=TODAY).questions if one.id == "columns")
    assert columns.proposal == "Vues = Page views"
    said["columns"] = columns.proposal
    rows_ = propose(seen, said, today=TODAY).metrics
    assert {(row.metric, str(row.date), row.value) for row in rows_} >= {
        ("visitors", "2026-03-01", Decimal(1202)), ("page_views", "2026-03-01", Decimal(2102)),
    }  # fmt: skip


def test_other_clients_are_told_by_the_word_that_is_theirs_and_a_folder_called_personal_is_none(tmp_path):
    names = ("Ets Chavanne", "Personal", "Kervella", "Brasserie La Souche")
    logins = (bitwarden_login(name, "Pw-1!", folderId=name) for name in names)
    folders = {name: f"Clients/{name}" for name in names}
    write(tmp_path, "b.json", bitwarden(*logins, folders=folders))
    between = "Studio Brume, SARL, ci-après « le Prestataire », et Maison Kervella, ci-après « le Client »."
    write(tmp_path, "contrat.txt", f"Contrat de prestation\nEntre {between}\n")
    write(tmp_path, "brief.docx", word("Brief Établissements Chavanne"))
    write(tmp_path, "page.docx", word("Personal yoga, à la souche"))
    write(tmp_path, "Photos/La Souche/a.bin", "x")
    kinds = {file.path: file.kind for file in look(tmp_path).files}
    assert (kinds["brief.docx"], kinds["page.docx"]) == (Kind.FOREIGN, Kind.FILE)
    assert kinds["Photos/La Souche/a.bin"] is Kind.FOREIGN  # a folder is called by the end of a name with an article


def test_a_folder_whose_name_is_written_in_two_ways_is_one_to_whoever_leaves_it_out(tmp_path):
    for form in ("NFC", "NFD"):
        write(tmp_path, unicodedata.normalize(form, "Créa/a.bin"), form)
    said = propose(look(tmp_path), {"files": "Créa"}, today=TODAY)
    assert (said.files, len(said.left_out)) == ((), 2)


def test_a_licence_is_told_by_name_and_text():
    assert licence_in("photos/LICENSE.txt", "Attribution: CC BY 4.0") == "CC BY 4.0"
    assert licence_in("photos/readme.txt", "Attribution: CC BY 4.0") == ""


@pytest.mark.parametrize(
    ("client", "named"),
    [("Larkhill Pottery Ltd", True), ("LARKHILL POTTERY", True), ("Larkhill", True), ("Hill Pottery", False)],
)
def test_an_invoice_is_for_the_client_that_it_names(client, named):
    invoice = Invoice("i.pdf", "1", None, None, None, "", buyer="To: Larkhill Pottery, Ludlow")
    assert is_for(invoice, client) is named


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (["4 rue", "35000 Rennes"], "Rennes"),
        (["1 Quay", "Bristol BS1 4XX"], "Bristol"),
        (address_lines("4520, rue Saint-Denis, bureau 300, Montréal (Québec) H2J 2L3"), "Montréal"),
        (address_lines("212 Commercial Street, Portland, ME 04101")[1:], "Portland"),
        (["Rue Haute 3", "B-1000 Bruxelles"], "Bruxelles"),
        (["x"], ""),
    ],
)
def test_the_town_stands_by_the_postcode(lines, place):
    assert town(lines) == place


@pytest.mark.parametrize(
    "text",
    [
        "nous avons décidé de ne pas poursuivre notre collaboration au-delà du 30 novembre 2026.",
        "je vous informe de ma décision de cesser ma mission.",
        "nous mettrons fin au contrat ; mon préavis de 60 jours commence aujourd'hui.",
        "Nous ne renouvellerons pas la convention.",
        "we've decided to bring our agreement to a close.",
        "Please treat this as our 90 days' notice.",
        "We are ending the retainer.",
        "je vous notifie la rupture de notre contrat.",
        "nous mettons fin à l'entente 2021-117.",
        "Je vous confirme l'arrêt de notre collaboration au 30 novembre.",
        "nous ne souhaitons plus travailler avec vous.",
        "please accept this as formal notice.",
        "we won't be renewing our contract.",
        "We will no longer require your services after 30 November 2026.",
        "nous avons choisi de confier notre site à une autre agence.",
        "votre mission prendra donc fin le 30 octobre.",
        "la présente vaut dénonciation du contrat.",
        "We will not be continuing with your services.",
        "our last day together will be Monday 30 November.",
        "This is our 30-day notice of cancellation.",
    ],
)
def test_an_email_that_ends_the_contract_is_told_by_what_it_ends(text, tmp_path):
    write(tmp_path, "a.eml", mail("Yann Le Bihan <y@salins.example>", "Fri, 28 Aug 2026 18:42:10 +0200", "Suite", text))
    assert [one.day for one in look(tmp_path).mails] == [dt.date(2026, 8, 28)]


@pytest.mark.parametrize("kind", ["001F", "001E"])
def test_an_email_that_outlook_saved_is_read_and_one_that_is_damaged_stays_behind(kind, tmp_path):
    kept = outlook(
        ("Yann Le Bihan", "y@salins.example"), dt.date(2026, 8, 28), "Suite", "Nous résilions notre contrat.", kind
    )
    write(tmp_path, "a.MSG", kept)
    write(tmp_path, "b.msg", kept[:1500])
    seen = look(tmp_path)
    assert [(one.name, one.address, one.to, one.day) for one in seen.mails] == [
        ("Yann Le Bihan", "y@salins.example", ("Inès Caro", ""), dt.date(2026, 8, 28))
    ]
    assert {file.path: file.kind for file in seen.files} == {"a.MSG": Kind.NOTICE, "b.msg": Kind.MAIL}


@pytest.mark.parametrize(
    ("top", "day", "until"),
    [
        (
            "From: Saoirse Kelly <s@yoga.example>\nSent: 30 October 2026 16:20\nTo: Deb\nSubject: The end",
            dt.date(2026, 11, 27),
            "with the last day being 27 November 2026",
        ),
        (
            "De : Saoirse Kelly <s@yoga.example>\nEnvoyé : vendredi 30 octobre 2026 16:20\nÀ : Deb\nObjet : Fin",
            dt.date(2026, 11, 28),
            "notre dernière journée de travail sera le 28 novembre 2026",
        ),
    ],
)
def test_an_email_saved_as_text_is_read_by_the_names_that_its_program_shows(tmp_path, top, day, until):
    write(tmp_path, "notice.txt", f"{top}\n\nWe'd like to end our agreement, nous mettons fin à la mission, {until}.\n")
    assert [(one.address, one.name, one.day, one.until) for one in look(tmp_path).mails] == [
        ("s@yoga.example", "Saoirse Kelly", dt.date(2026, 10, 30), day)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Nous allons mettre fin à la campagne de Noël.",
        "We ended the call early.",
        "Nous arrêtons Facebook Ads.",
        "We are terminating the hosting with OVH on 3 May.",
        "Le contrat avec notre imprimeur prend fin le 3 mai 2026.",
    ],
)
def test_an_email_that_ends_something_else_ends_no_contract(text, tmp_path):
    write(tmp_path, "a.eml", mail("Yann <y@salins.example>", "Fri, 28 Aug 2026 18:42:10 +0200", "Point", text))
    assert look(tmp_path).mails == ()


def test_who_signed_the_email_and_the_last_day_that_it_names_are_proposed(tmp_path):
    text = "nous résilions notre contrat à effet du 30/11/2026.\n\nYann Le Bihan\nGérant – Les Salins\n02 40 24 00 11\n"
    write(
        tmp_path, "a.eml", mail('"LE BIHAN Yann" <y@salins.example>', "Fri, 28 Aug 2026 18:42:10 +0200", "Suite", text)
    )
    write(
        tmp_path,
        "b.eml",
        mail("Nous <nous@agence.example>", "Mon, 31 Aug 2026 08:00:00 +0200", "Re", "votre résiliation"),
    )
    asked = {one.id: one.proposal for one in propose(look(tmp_path), {}, today=TODAY, language="fr").questions}
    assert asked["contacts"] == "LE BIHAN Yann <y@salins.example>, Gérant, 02 40 24 00 11"
    assert (asked["ended_by"], asked["last_working_day"]) == ("client, 2026-08-28", "2026-11-30")


def test_each_thing_said_of_the_end_comes_with_the_sentence_that_says_it(tmp_path):
    text = "Nous mettons fin à notre contrat. Nos échanges cesseront le 30 novembre 2026. Yann Le Bihan\n"
    write(tmp_path, "a.eml", mail("Yann <y@salins.example>", "Fri, 28 Aug 2026 18:42:10 +0200", "Suite", text))
    asked = {one.id: one.why for one in propose(look(tmp_path), {}, today=TODAY).questions}
    assert "Nous mettons fin à notre contrat" in asked["ended_by"]
    assert "Nos échanges cesseront le 30 novembre 2026" in asked["last_working_day"]


def test_what_the_papers_say_of_the_end_is_confirmed_with_the_rest(tmp_path):
    contract = (
        "Contrat entre Studio Brume, ci-après « le Prestataire », et Les Salins, représentée par M. Yann Le Bihan, "
        "ci-après « le Client ». Le préavis est de deux mois."
    )
    text = "nous résilions notre contrat.\n\nYann Le Bihan\nGérant\n02 40 24 00 11\n"
    write(tmp_path, "contrat.docx", word(contract))
    write(tmp_path, "a.eml", mail("Yann Le Bihan <y@salins.example>", "Fri, 28 Aug 2026 18:42:10 +0200", "Fin", text))
    seen = look(tmp_path)
    end = {"ended_by", "last_working_day", "contacts"}
    shown = propose(seen, {}, today=TODAY).questions
    assert end <= {one.id for one in shown}
    assert [line.partition(" – ")[0] for line in shown[0].shown][-4:] == [
        "who ends it: client", "notice of: 2026-08-28", "last day: 2026-10-28",
        "who receives it: Yann Le Bihan <y@salins.example>, Gérant, 02 40 24 00 11",
    ]  # fmt: skip
    right = propose(seen, {"facts": "oui"}, today=TODAY)
    assert not end & {one.id for one in right.questions}
    assert right.values["contract.last_working_day"].content == "2026-10-28"
    assert right.values["contract.last_working_day"].confirmed
    assert end <= {one.id for one in propose(seen, {"facts": "non"}, today=TODAY).questions}
    other = propose(seen, {"facts": "oui", "notice_date": "2026-09-01"}, today=TODAY).questions
    assert [one.proposal for one in other if one.id == "last_working_day"] == ["2026-11-01"]


@pytest.mark.parametrize(
    ("name", "elsewhere", "written"),
    [
        ("Loïc KERBRAT", [], "Loïc Kerbrat"),
        ("ÉTIENNE D’HAUCOURT", ["Président, Étienne d'Haucourt"], "Étienne d’Haucourt"),
        ("Marie-Laure de Kersauson", [], "Marie-Laure de Kersauson"),
        ("J. R. Petit", [], "J. R. Petit"),
    ],
)
def test_a_persons_name_in_capitals_is_written_as_names_are(name, elsewhere, written):
    assert as_people_write(name, elsewhere, person=True) == written


def test_what_a_boards_lists_mean_is_asked_once_for_all_clients(tmp_path):
    board = trello("B", {"Chez nous": ["Menu"], "Archives": ["Old"]})
    write(tmp_path / "messy", "board.json", board)
    workspace = tmp_path / "studio"
    said = {"board": "Chez nous = en cours; Archives = -"}
    first = propose(look(tmp_path / "messy"), said, today=TODAY, language="fr")
    assert not remember(LISTS, workspace, first.lists)  # without a workspace nothing is kept
    write(workspace, "agency.yaml", "agency: {}\n")
    assert remember(LISTS, workspace, first.lists)
    lists = remembered(LISTS, workspace)
    assert lists == {"chez nous": "in-progress", "archives": "-"}
    again = propose(look(tmp_path / "messy"), {}, today=TODAY, language="fr", lists=lists)
    assert "board" not in {one.id for one in again.questions}
    assert [(row.project, row.status) for row in again.pending] == [("Menu", PendingStatus.IN_PROGRESS)]
    write(tmp_path / "messy", "board.json", trello("B", {"Chez nous": ["Menu"], "Chez eux": ["Logo"]}))
    asked = propose(look(tmp_path / "messy"), {}, today=TODAY, language="fr", lists=lists).questions
    assert [one.proposal for one in asked if one.id == "board"] == ["Chez nous = en cours; Chez eux = à faire"]
    write(workspace, "lists.csv", "list,status\nA,nonsense\nB\n=cmd,done\n")
    assert remembered(LISTS, workspace) == {"=cmd": "done"}


def test_accounts_are_proposed_from_the_hosts_of_the_sign_ins_and_their_owners_are_not_guessed():
    rows = [
        CredentialRow(service="Shop", url="https://x.myshopify.com/admin", user_name="ls1234", password=Secret("x")),
        CredentialRow(
            service="GA", url="https://analytics.google.com", user_name="us@brume.example", password=Secret("x")
        ),
        CredentialRow(
            service="GA 2", url="https://analytics.google.com/x", user_name="me@c.example", password=Secret("x")
        ),
        CredentialRow(service="Till", url="https://till.example", user_name="a", password=Secret("x")),
    ]
    made = accounts_of(Proposal("fr", {}, (), own_address="us@brume.example", own_name="Studio Brume"), rows)
    assert [(one["service"], one.get("current_owner")) for one in made] == [
        ("Shopify", None), ("Google Analytics", "Studio Brume"),
    ]  # fmt: skip


def test_a_paper_without_text_and_the_agencys_own_affairs_are_told(tmp_path):
    write(tmp_path, "Contrat scanné.pdf", pdf(" "))
    write(tmp_path, "brochure.pdf", pdf(" "))
    write(tmp_path, "facture.pdf", pdf("FACTURE\nDate : 31/10/2026\nTotal TTC 960,00"))
    write(tmp_path, "suivi interne.csv", "a,b\n1,2\n")
    write(tmp_path, "mémo.docx", word("FTP", "Mot de passe : Marais!2024-canary"))
    write(tmp_path, "contrat.docx", word("Contrat", "ci-après", "« le Client »"))
    write(tmp_path, "contrat - Copie.docx", word("Contrat", "ci-après", "« le Client »"))
    seen = look(tmp_path)
    assert seen.unread == ("Contrat scanné.pdf",)
    told = propose(seen, {}, today=TODAY).unread
    assert told == ("facture.pdf: looks like an invoice, and its number can't be read: add it by hand",)
    assert {file.path for file in seen.of(Kind.SECRET)} == {"suivi interne.csv", "mémo.docx"}
    assert "contrat - Copie.docx" in {file.path for file in seen.of(Kind.COPY)}


def test_of_a_browsers_passwords_those_of_the_clients_own_site_are_proposed(tmp_path):
    rows = [
        {"name": "x", "url": f"https://{host}/", "username": "a", "password": "canary"}
        for host in ("www.lessalins.example", "bank.example")
    ]
    write(tmp_path, "Chrome.csv", table("name,url,username,password,note", *rows))
    seen = look(tmp_path)
    proposal = propose(seen, {"client.name": "Biscuiterie Les Salins"}, today=TODAY)
    asked = next(one for one in proposal.questions if one.id == "credentials")
    assert asked.shown == ("#lessalins.example (1)", "#bank.example (1)")
    given = propose(seen, {"credentials": "#lessalins.example"}, today=TODAY).credentials
    assert [groups for _, groups in given] == [("#lessalins.example",)]
    assert of_client(["#lessalins.example", "#bank.example"], ["Biscuiterie Les Salins"]) == ["#lessalins.example"]


def test_what_strangers_write_reaches_the_file_as_one_line_of_text(tmp_path):
    name = "Eve\u202e\x1b[31m x: # - {y}"
    text = "Bonjour, nous résilions notre contrat\x07 {{ x }}\u2028agency:\n  name: other\n"
    write(tmp_path, "a: #b.eml", mail(f'"{name}" <eve@client.example>', "Tue, 29 Sep 2026 08:00:00 +0200", "Fin", text))
    proposal = propose(look(tmp_path), {}, today=TODAY, language="fr")
    yaml = filled(files.read_text("fr", "project", "handover.yaml"), proposal.values, "fr")
    tree, wrong = read_yaml(yaml.encode(), "handover.yaml")
    assert wrong == []
    assert tree.get("agency").get("name").text == ""
    assert tree.get("client").get("contacts").items[0].get("email").text == "eve@client.example"
    assert not {"\u202e", "\x1b", "\x07", "\u2028"} & set(yaml)


def test_the_summary_begins_with_what_came_of_it_and_goes_on_with_the_agencys_own(tmp_path):
    columns = "month,Page views,Bounce rate,Visitors,Orders,No-show %,Revenue (£),Impressions"
    rows = "".join(f"2025-{m:02},{m}00,4{m % 10}.5,{m}0,{m}5,{m}.5,{m}50,{m}00\n" for m in range(1, 13))
    write(tmp_path, "Shop.csv", f"{columns}\n{rows}")
    said = propose(
        look(tmp_path),
        {"columns": "No-show % = no-show; Revenue (£) = revenue", "files": "all"},
        today=TODAY,
        language="en",
    )
    assert said.values["report.headline"].content == ["revenue", "orders", "visitors", "no_show"]


@pytest.mark.parametrize(
    ("column", "combine"),
    [
        ("Nb réservations (gîte)", "sum"), ("Ventes (€)", "sum"), ("Quotes sent", "sum"), ("Demandes de devis", "sum"),
        ("Abonnés", "mean"), ("Followers", "mean"), ("Panier moyen des commandes", "mean"), ("Taux de ventes", "mean"),
        ("Calls per day", "mean"), ("Commandes en cours", "mean"), ("Share of orders", "mean"),
    ],
)  # fmt: skip
def test_what_happens_adds_up_and_what_exists_or_is_an_average_doesnt(column, combine):
    assert definitions({}, {column: "own"}, "fr")["own"]["combine"] == combine


@pytest.mark.parametrize(
    ("column", "unit", "good"),
    [
        ("Chiffre d'affaires direct", "money", "up"), ("Net sales", "money", "up"), ("Nb réservations", "count", "up"),
        ("Discounts", "money", "neither"), ("Commandes annulées", "count", "neither"), ("Taxes", "money", "neither"),
        ("Orders returned", "count", "neither"), ("Taux d'occupation", "percent", "neither"),
    ],
)  # fmt: skip
def test_a_columns_name_says_what_it_counts_and_only_then_whether_more_is_good(column, unit, good):
    found = definitions({}, {column: "own"}, "fr")["own"]
    assert (found["unit"], found["good"]) == (unit, good)


PLAIN = "mois;Abonnés;Tickets;Photo\n" + "".join(
    f"{month:02}/2026;{600 + month};{90 * month};P{month}.jpg\n" for month in range(1, 9)
)


def test_a_plain_tables_unknown_columns_are_asked_and_the_answer_is_kept_for_the_next_client(tmp_path):
    write(tmp_path / "messy", "suivi.csv", PLAIN)
    write(tmp_path / "studio", "agency.yaml", "agency: {}\n")
    seen = look(tmp_path / "messy")
    quiet = propose(seen, {}, today=TODAY, language="fr")
    asked = next(one for one in quiet.questions if one.id == "columns")
    assert asked.shown == ("suivi.csv: Abonnés (numbers); Tickets (numbers)",)  # names of files are no figures
    assert asked.proposal == "Abonnés = Abonnés; Tickets = Tickets"
    assert (quiet.metrics, [file.path for file in seen.of(Kind.FILE)]) == ((), ["suivi.csv"])  # nothing is guessed
    said = propose(seen, {"columns": "abonnés = newsletter_readers; Tickets = sessions", "files": "tout"},
                   today=TODAY, language="fr")  # fmt: skip
    assert {(row.metric, row.value) for row in said.metrics if row.date.month == 8} == {
        ("newsletter_readers", 608), ("sessions", 720),
    }  # fmt: skip
    # Subscribers of eight months don't add up; nobody said that they do.
    assert said.values["metrics"].content == {
        "newsletter_readers": {"label": "Abonnés", "unit": "count", "good": "neither", "combine": "mean"}
    }
    assert (said.files, said.left_out) == ((), (("suivi.csv", "an export of metrics"),))
    assert remember(COLUMNS, tmp_path / "studio", said.columns) == tmp_path / "studio" / "columns.csv"
    kept = remembered(COLUMNS, tmp_path / "studio")
    again = propose(seen, {}, today=TODAY, language="fr", columns=kept)
    assert (again.metrics, "columns" in {one.id for one in again.questions}) == (said.metrics, False)
    assert again.values["metrics"].content == said.values["metrics"].content
    none = propose(seen, {"columns": "-", "files": "tout"}, today=TODAY, language="fr")
    assert ([file.path for file in none.files], none.columns) == (["suivi.csv"], {"Abonnés": "-", "Tickets": "-"})


@pytest.mark.parametrize(
    ("column", "unit"),
    [
        ("Recettes (CHF)", "money"), ("CA boutique (€)", "money"), ("Taux de no-show", "percent"),
        ("Conversion %", "percent"), ("Reply rate", "percent"), ("Billets vendus", "count"), ("Saves", "count"),
    ],
)  # fmt: skip
def test_the_unit_of_an_own_metric_follows_from_its_columns_name(column, unit):
    assert unit_of(column) == unit


def test_of_an_export_with_a_column_that_cant_be_read_the_others_are_taken_and_it_is_told(tmp_path):
    months = "".join(f'2026-{month:02},"1,{month:03}",{month * 10}\n' for month in range(1, 10))
    write(tmp_path, "reach.csv", f"Month,Followers,Leads\n{months}")
    proposal = propose(look(tmp_path), {}, today=TODAY, language="en")
    assert {row.metric for row in proposal.metrics} == {"leads"}
    assert dict(proposal.left_out)["reach.csv"].startswith("not all is taken of it: Followers: '1,001' can mean")


@pytest.mark.parametrize(
    "table",
    [
        pytest.param("date;montant\n2026-01-03;12\n2026-01-03;15\n", id="several rows of one day are a list"),
        pytest.param("date;quoi\n2026-01-03;photo 1\n2026-01-04;photo 2\n", id="texts are no figures"),
        pytest.param("article;prix\nSablés;12\nGalettes;15\n", id="without dates it's another table"),
    ],
)
def test_other_tables_of_the_client_are_not_asked_about(tmp_path, table):
    write(tmp_path, "table.csv", table)
    assert "columns" not in {one.id for one in propose(look(tmp_path), {}, today=TODAY).questions}


def test_what_no_letter_can_do_without_is_asked_where_no_paper_says_it(tmp_path):
    (tmp_path / "Larkhill").mkdir()
    seen = look(tmp_path / "Larkhill")
    asked = {one.id: one.proposal for one in propose(seen, {}, today=TODAY, inherited={"agency.name": "x"}).questions}
    assert asked.items() >= {"client.name": "Larkhill", "contract.subject": "", "owners": ""}.items()
    assert "agency.name" not in asked
    said = {"client.name": "Larkhill Pottery", "client.address": "2 Kiln Lane; Ludlow", "owners": "Ada Marsh, Director",
            "contract.start_date": "1 March 2020", "contract.subject": "the care of your site"}  # fmt: skip
    made = propose(seen, said, today=TODAY)
    values = {key: value.content for key, value in made.values.items()}
    assert values.items() >= {
        "client.id": "larkhill-pottery", "client.address": ["2 Kiln Lane", "Ludlow"],
        "contract.start_date": "2020-03-01", "owners": [{"name": "Ada Marsh", "title": "Director"}],
    }.items()  # fmt: skip
    assert not said.keys() & {one.id for one in made.questions}


def test_enter_proposes_only_contacts_that_it_can_answer():
    complete = contacts([{"name": "Tom Abney", "email": "tom@larkhill.example", "role": "Director"}], "the contract")
    assert complete.proposal == "Tom Abney <tom@larkhill.example>, Director"
    bare = contacts([{"name": "Tom Abney", "role": "Director"}], "the contract")
    assert (bare.proposal, bare.shown) == (
        "", ("the papers name Tom Abney, Director, without an e-mail address",),
    )  # fmt: skip


def test_sign_ins_that_a_note_keeps_back_are_asked_about_and_the_clients_own_site_is_known_by_their_mail(tmp_path):
    rows = "a,https://nqy.example/x,a,Pw-1!,don't share with client\nb,https://hounds.example,b,Pw-2!,\n"
    write(tmp_path, "p.csv", f"name,url,username,password,note\n{rows}")
    said = {"contacts": "Al Bee <al@nqy.example>, Owner", "facts": "yes", "client.name": "Quarter Yoga"}
    between = 'Services agreement between Tideway Ltd ("the Agency") and Quarter Yoga Ltd ("the Client").'
    write(tmp_path, "agreement.txt", between)
    seen = look(tmp_path)
    asked = next(one for one in propose(seen, said, today=TODAY).questions if one.id == "credentials")
    assert (asked.proposal, asked.shown[-1]) == ("#nqy.example", "a: its note says not to pass it on")
    for given, comes in ({"credentials": "#nqy.example"}, ()), ({"credentials": "#nqy.example; + a"}, ("a",)):
        assert propose(seen, said | given, today=TODAY).withheld == comes
    assert propose(seen, said | {"credentials": "#nqy.example", "withheld": "a"}, today=TODAY).withheld == ("a",)


@pytest.mark.parametrize(("path", "own"), [("logo/Studio-Brume_logo.svg", True), ("logo Brume x Kervella.svg", False)])
def test_the_agencys_own_logo_is_not_the_clients(path, own):
    assert is_own_logo(path, "Studio Brume SARL", "Maison Kervella") is own


def test_a_table_of_passwords_in_a_document_or_a_workbook_is_kept_back(tmp_path):
    rows = [["Outil", "Login", "Mot de passe"], ["OVH", "nic", "Bobo-8!k"]]
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "outils.xlsx")
    style = "<w:pPr><w:pStyle w:val='TableContents'/></w:pPr>"  # which is no text, and parts no cells
    lines = ["".join(f"<w:tc><w:p>{style}<w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row) for row in rows]
    body = f"<w:body><w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl></w:body>"
    document = f"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>{body}</w:document>"
    write(tmp_path, "outils.docx", zipped(**{"[Content_Types]__xml": "<Types/>", "word_S_document__xml": document}))
    assert {file.kind for file in look(tmp_path).files} == {Kind.SECRET}
