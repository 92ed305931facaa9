"""A photographed signature becomes ink on nothing, or is refused with what to do."""

import io

import pytest
from PIL import Image, ImageDraw

from handover.formats.media.ink import ink_on_nothing, preview
from handover.model.errors import UsageError
from photographs import photograph


@pytest.mark.parametrize(
    "photo",
    [
        pytest.param({}, id="grey paper, a shadow, noise"),
        pytest.param({"paper": (238, 236, 230), "shade": 0}, id="white paper, even light"),
        pytest.param({"paper": (120, 118, 114), "ink": (20, 20, 30), "shade": 20}, id="dark paper"),
        pytest.param({"noise": 18}, id="a bad camera"),
        pytest.param({"width": 3}, id="a thin pen"),
        pytest.param({"width": 14}, id="a thick pen"),
        pytest.param({"box": (0.1, 0.2, 0.9, 0.8)}, id="large in the picture"),
        pytest.param({"size": (1400, 1050), "width": 6}, id="more pixels than are needed"),
    ],
)
def test_the_ink_is_left_and_the_paper_gone(photo: dict[str, object]) -> None:
    made = Image.open(io.BytesIO(ink_on_nothing(photograph(**photo))))  # type: ignore[arg-type]

    assert (made.format, made.mode) == ("PNG", "RGBA")
    alpha = made.getchannel("A").histogram()
    assert alpha[0] > 0.6 * sum(alpha)  # the paper is gone …
    assert sum(alpha[200:]) > 0.008 * sum(alpha)  # … and the ink is there, opaque
    assert made.width > 2 * made.height * 0.9  # cropped to the signature, which is wide
    assert made.info == {}
    red, _, blue = made.convert("RGB").getpixel((0, 0))  # type: ignore[misc]
    assert max(red, blue) < 130  # one ink everywhere, so that no grey fringe is left


def test_the_ink_keeps_its_colour() -> None:
    made = Image.open(io.BytesIO(ink_on_nothing(photograph())))
    red, _, blue = made.convert("RGB").getpixel((0, 0))  # type: ignore[misc]
    assert blue > red + 20


@pytest.mark.parametrize(
    ("photo", "reason"),
    [
        pytest.param({"ink": (178, 176, 170)}, "no ink", id="nothing is written"),
        pytest.param({"ink": (160, 158, 152)}, "no ink", id="a faint pencil"),
        pytest.param({"table": True}, "something else than paper", id="a table beside the paper"),
        pytest.param({"shade": 150}, "something else than paper", id="a deep shadow"),
        pytest.param({"box": (0.0, 0.4, 0.5, 0.6)}, "no ink", id="the signature is cut off at the edge"),
        pytest.param({"box": (0.45, 0.48, 0.5, 0.52)}, "too small", id="too far away"),
        pytest.param({"width": 120, "box": (0.15, 0.2, 0.85, 0.8)}, "", id="a blot"),
    ],
)
def test_what_cant_be_read_is_refused_with_what_to_do(photo: dict[str, object], reason: str) -> None:
    with pytest.raises(UsageError) as refused:
        ink_on_nothing(photograph(**photo))  # type: ignore[arg-type]
    assert reason in str(refused.value)
    assert refused.value.hint


def test_a_picture_with_transparency_is_only_cropped() -> None:
    drawn = Image.new("RGBA", (600, 400), (0, 0, 0, 0))
    ImageDraw.Draw(drawn).line([(200, 200), (400, 260)], fill=(10, 20, 30, 255), width=6)
    buffer = io.BytesIO()
    drawn.save(buffer, "PNG")

    made = Image.open(io.BytesIO(ink_on_nothing(buffer.getvalue())))

    assert 200 < made.width < 220
    assert made.getpixel((made.width // 2, made.height // 2)) == (10, 20, 30, 255)


def test_the_preview_is_the_ink_on_white() -> None:
    shown = Image.open(io.BytesIO(preview(ink_on_nothing(photograph()))))
    assert shown.mode == "RGB"
    assert shown.getpixel((0, 0)) == (255, 255, 255)
