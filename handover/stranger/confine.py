"""Giving up what rendering doesn't need: memory, time, files, processes, and nearly every call into the system.

Role: `confine` is called once in the child, after everything is imported and the request is read, and can't be undone.
Each step is taken where the system offers it to an ordinary user; its name is returned, so that nobody has to guess.

- Everywhere but on Windows: setrlimit(2). Without a free descriptor and without leave to write a single byte,
  nothing can be opened or written even where no filter of calls is to be had.
- On Linux: no new privileges, no dumps, dies with its parent (prctl(2)).
- On Linux for x86-64 and ARM64: a seccomp filter (seccomp(2), "SECCOMP_MODE_FILTER") that answers every call but those
  on a short list with EPERM: no file, socket, process or signal.
"""

import contextlib
import platform
import struct
import sys
from typing import Any, Final, NamedTuple

from handover.stranger.limits import Limits

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38  # <linux/prctl.h>
_SECCOMP_MODE_FILTER = 2
_SIGKILL = 9

# Classic BPF (<linux/bpf_common.h>) and seccomp's answers (<linux/seccomp.h>).
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | 1, 0x80000000
_AT_NUMBER, _AT_ARCHITECTURE = 0, 4
_X32_CALLS = 0x40000000


class _Machine(NamedTuple):
    """A machine's AUDIT_ARCH (<linux/audit.h>) and the numbers of the calls that are left."""

    architecture: int
    calls: frozenset[int]


_CALLS: Final = {
    # Name: (x86-64, ARM64), from <asm/unistd_64.h> and <asm-generic/unistd.h>.
    "read": (0, 63),
    "write": (1, 64),
    "writev": (20, 66),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "futex": (202, 98),
    "sched_yield": (24, 124),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "gettimeofday": (96, 169),
    "getrandom": (318, 278),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
_MACHINES: Final = {
    "x86_64": _Machine(0xC000003E, frozenset(numbers[0] for numbers in _CALLS.values())),
    "aarch64": _Machine(0xC00000B7, frozenset(numbers[1] for numbers in _CALLS.values())),
}


def confine(limits: Limits) -> tuple[str, ...]:
    """Give up everything that can be; the names of what was: `memory`, `cpu`, `files`, `processes`, `calls` …"""
    enforced = _set_limits(limits)
    if sys.platform == "linux":
        enforced += _set_process(platform.machine())
    return tuple(enforced)


def _set_limits(limits: Limits) -> list[str]:
    try:
        import resource
    except ImportError:  # Windows
        return []
    wanted = {
        "dumps": ("RLIMIT_CORE", 0, 0),
        "memory": ("RLIMIT_AS", limits.memory, limits.memory),
        # The soft limit ends the process with a signal that tells why; the hard one can't be survived.
        "cpu": ("RLIMIT_CPU", limits.cpu_seconds, limits.cpu_seconds + 1),
        "writing": ("RLIMIT_FSIZE", 0, 0),
        "files": ("RLIMIT_NOFILE", 3, 3),
        "processes": ("RLIMIT_NPROC", 0, 0),
    }
    enforced = []
    for name, (kind, soft, hard) in wanted.items():
        # macOS has all of these but takes some values for too small.
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, kind), (soft, hard))
            enforced.append(name)
    return enforced


def _set_process(machine: str) -> list[str]:
    import ctypes

    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    enforced = []
    if prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0) == 0 and prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0:
        enforced.append("orphans")
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return enforced
    enforced.append("privileges")
    # A 32-bit Python on a 64-bit kernel calls by other numbers: the architecture's check would kill it.
    if machine in _MACHINES and ctypes.sizeof(ctypes.c_void_p) == 8 and _filter_calls(prctl, machine):
        enforced.append("calls")
    return enforced


def _filter_calls(prctl: Any, machine: str) -> bool:
    import ctypes

    code = program(machine)
    instructions = ctypes.create_string_buffer(code, len(code))

    class SockFprog(ctypes.Structure):
        """`struct sock_fprog` of <linux/filter.h>."""

        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    wanted = SockFprog(len(code) // 8, ctypes.addressof(instructions))
    return bool(prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(wanted), 0, 0) == 0)


def program(machine: str) -> bytes:
    """The filter for `x86_64` or `aarch64`: `struct sock_filter`s of 8 bytes each. Raises KeyError for others."""
    architecture, calls = _MACHINES[machine]
    numbers = sorted(calls)
    # Another architecture's numbers, and x86-64's x32 calls, would mean other calls than those listed.
    code = [
        _instruction(_LOAD, _AT_ARCHITECTURE),
        _instruction(_JUMP_EQUAL, architecture, if_true=1),
        _instruction(_RETURN, _KILL),
        _instruction(_LOAD, _AT_NUMBER),
        _instruction(_JUMP_AT_LEAST, _X32_CALLS, if_false=1),
        _instruction(_RETURN, _KILL),
    ]
    code += [_instruction(_JUMP_EQUAL, number, if_true=len(numbers) - at) for at, number in enumerate(numbers)]
    return b"".join([*code, _instruction(_RETURN, _REFUSE), _instruction(_RETURN, _ALLOW)])


def _instruction(code: int, value: int, *, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
