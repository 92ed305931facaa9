"""Verify a received bundle, step by step as docs/format.md section 10 numbers the steps.

Role: what the client would run. It raises at the first step that fails and names the clause, the entry and
what differs; it returns what it found out, never a boolean. It shares only names, the records' grammar and the
sealing formats with the code that writes bundles: never `pack`, never `deliverables`.
"""

from handover.bundle.read import Form
from handover.bundle.verify.input import read_folder, read_given
from handover.bundle.verify.newer import latest_sealed, older_than
from handover.bundle.verify.report import Anchors, Check, OnCheck, Report, Signature, Trust
from handover.bundle.verify.steps import verify

__all__ = [
    "Anchors",
    "Check",
    "Form",
    "OnCheck",
    "Report",
    "Signature",
    "Trust",
    "latest_sealed",
    "older_than",
    "read_folder",
    "read_given",
    "verify",
]
