"""Every document of a bundle, in reading order: the one list that a new document adds a line to."""

from typing import Final

from handover.deliverables.base import Deliverable
from handover.deliverables.data import ASSETS_COPY, METRICS_COPY, PENDING_COPY
from handover.deliverables.inventory import INVENTORY
from handover.deliverables.letter import LETTER
from handover.deliverables.pending import PENDING
from handover.deliverables.report import REPORT
from handover.deliverables.start_here import START_HERE

ALL: Final[tuple[Deliverable, ...]] = (
    LETTER,
    INVENTORY,
    PENDING,
    REPORT,
    START_HERE,
    METRICS_COPY,
    PENDING_COPY,
    ASSETS_COPY,
)
