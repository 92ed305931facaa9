"""Part of step 10.8: whose letter it is, compared with the client and the owners whom `handover.json` names.

Role: each owner has signed the letter once, with the key that is pinned for them, and nobody else has; whoever signed
last has sealed the bundle. The pins come from the bundle itself: they say that it agrees with itself, and are no
reason to trust it.
"""

from collections.abc import Sequence
from typing import Final

from handover.bundle import binding
from handover.bundle.record import BundleRecord, State
from handover.bundle.verify.report import Signature
from handover.model.errors import BundleError
from handover.model.message import all_of, msg

_TAKEN: Final = msg("somebody may have taken another bundle's letter: ask its signer for the bundle, by another way")


def check_owners(bundle: BundleRecord, letter: Sequence[Signature], entry: str) -> tuple[str, ...]:
    """The owners who haven't signed the letter yet, by name.

    Raises BundleError: 8.8 for a signature that is no owner's and for one that is missing in a signed bundle, 5.3 for
    a bundle to sign that nothing is missing from.
    """
    signed = {signature.fingerprint for signature in letter}
    for signature in letter:
        if signature.fingerprint not in bundle.pins:
            raise BundleError(
                msg("it's signed with a key, said to be {name}'s, that is pinned for no owner", name=signature.name),
                entry=entry,
                clause="8.8",
                hint=_TAKEN,
            )
    missing = tuple(name for pin, name in bundle.pins.items() if pin not in signed)
    if bundle.state is not State.SIGNED and not missing:
        raise BundleError(msg("every owner has signed it, and the bundle says to be signed"), entry=entry, clause="5.3")
    if bundle.state is State.SIGNED and missing:
        raise BundleError(
            msg("{missing} must have signed it, and hasn't", missing=all_of(missing)), entry=entry, clause="8.8"
        )
    return missing


def check_sealer(last: Signature, sealer: Signature, entry: str) -> None:
    """Whoever signed the letter last has sealed the bundle. Raises BundleError (10.8)."""
    if last.fingerprint != sealer.fingerprint:
        raise BundleError(
            msg(
                "it's signed with another key, said to be {name}'s, than the bundle around it, whose key is said "
                "to be {sealer_name}'s",
                name=last.name,
                sealer_name=sealer.name,
            ),
            entry=entry,
            clause="10.8",
            hint=_TAKEN,
        )


def check_binding(bundle: BundleRecord, bound: bytes, entry: str) -> None:
    """That the letter was made as a letter, and for this bundle's client. Raises BundleError (8.7)."""
    found = binding.read_binding(bound, entry)
    binding.check_kind(found, binding.Kind.LETTER, bundle.client, entry)
