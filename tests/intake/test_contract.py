"""What contracts say, in the phrases that French and English ones have."""
# ruff: noqa: E501 — contracts are long sentences

import pytest

from handover.intake.contract import notice_ends, period_of, read_contract
from handover.intake.prose import Paper, date_of, language_of

TOP = (
    "Contrat de prestation. Entre Studio Brume, SARL, ci-après « le Prestataire », "
    "et Maison Kervella, ci-après « le Client ». "
)
ENGLISH = 'Services agreement between Tideway Ltd ("the Agency") and Larkhill Ltd ("the Client"). '


def says(text: str) -> dict[str, str]:
    contract = read_contract(Paper.of("contract.pdf", [text], numbered=True))
    return {key: found[0].value for key, found in contract.says.items()} if contract else {}


@pytest.mark.parametrize(
    ("phrase", "key", "value"),
    [
        ("Il prend effet le 1er mars 2023.", "contract.start_date", "2023-03-01"),
        ("Le contrat entre en vigueur à compter du 15/09/2022 pour un an.", "contract.start_date", "2022-09-15"),
        ("Date d’effet : 3 février 2021.", "contract.start_date", "2021-02-03"),
        ("Le préavis est de deux mois.", "contract.notice_period", "deux mois"),
        ("moyennant un préavis écrit de trois (3) mois.", "contract.notice_period", "trois mois"),
        ("avec 30 jours de préavis.", "contract.notice_period", "30 jours"),
        ("sous réserve d’un préavis de huit semaines.", "contract.notice_period", "huit semaines"),
        ("moyennant un préavis d’un trimestre.", "contract.notice_period", "un trimestre"),
        ("Contrat de prestation n° C-2023/009.", "contract.reference", "C-2023/009"),
        ("Contrat de prestation n°C-2023-010.", "contract.reference", "C-2023-010"),
        ("a pour objet la maintenance du site. Suite", "contract.subject", "la maintenance du site"),
        (
            "a pour objet l’animation du site et des réseaux sociaux du Client. Suite",
            "contract.subject",
            "l’animation du site et des réseaux sociaux",
        ),
        (
            "confie à l’Agence la gestion de sa présence en ligne. Suite",
            "contract.subject",
            "la gestion de votre présence en ligne",
        ),
        (
            "a pour objet la refonte du site et son hébergement. Suite",
            "contract.subject",
            "la refonte du site et son hébergement",
        ),
        (
            "L’Agence est chargée de la communication du Client. Suite",
            "contract.subject",
            "la communication",
        ),
        ("Fait à Saint-Malo, le 3 mars 2020", "letter.place", "Saint-Malo"),
    ],
)
def test_a_french_contract_says_it_in_one_of_these_ways(phrase, key, value):
    assert says(TOP + phrase)[key] == value


@pytest.mark.parametrize(
    ("phrase", "key", "value"),
    [
        ("This agreement commences on 1 February 2021.", "contract.start_date", "2021-02-01"),
        ("It takes effect on March 15, 2022.", "contract.start_date", "2022-03-15"),
        ("Start date: 2022-05-01.", "contract.start_date", "2022-05-01"),
        ("by giving not less than 30 days' written notice.", "contract.notice_period", "30 days"),
        ("a notice period of three (3) months.", "contract.notice_period", "three months"),
        ("Services agreement ref. TS-2021-09.", "contract.reference", "TS-2021-09"),
        ("The Agency provides the Client with web maintenance.", "contract.subject", "web maintenance"),
        (
            "The Agency provides the management of its social media.",
            "contract.subject",
            "the management of your social media",
        ),
        ("The Agency provides the care of the Client's website.", "contract.subject", "the care of your website"),
        ("Provision of online marketing to the Client.", "contract.subject", "online marketing"),
        ("The Agency provides a website and its hosting.", "contract.subject", "a website and its hosting"),
    ],
)
def test_an_english_contract_says_it_in_one_of_these_ways(phrase, key, value):
    assert says(ENGLISH + phrase)[key] == value


PARTIES = {
    "French: a farm, a seat with the postcode in brackets": (
        (
            "Convention. Entre les soussignés : 1. Studio Bruyère, SASU au capital de 5 000 €, dont le siège est "
            "fixé au 4, impasse des Tanneurs à Angers (49100), immatriculée au R.C.S. d’Angers sous le n° 888 777"
            " 666, représentée aux présentes par sa présidente, Mme Maëlle Quentin, ci-après « le Studio », d’une"
            " part, 2. L’EARL Domaine de la Tuilerie, exploitation agricole dont le siège est au lieu-dit La "
            "Tuilerie, 49540 Martigné-Briand, SIREN 412 345 678, représentée par M. Aurélien Goislard, cogérant, "
            "ci-après « le Client », d’autre part."
        ),
        {
            "client.name": "Domaine de la Tuilerie",
            "client.address": "Lieu-dit La Tuilerie, 49540 Martigné-Briand",
            "client.person": "Aurélien Goislard",
            "agency.name": "Studio Bruyère",
            "agency.address": "4, impasse des Tanneurs, 49100 Angers",
            "agency.registration": "SASU au capital de 5 000 €\nR.C.S. d’Angers sous le n° 888 777 666",
        },
    ),
    "British: two people, each with a trading name": (
        (
            "Agreement. PARTIES (1) PRIYA ANAND trading as LITTLE FERN SOCIAL of 12 Beaumont Street, Hexham, "
            'Northumberland NE46 3LZ (the "Consultant"); and (2) DANIEL OKAFOR trading as HEXHAM VELO of The Old '
            'Forge, 3 Priestpopple, Hexham NE46 1PF (the "Client").'
        ),
        {
            "client.name": "HEXHAM VELO",
            "client.address": "The Old Forge, 3 Priestpopple, Hexham NE46 1PF",
            "client.person": "DANIEL OKAFOR",
            "agency.name": "LITTLE FERN SOCIAL",
            "agency.person": "PRIYA ANAND",
            "agency.address": "12 Beaumont Street, Hexham, Northumberland NE46 3LZ",
        },
    ),
    "Swiss: roles after a colon, the number behind the street": (
        (
            "Mandat. N° de contrat : LM-20-044 entre Lac & Monts Sàrl, Rue du Simplon 12, 1006 Lausanne, IDE "
            "CHE-123.456.789, représentée par Monsieur Blaise Rochat, associé gérant, (ci-après : l’Agence) et "
            "Fondation du Musée, Place du Temple 1, 1347 Le Sentier, représentée par Madame Solange Piguet, "
            "directrice, +41 32 555 22 33 (ci-après : le Mandant)"
        ),
        {
            "contract.reference": "LM-20-044",
            "client.name": "Fondation du Musée",
            "client.address": "Place du Temple 1, 1347 Le Sentier",
            "client.person": "Solange Piguet",
            "client.phone": "+41 32 555 22 33",
            "agency.address": "Rue du Simplon 12, 1006 Lausanne",
        },
    ),
    "French: under a trade name, for an advertiser": (
        (
            "Contrat entre Nadia Ferhat, exerçant sous le nom commercial « Atelier Cap », 3 place du Capitole, "
            "31000 Toulouse, ci-après « la Graphiste », et la SARL Nord-Vert, 41 bis avenue de la République, "
            "59110 La Madeleine, ci-après « l’Annonceur »."
        ),
        {
            "client.name": "Nord-Vert",
            "agency.name": "Atelier Cap",
            "agency.person": "Nadia Ferhat",
            "agency.address": "3 place du Capitole, 31000 Toulouse",
        },
    ),
    "French: two columns of a table, one cell after the other": (
        (
            "Contrat-cadre\nRéférence du contrat : AC-2209\nLE PRESTATAIRE\nLE CLIENT\nAtelier Rhône SAS\n"
            "au capital de 20 000 €\n27 cours Charlemagne\n69002 Lyon\nRCS Lyon 890 123 456\n"
            "Représentée par : Mme Leïla Benhamou, Présidente\nbonjour@rhone.example\n04 72 00 11 22\n"
            "Fromagerie Pilat SARL\n3 montée de la Croix\n42410 Pélussin\n"
            "Représentée par : M. Étienne Guichard, Gérant\n1. Objet\nLe Prestataire assure pour le Client la gestion de "
            "son site. Le contrat est régi par la loi française."
        ),
        {
            "agency.name": "Atelier Rhône",
            "agency.address": "27 cours Charlemagne, 69002 Lyon",
            "agency.person": "Leïla Benhamou",
            "agency.email": "bonjour@rhone.example",
            "agency.phone": "04 72 00 11 22",
            "agency.registration": "RCS Lyon 890 123 456",
            "client.name": "Fromagerie Pilat",
            "client.address": "3 montée de la Croix, 42410 Pélussin",
            "client.person": "Étienne Guichard",
            "client.title": "Gérant",
            "contract.subject": "la gestion de votre site",
            "contract.governing": "fr",
        },
    ),
    "French: two columns of a table, line by line": (
        (
            "Contrat\nPrestataire\nClient\nAtelier Rhône SAS\nFromagerie Pilat SARL\n27 cours Charlemagne\n"
            "3 montée de la Croix\n69002 Lyon\n42410 Pélussin\nArticle 1"
        ),
        {
            "agency.address": "27 cours Charlemagne, 69002 Lyon",
            "client.name": "Fromagerie Pilat",
            "client.address": "3 montée de la Croix, 42410 Pélussin",
        },
    ),
    "British: blocks of lines in a plain text": (
        (
            "FREELANCE AGREEMENT\nRef: DM-0319\n\nBetween\n\n    Deborah Marsden, sole trader\n    Flat 6, 41 Tariff Street\n"
            '    Manchester M1 2HF\n    hello@marsden.example / 07700 900 456\n    (the "Freelancer")\n\nand\n\n'
            "    Quarter Yoga CIC\n    Company number 09876543\n    Unit 2, Ancoats Works\n    Manchester M4 6JG\n"
            '    represented by Saoirse Kelly, Studio Manager\n    (the "Client")\n\n'
            "1. The Freelancer will look after the Client's website.\n"
        ),
        {
            "contract.reference": "DM-0319",
            "contract.subject": "your website",
            "agency.person": "Deborah Marsden",
            "agency.address": "Flat 6, 41 Tariff Street, Manchester M1 2HF",
            "agency.phone": "07700 900 456",
            "client.name": "Quarter Yoga CIC",
            "client.address": "Unit 2, Ancoats Works, Manchester M4 6JG",
            "client.registration": "Company number 09876543",
            "client.title": "Studio Manager",
        },
    ),
    "Belgian: a company and an association with their numbers": (
        (
            "CONVENTION ENTRE : La SRL PixelZinne, dont le siège social est établi Rue Haute 120, 1000 Bruxelles, inscrite à la "
            "BCE sous le numéro 0712.345.678, représentée par Monsieur Thomas Peeters, administrateur, ci-après « le "
            "Prestataire », ET : L’ASBL Les Jardins, dont le siège est sis Chaussée de Gand 45 à 1080 Molenbeek, BCE "
            "0412.111.222, représentée par Madame Sofia El Amrani, coordinatrice, ci-après « le Client ». La convention prend "
            "cours le 1er février 2021. Le droit belge est applicable."
        ),
        {
            "agency.name": "PixelZinne",
            "client.name": "Les Jardins",
            "client.address": "Chaussée de Gand 45, 1080 Molenbeek",
            "client.registration": "BCE 0412.111.222",
            "contract.start_date": "2021-02-01",
            "contract.governing": "other",
        },
    ),
    "Belgian: streets in small letters, what the contract is about behind its heading": (
        (
            "CONVENTION DE COLLABORATION\nEntre : Atelier Brume SRL, rue de la Sablonnière 14, 5000 Namur, BCE 0712.345.678, "
            "représentée par Aurore Lambillotte, gérante, ci-après « l'Agence », et Hôtel des Tilleuls SA, avenue des Thermes "
            "3, 4900 Spa, représenté par M. Didier Counasse, directeur, ci-après « le Client ».\nArticle 1 – Objet. L'Agence "
            "assure la conception et l'animation du site tilleuls.example.\nRéférence de la convention : AB-2021-014"
        ),
        {
            "agency.address": "Rue de la Sablonnière 14, 5000 Namur",
            "client.address": "Avenue des Thermes 3, 4900 Spa",
            "contract.subject": "la conception et l'animation du site tilleuls.example",
            "contract.reference": "AB-2021-014",
        },
    ),
    "American: a block to sign below each party, what an exhibit describes": (
        (
            "MASTER SERVICES AGREEMENT\nThis Agreement is entered into as of 03/04/2022 (the “Effective Date”) by and between "
            "Fern & Field LLC, with its principal place of business at 88 Pine Street, Burlington, VT 05401 (“Agency”), and "
            "Harbor Lane Coffee, Inc., with offices at 212 Commercial Street, Portland, ME 04101 (“Client”).\n1. Services. "
            "Agency will manage Client's online store and email, as further described in Exhibit A.\nSigned 05/16/2022\n"
            "FERN & FIELD LLC\nBy: /s/\nName: Dana Whitcomb\nTitle: Principal\nHARBOR LANE COFFEE, INC.\nBy: /s/\n"
            "Name: Marcus Oyelaran\nTitle: Chief Executive Officer\n"
        ),
        {
            "agency.person": "Dana Whitcomb",
            "agency.title": "Principal",
            "client.person": "Marcus Oyelaran",
            "client.title": "Chief Executive Officer",
            "contract.subject": "your online store and email",
        },
    ),
    "British: a list of labels": (
        (
            "SERVICE AGREEMENT\nAgreement No: 2021/88\nSupplier: Bright Fox Ltd\nRegistered office: 5 Spinningfields, Manchester "
            "M3 3JE\nClient: Bakehouse Ltd\nAddress: 77 Beech Road, Manchester M21 9EG\nE-mail: h@bakehouse.example\n"
            "Commencement date: 1 May 2021\nNotice period: 3 months\nGoverning law: England and Wales\n"
        ),
        {
            "agency.address": "5 Spinningfields, Manchester M3 3JE",
            "client.name": "Bakehouse Ltd",
            "client.address": "77 Beech Road, Manchester M21 9EG",
            "client.email": "h@bakehouse.example",
            "contract.notice_period": "3 months",
            "contract.governing": "uk",
        },
    ),
    "British: addresses behind the roles": (
        (
            "ENGAGEMENT LETTER Between: Oakley & Finch LLP (the Agency), 9 Deansgate, Manchester M3 1AZ And: Peak Cycles "
            "Limited (the Client), 4 Mill Street, Buxton SK17 6AB. English law applies."
        ),
        {"agency.name": "Oakley & Finch LLP", "client.name": "Peak Cycles Limited", "contract.governing": "uk"},
    ),
    "Quebec: an agreement of a legal person": (
        (
            "ENTENTE DE SERVICES. Contrat no 2021-117 INTERVENUE À MONTRÉAL LE 2021-05-03 ENTRE : Productions Laurent inc., "
            "personne morale, ayant son siège au 4520, rue Saint-Denis, bureau 300, Montréal (Québec) H2J 2L3, représentée "
            "par Mme Geneviève Lapointe, présidente, (ci-après appelée le « Fournisseur ») ET : Érablière Beauséjour inc., "
            "ayant son siège au 1180, rang de la Montagne, Mont-Saint-Grégoire (Québec) J0J 1K0, (ci-après appelée la "
            "« Cliente ») 1. Le Fournisseur s’engage à fournir à la Cliente les services suivants : gestion du site Web. "
            "Elle est régie par les lois en vigueur dans la province de Québec. Signé à MONTRÉAL, le 3 mai 2021"
        ),
        {
            "contract.reference": "2021-117",
            "contract.subject": "gestion du site Web",
            "contract.governing": "other",
            "agency.address": "4520, rue Saint-Denis, bureau 300, Montréal (Québec) H2J 2L3",
            "client.address": "1180, rang de la Montagne, Mont-Saint-Grégoire (Québec) J0J 1K0",
            "letter.place": "Montréal",
        },
    ),
    "French: a freelancer's contract in blocks": (
        "Contrat de maintenance et d'accompagnement\nRéf : M-77/2020\nPrestataire\nJulie Perrin – Développeuse web freelance\n14 chemin des Vignes\n69210 L'Arbresle\nSIRET 812 345 678 00021\njulie@perrin.example\n06 11 11 11 11\nClient\nFromagerie Blanc SARL\nRoute de Lyon\n71000 Mâcon\nReprésentée par M. Hugues Blanc, gérant\nh.blanc@fromagerieblanc.example\n1. Objet\nLa maintenance du site fromagerieblanc.example et l'accompagnement du Client sur sa boutique.\n2. Durée et résiliation\nLe contrat démarre le 1er juin 2020 pour une durée indéterminée. Résiliable à tout moment avec un préavis de 30 jours.\nFait le 20 mai 2020 à L'Arbresle.",
        {
            "contract.reference": "M-77/2020",
            "contract.start_date": "2020-06-01",
            "contract.subject": "la maintenance du site fromagerieblanc.example et l'accompagnement sur votre boutique",
            "client.email": "h.blanc@fromagerieblanc.example",
            "agency.phone": "06 11 11 11 11",
        },
    ),
    "French: an association, what is done by whom": (
        "CONTRAT DE PRESTATION DE SERVICES – COMMUNITY MANAGEMENT\nN° 2023-CM-018\nEntre les soussignés :\nLa société WEB & MER, SAS au capital de 1 000 euros, ayant son siège social 12 bis quai Gambetta – 56100 LORIENT, immatriculée au RCS de Lorient sous le n° 900 111 222, représentée par Monsieur Loïc KERBRAT, en sa qualité de Président,\nCi-après dénommée « LE PRESTATAIRE »\nD'UNE PART\nET\nL'association Les Amis du Fort, association loi 1901, dont le siège est situé Mairie, 2 place de l'Église, 56470 La Trinité-sur-Mer, représentée par Madame Marie-Laure de Kersauson, en qualité de présidente,\nCi-après dénommée « LE CLIENT »\nD'AUTRE PART\nIl a été convenu ce qui suit :\nARTICLE 1 : OBJET DU CONTRAT\nLe présent contrat a pour objet de définir les conditions dans lesquelles le Prestataire assure l'animation des réseaux sociaux du Client.\nARTICLE 2 : DURÉE\nLe présent contrat est conclu pour une durée d'un an, à compter du 15 janvier 2023, renouvelable par tacite reconduction.\nIl pourra être dénoncé par l'une ou l'autre des parties, par lettre recommandée, avec un préavis d'un mois avant l'échéance.\nARTICLE 6 : DROIT APPLICABLE\nLe présent contrat est régi par la loi française.\nFait à Lorient, le 10/01/2023 en 2 exemplaires",
        {
            "contract.reference": "2023-CM-018",
            "client.name": "Les Amis du Fort",
            "client.person": "Marie-Laure de Kersauson",
            "contract.subject": "l'animation des réseaux sociaux",
        },
    ),
    "French: roles in brackets, with the description behind them": (
        "LETTRE DE MISSION\nEntre : SARL Comète Conseil (le consultant), 8 rue de la Paix 67000 Strasbourg, RCS Strasbourg 500 600 700, représentée par Claire Muller, gérante\nEt : Brasserie Meteorit SA (le client), 25 route de Brumath 67800 Hoenheim, représentée par Paul Schmitt, directeur général\nObjet de la mission : conseil en acquisition et pilotage des campagnes Google Ads.\nDate de début : 02/05/2022\nPréavis : 2 mois\nMission n° CC-2022-05",
        {
            "contract.reference": "CC-2022-05",
            "client.address": "25 route de Brumath 67800 Hoenheim",
            "client.person": "Paul Schmitt",
            "agency.registration": "RCS Strasbourg 500 600 700",
            "contract.subject": "conseil en acquisition et pilotage des campagnes Google Ads",
        },
    ),
    "Canadian: notice of so many days": (
        "CONTRAT DE SERVICES\nINTERVENU À Québec, le 3 février 2020\nENTRE : Boréal Marketing inc., ayant son siège au 450, rue Saint-Joseph Est, Québec (Québec) G1K 3B7, représentée par Mme Julie Tremblay, présidente, dûment autorisée (« l'Agence »)\nET : Coopérative Les Érables, ayant son siège au 12, rang 4, Plessisville (Québec) G6L 1A1, représentée par M. Luc Gagnon, directeur général, luc@erables.example, 418 555-0172 (« le Client »)\n1. L'Agence fournit au Client la gestion de ses médias sociaux.\n2. Le contrat débute le 1er mars 2020. Avis de résiliation : soixante (60) jours.\n3. Le contrat est régi par les lois de la province de Québec.",
        {
            "contract.notice_period": "soixante jours",
            "contract.subject": "la gestion de vos médias sociaux",
            "client.phone": "418 555-0172",
        },
    ),
    "American: an effective date, offices, signatures by whom": (
        'MASTER SERVICES AGREEMENT\nThis Agreement is entered into as of March 1, 2021 (the "Effective Date") by and between Bluebird Growth LLC, a Delaware limited liability company with offices at 200 Main Street, Austin, TX 78701 ("Agency"), and Cedar Creek Outfitters, Inc., 45 Ranch Road, Boulder, CO 80301 ("Client").\n1. Services. Agency will provide paid media management and email marketing.\n2. Term. This Agreement begins on the Effective Date and continues month to month. Either party may terminate upon thirty (30) days\' written notice.\n9. This Agreement shall be governed by the laws of the State of Texas.\nAGENCY: By: Dana Cole, CEO\nCLIENT: By: Mark Ruiz, Owner',
        {
            "contract.start_date": "2021-03-01",
            "agency.address": "200 Main Street, Austin, TX 78701",
            "client.address": "45 Ranch Road, Boulder, CO 80301",
            "client.person": "Mark Ruiz",
            "agency.title": "CEO",
        },
    ),
    "English: I and you": (
        'Website care agreement\nBetween\nTom Hale Design (sole trader), 7 Mill Row, Hebden Bridge HX7 8AD ("I", "me", "the designer")\nand\nThe Pennine Bakery Ltd, Unit 2, Old Dairy, Todmorden OL14 5AA ("you", "the client"), represented by Sara Iqbal, Director\n1. I look after your website and its hosting.\n2. We start on 4 May 2021 and either of us can stop with one month\'s notice in writing.\nSigned Tom Hale, 28 April 2021',
        {
            "agency.address": "7 Mill Row, Hebden Bridge HX7 8AD",
            "client.address": "Unit 2, Old Dairy, Todmorden OL14 5AA",
            "client.person": "Sara Iqbal",
            "contract.subject": "your website and its hosting",
        },
    ),
}


def test_an_amendment_does_not_say_when_the_contract_began():
    found = says("Avenant n° 1. " + TOP + "Le forfait passe à 1 400 € à compter du 1er janvier 2024.")
    assert set(found) == {"agency.name", "client.name"}


@pytest.mark.parametrize("case", PARTIES)
def test_parties_are_told_as_contracts_introduce_them(case):
    text, expected = PARTIES[case]
    found = says(text)
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    ("phrase", "law"),
    [
        ("Le présent contrat est soumis au droit français.", "fr"),
        ("Le droit suisse est applicable.", "other"),
        ("La convention est régie par le droit belge.", "other"),
        ("This agreement and any dispute arising out of it are governed by the law of England and Wales.", "uk"),
        ("It shall be construed in accordance with the laws of Scotland.", "uk"),
        ("This Agreement is governed by English law.", "uk"),
        ("This Agreement is governed by the laws of the State of New York.", "us"),
        ("This agreement is governed by the laws of Ireland.", "other"),
    ],
)
def test_the_law_that_governs_a_contract_is_read(phrase, law):
    assert says(ENGLISH + phrase)["contract.governing"] == law


@pytest.mark.parametrize(
    ("phrase", "runs"),
    [
        ("moyennant un préavis écrit de trois mois pour la fin d’un mois.", "month-end"),
        ("on three months' notice to expire at the end of a calendar month.", "month-end"),
        (
            "moyennant un préavis de trois mois notifié par lettre, courant dès le premier jour du mois suivant.",
            "month-end",
        ),
        ("on two months' notice running from the first day of the following month.", "month-end"),
        ("moyennant un préavis de trois mois.", "notice"),
    ],
)
def test_a_notice_that_ends_with_a_month_says_so(phrase, runs):
    assert period_of(says(TOP + phrase)["contract.notice_period"]).runs_from == runs


def test_each_value_comes_with_the_sentence_and_the_page_that_it_stands_on():
    contract = read_contract(Paper.of("c.pdf", [TOP, "Durée. Il prend effet le 1er mars 2023. Fin."], numbered=True))
    origin = contract.says["contract.start_date"][0].origin
    assert (origin.file, origin.page, origin.sentence) == ("c.pdf", 2, "Il prend effet le 1er mars 2023")


def test_parties_are_read_with_their_people_and_addresses():
    text = (
        "Contrat entre la société Studio Brume, SARL, dont le siège est situé 4 rue des Carmes, 35000 Rennes, "
        "représentée par Mme Inès Caro, gérante, ci-après « le Prestataire », et Maison Kervella, sise 12 quai du Lac, "
        "56000 Vannes, représentée par M. Alan Le Goff, en qualité de président, ci-après « le Client »."
    )
    found = says(text)
    assert found["agency.name"] == "Studio Brume"
    assert found["agency.address"] == "4 rue des Carmes, 35000 Rennes"
    assert (found["agency.person"], found["agency.title"]) == ("Inès Caro", "Gérante")
    assert found["client.address"] == "12 quai du Lac, 56000 Vannes"
    assert (found["client.person"], found["client.title"]) == ("Alan Le Goff", "Président")


def test_parties_are_read_as_solicitors_write_them():
    found = says(
        "CONTRAT\nENTRE :\nLa société ATELIER NOVEMBRE, Société par actions simplifiée au capital de 10 000 euros, "
        "immatriculée au Registre du Commerce et des Sociétés de Lyon sous le numéro 851 234 567, dont le siège social "
        "est situé 18 rue Sainte-Catherine – 69001 LYON, prise en la personne de son représentant légal, Madame "
        "Camille Vasseur, dûment habilitée à l’effet des présentes,\nCi-après désignée « l’Agence »\nET\n"
        "la SARL Les Salins, "
        "ayant son siège social 7 route des Marais, 44350 GUÉRANDE, représentée par son gérant, Monsieur Yannick Le "
        "Bihan,\nCi-après désignée le « Client »\nLe Client confie à l’Agence, qui l’accepte, le référencement de "
        "lessalins.example.\nmoyennant un délai de prévenance de 60 jours.\n"
        "Fait à Lyon, en deux exemplaires, le 18 mars 2022"
    )
    assert found["agency.address"] == "18 rue Sainte-Catherine – 69001 LYON"
    assert "agency.title" not in found
    assert (found["agency.person"], found["client.person"]) == ("Camille Vasseur", "Yannick Le Bihan")
    assert (found["client.name"], found["client.title"]) == ("Les Salins", "Gérant")
    assert found["agency.registration"].splitlines()[1].startswith("Registre du Commerce et des Sociétés de Lyon")
    assert found["contract.subject"] == "le référencement de lessalins.example"
    assert (found["contract.notice_period"], found["letter.place"]) == ("60 jours", "Lyon")


def test_a_sole_trader_signs_for_themselves():
    found = says(
        "Contrat entre Nadia Ferhat, entrepreneure individuelle (ci-après « la Prestataire »), et la SAS Nord-Vert, "
        "sise 41 bis avenue de la République, 59110 La Madeleine (ci-après « la Cliente »)."
    )
    assert (found["agency.name"], found["agency.person"]) == ("Nadia Ferhat", "Nadia Ferhat")
    assert (found["client.name"], "client.person" in found) == ("Nord-Vert", False)


def test_what_prose_does_not_say_a_list_of_parties_and_the_signatures_do():
    found = says(
        "Agreement\nSupplier\nTideway Ltd, registered office at Unit 4, Canal Wharf, Leeds LS11 5PS\nCustomer\n"
        "Fenwick & Rowe Ltd, 22 Market Street, York YO1 8ST\nEffective Date\n15 May 2023\n"
        'Between Tideway Ltd ("Supplier") and Fenwick & Rowe Ltd ("Customer").\n'
        "Signed for and on behalf of the Supplier: Priya Nair, Director\n"
        "Signed for and on behalf of the Customer: George Rowe"
    )
    assert found["agency.address"] == "Unit 4, Canal Wharf, Leeds LS11 5PS"
    assert found["client.address"] == "22 Market Street, York YO1 8ST"
    assert (found["agency.person"], found["agency.title"]) == ("Priya Nair", "Director")
    assert found["client.person"] == "George Rowe"


def test_parties_in_blocks_of_lines_are_read_line_by_line():
    found = says(
        "CONTRAT\nLe prestataire :\nStudio Brume\n4 rue des Carmes\n35000 Rennes\nreprésenté par Inès Caro, gérante\n"
        "et\nLe client :\nMaison Kervella SAS\n12 quai du Lac\n56000 Vannes\nArticle 1 – Objet\nLe site."
    )
    assert (found["agency.name"], found["agency.address"]) == ("Studio Brume", "4 rue des Carmes, 35000 Rennes")
    assert (found["client.name"], found["client.address"]) == ("Maison Kervella", "12 quai du Lac, 56000 Vannes")
    assert found["agency.person"] == "Inès Caro"
    table = says("Agreement\nClient\nLarkhill Ltd\nSupplier\nTideway Ltd\n1 Quay Street\nStart date\n1 May 2021\n")
    assert (table["client.name"], table["agency.name"]) == ("Larkhill Ltd", "Tideway Ltd")
    assert table["contract.start_date"] == "2021-05-01"


@pytest.mark.parametrize(
    "text",
    [
        "Compte rendu de réunion : le client est content du contrat.",
        "Devis n° 12 pour un client",
        "This agreement is between friends.",
        'Agreement reference of services between ("the Agency") and ("the Client")',
        "",
    ],
)
def test_a_paper_that_names_no_two_parties_is_no_contract(text):
    assert says(text) == {}


@pytest.mark.parametrize("text", ["le " * 30_000, "(" * 60_000, "entre " * 10_000 + TOP, "« le Client » " * 4_000])
def test_a_strange_text_costs_no_more_than_its_length(text):
    says(
        f"contrat {text}"
    )  # it ends: the text is at most 60,000 characters, and no expression runs over it again and again


@pytest.mark.parametrize(
    ("day", "period", "over"),
    [("2026-09-14", "deux mois", "2026-11-14"), ("2026-10-29", "30 days", "2026-11-28"), ("2026-10-29", "a while", "")],
)
def test_a_notice_is_over_after_calendar_months_or_days(day, period, over):
    assert notice_ends(day, period) == over


def test_in_a_date_with_slashes_the_day_comes_first():
    assert str(date_of("03/04/2024")) == "2024-04-03"


@pytest.mark.parametrize(
    ("text", "code"),
    [("le contrat et les parties pour la durée", "fr"), ("the parties to this agreement and", "en"), ("12 34", "")],
)
def test_the_language_shows_by_its_commonest_words(text, code):
    assert language_of(text) == code
