"""Compound files: written right at every size, read safely whatever they hold."""

import random

import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.formats.compound import write as cfb
from handover.formats.compound.read import CompoundReader
from handover.formats.compound.write import compound_file, name_key
from handover.model.errors import DamagedFile, OutputError

FIRST_DIFAT_SECTOR = 109 * 128 * 512  # the size from which the header no longer lists all FAT sectors
SECOND_DIFAT_SECTOR = (109 + 127) * 128 * 512


def content(size, seed=0):
    return random.Random(seed * 1_000_003 + size).randbytes(size)


def written(streams):
    return compound_file({tuple(path.split("/")): data for path, data in streams.items()})


def file_of(**sizes):
    return written({name: content(size) for name, size in sizes.items()})


def independent(data):
    """The streams as olefile reads them, which raises for anything it finds incorrect."""
    with olefile.OleFileIO(data, raise_defects=olefile.DEFECT_INCORRECT) as file:
        assert file.parsing_issues == []
        return {"/".join(path): file.openstream(path).read() for path in file.listdir()}


SIZES = sorted(
    {0, 1, 2, 63, 64, 65, 100}
    | {boundary + delta for boundary in (512, 1024, 4096, 8192, 65536) for delta in (-65, -64, -1, 0, 1, 64)}
    | {around + delta for around in (FIRST_DIFAT_SECTOR, SECOND_DIFAT_SECTOR) for delta in (-120_000, -60_000, 0)}
)


class TestWriting:
    @pytest.mark.parametrize("size", SIZES)
    def test_a_stream_of_any_size_is_read_back_here_and_by_another_reader(self, size):
        data = content(size)
        file = written({"Package": data, "Small": b"beside it"})
        reader = CompoundReader(file)
        assert reader.read(("Package",), size) == data
        assert reader.read(("Small",), 100) == b"beside it"
        if size:
            assert independent(file) == {"Package": data, "Small": b"beside it"}

    def test_every_number_of_sectors_around_the_first_difat_sector_is_right(self):
        for sectors in range(13_820, 13_850):
            size = sectors * 512 - 7
            file = written({"Package": bytes(size)})
            assert CompoundReader(file).read(("Package",), size) == bytes(size)
            with olefile.OleFileIO(file, raise_defects=olefile.DEFECT_INCORRECT) as other:
                assert other.get_size("Package") == size

    def test_many_small_streams_share_the_mini_stream(self):
        parts = {f"S{number}/part {size}": content(size, number) for number in range(9) for size in (1, 64, 700, 4095)}
        file = written(parts)
        assert independent(file) == parts
        reader = CompoundReader(file)
        assert {path: reader.read(tuple(path.split("/")), 4095) for path in parts} == parts

    def test_the_same_streams_give_the_same_bytes(self):
        assert file_of(A=5000, B=10) == file_of(A=5000, B=10)

    @pytest.mark.parametrize("name", ["", "x" * 32, "a/b", "a:b", "a\\b", "a!b"])
    def test_a_name_that_the_format_forbids_is_refused(self, name):
        with pytest.raises(ValueError, match="can't be a name"):
            compound_file({(name,): b"x"})

    def test_two_names_that_differ_in_case_only_are_refused(self):
        with pytest.raises(ValueError, match="two entries"):
            written({"Data": b"x", "DATA": b"y"})

    def test_what_exceeds_the_format_is_refused(self, monkeypatch):
        monkeypatch.setattr(cfb, "MAX_FILE", 100_000)
        assert len(file_of(A=90_000)) <= 100_000
        with pytest.raises(OutputError, match="too large"):
            file_of(A=100_000)


class TestDirectory:
    @staticmethod
    def entries(file):
        start = cfb.HEADER.unpack_from(file)[10]
        end = file.index(b"R\x00o\x00o\x00t\x00") + 128 * 4096
        data = file[512 * (1 + start) : end]
        data = data[: len(data) // 128 * 128]
        return [cfb.DIRECTORY_ENTRY.unpack_from(data, at) for at in range(0, len(data), 128)]

    @pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 40, 100])
    def test_the_tree_of_a_storage_is_a_valid_red_black_tree_in_the_formats_order(self, count):
        names = [f"{'x' * (number % 7)}{number}" for number in range(count)]
        entries = self.entries(written(dict.fromkeys(names, b"1")))

        def check(index, parent_is_red):
            if index == cfb.NO_STREAM:
                return 0, []
            name, length, _, colour, left, right, *_ = entries[index]
            assert not (parent_is_red and colour == cfb.RED)
            left_blacks, before = check(left, colour == cfb.RED)
            right_blacks, after = check(right, colour == cfb.RED)
            assert left_blacks == right_blacks
            return left_blacks + (colour == cfb.BLACK), [*before, name[: length - 2].decode("utf-16-le"), *after]

        top = entries[0][6]
        assert entries[top][3] == cfb.BLACK
        _, found = check(top, parent_is_red=False)
        assert found == sorted(names, key=name_key)

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            pytest.param("zz", "aaa", id="the shorter name comes first"),
            pytest.param("abc", "ABD", id="names of a length are ordered by upper case"),
            pytest.param("\x06Data", "aaaaa", id="control characters come before letters"),
            pytest.param("ß", "ÿ", id="a letter whose capital has two letters stays itself"),
        ],
    )
    def test_order(self, first, second):
        assert name_key(first) < name_key(second)


def patched(file, offset, data):
    return file[:offset] + data + file[offset + len(data) :]


def number(value):
    return value.to_bytes(4, "little")


class TestHostileFiles:
    # Layout of this file: FAT in sector 0, directory 1, mini FAT 2, large stream 3–12, mini stream 13.
    FILE = file_of(Large=5000, Small=100)
    FAT = 512
    DIRECTORY = 1024
    MINI_FAT = 1536

    @pytest.mark.parametrize(
        ("offset", "data"),
        [
            pytest.param(0, b"PK", id="another signature"),
            pytest.param(26, b"\x04", id="version 4"),
            pytest.param(30, b"\x0c", id="sectors of 4,096 bytes"),
            pytest.param(44, number(5000), id="more FAT sectors than the file has"),
            pytest.param(44, number(2), id="a FAT sector that the DIFAT doesn't list"),
            pytest.param(48, number(0), id="a directory that is the FAT"),
            pytest.param(48, number(99_999), id="a directory outside the file"),
            pytest.param(60, number(1), id="a mini FAT that is the directory"),
            pytest.param(64, number(0xFFFFFFFF), id="four billion mini FAT sectors"),
            pytest.param(72, number(0xFFFFFFFF), id="four billion DIFAT sectors"),
            pytest.param(72, number(1), id="a DIFAT sector that isn't there"),
            pytest.param(FAT + 4, number(1), id="a directory that follows itself"),
            pytest.param(FAT + 4 * 5, number(3), id="a stream that runs in a circle"),
            pytest.param(FAT + 4 * 5, number(13), id="a stream that runs into another"),
            pytest.param(FAT + 4 * 5, number(70_000), id="a stream that leaves the file"),
            pytest.param(FAT + 4 * 5, number(0xFFFFFFFE), id="a stream that ends too early"),
            pytest.param(FAT + 4 * 12, number(0xFFFFFFFF), id="a stream whose last sector is free"),
            pytest.param(MINI_FAT, number(0), id="a small stream that runs in a circle"),
            pytest.param(MINI_FAT, number(9), id="a small stream that leaves the mini stream"),
            pytest.param(DIRECTORY + 66, b"\x02", id="a directory without a root"),
            pytest.param(DIRECTORY + 116, number(0xFFFFFFF8), id="a mini stream outside the file"),
            pytest.param(DIRECTORY + 128 + 66, b"\x07", id="an entry of an unknown kind"),
            pytest.param(DIRECTORY + 128 + 64, b"\x50", id="a name longer than the field"),
            pytest.param(DIRECTORY + 128 + 64, b"\x09", id="a name of an odd length"),
            pytest.param(DIRECTORY + 128, b"\x00\xd8", id="a name that is half a character"),
            pytest.param(DIRECTORY + 256 + 68, number(2), id="an entry that is its own sibling"),
            pytest.param(DIRECTORY + 256 + 68, number(0), id="an entry whose sibling is the root"),
            pytest.param(DIRECTORY + 256 + 68, number(500), id="a sibling that isn't there"),
            pytest.param(DIRECTORY + 256 + 68, number(3), id="a sibling that is a free entry"),
            pytest.param(DIRECTORY + 128 + 120, number(0xFFFFFFF0), id="a stream of four gigabytes"),
            pytest.param(DIRECTORY + 256 + 120, number(0xFFFFFFF0), id="the other stream of four gigabytes"),
        ],
    )
    def test_is_refused(self, offset, data):
        with pytest.raises(DamagedFile):
            CompoundReader(patched(self.FILE, offset, data), name="vault.xlsx")

    def test_the_message_names_the_file_and_says_what_to_do(self):
        with pytest.raises(DamagedFile, match=r"^vault\.xlsx isn't an encrypted Office document$") as caught:
            CompoundReader(b"PK\x03\x04" + bytes(1000), name="vault.xlsx")
        assert "saved with a password" in caught.value.hint

    def test_two_streams_of_one_name_are_refused(self):
        file = file_of(Abc=5, Abd=5)
        with pytest.raises(DamagedFile, match="tree"):
            CompoundReader(file.replace("Abd".encode("utf-16-le"), "aBC".encode("utf-16-le")))

    def test_storages_nested_deeper_than_any_document_needs_are_refused(self):
        with pytest.raises(DamagedFile, match="tree"):
            CompoundReader(written({"/".join("abcdefghijklmnopqrst"): b"deep"}))

    def test_a_missing_stream_is_told(self):
        with pytest.raises(DamagedFile, match="a part of it is missing"):
            CompoundReader(self.FILE).read(("EncryptionInfo",), 10)

    def test_a_stream_larger_than_allowed_is_refused(self):
        with pytest.raises(DamagedFile, match="too large"):
            CompoundReader(self.FILE).read(("Large",), 4999)

    def test_a_last_sector_that_lost_its_padding_is_accepted(self):
        file = file_of(Large=5000)
        reader = CompoundReader(file[: len(file) - 100])
        assert reader.read(("Large",), 5000) == content(5000)

    @pytest.mark.parametrize("length", [0, 1, 8, 511, 512, 513, 1024, 1536, 2000, 3000, 6000])
    def test_every_truncation_is_refused(self, length):
        with pytest.raises(DamagedFile):
            CompoundReader(self.FILE[:length]).read(("Small",), 100)

    @given(st.data())
    def test_flipped_bytes_raise_only_damaged_file(self, data):
        file = bytearray(self.FILE)
        metadata = [*range(512), *range(512, 512 + 64), *range(self.DIRECTORY, self.MINI_FAT + 16)]
        for _ in range(data.draw(st.integers(1, 6))):
            file[data.draw(st.sampled_from(metadata))] = data.draw(st.integers(0, 255))
        try:
            reader = CompoundReader(bytes(file))
            held = sum(len(reader.read(path, len(file))) for path in reader.sizes)
        except DamagedFile:
            return
        assert held <= len(file)

    @given(st.binary(max_size=3000))
    def test_any_bytes_behind_a_signature_raise_only_damaged_file(self, noise):
        with pytest.raises(DamagedFile):
            CompoundReader(cfb.SIGNATURE + noise)
