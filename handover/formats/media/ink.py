"""A signature photographed on paper → its ink on nothing.

Role: measures the paper's brightness everywhere, takes what is clearly darker for ink, and gives that alone, cropped,
as a PNG with transparency and without metadata. It refuses a photo in which ink and paper can't be told apart, rather
than giving a grey box. It judges no handwriting, and is given a picture that `project.read.images` has looked at.
"""

import io
from typing import TYPE_CHECKING, Final

from handover.model.errors import UsageError
from handover.model.message import msg

if TYPE_CHECKING:
    from PIL import Image

_WORKING: Final = 1_600
"""Pixels of the longer side that are measured: a signature printed 6 cm wide at 600 dots per inch has 1,400."""
_GRID: Final = 8
"""One measure of the paper for so many pixels a side; strokes are thinner than a few of these."""
_DARKER: Final = 36
"""Of 255: how much darker than the paper beside it ink is at least, so that pencil and shadows aren't taken for it."""
_NOISE: Final = 3.0
"""How many times the paper's own unevenness the least ink must exceed."""
_EVEN: Final = 0.5
"""The darkest paper in proportion to the brightest: below it, something else than paper is in the picture."""
_LEAST, _MOST = 0.0004, 0.25
"""Shares of the picture that ink covers: less is dust, more is no signature."""
_SMALLEST: Final = (80, 20)
"""Pixels, width and height, below which a signature would be printed as a blur."""


def ink_on_nothing(photo: bytes) -> bytes:
    """The signature of a PNG or JPEG as a PNG of its ink, cropped.

    A picture that has transparency of its own is only cropped. Raises UsageError, saying how to take a better one.
    """
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(photo), formats=("PNG", "JPEG")) as opened:
        picture = ImageOps.exif_transpose(opened)
        if "A" in picture.getbands() or "transparency" in picture.info:
            drawn = picture.convert("RGBA")
            if drawn.getchannel("A").getextrema()[0] == 0:
                return _png(_cropped(drawn))
        whole = picture.convert("RGB")
    whole.thumbnail((_WORKING, _WORKING))
    darkness, noise = _darkness(whole)
    least = max(_DARKER, round(_NOISE * noise))
    sure = darkness.point([255 if value >= least else 0 for value in range(256)])
    sure = _without_edges(_without_specks(sure))
    covered = sure.histogram()[255] / (sure.width * sure.height)
    if covered < _LEAST:
        raise _refused(msg("no ink can be told from the paper"), msg("write with a dark pen, and photograph it closer"))
    if covered > _MOST:
        raise _refused(msg("too much of it is dark"), _ALONE)
    return _png(_cropped(_inked(whole, darkness, sure, least)))


_ALONE: Final = msg("photograph the signature alone on white paper, in even light, with paper all around it")


def _refused(message: str, hint: str) -> UsageError:
    return UsageError(msg("the signature's picture can't be used: {reason}", reason=message), hint=hint)


def _darkness(whole: "Image.Image") -> tuple["Image.Image", float]:
    """How much darker each pixel is than the paper around it, and how uneven the paper is (an upper quantile)."""
    from PIL import Image, ImageChops, ImageFilter

    grey = whole.convert("L")
    width, height = (max(1, side // _GRID) for side in grey.size)
    # Strokes disappear: of neighbouring measures the brighter ones are paper, and shadows are wider than these.
    paper = grey.resize((width, height), Image.Resampling.BOX)
    paper = paper.filter(ImageFilter.MaxFilter(7)).filter(ImageFilter.MedianFilter(7))
    paper = paper.filter(ImageFilter.GaussianBlur(3))
    measured = paper.histogram()
    if _quantile(measured, 0.02) < _EVEN * _quantile(measured, 0.98):
        raise _refused(msg("there is something else than paper in it, or a deep shadow"), _ALONE)
    darkness = ImageChops.subtract(paper.resize(grey.size, Image.Resampling.BICUBIC), grey)
    counts = darkness.histogram()
    # The brighter filter lifts the measure above the paper's mean: what most of the picture shows is paper.
    middle, upper = _quantile(counts, 0.5), _quantile(counts, 0.84)
    return darkness.point([max(0, value - middle) for value in range(256)]), float(max(1, upper - middle))


def _quantile(counts: list[int], share: float) -> int:
    wanted, seen = share * sum(counts), 0
    for value, count in enumerate(counts):
        seen += count
        if seen >= wanted:
            return value
    return len(counts) - 1


def _without_specks(mask: "Image.Image") -> "Image.Image":
    """The mask without what is alone: noise, dust, the paper's grain."""
    from PIL import ImageChops, ImageFilter

    # A stroke has neighbours that are ink too, for a while: what a wide average hardly sees is a speck.
    company = mask.filter(ImageFilter.BoxBlur(4)).point([255 if value > 34 else 0 for value in range(256)])
    return ImageChops.darker(mask, company.filter(ImageFilter.MaxFilter(5)))


def _without_edges(mask: "Image.Image") -> "Image.Image":
    """The mask without what reaches the picture's edge: a table, a finger, the paper's border."""
    from PIL import Image, ImageChops, ImageDraw, ImageFilter

    small = mask.filter(ImageFilter.MaxFilter(5)).resize(
        (max(2, mask.width // 4), max(2, mask.height // 4)), Image.Resampling.NEAREST
    )
    width, height = small.size
    border = [(x, y) for x in range(width) for y in (0, height - 1)]
    border += [(x, y) for y in range(height) for x in (0, width - 1)]
    for place in border:
        if small.getpixel(place) == 255:
            ImageDraw.floodfill(small, place, 128)
    reaching = small.point([255 if value == 128 else 0 for value in range(256)]).filter(ImageFilter.MaxFilter(3))
    return ImageChops.subtract(mask, reaching.resize(mask.size, Image.Resampling.NEAREST))


def _inked(whole: "Image.Image", darkness: "Image.Image", sure: "Image.Image", least: int) -> "Image.Image":
    """The ink's own colour, as opaque as each pixel is dark; nothing anywhere else."""
    from PIL import ImageChops, ImageFilter, ImageStat

    near = sure.filter(ImageFilter.MaxFilter(5))
    full = max(least + 1, _quantile(darkness.histogram(sure), 0.6))
    faint = least // 2
    opaque = darkness.point([max(0, min(255, round(255 * (v - faint) / (full - faint)))) for v in range(256)])
    colour = tuple(round(channel) for channel in ImageStat.Stat(whole, sure).median)
    drawn = whole.copy()
    drawn.paste(colour, (0, 0, *whole.size))
    drawn.putalpha(ImageChops.darker(opaque, near))
    return drawn


def _cropped(drawn: "Image.Image") -> "Image.Image":
    """The picture cut to what is to be seen, with a little room around."""
    seen = drawn.getchannel("A").point([0 if value < 24 else 255 for value in range(256)]).getbbox()
    if seen is None or seen[2] - seen[0] < _SMALLEST[0] or seen[3] - seen[1] < _SMALLEST[1]:
        raise _refused(msg("the signature in it is too small"), msg("photograph it closer, or write it larger"))
    left, top, right, bottom = seen
    room = max(2, (right - left) // 50)
    return drawn.crop((max(0, left - room), max(0, top - room), right + room, bottom + room))


def preview(ink: bytes) -> bytes:
    """The ink on white paper above a line, as it would stand in a letter, as PNG: for a person to look at."""
    from PIL import Image, ImageDraw

    with Image.open(io.BytesIO(ink), formats=("PNG",)) as opened:
        drawn = opened.convert("RGBA")
    margin = max(20, drawn.width // 10)
    paper = Image.new("RGB", (drawn.width + 2 * margin, drawn.height + 2 * margin), "white")
    paper.paste(drawn, (margin, margin), drawn)
    line = drawn.height + margin + margin // 2
    ImageDraw.Draw(paper).line((margin, line, paper.width - margin, line), fill="#C8CDD4", width=2)
    return _png(paper)


def _png(image: "Image.Image") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()
