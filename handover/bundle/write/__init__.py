"""Packing: the client's files and the sealed documents into one zip of the canonical profile.

Role: what `pipeline` calls. `scan_assets` lists what there is to pack and everything wrong with it;
`BundleWriter` writes docs/format.md's section 2 in one pass, on all processors, in bounded memory. Publishing and
verifying are others' work.
"""

from handover.bundle.write.assets import AssetChanged
from handover.bundle.write.scan import scan_assets
from handover.bundle.write.units import Look
from handover.bundle.write.writer import BundleWriter, required_space

__all__ = [
    "AssetChanged",
    "BundleWriter",
    "Look",
    "required_space",
    "scan_assets",
]
