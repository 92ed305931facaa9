"""How fast the inventory is encrypted, beside msoffcrypto-tool doing the same in the same run.

Prints, for each size, the median of paired ratios (each pair measured back to back, the order alternating) and
the limits of the machine for the same bytes: the passphrase's hash rounds, HMAC-SHA512 and AES-256-CBC alone.
With `--memory SIZE` it reports the peak memory of encrypting a package of SIZE megabytes instead.

    python benchmarks/encryption.py [--sizes 1 9 50] [--rounds 7]
    python benchmarks/encryption.py --memory 400
"""

import argparse
import contextlib
import hmac
import io
import os
import platform
import resource
import secrets
import statistics
import time
from collections.abc import Callable

from handover.model.secret import Secret
from handover.seal import encryption, encryption_cipher

PASSPHRASE = "seven words that nobody would guess here"
MEGABYTE = 1_000_000


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def paired(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> tuple[float, float, float]:
    """Median seconds of both, and the median of the ratios theirs / ours."""
    times = []
    for number in range(rounds):
        if number % 2:
            second, first = seconds(theirs), seconds(ours)
        else:
            first, second = seconds(ours), seconds(theirs)
        times.append((first, second))
    ours_times, theirs_times = zip(*times, strict=True)
    return (
        statistics.median(ours_times),
        statistics.median(theirs_times),
        statistics.median(theirs / ours for ours, theirs in times),
    )


def their_decryption(document: bytes) -> bytes:
    import msoffcrypto
    from msoffcrypto.exceptions import InvalidKeyError

    file = msoffcrypto.OfficeFile(io.BytesIO(document))
    file.load_key(PASSPHRASE, verify_password=True)
    package = io.BytesIO()
    # Random bytes aren't a zip; it has decrypted them and checked their integrity when it says so.
    with contextlib.suppress(InvalidKeyError):
        file.decrypt(package, verify_integrity=True)
    return package.getvalue()


def measure(size: int, rounds: int) -> None:
    from msoffcrypto.method.ecma376_agile import ECMA376Agile

    package = os.urandom(size)
    secret = Secret(PASSPHRASE)
    document = encryption.encrypt(package, secret, random=secrets.token_bytes)
    assert encryption.decrypt(document, secret) == their_decryption(document) == package

    def encrypt_and_check() -> None:
        made = encryption.encrypt(package, secret, random=secrets.token_bytes)
        encryption.check(made, secret, package)

    def decrypt() -> None:
        encryption_cipher.passphrase_hash.cache_clear()  # as whoever opens it
        encryption.decrypt(document, secret)

    def their_encryption() -> bytes:
        return bytes(ECMA376Agile.encrypt(PASSPHRASE, io.BytesIO(package)))

    rows = [
        ("encrypt", lambda: encryption.encrypt(package, secret, random=secrets.token_bytes), their_encryption),
        ("decrypt, integrity checked", decrypt, lambda: their_decryption(document)),
        ("encrypt, decrypt again, compare", encrypt_and_check, lambda: their_decryption(their_encryption())),
    ]
    for title, ours, theirs in rows:
        mine, other, ratio = paired(ours, theirs, rounds)
        print(f"{size / MEGABYTE:6.0f} MB  {title:32} {mine * 1000:7.0f} ms {other * 1000:7.0f} ms {ratio:6.2f}x")


def limits() -> None:
    data = os.urandom(20 * MEGABYTE)
    spin = seconds(lambda: encryption_cipher.passphrase_hash(Secret(PASSPHRASE), bytes(16), 100_000))
    code = seconds(lambda: hmac.digest(bytes(64), data, "sha512"))
    blocks = seconds(lambda: encryption_cipher.encrypt_blocks(bytes(32), bytes(16), data))
    print(f"limits: 100,000 hash rounds {spin * 1000:.0f} ms")
    print(f"        HMAC-SHA512 {20 / code:.0f} MB/s, AES-256-CBC {20 / blocks:.0f} MB/s")


def memory(megabytes: int) -> None:
    """Peak memory beyond the input while a package is encrypted, and while it is checked."""
    package = os.urandom(megabytes * MEGABYTE)
    secret = Secret(PASSPHRASE)
    encryption.encrypt(b"warm", secret, random=secrets.token_bytes)
    before, made = peak(), b""

    def encrypt() -> None:
        nonlocal made
        made = encryption.encrypt(package, secret, random=secrets.token_bytes)

    spent = seconds(encrypt)
    print(f"{megabytes} MB encrypted in {spent:.2f} s, {peak() - before:.1f} MB of memory beyond the input")
    spent = seconds(lambda: encryption.check(made, secret, package))
    print(f"{megabytes} MB decrypted and compared in {spent:.2f} s, {peak() - before:.1f} MB")


def peak() -> float:
    unit = 1 if platform.system() == "Darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / MEGABYTE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 9, 50], metavar="MB")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--memory", type=int, metavar="MB")
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    if options.memory:
        memory(options.memory)
        return
    limits()
    print(f"{'':43} {'ours':>7}    {'msoffcrypto':>7}  ratio")
    for size in options.sizes:
        measure(size * MEGABYTE, options.rounds)


if __name__ == "__main__":
    main()
