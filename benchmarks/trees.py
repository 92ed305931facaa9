"""Trees of files made from a seed, for the benchmarks: the same bytes on every machine.

`mixed` is what a handover carries (photos, videos, code, documents), `tiny` is 100,000 very small files, `sparse` one
file of 5 GiB that takes no room. `scale` shrinks the numbers, not the sizes of the files.
"""

import io
import random
import struct
from pathlib import Path

SEED = 20_260_101
KB, MB = 1000, 1_000_000


def make_tree(kind: str, folder: Path, scale: float) -> Path:
    """The tree of that kind under `folder`, made when it isn't there yet."""
    root = folder / f"{kind}-{scale:g}"
    done = folder / f"{kind}-{scale:g}.made"
    if not done.exists():
        root.mkdir(parents=True, exist_ok=True)
        MAKERS[kind](root, random.Random(f"{SEED}-{kind}"), scale)
        done.touch()
    return root


def _mixed(root: Path, rng: random.Random, scale: float) -> None:
    words = _vocabulary(rng)
    for number in range(_count(300, scale)):
        _write(root / f"photos/2024-{number % 12 + 1:02}/IMG_{number:04}.jpg", _photo(rng))
    for number in range(_count(5, scale)):
        _write(root / f"videos/film-{number}.mp4", _video(rng, 100 * MB))
    for number in range(_count(2000, scale)):
        suffix = rng.choice(["html", "css", "js", "php", "md", "json"])
        _write(root / f"site/part-{number % 40}/file-{number}.{suffix}", _text(rng, words, rng.randint(400, 40 * KB)))
    for number in range(_count(50, scale)):
        make, suffix = ((_table, "csv"), (_text, "txt"))[number % 2]
        _write(root / f"documents/report-{number:02}.{suffix}", make(rng, words, rng.randint(2 * MB, 10 * MB)))


def _tiny(root: Path, rng: random.Random, scale: float) -> None:
    words = _vocabulary(rng)
    for number in range(_count(100_000, scale)):
        _write(root / f"{number // 1000:03}/{number % 1000:03}.txt", _text(rng, words, rng.randint(0, 300)))


def _sparse(root: Path, _rng: random.Random, scale: float) -> None:
    with (root / "disk.img").open("wb") as file:
        file.truncate(int(5 * 1024**3 * scale))


MAKERS = {"mixed": _mixed, "tiny": _tiny, "sparse": _sparse}


def _count(whole: int, scale: float) -> int:
    return max(1, round(whole * scale))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _vocabulary(rng: random.Random) -> list[str]:
    letters = "eeeeeeaaaaiiiionnnrrrtttsssllcdumpghbfyvk"
    return ["".join(rng.choices(letters, k=rng.randint(2, 10))) for _ in range(4000)]


def _text(rng: random.Random, words: list[str], length: int) -> bytes:
    # Few words are frequent and most are rare, as in any language: the square of an even draw is skewed like that.
    picked = [words[int(rng.random() ** 2 * len(words))] for _ in range(length // 6 + 1)]
    lines = [" ".join(picked[at : at + 11]) for at in range(0, len(picked), 11)]
    return "\n".join(lines).encode()[:length]


def _table(rng: random.Random, words: list[str], length: int) -> bytes:
    """An export as analytics programs give it: few pages and campaigns, many days, small numbers."""
    pages = [f"/{rng.choice(words)}/{rng.choice(words)}-{rng.choice(words)}.html" for _ in range(300)]
    campaigns = ["(not set)", *(f"{rng.choice(words)}_{year}" for year in range(2021, 2026))]
    block = [
        f"2024-{rng.randint(1, 12):02}-{rng.randint(1, 28):02},{rng.choice(pages)},{rng.choice(campaigns)},"
        f"{int(rng.expovariate(0.02))},{int(rng.expovariate(0.05))},{rng.random():.4f}"
        for _ in range(6000)
    ]
    lines: list[str] = []
    size = 0
    while size < length:
        rng.shuffle(block)
        lines += block
        size += sum(map(len, block)) + len(block)
    return "\n".join(lines).encode()[:length]


def _photo(rng: random.Random) -> bytes:
    from PIL import Image

    grain = Image.frombytes("RGB", (600, 450), rng.randbytes(600 * 450 * 3))
    width = rng.randint(1500, 3200)
    out = io.BytesIO()
    grain.resize((width, width * 3 // 4), Image.Resampling.BICUBIC).save(out, "JPEG", quality=rng.randint(90, 96))
    return out.getvalue()


def _video(rng: random.Random, length: int) -> bytes:
    header = struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0)
    film = struct.pack(">B3xIIII", 0, 0, 0, 1000, 95_000)
    moov = struct.pack(">I4sI4s", 16 + len(film), b"moov", 8 + len(film), b"mvhd") + film
    data = rng.randbytes(length - len(header) - len(moov) - 8)
    return header + moov + struct.pack(">I4s", len(data) + 8, b"mdat") + data
