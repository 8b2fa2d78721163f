"""The style sheets keep their promises: colours come from tokens, and every pair of them can be read."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from undying.manuscript._schema import CLASSES
from undying.web.plumbing import _luminance

CSS = Path(__file__).resolve().parents[2] / "undying" / "web" / "static" / "css"
SHEETS = sorted(CSS.glob("*.css"))
TOKENS = (CSS / "tokens.css").read_text()
SET_BY_SCRIPTS = {"--read"}
ON_THEIR_OWN = {"editor.css", "writing.css"}  # brought by pages that need them, into a layer that undying.css has named
SHIFTED = {"--text-size"}  # the reader's own choice of size, in base.css

AAA, AA = 7.0, 4.5
PAPERS = ("paper", "raised", "sunk")
WORDS = ("ink-quiet", "accent", "good", "care", "stop", *(name for name in re.findall(r"--(ink-\w+):", TOKENS)))


def bare(text: str) -> str:
    """A style sheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def colours(scheme: str) -> dict[str, str]:
    """Token -> "#rrggbb" in one colour scheme."""
    plain = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", TOKENS))
    pairs = re.findall(r"--([\w-]+): light-dark\((.+?), (.+?)\);", TOKENS)
    side = {"light": 1, "dark": 2}[scheme]
    found = {}
    for pair in pairs:
        value = pair[side]
        name = re.fullmatch(r"var\(--([\w-]+)\)", value)
        found[pair[0]] = plain[name[1]] if name else value
    return found


def contrast(one: str, two: str) -> float:
    """The ratio that WCAG 2 asks for."""
    light, dark = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_story_reads_at_aaa(scheme):
    tokens = colours(scheme)

    assert min(contrast(tokens["ink"], tokens[paper]) for paper in PAPERS) >= AAA


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_other_pair_reads_at_aa(scheme):
    tokens = colours(scheme)
    pairs = [*itertools.product(WORDS, PAPERS), ("on-accent", "accent"), ("on-stop", "stop"), ("ink", "mark")]

    assert {
        pair: contrast(*(tokens[name] for name in pair)) for pair in pairs if contrast(*(tokens[n] for n in pair)) < AA
    } == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_fields_and_the_focus_ring_stand_out(scheme):
    tokens = colours(scheme)

    assert min(contrast(tokens[name], tokens[paper]) for name in ("edge", "focus") for paper in PAPERS) >= 3


@pytest.mark.parametrize(
    "sheet", [sheet for sheet in SHEETS if sheet.name != "tokens.css"], ids=lambda sheet: sheet.name
)
def test_colours_come_from_tokens_alone(sheet):
    text = bare(sheet.read_text())

    assert (
        re.findall(
            r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch|light-dark)a?\(",
            text.replace("#main", "").replace("#chapters", "").replace("#feedback", ""),
        )
        == []
    )


def test_every_variable_that_is_used_is_a_token_and_every_token_is_used():
    declared = set(re.findall(r"(--[\w-]+):", bare(TOKENS)))
    everything = "".join(bare(sheet.read_text()) for sheet in SHEETS)
    used = set(re.findall(r"var\((--[\w-]+)", everything))

    assert used - declared - SET_BY_SCRIPTS == set()
    assert declared - used == set()


def test_only_tokens_declare_variables():
    for sheet in SHEETS:
        if sheet.name != "tokens.css":
            assert set(re.findall(r"(--[\w-]+):", bare(sheet.read_text()))) <= SHIFTED, sheet.name


def test_every_class_that_prose_may_carry_is_styled():
    prose = (CSS / "prose.css").read_text()

    assert {name for name in CLASSES if not re.search(rf"\.{name}\b", prose)} == set()


def test_important_is_for_what_no_skin_may_take_away():
    assert [sheet.name for sheet in SHEETS if "!important" in bare(sheet.read_text())] == ["reset.css"]


def test_sides_are_logical_so_that_every_script_has_its_own_start():
    physical = re.compile(
        r"(margin|padding|border)-(left|right|top|bottom)|text-align: (left|right)|(?<![-\w])(left|right|top|bottom): "
    )

    assert {
        sheet.name: physical.findall(bare(sheet.read_text()))
        for sheet in SHEETS
        if physical.search(bare(sheet.read_text()))
    } == {}


def test_every_sheet_has_its_layer():
    imports = re.findall(r'@import url\("([\w.]+)"\) layer\((\w+)\)', (CSS / "undying.css").read_text())
    order = re.search(r"@layer ([\w, ]+);", (CSS / "undying.css").read_text())

    assert order is not None
    assert {name for name, _ in imports} == {sheet.name for sheet in SHEETS} - {"undying.css", *ON_THEIR_OWN}
    for name in ON_THEIR_OWN:
        assert re.match(r"\s*@layer parts \{\n", bare((CSS / name).read_text())), name
    assert {layer for _, layer in imports} <= set(order[1].split(", "))
