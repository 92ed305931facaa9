"""The two example projects: complete, real, and consistent with themselves."""

import csv
import io
import re
import wave
import zipfile
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from export_samples import imported as import_csv
from handover.documents.base import ClientInput
from handover.documents.transfers import services
from handover.languages.words import Words
from handover.life.dossier import read_dossier
from handover.model.contract import Notice, NoticeUnit
from handover.model.life import Event
from handover.model.project import Project, Vault
from handover.model.reporting import Combine
from handover.model.rows import Decision, Frequency
from handover.model.secret import Secret
from handover.project.check import validate
from handover.project.read import load_project
from handover.project.vault.workbook import read_vault
from making.sameness import same

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
FRENCH, ENGLISH = "cidrerie-trehorel", "wrenfield-nurseries"
NAMES = (FRENCH, ENGLISH)
HANDED_OVER = date(2026, 11, 23)


@pytest.fixture(scope="module")
def projects() -> dict[str, Project]:
    found = {}
    for name in NAMES:
        project, findings = validate(load_project(EXAMPLES / name), today=HANDED_OVER)
        # Keys are made by whoever tries an example: pinning them is part of the tour.
        assert [finding.rule for finding in findings] == ["owner.no-pin"]
        assert project is not None
        found[name] = project
    return found


@pytest.fixture(scope="module")
def vaults() -> dict[str, Vault]:
    found = {}
    for name in NAMES:
        passphrase = Secret((EXAMPLES / f"{name}.vault-passphrase").read_text(encoding="utf-8").strip())
        found[name], findings = read_vault((EXAMPLES / name / "vault.xlsx").read_bytes(), passphrase)
        assert findings == ()
    return found


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def project(projects: dict[str, Project], name: str) -> Project:
    return projects[name]


@pytest.fixture
def vault(vaults: dict[str, Vault], name: str) -> Vault:
    return vaults[name]


def monthly(project: Project, metric: str) -> dict[date, Decimal]:
    return {row.date: row.value for row in project.metrics if row.metric == metric}


def in_period(values: dict[date, Decimal], period) -> list[Decimal]:
    return [value for day, value in values.items() if period.start <= day <= period.end]


def test_the_projects_hold_what_was_asked_for(project: Project, vault: Vault) -> None:
    assert len({row.metric for row in project.metrics}) == 8
    assert len(project.pending) == 12
    assert len(vault.credentials) == 18
    assert len(project.accounts) == 12
    assert len(project.assets) == 40
    assert len(project.invoices) == 3


def test_each_project_weighs_two_to_three_megabytes(name: str) -> None:
    size = sum(
        path.stat().st_size for path in (EXAMPLES / name).rglob("*") if path.is_file() and "out" not in path.parts
    )
    assert 2e6 < size < 3e6


# Figures


def test_months_run_without_a_hole_and_for_more_than_two_years(project: Project) -> None:
    ordinals = sorted({row.date.year * 12 + row.date.month for row in project.metrics})
    assert ordinals == list(range(ordinals[0], ordinals[-1] + 1))
    assert len(ordinals) >= 36


def test_each_of_eight_metrics_has_two_years_of_monthly_values(project: Project) -> None:
    measured = {metric: len(monthly(project, metric)) for metric in project.settings.metrics}
    assert len(measured) == 8
    assert min(measured.values()) >= 24, measured


def test_both_periods_are_the_same_twelve_months_of_different_years(project: Project) -> None:
    baseline, current = project.settings.periods.baseline, project.settings.periods.current
    for metric in ("sessions", "visitors"):
        if values := monthly(project, metric):
            assert len(in_period(values, baseline)) == len(in_period(values, current)) == 12
    assert (baseline.start.month, baseline.start.day) == (current.start.month, current.start.day)
    assert (baseline.end.month, baseline.end.day) == (current.end.month, current.end.day)
    assert baseline.end < current.start


def test_one_metric_fell_one_was_not_measured_at_baseline_and_one_has_a_gap(project: Project) -> None:
    periods = project.settings.periods
    months = {row.date for row in project.metrics}
    fell, unmeasured, gaps = [], [], []
    for metric, definition in project.settings.metrics.items():
        values = monthly(project, metric)
        before, now = in_period(values, periods.baseline), in_period(values, periods.current)
        if not before:
            unmeasured.append(metric)
        elif definition.good == "up" and sum(now) / len(now) < sum(before) / len(before):
            fell.append(metric)
        if len(values) < sum(day >= min(values) for day in months):
            gaps.append(metric)
    assert (len(fell), len(unmeasured), len(gaps)) == (1, 1, 1)
    assert fell[0] in project.settings.report.headline


def total(project: Project, metric: str) -> tuple[Decimal, Decimal]:
    periods = project.settings.periods
    values = monthly(project, metric)
    return sum(in_period(values, periods.baseline), Decimal(0)), sum(in_period(values, periods.current), Decimal(0))


@pytest.mark.parametrize(
    ("name", "sentence", "metric", "pattern"),
    [
        pytest.param(FRENCH, 0, "revenue", r"de {before} € à {now} €", id="the French letter quotes the year's sales"),
        pytest.param(
            ENGLISH, 0, "revenue", r"from £{before} to £{now}", id="the English letter quotes the year's sales"
        ),
    ],
)
def test_sums_quoted_in_the_letters_are_those_of_the_metrics(
    projects: dict[str, Project], name: str, sentence: int, metric: str, pattern: str
) -> None:
    group = "\u202f" if name == FRENCH else ","
    before, now = (f"{value:,.0f}".replace(",", group) for value in total(projects[name], metric))
    quoted = projects[name].settings.letter.highlights[sentence].replace("\u00a0", " ")
    assert re.search(pattern.format(before=before, now=now), quoted), quoted


def mean(project: Project, metric: str) -> tuple[Decimal, Decimal]:
    periods = project.settings.periods
    values = monthly(project, metric)
    before, now = in_period(values, periods.baseline), in_period(values, periods.current)
    return sum(before) / len(before), sum(now) / len(now)


def test_what_the_french_letter_claims_is_true(projects: dict[str, Project]) -> None:
    project = projects[FRENCH]
    said = project.settings.letter.highlights[1]
    assert "Google ont plus que triplé" in said
    before, now = total(project, "clicks")
    assert now > 3 * before
    assert "de 18,0 à 8,8" in said
    assert [round(value, 1) for value in mean(project, "average_position")] == [Decimal("18.0"), Decimal("8.8")]
    assert total(project, "revenue")[1] > Decimal(project.settings.metrics["revenue"].target or 0)
    assert total(project, "leads")[1] > Decimal(project.settings.metrics["leads"].target or 0)


def test_what_the_english_letter_claims_is_true(projects: dict[str, Project]) -> None:
    project = projects[ENGLISH]
    said = project.settings.letter.highlights
    assert said[1] == "Pages load in under two seconds, less than half the time they took two years ago."
    before, now = mean(project, "page_load_time")
    assert now < 2
    assert now < before / 2
    places, periods = monthly(project, "bookings"), project.settings.periods
    now_sold = in_period(places, periods.current)
    same_months = [value for day, value in places.items() if day.month != 1]
    assert len(now_sold) == 11
    assert f"{sum(now_sold)} workshop places in eleven recorded months" in said[2]
    assert f"against {sum(same_months[:11])} in the same months two years before" in said[2]


def test_monthly_reports_print_the_figures_of_the_metrics(project: Project, name: str) -> None:
    folder, group = ("Rapports mensuels/2026", "") if name == FRENCH else ("Monthly reports/2026", ",")
    reports = sorted((EXAMPLES / name / "assets" / folder).glob("*.pdf"))
    assert len(reports) >= 6
    for report in reports:
        month = date.fromisoformat(f"{report.name[:7]}-01")
        text = "".join(page.extract_text() for page in pypdf.PdfReader(report).pages)
        printed = f"{monthly(project, 'revenue')[month]:,.0f}".replace(",", group)
        assert printed in (text.replace(" ", "") if name == FRENCH else text)


def test_every_metric_says_how_it_combines_and_where_it_comes_from(project: Project) -> None:
    for metric in project.settings.metrics.values():
        assert metric.source
        assert metric.label
        assert metric.combine in set(Combine)


# Dates and sums


def test_exactly_one_invoice_is_overdue_at_the_letters_date(project: Project) -> None:
    signed = project.settings.letter.date
    assert all(row.issued_on <= signed and row.paid_on is None for row in project.invoices)
    assert sum(row.due_date < signed for row in project.invoices) == 1


def test_what_the_letter_promises_is_what_is_still_to_finish(project: Project) -> None:
    letter, contract = project.settings.letter, project.settings.contract
    promised = sorted(item.due_date for item in letter.deliveries)
    finishing = sorted(row.due_date for row in project.pending if row.decision is Decision.FINISH and row.due_date)
    assert promised == finishing
    assert all(letter.date < day <= contract.last_working_day for day in promised)


def test_the_transition_teaches_no_trap(project: Project, name: str) -> None:
    words = Words.load(project.settings.language, project.locale, "guide")
    accounts = services(ClientInput(project, words, HANDED_OVER))
    assert accounts
    assert not [one.name for one in accounts if one.late]
    assert {row.service for row in project.milestones if row.service} <= {row.service for row in project.accounts}

    def day(found: str) -> date:
        return next(row.on for row in project.milestones if re.search(found, row.milestone))

    assert (day("primary owner|propriétaire principale") - day("accepted: the|acceptée, les")).days >= 7
    assert day("^Transfer code|^Code de transfert") < day("registrant is changed|^Titulaire du domaine changé")
    assert max(row.on for row in project.milestones) <= project.settings.contract.last_working_day
    assert len({row.frequency for row in project.routines}) == len(Frequency)


def test_the_call_and_the_notice_are_of_one_day_early_in_the_week(name: str, project: Project) -> None:
    journal = read_dossier(EXAMPLES / name, HANDED_OVER)
    called, given = journal.happened(Event.CALLED), journal.happened(Event.NOTICE_GIVEN)
    assert called == given == project.settings.contract.notice_date
    assert called is not None
    assert called.weekday() < 2
    assert journal.internal.call is not None
    assert journal.internal.call.planned_on == called


def test_notice_is_as_long_as_the_contract_asks(projects: dict[str, Project]) -> None:
    french, english = projects[FRENCH].settings, projects[ENGLISH].settings
    assert french.contract.notice == Notice(count=3, unit=NoticeUnit.MONTH)
    assert french.contract.notice_date == date(2026, 8, 31)
    assert french.contract.last_working_day >= date(2026, 11, 28)
    assert english.contract.notice == Notice(count=4, unit=NoticeUnit.WEEK)
    assert english.contract.end_date is not None
    assert english.contract.notice_date == date(2026, 9, 7)
    assert (english.contract.end_date - english.contract.notice_date).days >= 28


def test_campaigns_quotes_and_scores_fall_within_the_relationship(project: Project) -> None:
    contract, report = project.settings.contract, project.settings.report
    days = [campaign.start for campaign in report.campaigns]
    days += [campaign.end for campaign in report.campaigns if campaign.end]
    days += [quote.date for quote in report.quotes if quote.date]
    days += [score.date for score in report.survey if score.date]
    assert len(days) >= 10
    assert all(contract.start_date <= day <= contract.last_working_day for day in days)
    assert all(0 < score.score <= score.out_of for score in report.survey)


def test_pending_projects_are_in_many_states_and_meet_every_fate(project: Project) -> None:
    assert len({row.status for row in project.pending}) >= 6
    assert {row.decision for row in project.pending} == set(Decision)
    assert any(row.takeover for row in project.pending)
    assert any(row.due_date is None for row in project.pending)


def test_accounts_all_have_an_owner_and_most_a_next_one(project: Project) -> None:
    assert len({row.status for row in project.accounts}) >= 5
    assert sum(row.new_owner is not None for row in project.accounts) >= 9
    assert len({row.service for row in project.accounts}) == 12


# Credentials


@pytest.mark.parametrize("first", ["=", "+", "-", "@", " "])
def test_some_password_begins_with(vault: Vault, first: str) -> None:
    assert any(row.password and row.password.reveal().startswith(first) for row in vault.credentials)


@pytest.mark.parametrize("character", ["&", "<", ">", '"', "'", ";", "\\", "_x00"])
def test_some_password_contains(vault: Vault, character: str) -> None:
    assert any(row.password and character in row.password.reveal() for row in vault.credentials)


def test_credentials_have_everything_that_can_go_wrong(vault: Vault) -> None:
    rows = vault.credentials
    passwords = [row.password.reveal() for row in rows if row.password]
    assert any(not text.isascii() for text in passwords)
    assert any(text.endswith(" ") for text in passwords)
    assert any(text.isdigit() and text.startswith("0") for text in passwords)
    assert sum(bool(row.totp_secret) for row in rows) >= 3
    assert sum("\n" in row.recovery_codes.reveal() for row in rows if row.recovery_codes) >= 3
    assert sum("\n" in row.note.reveal() for row in rows if row.note) >= 3


def test_the_vault_holds_the_source_byte_for_byte(vault: Vault, name: str) -> None:
    source = EXAMPLES / "making" / "credentials" / f"{name}.csv"
    rows, findings, _ = import_csv(source.read_bytes(), source.name)
    assert findings == ()
    assert vault.credentials == rows


def test_no_password_stands_in_clear_in_a_project(vault: Vault, name: str) -> None:
    secrets = {row.password.reveal().encode() for row in vault.credentials if row.password}
    files = [path for path in (EXAMPLES / name).rglob("*") if path.is_file() and "out" not in path.parts]
    assert len(secrets) == 18
    for path in files:
        content = path.read_bytes()
        assert not [secret for secret in secrets if len(secret) >= 8 and secret in content], path


def test_internal_notes_carry_a_sentence_that_stands_nowhere_else(name: str) -> None:
    marker = "le héron gris" if name == FRENCH else "the grey heron"
    files = [path for path in (EXAMPLES / name).rglob("*") if path.is_file() and "out" not in path.parts]
    holding = [path for path in files if marker.encode() in path.read_bytes()]
    assert {path.relative_to(EXAMPLES / name).as_posix() for path in holding} == {
        "internal/reasons.md",
        "internal/call-script.md",
    }


# Assets


def test_assets_are_of_many_real_types(project: Project) -> None:
    kinds = Counter(source.path.rsplit(".", 1)[-1].lower() for source in project.assets)
    wanted = {
        "svg",
        "png",
        "jpg",
        "ico",
        "webp",
        "gif",
        "otf",
        "txt",
        "pdf",
        "docx",
        "xlsx",
        "csv",
        "zip",
        "wav",
        "mp4",
    }
    assert set(kinds) == wanted
    assert kinds["pdf"] >= 9
    assert kinds["jpg"] >= 9


def opened(path: Path) -> object:
    """Read the file as what its name says it is."""
    kind = path.suffix.lower()
    if kind in {".png", ".jpg", ".ico", ".webp", ".gif"}:
        with Image.open(path) as image:
            image.load()
            return image.size
    if kind == ".pdf":
        return len(pypdf.PdfReader(path, strict=True).pages)
    if kind == ".docx":
        return docx.Document(str(path)).paragraphs[0].text
    if kind == ".xlsx":
        return openpyxl.load_workbook(path).sheetnames
    if kind == ".zip":
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None and "index.html" in archive.namelist()
    if kind == ".otf":
        return TTFont(path)["name"].getDebugName(1)
    if kind == ".wav":
        with wave.open(str(path)) as sound:
            return sound.getnframes()
    if kind == ".csv":
        return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), strict=True))[1:]
    if kind == ".mp4":
        return path.read_bytes()[4:12] == b"ftypisom"
    return path.read_text(encoding="utf-8")


def test_every_asset_opens_as_what_it_is(project: Project) -> None:
    for source in project.assets:
        assert opened(project.assets_root / source.path), source.path


def test_some_names_have_accents_spaces_and_folders_in_folders(project: Project) -> None:
    paths = [source.path for source in project.assets]
    assert any(not path.isascii() for path in paths)
    assert sum(" " in path for path in paths) >= 5
    assert any(path.count("/") >= 2 for path in paths)


def test_fonts_travel_with_their_licence(project: Project) -> None:
    fonts = [Path(source.path) for source in project.assets if source.path.endswith(".otf")]
    assert len(fonts) == 2
    for font in fonts:
        licence = next((project.assets_root / font.parent).glob("*OFL*.txt")).read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence
        assert font.stem.split("-")[0] in licence


# Fiction and typography


def texts(name: str) -> dict[str, str]:
    found = {}
    for path in [*(EXAMPLES / name).rglob("*"), EXAMPLES / "making" / "credentials" / f"{name}.csv"]:
        if path.suffix in {".yaml", ".csv", ".md", ".txt"} and "OFL" not in path.name and "out" not in path.parts:
            found[path.name] = path.read_text(encoding="utf-8-sig")
    return found


def test_addresses_are_in_the_domain_reserved_for_examples(name: str) -> None:
    addresses = {found for text in texts(name).values() for found in re.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", text)}
    assert len(addresses) >= 4
    assert not [address for address in addresses if not address.endswith(".example")]


FICTIONAL_NUMBERS = {
    # Ranges that the regulators keep for films and examples: Arcep decision 2018-0881 and Ofcom's drama numbers.
    FRENCH: (r"\b0[1-79](?: \d\d){4}\b", r"^(01 99 00|02 61 91|03 53 01|04 65 71|05 36 49|06 39 98)"),
    ENGLISH: (r"\b0\d{3,4} \d{3} \d{3,4}\b", r"^(0117 496 0|01632 960|07700 900)"),
}


def test_telephone_numbers_belong_to_nobody(name: str) -> None:
    shape, reserved = FICTIONAL_NUMBERS[name]
    numbers = {found for text in texts(name).values() for found in re.findall(shape, text)}
    assert len(numbers) >= 4
    assert not [number for number in numbers if not re.match(reserved, number)]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(r"[^\u202f\s][;!?](?=\s|$)|[ \u00a0][;!?]", id="a plain space, or none, before ; ! ?"),
        pytest.param(r"«(?!\u202f)|(?<!\u202f)»", id="guillemets without their narrow spaces"),
        pytest.param(r"(?<=[a-zéèê]) :", id="a breaking space before a colon"),
        pytest.param(r"\d [€%]", id="a breaking space before a unit"),
        pytest.param(r"(?<=[a-z])'(?=[a-zéêè])", id="a typewriter apostrophe"),
        pytest.param(r"\b1 er\b|\b1 (?=janvier|février|mars|avril|mai|juin)", id="a first of the month without its er"),
    ],
)
def test_french_texts_are_set_as_the_printers_do(wrong: str) -> None:
    root = EXAMPLES / FRENCH
    settings = "\n".join(
        line.partition(" #")[0] for line in (root / "handover.yaml").read_text(encoding="utf-8").splitlines()[1:]
    )
    rows = [settings, *(path.read_text(encoding="utf-8") for path in sorted((root / "internal").glob("*.md")))]
    for table in ("pending", "accounts", "invoices", "assets", "milestones", "routines", "training"):
        content = (root / "data" / f"{table}.csv").read_text(encoding="utf-8")
        rows += [cell for row in csv.reader(io.StringIO(content, newline=""), delimiter=";") for cell in row]
    assert not [match[0] for text in rows for match in re.finditer(wrong, text)]


# The check itself


def test_files_packed_by_another_compressor_count_as_the_same(name: str) -> None:
    logo = EXAMPLES / name / "brand" / "logo.png"
    again, other = io.BytesIO(), io.BytesIO()
    with Image.open(logo) as image:
        image.save(again, "PNG", compress_level=1)
        image.putpixel((3, 3), (255, 0, 0, 255))
        image.save(other, "PNG")
    assert again.getvalue() != logo.read_bytes()
    assert same("logo.png", again.getvalue(), logo.read_bytes())
    assert not same("logo.png", other.getvalue(), logo.read_bytes())


def test_documents_with_other_words_count_as_different(name: str) -> None:
    first, second = sorted(
        (EXAMPLES / name / "assets").glob("Rapports*/2026/*.pdf" if name == FRENCH else "Mon*/2026/*.pdf")
    )[:2]
    assert same("report.pdf", first.read_bytes(), first.read_bytes())
    assert not same("report.pdf", first.read_bytes(), second.read_bytes())
    archive = next((EXAMPLES / name / "assets").rglob("*.zip")).read_bytes()
    repacked = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(repacked, "w") as new:
        for member in old.namelist():
            new.writestr(member, old.read(member))
    assert same("site.zip", repacked.getvalue(), archive)
