"""Atomic output: what stands under the final name, and what is left, whatever goes wrong."""

import errno
import hashlib
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from handover.bundle import staging
from handover.bundle.publish import FolderLock, Publication, write_file
from handover.model.errors import OutputError

NAME = "acme-handover.zip"


def publish(folder: Path, content: bytes = b"new", *, replace: bool = False, **options):
    with Publication(folder, NAME, replace=replace, **options) as publication:
        publication.file.write(content)
        return publication.commit()


def names(folder: Path) -> list[str]:
    """What is in a folder, but for the lock files of commands that are at work."""
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


@pytest.mark.parametrize("replace", [False, True])
def test_a_new_output_is_whole_private_and_alone(tmp_path, replace):
    content = b"content" * 400_000
    published = publish(tmp_path, content, replace=replace)
    assert published.path == tmp_path / NAME
    assert published.path.read_bytes() == content
    assert (published.size, published.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert stat.S_IMODE(published.path.stat().st_mode) == 0o600
    assert names(tmp_path) == [NAME]


def test_before_commit_there_is_only_a_private_temporary(tmp_path):
    with Publication(tmp_path, NAME, replace=False) as publication:
        assert publication.temporary.name.startswith(".handover-")
        assert stat.S_IMODE(publication.temporary.stat().st_mode) == 0o600
        assert names(tmp_path) == [publication.temporary.name]


def test_without_commit_nothing_is_left_and_an_earlier_output_stands(tmp_path):
    (tmp_path / NAME).write_bytes(b"old")
    with Publication(tmp_path, NAME, replace=True) as publication:
        publication.file.write(b"new")
    assert (tmp_path / NAME).read_bytes() == b"old"
    assert names(tmp_path) == [NAME]


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt, SystemExit])
def test_any_exception_leaves_nothing(tmp_path, kind):
    with pytest.raises(kind), Publication(tmp_path, NAME, replace=False):
        raise kind
    assert names(tmp_path) == []


def test_an_existing_output_needs_replace(tmp_path):
    (tmp_path / NAME).write_bytes(b"old")
    with pytest.raises(OutputError, match="exists already") as caught:
        publish(tmp_path)
    assert "--replace" in caught.value.hint
    assert (tmp_path / NAME).read_bytes() == b"old"
    publish(tmp_path, replace=True)
    assert (tmp_path / NAME).read_bytes() == b"new"
    assert names(tmp_path) == [NAME]


def test_an_output_that_came_meanwhile_is_not_overwritten(tmp_path):
    with Publication(tmp_path, NAME, replace=False) as publication:
        publication.file.write(b"new")
        (tmp_path / NAME).write_bytes(b"someone else's")
        with pytest.raises(OutputError, match="exists already"):
            publication.commit()
    assert (tmp_path / NAME).read_bytes() == b"someone else's"
    assert names(tmp_path) == [NAME]


@pytest.mark.parametrize("replace", [False, True])
def test_a_dangling_link_of_that_name_counts_as_existing(tmp_path, replace):
    (tmp_path / NAME).symlink_to("nowhere")
    if not replace:
        with pytest.raises(OutputError, match="exists already"):
            publish(tmp_path)
        return
    publish(tmp_path, replace=True)
    assert not (tmp_path / NAME).is_symlink()


def test_a_folder_of_that_name_is_never_replaced(tmp_path):
    (tmp_path / NAME).mkdir()
    with pytest.raises(OutputError, match="isn't a file"):
        publish(tmp_path, replace=True)


def test_without_hard_links_a_plain_rename_does_it(tmp_path, monkeypatch):
    def refuse(*_args, **_options):
        raise OSError(errno.EOPNOTSUPP, "not here")

    monkeypatch.setattr(os, "link", refuse)
    assert publish(tmp_path).path.read_bytes() == b"new"
    assert names(tmp_path) == [NAME]
    with Publication(tmp_path, "second.zip", replace=False) as publication:
        (tmp_path / "second.zip").touch()
        with pytest.raises(OutputError, match="exists already"):
            publication.commit()


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        pytest.param("missing", "there is no such folder", id="a missing folder"),
        pytest.param("file", "isn't a folder", id="a file in its place"),
    ],
)
def test_a_bad_folder_is_refused_before_work(tmp_path, folder, words):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=words) as caught:
        publish(tmp_path / folder)
    assert "-o DIR" in caught.value.hint


def test_a_folder_without_permission_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(OutputError, match="isn't allowed"):
        publish(tmp_path)


def test_a_disk_too_small_is_refused_before_work(tmp_path):
    with pytest.raises(OutputError, match="MB free, writing may need"):
        publish(tmp_path, estimate=10**18)
    assert names(tmp_path) == []
    with Publication(tmp_path, NAME, replace=False) as publication, pytest.raises(OutputError, match="MB free"):
        publication.require_space(10**18)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EIO, "can't write"),
        (errno.EROFS, "isn't allowed"),
        (errno.EFBIG, "as large"),
    ],
)
@pytest.mark.parametrize("step", ["fsync", "replace", "folder"])
def test_a_disk_that_refuses_to_finish_is_told_and_nothing_is_lost(tmp_path, monkeypatch, code, words, step):
    (tmp_path / NAME).write_bytes(b"old")

    def refuse(*_args, **_options):
        raise OSError(code, os.strerror(code))

    target = {"fsync": (os, "fsync"), "replace": (Path, "replace"), "folder": (staging, "sync_folder")}[step]
    monkeypatch.setattr(*target, refuse)
    with pytest.raises(OutputError, match=words):
        publish(tmp_path, replace=True)
    assert (tmp_path / NAME).read_bytes() == (b"new" if step == "folder" else b"old")
    assert names(tmp_path) == [NAME]


def test_a_full_disk_while_writing_is_an_output_error(tmp_path):
    with pytest.raises(OutputError, match="disk is full"), Publication(tmp_path, NAME, replace=False):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert names(tmp_path) == []


def test_two_builds_of_the_same_are_kept_apart(tmp_path):
    with Publication(tmp_path, NAME, replace=False) as first:
        with pytest.raises(OutputError, match="another handover command is writing the same here"):
            publish(tmp_path)
        assert first.temporary.exists()
    assert publish(tmp_path).path.exists()
    assert [path.name for path in tmp_path.iterdir()] == [NAME], "no lock file is left"


def test_builds_of_different_clients_dont_wait_for_each_other(tmp_path):
    with FolderLock(tmp_path, "acme"), Publication(tmp_path, NAME, replace=False) as first:
        first.file.write(b"acme's")
        with FolderLock(tmp_path, "zenith"), Publication(tmp_path, "zenith-handover.zip", replace=False) as second:
            second.file.write(b"zenith's")
            second.commit()
        assert first.temporary.exists(), "the other build swept what a living one writes"
        first.commit()
    assert names(tmp_path) == [NAME, "zenith-handover.zip"]
    assert (tmp_path / NAME).read_bytes() == b"acme's"


def test_a_lock_file_that_is_removed_under_a_waiting_command_is_made_anew(tmp_path, monkeypatch):
    real, removed = staging.lock, []

    def lock(descriptor):
        if not removed:
            removed.append(next(tmp_path.glob("*.lock")))
            removed[0].unlink()
        real(descriptor)

    monkeypatch.setattr(staging, "lock", lock)
    with FolderLock(tmp_path, "acme"), pytest.raises(OutputError, match="writing the same"):
        FolderLock(tmp_path, "acme").__enter__()
    assert list(tmp_path.iterdir()) == []


def test_a_temporary_that_is_swept_before_it_is_locked_is_made_anew(tmp_path, monkeypatch):
    real, removed = staging.lock, []

    def lock(descriptor):
        if not removed and (found := list(tmp_path.glob("*.tmp"))):
            removed.append(found[0])
            found[0].unlink()
        real(descriptor)

    monkeypatch.setattr(staging, "lock", lock)
    assert publish(tmp_path).path.read_bytes() == b"new"
    assert removed
    assert names(tmp_path) == [NAME]


def test_a_temporary_name_that_cannot_be_removed_is_told_and_the_output_stands(tmp_path, monkeypatch):
    def refuse(path, **_options):
        raise PermissionError(errno.EPERM, "not here")

    with Publication(tmp_path, NAME, replace=False) as publication:
        publication.file.write(b"new")
        monkeypatch.setattr(Path, "unlink", refuse)
        published = publication.commit()
        monkeypatch.undo()
        assert published.left == publication.temporary
    assert (tmp_path / NAME).read_bytes() == b"new"


def test_what_lies_where_a_link_leads_is_not_swept(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / ".handover-0123456789abcdef.tmp").write_bytes(b"somebody's")
    (tmp_path / "link").symlink_to("real")
    publish(tmp_path / "link")
    assert names(tmp_path / "real") == [".handover-0123456789abcdef.tmp", NAME]


def test_another_process_holds_the_lock_until_it_dies(tmp_path):
    code = (
        "import sys, pathlib\n"
        "from handover.bundle.publish import Publication\n"
        "publication = Publication(pathlib.Path(sys.argv[1]), 'acme-handover.zip', replace=False)\n"
        "publication.__enter__()\n"
        "print('ready', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "ready\n"
        with pytest.raises(OutputError, match="another handover command"):
            publish(tmp_path)
        other.kill()
        other.wait()
        assert len(names(tmp_path)) == 1, "the killed build's temporary"
        publish(tmp_path)
    assert names(tmp_path) == [NAME]


def test_two_publications_under_one_lock(tmp_path):
    with FolderLock(tmp_path, "acme") as lock, Publication(tmp_path, "unknown-yet", replace=False, lock=lock) as assets:
        assets.file.write(b"assets")
        with Publication(tmp_path, NAME, replace=False, lock=lock) as bundle:
            bundle.file.write(b"bundle")
            assets.rename("assets-0123.zip")
            assert assets.commit().path == tmp_path / "assets-0123.zip"
            bundle.commit()
    assert names(tmp_path) == [NAME, "assets-0123.zip"]


def test_stale_temporaries_are_swept_and_other_files_left(tmp_path):
    (tmp_path / ".handover-0123456789abcdef.tmp").write_bytes(b"of a dead build")
    (tmp_path / ".handover-notes").touch()
    (tmp_path / ".handover-folder.tmp").mkdir()
    publish(tmp_path)
    assert names(tmp_path) == [".handover-folder.tmp", ".handover-notes", NAME]


@pytest.mark.parametrize("name", ["a/b.zip", "../b.zip", "", ".."])
def test_a_final_name_has_no_folders(tmp_path, name):
    with pytest.raises(OutputError, match="isn't a file name"), Publication(tmp_path, name, replace=False):
        pass


def test_the_file_is_there_only_inside(tmp_path):
    with pytest.raises(ValueError, match="isn't open"):
        Publication(tmp_path, NAME, replace=False).file.read()


@pytest.mark.parametrize("content", [b"whole", [b"in ", b"pieces"], iter([b"", b"x" * 200_000])])
def test_a_small_file_is_written_whole(tmp_path, content):
    expected = content if isinstance(content, bytes) else None
    write_file(tmp_path / "draft.eml", content, replace=False)
    data = (tmp_path / "draft.eml").read_bytes()
    assert data in {expected, b"in pieces", b"x" * 200_000}
    with pytest.raises(OutputError, match="exists already"):
        write_file(tmp_path / "draft.eml", b"again", replace=False)
    write_file(tmp_path / "draft.eml", b"again", replace=True, mode=0o644)
    assert (tmp_path / "draft.eml").read_bytes() == b"again"
    assert stat.S_IMODE((tmp_path / "draft.eml").stat().st_mode) == 0o644


def test_without_a_mode_the_umask_decides(tmp_path):
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "letter.docx", b"x", replace=False, mode=None)
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "letter.docx").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("target", "words"),
    [
        pytest.param("letter.docx", "letter.docx: it exists already", id="a file here"),
        pytest.param("folder/letter.docx", "folder/letter.docx: it exists already", id="a file in a folder"),
        pytest.param("nowhere/letter.docx", "nowhere: there is no such folder", id="a folder that isn't there"),
    ],
)
def test_messages_name_a_file_as_it_was_given(tmp_path, monkeypatch, target, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    for name in ("letter.docx", "folder/letter.docx"):
        (tmp_path / name).write_bytes(b"1")
    with pytest.raises(OutputError) as caught:
        write_file(Path(target), b"2", replace=False)
    assert str(caught.value) == words


def test_the_folder_one_stands_in_is_called_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    holding = FolderLock(Path(), "letter.docx")
    with holding, pytest.raises(OutputError, match=r"^this folder: another handover command"):
        write_file(Path("letter.docx"), b"2", replace=False)


def test_what_is_settled_can_be_read_and_given_up_while_the_disk_is_at_work(tmp_path, monkeypatch):
    begun, finished = threading.Event(), threading.Event()
    monkeypatch.setattr(os, "fsync", lambda _descriptor: (begun.set(), finished.wait(20)))
    with Publication(tmp_path, NAME, replace=False) as publication:
        publication.file.write(b"new")
        publication.settle()
        assert begun.wait(20)
        publication.file.seek(0)
        assert publication.file.read() == b"new"
    assert names(tmp_path) == []  # without waiting for a disk that nobody needs any more
    finished.set()


@pytest.mark.parametrize("starts", [True, False])
@pytest.mark.parametrize("early", [b"", b"of the client's files", bytes(3_000_000)])
def test_the_digest_is_of_all_whatever_of_it_was_begun_with_and_without_a_thread(starts, early, tmp_path, monkeypatch):
    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    if not starts:
        monkeypatch.setattr(threading.Thread, "start", refuse)
    assert publish(tmp_path).sha256 == hashlib.sha256(b"new").hexdigest()
    with Publication(tmp_path, "begun.zip", replace=False) as publication:
        publication.file.write(early)
        publication.begin()
        publication.file.write(b"and the rest")
        assert (
            publication.commit().sha256 == publication.sha256() == hashlib.sha256(early + b"and the rest").hexdigest()
        )
