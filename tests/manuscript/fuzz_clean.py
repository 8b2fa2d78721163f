"""Throw made-up markup at the cleaner for as long as you like: `python -m tests.manuscript.fuzz_clean --seconds 60`."""

from __future__ import annotations

import argparse
import random
import time

import nh3
from lxml import etree

from tests.manuscript.visible import letters
from undying.manuscript._schema import JUDGE
from undying.manuscript.clean import clean, xhtml

_TAG_NAMES = (
    "p p p br br hr h1 h3 em i strong b u s small sub sup q cite abbr code pre ul ol li dl dt dd blockquote div span a "
    "table thead tbody tr td th caption figure figcaption details summary ruby rb rt rp font center strike tt big img "
    "section form select option input button object video iframe script style svg math text mi title noscript template "
    "textarea xmp o:p marquee nobr listing dir menu col frameset body foreignObject annotation-xml wbr"
)
TAGS = tuple(_TAG_NAMES.split())

# The parser behind `visible_text` throws away what SVG and MathML elements hold; images and folds gain text; where
# `<xmp>` begins inside a broken tag or a script, only a full tokeniser knows. Golden cases cover these.
BEYOND_THE_ORACLE = ("svg", "math", "mi", "text", "annotation-xml", "foreignObject", "img", "details", "xmp")
ATTRIBUTES = (
    'align="center"', "align=right", 'style="font-style:italic"', 'style="text-align:justify;color:red"', "color=red",
    'style="font-weight:normal"', "size=5", "face=Courier", 'class="verse x"', "class=MsoNormal", 'id="a b"', "id=fn1",
    'name="top"', 'href="#fn1"', 'href="http://example.org/?a=1&b=<2>"', "href=javascript:alert(1)", "onclick=x()",
    'src="http://example.org/a.png"', "src=x", 'alt="a picture"', "title='\"&lt;'", "dir=rtl", "lang=fr", "colspan=2",
    "start=3", "open", 'style="display:none"', "bgcolor=red", "xml:lang=de",
    "style='vertical-align:super;font-size:9px'",
)  # fmt: skip
TEXTS = (
    "Mina", " Lucy ", "Dracula &amp; co", "&nbsp;", "\n", "\n\n", "  ", "* * *", "***", "oOo", "a\tb", "<", "&lt;b&gt;",
    "\x00",
    "\x07", "&#1;", "\ud800", "\u202e", "字", "é", "...", "-x-", ">", '"', "&", "<!-- x -->", "<!--", "]]>",
    "<![if !x]>",
    "<?php ?>", "&nbsp; x", "x &nbsp;", "\r\n", "\x0c", "&nbsp;&nbsp;&nbsp;",
)  # fmt: skip


def markup(dice: random.Random, size: int) -> str:
    """A piece of markup: open, close and text at random, most of it nested by luck only."""
    pieces: list[str] = []
    stack: list[str] = []
    for _ in range(size):
        roll = dice.random()
        if roll < 0.4:
            tag = dice.choice(TAGS)
            attributes = " ".join(dice.sample(ATTRIBUTES, dice.choice((0, 0, 0, 1, 1, 2))))
            pieces.append(f"<{tag} {attributes}>" if attributes else f"<{tag}>")
            stack.append(tag)
        elif roll < 0.6 and stack:
            pieces.append(f"</{stack.pop()}>")
        elif roll < 0.64:
            pieces.append(f"</{dice.choice(TAGS)}>")
        else:
            pieces.append(dice.choice(TEXTS))
    return "".join(pieces)


def check(raw: str) -> None:
    """Everything that is promised of any text at all."""
    prose = clean(raw)
    assert clean(prose) == prose, f"not idempotent: {raw!r}\n1 {prose!r}\n2 {clean(prose)!r}"
    assert JUDGE.clean(prose) == prose
    assert nh3.clean(prose, tags=set(), clean_content_tags=set()).count("<") == 0
    etree.fromstring(f"<div>{xhtml(prose)}</div>".encode(), etree.XMLParser(huge_tree=True, resolve_entities=False))


def check_text(raw: str) -> None:
    """All visible text is there. Alternative texts of refused images, and the mark of a nameless fold, come on top."""
    if any(f"<{tag}" in raw for tag in BEYOND_THE_ORACLE):
        return
    before, after = letters(raw), letters(clean(raw))
    if "<table" in raw:  # browsers draw caption, head and foot where they belong, wherever they stand
        before, after = "".join(sorted(before)), "".join(sorted(after))
    assert before == after, f"text changed: {raw!r}\n{before!r}\n{after!r}\n{clean(raw)!r}"


def main() -> None:
    """Run for a time and say how many texts were tried."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.randrange(1 << 30)
    print(f"seed {seed}")
    print(f"{run(seed, options.seconds)} texts, no fault")


def run(seed: int, seconds: float) -> int:
    """Check made-up texts for so many seconds of CPU; returns how many."""
    dice = random.Random(seed)
    until = time.process_time() + seconds
    tried = 0
    while time.process_time() < until:
        raw = markup(dice, dice.choice((3, 6, 12, 40)))
        check(raw)
        check_text(raw)
        tried += 1
    return tried


if __name__ == "__main__":
    main()
