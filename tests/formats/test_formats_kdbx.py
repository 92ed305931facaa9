"""KDBX: every kind is read, what we write is KDBX 4 of a stated cost, wrong keys and damaged files are told."""

import base64
import datetime as dt
import hashlib
import os
import struct
from dataclasses import replace

import pytest

from handover.formats.kdbx import WRITTEN, Entry, check_written, is_kdbx, read_kdbx, write_kdbx
from handover.formats.kdbx.ciphers import inner_stream
from handover.model.errors import DamagedFile, HandoverError, WrongPassphrase
from handover.model.secret import Secret
from kdbx_making import KINDS, PASSPHRASE, SIMPLE, Kind, document, entry, group, kdbx, uuid

SECRET = Secret(PASSPHRASE)
CHEAP = replace(WRITTEN, rounds=1, memory=64 * 1024)
AT = dt.datetime(2026, 11, 28, 9, 30, tzinfo=dt.UTC)
ENTRIES = (
    Entry((), {"Title": "Top", "UserName": "ü", "Password": " <&>\n=1 ", "Notes": "n\r\n2", "Clé": "v"},
          frozenset({"Password", "Clé"}), ("a", "b")),
    Entry(("Web", "Hosting"), {"Title": "OVH", "UserName": "", "Password": "x"}, frozenset({"Password"})),
    Entry(("Web",), {"Title": "Site", "Password": ""}, frozenset({"Password"})),
    Entry(("Other",), {"Title": "Far", "Password": "p" * 40_000}, frozenset({"Password"})),
)  # fmt: skip


def written(**changes) -> bytes:
    given = {"title": "Maison & Co", "at": AT, "random": os.urandom, "kdf": CHEAP, **changes}
    return write_kdbx(ENTRIES, SECRET, **given)


@pytest.fixture(scope="module")
def strong() -> bytes:
    """A file of the cost that we write."""
    return written(kdf=WRITTEN)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_every_kind_is_read(kind):
    found = read_kdbx(kdbx(kind, SIMPLE), SECRET, name="x.kdbx")

    assert [(one.path, one.fields["Title"], one.fields["Password"]) for one in found] == [
        ((), "Mail", "pà&ss  word"),
        (("Clients", "Maison & Co"), "OVH", "x"),
    ]
    assert found[0].fields["Notes"] == "one\ntwo"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_a_wrong_passphrase_is_told_as_such(kind):
    with pytest.raises(WrongPassphrase, match=r"doesn't open x\.kdbx"):
        read_kdbx(kdbx(kind, SIMPLE), Secret("clé-canary-43"), name="x.kdbx")


def test_a_passphrase_opens_however_its_accents_are_typed():
    assert read_kdbx(kdbx(Kind(), SIMPLE), Secret("cle\u0301-canary-42"), name="x.kdbx")


KEY = bytes(range(32))


@pytest.mark.parametrize(
    "key_file",
    [
        pytest.param(KEY, id="32 bytes"),
        pytest.param(KEY.hex().encode(), id="64 digits"),
        pytest.param(
            b"<?xml version='1.0' encoding='utf-8'?><KeyFile><Meta><Version>1.00</Version></Meta><Key><Data>"
            b"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=</Data></Key></KeyFile>",
            id="XML, version 1",
        ),
        pytest.param(
            b"<?xml version='1.0' encoding='utf-8'?><KeyFile><Meta><Version>2.0</Version></Meta><Key><Data Hash='x'>\n"
            b"00010203 04050607 08090A0B 0C0D0E0F\n10111213 14151617 18191A1B 1C1D1E1F</Data></Key></KeyFile>",
            id="XML, version 2",
        ),
    ],
)
def test_a_key_file_opens_beside_the_passphrase(key_file):
    data = kdbx(Kind(), SIMPLE, key=KEY)

    assert read_kdbx(data, SECRET, name="x.kdbx", key_file=key_file)
    with pytest.raises(WrongPassphrase, match="doesn't open"):
        read_kdbx(data, SECRET, name="x.kdbx")


def test_any_file_may_be_a_key_and_a_damaged_one_is_told():
    data = kdbx(Kind(), SIMPLE, key=hashlib.sha256(b"a picture").digest())

    assert read_kdbx(data, SECRET, name="x.kdbx", key_file=b"a picture")
    for key_file in (b"<KeyFile><Meta/><Key><Data>AAE=</Data></Key></KeyFile>", b"<KeyFile><Key>"):
        with pytest.raises(HandoverError, match=r"key file of x\.kdbx"):
            read_kdbx(data, SECRET, name="x.kdbx", key_file=key_file)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: b"PK\3\4", "is cut off"),
        (lambda: b"PK\3\4" + bytes(40), "isn't a KeePass file"),
        (lambda: struct.pack("<IIHH", 0x9AA2D903, 0xB54BFB65, 0, 1), "KeePass 1 database"),
        (lambda: struct.pack("<IIHH", 0x9AA2D903, 0xB54BFB67, 0, 5), "is KDBX 5.0"),
        (lambda: kdbx(Kind(), SIMPLE)[:60], "header has no end"),
        (lambda: kdbx(Kind(cipher="twofish"), SIMPLE), "Twofish"),
        (lambda: kdbx(Kind(version=0x10), SIMPLE), "another version of Argon2"),
        (lambda: kdbx(Kind(3, "aes-kdf", rounds=1), SIMPLE, stream=1), "stream other than"),
        (lambda: kdbx(Kind(), SIMPLE, stream=0), "stream other than"),
        (lambda: kdbx(Kind(), b"<KeePassFile/>"), "isn't KeePass's XML"),
        (lambda: kdbx(Kind(), b"<!DOCTYPE x><KeePassFile/>"), "DOCTYPE"),
        (lambda: kdbx(Kind(), bytes(3 << 20)), "holds more than 0 MB"),
        (lambda: kdbx(Kind(), SIMPLE)[:-1], "damaged or was altered"),
        (lambda: kdbx(Kind(), SIMPLE) + b"x", "damaged or was altered"),
    ],
)
def test_what_isnt_read_is_refused_by_its_name(monkeypatch, make, told):
    monkeypatch.setattr("handover.formats.kdbx.MAX_FILE", 1 << 20)
    with pytest.raises(DamagedFile, match=told) as caught:
        read_kdbx(make(), SECRET, name="x.kdbx")
    assert caught.value.message.startswith("x.kdbx: ")


@pytest.mark.parametrize(
    ("number", "value", "told"),
    [
        (b"M", struct.pack("<Q", 2 << 30), "2,048 MiB of memory, and 1,024 are the most"),
        (b"I", struct.pack("<Q", 10**6), "1,000,000 passes over 64 MiB in 2 lanes"),
        (b"P", struct.pack("<I", 200), "in 200 lanes"),
        (b"I", bytes(8), "parameters of its key can't be"),
        (b"M", struct.pack("<Q", 8192), "parameters of its key can't be"),
    ],
)
def test_a_cost_out_of_proportion_is_refused_before_a_key_is_derived(monkeypatch, strong, number, value, told):
    data = strong
    at = data.index(struct.pack("<I", 1) + number + struct.pack("<I", len(value))) + 9
    monkeypatch.setattr("handover.formats.kdbx.ciphers.derive", lambda *_: pytest.fail("a key is derived"))

    with pytest.raises(DamagedFile, match=told):
        read_kdbx(data[:at] + value + data[at + len(value) :], SECRET, name="x.kdbx")


def test_a_flipped_bit_of_a_header_is_found_before_a_key_is_derived(monkeypatch, strong):
    data = strong
    monkeypatch.setattr("handover.formats.kdbx.ciphers.derive", lambda *_: pytest.fail("a key is derived"))

    for at in range(data.index(b"\r\n\r\n") + 36):
        with pytest.raises(DamagedFile):
            read_kdbx(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :], SECRET, name="x.kdbx")


@pytest.mark.parametrize("kind", ["4, Argon2d, ChaCha20", "3.1, AES-KDF, AES-256"])
def test_no_flipped_bit_gives_an_entry_that_differs(kind):
    xml = SIMPLE.replace(b"<Meta>", b"<Meta><HeaderHash>HEADERHASH</HeaderHash>") if kind[0] == "3" else SIMPLE
    data = kdbx(replace(KINDS[kind], rounds=1), xml)
    whole = read_kdbx(data, SECRET, name="x.kdbx")

    for at in range(12, len(data), 3):
        try:
            found = read_kdbx(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], SECRET, name="x.kdbx")
        except HandoverError:
            continue
        assert found == whole


def test_what_we_write_is_read_back_whole_and_group_by_group():
    found = read_kdbx(written(), SECRET, name="x.kdbx")

    assert found == (ENTRIES[0], ENTRIES[2], ENTRIES[1], ENTRIES[3])


def test_two_files_of_the_same_entries_share_nothing_but_what_the_format_fixes():
    one, two = written(), written()

    assert is_kdbx(one)
    assert sum(a == b for a, b in zip(one, two, strict=False)) < 400
    assert PASSPHRASE.encode() not in one


def test_a_file_of_the_stated_cost_passes_and_a_cheaper_one_or_another_kind_does_not(monkeypatch, strong):
    data = strong
    check_written(data, name="x.kdbx")
    assert (WRITTEN.method, WRITTEN.rounds >= 3, WRITTEN.memory >= 64 * 1024**2) == ("argon2id", True, True)
    assert read_kdbx(data, SECRET, name="x.kdbx")

    same = {"rounds": 3, "memory": 64 * 1024**2, "lanes": 2}
    monkeypatch.setattr("handover.formats.kdbx.ciphers.derive", lambda *_: bytes(32))
    monkeypatch.setattr("kdbx_making.argon2", lambda *_: bytes(32))
    bad = [
        written(kdf=replace(WRITTEN, rounds=2)),
        written(kdf=replace(WRITTEN, memory=63 * 1024**2)),
        written(kdf=replace(WRITTEN, memory=1024**3)),  # whoever opens it would pay
        written(kdf=replace(WRITTEN, rounds=512)),
        written(kdf=replace(WRITTEN, lanes=64)),
        kdbx(Kind(4, "argon2d", **same), SIMPLE),
        kdbx(Kind(3, "aes-kdf"), SIMPLE),
        kdbx(Kind(4, "argon2id", **same), SIMPLE),  # another order of its parameters
        data[:-1],
        data + b"\0",
        data[:200] + bytes([data[200] ^ 1]) + data[201:],
    ]
    for number, other in enumerate(bad):
        with pytest.raises(DamagedFile):
            check_written(other, name=f"{number}.kdbx")


def test_hidden_values_are_read_in_the_documents_order_history_included():
    stream = inner_stream(2, bytes(32), "x")

    def protected(text: str) -> str:
        hidden = base64.b64encode(stream(text.encode())).decode()
        return f'<String><Key>Password</Key><Value Protected="True">{hidden}</Value></String>'

    inner = entry(9, protected("first\x07"), f"<History><Entry>{protected('x' * 100)}</Entry></History>", Title="A")
    xml = document(inner, entry(8, protected("é" * 70), Title="B"))
    found = read_kdbx(kdbx(Kind(3, "aes-kdf", rounds=1), xml), SECRET, name="x.kdbx")

    assert [one.fields["Password"] for one in found] == ["first\x07", "é" * 70]
    assert found[0].protected == {"Password"}


def test_a_file_with_a_second_group_at_its_root_is_refused_rather_than_read_in_part():
    xml = document(entry(1, Title="A")).replace(b"</Root>", group(2, "More", entry(3, Title="B")).encode() + b"</Root>")

    with pytest.raises(DamagedFile, match="2 groups at its root"):
        read_kdbx(kdbx(Kind(), xml), SECRET, name="x.kdbx")


def test_entries_that_share_an_identifier_or_have_none_are_all_read():
    anonymous = entry(0, Title="C").replace(f"<UUID>{uuid(0)}</UUID>", "")
    xml = document(entry(7, Title="A"), entry(7, Title="B"), anonymous * 2)
    found = read_kdbx(kdbx(Kind(), xml), SECRET, name="x.kdbx")

    assert [one.fields["Title"] for one in found] == ["A", "B", "C", "C"]


def test_the_recycle_bin_tags_attachments_and_borrowed_texts():
    xml = document(
        entry(7, "<Tags>client; x,y</Tags><Binary><Key>id.pdf</Key><Value Ref='0'/></Binary>",
              Title="A", Password=f"{{REF:P@I:{(6).to_bytes(16, 'big').hex()}}}", UserName="{REF:U@T:Other}"),
        entry(6, Title="B", Password=f"-{{ref:n@i:{(6).to_bytes(16, 'big').hex()}}}-", Notes="lent"),
        entry(5, Title="C", Password=f"{{REF:P@I:{(5).to_bytes(16, 'big').hex()}}}!"),
        group(2, "Trash", group(3, "Deep", entry(4, Title="Gone"))),
        meta=f"<RecycleBinEnabled>True</RecycleBinEnabled><RecycleBinUUID>{uuid(2)}</RecycleBinUUID>",
    )  # fmt: skip
    first, second, third, gone = read_kdbx(kdbx(Kind(), xml), SECRET, name="x.kdbx")

    assert (first.tags, first.attachments, first.recycled) == (("client", "x", "y"), ("id.pdf",), False)
    assert (first.fields["Password"], first.fields["UserName"]) == ("-lent-", "{REF:U@T:Other}")
    assert second.fields["Password"] == "-lent-"
    assert third.fields["Password"].endswith("!!!!!")  # a circle ends
    assert (gone.path, gone.recycled) == (("Trash", "Deep"), True)
