"""Both endings from the decision to the lessons: what is typed, on which day, and what the client sends back.

Role: a table, from which `make demo` and the tests walk an example through the command line; `walk` fills in the
client's forms. It runs no command itself and knows no clock: its caller does.
"""

import re
import shlex
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from making.forms import filled

EXAMPLES = Path(__file__).resolve().parent.parent
Run = Callable[[str, list[str]], object]
"""A day, and the words of a command without `handover`."""


@dataclass(frozen=True)
class Step:
    """One command, after the client filled in the form that it reads."""

    on: str
    words: str
    ticked: tuple[str, ...] = ()
    written: Mapping[str, str] = field(default_factory=dict)
    noted: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """File → what somebody wrote into it before, as what stood there → what stands there now."""


@dataclass(frozen=True)
class Ending:
    """One example: whose it is, and its steps up to the bundle, and after it."""

    owner: str
    handed_over: str
    """The bundle's day."""
    forms: Mapping[str, str]
    """What the client's forms in out/ are called."""
    before: tuple[Step, ...]
    after: tuple[Step, ...]


def _done(
    event: str, on: str, by: str, note: str = "", noted: Mapping[str, Mapping[str, str]] = MappingProxyType({})
) -> Step:
    said = f" --note {shlex.quote(note)}" if note else ""
    return Step(on, f"status --done {event} {{project}} --by {shlex.quote(by)}{said}", noted=noted)


def _write(on: str, *documents: str, where: str = "{project}") -> tuple[Step, ...]:
    return tuple(Step(on, f"write {document} {where}") for document in documents)


def _sign(on: str, notice: str) -> Step:
    return Step(on, f"sign {{project}}/out/{notice}.docx --project {{project}} {{key}} --no-input")


_MAELLE, _ERWAN, _TAMSIN = "Maëlle Quéméneur", "Erwan Castel", "Tamsin Reeve"

ENDINGS: Mapping[str, Ending] = {
    "cidrerie-trehorel": Ending(
        _MAELLE,
        "2026-11-23",
        {"receipt": "*-accuse-reception.docx", "survey": "enquete.docx"},
        (
            *_write("2026-07-06", "decision", "reasons"),
            _done("decided", "2026-07-06", _MAELLE),
            *_write("2026-08-26", "call", "call-email"),
            _done("called", "2026-08-31", _MAELLE, "Gwenaël Tréhorel remercie, demande un contact pour la suite"),
            *_write("2026-08-31", "notice"),
            _sign("2026-08-31", "preavis"),
            _done("notice-given", "2026-08-31", _MAELLE),
            *_write("2026-09-11", "plan", "calendar"),
            _done("plan-agreed", "2026-09-14", _ERWAN, "Soazig Tréhorel suivra les comptes"),
        ),
        (
            _done("bundle-sent", "2026-11-23", _MAELLE, noted={"data/pending.csv": dict.fromkeys(
                [";en relecture;90;", ";en cours;70;", ";en cours;85;", ";à faire;0;"], ";terminé;100;")}),
            _done("passphrase-given", "2026-11-24", _MAELLE),
            Step(
                "2026-12-03",
                "import receipt {receipt} --project {project} --on 2026-12-02",
                ("opened", "fingerprint", "passphrase", "present", "reservations"),
                {"name": "Gwenaël Tréhorel", "on": "2 décembre 2026",
                 "reservation-1": "La photo du coffret Prestige n’est pas dans Photos/Produits."},
            ),
            _done("access-revoked", "2026-12-07", _MAELLE, noted={
                "data/accounts.csv": {
                    ";en cours;": ";transféré;", ";à transférer;": ";transféré;", ";à fermer;": ";fermé;"
                },
                "received/reservations.csv": {"Photos/Produits.;": "Photos/Produits.;2026-12-04"},
            }),
            Step("2026-12-14", "write survey {project}"),
            _done("survey-sent", "2026-12-14", _MAELLE),
            Step(
                "2027-01-08",
                "import answers {survey} --project {project}",
                ("first_steps-4", "manager-5", "team-4", "experience-4", "quality-5", "training-3", "objectives-yes",
                 "meetings-4", "recommend-9"),
                {"respondent": "Gwenaël Tréhorel", "recommend-why": "Tout a été rendu, et je sais m’en servir.",
                 "more-why": "Une demi-journée de plus sur les coffrets de Noël."},
            ),
            *_write("2027-01-12", "survey-results", "post-mortem"),
            _done("post-mortem-held", "2027-01-12", _MAELLE),
            *_write("2027-01-13", "vetting", "discovery", where="{workspace}"),
            _done("closed", "2027-02-26", _MAELLE, noted={
                "data/invoices.csv": {";devise\n": ";devise;payée le\n", ";EUR\n": ";EUR;2027-01-29\n"},
                "handover.yaml": {"clause: article 9\n": "clause: article 9\n      met_on: 2026-12-22\n"},
            }),
        ),
    ),
    "wrenfield-nurseries": Ending(
        _TAMSIN,
        "2026-11-23",
        {"receipt": "*-receipt.docx", "survey": "survey.docx"},
        (
            *_write("2026-07-13", "decision", "reasons"),
            _done("decided", "2026-07-13", _TAMSIN),
            *_write("2026-09-04", "call", "call-email"),
            _done("called", "2026-09-07", _TAMSIN, "Harriet was kind about it; she would like to meet Joanna"),
            *_write("2026-09-07", "notice"),
            _sign("2026-09-07", "notice"),
            _done("notice-given", "2026-09-07", _TAMSIN),
            *_write("2026-09-08", "plan", "calendar"),
            _done("plan-agreed", "2026-09-09", _TAMSIN, "Dev Marlowe looks after the accounts"),
        ),
        (
            _done("bundle-sent", "2026-11-23", _TAMSIN, noted={"data/pending.csv": dict.fromkeys(
                [",in-review,85,", ",in-progress,80,", ",not-started,0,"], ",done,100,")}),
            _done("passphrase-given", "2026-11-25", _TAMSIN),
            Step(
                "2026-12-01",
                "import receipt {receipt} --project {project} --on 2026-11-30",
                ("opened", "fingerprint", "passphrase", "present"),
                {"name": "Harriet Osgood", "on": "30 November 2026"},
            ),
            _done("access-revoked", "2026-12-04", _TAMSIN, noted={"data/accounts.csv": {
                ",in-progress,": ",transferred,", ",to-transfer,": ",transferred,", ",to-close,": ",closed,"}}),
            Step("2026-12-14", "write survey {project}"),
            _done("survey-sent", "2026-12-14", _TAMSIN),
            Step(
                "2027-01-06",
                "import answers {survey} --project {project}",
                ("first_steps-5", "knowledge-4", "experience-5", "quality-5", "training-4", "objectives-partly",
                 "recommend-10"),
                {"respondent": "Harriet Osgood", "objectives-why": "The loyalty card never left the drawer.",
                 "why_us-why": "A grower in the next valley spoke well of you."},
            ),
            *_write("2027-01-14", "survey-results", "post-mortem"),
            _done("post-mortem-held", "2027-01-14", _TAMSIN),
            *_write("2027-01-15", "vetting", "discovery", where="{workspace}"),
            _done("closed", "2027-02-26", _TAMSIN, noted={
                "data/invoices.csv": {",currency\n": ",currency,paid_on\n", ",GBP\n": ",GBP,2026-12-15\n"},
                "handover.yaml": {"clause: clause 10\n": "clause: clause 10\n      met_on: 2026-12-31\n"},
            }),
        ),
    ),
}  # fmt: skip


def copied(name: str, workspace: Path) -> Path:
    """The example in a workspace of its own; its journal and the vetting list are empty as yet."""
    project = shutil.copytree(EXAMPLES / name, workspace / name, ignore=shutil.ignore_patterns("out"))
    journal = project / "journal.csv"
    journal.write_text(journal.read_text(encoding="utf-8").partition("\n")[0] + "\n", encoding="utf-8")
    (workspace / "vetting.csv").write_text("kind,text,from_project,added_on\n", encoding="utf-8")
    settings = (project / "handover.yaml").read_text(encoding="utf-8")
    name, colour = (re.search(rf"^  {key}: .*$", settings, re.MULTILINE)[0] for key in ("name", "colour"))
    shutil.copytree(project / "brand", workspace / "brand")
    (workspace / "agency.yaml").write_text(
        f"format: 1\nagency:\n{name}\nbrand:\n{colour}\n  logo: brand/logo.png\n", encoding="utf-8"
    )
    return project


def walk(name: str, part: str, project: Path, run: Run, key: tuple[str, ...] = ()) -> None:
    """Run an example's steps `before` the bundle, or `after` it; `key` is what names the owner's key."""
    ending = ENDINGS[name]
    for step in ending.before if part == "before" else ending.after:
        for file, noted in step.noted.items():
            text = (project / file).read_text(encoding="utf-8")
            for stood, stands in noted.items():
                text = text.replace(stood, stands)
            (project / file).write_text(text, encoding="utf-8")
        places = {"project": str(project), "workspace": str(project.parent)}
        for form in (form for form in ending.forms if f"{{{form}}}" in step.words):
            (empty,) = (project / "out").glob(ending.forms[form])
            returned = empty.with_name(f"returned-{empty.name}")
            returned.write_bytes(filled(empty.read_bytes(), step.written, step.ticked))
            places[form] = str(returned)
        words = [key if word == "{key}" else (word.format(**places),) for word in shlex.split(step.words)]
        run(step.on, [word for some in words for word in some])
