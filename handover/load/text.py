"""Bytes to text: strict UTF-8, with the place of everything that isn't text.

Role: shared by the YAML and CSV readers, so that both name a bad byte or an invisible character in the same
words. It changes nothing that people can see: a byte order mark is dropped and line ends become `\\n`.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Callable
from itertools import islice

from handover.errors import Finding, SourceLocation
from handover.load.foreign import kind_of
from handover.model.base import unprintable

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
MAX_NAMED = 1_000
"""Findings of one kind that one file may produce; what is beyond is summed up, so that a binary file is bearable."""


def how_to_save(file: str) -> str:
    """Where the encoding is chosen: nobody writes YAML in a spreadsheet program."""
    if file.endswith((".yaml", ".toml")):
        return "save the file as UTF-8 (your editor offers the encoding when saving)"
    return 'save the file as UTF-8 (in Excel: "CSV UTF-8")'


def decode(content: bytes, file: str) -> tuple[str, list[Finding]]:
    """Text of a UTF-8 file, with or without byte order mark, and what is wrong with its bytes.

    Bad bytes become U+FFFD in the text, so that the rest of the file can be judged in the same run.
    """
    if content.startswith(_UTF16):
        finding = Finding(
            SourceLocation(file),
            "text.encoding",
            "the file is saved as UTF-16, not as UTF-8",
            how_to_save(file),
        )
        return "", [finding]
    if kind := kind_of(content):
        return "", [not_text(file, kind)]
    findings = []
    content = content.removeprefix(BOM_UTF8)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        # The exception holds the whole file: only the position may leave this block.
        position, byte = error.start, content[error.start]
        before = content[:position].decode()
        text = content.decode(errors="replace")
        line, column = place(before, len(before))
        findings.append(
            Finding(
                SourceLocation(file, line, column),
                "text.encoding",
                f"the byte 0x{byte:02X} is not UTF-8",
                how_to_save(file),
            )
        )
    return text.replace("\r\n", "\n").replace("\r", "\n"), findings


def not_text(file: str, kind: str) -> Finding:
    """The finding for a file that is something else altogether, which `kind` says (`foreign.kind_of`)."""
    wanted = "a text file"
    if kind.startswith("UTF-16"):
        wanted, hint = "UTF-8", how_to_save(file)
    elif kind == "a zip file":
        hint = "extract it, and give the table that is in it"
    elif file.endswith((".yaml", ".toml")):
        hint = "save it as plain text, in UTF-8"
    else:
        hint = "export it as CSV (UTF-8), and give that file"
    return Finding(SourceLocation(file), "text.encoding", f"the file is {kind}, not {wanted}", hint)


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of an offset in a text whose lines end in `\\n`."""
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def replace_invisible(text: str, at: Callable[[int], SourceLocation]) -> tuple[str, list[Finding]]:
    """The text with every character that no document can hold replaced by U+FFFD, and a finding for each.

    `at` gives the place of an offset in `text`.
    """
    findings = [
        invisible(at(offset), name)
        for offset, name in islice(((m.start(), unprintable(m[0])) for m in _INVISIBLE.finditer(text)), MAX_NAMED)
        if name
    ]
    return (_INVISIBLE.sub("\ufffd", text), findings) if findings else (text, [])


def invisible(location: SourceLocation, name: str) -> Finding:
    """The finding for one character that no document can hold; `name` is `U+XXXX`."""
    return Finding(
        location,
        "text.control-character",
        f"the character {name} is here, which no document can hold",
        "delete it; it is invisible in most editors",
    )
