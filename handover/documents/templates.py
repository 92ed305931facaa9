"""The documents that are made from Word templates: which template makes which, and what is asked of it.

Role: joins the registry and `handover.templating`, which knows no document.
"""

from collections.abc import Sequence
from typing import Any

from handover.documents.base import Deliverable, Outside
from handover.model.artifact import Seal
from handover.templating.check import TemplateFile


def with_templates() -> dict[str, Deliverable | Outside[Any]]:
    """The documents that have a Word template, by id: those of the bundle first."""
    from handover.documents.registry import ALL, OUTSIDE

    listed: tuple[Deliverable | Outside[Any], ...] = (*ALL, *OUTSIDE)
    return {one.id: one for one in listed if one.view}


def document_id(name: str) -> str | None:
    """The deliverable that a template of this file name makes (`letter.docx` → `letter`), or None."""
    stem = name.rpartition("/")[2].rpartition("\\")[2].removesuffix(".docx")
    return stem if stem in with_templates() else None


def template_file(
    file: str,
    document: str | None,
    language: str | None = None,
    deny: Sequence[str] = (),
    phrases: str | None = None,
) -> TemplateFile:
    """What the check of a template knows about it besides its bytes; `document` is a deliverable's id."""
    known = with_templates()
    deliverable = known.get(document or "")
    return TemplateFile(
        file=file,
        document=deliverable.id if deliverable else None,
        view=deliverable.view_type if deliverable else None,
        required=deliverable.required if deliverable else (),
        known=tuple(known),
        language=language,
        deny=deny,
        phrases=phrases,
        signed=isinstance(deliverable, Deliverable) and deliverable.seal is Seal.SIGNED,
    )
