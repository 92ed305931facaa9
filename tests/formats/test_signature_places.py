"""Places for pictures of handwriting: blank until the owner signs, of one shape; and the mark on every page."""

import io
import re

import pytest
from hypothesis import given as that
from hypothesis import strategies as st
from PIL import Image

from handover.documents import letter
from handover.formats.package import opc
from handover.formats.package.opc import Package
from handover.formats.word.signature_places import (
    BLANK,
    fitted,
    has_place,
    place_part,
    unmarked,
    visible_text,
    with_picture,
)
from handover.model.errors import SigningError
from sample_letter import given, settings

MARK = {"fr": "À SIGNER", "en": "FOR SIGNATURE"}


def made(language: str = "en", others=None, **changes):
    values = {"others": others} if others else {}
    return letter.render(given("letter", settings(language, full=True, **values), **changes))


def package(docx: bytes) -> Package:
    return opc.read_package(docx, "letter.docx")


def picture(kind: str = "PNG", size=(300, 100), colour="#123456") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, kind)
    return stream.getvalue()


def headers(docx: bytes) -> list[str]:
    parts = package(docx).parts
    return [
        re.sub(r"<[^>]+>", "", data.decode())
        for name, data in sorted(parts.items())
        if re.search(r"/header\w+\.xml$", name)
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_rendered_letter_is_marked_on_every_page_and_has_no_handwriting(language):
    docx = made(language)
    assert headers(docx)
    assert all(MARK[language] in text for text in headers(docx))
    assert package(docx).parts[place_part(1)] == BLANK
    assert "Place of Ada Marsh’s signature" in package(made("en")).parts["/word/document.xml"].decode()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_draft_stays_a_draft(language):
    text = " ".join(headers(made(language, draft=True)))
    assert {"fr": "BROUILLON", "en": "DRAFT"}[language] in text
    assert MARK[language] not in text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_without_the_mark_the_letter_is_as_if_it_had_never_been_there(language, monkeypatch):
    with_mark = unmarked(package(made(language)), place="")
    real = letter.made
    monkeypatch.setattr(letter, "made", lambda given, view, **looks: real(given, view, **{**looks, "mark": None}))
    without = package(made(language))
    assert set(with_mark.parts) == set(without.parts)
    different = {name for name in without.parts if without.parts[name] != with_mark.parts[name]}
    assert different <= {"/word/styles.xml"}  # where the template has no style for the mark, an unused one stays


def test_unmarking_twice_is_unmarking_once():
    once = unmarked(package(made()), place="")
    assert unmarked(once, place="").parts == once.parts


def test_each_of_several_owners_has_a_place_and_a_name():
    docx = made(others={"ben": {"name": "Ben Okafor", "title": "Partner"}})
    parts = package(docx).parts
    assert (parts[place_part(1)], parts[place_part(2)]) == (BLANK, BLANK)
    text = parts["/word/document.xml"].decode()
    assert text.count('r:embed="rIdSignature1"') == text.count('r:embed="rIdSignature2"') == 1
    assert "Place of Ben Okafor’s signature" in text
    assert "ben okafor" in visible_text(docx, place="")
    assert "partner" in visible_text(docx, place="")


def test_a_picture_changes_no_other_part():
    before = package(made(others={"ben": {"name": "Ben Okafor", "title": "Partner"}}))
    after = with_picture(before, 2, picture())
    assert {name for name in before.parts if before.parts[name] != after.parts[name]} == {place_part(2)}


def test_a_place_that_isnt_blank_is_refused():
    docx = package(made())
    assert has_place(docx, 1)
    assert not has_place(docx, 2)
    with pytest.raises(SigningError, match="a picture in place of a signature"):
        has_place(with_picture(docx, 1, picture()), 1)


@that(st.integers(1, 900), st.integers(1, 900), st.sampled_from(["PNG", "JPEG"]))
def test_whatever_its_size_a_picture_has_the_places_shape_and_is_whole(width, height, kind):
    with Image.open(io.BytesIO(fitted(picture(kind, (width, height))))) as image:
        assert image.format == "PNG"
        assert image.width * 3 == image.height * 8
        box = image.convert("RGBA").getchannel("A").getbbox()
    scale = min(1, 1920 / width, 720 / height)
    assert abs((box[2] - box[0]) - width * scale) <= 2
    assert abs((box[3] - box[1]) - height * scale) <= 2
    assert (box[0], box[3]) == (0, image.height)


@pytest.mark.parametrize("content", [b"", b"GIF89a", picture()[:-40], b"%PDF-1.7"])
def test_what_isnt_a_picture_isnt_placed(content):
    with pytest.raises(SigningError, match="isn't a PNG or JPEG"):
        fitted(content)


def test_a_picture_tells_nothing_but_its_pixels():
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera of Ada"
    Image.new("RGB", (300, 100)).save(stream, "JPEG", exif=exif)
    assert b"Camera" not in fitted(stream.getvalue())


def test_the_letters_text_is_read_as_a_person_would():
    text = visible_text(made(), place="")
    for shown in ("acme <bakery> & sons", "30 november 2026", "ada marsh"):
        assert shown in text
