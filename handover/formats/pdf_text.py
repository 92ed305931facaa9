"""The text of a PDF: what the child process does (`handover.formats.confined`).

Role: PDF → text, page by page, then what else a reader shows: properties, notes, fields and attached texts. It runs in
the child alone, which imports pypdf with the first PDF: no count could bound what one costs.
"""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pypdf import PdfReader

_NOTES: Final = ("/Contents", "/RC", "/V", "/TU", "/URI")
"""Keys of annotations and fields that hold text (ISO 32000-2, 12.5.2 and 12.7.4)."""


def texts(data: bytes) -> Iterator[tuple[int, str]]:
    """The text of each page, with its number from 1; then, as 0, what is beside them, and, as -1, the names of
    attachments that are no text. Raises ValueError for what can't be opened.
    """
    import logging

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.disable()
    try:
        reader = PdfReader(io.BytesIO(data))
        for number, page in enumerate(reader.pages, 1):
            yield number, page.extract_text()
        if (beside := "\n".join(str(text) for text in _beside(reader))).strip():
            yield 0, beside
        for name, contents in reader.attachments.items():
            for content in contents:
                is_text = b"\0" not in content[:8_192]
                yield (0, content.decode("utf-8", "replace")) if is_text else (-1, name)
    except PyPdfError as error:
        raise ValueError("not a PDF that can be read") from error


def _beside(reader: "PdfReader") -> Iterator[Any]:
    yield from (reader.metadata or {}).values()
    if (xmp := reader.root_object.get("/Metadata")) is not None:  # ISO 32000-2, 14.3.2
        yield xmp.get_object().get_data().decode("utf-8", "replace")
    waiting: list[Any] = list(reader.outline)
    for one in waiting:
        if isinstance(one, list):
            waiting.extend(one)
        else:
            yield one.title
    for field in (reader.get_fields() or {}).values():
        yield field.get("/V", "")
    for page in reader.pages:
        for reference in page.get("/Annots") or ():
            note = reference.get_object()
            yield from (note[key] for key in _NOTES if key in note)
            action = note.get("/A")
            yield action.get_object().get("/URI", "") if action is not None else ""
