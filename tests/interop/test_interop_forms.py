"""The survey's form, filled in by LibreOffice through UNO and by an editor of content controls, as Word does it."""

import json
import subprocess
from pathlib import Path

import pytest

from building import isolate, make_project
from handover.cli import run
from handover.formats.word.form import read_form
from making.forms import filled

pytestmark = pytest.mark.interop

SCRIPT = Path(__file__).with_name("libreoffice_form.py")
SYSTEM_PYTHON = "/usr/bin/python3"  # the one that LibreOffice's `uno` module belongs to
TICKED = ("first_steps-5", "meetings-1", "objectives-partly", "recommend-10")
WRITTEN = {
    "respondent": "Inès <Moreau> & fils",
    "objectives-why": "Sales, not visits.",
    "recommend-why": "“Always”",
}


@pytest.fixture(scope="module")
def form(tmp_path_factory) -> Path:
    """A project, and the survey that it sends."""
    with pytest.MonkeyPatch.context() as patched:
        folder = tmp_path_factory.mktemp("survey")
        isolate(patched, folder)
        root = make_project(folder / "acme")
        assert run(["write", "survey", str(root), "--wave", "during"]) == 0
    return root / "out" / "survey.docx"


def by_libreoffice(form: Path, folder: Path) -> bytes:
    answers = [name in TICKED or WRITTEN.get(name, False) for name in read_form(form.read_bytes(), "survey").tags]
    (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
    command = [SYSTEM_PYTHON, SCRIPT, folder / "profile", form, folder / "back.docx", folder / "answers.json"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 0, done.stderr
    return (folder / "back.docx").read_bytes()


def by_word(form: Path, _folder: Path) -> bytes:
    escaped = {name: text.replace("&", "&amp;").replace("<", "&lt;") for name, text in WRITTEN.items()}
    return filled(form.read_bytes(), escaped, TICKED)


@pytest.mark.parametrize("filling", [by_libreoffice, by_word])
def test_a_form_that_another_program_filled_in_is_read_whole(form, filling, tmp_path):
    expected = read_form(form.read_bytes(), "survey").tags
    found = read_form(filling(form, tmp_path), "back", expected)
    assert found.tags == expected
    assert found.ticked == set(TICKED)
    assert found.written == WRITTEN
