"""Extraction: everything or nothing, private, and never outside the target."""

import errno
import hashlib
import io
import os
import signal
import stat
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from handover.bundle.extract import extract
from handover.bundle.names import MIMETYPE
from handover.bundle.publish import FolderLock
from handover.bundle.read import read_archive
from handover.bundle.staging import sweep
from handover.bundle.write.headers import STORED, Stored, central_header, end_records, local_header
from handover.model.errors import BundleError, OutputError

FILES = {
    "mimetype": MIMETYPE,
    "START-HERE.html": b"<h1>Start</h1>",
    "assets/été/a.txt": b"1",
    "assets/été/b/c.txt": b"x" * 2_500_000,
    "assets/empty": b"",
}


def archive_of(files=FILES, *, damage: str = ""):
    body, directory = b"", b""
    for name, content in files.items():
        data = content if name != damage else content[:-1] + b"?"
        digest = hashlib.sha256(content).digest()
        one = Stored(name, STORED, zlib.crc32(content), len(content), len(content), digest)
        offset = len(body)
        body += local_header(one) + data
        directory += central_header(one, offset)
    return read_archive(io.BytesIO(body + directory + end_records(len(files), len(directory), len(body))))


def tree(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.mark.parametrize("exists", [False, True])
def test_every_entry_is_extracted_into_a_fresh_folder(tmp_path, exists):
    target = tmp_path / "acme"
    if exists:
        target.mkdir()
    seen: list[int] = []
    assert extract(archive_of(), target, on_progress=seen.append) == target
    assert tree(target) == FILES
    assert sum(seen) == sum(map(len, FILES.values()))
    assert names(tmp_path) == ["acme"]


@pytest.mark.parametrize("umask", [0, 0o777, 0o277], ids=oct)
def test_files_and_folders_are_private_whatever_the_umask(tmp_path, umask):
    before = os.umask(umask)
    try:
        extract(archive_of(), tmp_path / "acme")
    finally:
        os.umask(before)
    for path in [tmp_path / "acme", *(tmp_path / "acme").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        pytest.param(
            lambda target: (target.mkdir(), (target / "x").touch()), "isn't empty", id="a folder with something in it"
        ),
        pytest.param(Path.touch, "isn't a folder", id="a file"),
        pytest.param(lambda target: target.symlink_to("/"), "isn't a folder", id="a link to a folder"),
        pytest.param(lambda target: target.symlink_to("nowhere"), "isn't a folder", id="a dangling link"),
        pytest.param(lambda target: target.parent.rmdir(), "no such folder", id="no parent folder"),
        pytest.param(
            lambda target: (target.parent.rmdir(), target.parent.touch()), "no such folder", id="a file as its parent"
        ),
        pytest.param(os.mkfifo, "isn't a folder", id="a pipe"),
    ],
)
def test_a_target_that_is_not_fresh_is_refused(tmp_path, prepare, words):
    target = tmp_path / "parent/acme"
    target.parent.mkdir()
    prepare(target)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OutputError, match=words):
        extract(archive_of(), target)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("damage", ["START-HERE.html", "assets/été/b/c.txt"])
def test_damaged_content_leaves_nothing(tmp_path, damage):
    with pytest.raises(BundleError, match="CRC-32") as caught:
        extract(archive_of(damage=damage), tmp_path / "acme")
    assert caught.value.entry == damage
    assert names(tmp_path) == []


def test_content_that_changed_since_it_was_verified_is_refused(tmp_path):
    archive = archive_of()
    digests = archive.digest_all(1)
    assert extract(archive, tmp_path / "good", digests=digests).is_dir()
    with pytest.raises(BundleError, match="changed since it was verified") as caught:
        extract(archive, tmp_path / "bad", digests=digests | {"assets/empty": "00" * 32})
    assert (caught.value.entry, caught.value.clause) == ("assets/empty", "12.2")
    with pytest.raises(BundleError, match="changed since"):
        extract(archive, tmp_path / "bad", digests={})
    with pytest.raises(BundleError, match="gone since it was verified"):
        extract(archive, tmp_path / "bad", digests=digests | {"assets/gone": "00" * 32})
    assert names(tmp_path) == ["good"]


@pytest.mark.parametrize(("code", "words"), [(errno.ENOSPC, "disk is full"), (errno.EIO, "can't write")])
def test_a_disk_that_refuses_leaves_nothing(tmp_path, monkeypatch, code, words):
    real = os.write

    def write(descriptor, data):
        if len(data) > 1000:
            raise OSError(code, os.strerror(code))
        return real(descriptor, data)

    monkeypatch.setattr(os, "write", write)
    with pytest.raises(OutputError, match=words):
        extract(archive_of(), tmp_path / "acme")
    assert names(tmp_path) == []


def test_a_disk_too_small_is_refused_before_writing(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 10})())
    with pytest.raises(OutputError, match="MB free, extracting needs"):
        extract(archive_of(), tmp_path / "acme")
    assert names(tmp_path) == []


def test_the_room_that_small_files_take_is_counted_in_whole_clusters(tmp_path, monkeypatch):
    many = archive_of({"mimetype": MIMETYPE} | {f"assets/{n}": b"x" for n in range(99)})
    reserve = 16 * 1024 * 1024
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": reserve + 100 * 4096 - 1})())
    with pytest.raises(OutputError, match="MB free, extracting needs"):
        extract(many, tmp_path / "acme")
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": reserve + 100 * 4096})())
    assert len(tree(extract(many, tmp_path / "acme"))) == 100


@pytest.mark.parametrize(
    ("call", "code", "words"),
    [
        pytest.param("mkdir", errno.EROFS, "can't write: Read-only", id="a folder that can only be read"),
        pytest.param("mkdir", errno.EACCES, "can't write: Permission denied", id="somebody else's folder"),
        pytest.param("open", errno.EDQUOT, "can't write: Disk quota", id="a quota"),
        pytest.param("open", errno.ENAMETOOLONG, "can't write: File name too long", id="a file system of short names"),
        pytest.param(
            "open", errno.EILSEQ, "can't write: Invalid or incomplete", id="a file system of other characters"
        ),
        pytest.param("open", errno.EEXIST, "something was put there", id="a file system where two names are one"),
        pytest.param("rename", errno.EBUSY, "can't write: Device or resource busy", id="a mount point as target"),
    ],
)
def test_a_place_that_refuses_is_told_in_a_sentence_and_left_clean(tmp_path, monkeypatch, call, code, words):
    real = getattr(os, call)

    def refuse(path, *args, **options):
        if ".handover-" in str(path) and (call != "open" or args[0] & os.O_CREAT):
            raise OSError(code, os.strerror(code))
        return real(path, *args, **options)

    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(OutputError, match=words) as caught:
        extract(archive_of(), tmp_path / "acme")
    assert str(caught.value).isprintable()
    monkeypatch.undo()
    assert names(tmp_path) == []


def test_a_target_whose_name_is_too_long_leaves_nothing(tmp_path):
    with pytest.raises(OutputError):
        extract(archive_of(), tmp_path / ("x" * 256))
    assert names(tmp_path) == []


def test_a_folder_that_stands_where_the_temporary_would_is_not_touched(tmp_path):
    """It can't be there by chance; whoever made it keeps it."""
    (tmp_path / ".handover-known.tmp").mkdir()
    (tmp_path / ".handover-known.tmp/theirs").write_bytes(b"1")
    with pytest.raises(OutputError, match="something was put there"):
        extract(archive_of(), tmp_path / "acme", token=lambda: "known")
    assert tree(tmp_path) == {".handover-known.tmp/theirs": b"1"}


def test_a_link_that_stands_where_the_temporary_would_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".handover-known.tmp").symlink_to("elsewhere")
    with pytest.raises(OutputError, match="something was put there"):
        extract(archive_of(), tmp_path / "acme", token=lambda: "known")
    assert tree(tmp_path) == {}


def test_a_link_put_at_the_target_meanwhile_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    target = tmp_path / "acme"

    def link(_count):
        if not target.is_symlink():
            target.symlink_to("elsewhere")

    with pytest.raises(OutputError, match=r"can't write|something was put there"):
        extract(archive_of(), target, on_progress=link)
    assert tree(tmp_path) == {}
    assert sorted(names(tmp_path)) == ["acme", "elsewhere"]


def test_folders_as_deep_as_names_may_be_are_made(tmp_path):
    deep = "/".join("d" * 100)
    files = {"mimetype": MIMETYPE, deep: b"deep"}
    assert tree(extract(archive_of(files), tmp_path / "acme")) == files


def test_an_interruption_leaves_nothing(tmp_path):
    def interrupt(_count):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract(archive_of(), tmp_path / "acme", on_progress=interrupt)
    assert names(tmp_path) == []


def test_a_target_that_is_filled_meanwhile_is_not_touched(tmp_path):
    target = tmp_path / "acme"

    def fill(_count):
        target.mkdir(exist_ok=True)
        (target / "theirs").touch()

    with pytest.raises(OutputError, match="meanwhile"):
        extract(archive_of(), target, on_progress=fill)
    assert tree(tmp_path) == {"acme/theirs": b""}


# What a killed extraction leaves

DEAD = ".handover-0123456789abcdef.tmp"


def left_behind(tmp_path: Path, name: str = DEAD) -> Path:
    folder = tmp_path / name
    (folder / "assets").mkdir(parents=True)
    (folder / "assets/half.txt").write_bytes(b"1")
    return folder


def test_the_next_extraction_removes_what_a_killed_one_left(tmp_path):
    left_behind(tmp_path)
    extract(archive_of(), tmp_path / "acme")
    assert names(tmp_path) == ["acme"]


def test_what_an_extraction_killed_outright_leaves_is_removed_by_the_next(tmp_path):
    script = (
        "import os, signal, pathlib, sys; from test_extract import archive_of;"
        "from handover.bundle.extract import extract;"
        "extract(archive_of(), pathlib.Path(sys.argv[1]), on_progress=lambda _: os.kill(os.getpid(), signal.SIGKILL))"
    )
    killed = subprocess.run([sys.executable, "-c", script, tmp_path / "acme"], cwd=Path(__file__).parent, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(names(tmp_path)) == 1
    extract(archive_of(), tmp_path / "acme")
    assert names(tmp_path) == ["acme"]


def test_the_next_build_removes_what_a_killed_extraction_left(tmp_path):
    left_behind(tmp_path)
    with FolderLock(tmp_path, "acme"):
        pass
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(".handover-0123456789ABCDEF.tmp", id="capital digits"),
        pytest.param(".handover-0123456789abcde.tmp", id="a digit too few"),
        pytest.param(".handover-0123456789abcdef0.tmp", id="a digit too many"),
        pytest.param(".handover-notes.tmp", id="a word"),
        pytest.param("handover-0123456789abcdef.tmp", id="a name that isn't hidden"),
    ],
)
def test_folders_that_are_called_almost_so_are_kept(tmp_path, name):
    kept = left_behind(tmp_path, name)
    extract(archive_of(), tmp_path / "acme")
    assert tree(kept) == {"assets/half.txt": b"1"}


def test_links_of_the_temporary_name_are_kept_and_a_dead_builds_file_goes(tmp_path):
    elsewhere = left_behind(tmp_path, "elsewhere")
    (tmp_path / DEAD).symlink_to("elsewhere")
    (tmp_path / DEAD.replace("f", "0")).write_bytes(b"a file")
    extract(archive_of(), tmp_path / "acme")
    assert tree(elsewhere) == {"assets/half.txt": b"1"}
    assert sorted(names(tmp_path)) == [DEAD, "acme", "elsewhere"]


def test_a_link_inside_a_dead_folder_is_removed_and_not_followed(tmp_path):
    elsewhere = left_behind(tmp_path, "elsewhere")
    (left_behind(tmp_path) / "link").symlink_to(elsewhere)
    extract(archive_of(), tmp_path / "acme")
    assert tree(elsewhere) == {"assets/half.txt": b"1"}
    assert sorted(names(tmp_path)) == ["acme", "elsewhere"]


def test_somebody_elses_folder_is_kept(tmp_path, monkeypatch):
    kept = left_behind(tmp_path)
    monkeypatch.setattr("os.getuid", lambda: kept.stat().st_uid + 1)
    extract(archive_of(), tmp_path / "acme")
    assert kept.is_dir()


def test_what_a_living_extraction_writes_is_kept(tmp_path):
    seen: list[str] = []

    def meanwhile(_count):
        if not seen:
            extract(archive_of(), tmp_path / "other")
            seen.extend(names(tmp_path))

    extract(archive_of(), tmp_path / "acme", on_progress=meanwhile)
    assert sum(name.startswith(".handover-") for name in seen) == 1
    assert tree(tmp_path / "acme") == tree(tmp_path / "other") == FILES
    assert sorted(names(tmp_path)) == ["acme", "other"]


def test_a_folder_that_is_swept_before_it_is_locked_is_made_again(tmp_path, monkeypatch):
    tokens = iter(["0" * 16, "1" * 16])
    real = Path.chmod

    def swept(path, mode, **options):
        real(path, mode, **options)
        if path.name.endswith("0" * 16 + ".tmp"):
            sweep(tmp_path)

    monkeypatch.setattr(Path, "chmod", swept)
    extract(archive_of(), tmp_path / "acme", token=lambda: next(tokens))
    assert tree(tmp_path) == {f"acme/{name}": content for name, content in FILES.items()}


def test_where_folders_cant_be_locked_nothing_is_swept_and_all_is_extracted(tmp_path, monkeypatch):
    kept = left_behind(tmp_path)

    def refuse(_descriptor, _operation):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", refuse)
    extract(archive_of(), tmp_path / "acme")
    assert kept.is_dir()
    assert sorted(names(tmp_path)) == [DEAD, "acme"]


def test_the_folder_one_stands_in_is_not_replaced(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError, match="the folder you are in"):
        extract(archive_of(), Path("."))  # noqa: PTH201 — as it is typed
    assert names(tmp_path) == []
