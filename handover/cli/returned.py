"""`handover import receipt` and `handover import answers`: what comes back from the client."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handover.cli import clock, report
from handover.cli.options import DATE, FILE, PROJECT, own_folder, project_root, read_file
from handover.cli.terminal import say
from handover.formats.media.kind import broad_kind
from handover.model.errors import OutputError, UsageError
from handover.model.life import ANSWERS_FILE, Event, Wave
from handover.model.message import counted, joined, msg

if TYPE_CHECKING:
    from handover.documents.base import Outside
    from handover.formats.word.form import Form
    from handover.life.dossier import Dossier

_MAX_RECEIPT = 32 * 1024 * 1024
_SCANS = frozenset({"pdf", "photo", "image"})
_ON = click.option("--on", "day", type=DATE, help="The day on which it came back (default: today).")
_PROJECT = click.option("--project", type=PROJECT, default=".", help="The project's folder (default: this one).")


def _form(source: str, content: bytes, document: "Outside[Any]", dossier: "Dossier") -> "tuple[Form | None, Form]":
    """The Word form in a file, and its template's, in whose order its fields are; None for a scan."""
    from handover.build.outside import template_of
    from handover.formats.word.form import read_form

    template = read_form(*template_of(document, dossier))
    return read_form(content, source, template.tags) if source.lower().endswith(".docx") else None, template


def _is_of(form: "Form", template: "Form") -> bool:
    """Whether a form is of a template: it has some of its fields, or, where they are gone, a good part of its text."""
    lines, held = ({line.strip() for line in one.text.splitlines()} - {""} for one in (template, form))
    printed = {line for line in lines if "{" not in line}
    return bool({*template.tags} & {*form.tags}) or len(printed & held) * 4 > len(printed)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _day(day: dt.date | None) -> dt.date:
    today = clock.today()
    if day is not None and day > today:
        raise UsageError(msg("--on {day}: this day is to come", day=day))
    return day or today


@click.command(short_help="Keep a signed receipt that came back.")
@click.argument("source", metavar="FILE", type=FILE)
@_PROJECT
@_ON
@click.option("--code", default="", help="The code that a scanned receipt shows (a Word form tells it).")
@click.option("--reservation", "reservations", multiple=True, metavar="TEXT", help="What the client has reserved.")
def receipt(source: str, *, project: str, day: dt.date | None, code: str, reservations: tuple[str, ...]) -> None:
    """Keep FILE, a receipt that the client has signed, in received/ as it is: a Word form, a PDF or a picture.

    Its digest, its reservations and the journal's line are noted. A receipt for another bundle is refused.
    """
    from handover.build.outside import all_sent
    from handover.documents.receipt import RECEIPT, same_code
    from handover.life.dossier import read_dossier
    from handover.life.received import code_in, keep, lost_reservations, reservations_in

    root = project_root(project)
    content = read_file(source, _MAX_RECEIPT)
    dossier = read_dossier(root, clock.today()).required
    form, template = _form(source, content, RECEIPT, dossier)
    if not _is_of(form, template) if form else broad_kind(source, content[:16]) not in _SCANS:
        raise UsageError.at(
            source,
            msg("isn't the receipt"),
            hint=msg("give the .docx that came back, or what was scanned, as a PDF or a picture"),
        )
    stated = code or (code_in(form) if form else "")
    digests = [sent.sha256 for sent in all_sent(root, dossier.client_id, clock.today())]
    matching = [digest for digest in digests if same_code(stated, digest)]
    if stated and not matching:
        raise OutputError.at(
            source,
            msg("its code, {code}, is of no signed bundle in out/", code=stated),
            hint=msg("it's a receipt for another bundle, or the bundle isn't in out/ any more"),
        )
    own_folder(root, "received")
    found = (*reservations, *(reservations_in(form) if form else ()))
    target, rows = keep(dossier, Path(source).name, content, _day(day), stated, found)
    # Where a field is gone, what was in it may still be read by a person.
    blank = form is not None and {*template.tags} <= {*form.tags} and not form.ticked and not form.written
    if form is not None and (lost := lost_reservations(form, template.tags)):
        message = counted(
            "warning: the field for reservation {numbers} is gone; read the file, and note what is written there",
            "warning: the fields for reservations {numbers} are gone; read the file, and note what is written there",
            count=len(lost), numbers=", ".join(lost),
        )  # fmt: skip
        say(message, err=True)
    empty = msg("caution: nothing is ticked or written in it; ask for the signed one if the client hasn't sent it")
    said = msg("for the bundle with the code {code}", code=stated) if stated else msg("digest not stated")
    report.done(
        msg("{target}: kept as it came, {said}", target=target, said=said),
        *([empty] if blank else []),
        *(msg("reservation {number}: {text}", number=row.number, text=row.text) for row in rows),
        report.next_line("status", root),
    )


@click.command(short_help="Read the answers of a survey's form.")
@click.argument("source", metavar="FILE", type=FILE)
@_PROJECT
@_ON
@click.option("--wave", type=click.Choice([str(one) for one in Wave]), help="Which survey (default: by the day).")
def answers(source: str, *, project: str, day: dt.date | None, wave: str | None) -> None:
    """Add the answers in FILE, a survey's Word form that came back, to internal/answers.csv.

    A form that is damaged says which answers it lost.
    """
    from handover.documents.survey import SURVEY, answers_in
    from handover.documents.survey_email import SURVEY_EMAIL
    from handover.documents.word import spoken
    from handover.life.dossier import read_dossier
    from handover.life.tables import add_rows

    root = project_root(project)
    content = read_file(source, _MAX_RECEIPT)
    dossier = read_dossier(root, clock.today()).required
    form, template = _form(source, content, SURVEY, dossier)
    if form is None:
        raise UsageError.at(source, msg("isn't a Word form"), hint=msg("give the .docx that came back"))
    if not _is_of(form, template):
        raise UsageError.at(source, msg("isn't the survey's form"), hint=msg("give the .docx that came back"))
    if _letters(dossier.client) not in _letters(form.text):
        message = msg("doesn't name {client}: it's another client's", client=dossier.client)
        raise UsageError.at(source, message, hint=msg("import it into that client's project"))
    on = _day(day)
    chosen = Wave(wave) if wave else Wave.END if dossier.end and on > dossier.end else Wave.DURING
    rows, gone, twice = answers_in(form, on, chosen)
    if rows and set(rows) <= set(dossier.answers):
        raise OutputError.at(ANSWERS_FILE, msg("holds these answers already"))
    words = dossier.load_words(SURVEY_EMAIL.id)
    gone, twice = ([f"“{spoken(words, f'question.{name}', dossier.voice)}”" for name in some] for some in (gone, twice))
    lost = []
    if gone:
        lost.append(
            counted("the field of one answer is gone: {names}", "the fields of {count} answers are gone: {names}",
                    count=len(gone), names=", ".join(gone))
        )  # fmt: skip
    if twice:
        lost.append(
            counted("two boxes are ticked for one question: {names}",
                    "two boxes are ticked for {count} questions: {names}", count=len(twice), names=", ".join(twice))
        )  # fmt: skip
    if not rows:
        raise OutputError.at(
            source,
            joined("; ", lost) if lost else msg("nothing is ticked or written in it"),
            hint=msg("read the file, and write what it says into {file}", file=ANSWERS_FILE) if lost else "",
        )
    own_folder(root, "internal").chmod(0o700)
    add_rows(root / ANSWERS_FILE, rows, dossier.understood)
    if chosen is not Wave.OURS and not any(
        row.event is Event.SURVEY_ANSWERED and row.date == on for row in dossier.journal
    ):
        dossier.note(Event.SURVEY_ANSWERED, on, by=rows[0].respondent)
    for one in lost:
        say(msg("warning: {warning}", warning=one), err=True)
    report.done(
        counted("{file}: {count} answer added", "{file}: {count} answers added", count=len(rows), file=ANSWERS_FILE),
        report.next_line("write survey-results", root),
    )
