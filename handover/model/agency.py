"""`agency.yaml`: which of the settings every project of a workspace shares.

Role: the one list of shared keys. They are keys of `handover.model.settings`, with the same meaning and the same
checks; there is no second model. What a project does with them is `handover.project.read.workspace`'s.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from handover.model.settings import Settings

AGENCY_FILE: Final = "agency.yaml"
AGENCY_INPUT: Final = "agency"
"""What a bundle's inputs call the inherited values together (docs/format.md, 5.5)."""

SHARED: Final[Mapping[str, Sequence[str] | None]] = {
    "format": None,
    "language": None,
    "locale": None,
    "agency": None,
    "owners": None,
    "contract": ("governing",),
    "letter": ("place",),
    "brand": None,
    "options": None,
}
"""Shared keys of the settings; of a group, those keys alone that are named here."""

NOT_OVERRIDDEN: Final = "owners"
"""Who signs, and with which key: a project that came from elsewhere must not say otherwise."""


def is_shared(*path: str) -> bool:
    """Whether `agency.yaml` may hold the key at this path (of one or two steps)."""
    if path[0] not in SHARED or path[0] not in Settings.model_fields:
        return False
    inner = SHARED[path[0]]
    return len(path) == 1 or inner is None or path[1] in inner
