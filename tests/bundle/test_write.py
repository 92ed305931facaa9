"""The packer: its bytes, its order, its refusals; everything read back by Python's own zipfile."""

import contextlib
import errno
import hashlib
import io
import itertools
import os
import random
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handover.bundle.names import MIMETYPE
from handover.bundle.read import Limits
from handover.bundle.write import AssetChanged, BundleWriter, headers, required_space, scan_assets
from handover.bundle.write import assets as assets_module
from handover.bundle.write import units as units_module
from handover.bundle.write.assets import AssetFolder, open_regular
from handover.bundle.write.deflate import best_codec, zlib_codec
from handover.bundle.write.layout import Layout
from handover.model.artifact import (
    Artifact,
    AssetSource,
    EncryptedArtifact,
    Role,
    Seal,
    SignedArtifact,
    UnsealedByPolicy,
)
from handover.model.errors import AssetError

KB = 1024


def tree(root: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


def noise(length: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(length)


def prose(length: int, seed: int = 1) -> bytes:
    words = ["handover", "client", "logo", "month", "été", "of", "the"]
    said = " ".join(random.Random(seed).choices(words, k=max(1, min(length, 400_000) // 4))).encode()
    return (said * (length // len(said) + 1))[:length]


def pack(root: Path, out: Path, *, sources=None, **options):
    kept = {name: options.pop(name) for name in ("look",) if name in options}
    with out.open("wb+", buffering=0) as file:
        writer = BundleWriter(file, **options)
        writer.add_mimetype()
        records = writer.add_assets(root, sources or scan_assets(root)[0], **kept)
        size = writer.finish()
    assert size == out.stat().st_size
    return writer, records


MIXED = {
    "empty": b"",
    "été/tiny.txt": b"x",
    "docs/report.txt": prose(3_000_000),
    "docs/small.txt": prose(20_000),
    "photo.jpg": noise(1_500_000),
    "half.bin": noise(40_000) + bytes(40_000),
    "zero.img": bytes(5_000_000),
    **{f"many/{number:03}.css": prose(300, number) for number in range(400)},
}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory) -> Path:
    return tree(tmp_path_factory.mktemp("mixed"), MIXED)


@pytest.mark.parametrize("workers", [1, 2, 5])
@pytest.mark.parametrize("codec", [best_codec, zlib_codec])
def test_another_reader_finds_every_file_as_it_was(mixed, tmp_path, workers, codec):
    _, records = pack(mixed, tmp_path / "o.zip", workers=workers, codec=codec())
    with zipfile.ZipFile(tmp_path / "o.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["mimetype", *(record.entry.name for record in records)]
        assert {name[len("assets/") :]: archive.read(name) for name in archive.namelist()[1:]} == MIXED
    for record in records:
        content = MIXED[record.source.path]
        assert (record.entry.size, record.entry.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert record.entry.role is Role.ASSET


def test_bytes_do_not_depend_on_the_number_of_workers(mixed, tmp_path):
    digests = set()
    for workers in (1, 2, 3, 8):
        pack(mixed, tmp_path / "o.zip", workers=workers)
        digests.add(hashlib.sha256((tmp_path / "o.zip").read_bytes()).hexdigest())
    assert len(digests) == 1


PERTURBED = """
import hashlib, random
from handover.bundle.write.deflate import best_codec
words = [b"of", b"the", b"client", b"month", b"logo"]
codec, digest, rng = best_codec(), hashlib.sha256(), random.Random(1)
for size in [*range(290, 1400, 3), 3000, 20_000, 200_000]:
    data = b" ".join(rng.choices(words, k=size))[:size]
    stream, first = codec.compressor(), max(290, size // 2)
    digest.update(codec.compress(data))
    digest.update(stream.compress(data[:first]) + stream.compress(data[first:]) + stream.flush())
print(digest.hexdigest())
"""


@pytest.mark.parametrize("most", [0, 1, 1000], ids=["nothing", "a block", "everything"])
def test_whoever_looks_sees_each_file_and_changes_no_byte(mixed, tmp_path, most):
    seen: dict[str, tuple[int, bytes]] = {}

    def look(entry: str, size: int, blocks: Iterator[bytes]) -> None:
        seen[entry] = size, b"".join(itertools.islice(blocks, most))

    _, records = pack(mixed, tmp_path / "seen.zip", workers=3, look=look)
    pack(mixed, tmp_path / "unseen.zip", workers=1)
    assert (tmp_path / "seen.zip").read_bytes() == (tmp_path / "unseen.zip").read_bytes()
    for record in records:
        size, content = seen.pop(record.entry.name)
        whole = (mixed / record.source.path).read_bytes()
        assert size == len(whole)
        assert content == whole if most > 1 else whole.startswith(content)
    assert seen == {}


def test_what_goes_wrong_while_looking_stops_the_packing(mixed, tmp_path):
    def look(entry: str, _size: int, blocks: Iterator[bytes]) -> None:
        next(blocks, b"")
        raise ZeroDivisionError(entry)

    with pytest.raises(ZeroDivisionError):
        pack(mixed, tmp_path / "out.zip", workers=2, look=look)


def test_deflated_bytes_do_not_depend_on_what_the_memory_held_before():
    # glibc fills fresh memory with the given byte; elsewhere the variable does nothing.
    digests = {
        subprocess.run(
            [sys.executable, "-c", PERTURBED],
            env={**os.environ, "MALLOC_PERTURB_": value},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for value in ("0", "254")
    }
    assert len(digests) == 1


def test_the_fast_encoder_sees_a_streams_third_byte():
    """Left alone, it takes that byte's hash from an address: a repetition of the first bytes is found by luck."""
    isal_zlib = pytest.importorskip("isal.isal_zlib")
    ours = alone = 0
    for seed in range(40):
        word = noise(200, seed)
        content = noise(2, seed + 100) + word + noise(300, seed + 200) + word
        ours += len(best_codec().compress(content))
        stream = isal_zlib.compressobj(level=1, wbits=-15)
        alone += len(stream.compress(content) + stream.flush())
    assert ours <= alone - 30  # a literal for each of the repetitions


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_mixture_of_sizes_is_the_same_with_one_worker_and_with_four(tmp_path_factory, monkeypatch, data):
    # Small thresholds, so that every path of the layout (held, parked, promised, waiting) is walked in little time.
    with monkeypatch.context() as patch:
        patch.setattr(units_module, "SMALL_FILE", 2 * KB)
        patch.setattr(units_module, "_BATCH_BYTES", 4 * KB)
        patch.setattr("handover.bundle.write.layout._PARKED", data.draw(st.sampled_from([0, 3 * KB, 30 * KB])))
        patch.setattr("handover.bundle.write.layout._HELD", 3 * KB)
        codec = best_codec()._replace(alone_below=data.draw(st.sampled_from([0, KB, 32 * KB])))
        sizes = data.draw(st.lists(st.tuples(st.integers(0, 40 * KB), st.booleans()), min_size=1, max_size=25))
        root = tmp_path_factory.mktemp("sizes")
        for number, (size, random_bytes) in enumerate(sizes):
            (root / f"{number:02}").write_bytes(noise(size, number) if random_bytes else prose(size, number))
        pack(root, root.parent / "one.zip", workers=1, codec=codec)
        pack(root, root.parent / "four.zip", workers=4, codec=codec)
    assert (root.parent / "one.zip").read_bytes() == (root.parent / "four.zip").read_bytes()
    with zipfile.ZipFile(root.parent / "four.zip") as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == len(sizes) + 1


def test_compressible_content_is_deflated_and_the_rest_stored_whatever_the_name(tmp_path):
    root = tree(
        tmp_path / "t",
        {
            "a.jpg": prose(2_000_000),
            "b.txt": noise(2_000_000),
            "c.zip": prose(5_000),
            "d.txt": noise(5_000),
            "e": b"hi",
        },
    )
    pack(root, tmp_path / "o.zip")
    with zipfile.ZipFile(tmp_path / "o.zip") as archive:
        methods = {info.filename: info.compress_type for info in archive.infolist()}
    assert methods == {
        "mimetype": 0,
        "assets/a.jpg": 8,
        "assets/b.txt": 0,
        "assets/c.zip": 8,
        "assets/d.txt": 0,
        "assets/e": 0,
    }


def test_metadata_is_fixed_and_tells_nothing_about_the_machine(mixed, tmp_path):
    pack(mixed, tmp_path / "o.zip")
    with zipfile.ZipFile(tmp_path / "o.zip") as archive:
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert (info.create_system, info.external_attr, info.extra, info.comment) == (3, 0o100644 << 16, b"", b"")
            assert info.flag_bits == (0 if info.filename.isascii() else 0x800)


def test_mimetype_stands_first_with_its_content_at_offset_38(tmp_path):
    (tmp_path / "t").mkdir()
    pack(tmp_path / "t", tmp_path / "o.zip")
    assert (tmp_path / "o.zip").read_bytes()[30:69] == b"mimetype" + MIMETYPE


def test_mimetype_is_refused_later():
    with _writer() as writer:
        writer.add(UnsealedByPolicy("a.txt", Role.DATA, b"x"))
        with pytest.raises(ValueError, match="first"):
            writer.add_mimetype()


@contextlib.contextmanager
def _writer(**options):
    with tempfile.TemporaryFile(buffering=0) as file:
        yield BundleWriter(file, **options)


def test_only_sealed_documents_are_packed():
    with _writer() as writer:
        with pytest.raises(TypeError, match="only sealed"):
            writer.add(Artifact("02-inventory.xlsx", Role.INVENTORY, Seal.ENCRYPTED, b"plain"))  # type: ignore[arg-type]
        for kind in (SignedArtifact, EncryptedArtifact, UnsealedByPolicy):
            record = writer.add(kind(f"{kind.__name__}.bin", Role.DATA, b"data"))
            assert record.sha256 == hashlib.sha256(b"data").hexdigest()
        assert [entry.name for entry in writer.entries] == [
            "SignedArtifact.bin", "EncryptedArtifact.bin", "UnsealedByPolicy.bin",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("../evil", "can't travel", id="a name that leaves the folder"),
        pytest.param("LETTER.docx", "already has", id="a name that is taken on Windows"),
    ],
)
def test_a_document_with_a_bad_name_is_refused(name, words):
    with _writer() as writer:
        writer.add(UnsealedByPolicy("letter.docx", Role.LETTER, b"1"))
        with pytest.raises(AssetError, match=words):
            writer.add(UnsealedByPolicy(name, Role.LETTER, b"2"))


def test_documents_and_assets_alternate_in_call_order(tmp_path):
    root = tree(tmp_path / "t", {"b": b"2", "a": b"1"})
    with _writer() as writer:
        writer.add_mimetype()
        writer.add(UnsealedByPolicy("z.txt", Role.DATA, b"first"))
        writer.add_assets(root, [AssetSource("b", "assets/b"), AssetSource("a", "assets/a")])
        writer.add(UnsealedByPolicy("a.txt", Role.DATA, b"last"))
        writer.finish()
        with zipfile.ZipFile(io.BytesIO(_contents(writer))) as archive:
            assert archive.namelist() == ["mimetype", "z.txt", "assets/b", "assets/a", "a.txt"]
            assert [entry.name for entry in writer.entries] == archive.namelist()


def _contents(writer: BundleWriter) -> bytes:
    descriptor = writer._file._descriptor
    return os.pread(descriptor, writer.size, 0)


def test_progress_counts_every_byte_once(mixed, tmp_path):
    seen: list[int] = []
    pack(mixed, tmp_path / "o.zip", workers=3, on_progress=seen.append)
    assert sum(seen) == sum(map(len, MIXED.values()))


def test_required_space_is_enough(mixed, tmp_path):
    sources = scan_assets(mixed).sources
    writer, _ = pack(mixed, tmp_path / "o.zip", sources=sources)
    assert writer.size - 200 <= required_space(sources) <= sum(map(len, MIXED.values())) + 300 * len(MIXED)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("content", [pytest.param(b"x", id="small"), pytest.param(noise(600_000), id="large")])
def test_a_callback_that_fails_is_not_taken_for_a_file_that_cannot_be_read(tmp_path, workers, content):
    root = tree(tmp_path / "t", {"a": content})
    refusal = BrokenPipeError(errno.EPIPE, "Broken pipe")

    def fail(_about):
        raise refusal

    with pytest.raises(BrokenPipeError) as caught:
        pack(root, tmp_path / "o.zip", workers=workers, on_progress=fail)
    assert caught.value is refusal


def test_modification_times_are_utc_and_clamped(tmp_path):
    root = tree(tmp_path / "t", {"a": b"1", "b": b"2"})
    os.utime(root / "a", (1_700_000_000, 1_700_000_000.75))
    os.utime(root / "b", (-5, -5))
    _, records = pack(root, tmp_path / "o.zip")
    assert [record.modified.isoformat() for record in records] == [
        "2023-11-14T22:13:20+00:00",
        "1970-01-01T00:00:00+00:00",
    ]


@pytest.mark.parametrize("path", ["small.txt", "large.bin", "large.txt"])
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(lambda path: path.write_bytes(path.read_bytes() + b"more"), "it grew", id="grown"),
        pytest.param(lambda path: os.truncate(path, 100), "it shrank", id="truncated"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[::-1]), "it changed", id="rewritten"),
    ],
)
def test_a_file_that_changes_while_it_is_packed_is_refused_by_name(tmp_path, monkeypatch, path, workers, change, words):
    files = {"small.txt": prose(9_000), "large.bin": noise(3_000_000), "large.txt": prose(3_000_000)}
    root = tree(tmp_path / "t", files)
    sources = scan_assets(root).sources
    _when_described(monkeypatch, path, lambda: change(root / path))
    with pytest.raises(AssetChanged, match=f"assets/{path}: {words} while it was packed"):
        pack(root, tmp_path / "o.zip", sources=sources, workers=workers)


def _when_described(monkeypatch, path: str, action) -> None:
    """Run `action` in the middle of packing the file `path`: when its facts were taken and it's being read."""
    real_open, left = units_module.open_regular, [1]

    def opened(folder, name):
        context = real_open(folder, name)

        class Wrapped:
            def __enter__(self):
                result = context.__enter__()
                if name == path and left[0]:
                    left[0] -= 1
                    action()
                return result

            def __exit__(self, *args):
                return context.__exit__(*args)

        return Wrapped()

    monkeypatch.setattr(units_module, "open_regular", opened)
    real_open_file, real_read = AssetFolder.open, assets_module.read_whole
    names: dict[int, str] = {}

    def open_file(folder, name):
        descriptor = real_open_file(folder, name)
        names[descriptor] = name
        return descriptor

    def read(descriptor, size):  # small files are read in one piece
        if names[descriptor] == path and left[0]:
            left[0] -= 1
            action()
        return real_read(descriptor, size)

    monkeypatch.setattr(AssetFolder, "open", open_file)
    monkeypatch.setattr(assets_module, "read_whole", read)


@pytest.mark.parametrize(
    ("disturb", "words"),
    [
        pytest.param(lambda root: (root / "b").unlink(), "assets/b: it", id="a file that vanished before its turn"),
        pytest.param(
            lambda root: (root / "a").unlink(), "assets/a: it vanished", id="a file that vanished after its turn"
        ),
        pytest.param(lambda root: (root / "new").touch(), "assets/new: it came", id="a file that came"),
        pytest.param(lambda root: _swap(root / "b", lambda p: p.symlink_to("/etc/passwd")), "it's a link", id="a link"),
        pytest.param(lambda root: _swap(root / "b", os.mkfifo), "it's a pipe", id="a pipe"),
        pytest.param(lambda root: _swap(root / "b", Path.mkdir), "it's a folder", id="a folder in a file's place"),
        pytest.param(
            lambda root: _swap(root / "sub", lambda p: p.symlink_to("/etc")),
            "a link or a file stands",
            id="a linked folder",
        ),
    ],
)
def test_what_is_swapped_while_packing_is_refused_by_name(tmp_path, monkeypatch, disturb, words):
    root = tree(tmp_path / "t", {"a": b"1", "b": b"2", "sub/passwd": b"3"})
    sources = scan_assets(root).sources
    _when_described(monkeypatch, "a", lambda: disturb(root))
    with pytest.raises(AssetError, match=words):
        pack(root, tmp_path / "o.zip", sources=sources, workers=1)


def _swap(path: Path, make) -> None:
    if path.is_dir():
        path.rename(path.parent.parent / "moved-away")
    else:
        path.unlink()
    make(path)


def test_a_linked_assets_folder_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with pytest.raises(AssetError, match="a link or a file stands where a folder should"):
        scan_assets(tmp_path / "link")


def test_an_interruption_ends_all_workers(tmp_path, monkeypatch):
    root = tree(tmp_path / "t", {f"{n}.bin": noise(2_000_000, n) for n in range(6)})

    def interrupt(_count):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pack(root, tmp_path / "o.zip", workers=3, on_progress=interrupt)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("worker-")]


@pytest.mark.parametrize(
    "content", [pytest.param(noise(8_000_000), id="stored"), pytest.param(bytes(8_000_000), id="deflated")]
)
def test_a_large_file_is_not_packed_to_its_end_after_an_interruption(tmp_path, monkeypatch, content):
    root = tree(tmp_path / "t", {"video.mp4": content})
    packed: list[int] = []
    begun, called_off = threading.Event(), threading.Event()

    real_stop, real_join = Layout.stop, threading.Thread.join

    def interrupt(_self, timeout=None):
        begun.wait(20)
        monkeypatch.setattr(threading.Thread, "join", real_join)
        raise KeyboardInterrupt

    def progress(count: int) -> None:
        packed.append(count)
        begun.set()
        called_off.wait(20)  # by the end of the first block, the work is called off

    monkeypatch.setattr(Layout, "stop", lambda self: (real_stop(self), called_off.set()))
    monkeypatch.setattr(threading.Thread, "join", interrupt)
    with pytest.raises(KeyboardInterrupt):
        pack(root, tmp_path / "o.zip", workers=2, on_progress=progress)
    assert called_off.is_set()
    assert len(packed) == 1


@pytest.mark.parametrize("possible", [0, 1, 3])
def test_fewer_threads_than_wanted_do_the_same_work(mixed, tmp_path, monkeypatch, possible):
    pack(mixed, tmp_path / "1.zip", workers=1)
    real, started = threading.Thread.start, []

    def start(thread: threading.Thread) -> None:
        if len(started) >= possible:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        real(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    pack(mixed, tmp_path / "8.zip", workers=8)
    assert (tmp_path / "8.zip").read_bytes() == (tmp_path / "1.zip").read_bytes()


def test_a_thread_that_begins_after_an_interruption_touches_nothing(mixed, tmp_path, monkeypatch):
    """Ctrl-C can come while a thread was asked for and hasn't begun: nobody can wait for it then."""
    real, asked = threading.Thread.start, []

    def start(thread: threading.Thread) -> None:
        asked.append(thread)
        if len(asked) == 2:
            raise KeyboardInterrupt
        real(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(KeyboardInterrupt):
        pack(mixed, tmp_path / "o.zip", workers=3)
    clones = []
    monkeypatch.setattr(AssetFolder, "clone", lambda folder: clones.append(folder))
    real(asked[1])
    asked[1].join(20)
    assert not asked[1].is_alive()
    assert clones == []


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system doesn't list descriptors")
def test_descriptors_are_closed(mixed, tmp_path):
    before = len(list(Path("/proc/self/fd").iterdir()))
    pack(mixed, tmp_path / "o.zip", workers=3)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system doesn't list descriptors")
@pytest.mark.parametrize("call", [1, 2])
def test_a_file_whose_facts_cannot_be_had_is_named_and_closed(tmp_path, monkeypatch, call):
    root = tree(tmp_path / "t", {"video.mp4": b""})
    real, calls = os.fstat, iter(range(1, 9))

    def fstat(descriptor: int) -> os.stat_result:
        if next(calls) == call:
            raise OSError(errno.EIO, "Input/output error")
        return real(descriptor)

    with AssetFolder(root) as folder:
        before = len(list(Path("/proc/self/fd").iterdir()))
        monkeypatch.setattr(os, "fstat", fstat)
        with pytest.raises(AssetError, match=r"video\.mp4: it can't be read"), open_regular(folder, "video.mp4"):
            pass
        monkeypatch.undo()
        assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize(
    ("limit", "words"), [("FREE_TOTAL", "refuse that as a bomb"), ("MOST_ENTRIES", "files, a bundle holds 3")]
)
def test_what_readers_would_refuse_is_not_finished(tmp_path, monkeypatch, limit, words):
    root = tree(tmp_path / "t", {f"{n}.img": bytes(2_000_000) for n in range(4)})
    monkeypatch.setattr(f"handover.bundle.write.writer.{limit}", 3)
    with pytest.raises(AssetError, match=words):
        pack(root, tmp_path / "o.zip")


def test_writer_and_reader_agree_on_the_limits():
    assert Limits() == Limits(headers.MOST_ENTRIES, headers.FREE_TOTAL, headers.MOST_RATIO)
