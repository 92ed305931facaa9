"""START-HERE judged by others: its printed steps by openssl and coreutils, its page by Chromium and axe-core."""

import datetime as dt
import hashlib
import json
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from handover.bundle.record import write_sums
from handover.documents.base import Content
from handover.documents.checking import COMMANDS, STEPS, second_zip_command
from handover.documents.start_here import render
from handover.model.artifact import EntryRecord, Role
from handover.model.rows import MetricRow
from handover.seal.certificates import certificate_pem, fingerprint_groups
from handover.seal.container import build_manifest
from handover.seal.container_signature import sign_cades
from handover.seal.keys import SigningIdentity
from sample_handover import CONTENTS, assets, given, project, settings
from signing_samples import LONG, RSA, certificate, curve_key, key_usage, owner

pytestmark = pytest.mark.interop

ROOT = Path(__file__).parents[2]
FILES = {
    "mimetype": b"application/vnd.etsi.asic-e+zip",
    "START-HERE.html": b"<p>",
    "assets/Logo \u00e9t\u00e9.svg": b"<svg/>",
}


def records(folder, names):
    found = []
    for name in names:
        data = (folder / name).read_bytes()
        found.append(EntryRecord(name, len(data), hashlib.sha256(data).hexdigest()))
    return found


def extracted(folder, identity, *, chain=None):
    """A small bundle as the client has it after extracting it, signed by `identity`."""
    for name, data in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (folder / "SHA256SUMS").write_bytes(write_sums(records(folder, FILES)))
    pem = certificate_pem(identity.certificate, identity.chain if chain is None else chain)
    (folder / "signer-certificate.pem").write_bytes(pem)
    resign(folder, identity)
    return folder


def resign(folder, identity):
    (folder / "META-INF").mkdir(exist_ok=True)
    manifest = build_manifest(records(folder, [*FILES, "SHA256SUMS", "signer-certificate.pem"][1:]))
    (folder / "META-INF/ASiCManifest.xml").write_bytes(manifest)
    (folder / "META-INF/signature.p7s").write_bytes(sign_cades(manifest, identity, datetime.now(UTC)))


def follow(folder, system, step, **environment):
    """Type a printed command; give its exit status and all that it said."""
    for program in ("openssl", "shasum" if system == "macos" else "sha256sum"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} isn't installed")
    done = subprocess.run(
        ["sh", "-c", COMMANDS[system][step]], cwd=folder, capture_output=True, text=True, timeout=1200, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def authority_issued(name="Root CA", subject="Mallory"):
    """An authority, and an identity that it issued without asking much."""
    key = curve_key(name)
    root = certificate(name, key, authority=True, usage=key_usage(issue=True), **LONG)
    leaf_key = curve_key(subject)
    leaf = certificate(subject, leaf_key, issuer=(name, key), usage=key_usage(sign=True), **LONG)
    return root, SigningIdentity(leaf_key, leaf, (root,))


SYSTEMS = pytest.mark.parametrize("system", ["linux", "macos"])
GOOD = {"linux": "CAdES Verification successful", "macos": "Verification successful"}


@SYSTEMS
@pytest.mark.parametrize(
    "signer",
    [
        pytest.param(lambda: owner(RSA), id="RSA, self-signed"),
        pytest.param(owner, id="ECDSA, self-signed"),
        pytest.param(lambda: authority_issued(subject="Honest")[1], id="issued by an authority"),
    ],
)
def test_the_four_steps_succeed_on_what_was_signed(system, signer, tmp_path):
    identity = signer()
    folder = extracted(tmp_path, identity)
    said = {step: follow(folder, system, step) for step in STEPS}
    assert said["fingerprint"] == (0, f"{fingerprint_groups(identity.certificate)}\n")
    assert said["signature"][0] == 0
    assert GOOD[system] in said["signature"][1]
    assert said["sums"][0] == 0
    assert said["sums"][1].count("\n") == 1
    assert said["files"][0] == 0
    assert said["files"][1].splitlines()[-1] == "OK"


@SYSTEMS
def test_the_second_zip_of_a_split_bundle_is_checked_by_the_fifth_step(system, tmp_path, monkeypatch):
    content = b"PK and so on"
    name, digest = "acme-assets-0123456789abcdef.zip", hashlib.sha256(content).hexdigest()
    monkeypatch.setitem(COMMANDS[system], "second", second_zip_command(system, name, digest))
    (tmp_path / name).write_bytes(content)
    assert follow(tmp_path, system, "second") == (0, f"{name}: OK\n")
    (tmp_path / name).write_bytes(content + b"!")
    status, said = follow(tmp_path, system, "second")
    assert status != 0
    assert "OK" not in said
    (tmp_path / name).unlink()
    assert follow(tmp_path, system, "second")[0] != 0


@SYSTEMS
def test_a_changed_or_lost_file_is_named(system, tmp_path):
    folder = extracted(tmp_path, owner())
    (folder / "START-HERE.html").write_bytes(b"<b>")
    status, said = follow(folder, system, "files")
    assert status != 0
    assert "START-HERE.html" in said
    assert not said.endswith("OK\n")
    (folder / "START-HERE.html").unlink()
    assert follow(folder, system, "files")[0] != 0


@SYSTEMS
def test_a_forged_file_with_a_forged_list_is_noticed_at_the_third_step(system, tmp_path):
    folder = extracted(tmp_path, owner())
    (folder / "START-HERE.html").write_bytes(b"<b>")
    (folder / "SHA256SUMS").write_bytes(write_sums(records(folder, FILES)))
    assert follow(folder, system, "files")[0] == 0
    assert follow(folder, system, "sums") == (1, "")


@SYSTEMS
def test_a_forged_manifest_is_noticed_at_the_second_step(system, tmp_path):
    folder = extracted(tmp_path, owner())
    (folder / "START-HERE.html").write_bytes(b"<b>")
    (folder / "SHA256SUMS").write_bytes(write_sums(records(folder, FILES)))
    manifest = build_manifest(records(folder, [*FILES, "SHA256SUMS"][1:]))
    (folder / "META-INF/ASiCManifest.xml").write_bytes(manifest)
    assert follow(folder, system, "sums")[0] == 0
    follow(folder, system, "fingerprint")
    status, said = follow(folder, system, "signature")
    assert status != 0
    assert "erification successful" not in said


@SYSTEMS
def test_a_consistent_forgery_shows_another_fingerprint(system, tmp_path):
    folder = extracted(tmp_path, owner(RSA, "Mallory"))
    assert fingerprint_groups(owner().certificate) not in follow(folder, system, "fingerprint")[1]


@SYSTEMS
def test_a_second_certificate_behind_the_right_one_is_not_trusted(system, tmp_path):
    # The owner's certificate stands first, so that the fingerprint is right; Mallory signed.
    mallory = owner(RSA, "Mallory")
    folder = extracted(tmp_path, mallory)
    (folder / "signer-certificate.pem").write_bytes(certificate_pem(owner().certificate, [mallory.certificate]))
    resign(folder, mallory)
    assert follow(folder, system, "fingerprint")[1] == f"{fingerprint_groups(owner().certificate)}\n"
    status, said = follow(folder, system, "signature")
    assert status != 0
    assert "erification successful" not in said


@SYSTEMS
def test_an_authority_that_the_system_trusts_vouches_for_nobody(system, tmp_path):
    root, mallory = authority_issued()
    folder = extracted(tmp_path / "bundle", mallory)
    (folder / "signer-certificate.pem").write_bytes(certificate_pem(owner().certificate))
    resign(folder, mallory)
    trusted = tmp_path / "trusted"
    trusted.mkdir()
    (trusted / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    subprocess.run(["openssl", "rehash", str(trusted)], check=True)
    environment = {"SSL_CERT_DIR": str(trusted), "SSL_CERT_FILE": str(trusted / "root.pem")}
    follow(folder, system, "fingerprint", **environment)
    status, said = follow(folder, system, "signature", **environment)
    assert status != 0
    assert "erification successful" not in said
    # Without the two options that are there for this, OpenSSL does accept Mallory's signature.
    loose = COMMANDS["linux"]["signature"].replace(" -no-CApath -no-CAstore", "")
    done = subprocess.run(
        ["sh", "-c", loose], cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert "successful" in done.stderr


# The page in a browser

REPORT = Content("04-achievements-report.docx", Role.REPORT, "report")
MORE_DATA = (
    Content("data/pending.csv", Role.DATA, "data_pending"),
    Content("data/assets.csv", Role.DATA, "data_assets"),
)
PAGES = {
    "en": {},
    "fr": {},
    "fr draft": {"draft": True, "signers": ()},
    "en pale": {"project": project("en", settings=settings("en", brand={"colour": "#FFF200"}))},
}


def page_file(folder, label):
    contents = (*CONTENTS[:4], REPORT, *CONTENTS[4:])
    path = folder / f"{label.replace(' ', '-')}.html"
    path.write_bytes(render(given("start_here", label[:2], contents=contents, assets=assets(), **PAGES[label])))
    return path


def chromium(folder, *arguments):
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("chromium isn't installed")
    command = [
        found,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={folder / 'profile'}",
        *arguments,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def axe():
    """axe-core's source, kept in build/ between runs: it is a tool, not part of the project."""
    if shutil.which("npm") is None:
        pytest.skip("npm isn't installed")
    folder = ROOT / "build" / "axe"
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "axe-core@4"]
        subprocess.run(command, cwd=folder, check=True, timeout=1200)
    return script.read_text(encoding="utf-8")


RUN_AXE = """
axe.run(document, {resultTypes: ["violations", "incomplete"]}).then(found => {
  const brief = list => list.map(rule => rule.id + ": " + rule.nodes.map(node => node.html.slice(0, 90)).join(" | "));
  const shown = {violations: brief(found.violations), incomplete: brief(found.incomplete), passes: found.passes.length,
                 wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
                 dark: getComputedStyle(document.body).backgroundColor === "rgb(21, 24, 29)",
                 names: document.querySelectorAll(".whole").length,
                 broken: [...document.querySelectorAll(".whole")].filter(
                   name => name.offsetHeight > 1.5 * parseFloat(getComputedStyle(name).lineHeight)
                 ).map(name => name.textContent)};
  parent.postMessage("axe[" + JSON.stringify(shown) + "]axe", "*");
});
"""
# A headless window can't be as narrow as a phone; a frame can.
SCHEMES = {"light": "preferredColorScheme=1", "dark": "preferredColorScheme=0"}
AROUND = """<!DOCTYPE html><title>around</title><pre id="said"></pre>
<iframe src="checked.html" width="WIDTH" height="900" style="border: 0"></iframe>
<script>addEventListener("message", event => document.getElementById("said").textContent = event.data);</script>"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 768, 1400])
@pytest.mark.parametrize("label", PAGES)
def test_axe_finds_nothing_no_name_is_broken_and_nothing_is_wider_than_the_screen(label, width, scheme, axe, tmp_path):
    path = page_file(tmp_path, label)
    # The page forbids scripts; the checker is one, so it gets a copy that allows it.
    source = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", path.read_text(encoding="utf-8"))
    checked = tmp_path / "checked.html"
    frame = source.replace("</body>", f"<script>{axe}</script><script>{RUN_AXE}</script></body>")
    checked.write_text(frame, encoding="utf-8")
    around = tmp_path / "around.html"
    around.write_text(AROUND.replace("WIDTH", str(width)), encoding="utf-8")
    options = ["--window-size=1500,1000", "--virtual-time-budget=20000", f"--blink-settings={SCHEMES[scheme]}"]
    dumped = chromium(tmp_path, *options, "--dump-dom", around.as_uri())
    found = re.search(r"axe\[(.*)\]axe", dumped, re.DOTALL)
    assert found, "axe-core didn't answer"
    result = json.loads(found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&"))
    assert result["violations"] == []
    assert result["passes"] > 15
    assert result["wide"] <= 0
    assert result["dark"] == (scheme == "dark")
    assert result["names"] > 5
    assert result["broken"] == []


def test_the_page_loads_nothing_and_runs_nothing(tmp_path):
    path = page_file(tmp_path, "en")
    log = tmp_path / "net.json"
    chromium(tmp_path, f"--log-net-log={log}", "--dump-dom", path.as_uri())
    asked = set(re.findall(r'"url":"([^"]+)"', log.read_text(encoding="utf-8")))
    assert not [url for url in asked if url.startswith(("http", "ftp", "ws")) and "START-HERE" in url]
    assert "<script" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_page_with_five_figures_is_printed_on_one_sheet_in_dark_colours_or_light(language, tmp_path):
    months = [dt.date(2024 + (at + 10) // 12, (at + 10) % 12 + 1, 1) for at in range(24)]
    names = ("visitors", "leads", "revenue", "bookings", "open_rate")
    metrics = tuple(
        MetricRow(date=month, metric=name, value=Decimal(20 + at)) for name in names for at, month in enumerate(months)
    )
    shown = settings(language, metrics={name: {} for name in names}, report={"headline": list(names)})
    contents = (*CONTENTS[:4], REPORT, *CONTENTS[4:], *MORE_DATA)
    data = render(
        given("start_here", language, contents=contents, project=project(language, metrics=metrics, settings=shown))
    )
    assert data.count(b'<dd class="value">') == len(names)
    (tmp_path / "page.html").write_bytes(data)
    for scheme in SCHEMES.values():
        printed = [f"--blink-settings={scheme}", "--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'page.pdf'}"]
        chromium(tmp_path, *printed, (tmp_path / "page.html").as_uri())
        pages = pypdf.PdfReader(tmp_path / "page.pdf").pages
        assert len(pages) <= 2  # a sheet has two sides
        # The first is left half empty by nothing.
        assert all(len(page.extract_text()) > 1_200 for page in pages[:-1])


@pytest.mark.parametrize("label", ["en", "fr"])
def test_printed_it_keeps_the_fingerprint_and_the_commands_of_the_system_that_was_unfolded(label, tmp_path):
    path = page_file(tmp_path, label)
    # As a reader leaves it who has unfolded the first of the systems.
    source = path.read_text(encoding="utf-8")
    at = source.index("<details>", source.index('<h2 id="check">'))
    path.write_text(f"{source[:at]}<details open>{source[at + len('<details>') :]}", encoding="utf-8")
    chromium(tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'page.pdf'}", path.as_uri())
    text = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "page.pdf").pages)
    packed = re.sub(r"\s", "", text)
    assert packed.count("0123456789abcdef") == 4
    for command in COMMANDS["windows"].values():
        assert re.sub(r"\s", "", command) in packed
    assert re.sub(r"\s", "", COMMANDS["linux"]["signature"]) not in packed
