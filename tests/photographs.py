"""Signatures as phones photograph them: ink on grey paper, with noise, a shadow and no even light; made, not taken."""

import io
import math
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

INK, PAPER = (28, 32, 92), (178, 176, 170)


@cache
def photograph(
    *,
    ink: tuple[int, int, int] = INK,
    paper: tuple[int, int, int] = PAPER,
    noise: int = 10,
    shade: int = 60,
    table: bool = False,
    width: int = 4,
    box: tuple[float, float, float, float] = (0.3, 0.4, 0.7, 0.6),
    size: tuple[int, int] = (800, 600),
) -> bytes:
    """A JPEG. `box` is where the signature is, in shares of the picture; `shade` how much darker its lower edge is."""
    picture = Image.new("RGB", size, paper)
    draw = ImageDraw.Draw(picture)
    left, top, right, bottom = (part * side for part, side in zip(box, size * 2, strict=True))
    wave = [math.sin(step / 9) * math.cos(step / 31) for step in range(201)]
    middle, height = (top + bottom) / 2, (bottom - top) / 2
    draw.line(
        [(left + (right - left) * at / 200, middle + height * y) for at, y in enumerate(wave)], ink, width, "curve"
    )
    if table:
        draw.rectangle((0, 0, size[0], size[1] * 0.15), fill=(60, 40, 30))
    picture = picture.filter(ImageFilter.GaussianBlur(1))
    shadow = Image.linear_gradient("L").resize(size).point([value * shade // 255 for value in range(256)])
    picture = ImageChops.subtract(picture, Image.merge("RGB", (shadow,) * 3))
    grain = Image.effect_noise(size, noise * 2)
    picture = ImageChops.add(picture, Image.merge("RGB", (grain,) * 3), 1, -128)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
