"""Templates that want to run code, hang, fill memory, read files or reach the network: one attack each.

Not a test: builders, for the tests of what the check and the filling refuse.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from handover.formats.package.opc import (
    RELATIONSHIPS_TYPE,
    Package,
    Relationship,
    rels_name,
    write_package,
    write_relationships,
)
from handover.formats.word.ooxml import W

_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
_HEADER = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
_DOCUMENT = "/word/document.xml"
_TENS = "[1,2,3,4,5,6,7,8,9,0]"


@dataclass(frozen=True)
class Hostile:
    """One attack: what it is, how its file is made, and what the error must say."""

    name: str
    make: Callable[[], bytes]
    says: str = ""


def paragraph(text: str) -> str:
    """A paragraph with this text, XML's own characters escaped."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<w:p><w:r><w:t>{escaped}</w:t></w:r></w:p>"


def package(body: str, *links: Relationship, kind: str = _MAIN, **parts: tuple[str, bytes]) -> Package:
    """The least that is a Word document, with a body, and further parts as `name=(type, content)`."""
    document = f'<w:document xmlns:w="{W}" xmlns:r="{_R}"><w:body>{body}<w:sectPr/></w:body></w:document>'
    root = Relationship("rId1", f"{_R}/officeDocument", "word/document.xml")
    named = {"/" + name.replace("__", "/").replace("_DOT_", "."): part for name, part in parts.items()}
    held = {
        _DOCUMENT: document.encode("utf-8", "surrogatepass"),
        rels_name("/"): write_relationships([root]),
        rels_name(_DOCUMENT): write_relationships(links),
        **{name: content for name, (_, content) in named.items()},
    }
    types = {_DOCUMENT: kind, rels_name("/"): RELATIONSHIPS_TYPE, rels_name(_DOCUMENT): RELATIONSHIPS_TYPE}
    return Package(held, types | {name: type_ for name, (type_, _) in named.items()})


def docx(body: str, *links: Relationship, **more) -> bytes:
    return write_package(package(body, *links, **more))


def with_text(text: str) -> bytes:
    """A template that holds one paragraph."""
    return docx(paragraph(text))


def _nested_loops(depth: int, inside: str) -> str:
    opening = "".join(f"{{% for v{n} in {_TENS} %}}" for n in range(depth))
    return opening + inside + "{% endfor %}" * depth


def _doubled(step: str) -> str:
    return "{% set s = 'xxxxxxxxxxxxxxxx' %}" + step * 40 + "{{ s }}"


def _in_header(text: str) -> bytes:
    header = f'<w:hdr xmlns:w="{W}">{paragraph(text)}</w:hdr>'.encode()
    return docx(
        paragraph("x"), Relationship("rId1", f"{_R}/header", "header1.xml"), word__header1_DOT_xml=(_HEADER, header)
    )


def _linked(kind: str, target: str, *, external: bool) -> bytes:
    return docx(paragraph("x"), Relationship("rId9", f"{_R}/{kind}", target, external))


def _embedded(kind: str, content_type: str) -> bytes:
    link = Relationship("rId9", f"{_R}/{kind}", "thing.bin")
    return docx(paragraph("x"), link, word__thing_DOT_bin=(content_type, b"\xd0\xcf\x11\xe0"))


def _field(instruction: str) -> bytes:
    return docx(f"<w:p><w:fldSimple w:instr='{instruction}'/></w:p>")


def _raw_document(document: bytes) -> bytes:
    made = package("")
    return write_package(Package({**made.parts, _DOCUMENT: document}, made.types))


def _with_doctype(doctype: str, text: str) -> bytes:
    return _raw_document(
        f'<?xml version="1.0"?><!DOCTYPE w:document [{doctype}]><w:document xmlns:w="{W}"><w:body>'
        f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>".encode()
    )


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return _with_doctype(f'<!ENTITY e0 "ha">{entities}', "&e11;")


def _utf16() -> bytes:
    text = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE d [<!ENTITY e "x">]><w:document xmlns:w="{W}"/>'
    return _raw_document(text.encode("utf-16"))


def _zip(*entries: tuple[str, bytes], more: Package | None = None) -> bytes:
    stream = io.BytesIO(write_package(more or package(paragraph("x"))))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return stream.getvalue()


def _overlapping() -> bytes:
    """Two entries of the directory that share one local header, as bombs without recursion do."""
    made = bytearray(_zip(("word/a.xml", b"<a/>" * 50), ("word/b.xml", b"<a/>" * 50)))
    first = made.index(b"word/a.xml") - 30
    record = made.rindex(b"word/b.xml") - 46
    struct.pack_into("<L", made, record + 42, first)
    return bytes(made)


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def _picture(content: bytes, extension: str, content_type: str) -> bytes:
    link = Relationship("rId9", f"{_R}/image", f"media/image1.{extension}")
    drawing = '<w:p><w:r><w:drawing><w:x r:embed="rId9"/></w:drawing></w:r></w:p>'
    made = package(drawing, link)
    name = f"/word/media/image1.{extension}"
    return write_package(Package({**made.parts, name: content}, {**made.types, name: content_type}))


_JPEG = b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xd9"
_GIF = b"GIF89a\xff\xff\xff\xff\x00\x00\x00;"

_TAGS: tuple[tuple[str, str], ...] = (
    # Ways to Python's classes and globals.
    ("the class of a view", "{{ contract.__class__.__mro__ }}"),
    ("every class there is", "{{ ''.__class__.__mro__[1].__subclasses__() }}"),
    ("an attribute by its name in brackets", "{{ contract['__class__'] }}"),
    ("a name in escapes", r"{{ contract['\x5f\x5fclass\x5f\x5f'] }}"),
    ("a name put together", "{{ contract['__cla' ~ 'ss__'] }}"),
    ("the globals of a method", "{{ contract.__init__.__globals__ }}"),
    ("what a view holds inside", "{{ contract._held }}"),
    ("the filter that gets attributes", "{{ contract|attr('__class__') }}"),
    ("the template itself", "{{ self.__init__ }}"),
    ("a helper of the engine", "{{ cycler.__init__.__globals__.os.popen('id').read() }}"),
    ("a helper's globals", "{{ lipsum.__globals__['os'] }}"),
    ("an object that can be changed", "{% set n = namespace(a=1) %}"),
    ("a web framework's objects", "{{ config.items }}{{ request.application }}"),
    ("the loop's class", "{% for x in highlights %}{{ loop.__class__ }}{% endfor %}"),
    ("the loop called again", "{% for x in highlights recursive %}{{ loop(highlights) }}{% endfor %}"),
    ("a method of the loop", "{% for x in highlights %}{{ loop.cycle('a') }}{% endfor %}"),
    ("subclasses to loop over", "{% for c in ().__class__.__base__.__subclasses__() %}{% endfor %}"),
    ("a class kept for later", "{% set c = contract.__class__ %}{{ c }}"),
    ("an attribute to change", "{% set contract.subject = 'x' %}"),
    # Format strings.
    ("a format string", "{{ '{0.__class__}'.format(contract) }}"),
    ("a format string and a map", "{{ '{a.__init__.__globals__}'.format_map(contract) }}"),
    ("the format filter", "{{ '%s'|format(contract) }}"),
    ("a width for the format filter", "{{ '%999999999d'|format(1) }}"),
    # Filters that reach, repeat or skip escaping.
    ("map by attribute", "{{ highlights|map(attribute='__class__')|join }}"),
    ("select by attribute", "{{ highlights|selectattr('__class__')|first }}"),
    ("group by attribute", "{{ highlights|groupby('__class__') }}"),
    ("join by attribute", "{{ highlights|join(attribute='__class__') }}"),
    ("text that isn't escaped", "{{ place|safe }}"),
    ("links made of text", "{{ place|urlize }}"),
    ("white space without end", "{{ place|center(1000000000) }}"),
    ("an indent without end", "{{ place|indent(1000000000) }}"),
    ("text without end", "{{ lipsum(n=1000000) }}"),
    # Statements.
    ("another file", "{% include '/etc/passwd' %}"),
    ("a parent file", "{% extends '/etc/passwd' %}"),
    ("a module", "{% import 'os' as os %}{{ os }}"),
    ("a name of a module", "{% from 'os' import popen %}"),
    ("a macro that calls itself", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"),
    ("a call block", "{% call place() %}x{% endcall %}"),
    ("escaping switched off", "{% autoescape false %}{{ place }}{% endautoescape %}"),
    ("a statement of an extension", "{% do contract.x %}"),
    ("the debugger", "{% debug %}"),
    ("a tag to be left in the text", "{% raw %}{{ place }}{% endraw %}"),
    # Numbers and texts without end.
    ("a power", "{{ 10 ** 1000000000 }}"),
    ("a product", "{{ 'x' * 1000000000 }}"),
    ("a range", "{% for x in range(1000000000) %}{{ x }}{% endfor %}"),
    ("a number of a hundred thousand digits", "{{ " + "9" * 100_000 + " }}"),
    ("text that doubles itself", _doubled("{% set s = s ~ s %}")),
    ("text joined with itself", _doubled("{% set s = [s, s]|join %}")),
    # Loops.
    ("loops inside loops that do nothing", _nested_loops(12, "")),
    ("loops inside loops that print", _nested_loops(8, "{{ place }}")),
    ("loops deeper than Python goes", _nested_loops(60, "")),
    # Depth.
    ("brackets in brackets", "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}"),
    ("lists in lists", "{{ " + "[" * 20_000 + "]" * 20_000 + " }}"),
    ("a chain of filters", "{{ place" + "|upper" * 5_000 + " }}"),
    ("conditions in conditions", "{% if 1 %}" * 600 + "{% endif %}" * 600),
    ("a comment without end", "{# " + "x" * 100_000),
    ("openings without end", "{%" * 50_000),
)

_FILES: tuple[tuple[str, Callable[[], bytes], str], ...] = (
    ("a tag in a header", partial(_in_header, "{{ contract.__class__ }}"), "__class__"),
    # Zips.
    ("a zip bomb", lambda: _zip(("word/bomb.xml", b" " * 64 * 1024 * 1024)), "compressed more than 200 times"),
    ("entries that share their bytes", _overlapping, "overlaps another part"),
    ("parts without number", lambda: _zip(*((f"word/p{n}.xml", b"<a/>") for n in range(3000))), "2000 are the limit"),
    ("a name that climbs out", lambda: _zip(("../../etc/x.xml", b"<a/>")), "isn't the name of a part"),
    ("a part twice", lambda: _zip(("word/Document.XML", b"<a/>")), "twice"),
    ("half a zip", lambda: with_text("x")[:300], "not a .docx that can be read"),
    # XML.
    ("entities that multiply", _laughs, "has a DOCTYPE"),
    ("an entity that reads a file", lambda: _with_doctype('<!ENTITY e SYSTEM "file:///etc/passwd">', "&e;"), "DOCTYPE"),
    ("an entity from the network", lambda: _with_doctype('<!ENTITY e SYSTEM "http://a.example/">', "&e;"), "DOCTYPE"),
    ("another encoding that hides a DOCTYPE", _utf16, "not XML in UTF-8"),
    ("elements in elements", lambda: docx("<w:sdt>" * 1_000 + "</w:sdt>" * 1_000), "not well-formed XML"),
    # What Word would run or fetch.
    ("a macro", lambda: _embedded("vbaProject", "application/vnd.ms-office.vbaProject"), "holds a macro"),
    ("a document with macros", lambda: docx(paragraph("x"), kind=_MACRO), "isn't a plain Word document"),
    ("an embedded object", lambda: _embedded("oleObject", "application/x-ole"), "holds an embedded object"),
    ("an ActiveX control", lambda: _embedded("control", "application/x-control"), "ActiveX"),
    ("another document", lambda: _embedded("aFChunk", "application/x-chunk"), "another document"),
    (
        "a picture from the web",
        lambda: _linked("image", "http://a.example/x.png", external=True),
        "outside the document",
    ),
    (
        "a picture from a server",
        lambda: _linked("image", "\\\\a.example\\x.png", external=True),
        "outside the document",
    ),
    (
        "a link that runs a script",
        lambda: _linked("hyperlink", "javascript:x", external=True),
        "something else than a web page",
    ),
    (
        "a link to a file",
        lambda: _linked("hyperlink", "file:///etc/passwd", external=True),
        "something else than a web page",
    ),
    ("a field that includes a file", lambda: _field("INCLUDETEXT /etc/passwd"), "field INCLUDETEXT"),
    ("a field that fetches a picture", lambda: _field("INCLUDEPICTURE http://a.example/x"), "field INCLUDEPICTURE"),
    ("a field that starts a program", lambda: _field("DDEAUTO cmd x"), "field DDEAUTO"),
    # Pictures.
    ("a PNG of 3.6 gigapixels", lambda: _picture(_png(60_000, 60_000), "png", "image/png"), "50 megapixels are the"),
    ("a JPEG of 4.3 gigapixels", lambda: _picture(_JPEG, "jpeg", "image/jpeg"), "65535 × 65535 pixels"),
    ("a GIF of 4.3 gigapixels", lambda: _picture(_GIF, "gif", "image/gif"), "65535 × 65535 pixels"),
)

HOSTILE: tuple[Hostile, ...] = (
    *(Hostile(name, partial(with_text, text)) for name, text in _TAGS),
    *(Hostile(name, make, says) for name, make, says in _FILES),
)
