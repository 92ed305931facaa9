"""Other programs judge the report: an OOXML validator, LibreOffice's pages and its spreadsheet."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pypdf
import pytest
from PIL import Image

from handover.documents.report import REPORT
from handover.formats.chart.model import Look
from handover.formats.package.opc import Package, read_package, write_package
from handover.formats.palette import palette
from handover.model.reporting import Metric
from report_samples import extremes, given

pytestmark = pytest.mark.interop

ROOT = Path(__file__).parent.parent.parent
LOCKED = ROOT / "requirements" / "validator.txt"
LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])


def documents() -> list:
    made = [
        pytest.param(lambda: given("en"), id="english"),
        pytest.param(lambda: given("fr"), id="french"),
        pytest.param(lambda: given("en", draft=True), id="a draft"),
        pytest.param(lambda: given("fr", data=(), own={}, report={}), id="without metrics"),
    ]
    for metrics, months in ((1, 24), (12, 60), (12, 24)):
        made.append(
            pytest.param(
                lambda metrics=metrics, months=months: given(
                    "fr", data=extremes(metrics, months), own={"followers": Metric(decimals=4)}, report={}
                ),
                id=f"{metrics} metrics over {months} months",
            )
        )
    spans = {
        "baseline": {"start": "2026-03-01", "end": "2026-03-31"},
        "current": {"start": "2026-05-01", "end": "2026-05-31"},
    }
    made.append(
        pytest.param(lambda: given("en", data=extremes(12, 3), own={}, report={}, periods=spans), id="12 over 3 months")
    )
    return made


@pytest.fixture(scope="session")
def validator() -> Path:
    """The folder of the validator, installed apart from what the project itself uses."""
    folder = ROOT / "build" / "validator"
    if not (folder / "openxml_audit").is_dir():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*command, "--require-hashes", "-r", str(LOCKED), "--target", str(folder)], check=True)
    return folder


def faults(validator: Path, file: Path) -> list[str]:
    """What the validator objects to in a file."""
    code = (
        "import json, sys, openxml_audit as o\n"
        "found = o.OpenXmlValidator().validate(sys.argv[1])\n"
        "print(json.dumps([str(e.description) for e in found.errors]))\n"
    )
    path = os.pathsep.join([str(validator)])
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)],
        env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, timeout=1200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("make", documents())
def test_the_validator_finds_no_fault(make: Callable, validator: Path, tmp_path: Path) -> None:
    content = REPORT.render(make())
    (tmp_path / "report.docx").write_bytes(content)
    assert faults(validator, tmp_path / "report.docx") == []
    package = read_package(content, "report.docx")
    books = sorted(name for name in package.parts if name.endswith(".xlsx"))
    for name in books[:3]:
        (tmp_path / "book.xlsx").write_bytes(package.parts[name])
        assert faults(validator, tmp_path / "book.xlsx") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            b'<c:crosses val="autoZero"/>', b'<c:crosses val="banana"/>', id="a word that isn't one of the list"
        ),
        pytest.param(b"<c:plotVisOnly", b"<c:bogus/><c:plotVisOnly", id="an element that doesn't exist"),
        pytest.param(
            b'<c:varyColors val="0"/>', b'<c:gapWidth val="3"/><c:varyColors val="0"/>', id="an element too early"
        ),
        pytest.param(b'<c:dispBlanksAs val="gap"/>', b'<c:dispBlanksAs val="gap" x="1"/>', id="an attribute too many"),
        pytest.param(b'r:id="rId1"', b'r:id="rId9"', id="a relationship that isn't there"),
    ],
)
def test_the_validator_does_find_faults(before: bytes, after: bytes, validator: Path, tmp_path: Path) -> None:
    package = read_package(REPORT.render(given("en")), "report.docx")
    name = "/word/charts/chart1.xml"
    assert before in package.parts[name]
    parts = {**package.parts, name: package.parts[name].replace(before, after, 1)}
    (tmp_path / "report.docx").write_bytes(write_package(Package(parts, package.types)))
    assert faults(validator, tmp_path / "report.docx")


def convert(folder: Path, name: str, target: str) -> None:
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", target, name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=1200, check=False)
    assert "Error" not in done.stdout + done.stderr


@LANGUAGES
def test_libreoffice_draws_every_chart(language: str, tmp_path: Path) -> None:
    made = given(language)
    (tmp_path / "report.docx").write_bytes(REPORT.render(made))
    convert(tmp_path, "report.docx", "pdf")
    pages = pypdf.PdfReader(tmp_path / "report.pdf").pages
    said = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
    for word in {"en": ("Then", "Now", "Jun 2024"), "fr": ("Hier", "Aujourd’hui", "juin 2024")}[language]:
        assert word in said
    subprocess.run(["pdftoppm", "-r", "50", "-png", "report.pdf", "page"], cwd=tmp_path, check=True, timeout=1200)
    current = Look.of(palette(made.project.settings.brand.colour)).current
    wanted = tuple(int(current[at : at + 2], 16) for at in (1, 3, 5))
    drawn = 0
    for file in tmp_path.glob("page-*.png"):
        image = Image.open(file).convert("RGB")
        drawn += sum(count for count, pixel in image.getcolors(1 << 24) or () if pixel == wanted)
    # Twelve dark bars, four lines and two bars of the timeline cover far more than letters and rules in that colour.
    assert drawn > 1500


@LANGUAGES
def test_libreoffice_writes_a_real_minus_on_the_axis(language: str, tmp_path: Path) -> None:
    made = given(language, data=extremes(4, 24), own={}, report={})
    (tmp_path / "report.docx").write_bytes(REPORT.render(made))
    convert(tmp_path, "report.docx", "pdf")
    said = " ".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "report.pdf").pages)
    assert re.search(r"−10(?!\d)", said)
    assert re.search({"en": "−50,000,000", "fr": r"−50\s000\s000"}[language], said)
    assert not re.search(r"-€?\d", said)


def test_the_summary_fits_one_page(tmp_path: Path) -> None:
    (tmp_path / "report.docx").write_bytes(REPORT.render(given("fr")))
    convert(tmp_path, "report.docx", "pdf")
    pages = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "report.pdf").pages]
    assert "hier et aujourd’hui" in pages[1]
    assert "Les chiffres en détail" in pages[2]


def test_the_workbook_of_a_chart_opens_and_equals_the_cache(tmp_path: Path) -> None:
    package = read_package(REPORT.render(given("en")), "report.docx")
    (tmp_path / "book.xlsx").write_bytes(package.parts["/word/embeddings/chart1.xlsx"])
    (tmp_path / "in").mkdir()
    convert(tmp_path, "book.xlsx", "ods:calc8")
    convert(tmp_path, "book.ods", "xlsx:Calc MS Excel 2007 XML")
    kept = openpyxl.load_workbook(tmp_path / "book.xlsx")["Data"]
    values = [kept[f"B{row}"].value for row in range(2, 26)]
    chart = package.parts["/word/charts/chart1.xml"].decode()
    first = re.search(r"<c:val>.*?</c:val>", chart)
    assert first is not None
    assert [float(text) for text in re.findall(r"<c:v>([^<]+)</c:v>", first[0])] == values
