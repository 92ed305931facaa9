"""Files that people and projects name: regular ones are read, all else is refused and never waited for."""

import os
import socket
import threading
from pathlib import Path

import pytest

from handover.formats.opener import HAS_DIRECTORY_DESCRIPTORS, Folder, NotRegular, TooLarge, open_named, read_named


@pytest.fixture
def place(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file.txt").write_bytes(b"content")
    return tmp_path


def put(path: Path, kind: str) -> None:
    """Something of this kind under that name; a link leads to a file that holds a secret."""
    if kind == "link":
        (path.parent / "elsewhere").write_bytes(b"secret")
        path.symlink_to(path.parent / "elsewhere")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as server:
            here = Path.cwd()
            os.chdir(path.parent)  # a socket's whole path must be short
            server.bind(path.name)
            os.chdir(here)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero")


KINDS = ["link", "pipe", "socket", "folder", "device"]


@pytest.mark.parametrize("kind", KINDS)
def test_in_a_folder_only_regular_files_are_read(place, kind):
    put(place / "there" / "odd", kind)
    with Folder(place) as folder, pytest.raises(OSError):
        folder.read("there/odd", 100)


def test_a_link_on_the_way_is_not_followed(place):
    (place / "way").symlink_to(place / "there")
    with Folder(place) as folder:
        with pytest.raises(OSError):
            folder.read("way/file.txt", 100)
        with pytest.raises(OSError):
            folder.scan("way")
        assert folder.read("there/file.txt", 100) == b"content"


@pytest.mark.parametrize("path", ["../there/file.txt", "/etc/passwd", "there/../there/file.txt", "there//file.txt", ""])
def test_no_path_leaves_the_folder(place, path):
    with Folder(place / "there") as folder, pytest.raises(OSError):
        folder.read(path, 10_000)


def test_a_file_has_a_largest_size(place):
    with Folder(place / "there") as folder:
        assert folder.read("file.txt", 7) == b"content"
        with pytest.raises(TooLarge, match="larger than 6 bytes"):
            folder.read("file.txt", 6)
    with pytest.raises(TooLarge, match="larger than 6 bytes"):
        read_named(place / "there" / "file.txt", 6)


@pytest.mark.parametrize(("kind", "called"), [("pipe", "pipe"), ("folder", "folder"), ("device", "device")])
def test_what_a_person_names_is_a_file(place, kind, called):
    put(place / "odd", kind)
    with pytest.raises(NotRegular, match=f"it's a {called}, not a file"):
        read_named(place / "odd", 100)


def test_a_link_that_a_person_names_is_theirs(place):
    put(place / "odd", "link")
    assert read_named(place / "odd", 100) == b"secret"
    with pytest.raises(OSError):
        read_named(place / "odd", 100, follow=False)


def test_a_secret_may_come_through_a_pipe():
    reading, writing = os.pipe()
    os.write(writing, b"passphrase")
    os.close(writing)
    with open_named(Path(f"/dev/fd/{reading}"), pipes=True) as file:
        assert file.read(100) == b"passphrase"
    os.close(reading)


@pytest.mark.parametrize("writes", [True, False])
def test_a_secret_may_come_through_a_pipe_with_a_name_into_which_somebody_writes(tmp_path, monkeypatch, writes):
    os.mkfifo(tmp_path / "pipe")
    if writes:
        threading.Thread(target=(tmp_path / "pipe").write_bytes, args=[b"passphrase"], daemon=True).start()
        with open_named(tmp_path / "pipe", pipes=True) as file:
            assert file.read(100) == b"passphrase"
    else:
        monkeypatch.setattr("handover.formats.opener.PATIENCE", 0.0)
        with pytest.raises(OSError, match="nobody writes into this pipe"):
            open_named(tmp_path / "pipe", pipes=True)


@pytest.mark.skipif(not HAS_DIRECTORY_DESCRIPTORS, reason="the system has no descriptors of folders")
def test_a_folder_reached_by_steps_is_the_one_that_it_was_even_where_one_above_it_became_a_link(tmp_path):
    confirmed = tmp_path.resolve() / "clients" / "acme"
    for folder in (confirmed, tmp_path / "other" / "acme"):
        folder.mkdir(parents=True)
        (folder / "a.txt").write_text(folder.parent.name, encoding="utf-8")
    with Folder(confirmed, by_steps=True) as opened:
        assert opened.read("a.txt", 100) == b"clients"
    confirmed.parent.rename(tmp_path / "away")
    confirmed.parent.symlink_to(tmp_path / "other")
    with Folder(confirmed) as opened:
        assert opened.read("a.txt", 100) == b"other"  # what a swapped link would have done
    with pytest.raises(OSError, match=r"."):
        Folder(confirmed, by_steps=True)
