"""What the child asks of the system while it renders a hostile template, as strace sees it."""

import contextlib
import re
import resource
import subprocess
from pathlib import Path

import pytest

from handover.deliverables.letter import view
from handover.deliverables.word import fields, finish
from handover.errors import DamagedFile, TemplateError
from handover.stranger import parent
from handover.stranger.limits import Limits
from hostile_templates import HOSTILE, Hostile, with_text
from sample_letter import given, settings

pytestmark = pytest.mark.interop

GIVEN = given("letter", settings("en", full=True))
LIMITS = Limits(memory=400 * 1024 * 1024, cpu_seconds=2, wall_seconds=60)
SEALED = re.compile(r"prctl\(PR_SET_SECCOMP, .*\) = 0")
QUIET = {
    "read", "write", "writev", "close", "fstat", "lseek", "mmap", "mprotect", "munmap", "brk", "mremap", "madvise",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "futex", "sched_yield", "restart_syscall",
    "clock_gettime", "gettimeofday", "getrandom", "getpid", "gettid", "exit", "exit_group",
}  # fmt: skip


def traced(template: bytes, trace: Path, monkeypatch) -> tuple[list[str], list[str]]:
    """The calls before and after the child gave everything up, and that only one process made them."""
    original = parent.command()
    monkeypatch.setattr(parent, "command", lambda: ["strace", "-f", "-o", str(trace), *original])
    with contextlib.suppress(TemplateError, DamagedFile):
        parent.fill(template, fields(view(GIVEN)), finish(GIVEN), place="l.docx", limits=LIMITS)
    lines = trace.read_text(errors="replace").splitlines()
    assert len({line.split()[0] for line in lines}) == 1, "another process or thread was started"
    at = next(number for number, line in enumerate(lines) if SEALED.search(line))
    return lines[:at], lines[at + 1 :]


def call(line: str) -> str:
    found = re.match(r"\d+ +([a-z0-9_]+)\(", line)
    return found[1] if found else ""


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_a_hostile_template_opens_nothing(hostile: Hostile, tmp_path: Path, monkeypatch) -> None:
    before, after = traced(hostile.make(), tmp_path / "trace", monkeypatch)
    asked = [line for line in after if call(line) not in QUIET | {""}]
    # Python looks for the source of a template that it can't compile; nothing it asks for is given.
    assert [line for line in asked if "EPERM" not in line] == []
    assert not [line for line in before if call(line) in {"socket", "connect", "fork", "vfork", "clone", "clone3"}]
    assert not [line for line in before if "/etc/passwd" in line]


def test_a_good_template_asks_for_nothing_either(tmp_path: Path, monkeypatch) -> None:
    _, after = traced(with_text("{{ contract.subject }}"), tmp_path / "trace", monkeypatch)
    refused = [line for line in after if "EPERM" in line]
    assert refused == []
    assert {call(line) for line in after} - QUIET - {""} == set()


def test_no_hostile_template_takes_more_memory_than_it_may() -> None:
    code = (
        "import sys; sys.path[:0] = ['tests', 'tests/interop']; import resource;"
        "import test_interop_stranger as t;"
        "[t.spent(h) for h in t.HOSTILE];"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    import sys

    root = Path(__file__).parents[2]
    result = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert int(result.stdout) * 1024 < LIMITS.memory
    assert resource.getpagesize() > 0


def spent(hostile: Hostile) -> None:
    try:
        parent.fill(hostile.make(), fields(view(GIVEN)), finish(GIVEN), place="l.docx", limits=LIMITS)
    except (TemplateError, DamagedFile):
        return
    raise AssertionError(hostile.name)
