"""Reuse: an unchanged file comes from the previous bundle, and a wrong record costs time, never correctness."""

import hashlib
import json
import os
import random
import time
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from handover.bundle.write import BundleWriter, forget_reuse, load_reuse, save_reuse, scan_assets
from handover.bundle.write import units as units_module
from handover.bundle.write.deflate import best_codec, zlib_codec


def noise(length: int) -> bytes:
    return b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(length // 32))


FILES = {
    "tiny.txt": b"tiny",
    "text.txt": b"compressible " * 9_000,
    "photo.jpg": noise(300_000),
    "video.mp4": noise(2_500_000),
    "book.txt": b"a large compressible file " * 90_000,
}


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(
        "handover.bundle.write.reuse._SETTLED_NS", -(10**18)
    )  # files made a moment ago count as settled
    (tmp_path / "assets").mkdir()
    (tmp_path / "out").mkdir()
    for name, content in FILES.items():
        (tmp_path / "assets" / name).write_bytes(content)
    return tmp_path


def build(project: Path, name: str, *, reuse: bool = True, save: bool = True, codec=None, workers=2) -> BundleWriter:
    out = project / "out"
    previous = load_reuse(out, "acme") if reuse else None
    with (out / name).open("wb+", buffering=0) as file:
        writer = BundleWriter(file, workers=workers, reuse=previous, codec=codec)
        writer.add_mimetype()
        writer.add_assets(project / "assets", scan_assets(project / "assets")[0])
        writer.finish()
    if previous:
        previous.close()
    if save:
        save_reuse(out, "acme", name, writer.codec, writer.kept)
    return writer


@pytest.fixture
def count_reads(monkeypatch):
    """The names of the files whose content was read."""
    read: list[str] = []
    for function in ("_store", "_deflate"):
        real = getattr(units_module, function)
        monkeypatch.setattr(
            units_module,
            function,
            lambda w, source, *rest, real=real: (read.append(source.path), real(w, source, *rest))[1],
        )
    real_store = units_module.store_content
    monkeypatch.setattr(
        units_module,
        "store_content",
        lambda codec, name, content: (read.append(name[7:]), real_store(codec, name, content))[1],
    )
    return read


@pytest.mark.parametrize("workers", [1, 3])
def test_unchanged_files_are_copied_and_the_bytes_are_the_same(project, count_reads, workers):
    build(project, "one.zip")
    assert sorted(count_reads) == sorted(FILES)
    count_reads.clear()
    build(project, "two.zip", workers=workers)
    assert count_reads == ["tiny.txt"]  # too small to be worth a record
    assert (project / "out/one.zip").read_bytes() == (project / "out/two.zip").read_bytes()


def test_a_third_build_reuses_the_second(project, count_reads):
    for name in ("one.zip", "two.zip"):
        build(project, name)
    (project / "out/one.zip").unlink()
    count_reads.clear()
    build(project, "three.zip")
    assert count_reads == ["tiny.txt"]


def test_one_changed_file_is_packed_anew_and_the_rest_copied(project, count_reads):
    build(project, "one.zip")
    (project / "assets/book.txt").write_bytes(FILES["book.txt"] + b"more")
    count_reads.clear()
    build(project, "two.zip", save=False)
    assert sorted(count_reads) == ["book.txt", "tiny.txt"]
    build(project, "fresh.zip", reuse=False)
    assert (project / "out/two.zip").read_bytes() == (project / "out/fresh.zip").read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda path, facts: path.write_bytes(path.read_bytes()[::-1]), id="content with another time"),
        pytest.param(
            lambda path, facts: (path.write_bytes(path.read_bytes()[::-1]), os.utime(path, ns=(0, facts.st_mtime_ns))),
            id="content with its time put back",
        ),
        pytest.param(
            lambda path, facts: (path.rename(path.parent.parent / "old"), path.write_bytes(b"!" * facts.st_size)),
            id="another file in its place",
        ),
    ],
)
def test_a_changed_file_is_never_taken_for_unchanged(project, change):
    build(project, "one.zip")
    path = project / "assets/photo.jpg"
    change(path, path.stat())
    build(project, "two.zip")
    with zipfile.ZipFile(project / "out/two.zip") as archive:
        assert archive.read("assets/photo.jpg") == path.read_bytes()


def test_a_file_changed_just_before_packing_is_not_recorded(project, monkeypatch):
    monkeypatch.undo()
    writer = build(project, "one.zip")
    assert writer.kept == ()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: data[: len(data) // 2], id="cut in half"),
        pytest.param(lambda data: bytes(len(data)), id="zeroed"),
        pytest.param(lambda data: b"", id="emptied"),
        pytest.param(lambda data: data[:9000] + bytes([data[9000] ^ 1]) + data[9001:], id="one bit flipped"),
    ],
)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_damaged_previous_bundle_costs_time_only(project, damage, workers):
    build(project, "one.zip")
    good = (project / "out/one.zip").read_bytes()
    (project / "out/one.zip").write_bytes(damage(good))
    build(project, "two.zip", workers=workers)
    assert (project / "out/two.zip").read_bytes() == good


def _edit(project: Path, change) -> None:
    path = project / "out/.reuse/acme.json"
    record = json.loads(path.read_text())
    change(record)
    lines = ",\n".join(json.dumps(one) for one in record[3])
    path.write_text(json.dumps(record[:3])[:-1] + ",[\n" + lines + "\n]]\n")


PATH, SIZE, METHOD, CRC, COMPRESSED, OFFSET, SHA, DATA_SHA = 0, 1, 5, 6, 7, 8, 9, 10


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda r: r.__setitem__(0, 99), id="another version"),
        pytest.param(lambda r: r.__setitem__(1, "../one.zip"), id="a bundle elsewhere"),
        pytest.param(lambda r: r.__setitem__(1, "absent.zip"), id="a bundle that is gone"),
        pytest.param(lambda r: r.__setitem__(1, 7), id="a bundle that isn't a name"),
        pytest.param(lambda r: [one.__setitem__(OFFSET, one[OFFSET] + 1) for one in r[3]], id="offsets off by one"),
        pytest.param(lambda r: [one.__setitem__(OFFSET, 10**15) for one in r[3]], id="offsets far outside"),
        pytest.param(lambda r: [one.__setitem__(OFFSET, 10**30) for one in r[3]], id="offsets beyond any file"),
        pytest.param(lambda r: [one.__setitem__(OFFSET, -1) for one in r[3]], id="negative offsets"),
        pytest.param(lambda r: [one.__setitem__(OFFSET, "1") for one in r[3]], id="offsets as text"),
        pytest.param(lambda r: [one.__setitem__(COMPRESSED, 5) for one in r[3]], id="other lengths"),
        pytest.param(lambda r: [one.__setitem__(COMPRESSED, one[SIZE] * 2) for one in r[3]], id="lengths beyond sense"),
        pytest.param(lambda r: [one.__setitem__(METHOD, 12) for one in r[3]], id="another method"),
        pytest.param(lambda r: [one.__setitem__(DATA_SHA, "00" * 32) for one in r[3]], id="other digests of the data"),
        pytest.param(lambda r: [one.__setitem__(SHA, "zz") for one in r[3]], id="digests that aren't hexadecimal"),
        pytest.param(lambda r: [one.append(1) for one in r[3]], id="a field more"),
        pytest.param(lambda r: r[3].clear(), id="no files"),
    ],
)
def test_a_wrong_record_costs_time_only(project, change):
    build(project, "one.zip")
    good = (project / "out/one.zip").read_bytes()
    _edit(project, change)
    build(project, "two.zip")
    assert (project / "out/two.zip").read_bytes() == good


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1,[\n",
        "\x00\xff",
        '[1, "one.zip", "isal-2",[\n[1]\n]]',
        "[" * 100_000,
        '[1, "one.zip", "isal-1",[\n' + "[" * 100_000,
    ],
)
def test_a_record_that_is_none_is_ignored(project, text):
    build(project, "one.zip")
    (project / "out/.reuse/acme.json").write_text(text, encoding="latin-1")
    assert load_reuse(project / "out", "acme") is None


def _link_folder(project: Path) -> None:
    (project / "out/.reuse").rename(project / "elsewhere")
    (project / "out/.reuse").symlink_to(project / "elsewhere")


def _link_record(project: Path) -> None:
    (project / "out/.reuse/acme.json").rename(project / "elsewhere.json")
    (project / "out/.reuse/acme.json").symlink_to(project / "elsewhere.json")


def _pipe_for_record(project: Path) -> None:
    (project / "out/.reuse/acme.json").unlink()
    os.mkfifo(project / "out/.reuse/acme.json")


def _pipe_for_bundle(project: Path) -> None:
    (project / "out/one.zip").unlink()
    os.mkfifo(project / "out/one.zip")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="links and pipes are POSIX's")
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_link_folder, id="the folder of records is a link"),
        pytest.param(_link_record, id="the record is a link"),
        pytest.param(_pipe_for_record, id="the record is a pipe"),
        pytest.param(_pipe_for_bundle, id="the previous bundle is a pipe"),
    ],
)
def test_what_is_no_file_of_ours_is_ignored_at_once(project, change):
    build(project, "one.zip")
    change(project)
    assert load_reuse(project / "out", "acme") is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="links and pipes are POSIX's")
def test_a_record_is_never_written_through_a_link_or_into_a_pipe(project):
    writer = build(project, "one.zip")
    os.mkfifo(project / "out/.reuse/.acme.json.new")
    save_reuse(project / "out", "acme", "one.zip", writer.codec, writer.kept)
    assert load_reuse(project / "out", "acme") is not None
    _link_folder(project)
    recorded = (project / "elsewhere/acme.json").read_bytes()
    with pytest.raises(NotADirectoryError):
        save_reuse(project / "out", "acme", "one.zip", writer.codec, ())
    assert (project / "elsewhere/acme.json").read_bytes() == recorded


def test_another_encoders_record_is_not_used(project, count_reads):
    build(project, "one.zip", codec=replace(best_codec(), name="isal-0"))
    count_reads.clear()
    build(project, "two.zip")
    assert sorted(count_reads) == sorted(FILES)


def test_a_file_that_only_another_encoder_would_store_comes_out_as_without_a_record(project):
    if best_codec().name == zlib_codec().name:
        pytest.skip("there is only one encoder here")
    rng = random.Random(20)
    triples = [rng.randbytes(3) for _ in range(50)]
    content = b"".join(rng.choice(triples) if rng.random() < 0.2 else rng.randbytes(3) for _ in range(33_000))
    (project / "assets/log.bin").write_bytes(content)
    build(project, "one.zip")
    build(project, "fresh.zip", reuse=False, save=False, codec=zlib_codec())
    build(project, "two.zip", codec=zlib_codec())
    methods = []
    for name in ("one.zip", "fresh.zip"):
        with zipfile.ZipFile(project / "out" / name) as archive:
            methods.append(archive.getinfo("assets/log.bin").compress_type)
    assert methods == [0, 8]
    assert (project / "out/two.zip").read_bytes() == (project / "out/fresh.zip").read_bytes()


def test_an_encoders_name_tells_the_librarys_version():
    assert f"-{zlib.ZLIB_RUNTIME_VERSION}-" in zlib_codec().name
    isal = pytest.importorskip("isal")
    assert f"-{isal.ISAL_VERSION}-" in best_codec().name


@pytest.mark.parametrize(
    ("name", "now"),
    [
        pytest.param("text.txt", b"compressible " * 60_000, id="grown out of the small ones"),
        pytest.param("book.txt", b"compressible " * 9_000, id="shrunk to a small one"),
    ],
)
def test_a_file_that_was_listed_as_of_another_kind_is_not_recorded(project, name, now):
    """It was cut, or judged, by the size that was listed, and the next build will do it by the size that it has."""
    sources = scan_assets(project / "assets").sources
    (project / "assets" / name).write_bytes(now)
    with (project / "out/one.zip").open("wb+", buffering=0) as file:
        writer = BundleWriter(file)
        writer.add_assets(project / "assets", sources)
    assert {one.path for one in writer.kept} == set(FILES) - {"tiny.txt", name}


def test_reading_that_moves_a_position_is_done_by_one_worker_at_a_time(project, monkeypatch, count_reads):
    for number in range(12):
        (project / f"assets/{number}.bin").write_bytes(noise(700_000 + number))
    build(project, "one.zip")
    count_reads.clear()
    if hasattr(os, "pread"):
        monkeypatch.delattr(os, "pread")  # as on Windows
    real = os.lseek
    monkeypatch.setattr(os, "lseek", lambda *call: (real(*call), time.sleep(0.0005))[0])
    build(project, "two.zip", workers=6)
    assert count_reads == ["tiny.txt"]
    assert (project / "out/one.zip").read_bytes() == (project / "out/two.zip").read_bytes()


@pytest.mark.parametrize(
    ("size", "compressed", "good"),
    [
        pytest.param(2**32 - 2, 2**32 - 1, False, id="only the stream needs ZIP64"),
        pytest.param(2**32 - 1, 2**32 - 1, True, id="both need ZIP64"),
        pytest.param(2**32 - 2, 2**32 - 2, True, id="neither needs ZIP64"),
    ],
)
def test_a_record_whose_header_would_not_fit_its_place_is_ignored(project, size, compressed, good):
    writer = build(project, "one.zip")
    with (project / "out/one.zip").open("r+b") as file:
        file.truncate(2**33)
    odd = writer.kept[0]._replace(size=size, compressed=compressed, method=8)
    save_reuse(project / "out", "acme", "one.zip", writer.codec, [odd])
    reuse = load_reuse(project / "out", "acme")
    assert (reuse is not None) == good
    if reuse:
        reuse.close()


def test_the_record_is_private_per_client_and_can_be_forgotten(project):
    build(project, "one.zip")
    path = project / "out/.reuse/acme.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert load_reuse(project / "out", "other") is None
    forget_reuse(project / "out", "acme")
    forget_reuse(project / "out", "acme")
    assert load_reuse(project / "out", "acme") is None


def test_a_linked_previous_bundle_is_not_followed(project):
    build(project, "one.zip")
    (project / "out/one.zip").rename(project / "real.zip")
    (project / "out/one.zip").symlink_to(project / "real.zip")
    assert load_reuse(project / "out", "acme") is None
