"""Every document of a bundle, in reading order: the one list that a new document adds a line to."""

from typing import Final

from handover.documents.base import Deliverable
from handover.documents.data import ASSETS_COPY, METRICS_COPY, PENDING_COPY
from handover.documents.inventory import INVENTORY
from handover.documents.letter import LETTER
from handover.documents.pending import PENDING
from handover.documents.report import REPORT
from handover.documents.start_here import START_HERE

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
