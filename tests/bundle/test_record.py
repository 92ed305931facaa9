"""handover.json and SHA256SUMS: what is written is read back, and anything else is refused by clause."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.bundle.record import (
    AssetsArchive,
    BundleRecord,
    DocumentEntry,
    OwnerPin,
    State,
    bundle_id,
    read_record,
    read_sums,
    write_record,
    write_sums,
)
from handover.model.artifact import EntryRecord, Role
from handover.model.errors import BundleError

RECORD = BundleRecord(
    bundle_id="0f0e0d0c-0b0a-8908-8706-050403020100",
    date=dt.date(2026, 11, 30),
    state=State.SIGNED,
    language="fr",
    client="conserverie-le-goff",
    generator="handover-kit 0.1.0",
    owners=(OwnerPin("Claire Delmas", "ab" * 32), OwnerPin("Paul Rivière", "cd" * 32)),
    time_stamp=False,
    entries=(DocumentEntry("01-lettre.docx", Role.LETTER), DocumentEntry("02-inventaire.xlsx", Role.INVENTORY)),
    renamed={"assets/a:b.txt": "assets/a_b.txt"},
    inputs={"handover.yaml": "cd" * 32},
    assets_archive=AssetsArchive("x-assets-00.zip", 12, "ef" * 32),
)


def test_what_is_written_is_read_back():
    assert read_record(write_record(RECORD)) == RECORD


def edited(**changes) -> bytes:
    value = json.loads(write_record(RECORD))
    value.update(changes)
    return json.dumps(value).encode()


def owners(*pins) -> list[dict[str, str | None]]:
    return [{"name": "Claire Delmas", "certificate_sha256": pin} for pin in pins]


def test_the_owners_of_a_draft_may_lack_pins():
    data = edited(state="draft", owners=owners(None))
    assert read_record(data).pins == {}


def test_a_pin_leads_to_its_owner():
    assert RECORD.pins == {"ab" * 32: "Claire Delmas", "cd" * 32: "Paul Rivière"}


@pytest.mark.parametrize(
    ("data", "clause", "message"),
    [
        pytest.param(b"", "5.1", "strict JSON", id="an empty file"),
        pytest.param(b"[]", "5.1", "JSON object", id="a list"),
        pytest.param(b"\xff", "5.1", "strict JSON", id="not UTF-8"),
        pytest.param(b'{"format": 1, "format": 1}', "5.1", "repeated key", id="a key twice"),
        pytest.param(b'{"format": NaN}', "5.1", "strict JSON", id="a number that isn't JSON"),
        pytest.param(b"[" * 100_000, "5.1", "strict JSON", id="nesting without end"),
        pytest.param(edited(format=2), "1.6", "newer", id="a later format"),
        pytest.param(edited(format=True), "1.6", "newer", id="a format that only equals 1"),
        pytest.param(edited(format=1.0), "1.6", "newer", id="a format that is no integer"),
        pytest.param(edited(surprise=1), "5.1", "keys", id="an unknown key"),
        pytest.param(edited(state="sent"), "5.1", "wrong type", id="a state that there isn't"),
        pytest.param(edited(date="30.11.2026"), "5.1", "wrong type", id="a date in another form"),
        pytest.param(edited(date="20261130"), "5.1", "wrong type", id="a date without hyphens"),
        pytest.param(edited(date="2026-W48-1"), "5.1", "wrong type", id="a date by its week"),
        pytest.param(
            edited(bundle_id="0f0e0d0c-0b0a-4908-8706-050403020100"),
            "5.1",
            "wrong type",
            id="an identifier of another version",
        ),
        pytest.param(
            edited(bundle_id="0f0e0d0c-0b0a-8908-c706-050403020100"),
            "5.1",
            "wrong type",
            id="an identifier of another variant",
        ),
        pytest.param(
            edited(bundle_id="0F0E0D0C-0B0A-8908-8706-050403020100"),
            "5.1",
            "wrong type",
            id="an identifier in capitals",
        ),
        pytest.param(
            edited(bundle_id="0f0e0d0c0b0a89088706050403020100"),
            "5.1",
            "wrong type",
            id="an identifier without hyphens",
        ),
        pytest.param(
            edited(bundle_id="0f0e0d0c-0b0a-8908-8706-050403020100\r\nBcc: x"),
            "5.1",
            "wrong type",
            id="an identifier that goes on in another line",
        ),
        pytest.param(
            edited(bundle_id="0f0e0d0c-0b0a-8908-8706-050403020100\n"),
            "5.1",
            "wrong type",
            id="an identifier with a line feed",
        ),
        pytest.param(edited(language="fra"), "5.1", "wrong type", id="a language of three letters"),
        pytest.param(edited(language="FR"), "5.1", "wrong type", id="a language in capitals"),
        pytest.param(edited(language="fr\n"), "5.1", "wrong type", id="a language with a line feed"),
        pytest.param(edited(client=""), "5.1", "wrong type", id="a client without a name"),
        pytest.param(edited(client="../x"), "5.1", "wrong type", id="a client that is a path"),
        pytest.param(edited(client="a--b"), "5.1", "wrong type", id="a client with two hyphens"),
        pytest.param(edited(client="a" * 61), "5.1", "wrong type", id="a client that is too long"),
        pytest.param(edited(client="a\n"), "5.1", "wrong type", id="a client with a line feed"),
        pytest.param(edited(generator=""), "5.1", "wrong type", id="a generator without a name"),
        pytest.param(edited(generator="x" * 101), "5.1", "wrong type", id="a generator that is too long"),
        pytest.param(edited(generator="x\ny"), "5.1", "wrong type", id="a generator of two lines"),
        pytest.param(edited(generator="x\u202ey"), "5.1", "wrong type", id="a generator with a direction mark"),
        pytest.param(edited(owners=owners("AB" * 32)), "5.1", "wrong type", id="a pin in capitals"),
        pytest.param(edited(owners=[]), "5.1", "wrong type", id="no owner"),
        pytest.param(edited(owners=owners(None)), "5.1", "wrong type", id="a signed bundle whose owner has no pin"),
        pytest.param(edited(owners=owners("ab" * 32, "ab" * 32)), "5.1", "wrong type", id="one pin for two owners"),
        pytest.param(
            edited(owners=[{"name": "A\nB", "certificate_sha256": "ab" * 32}]),
            "5.1",
            "wrong type",
            id="an owner's name with a line feed",
        ),
        pytest.param(
            edited(owners=[{"certificate_sha256": "ab" * 32}]), "5.1", "wrong type", id="an owner without name"
        ),
        pytest.param(edited(entries=[{"name": "x"}]), "5.1", "wrong type", id="an entry without a role"),
        pytest.param(edited(entries=[{"name": "x", "role": "virus"}]), "5.1", "wrong type", id="an unknown role"),
        pytest.param(
            edited(assets_archive={"name": "../x", "size": 1, "sha256": "ef" * 32}),
            "5.1",
            "wrong",
            id="a second zip elsewhere",
        ),
        pytest.param(
            edited(assets_archive={"name": "x.zip", "size": -1, "sha256": "ef" * 32}),
            "5.1",
            "wrong",
            id="a size below 0",
        ),
    ],
)
def test_another_record_is_refused(data, clause, message):
    with pytest.raises(BundleError) as refused:
        read_record(data)
    assert refused.value.clause == clause
    assert message in refused.value.message


@given(st.binary(max_size=300))
def test_any_bytes_give_a_record_or_a_refusal(data):
    with pytest.raises(BundleError):
        read_record(data)


ENTRIES = [
    EntryRecord("mimetype", 31, "11" * 32),
    EntryRecord("assets/été.txt", 5, "22" * 32),
    EntryRecord("assets/deux  mots.txt", 5, "33" * 32),
]


def test_sums_are_in_the_form_that_sha256sum_reads():
    assert write_sums(ENTRIES).decode() == (
        f"{'11' * 32}  mimetype\n{'22' * 32}  assets/été.txt\n{'33' * 32}  assets/deux  mots.txt\n"
    )


def test_sums_are_read_back_in_order():
    assert list(read_sums(write_sums(ENTRIES)).items()) == [(e.name, e.sha256) for e in ENTRIES]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"zz  a\n", id="not a digest"),
        pytest.param(b"11" * 32 + b" a\n", id="one space"),
        pytest.param(b"11" * 32 + b"  a", id="no line feed at the end"),
        pytest.param(b"11" * 32 + b"  a\r\n", id="a carriage return"),
        pytest.param((b"11" * 32 + b"  a\n") * 2, id="a name twice"),
        pytest.param(b"\xff\xfe", id="not UTF-8"),
    ],
)
def test_other_sums_are_refused(data):
    with pytest.raises(BundleError) as refused:
        read_sums(data)
    assert refused.value.clause == "6.1"


def test_the_bundle_id_is_a_uuid_of_version_8_made_from_the_inputs():
    import uuid

    one = bundle_id(date=dt.date(2026, 1, 1), draft=False, inputs={"a": "1"}, assets={})
    assert uuid.UUID(one).version == 8
    assert uuid.UUID(one).variant == uuid.RFC_4122
    assert one == bundle_id(date=dt.date(2026, 1, 1), draft=False, inputs={"a": "1"}, assets={})


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"date": dt.date(2026, 1, 2)}, id="another date"),
        pytest.param({"draft": True}, id="a draft"),
        pytest.param({"inputs": {"a": "2"}}, id="another input"),
        pytest.param({"assets": {"assets/x": "3"}}, id="another asset"),
    ],
)
def test_another_input_gives_another_bundle_id(change):
    same = {"date": dt.date(2026, 1, 1), "draft": False, "inputs": {"a": "1"}, "assets": {}}
    assert bundle_id(**same) != bundle_id(**{**same, **change})
