"""CSV → raw rows whose cells know their line and column (RFC 4180, with the liberties spreadsheets take).

Role: a strict reader of its own, because the standard library's knows no columns, merges rows on an unclosed
quote, and forgets where that quote was opened. Accepted: a byte order mark, any line ends, comma, semicolon, tab or
bar (found from the header, or said by Excel's first line `sep=;`), line breaks inside quotes. Headers and values are
not its business.
"""

import re
from collections.abc import Iterator, Sequence

from handover.formats.sniff import markup_of
from handover.languages.registry import Language
from handover.model.characters import folded
from handover.model.errors import Finding, SourceLocation
from handover.model.message import msg
from handover.model.sources import UNREADABLE, Cell, Table
from handover.project.read.table import MAX_CELLS, MAX_RECORDS, MAX_WIDTH, RawRow, build_table, known_headers
from handover.project.read.text import decode

MAX_BYTES = 20 * 1024 * 1024

_QUOTED = re.compile(r'"([^"]*(?:""[^"]*)*)"')
_PLAIN = {delimiter: re.compile(rf"[^{delimiter}\n]*") for delimiter in (",", ";", "\t", "|")}
_SAID = re.compile(r'"?sep=([,;\t|])"?[,;\t|]*(?:\n|$)', re.IGNORECASE)
"""Excel's own hint in the first line, which many exporters write; it holds no data."""


def read_csv(
    content: bytes, file: str, name: str, languages: Sequence[Language] = ()
) -> tuple[Table | None, list[Finding]]:
    """The table `name`, written in any of the languages (ours), and everything wrong with its form; never raises."""
    text, findings = decode(content, file)
    if findings and not text:
        return None, findings
    if kind := markup_of(text):
        message, hint = msg("the file is {kind}, not a table", kind=kind), msg("export it as CSV")
        return None, [*findings, Finding(SourceLocation(file), "csv.kind", message, hint)]
    reader = _Reader(text, file, said_delimiter(text) or delimiter_of(text, file, name, languages))
    table, more = build_table(name, file, reader.rows(), languages)
    return table, findings + reader.findings + more


def read_csv_rows(text: str, file: str, delimiter: str) -> tuple[list[RawRow], list[Finding]]:
    """Every record as it is, blank ones too, and what is wrong with its quotes: for files that are no table of ours."""
    reader = _Reader(text, file, delimiter)
    return list(reader.rows()), reader.findings


def read_csv_records(text: str, file: str, delimiter: str) -> list[tuple[RawRow, str]]:
    """Every record with its own text, line end left out: for editing a table and leaving the rest as it is."""
    reader, start, found = _Reader(text, file, delimiter), 0, list[tuple[RawRow, str]]()
    for row in reader.rows():
        found.append((row, text[start : reader.position].removesuffix("\n")))
        start = reader.position
    return found


def said_delimiter(text: str) -> str:
    """The delimiter that the first line names (`sep=;`), or an empty text."""
    said = _SAID.match(text)
    return said[1] if said else ""


def delimiter_in(text: str) -> str:
    """The delimiter that the first line names, else the one that the first filled line holds most."""
    first = next((line for line in text.split("\n") if line.strip(" ,;\t")), "")
    return said_delimiter(text) or max(",;\t", key=first.count)


def delimiter_of(text: str, file: str, name: str, languages: Sequence[Language] = ()) -> str:
    """Comma, semicolon or tab: whichever makes most columns of the table `name` out of the header."""
    known = known_headers(name, languages)

    def score(delimiter: str) -> tuple[int, int]:
        header = next((r for r in _Reader(text, file, delimiter).rows() if any(not c.blank for c in r)), [])
        return sum(folded(cell.text) in known for cell in header), len(header)

    return max(_PLAIN, key=score)


def _beyond(records: int, cells: int, width: int) -> tuple[str, str] | None:
    """What is too much about a file so far, and what to do."""
    if width >= MAX_WIDTH:
        return msg("this row has {most:,} cells or more", most=MAX_WIDTH), msg("delete the columns that aren't needed")
    if records > MAX_RECORDS:
        return msg("the file has more than {most:,} lines", most=MAX_RECORDS), msg("keep a shorter span")
    if cells > MAX_CELLS:
        message = msg("up to here the file has more than {most:,} cells", most=MAX_CELLS)
        return message, msg("keep the columns that are needed")
    return None


class _Reader:
    """Walks the text once, from below a line `sep=;`. `findings` holds what is wrong with its quotes, and where reading
    stopped for its size."""

    def __init__(self, text: str, file: str, delimiter: str) -> None:
        self.findings: list[Finding] = []
        self._text = text
        self._file = file
        self._delimiter = delimiter
        said = _SAID.match(text)
        self.position = said.end() if said else 0
        """How far the text has been read."""
        self._line = 2 if said else 1
        self._line_start = self.position

    def rows(self) -> Iterator[RawRow]:
        """Every record, blank ones too. Ends at a quote that is never closed: what follows it can't be known; and
        where there is more than is read of one file."""
        records = cells = 0
        while self.position < len(self._text):
            row = self._unquoted() or self._quoted()
            if row is None:
                return
            records, cells = records + 1, cells + len(row)
            if reason := _beyond(records, cells, len(row)):
                self.findings.append(Finding(row[0].location, "table.too-large", *reason))
                return
            if self._at("\n"):
                self.position += 1
                self._line += 1
                self._line_start = self.position
            yield row

    def _unquoted(self) -> list[Cell] | None:
        """The record at once, where nothing in its line is quoted: as most are."""
        end = self._text.find("\n", self.position)
        end = len(self._text) if end < 0 else end
        line = self._text[self.position : end]
        texts = line.split(self._delimiter) if '"' not in line else ()
        if not texts or len(texts) >= MAX_WIDTH:
            return None
        row, column = list[Cell](), self.position - self._line_start + 1
        for text in texts:
            row.append(Cell(SourceLocation(self._file, self._line, column), text))
            column += len(text) + 1
        self.position = end
        return row

    def _quoted(self) -> list[Cell] | None:
        """The record cell by cell; None where a quote is never closed."""
        row: list[Cell] = []
        while (cell := self._cell()) is not None:
            row.append(cell)
            if not self._at(self._delimiter):
                return row
            self.position += 1
            if len(row) == MAX_WIDTH:
                return row
        return None

    def _at(self, character: str) -> bool:
        return self._text.startswith(character, self.position)

    def _cell(self) -> Cell | None:
        location = SourceLocation(self._file, self._line, self.position - self._line_start + 1)
        if not self._at('"'):
            return Cell(location, self._plain())
        quoted = _QUOTED.match(self._text, self.position)
        if quoted is None:
            message = msg("a quotation mark is opened here and never closed")
            hint = msg('close it with "; inside quoted text write "" for each quotation mark')
            self.findings.append(Finding(location, "csv.unclosed-quote", message, hint))
            return None
        text: str = quoted[1]
        self.position = quoted.end()
        if breaks := text.count("\n"):
            self._line += breaks
            self._line_start = quoted.start(1) + text.rindex("\n") + 1
        text = text.replace('""', '"')
        if self.position < len(self._text) and not (self._at(self._delimiter) or self._at("\n")):
            message = msg("there is text after the closing quotation mark")
            hint = msg('inside quoted text write "" for each quotation mark')
            self.findings.append(Finding(location, "csv.text-after-quote", message, hint))
            self._plain()
            text = UNREADABLE
        return Cell(location, text)

    def _plain(self) -> str:
        match = _PLAIN[self._delimiter].match(self._text, self.position)
        text = match[0] if match else ""
        self.position += len(text)
        return text
