"""Covers: a shelf of one fandom is a series, and no letter is ever a box."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from undying.formats import cover
from undying.formats.cover import HEIGHT, WIDTH, draw_cover

PAPER = (251, 248, 242)


def opened(*words: object) -> Image.Image:
    return Image.open(io.BytesIO(draw_cover(*words)))


def is_paper(image: Image.Image, at: tuple[int, int]) -> bool:
    pixel = image.getpixel(at)
    assert isinstance(pixel, tuple)
    return max(abs(one - other) for one, other in zip(pixel, PAPER, strict=True)) < 6


def has_ink(image: Image.Image, top: int, bottom: int) -> bool:
    darkest, _ = image.crop((0, top, WIDTH, bottom)).convert("L").getextrema()
    return darkest < 80


def test_a_cover_is_a_jpeg_of_the_size_that_shops_ask_for():
    image = opened("Shorthand", ("Mina M.",), "Dracula")
    assert (image.format, image.size, image.mode) == ("JPEG", (WIDTH, HEIGHT), "RGB")
    assert (WIDTH, HEIGHT) == (1600, 2400)


def test_the_same_words_give_the_same_bytes():
    assert draw_cover("Shorthand", ("Mina M.",), "Dracula") == draw_cover("Shorthand", ("Mina M.",), "Dracula")


def test_two_stories_of_one_fandom_share_the_pattern_and_another_fandom_has_its_own():
    first, second = opened("Shorthand", (), "Dracula"), opened("Trains, Late", ("Jack",), " dracula ")
    other = opened("Shorthand", (), "Carmilla")
    top = (0, 0, WIDTH, 1300)
    assert first.crop(top).tobytes() == second.crop(top).tobytes() != other.crop(top).tobytes()


def test_title_and_name_stand_on_paper_below_the_pattern():
    image = opened("Shorthand", ("Mina M.",), "Dracula")
    assert is_paper(image, (20, 2300))
    assert has_ink(image, 1450, 1800)
    assert has_ink(image, 2150, 2300)
    assert not has_ink(opened("Shorthand", (), "Dracula"), 2150, 2300)


@pytest.mark.parametrize("title", ["銀河鉄道のあと", "المسافر", "המסע", "🦇", "a\u0300\ufdd0", "Holmes 銀"])
def test_a_title_that_the_fonts_cannot_draw_leaves_the_pattern_alone(title: str):
    image = opened(title, ("Mina M.",), "Dracula")
    assert not is_paper(image, (20, 2300))
    assert not is_paper(image, (1580, 1700))


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("word " * 300, ("name " * 100,)),
        ("Donaudampfschifffahrtsgesellschaftskapitän" * 9, ("x" * 300,)),
        ("", ()),
        (" \n ", (" ",)),
        ("\x00\ud800", ("\x00",)),
        ("I", tuple("abcdefghij")),
    ],
)
def test_words_of_any_length_stay_on_the_paper(title: str, names: tuple[str, ...]):
    image = opened(title, names, "Dracula")
    if title.strip("\x00\ud800 \n"):
        assert all(is_paper(image, (x, y)) for x in (30, 1570) for y in range(1450, 2380, 10))
        assert all(is_paper(image, (x, 2385)) for x in range(0, WIDTH, 10))


def test_without_built_fonts_the_title_is_still_set(tmp_path, monkeypatch):
    monkeypatch.setattr(cover, "FONT_FOLDER", tmp_path)
    cover._face.cache_clear()
    try:
        image = opened("Shorthand", ("Mina M.",), "Dracula")
        assert has_ink(image, 1450, 1800)
        assert not is_paper(opened("銀河", (), "Dracula"), (20, 2300))
    finally:
        cover._face.cache_clear()
