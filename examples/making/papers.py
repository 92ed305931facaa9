"""The PDF documents of the two projects: contracts, monthly reports, brand guidelines.

Role: layout. The words come from `trehorel` and `wrenfield`; the figures of the reports from `series`, so that
they agree with `data/metrics.csv`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from making.outline import Shape, pdf_operators
from making.pdf import A4, Face, Page, Point, paragraph, write

LEFT, RIGHT, TOP, FOOT = 71.0, A4[0] - 71.0, 71.0, A4[1] - 71.0
WIDE = RIGHT - LEFT


@dataclass(frozen=True, slots=True)
class Logo:
    """A drawing, its size and its colours."""

    shapes: Sequence[Shape]
    size: Point
    colours: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class House:
    """Whose paper it is: faces by file name, accent colour, logo, language and the words of the layout."""

    regular: str
    bold: str
    accent: str
    logo: Logo
    author: str
    language: str
    page_of: str
    """`Page {page} of {pages}`."""
    thousands: str
    """What separates groups of three digits."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of a monthly report: the month's value, the value a year before, the change as a figure and in words."""

    label: str
    value: str
    before: str
    change: str
    words: str


def draw_logo(page: Page, logo: Logo, at: Point, width: float, only: str = "") -> None:
    """Place a logo; `only` paints all of it in one colour."""
    scale = width / logo.size[0]
    for shape in logo.shapes:
        page.shape(pdf_operators(shape), only or logo.colours[shape.colour], at, scale)


def contract(
    house: House,
    title: str,
    reference: str,
    articles: Sequence[tuple[str, Sequence[str]]],
    signed: Sequence[str],
    date: str,
) -> bytes:
    """A contract: numbered articles that flow over pages, and two blocks for signatures that stay together."""
    regular, bold = Face(house.regular), Face(house.bold)
    pages = [Page(A4)]
    draw_logo(pages[0], house.logo, (LEFT, 50), 150)
    y = paragraph(pages[0], (LEFT, 140), title, bold, 19, WIDE, colour=house.accent)
    pages[0].text((LEFT, y + 2), reference, regular, 10.5, "#555555")
    y += 34
    for heading, texts in articles:
        if y > FOOT - 90:
            pages.append(Page(A4))
            y = TOP
        pages[-1].text((LEFT, y), heading, bold, 11.5, house.accent)
        y += 17
        for text in texts:
            if y + _lines(text, regular, 10.5) * 14.5 > FOOT - 20:
                pages.append(Page(A4))
                y = TOP
            y = paragraph(pages[-1], (LEFT, y), text, regular, 10.5, WIDE) + 6
        y += 8
    if y > FOOT - 150:
        pages.append(Page(A4))
        y = TOP
    for column, block in enumerate(signed):
        x = LEFT + column * (WIDE / 2 + 10)
        for row, line in enumerate(block.split("\n")):
            pages[-1].text((x, y + 16 + row * 14), line, bold if row == 0 else regular, 10)
        pages[-1].line([(x, y + 116), (x + WIDE / 2 - 24, y + 116)], "#999999")
    _footers(pages, house, regular, reference)
    return write(pages, title=f"{title} – {reference}", author=house.author, language=house.language, date=date)


def monthly_report(
    house: House, title: str, client: str, measures: Sequence[Measure], headers: Sequence[str],
    chart: tuple[str, Sequence[tuple[str, Decimal]]], comments: Sequence[tuple[str, Sequence[str]]], date: str,
) -> bytes:  # fmt: skip
    """Two pages: headline figures with a chart of thirteen months, then the table and what it means."""
    regular, bold = Face(house.regular), Face(house.bold)
    first, second = Page(A4), Page(A4)
    first.box((0, 0), A4[0], 116, house.accent)
    draw_logo(first, house.logo, (LEFT, 26), 124, only="#FFFFFF")
    first.text_right((RIGHT, 62), title, bold, 18, "#FFFFFF")
    first.text_right((RIGHT, 82), client, regular, 11, "#FFFFFF")
    for index, measure in enumerate(measures[:4]):
        x, y = LEFT + (index % 2) * (WIDE / 2 + 6), 150.0 + (index // 2) * 104
        first.box((x, y), WIDE / 2 - 6, 90, "#F2F4F4")
        first.box((x, y), 4, 90, house.accent)
        first.text((x + 18, y + 24), measure.label, regular, 10.5, "#444444")
        first.text((x + 18, y + 54), measure.value, bold, 24, "#1C1C1C")
        first.text((x + 18, y + 76), measure.words, regular, 9.5, "#444444")
    first.text((LEFT, 392), chart[0], bold, 12, house.accent)
    _bars(first, (LEFT, 408), WIDE, 220, chart[1], house, regular)
    y = 672.0
    for text in comments[0][1]:
        y = paragraph(first, (LEFT, y), text, regular, 10.5, WIDE) + 6
    y = _table(second, measures, headers, regular, bold, house.accent)
    for heading, texts in comments[1:]:
        second.text((LEFT, y), heading, bold, 12, house.accent)
        y += 19
        for text in texts:
            y = paragraph(second, (LEFT, y), text, regular, 10.5, WIDE) + 6
        y += 12
    _footers([first, second], house, regular, f"{client} – {title}")
    return write([first, second], title=f"{title} – {client}", author=house.author, language=house.language, date=date)


def guidelines(
    house: House, client: Logo, title: str, subtitle: str, sections: Sequence[tuple[str, Sequence[str]]],
    swatches: Sequence[tuple[str, str]], specimen: tuple[str, str], photo: bytes, date: str,
) -> bytes:  # fmt: skip
    """Brand guidelines: a cover, the logo on light and dark, colours and type, pictures."""
    regular, bold = Face(house.regular), Face(house.bold)
    pages = [Page(A4) for _ in range(4)]
    cover = pages[0]
    cover.picture(photo, (0, 0), A4[0], A4[0] * 2 / 3)
    draw_logo(cover, client, (LEFT, 470), 330)
    cover.text((LEFT, 640), title, bold, 22, "#222222")
    cover.text((LEFT, 664), subtitle, regular, 11.5, "#555555")
    for page, (heading, texts) in zip(pages[1:], sections, strict=True):
        page.text((LEFT, 100), heading, bold, 20, house.accent)
        y = 134.0
        for text in texts:
            y = paragraph(page, (LEFT, y), text, regular, 11, WIDE) + 7
    logos, colours, pictures = pages[1:]
    logos.box((LEFT, 300), WIDE, 190, "#F4F2EC")
    draw_logo(logos, client, (LEFT + 70, 335), 320)
    logos.box((LEFT, 506), WIDE, 190, "#2A2A2A")
    draw_logo(logos, client, (LEFT + 70, 541), 320, only="#FFFFFF")
    for index, (name, colour) in enumerate(swatches):
        x = LEFT + index * (WIDE / len(swatches))
        colours.box((x, 270), WIDE / len(swatches) - 10, 110, colour)
        colours.text((x, 398), name, bold, 10.5)
        colours.text((x, 413), colour, regular, 9.5, "#555555")
    face = Face(specimen[0])
    for row, size in enumerate((34, 20, 13)):
        colours.text((LEFT, 500 + row * 46), specimen[1], face, size)
    pictures.picture(photo, (LEFT, 330), WIDE, WIDE * 2 / 3)
    _footers(pages[1:], house, regular, title, first=2)
    return write(pages, title=title, author=house.author, language=house.language, date=date)


def _lines(text: str, face: Face, size: float) -> int:
    return int(face.width(text, size) // WIDE) + 1


def _footers(pages: Sequence[Page], house: House, face: Face, text: str, first: int = 1) -> None:
    last = len(pages) + first - 1
    for number, page in enumerate(pages, first):
        page.line([(LEFT, FOOT + 14), (RIGHT, FOOT + 14)], "#BBBBBB", 0.4)
        page.text((LEFT, FOOT + 28), text, face, 8.5, "#666666")
        page.text_right((RIGHT, FOOT + 28), house.page_of.format(page=number, pages=last), face, 8.5, "#666666")


def _bars(
    page: Page, at: Point, width: float, height: float, values: Sequence[tuple[str, Decimal]], house: House, face: Face
) -> None:
    """Bars from zero, each labelled with its month; the first and the last, a year apart, carry their value."""
    x, y = at
    highest = max(value for _, value in values)
    step = width / len(values)
    for index, (label, value) in enumerate(values):
        tall = float(value / highest) * (height - 40)
        left = x + index * step
        strong = index in {0, len(values) - 1}
        page.box((left + step * 0.14, y + height - 20 - tall), step * 0.72, tall, house.accent if strong else "#C9CFD1")
        page.text((left + step / 2 - face.width(label, 8) / 2, y + height - 7), label, face, 8, "#555555")
        if strong:
            text = f"{value:,.0f}".replace(",", house.thousands)
            page.text((left + step / 2 - face.width(text, 8.5) / 2, y + height - 25 - tall), text, face, 8.5, "#222222")
    page.line([(x, y + height - 20), (x + width, y + height - 20)], "#888888", 0.6)


def _table(
    page: Page, measures: Sequence[Measure], headers: Sequence[str], regular: Face, bold: Face, accent: str
) -> float:
    stops = (LEFT, LEFT + WIDE * 0.60, LEFT + WIDE * 0.78, RIGHT)
    y = 96.0
    page.text((stops[0], y), headers[0], bold, 9.5, accent)
    for stop, header in zip(stops[1:], headers[1:], strict=True):
        page.text_right((stop, y), header, bold, 9.5, accent)
    page.line([(LEFT, y + 7), (RIGHT, y + 7)], accent, 0.9)
    for measure in measures:
        y += 23
        page.text((stops[0], y), measure.label, regular, 10.5)
        for stop, text in zip(stops[1:], (measure.value, measure.before, measure.change), strict=True):
            page.text_right((stop, y), text, regular, 10.5)
        page.line([(LEFT, y + 8), (RIGHT, y + 8)], "#D8D8D8", 0.4)
    return y + 52
