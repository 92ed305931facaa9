"""The text of a PDF's pages: what the child process does (`handover.formats.confined`).

Role: PDF → text, page by page, by pypdf. It runs in the child alone: no count could bound what a PDF costs.
"""

from collections.abc import Iterator
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

_PAGE_END: Final = b"\f"


def pages(data: bytes) -> Iterator[bytes]:
    """The text of each page in UTF-8, ended by a form feed. Raises ValueError for what can't be opened."""
    import io
    import logging

    logging.disable()
    try:
        for page in PdfReader(io.BytesIO(data)).pages:
            yield page.extract_text().replace("\f", "\n").encode("utf-8", "surrogatepass") + _PAGE_END
    except PyPdfError as error:
        raise ValueError("not a PDF that can be read") from error
