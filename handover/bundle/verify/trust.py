"""Step 10.10: whether the sealer's key, and the time-stamp's authority, are ones that the user named.

Role: compares certificates with the fingerprints and authorities that were given. It never says who somebody is, and
nothing inside a bundle, certificates and settings included, is a reason to trust it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handover.bundle.verify.report import Anchors, Passed, Trust
from handover.model.errors import UnknownSigner
from handover.model.message import msg

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from handover.bundle.verify.seals import Sealer
    from handover.seal.timestamp import Timestamp


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the user's anchors say of the sealer."""

    trust: Trust
    authority: str = ""
    """Who vouches for the sealer's name, where it was recognised by an authority."""
    doubt: str = ""
    """Why an authority that was given doesn't vouch for the sealer."""


def judge_trust(sealer: "Sealer", anchors: Anchors, at: dt.datetime, passed: Passed) -> Judgement:
    """MATCHED when the certificate is pinned or leads to an authority that was given, else UNKNOWN; never an error.

    `at` (aware) is the time at which the certificate must have been valid for an authority to vouch for it.
    """
    from handover.seal.certificates import check_signer_chain, common_name

    if sealer.signature.fingerprint in anchors.fingerprints:
        passed("10.10", msg("signer: the certificate is the one that was given"))
        return Judgement(Trust.MATCHED)
    if not anchors.authorities:
        return Judgement(Trust.UNKNOWN)
    try:
        found = check_signer_chain(sealer.certificate, sealer.chain, anchors.authorities, at)
    except UnknownSigner as error:
        return Judgement(Trust.UNKNOWN, doubt=error.message)
    if found == sealer.certificate:
        passed("10.10", msg("signer: the certificate is the one that was given"))
        return Judgement(Trust.MATCHED)
    passed("10.10", msg("signer: the certificate leads to {found}, which was given", found=common_name(found)))
    return Judgement(Trust.MATCHED, authority=common_name(found))


def proven_time(stamp: "Timestamp | None", anchors: Anchors) -> dt.datetime | None:
    """The time of a time-stamp whose authority the user named, or None: anyone can run an authority of their own."""
    from handover.seal.certificates import check_chain

    if stamp is None:
        return None
    named: tuple[Certificate, ...] = (*anchors.time_authorities, *anchors.authorities)
    try:
        check_chain(stamp.certificate, (), named, stamp.time)
    except UnknownSigner:
        return None
    return stamp.time
