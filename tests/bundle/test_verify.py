"""A bundle that was changed in any way is refused with the clause and the entry; an intact one says who signed it."""

import datetime as dt
import io
import json
import random
import zipfile

import pytest

from building import Given, build_in, delivered, edit, make_project, pin
from handover.bundle import record
from handover.bundle.record import CERTIFICATE_NAME, MANIFEST_NAME, RECORD_NAME, SIGNATURE_NAME, SUMS_NAME
from handover.bundle.verify import Anchors, Trust, verify
from handover.model.errors import BundleError, HandoverError, UnknownSigner
from handover.seal.certificates import fingerprint
from rezip import contents, reidentified, resealed, zipped
from signing_samples import NOW, owner

ASSET = "assets/Photos/loaf.txt"
LETTER = "01-termination-letter.docx"
INVENTORY = "02-inventory.xlsx"
OWN = Anchors(fingerprints=frozenset({fingerprint(owner().certificate)}))


@pytest.fixture(scope="module")
def bundle() -> bytes:
    return delivered().path.read_bytes()


@pytest.fixture(scope="module")
def entries(bundle) -> dict[str, bytes]:
    return contents(bundle)


def check(data: bytes, anchors: Anchors = OWN, **options):
    return verify(io.BytesIO(data), anchors=anchors, now=NOW, workers=1, **options)


# Who signed


def test_a_pinned_signer_is_matched(bundle):
    report = check(bundle)
    assert report.trust is Trust.MATCHED
    assert [c.clause for c in report.checks] == [f"10.{n}" for n in range(1, 11)]
    report.require_known_signer()


def test_without_a_pin_the_signer_is_unknown_and_the_fingerprint_is_shown(bundle):
    report = check(bundle, Anchors())
    assert report.trust is Trust.UNKNOWN
    with pytest.raises(UnknownSigner) as unknown:
        report.require_known_signer()
    assert unknown.value.exit_status == 3
    shown = "".join(unknown.value.hint.split("\n")[-2:]).replace(" ", "")
    assert shown == fingerprint(owner().certificate)


def test_another_pin_leaves_the_signer_unknown(bundle):
    assert check(bundle, Anchors(fingerprints=frozenset({"ab" * 32}))).trust is Trust.UNKNOWN


@pytest.mark.parametrize(
    "anchors",
    [
        pytest.param(Anchors(fingerprints=frozenset({"ab" * 32})), id="another fingerprint was given"),
        pytest.param(Anchors(authorities=(owner(name="Other").certificate,)), id="another authority was given"),
    ],
)
def test_a_signer_who_isnt_the_one_named_is_said_to_be_another(bundle, anchors):
    with pytest.raises(UnknownSigner, match="isn't one that you named") as unknown:
        check(bundle, anchors).require_known_signer()
    assert unknown.value.exit_status == 3
    assert "anyone can have made it" in unknown.value.hint
    assert "".join(unknown.value.hint.split("\n")[-2:]).replace(" ", "") == fingerprint(owner().certificate)


def test_a_certificate_given_as_authority_is_matched(bundle):
    assert check(bundle, Anchors(authorities=(owner().certificate,))).trust is Trust.MATCHED


def test_another_authority_leaves_the_signer_unknown(bundle):
    other = owner(name="Other")
    assert check(bundle, Anchors(authorities=(other.certificate,))).trust is Trust.UNKNOWN


# Forgeries


def forged(entries, tmp_path, change, *, sums=True, key=None) -> bytes:
    made = dict(entries)
    made = change(made) or made
    return zipped(resealed(made, key, NOW) if sums else made, tmp_path)


def edit_asset(made):
    made["assets/Photos/loaf.txt"] += b"!"


def test_a_forged_file_is_refused(entries, tmp_path):
    with pytest.raises(BundleError) as refused:
        check(forged(entries, tmp_path, edit_asset, sums=False))
    assert (refused.value.entry, refused.value.clause) == ("assets/Photos/loaf.txt", "10.5")


def test_a_forged_file_with_a_forged_sums_file_is_refused(entries, tmp_path):
    with pytest.raises(BundleError) as refused:
        check(forged(entries, tmp_path, edit_asset))
    assert (refused.value.entry, refused.value.clause) == ("assets/Photos/loaf.txt", "10.6")


def test_a_seal_by_another_key_than_the_letters_is_refused(entries, tmp_path):
    stranger = owner(name="Mallory")
    data = forged(reidentified(entries | {ASSET: b"forged"}), tmp_path, lambda made: made, key=stranger)
    with pytest.raises(
        BundleError, match="signed with another key, said to be Élodie Martin's, than the bundle"
    ) as refused:
        check(data)
    assert refused.value.clause == "10.8"


def test_a_consistent_forgery_with_another_key_is_not_the_pinned_signers(tmp_path):
    """Mallory makes everything anew, with a key and a pin of their own."""
    root = make_project(tmp_path / "acme")
    mallory = owner(name="Mallory")
    pin(root, mallory)
    report = check(build_in(root, Given(identity=mallory)).path.read_bytes())
    assert report.trust is Trust.UNKNOWN
    assert report.bundle.name == "Mallory"
    with pytest.raises(UnknownSigner):
        report.require_known_signer()


@pytest.mark.parametrize(("state", "clause"), [pytest.param("to-sign", "10.4", id="to sign, with its seal")])
def test_a_state_that_its_entries_dont_have_is_refused(entries, tmp_path, state, clause):
    about = entries[RECORD_NAME].replace(b'"state": "signed"', f'"state": "{state}"'.encode())
    with pytest.raises(BundleError) as refused:
        check(forged({**entries, RECORD_NAME: about}, tmp_path, lambda made: made))
    assert refused.value.clause == clause


def test_a_letter_that_an_owner_hasnt_signed_is_refused_in_a_signed_bundle(entries, tmp_path):
    value = json.loads(entries[RECORD_NAME])
    value["owners"].append({"name": "Ben Okafor", "certificate_sha256": "ab" * 32})
    about = (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
    with pytest.raises(BundleError, match="Ben Okafor must have signed it") as refused:
        check(forged({**entries, RECORD_NAME: about}, tmp_path, lambda made: made, key=owner()))
    assert refused.value.clause == "8.8"


def test_a_letter_signed_by_a_key_that_is_pinned_for_nobody_is_refused(entries, tmp_path):
    value = json.loads(entries[RECORD_NAME])
    value["owners"] = [{"name": "Ada Marsh", "certificate_sha256": "ab" * 32}]
    about = (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
    with pytest.raises(BundleError, match="pinned for no owner"):
        check(forged({**entries, RECORD_NAME: about}, tmp_path, lambda made: made, key=owner()))


def test_another_clients_letter_by_the_same_owner_is_refused(entries, tmp_path):
    root = make_project(tmp_path / "other")
    edit(root, "handover.yaml", "id: acme-bakery", "id: other-client")
    with zipfile.ZipFile(build_in(root).path) as bundle:
        letter = bundle.read(LETTER)
    with pytest.raises(BundleError, match="of the project other-client, not of acme-bakery") as refused:
        check(forged({**entries, LETTER: letter}, tmp_path, lambda made: made, key=owner()))
    assert refused.value.clause == "8.7"


def drop(name):
    return lambda made: made.pop(name) and None


def put(name, content, *, before):
    def change(made):
        result = {}
        for key, value in made.items():
            if key == before:
                result[name] = content
            result[key] = value
        return result

    return change


def rename(old, new):
    return lambda made: {new if key == old else key: value for key, value in made.items()}


def swap(one, two):
    def change(made):
        names = list(made)
        i, j = names.index(one), names.index(two)
        names[i], names[j] = names[j], names[i]
        return {name: made[name] for name in names}

    return change


def rewrite(name, old, new):
    def change(made):
        assert old in made[name]
        made[name] = made[name].replace(old, new)

    return change


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        pytest.param(drop(SIGNATURE_NAME), "10.4", id="the signature is gone"),
        pytest.param(drop(MANIFEST_NAME), "10.4", id="the manifest is gone"),
        pytest.param(drop(CERTIFICATE_NAME), "10.4", id="the certificate is gone"),
        pytest.param(drop(RECORD_NAME), "10.4", id="handover.json is gone"),
        pytest.param(drop(SUMS_NAME), "10.4", id="SHA256SUMS is gone"),
        pytest.param(drop("mimetype"), "2", id="mimetype is gone"),
        pytest.param(drop("assets/Photos/loaf.txt"), "10.5", id="an asset is gone"),
        pytest.param(drop(LETTER), "10.4", id="the letter is gone"),
        pytest.param(put("assets/x.exe", b"x", before=INVENTORY), "10.5", id="an asset was added"),
        pytest.param(put("05-more.docx", b"x", before=INVENTORY), "10.4", id="a document was added"),
        pytest.param(put("META-INF/x", b"x", before=MANIFEST_NAME), "10.4", id="something was added to META-INF"),
        pytest.param(rename("assets/Photos/loaf.txt", "assets/Photos/loaf.pdf"), "10.5", id="an asset was renamed"),
        pytest.param(rename(LETTER, "01-lettre.docx"), "10.4", id="the letter was renamed"),
        pytest.param(swap("data/metrics.csv", "data/pending.csv"), "10.5", id="two entries changed places"),
        pytest.param(swap(INVENTORY, "handover.json"), "10.4", id="the record stands too early"),
        pytest.param(
            rewrite(RECORD_NAME, b'"state": "signed"', b'"state": "draft"'), "10", id="it calls itself a draft"
        ),
        pytest.param(rewrite(RECORD_NAME, b'"inventory"', b'"data"'), "10", id="the inventory lost its role"),
        pytest.param(rewrite(CERTIFICATE_NAME, b"\n", b"\r\n"), "10.6", id="the certificate's line ends changed"),
        pytest.param(rewrite(SUMS_NAME, b"  mimetype", b" *mimetype"), "6.1", id="SHA256SUMS in binary mode"),
        pytest.param(rewrite(MANIFEST_NAME, b"loaf.txt", b"loaf.tx"), "", id="the manifest names another file"),
    ],
)
def test_a_bundle_with_one_thing_changed_is_refused(entries, tmp_path, change, clause):
    with pytest.raises(BundleError) as refused:
        check(forged(entries, tmp_path, change, sums=False), allow_draft=False)
    assert refused.value.clause.startswith(clause)


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        pytest.param(
            rewrite(RECORD_NAME, b'"role": "letter"', b'"role": "data"'), "10.4", id="no letter among the roles"
        ),
        pytest.param(put("extra.txt", b"x", before=INVENTORY), "10.4", id="an entry that nobody announced"),
        pytest.param(
            lambda m: m.update({LETTER: m["03-pending-projects.docx"]}), "8", id="another document as the letter"
        ),
        pytest.param(lambda m: m.update({INVENTORY: b"PK\3\4 plain"}), "10.9", id="an inventory that isn't encrypted"),
        pytest.param(
            lambda m: m.update({INVENTORY: bytes(2**20)}), "10.9", id="an inventory that deflates, so it's a bomb"
        ),
        pytest.param(
            lambda m: m.update({RECORD_NAME: m[RECORD_NAME] + b" " * record.MAX_RECORD}),
            "10.4",
            id="a handover.json larger than a reader takes",
        ),
        pytest.param(
            lambda m: m.update({SUMS_NAME: bytes(2**20)}), "10.5", id="a SHA256SUMS larger than its entries can make it"
        ),
        pytest.param(
            lambda m: m.update({MANIFEST_NAME: bytes(2**20)}), "10.6", id="a manifest larger than its entries make it"
        ),
        pytest.param(edit_asset, "5.2", id="another asset under the same identifier"),
        pytest.param(
            rewrite(RECORD_NAME, b'"date": "2026-03-02"', b'"date": "2026-03-03"'),
            "8.7",
            id="another date than the letter was made for",
        ),
        pytest.param(rewrite(RECORD_NAME, b'"format": 1,', b'"format": 1.0,'), "1.6", id="a format that only equals 1"),
    ],
)
def test_even_a_resealed_bundle_must_keep_the_format(entries, tmp_path, change, clause):
    with pytest.raises(BundleError) as refused:
        check(consistently(entries, tmp_path, change))
    assert refused.value.clause.startswith(clause)


def consistently(entries, tmp_path, change) -> bytes:
    """A forgery with a key that fits, but for what `change` does to the sums and the manifest themselves."""
    made = dict(entries)
    made = change(made) or made
    sealed = resealed(made, owner(), NOW)
    own = {name: made[name] for name in (SUMS_NAME, MANIFEST_NAME) if made[name] != entries[name]}
    return zipped(sealed | own, tmp_path)


def test_a_bundle_with_as_many_short_entries_as_it_likes_stays_within_the_lists_limits(entries, tmp_path):
    def many(made):
        result = {name: made[name] for name in list(made)[: list(made).index(ASSET) + 1]}
        result |= {f"assets/{n:04}-{'é' * 120}.txt": b"" for n in range(300)}
        return reidentified(result | made)

    assert check(consistently(entries, tmp_path, many)).trust is Trust.MATCHED


def test_a_signature_from_the_future_is_refused(bundle):
    with pytest.raises(BundleError, match="future"):
        verify(io.BytesIO(bundle), anchors=OWN, now=NOW - dt.timedelta(days=3), workers=1)


def test_the_step_that_fails_is_the_last_that_is_heard_of(entries, tmp_path):
    heard = []
    with pytest.raises(BundleError):
        check(forged(entries, tmp_path, edit_asset), on_check=lambda c: heard.append(c.clause))
    assert heard == ["10.1", "10.2", "10.3", "10.4", "10.5"]


# Drafts and second zips


@pytest.fixture(scope="module")
def draft() -> bytes:
    return delivered(draft=True).path.read_bytes()


def test_a_draft_passes_only_when_drafts_are_allowed(draft):
    with pytest.raises(BundleError) as refused:
        check(draft)
    assert refused.value.clause == "10.11"
    report = check(draft, Anchors(), allow_draft=True)
    assert report.trust is Trust.DRAFT
    report.require_known_signer()


@pytest.mark.parametrize(
    "anchors",
    [
        pytest.param(OWN, id="a fingerprint was given"),
        pytest.param(Anchors(authorities=(owner().certificate,)), id="an authority was given"),
    ],
)
def test_a_draft_is_nobodys_so_it_isnt_the_signers_who_was_named(draft, anchors):
    report = check(draft, anchors, allow_draft=True)
    assert report.trust is Trust.UNKNOWN
    with pytest.raises(UnknownSigner, match="draft") as unknown:
        report.require_known_signer()
    assert unknown.value.exit_status == 3


def test_a_drafts_identifier_and_second_zip_are_checked_too(draft, tmp_path):
    made = contents(draft)
    made[ASSET] += b"!"
    with pytest.raises(BundleError) as refused:
        check(zipped(resealed(made), tmp_path), Anchors(), allow_draft=True)
    assert refused.value.clause == "5.2"
    with pytest.raises(BundleError, match="no second zip"):
        check(draft, Anchors(), allow_draft=True, assets=io.BytesIO(b"x"))


def test_a_signed_bundle_stripped_to_a_draft_is_refused_like_any_draft(entries, tmp_path):
    def strip(made):
        for name in (SIGNATURE_NAME, MANIFEST_NAME, CERTIFICATE_NAME):
            made.pop(name)
        made[RECORD_NAME] = made[RECORD_NAME].replace(b'"state": "signed"', b'"state": "draft"')

    with pytest.raises(BundleError) as refused:
        check(forged(entries, tmp_path, strip))
    assert refused.value.clause == "10.11"


def test_the_second_zip_must_be_the_one_that_was_sealed():
    result = delivered(split_assets=True)
    first, second = result.path.read_bytes(), result.assets_path.read_bytes()
    assert "which was not checked" not in str(check(first, assets=io.BytesIO(second)).checks)
    with pytest.raises(BundleError, match="isn't the second zip"):
        check(first, assets=io.BytesIO(second[:-1] + b"\1"))
    assert any("not given" in c.words for c in check(first).checks)


def test_a_split_bundles_identifier_is_checked_when_the_second_zip_is_there(tmp_path):
    result = delivered(split_assets=True)
    second = io.BytesIO(result.assets_path.read_bytes())
    made = contents(result.path.read_bytes())
    about = json.loads(made[RECORD_NAME])
    made[RECORD_NAME] = made[RECORD_NAME].replace(about["bundle_id"][:8].encode(), b"01234567")
    data = zipped(resealed(made, owner(), NOW), tmp_path)
    assert check(data).trust is Trust.MATCHED
    with pytest.raises(BundleError) as refused:
        check(data, assets=second)
    assert refused.value.clause == "5.2"


def test_a_second_zip_for_a_bundle_that_has_none_is_refused(bundle):
    with pytest.raises(BundleError, match="no second zip"):
        check(bundle, assets=io.BytesIO(b"x"))


# Hostile input


def flips(data: bytes, count: int):
    """Bits to flip: a sample of all, and every byte of the zip's own structures at the end."""
    chooser = random.Random(20261122)
    places = {chooser.randrange(len(data) * 8) for _ in range(count)}
    return sorted(places)


def test_a_sample_of_single_bit_flips_is_refused_or_harmless(bundle):
    names_and_contents = contents(bundle)
    harmless = 0
    for place in flips(bundle, 400):
        flipped = bytearray(bundle)
        flipped[place // 8] ^= 1 << place % 8
        try:
            check(bytes(flipped))
        except BundleError:
            continue
        # Unused bits at a deflate stream's end, or a match that copies the same bytes: nothing that anybody extracts.
        assert contents(bytes(flipped)) == names_and_contents
        harmless += 1
    assert harmless <= 2


def test_a_sample_of_truncations_is_refused(bundle):
    chooser = random.Random(1)
    for length in {0, 1, 21, 22, len(bundle) - 1, *(chooser.randrange(len(bundle)) for _ in range(100))}:
        with pytest.raises(BundleError):
            check(bundle[:length])


@pytest.mark.parametrize("extra", [b"\0", b"PK\5\6" + b"\0" * 18, b"x" * 1000])
def test_bytes_before_or_after_the_zip_are_refused(bundle, extra):
    for data in (extra + bundle, bundle + extra):
        with pytest.raises(BundleError) as refused:
            check(data)
        assert refused.value.clause.startswith("2.")


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip at all" * 10, b"PK\5\6" + b"\xff" * 18])
def test_what_is_no_zip_is_refused(data):
    with pytest.raises(HandoverError):
        check(data)


def test_the_report_of_a_record_survives_json(bundle):
    found = check(bundle).record
    assert json.loads(contents(bundle)[RECORD_NAME])["bundle_id"] == found.bundle_id
