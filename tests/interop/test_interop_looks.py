"""Two documents of the gallery, measured: the whole of it is `make looks`."""

import shutil
from pathlib import Path

import pytest
from gallery import write
from measured import faults

pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    if shutil.which("soffice") is None or shutil.which("pdftotext") is None:
        pytest.skip("needs LibreOffice and poppler")
    return write(["example-fr", "us"], tmp_path_factory.mktemp("looks"))


def test_nothing_on_the_pages_would_be_marked(pages: list[Path]) -> None:
    reports = [document for document in pages if document.stem.endswith(".report")]
    assert {document.stem: faults(document) for document in reports} == {one.stem: [] for one in reports}


def test_the_measures_see_what_is_wrong(pages: list[Path], tmp_path: Path) -> None:
    letter = next(document for document in pages if document.stem == "us.letter")
    report = next(document for document in pages if document.stem == "us.report")
    # Another document's pages: too many for a letter, and headings where the letter has none.
    for suffix, source in ((".docx", letter), (".pdf", report)):
        shutil.copyfile(source.with_suffix(suffix), tmp_path / f"us.letter{suffix}")
    assert any("pages" in fault for fault in faults(tmp_path / "us.letter.docx"))
