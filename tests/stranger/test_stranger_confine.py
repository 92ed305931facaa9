"""What a child that has given up everything can still do, even if a template ran code in it: next to nothing."""

import json
import platform
import struct
import subprocess
import sys

import pytest

from handover.stranger.confine import program
from handover.stranger.parent import command

ALLOWED, REFUSED, KILLED = 0x7FFF0000, 0x00050001, 0x80000000
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
FILTERED = sys.platform == "linux" and platform.machine() in ARCHITECTURES
only_filtered = pytest.mark.skipif(not FILTERED, reason="no filter of calls on this system")

_SCRIPT = """
import ctypes, json, os, signal, socket, subprocess, sys, threading
from handover.stranger.confine import confine
from handover.stranger.limits import Limits
enforced = confine(Limits(memory=300 << 20, cpu_seconds=5))
def run():
{attempt}
try:
    outcome = repr(run())
except BaseException as error:
    outcome = type(error).__name__
os.write(1, json.dumps([outcome, enforced]).encode())
os._exit(0)
"""


def attempt(code: str) -> tuple[str, list[str]]:
    """Run code in a confined process: what it returned or raised, and what was enforced."""
    script = _SCRIPT.format(attempt="\n".join(f"    {line}" for line in code.splitlines()))
    start = [*command()[:5], f"import sys; sys.path.extend(sys.argv[1:])\n{script}", *command()[6:]]
    result = subprocess.run(start, input=b"", capture_output=True, check=True, env={})
    outcome, enforced = json.loads(result.stdout)
    return outcome, enforced


@only_filtered
@pytest.mark.parametrize(
    "code",
    [
        pytest.param("return open('/etc/passwd').read()", id="read a file"),
        pytest.param("return open('/tmp/x-handover', 'w')", id="write a file"),
        pytest.param("return os.listdir('/')", id="list a folder"),
        pytest.param("return os.stat('/etc/passwd')", id="ask about a file"),
        pytest.param("os.close(0)\nreturn os.open('/etc/passwd', os.O_RDONLY)", id="read a file by a freed descriptor"),
        pytest.param("return os.dup(1)", id="copy a descriptor"),
        pytest.param("return os.readlink('/proc/self/exe')", id="read a link"),
        pytest.param("os.close(0)\nreturn socket.socket()", id="open a socket"),
        pytest.param("os.close(0)\nos.close(2)\nreturn socket.socketpair()", id="open a pair of sockets"),
        pytest.param("return os.fork()", id="fork"),
        pytest.param("threading.Thread(target=print).start()", id="start a thread"),
        pytest.param("os.execv('/bin/true', ['true'])", id="become another program"),
        pytest.param("subprocess.run(['/bin/true'])", id="start a program"),
        pytest.param("os.kill(os.getppid(), 0)", id="signal its parent"),
        pytest.param("os.chdir('/')", id="go to another folder"),
        pytest.param("os.unlink('/tmp/x-handover')", id="remove a file"),
        pytest.param("os.setuid(0)", id="become another user"),
        pytest.param("import xml.dom.minidom", id="import what wasn't imported before"),
    ],
)
def test_code_that_has_escaped_the_sandbox_still_cannot(code: str) -> None:
    outcome, _ = attempt(code)
    assert outcome in {"PermissionError", "OSError", "RuntimeError", "ModuleNotFoundError"}


@only_filtered
def test_calls_by_number_are_refused_too() -> None:
    numbers = {"x86_64": {"open": 2, "ptrace": 101, "bpf": 321}, "aarch64": {"openat": 56, "ptrace": 117, "bpf": 280}}
    for number in numbers[platform.machine()].values():
        outcome, _ = attempt(f"return ctypes.CDLL(None).syscall({number}, b'/etc/passwd', 0)")
        assert outcome == "-1"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory differently")
def test_memory_ends_where_the_limit_is() -> None:
    outcome, enforced = attempt("return len(bytearray(400 << 20))")
    assert outcome == "MemoryError"
    assert "memory" in enforced


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_what_was_given_up_is_named() -> None:
    outcome, enforced = attempt("return 1")
    assert outcome == "1"
    assert {"dumps", "cpu", "writing", "files"} <= set(enforced)
    assert ("calls" in enforced) == FILTERED


def run_filter(code: bytes, architecture: int, number: int) -> int:
    """Interpret the four instructions that our program is made of (Linux, networking/filter)."""
    data = {0: number, 4: architecture}
    instructions = list(struct.iter_unpack("=HBBI", code))
    at, value = 0, 0
    while True:
        operation, if_true, if_false, constant = instructions[at]
        if operation == 0x06:
            return constant
        if operation == 0x20:
            value, step = data[constant], 0
        else:
            holds = value == constant if operation == 0x15 else value >= constant
            step = if_true if holds else if_false
        at += 1 + step


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_the_filter_allows_what_is_listed_and_refuses_everything_else(machine: str) -> None:
    code = program(machine)
    answers = {number: run_filter(code, ARCHITECTURES[machine], number) for number in range(1024)}
    assert set(answers.values()) == {ALLOWED, REFUSED}
    assert sum(answer == ALLOWED for answer in answers.values()) == 26


@pytest.mark.parametrize(
    ("machine", "forbidden"),
    [
        # open, socket, connect, clone, fork, execve, kill, ptrace, openat, openat2, clone3, io_uring_setup
        pytest.param("x86_64", {2, 41, 42, 56, 57, 59, 62, 101, 257, 437, 435, 425}, id="x86-64"),
        pytest.param("aarch64", {56, 198, 203, 220, 221, 129, 117, 437, 435, 425}, id="ARM64"),
    ],
)
def test_files_sockets_and_processes_are_not_listed(machine: str, forbidden: set[int]) -> None:
    code = program(machine)
    assert {run_filter(code, ARCHITECTURES[machine], number) for number in forbidden} == {REFUSED}


def test_calls_of_another_architecture_end_the_process() -> None:
    code = program("x86_64")
    assert run_filter(code, 0x40000003, 0) == KILLED
    assert run_filter(code, ARCHITECTURES["x86_64"], 0x40000000) == KILLED


def test_a_machine_without_a_list_has_no_filter() -> None:
    with pytest.raises(KeyError):
        program("riscv64")
