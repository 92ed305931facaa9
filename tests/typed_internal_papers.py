"""What `make check` has mypy look at: an internal paper is of another type than all that is packed or sent.

Each line that is ignored must be wrong: mypy tells an ignore that isn't needed.
"""

from handover.model.artifact import Artifact, ClientArtifact, InternalArtifact, SealedArtifact
from handover.project.leaks.documents import document_leaks
from handover.project.leaks.search import Searcher

paper = InternalArtifact("reasons.docx", b"")
packed: list[SealedArtifact] = [paper]  # type: ignore[list-item]
rendered: list[Artifact] = [paper]  # type: ignore[list-item]
outgoing: ClientArtifact = paper  # type: ignore[assignment]
document_leaks([paper], Searcher())  # type: ignore[list-item]
