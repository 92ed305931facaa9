"""RFC 3161 time-stamps, against an authority made here and one that answers over loopback HTTP."""

import contextlib
import hashlib
import http.server
import random
import threading
from datetime import timedelta

import pytest
from asn1crypto import cms, core, tsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from handover.model.errors import BundleError, DamagedFile, SigningError
from handover.seal import timestamp
from handover.seal.asn1 import time_request
from handover.seal.container_signature import sign_cades, verify_cades
from handover.seal.timestamp import read_answer, request_timestamp, verify_token
from signing_samples import NOW, owner, time_authority
from time_stamping import STAMPED, answer

SIGNATURE = b"a signature value"
CONTENT = b"<manifest/>"


def stamp(signature):
    return read_answer(answer(time_request(signature, 7)), signature, 7).token


def test_a_request_asks_for_the_certificate_and_carries_imprint_and_nonce():
    asked = tsp.TimeStampReq.load(time_request(SIGNATURE, 7))
    assert asked["message_imprint"]["hashed_message"].native == hashlib.sha256(SIGNATURE).digest()
    assert asked["cert_req"].native is True
    assert asked["nonce"].native == 7


def test_an_answer_is_kept_as_a_token_with_its_signers_certificate_alone():
    found = read_answer(answer(time_request(SIGNATURE, 7)), SIGNATURE, 7)
    assert found.time == STAMPED
    assert found.certificate == time_authority()[1]
    held = cms.ContentInfo.load(found.token)["content"]["certificates"]
    assert len(held) == 1
    assert verify_token(found.token, SIGNATURE) == found


def _stranger():
    return time_authority("not-for-time", (ExtendedKeyUsageOID.CODE_SIGNING,))


@pytest.mark.parametrize(
    ("made", "says"),
    [
        pytest.param(lambda r: b"<html>", "isn't an RFC 3161", id="a web page"),
        pytest.param(lambda r: b"", "isn't an RFC 3161", id="nothing"),
        pytest.param(lambda r: answer(r, status="rejection"), "refused: rejection", id="a refusal"),
        pytest.param(lambda r: answer(time_request(SIGNATURE, 8)), "nonce", id="another nonce"),
        pytest.param(lambda r: answer(time_request(b"other", 7)), "another signature", id="another imprint"),
        pytest.param(lambda r: answer(r, wrong=True), "isn't its authority's", id="a forged signature"),
        pytest.param(
            lambda r: answer(r, key=_stranger()[0], made=_stranger()[1]),
            "isn't for time-stamping",
            id="a certificate for something else",
        ),
        pytest.param(
            lambda r: answer(r, time=NOW + timedelta(days=10_000)), "outside the validity", id="a time after expiry"
        ),
        pytest.param(
            lambda r: answer(r, attributes=({"type": "1.2.3.4.5", "values": [core.Null()]},)),
            "unexpected signed attribute",
            id="an unknown attribute",
        ),
        pytest.param(lambda r: answer(r, made=time_authority("other")[1]), "isn't its authority's", id="another key"),
    ],
)
def test_an_answer_that_lies_is_refused(made, says):
    with pytest.raises(DamagedFile, match=says):
        read_answer(made(time_request(SIGNATURE, 7)), SIGNATURE, 7)


def test_a_bundle_signature_carries_its_time_stamp():
    p7s = sign_cades(CONTENT, owner(), NOW, timestamp=stamp)
    found = verify_cades(p7s, CONTENT)
    assert found.timestamp is not None
    assert found.timestamp.time == STAMPED
    assert found.signed_at == NOW


def test_a_stated_time_after_the_time_stamp_is_refused():
    p7s = sign_cades(CONTENT, owner(), NOW + timedelta(hours=3), timestamp=stamp)
    with pytest.raises(BundleError, match="after its time-stamp"):
        verify_cades(p7s, CONTENT)


def test_a_time_stamp_of_another_signature_is_refused():
    other = stamp(b"of something else")
    with pytest.raises(BundleError, match="belongs to another signature"):
        verify_cades(sign_cades(CONTENT, owner(), NOW, timestamp=lambda _: other), CONTENT)


def test_a_flipped_bit_anywhere_in_a_time_stamped_signature_is_refused():
    p7s = sign_cades(CONTENT, owner(), NOW, timestamp=stamp)
    chosen = random.Random(11)  # a repeatable sample, no secret
    accepted = []
    for position in sorted(chosen.sample(range(len(p7s)), 300)):
        flipped = bytearray(p7s)
        flipped[position] ^= 1 << chosen.randrange(8)
        try:
            verify_cades(bytes(flipped), CONTENT)
        except BundleError:
            continue
        accepted.append(position)
    assert accepted == []


def _dribble(send):
    """A byte now and then, for as long as anybody listens."""
    for _ in range(600):
        send(b"x")
        threading.Event().wait(0.1)


class _Clock(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        request = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/garbled":
            self.wfile.write(b"this is no HTTP\r\n\r\n")
            return
        body = {"/large": bytes(300_000), "/lies": answer(time_request(b"?", 1))}.get(self.path) or answer(request)
        self.send_response({"/broken": 500, "/elsewhere": 302}.get(self.path, 200))
        if self.path == "/elsewhere":
            self.send_header("Location", "/")
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        if self.path == "/slow":
            with contextlib.suppress(OSError):
                _dribble(self.wfile.write)
        else:
            self.wfile.write(body)

    def log_message(self, *_):
        """Quiet."""


@pytest.fixture(scope="module")
def clock():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Clock)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _random(count):
    return bytes(range(1, count + 1))


def test_a_time_stamp_comes_over_http(clock):
    token = request_timestamp(SIGNATURE, url=clock, random=_random)
    assert verify_token(token, SIGNATURE).time == STAMPED


@pytest.mark.parametrize(
    ("path", "says"),
    [
        pytest.param("/broken", "answers 500", id="a server's error"),
        pytest.param("/elsewhere", "answers 302", id="a redirection to another address"),
        pytest.param("/large", "larger than 256 KB", id="a flood"),
        pytest.param("/lies", "another signature", id="an answer to another question"),
        pytest.param("/garbled", "can't be reached", id="a server that doesn't speak HTTP"),
    ],
)
def test_an_authority_that_fails_is_named(clock, path, says):
    with pytest.raises(SigningError, match=says) as caught:
        request_timestamp(SIGNATURE, url=clock + path, random=_random)
    assert str(caught.value).startswith(clock)


def test_an_answer_that_dribbles_in_has_one_deadline(clock):
    with pytest.raises(SigningError, match="takes too long"):
        request_timestamp(SIGNATURE, url=clock + "/slow", random=_random, timeout=0.5)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("file:///etc/passwd", id="a file"),
        pytest.param("ftp://example.com/", id="another protocol"),
        pytest.param("clock.example.com", id="no protocol"),
        pytest.param("https://", id="no host"),
        pytest.param("http://[::1", id="half an IPv6 address"),
        pytest.param("http://example.com:port/", id="a port that is a word"),
        pytest.param("http://example.com/a b", id="a space"),
        pytest.param("http://example.com/é", id="an accent"),
    ],
)
def test_only_http_and_https_addresses_are_asked(url):
    with pytest.raises(SigningError, match="isn't the address") as caught:
        request_timestamp(SIGNATURE, url=url, random=_random)
    assert "https://" in caught.value.hint


def test_an_authority_that_nobody_hears_is_an_error_with_a_way_out():
    with pytest.raises(SigningError, match="can't be reached") as caught:
        request_timestamp(SIGNATURE, url="http://127.0.0.1:9/", random=_random, timeout=2)
    assert "--tsa" in caught.value.hint


def test_the_nonce_is_long_enough_to_be_unique():
    assert timestamp.NONCE_BYTES >= 8
