"""Trees of files made from a seed, for the benchmarks: the same bytes on every machine.

`mixed` is what a handover carries (photos, videos, code, documents), `tiny` is 100,000 very small files, `sparse` one
file of 5 GiB that takes little room. `scale` shrinks the numbers, not the sizes of the files.
"""

import io
import random
import struct
import zipfile
import zlib
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
    for number in range(_count(60, scale)):
        _write(root / f"office/minutes-{number:02}.docx", _document(rng, words, rng.randint(20, 400)))
        _write(root / f"office/figures-{number:02}.xlsx", _workbook(rng, words, rng.randint(20, 2000)))
        _write(root / f"office/offer-{number:02}.pdf", _pdf(rng, words, rng.randint(1, 12)))


def _messy(root: Path, rng: random.Random, scale: float) -> None:
    """10,000 files of the mixed tree's kinds, photos and tables shorter: what is looked through, not packed."""
    words = _vocabulary(rng)
    for number in range(_count(8_400, scale)):
        suffix = rng.choice(["html", "css", "js", "php", "md", "json"])
        _write(root / f"site/part-{number % 80}/file-{number}.{suffix}", _text(rng, words, rng.randint(400, 12 * KB)))
    for number in range(_count(1_000, scale)):
        _write(root / f"photos/IMG_{number:04}.jpg", b"\xff\xd8\xff\xe0" + rng.randbytes(20 * KB))
    for number in range(_count(100, scale)):
        make, suffix = ((_table, "csv"), (_text, "txt"))[number % 2]
        _write(root / f"documents/report-{number:03}.{suffix}", make(rng, words, 200 * KB))
    for number in range(_count(170, scale)):
        _write(root / f"office/minutes-{number:03}.docx", _document(rng, words, rng.randint(20, 400)))
        _write(root / f"office/figures-{number:03}.xlsx", _workbook(rng, words, rng.randint(20, 400)))
        _write(root / f"office/offer-{number:03}.pdf", _pdf(rng, words, rng.randint(1, 12)))


def _tiny(root: Path, rng: random.Random, scale: float) -> None:
    words = _vocabulary(rng)
    for number in range(_count(100_000, scale)):
        _write(root / f"{number // 1000:03}/{number % 1000:03}.txt", _text(rng, words, rng.randint(0, 300)))


def _sparse(root: Path, rng: random.Random, scale: float) -> None:
    size = int(5 * 1024**3 * scale)
    with (root / "disk.img").open("wb") as file:
        file.truncate(size)
        file.seek(size // 5)  # between the places that are looked at to see whether it shrinks
        file.write(rng.randbytes(size // 90))  # readers want to see so much of it


MAKERS = {"mixed": _mixed, "messy": _messy, "tiny": _tiny, "sparse": _sparse}


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


def _document(rng: random.Random, words: list[str], paragraphs: int) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{' '.join(rng.choices(words, k=60))}</w:t></w:r></w:p>" for _ in range(paragraphs))
    return _package({"word/document.xml": f'<w:document xmlns:w="urn:w"><w:body>{body}</w:body></w:document>'})


def _workbook(rng: random.Random, words: list[str], rows: int) -> bytes:
    cells = "".join(
        f"<row>{''.join(f'<c><v>{rng.randint(0, 9999)}</v></c>' for _ in range(12))}</row>" for _ in range(rows)
    )
    shared = "".join(f"<si><t>{word}</t></si>" for word in rng.choices(words, k=rows))
    return _package(
        {"xl/sharedStrings.xml": f"<sst>{shared}</sst>", "xl/worksheets/sheet1.xml": f"<worksheet>{cells}</worksheet>"}
    )


def _package(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _pdf(rng: random.Random, words: list[str], pages: int) -> bytes:
    kids = " ".join(f"{3 + 2 * page} 0 R" for page in range(pages))
    font = "<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {pages}/Kids[{kids}]>>".encode()]
    for page in range(pages):
        lines = " T* ".join(f"({' '.join(rng.choices(words, k=11))}) Tj" for _ in range(45))
        text = zlib.compress(f"BT /F1 10 Tf 12 TL 60 780 Td {lines} ET".encode())
        objects.append(f"<</Type/Page/Parent 2 0 R/Contents {4 + 2 * page} 0 R/Resources{font}>>".encode())
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(text), text))
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + table + trailer


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
