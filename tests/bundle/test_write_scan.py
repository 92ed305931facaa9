"""Listing the client's files: order, names, and everything that can't be delivered, all at once."""

import os
import socket
import stat
from pathlib import Path

import pytest

from handover.bundle.write import scan as scan_module
from handover.bundle.write import scan_assets
from handover.model.errors import AssetError, Severity


def make(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * len(name))
    return root


def rules(findings) -> list[tuple[str, str]]:
    return [(str(finding.location), finding.rule) for finding in findings]


def test_files_come_in_the_order_of_their_entries_with_their_sizes(tmp_path):
    sources, findings, _ = scan_assets(make(tmp_path, "b/c.txt", "b.txt", "a/z", "é.txt", "Z"))
    assert findings == []
    assert [source.entry for source in sources] == [
        "assets/Z", "assets/a/z", "assets/b.txt", "assets/b/c.txt", "assets/é.txt",
    ]  # fmt: skip
    assert [source.size for source in sources] == [1, 3, 5, 7, 5]


def test_an_empty_folder_has_nothing(tmp_path):
    (tmp_path / "sub/empty").mkdir(parents=True)
    assert scan_assets(tmp_path) == ([], [], [])


def test_decomposed_names_are_stored_composed_and_found_again(tmp_path):
    sources, findings, _ = scan_assets(make(tmp_path, "e\u0301te\u0301.txt"))
    assert findings == []
    assert (sources[0].path, sources[0].entry) == ("e\u0301te\u0301.txt", "assets/été.txt")


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(path.parent)  # a socket's path may have 108 bytes only
        try:
            one.bind(path.name)
        finally:
            os.chdir(here)


@pytest.mark.parametrize(
    ("create", "words"),
    [
        pytest.param(lambda path: path.symlink_to("/etc/passwd"), "it's a link, not a file", id="a link to a file"),
        pytest.param(lambda path: path.symlink_to("/etc"), "it's a link, not a file", id="a link to a folder"),
        pytest.param(lambda path: path.symlink_to("nowhere"), "it's a link, not a file", id="a dangling link"),
        pytest.param(os.mkfifo, "it's a pipe, not a file", id="a pipe"),
        pytest.param(_socket, "it's a socket, not a file", id="a socket"),
    ],
)
def test_what_is_not_a_file_is_a_finding(tmp_path, create, words):
    create(tmp_path / "thing")
    sources, findings, _ = scan_assets(tmp_path)
    assert sources == []
    assert rules(findings) == [("assets/thing", "asset.not-a-file")]
    assert findings[0].message == words
    assert findings[0].hint


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make devices")
def test_a_device_is_a_finding(tmp_path):
    try:
        os.mknod(tmp_path / "null", 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("devices aren't allowed here")
    assert [finding.message for finding in scan_assets(tmp_path)[1]] == ["it's a device, not a file"]


def test_an_unreadable_file_is_a_finding(tmp_path, monkeypatch):
    make(tmp_path, "secret.txt", "ok.txt")
    monkeypatch.setattr(
        "handover.bundle.write.assets.AssetFolder.is_readable",
        lambda _self, _folder, name, _facts: name != "secret.txt",
    )
    sources, findings, _ = scan_assets(tmp_path)
    assert [source.path for source in sources] == ["ok.txt"]
    assert rules(findings) == [("assets/secret.txt", "asset.unreadable")]


def test_an_unreadable_folder_is_a_finding_and_the_rest_is_listed(tmp_path, monkeypatch):
    make(tmp_path, "closed/x", "ok.txt")
    real = scan_module.AssetFolder.scan

    def scan(self, folder):
        if folder == "closed":
            raise self.refusal(folder, PermissionError(13, "Permission denied"))
        return real(self, folder)

    monkeypatch.setattr(scan_module.AssetFolder, "scan", scan)
    sources, findings, _ = scan_assets(tmp_path)
    assert [source.path for source in sources] == ["ok.txt"]
    assert [(finding.rule, finding.message) for finding in findings] == [
        ("asset.unreadable", "it can't be read: permission denied")
    ]


def test_everything_wrong_is_told_at_once_and_in_order(tmp_path):
    make(tmp_path, "ok.txt", "what?.txt", "A/logo.svg", "a/LOGO.svg", "name. ", "e\u0301", "é")
    (tmp_path / "link").symlink_to("ok.txt")
    findings = scan_assets(tmp_path).findings
    assert rules(findings) == [
        ("assets/a/LOGO.svg", "asset.name-clash"),
        ("assets/link", "asset.not-a-file"),
        ("assets/name. ", "asset.name"),
        ("assets/what?.txt", "asset.name"),
        ("assets/é", "asset.name-clash"),
    ]
    assert "assets/A/logo.svg" in findings[0].message
    assert all("--rename-unsafe" in finding.hint for finding in findings if finding.rule.startswith("asset.name"))


def test_names_that_are_not_utf8_are_told_byte_by_byte(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).touch()
    findings = scan_assets(tmp_path).findings
    assert "byte 0xE9" in findings[0].message
    assert str(findings[0].location) == "assets/caf\\xe9.txt"


def test_unsafe_names_can_be_mapped(tmp_path):
    make(tmp_path, "ok.txt", "what?.txt", "what*.txt", "OK.TXT", "con")
    sources, findings, _ = scan_assets(tmp_path, rename_unsafe=True)
    assert findings == []
    assert {source.path: source.entry for source in sources} == {
        "ok.txt": "assets/ok-2.txt",
        "OK.TXT": "assets/OK.TXT",
        "what*.txt": "assets/what_.txt",
        "what?.txt": "assets/what_-2.txt",
        "con": "assets/_con",
    }


def test_a_hard_link_is_a_warning(tmp_path):
    make(tmp_path / "t", "a")
    os.link(tmp_path / "t/a", tmp_path / "other")
    sources, findings, _ = scan_assets(tmp_path / "t")
    assert len(sources) == 1
    assert [(finding.rule, finding.severity) for finding in findings] == [("asset.hard-link", Severity.WARNING)]


def test_a_very_deep_folder_is_a_finding_and_not_entered(tmp_path):
    deep = "/".join(["d" * 50] * 30)
    make(tmp_path, f"{deep}/x")
    findings = scan_assets(tmp_path).findings
    assert [finding.rule for finding in findings] == ["asset.name"]
    assert "too long" in findings[0].message


@pytest.mark.parametrize("make_root", [lambda path: None, lambda path: path.touch()])
def test_a_missing_root_is_an_error(tmp_path, make_root):
    make_root(tmp_path / "assets")
    with pytest.raises(AssetError, match="assets: "):
        scan_assets(tmp_path / "assets")
