"""Look for secrets and internal papers in what is about to leave in clear.

Role: the last look before publishing, at rendered documents and at the client's files: secrets of the vault and the
passphrases, files and texts that have the form of secrets, what internal/ says, other clients' names, traces in Office
files. It names the file, the line and the kind, never the secret. It can't see into pictures, films and most archives:
see docs/security.md.
"""

from handover.project.leaks.assets import Seeker, asset_leaks, stored_assets
from handover.project.leaks.documents import document_leaks, typed_leaks
from handover.project.leaks.needles import Needle, needles
from handover.project.leaks.plain import Asset, Guard, name_leaks, text_leaks
from handover.project.leaks.search import Searcher

__all__ = [
    "Asset",
    "Guard",
    "Needle",
    "Searcher",
    "Seeker",
    "asset_leaks",
    "document_leaks",
    "name_leaks",
    "needles",
    "stored_assets",
    "text_leaks",
    "typed_leaks",
]
