"""Every document: those of a bundle, in reading order, and those outside it, in the order of their moments.

Role: the one list that a new document adds a line to.
"""

from typing import Any, Final

from handover.documents.base import Deliverable, Outside
from handover.documents.call import CALL, CALL_EMAIL
from handover.documents.case_study import CASE_STUDY
from handover.documents.cover import COVER
from handover.documents.data import ASSETS_COPY, METRICS_COPY, PENDING_COPY
from handover.documents.decision import DECISION
from handover.documents.guide import GUIDE, PACKED_GUIDE
from handover.documents.inventory import INVENTORY
from handover.documents.letter import LETTER
from handover.documents.notice import NOTICE
from handover.documents.pending import PENDING
from handover.documents.post_mortem import POST_MORTEM
from handover.documents.reasons import REASONS
from handover.documents.receipt import RECEIPT
from handover.documents.report import REPORT
from handover.documents.start_here import START_HERE
from handover.documents.survey import SURVEY
from handover.documents.survey_email import SURVEY_EMAIL
from handover.documents.survey_results import SURVEY_RESULTS
from handover.documents.transition import PACKED_PLAN, PLAN
from handover.documents.transition_calendar import CALENDAR
from handover.documents.vetting import DISCOVERY, VETTING

ALL: Final[tuple[Deliverable, ...]] = (
    NOTICE,
    LETTER,
    COVER,
    INVENTORY,
    PENDING,
    REPORT,
    PACKED_PLAN,
    PACKED_GUIDE,
    START_HERE,
    METRICS_COPY,
    PENDING_COPY,
    ASSETS_COPY,
)

OUTSIDE: Final[tuple[Outside[Any], ...]] = (
    DECISION,
    REASONS,
    CALL,
    CALL_EMAIL,
    PLAN,
    CALENDAR,
    GUIDE,
    RECEIPT,
    SURVEY,
    SURVEY_EMAIL,
    SURVEY_RESULTS,
    CASE_STUDY,
    POST_MORTEM,
    VETTING,
    DISCOVERY,
)
