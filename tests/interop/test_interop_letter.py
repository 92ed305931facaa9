"""What LibreOffice, xmlsec1 and Apache POI say of signed letters: RSA and ECDSA, templates as made and as edited."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Mm

from handover.formats.package import opc
from handover.formats.package.opc import Package
from handover.formats.word.contents import DROPPED, KEPT
from handover.seal.certificates import certificate_pem
from handover.seal.letter import SIGNATURE_PART, sign_letter
from handover.seal.letter_verify import verify_letter
from signing_samples import NOW, PNG, RSA, issued, letter, owner

pytestmark = pytest.mark.interop
HERE = Path(__file__).parent
TEMPLATE = HERE.parents[1] / "templates/fr/letter.docx"
JARS = Path("/usr/share/java")
POI_JARS = (
    "poi",
    "poi-ooxml",
    "poi-ooxml-schemas",
    "xmlbeans",
    "xmlsec",
    "bcprov",
    "bcpkix",
    "bcutil",
    "commons-codec",
    "commons-collections4",
    "commons-compress",
    "commons-logging",
    "commons-math3",
    "slf4j-api",
    "slf4j-nop",
)
SIGNERS = {"rsa": lambda: owner(RSA), "ecdsa": owner, "issued": issued}


def _need(*programs):
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} isn't installed")


def _run(*command, **kwargs):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=1200, **kwargs)


def _from_template():
    """A letter as python-docx makes it from its own template: many styles, a footer, an inline image."""
    document = Document()
    document.add_heading("End of our contract", 1)
    document.add_paragraph("Dear Ms Martin, it has been a pleasure: é < > &.")
    document.add_picture(io.BytesIO(PNG), width=Mm(30))
    document.sections[0].footer.paragraphs[0].text = "Page"
    for name, found in list(document.part.rels.items()):
        if found.reltype.rpartition("/")[2] not in KEPT - DROPPED:  # of the library's own template; no letter has it
            del document.part.rels[name]
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("letters")


@pytest.fixture(scope="module")
def letters(folder):
    """Signed letters by name: each signer, for files of several origins, as made and as saved by LibreOffice."""
    _need("soffice")
    (folder / "made.docx").write_bytes(_from_template())
    shutil.copy(TEMPLATE, folder / "ours.docx")
    done = _run(
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "docx",
        "--outdir",
        folder / "edited",
        folder / "made.docx",
        folder / "ours.docx",
    )
    assert (folder / "edited/made.docx").exists(), done.stderr
    sources = {
        "small": letter(),
        "made": (folder / "made.docx").read_bytes(),
        "edited": (folder / "edited/made.docx").read_bytes(),
        "ours": (folder / "ours.docx").read_bytes(),
        "oursedited": (folder / "edited/ours.docx").read_bytes(),
    }
    found = {}
    for source, docx in sources.items():
        for signer, identity in SIGNERS.items():
            signed = sign_letter(docx, identity(), signed_at=NOW, binding=b'{"a": "\xc3\xa9 & <"}')
            verify_letter(signed)
            path = folder / f"{source}-{signer}.docx"
            path.write_bytes(signed)
            found[path.name] = path
    return found


@pytest.fixture(scope="module")
def altered(letters, folder):
    """The same letters with one word more, and packed as before."""
    found = {}
    for name, path in letters.items():
        package = opc.read_package(path.read_bytes(), name)
        parts = dict(package.parts)
        parts["/word/document.xml"] = re.sub(
            b"</w:p>", b"<w:r><w:t>x</w:t></w:r></w:p>", parts["/word/document.xml"], count=1
        )
        found[name] = folder / f"altered-{name}"
        found[name].write_bytes(opc.write_package(Package(parts, package.types)))
    return found


def _libreoffice(folder, paths):
    _need("soffice", "/usr/bin/python3")
    done = _run("/usr/bin/python3", HERE / "libreoffice_letter.py", folder / "profile", *paths)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_libreoffice_shows_every_letter_as_validly_signed_by_its_signer(letters, folder):
    verdicts = dict(zip(letters, _libreoffice(folder, letters.values()), strict=True))
    assert [[one["valid"] for one in found] for found in verdicts.values()] == [[True]] * len(letters)
    for name, (found,) in verdicts.items():
        assert ("Ana Costa" if "issued" in name else "Élodie Martin") in found["signer"]
        assert (found["date"], found["time"]) == (20260302, 9300000)


def test_libreoffice_shows_every_altered_letter_as_broken(altered, folder):
    verdicts = _libreoffice(folder, altered.values())
    assert [[one["valid"] for one in found] for found in verdicts] == [[False]] * len(altered)


def test_libreoffice_still_opens_a_signed_letter(letters, folder):
    done = _run(
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        folder,
        letters["edited-rsa.docx"],
    )
    assert (folder / "edited-rsa.pdf").exists(), done.stderr
    assert "pleasure: é < > &." in _run("pdftotext", folder / "edited-rsa.pdf", "-").stdout


def _xmlsec(path, identity, folder):
    """Good and all references, of SignedInfo and of the Manifest: xmlsec1's exit status overlooks the latter."""
    unpacked = folder / f"x-{path.stem}"
    with zipfile.ZipFile(path) as archive:
        archive.extractall(unpacked)
    trust = []
    for number, made in enumerate((identity.certificate, *identity.chain)):
        pem = folder / f"{path.stem}-{number}.pem"
        pem.write_bytes(certificate_pem(made))
        self_signed = made.subject == made.issuer
        trust += ["--trusted-pem" if self_signed else "--untrusted-pem", pem]
    signature = unpacked / SIGNATURE_PART[1:]
    maps = []
    for uri in re.findall(r'URI="(/[^"]*)"', signature.read_text()):
        maps += [f"--url-map:{uri}", f"{unpacked}{uri.partition('?')[0]}"]
    ids = [word for name in ("Object", "SignedProperties") for word in ("--id-attr:Id", name)]
    at = ["--verification-time", NOW.strftime("%Y-%m-%d %H:%M:%S")]
    done = _run("xmlsec1", "--verify", *maps, *ids, *at, *trust, "--print-debug", signature)
    counts = re.findall(r"References \(ok/all\): (\d+)/(\d+)", done.stdout + done.stderr)
    return done.returncode, [(int(good), int(whole)) for good, whole in counts]


def test_xmlsec1_finds_every_reference_good(letters, folder):
    _need("xmlsec1")
    for name, path in letters.items():
        status, counts = _xmlsec(path, SIGNERS[path.stem.partition("-")[2]](), folder)
        package = opc.read_package(path.read_bytes(), name)
        expected = package.parts[SIGNATURE_PART].count(b'<Reference URI="/')
        assert (name, status, counts) == (name, 0, [(3, 3), (expected, expected)])


def test_xmlsec1_finds_one_reference_of_an_altered_letter_broken(altered, folder):
    _need("xmlsec1")
    for name, path in altered.items():
        _, ((_, _), (good, whole)) = _xmlsec(path, SIGNERS[Path(name).stem.partition("-")[2]](), folder)
        assert good == whole - 1


@pytest.fixture(scope="module")
def poi(folder):
    """The class path of Debian's Apache POI, with the XML beans that its packages lack made from the schemas."""
    _need("java")
    jars = [JARS / f"{name}.jar" for name in POI_JARS]
    if missing := [jar.name for jar in jars if not jar.exists()]:
        pytest.skip(f"not installed: {', '.join(missing)} (libapache-poi-java, libxml-security-java, libbcpkix-java)")
    with zipfile.ZipFile(JARS / "xmlsec.jar") as archive:
        schema = archive.read("org/apache/xml/security/resource/schema/xmldsig-core-schema.xsd").decode()
    # The DOCTYPE would have the compiler fetch a DTD; its one used entity is the namespace.
    schema = re.sub(r"<!DOCTYPE.*?\]>", "", schema, flags=re.DOTALL)
    schema = schema.replace("&dsig;", "http://www.w3.org/2000/09/xmldsig#")
    (folder / "xmldsig.xsd").write_text(schema)
    path = ":".join(str(jar) for jar in jars)
    done = _run(
        "java",
        "-cp",
        path,
        "org.apache.xmlbeans.impl.tool.SchemaCompiler",
        "-out",
        folder / "beans.jar",
        folder / "xmldsig.xsd",
        HERE / "opc-digital-signature.xsd",
    )
    assert (folder / "beans.jar").exists(), done.stdout + done.stderr
    return f"{folder}/beans.jar:{path}"


def _poi(classpath, paths):
    done = _run("java", "-cp", classpath, HERE / "PoiVerify.java", *paths)
    assert done.returncode == 0, done.stderr
    return [line.partition(" ")[2] for line in done.stdout.splitlines()]


def test_apache_poi_takes_every_letter_for_valid(poi, letters):
    assert _poi(poi, letters.values()) == ["valid"] * len(letters)


def test_apache_poi_takes_every_altered_letter_for_invalid(poi, altered):
    assert _poi(poi, altered.values()) == ["invalid"] * len(altered)
