"""Covers drawn from type: a pattern that the fandom's name seeds, below it the title and the names on paper.

All stories of one fandom share a pattern and a palette, so that a shelf of them looks like a series. Only letters that
the fonts have are drawn; a title in any other script leaves the pattern alone on the cover, never boxes.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

WIDTH, HEIGHT = 1600, 2400
_TILE = 200
_MARGIN = 140
_ROOM = WIDTH - 2 * _MARGIN
_SPACE = 0.27  # of the size: the widest space of the faces in use
_PATTERN_ROWS = 7
_FINE = 3  # tiles are drawn this much larger and scaled down: Pillow's shapes have no smooth edges

_PAPER, _INK, _OXBLOOD = "#fbf8f2", "#211c19", "#7b1e2b"
_PALETTES = (
    ("#7b1e2b", "#5a1420", "#e4c9b0", "#c2703d"),
    ("#22403a", "#16302b", "#d9d2b4", "#b8863b"),
    ("#23314f", "#18233b", "#d8d5cc", "#b5483f"),
    ("#4a2545", "#361a33", "#e2cfc6", "#c98a4b"),
    ("#8a5a12", "#6b440b", "#f0dfbd", "#7b1e2b"),
    ("#2e3a3f", "#20292d", "#d9cdb8", "#a63f3f"),
    ("#5c2f1c", "#442213", "#ead8bf", "#3f6b66"),
    ("#3c4a2c", "#2b361f", "#e3dcc0", "#9b3b2a"),
)
"""Each: ground, a darker ground, light shape, bright shape. Relatives of the archive's oxblood, paper and ink."""

FONT_FOLDER = Path(__file__).resolve().parents[1] / "web" / "static" / "built" / "fonts"
"""Where `make setup` puts the text face; without it the face that Pillow carries serves."""

_SUBSETS = ("latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext", "greek", "greek-ext")
_NO_CHARACTER = "\uffff"
_OPTICAL_SIZE = b"Optical size"


def draw_cover(title: str, authors: Sequence[str], fandom: str) -> bytes:
    """A JPEG of 1600 x 2400: the same bytes for the same words, fonts and version of Pillow. About 25 ms."""
    plan = _plan(fandom.strip().casefold() or title)
    title, byline = (" ".join(unicodedata.normalize("NFC", text).split()) for text in (title, ", ".join(authors)))
    with_type = bool(title) and _face("title").has(title)
    cover = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    _draw_pattern(cover, plan, _PATTERN_ROWS if with_type else HEIGHT // _TILE)
    if with_type:
        _draw_words(cover, title, byline if _face("names").has(byline) else "", plan)
    out = io.BytesIO()
    cover.save(out, "JPEG", quality=82, optimize=False)
    return out.getvalue()


# -- The pattern ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a seed decides: the palette, two motifs, and the small sums that turn and colour each tile."""

    palette: tuple[str, str, str, str]
    motifs: tuple[str, str]
    turn: tuple[int, int, int]
    mix: tuple[int, int]
    tint: tuple[int, int]


def _plan(seed: str) -> _Plan:
    dice = hashlib.sha256(seed.encode("utf-8", "replace")).digest()
    names = sorted(_MOTIFS)
    first = dice[1] % len(names)
    second = (first + 1 + dice[2] % (len(names) - 1)) % len(names)
    return _Plan(
        palette=_PALETTES[dice[0] % len(_PALETTES)],
        motifs=(names[first], names[second]),
        turn=(dice[3] % 3 + 1, dice[4] % 4, dice[5] % 2),
        mix=(dice[6] % 3 + 1, dice[7] % 2 + 1),
        tint=(dice[8] % 2 + 1, dice[9] % 3 + 1),
    )


def _draw_pattern(cover: Image.Image, plan: _Plan, rows: int) -> None:
    """The left half tile by tile, then its mirror image: a pattern that was meant, not noise."""
    half = Image.new("RGB", (WIDTH // 2, rows * _TILE))
    tiles: dict[tuple[str, int, int], Image.Image] = {}
    for row in range(rows):
        for column in range(WIDTH // _TILE // 2):
            quarter = (plan.turn[0] * column + plan.turn[1] * row + plan.turn[2] * column * row) % 4
            motif = plan.motifs[0 if (plan.mix[0] * column + plan.mix[1] * row) % 3 else 1]
            tint = (plan.tint[0] * column + plan.tint[1] * row) % 5
            key = (motif, quarter, tint)
            if key not in tiles:
                tiles[key] = _tile(_mask(motif, quarter), _tinted(plan.palette, tint))
            half.paste(tiles[key], (column * _TILE, row * _TILE))
    cover.paste(half, (0, 0))
    cover.paste(half.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (WIDTH // 2, 0))


def _tinted(palette: tuple[str, str, str, str], tint: int) -> tuple[str, str]:
    """Ground and shape of one tile; mostly quiet, now and then bright."""
    ground, dark, light, bright = palette
    return ((ground, dark), (dark, light), (ground, light), (dark, ground), (dark, bright))[tint]


def _tile(mask: Image.Image, colours: tuple[str, str]) -> Image.Image:
    tile = Image.new("RGB", (_TILE, _TILE), colours[0])
    tile.paste(colours[1], (0, 0, _TILE, _TILE), mask)
    return tile


@lru_cache(maxsize=64)
def _mask(motif: str, quarter: int) -> Image.Image:
    size = _TILE * _FINE
    shape = Image.new("L", (size, size), 0)
    _MOTIFS[motif](ImageDraw.Draw(shape), size)
    if quarter:
        turns = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
        shape = shape.transpose(turns[quarter - 1])
    return shape.reduce(_FINE)


def _quarter_disc(draw: ImageDraw.ImageDraw, size: int) -> None:
    draw.ellipse((-size, -size, size, size), fill=255)


def _half_disc(draw: ImageDraw.ImageDraw, size: int) -> None:
    draw.ellipse((0, -size // 2, size, size // 2), fill=255)


def _leaf(draw: ImageDraw.ImageDraw, size: int) -> None:
    # Two quarter discs cover the tile between them; what both cover is the leaf, and the rest is rubbed out.
    draw.rectangle((0, 0, size, size), fill=255)
    outside = [(0, 0), (size, 0), (size, size)], [(0, 0), (0, size), (size, size)]
    for corners, centre in zip(outside, ((0, size), (size, 0)), strict=True):
        draw.polygon(corners, fill=0)
        box = (centre[0] - size, centre[1] - size, centre[0] + size, centre[1] + size)
        start = 270 if centre[0] == 0 else 90
        draw.chord(box, start, start + 90, fill=255)


def _rainbow(draw: ImageDraw.ImageDraw, size: int) -> None:
    for step, fill in ((1.0, 255), (0.8, 0), (0.6, 255), (0.4, 0), (0.2, 255)):
        reach = int(size * step)
        draw.ellipse((-reach, -reach, reach, reach), fill=fill)


def _triangle(draw: ImageDraw.ImageDraw, size: int) -> None:
    draw.polygon(((0, 0), (size, 0), (0, size)), fill=255)


def _moon(draw: ImageDraw.ImageDraw, size: int) -> None:
    inset = size // 8
    draw.ellipse((inset, inset, size - inset, size - inset), fill=255)
    draw.ellipse((inset + size // 4, inset, size - inset + size // 4, size - inset), fill=0)


def _stairs(draw: ImageDraw.ImageDraw, size: int) -> None:
    step = size // 4
    for number in range(4):
        draw.rectangle((0, number * step, size - number * step - 1, (number + 1) * step - 1), fill=255)


def _rails(draw: ImageDraw.ImageDraw, size: int) -> None:
    step = size // 8
    for number in range(1, 8, 2):
        draw.rectangle((number * step - step // 2, 0, number * step + step // 2 - 1, size), fill=255)


_MOTIFS: dict[str, Callable[[ImageDraw.ImageDraw, int], None]] = {
    "half disc": _half_disc,
    "leaf": _leaf,
    "moon": _moon,
    "quarter disc": _quarter_disc,
    "rails": _rails,
    "rainbow": _rainbow,
    "stairs": _stairs,
    "triangle": _triangle,
}


# -- The words --------------------------------------------------------------------------------------------------------


class _Face:
    """One style of the text face, in as many files as its scripts have."""

    def __init__(self, paths: tuple[Path, ...], weight: int) -> None:
        self._paths = paths
        self._weight = weight
        self._owners: dict[str, int | None] = {}

    def has(self, text: str) -> bool:
        """Whether every letter can be drawn."""
        return all(self._owner(letter) is not None for letter in text)

    def runs(self, text: str, size: int) -> Iterator[tuple[str, ImageFont.FreeTypeFont]]:
        """The text in pieces, each with the font that has its letters."""
        start = 0
        for end in range(1, len(text) + 1):
            if end == len(text) or self._owner(text[end]) != self._owner(text[start]):
                yield text[start:end], self.font(self._owner(text[start]) or 0, size)
                start = end

    def width(self, text: str, size: int) -> float:
        """The length of the text in pixels."""
        return sum(font.getlength(run) for run, font in self.runs(text, size))

    @lru_cache(maxsize=64)  # noqa: B019  faces live as long as the process
    def font(self, index: int, size: int) -> ImageFont.FreeTypeFont:
        """One file of the face at a size."""
        if not self._paths:
            built_in = ImageFont.load_default(size)
            assert isinstance(built_in, ImageFont.FreeTypeFont)
            return built_in
        font = ImageFont.truetype(str(self._paths[index]), size)
        names = [axis["name"] for axis in font.get_variation_axes()]
        # Letters drawn for small sizes are sturdy already: they take a lighter weight.
        weight = self._weight if _OPTICAL_SIZE in names else self._weight - 70
        font.set_variation_by_axes([min(72, size // 2) if name == _OPTICAL_SIZE else weight for name in names])
        return font

    def _owner(self, letter: str) -> int | None:
        if letter not in self._owners:
            files = range(max(1, len(self._paths)))
            self._owners[letter] = next((index for index in files if self._draws(index, letter)), None)
        return self._owners[letter]

    def _draws(self, index: int, letter: str) -> bool:
        if letter == " ":
            return True
        font = self.font(index, 40)
        mask, nothing = font.getmask(letter), font.getmask(_NO_CHARACTER)
        return mask.getbbox() is not None and (mask.size, bytes(mask)) != (nothing.size, bytes(nothing))


@lru_cache(maxsize=4)
def _face(role: str) -> _Face:
    style, weight = {"title": ("normal", 560), "names": ("italic", 420)}[role]
    found = []
    for subset in _SUBSETS:
        # The face with the optical size axis has the finer display letters.
        for axis in ("opsz", "wght"):
            paths = sorted(FONT_FOLDER.rglob(f"literata-{subset}-{axis}-{style}*.woff2"))
            if paths:
                found.append(paths[0])
                break
    return _Face(tuple(found), weight)


def _draw_words(cover: Image.Image, title: str, byline: str, plan: _Plan) -> None:
    draw = ImageDraw.Draw(cover)
    top = _PATTERN_ROWS * _TILE
    draw.rectangle((0, top, WIDTH, top + 18), fill=plan.palette[0])
    names, names_size = _set_names(byline)
    names_height = int(len(names) * names_size * 1.3)
    room = HEIGHT - top - 150 - names_height - 190
    lines, size = _set_title(title, room)
    y = top + 130
    for line in lines:
        _draw_line(draw, "title", line, size=size, y=y, colour=_INK)
        y += int(size * 1.12)
    draw.rectangle((_MARGIN, y + 46, _MARGIN + 120, y + 52), fill=plan.palette[0])
    y = HEIGHT - 130 - names_height
    for line in names:
        _draw_line(draw, "names", line, size=names_size, y=y, colour=_OXBLOOD)
        y += int(names_size * 1.3)


def _set_title(title: str, room: int) -> tuple[list[str], int]:
    for size in range(196, 76, -12):
        words = _measured("title", title, size)
        lines = _wrapped(words, size, _ROOM)
        if lines and len(lines) * size * 1.12 <= room:
            return _balanced(words, size, lines), size
    return _cut(title, 76, int(room // (76 * 1.12)), "title"), 76


def _set_names(byline: str) -> tuple[list[str], int]:
    for size in range(76, 44, -4):
        lines = _wrapped(_measured("names", byline, size), size, _ROOM)
        if not byline or (lines and len(lines) <= 2):  # noqa: PLR2004  a third line of names would crowd the title
            return lines, size
    return _cut(byline, 48, 2, "names"), 48


def _measured(role: str, text: str, size: int) -> list[tuple[str, float]]:
    return [(word, _face(role).width(word, size)) for word in text.split()]


def _wrapped(words: list[tuple[str, float]], size: int, room: float) -> list[str]:
    """The words in lines no wider than `room`; no lines at all if one word alone is too long."""
    lines: list[list[str]] = []
    end = room + 1
    for word, width in words:
        if width > room:
            return []
        if end + size * _SPACE + width <= room:
            lines[-1].append(word)
            end += size * _SPACE + width
        else:
            lines.append([word])
            end = width
    return [" ".join(line) for line in lines]


def _balanced(words: list[tuple[str, float]], size: int, lines: list[str]) -> list[str]:
    """The same number of lines, as even as they can be: no last line of one small word."""
    for room in range(_ROOM // 2, _ROOM, 40):
        narrower = _wrapped(words, size, room)
        if narrower and len(narrower) == len(lines):
            return narrower
    return lines


def _cut(text: str, size: int, most: int, role: str) -> list[str]:
    """The beginning of a text that fits nowhere, broken wherever a line is full."""
    face, lines = _face(role), [""]
    for letter in text[:400]:
        if face.width(lines[-1] + letter + "…", size) > _ROOM:
            if len(lines) == most:
                lines[-1] += "…"
                break
            lines.append("")
        lines[-1] += letter
    return [line.strip() for line in lines]


def _draw_line(draw: ImageDraw.ImageDraw, role: str, text: str, *, size: int, y: float, colour: str) -> None:
    x: float = _MARGIN
    for run, font in _face(role).runs(text, size):
        draw.text((x, y + size), run, fill=colour, font=font, anchor="ls")
        x += font.getlength(run)
