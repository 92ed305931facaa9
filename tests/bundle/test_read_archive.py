"""The strict reader: what the packer writes is read, and everything else is refused before it's inflated."""

import hashlib
import io
import os
import struct
import threading
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.bundle.names import MIMETYPE
from handover.bundle.read import Limits, digests, inflate, read_archive
from handover.bundle.write.headers import DEFLATED, STORED, Stored, central_header, end_records, local_header
from handover.model.errors import BundleError

LOCAL, CENTRAL, END = 30, 46, 22


def entry(name: str, content: bytes, method: int = STORED) -> tuple[Stored, bytes]:
    compressor = zlib.compressobj(9, wbits=-15)
    data = content if method == STORED else compressor.compress(content) + compressor.flush()
    return Stored(name, method, zlib.crc32(content), len(data), len(content), hashlib.sha256(content).digest()), data


def assemble(entries, *, locals_=None, centrals=None, gap: bytes = b"") -> bytes:
    """A zip of these entries; `locals_` and `centrals` may replace the headers' facts entry by entry."""
    body, directory = b"", b""
    for number, (stored, data) in enumerate(entries):
        offset = len(body)
        body += local_header((locals_ or {}).get(number, stored)) + data + gap
        directory += central_header((centrals or {}).get(number, stored), offset)
    return body + directory + end_records(len(entries), len(directory), len(body))


TEXT = b"the same words again and again, " * 40
ENTRIES = (
    entry("mimetype", MIMETYPE),
    entry("START-HERE.html", TEXT, DEFLATED),
    entry("assets/été.txt", b"summer"),
    entry("assets/empty", b""),
)
GOOD = assemble(ENTRIES)


def read(data: bytes, **options):
    return read_archive(io.BytesIO(data), **options)


def contents(data: bytes, **options) -> dict[str, bytes]:
    archive = read(data, **options)
    return {one.name: b"".join(archive.stream(one)) for one in archive.entries}


def noise(length: int) -> bytes:
    return b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(length // 32))


def refuse(data: bytes, clause: str, words: str, name: str | None = None, **options) -> None:
    with pytest.raises(BundleError, match=words) as caught:
        contents(data, **options)
    assert caught.value.clause == clause
    if name is not None:
        assert caught.value.entry == name


def test_a_good_bundle_is_read_in_order():
    archive = read(GOOD)
    assert [one.name for one in archive.entries] == [stored.name for stored, _ in ENTRIES]
    assert contents(GOOD) == {
        "mimetype": MIMETYPE,
        "START-HERE.html": TEXT,
        "assets/été.txt": b"summer",
        "assets/empty": b"",
    }
    assert archive.get("assets/empty").size == 0
    assert archive.get("absent") is None
    assert archive.size == len(GOOD)


@pytest.mark.parametrize("workers", [1, 3])
def test_digests_are_those_of_the_contents_in_order(workers, tmp_path):
    many = [entry("mimetype", MIMETYPE)]
    many += [entry(f"assets/{n:04}", TEXT * (n % 7), DEFLATED if n % 2 else STORED) for n in range(1, 900)]
    many += [entry("big", noise(3_000_000)), entry("wide", bytes(9_000_000), DEFLATED)]
    path = tmp_path / "o.zip"
    path.write_bytes(assemble(many))
    with path.open("rb") as file:
        digests = read_archive(file).digest_all(workers)
    assert list(digests.items()) == [(stored.name, stored.sha256.hex()) for stored, _ in many]


@pytest.mark.parametrize("possible", [0, 1, 3, 5])
def test_fewer_threads_than_wanted_find_the_same_digests(monkeypatch, possible):
    many = [entry("mimetype", MIMETYPE), *(entry(f"assets/{n:02}", bytes([n]) * 400_000) for n in range(12))]
    archive = read(assemble(many))
    real, started = threading.Thread.start, []

    def start(thread: threading.Thread) -> None:
        if sum(one.is_alive() for one in started) >= possible:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        real(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    assert list(archive.digest_all(4).values()) == [stored.sha256.hex() for stored, _ in many]


def test_the_first_damaged_entry_is_named_whichever_worker_met_it():
    many = [entry("mimetype", MIMETYPE), *(entry(f"assets/{n}", bytes([n]) * 400_000) for n in range(20))]
    data = bytearray(assemble(many))
    for number in (17, 5, 11):
        data[data.index(b"assets/%d" % number) + 5_000] ^= 1
    with pytest.raises(BundleError) as caught:
        read(bytes(data)).digest_all(4)
    assert caught.value.entry == "assets/5"
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("worker")]


def test_damage_at_the_end_of_a_large_entry_is_found_while_others_help():
    large = noise(12_000_000)
    many = [entry("mimetype", MIMETYPE), entry("assets/large", large), entry("assets/small", b"x")]
    data = bytearray(assemble(many))
    data[data.index(large[-64:]) + 63] ^= 1
    with pytest.raises(BundleError, match="CRC-32") as caught:
        read(bytes(data)).digest_all(2)
    assert caught.value.entry == "assets/large"
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("worker")]


class Counting(io.BytesIO):
    """Counts what is read, and is interrupted after the limit."""

    count, limit = 0, None

    def read(self, size=-1):
        data = super().read(size)
        self.count += len(data)
        if self.limit is not None and self.count > self.limit:
            raise KeyboardInterrupt
        return data


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interruption_ends_the_reading_of_large_entries(workers):
    many = [entry("mimetype", MIMETYPE), *(entry(f"assets/{n}", bytes(16_000_000)) for n in range(3))]
    file = Counting(assemble(many))
    archive = read_archive(file)
    file.limit = 4_000_000
    with pytest.raises(KeyboardInterrupt):
        archive.digest_all(workers)
    assert file.count < 16_000_000


def test_reading_whole_is_limited():
    archive = read(GOOD)
    assert archive.read(archive.entries[2], 6) == b"summer"
    with pytest.raises(BundleError, match="at most 5"):
        archive.read(archive.entries[2], 5)


def patched(offset: int, replacement: bytes, data: bytes = GOOD) -> bytes:
    return data[:offset] + replacement + data[offset + len(replacement) :]


def central_at(number: int, data: bytes = GOOD) -> int:
    offset = struct.unpack_from("<I", data, len(data) - 6)[0]
    for _ in range(number):
        name, extra = struct.unpack_from("<HH", data, offset + 28)
        offset += CENTRAL + name + extra
    return offset


def local_at(number: int) -> int:
    return sum(len(local_header(stored)) + len(data) for stored, data in ENTRIES[:number])


def both(number: int, local_field: int, central_field: int, replacement: bytes) -> bytes:
    """The good bundle with a field of an entry changed in both of its headers alike."""
    once = patched(local_at(number) + local_field, replacement)
    return patched(central_at(number) + central_field, replacement, once)


def with_entry(extra: tuple[Stored, bytes], **options) -> bytes:
    return assemble((*ENTRIES, extra), **options)


def stored_as(name: str, **changes) -> Stored:
    found = next(stored for stored, _ in ENTRIES if stored.name == name)
    fields = {field: getattr(found, field) for field in Stored.__dataclass_fields__}
    return Stored(**(fields | changes))


BODY_END = central_at(0)
LATIN_1 = patched(local_at(2) + 37, b"\xff", patched(central_at(2) + 53, b"\xff"))
LIAR = (Stored("bomb", DEFLATED, 0, 100, 103_201, b""), bytes(100))
OTHER = (entry("x", TEXT)[0], TEXT[::-1])


@pytest.mark.parametrize(
    ("data", "clause", "words"),
    [
        pytest.param(b"", "2.1", "too short", id="an empty file"),
        pytest.param(b"no zip at all, but a longer text than an end record", "2.5", "doesn't end", id="another file"),
        pytest.param(b"x" + GOOD, "2.5", "inserted or cut", id="something before the first entry"),
        pytest.param(GOOD + b"x", "2.5", "something was appended", id="something after the end"),
        pytest.param(patched(len(GOOD) - 2, b"\1\0") + b"x", "2.5", "appended", id="a comment"),
        pytest.param(GOOD[:-1], "2.5", "cut short", id="a cut end"),
        pytest.param(GOOD[:BODY_END] + b"x" + GOOD[BODY_END:], "2.5", "inserted or cut",
            id="bytes before the directory"),
        pytest.param(assemble(ENTRIES, gap=b"gap!"), "2.1", "follow", id="gaps between entries"),
        pytest.param(patched(len(GOOD) - 18, b"\1\0"), "2.5", "volumes", id="a disk number"),
        pytest.param(patched(len(GOOD) - 14, b"\3\0"), "2.5", "volumes", id="counts that differ"),
        pytest.param(patched(len(GOOD) - 14, b"\3\0\3\0"), "2.1", "no entry", id="one entry fewer than there are"),
        pytest.param(patched(len(GOOD) - 14, b"\5\0\5\0"), "2.3", "cut short", id="one entry more than there are"),
        pytest.param(both(1, 6, 8, b"\1\0"), "2.7", "encrypted", id="the encryption flag"),
        pytest.param(both(1, 6, 8, b"\x08\0"), "2.7", "flags", id="a data descriptor"),
        pytest.param(both(1, 6, 8, b"\0\x08"), "2.7", "flags", id="the UTF-8 flag on an ASCII name"),
        pytest.param(both(2, 6, 8, b"\0\0"), "2.7", "flags", id="no UTF-8 flag on an accented name"),
        pytest.param(both(1, 8, 10, b"\x0c\0"), "2.6", "no bundle uses", id="bzip2"),
        pytest.param(both(1, 8, 10, b"\x00\0"), "2.6", "two sizes differ", id="stored with two sizes"),
        pytest.param(both(1, 10, 12, b"\1\0"), "2.3", "metadata", id="a time"),
        pytest.param(both(1, 4, 6, b"\x2d\0"), "2.3", "metadata", id="another version needed"),
        pytest.param(patched(central_at(1) + 5, b"\0"), "2.3", "metadata", id="made on MS-DOS"),
        pytest.param(patched(central_at(1) + 36, b"\1\0"), "2.3", "metadata", id="internal attributes"),
        pytest.param(patched(central_at(1) + 34, b"\1\0"), "2.3", "metadata", id="a disk number of an entry"),
        pytest.param(patched(central_at(2) + 40, b"\xa1"), "2.3", "link", id="a symbolic link"),
        pytest.param(patched(central_at(2) + 38, struct.pack("<I", 0o120777 << 16)), "2.3", "link", id="a link's mode"),
        pytest.param(patched(central_at(2) + 38, b"\x10\0\0\0"), "2.3", "attributes", id="a folder's DOS attribute"),
        pytest.param(patched(local_at(1) + 14, b"\0\0\0\0"), "2.2", "headers differ", id="another local CRC"),
        pytest.param(patched(local_at(1) + 30, b"X"), "2.2", "headers differ", id="another local name"),
        pytest.param(patched(central_at(1), b"PX"), "2.3", "damaged", id="a damaged central record"),
        pytest.param(patched(central_at(2) + 42, struct.pack("<I", local_at(1))), "2.1", "follow", id="an overlap"),
        pytest.param(
            assemble(ENTRIES, centrals={2: stored_as("assets/été.txt", size=8, compressed=8)}),
            "2.2", "headers differ", id="an entry that reaches into the next",
        ),
        pytest.param(
            assemble((*ENTRIES[:3], (stored_as("assets/empty", size=999, compressed=999), b""))),
            "2.1", "reaches into", id="an entry that reaches into the directory",
        ),
        pytest.param(with_entry(entry("assets/empty", b"")), "3.5", "same name", id="a name twice"),
        pytest.param(with_entry(entry("ASSETS/Empty", b"")), "3.5", "same name", id="a name twice but for case"),
        pytest.param(with_entry(entry("assets/EMPTY/x", b"")), "3.5", "same name", id="a file that is a folder too"),
        pytest.param(with_entry(entry("../evil", b"")), "3.1", "unsafe", id="a name that leaves the folder"),
        pytest.param(with_entry(entry("/evil", b"")), "3.1", "absolute", id="an absolute name"),
        pytest.param(with_entry(entry("folder/", b"")), "3.1", "no name", id="a folder's entry"),
        pytest.param(with_entry(entry("assets/e\u0301", b"")), "3.2", "NFC", id="a decomposed name"),
        pytest.param(with_entry(entry("assets/nul", b"")), "3.3", "device", id="a device's name"),
        pytest.param(with_entry(entry("a" * 201, b"")), "3.4", "201", id="a name that is too long"),
        pytest.param(LATIN_1, "2.7", "isn't UTF-8", id="a name in Latin-1"),
        pytest.param(with_entry(LIAR), "2.9", "larger than deflate", id="a lie about the size"),
        pytest.param(with_entry(OTHER), "2.10", "changed or damaged", id="content that isn't the stated one"),
        pytest.param(patched(local_at(2) + 30 + 16, b"S"), "2.10", "CRC-32", id="a changed byte of stored content"),
    ],
)  # fmt: skip
def test_what_is_not_the_canonical_profile_is_refused(data, clause, words):
    refuse(data, clause, words)


def deflated_as(name: str, data: bytes, content: bytes) -> tuple[Stored, bytes]:
    return Stored(name, DEFLATED, zlib.crc32(content), len(data), len(content), b""), data


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(lambda raw: raw + b"hidden", "hidden behind", id="bytes behind the stream"),
        pytest.param(lambda raw: raw[:-2], "ends too early|long as stated", id="a stream without its end"),
        pytest.param(lambda raw: b"\xff" + raw[1:], "damaged", id="an impossible block type"),
        pytest.param(lambda raw: raw + bytes(2_000_000), "hidden behind", id="megabytes behind the stream"),
        pytest.param(lambda _raw: b"", "larger than deflate", id="no stream at all"),
    ],
)
def test_a_deflate_stream_must_be_exactly_the_content(data, words):
    raw = entry("x", TEXT, DEFLATED)[1]
    made = deflated_as("x", data(raw), TEXT)
    with pytest.raises(BundleError, match=words) as caught:
        contents(with_entry(made))
    assert caught.value.entry == "x"
    with pytest.raises(BundleError) as digesting:
        read(with_entry(made)).digest_all(1)
    assert str(digesting.value) == str(caught.value)


def test_a_stream_that_gives_more_than_stated_stops_at_once():
    bomb = entry("bomb", bytes(50_000_000), DEFLATED)
    lying = Stored("bomb", DEFLATED, 0, bomb[0].compressed, 1000, b"")
    archive = read(with_entry((lying, bomb[1])))
    given_out: list[bytes] = []
    with pytest.raises(BundleError, match="long as stated"):
        given_out.extend(archive.stream(archive.entries[-1]))
    assert sum(map(len, given_out)) <= 1000


@pytest.mark.parametrize("block", [1, 7, 64])
def test_pieces_of_any_size_give_the_content(monkeypatch, block):
    monkeypatch.setattr(inflate, "BLOCK", block)
    monkeypatch.setattr(digests, "BLOCK", block)
    assert contents(GOOD)["START-HERE.html"] == TEXT


def test_totals_beyond_the_limit_are_refused_before_inflating(monkeypatch):
    monkeypatch.setattr(inflate, "_inflated", None)
    data = with_entry(entry("zeros", bytes(3_000_000), DEFLATED))
    refuse(data, "2.9", "at most 1,000,000 are accepted", limits=Limits(free_total=1_000_000, ratio=100))
    assert read(data, limits=Limits(free_total=1_000_000, ratio=2000)).size == len(data)
    refuse(data, "2.9", "5 entries, at most 4", limits=Limits(entries=4))


@pytest.mark.parametrize(
    ("first", "words"),
    [
        pytest.param([], "first entry", id="nothing at all"),
        pytest.param([entry("a", b"")], "first entry", id="another entry first"),
        pytest.param([entry("mimetype", MIMETYPE, DEFLATED)], "first entry", id="a deflated type"),
        pytest.param([entry("mimetype", MIMETYPE.upper())], "isn't the type", id="another type"),
    ],
)
def test_a_bundle_begins_with_its_type(first, words):
    refuse(assemble(first), "2.8", words)
    assert len(read(assemble(first), container=False).entries) == len(first)


def test_files_that_python_writes_are_refused_for_what_they_carry():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", MIMETYPE)
    refuse(out.getvalue(), "2.3", "attributes")


# ZIP64: real offsets and sizes in sparse files


def sparse_zip(path, size: int, count: int = 1) -> list[Stored]:
    """A zip whose first entry has `size` zero bytes that take no room on the disk; contents have no valid CRC."""
    entries = [Stored("assets/video.mov", STORED, 0, size, size, b"")]
    entries += [Stored(f"assets/{n:06}", STORED, 0, 0, 0, b"") for n in range(1, count)]
    with path.open("wb") as file:
        directory, offset = bytearray(), 0
        for one in entries:
            header = local_header(one)
            file.seek(offset)
            file.write(header)
            directory += central_header(one, offset)
            offset += len(header) + one.compressed
        file.seek(offset)
        file.write(directory + end_records(count, len(directory), offset))
    return entries


@pytest.mark.parametrize(
    ("size", "count", "zip64_entry", "zip64_end"),
    [
        pytest.param(0xFFFFFFFE, 1, False, True, id="a size that just fits, its directory beyond 4 GiB"),
        pytest.param(0xFFFFFFFF, 2, True, True, id="the first size that needs ZIP64"),
        pytest.param(5 * 1024**3, 3, True, True, id="five GiB"),
        pytest.param(0xFFFFFF00, 1, False, False, id="everything just below 4 GiB"),
    ],
)
def test_zip64_is_used_when_needed_and_read_by_others(tmp_path, size, count, zip64_entry, zip64_end):
    entries = sparse_zip(tmp_path / "o.zip", size, count)
    with (tmp_path / "o.zip").open("rb") as file:
        archive = read_archive(file, container=False)
        assert [(one.name, one.size) for one in archive.entries] == [(one.name, one.size) for one in entries]
        file.seek(-22 - 20, os.SEEK_END)
        assert (file.read(4) == b"PK\x06\x07") == zip64_end
        file.seek(28)
        assert (file.read(2) != b"\0\0") == zip64_entry
    with zipfile.ZipFile(tmp_path / "o.zip") as other:
        assert [(info.filename, info.file_size) for info in other.infolist()] == [
            (one.name, one.size) for one in entries
        ]


@pytest.mark.interop  # takes seconds; the same format is read above, where sizes ask for it
@pytest.mark.parametrize(("count", "zip64"), [(65_534, False), (65_535, True)])
def test_zip64_by_number_of_entries(tmp_path, count, zip64):
    sparse_zip(tmp_path / "o.zip", 0, count)
    data = (tmp_path / "o.zip").read_bytes()
    assert (data[-42:-38] == b"PK\x06\x07") == zip64
    assert len(read(data, container=False).entries) == count
    assert len(zipfile.ZipFile(io.BytesIO(data)).infolist()) == count


def zip64_end(count: int, size: int, offset: int) -> bytes:
    return struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 0x32D, 45, 0, 0, count, count, size, offset)


@pytest.mark.parametrize(
    ("data", "clause", "words"),
    [
        pytest.param(
            GOOD[:-END] + zip64_end(4, len(GOOD) - END - BODY_END, BODY_END)
            + struct.pack("<IIQI", 0x07064B50, 0, len(GOOD) - END, 1) + GOOD[-END:],
            "2.5", "inserted", id="an end record that nothing points to",
        ),
        pytest.param(
            GOOD[:-END] + zip64_end(4, len(GOOD) - END - BODY_END, BODY_END)
            + struct.pack("<IIQI", 0x07064B50, 0, len(GOOD) - END, 1) + patched(8, b"\xff\xff\xff\xff", GOOD[-END:]),
            "2.4", "doesn't agree", id="ZIP64 without need",
        ),
        pytest.param(patched(len(GOOD) - 14, b"\xff\xff\xff\xff"), "2.4", "doesn't agree", id="a broken promise"),
        pytest.param(b"PK\5\6" + bytes(4) + b"\xff" * 12 + bytes(2), "2.4", "missing", id="nothing but a promise"),
    ],
)  # fmt: skip
def test_zip64_end_records_must_agree(data, clause, words):
    refuse(data, clause, words)


def test_an_extra_field_is_refused_in_either_header():
    extra = struct.pack("<HHI", 0x5455, 5, 0) + b"\0"
    at = central_at(1)
    name = struct.unpack_from("<H", GOOD, at + 28)[0]
    grown = GOOD[: at + CENTRAL + name] + extra + GOOD[at + CENTRAL + name :]
    grown = patched(at + 30, struct.pack("<H", len(extra)), grown)
    size = struct.unpack_from("<I", GOOD, len(GOOD) - 10)[0] + len(extra)
    refuse(patched(len(grown) - 10, struct.pack("<I", size), grown), "2.4", "extra field", "START-HERE.html")
    at = local_at(1)
    grown = patched(at + 28, struct.pack("<H", len(extra)))
    grown = grown[: at + LOCAL + name] + extra + grown[at + LOCAL + name :]
    grown = patched(len(grown) - 6, struct.pack("<I", BODY_END + len(extra)), grown)
    refuse(grown, "2.2", "headers differ", "START-HERE.html")


# whatever happens to a byte


def harmless_or_refused(data: bytes) -> bool:
    """True when refused; otherwise everything that is extracted must be as it was."""
    try:
        found = contents(data)
    except BundleError as error:
        told = error
    else:
        assert found == contents(GOOD)
        return False
    assert told.clause
    assert str(told).isprintable()
    return True


def test_a_sample_of_flipped_bits_is_refused_or_harmless():
    positions = range(0, len(GOOD) * 8, 5)
    harmless = 0
    for position in positions:
        data = bytearray(GOOD)
        data[position // 8] ^= 1 << position % 8
        harmless += not harmless_or_refused(bytes(data))
    assert harmless <= 7  # unused bits at the end of the one deflate stream


def test_every_truncation_is_refused():
    assert all(harmless_or_refused(GOOD[:length]) for length in range(len(GOOD)))


@given(st.data())
def test_random_damage_never_gives_other_contents_or_another_exception(data):
    mutated = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(mutated) - 1))
        cut = data.draw(st.integers(0, 6))
        mutated[at : at + cut] = data.draw(st.binary(max_size=6))
    if bytes(mutated) != GOOD:
        harmless_or_refused(bytes(mutated))
    assert contents(GOOD)


@given(st.binary(max_size=300))
def test_random_bytes_are_refused(data):
    with pytest.raises(BundleError):
        read(data)


def test_a_file_that_cannot_be_read_is_told_as_such(tmp_path):
    path = tmp_path / "o.zip"
    path.write_bytes(GOOD)
    with path.open("rb") as file:
        archive = read_archive(file)
        os.truncate(path, 60)
        with pytest.raises(BundleError, match="cut short"):
            archive.digest_all(1)
