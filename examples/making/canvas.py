"""What every generated photograph is painted with: gradients, glows, hills, trees, blur, grain.

Role: painting on Pillow images; which picture shows what is in `scenes`. Chance comes from the caller's generator.
"""

import io
import math
import random
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

SIZE = (1200, 800)
Colour = tuple[int, int, int]


def rgb(colour: str) -> Colour:
    """`#RRGGBB` as numbers."""
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue


def blend(first: Colour, second: Colour, share: float) -> Colour:
    """The colour `share` of the way from the first to the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def gradient(size: tuple[int, int], stops: Sequence[tuple[float, str]], *, across: bool = False) -> Image.Image:
    """A gradient from top to bottom (or left to right) through colours at positions 0–1."""
    length = size[0] if across else size[1]
    strip = Image.new("RGB", (length, 1))
    for step in range(length):
        here = step / max(length - 1, 1)
        index = max(i for i, (position, _) in enumerate(stops) if position <= here or i == 0)
        start, end = stops[index], stops[min(index + 1, len(stops) - 1)]
        span = end[0] - start[0]
        share = (here - start[0]) / span if span else 0.0
        strip.putpixel((step, 0), blend(rgb(start[1]), rgb(end[1]), share))
    if not across:
        strip = strip.transpose(Image.Transpose.ROTATE_270)
    return strip.resize(size, Image.Resampling.NEAREST)


def glow(image: Image.Image, centre: tuple[float, float], radius: float, colour: str, strength: float) -> None:
    """Add soft light around a point."""
    side = round(radius * 2)
    falloff = ImageChops.invert(Image.radial_gradient("L")).resize((side, side), Image.Resampling.BICUBIC)
    falloff = falloff.point([round(max(0, value - 74) * 255 / 181 * strength) for value in range(256)])
    image.paste(Image.new("RGB", (side, side), colour), (round(centre[0] - radius), round(centre[1] - radius)), falloff)


def hills(
    image: Image.Image, chance: random.Random, base: float, height: float, top: str, bottom: str, *, blur: float = 0.0
) -> None:
    """Paint one rolling ridge from `base` (y of its mean) down to the picture's foot."""
    waves = [(chance.uniform(0.6, 3.4), chance.uniform(0, 6.3), chance.uniform(0.3, 1.0)) for _ in range(4)]
    total = sum(share for *_, share in waves)
    width, foot = image.size
    line = []
    for x in range(0, width + 8, 8):
        wave = sum(share * math.sin(x / width * turns * 6.283 + start) for turns, start, share in waves) / total
        line.append((x, base - height * wave))
    mask = Image.new("L", image.size, 0)
    ImageDraw.Draw(mask).polygon([*line, (width, foot), (0, foot)], fill=255)
    if blur:
        mask = mask.filter(ImageFilter.GaussianBlur(blur))
    start = max(0.0, (base - height) / foot)
    image.paste(gradient(image.size, [(0, top), (start, top), (1, bottom)]), (0, 0), mask)


_TRUNK = (
    (-0.035, 0), (-0.022, -0.25), (-0.1, -0.5), (-0.07, -0.52), (0, -0.32), (0.08, -0.54), (0.11, -0.52),
    (0.025, -0.25), (0.04, 0),
)  # fmt: skip
"""A forked trunk, in units of the tree's height, from its foot upward."""


def crown(
    image: Image.Image, chance: random.Random, foot: tuple[float, float], height: float, leaves: Sequence[str],
    dots: Sequence[str] = (), *, dot_size: float = 0.022, dot_count: int = 60, blur: float = 0.0,
) -> None:  # fmt: skip
    """Paint a round fruit tree: trunk, a crown of leaf clusters lit from the left, blossoms or apples on it."""
    layer = Image.new("RGBA", (round(height * 1.3), round(height * 1.15)), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    middle, ground = layer.size[0] / 2, layer.size[1] - height * 0.03
    draw.polygon([(middle + x * height, ground + y * height) for x, y in _TRUNK], fill=(74, 58, 48, 255))
    shades = [rgb(colour) for colour in leaves]
    spots = []
    for _ in range(420):
        turn, reach = chance.uniform(0, 6.283), math.sqrt(chance.random())
        spots.append((math.cos(turn) * reach * 0.42, -0.68 + math.sin(turn) * reach * 0.31))
    for x, y in sorted(spots, key=lambda spot: -spot[1]):
        light = min(1.0, max(0.0, 0.5 - x * 0.8 - (y + 0.68) * 1.1 + chance.uniform(-0.22, 0.22)))
        shade = blend(shades[0], shades[1], light)
        radius = height * chance.uniform(0.022, 0.05)
        at = (middle + x * height, ground + y * height)
        draw.ellipse((at[0] - radius, at[1] - radius * 0.8, at[0] + radius, at[1] + radius * 0.8), fill=(*shade, 255))
    for index in range(dot_count if dots else 0):
        x, y = spots[index * 7 % len(spots)]
        radius = height * dot_size * chance.uniform(0.7, 1.2)
        at = (middle + x * height, ground + y * height)
        shade = rgb(dots[index % len(dots)])
        draw.ellipse((at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius), fill=(*shade, 255))
    if blur:
        layer = layer.filter(ImageFilter.GaussianBlur(blur))
    shadow(image, (foot[0] + height * 0.1, foot[1]), height * 0.45, height * 0.05, 0.35)
    image.paste(layer, (round(foot[0] - middle), round(foot[1] - ground)), layer)


def shadow(image: Image.Image, centre: tuple[float, float], rx: float, ry: float, strength: float) -> None:
    """Darken an ellipse on the ground, softly."""
    soft = max(2.0, ry * 0.6)
    width, height = round(rx * 2 + soft * 6), round(ry * 2 + soft * 6)
    mask = Image.new("L", (width, height), 0)
    ImageDraw.Draw(mask).ellipse((soft * 3, soft * 3, width - soft * 3, height - soft * 3), fill=round(255 * strength))
    mask = mask.filter(ImageFilter.GaussianBlur(soft))
    image.paste(
        Image.new("RGB", mask.size, (22, 24, 20)), (round(centre[0] - width / 2), round(centre[1] - height / 2)), mask
    )


def grass(image: Image.Image, chance: random.Random, top: float, colours: Sequence[str], count: int) -> None:
    """Scatter blades and flowers over the ground below `top`, larger towards the viewer."""
    draw = ImageDraw.Draw(image)
    width, foot = image.size
    for _ in range(count):
        depth = chance.random() ** 0.6
        x, y = chance.uniform(0, width), top + (foot - top) * depth
        length = 2 + 11 * depth
        draw.line(
            (x, y, x + chance.uniform(-3, 3) * depth, y - length),
            fill=chance.choice(list(colours)),
            width=1 + round(depth),
        )


def finish(image: Image.Image, chance: random.Random, *, warm: float = 0.0, grain: int = 5) -> Image.Image:
    """Vignette, tone and film grain, as a lens and a sensor would leave them."""
    falloff = Image.radial_gradient("L").resize(image.size, Image.Resampling.BICUBIC)
    edge = falloff.point([round(max(0, value - 120) * 0.55) for value in range(256)])
    image = Image.composite(Image.new("RGB", image.size, (14, 14, 18)), image, edge)
    if warm:
        image = Image.blend(image, Image.new("RGB", image.size, (255, 190, 110)), warm)
    half = (image.size[0] // 2, image.size[1] // 2)
    noise = Image.frombytes("L", half, chance.randbytes(half[0] * half[1])).resize(
        image.size, Image.Resampling.BILINEAR
    )
    noise = noise.point([128 + round((value - 128) * grain / 128) for value in range(256)])
    return ImageChops.add(image, Image.merge("RGB", (noise,) * 3), scale=1, offset=-128)


def jpeg(image: Image.Image, *, description: str, artist: str, taken: str, quality: int = 80) -> bytes:
    """A JPEG with the Exif fields that say what it shows, whose it is, and when (`YYYY:MM:DD hh:mm:ss`)."""
    exif = Image.Exif()
    exif[0x010E] = description.encode("ascii", "replace").decode()
    exif[0x013B] = exif[0x8298] = artist.encode("ascii", "replace").decode()
    exif[0x0132] = taken
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=quality, optimize=True, exif=exif)
    return out.getvalue()
