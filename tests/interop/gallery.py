"""`make looks`: every kind of project as its pages, in build/looks/, with contact sheets and measured checks.

Role: `CASES` are projects at the limits of what an agency has (sixty figures, neon, a tall logo, no logo, other
countries); `documents` renders what is read on paper. `measured` judges the pages: its faults are printed, and end the
run with 1. Needs LibreOffice and poppler, which `make interop` installs.

    .venv/bin/python tests/interop/gallery.py [CASE …]
"""

import datetime as dt
import io
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from handover.build.outside import template_of
from handover.build.render import base_input, render
from handover.build.sample import TODAY, Looks, sample_document, sample_given, sample_plan, sample_project
from handover.documents.base import InternalInput, Outside, WorkspaceInput
from handover.documents.cover import COVER
from handover.documents.notice import NOTICE
from handover.documents.outside import outside
from handover.documents.plan import Plan, plan
from handover.documents.registry import ALL, OUTSIDE
from handover.documents.survey import FIVE, QUESTIONS
from handover.formats.palette import palette
from handover.formats.word.finish import Finish
from handover.formats.word.pictures import Picture
from handover.languages import files
from handover.languages.services import catalogue
from handover.life.dossier import Dossier
from handover.model.artifact import AssetSource
from handover.model.life import AnswerRow, Reason, Wave
from handover.model.parties import Voice
from handover.model.project import Project
from handover.model.reporting import Metric
from handover.model.rows import AccountRow, Frequency, MetricRow, PendingRow, Phase
from handover.project.check import validate
from handover.project.read import load_project
from handover.templating.template import rendered

ROOT = Path(__file__).parents[2]
OUT = ROOT / "build" / "looks"
ON_PAPER = ("letter", "pending", "report", "plan", "guide")
SHEET = 6
"""Pages of a contact sheet."""


def logo(width: int, height: int) -> bytes:
    """A mark of these proportions."""
    image = Image.new("RGB", (width, height), "#FFFFFF")
    draw, edge = ImageDraw.Draw(image), min(width, height) // 6
    draw.rectangle((edge, edge, width - edge, height - edge), outline="#333333", width=max(4, edge // 3))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def example(name: str) -> Plan:
    """One of the two examples, as of its handover."""
    from handover.build.prepare import _list_assets

    project, findings = validate(load_project(ROOT / "examples" / name, scan_assets=_list_assets), draft=True)
    if project is None:
        raise SystemExit("\n".join(f"{found.location}: {found.message}" for found in findings))
    return planned(project, dt.date(2026, 11, 23))


def sample(language: str, *, draft: bool = False, **looks: Any) -> Plan:
    """The made-up project of previews with these looks."""
    return planned(sample_project(language, Looks(**{"logo": logo(900, 300), **looks})), TODAY, draft=draft)


def planned(project: Project, today: dt.date, *, draft: bool = False) -> Plan:
    language = project.settings.language
    return plan(project, ALL, today=today, standard_templates=files.word_templates(language), draft=draft)


def tiny() -> Plan:
    """A freelancer with one client, a short contract, nothing measured and one routine."""
    project = sample_project("en", Looks())
    settings = project.settings
    bare = settings.model_copy(
        update={
            "agency": settings.agency.model_copy(update={"name": "Ada Marsh", "voice": Voice.I}),
            "report": type(settings.report)(summary="We put a small shop online and kept it running."),
            "metrics": {},
            "letter": settings.letter.model_copy(update={"highlights": ()}),
        }
    )
    few: dict[str, Any] = dict.fromkeys(("metrics", "accounts", "milestones", "training"), ())
    few |= {"pending": project.pending[:1], "routines": project.routines[:1]}
    return planned(replace(project, settings=bare, **few), TODAY)


def large() -> Plan:
    """Sixty figures, eighty projects, three thousand files, an account of every known service and forty routines."""
    project = sample_project("en", Looks(logo=logo(900, 300)))
    settings, start = project.settings, project.settings.periods.baseline.start
    names = {f"figure_{at}": Metric(label=f"Figure of team {at}", unit="count") for at in range(60)}
    rows = tuple(
        MetricRow(date=dt.date(start.year + (start.month - 1 + month) // 12, (start.month - 1 + month) % 12 + 1, 1),
                  metric=name, value=str(100 + at + month * (at % 5 - 1) + (month * 7 + at) % 5))
        for at, name in enumerate(names)
        for month in range(24)
    )  # fmt: skip
    report = settings.report.model_copy(update={"headline": (), "left_out": ()})
    pending = tuple(
        PendingRow.model_validate(project.pending[at % 3].model_dump() | distinct(at + 1)) for at in range(80)
    )
    assets = tuple(AssetSource(f"{at}.pdf", f"assets/{at}.pdf") for at in range(3000))
    made = settings.model_copy(update={"metrics": names, "report": report})
    kept = {"metrics": rows, "pending": pending, "assets": assets}
    return planned(replace(project, settings=made, **kept, **transition(project)), TODAY)


def transition(project: Project) -> dict[str, Any]:
    """A transition of many milestones, accounts, routines and lessons."""
    day = dt.date(2026, 11, 2)
    urls = [f"https://{one.hosts[0]}" if one.hosts else f"https://acme.example{one.paths[0]}" for one in catalogue()
            if not one.domain]  # fmt: skip
    names = [*urls, "Domain acme.example", "Domain acme.fr", "Domain acme.co.uk"]
    return {
        "accounts": tuple(
            AccountRow.model_validate(
                {"service": name, "url": name if "//" in name else None, "current_owner": "Northlight Studio",
                 "new_owner": project.settings.client.name, "status": ("to-transfer", "in-progress")[at % 2]}
            )
            for at, name in enumerate(names)
        ),
        "milestones": tuple(
            project.milestones[0].model_copy(update={"on": day + dt.timedelta(at % 28), "milestone": f"Step {at}",
                                                     "phase": list(Phase)[at % 5]})
            for at in range(60)
        ),
        "routines": tuple(
            project.routines[at % 2].model_copy(update={"task": f"Routine {at} of the shop", "frequency": every})
            for at, every in zip(range(40), cycle(Frequency), strict=False)
        ),
        "training": tuple(project.training[0].model_copy(update={"topic": f"Lesson {at}"}) for at in range(20)),
    }  # fmt: skip


def distinct(number: int) -> dict[str, str | None]:
    """The texts of a pending project that no other has."""
    return {
        "project": f"Project {number}",
        "description": f"What project {number} is about, told in a line or two that nobody else could have written.",
        "next_action": f"Agree on step {number} with the team.",
        "blockers": None if number % 3 else f"Account {number} has to be opened first.",
        "takeover": f"Notes on project {number} are in the shared folder.",
    }


CASES: Mapping[str, Callable[[], Plan]] = {
    "example-fr": lambda: example("cidrerie-trehorel"),
    "example-en": lambda: example("wrenfield-nurseries"),
    "tiny": tiny,
    "large": large,
    "us": lambda: sample("en", locale="en_US"),
    "swiss": lambda: sample("fr", locale="fr_CH"),
    "belgian": lambda: sample("fr", locale="fr_BE"),
    "canadian": lambda: sample("fr", locale="fr_CA"),
    "pale-yellow": lambda: sample("en", colour="#FFF3B0"),
    "black": lambda: sample("fr", colour="#000000"),
    "neon": lambda: sample("en", colour="#39FF14"),
    "wide-logo": lambda: sample("fr", logo=logo(2400, 200)),
    "tall-logo": lambda: sample("en", logo=logo(300, 900)),
    "no-logo": lambda: sample("en", logo=None),
    "draft": lambda: sample("fr", draft=True),
}


AROUND = {
    "around-fr": lambda: sample_plan("fr", Looks(logo=logo(900, 300))),
    "around-en": lambda: sample_plan("en", Looks(logo=logo(900, 300))),
    "around-tiny": lambda: freelancer("en"),
    "around-seule": lambda: freelancer("fr"),
    "around-large": lambda: crowded(
        "en",
        "Pemberton, Ashworth & Daughters, digital communication",
        "Federation of the Fruit Growers' Cooperatives of the Severn Vale",
    ),
    "around-fr-large": lambda: crowded(
        "fr",
        "Lefebvre, Trévarez & Associés, communication numérique",
        "Fédération des coopératives viticoles du Val de Loire",
    ),
}
"""What is written in the months around the bundle: the notice and its cover letter, papers, plan, receipt, survey."""


def freelancer(language: str) -> Plan:
    """The made-up project of one person, without a logo."""
    made = sample_plan(language)
    settings = made.project.settings
    name = settings.owner.name
    agency = settings.agency.model_copy(update={"name": name, "voice": Voice.I, "registration": ()})
    return replace(made, project=replace(made.project, settings=settings.model_copy(update={"agency": agency})))


def crowded(language: str, agency_name: str, client_name: str) -> Plan:
    """The made-up project of an agency and a client with long names, and of many deliveries."""
    made = sample_plan(language, Looks(logo=logo(900, 300)))
    settings = made.project.settings
    agency = settings.agency.model_copy(update={"name": agency_name})
    client = settings.client.model_copy(update={"name": client_name, "id": "federation"})
    letter = settings.letter.model_copy(update={"deliveries": settings.letter.deliveries * 2})
    own = settings.model_copy(update={"agency": agency, "client": client, "letter": letter})
    return replace(made, project=replace(made.project, settings=own))


def paper(document: Outside[Any], around: Plan) -> bytes:
    """A paper that is written outside the bundle, of a project on which much was written down."""
    given = sample_given(document, around.project)
    dossier = Dossier.of(around.project)
    if isinstance(given, WorkspaceInput):
        told = (row.model_copy(update={"text": f"No. {at}: {row.text}"}) for row in given.vetting for at in range(7))
        given = given._replace(vetting=tuple(told))
    elif isinstance(given, InternalInput):
        own, dossier = given.dossier.internal, given.dossier
        assert own.decision
        assert own.post_mortem
        decision = own.decision.model_copy(
            update={"reasons": (*Reason,), "attempts": own.decision.attempts * 4,
                    "asked": own.decision.asked * 4}
        )  # fmt: skip
        held = own.post_mortem.model_copy(
            update={"attendees": own.post_mortem.attendees * 4, "decisions": own.post_mortem.decisions * 4}
        )
        internal = own.model_copy(update={"decision": decision, "post_mortem": held})
        dossier = replace(dossier, internal=internal, reasons=dossier.reasons * 10)
        given = given._replace(dossier=replace(dossier, answers=answers(dossier.answers)))
    template, place = template_of(document, dossier)
    return outside(document, given, template, place, around.project.settings.brand.colour).content


def answers(rows: tuple[AnswerRow, ...]) -> tuple[AnswerRow, ...]:
    """Answers to every question, of a dozen people, with what a few of them wrote."""
    row = rows[1]
    return tuple(
        row.model_copy(update={"question": name, "respondent": f"Personne {who}", "wave": wave,
                               "score": Decimal(1 + (who + at) % 5), "out_of": Decimal(5)})
        for who in range(12)
        for at, (name, question) in enumerate(QUESTIONS.items())
        for wave in Wave
        if question == FIVE
    ) + tuple(
        row.model_copy(update={"text": f"{row.text[:-1]} {at}."}) for row in rows if row.text for at in range(6)
    )  # fmt: skip


@dataclass(frozen=True)
class Signer:
    name: str
    title: str
    company: str | None


@dataclass(frozen=True)
class Specimen:
    """What the specimen's blocks name."""

    client: str
    agency: str
    logo: bool
    signature_image: bool
    owners: tuple[Signer, ...]


def specimen() -> bytes:
    """The house style on one document."""
    sys.path.insert(0, str(ROOT / "templates" / "make"))
    from blocks import BLOCKS
    from source import Source
    from writer import Writer

    text = Path(__file__).with_name("specimen.md").read_text("utf-8")
    template = Writer(Source(text, "specimen.md", "en"), BLOCKS).document()
    mark = Picture(logo(900, 300), "A mark")
    finish = Finish("en-GB", "A4", palette("#1F4E79"), {"logo": mark, "client-logo": mark, "signature": None})
    view = Specimen(
        "Acme Bakery Ltd",
        "Northlight Studio",
        logo=True,
        signature_image=False,
        owners=(Signer("Ada Marsh", "Director", None),),
    )
    return rendered(template, view, finish, place="specimen.docx")


def documents(case: str) -> Iterator[tuple[str, bytes]]:
    """The name and the bytes of each of a case's documents."""
    if case == "specimen":
        yield "specimen", specimen()
        return
    if case in AROUND:
        around = AROUND[case]()
        for one in (
            NOTICE,
            COVER,
            *(document for document in OUTSIDE if document.view and document.id not in ON_PAPER),
        ):
            crowd = case.endswith("large") and isinstance(one, Outside)
            yield one.id, paper(one, around) if crowd else sample_document(one, around)[0]
        return
    made = CASES[case]()
    for document in made.documents:
        if document.deliverable.id in ON_PAPER:
            yield document.deliverable.id, render(document, base_input(made)).content


def write(cases: list[str], out: Path) -> list[Path]:
    """Every document of these cases as .docx and .pdf in `out`; gives the .docx files."""
    out.mkdir(parents=True, exist_ok=True)
    found = []
    for case in cases:
        for name, content in documents(case):
            found.append(out / f"{case}.{name}.docx")
            found[-1].write_bytes(content)
    profile = f"-env:UserInstallation=file://{out.resolve()}/.profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(out), *map(str, found)]
    subprocess.run(command, check=True, capture_output=True)
    return found


def sheets(pdf: Path, pages: list[Image.Image]) -> None:
    """The pages of a document side by side, six a picture."""
    for first in range(0, len(pages), SHEET):
        some = pages[first : first + SHEET]
        wide, high = some[0].width + 8, some[0].height + 8
        sheet = Image.new("RGB", (3 * wide, -(-len(some) // 3) * high), "#888888")
        for at, page in enumerate(some):
            sheet.paste(page, (at % 3 * wide, at // 3 * high))
        sheet.save(pdf.with_name(f"{pdf.stem}.sheet-{first // SHEET + 1}.png"))


def main(wanted: list[str]) -> int:
    """Render, measure, say what is wrong."""
    from measured import faults, images

    known = [*CASES, *AROUND, "specimen"]
    wrong = 0
    for document in write(wanted or known, OUT):
        pages = images(document.with_suffix(".pdf"), 60)
        sheets(document.with_suffix(".pdf"), pages)
        found = faults(document)
        wrong += len(found)
        print(f"{document.stem}: {len(pages)} pages, {len(found)} faults")
        for fault in found:
            print(f"  {fault}")
    print(f"{wrong} faults; the pages are in {OUT.relative_to(ROOT)}/")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
