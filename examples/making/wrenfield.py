"""The files of the English example: a freelancer leaves a plant nursery.

Role: what each generated file shows or says. The hand-written files (`handover.yaml`, tables, notes) aren't here.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial

from PIL import Image

from making import logos, media, scenes
from making.canvas import jpeg
from making.figures import LAST_MONTH, WRENFIELD
from making.measured import Measured, columns
from making.outline import bitmap, svg
from making.papers import House, Logo
from making.paperwork import documents, read
from making.pdf import FONTS
from making.series import table

SEED = 20181
FOLDER = "wrenfield-nurseries"
_AUTHOR = "Tamsin Reeve"
_TEXTS = read("en")
_LOGO = Logo(logos.wrenfield(), logos.WRENFIELD_SIZE, logos.WRENFIELD_COLOURS)
_HOUSE = House(
    "Karla-Regular.otf", "Karla-Bold.otf", "#6A2E5B", Logo(logos.reeve(), logos.REEVE_SIZE, logos.REEVE_COLOURS),
    _AUTHOR, "en-GB", "Page {page} of {pages}", ",",
)  # fmt: skip


_PLANTS = (
    "acer", "agapanthus", "allium", "anemone", "aster", "buddleja", "camellia", "clematis", "cosmos", "crocus",
    "dahlia", "delphinium", "echinacea", "fuchsia", "geranium", "hellebore", "hosta", "hydrangea", "iris", "lavender",
    "lupin", "magnolia", "narcissus", "peony", "phlox", "rose", "salvia", "sedum", "tulip", "viburnum",
)  # fmt: skip


def files() -> dict[str, bytes]:
    """Every generated file of the project folder, by path."""
    made = {
        "data/metrics.csv": table(WRENFIELD, LAST_MONTH, SEED, header="date,metric,value", separator=",", comma=False),
        "brand/logo.png": logos.png(bitmap(logos.reeve(), logos.REEVE_SIZE, 1120, logos.REEVE_COLOURS)),
        "brand/signature.png": logos.png(logos.signature(logos.REEVE, 900, "#1F1F24")),
    }
    for part in (_brand(), _photographs(), _papers(), _tables(), _campaigns()):
        made |= {f"assets/{path}": content for path, content in part.items()}
    return made


def _brand() -> dict[str, bytes]:
    colours, size = logos.WRENFIELD_COLOURS, logos.WRENFIELD_SIZE
    white: Mapping[str, str] = dict.fromkeys(colours, "#FFFFFF")
    mark = logos.wren(4, 2, 0.96)
    title = "Wrenfield Nurseries & Garden School"
    return {
        "Brand/Logo/wrenfield-logo.svg": svg(logos.wrenfield(), size, colours, title),
        "Brand/Logo/wrenfield-logo-white.svg": svg(logos.wrenfield(), size, white, title),
        "Brand/Logo/wrenfield-mark.svg": svg(mark, (200, 200), colours, title),
        "Brand/Logo/wrenfield-logo.png": logos.png(bitmap(logos.wrenfield(), size, 1640, colours)),
        "Brand/Logo/wrenfield-mark.png": logos.png(bitmap(mark, (200, 200), 800, colours)),
        "Brand/Logo/favicon.ico": media.icon(bitmap(mark, (200, 200), 96, colours)),
        "Brand/Fonts/Karla-Regular.otf": (FONTS / "Karla-Regular.otf").read_bytes(),
        "Brand/Fonts/Karla-Bold.otf": (FONTS / "Karla-Bold.otf").read_bytes(),
        "Brand/Fonts/OFL.txt": (FONTS / "OFL-Karla.txt").read_bytes(),
    }


_SKY = [(0.0, "#8FBBD8"), (0.5, "#DDEAF0")]
_SCENES: Mapping[str, Callable[[], Image.Image]] = {
    "lavender": partial(
        scenes.field, "lavender", sky=_SKY, rows=("#3E6B3A", "#8DB45F"), soil="#7A5E43", flowers=("#8E5BB0", "#B58AD0")
    ),
    "tulips": partial(
        scenes.field,
        "tulips",
        sky=[(0.0, "#9CC3DC"), (0.5, "#EAF1F1")],
        rows=("#4B7A3E", "#9DBE66"),
        soil="#6B4F38",
        flowers=("#D9403A", "#F0B23A", "#E77BA0"),
    ),
    "evening": partial(
        scenes.field,
        "evening",
        sky=[(0.0, "#6C7FA6"), (0.5, "#F0D2B0")],
        rows=("#38562F", "#77934D"),
        soil="#5E4632",
        flowers=("#F3E6D2", "#E8C9C0"),
        warm=0.09,
    ),
    "glasshouse": partial(scenes.glasshouse, "glasshouse", blooms=("#E2557B", "#F4C7D3")),
    "seedlings": partial(scenes.glasshouse, "seedlings", leaf=("#4B7F3C", "#B7D37E")),
    "orchard": partial(
        scenes.orchard,
        "young trees",
        sky=_SKY,
        leaves=("#5F7F4A", "#A9C27C"),
        dots=("#FFFFFF", "#F7DDE3"),
        ground=("#9DB86B", "#56803C"),
        dot_count=150,
        dot_size=0.016,
        sun=(320, 170),
    ),
    "bench": partial(scenes.bench, "bench", blooms=("#D9485F", "#F2B632", "#8A6BBE")),
    "roses": partial(scenes.bench, "roses", blooms=("#C8385A", "#F2A7B5"), wall=("#DCE3DA", "#A9B8A4"), pots=4),
    "herbs": partial(scenes.bench, "herbs", blooms=("#DDE7C0", "#B9A7D6"), wall=("#EFE6D8", "#D9C7AC"), pots=5),
    "bulbs": partial(
        scenes.bench, "spring", blooms=("#F0C93A", "#FFFFFF", "#E58F2E"), wall=("#DDE6EC", "#AFC0C9"), pots=3
    ),
}


@cache
def _scene(name: str) -> Image.Image:
    return _SCENES[name]()


def _picture(name: str, width: int) -> bytes:
    image = _scene(name).resize((width, width * 2 // 3))
    return jpeg(image, description=name, artist=_AUTHOR, taken="2025:06:20 07:30:00")


def _photographs() -> dict[str, bytes]:
    shots = {
        "Nursery/lavender rows.jpg": ("lavender", "Lavender rows, lower field", "2025:06:20 07:30:12"),
        "Nursery/tulip field, April.jpg": ("tulips", "Tulips for the cut-flower table", "2025:04:16 08:05:40"),
        "Nursery/young fruit trees.jpg": ("orchard", "Young fruit trees in blossom", "2025:04:29 09:12:05"),
        "Nursery/glasshouse two.jpg": ("glasshouse", "Glasshouse two, pelargoniums", "2025:05:08 10:20:31"),
        "Nursery/seedlings.jpg": ("seedlings", "Seedlings on the heated benches", "2025:03:11 11:02:18"),
        "Workshops/potting bench.jpg": ("bench", "The potting bench, before a workshop", "2025:05:02 09:40:00"),
        "Workshops/rosé & roses, setting up.jpg": (
            "evening",
            "The lower field, evening of the roses",
            "2026:06:19 19:12:44",
        ),
        "Products/patio roses.jpg": ("roses", "Patio roses in 3-litre pots", "2026:02:18 14:10:00"),
        "Products/herb collection.jpg": ("herbs", "Herb collection, five pots", "2026:02:18 14:45:00"),
    }
    made = {
        f"Photography/{path}": jpeg(_scene(name), description=text, artist=_AUTHOR, taken=taken)
        for path, (name, text, taken) in shots.items()
    }
    made["Photography/Products/spring bulbs.webp"] = media.webp(_scene("bulbs"))
    lines = ["Captions and credits", "", "All photographs: Tamsin Reeve for Wrenfield Nurseries, 2025 and 2026.", ""]
    lines += [
        f"{path}: {text}, {int(taken[8:10])} {_TEXTS['reports']['months'][int(taken[5:7]) - 1]} {taken[:4]}"
        for path, (_, text, taken) in shots.items()
    ]
    made["Photography/captions and credits.txt"] = ("\n".join(lines) + "\n").encode()
    return made


def _papers() -> dict[str, bytes]:
    book = Measured(columns(WRENFIELD, SEED), ",", ".", "−", "%", _TEXTS["reports"]["over_a_year"])
    return documents(_TEXTS, _HOUSE, _LOGO, book, "lavender", _picture)


def _tables() -> dict[str, bytes]:
    redirects = [f"/catalogue/{name[0]}/{name}.asp,/plants/{name}/,301" for name in _PLANTS]
    return {
        _TEXTS["keywords"]["file"]: ("\n".join([*_TEXTS["keywords"]["lines"], ""])).encode(),
        "Website/redirects.csv": "\n".join(["old address,new address,code", *redirects, ""]).encode(),
    }


def _campaigns() -> dict[str, bytes]:
    linen, moss, clay = "#F4F2EC", "#3F5B3A", "#B5573C"
    sheet = media.poster((800, 1130), _scene("evening"), (
        ("Rosé & Roses", "Karla-Bold.otf", 92), ("Friday 19 June 2026, from 6.30 pm", "Karla-Bold.otf", 38),
        ("A walk through the rose field, with a glass", "Karla-Regular.otf", 32),
        ("Wrenfield Nurseries, Combe Alder", "Karla-Regular.otf", 32),
    ), linen, moss)  # fmt: skip
    tune = [(3, 1), (7, 1), (10, 2), (8, 1), (7, 1), (3, 2), (5, 1), (7, 1), (3, 3)]
    stills = [_scene(name).resize((288, 192)) for name in ("seedlings", "bench", "glasshouse", "herbs")]
    places = "ticket,name,paid\n" + "".join(
        f"RR-{n:03d},reserved,{'yes' if n % 9 else 'at the gate'}\n" for n in range(1, 121)
    )
    frames = (
        ("Spring fair", linen, moss),
        ("Every weekend in March", moss, linen),
        ("Wrenfield, Combe Alder", linen, clay),
    )
    printed = jpeg(sheet, description="Poster", artist=_AUTHOR, taken="2026:05:20 15:00:00")
    return {
        "Campaigns/spring-fair-banner.gif": media.banner((728, 90), frames, "Karla-Bold.otf"),
        "Campaigns/Rosé & roses evening/poster.jpg": printed,
        "Campaigns/Rosé & roses evening/places sold.csv": places.encode(),
        "Campaigns/garden-school-jingle.wav": media.jingle(tune),
        "Campaigns/propagation-bench.mp4": media.film(stills),
    }  # fmt: skip
