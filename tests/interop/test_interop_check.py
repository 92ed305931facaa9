"""Templates that LibreOffice has saved are still accepted, and the pre-commit hook stops a faulty one for real."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from handover.documents.templates import template_file
from handover.languages import files as resources
from handover.templating.check import lint_template
from handover.templating.template import rendered
from template_making import letter, p
from templating.controls import CONTROLS, Control
from templating.test_templating_controls import FINISH, view_of

pytestmark = pytest.mark.interop

ROOT = Path(__file__).parent.parent.parent
LOCKED = ROOT / "requirements" / "precommit.txt"
LOST = {
    "a decorative picture": "LibreOffice doesn't know the mark and drops it",
    "an embedded font": "there is no font behind the name, and LibreOffice drops it",
}
OURS = [(language, document) for language in ("en", "fr") for document in ("letter", "pending")]


def named() -> dict[str, Control]:
    return {str(case.id): case.values[0] for case in CONTROLS if case.id not in LOST}


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> Path:
    """Every control and our own templates, opened and saved by LibreOffice."""
    folder = tmp_path_factory.mktemp("saved")
    before, after = folder / "before", folder / "after"
    before.mkdir()
    for at, control in enumerate(named().values()):
        (before / f"{at}.docx").write_bytes(control.make().bytes())
    for language, document in OURS:
        (before / f"{language}-{document}.docx").write_bytes(resources.read_bytes(language, f"{document}.docx"))
    office = shutil.which("soffice")
    assert office, "make interop installs LibreOffice"
    command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to"]
    files = sorted(map(str, before.glob("*.docx")))
    subprocess.run(
        [*command, "docx:MS Word 2007 XML", "--outdir", str(after), *files],
        check=True,
        capture_output=True,
        timeout=1200,
    )
    return after


@pytest.mark.parametrize("at", range(len(named())), ids=list(named()))
def test_a_control_that_libreoffice_has_saved_is_accepted_and_filled_in(saved, at):
    control = list(named().values())[at]
    content = (saved / f"{at}.docx").read_bytes()

    assert lint_template(content, template_file("saved.docx", control.document, control.language)) == []
    for full in (True, False):
        assert rendered(content, view_of(control.document, full=full), FINISH, place="saved.docx")


@pytest.mark.parametrize(("language", "document"), OURS)
def test_our_templates_that_libreoffice_has_saved_are_accepted(saved, language, document):
    content = (saved / f"{language}-{document}.docx").read_bytes()

    assert lint_template(content, template_file("saved.docx", document, language)) == []


# The hook


@pytest.fixture(scope="session")
def pre_commit() -> Path:
    """The program pre-commit, in an environment apart from what the project itself uses."""
    folder = ROOT / "build" / "pre-commit"
    program = folder / "bin" / "pre-commit"
    if not program.is_file():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        command = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*command, "--no-deps", "--require-hashes", "-r", str(LOCKED)], check=True)
    return program


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=Ann", "-c", "user.email=ann@agency.example", "-c", "commit.gpgsign=false"]
    command = ["git", *identity, "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """This checkout as a repository that a hook can be taken from."""
    folder = tmp_path_factory.mktemp("published") / "handover-kit"
    skipped = shutil.ignore_patterns(
        ".git", ".venv", "build", "__pycache__", ".*_cache", ".hypothesis", "examples", "tests"
    )
    shutil.copytree(ROOT, folder, ignore=skipped)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "A version")
    return folder


def test_the_hook_stops_a_faulty_template_and_lets_a_good_one_pass(tmp_path, published, pre_commit):
    agency = tmp_path / "agency"
    agency.mkdir()
    git(agency, "init", "--quiet")
    revision = git(published, "rev-parse", "HEAD")
    (agency / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {published}\n    rev: {revision}\n    hooks:\n      - id: handover-validate\n"
        "        args: [--strict]\n",
        encoding="utf-8",
    )
    template = agency / "acme" / "templates" / "letter.docx"
    template.parent.mkdir(parents=True)
    (agency / "elsewhere.docx").write_bytes(b"no template")
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "cache"), "NO_COLOR": "1"}

    def hook() -> subprocess.CompletedProcess[str]:
        git(agency, "add", "--all")
        return subprocess.run(
            [str(pre_commit), "run", "handover-validate"], cwd=agency, env=environment, capture_output=True, text=True
        )

    template.write_bytes(letter(p("Dear {{ salutaton }}")).bytes())
    stopped = hook()
    template.write_bytes(letter().bytes())
    passed = hook()

    assert stopped.returncode == 1, stopped.stdout + stopped.stderr
    assert "acme/templates/letter.docx" in stopped.stdout
    assert "did you mean `salutation`?" in stopped.stdout
    assert "elsewhere.docx" not in stopped.stdout
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "Passed" in passed.stdout
