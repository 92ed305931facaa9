"""Secrets and internal papers are noticed before they leave in clear; the message never holds the secret."""

import gzip
import io
import zipfile
from base64 import b64encode
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.model.artifact import EncryptedArtifact, Role, SignedArtifact, UnsealedByPolicy
from handover.model.errors import Severity
from handover.model.project import Vault
from handover.model.rows import CredentialRow
from handover.model.secret import Secret
from handover.project.leaks.archives import Room, members
from handover.project.leaks.assets import asset_leaks
from handover.project.leaks.documents import document_leaks
from handover.project.leaks.needles import needles
from handover.project.leaks.plain import Asset, Guard, name_leaks
from handover.project.leaks.search import Searcher

PASSWORD = "tr0ub4dor&3<x>"
VAULT = Vault(
    (
        CredentialRow(service="WordPress", password=PASSWORD, recovery_codes="1111-2222\n3333-4444"),
        CredentialRow(service="Short", password="abc"),
        CredentialRow(service="Dashed", password="3F2a-9C4d-77"),
        CredentialRow(service="Quoted", password='he"llo\\w\u00f6rld'),
        CredentialRow(service="Cyrillic", password="пароль-секрет"),
        CredentialRow(service="Clock", totp_secret="JBSWY3DPEHPK3PXP"),
        CredentialRow(service="Link", totp_secret="otpauth://totp/x?secret=KRSXG5CTMVRXEZLU&issuer=x"),
        CredentialRow(
            service="Shop",
            url="https://shop.example",
            fields="Manager: Jean Dupont\nFTP password: hunter-22\nAPI: pk_live_998877665544",
            note="Ask Ruth first\nsk_live_4f3a9b2c7d\nkey: pk_0123456789ab\nhttps://docs.example/api\nhelp.shop.example",
        ),
    )
)
SOUGHT = Searcher(needles({"the client's passphrase": Secret("seven words in a row")}, VAULT))


def look_at(entry: str, content: bytes, searcher: Searcher = SOUGHT):
    return asset_leaks([Asset(entry, len(content), lambda: iter([content]))], Guard(searcher))


def docx(*runs: str) -> bytes:
    return paragraphs(runs)


def paragraphs(*texts: tuple[str, ...]) -> bytes:
    from xml.sax.saxutils import escape

    body = "".join(f"<w:p>{''.join(f'<w:r><w:t>{escape(run)}</w:t></w:r>' for run in runs)}</w:p>" for runs in texts)
    xml = f'<w:document xmlns:w="urn:w">{body}</w:document>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("word/document.xml", xml)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("artifact", "called"),
    [
        pytest.param(SignedArtifact("1.docx", Role.LETTER, docx("Hello ", PASSWORD)), "password", id="in a letter"),
        pytest.param(
            SignedArtifact("1.docx", Role.LETTER, docx("tr0ub4", "dor&3<x>")), "password", id="split over runs"
        ),
        pytest.param(
            UnsealedByPolicy("S.html", Role.START_HERE, b"<p>tr0ub4dor&amp;3&lt;x&gt;</p>"),
            "password",
            id="as entities",
        ),
        pytest.param(UnsealedByPolicy("d.csv", Role.DATA, b"a,3333-4444\n"), "recovery code", id="a recovery code"),
        pytest.param(
            UnsealedByPolicy("S.html", Role.START_HERE, b"seven words in a row"), "passphrase", id="the passphrase"
        ),
        pytest.param(
            SignedArtifact("1.docx", Role.LETTER, paragraphs(("We: Seven ", "words"), ("in a row.",))),
            "passphrase",
            id="the passphrase over two paragraphs",
        ),
        pytest.param(
            UnsealedByPolicy("S.html", Role.START_HERE, b"<li>seven words</li><li>in a row</li>"),
            "passphrase",
            id="the passphrase over two items of a list",
        ),
    ],
)
def test_a_secret_in_a_document_in_clear_is_found(artifact, called):
    found = document_leaks([artifact], SOUGHT)
    assert [f.location.file for f in found] == [artifact.name]
    assert called in found[0].message
    assert PASSWORD not in found[0].message + found[0].hint


@pytest.mark.parametrize(
    "artifact",
    [
        pytest.param(EncryptedArtifact("2.xlsx", Role.INVENTORY, PASSWORD.encode()), id="an encrypted document"),
        pytest.param(UnsealedByPolicy("d.csv", Role.DATA, b"abc"), id="a secret too short to tell from a word"),
        pytest.param(UnsealedByPolicy("d.csv", Role.DATA, b"nothing"), id="nothing at all"),
    ],
)
def test_nothing_is_found_in(artifact):
    assert document_leaks([artifact], SOUGHT) == []


def test_a_document_that_cant_be_searched_is_told():
    (found,) = document_leaks([UnsealedByPolicy("1.docx", Role.LETTER, b"PK\3\4no more of it")], SOUGHT)
    assert (found.rule, found.severity) == ("leak.unsearched", Severity.WARNING)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        pytest.param(f"login: {PASSWORD}\n".encode(), "leak.secret", id="a text file with a password"),
        pytest.param(f"login: {PASSWORD}".encode("utf-16"), "leak.secret", id="the same in UTF-16"),
        pytest.param(f"login: {PASSWORD}".encode("utf-16-le"), "leak.secret", id="UTF-16 without its mark"),
        pytest.param(f"login: {PASSWORD}".encode("utf-16-be"), "leak.secret", id="the same, high bytes first"),
        pytest.param('he"llo\\wörld'.encode("cp1252"), "leak.secret", id="a password in an old Windows encoding"),
        pytest.param('he"llo\\wo\u0308rld'.encode(), "leak.secret", id="a separate accent"),
        pytest.param(b"user ann, hunter-22", "leak.secret", id="a further field whose name says that it's secret"),
        pytest.param(b"key=pk_live_998877665544", "leak.secret", id="a key in a further field"),
        pytest.param(b"<p>tr0ub4dor&amp;3&lt;x&gt;", "leak.secret", id="a password escaped for HTML"),
        pytest.param(b'{"p": "he\\"llo\\\\w\\u00f6rld"}', "leak.secret", id="a password escaped for JSON"),
        pytest.param('a,"he""llo\\wörld",b'.encode(), "leak.secret", id="a password quoted for CSV"),
        pytest.param(b"?p=tr0ub4dor%263%3Cx%3E", "leak.secret", id="a password in an address"),
        pytest.param(b"TR0UB4DOR&3<x>", "leak.secret", id="a password with other capitals"),
        pytest.param("login 3f2a‑9c4d‑77".encode(), "leak.secret", id="a password with another dash"),
        pytest.param(b"x\n" * 600_000 + PASSWORD.encode() + b"\ny" * 10_000, "leak.secret", id="in a text over 1 MB"),
        pytest.param(b"a b " * 300_000 + PASSWORD.encode(), "leak.secret", id="in a long text of one line"),
        pytest.param(("é\n" * 300_000 + PASSWORD).encode("utf-16"), "leak.secret", id="in a long text in UTF-16"),
        pytest.param(
            ("слово " * 20_000 + "Пароль-секрет").encode(), "leak.secret", id="no letter of ASCII, in a long text"
        ),
        pytest.param(b"seven-words-in-a-row", "leak.secret", id="a passphrase with hyphens"),
        pytest.param(b"Seven_Words  in\n a\tROW", "leak.secret", id="a passphrase with capitals, line ends and tabs"),
        pytest.param("seven\u00a0words in a ro\uff57".encode(), "leak.secret", id="a passphrase in other characters"),
        pytest.param(b"jbsw y3dp ehpk 3pxp", "leak.secret", id="a TOTP secret in groups"),
        pytest.param(b"KRSXG5CTMVRXEZLU", "leak.secret", id="a TOTP secret from an address"),
        pytest.param(b"3333 4444", "leak.secret", id="a recovery code with another gap"),
        pytest.param(b"export KEY=sk_live_4f3a9b2c7d", "leak.secret", id="an API key that stood in a note"),
        pytest.param(b"pk_0123456789ab", "leak.secret", id="an API key behind its name in a note"),
        pytest.param(b"# INTERNAL ONLY\nwhy we left", "leak.internal-text", id="a note that says internal only"),
        pytest.param(b"Ne pas diffuser\n", "leak.internal-text", id="the same in French"),
        pytest.param(b"---\ntitle: x\ninternal: true\n---\n", "leak.internal-text", id="front matter"),
    ],
)
def test_an_asset_that_must_not_leave_is_found(content, rule):
    assert [f.rule for f in look_at("assets/notes.txt", content)] == [rule]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            b"\x89PNG\0\xff" * 9_000 + PASSWORD.encode(), id="a binary file, which is opaque but for its beginning"
        ),
        pytest.param(b"La communication interne, un guide", id="a text about internal communication"),
        pytest.param(b"https://docs.example/api and help.shop.example", id="links that a note holds too"),
        pytest.param(b"", id="an empty file"),
    ],
)
def test_an_ordinary_asset_passes(content):
    assert look_at("assets/notes.txt", content) == []


@pytest.mark.parametrize("name", ["Seven words-in a row.txt", f"{PASSWORD}.png"])
def test_a_name_that_holds_a_secret_is_told_without_it(name):
    (found,) = look_at(f"assets/{name}", b"\0")
    assert (found.rule, found.location.file) == ("leak.secret", "assets")
    assert name not in found.message + found.hint


@pytest.mark.parametrize(
    ("entry", "noticed"),
    [
        pytest.param("assets/internal/reasons.md", True, id="a folder called internal"),
        pytest.param("assets/Interne/notes.txt", True, id="a folder called Interne"),
        pytest.param("assets/post-mortem.pdf", True, id="a post-mortem"),
        pytest.param("assets/rapport NE PAS DIFFUSER.pdf", True, id="a name that says so"),
        pytest.param("assets/communication interne/guide.pdf", False, id="internal communication is a trade"),
        pytest.param("assets/international.pdf", False, id="a longer word"),
    ],
)
def test_a_name_that_says_internal_is_noticed(entry, noticed):
    assert bool(name_leaks([entry])) is noticed


GAPS = [chr(code) for code in range(0x3001) if chr(code).isspace()] + list("_-\u00ad\u200b\u2010\u2012\u2015\u2212")
WORDS = ["Ab", "a", "b", "ß", "ss", "é", "e\u0301", "ﬁ", "’", "٣", "字"]


@given(
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
    text=st.lists(st.sampled_from([*WORDS, *GAPS]), max_size=20),
    around=st.tuples(st.booleans(), st.lists(st.sampled_from(GAPS), min_size=1, max_size=3)),
)
def test_a_passphrase_is_found_where_its_words_stand_between_any_gaps(words, text, around):
    def parted(value: str) -> str:
        folded = normalize("NFKC", normalize("NFC", value)).casefold()
        return " ".join("".join(" " if character in GAPS else character for character in folded).split())

    passphrase = " ".join(words)
    content = "".join(text) + ("".join(around[1]).join(words) if around[0] else "")
    found = look_at("7/7", content.encode(), Searcher(needles({"it": Secret(passphrase)}, None)))
    assert bool(found) == (parted(passphrase) in parted(content))


@given(text=st.lists(st.sampled_from([*"JBSWjbsw", *GAPS]), max_size=12))
def test_a_totp_secret_is_found_however_it_is_grouped(text):
    vault = Vault((CredentialRow(service="Clock", totp_secret="JBSWJBSW"),))
    found = look_at("7/7", "".join(text).encode(), Searcher(needles({}, vault)))
    letters = "".join(character for character in text if character not in GAPS)
    assert bool(found) == ("jbswjbsw" in letters.casefold())


APART = "\n".join(f"{n:06}, seven, words, {n % 7}" for n in range(8_000))
"""A long text in which all words of a passphrase stand, in no order and near one another."""


@pytest.mark.parametrize("letter", ["e", "é"], ids=["ASCII", "not ASCII"])
@pytest.mark.parametrize(
    ("held", "is_found"),
    [
        pytest.param("seven-words  in a\trow", True, id="with gaps"),
        pytest.param("seven" + " " * 9_000 + "words in a row", True, id="with a long gap"),
        pytest.param("seven&nbsp;words in&#32;a row", True, id="with gaps that are escaped"),
        pytest.param("seven words in one row", False, id="another word between"),
        pytest.param("s&#101;ven words in a row", True, id="with a letter that is escaped"),
    ],
)
def test_in_a_long_text_that_has_all_its_words_a_passphrase_alone_is_found(letter, held, is_found):
    text = f"{letter * 9}\n{APART}\n{held}\n{APART}"
    assert [hit.rule for hit in SOUGHT.search(text)] == ["leak.secret"] * is_found


def picture(kind: str, **said) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (2, 2)).save(stream, kind, **said)
    return stream.getvalue()


def exif(tag: int, value: object) -> bytes:
    from PIL import Image

    made = Image.Exif()
    made[tag] = value
    return picture("JPEG", exif=made)


def commented_png(how: str = "add_text", *, packed: bool = False) -> bytes:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    getattr(info, how)("Comment", f"{'Login ' * 9}{NOTED}", zip=packed)
    return picture("PNG", pnginfo=info)


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return stream.getvalue()


def database(encoding: str) -> bytes:
    import sqlite3

    made = sqlite3.connect(":memory:")
    made.execute(f"pragma encoding = '{encoding}'")
    made.execute("create table t (a)")
    made.execute("insert into t values (?)", (f"Login {NOTED}",))
    made.commit()
    return made.serialize()


def pdf(where: str) -> bytes:
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, NameObject

    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    if where == "outline":
        writer.add_outline_item(title=NOTED, page_number=0)
    else:
        metadata = DecodedStreamObject()
        metadata.set_data(f"<x:xmpmeta><dc:description>{NOTED}</dc:description></x:xmpmeta>".encode())
        writer.root_object[NameObject("/Metadata")] = writer._add_object(metadata.flate_encode())
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def encoded(before: bytes) -> bytes:
    return b"data:\n  login: " + b64encode(before + NOTED.encode() + b"\n") + b"\n"


NOTED = "sk_live_4f3a9b2c7d"
CUT = f"{NOTED[:8]}<b>{NOTED[8:]}</b>"


@pytest.mark.parametrize(
    ("entry", "make"),
    [
        pytest.param(
            "a.ics", lambda: f"BEGIN:VEVENT\r\nDESCRIPTION:{NOTED[:9]}\r\n {NOTED[9:]}\r\n".encode(), id="folded"
        ),
        pytest.param(
            "a.vcf", lambda: f"BEGIN:VCARD\nNOTE:{NOTED[:9]}\n\t{NOTED[9:]}\n".encode(), id="folded in a card"
        ),
        pytest.param("a.html", lambda: f"<p>{CUT}</p>".encode(), id="cut by a mark"),
        pytest.param("a.html", lambda: f"<p>{NOTED[:8]}<!-- x -->{NOTED[8:]}</p>".encode(), id="cut by a comment"),
        pytest.param(
            "a.svg",
            lambda: f"<svg><text><tspan x='1'>{NOTED[:8]}</tspan><tspan>{NOTED[8:]}</tspan></text></svg>".encode(),
            id="cut in a drawing",
        ),
        pytest.param("a.db", lambda: database("UTF-16le"), id="a database in UTF-16"),
        pytest.param("a.db", lambda: database("UTF-16be"), id="the other way round"),
        pytest.param("a.pdf", lambda: pdf("xmp"), id="what a PDF says of itself in XMP"),
        pytest.param("a.pdf", lambda: pdf("outline"), id="a PDF's outline"),
        pytest.param("a.zip", lambda: zipped(b_zip=zipped(c_txt=NOTED.encode())), id="a zip in a zip"),
        pytest.param("a.zip", lambda: zipped(b_zip=zipped(c_docx=docx(NOTED))), id="a document in a zip in a zip"),
        pytest.param("a.zip", lambda: zipped(b_gz=gzip.compress(NOTED.encode())), id="a gzip in a zip"),
        pytest.param("a.epub", lambda: zipped(c_xhtml=f"<p>{CUT}</p>".encode()), id="cut in a book"),
        pytest.param("a.jpg", lambda: exif(0x010E, f"Login {NOTED}"), id="a photograph's description"),
        pytest.param("a.jpg", lambda: exif(0x9C9C, f"Login {NOTED}".encode("utf-16-le")), id="Windows' comment"),
        pytest.param("a.jpg", lambda: picture("JPEG", comment=NOTED.encode()), id="a photograph's comment"),
        pytest.param("a.png", commented_png, id="a text in a PNG"),
        pytest.param("a.png", lambda: commented_png(packed=True), id="a compressed text in a PNG"),
        pytest.param(
            "a.png", lambda: commented_png("add_itxt", packed=True), id="the same in other letters than Latin ones"
        ),
        *(
            pytest.param("a.yaml", lambda before=before: encoded(before), id=f"in Base64 behind {before!r}")
            for before in (b"", b"ruth:", b"ab", b"x:y:zz")
        ),
    ],
)
def test_a_secret_is_found_in_what_files_show_and_say_of_themselves(entry, make):
    assert [finding.rule for finding in look_at(entry, make())] == ["leak.secret"]


def test_archives_in_archives_are_looked_into_once_and_within_the_outer_ones_limits():
    deep = zipped(b_zip=zipped(c_zip=zipped(d_txt=NOTED.encode())))
    (found,) = look_at("a.zip", deep)
    assert "b.zip/c.zip in it isn't looked into" in found.message
    room = Room(100)
    inflated = [data for _, data in members(zipped(a_txt=b"x" * 90, b_txt=b"y" * 90), room)]
    assert inflated == [b"x" * 90, None]


def test_a_folded_line_keeps_its_number():
    text = f"BEGIN:VEVENT\nA:x\n y\n z\nDESCRIPTION:{NOTED[:9]}\n {NOTED[9:]}\n".encode()
    (found,) = look_at("a.ics", text)
    assert found.location.line == 5
