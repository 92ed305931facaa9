"""Reading a whole project: each input once, nothing outside, every digest recorded."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from conftest import ProjectCopy
from handover.model.artifact import AssetSource
from handover.model.errors import UsageError
from handover.model.selection import Scan
from handover.model.sources import SETTINGS_FILE
from handover.project.read import load_project


def test_every_input_is_read_and_its_digest_recorded(project: ProjectCopy) -> None:
    project.write("templates/letter.docx", b"a template").write("templates/~$letter.docx", b"a lock file")

    sources = load_project(project.root)

    assert sources.findings == ()
    assert sorted(sources.digests) == [
        "brand/signature.png",
        "data/accounts.csv",
        "data/assets.csv",
        "data/invoices.csv",
        "data/metrics.csv",
        "data/pending.csv",
        "handover.yaml",
        "templates/letter.docx",
        "vault.xlsx",
    ]
    assert all(sources.digests[f] == sha256((project.root / f).read_bytes()).hexdigest() for f in sources.digests)
    assert sources.templates == {"letter": b"a template"}
    assert sources.images.keys() == {"brand/signature.png"}
    assert [source.path for source in sources.assets] == ["Photos/loaf.txt"]
    assert {"en", "fr"} <= sources.languages


def test_nothing_of_internal_is_opened(project: ProjectCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    real = os.open

    def watch(path: str, *arguments: object, **named: object) -> int:
        opened.append(str(path))
        return real(path, *arguments, **named)

    monkeypatch.setattr(os, "open", watch)
    load_project(project.root)

    assert "handover.yaml" in opened
    assert not {"internal", "notes.md"}.intersection(opened)


def test_the_scan_of_assets_can_be_given(project: ProjectCopy) -> None:
    source = AssetSource("a.txt", "assets/a.txt")

    sources = load_project(project.root, scan_assets=lambda root, selection: Scan([source]))

    assert sources.assets == (source,)


def test_a_project_that_is_no_folder_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(UsageError, match="not a folder"):
        load_project(tmp_path / "file")


def test_an_empty_folder_says_everything_that_is_missing(tmp_path: Path) -> None:
    missing = [f.location.file for f in load_project(tmp_path).findings]

    assert missing == [
        SETTINGS_FILE,
        "data/metrics.csv",
        "data/pending.csv",
        "data/accounts.csv",
        "data/invoices.csv",
        "assets",
    ]


def test_a_file_over_its_limit_is_refused(project: ProjectCopy) -> None:
    project.append(SETTINGS_FILE, "#" * 300_000)

    found = load_project(project.root).findings

    assert [(f.location.file, f.rule) for f in found] == [("handover.yaml", "file.too-large")]


def test_a_huge_picture_is_refused_by_its_header_alone(project: ProjectCopy) -> None:
    png = bytearray((project.root / "brand/signature.png").read_bytes())
    png[16:24] = (60_000).to_bytes(4, "big") * 2
    project.write("brand/signature.png", bytes(png))

    found = load_project(project.root).findings

    assert [(f.location.file, f.rule) for f in found] == [("brand/signature.png", "image.unusable")]


def test_links_are_refused_where_folders_cannot_be_opened_by_descriptor(
    project: ProjectCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handover.formats.opener.HAS_DIRECTORY_DESCRIPTORS", False)
    project.remove("data/assets.csv")
    (project.root / "data/assets.csv").symlink_to("accounts.csv")

    found = load_project(project.root).findings

    assert [(f.location.file, f.rule) for f in found] == [("data/assets.csv", "file.link")]


def test_the_project_itself_may_be_behind_a_link(project: ProjectCopy, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(project.root)

    assert load_project(tmp_path / "link").findings == ()
