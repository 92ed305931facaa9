"""The four logos and the two signatures, drawn for these examples.

Role: shapes only; which files they become is decided in `trehorel` and `wrenfield`. The drawings are original and
are given away with the project's licence.
"""

import io
import math
from collections.abc import Mapping, Sequence

from PIL import Image, ImageDraw

from making.outline import Point, Shape, curve, ellipse, lettering, path

TREHOREL_COLOURS: Mapping[str, str] = {"apple": "#9E2B25", "leaf": "#4C6B2F", "ink": "#2B211C"}
WRENFIELD_COLOURS: Mapping[str, str] = {"bird": "#3F5B3A", "clay": "#B5573C", "ink": "#26301F"}
VENT_COLOURS: Mapping[str, str] = {"disc": "#0E5A6B", "wave": "#FFFFFF", "ink": "#12343B", "soft": "#0E5A6B"}
REEVE_COLOURS: Mapping[str, str] = {"disc": "#6A2E5B", "letter": "#FFFFFF", "ink": "#33202E", "soft": "#6A2E5B"}


def _moved(commands: Sequence[tuple[str, tuple[Point, ...]]], dx: float, dy: float, scale: float) -> list:  # type: ignore[type-arg]  # as given
    return [(letter, tuple((dx + x * scale, dy + y * scale) for x, y in points)) for letter, points in commands]


def apple(dx: float, dy: float, scale: float) -> list[Shape]:
    """The cider house's mark, 200 units square."""
    body = path(
        "M 100 60 C 84 44 44 44 33 80 C 22 118 46 170 76 178 C 88 181 94 175 100 175 C 106 175 112 181 124 178 "
        "C 154 170 178 118 167 80 C 156 44 116 44 100 60 Z M 51 88 C 44 108 48 130 60 147 C 66 140 54 116 66 86 "
        "C 62 76 55 78 51 88 Z"
    )
    stem = path("M 97 58 C 96 44 91 34 82 25 L 90 20 C 99 30 104 43 105 58 Z")
    leaf = path(
        "M 106 45 C 110 20 134 9 160 14 C 156 38 134 54 106 45 Z "
        "M 116 40 C 128 36 140 28 150 18 C 138 24 126 31 116 40 Z"
    )
    return [
        Shape("apple", tuple(_moved(body, dx, dy, scale))),
        Shape("ink", tuple(_moved(stem, dx, dy, scale))),
        Shape("leaf", tuple(_moved(leaf, dx, dy, scale))),
    ]


TREHOREL_SIZE = (760.0, 240.0)
WRENFIELD_SIZE = (820.0, 240.0)
VENT_SIZE = (760.0, 180.0)
REEVE_SIZE = (640.0, 180.0)


def trehorel() -> list[Shape]:
    """Apple, name, and what the house makes."""
    return [
        *apple(14, 16, 1.04),
        *lettering("TRÉHOREL", "Quattrocento-Regular.otf", 88, (246, 136), "ink", tracking=0.06),
        *lettering("CIDRES & VERGERS DEPUIS 1957", "Cabin-Regular.otf", 22.5, (250, 184), "apple", tracking=0.115),
    ]


def wren(dx: float, dy: float, scale: float) -> list[Shape]:
    """The nursery's mark: a wren on a twig, 200 units square."""
    bird = path(
        "M 26 76 C 40 74 46 66 54 58 C 66 45 88 43 102 56 C 112 65 120 76 130 84 C 138 70 146 48 152 22 "
        "C 158 20 164 21 169 24 C 168 52 164 86 158 106 C 150 136 126 154 98 154 C 66 154 46 132 46 104 "
        "C 46 96 47 90 49 84 C 42 82 34 80 26 76 Z"
    )
    eye = ellipse((69, 68), 4.6, 4.6)
    wing = path(
        "M 88 100 C 102 92 126 98 136 118 C 122 130 96 128 88 100 Z "
        "M 97 105 C 106 116 116 120 126 117 C 118 107 108 103 97 105 Z"
    )
    legs = path("M 88 152 L 85 176 L 90 176 L 93 153 Z M 106 153 L 108 176 L 113 176 L 111 152 Z")
    twig = path("M 18 182 C 62 170 128 176 186 170 C 187 172 187 175 186 177 C 130 183 66 178 19 188 Z")
    leaves = path(
        "M 150 172 C 154 156 168 148 184 150 C 182 164 168 174 150 172 Z "
        "M 44 181 C 36 170 24 166 12 170 C 18 181 30 186 44 181 Z"
    )
    cut = [*bird, *eye, *wing]
    return [
        Shape("bird", tuple(_moved(cut, dx, dy, scale))),
        Shape("clay", tuple(_moved(legs, dx, dy, scale))),
        Shape("clay", tuple(_moved(twig, dx, dy, scale))),
        Shape("bird", tuple(_moved(leaves, dx, dy, scale))),
    ]


def wrenfield() -> list[Shape]:
    """Wren, name, trade."""
    return [
        *wren(14, 14, 1.06),
        *lettering("Wrenfield", "Karla-Bold.otf", 104, (246, 138), "bird", tracking=-0.02),
        *lettering("NURSERIES & GARDEN SCHOOL", "Karla-Regular.otf", 24, (252, 186), "clay", tracking=0.14),
    ]


def vent_mark(dx: float, dy: float, scale: float) -> list[Shape]:
    """The studio's mark: three gusts on a disc, 160 units square."""
    gusts = [
        (
            "M 30 62 C 56 46 72 76 98 62 C 116 52 116 34 100 34 C 92 34 88 40 90 46 L 82 48 C 78 34 88 26 100 26 "
            "C 128 26 128 62 102 71 C 74 82 56 54 34 69 Z"
        ),
        "M 24 90 C 58 72 84 106 132 82 L 136 89 C 86 116 56 82 28 97 Z",
        (
            "M 38 116 C 62 104 80 128 104 113 C 118 105 134 112 132 124 C 130 136 112 138 108 126 L 116 124 "
            "C 118 130 124 129 124 123 C 124 117 115 115 107 121 C 80 138 62 112 42 123 Z"
        ),
    ]
    disc = [*ellipse((80, 80), 78, 78)]
    for gust in gusts:
        disc += path(gust)
    return [Shape("disc", tuple(_moved(disc, dx, dy, scale)))]


def vent() -> list[Shape]:
    """The agency's letterhead logo."""
    return [
        *vent_mark(8, 10, 1.0),
        *lettering("Studio", "Cabin-Regular.otf", 50, (194, 74), "soft"),
        *lettering("Vent d’Ouest", "Cabin-Bold.otf", 84, (191, 142), "ink", tracking=-0.01),
    ]


def reeve() -> list[Shape]:
    """The freelancer's letterhead logo."""
    disc = [*ellipse((90, 90), 76, 76)]
    for shape in lettering("tr", "Quattrocento-Regular.otf", 104, (90, 116), "letter", anchor="middle", tracking=-0.03):
        disc += shape.path
    return [
        Shape("disc", tuple(disc)),
        *lettering("Tamsin Reeve", "Quattrocento-Regular.otf", 70, (190, 96), "ink"),
        *lettering("WEB & CONTENT", "Karla-Regular.otf", 25, (193, 142), "soft", tracking=0.17),
    ]


def png(image: Image.Image) -> bytes:
    """PNG bytes, without metadata."""
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


Stroke = Sequence[tuple[float, float, float]]
"""A pen stroke: x, y and pressure (1 is the pen's full width)."""

QUEMENEUR: Sequence[Stroke] = (
    ((24, 150, 0.3), (44, 96, 0.7), (66, 40, 0.9), (74, 34, 0.8), (76, 70, 1.0), (74, 138, 0.9), (86, 108, 0.5),
     (118, 42, 0.6), (128, 36, 0.8), (126, 78, 1.0), (128, 142, 0.8), (146, 132, 0.4)),
    ((228, 58, 0.4), (200, 44, 0.7), (176, 72, 1.0), (180, 120, 1.0), (214, 134, 0.8), (240, 102, 0.8), (234, 58, 0.6),
     (210, 46, 0.4), (226, 104, 0.5), (250, 140, 0.9), (270, 138, 0.4), (284, 112, 0.4), (290, 112, 0.7),
     (288, 132, 0.8), (304, 128, 0.5), (312, 110, 0.4), (314, 132, 0.8), (328, 122, 0.5), (342, 108, 0.5),
     (334, 128, 0.7), (352, 130, 0.4), (364, 110, 0.4), (366, 130, 0.8), (378, 112, 0.4), (388, 130, 0.7),
     (402, 124, 0.4), (420, 112, 0.4), (414, 130, 0.7), (440, 128, 0.3), (476, 116, 0.15)),
    ((330, 92, 0.7), (346, 82, 0.2)),
    ((410, 94, 0.7), (428, 82, 0.2)),
    ((96, 172, 0.2), (180, 162, 0.6), (300, 156, 0.7), (440, 160, 0.4), (498, 152, 0.1)),
)  # fmt: skip

REEVE: Sequence[Stroke] = (
    ((20, 62, 0.3), (60, 44, 0.8), (120, 36, 0.9), (158, 32, 0.4)),
    ((94, 40, 0.4), (86, 84, 0.9), (72, 136, 1.0), (58, 146, 0.7), (52, 134, 0.4), (84, 118, 0.4), (112, 104, 0.5),
     (104, 98, 0.4), (94, 114, 0.8), (102, 126, 0.8), (122, 104, 0.4), (120, 126, 0.8), (134, 122, 0.5),
     (142, 104, 0.4), (144, 124, 0.8), (154, 106, 0.4), (160, 124, 0.8), (170, 106, 0.4), (176, 124, 0.7),
     (190, 110, 0.4), (196, 126, 0.7), (214, 116, 0.3), (222, 106, 0.4), (226, 124, 0.7), (240, 108, 0.4),
     (248, 124, 0.6), (268, 118, 0.2)),
    ((288, 134, 0.4), (296, 86, 0.9), (310, 40, 0.8), (346, 26, 0.6), (366, 48, 0.9), (342, 80, 0.7), (312, 86, 0.4),
     (340, 100, 0.8), (364, 128, 0.9), (384, 126, 0.4), (398, 110, 0.4), (392, 104, 0.5), (386, 120, 0.8),
     (404, 126, 0.5), (420, 110, 0.4), (412, 104, 0.5), (408, 120, 0.8), (424, 124, 0.5), (434, 106, 0.5),
     (440, 124, 0.8), (454, 104, 0.4), (466, 114, 0.4), (462, 104, 0.4), (456, 118, 0.8), (476, 126, 0.5),
     (520, 104, 0.15)),
    ((198, 92, 0.8), (202, 90, 0.5)),
)  # fmt: skip


def signature(strokes: Sequence[Stroke], width: int, ink: str) -> Image.Image:
    """A handwritten signature on a transparent ground, as from a fountain pen."""
    over, size = 4, (530, 196)
    scale = width * over / size[0]
    mask = Image.new("L", (width * over, round(size[1] * scale)), 0)
    draw = ImageDraw.Draw(mask)
    for stroke in strokes:
        for x, y, pressure in _smooth(stroke):
            radius = (0.9 + 1.75 * pressure) * scale
            draw.ellipse(
                (x * scale - radius, y * scale - radius * 0.82, x * scale + radius, y * scale + radius * 0.82), fill=255
            )
    mask = mask.resize((width, round(size[1] * width / size[0])), Image.Resampling.LANCZOS)
    image = Image.new("RGBA", mask.size, ink)
    image.putalpha(mask)
    return image


def _smooth(stroke: Stroke) -> list[tuple[float, float, float]]:
    """Points along a Catmull–Rom spline through the stroke, close enough to paint as overlapping dots."""
    points = [stroke[0], *stroke, stroke[-1]]
    found = [stroke[0]]
    for before, start, end, after in zip(points, points[1:], points[2:], points[3:], strict=False):
        one = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        two = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        steps = max(8, round(math.dist(start[:2], end[:2]) * 3))
        for index, (x, y) in enumerate(curve(start[:2], one, two, end[:2], steps=steps), 1):
            found.append((x, y, start[2] + (end[2] - start[2]) * index / steps))
    return found
