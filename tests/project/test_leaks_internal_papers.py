"""What the agency writes for itself alone: whatever key it stands under, nothing that leaves repeats it.

Every key is found by the models' own schemas, so that a new one is tried as well.
"""

import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from building import PASSPHRASE, TODAY, build_in, edit, isolate, make_project, secret_file
from handover.build.outside import make, make_for_workspace
from handover.cli import run
from handover.documents.base import Audience, WorkspaceInput
from handover.documents.registry import OUTSIDE
from handover.model.artifact import UnsealedByPolicy
from handover.model.errors import Finding, InvalidInput, Severity
from handover.model.life import AnswerRow, Internal, JournalRow, ReasonRow, VettingRow
from handover.project.leaks.documents import document_leaks
from handover.project.leaks.project import _values, folder_leaks, guard_of, uncompared
from handover.project.read import load_project, no_assets
from making import story
from secret_samples import document
from signing_samples import NOW

WORDS = (
    "amber basket candle drawer engine fabric garden hammer island jacket kettle ladder magnet needle orchard pencil "
    "quarry ribbon saddle temple umbrella valley window yellow anchor bridge copper dinner elbow feather"
)
LIST = WORDS.split()
TABLES = {"internal/reasons.csv": ReasonRow, "internal/answers.csv": AnswerRow, "journal.csv": JournalRow,
          "../vetting.csv": VettingRow}  # fmt: skip
NO_PROSE = {
    "evidence": "", "respondent": "Ruth", "question": "more", "by": "Ada", "from_project": "acme", "currency": "EUR",
}  # fmt: skip
"""Names and numbers: no sentences."""


class Sentences:
    """A sentence of its own for every key; those of one line are as short as a value may be."""

    def __init__(self) -> None:
        self.by_key: dict[str, str] = {}
        self._random = random.Random(16)

    def new(self, key: str) -> str:
        self.by_key[key] = " ".join(self._random.sample(LIST, 5 if len(self.by_key) % 2 else 11))
        return self.by_key[key]


def filled(schema: dict[str, Any], defs: dict[str, Any], key: str, said: Sentences) -> Any:
    """A value that the schema admits, with a sentence wherever a text may stand."""
    for one in schema.get("anyOf", schema.get("allOf", ()))[:1]:
        return filled(one, defs, key, said)
    if "$ref" in schema:
        return filled(defs[schema["$ref"].rpartition("/")[2]], defs, key, said)
    if "enum" in schema:
        return schema["enum"][0]
    kind, name = schema["type"], key.rpartition(".")[2]
    if kind == "object":
        return {name: filled(one, defs, f"{key}.{name}", said) for name, one in schema["properties"].items()}
    if kind == "array":
        return [filled(schema["items"], defs, key, said)]
    if kind != "string":
        return False if kind == "boolean" else 5
    return "2026-01-02" if schema.get("format") == "date" else NO_PROSE[name] if name in NO_PROSE else said.new(key)


def papers() -> tuple[dict[str, str], dict[str, str]]:
    """Every internal file with a sentence under every key, and the sentences by key."""
    said = Sentences()
    schema = Internal.model_json_schema()
    # JSON is YAML 1.2: every value stands in flow style, between marks.
    files = {"internal/internal.yaml": json.dumps(filled(schema, schema.get("$defs", {}), "internal", said))}
    for name, model in TABLES.items():
        schema = model.model_json_schema()
        row = filled(schema, schema.get("$defs", {}), name, said)
        row = {column: str(value) for column, value in row.items() if value not in {"", 5}}
        files[name] = ",".join(row) + "\n" + ",".join(row.values()) + "\n"
    return files, said.by_key


FILES, SAID = papers()


def put(root: Path) -> None:
    """The papers into a project."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


ASSETS = {f"assets/notes/{at:02}.txt": sentence for at, sentence in enumerate(SAID.values())}
"""A file of the client's for every key, which repeats what stands under it."""


def put_assets(root: Path) -> None:
    (root / "assets/notes").mkdir(parents=True, exist_ok=True)
    for name, sentence in ASSETS.items():
        (root / name).write_text(f"Minutes of Monday.\n\n{sentence.capitalize()}.\n", encoding="utf-8")


def errors(findings: Iterable[Finding]) -> list[Finding]:
    return [one for one in findings if one.severity is Severity.ERROR]


def test_every_key_of_the_papers_has_its_sentence():
    assert len(SAID) >= 20
    keys = {"internal.decision.margin", "internal.call.if_asked_why", "internal.post_mortem.decisions.text"}
    assert keys <= set(SAID)
    assert {key.rpartition(".csv")[0] + ".csv" for key in SAID if ".csv" in key} == set(TABLES)


def test_a_build_refuses_every_file_that_repeats_a_key(tmp_path):
    root = make_project(tmp_path / "acme")
    put(root)
    put_assets(root)
    with pytest.raises(InvalidInput) as refused:
        build_in(root, draft=True)
    found = errors(refused.value.findings)
    assert {one.location.file for one in found} == set(ASSETS)
    assert not [one for one in found for sentence in SAID.values() if sentence in one.message]


def test_send_refuses_every_entry_that_repeats_a_key_by_then(tmp_path, monkeypatch, capfd):
    isolate(monkeypatch, tmp_path)
    root = make_project(tmp_path / "acme")
    put_assets(root)
    made = build_in(root)
    put(root)
    monkeypatch.setattr("handover.cli.clock.now", lambda: NOW)
    secret = secret_file(tmp_path / "pp", PASSPHRASE)
    assert run(["send", str(made.path), "--project", str(root), "--passphrase-file", str(secret)]) == 1
    said = "".join(capfd.readouterr())
    assert [name for name in ASSETS if f"{name}: error" not in said] == []
    assert not made.path.with_suffix(".eml").exists()


def test_a_document_for_the_client_that_repeats_a_key_is_refused(tmp_path):
    root = make_project(tmp_path / "acme")
    put(root)
    searcher = guard_of(load_project(root, scan_assets=no_assets)).searcher
    missed = [
        key
        for key, sentence in SAID.items()
        if not errors(document_leaks([UnsealedByPolicy("x.docx", None, document("Hello", sentence))], searcher))
    ]
    assert missed == []


def test_a_paper_that_was_made_is_refused_as_it_is(tmp_path):
    root = make_project(tmp_path / "acme")
    edit(root, "handover.yaml", "ended_by: mutual", "ended_by: agency")
    put(root)
    made = root / "internal/made"
    made.mkdir(parents=True)
    (root / "assets/notes").mkdir(parents=True)
    internal = [one for one in OUTSIDE if one.audience is Audience.INTERNAL]
    for at, one in enumerate(internal):
        workspace = one.given is WorkspaceInput
        paper = make_for_workspace(one, root.parent, TODAY, "en") if workspace else make(one, root, TODAY)
        if not workspace:
            (made / paper.name).write_bytes(paper.content)
        (root / f"assets/notes/{at}.docx").write_bytes(paper.content)
    found = errors(folder_leaks(load_project(root)))
    assert {one.location.file for one in found} == {f"assets/notes/{at}.docx" for at in range(len(internal))}


REASON = "After eight years our calendar is full and we can no longer answer within the hour"
"""What the letter gives as its reason."""


@pytest.mark.parametrize(
    "key", ["letter.reason", "letter.wishes", "letter.offers", "report.summary", "contract.obligations"]
)
@pytest.mark.parametrize(
    ("file", "said", "refused"),
    [
        ("internal/reasons.md", "Never said aloud.\n\n{text}.\n", True),
        ("internal/reasons.csv", "on,fact,kind\n2026-01-02,{text},scope\n", True),
        ("internal/internal.yaml", "decision: {{influence: {text}}}\n", True),
        ("internal/internal.yaml", "post_mortem: {{decisions: [{{kind: price, text: {text}}}]}}\n", True),
        ("journal.csv", "date,event,note\n2026-01-02,decided,{text}\n", True),
        ("internal/internal.yaml", "call: {{reasons: [{text}]}}\n", False),
        ("internal/internal.yaml", "call: {{if_asked_why: {text}}}\n", False),
        ("internal/call-script.md", "Keep to the letter: “{text}.”\n", False),
    ],
)
def test_what_the_papers_say_is_refused_in_the_letter_though_the_settings_hold_it(tmp_path, key, file, said, refused):
    root = make_project(tmp_path / "acme")
    group, name = key.split(".")
    value = {"offers": f"[{REASON}.]", "obligations": f"[{{what: {REASON}}}]"}.get(name, f"{REASON}.")
    edit(root, "handover.yaml", f"\n{group}:\n", f"\n{group}:\n  {name}: {value}\n")
    (root / file).parent.mkdir(exist_ok=True)
    (root / file).write_text(said.format(text=REASON), encoding="utf-8")
    searcher = guard_of(load_project(root, scan_assets=no_assets)).searcher
    found = errors(document_leaks([UnsealedByPolicy("x.docx", None, document("Hello", f"{REASON}."))], searcher))
    assert bool(found) is refused


@pytest.mark.parametrize(
    ("table", "row", "refused"),
    [
        ("pending", "project,status,decision,takeover\nBlog,idea,hand-over,{text}\n", True),
        ("pending", "project,status,decision,blockers\nBlog,idea,hand-over,{text}\n", True),
        ("accounts", "service,current_owner,status,note\nBlog,Acme,unchanged,{text}\n", True),
        ("milestones", "on,milestone,phase,who\n2026-11-20,{text},check,client\n", True),
        ("routines", "task,frequency,how\nBackup,weekly,{text}\n", True),
        ("routines", "task,frequency\n{text},weekly\n", True),
        ("training", "topic,for_whom\n{text},Dev\n", True),
        ("invoices", "number,description,issued_on,due_date,amount\nA1,{text},2026-01-02,2026-02-02,9\n", True),
        # A name: the papers call a project as the table does.
        ("pending", "project,status,decision\n{text},idea,hand-over\n", False),
    ],
)
def test_what_the_papers_say_is_refused_in_what_a_table_tells_the_client(tmp_path, table, row, refused):
    root = make_project(tmp_path / "acme")
    (root / f"data/{table}.csv").write_text(row.format(text=REASON), encoding="utf-8")
    (root / "internal").mkdir(exist_ok=True)
    (root / "internal/reasons.csv").write_text(f"on,fact,kind\n2026-01-02,{REASON},scope\n", encoding="utf-8")
    searcher = guard_of(load_project(root, scan_assets=no_assets)).searcher
    found = errors(document_leaks([UnsealedByPolicy("x.docx", None, document("Hello", f"{REASON}."))], searcher))
    assert bool(found) is refused


def test_a_letter_alone_that_repeats_the_papers_is_refused_unless_it_is_allowed(tmp_path, monkeypatch, capfd):
    isolate(monkeypatch, tmp_path)
    root = make_project(tmp_path / "acme")
    edit(root, "handover.yaml", "\nletter:\n", f"\nletter:\n  reason: {REASON}.\n")
    (root / "internal").mkdir(exist_ok=True)
    (root / "internal/reasons.md").write_text(f"{REASON}.\n", encoding="utf-8")
    monkeypatch.setattr("handover.cli.clock.now", lambda: NOW)
    assert run(["write", "letter", str(root)]) == 1
    said = "".join(capfd.readouterr())
    assert "letter.docx: error: repeats what internal/reasons.md says" in said
    assert "--allow-leak letter.docx" in said
    assert not (root / "out/letter.docx").exists()
    assert run(["write", "letter", str(root), "--allow-leak", "letter.docx"]) == 0


# False alarms


def prose_alarms(root: Path) -> list[Finding]:
    """What would be refused of a document that prints everything that the project's inputs say."""
    sources = load_project(root, scan_assets=no_assets)
    printed = document(*(text for _, text, _ in _values(sources)))
    return errors(document_leaks([UnsealedByPolicy("x.docx", None, printed)], guard_of(sources).searcher))


def chapter(chosen: random.Random, sentences: int) -> list[str]:
    return [" ".join(chosen.sample(LIST, chosen.randint(8, 14))).capitalize() for _ in range(sentences)]


def ordinary(root: Path, seed: int) -> None:
    """A project whose papers quote what the client may have: questions, answers, the contract's clauses, and the public
    reason, which the call says too."""
    chosen = random.Random(seed)
    clauses, answers, questions = (chapter(chosen, count) for count in (12, 3, 4))
    quotes = "".join(f'\n    - {{text: "{text}.", author: Ruth Carter}}' for text in answers)
    (reason,) = chapter(chosen, 1)
    settings = root / "handover.yaml"
    text = settings.read_text(encoding="utf-8").replace("\nletter:\n", f"\nletter:\n  reason: {reason}.\n", 1)
    settings.write_text(text.replace("\nreport:\n", f"\nreport:\n  quotes:{quotes}\n", 1), encoding="utf-8")
    (root / "internal").mkdir(exist_ok=True)
    (root / "internal/internal.yaml").write_text(f"call: {{reasons: [{reason}.]}}\n", encoding="utf-8")
    (root / "assets/contract.docx").write_bytes(document(*clauses))
    (root / "internal/answers.csv").write_text(
        "on,wave,question,text\n" + "".join(f"2026-01-02,end,more,{one}.\n" for one in answers), encoding="utf-8"
    )
    (root / "../vetting.csv").write_text(
        "kind,text,added_on\n" + "".join(f"question,{one}?,2026-01-02\n" for one in questions), encoding="utf-8"
    )
    (root / "internal/reasons.csv").write_text(
        "on,fact,kind\n" + "".join(f"2026-01-02,Contract: “{one}.”,scope\n" for one in clauses[:3]), encoding="utf-8"
    )


@pytest.mark.parametrize("seed", range(2))
def test_nothing_ordinary_is_refused(seed, tmp_path):
    root = make_project(tmp_path / "acme")
    ordinary(root, seed)
    assert folder_leaks(load_project(root)) == []
    assert prose_alarms(root) == []


@pytest.mark.parametrize("name", story.ENDINGS)
def test_nothing_in_the_examples_is_refused(name):
    assert folder_leaks(load_project(story.EXAMPLES / name)) == []
    assert prose_alarms(story.EXAMPLES / name) == []


def test_what_the_papers_quote_is_refused_in_a_document_and_where_they_say_it_themselves(tmp_path):
    root = make_project(tmp_path / "acme")
    ordinary(root, 1)
    clause = (root / "internal/reasons.csv").read_text(encoding="utf-8").partition("“")[2].partition("”")[0]
    searcher = guard_of(load_project(root, scan_assets=no_assets)).searcher
    assert errors(document_leaks([UnsealedByPolicy("x.docx", None, document("Hello", clause))], searcher))
    (root / "internal/notes.md").write_text(f"They don't see that {clause}\n", encoding="utf-8")
    # On a busy machine the time for a file may be up before all of it was searched, which is told besides.
    (found,) = (one for one in folder_leaks(load_project(root)) if one.rule != "leak.unsearched")
    assert found.location.file == "assets/contract.docx"


LONG = b"They said that nothing of this would ever be told. " * 6_000
UNCOMPARED = {
    "a text beyond the size of one": {"internal/long.md": LONG},
    "texts beyond the size of all": {f"internal/{at}.md": LONG[:250_000] for at in range(2)},
    "a PDF": {"internal/said.pdf": b"%PDF-1.7\n"},
    "a document that is damaged or protected": {"internal/said.docx": b"PK\3\4"},
    "a document beyond the size of a text": {"internal/said.docx": b"PK\3\4" + bytes(300_000)},
    "a journal beyond the size of a text": {"journal.csv": LONG},
}


@pytest.mark.parametrize("case", UNCOMPARED)
def test_papers_that_nothing_is_compared_with_are_told_in_one_line(case, tmp_path, monkeypatch, capfd):
    isolate(monkeypatch, tmp_path)
    monkeypatch.setattr("handover.project.leaks.project._MAX_ALL", 200_000)  # of a megabyte
    root = make_project(tmp_path / "acme")
    for name, content in {
        **UNCOMPARED[case],
        "internal/evidence/all.md": LONG,
        "internal/a.png": bytes(300_000),
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    told = uncompared(root)
    assert [one for one in folder_leaks(load_project(root)) if one.location.file == "internal"] == told
    assert [one.severity for one in told] == [Severity.WARNING]
    last = list(UNCOMPARED[case])[-1]
    assert last in told[0].message
    assert not [name for name in ("evidence", "a.png") if name in told[0].message]
    if case == "a PDF":
        made = build_in(root)
        assert told[0] in made.warnings
        monkeypatch.setattr("handover.cli.clock.now", lambda: NOW)
        secret = secret_file(tmp_path / "pp", PASSPHRASE)
        assert run(["send", str(made.path), "--project", str(root), "--passphrase-file", str(secret)]) == 0
        assert last in capfd.readouterr().err
        assert run(["write", "letter", str(root)]) == 0
        assert last in capfd.readouterr().err
