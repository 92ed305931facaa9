"""`make pictures`: page images of the demo's bundles, for README.

Needs LibreOffice and poppler, which `make interop` installs. Opens each bundle as a client would, converts its
documents to PDF and PNG, and lays some pages side by side.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DEMO = ROOT / "build" / "demo"
PAGES = {
    "fr": ("cidrerie-trehorel", ["02-*.docx:1", "*bilan*.docx:2", "*bilan*.docx:4", "*projets*.docx:1"]),
    "en": ("wrenfield-nurseries", ["02-*.docx:1", "*built*.docx:2", "*built*.docx:4", "*projects*.docx:1"]),
}
HEIGHT = 1000  # pixels of one page in the strip
GAP = 24
PAPER = "#E9EBEE"


def run(*command: object) -> None:
    """Run another program, quietly; its own message is shown where it fails."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command[0]}: {done.stderr.strip() or done.stdout.strip()}")


def page_image(document: Path, page: int, folder: Path) -> Image.Image:
    """One page of a Word document as a picture."""
    pdf = folder / f"{document.stem}.pdf"
    if not pdf.exists():
        run("soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf",
            "--outdir", folder, document)  # fmt: skip
    run("pdftoppm", "-r", "110", "-f", page, "-l", page, "-png", "-singlefile", pdf, folder / f"{document.stem}-{page}")
    return Image.open(folder / f"{document.stem}-{page}.png").convert("RGB")


def strip(images: list[Image.Image]) -> Image.Image:
    """The pages side by side on grey."""
    scaled = [
        image.resize((round(image.width * HEIGHT / image.height), HEIGHT), Image.Resampling.LANCZOS) for image in images
    ]
    width = sum(image.width for image in scaled) + GAP * (len(scaled) + 1)
    canvas = Image.new("RGB", (width, HEIGHT + 2 * GAP), PAPER)
    left = GAP
    for image in scaled:
        canvas.paste(image, (left, GAP))
        left += image.width + GAP
    return canvas


def main() -> None:
    """Write one strip a language beside this file."""
    if shutil.which("soffice") is None or shutil.which("pdftoppm") is None:
        sys.exit("LibreOffice and poppler are needed; `make interop` installs them")
    for language, (client, pages) in PAGES.items():
        bundle = next(DEMO.glob(f"{client}-*.zip"), None)
        if bundle is None:
            sys.exit("build the bundles first: make demo")
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            opened = folder / "opened"
            words = [sys.executable, "-m", "handover", "open", str(bundle), "-o", str(opened)]
            subprocess.run(words, capture_output=True, check=False)  # exit status 3: nobody told it whose key it is
            images = []
            for page in pages:
                pattern, number = page.rsplit(":", 1)
                images.append(page_image(next(opened.glob(pattern)), int(number), folder))
            strip(images).quantize(96).save(HERE / f"bundle-{language}.png", optimize=True)
        print(f"docs/pictures/bundle-{language}.png")


if __name__ == "__main__":
    main()
