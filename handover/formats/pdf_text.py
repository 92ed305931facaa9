"""The text of a PDF: what the child process does (`handover.formats.confined`).

Role: PDF → text, page by page, then what else a reader shows: properties, notes, fields and attached texts. It runs in
the child alone: no count could bound what a PDF costs.
"""

import io
from collections.abc import Iterator
from typing import Any, Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

_PAGE_END: Final = b"\f"
BESIDE: Final = b"\x1d"
"""Before what is on no page."""
CLOSED: Final = b"\x1e"
"""Before the name of an attachment that is no text."""
_NOTES: Final = ("/Contents", "/RC", "/V", "/TU", "/URI")
"""Keys of annotations and fields that hold text (ISO 32000-2, 12.5.2 and 12.7.4)."""


def pages(data: bytes) -> Iterator[bytes]:
    """The text of each page in UTF-8, then what is beside them, each ended by a form feed.

    Raises ValueError for what can't be opened.
    """
    import logging

    logging.disable()
    try:
        reader = PdfReader(io.BytesIO(data))
        for page in reader.pages:
            yield _framed(page.extract_text())
        beside = "\n".join(str(text) for text in _beside(reader))
        if beside.strip():
            yield BESIDE + _framed(beside)
        for name, contents in reader.attachments.items():
            for content in contents:
                is_text = b"\0" not in content[:8_192]
                yield BESIDE + _framed(content.decode("utf-8", "replace")) if is_text else CLOSED + _framed(name)
    except PyPdfError as error:
        raise ValueError("not a PDF that can be read") from error


def _framed(text: str) -> bytes:
    for mark in "\f\x1d\x1e":
        text = text.replace(mark, "\n")
    return text.encode("utf-8", "surrogatepass") + _PAGE_END


def _beside(reader: PdfReader) -> Iterator[Any]:
    yield from (reader.metadata or {}).values()
    for field in (reader.get_fields() or {}).values():
        yield field.get("/V", "")
    for page in reader.pages:
        for reference in page.get("/Annots") or ():
            note = reference.get_object()
            yield from (note[key] for key in _NOTES if key in note)
            action = note.get("/A")
            yield action.get_object().get("/URI", "") if action is not None else ""
