"""The documents of one project, from its texts: guidelines, contracts, reports, strategy, calendar, web archive.

Role: joins the words in `texts/<language>.toml` with the layout in `papers` and `office` and the figures in
`measured`. Dates in the texts are `YYYYMMDD` or `YYYY-MM-DD`; `{month}` and figures are filled in here.
"""

import tomllib
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from making.measured import Measured, next_month
from making.office import calendar, package, strategy
from making.papers import House, Logo, contract, guidelines, monthly_report

_TEXTS = Path(__file__).parent / "texts"
Photograph = Callable[[str, int], bytes]
"""A scene's name and a width in pixels → a JPEG."""


def read(language: str) -> dict[str, Any]:
    """The texts of one example."""
    return tomllib.loads((_TEXTS / f"{language}.toml").read_text(encoding="utf-8"))


def documents(
    texts: Mapping[str, Any], house: House, client: Logo, book: Measured, cover: str, photograph: Photograph
) -> dict[str, bytes]:
    """Every document by its path in `assets/`; `cover` names the scene on the guidelines."""
    made = {texts["guidelines"]["file"]: _guidelines(texts["guidelines"], house, client, photograph(cover, 560))}
    for paper in texts["contracts"]["papers"]:
        articles = [(article["heading"], article["texts"]) for article in paper["articles"]]
        made[paper["file"]] = contract(
            house, paper["title"], paper["reference"], articles, texts["contracts"]["signatures"], paper["date"]
        )
    for month in texts["reports"]["comments"]:
        made[texts["reports"]["file"].format(number=month)] = _report(texts["reports"], month, house, book)
    made[texts["strategy"]["file"]] = _strategy(texts["strategy"], house)
    sheets = [(sheet["title"], sheet["rows"]) for sheet in texts["calendar"]["sheets"]]
    made[texts["calendar"]["file"]] = calendar(house.author, sheets, house.accent)
    made[texts["site"]["file"]] = _archive(texts["site"], photograph)
    return made


def _guidelines(texts: Mapping[str, Any], house: House, client: Logo, photo: bytes) -> bytes:
    sections = [(section["heading"], section["texts"]) for section in texts["sections"]]
    swatches = [(name, colour) for name, colour in texts["swatches"]]
    specimen = (texts["specimen"][0], texts["specimen"][1])
    return guidelines(
        house, client, texts["title"], texts["subtitle"], sections, swatches, specimen, photo, texts["date"]
    )


def _report(texts: Mapping[str, Any], month: str, house: House, book: Measured) -> bytes:
    name = f"{texts['months'][int(month[5:]) - 1]} {month[:4]}"
    lines = {
        line["metric"]: book.line(line["label"], line["metric"], month, places=line["places"], unit=line["unit"])
        for line in texts["lines"]
    }
    comment = texts["comments"][month]
    lessons = [lesson.format(**lines) for lesson in texts["lessons"]]
    first, before, change = texts["headers"]
    return monthly_report(
        house,
        texts["title"].format(month=name),
        texts["client"],
        list(lines.values()),
        (first, name, before, change),
        (texts["chart"], book.thirteen("revenue", month, texts["short_months"])),
        (("", (comment["story"],)), (texts["headings"][0], lessons), (texts["headings"][1], (comment["next"],))),
        next_month(month, texts["written_on_day"]),
    )


def _strategy(texts: Mapping[str, Any], house: House) -> bytes:
    sections = [(section["heading"], section["texts"]) for section in texts["sections"]]
    return strategy(texts["title"], texts["subtitle"], house.author, house.language, house.accent, sections)


def _archive(texts: Mapping[str, Any], photograph: Photograph) -> bytes:
    parts = [(page["file"], _page(texts, page)) for page in texts["pages"]]
    parts.append(("style.css", texts["style"].encode()))
    parts += [(file, photograph(scene, 720)) for file, scene in texts["images"].items()]
    home, copied = texts["home"], texts["copied_on"]
    parts.append(("robots.txt", f"User-agent: *\nDisallow: {texts['private']}\nSitemap: {home}sitemap.xml\n".encode()))
    places = ["" if page["file"] == "index.html" else page["file"] for page in texts["pages"]]
    urls = "".join(f"  <url><loc>{home}{place}</loc><lastmod>{copied}</lastmod></url>\n" for place in places)
    schema = "http://www.sitemaps.org/schemas/sitemap/0.9"
    sitemap = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{schema}">\n{urls}</urlset>\n'
    parts.append(("sitemap.xml", sitemap.encode()))
    year, month, day = (int(part) for part in copied.split("-"))
    return package(parts, (year, month, day, 18, 30, 0))


def _page(texts: Mapping[str, Any], page: Mapping[str, str]) -> bytes:
    menu = "".join(f'<a href="{other["file"]}">{escape(other["menu"])}</a>' for other in texts["pages"])
    notice = f"<p><small>{escape(texts['notice'], quote=False)}</small></p>\n" if texts["notice"] else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{texts["language"]}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(page['title'])} – {escape(texts['name'])}</title>\n"
        '<link rel="stylesheet" href="style.css">\n</head>\n<body>\n'
        f"<nav>{menu}</nav>\n<h1>{escape(page['title'], quote=False)}</h1>\n{page['body']}\n{notice}</body>\n</html>\n"
    ).encode()
