"""The fault sweep: a whole build, killed or refused by the disk at its state-changing system calls.

A baseline run under strace gives the points. Of calls of one name in a row on one file, which differ in nothing but how
long a file without a name of its own has become, the first, the middle one and the last are points. Each is hit with
SIGKILL and ENOSPC, with and without an earlier bundle, and with EIO. After every run: what stands under the bundle's
name is the earlier bundle, or the new one whole; success is only said when it is the new one; a receipt beside it is
whole and for that bundle, or as it was where the build failed; only a killed build leaves anything else, and that
holds no secret. It is no test of how fast anything is: nothing here waits.
"""

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

import pytest

from building import (
    CANARY,
    CREDENTIALS,
    KEY_PASSWORD,
    PASSPHRASE,
    VAULT_PASSPHRASE,
    build_in,
    make_project,
    pin,
    secret_file,
    vault_bytes,
)
from handover.bundle.verify import verify
from handover.documents.receipt import code_of
from handover.model.errors import BundleError
from handover.project.vault.workbook import read_vault
from handover.seal.certificates import SignatureAlgorithm
from handover.seal.keys import create_identity, save_identity

pytestmark = [pytest.mark.interop, pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")]

STATE_CHANGING = {
    "files and folders are made": ("openat", "mkdir", "mkdirat"),
    "the bundle is written": ("pwrite64", "pwritev", "ftruncate", "fallocate"),
    "the vault is written": ("write", "writev", "copy_file_range", "sendfile"),
    "files become durable": ("fsync", "fdatasync"),
    "files get their names and modes": (
        "rename", "renameat", "renameat2", "link", "linkat", "fchmod", "chmod", "utimensat",
    ),
    "files are removed": ("unlink", "unlinkat"),
}  # fmt: skip
"""System calls by what a build does with them."""
STRACE = ("strace", "-f", "-qqq", "--seccomp-bpf")
"""It stops at the calls that are named, not at every one."""
BUNDLE = "acme-bakery-handover-2026-03-02.zip"
RECEIPT = "acme-bakery-handover-2026-03-02-receipt.docx"
SECRETS = [s.encode() for s in (CANARY, "9911-2211", PASSPHRASE.reveal(), VAULT_PASSPHRASE.reveal())]


@dataclass(frozen=True)
class Point:
    """One call of the baseline run: its name, its number among the calls of that name, and what it's on."""

    call: str
    number: int
    file: str


@dataclass
class Site:
    """A folder with a project and everything that its build needs."""

    root: Path

    @classmethod
    def make(cls, root: Path) -> "Site":
        root.mkdir()
        make_project(root / "acme")
        # A key and secrets that the command line reads; the key is valid now, by the machine's own clock.
        start = datetime.now(UTC) - timedelta(days=1)
        identity = create_identity("Élodie Martin", now=start, algorithm=SignatureAlgorithm.ECDSA)
        save_identity(identity, root / "owner.p12", KEY_PASSWORD, rounds=10_000)
        pin(root / "acme", identity)
        secret_file(root / "kp", KEY_PASSWORD)
        secret_file(root / "vp", VAULT_PASSPHRASE)
        secret_file(root / "pp", PASSPHRASE)
        (root / "out").mkdir()
        (root / "tmp").mkdir()
        return cls(root)

    @property
    def out(self) -> Path:
        return self.root / "out"

    @property
    def bundle(self) -> Path:
        return self.out / BUNDLE

    @property
    def receipt(self) -> Path:
        return self.out / RECEIPT

    def run(self, *prefix: object) -> int:
        words = [
            *prefix, sys.executable, "-m", "handover", "build", "acme", "-o", "out", "--no-input", "--replace",
            "--workers", "1", "--date", "2026-03-02", "--key", "owner.p12", "--key-passphrase-file", "kp",
            "--vault-passphrase-file", "vp", "--passphrase-file", "pp",
        ]  # fmt: skip
        environment = {**os.environ, "TMPDIR": str(self.root / "tmp"), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [str(word) for word in words],
            cwd=self.root,
            env=environment,
            capture_output=True,
            check=False,
            timeout=1200,
        )
        assert b"Traceback" not in done.stderr
        for secret in SECRETS:
            assert secret not in done.stdout + done.stderr
        return done.returncode

    def traced(self, point: Point, fault: str) -> int:
        inject = f"inject={point.call}:{fault}:when={point.number}"
        return self.run(*STRACE, "-o", self.root / "trace", "-e", f"trace={point.call}", "-e", inject)


def points_of(site: Site) -> list[Point]:
    """Each state-changing call on a file, by the main thread's own count."""
    trace = site.root / "baseline"
    status = site.run(
        *STRACE,
        "-y",
        "-o",
        trace,
        "-e",
        "trace=" + ",".join(name for names in STATE_CHANGING.values() for name in names),
    )
    assert status == 0
    counts: dict[tuple[str, str], int] = {}
    found: list[Point] = []
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        match = re.match(r"(\d+) +(\w+)\((.*)", line)
        if match is None:
            continue
        process, call, rest = match.groups()
        number = counts[process, call] = counts.get((process, call), 0) + 1
        opens_to_read = call == "openat" and "O_CREAT" not in rest
        to_terminal = call in {"write", "writev"} and re.match(r"\d+<(pipe:|/dev/)", rest)
        if not opens_to_read and not to_terminal:
            file = re.search(r'^\d+<([^>]*)>|"([^"]*)"', rest)
            found.append(Point(call, number, file[0] if file else ""))
    return list(dict.fromkeys(found))


def chosen(points: list[Point]) -> Iterator[Point]:
    """The first, the middle one and the last of calls of one name in a row on one file."""
    for _, calls in groupby(points, key=lambda point: (point.call, point.file)):
        row = list(calls)
        yield from dict.fromkeys((row[0], row[len(row) // 2], row[-1]))


def whole(bundle: Path) -> bool:
    """Whether a file is a bundle in which everything is as it was sealed."""
    try:
        verify(io.BytesIO(bundle.read_bytes()), now=datetime.now(UTC), workers=1)
    except BundleError:
        return False
    return True


@dataclass(frozen=True)
class Earlier:
    """What an undisturbed build gave."""

    bundle: bytes
    receipt: bytes


def judge(site: Site, point: Point, fault: str, earlier: Earlier | None) -> str:
    """Hit one point; gives an empty text, or what was wrong afterwards."""
    for path in files_of(site):
        path.unlink()
    if earlier is not None:
        site.bundle.write_bytes(earlier.bundle)
        site.receipt.write_bytes(earlier.receipt)
    (site.root / "acme" / "vault.xlsx").write_bytes(vault_bytes())  # else every run would add a row
    status = site.traced(point, fault)
    killed = "KILL" in fault
    wrong = wrong_with_the_vault(site, status) or wrong_under_the_name(site, status, earlier and earlier.bundle)
    wrong = wrong or wrong_with_the_receipt(site, status, earlier and earlier.receipt)
    wrong = wrong or wrong_beside_it(site, killed=killed)
    place = f"{fault} at {point.call} {point.number}{' over an earlier bundle' if earlier else ''}: "
    return place + wrong if wrong else ""


def files_of(site: Site) -> list[Path]:
    beside_vault = (site.root / "acme").glob(".handover-*")
    return [path for path in [*site.out.rglob("*"), *(site.root / "tmp").rglob("*"), *beside_vault] if path.is_file()]


def wrong_under_the_name(site: Site, status: int, earlier: bytes | None) -> str:
    now = site.bundle.read_bytes() if site.bundle.exists() else None
    if earlier is not None and now is None:
        return "the earlier bundle is lost"
    if now is not None and now != earlier and not whole(site.bundle):
        return "a partial bundle stands under the final name"
    if status == 0 and (now is None or now == earlier):
        return "success was said, and there is no new bundle"
    return ""


def wrong_with_the_vault(site: Site, status: int) -> str:
    """The build writes the passphrase into it: whatever happens, it opens, and has lost nothing."""
    vault, findings = read_vault((site.root / "acme" / "vault.xlsx").read_bytes(), VAULT_PASSPHRASE)
    if findings or len(vault.credentials) != len(CREDENTIALS.credentials):
        return "the vault isn't whole"
    return "the passphrase isn't kept" if status == 0 and not vault.issued else ""


def wrong_with_the_receipt(site: Site, status: int, earlier: bytes | None) -> str:
    if not site.receipt.exists():
        return "" if status else "success was said, and there is no receipt"
    if not site.bundle.exists():
        return "a receipt stands for no bundle"
    if status and site.receipt.read_bytes() == earlier:
        return ""
    code = code_of(hashlib.sha256(site.bundle.read_bytes()).hexdigest())
    with zipfile.ZipFile(site.receipt) as receipt:
        says_it = code.encode() in receipt.read("word/document.xml")
    return "" if says_it else "the receipt is for another bundle"


def wrong_beside_it(site: Site, *, killed: bool) -> str:
    left = [path for path in files_of(site) if path not in {site.bundle, site.receipt}]
    for path in left:
        content = path.read_bytes()
        if any(secret in content for secret in SECRETS):
            return f"{path.name} holds a secret in clear"
    debris = [p.name for p in left if ".inputs" not in p.parts and not p.name.endswith(".lock")]
    if debris and not killed:
        return f"left behind: {debris}"
    if debris:
        # A draft sweeps the same folder under the same lock.
        build_in(site.root / "acme", out=site.out, draft=True, replace=True)
        if [path for path in site.out.iterdir() if path.name in debris]:
            return f"the next build didn't sweep {debris}"
    return ""


@dataclass(frozen=True)
class Baseline:
    """A site, the points of its build, and what that gave undisturbed."""

    site: Site
    points: list[Point]
    given: Earlier


@pytest.fixture(scope="module")
def baseline(tmp_path_factory) -> Baseline:
    site = Site.make(tmp_path_factory.mktemp("faults") / "site")
    points = points_of(site)
    return Baseline(site, points, Earlier(site.bundle.read_bytes(), site.receipt.read_bytes()))


def test_the_baseline_has_points_of_every_kind(baseline):
    calls = {point.call for point in baseline.points}
    assert [doing for doing, names in STATE_CHANGING.items() if not calls & set(names)] == []
    assert calls >= {"openat", "pwrite64", "fsync", "rename", "unlink"}
    kept = list(chosen(baseline.points))
    assert {(point.call, point.file) for point in kept} == {(point.call, point.file) for point in baseline.points}


@pytest.mark.parametrize("doing", STATE_CHANGING)
@pytest.mark.parametrize(
    ("fault", "is_there_an_earlier"),
    [
        pytest.param("signal=KILL", False, id="killed"),
        pytest.param("signal=KILL", True, id="killed, over an earlier bundle"),
        pytest.param("error=ENOSPC", False, id="the disk is full"),
        pytest.param("error=ENOSPC", True, id="the disk is full, over an earlier bundle"),
        # To the program this is the same exception with another number: once is enough.
        pytest.param("error=EIO", True, id="the disk fails, over an earlier bundle"),
    ],
)
def test_no_fault_leaves_a_partial_bundle_loses_one_or_shows_a_secret(baseline, doing, fault, is_there_an_earlier):
    earlier = baseline.given if is_there_an_earlier else None
    points = [point for point in chosen(baseline.points) if point.call in STATE_CHANGING[doing]]
    assert points
    assert [text for point in points if (text := judge(baseline.site, point, fault, earlier))] == []
