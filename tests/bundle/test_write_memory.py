"""What the packer holds in memory is bounded: whatever waits, and however much files grow after they were listed."""

import os
import random
import threading

import pytest

from handover.bundle.write import AssetChanged, BundleWriter, scan_assets
from handover.bundle.write import units as units_module
from handover.bundle.write.deflate import best_codec
from handover.bundle.write.file import PositionalFile
from handover.bundle.write.layout import Layout
from handover.model.errors import AssetError

KB = 1024
SECONDS = 20  # far more than anything here takes: only a worker that waits for ever reaches it


def pack(root, out, *, sources=None, **options):
    with out.open("wb+", buffering=0) as file:
        writer = BundleWriter(file, **options)
        records = writer.add_assets(root, sources or scan_assets(root)[0])
        writer.finish()
    return records


@pytest.fixture
def assets(tmp_path):
    (tmp_path / "assets").mkdir()
    return tmp_path / "assets"


@pytest.mark.parametrize("workers", [2, 4])
def test_small_files_behind_a_slow_large_one_wait_when_much_is_parked(assets, tmp_path, monkeypatch, workers):
    limit, batch = 40 * KB, 10 * KB
    monkeypatch.setattr("handover.bundle.write.layout._PARKED", limit)
    monkeypatch.setattr(units_module, "_BATCH_BYTES", batch)
    (assets / "a.sql").write_bytes(b"insert into customers " * 100_000)
    for number in range(60):
        (assets / f"b{number:02}.png").write_bytes(random.Random(number).randbytes(5_000))
    pack(assets, tmp_path / "one.zip", workers=1)
    parked, crowded = [0], threading.Event()
    real_settle = Layout.settle

    def settle(layout, unit, chunks, *, wait=True):
        if wait and unit > 0 and not layout.has_room(sum(map(len, chunks))):
            crowded.set()  # it's about to wait
        real_settle(layout, unit, chunks, wait=wait)
        parked.append(layout._parked_bytes)
        if unit == 30:
            crowded.set()  # it didn't: the last one

    codec = best_codec()

    class Slow:
        def __init__(self) -> None:
            self._stream = codec.compressor()
            self.compress = self._stream.compress

        def flush(self) -> bytes:
            crowded.wait(SECONDS)
            return self._stream.flush()

    monkeypatch.setattr(Layout, "settle", settle)
    pack(assets, tmp_path / "many.zip", workers=workers, codec=codec._replace(compressor=Slow))
    assert crowded.is_set()
    assert max(parked) <= limit + batch + KB
    assert (tmp_path / "many.zip").read_bytes() == (tmp_path / "one.zip").read_bytes()


def test_parked_bytes_count_until_they_are_written(tmp_path, monkeypatch):
    seen = []
    with (tmp_path / "o").open("wb+", buffering=0) as file:
        layout = Layout(PositionalFile(file), 0, 2)
        for unit in (1, 2):
            layout.place(unit, bytes(10), wait=False)
        real = PositionalFile.write_at
        monkeypatch.setattr(
            PositionalFile, "write_at", lambda *call: (seen.append(layout._parked_bytes), real(*call))[1]
        )
        layout.place(0, b"first", wait=True)
        seen.append(layout._parked_bytes)
    assert seen == [20, 10, 0, 0]  # the two parked ones, the first itself, and the end
    assert (tmp_path / "o").read_bytes() == b"first" + bytes(20)


def test_a_batch_whose_files_all_grew_is_refused_before_memory_is_full(assets, tmp_path, monkeypatch):
    for number in range(100):
        (assets / f"{number:02}.log").write_bytes(b"line\n")
    sources = scan_assets(assets).sources
    for path in assets.iterdir():
        os.truncate(path, 500 * KB)
    read = []
    real = units_module.read_regular
    monkeypatch.setattr(
        units_module, "read_regular", lambda *call: (found := real(*call), read.append(len(found[0])))[0]
    )
    with pytest.raises(AssetChanged, match=r"\.log: it grew since it was listed"):
        pack(assets, tmp_path / "o.zip", sources=sources)
    assert 0 < sum(read) <= units_module._GROWN + 100 * 5


def test_only_files_that_grew_are_refused_in_a_batch_where_others_grew(assets, tmp_path):
    for name in ("a.log", "b.log", "c.txt"):
        (assets / name).write_bytes(b"line\n" * 1000)
    sources = scan_assets(assets).sources
    os.truncate(assets / "a.log", units_module._GROWN + 5000)  # all that there is room for
    pack(assets, tmp_path / "o.zip", sources=sources)
    os.truncate(assets / "c.txt", 5001)
    with pytest.raises(AssetChanged, match=r"c\.txt: it grew"):
        pack(assets, tmp_path / "o.zip", sources=sources)


def test_a_file_that_grew_out_of_its_batch_is_refused(assets, tmp_path):
    (assets / "small.log").write_bytes(b"line\n")
    (assets / "z.txt").write_bytes(b"last")
    sources = scan_assets(assets).sources
    (assets / "small.log").write_bytes(b"line\n" * 1_000_000)
    with pytest.raises(AssetChanged, match="it grew since it was listed"):
        pack(assets, tmp_path / "o.zip", sources=sources)


@pytest.mark.skipif(not hasattr(os, "pread"), reason="each worker has a descriptor of the folder only on POSIX")
@pytest.mark.parametrize("call", ["dup", "open"])
def test_too_many_open_files_are_told_with_what_to_do(assets, tmp_path, call):
    resource = pytest.importorskip("resource")
    (assets / "sub").mkdir()
    for number in range(3):
        (assets / "sub" / f"{number}.bin").write_bytes(bytes(600_000))
    sources = scan_assets(assets).sources
    with (tmp_path / "o.zip").open("wb+", buffering=0) as file:
        writer = BundleWriter(file, workers=1)
        first = os.dup(0)
        os.close(first)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        # Beside the folder itself: nothing, or its second descriptor and the folder in it, but not the file.
        resource.setrlimit(resource.RLIMIT_NOFILE, (first + {"dup": 1, "open": 3}[call], hard))
        try:
            with pytest.raises(AssetError, match="Too many open files") as caught:
                writer.add_assets(assets, sources)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert "--workers" in caught.value.hint
