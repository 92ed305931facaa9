"""The bundle's signature: made, checked, and refused at the slightest change."""

import random
from datetime import UTC, datetime, timedelta, timezone

import pytest
from asn1crypto import cms, core

from handover.model.errors import BundleError, SigningError
from handover.seal.container_signature import sign_cades, verify_cades
from handover.seal.keys import SigningIdentity
from signing_samples import NOW, RSA, authorities, certificate, curve_key, issued, key_usage, owner

CONTENT = b"<manifest>of a bundle</manifest>"
SIGNERS = [
    pytest.param(lambda: owner(RSA), id="RSA, self-signed"),
    pytest.param(owner, id="ECDSA, self-signed"),
    pytest.param(issued, id="ECDSA, issued by an authority"),
]


@pytest.mark.parametrize("signer", SIGNERS)
def test_a_signature_tells_signer_issuers_and_time(signer):
    identity = signer()
    found = verify_cades(sign_cades(CONTENT, identity, NOW), CONTENT)
    assert found.certificate == identity.certificate
    assert found.chain == identity.chain
    assert found.signed_at == NOW
    assert found.timestamp is None


def test_rsa_signatures_are_the_same_each_time():
    assert sign_cades(CONTENT, owner(RSA), NOW) == sign_cades(CONTENT, owner(RSA), NOW)


@pytest.mark.parametrize(
    ("stated", "kind"),
    [
        pytest.param(
            datetime(2026, 5, 1, 12, 0, 0, 999999, timezone(timedelta(hours=2))), "utc_time", id="summer time"
        ),
        pytest.param(datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC), "utc_time", id="the last second of UTCTime"),
        pytest.param(datetime(2050, 1, 1, tzinfo=UTC), "generalized_time", id="the first of GeneralizedTime"),
    ],
)
def test_the_signing_time_is_stated_in_utc_and_whole_seconds(stated, kind):
    far = certificate("K", curve_key("k"), end=datetime(2060, 1, 1, tzinfo=UTC), usage=key_usage(sign=True))
    p7s = sign_cades(CONTENT, SigningIdentity(curve_key("k"), far), stated)
    assert verify_cades(p7s, CONTENT).signed_at == stated.astimezone(UTC).replace(microsecond=0)
    attributes = cms.ContentInfo.load(p7s)["content"]["signer_infos"][0]["signed_attrs"]
    times = [a["values"][0].name for a in attributes if a["type"].native == "signing_time"]
    assert times == [kind]


def test_a_time_without_zone_is_refused():
    with pytest.raises(SigningError, match="zone"):
        sign_cades(CONTENT, owner(), NOW.replace(tzinfo=None))


def test_an_expired_signer_cannot_sign():
    with pytest.raises(SigningError, match="expired"):
        sign_cades(CONTENT, owner(), NOW + timedelta(days=5000))


def _edit(change):
    """A signature whose structure `change` altered; what is changed is encoded again in DER."""

    def altered():
        info = cms.ContentInfo.load(sign_cades(CONTENT, owner(), NOW))
        change(info["content"], info["content"]["signer_infos"][0])
        return info.dump(force=True)

    return altered


def _second_signer(data, signer):
    data["signer_infos"] = [signer, signer.copy()]


def _attribute():
    return cms.CMSAttribute({"type": "1.2.840.113549.1.9.16.2.4", "values": [core.OctetString(b"x")]})


def _extra_attribute(data, signer):
    signer["signed_attrs"].append(_attribute())


def _unsigned_attribute(data, signer):
    signer["unsigned_attrs"] = [_attribute()]


def _another_certificate(data, signer):
    others = cms.ContentInfo.load(sign_cades(CONTENT, issued(), NOW))["content"]["certificates"]
    data["certificates"] = [choice.chosen for choice in (*data["certificates"], others[0])]


def _no_certificate(data, signer):
    data["certificates"] = []


def _attached(data, signer):
    data["encap_content_info"] = {"content_type": "data", "content": CONTENT}


def _missing_attribute(data, signer):
    kept = [a for a in signer["signed_attrs"] if a["type"].native != "signing_certificate_v2"]
    signer["signed_attrs"] = kept


def _another_time(data, signer):
    for attribute in signer["signed_attrs"]:
        if attribute["type"].native == "signing_time":
            attribute["values"] = [cms.Time(name="utc_time", value=NOW + timedelta(days=1))]


def _sha1(data, signer):
    signer["digest_algorithm"] = {"algorithm": "sha1"}


def _forged():
    """Another key's signature under the owner's certificate."""
    mixed = SigningIdentity(curve_key("forger"), owner().certificate)
    return sign_cades(CONTENT, mixed, NOW)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        pytest.param(lambda: b"", "it isn't a CMS", id="nothing"),
        pytest.param(lambda: b"\x30\x80\x00\x00", "isn't", id="an indefinite length"),
        pytest.param(lambda: sign_cades(CONTENT, owner(), NOW)[:-1], "it isn't a CMS", id="an octet less"),
        pytest.param(lambda: sign_cades(CONTENT, owner(), NOW) + b"\0", "it isn't a CMS", id="an octet more"),
        pytest.param(lambda: bytes(2_000_000), "larger", id="two megabytes"),
        pytest.param(lambda: sign_cades(CONTENT + b" ", owner(), NOW), "other content", id="of other content"),
        pytest.param(_forged, "isn't the one", id="by another key"),
        pytest.param(_edit(_second_signer), "one signer", id="a second signer"),
        pytest.param(_edit(_extra_attribute), "signed attribute", id="a signed attribute more"),
        pytest.param(_edit(_missing_attribute), "signing-certificate-v2", id="a signed attribute less"),
        pytest.param(_edit(_unsigned_attribute), "unsigned attribute", id="an unsigned attribute"),
        pytest.param(_edit(_another_certificate), "other certificates", id="a certificate more"),
        pytest.param(_edit(_no_certificate), "other certificates", id="no certificate"),
        pytest.param(_edit(_attached), "form", id="content inside"),
        pytest.param(_edit(_another_time), "isn't the one", id="another signing time"),
        pytest.param(_edit(_sha1), "form", id="another digest algorithm"),
    ],
)
def test_anything_else_is_refused_by_name(made, says):
    with pytest.raises(BundleError, match=f"^META-INF/signature.p7s: .*{says}") as caught:
        verify_cades(made(), CONTENT)
    assert caught.value.entry == "META-INF/signature.p7s"
    assert caught.value.clause.startswith("9.")


def test_a_signer_who_was_not_valid_then_is_refused(monkeypatch):
    monkeypatch.setattr("handover.seal.container_signature.check_may_sign", lambda certificate, at: None)
    old = certificate("K", curve_key("k"), end=NOW - timedelta(days=1), usage=key_usage(sign=True))
    p7s = sign_cades(CONTENT, SigningIdentity(curve_key("k"), old), NOW)
    monkeypatch.undo()
    with pytest.raises(BundleError, match="expired on"):
        verify_cades(p7s, CONTENT)


def test_issuers_that_travel_along_cannot_be_swapped_for_namesakes():
    _, middle = authorities()
    twin = certificate("Middle", curve_key("twin"), authority=True)
    p7s = sign_cades(CONTENT, issued(), NOW)
    info = cms.ContentInfo.load(p7s)
    info["content"]["certificates"] = [
        cms.CertificateChoices.load(_der(twin)).chosen if choice.dump() == _der(middle) else choice.chosen
        for choice in info["content"]["certificates"]
    ]
    with pytest.raises(BundleError, match="other certificates"):
        verify_cades(info.dump(force=True), CONTENT)


def _der(made):
    from cryptography.hazmat.primitives.serialization import Encoding

    return made.public_bytes(Encoding.DER)


@pytest.mark.parametrize("signer", SIGNERS)
def test_a_flipped_bit_anywhere_is_refused(signer):
    # One bit of every fourth octet or so here; every bit in tests/interop.
    p7s = sign_cades(CONTENT, signer(), NOW)
    chosen = random.Random(7)  # a repeatable sample, no secret
    accepted = []
    for position in sorted(chosen.sample(range(len(p7s)), 250)):
        flipped = bytearray(p7s)
        flipped[position] ^= 1 << chosen.randrange(8)
        try:
            verify_cades(bytes(flipped), CONTENT)
        except BundleError:
            continue
        accepted.append(position)
    assert accepted == []


def test_every_truncation_is_refused():
    p7s = sign_cades(CONTENT, owner(), NOW)
    for length in range(0, len(p7s), 3):
        with pytest.raises(BundleError):
            verify_cades(p7s[:length], CONTENT)
