"""LibreOffice is started in a folder of ours: the current one may be a stranger's project."""

import os
from pathlib import Path

import pytest

from handover.cli.word_to_pdf import converted


@pytest.mark.skipif(os.name != "posix", reason="its LibreOffice is a shell script")
def test_libreoffice_is_started_in_a_folder_of_ours_and_not_in_the_current_one(tmp_path, monkeypatch):
    program, project = tmp_path / "soffice", tmp_path / "project"
    program.write_text("#!/bin/sh\npwd -P > preview.pdf\n")
    program.chmod(0o700)
    project.mkdir()
    monkeypatch.chdir(project)

    where = Path(converted(b"a document", str(program)).decode().strip())

    assert where.name.startswith("handover-")
    assert where != project
    assert not where.exists(), "the folder goes with the document"
    assert list(project.iterdir()) == []
