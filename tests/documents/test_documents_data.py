"""The data copies: exact, harmless in a spreadsheet, the same columns in every language."""

import csv
import io
import re
from decimal import Decimal

import pytest
from hypothesis import given as given_that
from hypothesis import strategies as st

from handover.documents.data import (
    ASSETS_COPY,
    METRICS_COPY,
    PENDING_COPY,
    RUNS,
)
from handover.model.artifact import Role, Seal
from handover.model.rows import Decision, MetricRow, PendingRow, PendingStatus
from sample_handover import given, project


def rows(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def test_metrics_keep_numbers_and_dates_and_defuse_text() -> None:
    assert rows(METRICS_COPY.render(given("data_metrics"))) == [
        {"date": "2026-01-01", "metric": "visitors", "value": "-1234.50", "source": "'=GA4 é", "exported_on": ""},
        {"date": "2026-02-01", "metric": "leads", "value": "7", "source": "", "exported_on": ""},
    ]


def test_lines_end_as_rfc_4180_says() -> None:
    data = METRICS_COPY.render(given("data_metrics"))
    assert data.count(b"\r\n") == data.count(b"\n") == 3


def test_pending_projects_have_canonical_columns_and_words_in_every_language() -> None:
    english, french = (PENDING_COPY.render(given("data_pending", language)) for language in ("en", "fr"))
    assert english == french
    first = rows(english)[0]
    assert list(first) == [
        "project", "description", "status", "percent_done", "next_action", "held_by", "next_owner", "due_date", "files",
        "blockers", "decision", "takeover",
    ]  # fmt: skip
    assert (first["status"], first["decision"], first["due_date"]) == ("in-progress", "hand-over", "2026-12-15")
    assert first["next_action"] == '\'-call, "now"'


def test_assets_have_their_digest_properties_and_notes() -> None:
    found = rows(ASSETS_COPY.render(given("data_assets")))
    assert found[4]["duration"] == "205.4"
    assert found[1] == {
        "path": "assets/logo/logo#1.png", "kind": "image", "width": "1200", "height": "800",
        "duration": "", "size": "2469134", "modified": "2026-05-04T12:30:00Z", "sha256": "1" * 64,
        "owner": "Le Goff", "licence": "", "transferable": "conditions", "rights": "", "expires_on": "",
        "note": "'=see\nthe contract",
    }  # fmt: skip


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝", "＋", "－", "＠", "'=", "''+"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(start: str) -> None:
    text = f"{start}cmd|' /C calc'!A0"
    row = PendingRow(project="p", description=text, status=PendingStatus.IDEA, decision=Decision.CANCEL)
    (found,) = rows(PENDING_COPY.render(given("data_pending", project=project(pending=(row,)))))
    assert found["description"] == f"'{text}"


@given_that(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]) | st.sampled_from("'=+-@"), min_size=1))
def test_taking_one_apostrophe_off_gives_the_original_back(text: str) -> None:
    if not text.strip():
        return
    row = MetricRow.model_construct(date=None, metric="m", value=Decimal(1), source=text, exported_on=None)
    (found,) = rows(METRICS_COPY.render(given("data_metrics", project=project(metrics=(row,)))))
    copy = found["source"]
    assert not re.match(r"[=+\-@\t\r]", copy)
    assert (copy[1:] if RUNS.match(copy) else copy) == text


def test_very_large_and_small_numbers_have_no_exponent() -> None:
    row = MetricRow.model_construct(date=None, metric="m", value=Decimal("1E+9"), source=None, exported_on=None)
    assert rows(METRICS_COPY.render(given("data_metrics", project=project(metrics=(row,)))))[0]["value"] == "1000000000"


def test_a_table_without_rows_is_its_header() -> None:
    data = PENDING_COPY.render(given("data_pending", project=project(pending=())))
    assert data.decode("utf-8-sig").startswith("project,description,")
    assert data.count(b"\n") == 1


def test_they_stand_in_the_data_folder_unsealed() -> None:
    for copy in (METRICS_COPY, PENDING_COPY, ASSETS_COPY):
        assert (copy.role, copy.seal, copy.numbered, copy.uses_vault) == (Role.DATA, Seal.NONE, False, False)
        for language in ("en", "fr"):
            name = given(copy.id, language).words.text("file_name")
            assert name == copy.id.replace("_", "/")
