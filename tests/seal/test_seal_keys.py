"""Keys and certificates: created, kept, loaded again, refused, judged."""

import os
import stat
import subprocess
import sys
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, pkcs12

from handover.model.errors import DamagedFile, OutputError, SecretError, SigningError, UnknownSigner, WrongPassphrase
from handover.model.secret import Secret
from handover.seal.certificates import (
    certificate_pem,
    check_chain,
    check_may_sign,
    describe,
    fingerprint,
    fingerprint_groups,
    load_certificate,
    load_certificates,
    parse_fingerprint,
    verify_signature,
)
from handover.seal.keys import SigningIdentity, create_identity, load_identity, parse_identity, protect, save_identity
from hostile_files import KEY_PASSWORD, hidden_key, key_file
from signing_samples import (
    BITS_FOR_PEOPLE,
    ECDSA,
    NOW,
    ROUNDS_FOR_PEOPLE,
    RSA,
    authorities,
    certificate,
    curve_key,
    issued,
    key_usage,
    owner,
    small_rsa_key,
)

PASSWORD = Secret("correct horse, battéry")
ROUNDS = 1000
"""Few, for speed; what protects a real key is tested once below."""


@pytest.mark.parametrize("algorithm", [RSA, ECDSA])
def test_a_created_certificate_says_what_it_is_for(algorithm, monkeypatch):
    monkeypatch.setattr("handover.seal.keys.RSA_BITS", BITS_FOR_PEOPLE)
    made = create_identity("Élodie Martin", now=NOW, algorithm=algorithm).certificate
    extensions = made.extensions
    usage = extensions.get_extension_for_class(x509.KeyUsage)
    constraints = extensions.get_extension_for_class(x509.BasicConstraints)
    assert made.subject == made.issuer
    assert usage.critical
    assert (usage.value.digital_signature, usage.value.content_commitment) == (True, True)
    assert not any((usage.value.key_cert_sign, usage.value.key_encipherment, usage.value.crl_sign))
    assert constraints.critical
    assert not constraints.value.ca
    assert extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    assert 3650 <= (made.not_valid_after_utc - made.not_valid_before_utc).days <= 3653
    assert describe(made).key == {RSA: "RSA 3072 bits", ECDSA: "ECDSA secp256r1"}[algorithm]
    assert describe(made).common_name == "Élodie Martin"


def test_two_keys_of_one_owner_differ_in_serial_and_key():
    first, second = owner(), create_identity("Élodie Martin", now=NOW, algorithm=ECDSA)
    assert first.certificate.serial_number != second.certificate.serial_number
    assert fingerprint(first.certificate) != fingerprint(second.certificate)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("  ", "empty", id="a name of spaces"),
        pytest.param("A\nB", "printed", id="a name with a line feed"),
        pytest.param("x" * 65, "65 characters", id="a name longer than a certificate holds"),
    ],
)
def test_a_name_that_no_certificate_holds_is_refused(text, says):
    with pytest.raises(SigningError, match=says):
        create_identity(text, now=NOW, algorithm=ECDSA)


@pytest.mark.parametrize("year", [1, 1901, 1971, 2201, 9998])
def test_no_key_is_made_by_a_clock_that_is_wrong(year):
    with pytest.raises(SigningError, match=r"clock says .*: a certificate made now"):
        create_identity("Claire Martin", now=NOW.replace(year=year), algorithm=ECDSA)


def test_a_key_file_is_written_once_private_and_loads_again(tmp_path):
    path = tmp_path / "keys" / "owner.p12"
    save_identity(owner(), path, PASSWORD, rounds=ROUNDS)
    loaded = load_identity(path, PASSWORD, now=NOW)
    assert loaded.certificate == owner().certificate
    assert loaded.private_key.private_numbers() == owner().private_key.private_numbers()
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    before = path.read_bytes()
    with pytest.raises(OutputError, match="there already"):
        save_identity(owner(), path, PASSWORD, rounds=ROUNDS)
    assert path.read_bytes() == before


def test_a_key_is_never_written_through_a_link(tmp_path):
    (tmp_path / "owner.p12").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError):
        save_identity(owner(), tmp_path / "owner.p12", PASSWORD, rounds=ROUNDS)
    assert not (tmp_path / "elsewhere").exists()


def test_a_disk_that_fails_leaves_no_half_key(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        save_identity(owner(), tmp_path / "owner.p12", PASSWORD, rounds=ROUNDS)
    assert list(tmp_path.iterdir()) == []


def test_a_real_key_file_takes_aes_256_and_six_hundred_thousand_rounds():
    assert ROUNDS_FOR_PEOPLE == (600_000, 600_000)
    data = protect(owner(), PASSWORD, rounds=600_000)
    # PBES2 with PBKDF2-HMAC-SHA256 and AES-256-CBC, by their object identifiers, and the count as an INTEGER.
    for identifier in ("2a864886f70d01050d", "2a864886f70d01050c", "2a864886f70d0209", "60864801650304012a"):
        assert bytes.fromhex(identifier) in data
    assert bytes.fromhex("02030927c0") in data
    assert PASSWORD.reveal().encode() not in data


def test_an_empty_password_is_refused():
    with pytest.raises(SecretError, match="needs a password"):
        protect(owner(), Secret(""))


def test_a_password_that_is_no_text_is_refused_without_showing_it():
    with pytest.raises(SecretError, match="Unicode") as caught:
        parse_identity(b"0", Secret("hidden\udcff"), "owner.p12")
    assert "hidden" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def _p12(key, cert, others=None):
    return pkcs12.serialize_key_and_certificates(
        b"x", key, cert, others, BestAvailableEncryption(PASSWORD.reveal().encode())
    )


def _keyfile(case):
    root, middle = authorities()
    if case == "cert":
        return pkcs12.serialize_key_and_certificates(
            None, None, None, [root], BestAvailableEncryption(PASSWORD.reveal().encode())
        )
    if case == "key":
        return _p12(curve_key("leaf"), None)
    if case == "other":
        return _p12(curve_key("leaf"), None, [root, middle])
    if case == "ed25519":
        key = ed25519.Ed25519PrivateKey.generate()
        made = (
            x509.CertificateBuilder()
            .subject_name(root.subject)
            .issuer_name(root.subject)
            .public_key(key.public_key())
            .serial_number(5)
            .not_valid_before(NOW)
            .not_valid_after(NOW + timedelta(days=1))
            .sign(key, None)
        )
        return _p12(key, made)
    return b"-----BEGIN PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("case", "says"),
    [
        pytest.param("cert", "no private key", id="certificates alone"),
        pytest.param("key", "key without certificate", id="a key alone"),
        pytest.param("other", "none of its certificates belongs", id="a key with other people's certificates"),
        pytest.param("ed25519", "neither RSA nor", id="a kind of key that Word can't check"),
        pytest.param("text", "not a PKCS#12", id="a PEM file"),
    ],
)
def test_a_key_file_that_lacks_something_is_refused(case, says):
    with pytest.raises(SigningError, match=says) as caught:
        parse_identity(_keyfile(case), PASSWORD, "owner.p12")
    assert str(caught.value).startswith("owner.p12: ")


@pytest.mark.parametrize(
    ("made", "says"),
    [
        pytest.param(lambda: key_file("key", 10**9), "1,000,001,000 turns", id="for the key"),
        pytest.param(lambda: key_file("certificate", 10**9), "1,000,001,000 turns", id="for the certificate"),
        pytest.param(
            lambda: hidden_key(10**9, clear=False), "hides it in another", id="for a key in what is encrypted"
        ),
    ],
)
def test_a_key_file_that_asks_for_endless_turns_is_refused(made, says):
    with pytest.raises(SigningError, match=says):
        parse_identity(made(), KEY_PASSWORD, "owner.p12")


def test_turns_that_the_key_does_not_need_are_not_taken():
    # Either would take ten minutes.
    assert isinstance(parse_identity(key_file("mac", 10**9), KEY_PASSWORD, "owner.p12"), SigningIdentity)
    with pytest.raises(SigningError, match="has a key without certificate"):
        parse_identity(hidden_key(10**9, clear=True), KEY_PASSWORD, "owner.p12")


@pytest.mark.parametrize(
    ("algorithm", "part"),
    [(RSA, "d"), (RSA, "dmp1"), (RSA, "dmq1"), (RSA, "iqmp"), (ECDSA, "private_value")],
)
def test_a_key_that_was_changed_in_its_file_does_not_load(algorithm, part):
    # Nothing else notices: a signature by such a key would give it away (Boneh, DeMillo and Lipton, 1997).
    identity = owner(algorithm)
    plain = pkcs12.serialize_key_and_certificates(
        b"x", identity.private_key, identity.certificate, None, NoEncryption()
    )
    number = getattr(identity.private_key.private_numbers(), part)
    octets = number.to_bytes((number.bit_length() + 7) // 8, "big")
    assert octets in plain
    with pytest.raises((SigningError, WrongPassphrase)):
        parse_identity(plain.replace(octets, octets[:-1] + bytes([octets[-1] ^ 2])), PASSWORD, "owner.p12")


def test_a_wrong_password_is_told_without_showing_either():
    data = protect(owner(), PASSWORD, rounds=ROUNDS)
    with pytest.raises(WrongPassphrase, match=r"owner\.p12: the password doesn't open") as caught:
        parse_identity(data, Secret("guess-one"), "owner.p12")
    assert "guess-one" not in f"{caught.value!r} {caught.value.hint}"
    assert caught.value.__suppress_context__


def test_an_imported_identity_keeps_its_issuers_in_order_and_drops_strangers():
    root, middle = authorities()
    data = _p12(curve_key("leaf"), issued().certificate, [root, owner().certificate, middle])
    assert parse_identity(data, PASSWORD, "owner.p12").chain == (middle, root)


def test_a_missing_key_file_says_how_to_make_one(tmp_path):
    with pytest.raises(SigningError, match="there is no key file") as caught:
        load_identity(tmp_path / "owner.p12", PASSWORD, now=NOW)
    assert "keys create" in caught.value.hint


def test_loading_refuses_before_any_work_where_the_certificate_expired(tmp_path):
    save_identity(owner(), tmp_path / "owner.p12", PASSWORD, rounds=ROUNDS)
    with pytest.raises(SigningError, match="expired on 2036"):
        load_identity(tmp_path / "owner.p12", PASSWORD, now=NOW + timedelta(days=4000))


@pytest.mark.parametrize(
    ("made", "at", "says"),
    [
        pytest.param(lambda: owner().certificate, NOW - timedelta(days=2), "isn't valid before", id="not yet valid"),
        pytest.param(lambda: owner().certificate, NOW + timedelta(days=5000), "expired on", id="expired"),
        pytest.param(
            lambda: certificate("K", curve_key("k"), usage=key_usage(encipher=True)),
            NOW,
            "lacks digitalSignature",
            id="a certificate for encryption only",
        ),
        pytest.param(lambda: certificate("K", small_rsa_key()), NOW, "1024 bits", id="an RSA key of 1024 bits"),
        pytest.param(
            lambda: certificate("K", curve_key("k1", ec.SECP256K1)), NOW, "can't check", id="the curve of Bitcoin"
        ),
    ],
)
def test_a_certificate_that_may_not_sign_is_refused(made, at, says):
    with pytest.raises(SigningError, match=says):
        check_may_sign(made(), at)


def test_a_certificate_without_key_usage_may_sign():
    assert check_may_sign(certificate("K", curve_key("p384", ec.SECP384R1)), NOW) is ECDSA


def test_an_identity_shows_no_key():
    shown = repr(owner(RSA))
    assert shown.startswith("SigningIdentity(Élodie Martin, ")
    assert str(owner(RSA).private_key.private_numbers().d)[:12] not in shown
    assert "PrivateKey" not in shown


@pytest.mark.parametrize("algorithm", [RSA, ECDSA])
def test_a_signature_verifies_and_only_over_what_was_signed(algorithm):
    identity = owner(algorithm)
    signature = identity.sign(b"text")
    verify_signature(identity.certificate, signature, b"text")
    with pytest.raises(SigningError, match="isn't the one"):
        verify_signature(identity.certificate, signature, b"Text")


def test_a_fingerprint_is_read_in_sixteen_groups_and_understood_again():
    made = owner().certificate
    groups = fingerprint_groups(made)
    assert [len(group) for group in groups.split()] == [4] * 16
    assert parse_fingerprint(groups) == fingerprint(made)
    assert parse_fingerprint(":".join(groups.split())) == fingerprint(made)
    with pytest.raises(SigningError, match="64 hexadecimal"):
        parse_fingerprint(groups[:-1])


def test_the_fingerprint_is_the_one_that_openssl_prints(tmp_path):
    path = tmp_path / "signer.pem"
    path.write_bytes(certificate_pem(owner().certificate))
    try:
        printed = subprocess.run(
            ["openssl", "x509", "-in", path, "-noout", "-fingerprint", "-sha256"], capture_output=True, check=True
        )
    except FileNotFoundError:
        pytest.skip("openssl isn't installed")
    assert printed.stdout.decode().strip().partition("=")[2].replace(":", "").lower() == fingerprint(
        owner().certificate
    )


def test_certificates_load_from_pem_and_der_in_their_order():
    root, middle = authorities()
    pem = certificate_pem(issued().certificate, issued().chain)
    assert load_certificates(pem, "ca.pem") == (issued().certificate, middle, root)
    assert load_certificates(pem.replace(b"\n", b"\r\n"), "ca.pem") == (issued().certificate, middle, root)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", id="an empty shell"),
        pytest.param(b"0" * 100_000, id="too much"),
    ],
)
def test_what_is_no_certificate_is_refused_by_name(data):
    with pytest.raises(DamagedFile, match=r"^ca\.pem: "):
        load_certificates(data, "ca.pem")


def test_a_name_cannot_move_the_terminals_cursor():
    hostile = certificate("A\u202eB\x1b[2J", curve_key("hostile"))
    assert describe(load_certificate(hostile.public_bytes(Encoding.DER), "x")).common_name == "A?B?[2J"


def test_a_chain_leads_to_the_authority_given():
    root, middle = authorities()
    leaf = issued().certificate
    check_chain(leaf, [middle], [root], NOW)
    check_chain(leaf, [], [middle, root], NOW)
    check_chain(owner().certificate, [], [owner().certificate], NOW)
    assert leaf.issuer == middle.subject


def _impostor():
    """Issued by someone who is no authority, though the authority issued theirs."""
    _, middle = authorities()
    return certificate("Mallory", curve_key("m"), issuer=("Ana Costa", curve_key("leaf"))), [
        issued().certificate,
        middle,
    ]


@pytest.mark.parametrize(
    ("case", "at"),
    [
        pytest.param(lambda: (issued().certificate, []), NOW, id="the intermediate is missing"),
        pytest.param(lambda: (owner().certificate, []), NOW, id="a stranger"),
        pytest.param(
            lambda: (issued().certificate, [authorities()[1]]), NOW + timedelta(days=400), id="all has expired"
        ),
        pytest.param(_impostor, NOW, id="the issuer is no authority"),
        pytest.param(
            lambda: (
                certificate("Ana Costa", curve_key("fake"), issuer=("Middle", curve_key("not-middle"))),
                [authorities()[1]],
            ),
            NOW,
            id="the names fit but the signature doesn't",
        ),
    ],
)
def test_a_certificate_that_leads_nowhere_is_unknown(case, at):
    leaf, intermediates = case()
    with pytest.raises(UnknownSigner, match=r"doesn't lead|wasn't valid") as caught:
        check_chain(leaf, intermediates, [authorities()[0]], at)
    assert fingerprint_groups(leaf) in caught.value.hint
    with pytest.raises(UnknownSigner):
        check_chain(leaf, intermediates, [], at)
