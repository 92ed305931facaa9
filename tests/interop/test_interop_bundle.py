"""A whole bundle judged by other programs: the kernel, openssl, sha256sum, unzip, 7-Zip, Java, LibreOffice."""

import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from building import CANARY, KEY_PASSWORD, PASSPHRASE, VAULT_PASSPHRASE, delivered, make_project, pin, secret_file
from handover.bundle.verify import verify
from handover.documents.checking import COMMANDS, STEPS
from handover.model.errors import BundleError
from handover.seal.keys import create_identity, save_identity
from rezip import contents, reidentified, resealed, zipped
from signing_samples import NOW, RSA, owner

pytestmark = pytest.mark.interop

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ["cidrerie-trehorel", "wrenfield-nurseries"]


def sh(*words, cwd=None, **options) -> subprocess.CompletedProcess:
    return subprocess.run([str(w) for w in words], cwd=cwd, capture_output=True, text=True, check=False, **options)


@pytest.fixture(scope="module")
def demo() -> Path:
    """Both example bundles, as `make demo` builds them."""
    done = sh(sys.executable, ROOT / "examples" / "demo.py", cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    return ROOT / "build" / "demo"


def bundle_of(demo: Path, name: str) -> Path:
    (bundle,) = demo.glob(f"{name}-*.zip")
    return bundle


@pytest.fixture(scope="module", params=EXAMPLES)
def extracted(request, demo, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp(request.param)
    done = sh("unzip", "-q", bundle_of(demo, request.param), "-d", folder)
    assert done.returncode == 0, done.stderr
    return folder


# What a client has


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("words", [["unzip", "-t"], ["7z", "t"], ["zip", "-T"]], ids=lambda w: w[0])
def test_stock_tools_find_nothing_wrong_with_the_zip(demo, name, words):
    done = sh(*words, bundle_of(demo, name))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in (done.stdout + done.stderr).lower()


def test_sha256sum_confirms_every_file(extracted):
    done = sh("sha256sum", "-c", "SHA256SUMS", cwd=extracted, env={**os.environ, "LC_ALL": "C.UTF-8"})
    assert done.returncode == 0, done.stdout
    lines = done.stdout.splitlines()
    assert len(lines) == len((extracted / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    assert all(line.endswith(": OK") for line in lines)


def test_the_steps_that_the_start_page_prints_pass_on_the_bundle(extracted):
    for step in STEPS:
        done = sh("bash", "-ec", COMMANDS["linux"][step], cwd=extracted)
        assert done.returncode == 0, f"{step}: {done.stdout}{done.stderr}"


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_libreoffice_turns_every_document_into_pdf(extracted, kind, tmp_path):
    documents = sorted(extracted.glob("*.docx")) if kind == "docx" else []
    if kind == "xlsx":
        from handover.model.secret import Secret
        from handover.seal.encryption import decrypt

        (workbook,) = extracted.glob("*.xlsx")
        demo = ROOT / "build" / "demo"
        name = "cidrerie-trehorel" if (extracted / "LISEZ-MOI.html").exists() else "wrenfield-nurseries"
        words = next(demo.glob(f"{name}-*.passphrase")).read_text(encoding="utf-8").strip()
        plain = tmp_path / "inventory.xlsx"
        plain.write_bytes(decrypt(workbook.read_bytes(), Secret(words)))
        documents = [plain]
    done = sh(
        "soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf",
        "--outdir", tmp_path, *documents, timeout=1200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for document in documents:
        pdf = tmp_path / f"{document.stem}.pdf"
        text = sh("pdftotext", "-layout", pdf, "-").stdout
        assert len(text) > 500
        assert "{{" not in text
        assert "None" not in text.split()


@pytest.mark.parametrize("name", EXAMPLES)
def test_javas_zip_reader_finds_the_same_names(demo, name, tmp_path):
    if shutil.which("java") is None:
        pytest.skip("no Java here; its packages come with `make interop`")
    (tmp_path / "Names.java").write_text(
        "public class Names { public static void main(String[] a) throws Exception {"
        " try (var z = new java.util.zip.ZipFile(a[0])) {"
        " for (var e : java.util.Collections.list(z.entries())) { z.getInputStream(e).readAllBytes();"
        ' new java.io.PrintStream(System.out, true, "UTF-8").println(e.getName()); } } } }',
        encoding="utf-8",
    )
    done = sh(
        "java", "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", tmp_path / "Names.java", bundle_of(demo, name)
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(bundle_of(demo, name)) as bundle:
        assert done.stdout.splitlines() == bundle.namelist()


# Plaintext


def test_a_traced_build_writes_no_secret_anywhere(tmp_path):
    """Every write of the build and its children is traced with its whole data, and searched for the canaries."""
    root = make_project(tmp_path / "acme")
    key = tmp_path / "owner.p12"
    identity = create_identity("Élodie Martin", now=NOW.replace(year=2025))
    save_identity(identity, key, KEY_PASSWORD)
    pin(root, identity)
    words = [
        sys.executable, "-m", "handover", "build", root, "--no-input", "--key", key,
        "--key-passphrase-file", secret_file(tmp_path / "kp", KEY_PASSWORD),
        "--vault-passphrase-file", secret_file(tmp_path / "vp", VAULT_PASSPHRASE),
        "--passphrase-file", secret_file(tmp_path / "pp", PASSPHRASE),
    ]  # fmt: skip
    trace = tmp_path / "trace"
    calls = "trace=write,pwrite64,writev,pwritev,sendto,sendmsg,execve,mmap,openat"
    done = sh(
        "strace", "-f", "--seccomp-bpf", "-qq", "-xx", "-s", "10000000", "-e", calls, "-o", trace, *words,
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp"), "XDG_CONFIG_HOME": str(tmp_path / "c")},
    )  # fmt: skip
    (tmp_path / "tmp").mkdir(exist_ok=True)
    assert done.returncode == 0, done.stderr
    traced = trace.read_text(encoding="ascii", errors="replace")
    assert traced.count("write") > 10
    assert list((tmp_path / "tmp").iterdir()) == []
    for secret in (
        CANARY,
        "9911-2211",
        "JBSWY3DPEHPK3PXP",
        PASSPHRASE.reveal(),
        VAULT_PASSPHRASE.reveal(),
        KEY_PASSWORD.reveal(),
    ):
        for encoding in ("utf-8", "utf-16-le"):
            hexadecimal = "".join(f"\\x{byte:02x}" for byte in secret.encode(encoding))
            writes = [line for line in traced.splitlines() if hexadecimal in line]
            assert writes == []
    # What a spreadsheet's XML would make of the canary.
    escaped = CANARY.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert "".join(f"\\x{byte:02x}" for byte in escaped.encode()) not in traced


def test_the_process_list_shows_no_secret(tmp_path):
    """What `ps` could see of a build: its arguments and environment."""
    root = make_project(tmp_path / "acme")
    words = [sys.executable, "-m", "handover", "build", root, "--draft", "--passphrase-file", tmp_path / "pp"]
    secret_file(tmp_path / "pp", PASSPHRASE)
    process = subprocess.Popen([str(w) for w in words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        seen = Path(f"/proc/{process.pid}/cmdline").read_bytes()
    finally:
        process.wait(timeout=1200)
    assert b"--draft" in seen or seen == b""
    assert PASSPHRASE.reveal().encode() not in seen


# Bits


@pytest.fixture(scope="module")
def small() -> bytes:
    return delivered().path.read_bytes()


def bits_of(data: bytes) -> list[int]:
    """Every bit of the zip's own structure, and of the entries' contents one in eight octets: which one goes round."""
    inside: set[int] = set()
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        for info in bundle.infolist():
            start = info.header_offset + 30 + len(info.filename.encode())  # the format has no extra fields
            inside.update(range(start * 8, (start + info.compress_size) * 8))
    return [place for place in range(len(data) * 8) if place not in inside or place % 73 == 0]


@pytest.mark.parametrize("share", range(8))
def test_a_single_bit_flip_is_refused_or_harmless(small, share):
    """Harmless is a flip that changes no name and no extracted byte: an unused bit at a deflate stream's end, or a
    match that copies the same bytes from another place."""
    expected, places = contents(small), bits_of(small)[share::8]
    harmless, wrong = 0, []
    for place in places:
        flipped = bytearray(small)
        flipped[place // 8] ^= 1 << place % 8
        try:
            verify(io.BytesIO(flipped), now=NOW, workers=1)
        except BundleError:
            continue
        if contents(bytes(flipped)) == expected:
            harmless += 1
        else:
            wrong.append(place)
    assert wrong == []
    assert harmless * 100 < len(places)


def test_every_truncation_is_refused(small):
    """Of every length near both ends, and of one in seven between them."""
    for length in range(len(small)):
        if 2_000 < length < len(small) - 2_000 and length % 7:
            continue
        with pytest.raises(BundleError):
            verify(io.BytesIO(small[:length]), now=NOW, workers=1)


def test_a_consistent_forgery_passes_openssl_with_its_own_certificate_only(small, tmp_path):
    """Why the fingerprint is compared by phone first: a forger's bundle is consistent in itself."""
    stranger = owner(RSA, name="Mallory")
    entries = contents(small)
    entries["assets/Photos/loaf.txt"] = b"forged"
    data = zipped(resealed(reidentified(entries), stranger, NOW), tmp_path)
    for name, content in contents(data).items():
        path = tmp_path / "forged" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    genuine = tmp_path / "genuine.pem"
    genuine.write_bytes(contents(small)["signer-certificate.pem"])
    command = [
        "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "META-INF/signature.p7s",
        "-content", "META-INF/ASiCManifest.xml", "-out", os.devnull, "-attime", str(int(NOW.timestamp())), "-CAfile",
    ]  # fmt: skip
    assert sh(*command, "signer-certificate.pem", cwd=tmp_path / "forged").returncode == 0
    assert sh(*command, genuine, cwd=tmp_path / "forged").returncode != 0
