"""What openssl and pyHanko say of the bundle's signature, and every bit of it flipped."""

import asyncio
import http.server
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from handover.model.artifact import EntryRecord
from handover.model.errors import BundleError
from handover.seal.certificates import certificate_pem
from handover.seal.container import build_manifest
from handover.seal.container_signature import sign_cades, verify_cades
from handover.seal.timestamp import request_timestamp
from signing_samples import NOW, RSA, authorities, issued, owner, time_authority

pytestmark = pytest.mark.interop
CONTENT = build_manifest([EntryRecord("START-HERE.html", 3, "ab" * 32), EntryRecord("assets/é.png", 3, "cd" * 32)])
SIGNERS = [
    pytest.param(lambda: owner(RSA), id="RSA, self-signed"),
    pytest.param(owner, id="ECDSA, self-signed"),
    pytest.param(issued, id="ECDSA, issued by an authority"),
]


def _openssl(*command, **kwargs):
    if shutil.which("openssl") is None:
        pytest.skip("openssl isn't installed")
    return subprocess.run(
        ["openssl", *(str(word) for word in command)], capture_output=True, text=True, timeout=1200, **kwargs
    )


def _verify(folder, p7s, content, identity):
    """The command that START-HERE prints, at the tests' own date."""
    (folder / "signature.p7s").write_bytes(p7s)
    (folder / "manifest.xml").write_bytes(content)
    (folder / "signer-certificate.pem").write_bytes(certificate_pem(identity.certificate, identity.chain))
    return _openssl(
        *("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", folder / "signature.p7s"),
        *("-content", folder / "manifest.xml", "-CAfile", folder / "signer-certificate.pem"),
        *("-attime", int(NOW.timestamp()) + 60, "-out", "/dev/null"),
    )


@pytest.mark.parametrize("signer", SIGNERS)
def test_openssl_accepts_the_signature_and_nothing_near_it(signer, tmp_path):
    p7s = sign_cades(CONTENT, signer(), NOW)
    good = _verify(tmp_path, p7s, CONTENT, signer())
    assert (good.returncode, good.stderr.strip()) == (0, "CAdES Verification successful")
    assert _verify(tmp_path, p7s, CONTENT + b" ", signer()).returncode != 0


def test_openssl_refuses_another_signers_certificate(tmp_path):
    assert _verify(tmp_path, sign_cades(CONTENT, owner(), NOW), CONTENT, owner(RSA)).returncode != 0


@pytest.mark.parametrize("signer", SIGNERS)
def test_pyhanko_accepts_the_signature_and_nothing_near_it(signer):
    from pyhanko.sign.validation import async_validate_detached_cms
    from pyhanko_certvalidator import ValidationContext

    identity = signer()
    chain = [identity.certificate, *identity.chain]
    found = [asn1_x509.Certificate.load(made.public_bytes(Encoding.DER)) for made in chain]
    signed = cms.ContentInfo.load(sign_cades(CONTENT, identity, NOW))["content"]

    def judge(content):
        context = ValidationContext(trust_roots=found[-1:], other_certs=found[:-1], moment=NOW)
        return asyncio.run(async_validate_detached_cms(content, signed, context))

    good = judge(CONTENT)
    assert (good.intact, good.valid, good.trusted) == (True, True, True)
    assert good.signer_reported_dt == NOW
    assert not judge(CONTENT + b" ").intact


def one_bit_of_each_octet(octets: int) -> range:
    """Nine bits on each time, so that which one it is goes round."""
    return range(0, octets * 8, 9)


@pytest.mark.parametrize(
    ("signer", "positions"),
    [
        pytest.param(SIGNERS[0].values[0], one_bit_of_each_octet, id="RSA, self-signed"),
        pytest.param(owner, lambda octets: range(octets * 8), id="ECDSA, self-signed, every bit"),
        pytest.param(issued, one_bit_of_each_octet, id="ECDSA, issued by an authority"),
    ],
)
def test_every_flipped_bit_is_refused(signer, positions):
    p7s = sign_cades(CONTENT, signer(), NOW)
    accepted = []
    for position in positions(len(p7s)):
        flipped = bytearray(p7s)
        flipped[position // 8] ^= 1 << position % 8
        try:
            verify_cades(bytes(flipped), CONTENT)
        except BundleError:
            continue
        accepted.append(position)
    assert accepted == []


CONFIG = """
[tsa]
default_tsa = local
[local]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_chain = {whole}
ess_cert_id_alg = {digest}
"""


class _Authority(http.server.BaseHTTPRequestHandler):
    """Answers with `openssl ts -reply`."""

    folder: Path
    config: str

    def do_POST(self):
        query = self.folder / "query.tsq"
        query.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        _openssl(
            *("ts", "-reply", "-config", self.config, "-queryfile", query, "-signer", self.folder / "tsa.pem"),
            *("-inkey", self.folder / "tsa.key", "-chain", self.folder / "chain.pem"),
            *("-out", self.folder / "answer.tsr"),
        )
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        self.wfile.write((self.folder / "answer.tsr").read_bytes())

    def log_message(self, *_):
        """Quiet."""


@pytest.fixture(params=["sha1", "sha256"])
def authority(request, tmp_path):
    """A time-stamping authority on this machine; it names its certificate by SHA-1 (RFC 2634) or SHA-256."""
    key, made = time_authority("openssl")
    (tmp_path / "tsa.pem").write_bytes(certificate_pem(made))
    (tmp_path / "chain.pem").write_bytes(certificate_pem(authorities()[0]))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "tsa.key").write_bytes(secret)
    (tmp_path / "serial").write_text("01\n")
    (tmp_path / "tsa.cnf").write_text(CONFIG.format(folder=tmp_path, whole="no", digest=request.param))
    handler = type("Handler", (_Authority,), {"folder": tmp_path, "config": str(tmp_path / "tsa.cnf")})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_time_stamp_of_openssls_authority_is_kept_and_checked(authority, tmp_path):
    stamped = []

    def stamp(signature):
        stamped.append(signature)
        return request_timestamp(signature, url=authority, random=lambda count: bytes(range(1, count + 1)))

    p7s = sign_cades(CONTENT, owner(), NOW, timestamp=stamp)
    found = verify_cades(p7s, CONTENT).timestamp
    assert found is not None
    assert found.certificate == time_authority("openssl")[1]
    (tmp_path / "token").write_bytes(found.token)
    (tmp_path / "value").write_bytes(stamped[0])
    (tmp_path / "root.pem").write_bytes(certificate_pem(authorities()[0]))
    checked = _openssl(
        *("ts", "-verify", "-in", tmp_path / "token", "-token_in", "-data", tmp_path / "value"),
        *("-CAfile", tmp_path / "root.pem", "-attime", int(found.time.timestamp())),
    )
    assert "Verification: OK" in checked.stdout, checked.stderr
    good = _verify(tmp_path, p7s, CONTENT, owner())
    assert (good.returncode, good.stderr.strip()) == (0, "CAdES Verification successful")
