"""A logo: pictures as they are, SVG drawn when nothing in it leads outside, a colour where it shows one."""

import io
import sys

import pytest
from PIL import Image, ImageDraw

from handover.formats.media.logo import accent_of, as_picture
from handover.model.errors import UsageError

XLINK = "http://www.w3.org/1999/xlink"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10">{}</svg>'


def drawn(*shapes: tuple[tuple[int, int, int, int], tuple[int, int, int]], ground: str | None = None) -> bytes:
    image = Image.new("RGBA", (200, 100), ground or (0, 0, 0, 0))
    for box, colour in shapes:
        ImageDraw.Draw(image).rectangle(box, fill=(*colour, 255))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("logo", "colour"),
    [
        pytest.param(drawn(((0, 0, 80, 80), (230, 120, 30)), ((90, 0, 199, 99), (40, 40, 40))), "#E6781E",
            id="one colour beside black"),
        pytest.param(drawn(((50, 20, 80, 80), (20, 80, 160)), ground="white"), "#1450A0", id="on white"),
        pytest.param(drawn(((0, 0, 150, 99), (0, 120, 60)), ((160, 0, 170, 50), (220, 0, 0))), "#00783C",
            id="the larger of two"),
        pytest.param(drawn(((0, 0, 199, 99), (60, 60, 62))), None, id="grey alone"),
        pytest.param(drawn(), None, id="nothing to be seen"),
    ],
)  # fmt: skip
def test_the_colour_is_what_the_logo_shows_most_of_greys_aside(logo: bytes, colour: str | None) -> None:
    assert accent_of(logo) == colour


def test_pictures_stay_as_they_are() -> None:
    assert as_picture(drawn(), "logo.png") == drawn()


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param('<image href="file:///etc/passwd"/>', id="a file"),
        pytest.param(f'<image xmlns:xlink="{XLINK}" xlink:href="../other/logo.png"/>', id="a neighbour"),
        pytest.param('<image href="https://evil.example/x.png"/>', id="an address"),
        pytest.param('<image href="data:image/svg+xml;base64,PHN2Zz4="/>', id="another SVG inside"),
        pytest.param('<use href="other.svg#a"/>', id="a part of another file"),
        pytest.param("<style>@import url(x.css);</style>", id="a style sheet"),
        pytest.param('<rect fill="url(http://evil.example/#a)"/>', id="a paint from elsewhere"),
        pytest.param("<rect style=\"fill: URL( 'x.svg#a')\"/>", id="a paint in quotes"),
        pytest.param("<script>alert(1)</script>", id="a script"),
        pytest.param("<foreignObject><p>x</p></foreignObject>", id="a page inside"),
        pytest.param("<g>", id="XML that isn't closed"),
    ],
)
def test_an_svg_that_leads_outside_is_refused(inside: str) -> None:
    with pytest.raises(UsageError, match="can't be used") as refused:
        as_picture(SVG.format(inside).encode(), "logo.svg")
    assert "export it again" in refused.value.hint


@pytest.mark.usefixtures("anew")
def test_an_svg_that_needs_too_much_memory_is_told_so() -> None:
    with pytest.raises(UsageError, match="too much memory"):
        as_picture(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 100000"/>', "logo.svg")


@pytest.mark.parametrize("head", ['<!DOCTYPE svg [<!ENTITY a "b">]>', '<?xml-stylesheet href="x.css"?>'])
def test_an_svg_with_entities_or_a_style_sheet_is_refused(head: str) -> None:
    with pytest.raises(UsageError, match="can't be used"):
        as_picture(f"{head}{SVG.format('')}".encode(), "logo.svg")


def test_without_the_converter_an_svg_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(UsageError, match="resvg-py") as refused:
        as_picture(SVG.format("").encode(), "logo.svg")
    assert "handover-kit[svg]" in refused.value.hint
    assert "PNG" in refused.value.hint


def test_an_svg_is_drawn_with_what_is_inside_it() -> None:
    pytest.importorskip("resvg_py")
    paint = '<defs><linearGradient id="a"><stop stop-color="#1450A0"/></linearGradient></defs>'
    inside = f'{paint}<rect width="20" height="10" fill="url(#a)"/>'
    made = as_picture(SVG.format(inside).encode(), "logo.svg")
    assert Image.open(io.BytesIO(made)).size == (1600, 800)
    assert accent_of(made) == "#1450A0"
