"""Folders as agencies have them on the last day: three of them, with papers, exports, copies, junk and secrets.

Not a test itself. Each `Messy` says what it holds, so that tests can compare; contents are small and the same every time.
"""
# ruff: noqa: E501 — contracts are long sentences

import datetime as dt
import json
import os
import random
import struct
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from export_samples import bitwarden, bitwarden_login, table, zipped
from handover.formats.compound.write import compound_file

TODAY = dt.date(2026, 11, 28)
TOKEN = "ghp_" + "".join(random.Random(5).choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789", k=30))
_CRC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def github_token() -> str:
    """A token of GitHub's form, whose last six characters are its checksum."""
    number, text = zlib.crc32(TOKEN[4:].encode()), ""
    for _ in range(6):
        number, rest = divmod(number, 62)
        text = _CRC[rest] + text
    return TOKEN + text


@dataclass
class Messy:
    """A messy folder, and what is true about it."""

    root: Path
    client: str
    answers: dict[str, str]
    """What a person answers who only knows the client."""
    secrets: tuple[str, ...]
    """Passwords of this client: in the vault, and nowhere in clear."""
    foreign: tuple[str, ...]
    """What belongs to other clients: nowhere."""
    months: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Metric → its sums in the baseline and the current period."""
    private: tuple[str, ...] = ("avec le préavis prévu", "ne pas diffuser", "signature In", "DB_PASSWORD")
    """What stands in papers that don't leave."""
    says: tuple[str, ...] = ()
    """What the documents say, since papers or answers do."""


def word(*paragraphs: str) -> bytes:
    body = "".join(f"<w:p><w:r><w:t xml:space='preserve'>{_escaped(text)}</w:t></w:r></w:p>" for text in paragraphs)
    document = (
        '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/'
        f'wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
    )
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return zipped(**{"[Content_Types]__xml": types, "word_S_document__xml": document})


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def pdf(*pages: str, attached: bytes = b"") -> bytes:
    """A PDF with text in Helvetica (WinAnsi), a line each; with the XML of an invoice inside where it's given.

    What follows a tab stands in a second column.
    """
    objects: list[bytes] = []

    def add(content: bytes) -> int:
        objects.append(content)
        return len(objects)

    def stream(data: bytes, more: bytes = b"") -> int:
        return add(b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), more, data))

    catalogue, tree = add(b""), add(b"")
    font = add(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    kids = []
    for page in pages:
        lines = [line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in page.split("\n")]
        cells = [
            (x, 780 - 14 * n, cell)
            for n, line in enumerate(lines)
            for x, cell in zip((60, 320), line.split("\t"), strict=False)
        ]
        text = " ".join(f"BT /F1 11 Tf {x} {y} Td ({cell}) Tj ET" for x, y, cell in cells if cell)
        content = stream(text.encode("cp1252"))
        kids.append(
            add(
                b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 %d 0 R>>>>/Contents %d 0 R>>"
                % (tree, font, content)
            )
        )
    names = b""
    if attached:
        file = stream(attached, b"/Type/EmbeddedFile/Subtype/text#2Fxml")
        spec = add(b"<</Type/Filespec/F(factur-x.xml)/UF(factur-x.xml)/AFRelationship/Data/EF<</F %d 0 R>>>>" % file)
        names = b"/Names<</EmbeddedFiles<</Names[(factur-x.xml) %d 0 R]>>>>/AF[%d 0 R]" % (spec, spec)
    objects[catalogue - 1] = b"<</Type/Catalog/Pages %d 0 R%s>>" % (tree, names)
    objects[tree - 1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, rows)
    return out + head + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, len(out))


def cii(number: str, issued: str, due: str, total: str, buyer: str, currency: str = "GBP", kind: str = "380") -> bytes:
    """An invoice as Factur-X has it: what is read of it."""
    names = "urn:un:unece:uncefact:data:standard:"
    day = '<udt:DateTimeString format="102">{}</udt:DateTimeString>'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="{names}CrossIndustryInvoice:100"
 xmlns:ram="{names}ReusableAggregateBusinessInformationEntity:100" xmlns:udt="{names}UnqualifiedDataType:100">
<rsm:ExchangedDocument><ram:ID>{number}</ram:ID><ram:TypeCode>{kind}</ram:TypeCode>
<ram:IssueDateTime>{day.format(issued)}</ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeAgreement>
<ram:BuyerTradeParty><ram:Name>{buyer}</ram:Name></ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>{currency}</ram:InvoiceCurrencyCode>
<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime>{day.format(due)}</ram:DueDateDateTime>
</ram:SpecifiedTradePaymentTerms><ram:SpecifiedTradeSettlementHeaderMonetarySummation>
<ram:GrandTotalAmount>{total}</ram:GrandTotalAmount><ram:DuePayableAmount>{total}</ram:DuePayableAmount>
</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>""".encode()


def mail(sender: str, day: str, subject: str, text: str) -> bytes:
    head = f"From: {sender}\nTo: agency@example.org\nDate: {day}\nSubject: {subject}\nMIME-Version: 1.0\n"
    return f"{head}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n".encode()


def outlook(sender: tuple[str, str], day: dt.date, subject: str, text: str, kind: str = "001F") -> bytes:
    """An e-mail as Outlook saves it: [MS-OXMSG], with texts in UTF-16 or (001E) Windows-1252."""
    texts = {"0C1A": sender[0], "5D01": sender[1], "0E04": "Inès Caro; Luc", "0037": subject, "1000": text}
    coded = {"001F": "utf-16-le", "001E": "cp1252"}[kind]
    since = dt.datetime.combine(day, dt.time(9), dt.UTC) - dt.datetime(1601, 1, 1, tzinfo=dt.UTC)
    sent = struct.pack("<IIQ", 0x0039_0040, 6, since // dt.timedelta(microseconds=1) * 10)
    streams = {(f"__substg1.0_{one}{kind}",): text.encode(coded) for one, text in texts.items()}
    return compound_file({("__properties_version1.0",): bytes(32) + bytes(16) + sent, **streams})


def trello(name: str, lists: dict[str, list[str]]) -> bytes:
    made = [{"id": f"l{n}", "name": called, "closed": False, "pos": n} for n, called in enumerate(lists)]
    cards = [
        {"id": f"c{n}{m}", "idBoard": "b", "idList": f"l{n}", "name": card, "desc": "", "due": None, "closed": False,
         "dueComplete": False, "idMembers": ["m"], "pos": m}
        for n, cards in enumerate(lists.values()) for m, card in enumerate(cards)
    ]  # fmt: skip
    members = [{"id": "m", "fullName": "Ines Caro", "username": "ines"}]
    return json.dumps(
        {"id": "b", "name": name, "lists": made, "cards": cards, "members": members, "checklists": []}
    ).encode()


def ga4(start: dt.date, days: int, seed: int) -> tuple[bytes, dict[dt.date, int]]:
    """A report of GA4 by day, with the sessions of each."""
    rng = random.Random(seed)
    values = {start + dt.timedelta(n): 80 + n // 10 + rng.randint(0, 20) for n in range(days)}
    end = start + dt.timedelta(days - 1)
    head = (
        "# ----------------------------------------\n# Traffic acquisition\n# Account: X\n# Property: X\n"
        "# ----------------------------------------\n# \n# All Users\n"
        f"# Start date: {start:%Y%m%d}\n# End date: {end:%Y%m%d}\nNth day,Sessions\n"
    )
    return (head + "".join(f"{n:04},{value}\n" for n, value in enumerate(values.values()))).encode(), values


def write(root: Path, path: str, content: bytes | str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)


_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def _rubbish(root: Path) -> None:
    write(root, ".DS_Store", b"\0\0\0\1Bud1")
    write(root, "Photos/Thumbs.db", b"\xd0\xcf\x11\xe0")
    write(root, "site/node_modules/left-pad/index.js", "module.exports = 1")
    write(root, "site/.git/config", "[core]\n")
    write(root, "~$notes.docx", b"\x05lock")
    if hasattr(os, "symlink"):
        (root / "link to elsewhere").symlink_to("/etc")


def french(root: Path) -> Messy:
    """An agency in Rennes: Word contract, text invoices, GA4, Trello, Bitwarden and Chrome, 284 files."""
    write(root, "Admin/Contrat Maison Kervella signé.docx", word(
        "CONTRAT DE PRESTATION DE SERVICES n° C-2023-009", "Entre les soussignés :",
        "Studio Brume, SARL au capital de 8 000 €, dont le siège est situé 4 rue des Carmes, 35000 Rennes, SIRET 812 345 678 00011, "
        "représentée par Mme Inès Caro, gérante, courriel : bonjour@studio-brume.example, tél. 02 99 00 00 10, ci-après « le Prestataire »,",
        "et",
        "Maison Kervella, SAS, dont le siège social est sis 12 quai du Lac, 56000 Vannes, représentée par M. Alan Kervella, en qualité de "
        "président, ci-après dénommée « le Client ».",
        "Article 1. Le présent contrat a pour objet la maintenance et le référencement de votre boutique en ligne.",
        "Article 2. Il prend effet le 1er mars 2023. Chacune des parties peut y mettre fin moyennant un préavis de deux (2) mois.",
        "Fait à Rennes, le 20 février 2023",
    ))  # fmt: skip
    for number, (issued, due, total) in enumerate(
        (("30/09/2026", "30/10/2026", "1 440,00 €"), ("31/10/2026", "30/11/2026", "960,00")), 7
    ):
        write(root, f"Admin/factures/F2026-{number:03}.pdf", pdf(
            f"Studio Brume\nFACTURE N° F2026-{number:03}\nDate : {issued}\nÉchéance : {due}\nClient : Maison Kervella\n"
            f"Total HT 800,00 €\nTotal TTC {total}"
        ))  # fmt: skip
    write(root, "Admin/factures/F2026-003.pdf", pdf(
        "Studio Brume\nFACTURE N° F2026-003\nDate : 30/04/2026\nÉchéance : 30/05/2026\nClient : Maison Kervella\nTotal TTC 500,00 €\n"
        "Payée le 12/05/2026"))  # fmt: skip
    write(root, "Admin/factures/F2026-004 erreur de dossier.pdf", pdf(
        "Studio Brume\nFACTURE N° F2026-004\nDate : 30/04/2026\nÉchéance : 30/05/2026\nClient : Cycles Armor\nTotal TTC 700,00 €"))  # fmt: skip
    write(root, "Admin/RE fin de contrat.eml", mail(
        "Alan Kervella <alan@kervella.example>", "Mon, 14 Sep 2026 09:12:00 +0200", "Fin de contrat",
        "Bonjour Inès,\n\nNous souhaitons mettre fin à notre contrat, avec le préavis prévu.\n\nAlan Kervella\nPrésident"))  # fmt: skip
    export, values = ga4(dt.date(2024, 10, 1), 762, 1)
    write(root, "stats/Acquisition de trafic.csv", export)
    write(root, "stats/Acquisition de trafic (1).csv", export)
    write(root, "stats/Performances-sur-la-Recherche.zip", zipped(Requêtes__csv="Requêtes les plus fréquentes,Clics,Impressions,CTR,Position\ncidre,3,90,3.33%,4.1\n", Dates__csv="Date,Clics,Impressions,CTR,Position\n" + "\n".join(
            f"{dt.date(2025, 8, 1) + dt.timedelta(n)},{10 + n % 7},400,{(10 + n % 7) / 4}%,2.5" for n in range(450)), Filtres__csv="Filtre,Valeur\nType de recherche,Web\n"))  # fmt: skip
    write(root, "stats/google ads.csv", "Rapport\n1 septembre 2026 - 31 octobre 2026\nMois,Clics,Impr.,Coût\n"
          "2026-09,40,900,\"100,50\"\n2026-10,44,950,\"110,50\"\n")  # fmt: skip
    write(root, "stats/meta.csv", "Campaign name,Month,Impressions,Link clicks,Amount spent (EUR),Reporting starts,Reporting ends\n"
          "A,2026-09,500,30,61.25,2026-09-01,2026-10-31\nA,2026-10,510,31,62.25,2026-09-01,2026-10-31\n")  # fmt: skip
    write(root, "Trello/kervella.json", trello("Kervella", {
        "Idées": ["Carte cadeau"], "À faire": ["Refonte du panier", "Guide des tailles"], "En cours": ["Migration du blog"],
        "Terminé": ["Page presse"]}))  # fmt: skip
    own, other = ("Vannes-canary-91!", "Lac-canary-92!"), ("Armor-canary-93!",)
    write(root, "mdp/bitwarden_export.json", bitwarden(
        bitwarden_login("Boutique", own[0], folderId="k"), bitwarden_login("Hébergeur", own[1], folderId="k"),
        bitwarden_login("Cycles Armor site", other[0], folderId="a"),
        folders={"k": "Clients/Maison Kervella", "a": "Clients/Cycles Armor"}))  # fmt: skip
    write(root, "mdp/Mots de passe Chrome.csv", table(
        "name,url,username,password,note", {"name": "divers", "url": "https://x.example", "username": "a", "password": "Chrome-canary-94!"}))  # fmt: skip
    write(root, "site/.env", "DB_PASSWORD=abc\n")
    write(root, "site/deploy notes.txt", f"token {github_token()}\n")
    write(root, "Photos/Cycles Armor/velo.jpg", b"\xff\xd8\xff\xe0velo")
    write(root, "notes interne.docx", word("Document interne, ne pas diffuser"))
    write(root, "logo/logo maison kervella.svg", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'/>")
    write(root, "logo/signature Inès.jpg", b"\xff\xd8\xff\xe0signature")
    write(root, "Photos/Été 2026/LICENCE.txt", "Photos sous licence CC BY 4.0, Lena Moreau")
    for number in range(253):
        write(root, f"Photos/Été 2026/plage n°{number:03}.jpg", b"\xff\xd8\xff\xe0" + f"photo {number}".encode())
    write(root, "Photos/Été 2026/plage n°000 - Copie.jpg", b"\xff\xd8\xff\xe0photo 0")
    write(root, "Photos/quai: aube?.jpg", b"\xff\xd8\xff\xe0aube")
    _rubbish(root)
    answers = {
        "facts": "oui", "contacts": "Alan Kervella <alan@kervella.example>, président, 02 97 00 00 20", "invoices": "F2026-008",

    }  # fmt: skip
    sums = {"sessions": (_sum(values, 2024, 11), _sum(values, 2025, 11))}
    says = ("Alan Kervella", "C-2023-009", "F2026-008", "960,00", "Refonte du panier", "CC BY 4.0")
    return Messy(root, "Maison Kervella", answers, own, (*other, "Cycles Armor", "Chrome-canary-94!"), sums, says=says)


def _sum(values: dict[dt.date, int], year: int, month: int) -> int:
    """Twelve months from the month on."""
    first, last = dt.date(year, month, 1), dt.date(year + 1, month, 1)
    return sum(value for day, value in values.items() if first <= day < last)


def british(root: Path) -> Messy:
    """A studio in Bristol: PDF contract, Factur-X, LastPass, a plain table of months; the studio gave notice."""
    write(root, "Agreement.pdf", pdf(
        "SERVICES AGREEMENT ref. TS-2021-09\nThis Agreement is made on 4 January 2021 between Tideway Studio Ltd (company number\n"
        "01234567), whose registered office is at 1 Quay Street, Bristol BS1 4XX, represented by\nJane Morrow, Managing Director, "
        "hello@tideway.example, phone 0117 496 0000 (\"the Agency\")\nand Larkhill Pottery Ltd, of 2 Kiln Lane, Ludlow SY8 1AA, represented by Mr Tom "
        "Hale, Operations\nManager, tom.hale@larkhill.example, phone 01584 496 000 (\"the Client\").",
        "1. The Agency provides the Client with search marketing and website maintenance.\n"
        "2. This Agreement commences on 1 February 2021. Either party may end it by giving not less than\n30 days' written notice."))  # fmt: skip
    write(root, "invoices/INV-0042.pdf", pdf(
        "INVOICE INV-0042\nsee the embedded file", attached=cii("INV-0042", "20261001", "20261215", "1200.00", "Larkhill Pottery Ltd")))  # fmt: skip
    write(root, "invoices/INV-0041.pdf", pdf(
        "INVOICE INV-0041\nInvoice date: 1 September 2026\nDue date: 1 October 2026\nLarkhill Pottery Ltd\nTotal due £600.00\nPAID IN FULL"))  # fmt: skip
    write(root, "mail/notice.eml", mail(
        "Jane Morrow <jane@tideway.example>", "Thu, 29 Oct 2026 10:00:00 +0000", "Notice", "Dear Tom,\n\nWe hereby give notice, "
        "ending our agreement.\n\nJane"))  # fmt: skip
    months = [(dt.date(2024 + n // 12, n % 12 + 1, 1), 100 + 3 * n, 5 + n // 4) for n in range(34)]
    write(
        root,
        "figures.csv",
        "month,visitors,leads\n" + "".join(f"{day:%Y-%m},{one},{two}\n" for day, one, two in months),
    )
    own, other = ("Kiln-canary-71!",), ("Otter-canary-72!",)
    write(root, "lastpass.csv", table(
        "url,username,password,totp,extra,name,grouping,fav",
        {"url": "https://larkhill.example/wp", "username": "tom", "password": own[0], "name": "WordPress", "grouping": "Larkhill Pottery"},
        {"url": "https://otter.example", "username": "al", "password": other[0], "name": "Otter Cafe", "grouping": "Otter Cafe"}))  # fmt: skip
    write(root, "brand/logo.png", _PNG)
    write(root, "brand/Copy of logo.png", _PNG)
    write(root, "copy/about us.txt", "We throw pots.")
    write(root, "copy/CON.txt", "a name that Windows refuses")
    _rubbish(root)
    answers = {"facts": "yes", "invoices": "INV-0042", "options.passphrase_by": "phone"}
    sums = {"leads": (sum(one for *_, one in months[10:22]), sum(one for *_, one in months[22:]))}
    says = ("Tom Hale", "TS-2021-09", "INV-0042", "1,200.00", "Kite Web")
    return Messy(root, "Larkhill Pottery Ltd", answers, own, (*other, "Otter Cafe"), sums, says=says)


def swiss(root: Path) -> Messy:
    """A studio in Lausanne: a contract in labels, francs, Bitwarden without folders for one client, no board."""
    write(root, "Contrat.docx", word(
        "Contrat de mandat", "Mandant : Fromagerie du Lac Sàrl, adresse : Rue du Lac 4, 1800 Vevey, représentée par Madame Anne Rochat, directrice",
        "Mandataire : Studio Lémanique, adresse : Avenue de la Gare 10, 1003 Lausanne, représentée par Luc Favre, fondateur, courriel : "
        "luc@lemanique.example, tél. +41 21 555 01 01",
        "Référence : SL-2023-04", "Objet : la communication numérique de la fromagerie.", "Date d'effet : 1er mars 2023. Le préavis est de deux mois.",
    ))  # fmt: skip
    write(root, "Factures/2026-17.pdf", pdf(
        "Studio Lémanique\nFacture no 2026-17\nLausanne, le 3 novembre 2026\nFromagerie du Lac Sàrl\nPayable jusqu’au 3 décembre 2026\n"
        "Montant total CHF 1'234.50"))  # fmt: skip
    write(root, "resiliation.eml", mail(
        "\"Rochat, Anne\" <a.rochat@fromagerie.example>", "Tue, 29 Sep 2026 08:00:00 +0200", "Résiliation",
        "Bonjour,\n\nPar la présente, nous résilions notre contrat.\n\nAnne Rochat"))  # fmt: skip
    rows = "".join(
        f"{day:%d.%m.%Y};{1000 + n * 7}\n"
        for n in range(24)
        if (day := dt.date(2024 + (n + 10) // 12, (n + 10) % 12 + 1, 1))
    )
    write(root, "chiffres.csv", "mois;visiteurs\n" + rows)
    own = ("Vevey-canary-55!",)
    write(root, "bitwarden.json", bitwarden(bitwarden_login("Boutique Vevey", own[0])))
    write(root, "Textes/accueil.md", "# Bienvenue\n")
    write(root, "Textes/accueil (1).md", "# Bienvenue\n")
    _rubbish(root)
    answers = {
        "facts": "oui", "invoices": "tout", "credentials": "bitwarden.json",
        "contacts": "Anne Rochat <a.rochat@fromagerie.example>, directrice, +41 21 555 02 02",
    }  # fmt: skip
    return Messy(
        root, "Fromagerie du Lac Sàrl", answers, own, (), {}, says=("Anne Rochat", "SL-2023-04", "2026-17", "234.50")
    )
