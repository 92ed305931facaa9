"""Outlines shared by every form of a logo: the same curves as SVG, in a PDF, and in a bitmap.

Role: a tiny vector model. A `Shape` is a filled path (absolute M, L, C, Z; y downward as in SVG) with a colour
name that the user of the shape resolves. Text becomes outlines of an embedded font, so that a logo needs no font.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageDraw

from making.pdf import FONTS

Point = tuple[float, float]
Command = tuple[str, tuple[Point, ...]]


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled path and the name of its colour; overlapping contours cut holes (even-odd)."""

    colour: str
    path: tuple[Command, ...]


class _Collector(BasePen):  # type: ignore[misc]  # fontTools has no type information
    def __init__(self, glyphs: object, x: float, y: float, scale: float) -> None:
        super().__init__(glyphs)
        self.commands: list[Command] = []
        self.x, self.y, self.scale = x, y, scale

    def _at(self, point: Point) -> Point:
        return (self.x + point[0] * self.scale, self.y - point[1] * self.scale)

    def _moveTo(self, pt: Point) -> None:  # noqa: N802 — the pen protocol's name
        self.commands.append(("M", (self._at(pt),)))

    def _lineTo(self, pt: Point) -> None:  # noqa: N802 — the pen protocol's name
        self.commands.append(("L", (self._at(pt),)))

    def _curveToOne(self, pt1: Point, pt2: Point, pt3: Point) -> None:  # noqa: N802 — the pen protocol's name
        self.commands.append(("C", (self._at(pt1), self._at(pt2), self._at(pt3))))

    def _closePath(self) -> None:  # noqa: N802 — the pen protocol's name
        self.commands.append(("Z", ()))


def lettering(
    text: str, file: str, size: float, at: Point, colour: str, *, tracking: float = 0.0, anchor: str = "left"
) -> list[Shape]:
    """One shape per letter, baseline at `at`; `tracking` is extra space in units of the size."""
    font = TTFont(FONTS / file)
    glyphs, cmap, metrics = font.getGlyphSet(), font.getBestCmap(), font["hmtx"].metrics
    scale = size / font["head"].unitsPerEm
    steps = [metrics[cmap[ord(c)]][0] * scale + tracking * size for c in text]
    width = sum(steps) - tracking * size
    x = at[0] - {"left": 0.0, "middle": width / 2, "right": width}[anchor]
    shapes = []
    for character, step in zip(text, steps, strict=True):
        pen = _Collector(glyphs, x, at[1], scale)
        glyphs[cmap[ord(character)]].draw(pen)
        if pen.commands:
            shapes.append(Shape(colour, tuple(pen.commands)))
        x += step
    return shapes


_KAPPA = 0.5522847498
"""Control distance that makes four cubic curves a circle within 0.03 %."""


def ellipse(centre: Point, rx: float, ry: float) -> list[Command]:
    """The contour of an ellipse."""
    x, y = centre
    kx, ky = rx * _KAPPA, ry * _KAPPA
    return [
        ("M", ((x + rx, y),)),
        ("C", ((x + rx, y + ky), (x + kx, y + ry), (x, y + ry))),
        ("C", ((x - kx, y + ry), (x - rx, y + ky), (x - rx, y))),
        ("C", ((x - rx, y - ky), (x - kx, y - ry), (x, y - ry))),
        ("C", ((x + kx, y - ry), (x + rx, y - ky), (x + rx, y))),
        ("Z", ()),
    ]


def path(text: str) -> list[Command]:
    """Commands from SVG path text with absolute M, L, C and Z, separated by spaces."""
    commands: list[Command] = []
    numbers: list[float] = []
    letter = ""
    for token in [*text.replace(",", " ").split(), "end"]:
        if token in {"M", "L", "C", "Z", "end"}:
            if letter:
                commands.append((letter, tuple(zip(numbers[::2], numbers[1::2], strict=True))))
            letter, numbers = token, []
        else:
            numbers.append(float(token))
    return commands


def svg(shapes: Sequence[Shape], size: Point, colours: Mapping[str, str], title: str) -> bytes:
    """A stand-alone SVG file."""
    rows = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]:g} {size[1]:g}" role="img">',
        f"  <title>{title.replace('&', '&amp;')}</title>",
    ]
    for shape in shapes:
        data = " ".join(" ".join([letter, *(f"{x:.2f},{y:.2f}" for x, y in points)]) for letter, points in shape.path)
        rows.append(f'  <path fill="{colours[shape.colour]}" fill-rule="evenodd" d="{data}"/>')
    return "\n".join([*rows, "</svg>", ""]).encode()


def pdf_operators(shape: Shape) -> str:
    """The path as PDF operators, y upward."""
    letters = {"M": "m", "L": "l", "C": "c", "Z": "h"}
    return " ".join(
        " ".join([*(f"{x:.2f} {-y:.2f}" for x, y in points), letters[letter]]) for letter, points in shape.path
    )


def bitmap(
    shapes: Sequence[Shape], size: Point, width: int, colours: Mapping[str, str], background: str | None = None
) -> Image.Image:
    """The drawing `width` pixels wide, smooth, transparent unless a background is given."""
    over = 4
    scale = width * over / size[0]
    height = round(size[1] * width / size[0])
    image = Image.new("RGBA", (width * over, height * over), background or (255, 255, 255, 0))
    for shape in shapes:
        contours = [[(x * scale, y * scale) for x, y in contour] for contour in _contours(shape.path)]
        left = math.floor(min(x for contour in contours for x, _ in contour))
        top = math.floor(min(y for contour in contours for _, y in contour))
        right = math.ceil(max(x for contour in contours for x, _ in contour)) + 1
        bottom = math.ceil(max(y for contour in contours for _, y in contour)) + 1
        mask = Image.new("1", (right - left, bottom - top), 0)
        for contour in contours:
            one = Image.new("1", mask.size, 0)
            ImageDraw.Draw(one).polygon([(x - left, y - top) for x, y in contour], fill=1)
            mask = ImageChops.logical_xor(mask, one)
        image.paste(Image.new("RGBA", mask.size, colours[shape.colour]), (left, top), mask)
    return image.resize((width, height), Image.Resampling.BOX)


def _contours(commands: Sequence[Command]) -> list[list[Point]]:
    contours: list[list[Point]] = []
    for letter, points in commands:
        if letter == "M":
            contours.append([points[0]])
        elif letter == "L":
            contours[-1].append(points[0])
        elif letter == "C":
            contours[-1] += curve(contours[-1][-1], *points, steps=16)
    return contours


def curve(start: Point, one: Point, two: Point, end: Point, *, steps: int) -> list[Point]:
    """Points of a cubic Bézier curve, without its start."""
    found = []
    for step in range(1, steps + 1):
        t = step / steps
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        found.append(
            (a * start[0] + b * one[0] + c * two[0] + d * end[0], a * start[1] + b * one[1] + c * two[1] + d * end[1])
        )
    return found
