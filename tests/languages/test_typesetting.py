"""What people typed as it is printed, and what of it is never touched: prose, names, copies for machines."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.build.render import document_input
from handover.build.sample import sample_given, sample_plan
from handover.documents.pending import PENDING
from handover.documents.plan import PlannedDocument
from handover.documents.reasons import REASONS
from handover.documents.typed import typed_texts, typeset_given, typeset_project
from handover.documents.vetting import VETTING
from handover.languages.registry import typography_of
from handover.languages.typesetting import apostrophes, typeset
from handover.model.project import Vault
from handover.model.rows import CredentialRow, PendingRow, RoutineRow
from handover.project.leaks.documents import typed_leaks
from handover.project.leaks.needles import needles
from handover.project.leaks.search import Searcher
from sample_letter import given as made_from
from sample_letter import invoice, settings

FR, EN = "fr_FR", "en_GB"


def set_in(locale: str, text: str) -> str:
    return typeset(text, locale, typography_of(locale[:2]))


N, S = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("locale", "typed", "printed"),
    [
        pytest.param(FR, "l'offre d'été", "l’offre d’été", id="apostrophes are curved"),
        pytest.param(FR, 'notre offre "Été"', f"notre offre «{N}Été{N}»", id="straight quotes become guillemets"),
        pytest.param(FR, 'l\'"offre"', f"l’«{N}offre{N}»", id="also after an elision"),
        pytest.param(FR, "l’offre “Été”", f"l’offre «{N}Été{N}»", id="English quotes become guillemets"),
        pytest.param(FR, "« l'offre “Été” »", f"«{N}l’offre “Été”{N}»", id="inside guillemets they stay"),
        pytest.param(FR, "Prêt : oui ! Et vous ?", f"Prêt{S}: oui{N}! Et vous{N}?", id="French signs get their spaces"),
        pytest.param(FR, "Prêt! Fini; merci", f"Prêt{N}! Fini{N}; merci", id="also where none was typed"),
        pytest.param(FR, "le 3 juin 2026", f"le 3{S}juin{S}2026", id="no line ends in a date"),
        pytest.param(FR, "le 1er août", f"le 1er{S}août", id="nor after the first of a month"),
        pytest.param(
            FR, "Luc Pérez, 05 56 11 11 11", f"Luc Pérez, 05{S}56{S}11{S}11{S}11", id="nor in a telephone number"
        ),
        pytest.param(EN, "Sam Pike, 01947 222 222", f"Sam Pike, 01947{S}222{S}222", id="nor in a British one"),
        pytest.param(FR, "+33 5 56 11 11 11", f"+33{S}5{S}56{S}11{S}11{S}11", id="nor in one from abroad"),
        pytest.param(FR, "12 % de 40 €", f"12{S}% de 40{S}€", id="amounts stay with their signs"),
        pytest.param(FR, "12% de 40€", f"12{S}% de 40{S}€", id="which get a space"),
        pytest.param(FR, "1 234,50 € et 12 000 visites", f"1{N}234,50{S}€ et 12{N}000 visites", id="thousands"),
        pytest.param(FR, "de 2019-2024, 10-15 %", f"de 2019–2024, 10–15{S}%", id="ranges have a dash"),
        pytest.param(FR, "lundi-vendredi, 9h-18h", "lundi–vendredi, 9h–18h", id="of weekdays and hours too"),
        pytest.param(FR, "mars-juin 2026", f"mars–juin{S}2026", id="and of months"),
        pytest.param(FR, "prêt - enfin", f"prêt{S}– enfin", id="a spaced hyphen is a dash"),
        pytest.param(FR, "M. Le Goff, n° 5", f"M.{S}Le Goff, n°{S}5", id="titles stay with their names"),
        pytest.param(EN, "it's the clients' site", "it’s the clients’ site", id="English apostrophes"),
        pytest.param(EN, 'the "Spring" fair', "the “Spring” fair", id="English double quotes"),
        pytest.param(EN, "the 'Spring' fair", "the ‘Spring’ fair", id="English single quotes"),
        pytest.param(EN, "since the '90s", "since the ’90s", id="a decade has an apostrophe"),
        pytest.param(EN, "2019-2024, pages 3-5, 2023-24", "2019–2024, pages 3–5, 2023–24", id="English ranges"),
        pytest.param(EN, "June 3, 2026", f"June{S}3,{S}2026", id="an American date"),
        pytest.param(EN, "on 3 June at 9:00-17:30", f"on 3{S}June at 9:00–17:30", id="a British date, and hours"),
        pytest.param(EN, "Mr Hill, 5 MB, £ 40", f"Mr{S}Hill, 5{S}MB, £{S}40", id="English titles and units"),
        pytest.param(EN, "in 2024-2025: 30% more", "in 2024–2025: 30% more", id="a range before a colon"),
        pytest.param(EN, "open 9am-6pm, 9.30am-1pm", "open 9am–6pm, 9.30am–1pm", id="hours with am and pm"),
        pytest.param(EN, "\"it's 'fine'\"", "“it’s ‘fine’”", id="single quotes that end with double ones"),
        pytest.param(EN, "see you 'round", "see you ’round", id="an apostrophe without a second one"),
        pytest.param(EN, "a 6' board, the 'Spring fair", "a 6' board, the 'Spring fair", id="not of feet or a name"),
        pytest.param(FR, 'qu\'"on" n\'"ose"', f"qu’«{N}on{N}» n’«{N}ose{N}»", id="elisions before quotations"),
        pytest.param(FR, "Le site, la boutique... et l'atelier ...", "Le site, la boutique… et l’atelier …", id="dots"),
        pytest.param(EN, "The shop, the blog...", "The shop, the blog…", id="three dots are one sign"),
        pytest.param(EN, "Name ....... Date ....", "Name ....... Date ....", id="but no dotted line"),
        pytest.param(EN, "pass `a...b` or x...y", "pass `a...b` or x...y", id="nor what code says"),
        pytest.param(EN, "Done! Ready?", "Done! Ready?", id="English signs take no space"),
        pytest.param("es_ES", "l'any 2019-2024", "l’any 2019–2024", id="a language without rules of its own"),
    ],
)
def test_prose_is_typeset(locale: str, typed: str, printed: str) -> None:
    assert set_in(locale, typed) == printed


@pytest.mark.parametrize("locale", [FR, EN])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("https://a.example/l'e?b=1;c=2-3", id="an address"),
        pytest.param("www.l-e.example/it's!/x", id="an address without its scheme"),
        pytest.param("o'neil@acme.example", id="an e-mail address"),
        pytest.param("assets/L'été/2019-2024.csv", id="a path"),
        pytest.param("C:\\L'été\\x", id="a Windows path"),
        pytest.param("plan-2019-2024.pdf", id="a file's name"),
        pytest.param("l'index.html", id="a file's name with an apostrophe"),
        pytest.param('`it\'s "x" 3-5`', id="code"),
        pytest.param("F-2024-2025", id="an invoice's number"),
        pytest.param("réf. 2019-2024", id="a reference"),
        pytest.param("Invoice 118-120", id="a number that is named"),
        pytest.param("06-12-34-56-78", id="a phone number"),
        pytest.param("555-1234", id="a short phone number"),
        pytest.param("2026-11-30", id="an ISO date"),
        pytest.param("2019-017", id="a number that falls"),
        pytest.param("ISO 9001-9004", id="a standard"),
        pytest.param('5\'10" or 15"', id="feet and inches"),
        pytest.param("the key is a_b'c", id="an identifier with an underscore"),
    ],
)
def test_what_isnt_prose_stays_byte_for_byte(locale: str, text: str) -> None:
    assert set_in(locale, text) == text


def test_a_name_gets_its_apostrophe_and_nothing_else() -> None:
    assert apostrophes('L\'Atelier "Yahoo!" 3-5 : suite') == 'L’Atelier "Yahoo!" 3-5 : suite'
    assert apostrophes("Mills & Sons'") == "Mills & Sons’"


PIECES = st.sampled_from(
    [
        "l",
        "'",
        '"',
        " ",
        "-",
        "a",
        "S",
        "s",
        "1",
        "12",
        "234",
        "2019",
        "2024",
        "«",
        "»",
        "“",
        "”",
        "’",
        "‘",
        "!",
        "?",
        ";",
        ":",
        ".",
        ",",
        "%",
        "€",
        "$",
        "juin",
        "June",
        "mars",
        "lundi",
        "n°",
        "M.",
        "Mr",
        "h",
        "/",
        "@",
        "(",
        ")",
        "\n",
        "–",
        "\u00a0",
        "\u202f",
        "\ue000",
        "https://a.example",
        "x.csv",
        "`",
        "é",
        "EUR",
        "&amp;",
    ]
)


@given(text=st.lists(PIECES, max_size=24).map("".join) | st.text(max_size=40))
def test_typesetting_twice_changes_nothing_more_and_no_letter_or_digit_ever(text: str) -> None:
    for locale in (FR, EN):
        once = set_in(locale, text)

        assert set_in(locale, once) == once
        assert [c for c in once if c.isalnum()] == [c for c in text if c.isalnum()]
        assert [c for c in once.replace("…", "...") if not c.isalnum() and c not in " \u00a0\u202f\"'-’‘“”«»–"] == [
            c for c in text.replace("…", "...") if not c.isalnum() and c not in " \u00a0\u202f\"'-’‘“”«»–"
        ]


PROSE = 'l\'essai "A" : 3-5 jours'
SET = f"l’essai «{N}A{N}»{S}: 3–5 jours"
ROW = PendingRow.model_validate(
    {"project": PROSE, "status": "idea", "decision": "finish", "files": "L'été/3-5", "held_by": "D'Arc"}
)


def test_a_projects_prose_is_set_and_its_identifiers_arent() -> None:
    made = settings(
        "fr",
        full=True,
        agency={"name": "L'Atelier"},
        letter={"reason": PROSE, "highlights": [PROSE]},
        contract={"reference": "C-2019-2024'a"},
        contact={"phone": "01-02"},
    )
    project = typeset_project(made_from("letter", made, pending=(ROW,)).project)

    letter, contract = project.settings.letter, project.settings.contract
    assert (letter.reason, letter.highlights) == (SET, (SET,))
    assert (project.settings.agency.name, contract.reference) == ("L’Atelier", "C-2019-2024'a")
    assert project.settings.client.contact.phone == "01-02"
    assert (project.pending[0].project, project.pending[0].files) == (SET, "L'été/3-5")
    assert project.pending[0].held_by == "D’Arc"
    assert typeset_project(project) == project


def test_papers_outside_the_bundle_are_typeset_too() -> None:
    project, name, typed = sample_plan("fr").project, "L'Atelier d'Été", "Il a dit : jamais !"
    paper, list_ = (sample_given(one, project) for one in (REASONS, VETTING))
    fact = paper.dossier.reasons[0].model_copy(update={"fact": typed})
    paper = typeset_given(paper._replace(dossier=replace(paper.dossier, client=name, reasons=(fact,))))
    point = list_.vetting[0].model_copy(update={"text": typed, "from_project": name})
    list_ = typeset_given(list_._replace(vetting=(point,)))

    said, printed = "L’Atelier d’Été", f"Il a dit{S}: jamais{N}!"
    assert (paper.dossier.client, paper.dossier.reasons[0].fact) == (said, printed)
    assert (list_.vetting[0].from_project, list_.vetting[0].text) == (said, printed)
    assert typeset_given(paper) == paper


def test_copies_for_machines_are_of_what_was_typed() -> None:
    from handover.documents.data import PENDING_COPY

    base = made_from("pending", settings("fr", full=False), pending=(ROW,))

    def project_of(deliverable):
        planned = PlannedDocument(deliverable, "x", base.words, (), base.template)
        return document_input(planned, base)

    assert project_of(PENDING).project.pending[0].project == SET
    assert PROSE.replace('"', '""') in PENDING_COPY.render(project_of(PENDING_COPY)).decode("utf-8-sig")


@pytest.mark.parametrize("secret", ["l'ete-42!xQ", "Zq%k3sK%R'BVY8C", "TB30; AFiNAujF", "bYXkZEb%qxgVH:"])
def test_a_secret_that_typesetting_changes_is_found_as_it_was_typed(secret: str) -> None:
    vault = Vault((CredentialRow.model_validate({"service": "Shop", "password": secret}),))
    searcher = Searcher(needles=needles({}, vault))
    made = settings("fr", full=False, letter={"reason": f"Le code est {secret} ici."})
    row = invoice("F-1", "2026-09-30", "10", description=f"Code {secret} ici")
    routine = RoutineRow.model_validate({"task": "Code", "frequency": "weekly", "how": f"Code {secret} ici"})
    project = replace(made_from("letter", made, invoices=(row,)).project, routines=(routine,))

    found = typed_leaks(typed_texts(project), searcher)

    assert [(finding.location.file, finding.rule) for finding in found] == [
        ("handover.yaml", "leak.secret"),
        ("data/invoices", "leak.secret"),
        ("data/routines", "leak.secret"),
    ]
    assert secret not in str(found)
    assert typed_leaks(typed_texts(project), searcher, told=found) == []


@pytest.mark.parametrize("sign", ["é", "1", "!", "a-", "1,", "'", "...", "1-2 ", "%", "/", "a.b"])
@pytest.mark.parametrize("locale", ["fr_FR", "en_GB"])
def test_a_word_or_a_list_without_end_is_set_in_one_pass(sign, locale):
    long = sign * 20_000
    # What is read anew from each of its letters would take minutes.
    assert len(set_in(locale, long)) >= len(long) - long.count("...") * 2
