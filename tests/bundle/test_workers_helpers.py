"""Idle workers hash for busy ones: the same digest, and nobody waits for ever."""

import hashlib
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.bundle.workers import BUFFERS, Helpers, SharedDigest
from handover.bundle.write import AssetChanged, BundleWriter, scan_assets
from handover.bundle.write import units as units_module

SECONDS = 20  # far more than anything here takes: only a worker that waits for ever reaches it


@pytest.fixture
def serving():
    """Helpers with one worker that waits for jobs until the test's own ends."""
    helpers = Helpers()
    helpers.begin()
    helpers.begin()
    thread = threading.Thread(target=helpers.serve)
    thread.start()
    while not helpers.offer(lambda: None):
        pass
    yield helpers
    helpers.serve()
    thread.join(SECONDS)
    assert not thread.is_alive()


@given(lengths=st.lists(st.integers(1, 5000), max_size=30))
def test_the_digest_is_the_same_whoever_takes_it(lengths):
    helpers = Helpers()
    helpers.begin()
    helpers.begin()
    thread = threading.Thread(target=helpers.serve)
    thread.start()
    buffers = [bytearray(5000) for _ in range(BUFFERS)]
    expected = hashlib.sha256()
    with SharedDigest(helpers) as digest:
        for number, length in enumerate(lengths):
            buffer = memoryview(buffers[digest.handed % BUFFERS])[:length]
            buffer[:] = bytes([number]) * length  # a block that is still read somewhere would be spoilt by this
            expected.update(buffer)
            digest.update(buffer)
        assert digest.digest() == expected.digest()
    helpers.serve()
    thread.join(SECONDS)
    assert not thread.is_alive()


def test_without_a_free_worker_nothing_is_handed_over():
    helpers = Helpers()
    helpers.begin()
    with SharedDigest(helpers) as digest:
        digest.update(memoryview(b"abc"))
        assert digest.handed == 0
        assert digest.digest() == hashlib.sha256(b"abc").digest()
    helpers.serve()


def test_a_helper_comes_free_when_its_owner_fails(serving):
    def fail() -> None:
        with SharedDigest(serving) as digest:
            while not digest.handed:
                digest.update(memoryview(b"abc"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with SharedDigest(serving) as again:
        while not again.handed:
            again.update(memoryview(b"abc"))


def test_a_helper_that_fails_stops_its_owner_with_its_failure(serving):
    with SharedDigest(serving) as digest:
        while not digest.handed:
            digest.update(memoryview(b"abc"))
        digest.update("no block")  # hashing refuses text
        for _ in range(2 * BUFFERS):
            digest.update(memoryview(b"abc"))
        with pytest.raises(TypeError):
            digest.digest()


def test_nobody_counts_on_a_worker_that_has_gone():
    helpers = Helpers()
    helpers.begin()
    helpers.serve()
    helpers.begin()
    assert not helpers.offer(lambda: None)
    helpers.serve()


def test_two_owners_share_one_helper(serving):
    with SharedDigest(serving) as first, SharedDigest(serving) as second:
        while not first.handed:
            first.update(memoryview(b"x"))
        second.update(memoryview(b"y"))
        assert second.handed == 0
        assert second.digest() == hashlib.sha256(b"y").digest()


@pytest.mark.parametrize("name", ["video.mp4", "book.txt"])
def test_the_last_large_file_is_hashed_by_another_worker(tmp_path, monkeypatch, name):
    content = (
        hashlib.shake_256(b"seed").digest(6_000_000) if name == "video.mp4" else b"a large text of one file " * 240_000
    )
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / name).write_bytes(content)
    handed: list[int] = []
    workers = 1

    class Spied(SharedDigest):
        def __init__(self, helpers: Helpers) -> None:
            super().__init__(helpers)
            while workers == 2 and not helpers.offer(lambda: None):
                pass  # the other worker comes, if not yet

        def digest(self) -> bytes:
            result = super().digest()
            handed.append(self.handed)
            return result

    monkeypatch.setattr(units_module, "SharedDigest", Spied)
    sources = scan_assets(tmp_path / "assets").sources
    digests = []
    for workers in (1, 2):
        with (tmp_path / "o.zip").open("wb+", buffering=0) as file:
            writer = BundleWriter(file, workers=workers)
            (record,) = writer.add_assets(tmp_path / "assets", sources)
            writer.finish()
        assert record.entry.sha256 == hashlib.sha256(content).hexdigest()
        digests.append(hashlib.sha256((tmp_path / "o.zip").read_bytes()).digest())
    assert digests[0] == digests[1]
    assert handed[0] == 0
    assert handed[1] > 0


def test_a_file_that_shrinks_while_two_workers_have_it_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "assets" / "video.mp4"
    path.parent.mkdir()
    path.write_bytes(hashlib.shake_256(b"seed").digest(8_000_000))
    sources = scan_assets(path.parent).sources

    class Cutting(SharedDigest):
        def __init__(self, helpers: Helpers) -> None:
            super().__init__(helpers)
            while not helpers.offer(lambda: None):
                pass

        def update(self, block: memoryview) -> None:
            super().update(block)
            if self.handed == 3:
                with path.open("r+b") as file:
                    file.truncate(4_000_000)

    monkeypatch.setattr(units_module, "SharedDigest", Cutting)
    before = threading.active_count()
    with (tmp_path / "o.zip").open("wb+", buffering=0) as file:
        writer = BundleWriter(file, workers=2)
        with pytest.raises(AssetChanged, match="it shrank"):
            writer.add_assets(path.parent, sources)
    assert threading.active_count() == before
