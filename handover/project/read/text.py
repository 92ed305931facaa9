"""Bytes to text: UTF-8, or UTF-16 with its mark, with the place of everything that isn't text.

Role: shared by the YAML and CSV readers, so that both name a bad byte or an invisible character in the same
words. It changes nothing that people can see: a byte order mark is dropped and line ends become `\\n`. A table in
Windows-1252, as Excel's plain "CSV" is in Western Europe and America, is read with a warning.
"""

import re
import unicodedata
from codecs import BOM_UTF8
from collections.abc import Callable
from itertools import islice

from handover.formats.sniff import kind_of
from handover.model.base import unprintable
from handover.model.errors import Finding, Severity, SourceLocation
from handover.model.message import msg
from handover.model.sources import shown

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DECLARED = re.compile(r"\A\s*<\?xml[^>]*\?>")
_SOME_UTF_8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HEAD, _FEW = 4096, 8
"""Bytes at the beginning, and how many control characters in them make a file that isn't UTF-8 a binary one."""
_TABLES = (".csv", ".tsv", ".txt")
_WESTERN = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßŒœ€£§°²³ªº«»·¿¡’‘“”–—…\u00a0")
"""What tables in the languages of western Europe hold beyond ASCII."""
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
MAX_NAMED = 1_000
"""Findings of one kind that one file may produce; what is beyond is summed up, so that a binary file is bearable."""


def how_to_save(file: str) -> str:
    """Where the encoding is chosen: nobody writes YAML in a spreadsheet program."""
    if file.endswith((".yaml", ".toml")):
        return msg("save the file as UTF-8 (your editor offers the encoding when saving)")
    return msg('save the file as UTF-8 (in Excel: "CSV UTF-8")')


def decode(content: bytes, file: str, *, secret: bool = False) -> tuple[str, list[Finding]]:
    """Text of a file, with or without byte order mark, and what is wrong with its bytes.

    Bad bytes become U+FFFD in the text, so that the rest of the file can be judged in the same run. Of a `secret` text
    nothing is guessed, as a password would be wrong, and no byte is shown.
    """
    if content.startswith(_UTF16):
        try:
            return _lines(content.decode("utf-16")), []
        except UnicodeDecodeError:
            message = msg("the file begins as UTF-16 does and isn't valid UTF-16")
            return "", [Finding(SourceLocation(file), "text.encoding", message, how_to_save(file))]
    if kind := kind_of(content):
        return "", [not_text(file, kind)]
    findings = []
    marked, content = content.startswith(BOM_UTF8), content.removeprefix(BOM_UTF8)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        # The exception holds the whole file: only the position may leave this block.
        position, byte = error.start, content[error.start]
        before = content[:position].decode()
        location = SourceLocation(file, *place(before, len(before)))
        guessed = file.lower().endswith(_TABLES) and not marked and not secret
        western = _windows_1252(content) if guessed else None
        if western is None and len(_CONTROL.findall(content[:_HEAD])) > _FEW:
            return "", [not_text(file, msg("binary data"))]
        text = content.decode(errors="replace") if western is None else western
        message = msg("isn't UTF-8 text") if secret else msg("the byte 0x{byte:02X} is not UTF-8", byte=byte)
        severity = Severity.ERROR
        if western is not None:
            message = msg("the file was read as Windows-1252, not UTF-8: that gives “{western}” here",
                          western=_word_at(western, position))  # fmt: skip
            severity = Severity.WARNING
        findings.append(Finding(location, "text.encoding", message, how_to_save(file), severity))
    return _lines(text), findings


def in_utf_8(content: bytes) -> bytes:
    """UTF-16 with its mark as UTF-8, and an XML declaration's encoding with it; anything else as it is."""
    if not content.startswith(_UTF16):
        return content
    try:
        return _DECLARED.sub("", content.decode("utf-16"), count=1).encode()
    except UnicodeError:
        return content


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _windows_1252(content: bytes) -> str | None:
    """The text, where every byte beyond ASCII makes a letter or sign that Western tables hold; None where it's a guess.

    In Mac OS Roman and in code page 850 the common accented letters are bytes that here are signs or nothing.
    """
    if _SOME_UTF_8.search(content) or _CONTROL.search(content):
        return None
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return None
    rare = {character for character in set(text) if not character.isascii()} - _WESTERN
    return None if rare else text


def _word_at(text: str, offset: int) -> str:
    """The word around an offset, as a message may quote it."""
    start = max(text.rfind(mark, 0, offset) for mark in ' \n\t;,"') + 1
    return shown(re.split(r"[\s;,\"]", text[start : offset + 30])[0])


def not_text(file: str, kind: str) -> Finding:
    """The finding for a file that is something else altogether, which `kind` says (`foreign.kind_of`)."""
    wanted = msg("a text file")
    if kind.startswith("UTF-16"):
        wanted, hint = "UTF-8", how_to_save(file)
    elif kind == "a zip file":
        hint = msg("extract it, and give the table that is in it")
    elif file.endswith((".yaml", ".toml")):
        hint = msg("save it as plain text, in UTF-8")
    else:
        hint = msg("export it as CSV (UTF-8), and give that file")
    message = msg("the file is {kind}, not {wanted}", kind=kind, wanted=wanted)
    return Finding(SourceLocation(file), "text.encoding", message, hint)


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of an offset in a text whose lines end in `\\n`."""
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def replace_invisible(text: str, at: Callable[[int], SourceLocation]) -> tuple[str, list[Finding]]:
    """The text with every character that no document can hold replaced by U+FFFD, and a finding for each.

    `at` gives the place of an offset in `text`.
    """
    named = ((match.start(), unprintable(match[0])) for match in _INVISIBLE.finditer(text))
    findings = [invisible(at(offset), name) for offset, name in islice(named, MAX_NAMED) if name]
    return (_INVISIBLE.sub("\ufffd", text), findings) if findings else (text, [])


def invisible(location: SourceLocation, name: str) -> Finding:
    """The finding for one character that no document can hold; `name` is `U+XXXX`."""
    message = msg("the character {name} is here, which no document can hold", name=name)
    return Finding(location, "text.control-character", message, msg("delete it; it is invisible in most editors"))


def fold(text: str) -> str:
    """A header for comparison: lower case, without accents, byte order mark, or runs of spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", text.lstrip("\ufeff")).casefold()
    kept = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(kept.replace("\u2019", "'").split())


def identifier_of(text: str) -> str:
    """A name as identifiers are written: `taux_de_clic` of `Taux de clic`."""
    return re.sub(r"[^a-z0-9]+", "_", fold(text)).strip("_")
