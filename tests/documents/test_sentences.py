"""What documents, page, workbook and e-mail assert: each sentence is printed only where the project says so.

`sentences.toml` holds the table: a row is a sentence (a key of the words, or a piece of a Word template's source), what
must hold, a project where it must appear and one where it mustn't. A sentence without a row fails the last tests.
"""

import datetime as dt
import fnmatch
import io
import itertools
import random
import re
import tomllib
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import fields, is_dataclass, replace
from functools import cache
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import etree

from compare_cases import CASES
from handover.bundle.record import DocumentEntry
from handover.documents import email, figures, inventory, report, start_here
from handover.documents.base import (
    ClientInput,
    Content,
    InternalInput,
    Outside,
    RenderInput,
    Sent,
    Signer,
    WorkspaceInput,
)
from handover.documents.notice import on_its_day
from handover.documents.plan import plan
from handover.documents.registry import ALL, OUTSIDE
from handover.documents.survey_email import SURVEY_EMAIL
from handover.documents.survey_email import render as render_survey_email
from handover.formats.chart.model import Look
from handover.formats.palette import palette
from handover.formats.word import contents as docx_guard
from handover.formats.word.ooxml import w
from handover.languages import files, registry
from handover.languages.words import Words
from handover.life.dossier import Dossier
from handover.model.artifact import AssetProperties, AssetRecord, AssetSource, EntryRecord, Role
from handover.model.life import AnswerRow, Internal, JournalRow, ReasonRow, VettingRow, Wave
from handover.model.project import Project, Vault
from handover.model.rows import (
    AccountRow,
    AssetRow,
    CredentialRow,
    InvoiceRow,
    MilestoneRow,
    PendingRow,
    RoutineRow,
    TrainingRow,
)
from handover.model.settings import Settings
from handover.templating.fill import Budget, Filler, Marked, marked
from handover.templating.kinds import context_of
from handover.templating.report import Report
from handover.templating.stories import Document
from handover.templating.template import parsed

TABLE = tomllib.loads((Path(__file__).parents[1] / "sentences.toml").read_text(encoding="utf-8"))
LANGUAGES = ("en", "fr")
LOCALES = {"en": "en_GB", "fr": "fr_FR"}
FILES = sorted(
    {path.stem for path in (Path(__file__).parents[2] / "templates").glob("??/*.toml")} - {"tone", "language", "sample"}
)
"""Words that are printed: neither those that are looked for or read, nor the made-up project's."""
WORD_TEMPLATES = tuple(dict.fromkeys((*(one.id for one in ALL if one.view), *(one.id for one in OUTSIDE if one.view))))
ROWS = [(place, row) for place, rows in TABLE["rows"].items() for row in rows]
CASE = {case.name: case for case in CASES}
TABLES = {
    "pending": PendingRow,
    "accounts": AccountRow,
    "invoices": InvoiceRow,
    "asset_notes": AssetRow,
    "milestones": MilestoneRow,
    "routines": RoutineRow,
    "training": TrainingRow,
}


# Projects: the base with the changes that a name stands for


@cache
def given(name: str, language: str, document: str) -> RenderInput:
    """What a document of the named project is rendered from."""
    changes = _changes(name)
    case = next((CASE[part] for part in name.split(" + ") if part in CASE), None)
    made = _merged(changes["settings"], {"language": language})
    if case is not None:
        spans = [{"start": start, "end": end} for start, end in case.spans]
        made |= {"periods": {"baseline": spans[0], "current": spans[1]}, "metrics": dict(case.metrics)}
    settings = Settings.model_validate(made)
    tables = {key: tuple(model.model_validate(row) for row in changes.get(key, ())) for key, model in TABLES.items()}
    files_ = tuple(_asset(at).source for at in range(changes.get("files", 0)))
    project = Project(
        root=Path("project"), settings=settings, metrics=tuple(case.rows) if case else (),
        assets_root=Path("project/assets"), assets=files_, images={}, templates={}, digests={}, **tables,
        notice=b"signed" if changes.get("notice") else None,
        default_locale=registry.language(language).locale,
    )  # fmt: skip
    draft, today = changes.get("draft", False), (case and case.today) or dt.date.fromisoformat(changes["today"])
    held = (one for one in changes["contents"] if _has_content(one, project, today))
    return RenderInput(
        project=project,
        words=Words.load(language, project.locale, *_words_of(document), document),
        today=today,
        template=files.read_bytes(language, f"{document}.docx") if document in WORD_TEMPLATES else None,
        place=document,
        contents=tuple(_content(name, split=changes.get("split", False)) for name in held),
        draft=draft,
        bundle_id="0b0e8d70",
        signers=() if draft else tuple(Signer(owner.name, "0123456789abcdef" * 4) for owner in settings.owners),
        second_sha256="ab" * 32,
        assets=tuple(_asset(at) for at in range(changes.get("files", 0))),
        vault=Vault(tuple(CredentialRow.model_validate(row) for row in changes.get("credentials", ()))),
    )  # fmt: skip


def _words_of(document: str) -> tuple[str, ...]:
    return next((one.words_of for one in ALL if one.id == document), ())


def _changes(name: str) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for part in ("base", *name.split(" + ")):
        changes = _merged(changes, {} if part in CASE else TABLE["projects"][part])
    return changes


def given_outside(name: str, language: str, document: Outside[Any]) -> Any:
    """What a document outside the bundle is rendered from, for the named project."""
    base, life = given(name, language, "letter"), _changes(name).get("life", {})
    words = Words.load(language, base.project.locale, "life", document.id)
    rows = {
        key: tuple(model.model_validate(row) for row in life.get(key, ()))
        for key, model in {"journal": JournalRow, "reasons": ReasonRow, "answers": AnswerRow}.items()
    }
    if document.given is WorkspaceInput:
        vetting = tuple(VettingRow.model_validate(row) for row in life.get("vetting", ()))
        return WorkspaceInput(vetting, "Northlight Studio", words, base.today)
    if document.given is ClientInput:
        sent = Sent("acme.zip", 1_000, "ab" * 32, "0b0e8d70", base.contents)
        return ClientInput(base.project, words, base.today, sent, Wave(life.get("wave", "end")))
    evidence = {row.evidence: "ab" * 32 for row in rows["reasons"] if row.evidence}
    internal = Internal.model_validate(life.get("internal", {}))
    return InternalInput(Dossier.of(base.project, internal=internal, evidence=evidence, **rows), words, base.today)


def _has_content(name: str, project: Project, today: dt.date) -> bool:
    """Whether a planned bundle would hold it."""
    return all(one.has_content(project, today) for one in ALL if one.id == name and one.id in {"pending", "report"})


def _content(name: str, *, split: bool) -> Content:
    if name == "assets":
        return Content("acme-assets.zip" if split else "assets/", Role.ASSET, name)
    if name == "credentials":
        return Content("credentials.kdbx", Role.CREDENTIALS, "inventory")
    if name == "copy":
        return Content("inventory.xlsx.age", Role.RECIPIENT_COPY, "inventory")
    one = next(one for one in ALL if one.id == name)
    return Content(f"{name}.{one.extension}", one.role, name)


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    both = {key for key in old.keys() & new.keys() if isinstance(old[key], dict) and isinstance(new[key], dict)}
    return old | new | {key: _merged(old[key], new[key]) for key in both}


def _asset(number: int) -> AssetRecord:
    entry = EntryRecord(f"assets/{number}.pdf", 1_000, "ab" * 32, Role.ASSET)
    source = AssetSource(f"{number}.pdf", entry.name)
    return AssetRecord(source, entry, dt.datetime(2026, 5, 4, tzinfo=dt.UTC), AssetProperties("pdf"))


# What each place says, as one text with plain spaces


@cache
def said(place: str, name: str, language: str) -> str:
    lines = (line for text in _READ[place](name, language) for line in text.split("\n"))
    return "\u2016".join(_plain(line) for line in lines if line.strip())


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@cache
def _stories(document: str, language: str, view: type[object]) -> list[Marked]:
    """One of our own templates, read once."""
    content = files.read_bytes(language, f"{document}.docx")
    package = docx_guard.admitted(docx_guard.read_template(content, document), document)
    parts = parsed(Document(package, document), Report(document), frozenset(context_of(view)))
    return [marked(part.story, part.nodes, part.texts) for part in parts]


def _word(document: str) -> Any:
    """What the document's template says, filled as for a bundle; its looks and marks aren't made."""
    deliverable = next(one for one in (*ALL, *OUTSIDE) if one.id == document)

    def read(name: str, language: str) -> Iterator[str]:
        outside = isinstance(deliverable, Outside)
        one = given_outside(name, language, deliverable) if outside else given(name, language, document)
        if document == "notice":
            one = replace(one, project=on_its_day(one.project, one.project.settings.letter.date))
        view = _report(name, language) if document == "report" else deliverable.view(one)
        for story in _stories(document, language, type(view)):
            filler = Filler(story, Budget(place=document), lambda address: address, one.words.joined)
            for paragraph in filler.fill(deepcopy(story.root), view).iter(w("p")):
                yield "".join(
                    " " if node.tag == w("tab") else node.text or "" for node in paragraph.iter(w("t"), w("tab"))
                )

    return read


@cache
def _report(name: str, language: str) -> Any:
    return report.view(given(name, language, "report"))


def _figures(name: str, language: str) -> Iterator[str]:
    one = given(name, language, "report")
    yield from _texts_in(_report(name, language))
    analysis = figures.analyse(one.project, figures.report_words(one.words), one.today)
    look = Look.of(palette(one.project.settings.brand.colour))
    for comparison in analysis.comparisons:
        yield from _texts_in(figures.chart(analysis.wording, comparison, look))


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts_in(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts_in(getattr(value, field.name))


def _page(name: str, language: str) -> Iterator[str]:
    body = start_here.render(given(name, language, "start_here")).decode().partition("<body>")[2]
    # Tags inside a sentence (links, names kept whole) part nothing.
    yield unescape(re.sub(r"<[^>]*>", "\n", re.sub(r"</?(?:a|span|strong)\b[^>]*>", "", body)))


def _workbook(name: str, language: str) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(inventory.render(given(name, language, "inventory")))) as package:
        for part in package.namelist():
            if part.endswith(".xml"):
                yield from etree.fromstring(package.read(part)).itertext()


def _email(name: str, language: str) -> Iterator[str]:
    one = given(name, language, "email")
    entries = tuple(DocumentEntry(line.name, line.role) for line in one.contents if line.role is not Role.ASSET)
    record = SimpleNamespace(entries=entries)
    report_ = SimpleNamespace(record=record, bundle=SimpleNamespace(fingerprint="0123456789abcdef" * 4))
    attachments = ["acme.zip", *([one.second_zip] if one.second_zip else [])]
    receipt = _changes(name).get("receipt", "")
    draft = email.draft(one.project, report_, attachments, today=one.today, receipt=receipt)
    yield from (draft.subject, draft.body)


def _survey_email(name: str, language: str) -> Iterator[str]:
    yield render_survey_email(given_outside(name, language, SURVEY_EMAIL)).decode()


_READ = {
    **{document: _word(document) for document in WORD_TEMPLATES},
    "figures": _figures,
    "page": _page,
    "workbook": _workbook,
    "email": _email,
    "survey_email": _survey_email,
}


# Sentences as patterns

_VALUE = "[^\u2016]{1,200}?"
"""Any value inside a line; lines are parted by U+2016."""


def pattern(row: dict[str, Any], language: str) -> str:
    """The row's sentence as printed: any value in its places, either voice."""
    if "key" not in row:
        source = re.escape(_plain(row[language])).replace(r"\[", "[").replace(r"\]", "]").replace(r"\|", "|")
        return re.sub(r"\[([^\[\]|]*)\|([^\[\]|]*)\]", r"(?:\1|\2)", source).replace("…", _VALUE)
    file, _, key = row["key"].partition(":")
    text = Words.load(language, LOCALES[language], file).texts[key]
    # The page sets a command apart from the sentence that leads to it.
    said_of_it = _plain(text.partition("age --decrypt")[0].rstrip())
    return _VALUE.join(re.escape(piece) for piece in re.split(r"\{\w+\}", said_of_it))


def _wrong(place: str, language: str, side: str, *, wanted: bool) -> list[str]:
    """The rows whose sentence isn't where it must be, or is where it mustn't."""
    rows = [row for row in TABLE["rows"][place] if row.get("only", language) == language]
    return [
        f"{row.get('key') or row[language]}: {row['holds']} [{row[side]}]"
        for row in rows
        if bool(re.search(pattern(row, language), said(place, row[side], language))) is not wanted
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", TABLE["rows"])
def test_each_sentence_is_said_where_it_holds(place: str, language: str) -> None:
    assert _wrong(place, language, "in", wanted=True) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", TABLE["rows"])
def test_no_sentence_is_said_where_it_does_not_hold(place: str, language: str) -> None:
    assert _wrong(place, language, "not", wanted=False) == []


# Nothing refers to a document that isn't there

GIVEN = [
    ("plain", "one to hand over", "one done"),
    ("plain", "a rise beyond variation", "a rise beyond variation + a metric left out", "a story"),
    ("plain", "two accounts"),
    ("plain", "two sign-ins"),
    ("plain", "a milestone"),
    ("plain", "a routine"),
    ("plain", "two open invoices"),
    ("a letter on its bundle's day", "a letter on its bundle's day + a full letter", "plain"),
    ("plain", "draft"),
    ("plain", "a signed notice"),
]
SAMPLE = random.Random(12).sample(list(itertools.product(*GIVEN)), 12)
"""Some of the ways in which a project's parts can be given or not: each part is there and lacks in several."""
ALSO = {
    "pending": r"pending project|projets? en cours",
    "report": r"achievements|What was achieved|Le bilan",
    "plan": r"transition plan|plan de transition",
    "guide": r"takeover guide|guide de reprise",
    "notice": r"as it was signed|telle qu’elle a été signée",
    "cover": r"cover letter|lettre d’accompagnement",
}
"""What a document is called beside its name."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("parts", [pytest.param(one, id=" + ".join(one)) for one in SAMPLE])
def test_nothing_refers_to_a_document_that_the_bundle_lacks(parts: tuple[str, ...], language: str) -> None:
    name = " + ".join(parts)
    one = given(name, language, "start_here")
    standard = {document.id: b"" for document in ALL}
    planned = plan(one.project, ALL, today=one.today, standard_templates=standard, draft=one.draft)
    held = [line.deliverable for line in planned.contents]
    chosen = f"a bundle of {name.replace(' + ', ', ')}"
    TABLE["projects"][chosen] = {"contents": held}

    places = {
        "page",
        "workbook",
        "email",
        *{"letter", "cover", "pending", "report", "plan", "guide"}.intersection(held),
    }
    texts = {place: said(place, f"{name} + {chosen}", language) for place in sorted(places)}
    lacking = {document.id for document in ALL} - {*held}
    names = "|".join(rf"{document}\.\w+|{ALSO.get(document, '^$')}" for document in sorted(lacking)) or "^$"
    assert [(place, found[0]) for place, text in texts.items() if (found := re.search(names, text))] == []
    assert {"pending", "report", "letter", "notice", "cover"} & {*held} == {
        *({"notice", "cover"} if one.project.notice else {"letter"}),
        *(["pending"] if one.project.pending else []),
        *(["report"] if parts[1] != "plain" else []),
    }


# Nothing is said that has no row


def test_the_table_is_long_enough_and_each_row_says_what_must_hold() -> None:
    both = [row for _, row in ROWS if "in" in row and "not" in row and row["holds"]]
    assert len(both) == len(ROWS) >= 120


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("file", FILES)
def test_every_word_has_a_row_or_asserts_nothing(file: str, language: str) -> None:
    own = tomllib.loads(files.read_text(language, f"{file}.toml"))
    # A country's spelling says the same.
    keys = {key for key in _keys(own, "") if not key.startswith("locale.")}
    rows = {row["key"].partition(":")[2] for _, row in ROWS if row.get("key", "").startswith(f"{file}:")}
    silent = [one for patterns in TABLE["silent"]["words"][file].values() for one in patterns]
    assert [key for key in sorted(keys - rows) if not any(fnmatch.fnmatchcase(key, one) for one in silent)] == []


def _keys(value: Any, at: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _keys(inner, f"{at}.{key}" if at else key)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _keys(inner, f"{at}.{number}")
    else:
        yield at


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("document", WORD_TEMPLATES)
def test_every_sentence_of_a_word_template_has_a_row_or_asserts_nothing(document: str, language: str) -> None:
    rows = [row for row in TABLE["rows"].get(document, ()) if row.get("only", language) == language]
    quoted = [_plain(row[language]) for row in rows if language in row]
    silent = {_plain(line) for lines in TABLE["silent"][document].values() for line in lines}
    source = files.read_text(language, f"{document}.md")
    assert [one for one in sentences(source) if one not in silent and not any(q in one for q in quoted)] == []


def sentences(source: str) -> list[str]:
    """The sentences of a template's source, each branch of a condition by itself; "…" stands for a value."""
    body = re.sub(r"<!--.*?-->", "", source.split("---\n", 2)[-1], flags=re.DOTALL)
    body = re.sub(r"\[(?: |___+)(?: ?:[\w-]+)?\]", "", body)
    body = re.sub(r"^(:::.*|\{[.\w][^%{}]*\}|\|[-:|]+\|)$", "", body, flags=re.MULTILINE)
    body = re.sub(r"\{[.\w][^%{}]*\}", "", re.sub(r"\[([^\]|]*)\]\(mailto:[^)]*\)", r"\1", body))
    found: list[str] = []
    for branch in _branches(body):
        for part in re.split(r"\n\s*\n|\||⇥|¶|(?<=[.:;!?])\s", re.sub(r"\[([^\]|]*)\|([^\]|]*)\]", r"[\1¦\2]", branch)):
            text = _plain(part.replace("¦", "|").replace("&nbsp;", " ").strip(" \n#*->·¹^"))
            if re.search(r"[^\W\d_]{2}", text):
                found.append(text)
    return list(dict.fromkeys(found))


def _branches(body: str) -> Iterator[str]:
    open_: list[list[str]] = [[]]
    for piece in re.split(r"(\{%.*?%\}|\{\{.*?\}\})", body, flags=re.DOTALL):
        word = piece[2:-2].split()[0] if piece.startswith("{%") else ""
        if word in {"elif", "else", "endif", "endfor"}:
            yield "".join(open_.pop())
        if word in {"if", "for", "elif", "else"}:
            open_.append([])
        elif not word:
            open_[-1].append("…" if piece.startswith("{{") else piece)
    yield "".join(open_.pop())


def _shared(other: str) -> Iterator[dict[str, Any]]:
    """What another letter says in the letter's own words holds where it does in the letter."""
    said = {one: sentences(files.read_text(one, f"{other}.md")) for one in LANGUAGES}
    for row in TABLE["rows"]["letter"]:
        spoken = [one for one in LANGUAGES if row.get("only", one) == one and "key" not in row]
        told = all(any(_plain(row[one]) in sentence for sentence in said[one]) for one in spoken)
        if spoken and told and row["holds"] not in TABLE["differs"].get(other, ()):
            yield row


for one in ("cover", "notice"):
    TABLE["rows"][one] += _shared(one)
