"""From sources to a project: what is accepted, in which order findings come, and that nothing leaks or raises."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import ProjectCopy
from handover.model.contract import EndedBy, NoticeFrom
from handover.model.errors import Finding, Severity, SourceLocation
from handover.model.parties import Voice
from handover.model.project import Project
from handover.model.rows import AccountStatus, PendingStatus
from handover.model.sources import Sources, in_reading_order
from handover.project.check import validate
from handover.project.read import load_project
from handover.project.read.csv_table import read_csv
from handover.project.read.yaml_tree import read_yaml

SETTINGS = "handover.yaml"


def valid(project: ProjectCopy) -> Project:
    found, findings = validate(load_project(project.root))
    assert [f for f in findings if f.severity is Severity.ERROR] == []
    assert found is not None
    return found


def test_a_valid_project_has_typed_values(project: ProjectCopy) -> None:
    found = valid(project)

    assert found.settings.contract.ended_by is EndedBy.MUTUAL
    assert list(found.settings.metrics) == ["visitors", "newsletter_readers"]
    assert [row.value for row in found.metrics][:2] == [Decimal(8214), Decimal(8730)]
    assert found.invoices[0].amount == Decimal("1240.50")
    assert found.assets_root == project.root / "assets"
    assert found.images.keys() == {"brand/signature.png"}
    assert "data/metrics.csv" in found.digests


def test_headers_alone_mean_none(project: ProjectCopy) -> None:
    for name in ("pending", "accounts", "invoices"):
        path = project.root / f"data/{name}.csv"
        project.write(f"data/{name}.csv", path.read_text().splitlines()[0] + "\n")

    found = valid(project)

    assert (found.pending, found.accounts, found.invoices) == ((), (), ())


def test_a_french_excel_writes_it_its_own_way(project: ProjectCopy) -> None:
    project.write(
        "data/invoices.csv",
        "\ufeffNuméro;Libellé;Émise le;Échéance;Montant;Devise\r\n"
        "F-1;Octobre, novembre;2026-10-31;2026-11-30;1\u202f240,50;EUR\r\n"
        "F-2;;2026-11-30;2026-12-31;980;\r\n;;;;;\r\n",
    )
    project.write("data/pending.csv", "projet;statut;décision;avancement\r\nA;En cours;Terminer;60 %\r\n")
    project.write("data/accounts.csv", "service;propriétaire actuel;statut\r\nA;B;à transférer\r\n")

    found = valid(project)

    assert [row.amount for row in found.invoices] == [Decimal("1240.50"), Decimal(980)]
    assert (found.pending[0].status, found.pending[0].percent_done) == (PendingStatus.IN_PROGRESS, 60)
    assert found.accounts[0].status is AccountStatus.TO_TRANSFER


def test_french_words_are_accepted_in_settings(project: ProjectCopy) -> None:
    project.replace(SETTINGS, "ended_by: mutual", "ended_by: commun accord")
    project.replace(SETTINGS, "  name: Northlight Studio", "  name: Northlight Studio\n  voice: Je")

    project.replace(SETTINGS, "contract:\n", "contract:\n  notice: {count: 2, unit: mois, from: fin de mois}\n")

    found = valid(project)

    assert (found.settings.contract.ended_by, found.settings.agency.voice) == (EndedBy.MUTUAL, Voice.I)
    assert found.settings.contract.notice.runs_from is NoticeFrom.MONTH_END


def test_text_is_kept_as_it_was_typed(project: ProjectCopy) -> None:
    project.write("data/pending.csv", 'project,status,decision,takeover\n" {_{ x ",idea,cancel,"=1+1\n  two  ;  "\n')

    found = valid(project)

    assert (found.pending[0].project, found.pending[0].takeover) == (" {_{ x ", "=1+1\n  two  ;  ")


def test_phone_numbers_and_words_that_look_like_other_types_stay_text(project: ProjectCopy) -> None:
    project.replace(SETTINGS, "  - name: Ada Marsh", "  - name: no\n    phone: 0299123456")

    owner = valid(project).settings.owner

    assert (owner.name, owner.phone) == ("no", "0299123456")


def test_a_metric_without_values_is_a_warning(project: ProjectCopy) -> None:
    project.replace(SETTINGS, "  visitors:\n  news", "  visitors:\n  leads:\n  news")

    assert project.said() == [
        "warning handover.yaml:46:3 metric.no-values: the metric leads has no values in data/metrics"
    ]


def test_people_by_month_and_people_by_day_are_a_warning(project: ProjectCopy) -> None:
    with (project.root / "data" / "metrics.csv").open("a", encoding="utf-8") as file:
        file.write("2026-03-01,visitors,310,\n2026-03-02,visitors,300,\n")

    assert project.said() == [
        "warning data/metrics.csv:8:1 metric.steps: visitors has values by month before 2026-03 and by day from then on"
    ]


def by_week(metric: str, count: int, *, first: str = "2025-03-03", left_out: tuple[int, ...] = ()) -> str:
    days = (dt.date.fromisoformat(first) + dt.timedelta(days=7 * week) for week in range(count) if week not in left_out)
    return "".join(f"{day},{metric},310,\n" for day in days)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(by_week("leads", 20), id="a count"),
        pytest.param(by_week("leads", 20, left_out=(4, 11)), id="some weeks lack"),
        pytest.param(by_week("organic_visitors", 4), id="people, for a month"),
    ],
)
def test_values_by_week_are_a_warning(project: ProjectCopy, rows: str) -> None:
    project.append("data/metrics.csv", rows)

    metric = rows.split(",")[1]
    (said,) = project.said()
    assert said.startswith(f"warning data/metrics.csv:8:1 metric.weekly: {metric} has a value every 7 days")


@pytest.mark.parametrize(("step", "warned"), [(3, True), (6, True), (12, True), (2, False), (1, False)])
@pytest.mark.parametrize(("metric", "counts"), [("leads", True), ("organic_visitors", True), ("page_load_time", False)])
def test_values_by_quarter_or_year_are_a_warning(
    project: ProjectCopy, step: int, warned: bool, metric: str, counts: bool
) -> None:
    months = [(2022 + at * step // 12, at * step % 12 + 1) for at in range(4)]
    project.append("data/metrics.csv", "".join(f"{year}-{month:02d},{metric},30,\n" for year, month in months))

    said = [line for line in project.said() if "metric.weekly" in line]
    told = f"warning data/metrics.csv:8:1 metric.weekly: {metric} has a value every {step} months"
    assert (len(said) == 1 and said[0].startswith(told)) if warned and counts else said == []


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(by_week("leads", 3), id="too few to tell"),
        pytest.param("2025-02,leads,3,\n2025-03,leads,3,\n", id="a February of four weeks"),
        pytest.param(by_week("followers", 20), id="what stands at one moment"),
        pytest.param(by_week("page_load_time", 20), id="what is measured now and then"),
        pytest.param(by_week("leads", 20) + "2025-03-04,leads,3,\n", id="a day in between"),
        pytest.param(by_week("leads", 20, left_out=tuple(range(1, 20, 2))), id="every other week"),
    ],
)
def test_values_that_arent_by_week_are_none(project: ProjectCopy, rows: str) -> None:
    project.append("data/metrics.csv", rows)

    assert [line for line in project.said() if "metric.weekly" in line] == []


@pytest.mark.parametrize("day", ["0026-02", "2062-02", "1999-12-31"])
def test_a_value_from_another_age_is_a_warning(project: ProjectCopy, day: str) -> None:
    with (project.root / "data" / "metrics.csv").open("a", encoding="utf-8") as file:
        file.write(f"{day},newsletter_readers,310,\n")

    said = project.said()

    assert [line for line in said if "metric.far-date" in line] == [
        f"warning data/metrics.csv:8:1 metric.far-date: {day[:7]} is far from the periods compared"
    ]


def test_a_draft_needs_no_vault(project: ProjectCopy) -> None:
    project.remove("vault.xlsx")

    assert project.findings(draft=True) == []


def test_a_vault_in_clear_is_a_warning_for_a_draft_which_opens_none(project: ProjectCopy) -> None:
    project.write("vault.xlsx", b"PK\x03\x04 passwords")

    assert project.said(draft=True) == [
        "warning vault.xlsx vault.in-clear: vault.xlsx isn't encrypted: whoever has the file can read its passwords"
    ]


@pytest.mark.parametrize("keep", [0, 8, 600, 3000])
def test_a_vault_that_is_cut_is_an_error(project: ProjectCopy, keep: int) -> None:
    project.write("vault.xlsx", (project.root / "vault.xlsx").read_bytes()[:keep])

    (found,) = project.findings()
    assert (str(found.location), found.rule) == ("vault.xlsx", "vault.not-encrypted-workbook")
    assert found.message.startswith("vault.xlsx ")
    assert found.hint


def test_a_vault_saved_in_an_older_kind_of_encryption_is_an_error(project: ProjectCopy) -> None:
    path = project.root / "vault.xlsx"
    path.write_bytes(path.read_bytes().replace(b'hashAlgorithm="SHA512"', b'hashAlgorithm="SHA256"'))

    (found,) = project.findings()
    assert "only AES-256 with SHA-512" in found.message
    assert "LibreOffice may write an older kind" in found.hint


def test_rules_between_keys_hold_even_when_other_keys_are_wrong(project: ProjectCopy) -> None:
    project.replace(SETTINGS, "  subject: the care of your web shop\n", "")
    project.replace(SETTINGS, "start_date: 2023-04-03", "start_date: 2026-12-03")

    assert {f.rule for f in project.findings()} == {"settings.missing-key", "date.order"}


def test_findings_come_in_reading_order(project: ProjectCopy) -> None:
    project.replace(SETTINGS, "place: Whitby", "place:").replace(SETTINGS, "language: en", "language: xx")
    for name in ("accounts", "invoices", "metrics", "pending", "assets"):
        project.append(f"data/{name}.csv", ",".join("x" * 20) + "\n")
    project.remove("vault.xlsx").write("brand/signature.png", "x")
    (project.root / "assets/link").symlink_to("x")

    assert [str(f.location) for f in project.findings()] == [
        "handover.yaml:1:11",
        "handover.yaml:30:3",
        "data/metrics.csv:8:1",
        "data/pending.csv:4:1",
        "data/assets.csv:3:1",
        "data/accounts.csv:3:1",
        "data/invoices.csv:3:1",
        "brand/signature.png",
        "assets/link",
        "vault.xlsx",
    ]


def test_reading_order_is_by_line_then_column() -> None:
    places = [
        SourceLocation("data/x.csv", 10, 1),
        SourceLocation("data/x.csv", 9, 20),
        SourceLocation("data/x.csv", 9, 3),
    ]

    ordered = in_reading_order(Finding(place, "r", "m") for place in places)

    assert [f.location for f in ordered] == places[::-1]


def test_three_hundred_wrong_rows_are_all_told_in_order(project: ProjectCopy) -> None:
    rows = "".join(f"Project {i},nonsense,finish,{i + 200},31/11/2026\n" for i in range(300))
    project.write("data/pending.csv", "project,status,decision,percent_done,due_date\n" + rows)

    found = project.findings()

    assert [(f.location.line, f.rule) for f in found] == [
        (line, rule) for line in range(2, 302) for rule in ("value.word", "number.range", "date.format")
    ]


@pytest.mark.parametrize("key", ["password", "mot_de_passe", "apiKey", "totp"])
def test_a_secret_in_the_settings_is_refused_and_never_shown(project: ProjectCopy, key: str) -> None:
    project.replace(SETTINGS, "  - name: Ada Marsh", f"  - name: Ada Marsh\n    {key}: hunter2")

    found = project.findings()

    assert [f.rule for f in found] == ["secret.key"]
    assert "hunter2" not in repr(found)


def test_what_a_terminal_would_obey_is_never_quoted_raw(project: ProjectCopy) -> None:
    project.write("data/invoices.csv", "number,issued_on,due_date,amount,\x1b[31mred\nA,2026-10-31,\u202e2026,5,x\n")
    project.replace(SETTINGS, "  - name: Ada Marsh", "  - name: Ada Marsh\n    \u202eeman: x")
    project.replace(SETTINGS, "ended_by: mutual", 'ended_by: "\\e[31mmutual"')

    found = project.findings()

    assert {f.rule for f in found} == {"text.control-character", "settings.unknown-key", "date.format"}
    assert all((f.message + f.hint).isprintable() for f in found)


def test_an_unknown_key_without_a_value_is_told_too(project: ProjectCopy) -> None:
    project.replace(SETTINGS, "  - name: Ada Marsh", "  - name: Ada Marsh\n    phnoe:")

    assert [(f.rule, f.hint) for f in project.findings()] == [("settings.unknown-key", "did you mean `phone`?")]


def test_a_path_without_folders_is_a_place_and_not_checked(project: ProjectCopy) -> None:
    project.replace("data/pending.csv", "Photos/loaf.txt", "https://drive.example/loaf")

    assert project.findings() == []


def test_accents_in_paths_are_compared_composed(project: ProjectCopy) -> None:
    project.write("assets/Été/été.txt", "x").replace(
        "data/pending.csv", "Photos/loaf.txt", "assets/E\u0301te\u0301/été.txt"
    )

    assert project.findings() == []


def judged(tree_bytes: bytes, tables: dict[str, bytes]) -> tuple[Project | None, list[Finding]]:
    """Settings and tables from bytes alone, as a project without files."""
    tree, findings = read_yaml(tree_bytes, SETTINGS)
    read = {name: read_csv(content, f"data/{name}.csv", name) for name, content in tables.items()}
    found = [*findings, *(f for _, more in read.values() for f in more)]
    kept = {name: table for name, (table, _) in read.items() if table is not None}
    return validate(Sources(Path(), tree, kept, languages=frozenset({"en"}), findings=tuple(found)), draft=True)


_HEADERS = {
    "metrics": b"date,metric,value\n",
    "pending": b"project,status,decision,percent_done,due_date,files\n",
    "invoices": b"number;issued_on;due_date;amount;client\n",
}
_LINE = st.text(alphabet="ab,;\"'0123456789-./% \u00a0é\ufffd=\n", max_size=60).map(str.encode)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(_HEADERS)), st.lists(st.one_of(_LINE, st.binary(max_size=40)), max_size=4))
def test_any_rows_give_findings_and_never_an_exception(name: str, rows: list[bytes]) -> None:
    found, findings = judged(b"language: en\n", {name: _HEADERS[name] + b"\n".join(rows)})

    assert found is None
    assert findings


_KEY = st.sampled_from(
    ["language", "agency", "owner", "client", "contract", "letter", "periods", "metrics", "report", "name", "date", "x",
     "start", "address", "deliveries", "headline", "weight", "annotations", "survey", "visitors", "score", "password"]
)  # fmt: skip
_SCALAR = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.dates().map(str), st.text(max_size=12))
_TREE = st.recursive(
    _SCALAR, lambda t: st.one_of(st.lists(t, max_size=3), st.dictionaries(_KEY, t, max_size=4)), max_leaves=12
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(_KEY, _TREE, max_size=6))
def test_any_tree_of_known_keys_gives_findings_and_never_an_exception(tree: dict[str, object]) -> None:
    found, findings = judged(json.dumps(tree).encode(), {})

    assert found is None
    assert findings
    assert not [f for f in findings if "Input should" in f.message or f.rule == "value"]


@pytest.mark.parametrize(
    ("periods", "figures", "told"),
    [
        pytest.param("", False, [], id="neither periods nor figures"),
        pytest.param("periods:\n  baseline:\n    start:\n    end:\n  current:\n", False, [], id="keys without a value"),
        pytest.param("", True, ["`periods` is missing"], id="figures"),
        pytest.param("periods:\n  baseline:\n    start:\n    end:\n", True, ["`periods` is missing"], id="both"),
        pytest.param("periods:\n  baseline: {start: 2025-01-01}\n", True, [
            "`periods.current` is missing", "`periods.baseline.end` is missing"], id="a part of them"),
    ],
)  # fmt: skip
def test_what_is_compared_is_asked_only_where_there_are_figures(project, periods, figures, told):
    text = (project.root / "handover.yaml").read_text()
    before, _, rest = text.partition("periods:\n")
    _, _, after = rest.partition("report:\n")
    keys = "metrics:\n  visitors:\nreport:\n  headline: [visitors]\n" if figures else "report:\n"
    after = after.removeprefix("  headline: [visitors, newsletter_readers]\n")
    project.write("handover.yaml", f"{before}{periods}{keys}{after}")
    project.write("data/metrics.csv", "date,metric,value\n" + "2025-01,visitors,1\n" * figures)
    assert [line.partition("missing-key: ")[2] for line in project.said() if "missing-key" in line] == told


def test_periods_that_compare_badly_are_warned_of(project):
    project.replace("handover.yaml", "    end: 2026-02-28", "    end: 2026-03-31")
    said = [line for line in project.said() if "periods." in line]
    assert any("periods.unequal-length: the periods differ in length: 59 and 90 days" in line for line in said)
    assert all(line.startswith("warning handover.yaml:") for line in said)
