"""A time-stamping authority (RFC 3161) that the tests ask; its keywords make it lie. Not a test itself."""

import hashlib
from datetime import timedelta

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from handover.seal import asn1
from handover.seal.asn1 import time_request
from handover.seal.timestamp import read_answer
from signing_samples import NOW, authorities, time_authority

STAMPED = NOW + timedelta(seconds=5)


def answer(request, *, status="granted", time=STAMPED, key=None, made=None, info=None, attributes=(), wrong=False):
    """What a time-stamping authority answers to a request; the keywords make it lie."""
    asked = tsp.TimeStampReq.load(request)
    if status != "granted":
        return asn1._Response({"status": {"status": status}}).dump()
    own_key, own_certificate = time_authority()
    key, made = key or own_key, made or own_certificate
    content = {
        "version": "v1",
        "policy": "1.2.3.4",
        "message_imprint": asked["message_imprint"],
        "serial_number": 42,
        "gen_time": time,
        "nonce": asked["nonce"].native,
        **(info or {}),
    }
    token = _token(tsp.TSTInfo(content).dump(), key, made, attributes, wrong=wrong)
    return tsp.TimeStampResp({"status": {"status": status}, "time_stamp_token": token}).dump()


def _token(content, key, made, attributes, *, wrong):
    der = made.public_bytes(Encoding.DER)
    own = asn1_x509.Certificate.load(der)
    root = asn1_x509.Certificate.load(authorities()[0].public_bytes(Encoding.DER))
    signed = cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
            {
                "type": "signing_certificate_v2",
                "values": [tsp.SigningCertificateV2({"certs": [{"cert_hash": hashlib.sha256(der).digest()}]})],
            },
            *attributes,
        ]
    )
    over = signed.dump() + (b"x" if wrong else b"")
    return cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": {
                "version": "v3",
                "digest_algorithms": [{"algorithm": "sha256"}],
                "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
                "certificates": [root, own],
                "signer_infos": [
                    {
                        "version": "v1",
                        "sid": cms.SignerIdentifier(
                            name="issuer_and_serial_number",
                            value={"issuer": own.issuer, "serial_number": own.serial_number},
                        ),
                        "digest_algorithm": {"algorithm": "sha256"},
                        "signed_attrs": signed,
                        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
                        "signature": key.sign(over, ec.ECDSA(hashes.SHA256())),
                    }
                ],
            },
        }
    )


def token_for(signature, *, time=STAMPED):
    """A token over a signature value, as it is kept."""
    return read_answer(answer(time_request(signature, 7), time=time), signature, 7).token
