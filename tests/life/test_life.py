"""The months around the last delivery, through the command line: journal, status, papers, what comes back."""

import datetime as dt
import hashlib
import io
import json
import re
import stat
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from building import KEY_PASSWORD, PASSPHRASE, delivered, delivered_in, edit, isolate, make_project, secret_file
from handover.build.sample import sample_given, sample_plan
from handover.bundle.verify import read_given, verify
from handover.cli import clock
from handover.documents import post_mortem
from handover.documents.base import Audience
from handover.documents.post_mortem import POST_MORTEM
from handover.documents.registry import ALL, OUTSIDE
from handover.documents.survey import QUESTIONS, tags
from handover.documents.survey_results import net_promoters
from handover.formats.word.form import read_form
from handover.life.dossier import read_dossier
from handover.life.moments import STEPS
from handover.life.workspace import merge
from handover.model.life import Event, Lesson, Moment, VettingRow
from handover.model.rows import PendingRow
from handover.model.secret import Secret
from making import forms, story

ROOT = Path(__file__).parents[2]
INTERNAL = """\
decision:
  revenue_share: 6
  attempts: [{what: A standing call on Mondays}]
call:
  reasons: [Our studio changes its course., We are three people now., You need somebody every day.]
post_mortem:
  decisions:
    - {kind: question, text: "Who decides, and who pays?"}
"""


@pytest.fixture(autouse=True)
def own_configuration(tmp_path, monkeypatch):
    isolate(monkeypatch, tmp_path)


@pytest.fixture
def on(monkeypatch):
    def day(text: str) -> None:
        moment = dt.datetime.fromisoformat(f"{text}T09:30:00+00:00")
        monkeypatch.setattr("handover.cli.clock.now", lambda: moment)

    return day


@pytest.fixture
def root(tmp_path, on):
    made = make_project(tmp_path / "acme")
    edit(made, "handover.yaml", "ended_by: mutual", "ended_by: agency")
    on("2026-08-01")
    return made


def text_of(path: Path, part: str = "word/document.xml") -> str:
    with zipfile.ZipFile(path) as package:
        parts = [name for name in package.namelist() if re.fullmatch(part, name)]
        return "\n".join(re.sub(r"<[^>]+>", "", package.read(name).decode()) for name in parts)


# Moments and journal


def test_every_moment_and_event_has_its_step_and_every_command_a_document() -> None:
    assert {step.moment for step in STEPS} == set(Moment)
    assert [step.event for step in STEPS] == list(Event)
    written = {step.command.split()[1].replace("-", "_") for step in STEPS if step.command.startswith("write ")}
    assert written <= {one.id for one in (*ALL, *OUTSIDE)}


@pytest.mark.parametrize(
    ("today", "journal", "moment", "state"),
    [
        pytest.param("2026-08-01", "", "decide", "due", id="an empty journal begins at the decision"),
        pytest.param("2026-09-01", "", "decide", "late", id="a decision that nobody noted is late after the notice"),
        pytest.param("2026-09-01", "2026-08-20,called,,", "decide", "passed", id="once called, it is decided"),
        pytest.param("2026-09-01", "2026-08-31,notice-given,,", "notice", "done", id="the notice was given"),
        pytest.param("2026-12-01", "2026-11-30,bundle-sent,,", "last-day", "late", id="the passphrase lacks"),
        pytest.param("2026-12-20", "2026-11-30,bundle-sent,,", "receipt", "late", id="no receipt after two weeks"),
        pytest.param("2026-12-10", "2026-11-30,bundle-sent,,", "receipt", "due", id="two weeks for the receipt"),
        pytest.param("2026-08-01", "", "receipt", "open", id="no receipt is due before a bundle"),
        pytest.param("2027-01-20", "2027-01-02,survey-sent,,", "after", "done", id="answers are theirs, never late"),
    ],
)
def test_a_moment_stands_as_the_journal_says(root, said, on, today, journal, moment, state) -> None:
    on(today)
    (root / "journal.csv").write_text(f"date,event,by,note\n{journal}\n")
    shown = json.loads(said("status", root, "--json")[1])
    assert next(one["state"] for one in shown["moments"] if one["moment"] == moment) == state


@pytest.mark.parametrize(
    ("ended_by", "call", "notice", "due", "todo"),
    [
        pytest.param("agency", "call", "notice", "2026-08-31", "give notice", id="the agency's notice"),
        pytest.param("client", "call of thanks", "acknowledgement", "2026-09-07", "acknowledge the client's notice",
                     id="an acknowledgement of the client's, within a week"),
        pytest.param("mutual", "call of thanks", "confirmation", "2026-08-31", "confirm in writing", id="a common end"),
        pytest.param("expiry", "call of thanks", "non-renewal", "2026-08-31", "isn't renewed", id="a non-renewal"),
    ],
)  # fmt: skip
def test_each_kind_of_ending_has_its_letter_and_noting_it_counts(root, said, ended_by, call, notice, due, todo) -> None:
    edit(root, "handover.yaml", "ended_by: agency", f"ended_by: {ended_by}")
    shown = json.loads(said("status", root, "--json")[1])
    skipped = {one["moment"] for one in shown["moments"] if one["state"] == "skipped"}
    assert skipped == (set() if ended_by == "agency" else {"decide"})
    assert next(one["on"] for one in shown["moments"] if one["moment"] == "notice") == due
    said("status", root, "--done", "called")
    out = said("status", root)[1]
    assert re.search(rf"^  {call} +done", out, re.MULTILINE)
    assert re.search(rf"^  {notice} +due {due}", out, re.MULTILINE)
    assert re.search(rf"^next \d\. .*{todo}.*:\n    handover write notice", out, re.MULTILINE)
    said("status", root, "--done", "notice-given")
    assert re.search(rf"^  {notice} +done 2026-08-01", said("status", root)[1], re.MULTILINE)


@pytest.mark.parametrize(
    ("ended_by", "said_so"), [("client", "the decision is theirs"), ("mutual", "the end is agreed")]
)
def test_nothing_is_decided_where_the_client_ends_it_or_both_agreed(root, said, ended_by, said_so) -> None:
    edit(root, "handover.yaml", "ended_by: agency", f"ended_by: {ended_by}")
    status, out = said("write", "decision", root)
    assert (status, said_so in out, "`handover write notice`" in out) == (1, True, True)


def test_what_was_noted_is_told_where_nobody_expected_it(root, said) -> None:
    edit(root, "handover.yaml", "ended_by: agency", "ended_by: mutual")
    said("status", root, "--done", "decided")
    assert "done 2026-08-01" in said("status", root)[1]


def test_status_tells_what_is_open_and_ends_with_1_when_something_is_late(root, said, on) -> None:
    status, out = said("status", root)
    assert status == 0
    assert "next 1. weigh the decision:\n    handover write decision" in out
    on("2026-12-20")
    status, out = said("status", root)
    assert status == 1
    assert "days late, was due" in out


@pytest.mark.parametrize(
    ("answered", "asked"),
    [
        pytest.param("2027-01-20", False, id="after the last day, so that the survey went out"),
        pytest.param("2024-01-10", True, id="at the start, which is another survey"),
    ],
)
def test_who_has_answered_was_asked(root, said, on, answered, asked) -> None:
    on("2027-02-20")
    assert said("status", root, "--done", "survey-answered", "--on", answered)[0] in {0, 1}
    assert answered in (root / "journal.csv").read_text()
    steps = json.loads(said("status", root, "--json")[1])["moments"]
    assert (next(one["state"] for one in steps if one["moment"] == "after") == "late") is asked


def test_a_project_that_is_not_complete_has_a_status_and_what_cant_be_read_is_unknown(tmp_path, said) -> None:
    root = tmp_path / "new"
    root.mkdir()
    (root / "handover.yaml").write_text("client: {name: Acme}\n")
    status, out = said("status", root)
    assert status == 0
    assert "Acme: no last working day is known yet" in out
    assert "accounts: unknown" in out
    assert "invoices: unknown" in out


@pytest.mark.parametrize("written", ["agency: [\n", "- a list\n", "\x00"])
def test_settings_that_cant_be_read_are_told_by_status_and_nothing_is_noted_beside_them(root, said, written) -> None:
    (root / "handover.yaml").write_text(written)
    status, out = said("status", root)
    assert status == 1
    assert re.search(r"handover\.yaml:\d.*error: ", out)
    assert said("status", root, "--done", "called")[0] == 1
    assert not (root / "journal.csv").exists()


def test_a_workspace_has_a_line_a_client_the_most_delayed_first(tmp_path, said, on) -> None:
    for name, last in (("beta", "2026-11-30"), ("alpha", "2026-09-30"), ("gamma", "2027-09-30")):
        (tmp_path / "work" / name).mkdir(parents=True)
        text = f"client: {{name: {name}}}\ncontract: {{ended_by: client, last_working_day: {last}}}\n"
        (tmp_path / "work" / name / "handover.yaml").write_text(text)
    on("2026-12-20")
    status, out = said("status", tmp_path / "work")
    assert status == 1
    assert [line.split()[0] for line in out.splitlines()] == ["alpha", "beta", "gamma"]
    assert json.loads(said("status", tmp_path / "work", "--json")[1])[0]["client"] == "alpha"


def test_clients_of_one_name_are_told_apart_by_their_folders(tmp_path, said, on) -> None:
    for folder, name in (("acme-paris", "Acme"), ("acme-lyon", "Acme"), ("beta", "Beta")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "handover.yaml").write_text(f"client: {{name: {name}}}\n")
    on("2026-12-20")
    names = {line.partition("  ")[0] for line in said("status", tmp_path)[1].splitlines()}
    assert names == {"Acme (acme-paris)", "Acme (acme-lyon)", "Beta"}


@pytest.mark.parametrize(
    ("file", "content", "line"),
    [
        pytest.param("journal.csv", "date,event\n2027-02-26,closed\n", "closed 2027-02-26", id="a closed file"),
        pytest.param("handover.yaml", "client: [\n", r"decide: not yet – \d errors?: ", id="settings without form"),
        pytest.param("handover.yaml", "client: {name: acme}\ncontract: {last_working_day: 30/02/2026}\n",
                     "decide: not yet – 1 error: ", id="a day that isn't one"),
        pytest.param("data/accounts.csv", "service,current_owner,status\nDomain,Acme,lost\n",
                     r"call of thanks: 27 days late, was due 2027-02-01 – 1 error: ", id="a table with a wrong row"),
        pytest.param("journal.csv", "date,event\n2027-02-26,parted\n", r"call of thanks: .* – 1 error: ",
                     id="a wrong journal"),
    ],
)  # fmt: skip
def test_a_workspace_tells_in_a_line_what_is_closed_and_what_cant_be_read(
    tmp_path, said, on, file, content, line
) -> None:
    root = tmp_path / "work" / "acme"
    (root / "data").mkdir(parents=True)
    contract = "{ended_by: client, notice_date: 2027-02-01, last_working_day: 2027-02-15}"
    (root / "handover.yaml").write_text(f"client: {{name: acme}}\ncontract: {contract}\n")
    (root / file).write_text(content)
    on("2027-02-28")
    status, out = said("status", tmp_path / "work")
    assert status == (0 if "closed" in line else 1)
    (told,) = out.splitlines()
    command = f"handover status {root}" if "error" in line else ""
    assert re.fullmatch(f"acme  {line}{re.escape(command)}", told)
    assert said("status", root)[0] == status


def test_a_workspace_is_told_in_french_too(tmp_path, said, on) -> None:
    (tmp_path / "work" / "gamma").mkdir(parents=True)
    (tmp_path / "work" / "gamma" / "handover.yaml").write_text(
        "client: {name: Gamma}\ncontract: {ended_by: client, last_working_day: 2026-12-21}\n"
    )
    on("2026-12-20")
    assert (
        said("--lang", "fr", "status", tmp_path / "work")[1]
        == "Gamma  appel de remerciement\u00a0: pas encore (dernier jour de travail dans 1 jour)\n"
    )


def test_what_has_happened_is_added_and_the_rest_stays_byte_for_byte(root, said) -> None:
    before = "date;événement;par\r\n2026-06-01;décidé;Ada\r\n".encode()
    (root / "journal.csv").write_bytes(before)
    assert said("status", root, "--done", "called", "--on", "2026-07-20", "--by", "=Ada;x")[0] == 0
    after = (root / "journal.csv").read_bytes()
    assert after.startswith(before)
    assert after[len(before) :].decode() == '2026-07-20;appelé;"\'=Ada;x"\r\n'
    assert said("status", root, "--done", "notice-given", "--note", "by post")[0] == 1  # it has no such column


OPEN = {
    "the contract ends on 2026-12-31": 0,
    "1 account to hand over: Domain acme.example": 1,
    "1 project to finish: Product pages": 1,
    "the contract asks for return of files (clause 9): not met yet": 2,
    "not paid: 1,240.50 GBP": 2,
    "reservation 1. The photo": 1,
    "no receipt has come back": 1,
}
"""What is told of them: 0 before the contract's end, 1 whenever it is open, 2 not where only access is given up."""


@pytest.mark.parametrize(
    ("event", "day", "settled", "told"),
    [
        pytest.param("closed", "2027-01-10", False, {1, 2}, id="closed with everything open"),
        pytest.param("closed", "2026-12-30", False, {0, 1, 2}, id="closed before the contract's end"),
        pytest.param("access-revoked", "2027-01-10", False, {1}, id="access given up, whether or not one was paid"),
        pytest.param("closed", "2027-01-10", True, set(), id="closed with nothing open"),
        pytest.param("plan-agreed", "2027-01-10", False, set(), id="a plan, which closes nothing"),
    ],
)
def test_what_is_open_is_told_once_where_access_is_given_up_or_the_file_closed(
    root, said, on, event, day, settled, told
) -> None:
    on(day)
    edit(root, "handover.yaml", "letter:", "  obligations: [{what: return of files, clause: clause 9}]\nletter:")
    (root / "received").mkdir()
    (root / "received/reservations.csv").write_text("number,on,text,settled_on\n1,2026-12-02,The photo,\n")
    (root / "journal.csv").write_text("date,event\n2026-11-30,bundle-sent\n")
    if settled:
        edit(root, "handover.yaml", "clause: clause 9}", "clause: clause 9, met_on: 2026-12-31}")
        edit(root, "data/accounts.csv", "in-progress", "transferred")
        edit(root, "data/pending.csv", "in-progress", "done")
        edit(root, "data/invoices.csv", "1240.50", "0")
        edit(root, "received/reservations.csv", "photo,", "photo,2026-12-05")
        edit(root, "journal.csv", "bundle-sent\n", "bundle-sent\n2026-12-02,receipt-returned\n")
    status, out = said("status", root, "--done", event)
    assert status == 0
    assert {when for text, when in OPEN.items() if text in out} == told
    assert all((text in out) == (when in told) for text, when in OPEN.items()), out
    assert ("take the line out" in " ".join(out.split())) == bool(told)
    said("status", root, "--done", "closed", "--on", "2026-12-29")
    line = said("status", root.parent)[1]
    assert ("closed 2026-12-29, with things open" in line) != settled, line


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(["--done", "caled"], "called", id="a misspelt event"),
        pytest.param(["--done", "called", "--on", "2026-09-01"], "to come", id="a day to come"),
        pytest.param(["--on", "2026-07-01"], "belong to --done", id="a day without an event"),
    ],
)
def test_what_cant_have_happened_is_refused(root, said, words, told) -> None:
    status, out = said("status", root, *words)
    assert status == 2
    assert told in out
    assert not (root / "journal.csv").exists()


@pytest.mark.parametrize(
    ("journal", "rule"),
    [
        pytest.param("2026-07-01,parted,,", "one of", id="no such event"),
        pytest.param("2026-02-30,called,,", "exist", id="no such day"),
        pytest.param("2026-09-30,called,,", "a day to come", id="a day to come"),
        pytest.param(
            "2026-07-25,bundle-sent,,\n2026-07-26,called,,", "the usual advice is to call first", id="another order"
        ),
    ],
)
def test_a_journal_is_read_strictly_and_its_order_only_advised(root, said, journal, rule) -> None:
    (root / "journal.csv").write_text(f"date,event,by,note\n{journal}\n")
    status, out = said("status", root)
    assert rule in out
    assert status == (0 if "advice" in rule else 1)


# Papers


def test_a_paper_for_ourselves_lands_in_a_closed_folder_and_says_so_on_every_page(root, said) -> None:
    (root / "internal/internal.yaml").write_text(INTERNAL)
    for document in ("decision", "call", "call-email", "post-mortem"):
        assert said("write", document, root)[0] == 0
    made = root / "internal/made"
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    for path in made.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert "INTERNAL" in text_of(path, r"word/header.*\.xml")
    assert not (root / "out").exists()


def test_once_it_is_written_what_remains_is_to_note_it(root, said) -> None:
    said("write", "decision", root)
    assert "handover status --done decided" in said("status", root)[1]


def test_once_the_email_is_drafted_what_remains_is_to_note_that_it_was_sent(root, said) -> None:
    for event in ("decided", "called", "notice-given", "plan-agreed"):
        said("status", root, "--done", event, "--on", "2026-08-01")
    assert "handover build" in said("status", root)[1]
    (root / "out").mkdir(exist_ok=True)
    (root / "out" / "bundle.eml").touch()
    told = said("status", root)[1]
    assert ("handover status --done bundle-sent" in told, "handover build" in told) == (True, False)


def test_a_paper_for_ourselves_is_never_written_into_out(root, said) -> None:
    (root / "out").mkdir()
    status, out = said("write", "decision", root, "-o", root / "out/decision.docx")
    assert status == 2
    assert "for yourself alone" in out
    assert not any((root / "out").iterdir())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(["letter"], "`letter` is called `write letter` now", id="the old name of the letter"),
        pytest.param(["write", "inventory"], "part of the bundle", id="a document of the bundle"),
        pytest.param(["write", "decisoin"], "decision", id="a misspelt one"),
    ],
)
def test_what_cant_be_written_says_what_to_do(root, said, words, told) -> None:
    status, out = said(*words, root)
    assert status == 2
    assert told in out


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("reasons", "no facts in internal/reasons.csv"),
        ("survey", "after the end (2026-12-31)"),
        ("survey-results", "no answers in internal/answers.csv"),
        ("receipt", "no signed bundle"),
        ("case-study", "no headline figure improved"),
    ],
)
def test_a_document_that_lacks_its_facts_says_which(root, said, document, told) -> None:
    status, out = said("write", document, root)
    assert status == 1
    assert told in out


_ALONE = (
    "notice", "letter", "plan", "calendar", "survey", "survey-email", "decision", "call", "post-mortem"
)  # fmt: skip


@pytest.mark.parametrize("document", _ALONE)
def test_a_document_needs_only_what_it_reads(tmp_path, said, on, document) -> None:
    root = tmp_path / "acme"
    root.mkdir()
    settings = (ROOT / "tests/projects/base/handover.yaml").read_text().replace("by: mutual", "by: agency")
    (root / "handover.yaml").write_text(settings.replace("    signature_image: brand/signature.png\n", ""))
    on("2027-01-04" if "survey" in document else "2026-09-02")
    assert said("write", document, root)[0] == 0


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("guide", "no routine, no lesson, no account"),
        ("receipt", "no signed bundle"),
        ("case-study", "the table metrics is missing"),
    ],
)
def test_a_document_that_reads_tables_says_what_lacks(tmp_path, said, on, document, told) -> None:
    root = tmp_path / "acme"
    root.mkdir()
    settings = (ROOT / "tests/projects/base/handover.yaml").read_text()
    (root / "handover.yaml").write_text(settings.replace("    signature_image: brand/signature.png\n", ""))
    status, out = said("write", document, root)
    assert status == 1
    assert told in out


@pytest.mark.parametrize(("document", "refused"), [("plan", True), ("calendar", True), ("survey", False)])
def test_a_mistake_in_a_table_matters_to_what_reads_it(root, said, on, document, refused) -> None:
    (root / "data/accounts.csv").write_text("service,current_owner,status\nDomain,Acme,lost\n")
    words = ["--wave", "during"] if document == "survey" else []
    status, out = said("write", document, root, *words)
    assert status == refused
    assert ("data/accounts.csv:2" in out) is refused


def test_evidence_that_is_missing_is_an_error_and_its_digest_is_printed(root, said) -> None:
    (root / "internal/reasons.csv").write_text(
        "on,fact,kind,evidence,amount\n2026-04-07,Paid after 41 days.,late-payment,mail.txt,80\n"
        "2026-05-07,Paid after 12 days.,late-payment,,20\n"
    )
    status, out = said("write", "reasons", root)
    assert status == 1
    assert "internal/evidence/mail.txt is missing" in out
    (root / "internal/evidence").mkdir()
    (root / "internal/evidence/mail.txt").write_text("sorry")
    assert said("write", "reasons", root)[0] == 0
    text = text_of(root / "internal/made/reasons.docx")
    assert "€100.00, 2 facts" in text
    digest = hashlib.sha256(b"sorry").hexdigest()
    assert f"mail.txt ({digest[:4]} {digest[4:8]} " in text


@pytest.mark.parametrize(
    ("reasons", "rule"),
    [
        pytest.param("[One., Two.]", "fewer than three", id="two reasons"),
        pytest.param('["It’s time to break up.", Two., Three.]', "a contract that ends", id="words of couples"),
        pytest.param("[You never listen to us., Two., Three.]", "blames", id="blame"),
    ],
)
def test_what_will_be_said_is_read_for_its_tone(root, said, reasons, rule) -> None:
    (root / "internal/internal.yaml").write_text(f"call: {{reasons: {reasons}}}\n")
    status, out = said("status", root)
    assert status == 0
    assert rule in out


def test_internal_yaml_is_read_strictly(root, said) -> None:
    (root / "internal/internal.yaml").write_text("decision:\n  revenue: 6\n  effort_share: 140\n")
    status, out = said("write", "decision", root)
    assert status == 1
    assert "internal/internal.yaml:2:3" in out
    assert "internal/internal.yaml:3:17" in out


# Receipt


def filled(path: Path, written: dict[str, str], ticked: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> Path:
    """A copy of a form as Word saves it: boxes ticked, fields written, some controls gone."""
    target = path.with_name(f"filled-{path.name}")
    target.write_bytes(forms.filled(path.read_bytes(), written, ticked, without))
    return target


def flattened(path: Path) -> Path:
    """A copy of a form whose fields an office program has made text of."""
    target = path.with_name(f"flat-{path.name}")
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    document = parts["word/document.xml"]
    document = re.sub(rb"<w:sdtPr>.*?</w:sdtPr>|<w:sdtPr/>|</?w:sdt(Content)?>", b"", document, flags=re.DOTALL)
    parts["word/document.xml"] = document.replace("☐".encode(), "☒".encode())
    with zipfile.ZipFile(target, "w") as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return target


@pytest.fixture
def sent(tmp_path, on):
    root = tmp_path / "acme"
    made = delivered_in(root)
    on("2026-03-20")
    return root, made


def test_a_receipt_that_came_back_is_kept_untouched_with_its_reservations(sent, said) -> None:
    root, made = sent
    assert said("write", "receipt", root)[0] == 0
    form = root / "out/receipt.docx"
    code = f"{made.sha256[:4]} {made.sha256[4:8]}"
    assert code in text_of(form)
    back = filled(form, {"reservation-1": "Two photographs are missing."}, ("opened",))
    status, out = said("import", "receipt", back, "--project", root, "--on", "2026-03-18")
    assert status == 0
    assert "reservation 1: Two photographs are missing." in out
    assert (root / "received" / back.name).read_bytes() == back.read_bytes()
    assert "receipt returned" in (root / "journal.csv").read_text()
    assert code in (root / "received/received.csv").read_text()
    assert "reservation 1. Two photographs are missing." in said("status", root)[1]
    assert said("import", "receipt", back, "--project", root)[0] == 1  # the same again


def test_a_receipt_tells_when_a_reservation_was_noticed_and_which_fields_are_gone(sent, said) -> None:
    root, _ = sent
    said("write", "receipt", root)
    written = {"reservation-1": "A photograph is missing.", "reservation-1-on": "2 March"}
    back = filled(root / "out/receipt.docx", written, without=("reservation-3", "reservation-4"))
    status, out = said("import", "receipt", back, "--project", root)
    assert status == 0, out
    assert "the fields for reservations 3, 4 are gone" in out
    assert "reservation 1: A photograph is missing. (2 March)" in out
    status, out = said("import", "receipt", flattened(root / "out/receipt.docx"), "--project", root)
    assert status == 0, out
    assert "the fields for reservations 1, 2, 3, 4" in out
    assert "nothing is ticked" not in out


def test_a_receipt_for_another_bundle_is_refused_and_a_scan_without_code_says_so(sent, said, tmp_path) -> None:
    root, made = sent
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.7 scanned")
    status, out = said("import", "receipt", scan, "--project", root, "--code", "0000 0000")
    assert status == 1
    assert "no signed bundle" in out
    assert not (root / "received").exists()
    status, out = said("import", "receipt", scan, "--project", root, "--reservation", "A file is missing.")
    assert status == 0
    assert "digest not stated" in out
    said("write", "letter", root)
    (tmp_path / "setup.exe").write_bytes(b"MZ\x90\0")
    for no_receipt in (root / "out/letter.docx", made.path, tmp_path / "setup.exe"):
        status, out = said("import", "receipt", no_receipt, "--project", root)
        assert (status, "isn't the receipt" in out, len(list((root / "received").iterdir()))) == (2, True, 3), out
    other = tmp_path / "scan2.pdf"
    other.write_bytes(b"%PDF-1.7 scanned again")
    assert said("import", "receipt", other, "--project", root, "--code", made.sha256[:8].upper())[0] == 0


# Survey


def survey(root, said, on) -> Path:
    on("2027-01-15")
    assert said("write", "survey", root)[0] == 0
    return root / "out/survey.docx"


def test_a_survey_goes_out_comes_back_and_is_counted(root, said, on) -> None:
    form = survey(root, said, on)
    found = read_form(form.read_bytes(), "survey")
    assert set(found.tags) == set(tags())
    assert (found.ticked, found.written) == (frozenset(), {})
    back = filled(form, {"respondent": "Ruth", "recommend-why": "Always there."}, ("experience-5", "recommend-9"))
    status, out = said("import", "answers", back, "--project", root)
    assert status == 0, out
    rows = (root / "internal/answers.csv").read_text().splitlines()
    assert rows[1:] == ["2027-01-15,end,Ruth,experience,5,5,", "2027-01-15,end,Ruth,recommend,9,10,Always there."]
    assert "2027-01-15,survey answered,Ruth," in (root / "journal.csv").read_text()
    assert said("import", "answers", back, "--project", root)[0] == 1
    scores = [("start", 4), ("start", 4), ("start", 5), ("end", 5), ("end", 4)]
    with (root / "internal/answers.csv").open("a") as answers:
        answers.writelines(f"2027-01-15,{wave},{n},experience,{score},5,\n" for n, (wave, score) in enumerate(scores))
    assert said("write", "survey-results", root)[0] == 0
    told = text_of(root / "internal/made/survey-results.docx")
    assert "From 0 to 10: one gave 9 or 10. Fewer than ten answers make no net promoter score" in told
    assert "4.34.7–+0.4" in told  # 4⅓ and 4⅔ as they are printed, and the change that a reader finds


def test_the_survey_as_an_email_asks_the_same_fourteen_things(root, said, on) -> None:
    on("2026-12-31")
    assert said("write", "survey-email", root)[0] == 1  # the contract ends that day
    on("2027-01-15")
    assert said("write", "survey-email", root)[0] == 0
    text = (root / "out/survey-email.txt").read_text(encoding="utf-8")
    assert text.startswith("Subject: Your feedback – Northlight Studio\n\nHello,\n")
    assert re.findall(r"^(\d+)\. ", text, re.MULTILINE) == [str(at) for at in range(1, len(QUESTIONS) + 1)]
    assert "{" not in text


def test_a_form_that_libreoffice_saved_is_read_by_the_order_of_its_fields(root, said, on) -> None:
    back = filled(survey(root, said, on), {"respondent": "Ruth"}, ("experience-5", "recommend-9"))
    with zipfile.ZipFile(back) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    # As LibreOffice 7.4 saves it: controls without tags, and none that shows a placeholder.
    parts["word/document.xml"] = re.sub(rb"<w:tag [^>]*/>|<w:showingPlcHdr/>", b"", parts["word/document.xml"])
    with zipfile.ZipFile(back, "w") as made:
        for name, part in parts.items():
            made.writestr(name, part)
    status, out = said("import", "answers", back, "--project", root)
    assert status == 0, out
    rows = (root / "internal/answers.csv").read_text().splitlines()
    assert rows[1:] == ["2027-01-15,end,Ruth,experience,5,5,", "2027-01-15,end,Ruth,recommend,9,10,"]


def test_what_people_write_into_a_form_is_read_whatever_it_looks_like(root, said, on) -> None:
    form = survey(root, said, on)
    two_lines = "Xavier</w:t><w:br/><w:t>The&#9;Bakery"
    back = filled(
        form, {"respondent": two_lines, "more-why": "x".ljust(32_767, "x"), "communication-why": "✓ all&#x85;well"}
    )
    status, out = said("import", "answers", back, "--project", root)
    assert status == 0, out
    lines = (root / "internal/answers.csv").read_text(encoding="utf-8").splitlines()
    assert [line.partition("end,")[2][:37] for line in lines[1:]] == [
        '"Xavier, The Bakery",more,,,xxxxxxxxx',
        '"Xavier, The Bakery",communication,,,',
    ]
    assert lines[2].endswith(",,,✓ all well")
    status, out = said("import", "answers", filled(form, {"more-why": "y" * 32_768}), "--project", root)
    assert (status, "one field holds more than 32,767 characters" in out) == (1, True)


def test_a_damaged_form_says_which_answers_it_lost(root, said, on) -> None:
    form = survey(root, said, on)
    back = filled(form, {"more-why": "A course."}, ("quality-3", "quality-4"), without=("team-2",))
    status, out = said("import", "answers", back, "--project", root, "--wave", "during")
    assert status == 0
    assert "warning: the field of one answer is gone: “Communication with everyone else”" in out
    assert "warning: two boxes are ticked for one question: “The quality of the work”" in out
    back.write_bytes(b"no form")
    assert said("import", "answers", back, "--project", root)[0] == 1
    status, out = said("import", "answers", flattened(back.with_name("survey.docx")), "--project", root)
    assert (status, "nothing is ticked" in out) == (1, False)
    assert re.search("the fields of 14 answers are gone: “.*“The quality of the work”", out, re.DOTALL)
    assert "two boxes" not in out
    said("write", "letter", root)
    status, out = said("import", "answers", root / "out/letter.docx", "--project", root)
    assert (status, "isn't the survey's form" in out) == (2, True)
    settings = root / "handover.yaml"
    ours = settings.read_text("utf-8")
    settings.write_text(ours.replace("Acme Bakery", "Another Bakery"), "utf-8")
    form.unlink()
    theirs = filled(survey(root, said, on), {"respondent": "Ruth"})
    settings.write_text(ours, "utf-8")
    status, out = said("import", "answers", theirs, "--project", root)
    assert (status, "doesn't name Acme Bakery" in out) == (2, True), out


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([], None),
        ([9], (1, 0, 0, 100)),
        ([0], (0, 0, 1, -100)),
        ([7, 8], (0, 2, 0, 0)),
        ([10, 9, 8, 6], (2, 1, 1, 25)),
        ([10, 9, 9, 8, 8, 7, 6, 5, 9, 10], (5, 3, 2, 30)),
    ],
)
def test_the_net_promoter_score_is_as_computed_by_hand(scores, expected) -> None:
    found = net_promoters([Decimal(score) for score in scores])
    assert found == expected


# What the workspace learns


def test_what_was_decided_goes_into_the_vetting_list_once_and_into_a_form_without_its_origin(root, said) -> None:
    workspace = root.parent
    (workspace / "vetting.csv").write_text(
        "kind,text,from_project,added_on\nquestion,who decides and who pays,old-client,2025-01-01\n"
        '"question","Who decides, and who pays",other,2025-02-01\n'
    )
    (root / "internal/internal.yaml").write_text(INTERNAL)
    assert said("write", "post-mortem", root)[0] == 0
    assert said("write", "post-mortem", root, "--replace")[0] == 0
    rows = (workspace / "vetting.csv").read_text().splitlines()
    assert rows[1:] == ['question,who decides and who pays,"old-client, other, acme-bakery",2025-01-01']
    assert said("write", "vetting", workspace)[0] == 0
    assert "(old-client, other, Acme Bakery, 1\N{NO-BREAK SPACE}Jan\N{NO-BREAK SPACE}2025)" in text_of(
        workspace / "internal/made/vetting-list.docx"
    )
    (workspace / "agency.yaml").write_text('brand: {colour: "#0E5A6B", logo: logo.png}\n')
    (workspace / "logo.png").write_bytes((story.EXAMPLES / "wrenfield-nurseries/brand/logo.png").read_bytes())
    assert said("write", "discovery", workspace)[0] == 0
    form = text_of(workspace / "out/discovery.docx")
    with zipfile.ZipFile(workspace / "out/discovery.docx") as package:
        assert b"0E5A6B" in package.read("word/styles.xml")
        assert [name for name in package.namelist() if name.startswith("word/media/")]
    assert "who decides and who pays" in form
    assert not re.search("acme|other|old-client|INTERNAL", form)


@pytest.mark.parametrize(
    ("kind", "point", "status"),
    [
        pytest.param("question", "Would your portal pay like that of TIDEWAY Ferries plc?", 1, id="a client"),
        pytest.param("question", "Would your portal pay like Tideway Ferries did?", 1, id="without its legal form"),
        pytest.param("question", "Is there somebody like INÊS Duarte?", 1, id="one of a client's people"),
        pytest.param("question", "Do you work with Zenith?", 1, id="a name of the workspace's list"),
        pytest.param("question", "Do you know Northlight Studio?", 0, id="the agency, whose own project stands there"),
        pytest.param("question", "Does the ferry pay?", 0, id="nobody"),
        pytest.param("price", "Tideway Ferries plc paid too little", 0, id="a client in what isn't asked"),
    ],
)
def test_a_form_for_prospects_names_no_client_of_the_workspace(tmp_path, said, kind, point, status) -> None:
    (tmp_path / "agency.yaml").write_text("agency:\n  name: Northlight Studio\n")
    for at, client in enumerate(["Tideway Ferries plc\n  contacts:\n    - name: Inês Duarte", "Northlight Studio"]):
        (tmp_path / str(at)).mkdir()
        (tmp_path / str(at) / "handover.yaml").write_text(f"client:\n  name: {client}\n")
    (tmp_path / "unreadable").mkdir()
    (tmp_path / "unreadable/handover.yaml").write_text("client: [")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/deny.txt").write_text("# last year's\nZenith\n")
    rows = f"kind,text,from_project,added_on\nquestion,Who decides?,one,2025-01-01\n{kind},{point},two,2025-02-01\n"
    (tmp_path / "vetting.csv").write_text(rows)
    found, out = said("write", "discovery", tmp_path)
    assert (found, "vetting.csv:3:10: " in out, (tmp_path / "out/discovery.docx").exists()) == (
        status, bool(status), not status
    )  # fmt: skip
    assert said("write", "discovery", tmp_path, "--replace", "--allow-leak", "discovery.docx")[0] == 0


@pytest.mark.parametrize(
    ("agency", "projects", "title"),
    [
        pytest.param("", ["fr", "fr"], "Avant de dire oui", id="that of all its projects"),
        pytest.param("en", ["fr", "fr"], "Before saying yes", id="its agency's, whatever its projects'"),
        pytest.param("", ["fr", "en"], "Before saying yes", id="the program's, where projects differ"),
        pytest.param("", [], "Before saying yes", id="the program's, where there is no project yet"),
    ],
)
def test_a_workspaces_papers_are_in_its_language_and_say_each_point_once(
    tmp_path, said, agency, projects, title
) -> None:
    for at, language in enumerate(projects):
        (tmp_path / str(at)).mkdir()
        (tmp_path / str(at) / "handover.yaml").write_text(f"language: {language}\n")
    if agency:
        (tmp_path / "agency.yaml").write_text(f"language: {agency}\n")
    (tmp_path / "vetting.csv").write_text(
        "kind,text,from_project,added_on\nquestion,Who decides,one,2025-01-01\nquestion,who  decides ?,two,2025-02-01\n"
    )
    assert said("write", "vetting", tmp_path)[0] == 0
    assert said("write", "discovery", tmp_path)[0] == 0
    (paper,) = (tmp_path / "internal/made").iterdir()
    (form,) = (tmp_path / "out").iterdir()
    assert title in text_of(paper)
    assert "one, two" in text_of(paper)
    assert [text_of(one).casefold().count("who decides") for one in (paper, form)] == [1, 1]


@pytest.mark.parametrize(
    ("language", "targets", "said"),
    [
        pytest.param("en", (True, False), "one of two reached", id="one of two"),
        pytest.param("en", (False,), "not reached", id="the only one"),
        pytest.param("fr", (True, True, False), "deux sur trois atteints", id="in French"),
        pytest.param("fr", (False, True), "un sur deux atteint", id="one in French"),
        pytest.param("en", None, "unknown", id="figures that can't be read"),
        pytest.param("en", (), None, id="no target was set"),
    ],
)
def test_the_look_back_says_how_many_targets_were_reached(language, targets, said) -> None:
    given = sample_given(POST_MORTEM, sample_plan(language).project)._replace(targets=targets)
    facts = {fact.what: fact.value for fact in post_mortem.view(given).facts}
    assert facts.get("Targets", facts.get("Objectifs chiffrés")) == said


PROMISED = ("2026-11-20", "finish", "in-progress")


@pytest.mark.parametrize(
    ("language", "rows", "told"),
    [
        pytest.param("en", [PROMISED], "none of one done; one overdue", id="what was promised"),
        pytest.param("fr", [PROMISED] * 2, "aucun terminé sur deux ; deux en retard", id="in French"),
        pytest.param("en", [("2026-11-20", "finish", "done")], "one of one done", id="what is done"),
        pytest.param("en", [("2026-11-20", "hand-over", "in-progress"), ("2026-11-20", "cancel", "idea"),
                            ("2026-12-04", "finish", "idea"), (None, "finish", "idea")], "none of four done",
                     id="neither what others carry on, nor what is given up, nor what was due after the last day"),
    ],
)  # fmt: skip
def test_the_look_back_calls_overdue_what_was_promised_and_isnt_done(language, rows, told) -> None:
    given = sample_given(POST_MORTEM, sample_plan(language).project)
    pending = tuple(
        PendingRow.model_validate({"project": "Shop", "due_date": due, "decision": decision, "status": status})
        for due, decision, status in rows
    )
    dossier = replace(given.dossier, pending=pending, last_day=dt.date(2026, 11, 30))
    facts = {fact.what: fact.value for fact in post_mortem.view(given._replace(dossier=dossier)).facts}
    found = facts.get("Projects", facts.get("Projets")).replace("\u00a0", " ").replace("\u202f", " ")
    assert found == told


def test_the_figures_say_which_targets_were_reached(root, said) -> None:
    assert said("write", "post-mortem", root)[0] == 0
    assert "Targets" not in text_of(root / "internal/made/post-mortem.docx")
    edit(root, "handover.yaml", "    label: Newsletter readers", "    target: 1\n    label: Newsletter readers")
    assert said("write", "post-mortem", root, "--replace")[0] == 0
    assert re.search("Targets.*reached", text_of(root / "internal/made/post-mortem.docx"))
    (root / "data/metrics.csv").write_text("date,metric,value\n2026-01,visitors,many\n")
    assert said("write", "post-mortem", root, "--replace")[0] == 0
    assert re.search("Targets.*unknown", text_of(root / "internal/made/post-mortem.docx"))


def test_what_was_decided_beside_no_vetting_list_is_told_as_kept_nowhere(root, said) -> None:
    (root / "internal/internal.yaml").write_text(INTERNAL)
    for kept in (False, True):
        if kept:
            (root.parent / "vetting.csv").write_text("kind,text,from_project,added_on\n")
        status, out = said("write", "post-mortem", root, "--replace")
        assert (status, "is in no vetting list" in out) == (0, not kept), out
    assert "acme-bakery" in (root.parent / "vetting.csv").read_text()


def test_points_of_two_kinds_stay_two() -> None:
    rows = [
        VettingRow(kind=kind, text="Late?", added_on=dt.date(2026, 1, 1)) for kind in (Lesson.PRICE, Lesson.QUESTION)
    ]
    assert len(merge(rows)) == 2


# What never leaves


SECRET = "They kept us waiting for an answer about the winter campaign until it was over"


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("internal/reasons.csv", f"on,fact,kind\n2026-01-02,{SECRET},scope\n"),
        ("internal/internal.yaml", f"decision: {{influence: {SECRET}}}\n"),
        ("internal/answers.csv", f"on,wave,question,text\n2026-01-02,end,more,{SECRET}\n"),
        ("journal.csv", f"date,event,by,note\n2026-01-02,called,,{SECRET}\n"),
        ("../vetting.csv", f"kind,text,added_on\nquestion,{SECRET},2026-01-02\n"),
    ],
)
def test_what_is_internal_is_refused_in_a_document_for_the_client(root, said, on, file, content) -> None:
    (root / file).write_text(content)
    assert said("templates", "eject", "survey", "--project", root)[0] == 0
    template = root / "templates/survey.docx"
    with zipfile.ZipFile(template) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"In your own words", SECRET.encode())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, part in parts.items():
            made.writestr(name, part)
    template.write_bytes(buffer.getvalue())
    on("2027-01-15")
    status, out = said("write", "survey", root)
    assert status == 1
    assert f"repeats what {file.removeprefix('../')} says" in out
    assert not list((root / "out").glob("*"))


def test_journal_papers_and_what_came_back_are_no_inputs_of_a_bundle() -> None:
    inputs = delivered().report.record.inputs
    assert not [name for name in inputs if name.startswith(("internal", "journal", "received"))]


# Both examples go through the whole: each step has its tests above, so this is left to `make interop`


@pytest.mark.interop
@pytest.mark.parametrize("name", story.ENDINGS)
def test_an_example_goes_from_the_decision_to_the_lessons(name, tmp_path, said, on) -> None:
    ending, project = story.ENDINGS[name], story.copied(name, tmp_path / "work")
    told = []

    def typed(day: str, words: list[str]) -> None:
        on(day)
        status, out = said(*words)
        assert status == 0, f"{words}: {out}"
        told.append(out)

    password, passphrase = secret_file(tmp_path / "pw", KEY_PASSWORD), secret_file(tmp_path / "pp", PASSPHRASE)
    vault = secret_file(tmp_path / "vault", Secret((story.EXAMPLES / f"{name}.vault-passphrase").read_text().strip()))
    key = ("--key", str(tmp_path / "owner.p12"), "--key-passphrase-file", str(password))
    first, last = ending.before[0].on, ending.handed_over
    typed(first, ["keys", "create", "--name", ending.owner, "--out", *key[1:]])
    typed(first, ["keys", "pin", str(project), *key])
    story.walk(name, "before", project, typed, key)
    typed(last, ["build", str(project), "--date", last, *key,
                 "--vault-passphrase-file", str(vault), "--passphrase-file", str(passphrase)])  # fmt: skip
    noted = read_dossier(project, dt.date.fromisoformat(last)).journal
    assert noted == read_dossier(story.EXAMPLES / name, dt.date.fromisoformat(last)).journal
    story.walk(name, "after", project, typed)
    assert not [out for out in told if "warning" in out or "caution" in out]
    (looked_back,) = (
        path for path in (project / "internal/made").iterdir() if path.stem in {"bilan-interne", "post-mortem"}
    )
    assert re.search(r"(quatre sur douze terminés|four of twelve done)(?!\s*;)", text_of(looked_back))
    typed(ending.after[-1].on, ["status", str(project)])

    (bundle,) = (project / "out").glob("*.zip")
    with bundle.open("rb") as file:
        notice = next(check for check in verify(read_given(file), now=clock.now()).checks if "notice of" in check.words)
    given = next(row.date for row in noted if row.event is Event.NOTICE_GIVEN)
    assert f"notice of {given}" in notice.words
    with zipfile.ZipFile(bundle) as package:
        first, second = sorted(entry for entry in package.namelist() if entry.endswith(".docx"))[:2]
        assert package.read(first) == (project / "signed/notice.docx").read_bytes()
        letter = re.sub(
            r"<[^>]+>", "", zipfile.ZipFile(io.BytesIO(package.read(second))).read("word/document.xml").decode()
        )
    assert first in letter
    made = {path.name for folder in (project, project.parent) for path in (folder / "internal/made").iterdir()}
    assert len(made) == len({one.id for one in OUTSIDE if one.audience is Audience.INTERNAL})
    assert len((project.parent / "vetting.csv").read_text().splitlines()) >= 3
    assert (project / "received/received.csv").exists()


def test_a_bundle_that_lies_signed_in_out_is_to_be_sent_and_not_built_again(sent, said) -> None:
    root, made = sent
    for event in ("called", "notice-given", "plan-agreed"):
        said("status", root, "--done", event, "--on", "2026-03-01")
    told = said("status", root)[1]
    assert (f"handover send {made.path}" in told, "handover build" in told) == (True, False)
    content = made.path.read_bytes()
    with zipfile.ZipFile(made.path) as bundle:
        at = next(one.header_offset for one in bundle.infolist() if one.filename.startswith("assets/"))
    # Its seal is whole: what else is wrong, `send` finds, whatever the size.
    at += 30 + content[at + 26] + content[at + 28]  # past a local header, its name and extra field
    made.path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    assert f"handover send {made.path}" in said("status", root)[1]
    assert said("send", made.path, "--project", root, "--no-input")[0] == 1
    made.path.write_bytes(content[: len(content) // 2])
    assert "handover build" in said("status", root)[1]


def test_an_email_is_not_drafted_with_what_internal_says_by_now(sent, said, tmp_path) -> None:
    root, made = sent
    with zipfile.ZipFile(made.path) as bundle:
        name = next(name for name in bundle.namelist() if name.startswith("assets/") and name.endswith(".txt"))
        words = bundle.read(name).decode()
    (root / "internal/copy.txt").write_text(words)
    secret = secret_file(tmp_path / "pp", PASSPHRASE)
    status, out = said("send", made.path, "--project", root, "--passphrase-file", secret)
    assert status == 1
    assert f"{name}: error: this is internal/copy.txt" in out
    assert not made.path.with_suffix(".eml").exists()
    allowed = said("send", made.path, "--project", root, "--passphrase-file", secret, "--allow-leak", name)
    assert allowed[0] == 0, allowed[1]


@pytest.mark.parametrize(
    ("notice", "last_day", "due"),
    [
        pytest.param("2026-09-01", "2026-11-30", "2026-09-08", id="a week after notice"),
        pytest.param("2026-09-01", "2026-09-04", "2026-09-04", id="the last day, where that comes first"),
        pytest.param(None, "2026-11-30", "2026-11-30", id="the last day, where no notice is known"),
        pytest.param(None, None, None, id="no day, where none is known"),
    ],
)
def test_the_plan_is_due(notice, last_day, due):
    step = next(one for one in STEPS if one.event is Event.PLAN_AGREED)
    days = {"notice": notice, "last_day": last_day}
    known = SimpleNamespace(**{name: day and dt.date.fromisoformat(day) for name, day in days.items()})
    assert step.due(known) == (due and dt.date.fromisoformat(due))
