"""The files of the French example: an agency leaves a cider house.

Role: what each generated file shows or says. The hand-written files (`handover.yaml`, tables, notes) aren't here.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial

from PIL import Image

from making import logos, media, scenes
from making.canvas import jpeg
from making.figures import LAST_MONTH, TREHOREL
from making.measured import Measured, columns
from making.outline import bitmap, svg
from making.papers import House, Logo
from making.paperwork import documents, read
from making.pdf import FONTS
from making.series import table

SEED = 20221
FOLDER = "cidrerie-trehorel"
_PHOTOGRAPHER = "Studio Vent d'Ouest"
"""For Exif, which is ASCII."""
_TEXTS = read("fr")
_LOGO = Logo(logos.trehorel(), logos.TREHOREL_SIZE, logos.TREHOREL_COLOURS)
_HOUSE = House(
    "Cabin-Regular.otf", "Cabin-Bold.otf", "#0E5A6B", Logo(logos.vent(), logos.VENT_SIZE, logos.VENT_COLOURS),
    "Studio Vent d’Ouest", "fr-FR", "Page {page} sur {pages}", "\u202f",
)  # fmt: skip


_PRODUCTS = (
    "brut", "doux", "demi-sec", "rose", "nouveau", "fermier", "fut", "cuvee-1957", "magnum", "jus-petillant",
    "jus-trouble", "gelee", "vinaigre", "coffret-2", "coffret-3", "coffret-6", "verres", "bolee",
)  # fmt: skip


def files() -> dict[str, bytes]:
    """Every generated file of the project folder, by path."""
    made = {
        "data/metrics.csv": table(
            TREHOREL, LAST_MONTH, SEED, header="mois;indicateur;valeur", separator=";", comma=True
        ),
        "brand/logo.png": logos.png(bitmap(logos.vent(), logos.VENT_SIZE, 1140, logos.VENT_COLOURS)),
        "brand/signature.png": logos.png(logos.signature(logos.QUEMENEUR, 900, "#1B2A6B")),
    }
    for part in (_identity(), _photos(), _papers(), _tables(), _campaigns()):
        made |= {f"assets/{path}": content for path, content in part.items()}
    return made


def _identity() -> dict[str, bytes]:
    colours, size = logos.TREHOREL_COLOURS, logos.TREHOREL_SIZE
    white: Mapping[str, str] = dict.fromkeys(colours, "#FFFFFF")
    ink: Mapping[str, str] = dict.fromkeys(colours, "#2B211C")
    mark = bitmap(logos.apple(4, 2, 0.96), (200, 200), 96, colours)
    at = "Identité visuelle"
    fonts = f"{at}/polices"
    return {
        f"{at}/logo/logo-tréhorel.svg": svg(logos.trehorel(), size, colours, "Tréhorel, cidres et vergers"),
        f"{at}/logo/logo-tréhorel-blanc.svg": svg(logos.trehorel(), size, white, "Tréhorel, cidres et vergers"),
        f"{at}/logo/logo-tréhorel.png": logos.png(bitmap(logos.trehorel(), size, 1520, colours)),
        f"{at}/logo/logo-tréhorel-monochrome.png": logos.png(bitmap(logos.trehorel(), size, 1520, ink)),
        f"{at}/logo/favicon.ico": media.icon(mark),
        f"{fonts}/Quattrocento-Regular.otf": _font("Quattrocento-Regular.otf"),
        f"{fonts}/Cabin-Regular.otf": _font("Cabin-Regular.otf"),
        f"{fonts}/Licence OFL.txt": _font("OFL-Cabin-Quattrocento.txt"),
    }


def _font(name: str) -> bytes:
    return (FONTS / name).read_bytes()


_SPRING = [(0.0, "#8FBBD8"), (0.5, "#DDEAF0")]
_AUTUMN = [(0.0, "#7FA3C4"), (0.5, "#F3DFC0")]
_GREEN, _RED = "#4C6B2F", "#9E2B25"
_MARK = logos.apple(0, 0, 1)
_COLOURS = dict(logos.TREHOREL_COLOURS)

_SCENES: Mapping[str, Callable[[], Image.Image]] = {
    "blossom": partial(
        scenes.orchard,
        "fleurs",
        sky=_SPRING,
        leaves=("#5F7F4A", "#A9C27C"),
        dots=("#FFFFFF", "#F7DDE3", "#FBEFF1"),
        ground=("#9DB86B", "#56803C"),
        dot_count=210,
        dot_size=0.017,
    ),
    "harvest": partial(
        scenes.orchard,
        "récolte",
        sky=_AUTUMN,
        leaves=("#4B6A33", "#A39B45"),
        dots=("#B3342B", "#D8913A"),
        ground=("#A9A765", "#6B7038"),
        warm=0.08,
    ),
    "summer": partial(
        scenes.orchard,
        "été",
        sky=[(0.0, "#5F9CCB"), (0.5, "#CFE4EE")],
        leaves=("#35602F", "#7FA653"),
        dots=("#A6B955",),
        ground=("#8FAE5B", "#4A7434"),
        sun=(300, 150),
        dot_count=40,
    ),
    "mist": partial(
        scenes.orchard,
        "brume",
        sky=[(0.0, "#C9D6DC"), (0.5, "#F2EEE4")],
        leaves=("#5C6F58", "#93A384"),
        ground=("#AEBBA0", "#6F8467"),
        mist=0.8,
    ),
    "brut": partial(
        scenes.bottle,
        "brut",
        backdrop=[(0, "#E9DFCB"), (1, "#C7B28F")],
        table=("#8A6239", "#5A3D22"),
        glass=("#0F1E14", "#2B4630", "#5C7A55"),
        label=_RED,
        mark=_MARK,
        mark_colours=_COLOURS,
    ),
    "doux": partial(
        scenes.bottle,
        "doux",
        backdrop=[(0, "#F1E3D3"), (1, "#D6A98C")],
        table=("#7C5636", "#4A311F"),
        glass=("#5A2E0C", "#A8651E", "#E0A650"),
        label="#B4642A",
        mark=_MARK,
        mark_colours=_COLOURS,
        count=2,
    ),
    "jus": partial(
        scenes.bottle,
        "jus",
        backdrop=[(0, "#DCE5D6"), (1, "#A9BC9B")],
        table=("#B08A5C", "#75552F"),
        glass=("#8A4A12", "#D08A2E", "#F2C063"),
        label=_GREEN,
        mark=_MARK,
        mark_colours=_COLOURS,
        count=3,
        tall=False,
    ),
    "coffret": partial(
        scenes.bottle,
        "coffret",
        backdrop=[(0, "#7E2A26"), (1, "#47140F")],
        table=("#5B4030", "#33231A"),
        glass=("#101A12", "#2A3C2C", "#5F7A59"),
        label="#C9A24B",
        mark=_MARK,
        mark_colours=_COLOURS,
        count=3,
    ),
    "gelée": partial(
        scenes.bottle,
        "gelée",
        backdrop=[(0, "#EFE9DC"), (1, "#D9C9A6")],
        table=("#96714A", "#5D4329"),
        glass=("#7A3A10", "#C2702A", "#EDAE5C"),
        label=_GREEN,
        mark=_MARK,
        mark_colours=_COLOURS,
        tall=False,
        fruit="#7E9A3C",
    ),
    "press": partial(scenes.press, "pressoir"),
}


@cache
def _scene(name: str) -> Image.Image:
    return _SCENES[name]()


def _picture(name: str, width: int = 1200) -> bytes:
    image = _scene(name)
    if width != image.size[0]:
        image = image.resize((width, width * 2 // 3))
    return jpeg(image, description=name, artist=_PHOTOGRAPHER, taken="2025:05:12 08:40:00")


def _photos() -> dict[str, bytes]:
    shots = {
        "Vergers 2025/pommiers en fleurs.jpg": ("blossom", "Pommiers en fleurs, verger du haut", "2025:05:02 08:12:40"),
        "Vergers 2025/allée en été.jpg": ("summer", "Allee du verger, juillet", "2025:07:10 18:55:03"),
        "Vergers 2025/récolte d’octobre.jpg": ("harvest", "Avant la recolte", "2025:10:07 17:31:22"),
        "Vergers 2025/brume du matin.jpg": ("mist", "Brume d'octobre", "2025:10:15 08:02:10"),
        "Produits/cidre-brut.jpg": ("brut", "Cidre brut, 75 cl", "2025:06:18 10:05:00"),
        "Produits/cidre-doux.jpg": ("doux", "Cidre doux, 75 cl", "2025:06:18 10:40:00"),
        "Produits/jus-de-pomme.jpg": ("jus", "Jus de pomme, 1 litre", "2025:06:18 11:20:00"),
        "Produits/coffret de Noël.jpg": ("coffret", "Coffret de Noel 2025", "2025:10:28 14:00:00"),
        "Équipe/le pressoir.jpg": ("press", "La salle du pressoir", "2025:10:07 11:15:00"),
    }
    made = {
        f"Photos/{path}": jpeg(_scene(name), description=text, artist=_PHOTOGRAPHER, taken=taken)
        for path, (name, text, taken) in shots.items()
    }
    made["Photos/Produits/gelée de cidre.webp"] = media.webp(_scene("gelée"))
    credits_ = [
        "Légendes et crédits",
        "",
        "Toutes les photos : Studio Vent d’Ouest pour la Cidrerie Tréhorel, 2025.",
        "",
    ]
    credits_ += [
        f"{path} – {text}, prise le {taken[8:10]}/{taken[5:7]}/{taken[:4]}" for path, (_, text, taken) in shots.items()
    ]
    made["Photos/légendes et crédits.txt"] = ("\r\n".join(credits_) + "\r\n").encode()
    return made


def _papers() -> dict[str, bytes]:
    # Cabin has no minus sign: an en dash stands for it.
    book = Measured(columns(TREHOREL, SEED), "\u202f", ",", "–", "\u00a0%", _TEXTS["reports"]["over_a_year"])
    return documents(_TEXTS, _HOUSE, _LOGO, book, "blossom", _picture)


def _tables() -> dict[str, bytes]:
    keywords = "\r\n".join([*_TEXTS["keywords"]["lines"], ""])
    plain = [f"/catalogue/{name}.php;/produits/{name}/;301" for name in _PRODUCTS]
    sized = [
        f"/catalogue/{name}-{size}.php;/produits/{name}/?format={size};301"
        for name in _PRODUCTS[:14]
        for size in ("37cl", "75cl")
    ]
    redirects = "\n".join(["ancienne adresse;nouvelle adresse;code", *plain, *sized, ""])
    return {
        # As a spreadsheet saves it: with a byte order mark and Windows line ends.
        _TEXTS["keywords"]["file"]: ("\ufeff" + keywords).encode(),
        "Site/plan-de-redirection.csv": redirects.encode(),
    }


def _campaigns() -> dict[str, bytes]:
    cream, red, green = "#F4F2EC", "#9E2B25", "#4C6B2F"
    tune = [(0, 1), (4, 1), (7, 1), (12, 2), (9, 1), (7, 1), (4, 1), (5, 1), (2, 1), (7, 1), (0, 3)]
    sheet = media.poster(
        (800, 1130),
        _scene("harvest"),
        (
            ("Fête de la pomme", "Quattrocento-Regular.otf", 74),
            ("10 et 11 octobre 2026", "Cabin-Bold.otf", 40),
            ("Pressée, visites, marché et fest-noz", "Cabin-Regular.otf", 30),
            ("Pressoir Tréhorel, La Ville-ès-Pommes", "Cabin-Regular.otf", 30),
        ),
        cream,
        red,
    )
    stills = [_scene(name).resize((288, 192)) for name in ("harvest", "press", "brut", "mist")]
    frames = (
        ("Fête de la pomme", cream, red),
        ("10 et 11 octobre 2026", red, cream),
        ("Au pressoir Tréhorel", cream, green),
    )
    printed = jpeg(sheet, description="Affiche", artist=_PHOTOGRAPHER, taken="2026:08:31 09:00:00")
    return {
        "Campagnes/bannière-fête-de-la-pomme.gif": media.banner((728, 90), frames, "Quattrocento-Regular.otf"),
        "Campagnes/affiche Fête de la pomme 2026.jpg": printed,
        "Campagnes/spot-fête-de-la-pomme.wav": media.jingle(tune),
        "Campagnes/pressoir-en-marche.mp4": media.film(stills),
    }  # fmt: skip
