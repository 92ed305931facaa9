"""What Office files and PDFs among the assets hold is found, and what can't be read is named."""

import base64
import bz2
import contextlib
import gzip
import hashlib
import io
import sqlite3
import threading
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email.message import EmailMessage
from functools import partial
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.annotations import Text

from handover.formats.confined import Answer, Confined, Ending, Limits
from handover.model.artifact import AssetSource
from handover.model.secret import Secret
from handover.project.leaks import readers
from handover.project.leaks.apart import held
from handover.project.leaks.assets import Seeker, asset_leaks
from handover.project.leaks.needles import needles
from handover.project.leaks.office import office_text, read_office
from handover.project.leaks.plain import Asset, Guard
from handover.project.leaks.readers import Readers
from handover.project.leaks.search import Searcher
from handover.project.leaks.told import Piece, read, written
from secret_samples import document, workbook, zipped

PATIENT = Limits(seconds=60)
SOUGHT = Searcher(needles({"it": Secret("plumage cargoes satinwood walruses")}, None))


class Here:
    """What the child does, in this process, since a child for each case would take most of the time."""

    def __init__(self, *_):
        pass

    __exit__ = stop = __init__

    def ask(self, sent: bytes) -> Answer:
        try:
            return Answer(list(held(sent)), Ending.WHOLE)
        except ValueError:
            return Answer([], Ending.FAILED)


@pytest.fixture(autouse=True, scope="module")
def _read_here():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readers, "Confined", Here)
        yield


def look_at(entry: str, content: bytes, **more):
    guard = Guard(SOUGHT, **more)
    asset = Asset(f"assets/{entry}", len(content), lambda: iter([content]))
    return asset_leaks([asset], guard, clock=lambda: 0.0, limits=PATIENT)


def package(**parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
WORD = '<w:document xmlns:w="urn:w">{}</w:document>'


def pdf(*pages: str) -> bytes:
    """A PDF of so many pages with compressed text (ISO 32000-1)."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    kids = []
    for text in pages:
        stream = zlib.compress(f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode())
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream))
        font = b"<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R/Resources<</Font%s>>>>"
            % (len(objects), font)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start))
    return out.getvalue()


SPLIT = WORD.format(
    "<w:p><w:r><w:t>plumage </w:t></w:r><w:r><w:t>cargoes</w:t></w:r></w:p>" + PARAGRAPH.format("Satinwood walruses")
)
CORE = (
    '<cp:coreProperties xmlns:cp="urn:c" xmlns:dc="urn:d"><dc:creator>Ivy Marsh</dc:creator>'
    "<cp:lastModifiedBy>python-docx</cp:lastModifiedBy></cp:coreProperties>"
)
SHEET = (
    '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>walruses</t></is></c></row></sheetData></worksheet>'
)
SHARED = "<sst><si><r><t>plumage</t></r><r><t> cargoes satinwood</t></r></si></sst>"
FOOTER = (
    '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData><headerFooter><oddFooter>'
    "plumage cargoes satinwood walruses</oddFooter></headerFooter></worksheet>"
)


@pytest.mark.parametrize(
    ("name", "content", "where"),
    [
        pytest.param("a.docx", package(word__document_xml=SPLIT), "in its text", id="a Word document, over runs"),
        pytest.param("a.docx", package(word__document_xml=WORD.format(""), word__header1_xml=SPLIT), "in its text", id="a header"),
        pytest.param("a.xlsx", package(xl__worksheets__sheet3_xml=SHEET, xl__sharedStrings_xml=SHARED), "sheet 3", id="a sheet"),
        pytest.param("a.xlsx", package(xl__worksheets__sheet3_xml=FOOTER, xl__sharedStrings_xml=SHARED), "sheet 3", id="a sheet's footer, behind a shared text"),
        pytest.param("a.xlsx", package(xl__worksheets__sheet3_xml="<worksheet/>", xl__comments__comment1_xml=SPLIT), "in its text", id="a comment, in the folder where openpyxl puts it"),
        pytest.param("a.docx", package(word__document_xml=WORD.format(""), docProps__custom_xml="<properties><lpwstr>plumage cargoes satinwood walruses</lpwstr></properties>"), "in its properties", id="a property"),
        pytest.param("a.docx", package(word__document_xml=WORD.format(""), odd__place_xml=SPLIT), "in its text", id="a part of any name"),
        pytest.param("a.docx", package(word__document_xml=WORD.format('<w:p><wp:docPr xmlns:wp="urn:wp" descr="plumage cargoes satinwood walruses"/></w:p>')), "in its text", id="an alternative text"),
        pytest.param("a.pptx", package(ppt__slides__slide2_xml=SPLIT), "slide 2", id="a slide"),
        pytest.param("a.odt", package(content_xml=SPLIT.replace("w:p", "text:p").replace("urn:w", "urn:w\" xmlns:text=\"urn:t")), "in its text", id="OpenDocument"),
        pytest.param("a.gz", gzip.compress(b"plumage cargoes satinwood walruses") + bytes(200_000), "unpacked", id="a gzip with zeros behind it"),
        pytest.param("a.pdf", pdf("Hello", "plumage cargoes satinwood walruses"), "page 2", id="a PDF"),
        pytest.param("a.bin", pdf("plumage-cargoes-satinwood-walruses"), "page 1", id="a PDF of another name"),
    ],
)  # fmt: skip
def test_a_passphrase_is_found_in(name, content, where):
    (found,) = look_at(name, content)
    assert (found.rule, found.location.file) == ("leak.secret", f"assets/{name}")
    assert where in found.message


@pytest.mark.parametrize(
    ("in_advance", "asked"),
    [
        pytest.param({}, ["b.pdf", "c.docx", "d.zip"], id="nothing"),
        pytest.param({"b.pdf": None, "d.zip": None, "a.txt": None}, ["b.pdf", "d.zip", "c.docx"], id="two of three"),
        pytest.param({"c.docx": b"PK\3\4 it was another file then"}, ["c.docx", "b.pdf", "c.docx", "d.zip"], id="another file"),
        pytest.param({"c.docx": b"longer" * 10_000}, ["b.pdf", "c.docx", "d.zip"], id="a file that grew"),
    ],
)  # fmt: skip
def test_what_is_seen_while_files_are_packed_is_what_is_found_in_the_folder(in_advance, asked, tmp_path, monkeypatch):
    """Whatever was read in advance."""
    secret = b"plumage cargoes satinwood walruses"
    files = {
        "assets/a.txt": b"x\n" * 700_000 + secret,
        "assets/b.pdf": pdf("Hello", secret.decode()),
        "assets/c.docx": package(word__document_xml=SPLIT),
        "assets/d.zip": package(inner_txt=secret.decode()),
        "assets/e.jpg": bytes(range(256)) * 1_600,
        "assets/f.bin": b"an internal paper",
        "assets/g.rar": b"Rar!\x1a\7\0",
        "assets/plumage cargoes satinwood walruses.bin": b"an internal paper",
        "assets/nobody saw this.txt": secret,
    }
    digests = {entry: hashlib.sha256(content).hexdigest() for entry, content in files.items()}
    size = len(files["assets/f.bin"])
    guard = Guard(SOUGHT, {digests["assets/f.bin"]: "internal/reasons.md"}, frozenset({size}))
    stored = [Asset(entry, len(content), partial(cut, content)) for entry, content in files.items()]
    for name, other in in_advance.items():
        (tmp_path / name).write_bytes(other or files[f"assets/{name}"])
    sources = [AssetSource(name, f"assets/{name}", len(files[f"assets/{name}"])) for name in in_advance]
    taken, sent = Counter(), []
    with Readers(PATIENT) as children:
        ask = children.ask
        monkeypatch.setattr(children, "ask", lambda content, kind: sent.append(content) or ask(content, kind))
        children.read_in_advance(tmp_path, sources)
        seeker = Seeker(guard, children, clock=lambda: 0.0)
        for entry, content in files.items():
            if "nobody" not in entry:
                seeker.see(entry, len(content), (taken.update([entry]) or block for block in cut(content)))
        found = seeker.rest(stored, digests)
    named = {content: entry.removeprefix("assets/") for entry, content in files.items()}
    assert [named.get(content, "c.docx") for content in sent] == asked
    assert found == asset_leaks(stored, guard, clock=lambda: 0.0, limits=PATIENT)
    assert {finding.location.file for finding in found} == {
        *list(files)[:4],
        *list(files)[5:7],
        "assets",
        list(files)[8],
    }
    assert taken["assets/e.jpg"] < len(list(cut(files["assets/e.jpg"])))  # no more than its first bytes


def cut(content: bytes) -> Iterator[bytes]:
    """Blocks of an odd length."""
    return (content[at : at + 99_991] for at in range(0, len(content), 99_991))


TRACES = WORD.format(
    '<w:p><w:ins w:id="1" w:author="Ivy Marsh"><w:r><w:t>new</w:t></w:r></w:ins>'
    '<w:del w:id="2" w:author="Ivy Marsh"><w:r><w:delText>old</w:delText></w:r></w:del></w:p>'
)
COMMENTS = '<w:comments xmlns:w="urn:w"><w:comment w:id="1" w:author="Bob Hale">{}</w:comment></w:comments>'.format(
    PARAGRAPH.format("do they know?")
)
META = '<office:document-meta xmlns:office="urn:o" xmlns:dc="urn:d"><dc:creator>Ivy Marsh</dc:creator></office:document-meta>'
ANNOTATED = (
    '<office:body xmlns:office="urn:o" xmlns:dc="urn:d" xmlns:text="urn:t"><text:tracked-changes><text:changed-region/>'
    "</text:tracked-changes><office:annotation><dc:creator>Bob Hale</dc:creator><text:p>do they?</text:p>"
    "</office:annotation></office:body>"
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", package(word__document_xml=TRACES, word__comments_xml=COMMENTS, docProps__core_xml=CORE)),
        ("a.odt", package(content_xml=ANNOTATED, meta_xml=META)),
    ],
    ids=["Word", "OpenDocument"],
)
def test_comments_tracked_changes_and_authors_are_told(name, content):
    found = look_at(name, content)

    assert [f.rule for f in found] == ["leak.comments", "leak.tracked-changes", "leak.authors", "leak.authors"]
    assert [f.message.split(" is named")[0] for f in found[2:]] == ["Bob Hale", "Ivy Marsh"]
    assert all(f.severity == "warning" for f in found)


def test_of_names_that_the_letter_shows_nothing_is_told():
    assert look_at("a.docx", package(docProps__core_xml=CORE), known=frozenset({"ivy marsh"})) == []


def test_one_author_of_many_files_is_told_once():
    content = package(docProps__core_xml=CORE)
    files = [Asset(f"assets/{n}.docx", len(content), lambda: iter([content])) for n in range(9)]

    (found,) = asset_leaks(files, Guard())

    assert found.message.endswith(" and 4 more")


# What can't be read


ENTITIES = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + WORD.format("&b;")


def bomb() -> bytes:
    return package(word__document_xml=WORD.format(PARAGRAPH.format("a" * 70_000_000)))


def repeated() -> bytes:
    return package(
        xl__sharedStrings_xml=f"<sst><si><t>{'a' * 30_000}</t></si></sst>",
        xl__worksheets__sheet1_xml="<worksheet>" + '<c t="s"><v>0</v></c>' * 100_000 + "</worksheet>",
    )


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        pytest.param("a.docx", bomb, "holds too much", id="a bomb of one part"),
        pytest.param("a.xlsx", repeated, "holds too much", id="a long string in every cell"),
        pytest.param("a.docx", package(word__document_xml=ENTITIES), "declares a document type", id="entities"),
        pytest.param("a.docx", lambda: package(**{f"x{n}": "" for n in range(10_100)}), "too many parts", id="many parts"),
        pytest.param("a.docx", b"PK\3\4 and nothing", "damaged", id="a damaged zip"),
        pytest.param("a.docx", package(word__document_xml="<w:p"), "damaged", id="damaged XML"),
        pytest.param("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "protected by a password", id="an encrypted one"),
        pytest.param("a.docx", zipped(x="y"), "isn't what its name says", id="another zip"),
        pytest.param("a.pdf", b"%PDF-1.4\nnothing", "can't be read", id="a damaged PDF"),
        pytest.param("a.doc", b"\xd0\xcf\x11\xe0" + bytes(600), "aren't looked into", id="an old format"),
        pytest.param("a.7z", b"7z\xbc\xaf\x27\x1c\0", "aren't looked into", id="an archive"),
        pytest.param("a.zip", b"PK\3\4" + bytes(40), "damaged", id="a damaged archive"),
    ],
)  # fmt: skip
def test_what_could_not_be_searched_is_named(name, content, why):
    (found,) = look_at(name, content() if callable(content) else content)
    assert (found.rule, found.location.file) == ("leak.unsearched", f"assets/{name}")
    assert why in found.message


def test_what_takes_too_long_is_named_and_what_was_read_until_then_is_searched(monkeypatch):
    text = WORD.format(PARAGRAPH.format("plumage cargoes satinwood walruses") + PARAGRAPH.format("a" * 9_000) * 200)
    answers = [Answer([written(piece) for piece in some], Ending.TIME) for some in cut_short(text)]
    monkeypatch.setattr(Here, "ask", lambda *_: answers.pop(0))

    assert [found.rule for found in look_at("a.docx", b"x")] == ["leak.unsearched"]
    assert [found.rule for found in look_at("a.docx", b"x")] == ["leak.secret", "leak.unsearched"]


def cut_short(text: str) -> list[list[Piece]]:
    """What a child gives of a Word file's text that ends before the first piece, and after it."""
    pieces = list(read_office(package(word__document_xml=text)))
    assert len(pieces) > 1
    return [[], pieces[:1]]


@pytest.mark.parametrize(
    ("searching", "reading", "read"),
    [
        pytest.param(40, 0.0, 1, id="searching them"),
        pytest.param(0, 40.0, 2, id="reading them, as the child tells"),
        pytest.param(0, 20.0, 3, id="reading them, sixty seconds at last"),
    ],
)
def test_when_the_time_for_all_is_over_the_rest_is_named(searching, reading, read, monkeypatch):
    ticks = count(step=searching)
    content = document("x")
    files = [Asset(f"assets/{n}.docx", len(content), lambda: iter([content])) for n in range(4)]
    ask = Here.ask
    monkeypatch.setattr(Here, "ask", lambda self, sent: replace(ask(self, sent), seconds=reading))

    found = asset_leaks(files, Guard(), clock=lambda: next(ticks))

    over = [f.location.file for f in found if "60 seconds" in f.message]
    assert over == [f"assets/{n}.docx" for n in range(read, 4)]


def test_many_documents_are_read_by_several_children_and_told_in_their_order(monkeypatch):
    children = []
    monkeypatch.setattr(readers, "default_workers", lambda: 3)
    monkeypatch.setattr(readers, "Confined", lambda *_: children.append(Here()) or children[-1])
    secret = "plumage cargoes satinwood walruses"
    contents = {"txt": secret.encode(), "docx": package(word__document_xml=WORD.format(PARAGRAPH.format(secret)))}
    files = [
        Asset(f"assets/{n}.{ending}", len(contents[ending]), lambda ending=ending: iter([contents[ending]]))
        for n, ending in enumerate(["txt", "docx", "docx"] * 20)
    ]

    found = asset_leaks(files, Guard(SOUGHT), clock=lambda: 0.0, limits=PATIENT)

    assert [finding.location.file for finding in found] == [asset.entry for asset in files]
    assert len(children) == 3


def held_in_pdf(change) -> bytes:
    writer, made = PdfWriter(), io.BytesIO()
    writer.add_blank_page(99, 99)
    change(writer)
    writer.write(made)
    return made.getvalue()


def sqlite_of(text: str) -> bytes:
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        database.execute("create table notes (who, what)")
        database.execute("insert into notes values ('ada', ?)", (text,))
        database.commit()
        return database.serialize()


def mail_of(content: bytes, name: str = "") -> bytes:
    message = EmailMessage()
    message["Subject"] = "Access"
    message.set_content("See below.")
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name or "a.txt")
    return message.as_bytes()


def commented(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("in.txt", "x")
        made.comment = text.encode()
    return buffer.getvalue()


PHRASE = "plumage cargoes satinwood walruses"
SPLIT = WORD.format(PARAGRAPH.format("plumage car</w:t></w:r><w:r><w:t>goes satinwood walruses"))
WORD_FILE = package(word__document_xml=WORD.format(PARAGRAPH.format(PHRASE)))
HOLDERS = {
    "the properties of a PDF": ("a.pdf", held_in_pdf(lambda made: made.add_metadata({"/Subject": PHRASE}))),
    "a PDF's attachment": ("a.pdf", held_in_pdf(lambda made: made.add_attachment("a.txt", PHRASE.encode()))),
    "a note in a PDF": ("a.pdf", held_in_pdf(lambda made: made.add_annotation(0, Text(rect=(0, 0, 9, 9), text=PHRASE)))),
    "an e-mail's attachment": ("a.eml", mail_of(PHRASE.encode())),
    "a Word file in an e-mail": ("a.eml", mail_of(WORD_FILE, "a.docx")),
    "a mailbox": ("a.mbox", b"From a@b.example x\n" + mail_of(b"no") + b"\nFrom b@c.example x\n" + mail_of(PHRASE.encode())),
    "a database": ("a.db", sqlite_of(PHRASE)),
    "rich text": ("a.rtf", rb"{\rtf1\ansi plumage \b cargoes\b0  satinwood walruses}"),
    "UTF-32": ("a.txt", PHRASE.encode("utf-32")),
    "a PDF in a zip": ("a.zip", zipped(**{"in.pdf": pdf(PHRASE)})),
    "a Word file in a zip": ("a.zip", zipped(**{"in.docx": WORD_FILE})),
    "a zip by another name": ("a.cbz", zipped(**{"in.txt": PHRASE.encode()})),
    "a zip behind a program": ("a.zip", b"MZ\0" + zipped(**{"in.txt": PHRASE.encode()})),
    "a Word file by another name": ("a.bak", package(**{"[Content_Types]_xml": "<Types/>", "word__document_xml": SPLIT})),
    "a PDF behind other bytes": ("a.pdf", b"\n\n" + pdf(PHRASE)),
    "a name in a zip": ("a.zip", zipped(**{f"{PHRASE}.txt": b"x"})),
    "a zip's comment": ("a.zip", commented(PHRASE)),
    "an e-mail in a zip": ("a.zip", zipped(**{"in.eml": mail_of(PHRASE.encode())})),
    "rich text in a zip": ("a.zip", zipped(**{"in.rtf": rb"{\rtf1 plumage \b cargoes\b0  satinwood walruses}"})),
    "escapes of rich text": ("a.rtf", rb"{\rtf1 plum\'61ge c\u97?rgoes s\u97\'61tinwood walruses}"),
    "an encoded subject": ("a.eml", b"Subject: =?utf-8?B?" + base64.b64encode(f"Clé : {PHRASE}".encode()) + b"?=\n\nx"),
    "a mailbox without an ending": ("Inbox", b"From - Sat\n" + mail_of(PHRASE.encode())),
    "a gzip's second member": ("a.gz", gzip.compress(b"one\n") + gzip.compress(PHRASE.encode())),
    "UTF-16 in a gzip": ("a.gz", gzip.compress(PHRASE.encode("utf-16"))),
    "a text with a zero byte": ("a.sql", b"-- dump\0 of 2026, and what else it said\n" + PHRASE.encode()),
    "text in a Word file": ("a.docx", package(word__document_xml=WORD, **{"word__afchunk.txt": PHRASE})),
    "a variable of a Word file": ("a.docx", package(word__document_xml=f'<w:docVar w:val="{PHRASE}"/>'.replace("w:", ""))),
    "a workbook's source of data": ("a.xlsx", package(xl__connections_xml=f'<dbPr connection="User=a;Key={PHRASE}"/>')),
    "a workbook's prompt": ("a.xlsx", package(xl__worksheets__sheet1_xml=f'<dataValidation prompt="{PHRASE}"/>')),
}  # fmt: skip
UNSEARCHED = {
    "a zip in a zip in a zip": (
        "a.zip",
        zipped(**{"in.zip": zipped(**{"in.zip": zipped(**{"in.txt": PHRASE.encode()})})}),
    ),
    "a zip in an e-mail": ("a.eml", mail_of(zipped(**{"in.txt": b"x"}), "a.zip")),
    "a packed archive by another name": ("a.backup", bz2.compress(PHRASE.encode())),
    "a PDF in a gzip": ("a.pdf.gz", gzip.compress(pdf(PHRASE))),
    "a damaged gzip": ("a.gz", gzip.compress(PHRASE.encode())[:-12]),
    "a gzip that inflates": ("a.gz", gzip.compress(b"a line of text\n" * 50_000) * 100),
    "a macro": ("a.docm", package(word__document_xml=WORD, **{"word__vbaProject.bin": "\0"})),
    "a binary workbook": ("a.xlsb", package(**{"[Content_Types]_xml": "<Types/>", "xl__workbook.bin": "\0"})),
    "what Pages wrote": ("a.pages", zipped(**{"Index/Document.iwa": bytes(range(32)) * 9})),
    "a tar by another name": ("a.old", b"in.txt".ljust(257, b"\0") + b"ustar" + bytes(250)),
    "an image of a disk": ("a.iso", bytes(600)),
}


@pytest.mark.parametrize("place", HOLDERS)
def test_what_is_held_beside_the_text_is_found(place):
    found = look_at(*HOLDERS[place])
    assert {finding.rule for finding in found} == {"leak.secret"}
    assert PHRASE not in str(found)
    # Of an e-mail's encoded parts, what the source holds is told as well.
    assert [finding.message for finding in found if "Base64" not in finding.message] == [found[-1].message]


@pytest.mark.parametrize("place", UNSEARCHED)
def test_what_is_not_looked_into_is_named(place):
    assert [finding.rule for finding in look_at(*UNSEARCHED[place])] == ["leak.unsearched"]


def test_a_name_that_is_a_secret_is_not_repeated_by_what_is_told_of_its_file():
    found = look_at("a.zip", zipped(**{f"{PHRASE}.zip": b"PK\3\4"}))
    assert {finding.rule for finding in found} == {"leak.secret", "leak.unsearched"}
    assert not [finding for finding in found if PHRASE in finding.message]


@pytest.mark.parametrize("shift", range(2))
def test_what_is_not_utf_8_spoils_nothing_but_itself(shift):
    secret = Searcher(needles({"it": Secret("crème brûlée façon señora")}, None))
    lines = ("é" * 50 + "\n") * 21_000
    content = b"x" * shift + f"{lines}crème brûlée façon señora\n{lines}".encode() + b"caf\xe9\n"

    found = asset_leaks([Asset("assets/a.txt", len(content), lambda: iter([content]))], Guard(secret))

    assert [finding.location.line for finding in found] == [21_001]


@given(st.binary(max_size=200), st.sampled_from(["docx", "xlsx", "odt", "zip"]))
def test_nothing_that_a_file_holds_makes_it_raise(content, ending):
    look_at(f"a.{ending}", b"PK\3\4" + content)


WORKBOOK = workbook(("a", "b"), ("c", "d"))


@given(st.data())
def test_no_damage_to_a_workbook_makes_it_raise(data):
    content = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    look_at("a.xlsx", bytes(content))


# The child process


WORK = "handover.project.leaks.apart:held"


@pytest.mark.parametrize(
    "place", ["a PDF in a zip", "a Word file in an e-mail", "UTF-16 in a gzip", "a workbook's prompt"]
)
def test_what_is_read_apart_is_found(monkeypatch, place):
    monkeypatch.setattr(readers, "Confined", Confined)
    assert [finding.rule for finding in look_at(*HOLDERS[place])] == ["leak.secret"]


@pytest.mark.usefixtures("anew")
def test_a_child_answers_for_one_file_after_another():
    with Confined(WORK, PATIENT) as child:
        assert texts(child.ask(b"pdf\n" + pdf("one"))) == ["one"]
        assert child.ask(b"pdf\nno PDF").ending is Ending.FAILED
        assert 0 < child.ask(b"pdf\n" + pdf(*["many words " * 20] * 40)).seconds < 60
        assert texts(child.ask(b"pdf\n" + pdf("two", "three"))) == ["two", "three"]
        assert texts(child.ask(b"office\n" + WORD_FILE)) == [f"{PHRASE}\n"]


def texts(answer: Answer) -> list[str]:
    assert answer.ending is Ending.WHOLE
    return [text for _, _, text in map(read, answer.pieces) if text]


@pytest.mark.usefixtures("anew")
def test_a_child_that_gives_too_much_is_ended_and_the_next_file_is_read():
    with Confined(WORK, Limits(seconds=60, output=40)) as child:
        assert child.ask(b"pdf\n" + pdf("one page", "another")).ending is Ending.SIZE
        assert child.ask(b"pdf\n" + pdf("abc")).ending is Ending.WHOLE


@pytest.mark.usefixtures("anew")
def test_a_child_that_needs_too_much_memory_is_told_so():
    stream = zlib.compress(b"BT (" + b"a" * 100_000_000 + b") Tj ET", 1)
    with Confined(WORK, Limits(seconds=60, memory=192 * 1024 * 1024)) as child:
        answer = child.ask(b"pdf\n" + _with_stream(stream))
        assert answer.ending in {Ending.MEMORY, Ending.FAILED, Ending.SIZE}
        assert child.ask(b"pdf\n" + pdf("one")).ending is Ending.WHOLE


def _with_stream(stream: bytes) -> bytes:
    made = pdf("x")
    start, end = made.index(b"<</Length"), made.index(b"\nendstream")
    return made[:start] + b"<</Length %d/Filter/FlateDecode>>stream\n" % len(stream) + stream + made[end:]


@pytest.mark.usefixtures("anew")
def test_a_child_whose_answer_nobody_wants_any_more_is_ended_at_once():
    with Confined(WORK, PATIENT) as child, ThreadPoolExecutor(1) as aside:
        assert child.ask(b"pdf\n" + pdf("one")).ending is Ending.WHOLE
        reading = aside.submit(child.ask, b"pdf\n" + pdf(*["many words " * 200] * 400))
        while not reading.done():
            child.stop()
        assert reading.result().ending is Ending.TIME
        assert child.ask(b"pdf\n" + pdf("two")).ending is Ending.WHOLE


@pytest.mark.parametrize(("ending", "known"), [(Ending.TIME, 0), (Ending.FAILED, 1), (Ending.WHOLE, 1)])
def test_what_took_too_long_beside_all_else_is_read_again(tmp_path, monkeypatch, ending, known):
    monkeypatch.setattr(Here, "ask", lambda *_: Answer([], ending))
    (tmp_path / "a.pdf").write_bytes(pdf("one"))
    with Readers(PATIENT) as children:
        children.read_in_advance(tmp_path, [AssetSource("a.pdf", "assets/a.pdf", len(pdf("one")))])
        assert len(children.known()) == known


@pytest.mark.usefixtures("anew")
def test_a_child_that_takes_too_long_is_ended():
    with Confined(WORK, Limits(seconds=0.0)) as child:
        assert child.ask(b"pdf\n" + pdf(*["x" * 2000] * 50)).ending is Ending.TIME


def test_what_a_chart_calls_its_axes_is_no_text():
    chart = '<chart><axId val="111111111"/><crossAx val="222222222"/><v>7</v></chart>'
    text, unread = office_text(package(word__document_xml=WORD.format(""), word__charts__chart1_xml=chart))
    assert ("7" in text, "111111111" in text, unread) == (True, False, "")


def test_what_a_child_sends_is_not_believed():
    for sent in (
        b"",
        b"[]",
        b'["leak.secret", 0, ""]',
        b'["text", "0", ""]',
        b"[" * 9_000,
        b'["holds", 0, {}]',
        b"\xff",
    ):
        with pytest.raises(ValueError, match=r"."):
            read(sent)


def test_a_document_of_too_many_tags_is_read_up_to_there(monkeypatch):
    body = "<d><p>Kestrel</p>" + "<p/>" * 40_000 + "</d>"
    made = zipped(**{"[Content_Types].xml": "<Types/>", "word__document.xml": body})
    assert office_text(made)[1] == ""
    monkeypatch.setattr("handover.project.leaks.office._MAX_TAGS", 30_000)
    text, unread = office_text(made)
    assert "Kestrel" in text
    assert unread == "it holds too much"


def test_documents_are_opened_by_the_thread_that_looks_through_their_folder():
    opened = set()

    def blocks():
        opened.add(threading.get_ident())
        return iter([document("Hello")])

    size = len(document("Hello"))
    files = [Asset(f"assets/{at}.docx", size, blocks) for at in range(8)]
    assert asset_leaks(files, Guard(), clock=lambda: 0.0, limits=PATIENT) == []
    assert opened == {threading.get_ident()}
