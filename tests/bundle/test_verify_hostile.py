"""Bundles whose seals are in order, but whose own lists mislead: each is refused in words that a terminal can show."""

import io
import json
import random
import zipfile
from hashlib import sha256

import pytest

from building import delivered
from handover.bundle.names import printable
from handover.bundle.record import MANIFEST_NAME, RECORD_NAME, SIGNATURE_NAME, SUMS_NAME
from handover.bundle.verify import verify
from handover.model.artifact import EntryRecord
from handover.model.errors import BundleError, HandoverError
from handover.seal.container import build_manifest
from handover.seal.container_signature import sign_cades
from rezip import contents, reidentified, resealed, zipped
from signing_samples import NOW, owner

ASSET = "assets/Photos/loaf.txt"
LETTER = "01-termination-letter.docx"
ESCAPES = "\x1b[2J\nintact\u202e"


@pytest.fixture(scope="module")
def entries() -> dict[str, bytes]:
    return contents(delivered().path.read_bytes())


def refused(made, tmp_path, **options) -> BundleError:
    with pytest.raises(BundleError) as caught:
        verify(io.BytesIO(zipped(made, tmp_path)), now=NOW, workers=1, **options)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500
    return caught.value


# handover.json


def recorded(entries, change) -> dict[str, bytes]:
    """The bundle with another handover.json, its identifier and every seal made anew."""
    value = json.loads(entries[RECORD_NAME])
    change(value)
    about = (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
    return resealed(reidentified(entries | {RECORD_NAME: about}), owner(), NOW)


def lists(name: str, role: str = "data"):
    return lambda value: value["entries"].append({"name": name, "role": role})


def gives_role(old: str, new: str):
    return lambda value: [document.update(role=new) for document in value["entries"] if document["role"] == old]


def starts_with_an_asset(value) -> None:
    gives_role("start-here", "data")(value)
    lists(ASSET, "start-here")(value)


@pytest.mark.parametrize(
    ("change", "clause", "entry"),
    [
        pytest.param(lists("05-survey.docx"), "10.4", "05-survey.docx", id="a document that isn't there"),
        pytest.param(lists(ESCAPES), "10.4", printable(ESCAPES), id="a document named to fool the terminal"),
        pytest.param(lists(LETTER), "10.4", RECORD_NAME, id="a document twice"),
        pytest.param(lists(ASSET), "10.4", ASSET, id="a client's file as a document"),
        pytest.param(starts_with_an_asset, "10.4", ASSET, id="a client's file as the page to start with"),
        pytest.param(gives_role("achievements-report", "asset"), "10.4", "04-what-we-built-together.docx",
            id="a document as a client's file"),
        pytest.param(lists("mimetype"), "10.4", "mimetype", id="the type as a document"),
        pytest.param(lists(SUMS_NAME), "10.4", SUMS_NAME, id="the digests as a document"),
        pytest.param(lists(SIGNATURE_NAME), "10.4", SIGNATURE_NAME, id="the signature as a document"),
        pytest.param(lambda value: value["renamed"].update({"assets/a:b": "assets/a_b"}), "5.1", "assets/a_b",
            id="a file renamed to nothing"),
        pytest.param(lambda value: value["renamed"].update({"assets/a:b": SUMS_NAME}), "5.1", SUMS_NAME,
            id="a file renamed to what isn't an asset"),
    ],
)  # fmt: skip
def test_a_record_that_says_what_is_not_so_is_refused(entries, tmp_path, change, clause, entry):
    error = refused(recorded(entries, change), tmp_path)
    assert (error.clause, error.entry) == (clause, entry)


def test_a_draft_may_not_list_the_sealing_as_its_documents(entries, tmp_path):
    """Otherwise a draft could carry a signature that nobody looks at."""
    made = {name: data for name, data in entries.items() if name != MANIFEST_NAME}
    made = {SIGNATURE_NAME if name == "data/pending.csv" else name: data for name, data in made.items()}
    value = json.loads(made[RECORD_NAME])
    value["state"] = "draft"
    for document in value["entries"]:
        if document["name"] == "data/pending.csv":
            document["name"] = SIGNATURE_NAME
    about = (json.dumps(value, indent=2) + "\n").encode()
    made = {n: about if n == RECORD_NAME else d for n, d in made.items() if n != "signer-certificate.pem"}
    error = refused(resealed(made), tmp_path, allow_draft=True)
    assert (error.clause, error.entry) == ("10.4", SIGNATURE_NAME)


# What no JSON is, and what no value of handover.json is.
TEXTS = [
    '{"a":' * 50_000,
    "[" * 50_000,
    "9" * 5_000,
    "-",
    "NaN",
    '"\\ud800"',
    "{}",
    "[]",
    "null",
    '{"format":1,"format":1}',
]
VALUES = [None, True, -1, 10**400, 1e308, "", ESCAPES, "x" * 100_000, [], {}, [[]], {"a": {"b": 1}}, {ESCAPES: ESCAPES}]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:20])
def test_a_record_that_is_no_json_object_of_ours_is_refused(entries, tmp_path, text):
    made = resealed(entries | {RECORD_NAME: text.encode()}, owner(), NOW)
    assert refused(made, tmp_path).entry == RECORD_NAME


def test_no_value_in_a_record_leads_to_anything_but_a_sentence(entries, tmp_path):
    """Every key with every odd value: refused, or, where it's a value that may be there, accepted."""
    accepted = set()
    for key in json.loads(entries[RECORD_NAME]):
        for value in VALUES:
            about = json.loads(entries[RECORD_NAME]) | {key: value}
            data = (json.dumps(about, indent=2) + "\n").encode()
            made = resealed(entries | {RECORD_NAME: data}, owner(), NOW)
            try:
                verify(io.BytesIO(zipped(made, tmp_path)), now=NOW, workers=1)
            except HandoverError as error:
                assert str(error).isprintable(), (key, value)  # noqa: PT017 — every one of many, not one that must come
            else:
                accepted.add((key, str(value)))
    assert accepted <= {("renamed", "{}"), ("assets_archive", "None")}


# SHA256SUMS and the manifest


def test_sums_that_list_a_name_made_to_fool_the_terminal_are_refused(entries, tmp_path):
    line = f"{'0' * 64}  \x1b[2Jintact\n".encode()
    error = refused(entries | {SUMS_NAME: entries[SUMS_NAME] + line}, tmp_path)
    assert (error.clause, error.entry) == ("10.5", SUMS_NAME)
    assert "\\u001b" in error.message


def manifested(entries, change) -> dict[str, bytes]:
    """The bundle with another manifest, signed."""
    listed = [name for name in entries if name not in {"mimetype", MANIFEST_NAME, SIGNATURE_NAME}]
    records = [EntryRecord(name, len(entries[name]), sha256(entries[name]).hexdigest()) for name in listed]
    manifest = build_manifest(change(records))
    return entries | {MANIFEST_NAME: manifest, SIGNATURE_NAME: sign_cades(manifest, owner(), NOW)}


@pytest.mark.parametrize(
    ("change", "clause", "entry"),
    [
        pytest.param(lambda r: [r[1], r[0], *r[2:]], "9.2", MANIFEST_NAME, id="another order"),
        pytest.param(lambda r: r[1:], "10.6", LETTER, id="an entry less"),
        pytest.param(lambda r: [*r, EntryRecord(ESCAPES, 1, "00" * 32)], "10.6", printable(ESCAPES),
            id="an entry named to fool the terminal"),
        pytest.param(lambda r: [EntryRecord("mimetype", 1, "00" * 32), *r], "10.6", "mimetype", id="the type as well"),
        pytest.param(lambda r: [EntryRecord(LETTER, 1, "00" * 32), *r[1:]], "10.6", LETTER, id="another digest"),
    ],
)  # fmt: skip
def test_a_signed_manifest_of_other_entries_is_refused(entries, tmp_path, change, clause, entry):
    error = refused(manifested(entries, change), tmp_path)
    assert (error.clause, error.entry) == (clause, entry)


# The second zip


def split_with(tmp_path, second: dict[str, bytes] | bytes):
    """A sealed split bundle over a second zip of these entries, or over these bytes."""
    made = contents(delivered(split_assets=True).path.read_bytes())
    data = second if isinstance(second, bytes) else zipped(second, tmp_path)
    value = json.loads(made[RECORD_NAME])
    value["assets_archive"] |= {"size": len(data), "sha256": sha256(data).hexdigest()}
    about = (json.dumps(value, indent=2) + "\n").encode()
    return zipped(resealed(made | {RECORD_NAME: about}, owner(), NOW), tmp_path), data


@pytest.mark.parametrize(
    ("second", "clause", "entry"),
    [
        pytest.param({ASSET: b"x", LETTER: b"another letter"}, "2.11", LETTER, id="a letter over the letter"),
        pytest.param({"START-HERE.html": b"x"}, "2.11", "START-HERE.html", id="a page over the start page"),
        pytest.param({"Assets/x": b"x"}, "2.11", "Assets/x", id="the folder in other case"),
        pytest.param({ASSET: b"x"}, "5.2", RECORD_NAME, id="other assets than the identifier's"),
        pytest.param({}, "5.2", RECORD_NAME, id="no assets at all"),
    ],
)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_second_zip_that_is_sealed_but_not_assets_alone_is_refused(tmp_path, second, clause, entry, workers):
    bundle, assets = split_with(tmp_path, second)
    with pytest.raises(BundleError) as caught:
        verify(io.BytesIO(bundle), now=NOW, workers=workers, assets=io.BytesIO(assets))
    assert (caught.value.clause, caught.value.entry) == (clause, entry)
    assert caught.value.in_second is (entry != RECORD_NAME)


def test_what_is_wrong_with_the_second_zips_own_structure_is_told_of_that_zip(tmp_path):
    bundle, assets = split_with(tmp_path, b"no zip at all")
    with pytest.raises(BundleError, match="it isn't a zip file") as caught:
        verify(io.BytesIO(bundle), now=NOW, workers=1, assets=io.BytesIO(assets))
    assert caught.value.in_second


def test_an_asset_in_both_zips_is_refused(entries, tmp_path):
    data = zipped({"assets/photos/LOAF.txt": b"another"}, tmp_path)
    bound = {"name": "acme-bakery-assets.zip", "size": len(data), "sha256": sha256(data).hexdigest()}
    made = recorded(entries, lambda value: value.update(assets_archive=bound))
    with pytest.raises(BundleError) as caught:
        verify(io.BytesIO(zipped(made, tmp_path)), now=NOW, workers=1, assets=io.BytesIO(data))
    assert (caught.value.clause, caught.value.entry) == ("3.5", "assets/photos/LOAF.txt")


# What is sealed inside entries


def letter_with(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in source.namelist():
            copy.writestr(part, source.read(part))
        copy.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("word/" + "x" * 60_000, b"", id="a name of 60,000 characters"),
        pytest.param("word/\x1b[2J", b"", id="a name made to fool the terminal"),
        pytest.param("word/bomb.xml", bytes(80_000_000), id="a part of 80 MB out of 80 KB"),
        pytest.param("word/entities.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', id="a part with entities"),
    ],
)
def test_a_letter_made_to_harm_its_reader_is_refused(entries, tmp_path, name, content):
    made = resealed(entries | {LETTER: letter_with(entries[LETTER], name, content)}, owner(), NOW)
    error = refused(made, tmp_path)
    assert error.entry == LETTER
    assert error.clause.startswith("8.")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x30\x80" * 50_000, id="sequences without end, one in the other"),
        pytest.param(b"\x30\x84\x7f\xff\xff\xff" * 1_000, id="lengths of two gigabytes"),
        pytest.param(b"\x1f" + b"\xff" * 100_000, id="a tag of a hundred thousand octets"),
    ],
)
def test_a_signature_that_is_no_der_is_refused(entries, tmp_path, data):
    error = refused(entries | {SIGNATURE_NAME: data}, tmp_path)
    assert (error.entry, error.clause) == (SIGNATURE_NAME, "9.5")


def test_damage_inside_sealed_entries_never_leads_to_anything_but_a_sentence(entries, tmp_path):
    """Cut, changed and repeated octets in letter, inventory and signature, with all that lists them made anew."""
    chooser = random.Random(20261122)
    for number in range(45):
        name = (LETTER, "02-inventory.xlsx", SIGNATURE_NAME)[number % 3]
        damaged = bytearray(entries[name])
        for _ in range(chooser.choice((1, 2, 8))):
            at = chooser.randrange(min(len(damaged), 9_000))
            damaged[at : at + chooser.randrange(9)] = chooser.randbytes(chooser.randrange(9))
        made = entries | {name: bytes(damaged)}
        made = made if name == SIGNATURE_NAME else resealed(made, owner(), NOW)
        try:
            verify(io.BytesIO(zipped(made, tmp_path)), now=NOW, workers=1)
        except BundleError as error:
            assert str(error).isprintable(), (number, name)  # noqa: PT017 — every one of many, not one that must come
            assert len(str(error)) < 500  # noqa: PT017
        else:
            assert name == "02-inventory.xlsx" or bytes(damaged) == entries[name], (number, name)
