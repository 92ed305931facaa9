"""Start-up and a whole build, beside what Click and the libraries cost on their own: ratios of paired runs.

Run as `.venv/bin/python benchmarks/startup.py`. Figures are CPU seconds (user + system) of whole processes as the
operating system counts them, medians of paired runs in turn; peak memory is the largest resident set.
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLICK = (
    "import click\n"
    "@click.group()\n"
    "def cli():\n    'Hello.'\n"
    "@cli.command()\n"
    "def world():\n    'World.'\n"
    "cli(['--help'], prog_name='hello')\n"
)
LIBRARIES = (
    "import click, pydantic, ruamel.yaml, docx, openpyxl, cryptography.x509, asn1crypto.cms, lxml.etree, "
    "babel.dates, babel.numbers, PIL.Image, isal.isal_zlib"
)
RUNS = 15


def cost(words: list[str], environment: dict[str, str] | None = None) -> tuple[float, int]:
    """CPU seconds and peak resident bytes of one finished process."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
        if done.returncode:
            sys.stderr.write(done.stderr)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        os.write(write, f"{cpu} {after.ru_maxrss * 1024} {done.returncode}".encode())
        os._exit(0)
    os.close(write)
    os.waitpid(pid, 0)
    with os.fdopen(read) as answer:
        cpu_text, peak, status = answer.read().split()
    if int(status):
        sys.exit(f"{words}: exit status {status}")
    return float(cpu_text), int(peak)


def paired(ours: list[str], theirs: list[str], runs: int = RUNS) -> tuple[float, float, float]:
    """Medians of both, and the median of their ratios, pair by pair."""
    pairs = [(cost(ours)[0], cost(theirs)[0]) for _ in range(runs)]
    return (
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs),
    )


def build_words(name: str, folder: Path) -> list[str]:
    """A whole signed and encrypted build of an example, with everything answered from files."""
    from handover.seal.passphrase import generate

    def private(file: str, text: str) -> Path:
        path = folder / file
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write(text + "\n")
        return path

    import secrets

    password = private("key-password", generate("en", secrets.choice).reveal())
    passphrase = private("passphrase", generate("en", secrets.choice).reveal())
    vault = private("vault", (ROOT / "examples" / f"{name}.vault-passphrase").read_text(encoding="utf-8").strip())
    key = folder / "owner.p12"
    handover = [sys.executable, "-m", "handover"]
    subprocess.run(
        [*handover, "keys", "create", "--name", "Owner", "--out", key, "--key-passphrase-file", password],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    project = folder / "project"
    shutil.copytree(ROOT / "examples" / name, project, ignore=shutil.ignore_patterns("out"))
    owner = next(line.split(": ", 1)[1] for line in (project / "handover.yaml").read_text("utf-8").splitlines()
                 if line.startswith("  - name: "))  # fmt: skip
    subprocess.run(
        [*handover, "keys", "pin", project, "--owner", owner, "--key", key, "--key-passphrase-file", password],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return [
        *handover, "build", str(project), "--out", str(folder), "--replace",
        "--key", str(key), "--key-passphrase-file", str(password), "--vault-passphrase-file", str(vault),
        "--passphrase-file", str(passphrase),
    ]  # fmt: skip


def main() -> None:
    """Print the table."""
    python = sys.executable
    ours, click, ratio = paired([python, "-m", "handover", "--help"], [python, "-c", CLICK])
    print(f"handover --help       {ours:.3f} s   bare Click {click:.3f} s   ratio {ratio:.2f}")
    imports = statistics.median(cost([python, "-c", LIBRARIES])[0] for _ in range(5))
    print(f"importing the libraries that a build uses: {imports:.2f} s")
    for name in ("cidrerie-trehorel", "wrenfield-nurseries"):
        with tempfile.TemporaryDirectory() as folder:
            words = build_words(name, Path(folder))
            costs = [cost(words) for _ in range(5)]
        cpu = statistics.median(c for c, _ in costs)
        peak = max(p for _, p in costs)
        print(f"handover build {name:<20} {cpu:.2f} s of CPU, peak {peak / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
