"""ZIP64 judged by other readers (Info-ZIP, 7-Zip, Python, two of Java's); files attacked while they're packed."""

import hashlib
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from functools import cache
from pathlib import Path

import pytest

from handover.bundle.read import read_archive
from handover.bundle.write import BundleWriter, scan_assets
from handover.model.errors import AssetError

pytestmark = pytest.mark.interop

JAVA = """
import java.io.*; import java.util.*; import java.util.zip.*;
public class Names {
  public static void main(String[] a) throws Exception {
    long count = 0, bytes = 0; byte[] block = new byte[1 << 20];
    try (ZipFile zip = new ZipFile(a[0])) {
      for (Enumeration<? extends ZipEntry> e = zip.entries(); e.hasMoreElements();) {
        ZipEntry entry = e.nextElement(); count++; bytes += entry.getSize();
        // The stream below reads the large ones; here it counts that what lies behind them is found.
        if (entry.getSize() < 1 << 20) try (InputStream in = zip.getInputStream(entry)) {
          if (in.readAllBytes().length != entry.getSize()) throw new IOException(entry.getName());
        }
      }
    }
    long streamed = 0;
    try (ZipInputStream in = new ZipInputStream(new BufferedInputStream(new FileInputStream(a[0]), 1 << 20))) {
      while (in.getNextEntry() != null) { streamed++; while (in.read(block) > 0) { } }
    }
    System.out.println(count + " " + bytes + " " + streamed);
  }
}
"""


def pack(root: Path, out: Path) -> int:
    with out.open("wb+", buffering=0) as file:
        writer = BundleWriter(file)
        writer.add_mimetype()
        writer.add_assets(root, scan_assets(root)[0])
        return writer.finish()


def sh(*words) -> str:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def java(tmp_path_factory) -> list[str]:
    folder = tmp_path_factory.mktemp("java")
    (folder / "Names.java").write_text(JAVA)
    sh("javac", "-d", folder, folder / "Names.java")
    return ["java", "-cp", str(folder), "Names"]


def many(root: Path) -> None:
    for number in range(66_000):
        folder = root / f"{number // 1000:02}"
        if number % 1000 == 0:
            folder.mkdir(parents=True)
        (folder / f"{number:05}.txt").write_bytes(b"x" * (number % 3))


BLOCK = b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(2**17))
"""4 MiB that don't shrink."""


def sparse(root: Path, size: int = 4 * 1024**3 + 1) -> None:
    """Zeros, with as little else as a reader wants to see of so many."""
    root.mkdir()
    with (root / "a-disk.img").open("wb") as file:
        file.truncate(size)
        file.seek(size // 4)
        file.write(BLOCK * (size // len(BLOCK) // 100 + 1))
    (root / "b-after.txt").write_text("an entry after the large one")


def beyond(root: Path) -> None:
    """More than 4 GiB of stored data: the same incompressible block again and again."""
    root.mkdir()
    with (root / "a-video.mov").open("wb") as file:
        for _ in range(1025):
            file.write(BLOCK)
    (root / "b-after.txt").write_text("an entry that starts beyond 4 GiB")


@pytest.mark.parametrize("make", [many, sparse, beyond])
def test_every_reader_takes_zip64(tmp_path, java, make):
    root, out = tmp_path / "tree", tmp_path / "o.zip"
    make(root)
    pack(root, out)
    sizes = [path.stat().st_size for path in root.rglob("*") if path.is_file()]
    shutil.rmtree(root)
    total = sum(sizes) + len("application/vnd.etsi.asic-e+zip")
    with out.open("rb") as file:
        assert len(read_archive(file).digest_all(2)) == len(sizes) + 1
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        assert sum(info.file_size for info in archive.infolist()) == total
    assert sh("unzip", "-tqq", out) == ""
    assert "Everything is Ok" in sh("7z", "t", out)
    assert sh(*java, out).split() == [str(len(sizes) + 1), str(total), str(len(sizes) + 1)]


def test_memory_is_bounded_whatever_the_size(tmp_path):
    sparse(tmp_path / "tree", 1024**3)  # ten times the bound
    script = (
        "import sys; from pathlib import Path; from handover.bundle.write import *\n"
        "root = Path(sys.argv[1])\n"
        "with open(sys.argv[2], 'wb+', buffering=0) as file:\n"
        "    writer = BundleWriter(file, workers=4); writer.add_mimetype()\n"
        "    writer.add_assets(root, scan_assets(root)[0]); writer.finish()\n"
        "print(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])\n"
    )
    peak = int(sh(sys.executable, "-c", script, tmp_path / "tree", tmp_path / "o.zip"))
    assert peak <= 100 * 1024, "kilobytes"


ROUNDS = 8
SIZE = 3_000_000


@cache
def incompressible(number: int) -> bytes:
    return hashlib.shake_128(b"%d" % number).digest(SIZE)


def rewrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(SIZE // 2)
        file.write(b"changed")


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"grown")


def to_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


def replaced(path: Path) -> None:
    other = path.parent.parent / "other"
    other.write_bytes(bytes(SIZE))
    other.replace(path)


@pytest.mark.parametrize(
    "attack", [rewrite, grow, to_link, replaced, Path.unlink, lambda path: os.truncate(path, 1000)]
)
@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_file_attacked_while_it_is_packed_is_refused_or_stored_as_its_digest_says(tmp_path, attack, round_):
    root, out = tmp_path / "tree", tmp_path / "o.zip"
    root.mkdir()
    for number in range(6):
        (root / f"{number}.bin").write_bytes(incompressible(number))
    victim = root / "3.bin"
    # Somewhere between the first file and the last, later in each round: progress is told as bytes are packed.
    moment, done = (round_ + 1) * 6 * SIZE // (ROUNDS + 1), 0
    struck = threading.Event()

    def strike(count: int) -> None:
        nonlocal done
        done += count
        if done >= moment and not struck.is_set():
            struck.set()
            attack(victim)

    with out.open("wb+", buffering=0) as file:
        writer = BundleWriter(file, workers=2, on_progress=strike)
        try:
            records = writer.add_assets(root, scan_assets(root)[0])
        except AssetError as error:
            told = error.message
        else:
            told = ""
        if told:
            assert "3.bin" in told
            return
        writer.finish()
        digests = read_archive(file, container=False).digest_all(2)
    assert struck.is_set()
    assert {record.entry.name: record.entry.sha256 for record in records} == digests


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["zip", "-qr", "OUT", "."], id="zip"),
        pytest.param(["zip", "-qrX0", "OUT", "."], id="zip, stored and without extra fields"),
        pytest.param(["7z", "a", "-bd", "-tzip", "OUT", "."], id="7z"),
        pytest.param(["bsdtar", "-a", "-cf", "OUT", "."], id="bsdtar"),
        pytest.param([sys.executable, "-m", "zipfile", "-c", "OUT", "."], id="Python"),
    ],
)
def test_what_other_programs_zip_again_is_told_and_what_unzip_extracts_is_checked(tmp_path, command):
    from building import build_in, make_project
    from handover.bundle.read import Form
    from handover.bundle.verify import read_folder, read_given, verify
    from signing_samples import NOW

    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} isn't installed")
    root = make_project(tmp_path / "acme")
    (root / "assets" / "Photos" / "Crème brûlée.txt").write_text("x", encoding="utf-8")
    bundle = build_in(root).path
    folder, again = tmp_path / "x", tmp_path / "again.zip"
    subprocess.run(["unzip", "-qo", str(bundle), "-d", str(folder)], check=True)
    names = sorted(path.name for path in folder.iterdir()) if command[0] == sys.executable else []
    words = [str(again) if word == "OUT" else word for word in command if not names or word != "."]
    subprocess.run([*words, *names], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    assert verify(read_folder(folder), now=NOW).form is Form.FOLDER
    with again.open("rb") as file:
        assert verify(read_given(file), now=NOW).form is Form.REZIPPED
