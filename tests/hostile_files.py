"""Files of every kind that is read, made to cost much: small ones, or as large as their kind may be. Not a test.

Each case knows how to make its file and which command reads it. `tests/test_costs.py` runs the cheap side (what is
refused, in which words), `benchmarks/costs.py` measures time and memory of each. Nothing here is committed as a file.
"""

import datetime as dt
import hashlib
import io
import json
import random
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from unittest.mock import patch

from building import (
    KEY_PASSWORD,
    VAULT_PASSPHRASE,
    delivered,
    make_project,
    secret_file,
    vault_bytes,
)
from export_samples import zipped as zipped_export
from handover.bundle.record import MANIFEST_NAME, RECORD_NAME, SIGNATURE_NAME, SUMS_NAME
from handover.model.metrics import BUILTIN
from handover.model.reporting import Unit
from handover.seal.encryption import encrypt
from handover.seal.keys import protect
from kdbx_making import Kind, document, kdbx
from rezip import contents, resealed, zipped
from signing_samples import NOW, owner

Make = Callable[[], bytes]
LETTER = "01-termination-letter.docx"


@dataclass(frozen=True)
class Case:
    """A hostile file: what it is, where it lies in a project (or beside it), and the command that reads it."""

    name: str
    file: str
    make: Make
    words: Sequence[str] = ("validate", "{root}")
    beside: Mapping[str, Make] = field(default_factory=dict)
    """Other files of the project that the cost depends on."""

    def command(self, folder: Path) -> list[str]:
        """Put the file into a project of its own in `folder`; gives the command line."""
        root = make_project(folder / "acme")
        content = self.make()
        for name, make in self.beside.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(make())
        path = folder / self.file.removeprefix("../") if self.file.startswith("../") else root / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".csv").unlink(missing_ok=True)  # a table is a workbook or a CSV
        path.write_bytes(content)
        path.chmod(0o600)
        secret_file(folder / "vault.txt", VAULT_PASSPHRASE)
        secret_file(folder / "key.txt", KEY_PASSWORD)
        if "{folder}/bundle.zip" in self.words:
            (folder / "bundle.zip").write_bytes(bundle({}))
        if self.file == "brand/logo.png":
            settings = root / "handover.yaml"
            settings.write_text(f"{settings.read_text()}brand:\n  logo: brand/logo.png\n")
        if self.file.startswith("templates/es/"):
            settings = root / "handover.yaml"
            settings.write_text(settings.read_text().replace("language: en", "language: es"))
        return [word.format(root=root, file=path, folder=folder) for word in self.words]


IMPORT = ("import", "metrics", "{file}", "--project", "{root}", "--dry-run")
VERIFY = ("verify", "{file}")
KEYS = ("keys", "show", "--key", "{file}", "--key-passphrase-file", "{folder}/key.txt")
VAULT = ("vault", "list", "--project", "{root}", "--vault-passphrase-file", "{folder}/vault.txt")
VAULT_KDBX = ("vault", "import", "{file}", "--project", "{root}", "--vault-passphrase-file", "{folder}/vault.txt",
              "--export-passphrase-file", "{folder}/vault.txt")  # fmt: skip
VAULT_IMPORT = ("vault", "import", "{file}", "--project", "{root}", "--vault-passphrase-file", "{folder}/vault.txt")
DRAFT = ("build", "{root}", "--draft")
PENDING = ("import", "pending", "{file}", "--project", "{root}", "--dry-run")
RECEIPT = ("import", "receipt", "{file}", "--project", "{root}")
MESSY = ("new", "{folder}/messy", "{folder}/made", "--no-input")
LOGO = (
    "setup",
    "{folder}/studio",
    "--no-input",
    "--logo",
    "{file}",
    "--name",
    "Studio",
    "--language",
    "en",
    "--address",
    "1 High Street",
    "--email",
    "hi@studio.example",
    "--owner",
    "Ada King",
    "--title",
    "Owner",
)


# Workbooks

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEADER = (
    '<row r="1"><c t="inlineStr"><is><t>date</t></is></c><c t="inlineStr"><is><t>metric</t></is></c>'
    '<c t="inlineStr"><is><t>value</t></is></c></row>'
)


def workbook(
    rows: bytes | str,
    *,
    strings: bytes | str = "",
    styles: str = "",
    more: Mapping[str, bytes] | None = None,
    sheets: int = 1,
    noisy: int = 600_000,
) -> bytes:
    """A workbook whose first sheet has these rows, in parts that shrink as others' do."""
    rows = _around("", rows, "") + noise(noisy)
    strings = _around("", strings, "") + noise(noisy // 2)
    listed = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, sheets + 1))
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/sharedStrings.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
        '<Override PartName="/xl/styles.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'
    )
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": types,
        "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="rId3" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/sharedStrings.xml": _around(f"<sst {_MAIN}>", strings, "</sst>"),
        "xl/styles.xml": f"<styleSheet {_MAIN}>{styles}</styleSheet>",
        "xl/worksheets/sheet1.xml": _around(f"<worksheet {_MAIN}><sheetData>", rows, "</sheetData></worksheet>"),
        **(more or {}),
    }
    return zip_of(parts)


@cache
def noise(size: int) -> bytes:
    """A comment that doesn't shrink: with it, a part that inflates a thousandfold looks like any other."""
    return b"<!--" + random.Random(size).randbytes(size // 2).hex().encode() + b"-->"


def _around(before: str, inner: bytes | str, after: str) -> bytes:
    return before.encode() + (inner.encode() if isinstance(inner, str) else inner) + after.encode()


def zip_of(parts: Mapping[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def far_cells() -> bytes:
    """Each row one cell in the last column there is: readers that fill up make 16,384 of each."""
    return workbook(_HEADER + "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(2, 60_000)))


def far_rows() -> bytes:
    return workbook(_HEADER + "".join(f'<row r="{n * 100}"><c><v>1</v></c></row>' for n in range(1, 10_000)))


def shared_string(characters: int, cells: int) -> bytes:
    """One long text that many cells use."""
    row = '<row><c t="inlineStr"><is><t>2024-01</t></is></c><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>'
    return workbook(_HEADER + row * (cells // 2), strings=f"<si><t>{'x ' * (characters // 2)}</t></si>")


def inline_strings() -> bytes:
    row = f'<row><c t="inlineStr"><is><t>2024-01</t></is></c><c t="inlineStr"><is><t>{"y" * 32_000}</t></is></c></row>'
    return workbook(_HEADER + row * 1_500)


def ordinary_values(count: int) -> Iterator[tuple[str, str, int]]:
    """So many values of thirty counts of the catalogue, day by day."""
    names = [name for name, metric in BUILTIN.items() if metric.unit is Unit.COUNT][1:31]
    days = [(dt.date(2017, 1, 1) + dt.timedelta(n)).isoformat() for n in range(count // len(names) + 1)]
    return ((days[n // len(names)], names[n % len(names)], n * 7919 % 1_003) for n in range(count))


def ordinary_rows(count: int, *, plain: bool = False) -> str:
    """So many rows of a date, a metric and a value; `plain` ones shrink to a third."""
    if plain:
        cells = '<c t="inlineStr"><is><t>{}</t></is></c><c t="inlineStr"><is><t>m</t></is></c><c><v>1</v></c>'
        days = [f"{1990 + n // 12}-{n % 12 + 1:02}" for n in range(400)]
        return _HEADER + "".join(f"<row>{cells.format(days[n % 400])}</row>" for n in range(count))
    return _HEADER + "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{day}</t></is></c>'
        f'<c r="B{n}" t="inlineStr"><is><t>{name}</t></is></c><c r="C{n}"><v>{value}</v></c></row>'
        for n, (day, name, value) in enumerate(ordinary_values(count), start=2)
    )


def rows_of_cells(cell: str, columns: int, rows: int) -> bytes:
    return workbook(_HEADER + f"<row>{cell * columns}</row>" * rows)


def as_many_as_are_read() -> bytes:
    """49,999 different rows of three cells in a file of 1 MB, which noise fills up."""
    return workbook(ordinary_rows(49_999, plain=True), noisy=860_000)


def many_styles() -> bytes:
    formats = "".join(f'<numFmt numFmtId="{n + 200}" formatCode="0.0{n}"/>' for n in range(150_000))
    cells = "<xf/>" * 1_000_000
    styled = '<row r="2"><c s="1"><v>1</v></c></row>'  # styles are read where a cell has one
    return workbook(_HEADER + styled, styles=f"<numFmts>{formats}</numFmts><cellXfs>{cells}</cellXfs>")


def deep_xml() -> bytes:
    return workbook(_HEADER + "<x>" * 4_000_000)


def attributes_without_end() -> bytes:
    attributes = " ".join(f"a{n}=''" for n in range(1_500_000))
    return workbook(f"{_HEADER}<row {attributes}/>")


def namespaces_without_end() -> bytes:
    names = " ".join(f"xmlns:a{n}='u{n}'" for n in range(400_000))
    return workbook(f"{_HEADER}<row {names}/>")


def zeros_beside() -> bytes:
    return workbook(_HEADER, more={f"xl/media/{n}.xml": b"<a>" + b" " * 90_000_000 + b"</a>" for n in range(3)})


def strings_without_end() -> bytes:
    return workbook(_HEADER, strings="<si/>" * 3_000_000)


def runs_without_end() -> bytes:
    return workbook(_HEADER, strings=f"<si>{'<r><t>a</t></r>' * 1_500_000}</si>")


def many_entries(count: int, *, member: str = "xl/workbook.xml") -> bytes:
    """A zip whose central directory lists very many empty entries."""
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 0, 0, 0x21, 0, 0, 0, 1, 0) + b"a"
    name = member.encode()
    first = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 0, 0, 0x21, 0, 0, 0, len(name), 0) + name
    record = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 0, 0, 0x21, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    directory = record * count
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFE, 0xFFFE, len(directory), len(first + local), 0)
    return first + local + directory + end


# Text tables, settings, words


def ordinary_csv(count: int) -> bytes:
    return "\n".join(
        ["date,metric,value", *(f"{d},{name},{value}" for d, name, value in ordinary_values(count))]
    ).encode()


def csv_of(line: str, times: int, head: str = "date,metric,value\n") -> bytes:
    return (head + line * times).encode()


def wide_csv(columns: int, rows: int) -> bytes:
    head = "month," + ",".join(f"metric {n}" for n in range(columns))
    return "\n".join([head, *("2024-01" + ",1" * columns for _ in range(rows))]).encode()


def many_names() -> bytes:
    """A long table in which every row has a metric of its own."""
    return b"date,metric,value\n" + b"".join(b"2024-01,name %d,5\n" % n for n in range(60_000))


def many_blocks() -> bytes:
    block = "# Start date: 20240101\nDate,Sessions\n20240101,5\n\n"
    return ("# Property: x\n" + block * 25_000).encode()


def settings_of(text: str) -> Make:
    return lambda: text.encode()


# Pictures


@cache
def progressive_jpeg(side: int, scans: int, mode: str = "RGB") -> bytes:
    """A picture of one colour whose last scan stands in it again and again: each is decoded over every pixel."""
    from PIL import Image

    stream = io.BytesIO()
    Image.new(mode, (side, side), "white").save(stream, "JPEG", progressive=True, quality=5, subsampling=0)
    data = stream.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * scans + data[-2:]


def png(width: int, height: int, *, chunks: Iterable[bytes] = (), depth: int = 8, colour: int = 2) -> bytes:
    """A picture of zeros."""
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    packer = zlib.compressobj(9)
    line = bytes(1 + (width * samples * depth + 7) // 8)
    image = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(chunks) + chunk(b"IDAT", image) + chunk(b"IEND", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def text_bomb() -> bytes:
    return chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * 50_000_000, 9))


# Keys and certificates


def key_file(place: str, count: int) -> bytes:
    """A PKCS#12 file that asks for so many turns at one place: `key`, `certificate` or `mac`."""
    from asn1crypto import cms, core, pkcs12

    pfx = pkcs12.Pfx.load(protect(owner(), KEY_PASSWORD, rounds=1_000))
    contents_ = pkcs12.AuthenticatedSafe.load(pfx["auth_safe"]["content"].native)
    for info in contents_:
        if info["content_type"].native == "encrypted_data":
            if place == "certificate":
                algorithm = info["content"]["encrypted_content_info"]["content_encryption_algorithm"]
                algorithm["parameters"]["key_derivation_func"]["parameters"]["iteration_count"] = count
        elif place == "key":
            bags = pkcs12.SafeContents.load(info["content"].native)
            for bag in bags:
                parameters = bag["bag_value"]["encryption_algorithm"]["parameters"]
                parameters["key_derivation_func"]["parameters"]["iteration_count"] = count
            info["content"] = core.OctetString(bags.dump(force=True))
    pfx["auth_safe"] = cms.ContentInfo(
        {"content_type": "data", "content": core.OctetString(contents_.dump(force=True))}
    )
    if place == "mac":
        pfx["mac_data"]["iterations"] = count
    return bytes(pfx.dump(force=True))


def hidden_key(count: int, *, clear: bool) -> bytes:
    """A PKCS#12 file with a key of so many turns inside its encrypted part, before the one in the `clear` if any."""
    from asn1crypto import cms, core, pkcs12
    from cryptography.hazmat.primitives import padding
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    safes = pkcs12.AuthenticatedSafe.load(pkcs12.Pfx.load(key_file("key", count))["auth_safe"]["content"].native)
    hostile = next(safe["content"].native for safe in safes if safe["content_type"].native == "data")
    plain = pkcs12.AuthenticatedSafe.load(
        pkcs12.Pfx.load(protect(owner(), KEY_PASSWORD, rounds=1_000))["auth_safe"]["content"].native
    )
    for safe in plain:
        if safe["content_type"].native == "encrypted_data":
            content = safe["content"]["encrypted_content_info"]
            parameters = content["content_encryption_algorithm"]["parameters"]
            derivation = parameters["key_derivation_func"]["parameters"]
            password, salt = KEY_PASSWORD.reveal().encode(), derivation["salt"].native
            key = hashlib.pbkdf2_hmac("sha256", password, salt, derivation["iteration_count"].native, 32)
            vector = parameters["encryption_scheme"]["parameters"].native
            cipher = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
            padder = padding.PKCS7(128).padder()
            content["encrypted_content"] = cipher.update(padder.update(hostile) + padder.finalize()) + cipher.finalize()
    kept = pkcs12.AuthenticatedSafe([s for s in plain if clear or s["content_type"].native == "encrypted_data"])
    content = cms.ContentInfo({"content_type": "data", "content": core.OctetString(kept.dump(force=True))})
    return bytes(pkcs12.Pfx({"version": "v3", "auth_safe": content}).dump())


def certificates(count: int) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return owner().certificate.public_bytes(Encoding.PEM) * count


# Bundles


@cache
def bundle_entries() -> Mapping[str, bytes]:
    return contents(delivered().path.read_bytes())


def bundle(changes: Mapping[str, bytes]) -> bytes:
    """A bundle in which these entries are others, sealed anew by the owner."""
    import tempfile

    entries = dict(bundle_entries())
    for name, content in changes.items():
        if name not in entries:  # among the assets
            at = next(n for n in entries if n.startswith("assets/"))
            entries = {
                k: v for n, w in entries.items() for k, v in (((name, content), (n, w)) if n == at else ((n, w),))
            }
    made = resealed(entries | {n: c for n, c in changes.items() if n not in _SEALS}, owner(), NOW)
    with tempfile.TemporaryDirectory() as folder:
        return zipped(made | {n: c for n, c in changes.items() if n in _SEALS}, Path(folder))


_SEALS = {MANIFEST_NAME, SIGNATURE_NAME, SUMS_NAME}


def letter_with(part: str, content: bytes) -> bytes:
    """The signed letter with one part grown."""
    parts: dict[str, bytes | str] = dict(contents(bundle_entries()[LETTER]))
    parts[part] = content
    return bundle({LETTER: zip_of(parts)})


def xml_of(element: str, count: int) -> bytes:
    return b"<a>" + element.encode() * count + noise(1_000_000) + b"</a>"


def nested_record() -> bytes:
    value = json.loads(bundle_entries()[RECORD_NAME])
    value["inputs"] = {}
    text = json.dumps(value).replace('"inputs": {}', '"inputs": [' + "[]," * 2_500_000 + "[]]")
    return bundle({RECORD_NAME: text.encode()})


def thousandfold(megabytes: int) -> bytes:
    """A bundle that our writer would refuse to make."""
    with patch("handover.bundle.write.writer.FREE_TOTAL", 1 << 40):
        return bundle({"assets/Photos/zeros.bin": bytes(megabytes * 1_000_000)})


def many_der_elements() -> bytes:
    inner = bytes.fromhex("3000") * 400_000
    return bundle({SIGNATURE_NAME: b"\x30\x83" + len(inner).to_bytes(3, "big") + inner})


# The vault


def vault_of(package: bytes) -> bytes:
    return encrypt(package, VAULT_PASSPHRASE, random=random.Random(1).randbytes)


def vault_turns(count: int) -> bytes:
    """A vault whose key takes so many turns to derive, if one believed it."""
    shorter = vault_bytes().replace(b'"yes"?>\r\n', b'"yes"?>\n')  # by what the number is longer
    made = shorter.replace(b'spinCount="100000"', f'spinCount="{count}"'.encode())
    assert len(made) == len(vault_bytes())
    return made


def vault_cells() -> bytes:
    head = "".join(f'<c t="inlineStr"><is><t>{n}</t></is></c>' for n in ("service", "password"))
    return vault_of(workbook(f"<row>{head}</row>" + "<row>" + "<c><v>1</v></c>" * 1_500_000 + "</row>"))


def vault_strings() -> bytes:
    head = "".join(f'<c t="inlineStr"><is><t>{n}</t></is></c>' for n in ("service", "password", "note"))
    row = '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>'
    text = f"<si><t>{'n' * 2_000_000}</t></si>"
    return vault_of(workbook(f"<row>{head}</row>" + row * 20_000, strings=text))


# What the client's files say of themselves


def database(rows: int) -> bytes:
    """A database of SQLite with a table of users and what looks like their passwords."""
    connection = sqlite3.connect(":memory:")
    connection.execute("create table users (name, word)")
    connection.executemany("insert into users values (?, ?)", ((f"user{n}", f"password: {n}") for n in range(rows)))
    connection.commit()
    return connection.serialize()


def zip_of_documents(count: int, paragraphs: int) -> bytes:
    """A zip of Word documents, each of so many paragraphs."""
    word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    text = "<w:p><w:r><w:t>mot de passe : x</w:t></w:r></w:p>" * paragraphs
    body = f"<w:document {word}><w:body>{text}</w:body></w:document>"
    inside = zip_of({"[Content_Types].xml": "<Types/>", "word/document.xml": body})
    return zip_of({f"{number}.docx": inside for number in range(count)})


def pdf_of_tables() -> bytes:
    """Cross-reference sections that lead from one to the next, each as long as is looked at."""
    parts, offset, previous = [b"%PDF-1.4\n"], 9, 0
    for _ in range(14):
        body = b"xref\n0 40000\n" + b"0000000009 00000 n \n" * 40_000
        body += b"trailer << /Root 1 0 R /Prev %d >>\n" % previous
        previous = offset
        parts.append(body)
        offset += len(body)
    return b"".join(parts) + b"startxref\n%d\n%%%%EOF" % previous


def boxes_in_boxes() -> bytes:
    box = struct.pack(">I4s", 8, b"free")
    return struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + box * 120_000


def document_of(text: str) -> bytes:
    """A Word document of one paragraph."""
    from docx import Document

    document, stream = Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(stream)
    return stream.getvalue()


def template_of(body: str) -> bytes:
    """A Word document with that XML in its body."""
    with zipfile.ZipFile(io.BytesIO(document_of(""))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    main = "word/document.xml"
    return zip_of(parts | {main: parts[main].replace(b"<w:body>", b"<w:body>" + body.encode(), 1)})


SPANISH: Mapping[str, Make] = {
    "templates/es/letter.docx": lambda: document_of("a" * 2_000 + " the the the a1 a2 " * 10_000),
    "templates/es/letter.toml": lambda: b'[text]\nx = "y"\n',
}
"""A template in which the phrases of a language's own list are looked for."""


def returned_form(body: str) -> bytes:
    """A Word form with this body, in a part that shrinks as others' do."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return zip_of({
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{word}"><w:body><!--{noise(450_000).hex()}-->{body}</w:body>'
        "</w:document>",
    })  # fmt: skip


def masks_in_masks() -> bytes:
    """An SVG of which each mask is drawn four times by the next one."""
    twice = "".join(
        f'<mask id="m{n}" mask="url(#m{n - 1})">{f"""<rect mask="url(#m{n - 1})" width="9" height="9"/>""" * 3}</mask>'
        for n in range(1, 30)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><mask id="m0"><rect width="9" height="9"/></mask>'
        f'{twice}<rect mask="url(#m29)" width="9" height="9"/></svg>'
    ).encode()


@cache
def empty_paragraphs() -> bytes:
    return zip_of({"[Content_Types].xml": "<Types/>", "word/document.xml": "<d>" + "<p/>" * 10_000_000})


CASES: tuple[Case, ...] = (
    # Workbooks
    Case("workbook: cells in the last column", "data/metrics.xlsx", far_cells),
    Case("workbook: rows far apart", "data/metrics.xlsx", far_rows),
    Case("workbook: one text of 30,000 characters in 100,000 cells", "data/metrics.xlsx",
         partial(shared_string, 30_000, 100_000)),
    Case("workbook: one text of 2 million characters in 150,000 cells", "data/metrics.xlsx",
         partial(shared_string, 2_000_000, 150_000)),
    Case("workbook: long texts in cells", "data/metrics.xlsx", inline_strings),
    Case("workbook: four million empty cells", "data/metrics.xlsx", partial(rows_of_cells, "<c/>", 2_000, 2_000)),
    Case("workbook: as many numbers as 1 MB may have", "data/metrics.xlsx", as_many_as_are_read),
    Case("workbook: 149,000 formulas", "data/metrics.xlsx",
         partial(rows_of_cells, "<c><f>1</f><v>1</v></c>", 3, 49_700)),
    Case("workbook: 300,000 numbers", "data/metrics.xlsx", partial(rows_of_cells, "<c><v>1</v></c>", 3, 99_999)),
    Case("workbook: four million numbers", "data/metrics.xlsx",
         partial(rows_of_cells, "<c><v>1</v></c>", 50, 80_000)),
    Case("workbook: a million styles", "data/metrics.xlsx", many_styles),
    Case("workbook: four million elements deep", "data/metrics.xlsx", deep_xml),
    Case("workbook: 1.5 million attributes", "data/metrics.xlsx", attributes_without_end),
    Case("workbook: 400,000 namespaces", "data/metrics.xlsx", namespaces_without_end),
    Case("workbook: 270 MB of white space", "data/metrics.xlsx", zeros_beside),
    Case("workbook: three million shared texts", "data/metrics.xlsx", strings_without_end),
    Case("workbook: one shared text of 1.5 million runs", "data/metrics.xlsx", runs_without_end),
    Case("workbook: 60,000 sheets", "data/metrics.xlsx", partial(workbook, _HEADER, sheets=60_000)),
    Case("workbook: 400,000 entries in the zip", "data/metrics.xlsx", partial(many_entries, 400_000)),
    # Text tables
    Case("CSV: a million commas", "data/metrics.csv", partial(csv_of, ",", 1_000_000)),
    Case("CSV: 20 MB of commas", "data/metrics.csv", partial(csv_of, ",", 20_000_000)),
    Case("CSV: rows of a hundred short cells", "data/metrics.csv", partial(csv_of, "a," * 99 + "a\n", 5_000)),
    Case("CSV: a million blank lines", "data/metrics.csv", partial(csv_of, "\n", 1_000_000)),
    Case("CSV: a million quotation marks", "data/metrics.csv", partial(csv_of, '"', 999_999)),
    Case("CSV: a header of a million commas", "data/metrics.csv", partial(csv_of, ",", 1_000_000, "")),
    Case("CSV: one cell of 1 MB", "data/metrics.csv", partial(csv_of, "y", 1_000_000)),
    Case("CSV: control characters", "data/metrics.csv", partial(csv_of, "\x01,", 400_000)),
    Case("CSV: 80,000 rows of one month", "data/metrics.csv", partial(csv_of, "2024-01,a,1\n", 80_000)),
    Case("CSV: 60,000 metrics", "data/metrics.csv",
         settings_of("date,metric,value\n" + "".join(f"2024-01,n{n},1\n" for n in range(60_000)))),
    Case("CSV: 60,000 paths to no file", "data/assets.csv",
         settings_of("path\n" + "".join(f"a/b{n}.txt\n" for n in range(70_000)))),
    Case("CSV: words that aren't known", "data/pending.csv",
         settings_of("project,status\n" + "".join(f"p{n},dane\n" for n in range(90_000)))),
    Case("CSV: 250,000 rows", "data/metrics.csv", partial(csv_of, "a,b\n", 250_000)),
    # Settings and words
    Case("YAML: question marks", "handover.yaml", settings_of('agency:\n  name: "' + "?" * 38 + 'x"\n')),
    Case("YAML: brackets", "handover.yaml", settings_of("[" * 250_000)),
    Case("YAML: braces and colons", "handover.yaml", settings_of("a: {b: " * 35_000)),
    Case("YAML: list in list in list", "handover.yaml", settings_of("- " * 120_000)),
    Case("YAML: keys that nobody knows", "handover.yaml", settings_of("".join(f"k{n}: 1\n" for n in range(19_000)))),
    Case("YAML: one long line", "handover.yaml", settings_of("a: " + "b " * 120_000)),
    Case("YAML: explicit keys", "handover.yaml", settings_of("? " * 120_000)),
    Case("YAML: anchors", "handover.yaml", settings_of("&a " * 80_000)),
    Case("YAML: an alias of aliases", "handover.yaml", settings_of(
        "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{b}: &{b} [{','.join(f'*{a}' for _ in range(9))}]\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)))),
    Case("YAML: escapes", "handover.yaml", settings_of('a: "' + "\\x07" * 60_000 + '"')),
    Case("YAML: comments", "handover.yaml", settings_of("#\n" * 125_000)),
    Case("TOML: a key of 400,000 dots", "templates/es/letter.toml", settings_of("a." * 400_000 + "a=1")),
    Case("TOML: brackets", "templates/es/letter.toml", settings_of("a=" + "[" * 500_000)),
    Case("TOML: a number of a million digits", "templates/es/letter.toml", settings_of("a=" + "9" * 1_000_000)),
    Case("TOML: tables", "templates/es/letter.toml", settings_of("".join(f"[a{n}]\n" for n in range(100_000)))),
    Case("TOML: tables below tables", "templates/es/letter.toml",
         settings_of("".join(f"[{'a.' * n}a]\n" for n in range(900)))),
    Case("template: 50,000 empty paragraphs", "templates/letter.docx", partial(template_of, "<w:p/>" * 50_000)),
    Case("template: 40,000 numbered paragraphs", "templates/letter.docx",
         lambda: template_of("".join(f"<w:p><w:r><w:t>{n}</w:t></w:r></w:p>" for n in range(40_000)))),
    Case("template: 10,000 unknown names", "templates/letter.docx",
         partial(template_of, "<w:p><w:r><w:t>{{ a.b }}</w:t></w:r></w:p>" * 10_000)),
    Case("tone.toml: stars", "templates/es/tone.toml", settings_of('blame = ["' + "a*" * 30 + '!"]'), beside=SPANISH),
    Case("tone.toml: gaps", "templates/es/tone.toml", settings_of('blame = ["' + "the … " * 15 + '!"]'),
         beside=SPANISH),
    Case("tone.toml: as much as is read", "templates/es/tone.toml",
         settings_of("blame = [" + ",".join(f'"the {"… the … " * (n < 20)}a{n}*"' for n in range(500)) + "]"),
         beside=SPANISH),
    Case("tone.toml: 500 phrases with gaps", "templates/es/tone.toml",
         settings_of("blame = [" + ",".join(f'"the … the … a{n}*"' for n in range(500)) + "]"), beside=SPANISH),
    Case("tone.toml: 60,000 phrases", "templates/es/tone.toml",
         settings_of("blame = [" + ",".join(f'"p{n} q"' for n in range(60_000)) + "]"), beside=SPANISH),
    Case("deny.txt: 90,000 names", "templates/es/deny.txt", settings_of("".join(f"name{n}\n" for n in range(90_000))),
         beside=SPANISH),
    Case("deny.txt: as many names as are read", "templates/es/deny.txt",
         settings_of("".join(f"name{n}\n" for n in range(2_000))), beside=SPANISH),
    # Exports
    Case("export: a zip of Search Console that inflates a thousandfold", "../export.zip",
         lambda: zip_of({"Dates.csv": b"Date,Clicks\n" + b"2024-01-01,\n" * 1_600_000, "Queries.csv": b""}), IMPORT),
    Case("export: a zip with a million cells", "../export.zip",
         lambda: zip_of({"Dates.csv": b"Date,Clicks\n" + b",,,,,,,,,\n" * 100_000, "Queries.csv": b""}), IMPORT),
    Case("export: a zip of 1.3 million entries", "../export.zip", partial(many_entries, 1_300_000, member="Dates.csv"),
         IMPORT),
    Case("export: 30 MB of commas", "../export.csv", partial(csv_of, ",", 30_000_000), IMPORT),
    Case("export: a million commas", "../export.csv", partial(csv_of, ",", 1_000_000), IMPORT),
    Case("export: 20,000 columns", "../export.csv", partial(wide_csv, 20_000, 12), IMPORT),
    Case("export: 60,000 metrics", "../export.csv", many_names, IMPORT),
    Case("export: 25,000 tables of GA4", "../export.csv", many_blocks, IMPORT),
    Case("export: a workbook of four million numbers", "../export.xlsx",
         partial(rows_of_cells, "<c><v>1</v></c>", 50, 80_000), IMPORT),
    Case("board: thirty due dates of 15,000 Ts", "../board.json", lambda: json.dumps(
        {"lists": [], "idList": "", "cards": [{"name": "a", "due": " T" * 15_000 + "x"}] * 30}).encode(), PENDING),
    Case("board: a zip of 7,000 tables", "../board.zip",
         lambda: zip_of({f"{n}.csv": b"name,status\na,b\n" for n in range(7_000)}), PENDING),
    Case("board: a zip of 5 million rows", "../board.zip",
         lambda: zip_of({f"{n}.csv": b"name,status\n" + b"a,b\n" * 90_000 for n in range(60)}), PENDING),
    Case("board: zips in a zip that inflate", "../board.zip",
         lambda: zip_of(dict.fromkeys((f"{n}.zip" for n in range(90)), zip_of({"a.csv": bytes(3 << 20)}))), PENDING),
    # What comes back, and a messy folder
    Case("receipt: controls in controls", "../receipt.docx",
         lambda: returned_form("<w:sdt>" * 60 + "<w:r><w:t>x</w:t></w:r>" * 80_000 + "</w:sdt>" * 60), RECEIPT),
    Case("receipt: paragraphs in paragraphs", "../receipt.docx",
         lambda: returned_form("<w:p>" * 200 + f"<w:r><w:t>{'x' * 9_000_000}</w:t></w:r>" + "</w:p>" * 200), RECEIPT),
    Case("messy folder: an e-mail of folded lines", "../messy/a.eml",
         lambda: b"From: a\r\n" + b" x\r\n" * 60 + b"!!", MESSY),
    # Pictures
    Case("logo: an SVG of masks in masks", "../logo.svg", masks_in_masks, LOGO),
    Case("logo: an SVG that is drawn 160 million pixels high", "../logo.svg",
         settings_of('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 100000"/>'), LOGO),
    Case("logo: a progressive JPEG of 600 scans", "brand/logo.png", partial(progressive_jpeg, 3_500, 600)),
    Case("logo: a progressive JPEG of as many scans as are read", "brand/logo.png",
         partial(progressive_jpeg, 3_500, 20), DRAFT),
    Case("logo: the same with four colours", "brand/logo.png", partial(progressive_jpeg, 3_500, 20, "CMYK"), DRAFT),
    Case("logo: a PNG of 12 million pixels with transparency", "brand/logo.png", partial(png, 3_500, 3_500, colour=6),
         DRAFT),
    Case("logo: a progressive JPEG of 36 million pixels", "brand/logo.png", partial(progressive_jpeg, 6_000, 1)),
    Case("logo: a PNG of 100 million pixels", "brand/logo.png", partial(png, 10_000, 10_000)),
    Case("logo: a PNG of 39 million pixels with transparency", "brand/logo.png",
         partial(png, 6_200, 6_200, colour=6), DRAFT),
    Case("logo: a PNG with texts that inflate", "brand/logo.png", lambda: png(9, 9, chunks=[text_bomb()] * 20)),
    Case("logo: a PNG of 80,000 chunks", "brand/logo.png", lambda: png(9, 9, chunks=[chunk(b"tEXt", b"")] * 80_000)),
    # Keys, certificates, signatures
    Case("key file: a thousand million turns for the key", "../owner.p12", partial(key_file, "key", 10**9), KEYS),
    Case("key file: a thousand million turns for the certificate", "../owner.p12",
         partial(key_file, "certificate", 10**9), KEYS),
    Case("key file: a thousand million turns for its seal", "../owner.p12", partial(key_file, "mac", 10**9), KEYS),
    Case("key file: a thousand million turns inside its encrypted part", "../owner.p12",
         partial(hidden_key, 10**9, clear=False), KEYS),
    Case("key file: the same, with a key in the clear", "../owner.p12", partial(hidden_key, 10**9, clear=True), KEYS),
    Case("certificates: a file of 2,000", "../ca.pem", partial(certificates, 1_700),
         ("verify", "{folder}/bundle.zip", "--ca", "{file}")),
    # Bundles
    Case("bundle: the letter's signature part of 60 MB", "../bundle.zip",
         lambda: letter_with("_xmlsignatures/sig1.xml", xml_of("<a/>", 8_000_000)), VERIFY),
    Case("bundle: the letter's relationships of 60 MB", "../bundle.zip",
         lambda: letter_with("word/_rels/document.xml.rels", xml_of("<a/>", 8_000_000)), VERIFY),
    Case("bundle: the letter's content types of 60 MB", "../bundle.zip",
         lambda: letter_with("[Content_Types].xml", xml_of("<a/>", 8_000_000)), VERIFY),
    Case("bundle: a letter that inflates to 250 MB", "../bundle.zip",
         lambda: letter_with("word/x.xml", b"<a>" + b" " * 40_000_000 + noise(1_000_000) + b"</a>"), VERIFY),
    Case("bundle: 900 MB of zeros", "../bundle.zip", partial(thousandfold, 900), VERIFY),
    Case("bundle: 1,500 MB of zeros", "../bundle.zip", partial(thousandfold, 1_500), VERIFY),
    Case("bundle: handover.json of lists", "../bundle.zip", nested_record, VERIFY),
    Case("bundle: a manifest of elements", "../bundle.zip",
         lambda: bundle({MANIFEST_NAME: xml_of("<a/>", 30_000)}), VERIFY),
    Case("bundle: a signature of 400,000 elements", "../bundle.zip", many_der_elements, VERIFY),
    # The vault
    Case("vault: ten million turns", "vault.xlsx", partial(vault_turns, 9_999_999), VAULT),
    Case("vault: 1.5 million cells", "vault.xlsx", vault_cells, VAULT),
    Case("vault: one text of 2 million characters in 60,000 cells", "vault.xlsx", vault_strings, VAULT),
    Case("vault import: 16 MB of commas", "../passwords.csv", partial(csv_of, ",", 16_000_000, "service,password\n"),
         VAULT_IMPORT),
    Case("vault import: two million short cells", "../passwords.csv",
         partial(csv_of, "a,b\n", 1_000_000, "service,password\n"), VAULT_IMPORT),
    Case("vault import: a JSON of a million lists", "../passwords.csv",
         settings_of('{"encrypted": false, "items": [' + "[]," * 330_000 + "[]]}"), VAULT_IMPORT),
    Case("vault import: one name 40,000 times", "../passwords.csv",
         lambda: b"name,url,username,password\n" + b"".join(b"a,,b,%d\n" % at for at in range(40_000)), VAULT_IMPORT),
    Case("vault import: KeePass's XML of 990,000 elements", "../passwords.csv",
         lambda: document("<Entry/>" * 990_000), VAULT_IMPORT),
    Case("vault import: a KDBX of 990,000 elements", "../passwords.csv",
         lambda: kdbx(Kind(), document("<Entry/>" * 990_000), passphrase=VAULT_PASSPHRASE.reveal()), VAULT_KDBX),
    Case("vault import: a KDBX of zeros", "../passwords.csv",
         lambda: kdbx(Kind(), bytes(200 << 20), passphrase=VAULT_PASSPHRASE.reveal()), VAULT_KDBX),
    Case("vault import: a 1PUX of zeros", "../passwords.csv",
         lambda: zipped_export(export__data=bytes(300 << 20)), VAULT_IMPORT),
    Case("vault import: a page of unclosed marks", "../passwords.csv", settings_of("<pre" * 250_000), VAULT_IMPORT),
    # What files say of themselves
    Case("asset: a PDF of long tables", "assets/a.pdf", pdf_of_tables, DRAFT),
    Case("asset: an MP4 of 120,000 boxes", "assets/a.mp4", boxes_in_boxes, DRAFT),
    Case("asset: a database of 28,000 rows", "assets/a.sqlite", partial(database, 28_000), DRAFT),
    Case("asset: rich text of 160,000 groups", "assets/a.rtf",
         lambda: b"{\\rtf1 " + b"{\\b x}" * 160_000 + b"}", DRAFT),
    Case("asset: a text in UTF-32", "assets/a.txt", lambda: ("password = hunter2hunter2\n" * 9_000).encode("utf-32"),
         DRAFT),
    Case("asset: a calendar of folded lines", "assets/a.ics",
         lambda: b"BEGIN:VCALENDAR\r\n" + b"DESCRIPTION:pass\r\n word: x\r\n" * 30_000, DRAFT),
    Case("asset: an e-mail of 20,000 parts", "assets/a.eml", lambda: (
        b'From: a@b.fr\nContent-Type: multipart/mixed; boundary="b"\n\n'
        + b"--b\nContent-Type: text/plain\n\npassword: x\n" * 20_000), DRAFT),
    Case("asset: a mailbox of 28,000 messages", "assets/a.mbox",
         lambda: b"From a\nSubject: x\n\npassword: x\n\n" * 28_000, DRAFT),
    Case("internal: a document of ten million empty paragraphs", "internal/a.docx", empty_paragraphs),
    Case("internal: twenty-five of them", "internal/a.docx", empty_paragraphs,
         beside={f"internal/{n}.docx": empty_paragraphs for n in range(24)}),
    Case("asset: a zip of forty documents that inflate", "assets/a.zip", partial(zip_of_documents, 40, 30_000), DRAFT),
    Case("asset: 110,000 passwords that are none", "assets/a.txt", lambda: b"password=" * 110_000, DRAFT),
    Case("asset: an SVG of infinite size", "assets/a.svg",
         settings_of('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1e999 1e999"/>'), DRAFT),
)  # fmt: skip

ORDINARY: tuple[Case, ...] = (
    Case("CSV: 100,000 rows", "data/metrics.csv", partial(ordinary_csv, 100_000)),
    Case("workbook: 100,000 rows", "data/metrics.xlsx", lambda: workbook(ordinary_rows(100_000))),
    Case("export: 100,000 rows", "../export.csv", partial(ordinary_csv, 100_000), IMPORT),
)
"""What must be read: the largest that is ordinary of its kind."""
