"""Step 10.10: whether the sealer's key is one that the user named.

Role: compares the certificate with the fingerprints and authorities that were given. It never says who somebody is,
and the certificates inside a bundle are no reason to trust it.
"""

import datetime as dt
from typing import TYPE_CHECKING

from handover.errors import UnknownSigner
from handover.verify.report import Anchors, Passed, Trust

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


def judge_trust(
    certificate: "Certificate",
    chain: "tuple[Certificate, ...]",
    anchors: Anchors,
    now: dt.datetime,
    passed: Passed,
) -> Trust:
    """MATCHED when the certificate is pinned or leads to an authority that was given, else UNKNOWN; never an error."""
    from handover.seal.certificates import check_chain, fingerprint

    if fingerprint(certificate) in anchors.fingerprints:
        passed("10.10", "signer: the certificate is the one that was given")
        return Trust.MATCHED
    if anchors.authorities:
        try:
            check_chain(certificate, chain, anchors.authorities, now)
        except UnknownSigner:
            return Trust.UNKNOWN
        passed("10.10", "signer: the certificate leads to the authority that was given")
        return Trust.MATCHED
    return Trust.UNKNOWN
