"""What LibreOffice makes of the letter and the pending projects: pages, faces, texts; and of templates it has saved."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from handover.documents import letter
from handover.documents import pending as projects
from handover.languages import files as resources
from sample_letter import INVOICES, given, pending, settings, texts

pytestmark = pytest.mark.interop

IMAGES = {"brand/logo.png": (900, 260), "brand/signature.png": (700, 240)}
MANY = tuple(
    pending(f"Project {n}", ("finish", "hand-over", "cancel")[n % 3], description="What it is. " * 5,
            due_date=f"2026-12-{n + 1:02d}", next_action="Call Léa.", files="Site", takeover="Read the notes.\nAsk.")
    for n in range(24)
)  # fmt: skip


def _picture(size):
    image = Image.new("RGBA", size)
    ImageDraw.Draw(image).ellipse((5, 5, size[1] - 5, size[1] - 5), fill="#0E5A6B")
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def _made(language, **changes):
    extra = {
        "brand": {"logo": "brand/logo.png", "colour": "#0E5A6B"},
        "owner": {"signature_image": "brand/signature.png"},
    }
    return settings(language, full=True, **extra, **changes)


def _documents():
    images = {name: _picture(size) for name, size in IMAGES.items()}
    for language in ("fr", "en"):
        full = given("letter", _made(language), invoices=INVOICES, images=images)
        bare = given("letter", settings(language, full=False))
        yield f"{language}-letter-full", letter.render(full)
        yield f"{language}-letter-bare", letter.render(bare)
        yield f"{language}-letter-draft", letter.render(replace(full, draft=True))
        listed = given("pending", _made(language), pending=MANY, images=images)
        yield f"{language}-pending-many", projects.PENDING.render(listed)
        yield (
            f"{language}-pending-none",
            projects.PENDING.render(replace(listed, project=replace(listed.project, pending=()))),
        )
        for name, sample, render in (("letter", full, letter.render), ("pending", listed, projects.PENDING.render)):
            yield f"{language}-{name}-template", resources.read_bytes(language, f"{name}.docx")
            assert render(sample)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    if shutil.which("soffice") is None or shutil.which("pdftotext") is None:
        pytest.skip("soffice or pdftotext isn't installed")
    where = tmp_path_factory.mktemp("word")
    for name, content in _documents():
        (where / f"{name}.docx").write_bytes(content)
    printed = [path for path in sorted(where.glob("*.docx")) if not path.stem.endswith("template")]
    _convert("pdf", where, where, printed)
    _convert("docx", where / "saved", where, sorted(where.glob("*-template.docx")))
    return where


def _convert(kind: str, into: Path, profile: Path, files: list[Path]) -> None:
    command = ["soffice", f"-env:UserInstallation={(profile / 'profile').as_uri()}", "--headless", "--convert-to", kind]
    subprocess.run([*command, "--outdir", into, *files], check=True, capture_output=True, timeout=1200)


def _pages(pdf: Path) -> list[str]:
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True, timeout=1200)
    return done.stdout.rstrip("\f\n").split("\f")


@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("fr-letter-full", 2),
        ("en-letter-full", 2),
        ("fr-letter-bare", 1),
        ("en-letter-bare", 1),
        ("fr-pending-none", 1),
        ("en-pending-none", 1),
    ],
)
def test_a_document_has_its_number_of_pages(folder: Path, name: str, pages: int) -> None:
    assert len(_pages(folder / f"{name}.pdf")) <= pages


@pytest.mark.parametrize(
    ("name", "closing", "signer"),
    [
        ("fr-letter-full", "Nous vous prions d’agréer", "Claire Delmas"),
        ("en-letter-full", "Yours sincerely", "Ada Marsh"),
    ],
)
def test_closing_and_signature_share_a_page(folder: Path, name: str, closing: str, signer: str) -> None:
    (page,) = [page for page in _pages(folder / f"{name}.pdf") if closing in page]
    assert signer in page[page.index(closing) :]


@pytest.mark.parametrize(("language", "word"), [("fr", "BROUILLON"), ("en", "DRAFT")])
def test_every_page_of_a_draft_says_so(folder: Path, language: str, word: str) -> None:
    assert all(word in re.sub(r"\s", "", page) for page in _pages(folder / f"{language}-letter-draft.pdf"))


@pytest.mark.parametrize(("language", "shown"), [("fr", "Page {} sur {}"), ("en", "Page {} of {}")])
def test_every_page_of_several_has_its_number(folder: Path, language: str, shown: str) -> None:
    pages = _pages(folder / f"{language}-pending-many.pdf")
    assert len(pages) > 1
    assert all(shown.format(n, len(pages)) in page for n, page in enumerate(pages, 1))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_project_is_parted_by_a_page(folder: Path, language: str) -> None:
    last = {"fr": "Pour reprendre", "en": "To take over"}[language]
    for page in _pages(folder / f"{language}-pending-many.pdf"):
        assert not page.strip().startswith(last)


def test_only_the_two_faces_are_used(folder: Path) -> None:
    listed = subprocess.run(
        ["pdffonts", folder / "fr-pending-many.pdf"], check=True, capture_output=True, text=True, timeout=1200
    ).stdout
    names = {line.split()[0].partition("+")[2].partition("-")[0] for line in listed.splitlines()[2:]}
    assert names <= {"Carlito", "Caladea", "Calibri", "Cambria"}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", ["letter", "pending"])
def test_a_template_saved_by_libreoffice_still_says_the_same(folder: Path, language: str, name: str) -> None:
    images = {path: _picture(size) for path, size in IMAGES.items()}
    sample = given(name, _made(language), invoices=INVOICES, pending=MANY, images=images)
    render = {"letter": letter.render, "pending": projects.PENDING.render}[name]
    saved = replace(sample, template=(folder / "saved" / f"{language}-{name}-template.docx").read_bytes())
    assert texts(render(saved)) == texts(render(sample))
