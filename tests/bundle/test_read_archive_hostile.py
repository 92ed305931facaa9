"""Zips made by hand to mislead a reader: each is refused by the clause it breaks, before anything is inflated."""

import io
import struct
import zlib

import pytest

from handover.bundle.names import MIMETYPE
from handover.bundle.read import read_archive
from handover.bundle.write.headers import DEFLATED, STORED, Stored, central_header, end_records, local_header
from handover.model.errors import BundleError

CENTRAL, END = 46, 22
MARKER = b"\xff\xff\xff\xff"


def stored(name: str, content: bytes) -> tuple[Stored, bytes]:
    return Stored(name, STORED, zlib.crc32(content), len(content), len(content), b""), content


def zipped(*entries: tuple[Stored, bytes]) -> bytes:
    body, directory = b"", b""
    for one, data in entries:
        directory += central_header(one, len(body))
        body += local_header(one) + data
    return body + directory + end_records(len(entries), len(directory), len(body))


ENTRIES = (stored("mimetype", MIMETYPE), stored("a.txt", b"first"), stored("b.txt", b"second"))
GOOD = zipped(*ENTRIES)


def directory_at(data: bytes) -> int:
    return int(struct.unpack_from("<I", data, len(data) - 6)[0])


def local_at(data: bytes, name: str) -> int:
    return data.index(name.encode()) - 30


def central_at(data: bytes, name: str) -> int:
    return data.index(name.encode(), directory_at(data)) - CENTRAL


def patched(data: bytes, *changes: tuple[int, bytes]) -> bytes:
    for offset, replacement in changes:
        data = data[:offset] + replacement + data[offset + len(replacement) :]
    return data


def in_both(name: str, local_field: int, replacement: bytes, data: bytes = GOOD) -> bytes:
    """A field of an entry changed in both of its headers alike: a record has it two bytes later."""
    local, central = local_at(data, name), central_at(data, name)
    return patched(data, (local + local_field, replacement), (central + local_field + 2, replacement))


def with_central_tail(tail: bytes, field: int, data: bytes = GOOD) -> bytes:
    """`tail` behind the name in the central record of a.txt, told by the length `field` and the end record."""
    at = central_at(data, "a.txt")
    behind = at + CENTRAL + len("a.txt")
    size = struct.unpack_from("<I", data, len(data) - 10)[0] + len(tail)
    grown = data[:behind] + tail + data[behind:]
    return patched(grown, (at + field, struct.pack("<H", len(tail))), (len(grown) - 10, struct.pack("<I", size)))


def with_extra_in_both(extra: bytes, data: bytes = GOOD) -> bytes:
    """The same extra field in both headers of a.txt, every offset behind it corrected."""
    at = local_at(data, "a.txt") + 30 + len("a.txt")
    moved = data[:at] + extra + data[at:]
    moved = patched(moved, (at - len("a.txt") - 2, struct.pack("<H", len(extra))))
    start = directory_at(data) + len(extra)
    moved = patched(moved, (len(moved) - 6, struct.pack("<I", start)))
    offset = central_at(moved, "b.txt") + 42
    moved = patched(moved, (offset, struct.pack("<I", struct.unpack_from("<I", moved, offset)[0] + len(extra))))
    return with_central_tail(extra, 30, moved)


def with_stub(stub: bytes, data: bytes = GOOD) -> bytes:
    """Bytes before the first entry, every offset corrected: what a self-extracting zip is."""
    start = directory_at(data)
    moved = patched(stub + data, (len(stub + data) - 6, struct.pack("<I", start + len(stub))))
    for name in ("mimetype", "a.txt", "b.txt"):
        offset = central_at(moved, name) + 42
        moved = patched(moved, (offset, struct.pack("<I", struct.unpack_from("<I", moved, offset)[0] + len(stub))))
    return moved


def refused(data: bytes, *, container: bool = True) -> BundleError:
    with pytest.raises(BundleError) as caught:
        read_archive(io.BytesIO(data), container=container)
    assert str(caught.value).isprintable()
    return caught.value


QUOTED = stored("q.txt", zipped(stored("inner.txt", b"inner")))


@pytest.mark.parametrize(
    ("data", "clause"),
    [
        pytest.param(
            with_stub(b"MZ stub"), "2.1", id="a program before the first entry, with offsets that allow for it"
        ),
        pytest.param(with_central_tail(b"see me", 32), "2.3", id="a comment of an entry"),
        pytest.param(with_central_tail(b"\x01\0\0\0", 30), "2.4", id="an empty ZIP64 field"),
        pytest.param(
            with_central_tail(struct.pack("<HHQ", 1, 8, 5), 30), "2.4", id="a ZIP64 field for a value that fits"
        ),
        pytest.param(
            with_extra_in_both(struct.pack("<HHI", 0x7875, 4, 0)), "2.4", id="an owner's number in both headers"
        ),
        pytest.param(
            with_extra_in_both(struct.pack("<HHQQ", 1, 16, 5, 5)), "2.4", id="ZIP64 in both headers without need"
        ),
        pytest.param(in_both("a.txt", 22, MARKER), "2.4", id="a size's marker without ZIP64"),
        pytest.param(
            patched(GOOD, (central_at(GOOD, "a.txt") + 42, MARKER)), "2.4", id="an offset's marker without ZIP64"
        ),
        pytest.param(in_both("a.txt", 26, b"\0\0"), "3.1", id="a name without length"),
        pytest.param(in_both("a.txt", 26, b"\xff\xff"), "2.3", id="a name longer than the directory"),
        pytest.param(in_both("b.txt", 26, b"\x06\0"), "2.3", id="a last name that reaches into the end record"),
        pytest.param(
            patched(GOOD, (central_at(GOOD, "b.txt") + 42, b"\0\0\0\0")), "2.1", id="two entries that share data"
        ),
        pytest.param(GOOD[: -END - 2] + GOOD[-END:], "2.5", id="a directory that is cut"),
        pytest.param(
            patched(GOOD, (len(GOOD) - 10, struct.pack("<I", 2**31))), "2.5", id="a directory larger than its entries"
        ),
        pytest.param(patched(GOOD, (len(GOOD) - 6, struct.pack("<I", 2**31))), "2.5", id="a directory behind the file"),
        pytest.param(
            patched(GOOD, (len(GOOD) - 14, b"\xfe\xff\xfe\xff")), "2.3", id="65,534 entries that aren't there"
        ),
        pytest.param(zipped(*reversed(ENTRIES)), "2.8", id="the type at the end"),
        pytest.param(
            zipped(*ENTRIES, (Stored("z", DEFLATED, 0, 0, 1, b""), b"")), "2.9", id="a content out of nothing"
        ),
        pytest.param(
            zipped(*ENTRIES, (Stored("z", DEFLATED, 0, 2, 2 * 1032 + 1, b""), b"\3\0")),
            "2.9",
            id="one byte more than deflate can give",
        ),
    ],
)
def test_a_zip_made_to_mislead_is_refused(data, clause):
    assert refused(data).clause == clause


def test_a_zip_inside_a_zip_is_content_and_nothing_else():
    archive = read_archive(io.BytesIO(zipped(*ENTRIES, QUOTED)))
    assert [entry.name for entry in archive.entries] == ["mimetype", "a.txt", "b.txt", "q.txt"]
    assert b"".join(archive.stream(archive.entries[-1])) == QUOTED[1]


@pytest.mark.parametrize("bit", range(16))
def test_no_general_purpose_flag_may_be_set_on_an_ascii_name(bit):
    error = refused(in_both("a.txt", 6, struct.pack("<H", 1 << bit)))
    assert (error.clause, error.entry) == ("2.7", "a.txt")


@pytest.mark.parametrize("method", [1, 6, 9, 12, 14, 93, 95, 98, 99, 0xFFFF])
def test_no_method_but_stored_and_deflated_is_read(method):
    error = refused(in_both("a.txt", 8, struct.pack("<H", method)))
    assert (error.clause, error.entry) == ("2.6", "a.txt")
    assert str(method) in error.message


@pytest.mark.parametrize(
    ("mode", "kind"),
    [(0o120777, "a link"), (0o040755, "a folder"), (0o010644, "a pipe"), (0o060644, "a device"), (0o104755, "set-uid")],
)
def test_nothing_but_a_regular_file_may_be_stored(mode, kind):
    data = patched(GOOD, (central_at(GOOD, "a.txt") + 38, struct.pack("<I", mode << 16)))
    assert refused(data).clause == "2.3", kind


@pytest.mark.parametrize(
    ("name", "clause"),
    [
        pytest.param("a\0.txt", "3.2", id="a zero byte"),
        pytest.param("a\x1b[2J", "3.2", id="an escape sequence"),
        pytest.param("a\nb", "3.2", id="a line feed"),
        pytest.param("..\\..\\x", "3.1", id="backslashes"),
        pytest.param("C:x", "3.1", id="a drive"),
        pytest.param("a/../../x", "3.1", id="a way out in the middle"),
        pytest.param("./a", "3.1", id="a dot as a folder"),
        pytest.param("a//b", "3.1", id="a folder without name"),
        pytest.param("a.txt:stream", "3.2", id="an alternate data stream"),
        pytest.param("a.txt.", "3.3", id="a final dot"),
        pytest.param("a /b", "3.3", id="a folder with a final space"),
        pytest.param("assets/LPT¹.txt", "3.3", id="a device with a superscript"),
        pytest.param("fdp.\u202excod", "3.2", id="a direction that turns round"),
        pytest.param("a\u200b", "3.2", id="an invisible character"),
        pytest.param("\ufeffa", "3.2", id="a byte order mark"),
        pytest.param("a\ufdd0", "3.2", id="a noncharacter"),
        pytest.param("\U0001f600" * 64, "3.4", id="a part of 256 bytes"),
        pytest.param("/".join("d" * 101), "3.4", id="a hundred folders, one character too deep"),
        pytest.param("A.TXT", "3.5", id="another case"),
        pytest.param("\uff41.txt", "3.5", id="a fullwidth letter"),
        pytest.param("a.txt/b", "3.5", id="a folder named like a file"),
    ],
)
def test_a_name_that_does_not_travel_is_refused_and_shown_safely(name, clause):
    error = refused(zipped(*ENTRIES, stored(name, b"")))
    assert error.clause == clause


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("stra\u00dfe", "STRASSE", id="sharp s"),
        pytest.param("\ufb01le", "file", id="a ligature"),
        pytest.param("\u212a", "k", id="the Kelvin sign"),
        pytest.param("\u03c3", "\u03c2", id="two forms of sigma"),
        pytest.param("\u0130", "i\u0307", id="a dotted capital"),
        pytest.param("\u00c9t\u00e9/a", "\u00e9T\u00c9", id="a folder and a file but for case"),
    ],
)
def test_names_that_are_one_file_elsewhere_are_refused(one, other):
    entries = (*ENTRIES, stored(one, b""), stored(other, b""))
    error = refused(zipped(*entries))
    assert error.clause in {"3.5", "3.2"}


def test_a_name_as_deep_as_may_be_is_read():
    name = "/".join("d" * 100)
    archive = read_archive(io.BytesIO(zipped(*ENTRIES, stored(name, b"deep"))))
    assert archive.read(archive.entries[-1], 4) == b"deep"


@pytest.mark.parametrize("workers", [1, 2, 9])
def test_a_second_zip_without_entries_has_no_digests(workers):
    assert read_archive(io.BytesIO(zipped()), container=False).digest_all(workers) == {}


# ZIP64, whose structures a small zip doesn't have: a sparse file of 4 GiB


def sparse(path) -> tuple[int, int]:
    """A zip of an entry of 4 GiB and one behind it; gives the offsets of its second local header and its directory."""
    first, second = Stored("assets/a", STORED, 0, 2**32, 2**32, b""), Stored("assets/b", STORED, 0, 0, 0, b"")
    with path.open("wb") as file:
        file.write(local_header(first))
        middle = len(local_header(first)) + 2**32
        file.seek(middle)
        file.write(local_header(second))
        directory = central_header(first, 0) + central_header(second, middle)
        start = file.tell()
        file.write(directory + end_records(2, len(directory), start))
    return middle, start


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    path = tmp_path_factory.mktemp("large") / "o.zip"
    return path, *sparse(path)


def test_every_bit_of_zip64s_structures_counts(large):
    path, middle, start = large
    first = len(local_header(Stored("assets/a", STORED, 0, 2**32, 2**32, b"")))
    places = [*range(first), *range(middle, middle + 38), *range(start, path.stat().st_size)]
    accepted = []
    with path.open("r+b", buffering=0) as file:
        read_archive(file, container=False)
        for place in places:
            file.seek(place)
            byte = file.read(1)[0]
            for bit in range(8):
                file.seek(place)
                file.write(bytes([byte ^ 1 << bit]))
                try:
                    found = read_archive(file, container=False)
                except BundleError:
                    continue
                accepted.append((place, bit, found.entries))
            file.seek(place)
            file.write(bytes([byte]))
    assert accepted == []


def test_a_zip64_file_that_is_cut_anywhere_in_its_structures_is_refused(large):
    path, middle, start = large
    for length in [0, 1, 30, 58, 59, middle, middle + 37, *range(start, path.stat().st_size)]:
        with path.open("rb") as file, pytest.raises(BundleError):
            read_archive(_Cut(file, length), container=False)


class _Cut(io.RawIOBase):
    """The first bytes of a file, without copying 4 GiB."""

    def __init__(self, file, length):
        self._file, self._length = file, length

    def seek(self, offset, whence=0):
        return self._file.seek(self._length if whence == 2 else offset)

    def read(self, size=-1):
        return self._file.read(max(0, min(size, self._length - self._file.tell())))
