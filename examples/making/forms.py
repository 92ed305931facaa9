"""A Word form as somebody sends it back: boxes ticked, fields written.

Role: edits the content controls of a .docx as Word does (ECMA-376 Part 1, 17.5.2; [MS-DOCX] 2.6.1.5), by their tags,
and leaves every other byte of the document's text alone. It reads no answers.
"""

import io
import re
import zipfile
from collections.abc import Collection, Mapping

_CONTROL = re.compile(r"<w:sdt>.*?</w:sdt>", re.DOTALL)
_TEXT = re.compile(r"(<w:t(?: [^>]*)?>)[^<]*</w:t>")
_PART = "word/document.xml"


def filled(
    form: bytes, written: Mapping[str, str], ticked: Collection[str] = (), without: Collection[str] = ()
) -> bytes:
    """The form with these fields written, these boxes ticked, and without some of its controls."""
    lacking = {*written, *ticked, *without}

    def control(found: re.Match[str]) -> str:
        text = found[0]
        tag = re.search(r'<w:tag w:val="([^"]+)"', text)
        name = tag[1] if tag else ""
        lacking.discard(name)
        if name in without:
            return ""
        if name in ticked:
            return text.replace("☐", "☒").replace('w14:checked w14:val="0"', 'w14:checked w14:val="1"')
        if name in written:
            shown = text.replace("<w:showingPlcHdr/>", "")
            return _TEXT.sub(lambda run: f"{run[1]}{written[name]}</w:t>", shown)
        return text

    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(form)) as package, zipfile.ZipFile(stream, "w") as made:
        for name in package.namelist():
            content = package.read(name)
            made.writestr(name, _CONTROL.sub(control, content.decode()).encode() if name == _PART else content)
    if lacking:
        raise ValueError(f"the form has no {', '.join(sorted(lacking))}")
    return stream.getvalue()
