"""The notice: written and signed months before, packed as it was signed, with today's letter beside it."""

import datetime as dt
import re
import zipfile
from dataclasses import replace
from functools import cache

import pytest

from building import build_in, edit, make_project
from handover.build.earlier_notice import judge_notice
from handover.build.prepare import prepare
from handover.build.render import base_input, document_input, letter_binding, render_alone, sent_alone
from handover.build.request import ProjectRequest
from handover.bundle.binding import Kind, read_binding
from handover.bundle.verify import read_given, verify
from handover.documents.base import RenderInput
from handover.documents.cover import view as cover_view
from handover.documents.email import draft
from handover.documents.notice import lacks, view
from handover.model.contract import Contract, EndedBy
from handover.model.errors import BundleError, InvalidInput
from handover.model.rows import Decision, PendingStatus
from handover.seal.owner_signature import Hand, add_signature
from rezip import contents, resealed, zipped
from sample_letter import texts
from signing_samples import NOW, owner

NOTICE, COVER = "01-termination-letter.docx", "02-cover-letter.docx"
TODAY = dt.date(2026, 3, 2)


def project(folder, ended_by: str = "agency"):
    root = make_project(folder / "acme")
    edit(root, "handover.yaml", "ended_by: mutual", f"ended_by: {ended_by}")
    return root


def planned(root, today=TODAY):
    return prepare(ProjectRequest(root=root, today=today, judge_assets=False)).plan


def unsigned(root) -> bytes:
    return render_alone(Kind.NOTICE, planned(root)).content


def keep_signed(root, identity=None, made=Kind.NOTICE, written=TODAY) -> bytes:
    """The notice, or what was `made` in its place, signed by an owner and kept in the project."""
    plan = planned(root, written)
    hand = Hand(identity or owner())
    docx = render_alone(made, plan).content
    signed = add_signature(docx, hand, {hand.fingerprint: "Ada Marsh"}, signed_at=NOW, place="notice.docx").content
    (root / "signed").mkdir(exist_ok=True)
    (root / "signed" / "notice.docx").write_bytes(signed)
    return signed


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A project whose notice was signed, the bundle, and that notice."""
    root = project(tmp_path_factory.mktemp("notice"))
    signed = keep_signed(root)
    return root, build_in(root), signed


def test_the_notice_is_packed_as_it_was_signed_and_a_cover_letter_stands_beside_it(whole):
    _, made, signed = whole
    entries = contents(made.path.read_bytes())
    assert entries[NOTICE] == signed
    assert [name for name in entries if name.endswith(".docx")][:2] == [NOTICE, COVER]
    cover = " ".join(texts(entries[COVER])).replace("\xa0", " ")
    assert NOTICE in cover
    assert "comes the handover pack" in cover
    assert "30 November 2026" in cover
    contract = re.search(
        r"notice|decided|decision|reason|offer|recommend", cover.replace(NOTICE, "").partition("Enclosures")[0]
    )
    assert contract is None
    assert any(check.clause == "10.8" and "notice of 2026-08-31" in check.words for check in made.report.checks)
    assert COVER.encode() in entries["START-HERE.html"]


def test_the_final_email_says_of_each_letter_what_it_is(whole):
    root, made, _ = whole
    body = draft(planned(root).project, made.report, [made.path.name], today=TODAY).body
    (cover,) = [line for line in body.splitlines() if COVER in line]
    (notice,) = [line for line in body.splitlines() if NOTICE in line]
    assert "signed cover letter" in cover
    assert "as it was signed in its time" in notice


def test_without_an_earlier_notice_todays_letter_is_the_termination_letter(tmp_path):
    names = {entry.name for entry in planned(project(tmp_path)).contents}
    assert NOTICE in names
    assert COVER not in names


@pytest.mark.parametrize("swap", [pytest.param(COVER, id="the cover letter"), pytest.param(None, id="nothing signed")])
def test_what_isnt_the_notice_doesnt_pass_for_it(whole, swap, tmp_path):
    root, made, _ = whole
    entries = contents(made.path.read_bytes())
    entries[NOTICE] = entries[swap] if swap else unsigned(root)
    forged = tmp_path / "forged.zip"
    forged.write_bytes(zipped(resealed(entries), tmp_path))
    with forged.open("rb") as file, pytest.raises(BundleError):
        verify(read_given(file), now=NOW)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(lambda root: keep_signed(root, made=Kind.LETTER), "not as a notice", id="a letter in its place"),
        pytest.param(
            lambda root: (root / "signed" / "notice.docx").write_bytes(
                render_alone(Kind.NOTICE, planned(root)).content
            ),
            "still to be signed by Ada Marsh",
            id="nobody has signed it",
        ),
        pytest.param(
            lambda root: edit(root, "handover.yaml", "notice_date: 2026-08-31", "notice_date: 2026-08-30"),
            "is of 2026-08-31",
            id="the project says another day",
        ),
        pytest.param(
            lambda root: (root / "signed" / "notice.docx").write_bytes(b"PK"), "can't be packed", id="no document"
        ),
    ],
)
def test_a_notice_that_cant_be_packed_is_told_before_anything_is_made(tmp_path, spoil, said):
    root = project(tmp_path)
    keep_signed(root)
    spoil(root)
    with pytest.raises(InvalidInput) as caught:
        prepare(ProjectRequest(root=root, today=TODAY))
    assert any(said in finding.message for finding in caught.value.findings)


def test_another_last_day_than_the_notices_is_told(tmp_path):
    root = project(tmp_path)
    keep_signed(root)
    edit(root, "handover.yaml", "last_working_day: 2026-11-30", "last_working_day: 2026-12-04")
    (found,) = judge_notice(planned(root))
    assert "30 November 2026" in found.message
    assert found.severity == "warning"


@pytest.mark.parametrize(
    ("ended_by", "dated", "bears"),
    [
        pytest.param("client", "2026-10-19", "2026-11-29", id="the day of the acknowledgement"),
        pytest.param("client", "2026-10-12", "2026-11-29", id="a day before the acknowledgement"),
        pytest.param("agency", "2026-08-31", "2026-11-29", id="the day of notice"),
        pytest.param("client", "2026-11-23", "2026-11-23", id="a later day, soon before the bundle"),
        pytest.param("client", "2026-10-21", "2026-10-21", id="a later day, long before the bundle"),
        pytest.param("client", "2026-12-01", "2026-12-01", id="a day after the bundle"),
    ],
)
def test_a_cover_letter_isnt_of_the_notices_day(tmp_path, ended_by, dated, bears):
    root, today, day = project(tmp_path, ended_by), dt.date(2026, 11, 29), dt.date.fromisoformat(bears)
    edit(root, "handover.yaml", "date: 2026-09-01", f"date: {dated}")
    keep_signed(root, written=dt.date(2026, 10, 19))
    prepared = prepare(ProjectRequest(root=root, today=today))
    (cover,) = [one for one in prepared.plan.documents if one.deliverable.id == "cover"]
    shown = cover_view(document_input(cover, base_input(prepared.plan)))
    assert shown.date == cover.words.date(day)
    assert bool(shown.enclosures) == (day >= today)
    assert read_binding(letter_binding(prepared.plan), COVER).date == bears
    old = [found.message for found in prepared.warnings if found.rule == "letter.old"]
    assert len(old) == (dated == "2026-10-21")
    assert all("2026-10-21" in message and "2026-11-29" in message for message in old)


@cache
def base():
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        return planned(project(Path(folder)))


CASES = [
    ("agency", {"notice": {"count": 3, "unit": "month"}}, "asks for notice of three months, starting today", "30 Nov"),
    (
        "agency",
        {"notice": {"count": 2, "unit": "month", "from": "month-end"}},
        "counted from the end of this month",
        "31 Oct",
    ),
    ("agency", {"notice": {"count": 3, "unit": "month"}, "renews_on": "2026-12-15"}, "its term runs until", "14 Dec"),
    ("agency", {}, "leaves at least two weeks, as is customary", ""),
    ("client", {"notice": {"count": 2, "unit": "week"}}, "have taken note of it", "14 Sep"),
    ("client", {}, "have taken note of it", ""),
    ("expiry", {"renews_on": "2027-01-01"}, "the contract ends on 31 Dec", ""),
    ("mutual", {}, "this letter confirms it", ""),
    ("agency", {"notice": {"count": 6, "unit": "month"}, "notice_waived_by": "client"}, "You have waived it", ""),
]


@pytest.mark.parametrize(("ended_by", "agreed", "said", "until"), CASES)
def test_the_notice_says_what_was_agreed_and_until_when(ended_by, agreed, said, until):
    plan = base()
    settings = plan.project.settings
    contract = Contract.model_validate(settings.contract.model_dump(by_alias=True) | {"ended_by": ended_by} | agreed)
    changed = replace(plan, project=replace(plan.project, settings=settings.model_copy(update={"contract": contract})))
    answered = replace(changed, today=contract.notice_date or TODAY)
    lines = " ".join(texts(render_alone(Kind.NOTICE, answered).content)).replace("\xa0", " ")
    assert said in lines
    assert f"until {until}" in lines or not until
    assert "nclos" not in lines


def test_a_notice_needs_no_vault_yet(tmp_path):
    root = project(tmp_path)
    (root / "vault.xlsx").unlink()
    assert planned(root).documents
    with pytest.raises(InvalidInput) as caught:
        prepare(ProjectRequest(root=root, today=TODAY))
    assert [finding.location.file for finding in caught.value.findings if finding.severity == "error"] == ["vault.xlsx"]


def test_a_notice_of_a_day_after_the_end_isnt_written(tmp_path):
    root = project(tmp_path)
    given = planned(root).project
    assert not lacks(given, TODAY)
    contract = given.settings.contract.model_copy(update={"notice_date": None})
    late = given.settings.letter.model_copy(update={"date": dt.date(2027, 1, 2)})
    changed = given.settings.model_copy(update={"letter": late, "contract": contract})
    assert "after the contract's end" in lacks(replace(given, settings=changed), dt.date(2027, 1, 3))


DATES = [
    pytest.param("agency", "2026-08-31", "2026-08-28", "2026-08-31", id="our notice, written before its day"),
    pytest.param("agency", None, "2026-08-28", "2026-08-28", id="our notice, whose letter is dated ahead"),
    pytest.param("agency", None, "2026-09-15", "2026-09-10", id="our notice, whose letter gave it"),
    pytest.param("client", "2026-08-31", "2026-09-02", "2026-09-02", id="an acknowledgement, days after"),
    pytest.param("client", "2026-08-31", "2026-11-02", "2026-11-02", id="an acknowledgement, after the letter's date"),
    pytest.param("mutual", "2026-08-31", "2026-08-31", "2026-08-31", id="what both agreed, the same day"),
    pytest.param("expiry", None, "2026-09-02", "2026-09-02", id="a non-renewal, before the letter's date"),
]


@pytest.mark.parametrize(("ended_by", "noted", "written", "bears"), DATES)
def test_a_notice_bears_a_date_that_is_true_for_it(ended_by, noted, written, bears):
    plan = base()
    settings = plan.project.settings
    about = settings.contract.model_dump(by_alias=True) | {"ended_by": ended_by, "notice_date": noted}
    letter = settings.letter.model_copy(update={"date": dt.date(2026, 9, 10)})
    settings = settings.model_copy(update={"contract": Contract.model_validate(about), "letter": letter})
    project, day = replace(plan.project, settings=settings), dt.date.fromisoformat(written)
    assert not lacks(project, day)
    document, at = sent_alone(Kind.NOTICE, replace(plan, project=project, today=day))
    shown = view(RenderInput(at.project, document.words, day))
    assert shown.date == document.words.date(dt.date.fromisoformat(bears))


def test_an_acknowledgement_of_a_day_to_come_isnt_written():
    settings = base().project.settings
    contract = settings.contract.model_copy(update={"ended_by": EndedBy.CLIENT})
    ahead = replace(base().project, settings=settings.model_copy(update={"contract": contract}))
    assert "speaks of 2026-08-31" in lacks(ahead, dt.date(2026, 8, 30))


def test_a_project_that_outlasts_the_notice_is_why_one_stays():
    document, at = sent_alone(Kind.NOTICE, base())
    pending = at.project.pending[0].model_copy(
        update={"decision": Decision.FINISH, "status": PendingStatus.IN_PROGRESS, "due_date": dt.date(2026, 11, 20)}
    )
    given = RenderInput(replace(at.project, pending=(pending,)), document.words, TODAY)
    stop = view(given).stop
    assert stop is not None
    assert (stop.project, stop.later) == (pending.project, True)


def test_zip_names_are_in_reading_order(whole):
    with zipfile.ZipFile(whole[1].path) as opened:
        documents = [name for name in opened.namelist() if name[:2].isdigit()]
    assert sorted(documents)[:2] == [NOTICE, COVER]
