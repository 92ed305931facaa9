"""A contract that ends, in either language, for tests of the letter and of the pending projects; and how goldens read.

Not a test: a builder, and the text form in which a Word document is compared.
"""

import datetime as dt
import os
from pathlib import Path
from typing import Any

from lxml import etree

from handover.documents.base import Content, RenderInput
from handover.formats.package.opc import read_package
from handover.formats.word.ooxml import W, w
from handover.languages import files, registry
from handover.languages.words import Words
from handover.model.artifact import Role
from handover.model.project import Project
from handover.model.rows import InvoiceRow, PendingRow
from handover.model.settings import Settings

GOLDEN = Path(__file__).parent / "golden"
TODAY = dt.date(2026, 11, 20)

_BARE: dict[str, dict[str, Any]] = {
    "fr": {
        "agency": {"name": "Atelier Rivage", "voice": "we", "address": ["14 quai des Salinières", "33000 Bordeaux"],
                   "email": "bonjour@rivage.example"},
        "owner": {"name": "Claire Delmas", "title": "Gérante"},
        "client": {"id": "le-goff", "name": "Conserverie <Le Goff> & Cie", "address": ["3 rue du Port"],
                   "contact": {"name": "Yann Le Goff", "email": "yann@legoff.example"}},
        "contract": {"subject": "le référencement de votre site", "start_date": "2022-09-01", "ended_by": "agency",
                     "last_working_day": "2026-11-30"},
        "letter": {"date": "2026-09-01", "place": "Bordeaux"},
    },
    "en": {
        "agency": {"name": "Northlight Studio", "voice": "we", "address": ["12 Harbour Street", "Whitby YO22 4ET"],
                   "email": "hello@northlight.example"},
        "owner": {"name": "Ada Marsh", "title": "Managing director"},
        "client": {"id": "acme", "name": "Acme <Bakery> & Sons", "address": ["3 Mill Lane", "Whitby YO21 1AA"],
                   "contact": {"name": "Ruth Carter", "email": "ruth@acme.example"}},
        "contract": {"subject": "the care of your web shop", "start_date": "2022-09-01", "ended_by": "agency",
                     "last_working_day": "2026-11-30"},
        "letter": {"date": "2026-09-01", "place": "Whitby"},
    },
}  # fmt: skip
_FULL: dict[str, dict[str, Any]] = {
    "fr": {
        "agency": {"phone": "05 56 00 00 00", "website": "www.rivage.example",
                   "registration": ["SAS au capital de 20 000 €", "SIRET 123 456 789 00012"]},
        "owner": {"email": "claire@rivage.example", "phone": "06 00 00 00 00"},
        "contact": {"salutation": "Cher Monsieur", "role": "Directeur général"},
        "contract": {"reference": "C-2022-017", "notice_date": "2026-08-28", "notice": {"count": 3, "unit": "month"},
                     "end_date": "2026-12-31"},
        "letter": {"reason": "Notre atelier se recentre sur l’identité visuelle.",
                   "highlights": ["Les visites ont doublé.", "Le site a ouvert en onze semaines."],
                   "deliveries": [{"what": "Sauvegarde complète", "due_date": "2026-11-30"},
                                  {"what": "Rapport d’octobre", "due_date": "2026-11-13"}],
                   "offers": ["un atelier de deux heures"],
                   "successors": [{"name": "Agence Noroît", "contact": "02 00 00 00 00", "note": "tout près"},
                                  {"name": "Hélène Gautier"}],
                   "wishes": "Bon vent !"},
        "options": {"late_fee_note": "Indemnité forfaitaire de 40 €.", "passphrase_by": "sms"},
    },
    "en": {
        "agency": {"phone": "01947 000 000", "website": "www.northlight.example",
                   "registration": ["Company no. 0123456", "VAT GB 999 0001 17"]},
        "owner": {"email": "ada@northlight.example", "phone": "07000 000 000"},
        "contact": {"salutation": "Dear Ms Carter", "role": "Owner"},
        "contract": {"reference": "C-2022-017", "notice_date": "2026-08-28", "notice": {"count": 3, "unit": "month"},
                     "end_date": "2026-12-31"},
        "letter": {"reason": "Our studio will concentrate on print.",
                   "highlights": ["Orders doubled.", "The shop opened in eleven weeks."],
                   "deliveries": [{"what": "Full backup", "due_date": "2026-11-30"},
                                  {"what": "October report", "due_date": "2026-11-13"}],
                   "offers": ["a two-hour workshop"],
                   "successors": [{"name": "Fallow & Pike", "contact": "01632 960 000", "note": "close by"},
                                  {"name": "Joanna Adeyemi"}],
                   "wishes": "Fair winds."},
        "options": {"late_fee_note": "Statutory interest may apply.", "passphrase_by": "sms"},
    },
}  # fmt: skip
_NAMES = {
    "fr": ("01-lettre.docx", "02-inventaire.xlsx", "03-projets-en-cours.docx", "LISEZ-MOI.html"),
    "en": ("01-letter.docx", "02-inventory.xlsx", "03-pending-projects.docx", "START-HERE.html"),
}


def invoice(number: str, due_date: str, amount: str, **more: Any) -> InvoiceRow:
    """A row of the table of invoices."""
    row = {"number": number, "issued_on": "2026-06-30", "due_date": due_date, "amount": amount}
    return InvoiceRow.model_validate({**row, **more})


INVOICES = (
    invoice("F-2", "2026-09-30", "1200.5"),
    invoice("F-1", "2026-08-31", "80", description="Audit"),
    invoice("F-0", "2026-07-31", "9", paid_on="2026-07-30"),
)


def settings(language: str, *, full: bool, **changes: dict[str, Any]) -> Settings:
    """Settings with every optional part, or with none; `changes` are merged into top-level groups."""
    values: dict[str, Any] = {group: dict(keys) for group, keys in _BARE[language].items()}
    values["client"] = {**values["client"], "contact": dict(values["client"]["contact"])}
    if full:
        for group, keys in _FULL[language].items():
            (values["client"]["contact"] if group == "contact" else values.setdefault(group, {})).update(keys)
    for group, keys in changes.items():
        (values["client"]["contact"] if group == "contact" else values.setdefault(group, {})).update(keys)
    span = {"start": "2025-11-01", "end": "2026-10-31"}
    values |= {"language": language, "periods": {"baseline": span, "current": span}}
    locale = values.pop("locale", {"name": None})["name"]
    values["owners"] = [values.pop("owner"), *values.pop("others", {}).values()]
    values["client"]["contacts"] = [values["client"].pop("contact")]
    return Settings.model_validate({**values, "locale": locale})


def given(
    deliverable: str,
    made: Settings,
    *,
    invoices: tuple[InvoiceRow, ...] = (),
    pending: tuple[PendingRow, ...] = (),
    images: dict[str, bytes] | None = None,
    enclosed: bool = True,
    draft: bool = False,
    today: dt.date | None = None,
) -> RenderInput:
    """What one document is rendered from; unless `today` says so, a letter's bundle is of the letter's own day."""
    language = made.language
    project = Project(
        root=Path("project"), settings=made, metrics=(), pending=pending, asset_notes=(), accounts=(),
        invoices=invoices, assets_root=Path("project/assets"), assets=(), images=images or {}, templates={}, digests={},
        default_locale=registry.language(language).locale,
    )  # fmt: skip
    letter, inventory, projects, start = _NAMES[language]
    contents = (
        Content(start, Role.START_HERE, "letter"),
        Content(letter, Role.LETTER, "letter"),
        Content(inventory, Role.INVENTORY, "inventory"),
        Content(projects, Role.PENDING, "pending"),
        Content("assets/", Role.ASSET, "assets"),
        Content("data/metrics.csv", Role.DATA, "letter"),
    )
    return RenderInput(
        project=project,
        words=Words.load(language, project.locale, deliverable),
        today=today or (made.letter.date if deliverable == "letter" else TODAY),
        template=files.read_bytes(language, f"{deliverable}.docx"),
        place=f"{deliverable}.docx",
        contents=contents if enclosed else (),
        draft=draft,
    )


def texts(document: bytes, part: str = "/word/document.xml") -> list[str]:
    """The paragraphs of a part as people read them, tabs as ` → `, line breaks as ` ⏎ `."""
    return [line.partition(" | ")[2] for line in outline(document, part) if " | " in line]


def outline(document: bytes, part: str = "/word/document.xml") -> list[str]:
    """A part as lines: each paragraph `style | text`, tables and their rows marked and indented."""
    root = etree.fromstring(read_package(document, "rendered").parts[part])
    body = root.find(w("body"))
    lines: list[str] = []
    _outline(root if body is None else body, lines, "")
    return lines


def _outline(parent: etree._Element, lines: list[str], indent: str) -> None:
    for child in parent:
        name = etree.QName(child).localname
        if name == "p":
            style = child.find(f"{w('pPr')}/{w('pStyle')}")
            lines.append(f"{indent}{'Normal' if style is None else style.get(w('val'))} | {_text(child)}")
        elif name in {"tbl", "tr", "tc"}:
            lines.append(f"{indent}[{name}]")
            _outline(child, lines, indent + "  ")


def _text(paragraph: etree._Element) -> str:
    pieces: list[str] = []
    for element in paragraph.iter():
        name = etree.QName(element).localname
        if name == "t":
            pieces.append(element.text or "")
        elif name == "tab" and element.getparent().tag == f"{{{W}}}r":
            pieces.append(" → ")
        elif name == "br":
            pieces.append(" ⏎ ")
        elif name == "docPr":
            pieces.append(f"[picture: {element.get('descr')}]")
        elif name == "fldSimple":
            pieces.append(f"[{element.get(w('instr'), '').strip()}] ")
    return "".join(pieces)


def golden(name: str, document: bytes) -> tuple[str, str]:
    """The document as text, and the golden file's; with HANDOVER_WRITE_GOLDENS=1 the file is written first."""
    package = read_package(document, name)
    lines: list[str] = []
    for part in sorted(package.parts):
        if part.startswith(("/word/document", "/word/header", "/word/footer")) and part.endswith(".xml"):
            lines += [f"== {part}", *outline(document, part)]
    text = "\n".join(lines) + "\n"
    path = GOLDEN / name
    if os.environ.get("HANDOVER_WRITE_GOLDENS") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return text, path.read_text(encoding="utf-8")


def pending(project: str, decision: str, **more: Any) -> PendingRow:
    """A row of the table of pending projects."""
    return PendingRow.model_validate({"project": project, "status": "in-progress", "decision": decision, **more})
