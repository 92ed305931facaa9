"""The wheel holds the package, every template and schema, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> list[str]:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def tracked(folder: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }


def test_every_module_of_the_package_is_in_the_wheel(wheel):
    assert {name for name in wheel if name.startswith("handover/") and "_data" not in name} == tracked("handover")


def test_every_template_with_its_text_and_every_schema_is_in_the_wheel_but_not_what_writes_them(wheel):
    data = {name.removeprefix("handover/_data/") for name in wheel if name.startswith("handover/_data/")}
    builder = {t for t in tracked("templates") if t.startswith("templates/make/")} | {"templates/README.md"}
    assert data == (tracked("templates") - builder) | tracked("schemas")


def test_nothing_else_is_in_the_wheel(wheel):
    rest = {name for name in wheel if not name.startswith("handover/")}
    assert {name.split("/")[-1] for name in rest} == {"METADATA", "WHEEL", "entry_points.txt", "LICENSE", "RECORD"}
