"""The photographs of the two projects, painted: orchards, a nursery, bottles, pots, people's places without people.

Role: one function per kind of picture; each gives an RGB image of `SIZE`.
"""

import math
import random
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFilter

from making.canvas import SIZE, blend, crown, finish, glow, gradient, grass, hills, rgb, shadow
from making.outline import Shape, bitmap, curve

W, H = SIZE


def orchard(
    seed: str, *, sky: Sequence[tuple[float, str]], leaves: Sequence[str], ground: Sequence[str],
    dots: Sequence[str] = (), dot_size: float = 0.02, dot_count: int = 90,
    sun: tuple[float, float] = (860, 190), warm: float = 0.0, mist: float = 0.0,
) -> Image.Image:  # fmt: skip
    """Two rows of apple trees that meet at the horizon, hills behind."""
    chance = random.Random(seed)
    image = gradient(SIZE, sky)
    glow(image, sun, 420, "#FFF4D2", 0.85)
    horizon = 400
    for step in range(3):
        far = blend(rgb(ground[0]), rgb(sky[-1][1]), 0.65 - step * 0.2)
        tone = f"#{far[0]:02X}{far[1]:02X}{far[2]:02X}"
        hills(image, chance, horizon - 46 + step * 22, 26 - step * 5, tone, tone, blur=1.5)
    image.paste(gradient((W, H - horizon), [(0, ground[0]), (1, ground[1])]), (0, horizon))
    grass(image, chance, horizon + 4, [*ground, *leaves], 5200)
    for row in range(9, -1, -1):
        near = 1 / (0.72 + row * 0.62)
        foot = horizon + 12 + 300 * near
        height = 420 * near
        for side in (-1, 1):
            x = W * 0.5 + side * (70 + 430 * near) + chance.uniform(-9, 9)
            crown(
                image,
                chance,
                (x, foot),
                height,
                leaves,
                dots,
                dot_size=dot_size,
                dot_count=dot_count,
                blur=0.4 + row * 0.12,
            )
        if mist:
            veil = Image.new("L", SIZE, 0)
            ImageDraw.Draw(veil).rectangle(
                (0, foot - 130 * near - 30, W, foot + 24), fill=round(255 * mist * (0.25 + row * 0.05))
            )
            image.paste(Image.new("RGB", SIZE, "#E9EEF0"), (0, 0), veil.filter(ImageFilter.GaussianBlur(26)))
    return finish(image, chance, warm=warm)


def bottle(
    seed: str, *, backdrop: Sequence[tuple[float, str]], table: Sequence[str], glass: Sequence[str], label: str,
    mark: Sequence[Shape], mark_colours: dict[str, str], count: int = 1, fruit: str = "#A8322B", tall: bool = True,
) -> Image.Image:  # fmt: skip
    """Bottles on a table, with apples beside them."""
    chance = random.Random(seed)
    image = gradient(SIZE, backdrop)
    glow(image, (420, 240), 520, "#FFFFFF", 0.35)
    image.paste(gradient((W, 220), [(0, table[0]), (1, table[1])]), (0, 580))
    draw = ImageDraw.Draw(image)
    for index in range(26):
        y = 584 + index * 8.6 + chance.uniform(-2, 2)
        draw.line(
            (0, y, W, y + chance.uniform(-3, 3)), fill=blend(rgb(table[0]), rgb(table[1]), chance.random()), width=1
        )
    places = [(W / 2 + (index - (count - 1) / 2) * 190) - (60 if count < 3 else 0) for index in range(count)]
    for x in places:
        _one_bottle(image, (x, 660), glass, label, mark, mark_colours, tall=tall)
    for index, x in enumerate((790, 878, 838)):
        _apple(image, chance, (x + (40 if count > 2 else 0), 672 + (index == 2) * 26), 46 - index * 3, fruit)
    return finish(image, chance)


def _one_bottle(
    image: Image.Image, foot: tuple[float, float], glass: Sequence[str], label: str, mark: Sequence[Shape],
    mark_colours: dict[str, str], *, tall: bool,
) -> None:  # fmt: skip
    height, half = (500.0, 72.0) if tall else (300.0, 92.0)
    neck = half * (0.3 if tall else 0.72)
    shoulder = height * (0.56 if tall else 0.76)
    side = [(half, 0.0), (half, shoulder)]
    side += curve(
        (half, shoulder),
        (half, shoulder + 70),
        (neck, shoulder + 70),
        (neck, shoulder + (120 if tall else 60)),
        steps=14,
    )
    side += [(neck, height - 34), (neck + 5, height - 32), (neck + 5, height)]
    outline = [(foot[0] + x, foot[1] - y) for x, y in side] + [(foot[0] - x, foot[1] - y) for x, y in reversed(side)]
    shadow(image, (foot[0] + 46, foot[1] + 4), half * 1.5, 16, 0.5)
    mask = Image.new("L", SIZE, 0)
    ImageDraw.Draw(mask).polygon(outline, fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(0.8))
    stops = [(0, glass[0]), (0.18, glass[1]), (0.34, glass[2]), (0.62, glass[1]), (1, glass[0])]
    body = gradient((round(half * 2), H), stops, across=True)
    filled = Image.new("RGB", SIZE, glass[0])
    filled.paste(body, (round(foot[0] - half), 0))
    image.paste(filled, (0, 0), mask)
    draw = ImageDraw.Draw(image)
    draw.rectangle((foot[0] - neck - 6, foot[1] - height - 6, foot[0] + neck + 6, foot[1] - height + 62), fill=label)
    _label(image, foot, half, height * (0.44 if tall else 0.62), height * 0.09, label, mark, mark_colours)
    shine = Image.new("L", SIZE, 0)
    edge, top_edge = foot[0] - half * 0.62, foot[1] - shoulder
    gleam = [(edge, foot[1] - 26), (edge, top_edge), (foot[0] - neck * 0.55, top_edge - 105)]
    ImageDraw.Draw(shine).line(gleam, fill=120, width=9, joint="curve")
    image.paste(Image.new("RGB", SIZE, "#FFFFFF"), (0, 0), shine.filter(ImageFilter.GaussianBlur(6)))


def _label(
    image: Image.Image, foot: tuple[float, float], half: float, high: float, low: float, colour: str,
    mark: Sequence[Shape], mark_colours: dict[str, str],
) -> None:  # fmt: skip
    """Paste the paper label, from `high` to `low` above the bottle's foot."""
    top, low = foot[1] - high, foot[1] - low
    paper = gradient(
        (round(half * 2), round(low - top)),
        [(0, "#CFC6B4"), (0.3, "#FBF7EC"), (0.7, "#F3EDDD"), (1, "#B9AF9B")],
        across=True,
    )
    image.paste(paper, (round(foot[0] - half), round(top)))
    draw = ImageDraw.Draw(image)
    draw.line((foot[0] - half, top + 6, foot[0] + half, top + 6), fill=colour, width=3)
    draw.line((foot[0] - half, low - 6, foot[0] + half, low - 6), fill=colour, width=3)
    picture = bitmap(mark, (200, 200), round(half * 1.35), mark_colours)
    image.paste(picture, (round(foot[0] - picture.size[0] / 2), round((top + low) / 2 - picture.size[1] / 2)), picture)


def _apple(image: Image.Image, chance: random.Random, centre: tuple[float, float], radius: float, colour: str) -> None:
    x, y = centre
    shadow(image, (x + radius * 0.4, y + radius * 0.9), radius * 1.1, radius * 0.25, 0.5)
    ball = Image.new("RGB", SIZE, colour)
    glow(ball, (x - radius * 0.35, y - radius * 0.4), radius * 1.5, "#F4C07A", 0.75)
    glow(ball, (x - radius * 0.4, y - radius * 0.5), radius * 0.5, "#FFFFFF", 0.7)
    mask = Image.new("L", SIZE, 0)
    draw = ImageDraw.Draw(mask)
    draw.ellipse((x - radius, y - radius * 0.92, x + radius * 0.2, y + radius * 0.92), fill=255)
    draw.ellipse((x - radius * 0.2, y - radius * 0.92, x + radius, y + radius * 0.92), fill=255)
    image.paste(ball, (0, 0), mask.filter(ImageFilter.GaussianBlur(1)))
    lean = chance.uniform(-6, 8)
    ImageDraw.Draw(image).line((x, y - radius * 0.8, x + lean, y - radius * 1.3), fill="#4A3527", width=4)


def press(seed: str) -> Image.Image:
    """The press room: casks in a row, light from a high window."""
    chance = random.Random(seed)
    image = gradient(SIZE, [(0, "#5C5148"), (0.6, "#7A6A5A"), (1, "#3A322C")])
    draw = ImageDraw.Draw(image)
    for row in range(11):
        for column in range(-1, 9):
            x, y = column * 150 + (row % 2) * 75, row * 52
            tone = blend(rgb("#6E6256"), rgb("#857564"), chance.random())
            draw.rounded_rectangle((x + 2, y + 2, x + 147, y + 49), radius=9, fill=tone)
    image = image.filter(ImageFilter.GaussianBlur(2))
    glow(image, (250, 120), 560, "#FFE2A8", 0.8)
    image.paste(gradient((W, 190), [(0, "#6B5846"), (1, "#2E261F")]), (0, 610))
    for index, x in enumerate((180, 470, 760, 1050)):
        _cask(image, chance, (x, 560 + (index % 2) * 14), 150 - (index % 2) * 8)
    return finish(image, chance, warm=0.06)


def _cask(image: Image.Image, chance: random.Random, centre: tuple[float, float], radius: float) -> None:
    x, y = centre
    shadow(image, (x + 20, y + radius * 0.98), radius * 1.05, 18, 0.6)
    draw = ImageDraw.Draw(image)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill="#5A3B22")
    inner = radius * 0.88
    face = Image.new("L", image.size, 0)
    ImageDraw.Draw(face).ellipse((x - inner, y - inner, x + inner, y + inner), fill=255)
    boards = Image.new("RGB", image.size, "#A67543")
    plank = ImageDraw.Draw(boards)
    step = round(radius / 3.4)
    for index, left in enumerate(range(round(x - radius), round(x + radius), step)):
        tone = blend(rgb("#8E5F33"), rgb("#BD8A54"), ((index * 5) % 7) / 7 + chance.uniform(-0.05, 0.05))
        plank.rectangle((left, y - radius, left + step - 2, y + radius), fill=tone)
    glow(boards, (x - inner * 0.4, y - inner * 0.5), inner, "#F0C68C", 0.5)
    image.paste(boards, (0, 0), face.filter(ImageFilter.GaussianBlur(0.7)))
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline="#3A3A3C", width=10)
    draw.rectangle((x - inner * 0.92, y - 11, x + inner * 0.92, y + 11), fill="#7B5230")
    draw.ellipse((x - 13, y + inner * 0.52, x + 13, y + inner * 0.52 + 26), fill="#3A2818")


def field(
    seed: str,
    *,
    sky: Sequence[tuple[float, str]],
    rows: Sequence[str],
    soil: str,
    flowers: Sequence[str] = (),
    warm: float = 0.0,
) -> Image.Image:
    """Rows of plants that run to the horizon."""
    chance = random.Random(seed)
    image = gradient(SIZE, sky)
    glow(image, (300, 170), 380, "#FFF6DC", 0.8)
    horizon = 330
    for step, tone in enumerate(("#8FA59A", "#6F8B72", "#557257")):
        hills(image, chance, horizon - 34 + step * 15, 24 - step * 6, tone, tone, blur=1.2)
    image.paste(gradient((W, H - horizon), [(0, blend_hex(soil, "#9AA58C", 0.4)), (1, soil)]), (0, horizon))
    draw = ImageDraw.Draw(image)
    for depth in range(46):
        y = horizon + 6 + (H - horizon + 90) * (depth / 45) ** 2.1
        scale = 0.1 + (depth / 45) ** 1.75
        for lane in range(-14, 15):
            x = W * 0.46 + lane * 215 * scale + chance.uniform(-6, 6) * scale
            if not -120 < x < W + 120:
                continue
            for _ in range(13):
                radius = chance.uniform(9, 25) * scale
                dx, dy = chance.uniform(-52, 52) * scale, chance.uniform(-44, 10) * scale
                shade = blend(rgb(rows[0]), rgb(rows[1]), chance.random())
                draw.ellipse((x + dx - radius, y + dy - radius, x + dx + radius, y + dy + radius * 0.8), fill=shade)
            for index in range(7 if flowers else 0):
                radius = chance.uniform(3.5, 8.5) * scale
                dx, dy = chance.uniform(-48, 48) * scale, chance.uniform(-58, -4) * scale
                draw.ellipse(
                    (x + dx - radius, y + dy - radius, x + dx + radius, y + dy + radius),
                    fill=flowers[index % len(flowers)],
                )
    return finish(image, chance, warm=warm)


def blend_hex(first: str, second: str, share: float) -> str:
    """Like `blend`, for `#RRGGBB`."""
    red, green, blue = blend(rgb(first), rgb(second), share)
    return f"#{red:02X}{green:02X}{blue:02X}"


def glasshouse(seed: str, *, leaf: Sequence[str] = ("#2F5A32", "#7BA65A"), blooms: Sequence[str] = ()) -> Image.Image:
    """Inside a glasshouse: ribs of the roof, benches of young plants on both sides."""
    chance = random.Random(seed)
    image = gradient(SIZE, [(0, "#DDEBEE"), (0.5, "#F4F8F2"), (1, "#C9C2B0")])
    glow(image, (600, 330), 420, "#FFFFFF", 0.9)
    draw = ImageDraw.Draw(image)
    for step in range(9, 0, -1):
        scale = (step / 9) ** 1.8
        left, right, top = 600 - 780 * scale, 600 + 780 * scale, 330 - 430 * scale
        eaves = 330 - 170 * scale
        tone = blend(rgb("#FFFFFF"), rgb("#9FB3B5"), 0.35 + scale * 0.6)
        width = max(1, round(11 * scale))
        draw.line(
            [(left, 330 + 330 * scale), (left, eaves), (600, top), (right, eaves), (right, 330 + 330 * scale)],
            fill=tone,
            width=width,
            joint="curve",
        )
    path = [(600 - 36, 335), (600 + 36, 335), (600 + 250, H), (600 - 250, H)]
    draw.polygon(path, fill="#C7BCA5")
    for step in range(16):
        scale = 0.12 + (step / 15) ** 1.7 * 0.95
        y = 345 + 330 * scale
        for side in (-1, 1):
            for lane in range(4):
                x = 600 + side * (110 + lane * 128) * scale * 1.25
                _pot(draw, chance, (x, y - lane * 6 * scale), 46 * scale, leaf, blooms)
    return finish(image, chance)


def _pot(
    draw: ImageDraw.ImageDraw,
    chance: random.Random,
    foot: tuple[float, float],
    size: float,
    leaf: Sequence[str],
    blooms: Sequence[str],
) -> None:
    x, y = foot
    clay = blend(rgb("#9C4F33"), rgb("#C97A55"), chance.random())
    draw.polygon(
        [(x - size * 0.62, y - size), (x + size * 0.62, y - size), (x + size * 0.46, y), (x - size * 0.46, y)],
        fill=clay,
    )
    draw.rectangle(
        (x - size * 0.7, y - size * 1.16, x + size * 0.7, y - size * 0.92), fill=blend(clay, (255, 220, 190), 0.2)
    )
    for _ in range(26):
        turn, reach = chance.uniform(-2.9, -0.25), chance.uniform(0.3, 1.5)
        dx, dy = math.cos(turn) * reach * size * 0.8, math.sin(turn) * reach * size
        radius = size * chance.uniform(0.14, 0.32)
        tone = blend(rgb(leaf[0]), rgb(leaf[1]), chance.random())
        draw.ellipse((x + dx - radius, y - size + dy - radius, x + dx + radius, y - size + dy + radius), fill=tone)
    for index in range(7 if blooms else 0):
        dx, dy = chance.uniform(-0.8, 0.8) * size, chance.uniform(-2.3, -1.3) * size
        radius = size * 0.15
        draw.ellipse(
            (x + dx - radius, y + dy - radius, x + dx + radius, y + dy + radius), fill=blooms[index % len(blooms)]
        )


def bench(
    seed: str, *, blooms: Sequence[str], wall: Sequence[str] = ("#E8E2D4", "#CDBFA6"), pots: int = 5
) -> Image.Image:
    """A potting bench against a wall: pots in a row, soil, a trowel."""
    chance = random.Random(seed)
    image = gradient(SIZE, [(0, wall[0]), (1, wall[1])])
    glow(image, (330, 180), 520, "#FFFFFF", 0.5)
    image.paste(gradient((W, 230), [(0, "#A9855B"), (1, "#6B4D31")]), (0, 570))
    draw = ImageDraw.Draw(image)
    for y in (640, 716):
        draw.line((0, y, W, y + 4), fill="#5E4329", width=3)
    for index in range(pots):
        x = W / 2 + (index - (pots - 1) / 2) * 205
        size = 120 - (index % 2) * 18
        shadow(image, (x + 30, 648), size * 0.7, 14, 0.5)
        _pot(ImageDraw.Draw(image), chance, (x, 650), size, ("#2C5530", "#86AE5E"), (blooms[index % len(blooms)],))
    draw = ImageDraw.Draw(image)
    for _ in range(420):
        left, top = chance.gauss(860, 120), chance.gauss(716, 14)
        draw.ellipse(
            (left - 3, top - 2, left + 3, top + 2), fill=blend(rgb("#3A2A1C"), rgb("#6B4F36"), chance.random())
        )
    shadow(image, (300, 735), 130, 9, 0.5)
    draw = ImageDraw.Draw(image)
    draw.line((190, 740, 290, 726), fill="#7A4A26", width=20)
    draw.polygon([(288, 712), (400, 694), (428, 706), (404, 724), (292, 740)], fill="#8D979B")
    draw.line((296, 722, 412, 706), fill="#C7D0D3", width=5)
    return finish(image, chance, warm=0.03)
