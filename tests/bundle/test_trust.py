"""Who sealed × who signed the letter × whom the user named → status and words, in `verify`, `open` and `send`.

The same tables stand in docs/security.md. Times and authorities have theirs below.
"""

import datetime as dt
import hashlib
import io
import json
import re
import tempfile
from functools import cache, partial
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from building import (
    KEY_PASSWORD,
    PASSPHRASE,
    Given,
    add_owner,
    build_in,
    delivered,
    delivered_in,
    edit,
    environment,
    key_file,
    make_project,
    pin,
    secret_file,
)
from handover.bundle.record import MANIFEST_NAME, RECORD_NAME, SIGNATURE_NAME
from handover.bundle.verify import Anchors, Trust, verify
from handover.model.errors import BundleError, UnknownSigner
from handover.seal.certificates import caution, certificate_pem, fingerprint
from handover.seal.container_signature import sign_cades
from handover.seal.keys import SigningIdentity
from rezip import contents, resealed, zipped
from signing_samples import (
    LONG,
    NOW,
    authorities,
    certificate,
    curve_key,
    issued,
    key_usage,
    owner,
    time_authority,
)
from time_stamping import token_for

LETTER = "01-termination-letter.docx"
MALLORY = partial(owner, name="Mallory")


@pytest.fixture(scope="module")
def bundles(tmp_path_factory):
    """Bundles by who sealed them and who signed the letter in them."""
    folder = tmp_path_factory.mktemp("trust")

    def built(name, identity, client=None):
        root = make_project(folder / name)
        pin(root, identity)
        if client:
            edit(root, "handover.yaml", "  id: acme-bakery", f"  id: {client}")
        return contents(build_in(root, Given(identity=identity)).path.read_bytes())

    genuine, forged = contents(delivered().path.read_bytes()), built("forged", MALLORY())
    other = built("other", owner(), client="other-bakery")
    made = {
        "owner, owner": genuine,
        "mallory, mallory": forged,
        "mallory, owner": resealed(dict(genuine), MALLORY(), NOW),
        "owner, mallory": resealed(genuine | {LETTER: forged[LETTER]}, owner(), NOW),
        "owner, owner to another client": resealed(genuine | {LETTER: other[LETTER]}, owner(), NOW),
        "mallory, owner to another client": resealed(genuine | {LETTER: other[LETTER]}, MALLORY(), NOW),
    }
    paths = {}
    for who, entries in made.items():
        paths[who] = folder / f"{who.replace(', ', '-').replace(' ', '-')}.zip"
        paths[who].write_bytes(zipped(entries, folder))
    return paths


@pytest.fixture(autouse=True)
def clock(monkeypatch, tmp_path):
    monkeypatch.setattr("handover.cli.clock.now", lambda: NOW)
    monkeypatch.setattr("handover.cli.asking.harden", lambda: None)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


NOBODY, OWNER, OTHER = [], ["--fingerprint", fingerprint(owner().certificate)], None
OTHER = ["--fingerprint", fingerprint(MALLORY().certificate)]
ANOTHER_KEY = "it's signed with another key"
ANOTHER_CLIENT = "it is of the project other-bakery, not of acme-bakery"
TABLE = [
    # sealed by, letter signed by; named: nobody, the owner, Mallory
    ("owner, owner", (3, "nothing given says that this key is"), (0, "signed with the key that you named"),
     (3, "isn't one that you named")),
    ("mallory, mallory", (3, "nothing given says that this key is Mallory's"), (3, "isn't one that you named"),
     (0, "signed with the key that you named")),
    ("mallory, owner", (1, ANOTHER_KEY), (1, ANOTHER_KEY), (1, ANOTHER_KEY)),
    ("owner, mallory", (1, ANOTHER_KEY), (1, ANOTHER_KEY), (1, ANOTHER_KEY)),
    ("owner, owner to another client", (1, ANOTHER_CLIENT), (1, ANOTHER_CLIENT), (1, ANOTHER_CLIENT)),
    ("mallory, owner to another client", (1, ANOTHER_CLIENT), (1, ANOTHER_CLIENT), (1, ANOTHER_CLIENT)),
]  # fmt: skip
ROWS = [
    pytest.param(who, named, *expected, id=f"{who}; named: {whom}")
    for who, *results in TABLE
    for whom, named, expected in zip(("nobody", "the owner", "Mallory"), (NOBODY, OWNER, OTHER), results, strict=True)
]


@pytest.mark.parametrize(("who", "named", "status", "words"), ROWS)
def test_verify_judges_letter_and_bundle(bundles, said, who, named, status, words):
    found, text = said("verify", bundles[who], *named)
    assert (found, words in text) == (status, True), text


@pytest.mark.parametrize(("who", "named", "status", "words"), ROWS)
def test_open_extracts_what_is_intact_and_never_another_signers(bundles, said, tmp_path, who, named, status, words):
    found, text = said("open", bundles[who], "-o", tmp_path / "opened", *named)
    assert (found, words in text) == (status, True), text
    assert (tmp_path / "opened").exists() is (status == 0 or (status == 3 and not named))


@pytest.mark.parametrize("given", [False, True], ids=["pinned by the project", "named by --fingerprint as well"])
@pytest.mark.parametrize(
    ("who", "named", "status", "words"),
    [
        pytest.param(who, named, 1 if status == 3 else status, "the key that" if status == 3 else words, id=row.id)
        for row in ROWS
        for who, named, status, words in [row.values]
        if named
    ],
)
def test_send_drafts_nothing_that_another_key_sealed(bundles, said, tmp_path, who, named, status, words, given):
    root = make_project(tmp_path / "acme")
    pin(root, owner() if named is OWNER else MALLORY())
    found, text = said("send", bundles[who], *sending(root, tmp_path), *(named if given else []))
    assert found == status, text
    assert (tmp_path / "x.eml").exists() is (status == 0)
    assert status == 0 or words in text


def sending(root, tmp_path):
    secret = secret_file(tmp_path / "pp", PASSPHRASE)
    return ["--project", root, "-o", tmp_path / "x.eml", "--passphrase-file", secret]


def test_a_pin_and_a_fingerprint_that_disagree_send_nothing(bundles, said, tmp_path):
    root = make_project(tmp_path / "acme")
    status, text = said("send", bundles["owner, owner"], *sending(root, tmp_path), *OTHER)
    assert (status, "that isn't the one that you named" in text) == (1, True)
    status, text = said("send", bundles["mallory, mallory"], *sending(root, tmp_path), *OTHER)
    assert (status, "isn't signed with the key that the project pins for Ada Marsh" in text) == (1, True)


def test_a_bundle_with_an_owner_whom_the_project_doesnt_have_isnt_sent(said, tmp_path):
    """The forger can't sign as the owner, and gains nothing by standing beside them."""
    there = make_project(tmp_path / "there")
    add_owner(there, "Mallory", MALLORY())
    first = build_in(there, Given(identity=MALLORY())).path
    key = key_file(tmp_path / "owner.p12")
    password = secret_file(tmp_path / "key.txt", KEY_PASSWORD)
    code = hashlib.sha256(first.read_bytes()).hexdigest()
    both = tmp_path / "both.zip"
    status, text = said("sign", first, "-o", both, "--key", key, "--key-passphrase-file", password, "--code", code)
    assert status == 0, text
    status, text = said("send", both, *sending(make_project(tmp_path / "acme"), tmp_path))
    assert (status, "said to be Mallory's, that the project pins for nobody" in text) == (1, True), text
    for command in (["verify"], ["open", "-o", tmp_path / "opened"]):
        status, text = said(command[0], both, *command[1:], *OWNER)
        for name in ("Mallory", owner().certificate.subject.rfc4514_string().partition("CN=")[2].partition(",")[0]):
            assert re.search(rf"letter signed:? +a key that calls itself “{name}”,", text), text
        assert status == 0, text


def test_what_a_bundle_says_of_its_owners_key_is_no_anchor(bundles, tmp_path):
    """handover.json is the sealer's: a forger writes the owner's fingerprint there, and gains nothing."""
    entries = contents(bundles["mallory, mallory"].read_bytes())
    about = json.loads(entries[RECORD_NAME])
    about["owners"][0]["certificate_sha256"] = OWNER[1]
    entries[RECORD_NAME] = (json.dumps(about, ensure_ascii=False, indent=2) + "\n").encode()
    data = zipped(resealed(entries, MALLORY(), NOW), tmp_path)
    with pytest.raises(BundleError, match="said to be Mallory's, that is pinned for no owner"):
        verify(io.BytesIO(data), now=NOW, workers=1)


# Times


def stamped(bundle, tmp_path, *, moment=NOW, expected=True):
    """The bundle with a time-stamp of an authority on its signature."""
    entries = contents(bundle.read_bytes())
    if expected:
        entries[RECORD_NAME] = entries[RECORD_NAME].replace(b'"time_stamp": false', b'"time_stamp": true')
    entries = resealed(entries, owner(), NOW)
    entries[SIGNATURE_NAME] = sign_cades(
        entries[MANIFEST_NAME], owner(), NOW, timestamp=lambda value: token_for(value, time=moment)
    )
    return zipped(entries, tmp_path)


def checked(data, **anchors):
    return verify(io.BytesIO(data), now=NOW, workers=1, anchors=Anchors(**anchors))


@pytest.mark.parametrize(
    ("anchors", "shown", "note"),
    [
        pytest.param({}, False, "--tsa-ca", id="no authority named"),
        pytest.param({"time_authorities": (authorities()[0],)}, True, None, id="its authority's issuer named"),
        pytest.param({"time_authorities": (time_authority()[1],)}, True, None, id="its authority itself named"),
        pytest.param({"authorities": (authorities()[0],)}, True, None, id="named among those for signers"),
        pytest.param(
            {"time_authorities": (MALLORY().certificate,)}, False, "isn't by an authority", id="another named"
        ),
    ],
)
def test_a_time_is_shown_only_when_its_authority_is_named(bundles, tmp_path, anchors, shown, note):
    found = checked(stamped(bundles["owner, owner"], tmp_path), **anchors)
    assert (found.bundle.timestamp is not None) is shown
    assert [note in text for text in found.notes] == ([True] if note else [])


def test_a_time_stamp_that_somebody_added_later_is_refused(bundles, tmp_path):
    with pytest.raises(BundleError, match="added later") as refused:
        checked(stamped(bundles["owner, owner"], tmp_path, expected=False))
    assert refused.value.clause == "9.9"


def test_a_time_stamp_that_somebody_took_away_is_missed(bundles, tmp_path):
    entries = contents(stamped(bundles["owner, owner"], tmp_path))
    with pytest.raises(BundleError, match="lacks the time-stamp"):
        checked(zipped(resealed(entries, owner(), NOW), tmp_path))


@pytest.mark.parametrize("ahead", [dt.timedelta(hours=2), dt.timedelta(days=400)])
def test_a_time_stamp_from_the_future_is_refused(bundles, tmp_path, ahead):
    with pytest.raises(BundleError, match="future"):
        checked(stamped(bundles["owner, owner"], tmp_path, moment=NOW + ahead))


def test_a_letter_signed_after_its_bundle_is_refused(bundles, tmp_path):
    entries = contents(bundles["owner, owner"].read_bytes())
    early = resealed(entries, owner(), NOW - dt.timedelta(hours=2))
    with pytest.raises(BundleError, match="after the bundle"):
        checked(zipped(early, tmp_path))


def short_lived(days=10, **changes):
    """An identity that the root issued, valid for some days from `NOW`."""
    root = authorities()[0]
    key = curve_key("short")
    made = certificate(
        "Ana Costa", key, issuer=("Root", curve_key("root")), start=NOW - dt.timedelta(days=1),
        end=NOW + dt.timedelta(days=days), **{"usage": key_usage(sign=True)} | changes,
    )  # fmt: skip
    return SigningIdentity(key, made, (root,))


def built_by(identity, folder, now=NOW, **options):
    root = make_project(folder / "acme")
    pin(root, identity)
    result = build_in(root, Given(identity=identity), environment(now=now), **options)
    return result.path.read_bytes()


def test_an_expired_key_with_a_time_that_only_its_signer_states_is_told(tmp_path):
    identity = short_lived()
    data = built_by(identity, tmp_path)
    later = NOW + dt.timedelta(days=30)
    pinned = Anchors(fingerprints=frozenset({fingerprint(identity.certificate)}))
    found = verify(io.BytesIO(data), anchors=pinned, now=later, workers=1)
    assert found.trust is Trust.MATCHED
    assert "expired on 2026-03-12: nothing but its signer's own clock" in found.notes[0]
    by_authority = Anchors(authorities=(authorities()[0],))
    found = verify(io.BytesIO(data), anchors=by_authority, now=later, workers=1)
    with pytest.raises(UnknownSigner, match="wasn't valid on 2026-04-01"):
        found.require_known_signer()


# Authorities


@cache
def by_authority():
    """A bundle whose signer an authority knows."""
    with tempfile.TemporaryDirectory() as folder:
        return built_by(issued(), Path(folder))


def test_an_authority_vouches_for_a_name_and_the_name_is_told(tmp_path, said):
    (tmp_path / "b.zip").write_bytes(by_authority())
    (tmp_path / "root.pem").write_bytes(certificate_pem(authorities()[0]))
    status, text = said("verify", tmp_path / "b.zip", "--ca", tmp_path / "root.pem")
    assert status == 0, text
    assert "Root, which you named, says that the key is CN=Ana Costa's" in text
    status, text = said("verify", tmp_path / "b.zip", "--ca", tmp_path / "root.pem", "--json")
    told = json.loads(text)
    assert (told["authority"], told["subject"]) == ("Root", "CN=Ana Costa")


@pytest.mark.parametrize("command", ["verify", "open"])
@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        pytest.param(["--fingerprint", "SIGNER", "--ca", "ROOT"], 0, "signed with the key that you named", id="both"),
        pytest.param(["--fingerprint", "OTHER", "--ca", "ROOT"], 3, "isn't one that you named", id="another key's"),
        pytest.param(["--cert", "ROOT", "--ca", "ROOT"], 3, "isn't one that you named", id="another certificate"),
        pytest.param(["--cert", "ROOT", "--fingerprint", "SIGNER"], 2, "name two keys", id="two keys"),
        pytest.param(["--tsa-ca", "ROOT"], 3, "nothing given says that this key is", id="for times alone"),
    ],
)
def test_a_key_that_is_named_decides_whatever_authority_is_named_besides(tmp_path, said, command, words, status, told):
    (tmp_path / "b.zip").write_bytes(by_authority())
    (tmp_path / "root.pem").write_bytes(certificate_pem(authorities()[0]))
    stands = {"ROOT": tmp_path / "root.pem", "SIGNER": fingerprint(issued().certificate), "OTHER": OWNER[1]}
    more = ["-o", tmp_path / "opened"] if command == "open" else []
    found, text = said(command, tmp_path / "b.zip", *more, *(stands.get(word, word) for word in words))
    assert (found, told in text) == (status, True), text


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param(
            {"extended": [ExtendedKeyUsageOID.SERVER_AUTH]}, "isn't made for signing documents", id="a web server's"
        ),
        pytest.param({"extended": [ExtendedKeyUsageOID.CODE_SIGNING]}, "isn't made for signing", id="a programmer's"),
        pytest.param(
            {"authority": True, "usage": key_usage(sign=True, issue=True)}, "an authority's own", id="an issuer"
        ),
        pytest.param({"extended": [ExtendedKeyUsageOID.EMAIL_PROTECTION]}, None, id="a person's, for e-mail"),
        pytest.param({"extended": [x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")]}, None, id="a signer's of documents"),
    ],
)
def test_an_authority_vouches_only_for_those_who_sign_documents(tmp_path, changes, why):
    identity = short_lived(**changes)
    assert (why or "") in caution(identity.certificate)  # what its owner is told
    assert bool(caution(identity.certificate)) is bool(why)
    data = built_by(identity, tmp_path)
    found = verify(io.BytesIO(data), anchors=Anchors(authorities=(authorities()[0],)), now=NOW, workers=1)
    assert (found.trust is Trust.MATCHED) is (why is None)
    if why:
        with pytest.raises(UnknownSigner, match=why):
            found.require_known_signer()


def with_extension(value, *, critical):
    key = curve_key("odd")
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Odd")]))
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Odd")]))
        .public_key(key.public_key()).serial_number(7)
        .not_valid_before(LONG["start"]).not_valid_after(LONG["end"])
        .add_extension(value, critical=critical)
    )  # fmt: skip
    from cryptography.hazmat.primitives import hashes

    return SigningIdentity(key, builder.sign(key, hashes.SHA256()))


@pytest.mark.parametrize("critical", [True, False])
def test_an_unknown_critical_extension_is_refused_whoever_is_named(bundles, tmp_path, critical, monkeypatch):
    odd = with_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), critical=critical)
    if not critical:
        assert (
            checked(built_by(odd, tmp_path), fingerprints=frozenset({fingerprint(odd.certificate)})).trust
            is Trust.MATCHED
        )
        return
    with monkeypatch.context() as signing_anyway:
        for module in ("container_signature", "letter", "letter_verify"):
            signing_anyway.setattr(f"handover.seal.{module}.check_may_sign", lambda *_: None)
        entries = resealed(contents(bundles["owner, owner"].read_bytes()), odd, NOW)
    with pytest.raises(BundleError, match=r"1\.2\.3\.4"):
        checked(zipped(entries, tmp_path), fingerprints=frozenset({fingerprint(odd.certificate)}))


# Older bundles


@pytest.fixture
def two(tmp_path, said):
    """An older and a newer bundle of one project, in its out/."""
    root = make_project(tmp_path / "acme")
    older = build_in(root, today=dt.date(2026, 3, 1), env=environment(now=NOW - dt.timedelta(hours=5))).path
    newer = delivered_in(root).path
    return root, older, newer


def test_an_older_genuine_bundle_is_told_as_such(two, said, tmp_path):
    root, older, newer = two
    words = ["--project", root, "--passphrase-file", secret_file(tmp_path / "pp", PASSPHRASE), *OWNER]
    status, text = said("send", older, *words)
    assert (status, f"this is an older bundle of acme-bakery, signed 2026-03-02 04:30 UTC: {newer}" in text) == (
        0,
        True,
    )
    status, text = said("send", newer, *words)
    assert (status, "this is an older" in text) == (0, False)


def test_open_tells_an_older_bundle_beside_a_newer_one(two, said, tmp_path):
    _, older, newer = two
    status, text = said("open", older, "-o", tmp_path / "opened", *OWNER)
    assert status == 0
    assert f"this is an older bundle of acme-bakery, signed 2026-03-02 04:30 UTC: {newer} was" in text


def test_a_newer_bundle_of_another_key_or_client_says_nothing(bundles, two, said, tmp_path):
    _, older, newer = two
    newer.write_bytes(bundles["mallory, mallory"].read_bytes())
    (newer.parent / "broken.zip").write_bytes(b"PK\x05\x06 no bundle")
    status, text = said("open", older, "-o", tmp_path / "second", *OWNER)
    assert (status, "this is an older" in text) == (0, False)


def test_send_tells_that_the_project_has_changed_since(two, said, tmp_path):
    root, _, newer = two
    edit(root, "handover.yaml", "place: Whitby", "place: York")
    words = ["--project", root, "--passphrase-file", secret_file(tmp_path / "pp", PASSPHRASE), *OWNER]
    status, text = said("send", newer, *words)
    assert status == 0
    assert "has changed since this bundle was built: handover.yaml\n" in text


def test_send_tells_of_changes_in_what_the_bundle_does_not_show(said, tmp_path):
    root = make_project(tmp_path / "acme")
    bundle = build_in(root).path
    words = ["--project", root, "--passphrase-file", secret_file(tmp_path / "pp", PASSPHRASE), *OWNER]
    assert "has changed since" not in said("send", bundle, *words)[1]
    for name, more in {"data/accounts.csv": b"\n", "vault.xlsx": b"\0"}.items():
        (root / name).write_bytes((root / name).read_bytes() + more)
    assert "was built: data/accounts.csv, vault.xlsx\n" in said("send", bundle, *words, "--replace")[1]
    record = next((root / "out/.inputs").iterdir())
    assert record.parent.stat().st_mode & 0o777 == 0o700
    record.write_bytes(b"[" * 60_000)
    assert "has changed since" not in said("send", bundle, *words, "--replace")[1]
