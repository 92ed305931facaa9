"""A template of ours that LibreOffice has saved: still ours, still whole."""

import re
import subprocess
from pathlib import Path

import pytest

from handover.build.sample import Looks, sample_document, sample_plan
from handover.documents.templates import with_templates
from handover.templating.own import Mark, documents, ejected, mark, ours, version
from sample_letter import texts

pytestmark = pytest.mark.interop


def saved_by_libreoffice(content: bytes, folder: Path) -> bytes:
    """The document opened and saved again as .docx."""
    source, out = folder / "in.docx", folder / "out"
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(out)]
    subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=1200)
    return (out / "in.docx").read_bytes()


_PAGES = re.compile(r"\d+ (of|sur) \d+|(?<=→ )(–|\d+)$")
BUNDLED = ("letter", "pending", "report")


@pytest.mark.parametrize(
    ("document", "language"), [*((one, "en") for one in documents()), *((one, "fr") for one in BUNDLED)]
)
def test_a_template_saved_by_libreoffice_keeps_its_mark_and_makes_the_same_text(
    document: str, language: str, tmp_path: Path
) -> None:
    saved = saved_by_libreoffice(ejected(document, language), tmp_path)
    assert mark(saved, "saved") == Mark(document, language, version(ours(document, language)))
    plain, own = sample_plan(language), sample_plan(language, Looks(templates={document: saved}))
    made = []
    for planned in (plain, own):
        lines = texts(sample_document(with_templates()[document], planned)[0])
        # LibreOffice writes the page numbers of its own layout into the fields.
        made.append({text for line in lines if (text := _PAGES.sub("", line).strip())})
    assert made[0] <= made[1]
